// SPDX-License-Identifier: GPL-2.0
/* mprotect(2): never told to the driver, and never beyond maxprot. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(seq_protect) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(seq_protect)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(seq_protect)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* Loaded pages can be used as the new protection says, without a call. */
TEST_F(seq_protect, whole)
{
	long addr;
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	p = (void *)addr;
	EXPECT_EQ(0, touch_read(p, NULL));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, mprotect(p, 2 * P, RW));
	EXPECT_EQ(0, touch_write(p, 1));
	ASSERT_EQ(0, mprotect(p, 2 * P, PROT_READ));
	EXPECT_EQ(SIGSEGV, touch_write(p, 2));
	EXPECT_EQ(0, touch_read(p, NULL));
	ASSERT_EQ(0, mprotect(p, 2 * P, PROT_NONE));
	EXPECT_EQ(SIGSEGV, touch_read(p, NULL));
	ASSERT_EQ(0, mprotect(p, 2 * P, RW));
	EXPECT_EQ(0, touch_write(p, 3));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(3, dev_peek(self->fd, 0, 0));

	ASSERT_EQ(0, munmap(p, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, 2 * P));
}

/* The pieces are Linux' affair: the handle stays one (trap 7). */
TEST_F(seq_protect, part)
{
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(0, touch_write(p + 2 * P, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, mprotect(p + P, 2 * P, PROT_READ));
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_EQ(SIGSEGV, touch_write(p + 2 * P, 2));
	EXPECT_EQ(0, touch_read(p + 2 * P, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(p + P, NULL));
	EXPECT_EQ(0, touch_write(p + 4 * P, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_ACCESS(A, 1, 4 * P, P, DDI_WRITE));

	/* Unload reaches all pieces. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(p, NULL));
	EXPECT_EQ(0, touch_read(p + P, NULL));
	EXPECT_EQ(0, touch_read(p + 4 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_ACCESS(A, 1, 4 * P, P, DDI_READ));

	ASSERT_EQ(0, mprotect(p, 5 * P, RW));
	EXPECT_EQ(0, touch_write(p + P, 2));
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, munmap(p, 5 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, 5 * P));
}

TEST_F(seq_protect, page_by_page)
{
	void *p;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = dev_mmap(self->fd, 0, 16 * P);
	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, log_clear(self->fd));
	for (i = 0; i < 16; i += 2)
		ASSERT_EQ(0, mprotect(p + i * P, P, PROT_READ));
	EXPECT_EQ(0, touch_read(p + 4 * P, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 4 * P, P, DDI_READ));
	ASSERT_EQ(0, munmap(p, 16 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, 16 * P));
}

/* Loaded pages become executable, or nothing at all, without a call. */
TEST_F(seq_protect, exec_and_none)
{
	const u32 ret_instruction = 0xc3;
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_poke(self->fd, 0, 0, ret_instruction));
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, ret_instruction));
	p = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(SIGSEGV, touch_exec(p));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(p, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, P, DDI_READ));
	EXPECT_EQ(SIGSEGV, touch_exec(p));

	ASSERT_EQ(0, mprotect(p, 2 * P, PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, touch_exec(p));
	EXPECT_EQ(SIGSEGV, touch_write(p, 0));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_exec(p + P));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_EXEC));

	ASSERT_EQ(0, mprotect(p, 2 * P, PROT_NONE));
	EXPECT_EQ(SIGSEGV, touch_exec(p));
	EXPECT_EQ(SIGSEGV, touch_read(p, NULL));
	EXPECT_EQ(SIGSEGV, touch_write(p + P, 0));
	EXPECT_EQ(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(SIGSEGV, touch_read(p + P, NULL));
	EXPECT_EQ(SIGSEGV, touch_exec(p + P));
	EXPECT_LOG(self->fd, R_UNLOAD(A, P, P));

	ASSERT_EQ(0, mprotect(p, 2 * P, RW));
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(SIGSEGV, touch_exec(p));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_write(p + P, 2));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_WRITE));
}

/* A translation that allows writing must not stay when the page is read only. */
TEST_F(seq_protect, load_after_protect)
{
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, mprotect(p, P, PROT_READ));
	EXPECT_EQ(0, touch_read(p, NULL));
	EXPECT_EQ(SIGSEGV, touch_write(p, 1));
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
}

/* Each handle has a maxprot of its own (trap 13). */
TEST_F(seq_protect, beyond_maxprot_of_a_handle)
{
	struct dmst_region regions[] = {
		dev_region(0, 2 * P), dev_region(2 * P, 2 * P),
		dev_region(4 * P, 2 * P),
	};
	long addr;
	void *p;

	regions[1].maxprot = PROT_READ;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 6 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 3));
	addr = dev_map(self->fd, 0, 6 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	p = (void *)addr;
	EXPECT_EQ(0, touch_read(p + 2 * P, NULL));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(-1, mprotect(p, 6 * P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p + 3 * P, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p + P, 2 * P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p + 3 * P, 2 * P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p + 2 * P, P, PROT_READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(SIGSEGV, touch_write(p + 2 * P, 1));

	EXPECT_EQ(0, mprotect(p, 2 * P, RW | PROT_EXEC));
	EXPECT_EQ(0, mprotect(p + 4 * P, 2 * P, RW));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_write(p + P, 1));
	EXPECT_EQ(0, touch_write(p + 4 * P, 1));
	EXPECT_EQ(SIGSEGV, touch_write(p + 3 * P, 1));
	EXPECT_EQ(0, touch_read(p + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_ACCESS(C, 3, 4 * P, P, DDI_WRITE),
		   R_ACCESS(B, 2, 3 * P, P, DDI_READ));
}

/* The limit holds for what is left of the handle, and in a child. */
TEST_F(seq_protect, beyond_maxprot_of_a_remnant)
{
	struct dmst_region region = dev_region(0, 4 * P);
	int status = 0;
	pid_t pid;
	long addr;
	void *p;

	region.maxprot = PROT_READ;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_map(self->fd, 0, 4 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	p = (void *)addr;
	ASSERT_EQ(0, munmap(p + P, P));
	EXPECT_EQ(-1, mprotect(p, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p + 2 * P, P, RW));
	EXPECT_EQ(EACCES, errno);

	pid = fork();
	if (!pid)
		_exit(mprotect(p + 3 * P, P, RW) && errno == EACCES ? 0 : 1);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* A mapping that asks for more than a handle's maxprot is refused. */
TEST_F(seq_protect, mmap_beyond_maxprot)
{
	struct dmst_region regions[] = {
		dev_region(0, 2 * P), dev_region(2 * P, 2 * P),
	};

	regions[1].maxprot = PROT_READ;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, 4 * P, RW, MAP_SHARED));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 4 * P, 2 * P),
		   R_DEVMAP(B, 2 * P, 2 * P, 2 * P, .ret = -1));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 2 * P, P, PROT_READ | PROT_EXEC,
				  MAP_SHARED));
	EXPECT_LT(0, dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED));
	EXPECT_LT(0, dev_map(self->fd, 0, 4 * P, PROT_READ, MAP_SHARED));
	/* PROT_USER and nothing else was granted there. */
	regions[1].maxprot = 0;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 2 * P, P, PROT_READ, MAP_SHARED));
	EXPECT_LT(0, dev_map(self->fd, 2 * P, P, PROT_NONE, MAP_SHARED));
}

/* A segmap(9E) that allows less than mmap(2) would. */
TEST_F(seq_protect, maxprot_of_segmap)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_MAXPROT,
		.segmap_ret = PROT_WRITE,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};
	long addr;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	EXPECT_EQ(-EACCES, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	addr = dev_map(self->fd, 0, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(-1, mprotect((void *)addr, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(SIGSEGV, touch_write((void *)addr, 1));
	EXPECT_EQ(0, mprotect((void *)addr, P, PROT_READ | PROT_EXEC));
}

/* Calls of mprotect(2) that fail change nothing. */
TEST_F(seq_protect, bad_arguments)
{
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = mmap(NULL, 3 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(p, mmap(p, 2 * P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0));
	ASSERT_EQ(0, munmap(p + 2 * P, P));
	EXPECT_EQ(0, touch_write(p, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(-1, mprotect(p + 1, P, PROT_READ));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, mprotect(p, 0, PROT_NONE));
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_EQ(-1, mprotect(p + 2 * P, P, PROT_READ));
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_EQ(0, touch_write(p, 3));
	EXPECT_NO_LOG(self->fd);
}

/* Operations on memory that mean nothing here, or are refused. */
TEST_F(seq_protect, advice_and_locks)
{
	unsigned char resident[2];
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, mlock(p, 2 * P));
	EXPECT_EQ(0, munlock(p, 2 * P));
	EXPECT_EQ(0, msync(p, 2 * P, MS_SYNC));
	EXPECT_EQ(0, mincore(p, 2 * P, resident));
	EXPECT_EQ(-1, madvise(p, 2 * P, MADV_DONTNEED));
	EXPECT_EQ(-1, madvise(p, 2 * P, MADV_REMOVE));
	EXPECT_EQ(-1, madvise(p, 2 * P, MADV_FREE));
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(2, dev_peek(self->fd, 0, 0));
}

TEST_HARNESS_MAIN
