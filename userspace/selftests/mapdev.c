// SPDX-License-Identifier: GPL-2.0
/* ddi_mapdev(9F), ddi_mapdev_intercept(9F) and the callbacks of mapdev. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/ptrace.h>

#include "kselftest_harness.h"
#include "olddev.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(mapdev) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(mapdev)
{
	ASSERT_EQ(0, old_begin(&self->base));
	self->fd = old_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(mapdev)
{
	EXPECT_EQ(0, old_end(&self->base));
}

static int set(int fd, unsigned int nr_pages, enum old_access access)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, nr_pages);

	script.access = access;
	return old_set(fd, &script);
}

/* Touches pages and tells which of them went by mapdev_access, as a bit mask. */
static unsigned int which_intercepted(int fd, void *addr, unsigned int nr)
{
	struct old_info before, after;
	unsigned int i, mask = 0;

	for (i = 0; i < nr; i++) {
		old_info(fd, &before);
		if (touch_read(addr + i * P, NULL))
			tell("page %u: a signal", i);
		old_info(fd, &after);
		if (after.calls[OLD_OP_ACCESS] != before.calls[OLD_OP_ACCESS])
			mask |= 1 << i;
	}
	return mask;
}

/* What is called, and with what. */
TEST_F(mapdev, sequence)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 8);
	const uint32_t prot = RW | PROT_USER;
	uint32_t value;
	void *addr;

	script.log_mask = OLD_LOG_ALL;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, old_poke(self->fd, 3, 0x33));
	addr = dev_mmap(self->fd, 2 * P, 3 * P);
	ASSERT_NE(NULL, addr);
	/* Page frames are asked for by mmap(2), and never again. */
	EXPECT_OLD(self->fd,
		   O_SEGMAP(2 * P, 3 * P, prot, PROT_ALL, MAP_SHARED,
			    (long)addr),
		   O_MMAP(2 * P, prot, 2),
		   O_MMAP(3 * P, prot, 3),
		   O_MMAP(4 * P, prot, 4));

	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x33, value);
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 3 * P),
		   O_NOINTERCEPT(A, 3 * P, P));

	/* Neither the second touch nor another direction is intercepted. */
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_write(addr + P, 0x34));
	EXPECT_EQ(0x34, old_peek(self->fd, 3));
	EXPECT_NO_OLD(self->fd);

	/* The offset is that of the page. */
	EXPECT_EQ(0, touch_write(addr + 2 * P + 0x124, 1));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 4 * P),
		   O_NOINTERCEPT(A, 4 * P, P));

	EXPECT_EQ(0, old_intercept(self->fd, A, 3 * P, P));
	EXPECT_EQ(0, touch_write(addr + P, 0x35));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_OLD(self->fd,
		   O_INTERCEPT(A, 3 * P, P),
		   O_ACCESS(A, 3 * P),
		   O_NOINTERCEPT(A, 3 * P, P));

	ASSERT_EQ(0, munmap(addr, 3 * P));
	EXPECT_OLD(self->fd, O_FREE(A));
	EXPECT_EQ(0, old_nothing_left());
}

/* The example of ddi_mapdev_intercept(9F), with two processes. */
TEST_F(mapdev, example)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 1);
	uint32_t value = 0;
	struct peer peer;
	void *addr;
	long there;

	script.access = OLD_ACCESS_SEED;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, peer_start(&peer));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	script.log_mask = OLD_LOG_ALL;
	ASSERT_EQ(0, old_set(self->fd, &script));

	EXPECT_EQ(0, touch_write(addr, 0x11));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0),
		   O_NOINTERCEPT(A, 0, 0));
	EXPECT_EQ(0x11, old_peek(self->fd, 0));

	EXPECT_EQ(0, peer_read(&peer, there, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, peer_write(&peer, there, 0x22));
	EXPECT_EQ(0x22, old_peek(self->fd, 0));
	EXPECT_EQ(0, peer_read(&peer, there, &value));
	EXPECT_OLD(self->fd,
		   O_ACCESS(B, 0, .pid = peer.pid),
		   O_INTERCEPT(A, 0, 0, .pid = peer.pid),
		   O_NOINTERCEPT(B, 0, 0, .pid = peer.pid));

	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, touch_write(addr, 0x12));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0),
		   O_INTERCEPT(B, 0, 0),
		   O_NOINTERCEPT(A, 0, 0));

	EXPECT_EQ(0, peer_read(&peer, there, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x12, value);
	ASSERT_EQ(0, old_clear(self->fd));

	/* The context that is in the device goes with its process. */
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x12, value);
	EXPECT_OLD(self->fd,
		   O_ACCESS(B, 0, .pid = peer.pid),
		   O_INTERCEPT(A, 0, 0, .pid = peer.pid),
		   O_NOINTERCEPT(B, 0, 0, .pid = peer.pid),
		   O_FREE(B, .pid = peer.pid),
		   O_ACCESS(A, 0),
		   O_NOINTERCEPT(A, 0, 0));
}

/* The same with many pages; the second mapping begins elsewhere. */
TEST_F(mapdev, example_of_many_pages)
{
	uint32_t value = 0;
	struct peer peer;
	void *addr;
	long there;
	int i, k;

	ASSERT_EQ(0, set(self->fd, 16, OLD_ACCESS_SWITCH));
	ASSERT_EQ(0, peer_start(&peer));
	addr = dev_mmap(self->fd, 0, 16 * P);
	ASSERT_NE(NULL, addr);
	there = peer_map(&peer, self->fd, 4 * P, 12 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);

	for (i = 0; i < 16; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, 0x100 + i));
	for (i = 0; i < 12; i++)
		EXPECT_EQ(0, peer_write(&peer, there + i * P, 0x200 + i));
	ASSERT_EQ(0, old_clear(self->fd));

	for (k = 0; k < 3; k++) {
		for (i = 0; i < 16; i++) {
			EXPECT_EQ(0, touch_read(addr + i * P, &value));
			EXPECT_EQ(0x100 + i, value);
		}
		EXPECT_EQ(0, which_intercepted(self->fd, addr, 16));
		for (i = 0; i < 12; i++) {
			EXPECT_EQ(0, peer_read(&peer, there + i * P, &value));
			EXPECT_EQ(0x200 + i, value);
			EXPECT_EQ(0x200 + i, old_peek(self->fd, 4 + i));
		}
	}
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Two mappings of one process have each their context. */
TEST_F(mapdev, two_mappings_of_a_process)
{
	void *one, *two;
	uint32_t value;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_SWITCH));
	one = dev_mmap(self->fd, 0, 2 * P);
	two = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	EXPECT_EQ(0, touch_write(one, 1));
	EXPECT_EQ(0, touch_write(two, 2));
	EXPECT_EQ(0, touch_read(one, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, touch_read(two, &value));
	EXPECT_EQ(2, value);
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0), O_ACCESS(B, 0),
		   O_ACCESS(A, 0), O_ACCESS(B, 0));
	ASSERT_EQ(0, munmap(one, 2 * P));
	EXPECT_EQ(0, touch_read(two, NULL));
	EXPECT_OLD(self->fd, O_FREE(A));
}

/* A mapping of user offsets 2 P to 6 P: whole pages, to the end, all. */
static const struct {
	int64_t off;
	int64_t len;
	unsigned int pages; /* 0: outside */
} ranges[] = {
	{ 2 * P, P, 0x1 },
	{ 2 * P, 1, 0x1 },
	{ 2 * P + 1, 1, 0x1 },
	{ 3 * P - 1, 1, 0x1 },
	{ 3 * P - 1, 2, 0x3 },
	{ 2 * P + 1, P, 0x3 },
	{ 3 * P, 2 * P, 0x6 },
	{ 3 * P + 1, 2 * P - 1, 0x6 },
	{ 3 * P + 1, 2 * P, 0xe },
	{ 2 * P, 4 * P, 0xf },
	{ 6 * P - 1, 1, 0x8 },
	{ 2 * P, 0, 0xf },
	{ 3 * P, 0, 0xe },
	{ 5 * P + 0x123, 0, 0x8 },
	{ 0, 0, 0xf },
	{ 0, 1, 0 },
	{ P, P, 0 },
	{ P, 2 * P, 0 },
	{ 2 * P - 1, 2, 0 },
	{ 1, 0, 0 },
	{ P, 0, 0 },
	{ 6 * P, P, 0 },
	{ 6 * P, 0, 0 },
	{ 2 * P, 4 * P + 1, 0 },
	{ 5 * P, 2 * P, 0 },
	{ 6 * P - 1, 2, 0 },
	{ -P, P, 0 },
	{ -P, 4 * P, 0 },
	{ -1, 0, 0 },
	{ 2 * P, -1, 0 },
	{ 2 * P, -P, 0 },
	{ 2 * P, INT64_MAX, 0 },
	{ INT64_MAX, INT64_MAX, 0 },
	{ INT64_MIN, 0, 0 },
};

TEST_F(mapdev, ranges_of_intercept)
{
	void *addr;
	size_t i;
	int ret;

	ASSERT_EQ(0, set(self->fd, 8, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 2 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0xf, which_intercepted(self->fd, addr, 4));
	EXPECT_EQ(0, which_intercepted(self->fd, addr, 4));

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		ret = old_intercept(self->fd, A, ranges[i].off, ranges[i].len);
		EXPECT_EQ(!ranges[i].pages, !!ret) {
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(ranges[i].pages,
			  which_intercepted(self->fd, addr, 4)) {
			TH_LOG("row %zu", i);
		}
	}
	ASSERT_EQ(0, old_clear(self->fd));
}

TEST_F(mapdev, ranges_of_nointercept)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 8);
	unsigned int first;
	void *addr;
	size_t i;
	int sig;

	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 2 * P, 4 * P);
	ASSERT_NE(NULL, addr);

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		ASSERT_EQ(0, old_intercept(self->fd, A, 0, 0));
		script.flags = OLD_F_LOAD_OFF;
		script.load_off = ranges[i].off;
		script.load_len = ranges[i].len;
		ASSERT_EQ(0, old_set(self->fd, &script));
		first = ranges[i].pages ? __builtin_ctz(ranges[i].pages) : 0;
		sig = touch_read(addr + first * P, NULL);
		EXPECT_EQ(ranges[i].pages ? 0 : SIGBUS, sig) {
			TH_LOG("row %zu", i);
		}

		script.flags = 0;
		script.load_len = P;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(0xf & ~ranges[i].pages,
			  which_intercepted(self->fd, addr, 4)) {
			TH_LOG("row %zu", i);
		}
	}
	ASSERT_EQ(0, old_clear(self->fd));
}

/* Any process may intercept any other's accesses. */
TEST_F(mapdev, intercept_of_another_process)
{
	uint32_t value = 0;
	struct peer peer;
	void *addr;
	long there;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	ASSERT_EQ(0, peer_start(&peer));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	there = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_EQ(0, touch_write(addr, 7));
	EXPECT_EQ(0, peer_read(&peer, there, &value));
	EXPECT_EQ(7, value);
	EXPECT_EQ(0, peer_read(&peer, there + P, NULL));
	ASSERT_EQ(0, old_clear(self->fd));

	EXPECT_EQ(0, old_intercept(self->fd, B, 0, P));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, peer_read(&peer, there + P, NULL));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_OLD(self->fd, O_ACCESS(B, 0, .pid = peer.pid));
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_EQ(-ENOENT, old_intercept(self->fd, B, 0, P));
}

/* Only an access that is being handled can be let go. */
TEST_F(mapdev, nointercept_outside_of_an_access)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);
	struct peer peer;
	void *one, *two;
	long there;

	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, peer_start(&peer));
	one = dev_mmap(self->fd, 0, 2 * P);
	two = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, one);
	ASSERT_NE(NULL, two);
	there = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);

	EXPECT_NE(0, old_nointercept(self->fd, A, 0, P));
	EXPECT_NE(0, old_nointercept(self->fd, A, 0, 0));
	EXPECT_EQ(3, which_intercepted(self->fd, one, 2));
	ASSERT_EQ(0, old_clear(self->fd));

	/* In an access, it is for all handles of that process only. */
	EXPECT_EQ(0, old_intercept(self->fd, A, 0, 0));
	script.log_mask = OLD_LOG_ALL;
	script.load_other = C;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(0, touch_read(one, NULL));
	script.load_other = B;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(0, touch_read(one + P, NULL));
	EXPECT_EQ(0, touch_read(two, NULL));
	EXPECT_EQ(0, touch_read(two + P, NULL));
	script.load_other = 0;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0),
		   O_NOINTERCEPT(C, 0, 0, .ret = SOME_ERROR),
		   O_NOINTERCEPT(A, 0, P),
		   O_ACCESS(A, P),
		   O_NOINTERCEPT(B, 0, 0),
		   O_NOINTERCEPT(A, P, P),
		   O_ACCESS(C, 0, .pid = peer.pid),
		   O_NOINTERCEPT(C, 0, P, .pid = peer.pid));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* The access fails; the mapping stays. */
TEST_F(mapdev, access_fails)
{
	static const int errors[] = { -1, EIO, 1 };
	void *addr;
	size_t i;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + P, 1));
	ASSERT_EQ(0, old_clear(self->fd));

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		ASSERT_EQ(0, old_fail(self->fd, OLD_OP_ACCESS, 1, errors[i]));
		EXPECT_EQ(SIGBUS, touch_write(addr, 2));
		EXPECT_EQ(0, touch_read(addr + P, NULL));
		EXPECT_EQ(0, touch_write(addr, 2));
		EXPECT_OLD(self->fd,
			   O_ACCESS(A, 0, .ret = errors[i]),
			   O_ACCESS(A, 0));
		ASSERT_EQ(0, old_intercept(self->fd, A, 0, P));
	}
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_OLD(self->fd, O_FREE(A));
}

/* Success without nointercept is asked again, until somebody ends it. */
TEST_F(mapdev, access_does_nothing)
{
	struct peer peer;
	long there;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_NOTHING));
	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, peer_send_read(&peer, there));
	ASSERT_EQ(0, old_wait_calls(self->fd, OLD_OP_ACCESS, 3));
	EXPECT_EQ(0, peer_answered(&peer, 50));
	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	EXPECT_EQ(0, peer_answer(&peer, NULL));

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_NOTHING));
	ASSERT_EQ(0, peer_send_read(&peer, there + P));
	EXPECT_EQ(0, peer_answered(&peer, 50));
	ASSERT_EQ(0, kill(peer.pid, SIGKILL));
	EXPECT_EQ(SIGKILL, peer_stop(&peer));
	EXPECT_EQ(0, old_wait_calls(self->fd, OLD_OP_FREE, 1));
}

/* The child has a handle of its own, intercepted, with the parent's content. */
TEST_F(mapdev, fork)
{
	uint32_t value = 0;
	struct peer child;
	void *addr;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_SWITCH));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + P, 2));
	ASSERT_EQ(0, old_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_OLD(self->fd, O_DUP(A, B));
	EXPECT_EQ(0, touch_write(addr, 3));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_NO_OLD(self->fd);

	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(0, peer_write(&child, (long)addr + P, 4));
	EXPECT_OLD(self->fd,
		   O_ACCESS(B, 0, .pid = child.pid),
		   O_ACCESS(B, P, .pid = child.pid));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(3, value);
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(2, value);
	EXPECT_EQ(0, peer_read(&child, (long)addr + P, &value));
	EXPECT_EQ(4, value);
	ASSERT_EQ(0, old_clear(self->fd));

	EXPECT_EQ(0, munmap(addr, 2 * P));
	EXPECT_OLD(self->fd, O_FREE(A));
	EXPECT_EQ(0, peer_read(&child, (long)addr + P, &value));
	EXPECT_EQ(4, value);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd, O_FREE(B, .pid = child.pid));
}

TEST_F(mapdev, fork_of_two_mappings)
{
	struct peer child, grandchild;
	void *one, *two;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	one = mmap(NULL, 4 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, one);
	two = one + 2 * P;
	ASSERT_EQ(one, mmap(one, 2 * P, RW, MAP_SHARED | MAP_FIXED,
			    self->fd, 0));
	ASSERT_EQ(two, mmap(two, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_OLD(self->fd, O_DUP(A, C), O_DUP(B, D));
	EXPECT_EQ(0, peer_read(&child, (long)two, NULL));
	EXPECT_EQ(0, peer_read(&child, (long)one, NULL));
	EXPECT_OLD(self->fd,
		   O_ACCESS(D, 0, .pid = child.pid),
		   O_ACCESS(C, 0, .pid = child.pid));

	/* The second child of a mapping is none of the first's business. */
	ASSERT_EQ(0, peer_start(&grandchild));
	EXPECT_OLD(self->fd, O_DUP(A, E), O_DUP(B, F));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0, peer_read(&grandchild, (long)one, NULL));
	EXPECT_EQ(0, peer_stop(&grandchild));
	EXPECT_OLD(self->fd,
		   O_FREE(C, .pid = child.pid), O_FREE(D, .pid = child.pid),
		   O_ACCESS(E, 0, .pid = grandchild.pid),
		   O_FREE(E, .pid = grandchild.pid),
		   O_FREE(F, .pid = grandchild.pid));
}

/* Once per mapping, however many remnants and VMAs are left of it. */
TEST_F(mapdev, fork_of_remnants)
{
	static const int left[] = { 0, 1, 2, 4, 5, 7 };
	struct peer child;
	uint32_t value;
	void *addr;
	size_t i;

	ASSERT_EQ(0, set(self->fd, 8, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 8 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, 0x10 + i));
	ASSERT_EQ(0, munmap(addr + 3 * P, P));
	ASSERT_EQ(0, munmap(addr + 6 * P, P));
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, old_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_OLD(self->fd, O_DUP(A, B));
	for (i = 0; i < ARRAY_SIZE(left); i++) {
		EXPECT_EQ(0, touch_read(addr + left[i] * P, NULL));
		EXPECT_NO_OLD(self->fd);
		EXPECT_EQ(0, peer_read(&child, (long)addr + left[i] * P,
				       &value));
		EXPECT_EQ(0x10 + left[i], value);
		EXPECT_OLD(self->fd,
			   O_ACCESS(B, left[i] * P, .pid = child.pid));
	}
	EXPECT_EQ(SIGSEGV, peer_read(&child, (long)addr + 3 * P, NULL));

	/* All of them are intercepted by one call, the parent's are not. */
	EXPECT_EQ(0, old_intercept(self->fd, B, 0, 0));
	EXPECT_EQ(0, touch_read(addr + 7 * P, NULL));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 7 * P, NULL));
	EXPECT_OLD(self->fd,
		   O_ACCESS(B, 0, .pid = child.pid),
		   O_ACCESS(B, 7 * P, .pid = child.pid));

	/* The child's is free with the child's last part. */
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + 4 * P, 4 * P));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + P, P));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr, P));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + 2 * P, P));
	EXPECT_OLD(self->fd, O_FREE(B, .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
	ASSERT_EQ(0, munmap(addr, 8 * P));
	EXPECT_OLD(self->fd, O_FREE(A));
}

/* The child of a child of remnants. */
TEST_F(mapdev, fork_of_fork)
{
	struct peer child;
	pid_t grandchild;
	void *addr;

	ASSERT_EQ(0, set(self->fd, 3, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 3 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, peer_start(&child));
	grandchild = peer_fork_and_wait(&child);
	ASSERT_LT(0, grandchild);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd,
		   O_DUP(A, B),
		   O_DUP(B, C, .pid = child.pid),
		   O_FREE(C, .pid = grandchild),
		   O_FREE(B, .pid = child.pid));
}

/* fork(2) fails. */
TEST_F(mapdev, dup_fails)
{
	struct peer other;
	void *addr;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, old_clear(self->fd));
	ASSERT_EQ(0, old_fail(self->fd, OLD_OP_DUP, 1, EAGAIN));
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_EQ(0, touch_write(addr, 2));
	EXPECT_OLD(self->fd, O_DUP(A, 0, .ret = EAGAIN));

	/* The next one is none the worse for it. */
	ASSERT_EQ(0, peer_start(&other));
	EXPECT_EQ(0, peer_read(&other, (long)addr, NULL));
	EXPECT_EQ(0, peer_stop(&other));
	EXPECT_OLD(self->fd,
		   O_DUP(A, B),
		   O_ACCESS(B, 0, .pid = other.pid),
		   O_FREE(B, .pid = other.pid));
}

/* Dead as a whole, and the driver is asked once. */
TEST_F(mapdev, dup_of_remnants_fails)
{
	void *addr;

	ASSERT_EQ(0, set(self->fd, 5, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, munmap(addr + 3 * P, P));
	ASSERT_EQ(0, old_fail(self->fd, OLD_OP_DUP, 1, ENOMEM));
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_OLD(self->fd, O_DUP(A, 0, .ret = ENOMEM));
}

/* What had been duplicated before is freed. */
TEST_F(mapdev, dup_of_a_later_mapping_fails)
{
	void *addr;

	ASSERT_EQ(0, set(self->fd, 4, OLD_ACCESS_LOAD));
	addr = mmap(NULL, 6 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	ASSERT_EQ(addr, mmap(addr, 3 * P, PROT_READ, MAP_SHARED | MAP_FIXED,
			     self->fd, 0));
	ASSERT_EQ(addr + 3 * P, mmap(addr + 3 * P, 3 * P, PROT_READ,
				     MAP_SHARED | MAP_FIXED, self->fd, P));
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, old_clear(self->fd));
	ASSERT_EQ(0, old_fail(self->fd, OLD_OP_DUP, 2, ENOMEM));
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_OLD(self->fd,
		   O_DUP(A, C),
		   O_DUP(B, 0, .ret = ENOMEM),
		   O_FREE(C));
}

/* Parts of a mapping of five pages, in any order of their unmapping. */
static const struct {
	unsigned int first;
	unsigned int nr;
} orders[][4] = {
	{ { 0, 1 }, { 1, 2 }, { 3, 2 } },	/* heads */
	{ { 4, 1 }, { 2, 2 }, { 0, 2 } },	/* tails */
	{ { 2, 1 }, { 0, 2 }, { 3, 2 } },	/* the middle */
	{ { 2, 1 }, { 3, 2 }, { 0, 2 } },
	{ { 1, 1 }, { 3, 1 }, { 0, 3 }, { 4, 1 } },
	{ { 1, 1 }, { 3, 1 }, { 4, 1 }, { 0, 3 } },
	{ { 3, 1 }, { 1, 1 }, { 2, 1 }, { 0, 5 } },
	{ { 1, 3 }, { 0, 5 } },
	{ { 0, 5 } },
};

TEST_F(mapdev, partial_unmap)
{
	bool mapped[5];
	uint32_t value;
	void *addr;
	size_t i, k;
	int page;

	ASSERT_EQ(0, set(self->fd, 5, OLD_ACCESS_LOAD));
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		addr = dev_mmap(self->fd, 0, 5 * P);
		ASSERT_NE(NULL, addr);
		memset(mapped, 1, sizeof(mapped));
		for (page = 0; page < 5; page++)
			EXPECT_EQ(0, touch_write(addr + page * P, 0x50 + page));
		ASSERT_EQ(0, old_clear(self->fd));

		for (k = 0; k < ARRAY_SIZE(orders[i]) && orders[i][k].nr; k++) {
			unsigned int first = orders[i][k].first;
			unsigned int nr = orders[i][k].nr;

			ASSERT_EQ(0, munmap(addr + first * P, nr * P));
			memset(mapped + first, 0, nr);
			if (!memchr(mapped, 1, sizeof(mapped)))
				break;
			/* No callback; what is left is still loaded. */
			for (page = 0; page < 5; page++) {
				EXPECT_EQ(mapped[page] ? 0 : SIGSEGV,
					  touch_read(addr + page * P, &value));
				if (mapped[page])
					EXPECT_EQ(0x50 + page, value);
			}
			EXPECT_NO_OLD(self->fd);
		}
		EXPECT_OLD(self->fd, O_FREE(i + 1));
	}
}

/* Remnants keep handle and private data, and one call intercepts them all. */
TEST_F(mapdev, remnants)
{
	void *addr;

	ASSERT_EQ(0, set(self->fd, 5, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, munmap(addr + 4 * P, P));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 1));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0), O_ACCESS(A, 2 * P), O_ACCESS(A, 3 * P));

	/* Over the hole, and as far as the mapping once went. */
	EXPECT_EQ(0, old_intercept(self->fd, A, 0, 3 * P));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 1));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, touch_write(addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_OLD(self->fd, O_ACCESS(A, 2 * P), O_ACCESS(A, 0));
	EXPECT_EQ(0, old_intercept(self->fd, A, 2 * P, 0));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, touch_write(addr + 3 * P, 1));
	EXPECT_OLD(self->fd, O_ACCESS(A, 3 * P));

	/* And lets them go. */
	EXPECT_EQ(0, old_intercept(self->fd, A, 0, 0));
	{
		struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 5);

		script.load_len = 0;
		ASSERT_EQ(0, old_set(self->fd, &script));
	}
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 1));
	EXPECT_OLD(self->fd, O_ACCESS(A, 0));
}

/* The other mappings of the process count for nothing; exit and exec do. */
TEST_F(mapdev, exit_and_exec)
{
	struct peer peer, other;
	long addr;

	ASSERT_EQ(0, set(self->fd, 5, OLD_ACCESS_LOAD));
	ASSERT_EQ(0, peer_start(&peer));
	ASSERT_EQ(0, peer_start(&other));
	addr = peer_map(&peer, self->fd, 0, 5 * P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, peer_unmap(&peer, addr + P, P));
	EXPECT_EQ(0, peer_unmap(&peer, addr + 3 * P, P));
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_OLD(self->fd, O_FREE(A, .pid = peer.pid));

	addr = peer_map(&other, self->fd, 0, 5 * P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, peer_unmap(&other, addr + P, P));
	EXPECT_EQ(-EPIPE, peer_exec(&other));
	EXPECT_OLD(self->fd, O_FREE(B, .pid = other.pid));
	peer_stop(&other);
}

/* A mapping on top of it unmaps it. */
TEST_F(mapdev, mapped_over)
{
	void *addr;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	ASSERT_EQ(addr, mmap(addr, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_OLD(self->fd, O_ACCESS(A, 0), O_ACCESS(B, 0));
	ASSERT_EQ(addr, mmap(addr, 2 * P, RW, MAP_SHARED | MAP_FIXED, self->fd,
			     0));
	EXPECT_OLD(self->fd, O_FREE(B), O_FREE(A));
}

/* Nobody is told of these, and what is loaded stays. */
TEST_F(mapdev, protect_and_move)
{
	void *addr, *new;
	uint32_t value;
	int i;

	ASSERT_EQ(0, set(self->fd, 6, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 0, 6 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 6; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, i));
	ASSERT_EQ(0, old_clear(self->fd));

	new = mmap(NULL, 6 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(addr, 6 * P, 6 * P, MREMAP_MAYMOVE | MREMAP_FIXED,
			      new));
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(0, touch_read(new + i * P, &value));
		EXPECT_EQ(i, value);
	}
	EXPECT_EQ(SIGSEGV, touch_read(addr, NULL));
	ASSERT_EQ(0, mprotect(new + P, 2 * P, PROT_READ));
	EXPECT_EQ(0, touch_read(new + P, NULL));
	EXPECT_EQ(SIGSEGV, touch_write(new + 2 * P, 1));
	ASSERT_EQ(0, mprotect(new + P, 2 * P, RW));
	EXPECT_EQ(0, touch_write(new + P, 1));
	ASSERT_EQ(0, mprotect(new, 6 * P, PROT_NONE));
	ASSERT_EQ(0, mprotect(new, 6 * P, RW));

	for (i = 0; i < 6; i++)
		EXPECT_EQ(0, touch_write(new + i * P, 0x40 + i));
	/* A part of it moves, a part goes. */
	ASSERT_EQ(addr, mremap(new + P, 2 * P, 2 * P,
			       MREMAP_MAYMOVE | MREMAP_FIXED, addr));
	EXPECT_EQ(0, touch_write(addr, 0x11));
	EXPECT_EQ(0x11, old_peek(self->fd, 1));
	ASSERT_EQ(new + 3 * P, mremap(new + 3 * P, 3 * P, 2 * P, 0));
	EXPECT_EQ(0, touch_read(new + 4 * P, NULL));
	EXPECT_EQ(SIGSEGV, touch_read(new + 5 * P, NULL));
	EXPECT_NO_OLD(self->fd);

	/* Interception goes where the pages went. */
	EXPECT_EQ(0, old_intercept(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(new, NULL));
	EXPECT_OLD(self->fd, O_ACCESS(A, 2 * P), O_ACCESS(A, 0));
	ASSERT_EQ(0, munmap(new, 6 * P));
	EXPECT_NO_OLD(self->fd);
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_OLD(self->fd, O_FREE(A));
}

/* MAP_PRIVATE is a word to the driver; the pages are the device's. */
TEST_F(mapdev, private)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);
	uint32_t value = 0;
	struct peer child;
	long addr;

	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, old_poke(self->fd, 1, 0x77));
	script.log_mask |= 1 << OLD_OP_SEGMAP;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_map(self->fd, 0, 2 * P, RW, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_OLD(self->fd,
		   O_SEGMAP(0, 2 * P, RW | PROT_USER, PROT_ALL, MAP_PRIVATE,
			    addr));
	/* Read first: a copy would be made at the write. */
	EXPECT_EQ(0, touch_read((void *)addr + P, &value));
	EXPECT_EQ(0x77, value);
	EXPECT_EQ(0, touch_write((void *)addr + P, 0x78));
	EXPECT_EQ(0x78, old_peek(self->fd, 1));
	EXPECT_EQ(0, touch_write((void *)addr, 0x79));
	EXPECT_EQ(0x79, old_peek(self->fd, 0));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, addr, 0x80));
	EXPECT_EQ(0x80, old_peek(self->fd, 0));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, P), O_ACCESS(A, 0), O_DUP(A, B),
		   O_ACCESS(B, 0, .pid = child.pid),
		   O_FREE(B, .pid = child.pid));
}

/* A debugger is one more that wants the context of the mapping. */
TEST_F(mapdev, proc_mem)
{
	uint32_t words[2] = {}, value = 0;
	struct peer peer;
	char name[40];
	void *addr;
	long there;
	int mem;

	ASSERT_EQ(0, set(self->fd, 2, OLD_ACCESS_SWITCH));
	ASSERT_EQ(0, peer_start(&peer));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	there = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_EQ(0, peer_write(&peer, there + P - 4, 0x21));
	EXPECT_EQ(0, peer_write(&peer, there + P, 0x22));
	EXPECT_EQ(0, touch_write(addr + P, 0x12));
	ASSERT_EQ(0, old_clear(self->fd));

	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, peer.pid, NULL, NULL));
	snprintf(name, sizeof(name), "/proc/%d/mem", peer.pid);
	mem = open(name, O_RDWR);
	ASSERT_LE(0, mem);
	EXPECT_EQ(8, pread(mem, words, sizeof(words), there + P - 4));
	EXPECT_EQ(0x21, words[0]);
	EXPECT_EQ(0x22, words[1]);
	words[1] = 0x23;
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x12, value);
	EXPECT_EQ(4, pwrite(mem, &words[1], sizeof(words[1]), there + P));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x12, value);
	EXPECT_EQ(0, peer_read(&peer, there + P, &value));
	EXPECT_EQ(0x23, value);
	ASSERT_EQ(0, old_clear(self->fd));

	ASSERT_EQ(0, old_intercept(self->fd, B, 0, 0));
	ASSERT_EQ(0, old_fail(self->fd, OLD_OP_ACCESS, 1, EIO));
	EXPECT_EQ(-1, pread(mem, words, 4, there));
	EXPECT_OLD(self->fd, O_ACCESS(B, 0, .ret = EIO));
	close(mem);
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_OLD(self->fd, O_FREE(B, .pid = peer.pid));
}

/* ddi_mapdev_ctl(9S): the revision, and all functions. */
TEST_F(mapdev, bad_ctl)
{
	static const uint32_t flags[] = {
		OLD_F_NO_CTL, OLD_F_NO_ACCESS, OLD_F_NO_FREE, OLD_F_NO_DUP,
		OLD_F_REV, OLD_F_NO_ACCESS | OLD_F_NO_FREE | OLD_F_NO_DUP,
	};
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);
	struct old_info info;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		script.flags = flags[i];
		for (script.rev = 0; script.rev <= 2; script.rev += 2) {
			ASSERT_EQ(0, old_set(self->fd, &script));
			EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, RW,
						   MAP_SHARED)) {
				TH_LOG("row %zu", i);
			}
		}
	}
	EXPECT_NO_OLD(self->fd);
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(0, info.calls[OLD_OP_MMAP]);
	EXPECT_EQ(0, info.privs);
	EXPECT_EQ(0, old_nothing_left());

	/* Revision 1 it is. */
	script.flags = OLD_F_REV;
	script.rev = 1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_LT(0, dev_map(self->fd, 0, P, RW, MAP_SHARED));
}

TEST_F(mapdev, without_mmap)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);

	script.flags = OLD_F_NO_MMAP;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-ENODEV, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	script.flags |= OLD_F_DEVMAP | OLD_F_D_DEVMAP;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-ENODEV, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	EXPECT_NO_OLD(self->fd);
	EXPECT_EQ(0, old_nothing_left());
}

/* mmap(9E) is not there to check the range: only a touch tells. */
TEST_F(mapdev, refused_pages)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);
	struct old_info info;
	struct peer child;
	void *addr;

	script.page[1] = -1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 0, 6 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x10));
	EXPECT_EQ(SIGBUS, touch_write(addr + P, 0x11));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 0x12));
	EXPECT_EQ(SIGBUS, touch_read(addr + 4 * P, NULL));
	EXPECT_EQ(SIGBUS, touch_read(addr + 5 * P, NULL));
	EXPECT_EQ(0, touch_write(addr, 0x13));
	EXPECT_EQ(0x13, old_peek(self->fd, 0));
	EXPECT_EQ(0x12, old_peek(self->fd, 2));
	EXPECT_OLD(self->fd,
		   O_ACCESS(A, 0),
		   O_ACCESS(A, P, .ret = SOME_ERROR),
		   O_ACCESS(A, 2 * P),
		   O_ACCESS(A, 4 * P, .ret = SOME_ERROR),
		   O_ACCESS(A, 5 * P, .ret = SOME_ERROR));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(SIGBUS, peer_read(&child, (long)addr + P, NULL));
	EXPECT_EQ(0, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(0, peer_stop(&child));
	ASSERT_EQ(0, old_clear(self->fd));
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(6, info.calls[OLD_OP_MMAP]);
}

/* Letting a range go leaves out the refused pages in it. */
TEST_F(mapdev, refused_page_in_a_range)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);
	void *addr;

	script.load_len = 0;
	script.page[1] = -1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x20));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 0x22));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 0x23));
	EXPECT_OLD(self->fd, O_ACCESS(A, 0));
	EXPECT_EQ(0x20, old_peek(self->fd, 0));
	EXPECT_EQ(0x23, old_peek(self->fd, 3));
	/* Whoever is asked: there is nothing there. */
	EXPECT_EQ(SIGBUS, touch_write(addr + P, 0x21));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	ASSERT_EQ(0, old_clear(self->fd));
}

/* mmap(9E) names frames in any order, and some of them twice. */
TEST_F(mapdev, frames_in_any_order)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 5);
	static const int pages[] = { 4, 0, 2, 2, 1 };
	void *addr;
	size_t i;

	memcpy(script.page, pages, sizeof(pages));
	script.load_len = 0;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr, P));
	for (i = 1; i < 5; i++) {
		EXPECT_EQ(0, touch_write(addr + i * P, 0x20 + i));
		EXPECT_EQ(0x20 + i, old_peek(self->fd, pages[i]));
	}
	EXPECT_OLD(self->fd, O_ACCESS(A, P));
}

TEST_F(mapdev, maxprot)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);
	void *addr;
	long ret;
	int fd;

	script.less_maxprot = PROT_WRITE;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EACCES, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(-EACCES, dev_map(self->fd, 0, P, RW, MAP_PRIVATE));
	EXPECT_EQ(0, old_nothing_left());
	ret = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, ret);
	addr = (void *)ret;
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(-1, mprotect(addr, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(SIGSEGV, touch_write(addr, 1));
	EXPECT_EQ(SIGSEGV, touch_write(addr + P, 1));
	EXPECT_OLD(self->fd, O_ACCESS(C, 0));
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_OLD(self->fd, O_FREE(C));

	/* As for a descriptor that is only for reading. */
	script.less_maxprot = 0;
	ASSERT_EQ(0, old_set(self->fd, &script));
	fd = old_open(0, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, RW, MAP_PRIVATE));
	ret = dev_map(fd, 0, P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, ret);
	EXPECT_EQ(-1, mprotect((void *)ret, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, touch_read((void *)ret, NULL));
	EXPECT_EQ(SIGSEGV, touch_write((void *)ret, 1));
}

TEST_F(mapdev, set_device_acc_attr)
{
	void *addr;
	size_t i;
	int ret;

	ASSERT_EQ(0, set(self->fd, 8, OLD_ACCESS_LOAD));
	addr = dev_mmap(self->fd, 2 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	ASSERT_EQ(0, old_clear(self->fd));
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		ret = old_acc_attr(self->fd, A, ranges[i].off, ranges[i].len);
		EXPECT_EQ(!ranges[i].pages, !!ret) {
			TH_LOG("row %zu", i);
		}
	}
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_NO_OLD(self->fd);
}

/* segmap(9E) fails after all: the mapping is undone, and the driver told. */
TEST_F(mapdev, segmap_fails_late)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);

	script.flags = OLD_F_RET;
	script.segmap_ret = EBUSY;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EBUSY, dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED));
	EXPECT_OLD(self->fd, O_FREE(A));
	EXPECT_EQ(0, old_nothing_left());
}

/* One mapping for one mmap(2), and of its length. */
TEST_F(mapdev, segmap_misuse)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);
	void *addr;

	script.flags = OLD_F_TWICE;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_OLD(self->fd, O_ACCESS(A, 0), O_FREE(A));

	script.flags = OLD_F_SHORT;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED));
	EXPECT_EQ(0, old_nothing_left());

	script.flags = OLD_F_OFF;
	script.segmap_off = 1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED));
	EXPECT_EQ(0, old_nothing_left());
	EXPECT_NO_OLD(self->fd);
}

/* segmap(9E) may map from another offset than mmap(2) named. */
TEST_F(mapdev, another_offset)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);
	void *addr;

	script.flags = OLD_F_OFF;
	script.segmap_off = 2 * P;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + P, 0x99));
	EXPECT_EQ(0x99, old_peek(self->fd, 3));
	EXPECT_NE(0, old_intercept(self->fd, A, P, P));
	EXPECT_EQ(0, old_intercept(self->fd, A, 3 * P, P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_OLD(self->fd, O_ACCESS(A, 3 * P), O_ACCESS(A, 3 * P));
}

static unsigned long switches;	/* that the device is to make */

/* Counts in its own context until the device has switched often enough. */
static int count(int fd, int pages)
{
	uint32_t i, value, want[4] = {};
	struct old_info info = {};
	void *addr = dev_mmap(fd, 0, pages * P);

	if (!addr)
		return 1;
	for (i = 0; info.switches < switches; i++) {
		void *word = addr + i % pages * P;
		uint32_t *mine = &want[i % pages];

		if (touch_read(word, &value)) {
			tell("step %u: a signal", i);
			return 1;
		}
		if (value != *mine) {
			tell("step %u: %u instead of %u", i, value, *mine);
			return 1;
		}
		*mine += getpid() % 1000 + 1;
		if (touch_write(word, *mine))
			return 1;
		sched_yield();
		if (!(i % 64) && old_info(fd, &info))
			return 1;
	}
	return munmap(addr, pages * P);
}

static int ping_pong(int fd, enum old_access access, int pages, int processes)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, pages);
	int status, bad = 0, i;
	struct old_info info;
	pid_t pid;

	switches = effort(10000);
	script.access = access;
	script.log_mask = 0;
	if (old_set(fd, &script))
		return -1;
	for (i = 0; i < processes; i++) {
		pid = fork();
		if (!pid)
			_exit(count(fd, pages));
		if (pid < 0)
			return -1;
	}
	while (wait(&status) > 0)
		bad |= status;
	if (old_info(fd, &info) || info.switches < switches || info.bad)
		return -1;
	tell("%llu switches, %llu accesses", (unsigned long long)info.switches,
	     (unsigned long long)info.calls[OLD_OP_ACCESS]);
	return bad;
}

TEST_F_TIMEOUT(mapdev, ping_pong, 600)
{
	EXPECT_EQ(0, ping_pong(self->fd, OLD_ACCESS_SEED, 1, 2));
}

TEST_F_TIMEOUT(mapdev, ping_pong_of_many_pages, 600)
{
	EXPECT_EQ(0, ping_pong(self->fd, OLD_ACCESS_SWITCH, 4, 3));
}

/* Maps, cuts, forks and unmaps while others do the same. */
static int churn(int fd, unsigned int rounds)
{
	uint32_t value, i, page;
	int status, bad;
	void *addr;
	pid_t pid;

	for (i = 0; i < rounds; i++) {
		addr = dev_mmap(fd, 0, 4 * P);
		if (!addr)
			return 1;
		bad = 0;
		for (page = 0; page < 4; page++)
			bad |= touch_write(addr + page * P, getpid() + page);
		bad |= munmap(addr + P * (i % 4), P);
		pid = fork();
		if (!pid) {
			page = (i + 1) % 4;
			bad = touch_read(addr + page * P, &value);
			bad |= touch_write(addr + page * P, 1);
			_exit(bad || value != getppid() + page);
		}
		for (page = 0; page < 4; page++) {
			if (page == i % 4)
				continue;
			bad |= touch_read(addr + page * P, &value);
			bad |= value != getpid() + page;
		}
		if (i % 2)
			bad |= munmap(addr, 4 * P);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		if (!(i % 2))
			bad |= munmap(addr, 4 * P);
		if (bad || status) {
			tell("round %u: %d, child's status %x", i, bad, status);
			return 1;
		}
	}
	return 0;
}

TEST_F_TIMEOUT(mapdev, churn, 600)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 4);
	unsigned int rounds = effort(150);
	struct old_info info;
	int status, i;
	pid_t pid;

	script.access = OLD_ACCESS_SWITCH;
	script.log_mask = 0;
	ASSERT_EQ(0, old_set(self->fd, &script));
	for (i = 0; i < 3; i++) {
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(churn(self->fd, rounds));
	}
	for (i = 0; i < 3; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(3 * rounds, info.calls[OLD_OP_DUP]);
	EXPECT_EQ(6 * rounds, info.calls[OLD_OP_FREE]);
	EXPECT_EQ(0, info.privs);
}

TEST_HARNESS_MAIN
