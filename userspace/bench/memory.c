// SPDX-License-Identifier: GPL-2.0
/* Kernel memory of a mapping, and whose it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define MANY		2000	/* so that a slab more or less does not matter */
#define FEW		16	/* all of whose page tables are 2 MiB */
#define GIB		(1024UL << 20)

enum owner {
	DRIVER,		/* kmalloc() and vmalloc(): the layer and its driver */
	KERNEL,		/* caches of its own: VMAs and what they are found by */
	TABLES,		/* of the process: VmPTE */
	OWNERS,
};

struct used {
	long bytes[OWNERS];
};

/* The value of a line of a file in /proc, in bytes. */
static long kib_of(const char *path, const char *format)
{
	FILE *file = fopen(path, "r");
	char line[256];
	long value = -1;

	while (file && value < 0 && fgets(line, sizeof(line), file)) {
		if (sscanf(line, format, &value) != 1)
			value = -1;
	}
	if (!file || value < 0)
		die(path);
	fclose(file);
	return value * 1024;
}

/* Page tables of this process. */
long page_table_bytes(void)
{
	return kib_of("/proc/self/status", "VmPTE: %ld kB");
}

/* Objects that are allocated, not the slabs that they are in. */
static void add_slabs(struct used *used)
{
	FILE *file = fopen("/proc/slabinfo", "r");
	long active, all, size;
	char line[512], name[64];
	int own;

	if (!file)
		die("/proc/slabinfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %ld %ld %ld", name, &active, &all,
			   &size) != 4)
			continue;
		own = !strncmp(name, "kmalloc-", 8);
		used->bytes[own ? DRIVER : KERNEL] += active * size;
	}
	fclose(file);
}

static struct used used_now(void)
{
	struct used used = { .bytes = {
		[DRIVER] = kib_of("/proc/meminfo", "VmallocUsed: %ld kB"),
		[TABLES] = page_table_bytes(),
	} };

	add_slabs(&used);
	return used;
}

struct setup {
	const char *what;
	enum bench_mode mode;
	size_t len;
	int touch;
	int mappings;
};

/* Per mapping, without what the process had before. */
static struct used memory_of(enum device device, const struct setup *setup)
{
	struct used before = {}, after;
	char *addr;
	int fd, i;

	fd = device_open(device, setup->mode);
	/* The first half fills up the slabs that there are. */
	for (i = 0; i < 2 * setup->mappings; i++) {
		if (i == setup->mappings)
			before = used_now();
		addr = device_map(fd, device, setup->len);
		if (setup->touch)
			touch(addr);
	}
	after = used_now();
	for (i = 0; i < OWNERS; i++)
		after.bytes[i] = (after.bytes[i] - before.bytes[i]) /
				 setup->mappings;
	return after;
}

/* In a process of its own, with which all goes that it has mapped. */
static struct used memory_in_process(enum device device,
				     const struct setup *setup)
{
	struct used used;
	int pipes[2];
	pid_t pid;

	if (pipe(pipes))
		die("pipe");
	pid = fork();
	if (!pid) {
		used = memory_of(device, setup);
		_exit(write(pipes[1], &used, sizeof(used)) != sizeof(used));
	}
	close(pipes[1]);
	if (pid < 0 || read(pipes[0], &used, sizeof(used)) != sizeof(used))
		die("process");
	close(pipes[0]);
	waitpid(pid, NULL, 0);
	/* What RCU frees is to be gone before the next one counts. */
	usleep(500000);
	return used;
}

static void measure(const struct setup *setup, const enum device *devices,
		    int nr)
{
	static const char *const owners[OWNERS] = { "", ", VMA", ", page tables" };
	static char names[OWNERS][80];
	struct series series[DEVICES][OWNERS];
	struct used used;
	int i, owner, round;

	for (owner = 0; owner < OWNERS; owner++)
		snprintf(names[owner], sizeof(names[owner]), "%s%s",
			 setup->what, owners[owner]);
	for (i = 0; i < nr; i++) {
		for (owner = 0; owner < OWNERS; owner++) {
			series_begin(&series[i][owner], names[owner],
				     device_names[devices[i]],
				     setup->len / PAGE);
			series[i][owner].unit = "bytes";
		}
	}
	for (round = 0; round < 3; round++) {
		for (i = 0; i < nr; i++) {
			used = memory_in_process(devices[i], setup);
			for (owner = 0; owner < OWNERS; owner++)
				series_add(&series[i][owner],
					   used.bytes[owner]);
		}
	}
	for (i = 0; i < nr; i++) {
		for (owner = 0; owner < OWNERS; owner++)
			series_end(&series[i][owner]);
	}
}

void bench_memory(void)
{
	static const enum device devices[] = { LAYER, P2 };
	static const struct setup untouched[] = {
		{ "memory, untouched", BENCH_CONTEXT, PAGE, 0, MANY },
		{ "memory, untouched", BENCH_CONTEXT, GIB, 0, MANY },
	};
	static const struct setup touched[] = {
		{ "memory, one page touched", BENCH_CONTEXT, PAGE, 1, MANY },
		{ "memory, one page touched", BENCH_CONTEXT, GIB, 1, MANY },
	};
	/* One touch loads all of it, which is told faster and is the same. */
	static const struct setup all = {
		"memory, all touched", BENCH_WIDE, GIB, 1, FEW,
	};
	size_t i;

	for (i = 0; i < NELEMS(untouched); i++)
		measure(&untouched[i], devices, NELEMS(devices));
	for (i = 0; i < NELEMS(touched); i++)
		measure(&touched[i], devices, NELEMS(devices));
	measure(&all, devices, 1);
}
