// SPDX-License-Identifier: GPL-2.0
/* Extremes: of 64 bits, of numbers of processes, handles and pages. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)
#define MIB	0x100000UL
#define GIB	0x40000000UL

FIXTURE(edges) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(edges)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(edges)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* The last byte of a mapping must have an offset_t. */
TEST_F(edges, offsets)
{
	const u64 last = 0x7fffffffffffe000;
	const u64 beyond[] = {
		0x7ffffffffffff000, 0x8000000000000000, 0x8000000000001000,
		0xffffffffffffe000,
	};
	struct dmst_region region = dev_region(0, ~0ULL & ~(P - 1));
	u32 value;
	void *addr;
	size_t i;

	region.flags = DMST_F_ALIAS;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	for (i = 0; i < ARRAY_SIZE(beyond); i++)
		EXPECT_EQ(-ENXIO, dev_map(self->fd, beyond[i], P, RW,
					  MAP_SHARED));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, last, 2 * P, RW, MAP_SHARED));
	/* Here the sum does not fit into 64 bits. */
	EXPECT_GT(0, dev_map(self->fd, 0xfffffffffffff000, P, RW, MAP_SHARED));
	EXPECT_GT(0, dev_map(self->fd, 0xfffffffffffff000, 2 * P, RW,
			     MAP_SHARED));
	EXPECT_NO_LOG(self->fd);

	addr = dev_mmap(self->fd, last - P, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + P, 0x31));
	EXPECT_EQ(0x31, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, dev_unload(self->fd, A, last, P));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x31, value);
	EXPECT_EQ(0, dev_unload(self->fd, A, last, 0));
	EXPECT_NE(0, dev_unload(self->fd, A, last, 2 * P));
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, last - P, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, last - P, 2 * P, 1),
		   R_ACCESS(A, 1, last, P, DDI_WRITE),
		   R_ACCESS(A, 1, last - P, P, DDI_READ),
		   R_UNLOAD(A, last, P),
		   R_ACCESS(A, 1, last, P, DDI_READ),
		   R_UNLOAD(A, last, 0),
		   R_UNLOAD(A, last, 2 * P, .ret = SOME_ERROR),
		   R_UNMAP(A, 1, last, P, A, 2, 0, 0),
		   R_UNMAP_ALL(A, 2, last - P, P));
}

TEST_F(edges, addresses_and_lengths)
{
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, 0, RW, MAP_SHARED));
	EXPECT_EQ(-ENOMEM, dev_map(self->fd, 0, 1UL << 47, RW, MAP_SHARED));
	EXPECT_EQ(-ENOMEM, dev_map(self->fd, 0, ~0UL, RW, MAP_SHARED));
	EXPECT_EQ(-ENOMEM, dev_map(self->fd, 0, 0UL - P, RW, MAP_SHARED));
	EXPECT_EQ(MAP_FAILED, mmap((void *)(P * 16 + 1), P, RW,
				   MAP_SHARED | MAP_FIXED, self->fd, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap((void *)(0UL - P), P, RW,
				   MAP_SHARED | MAP_FIXED, self->fd, 0));
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_NO_LOG(self->fd);
}

/* MAP_FIXED_NOREPLACE refuses; MAP_FIXED takes the place. */
TEST_F(edges, fixed_address)
{
	u32 value;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = mmap(NULL, 2 * P, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	EXPECT_EQ(0, touch_write(addr, 0x1111));
	EXPECT_EQ(MAP_FAILED, mmap(addr, P, RW,
				   MAP_SHARED | MAP_FIXED_NOREPLACE, self->fd,
				   0));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(addr, mmap(addr, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0, value);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1),
		   R_ACCESS(A, 1, 0, P, DDI_READ));
}

/* A gibibyte in 512 handles that show 2 MiB of memory. */
TEST_F(edges, gibibyte)
{
	struct dmst_region region = dev_region(0, GIB);
	struct dmst_info before, info;
	u32 value;
	char *addr;
	int i;

	region.chunk = 2 * MIB;
	region.flags = DMST_F_ALIAS;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * MIB));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, GIB);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(512, info.live);
	EXPECT_EQ(512, info.calls[DMST_OP_DEVMAP]);
	EXPECT_EQ(512, info.calls[DMST_OP_MAP]);

	for (i = 0; i < 512; i++)
		EXPECT_EQ(0, touch_write(addr + i * 2 * MIB + i * P, 0x4000 + i));
	for (i = 0; i < 512; i++)
		EXPECT_EQ(0x4000 + i, dev_peek(self->fd, 0, i * P));
	EXPECT_EQ(0, touch_read(addr + GIB - 4, NULL));
	ASSERT_EQ(0, dev_info(self->fd, &before));
	EXPECT_EQ(512, before.calls[DMST_OP_ACCESS]);

	/* The 300th handle: its page, and no other. */
	EXPECT_EQ(0, dev_unload(self->fd, 300, 0, 0));
	for (i = 0; i < 512; i++)
		EXPECT_EQ(0, touch_read(addr + i * 2 * MIB + i * P, &value));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(before.calls[DMST_OP_ACCESS] + 1, info.calls[DMST_OP_ACCESS]);

	/* A hole from the middle of one handle to the middle of another. */
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr + 5 * MIB, 4 * MIB));
	EXPECT_LOG(self->fd,
		   R_UNMAP(3, 3, 5 * MIB, MIB, 3, 513, 0, 0),
		   R_UNMAP_ALL(4, 4, 6 * MIB, 2 * MIB),
		   R_UNMAP(5, 5, 8 * MIB, MIB, 0, 0, 5, 514));
	ASSERT_EQ(0, munmap(addr, GIB));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(0, info.live);
}

/* One handle of a gibibyte: the valid set is large, a load is not. */
TEST_F(edges, large_handle)
{
	struct dmst_region region = dev_region(0, GIB);
	char *addr;

	region.kind = DMST_UMEM;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 64 * MIB));
	region.len = 64 * MIB;
	region.access = DMST_ACCESS_LOAD;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 64 * MIB);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	/* The first touch loads all of it. */
	EXPECT_EQ(0, touch_write(addr + 33 * MIB, 1));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_write(addr + 64 * MIB - P, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 33 * MIB, P, DDI_WRITE),
		   R_LOAD(A, 0, 0, DDI_WRITE));
	EXPECT_EQ(0, dev_unload(self->fd, A, 32 * MIB - P, 2 * P));
	EXPECT_EQ(0, touch_write(addr + 32 * MIB - 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 32 * MIB + P, 1));
	EXPECT_LOG(self->fd, R_UNLOAD(A, 32 * MIB - P, 2 * P));
	EXPECT_EQ(0, touch_write(addr + 32 * MIB, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 32 * MIB, P, DDI_WRITE),
		   R_LOAD(A, 0, 0, DDI_WRITE));
	EXPECT_EQ(0, touch_write(addr + 32 * MIB - P, 1));
	EXPECT_NO_LOG(self->fd);
}

/* A module that is mapped stays, and all goes on. */
TEST_F(edges, module_in_use)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	close(self->fd);
	EXPECT_EQ(-1, syscall(SYS_delete_module, "devmap_selftest", O_NONBLOCK));
	EXPECT_TRUE(errno == EBUSY || errno == EAGAIN);
	EXPECT_EQ(-1, syscall(SYS_delete_module, "devmap", O_NONBLOCK));
	EXPECT_TRUE(errno == EBUSY || errno == EAGAIN);

	EXPECT_EQ(0, touch_write(addr, 2));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_write(addr, 3));
	EXPECT_EQ(3, dev_peek(self->fd, 0, 0));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_UNLOAD(A, 0, 0),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
}

#define PROCESSES	200

/* Each maps, waits for the others, and then all touch at once. */
static void one_of_many(int fd, int go, int nr)
{
	u32 value;
	char *addr, c;
	int i;

	addr = dev_mmap(fd, 0, 4 * P);
	if (!addr)
		_exit(1);
	if (read(go, &c, 1) != 0)
		_exit(2);
	for (i = 0; i < 4; i++) {
		if (touch_write(addr + i * P + 4 * nr, nr) ||
		    touch_read(addr + i * P + 4 * nr, &value))
			_exit(3);
		if (value != nr)
			_exit(4);
	}
	_exit(0);
}

static int many(int fd, int processes)
{
	int status, i, bad = 0, go[2];

	if (pipe(go))
		return -1;
	for (i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (!pid) {
			close(go[1]);
			one_of_many(fd, go[0], i);
		}
		if (pid < 0)
			return -1;
	}
	if (dev_wait_calls(fd, DMST_OP_MAP, processes))
		bad = -1;
	/* The end of the pipe is the signal. */
	close(go[1]);
	for (i = 0; i < processes; i++) {
		if (wait(&status) < 0 || status)
			bad++;
	}
	close(go[0]);
	return bad;
}

TEST_F_TIMEOUT(edges, many_processes, 120)
{
	struct dmst_info info;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	EXPECT_EQ(0, many(self->fd, PROCESSES));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(PROCESSES, info.calls[DMST_OP_MAP]);
	EXPECT_EQ(4 * PROCESSES, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(PROCESSES, info.calls[DMST_OP_UNMAP]);
	EXPECT_EQ(0, info.live);
	EXPECT_EQ(0, log_clear(self->fd));
}

/* The same for one context, which each of them takes from another. */
TEST_F_TIMEOUT(edges, many_processes_with_contexts, 240)
{
	struct dmst_script script = {
		.nr_regions = 1, .region = { dev_region(0, 4 * P) },
	};

	script.region[0].access = DMST_ACCESS_CTXMGT;
	script.region[0].flags = DMST_F_CONTENT;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	EXPECT_EQ(0, many(self->fd, PROCESSES));
}

/* As many mappings as a process may have. */
TEST_F_TIMEOUT(edges, many_mappings, 120)
{
	enum { MAPPINGS = 2000 };
	struct dmst_script script = {
		.nr_regions = 1, .region = { dev_region(0, 16 * P) },
	};
	struct dmst_info info;
	struct peer child;
	char *addr[MAPPINGS];
	int i;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	for (i = 0; i < MAPPINGS; i++) {
		addr[i] = dev_mmap(self->fd, i % 16 * P, P);
		ASSERT_NE(NULL, addr[i]);
		EXPECT_EQ(0, touch_write(addr[i], i));
	}
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, (long)addr[1000], 0x99));
	EXPECT_EQ(0x99, dev_peek(self->fd, 0, 1000 % 16 * P));
	EXPECT_EQ(0, ioctl(self->fd, DMST_UNLOAD_ALL));
	for (i = 0; i < MAPPINGS; i++)
		EXPECT_EQ(0, touch_write(addr[i], i));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(2 * MAPPINGS + 1, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(2 * MAPPINGS, info.live);
	EXPECT_EQ(0, peer_stop(&child));
}

/* Nobody may keep the pages, as they can be unloaded at any time. */
TEST_F(edges, pages_are_not_pinned)
{
	struct iovec local, remote;
	char buf[64];
	int pipes[2];
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	local = (struct iovec){ .iov_base = buf, .iov_len = sizeof(buf) };
	remote = (struct iovec){ .iov_base = addr, .iov_len = sizeof(buf) };
	EXPECT_EQ(-1, process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(-1, vmsplice(pipes[1], &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_NO_LOG(self->fd);
}

static ssize_t read_all(const char *name)
{
	ssize_t n, total = 0;
	char buf[4096];
	int fd;

	fd = open(name, O_RDONLY);
	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += n;
	close(fd);
	return n < 0 ? -1 : total;
}

/* What walks page tables of all mappings must not stumble, nor load. */
TEST_F(edges, seen_from_outside)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr + P, 1));
	ASSERT_EQ(0, mprotect(addr + 2 * P, P, PROT_NONE));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_LT(0, read_all("/proc/self/maps"));
	EXPECT_LT(0, read_all("/proc/self/smaps"));
	EXPECT_LT(0, read_all("/proc/self/numa_maps") +
		     !!access("/proc/self/numa_maps", F_OK) * 2);
	EXPECT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	EXPECT_EQ(0, munlockall());
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_write(addr + P, 2));
	EXPECT_NO_LOG(self->fd);
}

/* Debuggers see what the process sees, touched before or not. */
TEST_F(edges, read_through_proc_mem)
{
	int mem = open("/proc/self/mem", O_RDWR);
	u32 value = 0;
	void *addr;

	ASSERT_LE(0, mem);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_poke(self->fd, 0, 0, 0x61));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(sizeof(value), pread(mem, &value, sizeof(value), (long)addr));
	EXPECT_EQ(0x61, value);
	EXPECT_EQ(0, touch_write(addr, 0x62));
	EXPECT_EQ(sizeof(value), pread(mem, &value, sizeof(value), (long)addr));
	EXPECT_EQ(0x62, value);
	value = 0x63;
	EXPECT_EQ(sizeof(value),
		  pwrite(mem, &value, sizeof(value), (long)addr));
	EXPECT_EQ(0x63, dev_peek(self->fd, 0, 0));
	ASSERT_EQ(0, log_clear(self->fd));
}

#define PIECES_MAX	"/sys/module/devmap/parameters/pieces_max"

static long pieces_max(long set)
{
	FILE *file = fopen(PIECES_MAX, set ? "r+" : "r");
	long max = -1;

	if (file && fscanf(file, "%ld", &max) != 1)
		max = -1;
	if (file && set) {
		rewind(file);
		fprintf(file, "%ld", set);
	}
	if (file)
		fclose(file);
	return max;
}

/*
 * Cuts a mapping into VMAs of a page each, two more at a time; the page that it came to.
 * That many VMAs there are, or one less: one of the two may still have been possible.
 */
static int cut(void *addr, int pages)
{
	int i;

	for (i = 1; i < pages; i += 2) {
		if (mprotect(addr + i * P, P, PROT_READ))
			break;
	}
	return i;
}

/* As Linux counts them. */
static int vmas_of(void *addr, int pages)
{
	FILE *file = fopen("/proc/self/maps", "r");
	unsigned long start, from = (unsigned long)addr;
	char line[300];
	int nr = 0;

	while (file && fgets(line, sizeof(line), file))
		nr += sscanf(line, "%lx", &start) == 1 && start >= from &&
		      start < from + pages * P;
	if (file)
		fclose(file);
	return nr;
}

static u64 unload_ns(int fd, void *addr, int pages)
{
	u64 start;

	if (touch_read(addr, NULL) || touch_read(addr + (pages - 1) * P, NULL))
		return 0;
	start = now_ns();
	return dev_unload(fd, A, 0, pages * P) ? 0 : now_ns() - start;
}

/* What an unload costs is not up to who cuts his mapping into pieces. */
TEST_F(edges, pieces)
{
	long max = pieces_max(0);
	struct dmst_region region;
	int pages, nr;
	pid_t pid;
	struct peer child;
	u64 whole, cut_up;
	void *addr;

	ASSERT_LT(0, max);
	pages = 2 * max;
	ASSERT_EQ(0, dev_umem(self->fd, 0, pages * P));
	region = dev_region(0, pages * P);
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, pages * P);
	ASSERT_NE(NULL, addr);
	whole = unload_ns(self->fd, addr, pages);
	nr = cut(addr, pages);
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_GE(max, nr);
	EXPECT_LE(max - 1, nr);
	EXPECT_EQ(max, vmas_of(addr, pages));
	cut_up = unload_ns(self->fd, addr, pages);
	tell("an unload of %d pages: %llu us, %llu us of %d VMAs", pages,
	     whole / 1000, cut_up / 1000, nr);

	/* What makes fewer of them is possible. */
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_EQ(-1, munmap(addr + (pages - 2) * P, P));
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_EQ(0, munmap(addr, (max / 2 + 8) * P));

	/* Relatives share the limit. */
	ASSERT_EQ(0, peer_start(&child));
	pid = fork();
	if (!pid)
		_exit(0);
	EXPECT_EQ(-1, pid);
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0, munmap(addr, pages * P));
}

TEST_F(edges, pieces_are_settable)
{
	struct dmst_region region = dev_region(0, 100 * P);
	long max = pieces_max(0);
	void *addr;

	ASSERT_LT(0, max);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 100 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 100 * P);
	ASSERT_NE(NULL, addr);
	pieces_max(10);
	EXPECT_EQ(10, pieces_max(0));
	EXPECT_GE(10, cut(addr, 100));
	EXPECT_EQ(10, vmas_of(addr, 100));
	pieces_max(max);
	EXPECT_LE(100, cut(addr, 100));
	EXPECT_EQ(0, munmap(addr, 100 * P));
}

TEST_HARNESS_MAIN
