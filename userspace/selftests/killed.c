// SPDX-License-Identifier: GPL-2.0
/*
 * Processes are killed half way through what they do to their mappings, of each
 * kind there is: the driver is told all the same, and nothing is left.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "olddev.h"
#include "scheme.h"

#define MAPPINGS	8	/* of a process */
#define ROUNDS		20
#define MOST_CHILDREN	4
#define MORE_ROUNDS	400	/* at most, until one has died where it is to */
#define LONGEST_MS	50	/* that a process lives when it has begun */

/* What a process and the test see. */
struct shared {
	atomic_int inside;	/* a system call is being made */
	atomic_ulong calls;
	atomic_ulong failed;
};

FIXTURE(killed) {
	struct objects base;
	struct scheme_dev dev;
	struct shared *shared;
};

FIXTURE_VARIANT(killed) {
	enum scheme scheme;
};

FIXTURE_VARIANT_ADD(killed, plain) { .scheme = SCHEME_PLAIN };
FIXTURE_VARIANT_ADD(killed, umem) { .scheme = SCHEME_UMEM };
FIXTURE_VARIANT_ADD(killed, contexts) { .scheme = SCHEME_CONTEXTS };
FIXTURE_VARIANT_ADD(killed, regs) { .scheme = SCHEME_REGS };
FIXTURE_VARIANT_ADD(killed, mapdev) { .scheme = SCHEME_MAPDEV };
FIXTURE_VARIANT_ADD(killed, segmap) { .scheme = SCHEME_SEGMAP };

FIXTURE_SETUP(killed)
{
	ASSERT_EQ(0, old_begin(&self->base));
	ASSERT_EQ(0, scheme_open(&self->dev, variant->scheme));
	self->shared = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	/* Children of the dead are ours. */
	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
}

FIXTURE_TEARDOWN_PARENT(killed)
{
	EXPECT_EQ(0, old_end(&self->base));
}

/* All pages but one, in pieces, some of them loaded. */
static void *map_pieces(const struct scheme_dev *dev)
{
	void *addr = scheme_map(dev, 0, SCHEME_PAGES);

	if (!addr || mprotect(addr + P, P, PROT_READ) ||
	    munmap(addr + 5 * P, P) || scheme_look(dev, addr, 0) ||
	    scheme_look(dev, addr + 6 * P, 6))
		_exit(1);
	return addr;
}

/* Forks and forks; the children look and end. */
static void fork_for_ever(const struct scheme_dev *dev, struct shared *shared)
{
	void *addr[MAPPINGS];
	pid_t pid;
	int i;

	for (i = 0; i < MAPPINGS; i++)
		addr[i] = map_pieces(dev);
	for (;;) {
		shared->inside = 1;
		pid = fork();
		if (!pid) {
			for (i = 0; i < MAPPINGS; i += 5)
				shared->failed += !!scheme_look(dev, addr[i], 0);
			_exit(0);
		}
		shared->inside = 0;
		shared->calls++;
		if (pid < 0)
			shared->failed++;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

struct mapper {
	const struct scheme_dev *dev;
	struct shared *shared;
};

/* Everything but fork, on mappings that come and go. */
static void *map_for_ever(void *arg)
{
	struct mapper *mapper = arg;
	unsigned int round;
	void *addr, *to;

	for (round = 0;; round++) {
		addr = map_pieces(mapper->dev);
		mapper->shared->inside = 1;
		to = mmap(NULL, 2 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
		if (mremap(addr + 8 * P, 2 * P, 2 * P,
			   MREMAP_MAYMOVE | MREMAP_FIXED, to) != to ||
		    mprotect(addr + 11 * P, 3 * P, PROT_NONE) ||
		    mmap(addr + 2 * P, P, RW, MAP_SHARED | MAP_FIXED,
			 mapper->dev->fd, 0) != addr + 2 * P ||
		    munmap(addr + 6 * P, P) || munmap(to, P) ||
		    munmap(addr, SCHEME_PAGES * P) || munmap(to, 2 * P))
			mapper->shared->failed++;
		mapper->shared->inside = 0;
		mapper->shared->calls++;
	}
	return NULL;
}

static void do_all_for_ever(const struct scheme_dev *dev, struct shared *shared)
{
	struct mapper mapper = { .dev = dev, .shared = shared };
	pthread_t thread;
	int children = 0;

	if (pthread_create(&thread, NULL, map_for_ever, &mapper))
		_exit(1);
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		children += pid > 0;
		/* On a slow machine they would not die as fast as they are born. */
		while (children && waitpid(-1, NULL, children < MOST_CHILDREN ?
						     WNOHANG : 0) > 0)
			children--;
	}
}

/*
 * Returns how many died inside of a system call, or -1. Where a process is when it
 * dies is chance: there are more rounds as long as none has died in one.
 */
static int kill_many(const struct scheme_dev *dev, struct shared *shared,
		     void (*victim)(const struct scheme_dev *dev,
				    struct shared *shared))
{
	int round, rounds = effort(ROUNDS), status, inside = 0;
	unsigned long calls;
	pid_t pid;

	for (round = 0; round < rounds ||
	     (!inside && round < rounds + MORE_ROUNDS); round++) {
		shared->inside = 0;
		calls = shared->calls;
		pid = fork();
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			victim(dev, shared);
			_exit(1);
		}
		if (pid < 0)
			return -1;
		while (shared->calls == calls && !waitpid(pid, NULL, WNOHANG))
			sleep_ms(1);
		sleep_ms(random() % LONGEST_MS);
		kill(pid, SIGKILL);
		if (waitpid(pid, &status, 0) != pid || status != SIGKILL) {
			tell("status 0x%x", status);
			return -1;
		}
		inside += shared->inside;
		/* And those that it has left behind. */
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
	return inside;
}

static int still_works(const struct scheme_dev *dev)
{
	void *addr = scheme_map(dev, 0, SCHEME_PAGES);
	int page, bad = 0;

	if (!addr)
		return -1;
	for (page = 0; page < SCHEME_PAGES; page++)
		bad |= scheme_look(dev, addr + page * P, page);
	return bad | munmap(addr, SCHEME_PAGES * P);
}

TEST_F_TIMEOUT(killed, in_fork, 300)
{
	int inside = kill_many(&self->dev, self->shared, fork_for_ever);

	TH_LOG("%lu forks, %d died in one", self->shared->calls, inside);
	EXPECT_LT(0, inside);
	EXPECT_EQ(0, self->shared->failed);
	EXPECT_EQ(0, scheme_idle(&self->dev, &self->base));
	EXPECT_EQ(0, still_works(&self->dev));
}

TEST_F_TIMEOUT(killed, in_anything, 300)
{
	int inside = kill_many(&self->dev, self->shared, do_all_for_ever);

	TH_LOG("%lu rounds, %d died in one", self->shared->calls, inside);
	EXPECT_LT(0, inside);
	EXPECT_EQ(0, self->shared->failed);
	EXPECT_EQ(0, scheme_idle(&self->dev, &self->base));
	EXPECT_EQ(0, still_works(&self->dev));
}

TEST_HARNESS_MAIN
