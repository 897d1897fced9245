// SPDX-License-Identifier: GPL-2.0
/* mmap(2) and munmap(2), fork(2) with mappings. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define TIMES	200

static double map_and_unmap(enum device device)
{
	int fd = device_open(device, BENCH_CONTEXT), i;
	u64 start = stamp();

	for (i = 0; i < TIMES; i++)
		munmap(device_map(fd, device, PAGE), PAGE);
	start = stamp() - start;
	close(fd);
	return (double)start / TIMES;
}

/* Without what fork(2) costs anyway: @base. */
static double fork_once(void)
{
	u64 start = stamp();
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	start = stamp() - start;
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("fork");
	return start;
}

#define FORKS	7

static double fork_median(void)
{
	double cost[FORKS];
	int i;

	for (i = 0; i < FORKS; i++)
		cost[i] = fork_once();
	return median(cost, FORKS);
}

static double fork_with(enum device device, int nr)
{
	int fd = device_open(device, BENCH_CONTEXT), i;
	char **addr = calloc(nr, sizeof(*addr));
	double cost, base = fork_median();

	for (i = 0; i < nr; i++)
		addr[i] = device_map(fd, device, PAGE);
	cost = fork_median() - base;
	for (i = 0; i < nr; i++)
		munmap(addr[i], PAGE);
	close(fd);
	free(addr);
	return cost / nr;
}

void bench_map(void)
{
	static const enum device devices[] = { LAYER, P2 };
	static const int mappings[] = { 1, 100, 1000 };
	struct series series[NELEMS(devices)];
	size_t i, m, round;

	for (i = 0; i < NELEMS(devices); i++)
		series_begin(&series[i], "mmap and munmap",
			     device_names[devices[i]], 0);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < NELEMS(devices); i++)
			series_add(&series[i], map_and_unmap(devices[i]));
	}
	for (i = 0; i < NELEMS(devices); i++)
		series_end(&series[i]);

	for (m = 0; m < NELEMS(mappings); m++) {
		for (i = 0; i < NELEMS(devices); i++)
			series_begin(&series[i], "fork, per mapping",
				     device_names[devices[i]], mappings[m]);
		for (round = 0; round < ROUNDS; round++) {
			for (i = 0; i < NELEMS(devices); i++)
				series_add(&series[i], fork_with(devices[i],
								 mappings[m]));
		}
		for (i = 0; i < NELEMS(devices); i++)
			series_end(&series[i]);
	}
}
