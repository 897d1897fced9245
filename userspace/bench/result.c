// SPDX-License-Identifier: GPL-2.0
/* Results: one line of JSON for each series, with all its values. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

void die(const char *what)
{
	perror(what);
	exit(1);
}

void series_begin(struct series *series, const char *what, const char *device,
		  long x)
{
	*series = (struct series){ .what = what, .device = device, .x = x };
}

void series_add(struct series *series, double value)
{
	if (series->n < ROUNDS)
		series->value[series->n++] = value;
}

void series_end(struct series *series)
{
	unsigned int i;

	printf("{\"what\": \"%s\", \"device\": \"%s\", \"x\": %ld, \"values\": [",
	       series->what, series->device, series->x);
	for (i = 0; i < series->n; i++)
		printf("%s%.1f", i ? ", " : "", series->value[i]);
	printf("]}\n");
	fflush(stdout);
}
