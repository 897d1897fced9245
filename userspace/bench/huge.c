// SPDX-License-Identifier: GPL-2.0
/* All of the device, a GiB: what can be mapped by 2 MiB, or by all of it. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"

#define LEN		(1024UL << 20)
#define GIB_ROUNDS	3

enum value { COST, FAULTS, TABLES, ALIGNMENT, UNMAP, VALUES };

static long faults(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage))
		die("getrusage");
	return usage.ru_minflt + usage.ru_majflt;
}

static void map_all(enum device device, struct series *series)
{
	int fd = device_open(device, BENCH_PLAIN | BENCH_LARGE);
	long tables = page_table_bytes(), before = faults();
	u64 start = stamp(), cost;
	char *addr = device_map(fd, device, LEN);
	size_t at;

	for (at = 0; at < LEN; at += PAGE)
		touch(addr + at);
	cost = stamp() - start;
	series_add(&series[FAULTS], faults() - before);
	series_add(&series[TABLES], page_table_bytes() - tables);
	series_add(&series[ALIGNMENT], (unsigned long)addr & -(unsigned long)addr);
	series_add(&series[COST], cost);
	start = stamp();
	munmap(addr, LEN);
	series_add(&series[UNMAP], stamp() - start);
	close(fd);
}

void bench_huge(void)
{
	static const enum device devices[] = { LAYER, P1, P3 };
	static const char *const what[VALUES] = {
		[COST] = "1 GiB mapped and touched",
		[FAULTS] = "1 GiB, faults",
		[TABLES] = "1 GiB, page tables",
		[ALIGNMENT] = "1 GiB, alignment of the address",
		[UNMAP] = "1 GiB unmapped",
	};
	static const char *const units[VALUES] = {
		[FAULTS] = "faults", [TABLES] = "bytes", [ALIGNMENT] = "bytes",
	};
	struct series series[NELEMS(devices)][VALUES];
	size_t i, value, round;

	for (i = 0; i < NELEMS(devices); i++) {
		for (value = 0; value < VALUES; value++) {
			series_begin(&series[i][value], what[value],
				     device_names[devices[i]], 0);
			series[i][value].unit = units[value];
		}
	}
	for (round = 0; round < GIB_ROUNDS; round++) {
		for (i = 0; i < NELEMS(devices); i++)
			map_all(devices[i], series[i]);
	}
	for (value = 0; value < VALUES; value++) {
		for (i = 0; i < NELEMS(devices); i++)
			series_end(&series[i][value]);
	}
}
