// SPDX-License-Identifier: GPL-2.0
/*
 * MAP_PRIVATE tells the driver that the mapping wants a context of its own; the
 * pages are the device's all the same. Neither may more be allowed than the
 * descriptor and the driver allow (trap 13).
 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

FIXTURE(seq_private) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(seq_private)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(seq_private)
{
	EXPECT_EQ(0, test_end(&self->base));
}

TEST_F(seq_private, pages_are_the_devices)
{
	u32 value = 0;
	void *addr;
	long ret;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0x1234));
	ret = dev_map(self->fd, P, 2 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	ASSERT_LT(0, ret);
	addr = (void *)ret;
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, P, 2 * P, 2 * P),
		   R_MAP(A, MAP_PRIVATE, P, 2 * P, 1));

	/* Read first: a copy would be made at the write. */
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x1234, value);
	EXPECT_EQ(0, touch_write(addr, 0x5678));
	EXPECT_EQ(0x5678, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, dev_poke(self->fd, 0, P, 0x9abc));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x9abc, value);
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_READ));

	/* Write first. */
	EXPECT_EQ(0, touch_write(addr + P, 0xdef0));
	EXPECT_EQ(0xdef0, dev_peek(self->fd, 0, 2 * P));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 2 * P, P, DDI_WRITE));

	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 1, P, P, DDI_WRITE));

	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, P, 2 * P));
}

TEST_F(seq_private, child_writes_to_the_device)
{
	struct peer peer;
	long addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_map(self->fd, 0, P, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, peer_start(&peer));
	EXPECT_EQ(0, peer_write(&peer, addr, 2));
	EXPECT_EQ(2, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, touch_write((void *)addr, 3));
	EXPECT_EQ(3, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, B, 2),
		   R_ACCESS(B, 2, 0, P, DDI_WRITE, .pid = peer.pid),
		   R_UNMAP_ALL(B, 2, 0, P, .pid = peer.pid));
}

/* The kernel counts mappings that may write: it has to come out even. */
TEST_F(seq_private, split_and_protected)
{
	long addr;
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_map(self->fd, 0, 4 * P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	p = (void *)addr;
	EXPECT_EQ(0, touch_read(p + P, NULL));
	EXPECT_EQ(0, mprotect(p + P, 2 * P, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, touch_write(p + P, 0x42));
	EXPECT_EQ(0x42, dev_peek(self->fd, 0, P));
	EXPECT_EQ(SIGSEGV, touch_write(p, 1));
	EXPECT_EQ(0, munmap(p + P, P));
	EXPECT_EQ(0, touch_write(p + 2 * P, 0x43));
	EXPECT_EQ(0x43, dev_peek(self->fd, 0, 2 * P));
	EXPECT_EQ(0, munmap(p, 4 * P));
}

/* Without devmap_access nobody could give it a context of its own. */
TEST_F(seq_private, needs_devmap_access)
{
	struct dmst_region region = dev_region(0, 2 * P);

	region.callbacks &= ~DMST_CB_ACCESS;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, PROT_READ, MAP_PRIVATE));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_DEVMAP(B, 0, P, P));

	region.callbacks = 0;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, PROT_READ, MAP_PRIVATE));
	EXPECT_LOG(self->fd, R_DEVMAP(C, 0, P, P));

	/* devmap_default_access will do. */
	region.callbacks = DMST_CB_ACCESS_DEFAULT;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_LT(0, dev_map(self->fd, 0, P, PROT_READ, MAP_PRIVATE));
	EXPECT_LOG(self->fd, R_DEVMAP(D, 0, P, P));
}

/* A later handle without it fails the whole mmap(2); nothing is told. */
TEST_F(seq_private, needs_devmap_access_in_every_handle)
{
	struct dmst_region regions[] = { dev_region(0, P), dev_region(P, P) };

	regions[1].callbacks &= ~DMST_CB_ACCESS;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_PRIVATE));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, P),
		   R_DEVMAP(B, P, P, P));
}

#define RW	(PROT_READ | PROT_WRITE)
#define RX	(PROT_READ | PROT_EXEC)

/* What each descriptor may be mapped with, and become with mprotect(2). */
static const struct {
	int open;
	int flags;
	int prot;
	int errno_of_mmap;
	int errno_of_write; /* mprotect(PROT_WRITE) */
} matrix[] = {
	{ O_RDWR, MAP_SHARED, PROT_NONE, 0, 0 },
	{ O_RDWR, MAP_SHARED, PROT_READ, 0, 0 },
	{ O_RDWR, MAP_SHARED, PROT_WRITE, 0, 0 },
	{ O_RDWR, MAP_SHARED, RW | PROT_EXEC, 0, 0 },
	{ O_RDWR, MAP_SHARED, RX, 0, 0 },
	{ O_RDWR, MAP_PRIVATE, PROT_NONE, 0, 0 },
	{ O_RDWR, MAP_PRIVATE, PROT_READ, 0, 0 },
	{ O_RDWR, MAP_PRIVATE, PROT_WRITE, 0, 0 },
	{ O_RDWR, MAP_PRIVATE, RW | PROT_EXEC, 0, 0 },
	{ O_RDONLY, MAP_SHARED, PROT_NONE, 0, EACCES },
	{ O_RDONLY, MAP_SHARED, PROT_READ, 0, EACCES },
	{ O_RDONLY, MAP_SHARED, RX, 0, EACCES },
	{ O_RDONLY, MAP_SHARED, PROT_WRITE, EACCES, 0 },
	{ O_RDONLY, MAP_SHARED, RW, EACCES, 0 },
	{ O_RDONLY, MAP_PRIVATE, PROT_NONE, 0, EACCES },
	{ O_RDONLY, MAP_PRIVATE, PROT_READ, 0, EACCES },
	{ O_RDONLY, MAP_PRIVATE, RX, 0, EACCES },
	{ O_RDONLY, MAP_PRIVATE, PROT_WRITE, EACCES, 0 },
	{ O_RDONLY, MAP_PRIVATE, RW, EACCES, 0 },
	{ O_WRONLY, MAP_SHARED, PROT_NONE, EACCES, 0 },
	{ O_WRONLY, MAP_SHARED, PROT_READ, EACCES, 0 },
	{ O_WRONLY, MAP_SHARED, PROT_WRITE, EACCES, 0 },
	{ O_WRONLY, MAP_PRIVATE, PROT_WRITE, EACCES, 0 },
};

TEST_F(seq_private, matrix)
{
	size_t i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	for (i = 0; i < ARRAY_SIZE(matrix); i++) {
		int fd = dev_open(0, matrix[i].open);
		u32 stamp = 0x1000 + i;
		long addr;
		int err;

		ASSERT_LE(0, fd);
		addr = dev_map(fd, 0, P, matrix[i].prot, matrix[i].flags);
		close(fd);
		EXPECT_EQ(-matrix[i].errno_of_mmap, addr < 0 ? addr : 0) {
			TH_LOG("row %zu", i);
		}
		if (addr < 0)
			continue;

		err = mprotect((void *)addr, P, RW) ? errno : 0;
		EXPECT_EQ(matrix[i].errno_of_write, err) {
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(err ? SIGSEGV : 0,
			  touch_write((void *)addr, stamp));
		EXPECT_EQ(!err, dev_peek(self->fd, 0, 0) == stamp) {
			TH_LOG("row %zu", i);
		}
		ASSERT_EQ(0, munmap((void *)addr, P));
	}
}

/* Debuggers write to read-only private mappings; not to these. */
TEST_F(seq_private, written_through_proc_mem)
{
	int mem = open("/proc/self/mem", O_RDWR);
	int fd = dev_open(0, O_RDONLY);
	u32 value = 0x666;
	long addr;

	ASSERT_LE(0, mem);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_poke(self->fd, 0, 0, 1));
	addr = dev_map(fd, 0, P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_read((void *)addr, NULL));
	EXPECT_EQ(-1, pwrite(mem, &value, sizeof(value), addr));
	EXPECT_EQ(1, dev_peek(self->fd, 0, 0));
}

TEST_HARNESS_MAIN
