// SPDX-License-Identifier: GPL-2.0
/* What the driver is told when mappings go or move. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/ptrace.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

FIXTURE(seq_unmap) {
	struct objects base;
	int fd;
	void *addr;	/* a mapping of user offsets 1 to 4 pages: handle A */
};

FIXTURE_SETUP(seq_unmap)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	self->addr = dev_mmap(self->fd, P, 3 * P);
	ASSERT_NE(NULL, self->addr);
	ASSERT_EQ(0, log_clear(self->fd));
}

FIXTURE_TEARDOWN_PARENT(seq_unmap)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static int load_three(int fd, void *addr)
{
	return touch_write(addr, 1) | touch_write(addr + P, 2) |
	       touch_write(addr + 2 * P, 3) | log_clear(fd);
}

TEST_F(seq_unmap, whole)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, P, 3 * P));
	EXPECT_EQ(SIGSEGV, touch_read(self->addr, NULL));
	EXPECT_NO_LOG(self->fd);
}

/* The handle above the hole is the old one, with new private data. */
TEST_F(seq_unmap, head)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(0, munmap(self->addr, P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, P, P, 0, 0, A, 2));

	EXPECT_EQ(SIGSEGV, touch_read(self->addr, NULL));
	EXPECT_EQ(0, touch_read(self->addr + P, NULL));
	EXPECT_EQ(0, touch_write(self->addr + 2 * P, 4));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, dev_unload(self->fd, A, 2 * P, 2 * P));
	EXPECT_NE(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(0, touch_read(self->addr + 2 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 2 * P, 2 * P),
		   R_UNLOAD(A, P, P, .ret = SOME_ERROR),
		   R_ACCESS(A, 2, 3 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 2, 2 * P, 2 * P));
}

TEST_F(seq_unmap, tail)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(0, munmap(self->addr + 2 * P, P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 3 * P, P, A, 2, 0, 0));

	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_EQ(0, touch_read(self->addr + P, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, dev_unload(self->fd, A, P, 2 * P));
	EXPECT_NE(0, dev_unload(self->fd, A, 3 * P, P));
	EXPECT_EQ(0, touch_read(self->addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, P, 2 * P),
		   R_UNLOAD(A, 3 * P, P, .ret = SOME_ERROR),
		   R_ACCESS(A, 2, 2 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 2, P, 2 * P));
}

/* Two remnants: the lower one is the old handle, the upper one is new. */
TEST_F(seq_unmap, middle)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(0, munmap(self->addr + P, P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, P, A, 2, B, 3));

	/* Their translations survive, and go one handle at a time. */
	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_EQ(0, touch_read(self->addr + 2 * P, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_EQ(0, touch_read(self->addr + 2 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(B, 0, 0),
		   R_ACCESS(B, 3, 3 * P, P, DDI_READ));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_write(self->addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(self->addr, 1));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 2, P, P, DDI_WRITE));
	EXPECT_NE(0, dev_unload(self->fd, A, 3 * P, P));
	EXPECT_NE(0, dev_unload(self->fd, B, P, P));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, munmap(self->addr, P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 2, P, P));
	EXPECT_EQ(0, touch_read(self->addr + 2 * P, NULL));
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, munmap(self->addr + 2 * P, P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 3, 3 * P, P));
}

/* Remnants are handles like others: they can be cut again. */
TEST_F(seq_unmap, remnants_of_remnants)
{
	void *addr = dev_mmap(self->fd, 0, 9 * P);
	int i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < 9; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, 0x100 + i));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, munmap(addr + 4 * P, P));
	ASSERT_EQ(0, munmap(addr + 6 * P, P));
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, munmap(addr + 8 * P, P));
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 2, 4 * P, P, B, 3, C, 4),
		   R_UNMAP(C, 4, 6 * P, P, C, 5, D, 6),
		   R_UNMAP(B, 3, P, P, B, 7, E, 8),
		   R_UNMAP(D, 6, 8 * P, P, D, 9, 0, 0),
		   R_UNMAP(E, 8, 2 * P, P, 0, 0, E, 10));

	/* Left: 0 of B, 3 of E, 5 of C, 7 of D, all with their translations. */
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 5 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 7 * P, 1));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, dev_unload(self->fd, C, 0, 0));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 2));
	EXPECT_EQ(0, touch_write(addr + 5 * P, 2));
	EXPECT_EQ(0, touch_write(addr + 7 * P, 2));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(C, 0, 0),
		   R_ACCESS(C, 5, 5 * P, P, DDI_WRITE));
	EXPECT_EQ(2, dev_peek(self->fd, 0, 5 * P));

	ASSERT_EQ(0, munmap(addr, 9 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(B, 7, 0, P),
		   R_UNMAP_ALL(E, 10, 3 * P, P),
		   R_UNMAP_ALL(C, 5, 5 * P, P),
		   R_UNMAP_ALL(D, 9, 7 * P, P));
}

TEST_F(seq_unmap, page_by_page)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(0, munmap(self->addr, P));
	ASSERT_EQ(0, munmap(self->addr + P, P));
	ASSERT_EQ(0, munmap(self->addr + 2 * P, P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(A, 1, P, P, 0, 0, A, 2),
		   R_UNMAP(A, 2, 2 * P, P, 0, 0, A, 3),
		   R_UNMAP_ALL(A, 3, 3 * P, P));
}

static int three_handles(int fd)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.chunk = 2 * P;
	return dev_regions(fd, &region, 1);
}

/* Handles are told in ascending order, each its part of the hole. */
TEST_F(seq_unmap, spanning_two_handles)
{
	void *addr;

	ASSERT_EQ(0, three_handles(self->fd));
	addr = dev_mmap(self->fd, 2 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr + P, 2 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 2, 3 * P, P, B, 4, 0, 0),
		   R_UNMAP(C, 3, 4 * P, P, 0, 0, C, 5));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 4, 2 * P, P, DDI_READ),
		   R_ACCESS(C, 5, 5 * P, P, DDI_READ));
}

TEST_F(seq_unmap, spanning_a_whole_handle)
{
	void *addr;

	ASSERT_EQ(0, three_handles(self->fd));
	addr = dev_mmap(self->fd, 2 * P, 6 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr + P, 4 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 2, 3 * P, P, B, 5, 0, 0),
		   R_UNMAP_ALL(C, 3, 4 * P, 2 * P),
		   R_UNMAP(D, 4, 6 * P, P, 0, 0, D, 6));
	ASSERT_EQ(0, munmap(addr, 6 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(B, 5, 2 * P, P),
		   R_UNMAP_ALL(D, 6, 7 * P, P));
}

/* One munmap(2) that begins before and ends behind the mapping. */
TEST_F(seq_unmap, with_neighbours)
{
	void *addr = mmap(NULL, 6 * P, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, addr);
	ASSERT_EQ(addr + 2 * P,
		  mmap(addr + 2 * P, 2 * P, PROT_READ, MAP_SHARED | MAP_FIXED,
		       self->fd, 4 * P));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr + P, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP(B, 2, 4 * P, P, 0, 0, B, 3));
	ASSERT_EQ(0, munmap(addr, 6 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 3, 5 * P, P));
}

/* Another mapping over the middle has the form of munmap(2) there. */
TEST_F(seq_unmap, by_a_fixed_mapping)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(self->addr + P,
		  mmap(self->addr + P, P, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, P, A, 2, B, 3));
	EXPECT_EQ(0, touch_write(self->addr, 1));
	EXPECT_EQ(0, touch_write(self->addr + 2 * P, 1));
	EXPECT_NO_LOG(self->fd);
}

/* Callbacks may unload the handle they are called for. */
TEST_F(seq_unmap, with_unload_inside)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;

	region.flags = DMST_F_UNLOAD;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 3 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, load_three(self->fd, addr));
	ASSERT_EQ(0, munmap(addr + P, P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 2, P, P, B, 3, C, 4),
		   R_UNLOAD(B, P, P));
	ASSERT_EQ(0, munmap(addr, 3 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(B, 3, 0, P),
		   R_UNLOAD(B, 0, P),
		   R_UNMAP_ALL(C, 4, 2 * P, P),
		   R_UNLOAD(C, 2 * P, P));
}

/* And those of others, also of other processes. */
TEST_F(seq_unmap, with_unload_of_others)
{
	struct dmst_region region = dev_region(0, 16 * P);
	struct peer peer;
	void *addr, *own;
	long there;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	region.flags = DMST_F_UNLOAD_ALL;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, there);
	own = dev_mmap(self->fd, P, P);
	addr = dev_mmap(self->fd, 2 * P, 2 * P);
	ASSERT_NE(NULL, own);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_EQ(0, touch_read(own, NULL));
	EXPECT_EQ(0, touch_read(addr, NULL));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, munmap(addr + P, P));
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_EQ(0, touch_read(own, NULL));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_UNMAP(D, 4, 3 * P, P, D, 5, 0, 0),
		   R_UNLOAD(B, 0, P),
		   R_UNLOAD(C, P, P),
		   R_UNLOAD(D, 2 * P, 2 * P),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = peer.pid),
		   R_ACCESS(C, 3, P, P, DDI_READ),
		   R_ACCESS(D, 5, 2 * P, P, DDI_READ));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Remnants of a handle without devmap_unmap keep its private data. */
TEST_F(seq_unmap, without_callback)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;

	region.callbacks = DMST_CB_MAP | DMST_CB_ACCESS;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 3 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr + P, P));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 0, P, DDI_READ),
		   R_ACCESS(DMST_UNKNOWN, 2, 2 * P, P, DDI_READ));
	ASSERT_EQ(0, munmap(addr, 3 * P));
	EXPECT_NO_LOG(self->fd);
}

/* mremap(2) to another address: nothing goes (trap 7). */
TEST_F(seq_unmap, moved)
{
	void *new;

	ASSERT_EQ(0, load_three(self->fd, self->addr));
	new = mmap(NULL, 3 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(self->addr, 3 * P, 3 * P,
			      MREMAP_MAYMOVE | MREMAP_FIXED, new));
	EXPECT_EQ(0, touch_write(new, 11));
	EXPECT_EQ(0, touch_write(new + 2 * P, 13));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(13, dev_peek(self->fd, 0, 3 * P));
	EXPECT_EQ(SIGSEGV, touch_read(self->addr, NULL));

	/* Unload finds it where it is now. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 2 * P, P));
	EXPECT_EQ(0, touch_read(new, NULL));
	EXPECT_EQ(0, touch_read(new + P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 2 * P, P),
		   R_ACCESS(A, 1, 2 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(new, 3 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, P, 3 * P));
}

/* A page of the middle moves away, is used there, and goes there. */
TEST_F(seq_unmap, moved_in_part)
{
	void *new;

	ASSERT_EQ(0, load_three(self->fd, self->addr));
	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(self->addr + P, P, P,
			      MREMAP_MAYMOVE | MREMAP_FIXED, new));
	EXPECT_EQ(0, touch_write(self->addr, 21));
	EXPECT_EQ(0, touch_write(new, 22));
	EXPECT_EQ(0, touch_write(self->addr + 2 * P, 23));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(22, dev_peek(self->fd, 0, 2 * P));

	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(new, NULL));
	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_EQ(0, touch_read(self->addr + 2 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 1, 2 * P, P, DDI_READ),
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_ACCESS(A, 1, 3 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(new, P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, P, A, 2, B, 3));
	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 2, P, P),
		   R_UNMAP_ALL(B, 3, 3 * P, P));
}

/* The outer pages go while the inner one is elsewhere. */
TEST_F(seq_unmap, around_what_has_moved)
{
	void *new;

	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(self->addr + P, P, P,
			      MREMAP_MAYMOVE | MREMAP_FIXED, new));
	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(A, 1, P, P, 0, 0, A, 2),
		   R_UNMAP(A, 2, 3 * P, P, A, 3, 0, 0));
	EXPECT_EQ(0, touch_write(new, 1));
	EXPECT_LOG(self->fd, R_ACCESS(A, 3, 2 * P, P, DDI_WRITE));
	ASSERT_EQ(0, munmap(new, P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 3, 2 * P, P));
}

TEST_F(seq_unmap, shrunk)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(self->addr, mremap(self->addr, 3 * P, P, 0));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, 2 * P, A, 2, 0, 0));
	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(SIGSEGV, touch_read(self->addr + P, NULL));
}

TEST_F(seq_unmap, shrunk_and_moved)
{
	void *new;

	ASSERT_EQ(0, load_three(self->fd, self->addr));
	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(self->addr, 3 * P, P,
			      MREMAP_MAYMOVE | MREMAP_FIXED, new));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, 2 * P, A, 2, 0, 0));
	EXPECT_EQ(0, touch_write(new, 5));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(5, dev_peek(self->fd, 0, P));
}

/* There is no more of it than mmap(2) made. */
TEST_F(seq_unmap, not_expanded)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	EXPECT_EQ(MAP_FAILED, mremap(self->addr, 3 * P, 4 * P, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(self->addr, 0, 3 * P, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(self->addr, 3 * P, 3 * P,
				     MREMAP_MAYMOVE | MREMAP_DONTUNMAP));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, load_three(self->fd, self->addr));
}

/* Moved over another mapping of the device, which goes. */
TEST_F(seq_unmap, moved_over_another)
{
	void *other = dev_mmap(self->fd, 8 * P, 3 * P);

	ASSERT_NE(NULL, other);
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	ASSERT_EQ(other, mremap(self->addr, 3 * P, 3 * P,
				MREMAP_MAYMOVE | MREMAP_FIXED, other));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 2, 8 * P, 3 * P));
	EXPECT_EQ(0, touch_write(other + P, 0x77));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0x77, dev_peek(self->fd, 0, 2 * P));
}

TEST_F(seq_unmap, bad_arguments)
{
	ASSERT_EQ(0, load_three(self->fd, self->addr));
	EXPECT_EQ(-1, munmap(self->addr + 1, P));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, munmap(self->addr, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, touch_read(self->addr, NULL));
	EXPECT_NO_LOG(self->fd);
}

/* A process ends: every handle in the whole form, in the dying process. */
TEST_F(seq_unmap, exit_of_a_process)
{
	struct peer peer;
	long one, two;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, three_handles(self->fd));
	ASSERT_EQ(0, peer_start(&peer));
	one = peer_map(&peer, self->fd, 0, 4 * P, PROT_READ | PROT_WRITE,
		       MAP_SHARED);
	two = peer_map(&peer, self->fd, 8 * P, P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, one);
	ASSERT_LT(0, two);
	EXPECT_EQ(0, peer_write(&peer, one, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, peer_stop(&peer));
	/* Mappings go in the order of their addresses. */
	if (one < two)
		EXPECT_LOG(self->fd,
			   R_UNMAP_ALL(B, 2, 0, 2 * P, .pid = peer.pid),
			   R_UNMAP_ALL(C, 3, 2 * P, 2 * P, .pid = peer.pid),
			   R_UNMAP_ALL(D, 4, 8 * P, P, .pid = peer.pid));
	else
		EXPECT_LOG(self->fd,
			   R_UNMAP_ALL(D, 4, 8 * P, P, .pid = peer.pid),
			   R_UNMAP_ALL(B, 2, 0, 2 * P, .pid = peer.pid),
			   R_UNMAP_ALL(C, 3, 2 * P, 2 * P, .pid = peer.pid));
}

TEST_F(seq_unmap, exec_of_a_process)
{
	struct peer peer;
	long addr;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, peer_start(&peer));
	addr = peer_map(&peer, self->fd, 0, 4 * P, PROT_READ | PROT_WRITE,
			MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, peer_write(&peer, addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(-EPIPE, peer_exec(&peer));
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 2, 0, 4 * P, .pid = peer.pid));
}

/* Everything that splits, and then the end: handles are told whole. */
static void split_and_exit(int fd)
{
	void *none = mmap(NULL, 16 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	void *addr = mmap(none, 12 * P, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_FIXED, fd, 0);

	if (none == MAP_FAILED || addr != none ||
	    touch_write(addr + 3 * P, 1) || touch_write(addr + 9 * P, 1) ||
	    mprotect(addr + 3 * P, P, PROT_READ) ||
	    mprotect(addr + 8 * P, P, PROT_NONE) ||
	    munmap(addr, P) || munmap(addr + 5 * P, 2 * P) ||
	    mremap(addr + 9 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
		   none + 14 * P) != none + 14 * P ||
	    mmap(addr + 11 * P, P, PROT_READ,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
	    addr + 11 * P)
		_exit(1);
	_exit(0);
}

TEST_F(seq_unmap, exit_after_all_that_splits)
{
	struct dmst_region region = dev_region(0, 16 * P);
	int status = 0;
	pid_t pid;

	region.chunk = 4 * P;
	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	pid = fork();
	if (!pid)
		split_and_exit(self->fd);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(B, 0, 12 * P, 4 * P, .pid = pid),
		   R_DEVMAP(C, 4 * P, 8 * P, 4 * P, .pid = pid),
		   R_DEVMAP(D, 8 * P, 4 * P, 4 * P, .pid = pid),
		   R_MAP(B, MAP_SHARED, 0, 4 * P, 2, .pid = pid),
		   R_MAP(C, MAP_SHARED, 4 * P, 4 * P, 3, .pid = pid),
		   R_MAP(D, MAP_SHARED, 8 * P, 4 * P, 4, .pid = pid),
		   R_ACCESS(B, 2, 3 * P, P, DDI_WRITE, .pid = pid),
		   R_ACCESS(D, 4, 9 * P, P, DDI_WRITE, .pid = pid),
		   R_UNMAP(B, 2, 0, P, 0, 0, B, 5, .pid = pid),
		   R_UNMAP(C, 3, 5 * P, 2 * P, C, 6, E, 7, .pid = pid),
		   R_UNMAP(D, 4, 11 * P, P, D, 8, 0, 0, .pid = pid),
		   R_UNMAP_ALL(B, 5, P, 3 * P, .pid = pid),
		   R_UNMAP_ALL(C, 6, 4 * P, P, .pid = pid),
		   R_UNMAP_ALL(E, 7, 7 * P, P, .pid = pid),
		   R_UNMAP_ALL(D, 8, 8 * P, 3 * P, .pid = pid));
}

#define THREADS		4
#define THREAD_PAGES	8	/* of each thread; handles have six */
#define ALL_PAGES	(THREADS * THREAD_PAGES)

/* What a thread does to its pages, in an order of its own. */
struct splitter {
	pthread_barrier_t *start;
	char *addr;
	char *to;	/* where its pages may go */
	unsigned int seed;
	int failed;
};

static unsigned int random_below(struct splitter *s, unsigned int n)
{
	s->seed = s->seed * 1103515245 + 12345;
	return (s->seed >> 16) % n;
}

static int change_page(struct splitter *s, char **page, unsigned int i)
{
	char *to = s->to + i * P;

	switch (random_below(s, 4)) {
	case 0:
		return mprotect(*page, P, PROT_READ) ||
		       touch_read(*page, NULL);
	case 1:
		return mprotect(*page, P, PROT_READ | PROT_WRITE) ||
		       touch_write(*page, i);
	case 2:
		if (*page == to)
			return 0;
		if (mremap(*page, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
		    to)
			return 1;
		*page = to;
		return 0;
	}
	if (munmap(*page, P) || touch_read(*page, NULL) != SIGSEGV)
		return 1;
	*page = NULL;
	return 0;
}

static void *split(void *arg)
{
	struct splitter *s = arg;
	char *page[THREAD_PAGES];
	int i, left = THREAD_PAGES;

	for (i = 0; i < THREAD_PAGES; i++)
		page[i] = s->addr + i * P;
	pthread_barrier_wait(s->start);
	while (left && !s->failed) {
		i = random_below(s, THREAD_PAGES);
		if (!page[i])
			continue;
		s->failed = change_page(s, &page[i], i);
		left -= !page[i];
	}
	return NULL;
}

/* The handles as the driver knows them. */
struct known {
	u32 handle;
	u64 off;
	u64 end;
};

/* Whether a record fits to what the driver knows, which it changes. */
static int follow(struct known *known, int *nr, const struct dmst_record *r)
{
	u64 end = r->off + r->len;
	struct known old;
	bool low, high;
	int i;

	for (i = 0; i < *nr && known[i].handle != r->handle; i++)
		;
	if (i == *nr || !r->len || r->off < known[i].off || end > known[i].end)
		return -1;

	old = known[i];
	known[i] = known[--*nr];
	low = r->off > old.off;
	high = end < old.end;
	if (r->new1 != (low ? r->handle : 0) || !r->new2 != !high ||
	    (high && !low && r->new2 != r->handle))
		return -1;
	if (low)
		known[(*nr)++] = (struct known){ r->new1, old.off, r->off };
	if (high)
		known[(*nr)++] = (struct known){ r->new2, end, old.end };
	return 0;
}

/* Several threads split, move and unmap one mapping, each its pages (trap 8). */
TEST_F_TIMEOUT(seq_unmap, by_several_threads, 120)
{
	static struct dmst_record records[DMST_LOG];
	struct known known[ALL_PAGES + 1];
	struct splitter s[THREADS];
	pthread_t threads[THREADS];
	struct dmst_script script = { .nr_regions = 1 };
	pthread_barrier_t start;
	int round, i, nr;
	ssize_t n;
	char *addr;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, dev_umem(self->fd, 1, ALL_PAGES * P));
	script.log_mask = 1 << DMST_OP_MAP | 1 << DMST_OP_UNMAP;
	script.region[0] = dev_region(0, ALL_PAGES * P);
	script.region[0].umem = 1;
	script.region[0].chunk = 6 * P;
	ASSERT_EQ(0, dev_script(self->fd, &script));
	ASSERT_EQ(0, pthread_barrier_init(&start, NULL, THREADS));
	for (round = 0; round < 30; round++) {
		ASSERT_EQ(0, log_clear(self->fd));
		addr = mmap(NULL, 2 * ALL_PAGES * P, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		ASSERT_NE(MAP_FAILED, addr);
		ASSERT_EQ(addr, mmap(addr, ALL_PAGES * P,
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_FIXED, self->fd, 0));
		for (i = 0; i < THREADS; i++) {
			s[i] = (struct splitter){
				.start = &start,
				.addr = addr + i * THREAD_PAGES * P,
				.to = addr + (ALL_PAGES + i * THREAD_PAGES) * P,
				.seed = round * THREADS + i + 1,
			};
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, split,
						    &s[i]));
		}
		for (i = 0; i < THREADS; i++) {
			ASSERT_EQ(0, pthread_join(threads[i], NULL));
			EXPECT_EQ(0, s[i].failed);
		}
		n = log_read(self->fd, records, DMST_LOG);
		for (i = 0, nr = 0; i < n; i++) {
			const struct dmst_record *r = &records[i];

			if (r->op == DMST_OP_MAP)
				known[nr++] = (struct known){
					r->handle, r->off, r->off + r->len,
				};
			else
				ASSERT_EQ(0, follow(known, &nr, r)) {
					TH_LOG("round %d: unmap of handle %u",
					       round, r->handle);
				}
		}
		/* All of them are told. */
		EXPECT_EQ(0, nr);
		munmap(addr, 2 * ALL_PAGES * P);
	}
}

/* Pieces that mprotect(2) made are one handle when the process ends. */
TEST_F(seq_unmap, exit_after_protect)
{
	int status = 0;
	void *addr;
	pid_t pid;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, log_clear(self->fd));
	pid = fork();
	if (!pid) {
		addr = dev_mmap(self->fd, 0, 5 * P);
		if (!addr || mprotect(addr + P, P, PROT_READ) ||
		    mprotect(addr + 3 * P, P, PROT_NONE) ||
		    touch_read(addr + P, NULL))
			_exit(1);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(B, 0, 5 * P, 5 * P, .pid = pid),
		   R_MAP(B, MAP_SHARED, 0, 5 * P, 2, .pid = pid),
		   R_ACCESS(B, 2, P, P, DDI_READ, .pid = pid),
		   R_UNMAP_ALL(B, 2, 0, 5 * P, .pid = pid));
}

/* One munmap(2) over the pieces: still whole. */
TEST_F(seq_unmap, after_protect)
{
	ASSERT_EQ(0, mprotect(self->addr + P, P, PROT_READ));
	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, P, 3 * P));
}

TEST_F(seq_unmap, part_of_pieces)
{
	ASSERT_EQ(0, mprotect(self->addr + P, P, PROT_READ));
	ASSERT_EQ(0, munmap(self->addr + P, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, 2 * P, 2 * P, A, 2, 0, 0));
}

/*
 * The last reference to the address space goes in another process, which has it
 * open through /proc (trap 9).
 */
TEST_F(seq_unmap, by_another_process)
{
	char name[40];
	struct peer peer;
	u32 value;
	long addr;
	int mem;

	ASSERT_EQ(0, munmap(self->addr, 3 * P));
	ASSERT_EQ(0, peer_start(&peer));
	addr = peer_map(&peer, self->fd, 0, 2 * P, PROT_READ | PROT_WRITE,
			MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, peer_write(&peer, addr, 1));
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, peer.pid, NULL, NULL));
	snprintf(name, sizeof(name), "/proc/%d/mem", peer.pid);
	mem = open(name, O_RDWR);
	ASSERT_LE(0, mem);
	EXPECT_EQ(sizeof(value), pread(mem, &value, sizeof(value), addr));
	EXPECT_EQ(1, value);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, kill(peer.pid, SIGKILL));
	EXPECT_EQ(SIGKILL, peer_stop(&peer));
	EXPECT_GE(0, pread(mem, &value, sizeof(value), addr));
	ASSERT_EQ(0, close(mem));
	/* Here, there, or in a worker of the kernel, but once and soon. */
	EXPECT_EQ(0, dev_wait_calls(self->fd, DMST_OP_UNMAP, 2));
}

TEST_HARNESS_MAIN
