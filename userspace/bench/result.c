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

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts them. */
double median(double *values, int nr)
{
	qsort(values, nr, sizeof(values[0]), compare);
	return values[nr / 2];
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

	printf("{\"what\": \"%s\", \"device\": \"%s\", \"x\": %ld, ",
	       series->what, series->device, series->x);
	if (series->unit)
		printf("\"unit\": \"%s\", ", series->unit);
	printf("\"values\": [");
	for (i = 0; i < series->n; i++)
		printf("%s%.10g", i ? ", " : "", series->value[i]);
	printf("]}\n");
	fflush(stdout);
}
