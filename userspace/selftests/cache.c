// SPDX-License-Identifier: GPL-2.0
/*
 * Register sets: which can be mapped, with which cache attribute, and user
 * offsets beyond 4 GiB. The attributes are what the kernel itself says: the
 * entries of the page table, and its list of reserved ranges.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "pci.h"
#include "peer.h"

#define PAT_LIST	"/sys/kernel/debug/x86/pat_memtype_list"
#define EDU_ID(value)	(((value) & 0xff00ffff) == 0x010000ed)
#define EDU_SIZE	0x100000UL

#define UC	IOMEM_DATA_UNCACHED
#define WC	IOMEM_DATA_UC_WR_COMBINE
#define WB	IOMEM_DATA_CACHED

FIXTURE(cache) {
	struct objects base;
	struct dmst_region region;
	struct dmst_region memory;
	int fd;
	int nr_reserved;
};

/* How many ranges are reserved; -1 without such a list. */
static int count_reserved(void)
{
	FILE *file = fopen(PAT_LIST, "r");
	char line[200];
	int nr = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		nr += !strncmp(line, "PAT: [mem", 9);
	fclose(file);
	return nr;
}

/* How often exactly this range is reserved as @type. */
static int reserved_as(uint64_t pfn, unsigned int pages, const char *type)
{
	unsigned long long start, end;
	FILE *file = fopen(PAT_LIST, "r");
	char line[200], what[40];
	int nr = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "PAT: [mem 0x%llx-0x%llx] %39s", &start, &end,
			   what) != 3)
			continue;
		nr += start == pfn * P && end == (pfn + pages) * P &&
		      !strcmp(what, type);
	}
	if (file)
		fclose(file);
	return nr;
}

FIXTURE_SETUP(cache)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->nr_reserved = count_reserved();
	if (self->nr_reserved < 0)
		SKIP(return, "the kernel has no list of memory types");
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	self->region = dev_region(0, EDU_SIZE);
	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	/* A range above 4 GiB, where the firmware lets it be cached. */
	self->memory = self->region;
	self->memory.device = DMST_PCI_TESTDEV;
	self->memory.rnumber = 3;
}

FIXTURE_TEARDOWN_PARENT(cache)
{
	EXPECT_EQ(0, test_end(&self->base));
	/* All that was reserved has been released. */
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

static void *map_as(int fd, struct dmst_region *region, uint32_t flags,
		    uint64_t off, size_t len)
{
	region->setup_flags = flags;
	if (dev_regions(fd, region, 1))
		return NULL;
	return dev_mmap(fd, off, len);
}

/* The attribute of a page that is touched for it. */
static uint32_t cache_at(int fd, const void *addr)
{
	if (touch_read(addr, NULL))
		return ~0U;
	return dev_pte(fd, addr).cache;
}

/* The device is really there. */
TEST_F(cache, registers)
{
	uint32_t value = 0;
	void *addr = map_as(self->fd, &self->region, 0, 0, 2 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_TRUE(EDU_ID(value)) {
		TH_LOG("0x%x", value);
	}
	EXPECT_EQ(0, touch_write(addr + 4, 0x12345678));
	EXPECT_EQ(0, touch_read(addr + 4, &value));
	EXPECT_EQ(~0x12345678U, value);
	EXPECT_EQ(0, touch_write(addr + 4, 0));
	EXPECT_EQ(0, touch_read(addr + 4, &value));
	EXPECT_EQ(~0U, value);
}

/* Two processes see one device. */
TEST_F(cache, registers_are_shared)
{
	void *addr = map_as(self->fd, &self->region, 0, 0, P);
	struct peer child;
	uint32_t value = 0;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, (long)addr + 4, 0x55));
	EXPECT_EQ(0, touch_read(addr + 4, &value));
	EXPECT_EQ(~0x55U, value);
	EXPECT_EQ(0, peer_stop(&child));
}

static const struct {
	uint32_t device;
	uint32_t rnumber;
	bool cacheable;
} places[] = {
	/* Below 4 GiB the firmware has set MTRRs against it. */
	{ DMST_PCI_EDU, 1, false },
	{ DMST_PCI_BOCHS, 1, false },
	{ DMST_PCI_TESTDEV, 3, true },
};

/* Registers are not cached, unless the driver wants it otherwise. */
TEST_F_TIMEOUT(cache, attributes, 120)
{
	static const struct {
		uint32_t flags;
		uint32_t cache;
		const char *type;
	} rows[] = {
		{ 0, UC, NULL },
		{ UC, UC, NULL },
		{ WC, WC, "write-combining" },
		{ WB, WB, "write-back" },
	};
	size_t i, place;
	uint64_t pfn;
	int page;

	for (place = 0; place < ARRAY_SIZE(places); place++) {
		self->region.device = places[place].device;
		self->region.rnumber = places[place].rnumber;
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			bool refused = rows[i].flags == WB &&
				       !places[place].cacheable;
			void *addr = map_as(self->fd, &self->region,
					    rows[i].flags, 0x10000, 4 * P);

			ASSERT_NE(NULL, addr);
			for (page = 0; page < 4; page++) {
				EXPECT_EQ(refused ? UC : rows[i].cache,
					  cache_at(self->fd, addr + page * P)) {
					TH_LOG("place %zu row %zu", place, i);
				}
			}
			pfn = dev_pte(self->fd, addr).pfn;
			if (rows[i].type && !refused) {
				EXPECT_EQ(1, reserved_as(pfn, 4, rows[i].type));
				EXPECT_EQ(self->nr_reserved + 1,
					  count_reserved());
			}
			EXPECT_EQ(0, !rows[i].type && count_reserved() !=
							self->nr_reserved);
			ASSERT_EQ(0, munmap(addr, 4 * P));
			EXPECT_EQ(self->nr_reserved, count_reserved());
		}
	}
}

/* Memory of a device holds what is written to it, however it is mapped. */
TEST_F(cache, device_memory)
{
	const uint32_t flags[] = { 0, WC, WB, UC };
	uint32_t buf[64], *addr;
	size_t i, n;
	int mem;

	mem = mem_open(getpid());
	ASSERT_LE(0, mem);
	self->region.device = DMST_PCI_BOCHS;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		addr = map_as(self->fd, &self->region, flags[i], 0, 2 * P);
		ASSERT_NE(NULL, addr);
		/* What the mapping before this one has left. */
		if (i) {
			EXPECT_EQ(i * 1000, addr[0]);
			EXPECT_EQ(i * 1000 + 1023, addr[1023]);
			EXPECT_EQ(i * 1000 + 2000, addr[2000]);
		}
		for (n = 0; n < 2 * P / 4; n++)
			addr[n] = (i + 1) * 1000 + n;
		/* And by software, unaligned and across the pages. */
		memset(buf, 0, sizeof(buf));
		EXPECT_EQ(200, mem_read(mem, (void *)addr + P - 100, buf, 200));
		EXPECT_EQ(0, memcmp(buf, (void *)addr + P - 100, 200));
		buf[0] = 0xabcd;
		EXPECT_EQ(3, mem_write(mem, (void *)addr + 101, buf, 3));
		EXPECT_EQ(0, memcmp(buf, (void *)addr + 101, 3));
		ASSERT_EQ(0, munmap(addr, 2 * P));
	}
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

/* At most one; none for memory of the kernel. */
TEST_F(cache, contradictions)
{
	const uint32_t wrong[] = {
		UC | WC, WC | WB, UC | WB, UC | WC | WB, 0x80000, 0x100 | WC,
	};
	const uint32_t any[] = { UC, WC, WB };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		self->region.setup_flags = wrong[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED)) {
			TH_LOG("flags 0x%x", wrong[i]);
		}
	}
	self->region.kind = DMST_UMEM;
	for (i = 0; i < ARRAY_SIZE(any); i++) {
		self->region.setup_flags = any[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	}
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

/* Kernel memory is cached. */
TEST_F(cache, umem)
{
	void *addr;

	self->region.kind = DMST_UMEM;
	self->region.len = 16 * P;
	addr = map_as(self->fd, &self->region, 0, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(WB, cache_at(self->fd, addr));
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

/* The range stays reserved until the last remnant has gone. */
TEST_F(cache, partial_unmap)
{
	const uint32_t flags[] = { WC, WB };
	uint64_t pfn;
	void *addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		const char *type = flags[i] == WC ? "write-combining" :
						    "write-back";

		addr = map_as(self->fd, &self->memory, flags[i], 0x20000,
			      5 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(flags[i], cache_at(self->fd, addr));
		EXPECT_EQ(flags[i], cache_at(self->fd, addr + 4 * P));
		pfn = dev_pte(self->fd, addr).pfn;
		ASSERT_EQ(0, munmap(addr + 2 * P, P));
		EXPECT_EQ(1, reserved_as(pfn, 5, type));
		EXPECT_EQ(flags[i], dev_pte(self->fd, addr).cache);
		/* Pages that were touched before, and not before. */
		EXPECT_EQ(0, dev_unload(self->fd, i ? C : A, 0, 0));
		EXPECT_EQ(0, dev_pte(self->fd, addr).present);
		EXPECT_EQ(flags[i], cache_at(self->fd, addr));
		EXPECT_EQ(flags[i], cache_at(self->fd, addr + P));
		EXPECT_EQ(flags[i], cache_at(self->fd, addr + 3 * P));
		ASSERT_EQ(0, munmap(addr, 2 * P));
		EXPECT_EQ(1, reserved_as(pfn, 5, type));
		EXPECT_EQ(flags[i], cache_at(self->fd, addr + 4 * P));
		ASSERT_EQ(0, munmap(addr + 3 * P, P));
		EXPECT_EQ(1, reserved_as(pfn, 5, type));
		ASSERT_EQ(0, munmap(addr + 4 * P, P));
		EXPECT_EQ(self->nr_reserved, count_reserved());
	}
}

/* The protection changes, the attribute does not. */
TEST_F(cache, protect_and_move)
{
	void *addr = map_as(self->fd, &self->memory, WC, 0x20000, 2 * P), *new;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(WC, cache_at(self->fd, addr));
	ASSERT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(WC, cache_at(self->fd, addr));
	EXPECT_EQ(0, dev_pte(self->fd, addr).write);
	ASSERT_EQ(0, mprotect(addr, P, RW));
	EXPECT_EQ(0, touch_write(addr, 0));
	EXPECT_EQ(WC, dev_pte(self->fd, addr).cache);
	EXPECT_EQ(1, dev_pte(self->fd, addr).write);
	new = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(addr, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, new));
	EXPECT_EQ(WC, cache_at(self->fd, new));
	EXPECT_EQ(WC, cache_at(self->fd, addr + P));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	ASSERT_EQ(0, munmap(addr + P, P));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
}

/* What the kernel made of one protection is of no use for another. */
TEST_F(cache, protection_of_each_page)
{
	void *addr = map_as(self->fd, &self->memory, WC, 0x20000, 3 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, mprotect(addr + P, 2 * P, PROT_READ));
	EXPECT_EQ(WC, cache_at(self->fd, addr + P));
	EXPECT_EQ(0, dev_pte(self->fd, addr + P).write);
	EXPECT_EQ(SIGSEGV, touch_write(addr + P, 1));
	ASSERT_EQ(0, mprotect(addr + 2 * P, P, RW));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 1));
	EXPECT_EQ(1, dev_pte(self->fd, addr + 2 * P).write);
	EXPECT_EQ(WC, dev_pte(self->fd, addr + 2 * P).cache);
}

/* Pages of one load, of which only one asks the kernel for its attribute. */
TEST_F(cache, load_of_many_pages)
{
	const uint32_t flags[] = { WC, WB, UC };
	uint64_t first;
	size_t i, page;
	char *addr;

	self->memory.access = DMST_ACCESS_LOAD;
	self->memory.load_off = 0x20000;
	self->memory.load_len = 5 * P;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		addr = map_as(self->fd, &self->memory, flags[i], 0x20000,
			      5 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
		first = dev_pte(self->fd, addr).pfn;
		for (page = 0; page < 5; page++) {
			struct dmst_pte pte = dev_pte(self->fd,
						      addr + page * P);

			EXPECT_EQ(1, pte.present);
			EXPECT_EQ(first + page, pte.pfn);
			EXPECT_EQ(flags[i], pte.cache);
			EXPECT_EQ(1, pte.write);
		}
		ASSERT_EQ(0, munmap(addr, 5 * P));
	}
}

/* A child inherits it, and keeps it without the parent. */
TEST_F(cache, fork)
{
	const uint32_t flags[] = { WC, WB, UC };
	int to_child[2], status;
	char byte = 0;
	uint64_t pfn;
	void *addr;
	pid_t pid;
	size_t i;

	ASSERT_EQ(0, pipe(to_child));
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		const char *type = flags[i] == WC ? "write-combining" :
						    "write-back";

		addr = map_as(self->fd, &self->memory, flags[i], 0x30000,
			      2 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(flags[i], cache_at(self->fd, addr));
		pfn = dev_pte(self->fd, addr).pfn;
		pid = fork();
		if (!pid) {
			if (read(to_child[0], &byte, 1) != 1)
				_exit(1);
			if (cache_at(self->fd, addr) != flags[i])
				_exit(2);
			if (flags[i] != UC && reserved_as(pfn, 2, type) != 1)
				_exit(3);
			if (munmap(addr, P) ||
			    cache_at(self->fd, addr + P) != flags[i])
				_exit(4);
			_exit(0);
		}
		ASSERT_EQ(0, munmap(addr, 2 * P));
		if (flags[i] != UC)
			EXPECT_EQ(1, reserved_as(pfn, 2, type));
		ASSERT_EQ(1, write(to_child[1], &byte, 1));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status);
		EXPECT_EQ(self->nr_reserved, count_reserved());
	}
}

/* A remap takes the new attribute and gives the old one back. */
TEST_F(cache, remap)
{
	struct dmst_target regs = {
		.kind = DMST_REGS, .device = DMST_PCI_TESTDEV, .rnumber = 3,
		.len = 2 * P, .target = 0x40000, .maxprot = PROT_ALL,
	};
	void *addr = map_as(self->fd, &self->memory,
			    DEVMAP_ALLOW_REMAP | WC, 0, 2 * P);
	uint64_t pfn;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(WC, cache_at(self->fd, addr));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	pfn = dev_pte(self->fd, addr).pfn;

	/* The default is the default again. */
	EXPECT_EQ(0, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(self->nr_reserved, count_reserved());
	EXPECT_EQ(UC, cache_at(self->fd, addr));
	EXPECT_EQ(pfn + 0x40, dev_pte(self->fd, addr).pfn);
	/* That is what they are now, until they are mapped nowhere. */
	regs.flags = WB;
	EXPECT_EQ(0, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(UC, cache_at(self->fd, addr));
	EXPECT_EQ(self->nr_reserved, count_reserved());
	regs.target = 0x44000;
	EXPECT_EQ(0, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(WB, cache_at(self->fd, addr));
	EXPECT_EQ(1, reserved_as(pfn + 0x44, 2, "write-back"));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	regs.flags = WC;
	regs.target = 0x50000;
	EXPECT_EQ(0, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(WC, cache_at(self->fd, addr));
	EXPECT_EQ(1, reserved_as(pfn + 0x50, 2, "write-combining"));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());

	/* One that is refused reserves nothing. */
	regs.target = 0x60000;
	regs.len = P;
	EXPECT_EQ(-1, dev_remap(self->fd, A, &regs));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	EXPECT_EQ(WC, dev_pte(self->fd, addr).cache);
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 0, 0, 2 * P));
	EXPECT_EQ(WB, cache_at(self->fd, addr));
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

/* An mmap(2) that fails late has reserved and has to release. */
TEST_F(cache, mmap_fails)
{
	const uint32_t flags[] = { WC, WB };
	size_t i;

	self->memory.chunk = P;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		self->memory.setup_flags = flags[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->memory, 1));
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DEVMAP, 3, -1));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, 4 * P, RW, MAP_SHARED));
		EXPECT_EQ(self->nr_reserved, count_reserved());
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_MAP, 2, -1));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, 4 * P, RW, MAP_SHARED));
		EXPECT_EQ(self->nr_reserved, count_reserved());
	}
}

/* What is mapped together is reserved once. */
TEST_F(cache, same_range_twice)
{
	void *addr[2];
	int i;

	for (i = 0; i < 2; i++) {
		addr[i] = map_as(self->fd, &self->memory, WC, 0x10000, 2 * P);
		ASSERT_NE(NULL, addr[i]);
		EXPECT_EQ(WC, cache_at(self->fd, addr[i]));
	}
	ASSERT_EQ(0, munmap(addr[0], 2 * P));
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(WC, cache_at(self->fd, addr[1]));
	ASSERT_EQ(0, munmap(addr[1], 2 * P));
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

/* The same page must never be in two page tables with two attributes. */
TEST_F_TIMEOUT(cache, no_two_attributes_of_a_page, 120)
{
	const uint32_t flags[] = { WC, WB };
	const uint32_t others[] = { 0, UC, WC, WB };
	void *addr, *other;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		addr = map_as(self->fd, &self->memory, flags[i], 0x10000,
			      2 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(flags[i], cache_at(self->fd, addr + P));
		for (k = 0; k < ARRAY_SIZE(others); k++) {
			long ret;

			self->memory.setup_flags = others[k];
			ASSERT_EQ(0, dev_regions(self->fd, &self->memory, 1));
			ret = dev_map(self->fd, 0x10000 + P, 2 * P, RW,
				      MAP_SHARED);
			if (others[k] != flags[i]) {
				EXPECT_EQ(-ENXIO, ret);
				continue;
			}
			ASSERT_LT(0, ret);
			other = (void *)ret;
			EXPECT_EQ(flags[i], cache_at(self->fd, addr + P));
			EXPECT_EQ(flags[i], cache_at(self->fd, other));
			EXPECT_EQ(flags[i], cache_at(self->fd, other + P));
			ASSERT_EQ(0, munmap(other, 2 * P));
		}
		ASSERT_EQ(0, munmap(addr, 2 * P));
		EXPECT_EQ(self->nr_reserved, count_reserved());
	}
}

/* What is mapped uncached is uncached to all, as devmap_devmem_setup(9F) allows. */
TEST_F(cache, uncached_comes_first)
{
	const uint32_t others[] = { WC, WB };
	void *addr, *other;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		addr = map_as(self->fd, &self->memory, 0, 0x10000, 2 * P);
		ASSERT_NE(NULL, addr);
		/* Also where only a part of it is. */
		other = map_as(self->fd, &self->memory, others[i], 0x10000 + P,
			       2 * P);
		ASSERT_NE(NULL, other);
		EXPECT_EQ(UC, cache_at(self->fd, other));
		EXPECT_EQ(UC, cache_at(self->fd, other + P));
		EXPECT_EQ(UC, cache_at(self->fd, addr + P));
		EXPECT_EQ(self->nr_reserved, count_reserved());
		ASSERT_EQ(0, munmap(addr, 2 * P));
		/* As long as anybody has a page of it. */
		addr = map_as(self->fd, &self->memory, others[i],
			      0x10000 + 2 * P, 2 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(UC, cache_at(self->fd, addr));
		ASSERT_EQ(0, munmap(addr, 2 * P));
		ASSERT_EQ(0, munmap(other, 2 * P));
		other = map_as(self->fd, &self->memory, others[i], 0x10000,
			       4 * P);
		ASSERT_NE(NULL, other);
		EXPECT_EQ(others[i], cache_at(self->fd, other));
		ASSERT_EQ(0, munmap(other, 4 * P));
	}
}

/* Address space of the kernel's own, in which it maps device memory. */
static int count_kernel_mappings(void)
{
	FILE *file = fopen("/proc/vmallocinfo", "r");
	char line[300];
	int nr = 0;

	while (file && fgets(line, sizeof(line), file))
		nr += !!strstr(line, " ioremap");
	if (file)
		fclose(file);
	return nr;
}

#define MANY	64

/* However often users map a range, or parts of it, the kernel needs it once. */
TEST_F(cache, mapped_many_times)
{
	int i, before = count_kernel_mappings();
	void *all, *part[MANY];

	all = map_as(self->fd, &self->memory, WB, 0x10000, MANY * P);
	ASSERT_NE(NULL, all);
	EXPECT_EQ(before + 1, count_kernel_mappings());
	for (i = 0; i < MANY; i++) {
		part[i] = dev_mmap(self->fd, 0x10000 + i / 2 * P,
				   (MANY - i) * P);
		ASSERT_NE(NULL, part[i]);
	}
	EXPECT_EQ(before + 1, count_kernel_mappings());
	EXPECT_EQ(self->nr_reserved + 1, count_reserved());
	ASSERT_EQ(0, munmap(all, MANY * P));
	EXPECT_EQ(WB, cache_at(self->fd, part[MANY - 1]));
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, munmap(part[i], (MANY - i) * P));
	EXPECT_EQ(before, count_kernel_mappings());
	EXPECT_EQ(self->nr_reserved, count_reserved());
}

#define BEYOND	"devmap: beyond the end"
#define ALIGN	"devmap: not the beginning of a page"
#define NONE	"devmap: does not exist"

static const struct {
	const char *what;
	uint32_t device;
	uint32_t rnumber;
	long long target;
	size_t len;
	bool ok;
	const char *message;	/* words of it */
} sets[] = {
	{ "all registers", DMST_PCI_EDU, 1, 0, EDU_SIZE, true, NULL },
	{ "the last page", DMST_PCI_EDU, 1, EDU_SIZE - P, P, true, NULL },
	{ "behind the end", DMST_PCI_EDU, 1, EDU_SIZE, P, false,
	  BEYOND },
	{ "over the end", DMST_PCI_EDU, 1, EDU_SIZE - P, 2 * P, false,
	  BEYOND },
	{ "far behind the end", DMST_PCI_EDU, 1, 1LL << 40, P, false,
	  BEYOND },
	{ "end of all offsets", DMST_PCI_EDU, 1, 0x7ffffffffffff000, P, false,
	  BEYOND },
	{ "a negative offset", DMST_PCI_EDU, 1, -(long long)P, P, false,
	  BEYOND },
	{ "an offset that is not aligned", DMST_PCI_EDU, 1, 8, P, false,
	  ALIGN },
	{ "another one", DMST_PCI_EDU, 1, P / 2, P, false, ALIGN },
	{ "configuration space", DMST_PCI_EDU, 0, 0, P, false,
	  "devmap: set 0 is configuration space" },
	{ "the set behind the last one", DMST_PCI_EDU, 2, 0, P, false,
	  NONE },
	{ "more than a device can have", DMST_PCI_EDU, 7, 0, P, false,
	  NONE },
	{ "no number at all", DMST_PCI_EDU, 0xffffffff, 0, P, false, NONE },
	{ "a second device", DMST_PCI_BOCHS, 1, 0, P, true, NULL },
	{ "its second set, which is BAR 2", DMST_PCI_BOCHS, 2, 0, P, true, NULL },
	{ "a third one", DMST_PCI_BOCHS, 3, 0, P, false, NONE },
	{ "memory of a device with ports", DMST_PCI_TESTDEV, 1, 0, P, true, NULL },
	{ "its ports", DMST_PCI_TESTDEV, 2, 0, P, false,
	  "devmap: set 2 is port space" },
	{ "the set behind the ports", DMST_PCI_TESTDEV, 3, 0, P, true, NULL },
	{ "its end, above 4 GiB", DMST_PCI_TESTDEV, 3, (4LL << 30) - P, P,
	  true, NULL },
	{ "and behind that", DMST_PCI_TESTDEV, 3, 4LL << 30, P, false,
	  BEYOND },
	{ "a set that does not fill its page", DMST_PCI_I6300ESB, 1, 0, P,
	  false, "devmap: does not fill its pages" },
	{ "no such device", 99, 1, 0, P, false, NULL },
};

TEST_F(cache, register_sets)
{
	int klog = klog_open();
	size_t i;
	long ret;

	ASSERT_LE(0, klog);
	self->region.len = 1 << 30;
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		self->region.device = sets[i].device;
		self->region.rnumber = sets[i].rnumber;
		self->region.target = sets[i].target;
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		ret = dev_map(self->fd, 0, sets[i].len, RW, MAP_SHARED);
		if (sets[i].ok) {
			ASSERT_LT(0, ret) {
				TH_LOG("%s: %ld", sets[i].what, ret);
			}
			EXPECT_EQ(UC, cache_at(self->fd, (void *)ret));
			ASSERT_EQ(0, munmap((void *)ret, sets[i].len));
		} else {
			EXPECT_EQ(-ENXIO, ret) {
				TH_LOG("%s: %ld", sets[i].what, ret);
			}
		}
		/* The kernel says why, and nothing where nothing is wrong. */
		EXPECT_EQ(!!sets[i].message,
			  klog_has(klog, sets[i].message ?: "devmap:")) {
			TH_LOG("%s", sets[i].what);
		}
	}
}

/* The pages of the register set are those of the device, one after the other. */
TEST_F(cache, pages_of_a_set)
{
	void *addr = map_as(self->fd, &self->region, 0, 0, 8 * P);
	uint64_t pfn;
	int page;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	pfn = dev_pte(self->fd, addr).pfn;
	for (page = 0; page < 8; page++) {
		EXPECT_EQ(0, touch_read(addr + page * P, NULL));
		EXPECT_EQ(pfn + page, dev_pte(self->fd, addr + page * P).pfn);
	}
	self->region.target = 3 * P;
	addr = map_as(self->fd, &self->region, 0, 2 * P, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(pfn + 5, dev_pte(self->fd, addr).pfn);
}

/* All callbacks for a mapping at an offset that does not fit into 32 bits. */
static void far_offset(struct __test_metadata *_metadata, int fd, uint64_t at)
{
	struct dmst_region region = dev_region(at, 8 * P);
	struct dmst_script script = {
		.log_mask = DMST_LOG_DEFAULT | 1 << DMST_OP_SETUP,
		.nr_regions = 1,
	};
	uint32_t value = 0x77;
	struct peer child;
	void *addr;
	int mem;

	region.chunk = 4 * P;
	region.access = DMST_ACCESS_CTXMGT;
	script.region[0] = region;
	ASSERT_EQ(0, dev_script(fd, &script));
	addr = dev_mmap(fd, at + 2 * P, 6 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_LOG(fd,
		   R_DEVMAP(A, at + 2 * P, 6 * P, 2 * P),
		   R_SETUP(A, 2 * P, 2 * P, PROT_ALL, 0),
		   R_DEVMAP(B, at + 4 * P, 4 * P, 4 * P),
		   R_SETUP(B, 4 * P, 4 * P, PROT_ALL, 0),
		   R_MAP(A, MAP_SHARED, at + 2 * P, 2 * P, 1),
		   R_MAP(B, MAP_SHARED, at + 4 * P, 4 * P, 2));

	EXPECT_EQ(0, touch_write(addr + 5 * P, 0x11));
	EXPECT_EQ(0x11, dev_peek(fd, 0, 7 * P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, dev_unload(fd, A, at + 3 * P, P));
	EXPECT_LOG(fd,
		   R_ACCESS(B, 2, at + 7 * P, P, DDI_WRITE),
		   R_CTX(B, 2, at + 7 * P, P, DDI_WRITE),
		   R_LOAD(B, at + 7 * P, P, DDI_WRITE),
		   R_ACCESS(A, 1, at + 3 * P, P, DDI_READ),
		   R_CTX(A, 1, at + 3 * P, P, DDI_READ),
		   R_UNLOAD(B, at + 4 * P, 4 * P),
		   R_LOAD(A, at + 3 * P, P, DDI_READ),
		   R_UNLOAD(A, at + 3 * P, P));

	mem = mem_open(getpid());
	ASSERT_LE(0, mem);
	EXPECT_EQ(4, mem_write(mem, addr + P, &value, 4));
	EXPECT_EQ(0x77, dev_peek(fd, 0, 3 * P));
	EXPECT_LOG(fd,
		   R_SOFTLOCK(A, 1, at + 3 * P, P, DDI_WRITE),
		   R_CTX(A, 1, at + 3 * P, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_LOAD(A, at + 3 * P, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, at + 3 * P, P, DDI_WRITE),
		   R_CTX(A, 1, at + 3 * P, P, DDI_WRITE, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, at + 3 * P, P, DDI_WRITE, .type = DEVMAP_UNLOCK));

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 5 * P, &value));
	EXPECT_EQ(0x11, value);
	ASSERT_EQ(0, munmap(addr + 3 * P, P));
	ASSERT_EQ(0, munmap(addr, 6 * P));
	EXPECT_LOG(fd,
		   R_DUP(A, 1, C, 3),
		   R_DUP(B, 2, D, 4),
		   R_ACCESS(D, 4, at + 7 * P, P, DDI_READ, .pid = child.pid),
		   R_CTX(D, 4, at + 7 * P, P, DDI_READ, .pid = child.pid),
		   R_UNLOAD(A, at + 2 * P, 2 * P, .pid = child.pid),
		   R_LOAD(D, at + 7 * P, P, DDI_READ, .pid = child.pid),
		   R_UNMAP(B, 2, at + 5 * P, P, B, 5, E, 6),
		   R_UNMAP_ALL(A, 1, at + 2 * P, 2 * P),
		   R_UNMAP_ALL(B, 5, at + 4 * P, P),
		   R_UNMAP_ALL(E, 6, at + 6 * P, 2 * P));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_LOG(fd,
		   R_UNMAP_ALL(C, 3, at + 2 * P, 2 * P, .pid = child.pid),
		   R_UNMAP_ALL(D, 4, at + 4 * P, 4 * P, .pid = child.pid));
}

TEST_F(cache, beyond_4_gib)
{
	far_offset(_metadata, self->fd, 1ULL << 32);
}

TEST_F(cache, across_4_gib)
{
	far_offset(_metadata, self->fd, (1ULL << 32) - 5 * P);
}

TEST_F(cache, beyond_8_gib)
{
	far_offset(_metadata, self->fd, (1ULL << 33) + 0x12345000);
}

TEST_F(cache, beyond_all_memory)
{
	far_offset(_metadata, self->fd, 1ULL << 62);
}

TEST_HARNESS_MAIN
