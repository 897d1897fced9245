// SPDX-License-Identifier: GPL-2.0
/* What the driver is told when it is mapped: mmap(2). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

FIXTURE(seq_map) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(seq_map)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(seq_map)
{
	EXPECT_EQ(0, test_end(&self->base));
}

TEST_F(seq_map, one_handle)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, P, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, P, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, P, 2 * P, 1));

	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, P, 2 * P));
}

/* All devmap(9E) calls first, then all devmap_map calls. */
TEST_F(seq_map, several_handles)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 2 * P));
	addr = dev_mmap(self->fd, 2 * P, 5 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 2 * P, 5 * P, 2 * P),
		   R_DEVMAP(B, 4 * P, 3 * P, 2 * P),
		   R_DEVMAP(C, 6 * P, P, P),
		   R_MAP(A, MAP_SHARED, 2 * P, 2 * P, 1),
		   R_MAP(B, MAP_SHARED, 4 * P, 2 * P, 2),
		   R_MAP(C, MAP_SHARED, 6 * P, P, 3));

	ASSERT_EQ(0, munmap(addr, 5 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 2 * P, 2 * P),
		   R_UNMAP_ALL(B, 2, 4 * P, 2 * P),
		   R_UNMAP_ALL(C, 3, 6 * P, P));
}

/* segmap(9E) sees what mmap(2) asked for, with PROT_USER added. */
TEST_F(seq_map, own_segmap)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_OWN,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};
	void *addr;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	addr = dev_mmap(self->fd, P, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_SEGMAP(P, 2 * P, PROT_READ | PROT_WRITE | PROT_USER,
			    PROT_ALL, MAP_SHARED, (uintptr_t)addr),
		   R_DEVMAP(A, P, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, P, 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_WRITE));
}

/* What cannot be written through the descriptor is not in maxprot. */
TEST_F(seq_map, own_segmap_of_a_read_only_descriptor)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_OWN,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};
	int fd = dev_open(0, O_RDONLY);
	long addr;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	addr = dev_map(fd, P, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_LOG(self->fd,
		   R_SEGMAP(P, P, PROT_READ | PROT_USER,
			    PROT_ALL & ~PROT_WRITE, MAP_SHARED, addr),
		   R_DEVMAP(A, P, P, P),
		   R_MAP(A, MAP_SHARED, P, P, 1));

	addr = dev_map(fd, P, P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_LOG(self->fd,
		   R_SEGMAP(P, P, PROT_READ | PROT_USER,
			    PROT_ALL & ~PROT_WRITE, MAP_PRIVATE, addr),
		   R_DEVMAP(B, P, P, P),
		   R_MAP(B, MAP_PRIVATE, P, P, 2));
}

TEST_F(seq_map, ddi_devmap_segmap_as_segmap)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_DDI,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};

	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	ASSERT_NE(NULL, dev_mmap(self->fd, P, 2 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, P, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, P, 2 * P, 1));
}

/* A segmap(9E) may map another offset than mmap(2) named. */
TEST_F(seq_map, segmap_moves_the_offset)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_SETUP,
		.segmap_off = 8 * P,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};
	u32 value = 0;
	void *addr;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_poke(self->fd, 0, 9 * P, 0xabcd));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	addr = dev_mmap(self->fd, P, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_SEGMAP(P, 2 * P, PROT_READ | PROT_WRITE | PROT_USER,
			    PROT_ALL, MAP_SHARED, (uintptr_t)addr),
		   R_DEVMAP(A, 8 * P, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, 8 * P, 2 * P, 1));

	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0xabcd, value);
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 9 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 8 * P, 2 * P));
}

/* Handles of one mapping lead to different memory, with different callbacks. */
TEST_F(seq_map, umem_and_registers)
{
	struct dmst_region regions[] = {
		dev_region(0, 2 * P),
		dev_region(2 * P, P),
		dev_region(3 * P, P),
	};
	struct dmst_info info;
	u32 value = 0;
	void *addr;

	ASSERT_EQ(0, dev_info(self->fd, &info));
	ASSERT_LE(P, info.regs_size) {
		TH_LOG("the machine needs QEMU's device \"edu\"");
	}
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_umem(self->fd, 1, 4 * P));
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0x1111));
	ASSERT_EQ(0, dev_poke(self->fd, 1, 3 * P, 0x2222));
	regions[1].kind = DMST_REGS;
	regions[1].rnumber = 1;
	regions[1].callbacks = 0;
	regions[2].umem = 1;
	regions[2].target = 3 * P;
	regions[2].callbacks = DMST_CB_ACCESS;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 3));

	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 4 * P, 2 * P),
		   R_DEVMAP(B, 2 * P, 2 * P, P),
		   R_DEVMAP(C, 3 * P, P, P),
		   R_MAP(A, MAP_SHARED, 0, 2 * P, 1));

	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x1111, value);
	/* The identification of "edu", and a register that inverts. */
	EXPECT_EQ(0, touch_read(addr + 2 * P, &value));
	EXPECT_EQ(0xed, value & 0xff);
	EXPECT_EQ(0, touch_write(addr + 2 * P + 4, 0x12345678));
	EXPECT_EQ(0, touch_read(addr + 2 * P + 4, &value));
	EXPECT_EQ(~0x12345678U, value);
	EXPECT_EQ(0, touch_read(addr + 3 * P, &value));
	EXPECT_EQ(0x2222, value);
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_ACCESS(C, 0, 3 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(addr, 4 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, 2 * P));
}

/* Every cache attribute maps the registers all the same. */
TEST_F(seq_map, registers_with_cache_attributes)
{
	const u32 attributes[] = {
		IOMEM_DATA_UNCACHED, IOMEM_DATA_UC_WR_COMBINE,
	};
	struct dmst_region region = dev_region(0, P);
	u32 value;
	void *addr;
	int i;

	region.kind = DMST_REGS;
	region.rnumber = 1;
	for (i = 0; i < 2; i++) {
		region.setup_flags = attributes[i];
		ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
		addr = dev_mmap(self->fd, 0, P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr, &value));
		EXPECT_EQ(0xed, value & 0xff);
		ASSERT_EQ(0, munmap(addr, P));
	}
}

/* The table of callbacks may be absent, or have none. */
TEST_F(seq_map, no_callbacks)
{
	struct dmst_region regions[] = { dev_region(0, P), dev_region(P, P) };
	u32 value;
	void *addr;
	int i;

	regions[0].callbacks = 0;
	regions[1].callbacks = DMST_CB_TABLE;
	regions[1].target = P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_poke(self->fd, 0, 0, 0x10));
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0x11));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, P),
		   R_DEVMAP(B, P, P, P));

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, touch_read(addr + i * P, &value));
		EXPECT_EQ(0x10 + i, value);
	}
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_NO_LOG(self->fd);
}

/* close(2) is no event; the device is closed when the last mapping goes. */
TEST_F(seq_map, close_of_the_descriptor)
{
	struct dmst_script script = {
		.log_mask = DMST_LOG_DEFAULT | 1 << DMST_OP_CLOSE,
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};
	int fd = dev_open(0, O_RDWR);
	void *addr;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	addr = dev_mmap(fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, close(fd));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_write(addr, 2));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_READ));

	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 0, 2 * P),
		   R_CLOSE());
}

/* The handles of the old mapping go, then those of the new one come. */
TEST_F(seq_map, fixed_over_a_part)
{
	void *addr, *new;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x10));
	EXPECT_EQ(0, touch_write(addr + P, 0x11));
	ASSERT_EQ(0, log_clear(self->fd));

	new = mmap(addr + P, 2 * P, PROT_READ, MAP_SHARED | MAP_FIXED,
		   self->fd, 8 * P);
	ASSERT_EQ(addr + P, new);
	EXPECT_LOG(self->fd,
		   R_UNMAP(A, 1, P, 2 * P, A, 2, B, 3),
		   R_DEVMAP(C, 8 * P, 2 * P, 2 * P),
		   R_MAP(C, MAP_SHARED, 8 * P, 2 * P, 4));

	/* What was loaded of the remnant below stays so. */
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(C, 4, 8 * P, P, DDI_READ),
		   R_ACCESS(B, 3, 3 * P, P, DDI_READ));

	ASSERT_EQ(0, munmap(addr, 4 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 2, 0, P),
		   R_UNMAP_ALL(B, 3, 3 * P, P),
		   R_UNMAP_ALL(C, 4, 8 * P, 2 * P));
}

TEST_F(seq_map, fixed_over_all)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(addr, mmap(addr, 2 * P, PROT_READ, MAP_SHARED | MAP_FIXED,
			     self->fd, 0));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 0, 2 * P),
		   R_DEVMAP(B, 0, 2 * P, 2 * P),
		   R_MAP(B, MAP_SHARED, 0, 2 * P, 2));
}

/* mmap(2) may leave the old mapping gone when it fails. */
TEST_F(seq_map, fixed_that_fails)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_MAP, 1, 5));
	ASSERT_EQ(MAP_FAILED, mmap(addr, P, PROT_READ, MAP_SHARED | MAP_FIXED,
				   self->fd, P));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 0, P),
		   R_DEVMAP(B, P, P, P),
		   R_MAP(B, MAP_SHARED, P, P, 0, .ret = 5));
}

/* Nothing is loaded before it is touched, whatever mmap(2) is asked for. */
TEST_F(seq_map, populate_and_lock)
{
	long addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_map(self->fd, 0, 2 * P, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE);
	ASSERT_LT(0, addr);
	addr = dev_map(self->fd, 0, 2 * P, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_LOCKED);
	ASSERT_LT(0, addr);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, 0, 2 * P, 1),
		   R_DEVMAP(B, 0, 2 * P, 2 * P),
		   R_MAP(B, MAP_SHARED, 0, 2 * P, 2));
}

/* Each instance has its own handles. */
TEST_F(seq_map, two_instances)
{
	int other = dev_open(1, O_RDWR);
	void *a, *b;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_CTXMGT, 0));
	ASSERT_EQ(0, dev_plain(other, DMST_ACCESS_CTXMGT, 0));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(other, 0, P);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, log_clear(other));

	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 2));
	EXPECT_EQ(0, touch_write(a, 3));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_LOAD(A, 0, P, DDI_WRITE));
	EXPECT_LOG(other,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_LOAD(A, 0, P, DDI_WRITE));
	EXPECT_EQ(3, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(2, dev_peek(other, 0, 0));
}

/* A mapping of somebody else's anonymous inode, which must not suffer. */
static void *map_anon_inode(int *fd)
{
	struct io_uring_params params = {};
	void *ring;

	*fd = syscall(SYS_io_uring_setup, 4, &params);
	if (*fd < 0)
		return NULL;
	ring = mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED, *fd,
		    IORING_OFF_SQ_RING);
	return ring == MAP_FAILED ? NULL : ring;
}

/*
 * Two device nodes with one number are one device (trap 5): unload reaches the
 * mappings of both, and nothing else.
 */
TEST_F(seq_map, two_nodes)
{
	const char *name = "/tmp/devmap_selftest_node";
	int node, ring_fd;
	void *a, *b, *ring;
	struct stat st;

	ASSERT_EQ(0, fstat(self->fd, &st));
	unlink(name);
	ASSERT_EQ(0, mknod(name, S_IFCHR | 0600, st.st_rdev));
	node = open(name, O_RDWR);
	unlink(name);
	ASSERT_LE(0, node);
	ring = map_anon_inode(&ring_fd);
	ASSERT_NE(NULL, ring);

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(node, 0, P);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_read(ring, NULL));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 2));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(0, touch_read(a, NULL));
	EXPECT_EQ(0, touch_read(b, NULL));
	EXPECT_EQ(0, touch_read(ring, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_UNLOAD(B, 0, 0),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(B, 2, 0, P, DDI_READ));
	close(ring_fd);
}

TEST_HARNESS_MAIN
