// SPDX-License-Identifier: GPL-2.0
/* Threads of one process that fault, each on a mapping of its own. */
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define THREADS	8
#define TIMES	20
#define PAGES	256UL

struct toucher {
	pthread_t thread;
	char *addr;
	pthread_barrier_t *start;
};

static void *touch_pages(void *arg)
{
	struct toucher *toucher = arg;
	size_t page;

	pthread_barrier_wait(toucher->start);
	for (page = 0; page < PAGES; page++)
		touch(toucher->addr + page * PAGE);
	return NULL;
}

/* Cycles per page, from the first thread's start to the last one's end. */
static double run(enum device device, int nr)
{
	struct toucher touchers[THREADS];
	pthread_barrier_t barrier;
	u64 start;
	int i, fd;

	fd = device_open(device, BENCH_DEFAULT);
	pthread_barrier_init(&barrier, NULL, nr + 1);
	for (i = 0; i < nr; i++) {
		touchers[i].addr = device_map(fd, device, PAGES * PAGE);
		touchers[i].start = &barrier;
		if (pthread_create(&touchers[i].thread, NULL, touch_pages,
				   &touchers[i]))
			die("pthread_create");
	}
	start = stamp();
	pthread_barrier_wait(&barrier);
	for (i = 0; i < nr; i++)
		pthread_join(touchers[i].thread, NULL);
	start = stamp() - start;
	for (i = 0; i < nr; i++)
		munmap(touchers[i].addr, PAGES * PAGE);
	close(fd);
	return (double)start / (nr * PAGES);
}

/* What disturbs threads makes them slower: the best of some counts. */
static double best(enum device device, int nr)
{
	double least = run(device, nr), other;
	int i;

	for (i = 1; i < TIMES; i++) {
		other = run(device, nr);
		if (other < least)
			least = other;
	}
	return least;
}

void bench_threads(void)
{
	static const enum device devices[] = { LAYER, P2 };
	static const int nr[] = { 1, 2, 8 };
	struct series series[NELEMS(devices)];
	size_t i, n, round;

	for (n = 0; n < NELEMS(nr); n++) {
		for (i = 0; i < NELEMS(devices); i++)
			series_begin(&series[i], "threads that fault",
				     device_names[devices[i]], nr[n]);
		for (round = 0; round < ROUNDS; round++) {
			for (i = 0; i < NELEMS(devices); i++)
				series_add(&series[i], best(devices[i], nr[n]));
		}
		for (i = 0; i < NELEMS(devices); i++)
			series_end(&series[i]);
	}
}
