// SPDX-License-Identifier: GPL-2.0
/*
 * bench [PART]...: measures the layer and its yardsticks, a round of each in turn.
 * bench repeat WORK DEVICE: does one thing for ever.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "touch", bench_touch },
	{ "switch", bench_switch },
	{ "map", bench_map },
	{ "threads", bench_threads },
	{ "memory", bench_memory },
	{ "timeout", bench_timeout },
	{ "huge", bench_huge },
};

static int wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], name))
			return 1;
	}
	return argc == 1;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc == 4 && !strcmp(argv[1], "repeat"))
		bench_repeat(argv[2], argv[3]);
	/* What the kernel has to do after boot is not to be measured. */
	sleep(5);
	for (i = 0; i < NELEMS(parts); i++) {
		if (wanted(parts[i].name, argc, argv))
			parts[i].run();
	}
	return 0;
}
