// SPDX-License-Identifier: GPL-2.0
/*
 * The easy mistakes, a test each, by its number: what a layer like this gets wrong
 * when it is written for the first time. Each is as direct as can be; what else
 * there is about the same matter is in the table in Documentation/testing.rst.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "peer.h"

#define SLOT	(2UL << 20)	/* what one page-table page maps */

FIXTURE(traps) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(traps)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(traps)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* Sixteen pages of umem that hold one context. */
static int one_context(int fd, u32 flags, int64_t ticks)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_CONTENT | flags;
	region.timeout = ticks;
	return dev_umem(fd, 0, 16 * P) ?: dev_regions(fd, &region, 1);
}

static u64 calls_of(int fd, enum dmst_op op)
{
	struct dmst_info info = {};

	if (dev_info(fd, &info))
		tell("no info");
	return info.calls[op];
}

/* Threads that do something until they are told to stop. */
struct background {
	pthread_t thread;
	atomic_int stop;
	atomic_int errors;
	atomic_ulong rounds;
	int fd;
	char *addr;
	void *(*fn)(void *arg);
};

static int background_start(struct background *b, void *(*fn)(void *arg), int fd,
			    char *addr)
{
	*b = (struct background){ .fd = fd, .addr = addr };
	return pthread_create(&b->thread, NULL, fn, b);
}

static int background_stop(struct background *b)
{
	b->stop = 1;
	pthread_join(b->thread, NULL);
	return b->errors;
}

static void *unload_all(void *arg)
{
	struct background *b = arg;

	while (!b->stop) {
		b->errors += !!ioctl(b->fd, DMST_UNLOAD_ALL);
		b->rounds++;
	}
	return NULL;
}

static void *map_and_unmap(void *arg)
{
	struct background *b = arg;

	while (!b->stop) {
		if (mmap(b->addr, P, RW, MAP_SHARED | MAP_FIXED, b->fd, 0) !=
		    b->addr || touch_write(b->addr, 1) || munmap(b->addr, P))
			b->errors++;
		b->rounds++;
	}
	return NULL;
}

/* A place of its own in the page tables. */
static char *lone_slot(void)
{
	char *area = mmap(NULL, 3 * SLOT, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		return NULL;
	munmap(area, 3 * SLOT);
	return (char *)(((uintptr_t)area + SLOT - 1) & ~(SLOT - 1)) + 16 * P;
}

/* Writes its own id and reads it back; returns how often that was another. */
static int stamp(int fd, u32 id, const atomic_int *stop)
{
	char *addr = dev_mmap(fd, 0, P);
	int foreign = 0, i, j;
	u32 value;

	for (i = 0; addr && !*stop; i = (i + 1) & 0xffff) {
		foreign += !!touch_write(addr, id << 16 | i);
		for (j = 0; j < 4; j++)
			foreign += touch_read(addr, &value) ||
				   value != (id << 16 | i);
	}
	return addr ? foreign : -1;
}

/* What is inserted after the driver's lock is dropped comes too late. */
TEST_F_TIMEOUT(traps, trap_01_insert_after_the_lock, 600)
{
	atomic_int *stop = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned long calls = effort(2000);
	struct background unloader;
	int i, status;

	ASSERT_NE(MAP_FAILED, stop);
	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	for (i = 1; i <= 4; i++) {
		if (!fork())
			_exit(!!stamp(self->fd, i, stop));
	}
	ASSERT_EQ(0, background_start(&unloader, unload_all, self->fd, NULL));
	for (i = 0; i < 2000 && calls_of(self->fd, DMST_OP_CTX) < calls; i++)
		sleep_ms(10);
	EXPECT_EQ(0, background_stop(&unloader));
	/* Once more without that, which may have kept them apart. */
	for (i = 0; i < 2000 && calls_of(self->fd, DMST_OP_CTX) < 2 * calls; i++)
		sleep_ms(10);
	*stop = 1;
	for (i = 0; i < 4; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	EXPECT_LE(calls / 4, calls_of(self->fd, DMST_OP_CTX));
}

/*
 * The other process sits in its devmap_unmap, with its mmap_lock held for writing.
 * A fault that unloads its handle must not wait for that.
 */
TEST_F_TIMEOUT(traps, trap_02_foreign_mmap_lock, 120)
{
	struct peer peer;
	void *addr;
	long there;
	u32 value;
	pid_t pid;

	ASSERT_EQ(0, one_context(self->fd, DMST_F_SLEEP_UNMAP, 0));
	pid = fork();
	if (!pid) {
		addr = dev_mmap(self->fd, 0, 2 * P);
		if (!addr || touch_write(addr, 7))
			_exit(1);
		/* Something else over it: the lock is not downgraded. */
		addr = mmap(addr, 2 * P, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		_exit(addr == MAP_FAILED);
	}
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));

	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, peer_send_read(&peer, there));
	EXPECT_EQ(1, peer_answered(&peer, 20000));
	EXPECT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	EXPECT_EQ(0, peer_answer(&peer, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_EQ(pid, wait(NULL));
}

/* fork(2) must not copy what the driver has not been asked for. */
TEST_F(traps, trap_03_copied_translations)
{
	struct peer child;
	u64 accesses;
	void *addr;
	u32 value;
	int i;

	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, touch_write(addr, i));
		if (i)
			ASSERT_EQ(0, madvise(addr, P, MADV_KEEPONFORK));
		accesses = calls_of(self->fd, DMST_OP_ACCESS);
		ASSERT_EQ(0, peer_start(&child));
		EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
		EXPECT_EQ(i, value);
		EXPECT_EQ(accesses + 1, calls_of(self->fd, DMST_OP_ACCESS));
		EXPECT_EQ(0, peer_stop(&child));
	}
}

/* Page tables are freed while others unload; translations move meanwhile. */
TEST_F_TIMEOUT(traps, trap_04_lone_page_table, 600)
{
	struct background unloader, mapper;
	char *slot = lone_slot(), *addr, *to, *at;
	unsigned long i, rounds = effort(500);
	u64 accesses;

	ASSERT_NE(NULL, slot);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, background_start(&unloader, unload_all, self->fd, NULL));
	ASSERT_EQ(0, background_start(&mapper, map_and_unmap, self->fd, slot));
	for (i = 0; i < 20000 && mapper.rounds < rounds; i++)
		sleep_ms(10);
	EXPECT_EQ(0, background_stop(&mapper));
	EXPECT_LE(rounds, (unsigned long)mapper.rounds);

	addr = slot;
	to = slot + SLOT;
	ASSERT_EQ(addr, mmap(addr, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0));
	for (i = 0; i < rounds; i++) {
		EXPECT_EQ(0, touch_write(addr, i));
		ASSERT_EQ(to, mremap(addr, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
				     to));
		at = addr;
		addr = to;
		to = at;
	}
	EXPECT_EQ(0, background_stop(&unloader));
	EXPECT_EQ(0, ioctl(self->fd, DMST_UNLOAD_ALL));
	accesses = calls_of(self->fd, DMST_OP_ACCESS);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(accesses + 1, calls_of(self->fd, DMST_OP_ACCESS));
}

/* Two nodes of a device are one address_space, two devices are two. */
TEST_F(traps, trap_05_wrong_address_space)
{
	const char *name = "/tmp/devmap_traps_node";
	int node, other = dev_open(1, O_RDWR);
	void *a, *b, *c;
	struct stat st;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, fstat(self->fd, &st));
	unlink(name);
	ASSERT_EQ(0, mknod(name, S_IFCHR | 0600, st.st_rdev));
	node = open(name, O_RDWR);
	unlink(name);
	ASSERT_LE(0, node);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_plain(other, DMST_ACCESS_DEFAULT, 0));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(node, 0, P);
	c = dev_mmap(other, 0, P);
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_EQ(0, touch_write(c, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, log_clear(other));

	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(0, touch_read(a, NULL));
	EXPECT_EQ(0, touch_read(b, NULL));
	EXPECT_EQ(0, touch_read(c, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_UNLOAD(B, 0, 0),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(B, 2, 0, P, DDI_READ));
	EXPECT_NO_LOG(other);
	close(other);
}

/* To Linux, length 0 is all there is; to the DDI it is the rest of the handle. */
TEST_F(traps, trap_06_length_zero)
{
	static const struct {
		int64_t off;
		u64 len;
	} bad[] = {
		{ 0, P }, { 2 * P - 1, 1 }, { 4 * P, 1 }, { 4 * P, 0 },
		{ 2 * P, 2 * P + 1 }, { 3 * P, 1ULL << 63 }, { -P, 2 * P },
		{ INT64_MAX, 1 }, { INT64_MIN, 0 }, { 2 * P, UINT64_MAX },
	};
	void *addr;
	int i;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 2 * P));
	addr = dev_mmap(self->fd, 2 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_NE(0, dev_unload(self->fd, A, bad[i].off, bad[i].len)) {
			TH_LOG("%d", i);
		}
	EXPECT_EQ(0, dev_unload(self->fd, A, 3 * P, 0));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 3 * P, P, DDI_READ));

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, dev_unload(self->fd, A, i * 2 * P, 0));
		EXPECT_EQ(0, touch_read(addr, NULL));
		EXPECT_EQ(0, touch_read(addr + P, NULL));
		EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
		EXPECT_LOG(self->fd,
			   R_UNLOAD(A, i * 2 * P, 0),
			   R_ACCESS(A, 1, 2 * P, P, DDI_READ),
			   R_ACCESS(A, 1, 3 * P, P, DDI_READ));
	}
}

/* A VMA that is closed is not a mapping that ends. */
TEST_F(traps, trap_07_close_is_not_unmap)
{
	char *addr, *to;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 5 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	to = mmap(NULL, 5 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, to);

	ASSERT_EQ(to, mremap(addr, 5 * P, 5 * P, MREMAP_MAYMOVE | MREMAP_FIXED,
			     to));
	ASSERT_EQ(addr, mremap(to + 2 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
			       addr));
	ASSERT_EQ(to + 2 * P, mremap(addr, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
				     to + 2 * P));
	ASSERT_EQ(0, mprotect(to + P, P, PROT_READ));
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, munmap(to + P, 2 * P));
	EXPECT_LOG(self->fd, R_UNMAP(A, 1, P, 2 * P, A, 2, B, 3));
}

/* Many threads, of which each unmaps pages of its own and looks at others'. */
#define UNMAPPERS	4

struct unmapper {
	pthread_t thread;
	pthread_barrier_t *start;
	char *addr;
	int nr;
};

static void *unmap_own(void *arg)
{
	struct unmapper *u = arg;
	int i;

	pthread_barrier_wait(u->start);
	for (i = u->nr; i < 16; i += UNMAPPERS) {
		touch_read(u->addr + ((i + 5) % 16) * P, NULL);
		munmap(u->addr + i * P, P);
	}
	return NULL;
}

TEST_F_TIMEOUT(traps, trap_08_close_is_not_exclusive, 300)
{
	struct dmst_record *records = calloc(DMST_LOG, sizeof(*records));
	struct unmapper unmapper[UNMAPPERS];
	pthread_barrier_t start;
	int round, rounds = effort(100), i, told;
	ssize_t nr, r;

	ASSERT_NE(NULL, records);
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	for (round = 0; round < rounds; round++) {
		bool seen[16] = {};
		char *addr = dev_mmap(self->fd, 0, 16 * P);

		ASSERT_NE(NULL, addr);
		pthread_barrier_init(&start, NULL, UNMAPPERS);
		for (i = 0; i < UNMAPPERS; i++) {
			unmapper[i] = (struct unmapper){
				.start = &start, .addr = addr, .nr = i,
			};
			ASSERT_EQ(0, pthread_create(&unmapper[i].thread, NULL,
						    unmap_own, &unmapper[i]));
		}
		for (i = 0; i < UNMAPPERS; i++)
			pthread_join(unmapper[i].thread, NULL);

		nr = log_read(self->fd, records, DMST_LOG);
		ASSERT_LT(0, nr);
		for (r = 0, told = 0; r < nr; r++) {
			if (records[r].op != DMST_OP_UNMAP)
				continue;
			for (i = 0; i < records[r].len / P; i++, told++) {
				EXPECT_FALSE(seen[records[r].off / P + i]);
				seen[records[r].off / P + i] = true;
			}
		}
		EXPECT_EQ(16, told);
	}
	free(records);
}

struct reader {
	pid_t pid;
	void *addr;
	pid_t tid;
};

/* Of the memory of another process, whose address space that may be the last use of. */
static void *read_in_thread(void *arg)
{
	struct reader *reader = arg;
	int mem = mem_open(reader->pid);
	u32 value;

	reader->tid = syscall(SYS_gettid);
	mem_read(mem, reader->addr, &value, 4);
	close(mem);
	return NULL;
}

/* The last reference to an address space may be another process'. */
TEST_F_TIMEOUT(traps, trap_09_whose_address_space, 120)
{
	struct dmst_region region = dev_region(0, 16 * P);
	struct dmst_record records[8];
	struct reader reader = {};
	pthread_t thread;
	ssize_t nr, i;
	struct peer peer;
	long there;
	void *addr;

	region.access = DMST_ACCESS_SLEEP;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, trace_begin(peer.pid));
	reader.pid = peer.pid;
	reader.addr = (void *)there;
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_in_thread, &reader));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, kill(peer.pid, SIGKILL));
	EXPECT_EQ(SIGKILL, peer_stop(&peer));
	ASSERT_EQ(0, log_clear(self->fd));
	/* Lock and unlock. */
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	ASSERT_EQ(0, dev_wait_calls(self->fd, DMST_OP_UNMAP, 1));
	nr = log_read(self->fd, records, ARRAY_SIZE(records));
	for (i = 0; i < nr && records[i].op != DMST_OP_UNMAP; i++)
		;
	ASSERT_LT(i, nr);
	EXPECT_EQ(reader.tid, records[i].tid);

	/* Nobody looks into the current process for what belongs to another. */
	ASSERT_EQ(0, ioctl(self->fd, DMST_RESET));
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(-1, syscall(SYS_futex, addr, FUTEX_WAIT_PRIVATE, 1, NULL));
	EXPECT_EQ(EAGAIN, errno);
}

/* An ioctl(2) whose argument lies in the mapping faults inside of the driver. */
TEST_F(traps, trap_10_argument_in_the_mapping)
{
	struct dmst_umem_io io = { .nr = 1, .len = 64 };
	u32 value;
	void *addr;

	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	ASSERT_EQ(0, dev_umem(self->fd, 1, P));
	ASSERT_EQ(0, dev_poke(self->fd, 1, 0, 0x77));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	io.buf = (uintptr_t)addr;
	EXPECT_EQ(0, ioctl(self->fd, DMST_IO, &io));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x77, value);
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	io.write = 1;
	EXPECT_EQ(0, ioctl(self->fd, DMST_IO, &io));
	EXPECT_EQ(2, calls_of(self->fd, DMST_OP_ACCESS));
}

static void *touch_at_once(void *arg)
{
	struct unmapper *u = arg;

	pthread_barrier_wait(u->start);
	return (void *)(long)touch_write(u->addr, 1);
}

/* Two threads insert the same translation, and it may be there already. */
TEST_F_TIMEOUT(traps, trap_11_inserted_twice, 300)
{
	struct unmapper threads[2];
	pthread_barrier_t start;
	int round, rounds = effort(300), i;
	struct background unloader;
	u64 accesses;
	void *ret;
	char *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	pthread_barrier_init(&start, NULL, 2);
	for (round = 0; round < rounds; round++) {
		ASSERT_EQ(0, dev_unload(self->fd, A, 0, 0));
		for (i = 0; i < 2; i++) {
			threads[i] = (struct unmapper){
				.start = &start, .addr = addr,
			};
			ASSERT_EQ(0, pthread_create(&threads[i].thread, NULL,
						    touch_at_once, &threads[i]));
		}
		for (i = 0; i < 2; i++) {
			pthread_join(threads[i].thread, &ret);
			EXPECT_EQ(NULL, ret);
		}
	}

	/* Nothing is inserted by mmap(2): the first touch faults. */
	ASSERT_EQ(0, background_start(&unloader, unload_all, self->fd, NULL));
	for (round = 0; round < rounds; round++) {
		addr = dev_mmap(self->fd, 0, P);
		ASSERT_NE(NULL, addr);
		accesses = calls_of(self->fd, DMST_OP_ACCESS);
		EXPECT_EQ(0, touch_read(addr, NULL));
		EXPECT_LT(accesses, calls_of(self->fd, DMST_OP_ACCESS));
		ASSERT_EQ(0, munmap(addr, P));
	}
	EXPECT_EQ(0, background_stop(&unloader));
}

/* Inserting keeps a translation that is there: what is behind must be zapped. */
TEST_F(traps, trap_12_old_translation)
{
	struct dmst_region region = dev_region(0, 2 * P);
	struct dmst_target nothing = invalid_target(2 * P);
	void *addr;
	u32 value;

	region.setup_flags = DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, number_umem(self->fd, 0, 2, 10));
	ASSERT_EQ(0, number_umem(self->fd, 1, 2, 20));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(11, value);
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 1, 0, 2 * P));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(21, value);
	EXPECT_EQ(0, dev_remap(self->fd, A, &nothing));
	EXPECT_EQ(SIGBUS, touch_read(addr + P, &value));
}

/* A private mapping is not copied on write, nor written without the right to. */
TEST_F(traps, trap_13_copy_on_write)
{
	int read_only = dev_open(0, O_RDONLY);
	struct dmst_region region;
	void *addr;
	long ret;

	ASSERT_LE(0, read_only);
	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	EXPECT_EQ(-EACCES, dev_map(read_only, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(-EACCES, dev_map(read_only, 0, P, RW, MAP_PRIVATE));
	ret = dev_map(read_only, 0, P, PROT_READ, MAP_PRIVATE);
	ASSERT_LT(0, ret);
	EXPECT_EQ(-1, mprotect((void *)ret, P, RW));
	EXPECT_EQ(EACCES, errno);
	ret = dev_map(self->fd, 0, P, RW, MAP_PRIVATE);
	ASSERT_LT(0, ret);
	EXPECT_EQ(0, touch_write((void *)ret, 0x77));
	EXPECT_EQ(0x77, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, munmap((void *)ret, P));
	close(read_only);

	/* Without contexts there is no such thing; and a limit is a limit. */
	region = dev_region(0, 16 * P);
	region.callbacks &= ~DMST_CB_ACCESS;
	region.maxprot = PROT_READ | PROT_USER;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, PROT_READ, MAP_PRIVATE));
	EXPECT_GT(0, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	addr = (void *)dev_map(self->fd, 0, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, (long)addr);
	EXPECT_EQ(-1, mprotect(addr, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(addr, P, PROT_READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(SIGSEGV, touch_write(addr, 1));
}

struct waiter {
	pthread_t thread;
	char *addr;
	atomic_int sig;
};

static void *touch_and_wait(void *arg)
{
	struct waiter *w = arg;

	w->sig = touch_write(w->addr, 2);
	return NULL;
}

/* Who waits for a turn can be killed, and holds nothing that others need. */
TEST_F_TIMEOUT(traps, trap_14_waiting_for_a_turn, 120)
{
	struct waiter w = { .sig = -1 };
	struct dmst_info info;
	struct peer peer;
	char *mine;
	void *here;
	u64 start;
	long there;

	ASSERT_EQ(0, dev_info(self->fd, &info));
	ASSERT_EQ(0, one_context(self->fd, DMST_F_TIMEOUT, 3 * info.hz));
	here = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));

	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, peer_send_write(&peer, there, 1));
	EXPECT_EQ(0, peer_answered(&peer, 300));
	start = now_ns();
	ASSERT_EQ(0, kill(peer.pid, SIGKILL));
	EXPECT_EQ(SIGKILL, peer_stop(&peer));
	EXPECT_GT(1000000000ULL, now_ns() - start);

	/* A thread waits; another one unmaps meanwhile. */
	mine = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, mine);
	EXPECT_EQ(0, touch_write(here, 1));
	w.addr = mine;
	ASSERT_EQ(0, pthread_create(&w.thread, NULL, touch_and_wait, &w));
	sleep_ms(200);
	start = now_ns();
	ASSERT_EQ(0, munmap(mine, 2 * P));
	EXPECT_GT(1000000000ULL, now_ns() - start);
	pthread_join(w.thread, NULL);
	EXPECT_TRUE(w.sig == SIGSEGV || w.sig == 0);
}

/* The device goes, or a fork fails, while mappings live. */
TEST_F(traps, trap_15_lifetime)
{
	struct dmst_info info;
	void *addr;
	int i;

	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DUP, 1, ENXIO));
		EXPECT_EQ(-1, fork());
		EXPECT_EQ(ENOMEM, errno);
	}
	EXPECT_EQ(0, touch_write(addr, 2));

	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_read(addr + P, NULL));
	EXPECT_EQ(0, munmap(addr + P, P));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(0, munmap(addr, 4 * P));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(0, info.live);
}

/* A runner-up: what the process itself could not read is loaded for a debugger. */
TEST_F(traps, trap_16_access_from_outside)
{
	int mem = mem_open(getpid());
	void *addr;
	u32 value = 5;

	ASSERT_LE(0, mem);
	ASSERT_EQ(0, one_context(self->fd, 0, 0));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(4, mem_write(mem, addr, &value, 4));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	value = 0;
	EXPECT_EQ(4, mem_read(mem, addr, &value, 4));
	EXPECT_EQ(5, value);
	close(mem);
}

TEST_HARNESS_MAIN
