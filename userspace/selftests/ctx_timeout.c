// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_set_ctx_timeout(9F): how long a handle keeps the context, and what a
 * process can do while it waits for it (trap 14).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)

/* For a time that no test waits for, and for one that some do. */
#define LONG_SECONDS	120
#define SHORT_MS	200

/* Slow machines, but not that slow. */
#define SOON_NS		20000000000ULL

FIXTURE(ctx_timeout) {
	struct objects base;
	int fd;
	long hz;
	struct dmst_region region;
};

/*
 * The time of a holder goes on when it is gone, also after the test that it
 * belonged to. A handle without a timeout takes the context from it.
 */
static int end_all_times(int nr)
{
	struct dmst_region regions[] = { dev_region(0, P), dev_region(P, P) };
	int fd = dev_open(nr, O_RDWR), err = -1;
	void *addr;

	if (fd < 0)
		return -1;
	regions[0].access = DMST_ACCESS_CTXMGT;
	regions[1].access = DMST_ACCESS_CTXMGT;
	regions[1].callbacks &= ~DMST_CB_ACCESS;
	regions[1].callbacks |= DMST_CB_ACCESS_B;
	if (!dev_umem(fd, 0, 2 * P) && !dev_regions(fd, regions, 2)) {
		addr = dev_mmap(fd, 0, 2 * P);
		err = !addr || touch_read(addr, NULL) ||
		      touch_read(addr + P, NULL) || munmap(addr, 2 * P);
	}
	close(fd);
	return err;
}

FIXTURE_SETUP(ctx_timeout)
{
	struct dmst_info info;
	int i;

	ASSERT_EQ(0, test_begin(&self->base));
	for (i = 0; i < DEVICES; i++)
		ASSERT_EQ(0, end_all_times(i));
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	self->hz = info.hz;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	self->region = dev_region(0, 4 * P);
	self->region.access = DMST_ACCESS_CTXMGT;
	self->region.flags = DMST_F_TIMEOUT;
}

FIXTURE_TEARDOWN_PARENT(ctx_timeout)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/*
 * Another process with a mapping of its own, made with this timeout. Mappings
 * that are there already are duplicated, so these processes come first.
 */
static long start_peer(struct peer *peer, int fd, struct dmst_region *region,
		       long ticks)
{
	region->timeout = ticks;
	if (dev_regions(fd, region, 1) || peer_start(peer))
		return -1;
	return peer_map(peer, fd, 0, 4 * P, RW, MAP_SHARED);
}

static void *map_here(int fd, struct dmst_region *region, long ticks)
{
	region->timeout = ticks;
	if (dev_regions(fd, region, 1))
		return NULL;
	return dev_mmap(fd, 0, 4 * P);
}

/* The runs of the context callback; clears the record. */
static ssize_t ctx_runs(int fd, struct dmst_record *runs, size_t max)
{
	static struct dmst_record all[DMST_LOG];
	ssize_t n = log_read(fd, all, DMST_LOG), i;
	size_t found = 0;

	for (i = 0; i < n; i++) {
		if (all[i].op == DMST_OP_CTX && found < max)
			runs[found++] = all[i];
	}
	return n < 0 ? n : found;
}

static u64 ns(long ticks, long hz)
{
	return ticks * (1000000000ULL / hz);
}

/* Waits until a process is in a page fault that does not come to its end. */
static int wait_for_fault(pid_t pid)
{
	char name[40], text[8];
	int i, fd;
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/%d/syscall", pid);
	for (i = 0; i < 20000; i++) {
		fd = open(name, O_RDONLY);
		if (fd < 0)
			return -1;
		n = read(fd, text, sizeof(text));
		close(fd);
		/* In the kernel, but in no system call. */
		if (n > 2 && !strncmp(text, "-1", 2))
			return 0;
		sleep_ms(1);
	}
	tell("process %d does not wait", pid);
	return -1;
}

/* Nobody takes the context before its holder's time is up. */
TEST_F_TIMEOUT(ctx_timeout, holding_time, 120)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct dmst_record runs[32];
	struct peer peer;
	long there;
	void *here;
	ssize_t n;
	int i;

	there = start_peer(&peer, self->fd, &self->region, ticks);
	ASSERT_LT(0, there);
	here = map_here(self->fd, &self->region, ticks);
	ASSERT_NE(NULL, here);
	ASSERT_EQ(0, log_clear(self->fd));
	for (i = 0; i < 6; i++) {
		EXPECT_EQ(0, touch_write(here, i));
		EXPECT_EQ(0, peer_write(&peer, there, i));
	}
	EXPECT_EQ(0, peer_stop(&peer));

	n = ctx_runs(self->fd, runs, 32);
	ASSERT_EQ(12, n);
	for (i = 0; i < n; i++) {
		EXPECT_EQ(i % 2 ? A : B, runs[i].handle);
		EXPECT_EQ(0, runs[i].ret);
	}
	for (i = 1; i < n; i++) {
		EXPECT_LE(ns(ticks, self->hz), runs[i].begin - runs[i - 1].end);
		EXPECT_GT(SHORT_MS * 1000000ULL + SOON_NS,
			  runs[i].begin - runs[i - 1].end);
	}
}

/* The same, wanted by many at a time, whose demand does not end. */
TEST_F_TIMEOUT(ctx_timeout, holding_time_in_a_crowd, 240)
{
	enum { PEERS = 4, ROUNDS = 5 };
	const long ticks = self->hz / 20;
	struct dmst_record runs[64];
	struct peer peers[PEERS];
	long there[PEERS];
	ssize_t n;
	int i, j;

	for (i = 0; i < PEERS; i++) {
		there[i] = start_peer(&peers[i], self->fd, &self->region,
				      ticks);
		ASSERT_LT(0, there[i]);
	}
	ASSERT_EQ(0, log_clear(self->fd));
	for (j = 0; j < ROUNDS; j++) {
		for (i = 0; i < PEERS; i++)
			ASSERT_EQ(0, peer_send_write(&peers[i], there[i], j));
		for (i = 0; i < PEERS; i++)
			EXPECT_EQ(0, peer_answer(&peers[i], NULL));
	}
	for (i = 0; i < PEERS; i++)
		EXPECT_EQ(0, peer_stop(&peers[i]));

	n = ctx_runs(self->fd, runs, 64);
	EXPECT_LE(PEERS * (ROUNDS - 1), n);
	for (i = 1; i < n; i++) {
		if (runs[i].handle == runs[i - 1].handle)
			continue;
		EXPECT_LE(ns(ticks, self->hz),
			  runs[i].begin - runs[i - 1].end);
	}
}

/* The holder does not wait for itself, nor does its time begin anew. */
TEST_F(ctx_timeout, holder_does_not_wait)
{
	const long ticks = self->hz * LONG_SECONDS;
	u64 start = now_ns();
	void *here = map_here(self->fd, &self->region, ticks);
	int i;

	ASSERT_NE(NULL, here);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, touch_write(here + i * P, i));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(here, NULL));
	EXPECT_GT(SOON_NS, now_ns() - start);
}

TEST_F_TIMEOUT(ctx_timeout, time_of_the_holder_does_not_begin_anew, 60)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct peer peer;
	u64 start;
	long there;
	void *here;
	int i;

	there = start_peer(&peer, self->fd, &self->region, ticks);
	ASSERT_LT(0, there);
	here = map_here(self->fd, &self->region, ticks);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));
	ASSERT_EQ(0, peer_send_write(&peer, there, 1));
	start = now_ns();
	/* The holder goes on asking for pages: the other gets its turn. */
	for (i = 0; now_ns() - start < SOON_NS; i++) {
		if (peer_answered(&peer, 0))
			break;
		EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
		EXPECT_EQ(0, touch_write(here, i));
		ASSERT_EQ(0, log_clear(self->fd));
	}
	ASSERT_EQ(1, peer_answered(&peer, 0));
	EXPECT_EQ(0, peer_answer(&peer, NULL));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Without a timeout of its own, a handle does not wait for others'. */
TEST_F(ctx_timeout, without_timeout)
{
	const long negative[] = { 0, -1, INT64_MIN };
	u64 start = now_ns();
	struct peer peer;
	void *here;
	long there;
	int i;

	for (i = 0; i < 3; i++) {
		there = start_peer(&peer, self->fd, &self->region, negative[i]);
		ASSERT_LT(0, there);
		here = map_here(self->fd, &self->region,
				self->hz * LONG_SECONDS);
		ASSERT_NE(NULL, here);
		EXPECT_EQ(0, touch_write(here, 1));
		EXPECT_EQ(0, peer_write(&peer, there, 2));
		EXPECT_EQ(0, peer_stop(&peer));
		ASSERT_EQ(0, munmap(here, 4 * P));
		/* Nor for one that is gone. */
		there = start_peer(&peer, self->fd, &self->region, negative[i]);
		ASSERT_LT(0, there);
		EXPECT_EQ(0, peer_write(&peer, there, 2));
		EXPECT_EQ(0, peer_stop(&peer));
	}
	EXPECT_GT(SOON_NS, now_ns() - start);
}

/* The default is none; it can be set later, and taken back. */
TEST_F_TIMEOUT(ctx_timeout, set_later, 60)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct dmst_record runs[8];
	void *a, *b;

	self->region.flags = 0;
	a = map_here(self->fd, &self->region, 0);
	b = map_here(self->fd, &self->region, 0);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_EQ(0, dev_timeout(self->fd, A, ticks));
	ASSERT_EQ(0, dev_timeout(self->fd, B, ticks));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	ASSERT_EQ(2, ctx_runs(self->fd, runs, 8));
	EXPECT_LE(ns(ticks, self->hz), runs[1].begin - runs[0].end);

	ASSERT_EQ(0, dev_timeout(self->fd, B, self->hz * LONG_SECONDS));
	ASSERT_EQ(0, dev_timeout(self->fd, A, 0));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(3, ctx_runs(self->fd, runs, 8));
}

/* A child's handle has the parent's timeout. */
TEST_F_TIMEOUT(ctx_timeout, in_a_child, 60)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct dmst_record runs[8];
	struct peer child;
	void *here;

	here = map_here(self->fd, &self->region, ticks);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, (long)here, 2));
	EXPECT_EQ(0, touch_write(here, 1));
	EXPECT_EQ(0, peer_stop(&child));
	ASSERT_EQ(3, ctx_runs(self->fd, runs, 8));
	EXPECT_EQ(B, runs[1].handle);
	EXPECT_LE(ns(ticks, self->hz), runs[1].begin - runs[0].end);
	EXPECT_LE(ns(ticks, self->hz), runs[2].begin - runs[1].end);
}

/* Only a callback that succeeds starts the clock. */
TEST_F(ctx_timeout, after_a_failed_callback)
{
	u64 start = now_ns();
	void *a, *b;

	a = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	b = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_CTX, 1, -1));
	EXPECT_EQ(SIGBUS, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_GT(SOON_NS, now_ns() - start);
}

/* Instances and devmap_access functions do not wait for each other. */
TEST_F(ctx_timeout, scope)
{
	u64 start = now_ns();
	int other = dev_open(1, O_RDWR);
	void *a, *b, *c;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, dev_umem(other, 0, 4 * P));
	a = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, a);
	b = map_here(other, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, b);
	self->region.callbacks &= ~DMST_CB_ACCESS;
	self->region.callbacks |= DMST_CB_ACCESS_B;
	c = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, c);

	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_EQ(0, touch_write(c, 1));
	EXPECT_GT(SOON_NS, now_ns() - start);
}

/* Who comes first is served first. */
TEST_F_TIMEOUT(ctx_timeout, order_of_waiters, 120)
{
	enum { PEERS = 4 };
	const long ticks = self->hz * SHORT_MS / 1000;
	struct dmst_record runs[16];
	struct peer peers[PEERS];
	long there[PEERS];
	void *here;
	int i;

	for (i = 0; i < PEERS; i++) {
		there[i] = start_peer(&peers[i], self->fd, &self->region,
				      ticks);
		ASSERT_LT(0, there[i]);
	}
	/* They queue while this one has it, which takes some seconds. */
	here = map_here(self->fd, &self->region, self->hz * 4);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));
	for (i = PEERS - 1; i >= 0; i--) {
		ASSERT_EQ(0, peer_send_write(&peers[i], there[i], 1));
		ASSERT_EQ(0, wait_for_fault(peers[i].pid));
	}
	for (i = 0; i < PEERS; i++)
		EXPECT_EQ(0, peer_answer(&peers[i], NULL));
	for (i = 0; i < PEERS; i++)
		EXPECT_EQ(0, peer_stop(&peers[i]));

	ASSERT_EQ(PEERS + 1, ctx_runs(self->fd, runs, 16));
	for (i = 0; i < PEERS; i++)
		EXPECT_EQ(PEERS - i, runs[i + 1].handle);
	for (i = 1; i <= PEERS; i++)
		EXPECT_LE(ns(i == 1 ? 4 * self->hz : ticks, self->hz),
			  runs[i].begin - runs[i - 1].end);
}

/* A waiter dies of a signal at once; the next in the queue goes on waiting. */
TEST_F_TIMEOUT(ctx_timeout, waiter_is_killed, 120)
{
	const int signals[] = { SIGKILL, SIGINT, SIGTERM };
	struct dmst_info info;
	struct peer peer;
	u64 start;
	void *here;
	long there;
	int i;

	here = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));
	for (i = 0; i < 3; i++) {
		there = start_peer(&peer, self->fd, &self->region,
				   self->hz * LONG_SECONDS);
		ASSERT_LT(0, there);
		ASSERT_EQ(0, peer_send_write(&peer, there, 1));
		ASSERT_EQ(0, wait_for_fault(peer.pid));
		start = now_ns();
		ASSERT_EQ(0, kill(peer.pid, signals[i]));
		EXPECT_EQ(signals[i], peer_stop(&peer));
		EXPECT_GT(SOON_NS / 4, now_ns() - start);
	}
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_CTX]);
	EXPECT_EQ(1, info.calls[DMST_OP_ACCESS]);
}

static void leave(int sig)
{
	_exit(sig);
}

/* So does one with a handler, which has to run. */
TEST_F(ctx_timeout, waiter_gets_a_signal)
{
	struct sigaction action = { .sa_handler = leave };
	int status = -1;
	void *here, *mine;
	pid_t pid;

	here = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, here);
	EXPECT_EQ(0, touch_write(here, 1));
	pid = fork();
	if (!pid) {
		mine = dev_mmap(self->fd, 0, P);
		sigaction(SIGUSR1, &action, NULL);
		_exit(mine ? touch_write(mine, 1) : 1);
	}
	ASSERT_EQ(0, wait_for_fault(pid));
	ASSERT_EQ(0, kill(pid, SIGUSR1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(SIGUSR1, WEXITSTATUS(status));
}

struct waiter {
	void *addr;
	pid_t tid;
	int sig;
};

static void *wait_in_thread(void *arg)
{
	struct waiter *waiter = arg;

	__atomic_store_n(&waiter->tid, gettid(), __ATOMIC_SEQ_CST);
	waiter->sig = touch_write(waiter->addr, 1);
	return NULL;
}

static pid_t start_waiter(struct waiter *waiter, pthread_t *thread)
{
	pid_t tid;

	if (pthread_create(thread, NULL, wait_in_thread, waiter))
		return -1;
	do {
		sleep_ms(1);
		tid = __atomic_load_n(&waiter->tid, __ATOMIC_SEQ_CST);
	} while (!tid);
	return wait_for_fault(tid);
}

/* The address space can be changed while a thread of it waits. */
TEST_F(ctx_timeout, mmap_lock_is_free)
{
	struct waiter waiter = {};
	void *holder, *wanted, *other;
	pthread_t thread;
	u64 start;
	int i;

	holder = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	wanted = map_here(self->fd, &self->region, self->hz * LONG_SECONDS);
	ASSERT_NE(NULL, holder);
	ASSERT_NE(NULL, wanted);
	EXPECT_EQ(0, touch_write(holder, 1));
	waiter.addr = wanted;
	ASSERT_EQ(0, start_waiter(&waiter, &thread));

	start = now_ns();
	for (i = 0; i < 50; i++) {
		other = dev_mmap(self->fd, 0, 2 * P);
		ASSERT_NE(NULL, other);
		EXPECT_EQ(0, mprotect(other, P, PROT_READ));
		EXPECT_EQ(0, munmap(other, 2 * P));
		/* Of the segment that is waited for, too. */
		EXPECT_EQ(0, mprotect(wanted + P, P, i & 1 ? RW : PROT_READ));
	}
	EXPECT_EQ(0, touch_write(holder + P, 1));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	EXPECT_EQ(0, munmap(wanted + 2 * P, P));
	EXPECT_GT(SOON_NS / 2, now_ns() - start);
	EXPECT_EQ(0, waiter.sig);
	/* The thread is left waiting; the process must be able to exit. */
}

/* What it waits for goes away: the access ends as one to nothing. */
TEST_F_TIMEOUT(ctx_timeout, unmapped_while_waiting, 60)
{
	struct waiter waiter = {};
	void *holder, *wanted;
	pthread_t thread;

	holder = map_here(self->fd, &self->region, self->hz);
	wanted = map_here(self->fd, &self->region, self->hz);
	ASSERT_NE(NULL, holder);
	ASSERT_NE(NULL, wanted);
	EXPECT_EQ(0, touch_write(holder, 1));
	waiter.addr = wanted;
	ASSERT_EQ(0, start_waiter(&waiter, &thread));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(wanted, 4 * P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 2, 0, 4 * P));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(SIGSEGV, waiter.sig);
	EXPECT_NO_LOG(self->fd);
}

/* The kernel itself waits when a system call touches the mapping. */
TEST_F_TIMEOUT(ctx_timeout, waiting_in_a_system_call, 60)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct dmst_record runs[8];
	void *holder, *wanted;
	int pipes[2];

	holder = map_here(self->fd, &self->region, ticks);
	wanted = map_here(self->fd, &self->region, ticks);
	ASSERT_NE(NULL, holder);
	ASSERT_NE(NULL, wanted);
	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(0, touch_write(holder, 0x1234));
	EXPECT_EQ(64, write(pipes[1], wanted, 64));
	ASSERT_EQ(2, ctx_runs(self->fd, runs, 8));
	EXPECT_LE(ns(ticks, self->hz), runs[1].begin - runs[0].end);
}

TEST_HARNESS_MAIN
