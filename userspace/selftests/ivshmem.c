// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is shared with the host: drivers for QEMU's "ivshmem-plain". Half of
 * the test runs on the host, before and after the machine:
 *
 *	ivshmem --host-prepare FILE...
 *	ivshmem --host-verify FILE...
 *
 * Each file is the memory of one device. Pages of the lower half have what the host
 * wrote, pages of the upper half are for the machine. In a large file only a few
 * places are used, and the rest is a hole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "pci.h"
#include "peer.h"

#ifndef CACHE
#define CACHE	IOMEM_DATA_CACHED	/* what the driver was told */
#endif

#define MAGIC		0x6d686d6976736867ULL
#define DEVICES_MAX	4
#define SMALL		(256UL << 20)	/* all pages are used below this */
#define FEW		32		/* places in a large file */
#define WORDS		(P / 8)

/* The first page. */
struct header {
	u64 magic;
	u64 number;
	u64 size;
};

/* What the word at @offset of file @number has from the host, or the machine. */
static u64 from_host(u64 number, u64 offset)
{
	return (offset * 0x9e3779b97f4a7c15ULL) ^ (number + 1) << 56 ^ 0x5555;
}

static u64 from_machine(u64 number, u64 offset)
{
	return ~from_host(number, offset) * 3;
}

/* Pages that are used, in either half: page @i of so many. */
static u64 nr_places(u64 size)
{
	return size < SMALL ? size / 2 / P : FEW;
}

/* The first page is the header's; the last one is always among them. */
static u64 place(u64 size, u64 i, bool upper)
{
	u64 nr = nr_places(size), page = i * (size / 2 / P / nr);

	if (i == nr - 1)
		page = size / 2 / P - 1;
	return (upper ? size / 2 : 0) + page * P;
}

/*
 * The host's part
 */

static void *map_file(const char *name, u64 *size)
{
	int fd = open(name, O_RDWR);
	struct stat st;
	void *addr;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	*size = st.st_size;
	addr = mmap(NULL, *size, RW, MAP_SHARED, fd, 0);
	close(fd);
	return addr == MAP_FAILED ? NULL : addr;
}

static int prepare(const char *name, u64 number)
{
	struct header *header;
	u64 size, i, word, at;
	char *base = map_file(name, &size);

	if (!base) {
		perror(name);
		return 1;
	}
	for (i = 0; i < nr_places(size); i++) {
		at = place(size, i, false);
		for (word = 0; word < WORDS; word++)
			*(u64 *)(base + at + word * 8) =
				from_host(number, at + word * 8);
	}
	header = (void *)base;
	*header = (struct header){ MAGIC, number, size };
	return munmap(base, size);
}

static int nr_results;

static int result(const char *what, u64 number, bool ok)
{
	printf("%sok %d host: %s, file %llu\n", ok ? "" : "not ", ++nr_results,
	       what, (unsigned long long)number);
	return ok ? 0 : 1;
}

/* How many words of the used pages are not what @value says. */
static u64 differences(const char *base, u64 size, u64 number, bool upper,
		       u64 (*value)(u64 number, u64 offset))
{
	u64 i, word, at, nr = 0, first = upper ? 0 : sizeof(struct header) / 8;

	for (i = 0; i < nr_places(size); i++) {
		at = place(size, i, upper);
		for (word = i ? 0 : first; word < WORDS; word++)
			nr += *(const u64 *)(base + at + word * 8) !=
			      value(number, at + word * 8);
	}
	return nr;
}

/* What lies between the places of a large file. */
static bool rest_is_empty(const char *base, u64 size)
{
	u64 i, at;

	for (i = 0; i + 1 < nr_places(size); i++) {
		at = place(size, i, true) + P;
		if (*(const u64 *)(base + at))
			return false;
	}
	return true;
}

static int verify(const char *name, u64 number)
{
	const struct header *header;
	struct stat st;
	u64 size, wrong;
	char *base = map_file(name, &size);
	int bad = 0;

	if (!base)
		return result("the file is there", number, false);

	header = (void *)base;
	wrong = differences(base, size, number, true, from_machine);
	printf("# %llu words differ\n", (unsigned long long)wrong);
	bad += result("has what the machine wrote", number, !wrong);
	wrong = differences(base, size, number, false, from_host);
	bad += result("has what the host wrote", number,
		      !wrong && header->magic == MAGIC &&
		      header->number == number && header->size == size);
	if (size >= SMALL) {
		bad += result("has nothing else", number,
			      !stat(name, &st) && rest_is_empty(base, size));
		bad += result("is full of holes", number,
			      st.st_blocks * 512ULL < size / 4);
	}
	munmap(base, size);
	return bad;
}

static int verify_all(int nr, char **names)
{
	int i, bad = 0;

	printf("TAP version 13\n");
	for (i = 0; i < nr; i++)
		bad += verify(names[i], i);
	printf("1..%d\n", nr_results);
	return !!bad;
}

static int prepare_all(int nr, char **names)
{
	int i, bad = 0;

	for (i = 0; i < nr; i++)
		bad += prepare(names[i], i);
	return !!bad;
}

/*
 * The machine's part
 */

FIXTURE(ivshmem) {
	struct objects base;
	int nr;
	int fd[DEVICES_MAX];
	u64 size[DEVICES_MAX];
	char *addr[DEVICES_MAX];
};

static int open_device(int nr)
{
	char name[40];
	int fd;

	snprintf(name, sizeof(name), "/dev/ivshmem@%d:memory", nr);
	fd = open(name, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(ivshmem)
{
	struct header header;
	long addr;
	int i;

	ASSERT_EQ(0, objects_read(&self->base));
	for (i = 0; i < DEVICES_MAX; i++) {
		self->fd[i] = open_device(i);
		if (self->fd[i] < 0)
			break;
		/* The devices may come in any order. */
		ASSERT_EQ(sizeof(header),
			  pread(self->fd[i], &header, sizeof(header), 0));
		ASSERT_EQ(MAGIC, header.magic);
		self->size[i] = header.size;
		addr = dev_map(self->fd[i], 0, header.size, RW, MAP_SHARED);
		ASSERT_LT(0, addr);
		self->addr[i] = (char *)addr;
		self->nr++;
	}
	ASSERT_LT(0, self->nr);
}

FIXTURE_TEARDOWN_PARENT(ivshmem)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static u64 number_of(const char *addr)
{
	return ((const struct header *)addr)->number;
}

TEST_F_TIMEOUT(ivshmem, reads_what_the_host_wrote, 300)
{
	int i;

	for (i = 0; i < self->nr; i++) {
		EXPECT_EQ(0, differences(self->addr[i], self->size[i],
					 number_of(self->addr[i]), false,
					 from_host));
		TH_LOG("device %d: file %llu, %llu MiB", i,
		       (unsigned long long)number_of(self->addr[i]),
		       (unsigned long long)self->size[i] >> 20);
	}
}

/* One page with write(2), all others through the mapping. */
TEST_F_TIMEOUT(ivshmem, writes_for_the_host, 300)
{
	u64 number, size, i, word, at, page[WORDS];
	int dev;

	for (dev = 0; dev < self->nr; dev++) {
		number = number_of(self->addr[dev]);
		size = self->size[dev];
		for (i = 0; i < nr_places(size); i++) {
			at = place(size, i, true);
			for (word = 0; word < WORDS; word++)
				page[word] = from_machine(number,
							  at + word * 8);
			if (i != 3)
				memcpy(self->addr[dev] + at, page, P);
			else
				ASSERT_EQ(P, pwrite(self->fd[dev], page, P,
						    at));
		}
		EXPECT_EQ(0, differences(self->addr[dev], size, number, true,
					 from_machine));
	}
}

/* read(2) and write(2) and what is mapped are one. */
TEST_F(ivshmem, read_and_write)
{
	u64 size = self->size[0], at = size / 2 - 3 * P - 5;
	char *addr = self->addr[0], was[100], got[100];
	char big[20 * 4096];

	memcpy(was, addr + at, 100);
	EXPECT_EQ(100, pread(self->fd[0], got, 100, at));
	EXPECT_EQ(0, memcmp(got, was, 100));
	EXPECT_EQ(5, pwrite(self->fd[0], "01234", 5, at));
	EXPECT_EQ(0, memcmp(addr + at, "01234", 5));
	EXPECT_EQ(was[5], addr[at + 5]);
	memcpy(addr + at, was, 100);
	EXPECT_EQ(100, pread(self->fd[0], got, 100, at));
	EXPECT_EQ(0, memcmp(got, was, 100));
	/* More than the driver maps for itself at a time, and the end. */
	EXPECT_EQ(sizeof(big), pread(self->fd[0], big, sizeof(big), 8));
	EXPECT_EQ(0, memcmp(big, addr + 8, sizeof(big)));
	EXPECT_EQ(3, pread(self->fd[0], got, 100, size - 3));
	EXPECT_EQ(0, pread(self->fd[0], got, 100, size));
	EXPECT_EQ(0, pread(self->fd[0], got, 100, 1LL << 40));
	EXPECT_EQ(-1, pwrite(self->fd[0], got, 100, size));
	EXPECT_EQ(ENOSPC, errno);
}

/* Cached where the processor's registers allow it, as the driver wants. */
TEST_F(ivshmem, cache_attribute)
{
	int selftest = dev_open(0, O_RDWR), i;
	struct dmst_pte pte;
	uint32_t want;

	ASSERT_LE(0, selftest);
	for (i = 0; i < self->nr; i++) {
		EXPECT_EQ(0, touch_read(self->addr[i], NULL));
		pte = dev_pte(selftest, self->addr[i]);
		TH_LOG("device %d at 0x%llx: 0x%x", i,
		       (unsigned long long)pte.pfn << 12, pte.cache);
		/* Below 4 GiB the firmware has set MTRRs against it. */
		want = CACHE;
		if (want == IOMEM_DATA_CACHED && pte.pfn < 1 << 20)
			want = IOMEM_DATA_UNCACHED;
		EXPECT_EQ(want, pte.cache);
	}
}

/* No contexts: all processes see one memory, at any time. */
TEST_F(ivshmem, is_shared)
{
	u64 at = self->size[0] / 2 - 2 * P;
	char *addr = self->addr[0] + at;
	u32 was = *(u32 *)addr, value = 0;
	struct peer child;
	long other;

	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, (long)addr, 0x1234));
	EXPECT_EQ(0x1234, *(u32 *)addr);
	*(u32 *)addr = 0x5678;
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(0x5678, value);
	other = peer_map(&child, self->fd[0], at, P, RW, MAP_SHARED);
	ASSERT_LT(0, other);
	EXPECT_EQ(0, peer_write(&child, other, was));
	EXPECT_EQ(was, *(u32 *)addr);
	EXPECT_EQ(0, peer_stop(&child));
}

TEST_F(ivshmem, what_cannot_be_mapped)
{
	int klog = klog_open(), i;
	u64 size;

	ASSERT_LE(0, klog);
	for (i = 0; i < self->nr; i++) {
		size = self->size[i];
		EXPECT_EQ(-ENXIO, dev_map(self->fd[i], 0, size + P, RW,
					  MAP_SHARED));
		EXPECT_TRUE(klog_has(klog, "ivshmem beyond the end"));
		EXPECT_EQ(-ENXIO, dev_map(self->fd[i], size, P, RW,
					  MAP_SHARED));
		EXPECT_TRUE(klog_has(klog, "ivshmem beyond the end"));
		EXPECT_EQ(-ENXIO, dev_map(self->fd[i], size - P, 2 * P, RW,
					  MAP_SHARED));
		EXPECT_TRUE(klog_has(klog, "ivshmem beyond the end"));
		EXPECT_LT(0, dev_map(self->fd[i], size - P, P, RW,
				     MAP_SHARED));
		/* Nothing would be copied. */
		EXPECT_EQ(-EINVAL, dev_map(self->fd[i], 0, P, RW, MAP_PRIVATE));
	}
}

/* The driver loses the device, and gets it back with what is in it. */
TEST_F(ivshmem, unbind)
{
	char *addr = self->addr[0], byte;
	u64 number = number_of(addr);
	struct pci pci;
	int fd;

	ASSERT_EQ(0, pci_find(&pci, 0x1af4, 0x1110));
	ASSERT_EQ(0, pci_unbind(&pci));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr + P, 0));
	EXPECT_EQ(SIGBUS, touch_read(addr + self->size[0] - P, NULL));
	EXPECT_EQ(-1, pread(self->fd[0], &byte, 1, 0));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-ENXIO, dev_map(self->fd[0], 0, P, RW, MAP_SHARED));
	EXPECT_GT(0, open_device(0));
	ASSERT_EQ(0, pci_bind(&pci));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	ASSERT_EQ(0, munmap(addr, self->size[0]));
	fd = open_device(0);
	ASSERT_LE(0, fd);
	addr = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(number, number_of(addr));
}

TEST_F(ivshmem, bar_in_use)
{
	int klog = klog_open(), fd;
	struct pci pci;
	char byte;

	ASSERT_LE(0, klog);
	ASSERT_EQ(0, pci_find(&pci, 0x1af4, 0x1110));
	ASSERT_EQ(0, pci_unbind(&pci));
	ASSERT_EQ(0, pci_make_busy(&pci, 2));
	/* It has not asked for the memory yet. */
	ASSERT_EQ(0, pci_bind(&pci));
	fd = open_device(0);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-ENXIO, dev_map(fd, 0, P, RW, MAP_SHARED));
	EXPECT_TRUE(klog_has(klog, "ivshmem set 2 in use /proc/iomem"));
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(EIO, errno);
	ASSERT_EQ(0, pci_make_free());
	EXPECT_LT(0, dev_map(fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(1, pread(fd, &byte, 1, 0));
	/* And now it is ours. */
	EXPECT_GT(0, pci_make_busy(&pci, 2));
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--host-prepare"))
		return prepare_all(argc - 2, argv + 2);
	if (argc > 1 && !strcmp(argv[1], "--host-verify"))
		return verify_all(argc - 2, argv + 2);
	return test_harness_run(argc, argv);
}
