// SPDX-License-Identifier: GPL-2.0
/* Callbacks that fail, and calls that must. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(err_access) {
	struct objects base;
	struct dmst_region region;	/* the only one: 16 pages */
	int fd;
};

FIXTURE_SETUP(err_access)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	self->region = dev_region(0, 16 * P);
}

FIXTURE_TEARDOWN_PARENT(err_access)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static void *map_region(int fd, const struct dmst_region *region, size_t len)
{
	void *addr;

	if (dev_regions(fd, region, 1))
		return NULL;
	addr = dev_mmap(fd, 0, len);
	return log_clear(fd) ? NULL : addr;
}

/* A signal for each fault code, as Solaris has it; and the next touch calls again. */
TEST_F(err_access, access_fails)
{
	static const struct {
		int ret, sig;
	} values[] = {
		{ -1, SIGSEGV },	/* DDI_FAILURE; no fault code */
		{ 1, SIGBUS },		/* FC_HWERR */
		{ 2, SIGBUS },		/* FC_ALIGN */
		{ 3, SIGBUS },		/* FC_OBJERR with no errno */
		{ 0x503, SIGBUS },	/* FC_MAKE_ERR(EIO) */
		{ 0xc03, SIGBUS },	/* FC_MAKE_ERR(ENOMEM): the driver's own want of it */
		{ 4, SIGSEGV },		/* FC_PROT */
		{ 5, SIGSEGV },		/* FC_NOMAP */
		{ 6, SIGBUS },		/* FC_NOSUPPORT */
		{ EINVAL, SIGSEGV },
		{ 0x7fffffff, SIGSEGV },
	};
	void *addr = map_region(self->fd, &self->region, 2 * P);
	size_t i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1,
				      values[i].ret));
		EXPECT_EQ(values[i].sig, touch_write(addr, 1)) {
			TH_LOG("for 0x%x", values[i].ret);
		}
		EXPECT_LOG(self->fd,
			   R_ACCESS(A, 1, 0, P, DDI_WRITE,
				    .ret = values[i].ret));
	}
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, touch_write(addr, 2));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, P, DDI_WRITE));
	EXPECT_EQ(2, dev_peek(self->fd, 0, 0));
}

TEST_F(err_access, access_always_fails)
{
	void *addr;

	self->region.access = DMST_ACCESS_ERROR;
	self->region.access_ret = 1;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = 1),
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = 1));
}

#define INTERRUPTED	((EINTR << 8) | 3)	/* FC_MAKE_ERR(EINTR) */

/* A driver that was interrupted costs no signal but the one that there is. */
TEST_F(err_access, access_is_interrupted)
{
	u32 word = 0;
	int zero;
	void *addr;

	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1, INTERRUPTED));
	EXPECT_EQ(0, touch_write(addr, 7));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE, .ret = INTERRUPTED),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
	EXPECT_EQ(7, dev_peek(self->fd, 0, 0));

	/* The kernel's own access does not try again and again. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	ASSERT_EQ(0, log_clear(self->fd));
	zero = open("/dev/zero", O_RDONLY);
	ASSERT_LE(0, zero);
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1, INTERRUPTED));
	EXPECT_EQ(-1, read(zero, addr, sizeof(word)));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE, .ret = INTERRUPTED));
	close(zero);
}

TEST_F(err_access, contextmgt_fails)
{
	const int values[] = { -1, 1, ENXIO };
	void *addr;
	size_t i;

	self->region.access = DMST_ACCESS_CTXMGT;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_CTX, 1, values[i]));
		EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
		EXPECT_LOG(self->fd,
			   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR),
			   R_CTX(A, 1, 0, P, DDI_READ, .ret = values[i]));
	}
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ),
		   R_LOAD(A, 0, P, DDI_READ));
}

/* The layer does not undo what the driver had unloaded before it failed. */
TEST_F(err_access, contextmgt_fails_after_unload)
{
	struct dmst_region regions[] = {
		dev_region(0, P), dev_region(P, P),
	};
	void *a, *b;

	regions[0].access = DMST_ACCESS_CTXMGT;
	regions[1].access = DMST_ACCESS_CTXMGT;
	regions[1].setup_flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(self->fd, P, P);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_read(a, NULL));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(SIGBUS, touch_read(b, NULL));
	EXPECT_EQ(0, touch_read(a, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, P, P, DDI_READ, .ret = SOME_ERROR),
		   R_CTX(B, 2, P, P, DDI_READ, .ret = SOME_ERROR),
		   R_UNLOAD(A, 0, P),
		   R_LOAD(B, P, P, DDI_READ, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ),
		   R_UNLOAD(B, P, P),
		   R_LOAD(A, 0, P, DDI_READ));
}

TEST_F(err_access, null_contextmgt)
{
	void *addr;

	self->region.access = DMST_ACCESS_CTXMGT_NULL;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR));
}

/* Loading nothing means: try again later. */
TEST_F(err_access, access_loads_nothing_for_a_while)
{
	void *addr;

	self->region.access = DMST_ACCESS_RETRY;
	self->region.retries = 5;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
	EXPECT_EQ(1, dev_peek(self->fd, 0, 0));
}

/* The range it loads may miss the page that was touched. */
TEST_F(err_access, access_loads_another_page)
{
	struct peer peer;
	long addr;

	self->region.access = DMST_ACCESS_LOAD;
	self->region.load_off = P;
	self->region.load_len = P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	addr = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, peer_write(&peer, addr + P, 1));
	ASSERT_EQ(0, peer_send_write(&peer, addr, 1));
	EXPECT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS, 5));
	EXPECT_EQ(0, peer_answered(&peer, 0));
	ASSERT_EQ(0, kill(peer.pid, SIGKILL));
	EXPECT_EQ(SIGKILL, peer_stop(&peer));
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
}

/* Without records, of which there would be many. */
static int never_load(int fd, const struct dmst_region *region)
{
	struct dmst_script script = { .nr_regions = 1, .region = { *region } };

	script.region[0].access = DMST_ACCESS_RETRY;
	script.region[0].retries = 1000000000;
	return dev_script(fd, &script);
}

/* A process whose driver never loads: it stays killable, and idle. */
TEST_F(err_access, access_never_loads)
{
	const int signals[] = { SIGKILL, SIGINT, SIGTERM };
	struct dmst_info before, after;
	struct peer peer;
	size_t i;
	long addr;

	ASSERT_EQ(0, never_load(self->fd, &self->region));
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		u64 start;

		ASSERT_EQ(0, peer_start(&peer));
		addr = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
		ASSERT_LT(0, addr);
		ASSERT_EQ(0, dev_info(self->fd, &before));
		ASSERT_EQ(0, peer_send_read(&peer, addr));
		EXPECT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS,
					    before.calls[DMST_OP_ACCESS] + 3));
		/* It must not do nothing but fault. */
		ASSERT_EQ(0, dev_info(self->fd, &before));
		sleep_ms(500);
		ASSERT_EQ(0, dev_info(self->fd, &after));
		EXPECT_GE(2 * after.hz, after.calls[DMST_OP_ACCESS] -
					before.calls[DMST_OP_ACCESS]);

		start = now_ns();
		ASSERT_EQ(0, kill(peer.pid, signals[i]));
		EXPECT_EQ(signals[i], peer_stop(&peer));
		EXPECT_GT(5000000000ULL, now_ns() - start);
	}
}

/* The same below a system call that tries until it works (trap 9). */
TEST_F(err_access, access_never_loads_for_a_futex)
{
	int status = 0;
	void *addr;
	pid_t pid;
	u64 start;

	ASSERT_EQ(0, never_load(self->fd, &self->region));
	pid = fork();
	if (!pid) {
		addr = dev_mmap(self->fd, 0, P);
		syscall(SYS_futex, addr, FUTEX_LOCK_PI_PRIVATE, 0, NULL);
		_exit(0);
	}
	EXPECT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS, 3));
	start = now_ns();
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);
	EXPECT_GT(5000000000ULL, now_ns() - start);
}

static int alarms;

static void on_alarm(int sig)
{
	alarms += sig == SIGUSR1;
}

/* A signal with a handler reaches a process whose driver never loads. */
TEST_F(err_access, signal_while_access_never_loads)
{
	struct sigaction action = { .sa_handler = on_alarm };
	void *addr;

	self->region.access = DMST_ACCESS_RETRY;
	self->region.retries = 100;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	if (!fork()) {
		dev_wait_calls(self->fd, DMST_OP_ACCESS, 3);
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(1, alarms);
	wait(NULL);
}

/* A driver that makes the process wait, which a signal has to end. */
TEST_F(err_access, sleeping_access)
{
	struct peer peer, other;
	long addr, theirs;

	self->region.access = DMST_ACCESS_SLEEP;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	ASSERT_EQ(0, peer_start(&other));
	addr = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	theirs = peer_map(&other, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	ASSERT_LT(0, theirs);
	ASSERT_EQ(0, peer_send_read(&peer, addr));
	ASSERT_EQ(0, peer_send_read(&other, theirs));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 2));
	EXPECT_EQ(0, peer_answered(&peer, 0));

	ASSERT_EQ(0, kill(peer.pid, SIGINT));
	EXPECT_EQ(SIGINT, peer_stop(&peer));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	EXPECT_EQ(0, peer_answer(&other, NULL));
	EXPECT_EQ(0, peer_stop(&other));
}

struct toucher {
	void *addr;
	pthread_barrier_t *barrier;
	int sig;
};

static void *touch_in_thread(void *arg)
{
	struct toucher *toucher = arg;

	/* A thread that sleeps in a fault would keep the other from starting. */
	if (toucher->barrier)
		pthread_barrier_wait(toucher->barrier);
	toucher->sig = touch_write(toucher->addr, 1);
	return NULL;
}

/* Accesses of one mapping do not wait for each other. */
TEST_F(err_access, sleeping_access_lets_others_through)
{
	struct dmst_region regions[] = {
		dev_region(0, P), dev_region(P, P),
	};
	struct toucher toucher[2];
	pthread_barrier_t barrier;
	pthread_t threads[2];
	void *addr;
	int i;

	ASSERT_EQ(0, pthread_barrier_init(&barrier, NULL, 2));
	regions[0].access = DMST_ACCESS_SLEEP;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 2; i++) {
		toucher[i] = (struct toucher){
			.addr = addr + 4 * i, .barrier = &barrier,
		};
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, touch_in_thread,
					    &toucher[i]));
	}
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 2));
	EXPECT_EQ(0, touch_write(addr + P, 3));
	EXPECT_EQ(3, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, toucher[i].sig);
	}
}

/*
 * fork(2) fails, at the first handle that is refused: what had been duplicated
 * before is told as unmapped, and nobody is asked about the rest.
 */
TEST_F(err_access, dup_fails)
{
	const int values[] = { ENOMEM, -1 };
	struct peer child;
	u32 value;
	void *addr;
	size_t i;
	int page;

	self->region.chunk = P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = mmap(NULL, 5 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	ASSERT_EQ(addr, mmap(addr, P, RW, MAP_SHARED | MAP_FIXED, self->fd,
			     3 * P));
	ASSERT_EQ(addr + P, mmap(addr + P, 3 * P, RW, MAP_SHARED | MAP_FIXED,
				 self->fd, 0));
	ASSERT_EQ(addr + 4 * P, mmap(addr + 4 * P, P, RW,
				     MAP_SHARED | MAP_FIXED, self->fd, 4 * P));
	for (page = 0; page < 5; page++)
		EXPECT_EQ(0, touch_write(addr + page * P, page));
	ASSERT_EQ(0, log_clear(self->fd));

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		/* Numbers are not used twice. */
		u32 h = F + 3 * i, p = 6 + 2 * i;

		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DUP, 3, values[i]));
		EXPECT_EQ(0, fork_is_refused());
		EXPECT_LOG(self->fd,
			   R_DUP(A, 1, h, p),
			   R_DUP(B, 2, h + 1, p + 1),
			   R_DUP(C, 3, h + 2, 0, .ret = values[i]),
			   R_UNMAP_ALL(h, p, 3 * P, P),
			   R_UNMAP_ALL(h + 1, p + 1, 0, P));
	}

	/* The parent notices nothing. */
	for (page = 0; page < 5; page++) {
		EXPECT_EQ(0, touch_read(addr + page * P, &value));
		EXPECT_EQ(page, value);
	}
	EXPECT_NO_LOG(self->fd);

	/* The next fork is as if nothing had been. */
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr + 2 * P, &value));
	EXPECT_EQ(2, value);
	EXPECT_EQ(0, peer_stop(&child));
}

/* What other drivers had duplicated before goes too; others are not asked. */
TEST_F(err_access, dup_fails_between_others)
{
	struct dmst_region region = dev_region(0, 4 * P);
	int fd = dev_open(1, O_RDWR);
	void *addr;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, dev_umem(fd, 0, 4 * P));
	ASSERT_EQ(0, dev_regions(fd, &region, 1));
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = mmap(NULL, 9 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	ASSERT_EQ(addr, mmap(addr, 3 * P, RW, MAP_SHARED | MAP_FIXED, fd, 0));
	ASSERT_EQ(addr + 3 * P, mmap(addr + 3 * P, 4 * P, RW,
				     MAP_SHARED | MAP_FIXED, self->fd, 0));
	ASSERT_EQ(addr + 7 * P, mmap(addr + 7 * P, 2 * P, RW,
				     MAP_SHARED | MAP_FIXED, fd, 0));
	/* In pieces, as Linux sees them, and as the driver does. */
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, mprotect(addr + 4 * P, P, PROT_READ));
	ASSERT_EQ(0, munmap(addr + 5 * P, P));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, log_clear(fd));

	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DUP, 2, EAGAIN));
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_LOG(fd,
		   R_DUP(A, 1, C, 3),
		   R_UNMAP_ALL(C, 3, 0, 3 * P));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 2, C, 4),
		   R_DUP(B, 3, D, 0, .ret = EAGAIN),
		   R_UNMAP_ALL(C, 4, 0, 2 * P));
	close(fd);
}

/* Only the fault may load; otherwise failure, never worse. */
TEST_F(err_access, load_outside_of_a_fault)
{
	struct dmst_info info;
	void *addr;

	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_NE(0, dev_load(self->fd, A, 0, P));
	EXPECT_NE(0, dev_load(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_NE(0, dev_load(self->fd, A, 0, P));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_LOAD(A, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_LOAD(A, 0, 0, DDI_READ, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_LOAD(A, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, P, P, DDI_READ));
}

TEST_F(err_access, load_for_another_process)
{
	struct dmst_region regions[] = {
		dev_region(0, 2 * P), dev_region(2 * P, 2 * P),
	};
	struct peer peer;
	long theirs;
	void *ours;

	regions[1].access = DMST_ACCESS_OTHER;
	regions[1].load_handle = A;
	regions[1].load_len = P;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	ours = dev_mmap(self->fd, 2 * P, 2 * P);
	ASSERT_NE(NULL, ours);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(ours, NULL));
	EXPECT_EQ(0, peer_read(&peer, theirs, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 2 * P, P, DDI_READ),
		   R_LOAD(A, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_ACCESS(A, 1, 0, P, DDI_READ, .pid = peer.pid));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Ranges for devmap_load() and devmap_unload(); the handle is [4, 8) pages. */
static const struct {
	long long off;
	unsigned long long len;
	bool ok;
	int first;	/* pages that are concerned, */
	int last;	/* of those of the handle */
} ranges[] = {
	{ 4 * P, P, true, 0, 0 },
	{ 4 * P, 1, true, 0, 0 },
	{ 4 * P, P - 1, true, 0, 0 },
	{ 4 * P, P + 1, true, 0, 1 },
	{ 4 * P, 4 * P, true, 0, 3 },
	{ 4 * P, 0, true, 0, 3 },
	{ 5 * P, 0, true, 1, 3 },
	{ 7 * P, 0, true, 3, 3 },
	{ 7 * P, P, true, 3, 3 },
	{ 8 * P - 1, 1, true, 3, 3 },
	{ 8 * P - 1, 0, true, 3, 3 },
	{ 0, 0, true, 0, 3 },
	/* Through the page of the last byte. */
	{ 5 * P + 1, P, true, 1, 2 },
	{ 5 * P + 1, P - 1, true, 1, 1 },
	{ 5 * P + 8, 2 * P, true, 1, 3 },
	{ 6 * P - 1, 2, true, 1, 2 },
	{ 4 * P + 1, 4 * P - 1, true, 0, 3 },
	/* Outside, in whole or in part. */
	{ 4 * P + 1, 4 * P, false, 0, 0 },
	{ 3 * P, P, false, 0, 0 },
	{ 3 * P, 2 * P, false, 0, 0 },
	{ 4 * P - 1, 1, false, 0, 0 },
	{ 4 * P - 1, 0, false, 0, 0 },
	{ 8 * P, 0, false, 0, 0 },
	{ 8 * P, P, false, 0, 0 },
	{ 8 * P, 1, false, 0, 0 },
	{ 7 * P, P + 1, false, 0, 0 },
	{ 7 * P, 2 * P, false, 0, 0 },
	{ 4 * P, 5 * P, false, 0, 0 },
	{ 0, P, false, 0, 0 },
	{ 0, 8 * P, false, 0, 0 },
	{ P, 0, false, 0, 0 },
	{ -1, 0, false, 0, 0 },
	{ -1, 1, false, 0, 0 },
	{ -(long long)P, P, false, 0, 0 },
	{ -(long long)P, 0, false, 0, 0 },
	{ (long long)(1ULL << 63), 0, false, 0, 0 },
	{ 4 * P, ~0ULL, false, 0, 0 },
	{ 4 * P, ~0ULL - 4 * P, false, 0, 0 },
	{ 4 * P, 0ULL - 4 * P, false, 0, 0 },
	{ 4 * P, 1ULL << 63, false, 0, 0 },
	{ 0x7fffffffffffffff, 0, false, 0, 0 },
	{ 0x7fffffffffffffff, 1, false, 0, 0 },
	{ 0x7ffffffffffff000, P, false, 0, 0 },
};

/* Exactly these pages need another call (trap 6). */
TEST_F(err_access, ranges_of_unload)
{
	struct dmst_info before, after;
	void *addr;
	size_t i;
	int page;

	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_mmap(self->fd, 4 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		for (page = 0; page < 4; page++)
			EXPECT_EQ(0, touch_write(addr + page * P, 1));
		EXPECT_EQ(ranges[i].ok, !dev_unload(self->fd, A, ranges[i].off,
						    ranges[i].len)) {
			TH_LOG("row %zu", i);
		}
		for (page = 0; page < 4; page++) {
			bool hit = ranges[i].ok && page >= ranges[i].first &&
				   page <= ranges[i].last;

			ASSERT_EQ(0, dev_info(self->fd, &before));
			EXPECT_EQ(0, touch_write(addr + page * P, 2));
			ASSERT_EQ(0, dev_info(self->fd, &after));
			EXPECT_EQ(hit, after.calls[DMST_OP_ACCESS] -
				       before.calls[DMST_OP_ACCESS]) {
				TH_LOG("row %zu, page %d", i, page);
			}
		}
	}
}

/* Exactly these pages need no other call. */
TEST_F(err_access, ranges_of_load)
{
	struct dmst_region regions[] = {
		dev_region(0, 16 * P), dev_region(16 * P, P),
	};
	struct dmst_info before, after;
	struct dmst_record rec[4];
	void *addr, *lever;
	size_t i;
	int page;

	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	addr = dev_mmap(self->fd, 4 * P, 4 * P);
	ASSERT_NE(NULL, addr);
	regions[1].access = DMST_ACCESS_OTHER;
	regions[1].load_handle = A;
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		/* A touch of the lever loads the range of the first handle. */
		regions[1].load_off = ranges[i].off;
		regions[1].load_len = ranges[i].len;
		ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
		lever = dev_mmap(self->fd, 16 * P, P);
		ASSERT_NE(NULL, lever);
		EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
		ASSERT_EQ(0, log_clear(self->fd));
		EXPECT_EQ(0, touch_read(lever, NULL));
		ASSERT_EQ(2, log_read(self->fd, rec, 4));
		ASSERT_EQ(DMST_OP_LOAD, rec[1].op);
		EXPECT_EQ(ranges[i].ok, !rec[1].ret) {
			TH_LOG("row %zu", i);
		}
		ASSERT_EQ(0, munmap(lever, P));

		for (page = 0; page < 4; page++) {
			bool hit = ranges[i].ok && page >= ranges[i].first &&
				   page <= ranges[i].last;

			ASSERT_EQ(0, dev_info(self->fd, &before));
			EXPECT_EQ(0, touch_write(addr + page * P, 2));
			ASSERT_EQ(0, dev_info(self->fd, &after));
			EXPECT_EQ(!hit, after.calls[DMST_OP_ACCESS] -
					before.calls[DMST_OP_ACCESS]) {
				TH_LOG("row %zu, page %d", i, page);
			}
		}
	}
}

/* Unloading what is not loaded is no error. */
TEST_F(err_access, unload_of_what_is_not_loaded)
{
	void *addr = map_region(self->fd, &self->region, 4 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 4 * P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, 0, 0),
		   R_UNLOAD(A, P, P),
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_UNLOAD(A, P, P),
		   R_UNLOAD(A, P, P),
		   R_UNLOAD(A, 0, 4 * P),
		   R_ACCESS(A, 1, P, P, DDI_READ));
}

/* The memory lives as long as somebody has it mapped. */
TEST_F(err_access, umem_freed_while_mapped)
{
	struct objects objects;
	struct peer child;
	u32 value;
	void *addr;

	addr = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x11));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 0x14));
	ASSERT_EQ(0, ioctl(self->fd, DMST_FREE, 0));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, touch_write(addr + P, 0x12));

	/* What is mapped anew has to be other memory. */
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	EXPECT_EQ(0, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x12, value);

	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 2, objects.cookies);
	ASSERT_EQ(0, munmap(addr, 2 * P));
	ASSERT_EQ(0, peer_start(&child));
	ASSERT_EQ(0, munmap(addr, 4 * P));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 2, objects.cookies);
	EXPECT_EQ(0, peer_read(&child, (long)addr + 3 * P, &value));
	EXPECT_EQ(0x14, value);
	EXPECT_EQ(0, peer_stop(&child));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 1, objects.cookies);
}

TEST_HARNESS_MAIN
