// SPDX-License-Identifier: GPL-2.0
/* mmap(2) and munmap(2), fork(2) with mappings, memory per mapping. */
#include <stdio.h>
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

static double fork_with(enum device device, int nr)
{
	int fd = device_open(device, BENCH_CONTEXT), i;
	char **addr = calloc(nr, sizeof(*addr));
	double cost, base = fork_once();

	for (i = 0; i < nr; i++)
		addr[i] = device_map(fd, device, PAGE);
	cost = fork_once() - base;
	for (i = 0; i < nr; i++)
		munmap(addr[i], PAGE);
	close(fd);
	free(addr);
	return cost / nr;
}

static long slab_bytes(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	long kib = -1, value;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "SUnreclaim: %ld kB", &value) == 1 ||
		    sscanf(line, "VmallocUsed: %ld kB", &value) == 1)
			kib += value;
	}
	if (file)
		fclose(file);
	return kib * 1024;
}

#define MAPPINGS	2000

/* Kernel memory of a mapping, in bytes, the VMA included. */
static double memory_of(enum device device, size_t len, size_t touched)
{
	int fd = device_open(device, BENCH_CONTEXT), i;
	char **addr = calloc(MAPPINGS, sizeof(*addr));
	long before, after;
	size_t at;

	before = slab_bytes();
	for (i = 0; i < MAPPINGS; i++) {
		addr[i] = device_map(fd, device, len);
		for (at = 0; at < touched; at += PAGE)
			touch(addr[i] + at);
	}
	after = slab_bytes();
	for (i = 0; i < MAPPINGS; i++)
		munmap(addr[i], len);
	close(fd);
	free(addr);
	return (double)(after - before) / MAPPINGS;
}

static void memory(const char *what, size_t len, size_t touched)
{
	static const enum device devices[] = { LAYER, P2 };
	struct series series[NELEMS(devices)];
	size_t i, round;

	for (i = 0; i < NELEMS(devices); i++)
		series_begin(&series[i], what, device_names[devices[i]],
			     len / PAGE);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < NELEMS(devices); i++)
			series_add(&series[i],
				   memory_of(devices[i], len, touched));
	}
	for (i = 0; i < NELEMS(devices); i++)
		series_end(&series[i]);
}

void bench_memory(void)
{
	memory("memory of a mapping", PAGE, 0);
	memory("memory of a mapping, one page touched", PAGE, PAGE);
	memory("memory of a mapping", 64UL << 20, 0);
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
