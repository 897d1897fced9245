// SPDX-License-Identifier: GPL-2.0
/* driver/onepage: a context of one page, with ddi_mapdev(9F). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "common.h"
#include "pci.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(onepage) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(onepage)
{
	ASSERT_EQ(0, objects_read(&self->base));
	self->fd = open("/dev/onepage@0:page", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(onepage)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static u32 value_at(const void *addr)
{
	u32 value = ~0U;

	touch_read(addr, &value);
	return value;
}

TEST_F(onepage, every_mapping_has_a_context)
{
	void *a = dev_mmap(self->fd, 0, P);
	void *b = dev_mmap(self->fd, 0, P);

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, value_at(a));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(a + P - 4, 2));
	EXPECT_EQ(0, value_at(b));
	EXPECT_EQ(0, touch_write(b, 3));
	EXPECT_EQ(1, value_at(a));
	EXPECT_EQ(2, value_at(a + P - 4));
	EXPECT_EQ(3, value_at(b));
	EXPECT_EQ(0, value_at(b + P - 4));
}

TEST_F(onepage, nothing_else_can_be_mapped)
{
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, P, P, RW, MAP_SHARED));
}

TEST_F(onepage, fork_copies_the_context)
{
	void *a = dev_mmap(self->fd, 0, P);
	struct peer first, second;
	u32 value;

	ASSERT_NE(NULL, a);
	EXPECT_EQ(0, touch_write(a, 10));
	ASSERT_EQ(0, peer_start(&first));
	EXPECT_EQ(0, touch_write(a, 20));
	ASSERT_EQ(0, peer_start(&second));
	EXPECT_EQ(0, touch_write(a, 30));

	EXPECT_EQ(0, peer_read(&second, (long)a, &value));
	EXPECT_EQ(20, value);
	EXPECT_EQ(0, peer_read(&first, (long)a, &value));
	EXPECT_EQ(10, value);
	EXPECT_EQ(0, peer_write(&first, (long)a, 11));
	EXPECT_EQ(30, value_at(a));
	EXPECT_EQ(0, peer_read(&first, (long)a, &value));
	EXPECT_EQ(11, value);

	/* Whose mapping goes, goes without harm to the others. */
	EXPECT_EQ(0, peer_stop(&first));
	EXPECT_EQ(30, value_at(a));
	ASSERT_EQ(0, munmap(a, P));
	EXPECT_EQ(0, peer_read(&second, (long)a, &value));
	EXPECT_EQ(20, value);
	EXPECT_EQ(0, peer_stop(&second));
}

#define PROCESSES	4
#define ROUNDS		500

static int play(int fd, u32 id)
{
	void *addr = dev_mmap(fd, 0, P);
	u32 i, value;

	if (!addr)
		return 1;
	for (i = 0; i < ROUNDS; i++) {
		value = value_at(addr);
		if (value != (i ? id + i - 1 : 0)) {
			tell("process %x found %x in round %u", id, value, i);
			return 1;
		}
		if (touch_write(addr, id + i))
			return 1;
	}
	return 0;
}

TEST_F_TIMEOUT(onepage, nobody_sees_another_context, 240)
{
	int i, status;

	for (i = 0; i < PROCESSES; i++) {
		if (!fork())
			_exit(play(self->fd, (i + 1) << 16));
	}
	for (i = 0; i < PROCESSES; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
}

TEST_HARNESS_MAIN
