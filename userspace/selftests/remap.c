// SPDX-License-Identifier: GPL-2.0
/* Handles that get another target: devmap_umem_remap(), devmap_devmem_remap(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "peer.h"

#define PAGES		16
#define EDU_ID(value)	(((value) & 0xff00ffff) == 0x010000ed)

/* Page i of umem 0 begins with OLD + i, that of umem 1 with NEW + i. */
#define OLD		0x100
#define NEW		0x200

FIXTURE(remap) {
	struct objects base;
	struct dmst_region region;
	int fd;
};

FIXTURE_SETUP(remap)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, number_umem(self->fd, 0, PAGES, OLD));
	ASSERT_EQ(0, number_umem(self->fd, 1, PAGES, NEW));
	self->region = dev_region(0, PAGES * P);
	self->region.setup_flags = DEVMAP_ALLOW_REMAP;
}

FIXTURE_TEARDOWN_PARENT(remap)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* Maps the region; the record is empty thereafter. */
static void *map_region(int fd, const struct dmst_region *region, size_t len)
{
	void *addr;

	if (dev_regions(fd, region, 1))
		return NULL;
	addr = dev_mmap(fd, region->off, len);
	if (log_clear(fd))
		return NULL;
	return addr;
}

static uint32_t value_at(const void *addr)
{
	uint32_t value = 0;
	int sig = touch_read(addr, &value);

	return sig ? -sig : value;
}

/* A handle that does not allow it stays as it is. */
TEST_F(remap, not_allowed)
{
	struct dmst_target to = umem_target(1, 0, 2 * P);
	void *addr;

	self->region.setup_flags = 0;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(-1, dev_remap(self->fd, A, &to));
	to.flags = DEVMAP_ALLOW_REMAP;
	EXPECT_EQ(-1, dev_remap(self->fd, A, &to));
	to.flags = DEVMAP_ALLOW_REMAP | DEVMAP_MAPPING_INVALID;
	EXPECT_EQ(-1, dev_remap(self->fd, A, &to));
	to.kind = DMST_REGS;
	to.rnumber = 1;
	to.flags = 0;
	EXPECT_EQ(-1, dev_remap(self->fd, A, &to));
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(OLD + 1, value_at(addr + P));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_REMAP_UMEM(A, 1, 0, 2 * P, .ret = -1),
		   R_REMAP(A, DMST_UMEM, 1, 0, 2 * P, PROT_ALL,
			   DEVMAP_ALLOW_REMAP, .ret = -1),
		   R_REMAP(A, DMST_UMEM, 1, 0, 2 * P, PROT_ALL,
			   DEVMAP_ALLOW_REMAP | DEVMAP_MAPPING_INVALID,
			   .ret = -1),
		   R_REMAP(A, DMST_REGS, 1, 0, 2 * P, PROT_ALL, 0, .ret = -1),
		   R_ACCESS(A, 1, P, P, DDI_READ));
}

/* The next touch of each page calls the driver and shows the new page (trap 12). */
TEST_F(remap, shows_the_new_pages)
{
	void *addr = map_region(self->fd, &self->region, 3 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(0, touch_write(addr + P, 0xaa));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(A, 1, P, P, DDI_WRITE));

	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 4 * P, 3 * P));
	EXPECT_EQ(NEW + 4, value_at(addr));
	EXPECT_EQ(0, touch_write(addr + P, 0xbb));
	EXPECT_EQ(NEW + 6, value_at(addr + 2 * P));
	/* And then no more. */
	EXPECT_EQ(0xbb, value_at(addr + P));
	EXPECT_EQ(0, touch_write(addr, 0xcc));
	EXPECT_LOG(self->fd,
		   R_REMAP_UMEM(A, 1, 4 * P, 3 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_ACCESS(A, 1, 2 * P, P, DDI_READ));

	EXPECT_EQ(OLD, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0xaa, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0xcc, dev_peek(self->fd, 1, 4 * P));
	EXPECT_EQ(0xbb, dev_peek(self->fd, 1, 5 * P));
	EXPECT_EQ(NEW + 1, dev_peek(self->fd, 1, P));
}

/* The target's offset counts from the first page of the handle, wherever it is. */
TEST_F(remap, handle_not_at_the_beginning)
{
	void *addr;

	self->region.chunk = 4 * P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 2 * P, 6 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(OLD + 2, value_at(addr));
	EXPECT_EQ(OLD + 5, value_at(addr + 3 * P));
	EXPECT_EQ(0, dev_remap_umem(self->fd, B, 1, 0, 4 * P));
	EXPECT_EQ(OLD + 2, value_at(addr));
	EXPECT_EQ(NEW, value_at(addr + 2 * P));
	EXPECT_EQ(NEW + 1, value_at(addr + 3 * P));
	EXPECT_EQ(NEW + 3, value_at(addr + 5 * P));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 2 * P, P, DDI_READ),
		   R_ACCESS(B, 2, 5 * P, P, DDI_READ),
		   R_REMAP_UMEM(B, 1, 0, 4 * P),
		   R_ACCESS(B, 2, 4 * P, P, DDI_READ),
		   R_ACCESS(B, 2, 5 * P, P, DDI_READ),
		   R_ACCESS(B, 2, 7 * P, P, DDI_READ));
}

/* More than the handle needs is no error; nor is a length that fills no page. */
TEST_F(remap, lengths)
{
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 8 * P, 8 * P));
	EXPECT_EQ(NEW + 9, value_at(addr + P));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 2 * P, P + 1));
	EXPECT_EQ(NEW + 3, value_at(addr + P));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, (PAGES - 2) * P, 2 * P));
	EXPECT_EQ(NEW + PAGES - 1, value_at(addr + P));
}

/* Without callbacks the layer loads the new page by itself. */
TEST_F(remap, without_callbacks)
{
	struct dmst_target invalid = invalid_target(2 * P);
	struct dmst_record rec[2];
	void *addr;

	self->region.callbacks = DMST_CB_MAP;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, 2 * P));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_EQ(0, dev_remap(self->fd, A, &invalid));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr + P, 1));
	EXPECT_EQ(2, log_read(self->fd, rec, 2));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 0, 0, 2 * P));
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(OLD + 1, value_at(addr + P));
}

/* Without a target: the driver is asked, and cannot load. */
TEST_F(remap, to_nothing_and_back)
{
	struct dmst_target invalid = invalid_target(2 * P);
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0xaa));
	EXPECT_EQ(0, dev_remap(self->fd, A, &invalid));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr, 1));
	EXPECT_EQ(SIGBUS, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_REMAP(A, DMST_UMEM, 0, 0, 2 * P, PROT_ALL,
			   DEVMAP_MAPPING_INVALID),
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, P, P, DDI_READ, .ret = SOME_ERROR));
	EXPECT_EQ(0xaa, dev_peek(self->fd, 0, 0));

	/* Unloading what has no target is nothing special. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, 2 * P));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_REMAP_UMEM(A, 1, 0, 2 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ));
}

TEST_F(remap, set_up_with_nothing)
{
	void *addr;

	self->region.setup_flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, P, 2 * P));
	EXPECT_EQ(NEW + 1, value_at(addr));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_REMAP_UMEM(A, 1, P, 2 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ));
}

/* Registers may be no set at all as long as they are not mapped. */
TEST_F(remap, set_up_with_no_registers)
{
	struct dmst_info info;
	void *addr;

	ASSERT_EQ(0, dev_info(self->fd, &info));
	ASSERT_LT(0, info.regs_size);
	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	self->region.setup_flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, P, P));
	EXPECT_EQ(NEW + 1, value_at(addr));
}

TEST_F(remap, nothing_without_remap)
{
	self->region.setup_flags = DEVMAP_MAPPING_INVALID;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	self->region.setup_flags |= DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	EXPECT_LT(0, dev_map(self->fd, 0, P, RW, MAP_SHARED));
}

/* The driver decides at each access which pages there are. */
TEST_F(remap, from_access)
{
	void *addr;

	self->region.access = DMST_ACCESS_REMAP;
	self->region.remap = umem_target(1, 4 * P, 2 * P);
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(NEW + 4, value_at(addr));
	EXPECT_EQ(NEW + 5, value_at(addr + P));
	/* The second access has unloaded the first page, too. */
	EXPECT_EQ(NEW + 4, value_at(addr));
	EXPECT_EQ(NEW + 4, value_at(addr));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_REMAP_UMEM(A, 1, 4 * P, 2 * P),
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_REMAP_UMEM(A, 1, 4 * P, 2 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_REMAP_UMEM(A, 1, 4 * P, 2 * P));

	/* A remap that fails leaves the handle as it was. */
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 0, 0, 2 * P));
	ASSERT_EQ(0, ioctl(self->fd, DMST_FREE, 1));
	/* -1 is no fault code. */
	EXPECT_EQ(SIGSEGV, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_REMAP_UMEM(A, 0, 0, 2 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = -1),
		   R_REMAP_UMEM(A, 1, 4 * P, 2 * P, .ret = -1));
}

/* From devmap_dup the child gets other memory than the parent has. */
TEST_F(remap, from_dup)
{
	struct peer child;
	uint32_t value;
	void *addr;

	self->region.flags = DMST_F_REMAP;
	self->region.remap = umem_target(1, 0, 2 * P);
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(NEW, value);
	EXPECT_EQ(0, peer_write(&child, (long)addr + P, 0xcc));
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(OLD + 1, value_at(addr + P));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_DUP(A, 1, B, 2),
		   R_REMAP_UMEM(B, 1, 0, 2 * P),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid),
		   R_ACCESS(B, 2, P, P, DDI_WRITE, .pid = child.pid),
		   R_ACCESS(A, 1, P, P, DDI_READ));
	EXPECT_EQ(0xcc, dev_peek(self->fd, 1, P));
	EXPECT_EQ(OLD + 1, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, peer_stop(&child));
}

/* The child gets nothing until the driver has something for it. */
TEST_F(remap, from_dup_to_nothing)
{
	struct peer child;
	uint32_t value;
	void *addr;

	self->region.flags = DMST_F_REMAP;
	self->region.remap = invalid_target(2 * P);
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(SIGBUS, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_EQ(0, dev_remap_umem(self->fd, B, 1, P, 2 * P));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(NEW + 1, value);
	EXPECT_EQ(OLD, value_at(addr));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_DUP(A, 1, B, 2),
		   R_REMAP(B, DMST_UMEM, 0, 0, 2 * P, PROT_ALL,
			   DEVMAP_MAPPING_INVALID),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid,
			    .ret = SOME_ERROR),
		   R_REMAP_UMEM(B, 1, P, 2 * P),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = child.pid));
	EXPECT_EQ(0, peer_stop(&child));
}

/* fork(2) hands on what the parent maps now, not what it was set up with. */
TEST_F(remap, fork_after_remap)
{
	struct peer child;
	uint32_t value;
	void *addr;

	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 3 * P, 2 * P));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr + P, &value));
	EXPECT_EQ(NEW + 4, value);
	/* The child may be remapped as well. */
	EXPECT_EQ(0, dev_remap_umem(self->fd, B, 0, 0, 2 * P));
	EXPECT_EQ(0, peer_read(&child, (long)addr + P, &value));
	EXPECT_EQ(OLD + 1, value);
	EXPECT_EQ(NEW + 4, value_at(addr + P));
	EXPECT_EQ(0, peer_stop(&child));
}

/* Outside of any fault, for handles of several processes. */
TEST_F(remap, handles_of_other_processes)
{
	struct peer peers[3];
	uint32_t value;
	long addr[3];
	int i;

	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, peer_start(&peers[i]));
		addr[i] = peer_map(&peers[i], self->fd, 0, 2 * P, RW,
				   MAP_SHARED);
		ASSERT_LT(0, addr[i]);
		EXPECT_EQ(0, peer_read(&peers[i], addr[i], &value));
		EXPECT_EQ(OLD, value);
	}
	ASSERT_EQ(0, log_clear(self->fd));
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, dev_remap_umem(self->fd, A + i, 1, i * P, 2 * P));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, peer_read(&peers[i], addr[i], &value));
		EXPECT_EQ(i < 2 ? NEW + i : OLD, value);
	}
	EXPECT_LOG(self->fd,
		   R_REMAP_UMEM(A, 1, 0, 2 * P),
		   R_REMAP_UMEM(B, 1, P, 2 * P),
		   R_ACCESS(A, 1, 0, P, DDI_READ, .pid = peers[0].pid),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = peers[1].pid));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, peer_stop(&peers[i]));
}

/* What munmap(2) left of a handle are handles of their own. */
TEST_F(remap, remnants)
{
	void *addr = map_region(self->fd, &self->region, 5 * P);
	int i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(OLD + i, value_at(addr + i * P));
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	ASSERT_EQ(0, log_clear(self->fd));

	/* Less than the handle was, but all there is left of it. */
	EXPECT_EQ(-1, dev_remap_umem(self->fd, A, 1, 0, P));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, 2 * P));
	EXPECT_EQ(OLD + 3, value_at(addr + 3 * P));
	EXPECT_EQ(OLD + 4, value_at(addr + 4 * P));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_EQ(NEW + 1, value_at(addr + P));
	EXPECT_LOG(self->fd,
		   R_REMAP_UMEM(A, 1, 0, P, .ret = -1),
		   R_REMAP_UMEM(A, 1, 0, 2 * P),
		   R_ACCESS(A, 2, 0, P, DDI_READ),
		   R_ACCESS(A, 2, P, P, DDI_READ));

	/* The target's offset is that of the remnant's first page. */
	EXPECT_EQ(0, dev_remap_umem(self->fd, B, 1, 8 * P, 2 * P));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_EQ(NEW + 8, value_at(addr + 3 * P));
	EXPECT_EQ(NEW + 9, value_at(addr + 4 * P));
	EXPECT_LOG(self->fd,
		   R_REMAP_UMEM(B, 1, 8 * P, 2 * P),
		   R_ACCESS(B, 3, 3 * P, P, DDI_READ),
		   R_ACCESS(B, 3, 4 * P, P, DDI_READ));

	/* Cut again: what is left keeps the new target. */
	ASSERT_EQ(0, munmap(addr + 3 * P, P));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(NEW + 9, value_at(addr + 4 * P));
	EXPECT_EQ(0, dev_remap_umem(self->fd, B, 0, 10 * P, P));
	EXPECT_EQ(OLD + 10, value_at(addr + 4 * P));
	EXPECT_LOG(self->fd,
		   R_UNMAP(B, 3, 3 * P, P, 0, 0, B, 4),
		   R_UNLOAD(B, 0, 0),
		   R_ACCESS(B, 4, 4 * P, P, DDI_READ),
		   R_REMAP_UMEM(B, 0, 10 * P, P),
		   R_ACCESS(B, 4, 4 * P, P, DDI_READ));
}

/* The pages may be shown by several VMAs, or elsewhere than at first. */
TEST_F(remap, split_and_moved)
{
	void *addr = map_region(self->fd, &self->region, 4 * P), *new;
	int i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(OLD + i, value_at(addr + i * P));
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(addr + 3 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
			      new));
	EXPECT_EQ(OLD + 3, value_at(new));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, 4 * P));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(NEW + i, value_at(addr + i * P));
	EXPECT_EQ(NEW + 3, value_at(new));
	EXPECT_EQ(SIGSEGV, touch_write(addr + P, 1));
}

static const struct {
	const char *what;
	struct dmst_target to;
} refused[] = {
	{ "shorter than the handle", {
		.umem = 1, .len = 3 * P, .maxprot = PROT_ALL } },
	{ "a page too short", {
		.umem = 1, .len = 3 * P - 1, .maxprot = PROT_ALL } },
	{ "no length", {
		.umem = 1, .maxprot = PROT_ALL } },
	{ "beyond the umem", {
		.umem = 1, .target = 13 * P, .len = 4 * P,
		.maxprot = PROT_ALL } },
	{ "longer than the umem", {
		.umem = 1, .len = 17 * P, .maxprot = PROT_ALL } },
	{ "behind the umem", {
		.umem = 1, .target = 16 * P, .len = 4 * P,
		.maxprot = PROT_ALL } },
	{ "an enormous length", {
		.umem = 1, .len = ~0ULL, .maxprot = PROT_ALL } },
	{ "offset and length that overflow", {
		.umem = 1, .target = 8 * P, .len = ~0ULL - 9 * P,
		.maxprot = PROT_ALL } },
	{ "a negative offset", {
		.umem = 1, .target = -(long long)P, .len = 4 * P,
		.maxprot = PROT_ALL } },
	{ "an offset that is not aligned", {
		.umem = 1, .target = 8, .len = 4 * P, .maxprot = PROT_ALL } },
	{ "no umem", {
		.umem = 3, .len = 4 * P, .maxprot = PROT_ALL } },
	{ "nothing, but shorter than the handle", {
		.umem = 1, .len = 3 * P, .maxprot = PROT_ALL,
		.flags = DEVMAP_MAPPING_INVALID } },
	{ "an unknown flag", {
		.umem = 1, .len = 4 * P, .maxprot = PROT_ALL,
		.flags = 0x100 } },
	{ "a cache attribute", {
		.umem = 1, .len = 4 * P, .maxprot = PROT_ALL,
		.flags = IOMEM_DATA_CACHED } },
	{ "another cache attribute", {
		.umem = 1, .len = 4 * P, .maxprot = PROT_ALL,
		.flags = IOMEM_DATA_UNCACHED } },
	{ "less than mmap(2) asked for", {
		.umem = 1, .len = 4 * P, .maxprot = PROT_READ } },
	{ "no protection at all", {
		.umem = 1, .len = 4 * P } },
	{ "a wrong register set", {
		.kind = DMST_REGS, .rnumber = 7, .len = 4 * P,
		.maxprot = PROT_ALL } },
	{ "configuration space", {
		.kind = DMST_REGS, .rnumber = 0, .len = 4 * P,
		.maxprot = PROT_ALL } },
	{ "beyond the registers", {
		.kind = DMST_REGS, .rnumber = 1, .target = 0x100000 - 3 * P,
		.len = 4 * P, .maxprot = PROT_ALL } },
	{ "two cache attributes", {
		.kind = DMST_REGS, .rnumber = 1, .len = 4 * P,
		.maxprot = PROT_ALL,
		.flags = IOMEM_DATA_CACHED | IOMEM_DATA_UNCACHED } },
	{ "a device that is not there", {
		.kind = DMST_REGS, .rnumber = 1, .device = 99, .len = 4 * P,
		.maxprot = PROT_ALL } },
};

/* All of these are -1 and change nothing. */
TEST_F(remap, refused)
{
	void *addr = map_region(self->fd, &self->region, 4 * P);
	struct dmst_info before, after;
	size_t i;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD + 1, value_at(addr + P));
	ASSERT_EQ(0, dev_info(self->fd, &before));
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		EXPECT_EQ(-1, dev_remap(self->fd, A, &refused[i].to)) {
			TH_LOG("%s", refused[i].what);
		}
		EXPECT_EQ(OLD + 1, value_at(addr + P)) {
			TH_LOG("%s", refused[i].what);
		}
	}
	ASSERT_EQ(0, dev_info(self->fd, &after));
	EXPECT_EQ(before.calls[DMST_OP_ACCESS], after.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(OLD + 2, value_at(addr + 2 * P));
}

/* A remap may take back what mprotect(2) has been granted. */
TEST_F(remap, lower_maxprot)
{
	struct dmst_target to = umem_target(1, 0, 2 * P);
	void *addr;
	long ret;

	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ret = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, ret);
	addr = (void *)ret;
	ASSERT_EQ(0, mprotect(addr, 2 * P, RW));
	EXPECT_EQ(0, touch_write(addr, 0xaa));
	to.maxprot = PROT_READ | PROT_USER;
	EXPECT_EQ(0, dev_remap(self->fd, A, &to));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(SIGSEGV, touch_write(addr, 0xbb));
	EXPECT_EQ(SIGSEGV, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, P, P, DDI_READ, .ret = SOME_ERROR));
	EXPECT_EQ(NEW, dev_peek(self->fd, 1, 0));
	EXPECT_EQ(0xaa, dev_peek(self->fd, 0, 0));

	EXPECT_EQ(-1, mprotect(addr, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, mprotect(addr, 2 * P, PROT_READ));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_EQ(SIGSEGV, touch_write(addr, 1));
	EXPECT_EQ(-1, mprotect(addr, 2 * P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, P, DDI_READ));

	/* And the next one may give it again. */
	to.maxprot = PROT_ALL;
	EXPECT_EQ(0, dev_remap(self->fd, A, &to));
	EXPECT_EQ(0, mprotect(addr, 2 * P, RW));
	EXPECT_EQ(0, touch_write(addr, 0xcc));
	EXPECT_EQ(0xcc, dev_peek(self->fd, 1, 0));
}

/* The same with pages that are valid, but not in the page table. */
TEST_F(remap, lower_maxprot_without_callbacks)
{
	struct dmst_target to = umem_target(1, 0, P);
	void *addr;
	long ret;

	self->region.callbacks = 0;
	self->region.chunk = P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ret = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, ret);
	addr = (void *)ret;
	ASSERT_EQ(0, mprotect(addr, 2 * P, RW));
	EXPECT_EQ(0, touch_write(addr, 0xaa));
	to.maxprot = PROT_READ;
	EXPECT_EQ(0, dev_remap(self->fd, A, &to));
	EXPECT_EQ(SIGSEGV, touch_write(addr, 0xbb));
	/* Its neighbour in the same VMA is not concerned. */
	EXPECT_EQ(0, touch_write(addr + P, 0xcc));
	EXPECT_EQ(-1, mprotect(addr, 2 * P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, mprotect(addr + P, P, RW));
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(NEW, value_at(addr));
}

/* From memory to registers and back. */
TEST_F(remap, registers)
{
	struct dmst_target regs = {
		.kind = DMST_REGS, .rnumber = 1, .len = P, .maxprot = PROT_ALL,
	};
	void *addr = map_region(self->fd, &self->region, P);
	struct dmst_pte memory, io;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	memory = dev_pte(self->fd, addr);
	EXPECT_EQ(0, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(0, dev_pte(self->fd, addr).present);
	EXPECT_TRUE(EDU_ID(value_at(addr)));
	EXPECT_EQ(0, touch_write(addr + 4, 0x12345678));
	EXPECT_EQ(~0x12345678U, value_at(addr + 4));
	io = dev_pte(self->fd, addr);
	EXPECT_EQ(IOMEM_DATA_CACHED, memory.cache);
	EXPECT_EQ(IOMEM_DATA_UNCACHED, io.cache);
	EXPECT_NE(memory.pfn, io.pfn);

	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, P));
	EXPECT_EQ(NEW, value_at(addr));
	EXPECT_EQ(IOMEM_DATA_CACHED, dev_pte(self->fd, addr).cache);
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_REMAP(A, DMST_REGS, 1, 0, P, PROT_ALL, 0),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_REMAP_UMEM(A, 1, 0, P),
		   R_ACCESS(A, 1, 0, P, DDI_READ));
}

/* Memory that nobody maps any more goes, whoever has mapped it once. */
TEST_F(remap, umem_freed)
{
	struct objects objects;
	void *addr = map_region(self->fd, &self->region, P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(OLD, value_at(addr));
	ASSERT_EQ(0, dev_umem_free(self->fd, 0));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 2, objects.cookies);
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, P));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 1, objects.cookies);
	EXPECT_EQ(NEW, value_at(addr));

	/* A remap that is refused takes nothing with it. */
	EXPECT_EQ(-1, dev_remap_umem(self->fd, A, 1, 0, PAGES * P + 1));
	EXPECT_EQ(0, dev_umem_free(self->fd, 1));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 1, objects.cookies);
	EXPECT_EQ(NEW, value_at(addr));
	ASSERT_EQ(0, munmap(addr, P));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies, objects.cookies);
}

#define TOUCHERS	3
#define REMAPS		3000
#define RACE_NS		8000000000ULL	/* but no longer than this */

/*
 * What the touching threads and the one that remaps tell each other: @done is
 * odd while a remap runs; when it is even, @now is what the page has to show.
 */
struct race {
	uint32_t done;
	uint32_t now;
	uint32_t stop;
	void *addr;
	unsigned long sure[TOUCHERS];
	unsigned long foreign[TOUCHERS];
	unsigned long stale[TOUCHERS];
};

struct toucher {
	struct race *race;
	int nr;
};

static void *touch_while_remapped(void *arg)
{
	struct toucher *toucher = arg;
	struct race *race = toucher->race;
	int nr = toucher->nr;
	const void *addr = race->addr + nr % 2 * P;
	uint32_t done, now, value;

	while (!__atomic_load_n(&race->stop, __ATOMIC_ACQUIRE)) {
		done = __atomic_load_n(&race->done, __ATOMIC_SEQ_CST);
		now = __atomic_load_n(&race->now, __ATOMIC_SEQ_CST);
		value = value_at(addr) - nr % 2;
		if (value != OLD && value != NEW)
			race->foreign[nr]++;
		if (done % 2 ||
		    done != __atomic_load_n(&race->done, __ATOMIC_SEQ_CST))
			continue;
		race->sure[nr]++;
		race->stale[nr] += value != now;
	}
	return NULL;
}

static void remap_in_a_loop(struct __test_metadata *_metadata, int fd,
			    uint32_t callbacks)
{
	struct dmst_script script = { .nr_regions = 1 };
	struct toucher toucher[TOUCHERS];
	pthread_t threads[TOUCHERS];
	struct race race = { .now = OLD };
	uint64_t start;
	int i;

	/* No record: there would be too many. */
	script.region[0] = dev_region(0, 2 * P);
	script.region[0].setup_flags = DEVMAP_ALLOW_REMAP;
	script.region[0].callbacks = callbacks;
	ASSERT_EQ(0, dev_script(fd, &script));
	race.addr = dev_mmap(fd, 0, 2 * P);
	ASSERT_NE(NULL, race.addr);

	for (i = 0; i < TOUCHERS; i++) {
		toucher[i] = (struct toucher){ .race = &race, .nr = i };
		ASSERT_EQ(0, pthread_create(&threads[i], NULL,
					    touch_while_remapped,
					    &toucher[i]));
	}
	start = now_ns();
	for (i = 1; i <= REMAPS && now_ns() - start < RACE_NS; i++) {
		uint32_t umem = i % 2;

		__atomic_add_fetch(&race.done, 1, __ATOMIC_SEQ_CST);
		ASSERT_EQ(0, dev_remap_umem(fd, A, umem, 0, 2 * P));
		__atomic_store_n(&race.now, umem ? NEW : OLD, __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&race.done, 1, __ATOMIC_SEQ_CST);
		/* Time for those that touch. */
		if (i % 16)
			sched_yield();
		else
			sleep_ms(1);
	}
	__atomic_store_n(&race.stop, 1, __ATOMIC_RELEASE);
	EXPECT_LT(20, i);
	for (i = 0; i < TOUCHERS; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, race.foreign[i]);
		EXPECT_EQ(0, race.stale[i]);
		EXPECT_LT(20, race.sure[i]);
	}
}

/* What has been remapped never shows the old page again. */
TEST_F_TIMEOUT(remap, race, 120)
{
	remap_in_a_loop(_metadata, self->fd, DMST_CB_ALL);
}

TEST_F_TIMEOUT(remap, race_without_access, 120)
{
	remap_in_a_loop(_metadata, self->fd, DMST_CB_MAP | DMST_CB_UNMAP);
}

/* Maps six pages, makes a hole and tells with its exit status what it sees. */
static int see_new_pages(int fd, size_t hole, size_t len)
{
	char *p = dev_mmap(fd, 0, 6 * P);
	size_t page, gone = hole / P;

	if (!p || touch_write(p, 1) || munmap(p + hole, len))
		return 1;
	for (page = 0; page < 6; page++) {
		if (page >= gone && page < gone + len / P)
			continue;
		if (value_at(p + page * P) != NEW + page)
			return 2;
	}
	return 0;
}

/*
 * A driver knows of a hole when it has released its mutex in devmap_unmap, a
 * little before the layer does; and whoever then gets the mutex remaps what the
 * driver thinks is left.
 */
static void remap_at_a_hole(struct __test_metadata *_metadata, int fd,
			    struct dmst_region *region, size_t hole, size_t len)
{
	size_t end = hole + len;
	int status = -1, low = hole > 0, high = end < 6 * P;
	pid_t pid;

	region->flags = DMST_F_LINGER;
	ASSERT_EQ(0, dev_regions(fd, region, 1));
	pid = fork();
	if (!pid)
		_exit(see_new_pages(fd, hole, len));
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, dev_wait_sleepers(fd, 1));
	if (low)
		EXPECT_EQ(0, dev_remap_umem(fd, A, 1, 0, hole));
	if (high)
		EXPECT_EQ(0, dev_remap_umem(fd, low ? B : A, 1, end,
					    6 * P - end));
	ASSERT_EQ(0, ioctl(fd, DMST_WAKE, 1 + low + high));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F_TIMEOUT(remap, at_a_hole_in_the_head, 120)
{
	remap_at_a_hole(_metadata, self->fd, &self->region, 0, 2 * P);
}

TEST_F_TIMEOUT(remap, at_a_hole_in_the_tail, 120)
{
	remap_at_a_hole(_metadata, self->fd, &self->region, 4 * P, 2 * P);
}

TEST_F_TIMEOUT(remap, at_a_hole_in_the_middle, 120)
{
	remap_at_a_hole(_metadata, self->fd, &self->region, 2 * P, P);
}

TEST_HARNESS_MAIN
