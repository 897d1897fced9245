// SPDX-License-Identifier: GPL-2.0
/*
 * driver/guide: a range with contexts and a plain one in one device, told apart in
 * devmap_access(9E).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "common.h"
#include "pci.h"
#include "peer.h"
#include "../../driver/guide/guide_io.h"

#define NODE	"/dev/guide@0:regs"
#define RW	(PROT_READ | PROT_WRITE)

#define CTX	GUIDE_OFF_CTX
#define PLAIN	GUIDE_OFF_PLAIN

FIXTURE(guide) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(guide)
{
	ASSERT_EQ(0, objects_read(&self->base));
	self->fd = open(NODE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(guide)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static int switches(int fd)
{
	return ioctl(fd, GUIDE_SWITCHES);
}

static void *map(int fd, u64 off, size_t len, int flags)
{
	long addr = dev_map(fd, off, len, RW, flags);

	if (addr < 0)
		tell("mmap of 0x%zx bytes at 0x%llx: %ld", len, off, addr);
	return addr < 0 ? NULL : (void *)addr;
}

static u32 value_at(const void *addr)
{
	u32 value = ~0U;

	touch_read(addr, &value);
	return value;
}

TEST_F(guide, node)
{
	struct stat st;

	ASSERT_EQ(0, stat(NODE, &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(0666, st.st_mode & 0777);
	EXPECT_EQ(-1, ioctl(self->fd, GUIDE_SWITCHES + 1));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(guide, private_mappings_have_contexts_of_their_own)
{
	void *a = map(self->fd, CTX, 2 * P, MAP_PRIVATE);
	void *b = map(self->fd, CTX, 2 * P, MAP_PRIVATE);
	int base = switches(self->fd);

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, value_at(a));
	EXPECT_EQ(0, touch_write(a, 0xa));
	EXPECT_EQ(0, touch_write(a + P, 0xaa));
	EXPECT_EQ(base + 1, switches(self->fd));

	EXPECT_EQ(0, value_at(b));
	EXPECT_EQ(0, touch_write(b, 0xb));
	EXPECT_EQ(base + 2, switches(self->fd));

	/* A page that was not touched before is switched with the others. */
	EXPECT_EQ(0xaa, value_at(a + P));
	EXPECT_EQ(0xa, value_at(a));
	EXPECT_EQ(base + 3, switches(self->fd));
	EXPECT_EQ(0, value_at(b + P));
	EXPECT_EQ(0xb, value_at(b));
	EXPECT_EQ(base + 4, switches(self->fd));
}

TEST_F(guide, shared_mappings_have_one_context)
{
	void *a = map(self->fd, CTX + P, P, MAP_SHARED);
	void *b = map(self->fd, CTX, 2 * P, MAP_SHARED);
	void *own = map(self->fd, CTX, 2 * P, MAP_PRIVATE);
	struct peer peer;
	int base;

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_NE(NULL, own);
	ASSERT_EQ(0, peer_start(&peer));
	EXPECT_EQ(0, touch_write(a, 0x51));
	base = switches(self->fd);
	EXPECT_EQ(0x51, value_at(b + P));
	EXPECT_EQ(0, peer_write(&peer, (long)a, 0x52));
	EXPECT_EQ(0x52, value_at(b + P));
	EXPECT_EQ(base, switches(self->fd));

	/* All of them lose the device, not just the one that had it last. */
	EXPECT_EQ(0, touch_write(own + P, 0x99));
	EXPECT_EQ(0x52, value_at(a));
	EXPECT_EQ(0, touch_write(own + P, 0x98));
	EXPECT_EQ(0x52, value_at(b + P));
	EXPECT_EQ(0, touch_write(own + P, 0x97));
	EXPECT_EQ(0, peer_write(&peer, (long)a, 0x53));
	EXPECT_EQ(0x53, value_at(a));
	EXPECT_EQ(0x97, value_at(own + P));
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_F(guide, plain_memory_is_everybodys)
{
	void *a = map(self->fd, PLAIN, P, MAP_PRIVATE);
	void *b = map(self->fd, PLAIN, P, MAP_SHARED);
	int base = switches(self->fd);

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_write(a, 0x1234));
	EXPECT_EQ(0x1234, value_at(b));
	EXPECT_EQ(base, switches(self->fd));
}

/* One mapping over both ranges; the pages on both sides of the border. */
TEST_F(guide, told_apart_in_one_mapping)
{
	size_t len = GUIDE_CTX_SIZE + GUIDE_PLAIN_SIZE;
	void *a = map(self->fd, CTX, len, MAP_PRIVATE);
	void *b = map(self->fd, CTX, len, MAP_PRIVATE);
	u64 border = GUIDE_CTX_SIZE;

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_write(a + border - 4, 0xa1));
	EXPECT_EQ(0, touch_write(a + border, 0xa2));
	EXPECT_EQ(0, value_at(b + border - 4));
	EXPECT_EQ(0xa2, value_at(b + border));
	EXPECT_EQ(0, touch_write(b + border - 4, 0xb1));
	EXPECT_EQ(0, touch_write(b + len - 4, 0xb2));
	EXPECT_EQ(0xa1, value_at(a + border - 4));
	EXPECT_EQ(0xb2, value_at(a + len - 4));
}

TEST_F(guide, nothing_else_can_be_mapped)
{
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, CTX - P, 2 * P, RW, MAP_SHARED));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, PLAIN + GUIDE_PLAIN_SIZE, P, RW,
				  MAP_SHARED));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, PLAIN, GUIDE_PLAIN_SIZE + P, RW,
				  MAP_SHARED));
}

TEST_F(guide, fork_copies_a_private_context)
{
	void *a = map(self->fd, CTX, 4 * P, MAP_PRIVATE);
	struct peer child;
	u32 value;

	ASSERT_NE(NULL, a);
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(a + 3 * P, 3));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, touch_write(a, 2));

	EXPECT_EQ(0, peer_read(&child, (long)a, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, peer_read(&child, (long)a + 3 * P, &value));
	EXPECT_EQ(3, value);
	EXPECT_EQ(0, peer_write(&child, (long)a + 3 * P, 33));
	EXPECT_EQ(3, value_at(a + 3 * P));
	EXPECT_EQ(2, value_at(a));
	EXPECT_EQ(0, peer_stop(&child));
}

TEST_F(guide, what_is_left_keeps_its_context)
{
	void *a = map(self->fd, CTX, 5 * P, MAP_PRIVATE);
	void *b = map(self->fd, CTX, 5 * P, MAP_PRIVATE);
	int i;

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, touch_write(a + i * P, 10 + i));
	EXPECT_EQ(0, touch_write(b, 99));
	ASSERT_EQ(0, munmap(a + 2 * P, P));
	ASSERT_EQ(0, munmap(a, P));
	EXPECT_EQ(11, value_at(a + P));
	EXPECT_EQ(0, touch_write(b + 4 * P, 98));
	EXPECT_EQ(14, value_at(a + 4 * P));
	EXPECT_EQ(13, value_at(a + 3 * P));
	EXPECT_EQ(11, value_at(a + P));
	EXPECT_EQ(98, value_at(b + 4 * P));
	EXPECT_EQ(SIGSEGV, touch_read(a, NULL));
}

/* A debugger's access locks the page in the device for a moment. */
TEST_F(guide, poll)
{
	struct pollfd p = { .fd = self->fd, .events = POLLIN | POLLOUT };

	EXPECT_EQ(1, poll(&p, 1, 0));
	EXPECT_EQ(POLLERR, p.revents);
}

TEST_F(guide, proc_mem)
{
	void *a = map(self->fd, CTX, P, MAP_PRIVATE);
	void *b = map(self->fd, CTX, P, MAP_PRIVATE);
	int mem = open("/proc/self/mem", O_RDWR);
	u32 value = 0;

	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_LE(0, mem);
	EXPECT_EQ(0, touch_write(a, 0xa));
	EXPECT_EQ(0, touch_write(b, 0xb));
	EXPECT_EQ(4, pread(mem, &value, 4, (long)a));
	EXPECT_EQ(0xa, value);
	EXPECT_EQ(0xb, value_at(b));
	value = 0xaa;
	EXPECT_EQ(4, pwrite(mem, &value, 4, (long)a));
	EXPECT_EQ(0xaa, value_at(a));
	EXPECT_EQ(0xb, value_at(b));
	close(mem);
}

#define PROCESSES	4
#define ROUNDS		200

/* All begin when nobody holds the other end of @start any more. */
static int play(int fd, u32 id, const int *start)
{
	char *addr = map(fd, CTX, 3 * P, MAP_PRIVATE), byte;
	u32 value;
	int i;

	close(start[1]);
	if (!addr || read(start[0], &byte, 1))
		return 1;
	for (i = 0; i < ROUNDS; i++) {
		value = value_at(addr + i % 3 * P);
		if (value != (i < 3 ? 0 : id + i - 3)) {
			tell("process %x found %x in round %d", id, value, i);
			return 1;
		}
		if (touch_write(addr + i % 3 * P, id + i))
			return 1;
		/* Or one is done before the next gets a processor. */
		sched_yield();
	}
	return 0;
}

TEST_F_TIMEOUT(guide, nobody_sees_another_context, 240)
{
	int base = switches(self->fd);
	int i, status, start[2];

	ASSERT_EQ(0, pipe(start));
	for (i = 0; i < PROCESSES; i++) {
		if (!fork())
			_exit(play(self->fd, (i + 1) << 16, start));
	}
	close(start[0]);
	close(start[1]);
	for (i = 0; i < PROCESSES; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	EXPECT_LT(base + PROCESSES, switches(self->fd));
}

TEST_HARNESS_MAIN
