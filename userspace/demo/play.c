// SPDX-License-Identifier: GPL-2.0
/* The players: each counts in register 0, as if the device were its own. */

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "demo.h"

/* All of it: the registers and the status page. */
size_t device_size(const struct device *dev)
{
	return (dev->pages + 1UL) * getpagesize();
}

void *device_map(const struct device *dev, size_t off, size_t len, int prot,
		 int flags)
{
	int fd = open(dev->node, prot & PROT_WRITE ? O_RDWR : O_RDONLY);
	void *addr;

	if (fd < 0)
		die(dev->node);
	addr = mmap(NULL, len, prot, flags, fd, off);
	if (addr == MAP_FAILED)
		die("mmap");
	close(fd);
	return addr;
}

static __u64 load(struct player *me, const __u64 *reg)
{
	me->accesses++;
	return __atomic_load_n(reg, __ATOMIC_RELAXED);
}

/* The status page is in the same mapping, and always there. */
static void look_at_status(struct player *me,
			   const struct devmap_ctxdev_status *status)
{
	me->accesses++;
	if (__atomic_load_n(&status->magic, __ATOMIC_RELAXED) !=
	    DEVMAP_CTXDEV_MAGIC)
		me->wrong++;
}

static void store(struct player *me, __u64 *reg, __u64 value)
{
	me->accesses++;
	__atomic_store_n(reg, value, __ATOMIC_RELAXED);
}

static void work(long ns)
{
	struct timespec start, now;
	long done;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
		done = (now.tv_sec - start.tv_sec) * 1000000000L +
		       now.tv_nsec - start.tv_nsec;
	} while (done < ns);
}

static void wait_for_all(unsigned int *ready)
{
	__atomic_add_fetch(ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(ready, __ATOMIC_SEQ_CST) < NR_PLAYERS)
		sched_yield();
}

static void play(struct player *me, const struct device *dev,
		 unsigned int *ready)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	__u64 mine = 0, seen;
	char name[] = "demo-?";
	unsigned int i;
	__u64 *reg;

	name[5] = me->name;
	prctl(PR_SET_NAME, name);
	me->pid = getpid();

	reg = device_map(dev, 0, device_size(dev), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE);
	me->start = (unsigned long)reg;
	me->end = me->start + device_size(dev);
	wait_for_all(ready);

	look_at_status(me, (void *)(me->end - getpagesize()));
	for (i = 1; i <= ROUNDS; i++) {
		seen = load(me, reg);
		me->read_back++;
		if (seen != mine && seen && TAG_OF(seen) != me->tag)
			me->foreign++;
		else if (seen != mine)
			me->wrong++;

		work(WORK_NS);
		mine = (__u64)me->tag << TAG_SHIFT | i;
		store(me, reg, mine);
		if (i % ROUNDS_PER_TURN == 0)
			nanosleep(&pause, NULL);
	}
}

static void play_in_child(struct player *me, const struct device *dev,
			  unsigned int *ready)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		play(me, dev, ready);
		_exit(0);
	}
}

/* Runs all players to their end. */
void play_all(const struct device *dev, struct player *players)
{
	unsigned int *ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, status;

	if (ready == MAP_FAILED)
		die("mmap");
	for (i = 0; i < NR_PLAYERS; i++)
		play_in_child(&players[i], dev, ready);
	for (i = 0; i < NR_PLAYERS; i++) {
		if (wait(&status) < 0)
			die("wait");
		if (status) {
			fprintf(stderr, "demo: a process died, status 0x%x\n",
				status);
			exit(1);
		}
	}
}
