// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers that look inside handles and cookies, with kmod/insider.c: what they find
 * there, and that they know whose mapping is touched.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "common.h"
#include "kmod/devmap_insider.h"
#include "pci.h"

#define SIZE	(INSIDER_PAGES * P)

FIXTURE(insider) {
	struct objects base;
	int fd;
	void *addr;
};

FIXTURE_SETUP(insider)
{
	ASSERT_EQ(0, objects_read(&self->base));
	self->fd = open("/dev/insider@0:mem", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->addr = dev_mmap(self->fd, 0, SIZE);
	ASSERT_NE(NULL, self->addr);
}

FIXTURE_TEARDOWN_PARENT(insider)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static struct insider_look look(int fd)
{
	struct insider_look seen = { };

	if (ioctl(fd, INSIDER_LOOK, &seen))
		tell("INSIDER_LOOK: %s", strerror(errno));
	return seen;
}

TEST_F(insider, handle_is_described)
{
	struct insider_look seen;
	u32 value;

	ASSERT_EQ(0, touch_read(self->addr + 3 * P + 8, &value));
	seen = look(self->fd);
	EXPECT_EQ(1, seen.calls);
	EXPECT_EQ(3 * P, seen.off);
	EXPECT_EQ(0, seen.uoff);
	EXPECT_EQ(SIZE, seen.len);
	EXPECT_TRUE(seen.same_as);
	EXPECT_TRUE(seen.same_pvtp);
	EXPECT_TRUE(seen.same_cookie);
	EXPECT_EQ(SIZE, seen.size);
	EXPECT_EQ(0x1d51de, seen.kept);
}

TEST_F(insider, part_is_described)
{
	void *addr = dev_mmap(self->fd, 2 * P, 5 * P);
	struct insider_look seen;
	u32 value;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, touch_read(addr, &value));
	seen = look(self->fd);
	EXPECT_EQ(2 * P, seen.uoff);
	EXPECT_EQ(5 * P, seen.len);
	EXPECT_TRUE(seen.same_as);
}

TEST_F(insider, remnants_are_described)
{
	struct insider_look seen;
	u32 value;

	ASSERT_EQ(0, munmap(self->addr + 4 * P, 3 * P));
	ASSERT_EQ(0, touch_read(self->addr + P, &value));
	seen = look(self->fd);
	EXPECT_EQ(0, seen.uoff);
	EXPECT_EQ(4 * P, seen.len);
	EXPECT_TRUE(seen.same_pvtp);

	ASSERT_EQ(0, touch_read(self->addr + 7 * P, &value));
	seen = look(self->fd);
	EXPECT_EQ(7 * P, seen.uoff);
	EXPECT_EQ(SIZE - 7 * P, seen.len);
	EXPECT_TRUE(seen.same_pvtp);
	EXPECT_TRUE(seen.same_cookie);

	/* Once more, now from below. */
	ASSERT_EQ(0, munmap(self->addr + 7 * P, P));
	ASSERT_EQ(0, touch_read(self->addr + 9 * P, &value));
	seen = look(self->fd);
	EXPECT_EQ(8 * P, seen.uoff);
	EXPECT_EQ(SIZE - 8 * P, seen.len);
}

/* The mapping of a child is another one, in another address space. */
TEST_F(insider, child_is_not_its_parent)
{
	struct insider_look seen;
	int status;
	u32 value;

	if (!fork()) {
		if (touch_read(self->addr, &value))
			_exit(1);
		seen = look(self->fd);
		_exit(seen.same_as && seen.same_pvtp && seen.same_cookie &&
		      !seen.uoff && seen.len == SIZE ? 0 : 2);
	}
	ASSERT_LT(0, wait(&status));
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, touch_read(self->addr, &value));
	EXPECT_TRUE(look(self->fd).same_as);
	EXPECT_EQ(2, look(self->fd).calls);
}

static void *thread(void *addr)
{
	u32 value;

	return (void *)(long)touch_read(addr, &value);
}

TEST_F(insider, threads_are_one_process)
{
	pthread_t id;
	void *result;

	ASSERT_EQ(0, pthread_create(&id, NULL, thread, self->addr));
	ASSERT_EQ(0, pthread_join(id, &result));
	EXPECT_EQ(NULL, result);
	EXPECT_TRUE(look(self->fd).same_as);
}

/**
 * struct survivor - a thread of a process whose first thread has ended
 * @first: the first thread
 * @addr: what to touch
 * @fd: the device
 */
struct survivor {
	pthread_t first;
	void *addr;
	int fd;
};

static void *survive(void *arg)
{
	struct survivor *s = arg;
	u32 value;

	if (pthread_join(s->first, NULL))
		_exit(1);
	/* Its task may take a moment longer than the library says. */
	usleep(100000);
	if (touch_read(s->addr + 5 * P, &value))
		_exit(2);
	_exit(look(s->fd).same_as ? 0 : 3);
}

/* Its address space is no longer to be found where the first thread was. */
TEST_F(insider, process_outlives_its_first_thread)
{
	static struct survivor s;
	pthread_t id;
	int status;

	if (!fork()) {
		s.first = pthread_self();
		s.addr = self->addr;
		s.fd = self->fd;
		if (pthread_create(&id, NULL, survive, &s))
			_exit(4);
		pthread_exit(NULL);
	}
	ASSERT_LT(0, wait(&status));
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
