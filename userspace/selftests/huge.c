// SPDX-License-Identifier: GPL-2.0
/*
 * Large translations: where device memory is large and aligned, Linux 6.12 and later
 * map 2 MiB, or 1 GiB, by one entry, and the driver is called for as much. Before,
 * the same tests hold page by page.
 *
 * The machine has 1 GiB of memory on a PCI device.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "fail.h"
#include "peer.h"

#define MEMORY_SET	2
#define M2	0x200000UL
#define G1	0x40000000UL
#define ORDER_G1	18U

#define UC	IOMEM_DATA_UNCACHED
#define WB	IOMEM_DATA_CACHED

FIXTURE(huge) {
	struct objects base;
	struct dmst_region region;
	unsigned int m2;	/* order of an entry for 2 MiB; 0: the kernel has none */
	unsigned int g1;	/* of one for 1 GiB; else as m2 */
	u64 pfn;		/* the memory's first page frame */
	int fd;
};

static bool cpu_has(const char *flag)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char line[4096];
	bool has = false;

	while (file && !has && fgets(line, sizeof(line), file))
		has = !strncmp(line, "flags", 5) && strstr(line, flag);
	if (file)
		fclose(file);
	return has;
}

/* By a mapping of pages, through the other device. */
static u64 first_frame(struct dmst_region region)
{
	int fd = dev_open(1, O_RDWR);
	void *addr = NULL;
	u64 pfn = 0;

	region.setup_flags = DEVMAP_USE_PAGESIZE;
	if (fd >= 0 && !dev_regions(fd, &region, 1))
		addr = dev_mmap(fd, 0, P);
	if (addr && !touch_read(addr, NULL) && dev_pte(fd, addr).present)
		pfn = dev_pte(fd, addr).pfn;
	if (addr)
		munmap(addr, P);
	close(fd);
	return pfn;
}

FIXTURE_SETUP(huge)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->m2 = large_order();
	self->g1 = self->m2 && cpu_has("pdpe1gb") ? ORDER_G1 : self->m2;
	self->region = dev_region(0, G1);
	self->region.kind = DMST_REGS;
	self->region.device = DMST_PCI_IVSHMEM;
	self->region.rnumber = MEMORY_SET;
	self->pfn = first_frame(self->region);
	ASSERT_NE(0, self->pfn);
	ASSERT_EQ(0, self->pfn % (G1 / P));
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
}

FIXTURE_TEARDOWN_PARENT(huge)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static u64 size_of(unsigned int order)
{
	return P << order;
}

/* Is there an entry of this order for the page at @off of the memory? */
static bool has_entry(struct _test_data_huge *self, const void *addr, u64 off,
		      unsigned int order)
{
	struct dmst_pte pte = dev_pte(self->fd, addr);

	if (pte.present && pte.order == order && pte.pfn == self->pfn + off / P)
		return true;
	tell("%p: entry %s, order %u, frame %llx; should be order %u, frame %llx",
	     addr, pte.present ? "present" : "absent", pte.order,
	     (unsigned long long)pte.pfn, order,
	     (unsigned long long)(self->pfn + off / P));
	return false;
}

static bool has_none(struct _test_data_huge *self, const void *addr)
{
	return !dev_pte(self->fd, addr).present;
}

/* A value that no other page has. */
static u32 stamp(u64 off, u32 salt)
{
	return (off / P) * 2654435761U + salt;
}

/* Writes, or reads, a word every 2 MiB, in another page each time. */
static int each_block(void *addr, u64 len, u32 salt, bool write)
{
	u64 off, at;
	u32 value;

	for (off = 0; off < len; off += M2) {
		at = off + off / M2 * P % M2;
		if (at >= len)
			break;
		if (write ? touch_write(addr + at, stamp(at, salt)) :
			    touch_read(addr + at, &value))
			return -1;
		if (!write && value != stamp(at, salt)) {
			tell("offset %llx has %x, not %x", (unsigned long long)at,
			     value, stamp(at, salt));
			return -1;
		}
	}
	return 0;
}

/* An address is chosen such that the largest entries fit, at any user offset. */
TEST_F(huge, address)
{
	static const u64 offs[] = { 0, P, M2, 3 * M2 + 5 * P, G1 / 2 };
	u64 off, len;
	void *addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(offs); i++) {
		off = offs[i];
		addr = dev_mmap(self->fd, off, G1 - off);
		ASSERT_NE(NULL, addr);
		if (self->m2)
			EXPECT_EQ(off % M2, (u64)addr % M2);
		if (self->g1 == ORDER_G1 && !off)
			EXPECT_EQ(0, (u64)addr % G1);
		ASSERT_EQ(0, munmap(addr, G1 - off));
	}
	/* What is too small, or wished for elsewhere, is none of this. */
	for (len = P; len <= M2 / 2; len *= 2) {
		addr = dev_mmap(self->fd, 0, len);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, munmap(addr, len));
	}
	addr = mmap((void *)(0x10000000000UL + P), M2, RW, MAP_SHARED, self->fd, 0);
	EXPECT_EQ((void *)(0x10000000000UL + P), addr);
	ASSERT_EQ(0, munmap(addr, M2));
}

/* One fault maps as much as can be: without a driver's function, and by the default. */
TEST_F(huge, one_fault)
{
	void *addr, *pages;
	int plain;

	for (plain = 0; plain < 2; plain++) {
		self->region.callbacks = plain ? 0 : DMST_CB_ACCESS_DEFAULT;
		self->region.setup_flags = 0;
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		addr = dev_mmap(self->fd, 0, G1);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr + G1 / 2 + 7 * P, NULL));
		EXPECT_TRUE(has_entry(self, addr + G1 / 2 + 7 * P,
				      G1 / 2 + 7 * P, self->g1));
		EXPECT_EQ(UC, dev_pte(self->fd, addr + G1 / 2 + 7 * P).cache);
		EXPECT_EQ(0, each_block(addr, G1, plain, true));
		EXPECT_EQ(0, each_block(addr, G1, plain, false));

		/* The frames are right: pages show the same. */
		self->region.setup_flags = DEVMAP_USE_PAGESIZE;
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		pages = dev_mmap(self->fd, 0, G1);
		ASSERT_NE(NULL, pages);
		EXPECT_EQ(0, each_block(pages, G1, plain, false));
		EXPECT_TRUE(has_entry(self, pages, 0, 0));
		ASSERT_EQ(0, munmap(pages, G1));
		ASSERT_EQ(0, munmap(addr, G1));
	}
}

/* Not more than a fault for 2 MiB, or for a page where there is nothing larger. */
TEST_F(huge, faults)
{
	u64 len = 8 * M2, off;
	struct rusage before, after;
	void *addr;
	long faults;

	self->region.callbacks = 0;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 2 * M2, len);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, getrusage(RUSAGE_SELF, &before));
	for (off = 0; off < len; off += P)
		__atomic_load_n((u32 *)(addr + off), __ATOMIC_RELAXED);
	ASSERT_EQ(0, getrusage(RUSAGE_SELF, &after));
	faults = after.ru_minflt - before.ru_minflt;
	EXPECT_GE(self->m2 ? 16 : 2 * len / P, faults);
	EXPECT_LE(self->m2 ? 8 : len / P, faults);
	EXPECT_TRUE(has_entry(self, addr + len - P, 2 * M2 + len - P, self->m2));
	ASSERT_EQ(0, munmap(addr, len));
}

/* The driver is called for what is mapped: no page of it faults again. */
TEST_F(huge, access)
{
	u64 m = size_of(self->m2), off = 2 * M2;
	void *addr = dev_mmap(self->fd, off, 3 * M2);

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_write(addr + M2 + m - 4, 1));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, off + M2, m, DDI_WRITE));
	EXPECT_EQ(0, touch_read(addr + M2, NULL));
	EXPECT_EQ(0, touch_write(addr + M2 + m - P, 2));
	EXPECT_NO_LOG(self->fd);
	EXPECT_TRUE(has_entry(self, addr + M2, off + M2, self->m2));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, off, m, DDI_READ));
	ASSERT_EQ(0, munmap(addr, 3 * M2));
}

/* Of a block that begins before the VMA or ends behind it there are pages only. */
TEST_F(huge, borders)
{
	u64 m = size_of(self->m2);
	void *addr = dev_mmap(self->fd, M2 - 2 * P, M2 + 4 * P);

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P + M2, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, M2 - P, P, DDI_READ),
		   R_ACCESS(A, 1, M2, m, DDI_READ),
		   R_ACCESS(A, 1, 2 * M2, P, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr + P, M2 - P, 0));
	EXPECT_TRUE(has_entry(self, addr + 2 * P, M2, self->m2));
	EXPECT_TRUE(has_entry(self, addr + 2 * P + M2, 2 * M2, 0));
	ASSERT_EQ(0, munmap(addr, M2 + 4 * P));
}

/* Nor where address and page frame do not agree. */
TEST_F(huge, misaligned)
{
	void *want = (void *)(0x10000000000UL + P);
	void *addr = mmap(want, 4 * M2, RW, MAP_SHARED, self->fd, 0);

	ASSERT_EQ(want, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + M2, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, M2, P, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr + M2, M2, 0));
	ASSERT_EQ(0, munmap(addr, 4 * M2));
}

/* 6 MiB in two handles: their first pages, and where entries could begin and end. */
static bool reads_both(void *addr)
{
	return !touch_read(addr, NULL) && !touch_read(addr + M2, NULL) &&
	       !touch_read(addr + 3 * M2 / 2, NULL) &&
	       !touch_read(addr + 2 * M2, NULL);
}

/* Maps them anew, and reads them. */
static void *map_both(struct _test_data_huge *self, u32 setup_flags)
{
	void *addr;

	self->region.setup_flags = setup_flags;
	if (dev_regions(self->fd, &self->region, 1))
		return NULL;
	addr = dev_mmap(self->fd, 0, 3 * M2);
	return addr && !log_clear(self->fd) && reads_both(addr) ? addr : NULL;
}

/* Nor across handles. */
TEST_F(huge, handles)
{
	u64 m = size_of(self->m2);
	void *addr;

	self->region.chunk = 3 * M2 / 2;
	addr = map_both(self, 0);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(A, 1, M2, P, DDI_READ),
		   R_ACCESS(B, 2, 3 * M2 / 2, P, DDI_READ),
		   R_ACCESS(B, 2, 2 * M2, P, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr, 0, 0));
	ASSERT_EQ(0, munmap(addr, 3 * M2));

	/* Where one attribute holds for all handles, each has large ones. */
	addr = map_both(self, WB);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(self->fd,
		   R_ACCESS(C, 3, 0, m, DDI_READ),
		   R_ACCESS(C, 3, M2, P, DDI_READ),
		   R_ACCESS(D, 4, 3 * M2 / 2, P, DDI_READ),
		   R_ACCESS(D, 4, 2 * M2, m, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr, 0, self->m2));
	EXPECT_TRUE(has_entry(self, addr + 3 * M2 / 2, 3 * M2 / 2, 0));
	ASSERT_EQ(0, munmap(addr, 3 * M2));
}

/* The driver may ask for pages of the base size, and so may the user. */
TEST_F(huge, not_wanted)
{
	void *addr;

	self->region.setup_flags = DEVMAP_USE_PAGESIZE;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 0, M2);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr + P, P, 0));
	ASSERT_EQ(0, munmap(addr, M2));

	self->region.setup_flags = 0;
	self->region.access = DMST_ACCESS_LOAD;
	self->region.load_len = 2 * M2;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 0, 2 * M2);
	ASSERT_NE(NULL, addr);
	/* A kernel without large pages does not know that. */
	if (self->m2)
		ASSERT_EQ(0, madvise(addr, 2 * M2, MADV_NOHUGEPAGE));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, P, P, DDI_READ),
		   R_LOAD(B, 0, 2 * M2, DDI_READ));
	/* All that was loaded is there. */
	EXPECT_TRUE(has_entry(self, addr + 2 * M2 - P, 2 * M2 - P, 0));
	ASSERT_EQ(0, munmap(addr, 2 * M2));
}

/* A driver that loads less than it was called for, or more. */
TEST_F(huge, other_ranges)
{
	u64 m = size_of(self->m2);
	void *addr;

	self->region.access = DMST_ACCESS_LOAD;
	self->region.load_off = 3 * P;
	self->region.load_len = P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 0, M2);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
	EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, self->m2 ? 0 : 3 * P, m, DDI_READ),
		   R_LOAD(A, 3 * P, P, DDI_READ));
	EXPECT_TRUE(has_entry(self, addr + 3 * P, 3 * P, 0));
	EXPECT_TRUE(has_none(self, addr + 4 * P));
	ASSERT_EQ(0, munmap(addr, M2));

	/* Wider than one entry, and with a part that can have none. */
	self->region.load_off = 0;
	self->region.load_len = 3 * M2 + 2 * P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 0, 3 * M2 + 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_write(addr + M2, 5));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, M2, m, DDI_WRITE),
		   R_LOAD(B, 0, 3 * M2 + 2 * P, DDI_WRITE));
	EXPECT_TRUE(has_entry(self, addr + M2, M2, self->m2));
	EXPECT_TRUE(has_entry(self, addr + 3 * M2 + P, 3 * M2 + P, 0));
	EXPECT_EQ(0, each_block(addr, 3 * M2, 77, true));
	EXPECT_EQ(0, each_block(addr, 3 * M2, 77, false));
	EXPECT_NO_LOG(self->fd);
	EXPECT_TRUE(has_entry(self, addr + 2 * M2, 2 * M2, self->m2));
	ASSERT_EQ(0, munmap(addr, 3 * M2 + 2 * P));
}

/* An unload of one page: it alone is invalid; the others come back silently. */
TEST_F(huge, unload_a_page)
{
	u64 at = G1 / 2 + 5 * P;
	void *addr = dev_mmap(self->fd, 0, G1);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + at, 1));
	EXPECT_EQ(0, touch_write(addr + at + P, 2));
	ASSERT_EQ(0, dev_unload(self->fd, A, at, P));
	EXPECT_TRUE(has_none(self, addr + at));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr + at + P, NULL));
	EXPECT_NO_LOG(self->fd);
	EXPECT_TRUE(has_entry(self, addr + at + P, at + P, 0));
	EXPECT_TRUE(has_none(self, addr + at));
	EXPECT_EQ(0, touch_read(addr + at, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, at, P, DDI_READ));

	/* Of all of it. The tables stay, in which nothing larger than 2 MiB fits. */
	ASSERT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_TRUE(has_none(self, addr + at));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, size_of(self->m2), DDI_READ));
	ASSERT_EQ(0, munmap(addr, G1));
}

/* Two processes and one context: who has it has all of it, the other nothing. */
TEST_F(huge, switched)
{
	struct peer peer;
	void *addr;
	u32 value = 0;
	long other;
	int i;

	self->region.access = DMST_ACCESS_CTXMGT;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	addr = dev_mmap(self->fd, 0, G1);
	ASSERT_NE(NULL, addr);
	other = peer_map(&peer, self->fd, 0, G1, RW, MAP_SHARED);
	ASSERT_LT(0, other);
	for (i = 0; i < 50; i++) {
		u64 at = (u64)(i * 7919) % (G1 / P) * P;

		ASSERT_EQ(0, touch_write(addr + at, i));
		ASSERT_TRUE(has_entry(self, addr + at, at, self->g1));
		ASSERT_EQ(0, peer_read(&peer, other + at, &value));
		ASSERT_EQ(i, value);
		ASSERT_TRUE(has_none(self, addr + at));
		ASSERT_EQ(0, peer_write(&peer, other + at, ~i));
		ASSERT_EQ(0, touch_read(addr + at, &value));
		ASSERT_EQ(~i, value);
	}
	EXPECT_EQ(0, peer_stop(&peer));
	ASSERT_EQ(0, munmap(addr, G1));
}

/*
 * The middle is unmapped, at places where no large entry ends. What is left is loaded
 * as before, and the driver hears nothing more.
 */
TEST_F(huge, unmap_the_middle)
{
	static const struct {
		u64 off;
		u64 len;
	} holes[] = {
		{ G1 / 2, P }, { G1 / 4 + 3 * P, 7 * M2 }, { P, P },
		{ G1 - 2 * P, P }, { M2, M2 },
	};
	void *addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		addr = dev_mmap(self->fd, 0, G1);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, each_block(addr, G1, i, true));
		EXPECT_EQ(0, touch_read(addr + holes[i].off + holes[i].len, NULL));
		EXPECT_EQ(0, touch_read(addr + G1 - P, NULL));
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, munmap(addr + holes[i].off, holes[i].len));
		ASSERT_EQ(0, log_clear(self->fd));
		EXPECT_EQ(0, each_block(addr, holes[i].off, i, false));
		EXPECT_EQ(SIGSEGV, touch_read(addr + holes[i].off, NULL));
		EXPECT_EQ(0, touch_read(addr + holes[i].off + holes[i].len, NULL));
		EXPECT_EQ(0, touch_read(addr + G1 - P, NULL));
		EXPECT_NO_LOG(self->fd);
		ASSERT_EQ(0, munmap(addr, G1));
	}
}

/* Moved, to where large entries fit and to where they do not; whole and in part. */
TEST_F(huge, moved)
{
	static const u64 skews[] = { 0, M2, P, G1 / 2 + P };
	void *room, *addr, *to;
	size_t i;

	room = mmap(NULL, 4 * G1, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, room);
	room = (void *)(((u64)room + G1 - 1) & ~(G1 - 1));

	for (i = 0; i < ARRAY_SIZE(skews); i++) {
		addr = dev_mmap(self->fd, 0, G1);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, each_block(addr, G1, i, true));
		EXPECT_EQ(0, touch_read(addr + M2, NULL));
		EXPECT_EQ(0, touch_read(addr + G1 / 2, NULL));
		ASSERT_EQ(0, log_clear(self->fd));
		to = room + skews[i];
		ASSERT_EQ(to, mremap(addr, G1, G1, MREMAP_MAYMOVE | MREMAP_FIXED, to));
		EXPECT_EQ(0, each_block(to, G1, i, false));
		EXPECT_EQ(0, touch_read(to + M2, NULL));
		EXPECT_TRUE(has_entry(self, to + M2, M2,
				      skews[i] % M2 ? 0 : skews[i] ? self->m2 : self->g1));
		EXPECT_NO_LOG(self->fd);

		/* A part of it, once more. */
		ASSERT_EQ(to + G1, mremap(to + G1 / 2, 5 * P, 5 * P,
					  MREMAP_MAYMOVE | MREMAP_FIXED, to + G1));
		EXPECT_EQ(0, touch_read(to + G1, NULL));
		EXPECT_TRUE(has_entry(self, to + G1, G1 / 2, 0));
		EXPECT_EQ(0, each_block(to, G1 / 2, i, false));
		EXPECT_NO_LOG(self->fd);
		/* The place is kept for the next one. */
		ASSERT_EQ(to, mmap(to, G1 + 5 * P, PROT_NONE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
				   MAP_FIXED, -1, 0));
	}
}

/**
 * struct beside - a thread that touches a page as soon as it may
 * @addr: the page
 * @round: which round it is; -1: no more. It spins for that, as waking up takes longer
 *	than what it is to meet
 * @done: the last round that it is done with
 * @bad: the page could not be read
 */
struct beside {
	void *addr;
	long round;
	long done;
	long bad;
};

static long wait_for_another(long *round, long than)
{
	long now;

	do
		now = __atomic_load_n(round, __ATOMIC_ACQUIRE);
	while (now == than);
	return now;
}

static void *read_beside(void *arg)
{
	struct beside *beside = arg;
	long round = 0;

	for (;;) {
		round = wait_for_another(&beside->round, round);
		if (round < 0)
			return NULL;
		beside->bad += !!touch_read(beside->addr, NULL);
		__atomic_store_n(&beside->done, round, __ATOMIC_RELEASE);
	}
}

static void spin(long count)
{
	while (count-- > 0)
		__asm__ volatile("" ::: "memory");
}

/*
 * Moved such that what is valid has no entries, nor a table, where 1 GiB fits: one
 * thread reads a valid page, for which Linux makes a table, while the driver loads the
 * whole block for the write of another. The kernel must not find a table where an entry
 * is to be written, of which it warns.
 */
TEST_F_TIMEOUT(huge, block_beside_tables, 600)
{
	long i, rounds = effort(1000);
	struct beside beside = {};
	void *room, *addr, *to;
	pthread_t thread;

	self->region.callbacks = 0;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	room = mmap(NULL, 7 * G1, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	ASSERT_NE(MAP_FAILED, room);
	room = (void *)(((u64)room + G1 - 1) & ~(G1 - 1));
	to = room + 4 * G1;
	beside.addr = to;
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_beside, &beside));
	for (i = 1; i <= rounds; i++) {
		addr = mmap(room + M2, G1, RW, MAP_SHARED | MAP_FIXED, self->fd, 0);
		ASSERT_EQ(room + M2, addr);
		EXPECT_EQ(0, touch_write(addr, 1));
		addr = mremap(addr, G1, G1, MREMAP_MAYMOVE | MREMAP_FIXED,
			      room + 2 * G1 + P);
		ASSERT_EQ(room + 2 * G1 + P, addr);
		ASSERT_EQ(to, mremap(addr, G1, G1, MREMAP_MAYMOVE | MREMAP_FIXED, to));
		__atomic_store_n(&beside.round, i, __ATOMIC_RELEASE);
		spin(i % 100 * 100);
		EXPECT_EQ(0, touch_write(to + G1 / 2 + i % 100 * M2, 2));
		while (__atomic_load_n(&beside.done, __ATOMIC_ACQUIRE) != i)
			;
		EXPECT_EQ(0, touch_read(to + G1 - P, NULL));
		/* Gone with its tables: the next round begins as this one did. */
		ASSERT_EQ(0, munmap(to, G1));
	}
	__atomic_store_n(&beside.round, -1, __ATOMIC_RELEASE);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, beside.bad);
	ASSERT_EQ(0, munmap(room, 6 * G1));
}

/* Protection that is taken away and given back, of all and of a part. */
TEST_F(huge, protected)
{
	static const struct {
		u64 off;
		u64 len;
	} parts[] = { { 0, G1 }, { 3 * M2, M2 }, { G1 / 2 + P, 3 * P } };
	void *addr = dev_mmap(self->fd, 0, G1);
	size_t i;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, each_block(addr, G1, 9, true));
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		EXPECT_EQ(0, touch_read(addr + parts[i].off, NULL));
		EXPECT_EQ(0, touch_read(addr + parts[i].off + P, NULL));
	}
	ASSERT_EQ(0, log_clear(self->fd));
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		void *part = addr + parts[i].off;

		ASSERT_EQ(0, mprotect(part, parts[i].len, PROT_READ));
		EXPECT_EQ(0, touch_read(part, NULL));
		EXPECT_EQ(SIGSEGV, touch_write(part, 1));
		ASSERT_EQ(0, mprotect(part, parts[i].len, PROT_NONE));
		EXPECT_EQ(SIGSEGV, touch_read(part, NULL));
		ASSERT_EQ(0, mprotect(part, parts[i].len, RW));
		EXPECT_EQ(0, each_block(addr, G1, 9, false));
		EXPECT_EQ(0, touch_write(part + P, 1));
	}
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, munmap(addr, G1));
}

/* A child has none of them, even if the parent wants it to; the parent keeps its own. */
TEST_F(huge, forked)
{
	void *addr = dev_mmap(self->fd, 0, G1);
	struct peer child;
	u32 value = 0;
	int keep;

	ASSERT_NE(NULL, addr);
	for (keep = 0; keep < 2; keep++) {
		EXPECT_EQ(0, touch_write(addr + 9 * P, 40 + keep));
		if (keep)
			ASSERT_EQ(0, madvise(addr, G1, MADV_KEEPONFORK));
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, peer_start(&child));
		EXPECT_TRUE(has_entry(self, addr + 9 * P, 9 * P, self->g1));
		EXPECT_EQ(0, peer_read(&child, (long)addr + 9 * P, &value));
		EXPECT_EQ(40 + keep, value);
		EXPECT_LOG(self->fd,
			   R_DUP(A, 1, B + keep, 2 + keep),
			   R_ACCESS(B + keep, 2 + keep, self->g1 ? 0 : 9 * P,
				    size_of(self->g1), DDI_READ, .pid = child.pid));
		EXPECT_EQ(0, peer_stop(&child));
	}
	ASSERT_EQ(0, munmap(addr, G1));
}

/* A handle that can be remapped: cached, its entries are large; else they are pages. */
TEST_F(huge, remapped)
{
	struct dmst_target to = {
		.kind = DMST_REGS, .device = DMST_PCI_IVSHMEM,
		.rnumber = MEMORY_SET, .maxprot = PROT_ALL, .target = 8 * M2,
		.len = 2 * M2,
	};
	u32 caches[] = { UC, WB };
	void *addr;
	int i;

	for (i = 0; i < 2; i++) {
		unsigned int order = caches[i] == WB ? self->m2 : 0;

		self->region.setup_flags = DEVMAP_ALLOW_REMAP | caches[i];
		to.flags = caches[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		addr = dev_mmap(self->fd, 0, 2 * M2);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr + M2, NULL));
		EXPECT_TRUE(has_entry(self, addr + M2, M2, order));
		EXPECT_EQ(caches[i], dev_pte(self->fd, addr + M2).cache);
		ASSERT_EQ(0, dev_remap(self->fd, A + i, &to));
		EXPECT_TRUE(has_none(self, addr + M2));
		EXPECT_EQ(0, touch_read(addr + M2, NULL));
		EXPECT_TRUE(has_entry(self, addr + M2, 9 * M2, order));
		ASSERT_EQ(0, munmap(addr, 2 * M2));
	}
}

/* What looks at page tables from outside, and what splits large entries. */
TEST_F(huge, looked_at)
{
	static const char * const files[] = {
		"/proc/self/smaps", "/proc/self/numa_maps", "/proc/self/maps",
	};
	void *addr = dev_mmap(self->fd, 0, G1);
	unsigned char *vec = malloc(G1 / P);
	char buf[4096];
	u64 entry;
	size_t i;
	int fd;

	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, vec);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		ASSERT_EQ(0, each_block(addr, G1, i, true));
		fd = open(files[i], O_RDONLY);
		while (fd >= 0 && read(fd, buf, sizeof(buf)) > 0)
			;
		close(fd);
		ASSERT_EQ(0, each_block(addr, G1, i, false));
	}
	fd = open("/proc/self/pagemap", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(8, pread(fd, &entry, 8, (u64)addr / P * 8));
	close(fd);
	ASSERT_EQ(0, each_block(addr, G1, 2, false));
	mincore(addr, G1, vec);
	ASSERT_EQ(0, each_block(addr, G1, 2, false));

	/* All entries lose their permission to write, silently. */
	fd = open("/proc/self/clear_refs", O_WRONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, write(fd, "4", 1));
	close(fd);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, each_block(addr, G1, 3, true));
	ASSERT_EQ(0, each_block(addr, G1, 3, false));
	EXPECT_NO_LOG(self->fd);
	free(vec);
	ASSERT_EQ(0, munmap(addr, G1));
}

/* Memory runs out at each allocation in turn: the touch is tried again. */
static void without_memory(struct __test_metadata *_metadata,
			   struct _test_data_huge *self, u64 len,
			   unsigned int order)
{
	void *addr;
	bool hit;
	int n;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = dev_mmap(self->fd, 0, len);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, fail_nth(n));
		EXPECT_EQ(0, touch_write(addr + 3 * P, n));
		hit = failed();
		EXPECT_TRUE(has_entry(self, addr + 3 * P, 3 * P, order)) {
			TH_LOG("allocation %d", n);
		}
		EXPECT_EQ(0, touch_read(addr + len - P, NULL));
		ASSERT_EQ(0, munmap(addr, len));
	}
	EXPECT_FALSE(hit);
	/* At least the valid set, which is too large for a word. */
	EXPECT_LT(3, n);
}

TEST_F_TIMEOUT(huge, no_memory, 600)
{
	struct dmst_script script = {
		.log_mask = 1, .nr_regions = 1, .region = { self->region },
	};

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	ASSERT_EQ(0, allow_failures());
	ASSERT_EQ(0, dev_script(self->fd, &script));
	without_memory(_metadata, self, G1, self->g1);
	without_memory(_metadata, self, 2 * M2, self->m2);
}

struct race {
	void *addr;
	u64 len;
	u32 salt;
	bool stop;
	long bad;
	long done;
};

/* Reads pages that hold what was written before; whatever happens to the entries. */
static void *reader(void *arg)
{
	struct race *race = arg;
	unsigned int seed = (unsigned long)pthread_self();
	u32 value;
	u64 at;

	while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED)) {
		at = (u64)rand_r(&seed) * P % race->len / M2 * M2;
		at += at / M2 * P % M2;
		if (touch_read(race->addr + at, &value) ||
		    value != stamp(at, race->salt))
			__atomic_add_fetch(&race->bad, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(&race->done, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Threads that read, while ranges of all sizes are unloaded, protected and split. */
TEST_F_TIMEOUT(huge, race, 600)
{
	struct dmst_script script = {
		.log_mask = 1, .nr_regions = 1, .region = { self->region },
	};
	struct race race = { .len = G1, .salt = 13 };
	unsigned int seed = 1;
	pthread_t threads[3];
	u64 off, len;
	long i, rounds = effort(1000);

	ASSERT_EQ(0, dev_script(self->fd, &script));
	race.addr = dev_mmap(self->fd, 0, G1);
	ASSERT_NE(NULL, race.addr);
	ASSERT_EQ(0, each_block(race.addr, G1, race.salt, true));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, reader, &race));
	for (i = 0; i < rounds; i++) {
		off = (u64)rand_r(&seed) * P % G1;
		len = P << rand_r(&seed) % 19;
		if (len > G1 - off)
			len = G1 - off;
		switch (rand_r(&seed) % 4) {
		case 0:
			mprotect(race.addr + off, len, PROT_READ);
			break;
		case 1:
			mprotect(race.addr, G1, RW);
			break;
		case 2:
			ASSERT_EQ(0, dev_unload(self->fd, A, 0, 0));
			break;
		default:
			ASSERT_EQ(0, dev_unload(self->fd, A, off, len));
		}
	}
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	TH_LOG("%ld reads beside %ld changes", race.done, rounds);
	EXPECT_EQ(0, race.bad);
	EXPECT_LT(0, race.done);
	ASSERT_EQ(0, munmap(race.addr, G1));
}

TEST_HARNESS_MAIN
