// SPDX-License-Identifier: GPL-2.0
/* What the driver is told of fork(2). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

FIXTURE(seq_fork) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(seq_fork)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(seq_fork)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/*
 * Handles are duplicated in ascending order. The child has no translations, the
 * parent keeps its own (trap 3).
 */
TEST_F(seq_fork, translations)
{
	u32 value = 0;
	struct peer child;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 2 * P));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x10));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 0x12));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, C, 3),
		   R_DUP(B, 2, D, 4));

	EXPECT_EQ(0, touch_write(addr, 0x20));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_NO_LOG(self->fd);

	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(0x20, value);
	EXPECT_EQ(0, peer_write(&child, (long)addr + 2 * P, 0x22));
	EXPECT_EQ(0, peer_write(&child, (long)addr + 3 * P, 0x23));
	EXPECT_LOG(self->fd,
		   R_ACCESS(C, 3, 0, P, DDI_READ, .pid = child.pid),
		   R_ACCESS(D, 4, 2 * P, P, DDI_WRITE, .pid = child.pid),
		   R_ACCESS(D, 4, 3 * P, P, DDI_WRITE, .pid = child.pid));
	EXPECT_EQ(0x22, dev_peek(self->fd, 0, 2 * P));

	/* Unload hits the one that is named. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_LOG(self->fd, R_UNLOAD(A, 0, 0));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, dev_unload(self->fd, C, 0, 0));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_UNLOAD(C, 0, 0),
		   R_ACCESS(C, 3, 0, P, DDI_READ, .pid = child.pid));

	/* They unmap independently. */
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + P, 2 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(C, 3, P, P, C, 5, 0, 0, .pid = child.pid),
		   R_UNMAP(D, 4, 2 * P, P, 0, 0, D, 6, .pid = child.pid));
	ASSERT_EQ(0, munmap(addr, 4 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 0, 2 * P),
		   R_UNMAP_ALL(B, 2, 2 * P, 2 * P));
	EXPECT_EQ(0, peer_write(&child, (long)addr, 0x30));
	EXPECT_EQ(0x30, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(C, 5, 0, P, .pid = child.pid),
		   R_UNMAP_ALL(D, 6, 3 * P, P, .pid = child.pid));
}

/* Several mappings, in the order of their addresses. */
TEST_F(seq_fork, several_mappings)
{
	struct peer child;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = mmap(NULL, 4 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	/* The one mapped first is the upper one. */
	ASSERT_EQ(addr + 2 * P,
		  mmap(addr + 2 * P, P, PROT_READ, MAP_SHARED | MAP_FIXED,
		       self->fd, 0));
	ASSERT_EQ(addr, mmap(addr, P, PROT_READ, MAP_SHARED | MAP_FIXED,
			     self->fd, 0));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_DUP(B, 2, C, 3),
		   R_DUP(A, 1, D, 4),
		   R_UNMAP_ALL(C, 3, 0, P, .pid = child.pid),
		   R_UNMAP_ALL(D, 4, 0, P, .pid = child.pid));
}

/* madvise(2) can clear the flag that keeps translations out of the child. */
TEST_F(seq_fork, after_keeponfork)
{
	struct peer child, grandchild;
	u32 value;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, madvise(addr, 2 * P, MADV_KEEPONFORK));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, B, 2),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid));

	/* Once more, with the flag as the first fork left it. */
	ASSERT_EQ(0, peer_start(&grandchild));
	EXPECT_EQ(0, peer_read(&grandchild, (long)addr, &value));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, C, 3),
		   R_ACCESS(C, 3, 0, P, DDI_READ, .pid = grandchild.pid));
	EXPECT_EQ(0, peer_stop(&grandchild));
	EXPECT_EQ(0, peer_stop(&child));
}

/*
 * The same for pieces of several handles, of which some have moved: Linux keeps
 * the flag for each VMA.
 */
TEST_F(seq_fork, after_keeponfork_of_pieces)
{
	void *addr, *to;
	struct peer child;
	u32 value;
	long at;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 4 * P));
	addr = dev_mmap(self->fd, 0, 12 * P);
	ASSERT_NE(NULL, addr);
	to = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, to);
	for (i = 0; i < 12; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, 0x10 + i));
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, mprotect(addr + 3 * P, 2 * P, PROT_READ));
	ASSERT_EQ(0, munmap(addr + 6 * P, P));
	ASSERT_EQ(to, mremap(addr + 9 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
			     to));
	for (i = 0; i < 12; i++) {
		if (i != 6 && i != 9)
			ASSERT_EQ(0, madvise(addr + i * P, P, MADV_KEEPONFORK));
	}
	ASSERT_EQ(0, madvise(to, P, MADV_KEEPONFORK));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, E, 6),
		   R_DUP(B, 4, F, 7),
		   R_DUP(D, 5, G, 8),
		   R_DUP(C, 3, H, 9));
	for (i = 0; i < 12; i++) {
		u32 h = i < 4 ? E : i < 6 ? F : i < 8 ? G : H;

		if (i == 6)
			continue;
		at = (long)(i == 9 ? to : addr + i * P);
		EXPECT_EQ(0, touch_read((void *)at, NULL));
		EXPECT_EQ(0, peer_read(&child, at, &value));
		EXPECT_EQ(0x10 + i, value);
		EXPECT_LOG(self->fd,
			   R_ACCESS(h, h + 1, i * P, P, DDI_READ,
				    .pid = child.pid));
	}
	EXPECT_EQ(0, peer_stop(&child));
}

/* Several VMAs show the handle; it is duplicated once. */
TEST_F(seq_fork, after_protect)
{
	struct peer child;
	u32 value;
	void *addr;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, i));
	ASSERT_EQ(0, mprotect(addr + 2 * P, P, PROT_READ));
	ASSERT_EQ(0, madvise(addr + 3 * P, P, MADV_KEEPONFORK));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_LOG(self->fd, R_DUP(A, 1, B, 2));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, peer_read(&child, (long)addr + i * P, &value));
		EXPECT_EQ(i, value);
		EXPECT_LOG(self->fd,
			   R_ACCESS(B, 2, i * P, P, DDI_READ,
				    .pid = child.pid));
	}
	EXPECT_EQ(SIGSEGV, peer_write(&child, (long)addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + 2 * P, P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 2, 2 * P, P, B, 3, C, 4, .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(B, 3, 0, 2 * P, .pid = child.pid),
		   R_UNMAP_ALL(C, 4, 3 * P, 2 * P, .pid = child.pid));
}

/* Remnants are duplicated as the handles they are. */
TEST_F(seq_fork, after_partial_unmap)
{
	struct peer child;
	u32 value;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + 4 * P, 5));
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 2, C, 4),
		   R_DUP(B, 3, D, 5));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 4 * P, &value));
	EXPECT_EQ(5, value);
	EXPECT_EQ(SIGSEGV, peer_read(&child, (long)addr + 2 * P, NULL));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + 4 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(D, 5, 4 * P, P, DDI_READ, .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(C, 4, 0, 2 * P, .pid = child.pid),
		   R_UNMAP_ALL(D, 5, 3 * P, 2 * P, .pid = child.pid));
}

TEST_F(seq_fork, after_move)
{
	struct peer child;
	void *addr, *new;
	u32 value;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + P, 3));
	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(addr + P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
			      new));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)new, &value));
	EXPECT_EQ(3, value);
	EXPECT_EQ(0, touch_read(new, NULL));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, B, 2),
		   R_ACCESS(B, 2, P, P, DDI_READ, .pid = child.pid),
		   R_UNMAP_ALL(B, 2, 0, 2 * P, .pid = child.pid));
}

/* Parent and child are two owners of the context. */
TEST_F(seq_fork, with_contexts)
{
	struct dmst_region region = dev_region(0, P);
	struct peer child;
	u32 value;
	void *addr;

	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_CONTENT;
	ASSERT_EQ(0, dev_umem(self->fd, 0, P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, peer_start(&child));
	ASSERT_EQ(0, log_clear(self->fd));

	/* The device's child context begins as a copy of the parent's. */
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, peer_write(&child, (long)addr, 2));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(2, value);
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_CTX(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_UNLOAD(A, 0, P, .pid = child.pid),
		   R_LOAD(B, 0, P, DDI_READ, .pid = child.pid),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ),
		   R_UNLOAD(B, 0, P),
		   R_LOAD(A, 0, P, DDI_READ),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_CTX(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_UNLOAD(A, 0, P, .pid = child.pid),
		   R_LOAD(B, 0, P, DDI_READ, .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
}

/* devmap_dup may unload the parent's handle, with the driver's mutex held. */
TEST_F(seq_fork, with_unload_inside)
{
	struct dmst_region region = dev_region(0, P);
	struct peer child;
	void *addr;

	region.flags = DMST_F_UNLOAD;
	ASSERT_EQ(0, dev_umem(self->fd, 0, P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, B, 2),
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 1, 0, P, DDI_READ));
	EXPECT_EQ(0, peer_stop(&child));
}

/* It may unload those of others as well, also of other processes. */
TEST_F(seq_fork, with_unload_of_others)
{
	struct dmst_region region = dev_region(0, 2 * P);
	struct peer other, child;
	void *addr;
	long there;

	region.flags = DMST_F_UNLOAD_ALL;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, peer_start(&other));
	there = peer_map(&other, self->fd, P, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_EQ(0, peer_read(&other, there, NULL));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&other, there, NULL));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_DUP(B, 2, C, 3),
		   R_UNLOAD(A, P, P),
		   R_UNLOAD(B, 0, P),
		   R_ACCESS(A, 1, P, P, DDI_READ, .pid = other.pid),
		   R_ACCESS(B, 2, 0, P, DDI_READ));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0, peer_stop(&other));
}

/* Without devmap_dup the child's handle has the parent's private data. */
TEST_F(seq_fork, without_callback)
{
	struct dmst_region region = dev_region(0, 2 * P);
	struct peer child;
	u32 value;
	void *addr;

	region.callbacks &= ~DMST_CB_DUP;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(1, value);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(DMST_UNKNOWN, 1, 0, P, DDI_READ,
			    .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(DMST_UNKNOWN, 1, 0, 2 * P, .pid = child.pid));
}

/* Children of children; the parent in the middle ends first. */
TEST_F(seq_fork, grandchild)
{
	struct peer child, grandchild;
	int to_child[2];
	u32 value;
	pid_t pid = 0;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, pipe(to_child));
	child.pid = fork();
	if (!child.pid) {
		/* Its child reads; then it reads itself. */
		if (peer_start(&grandchild) ||
		    write(to_child[1], &grandchild.pid, sizeof(pid)) < 0 ||
		    peer_read(&grandchild, (long)addr, &value) ||
		    peer_stop(&grandchild))
			_exit(1);
		_exit(touch_read(addr, NULL));
	}
	ASSERT_EQ(child.pid, waitpid(child.pid, (int *)&value, 0));
	EXPECT_EQ(0, value);
	ASSERT_EQ(sizeof(pid), read(to_child[0], &pid, sizeof(pid)));
	EXPECT_EQ(0, touch_write(addr, 2));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, B, 2),
		   R_DUP(B, 2, C, 3, .pid = child.pid),
		   R_ACCESS(C, 3, 0, P, DDI_READ, .pid = pid),
		   R_UNMAP_ALL(C, 3, 0, P, .pid = pid),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_UNMAP_ALL(B, 2, 0, P, .pid = child.pid));
}

static void *do_nothing(void *arg)
{
	return arg;
}

static int read_in_child(void *arg)
{
	return touch_read(arg, NULL);
}

/* Those that share the address space duplicate nothing. */
TEST_F(seq_fork, vfork_and_threads)
{
	static char stack[65536];
	char *top = (char *)((uintptr_t)(stack + sizeof(stack)) & ~15UL);
	pthread_t thread;
	int status = -1;
	void *addr;
	pid_t pid;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, pthread_create(&thread, NULL, do_nothing, NULL));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	pid = clone(read_in_child, top,
		    CLONE_VM | CLONE_VFORK | SIGCHLD, addr);
	ASSERT_LT(0, pid);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, touch_write(addr, 2));
	EXPECT_NO_LOG(self->fd);
}

/* A mapping that is not inherited is not duplicated. */
TEST_F(seq_fork, dontfork)
{
	struct peer child;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, madvise(addr, P, MADV_DONTFORK));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(SIGSEGV, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_NO_LOG(self->fd);
}

/* Inherited in part: what the child does not have is unmapped there. */
TEST_F(seq_fork, dontfork_of_a_part)
{
	struct peer child;
	u32 value;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 3 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + 2 * P, 3));
	ASSERT_EQ(0, madvise(addr + P, P, MADV_DONTFORK));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_LOG(self->fd, R_DUP(A, 1, B, 2));
	EXPECT_EQ(SIGSEGV, peer_read(&child, (long)addr + P, NULL));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 2 * P, &value));
	EXPECT_EQ(3, value);
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 2 * P, P, DDI_READ, .pid = child.pid));
	/* Each page is told once; how it is cut into calls is not the point. */
	EXPECT_EQ(0, peer_unmap(&child, (long)addr, P));
	EXPECT_EQ(0, peer_stop(&child));
}

/* Many holes from the start, and then a real one. */
TEST_F(seq_fork, dontfork_of_several_parts)
{
	struct peer child;
	u32 value;
	void *addr;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 10 * P);
	ASSERT_NE(NULL, addr);
	for (i = 1; i < 8; i += 2)
		ASSERT_EQ(0, madvise(addr + i * P, P, MADV_DONTFORK));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + 9 * P, P));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 4 * P, &value));
	EXPECT_EQ(SIGSEGV, peer_read(&child, (long)addr + 5 * P, &value));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + 4 * P, P));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 6 * P, &value));
	EXPECT_EQ(0, peer_stop(&child));
}

/* Many forks, one after the other: no translations and no leaks. */
TEST_F(seq_fork, repeated)
{
	struct dmst_info info;
	struct peer child;
	u32 value;
	void *addr;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 100; i++) {
		EXPECT_EQ(0, touch_write(addr, i));
		ASSERT_EQ(0, peer_start(&child));
		EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
		EXPECT_EQ(i, value);
		EXPECT_EQ(0, peer_stop(&child));
	}
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(101, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(100, info.calls[DMST_OP_DUP]);
	EXPECT_EQ(100, info.calls[DMST_OP_UNMAP]);
	EXPECT_EQ(1, info.live);
}

TEST_HARNESS_MAIN
