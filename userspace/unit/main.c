// SPDX-License-Identifier: GPL-2.0
/*
 * unit [SEED [STEPS]]: random checks, each test in a process of its own. The seed
 * that a failure names repeats it. Prints KTAP.
 */
#include <sanitizer/common_interface_defs.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define SEED	20261121
#define STEPS	200000	/* of the arithmetic; of the world a tenth */

static uint64_t state;
static unsigned long seed = SEED, step, steps = STEPS;
static const char *name;

/* xorshift64* */
unsigned int pick(unsigned int n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % n;
}

int pick_over(void)
{
	return 0;
}

/* The last things that were done. */
#define LINES	40

static char said[LINES][160];
static unsigned long nr_said;

void unit_says(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said[nr_said++ % LINES], sizeof(*said), fmt, args);
	va_end(args);
}

void unit_die(const char *file, int line, const char *what);

static void tell_last(void)
{
	unsigned long i;

	printf("# unit %lu %lu: %s, step %lu\n", seed, steps, name, step);
	for (i = nr_said > LINES ? nr_said - LINES : 0; i < nr_said; i++)
		printf("#   %s\n", said[i % LINES]);
	fflush(stdout);
}

void unit_die(const char *file, int line, const char *what)
{
	printf("# %s:%d: not true: %s\n", file, line, what);
	fflush(stdout);
	/* ASan calls tell_last() for a signal, too. */
	abort();
}

const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "handle_abort=1";
}

/* A world of many calls is a step, too: it begins with nothing. */
static void world(void)
{
	world_run(1 + pick(400));
}

static const struct {
	const char *name;
	void (*fn)(void);
	unsigned int share;	/* of the steps: one in so many */
} tests[] = {
	{ "arith_span_select", arith_span_select, 1 },
	{ "arith_span_cut", arith_span_cut, 1 },
	{ "arith_span_bytes", arith_span_bytes, 1 },
	{ "arith_prot", arith_prot, 1 },
	{ "arith_valid", arith_valid, 40 },
	{ "arith_windows", arith_windows, 40 },
	{ "world", world, 100 },
};

#define NR_TESTS	(sizeof(tests) / sizeof(*tests))

static void run(unsigned int i)
{
	__sanitizer_set_death_callback(tell_last);
	name = tests[i].name;
	state = seed * 0x9e3779b97f4a7c15ULL + i + 1;
	for (step = 0; step < steps / tests[i].share; step++)
		tests[i].fn();
	printf("# %s: %lu steps\n", name, step);
	if (tests[i].fn == world)
		world_report();
}

int main(int argc, char **argv)
{
	int bad = 0, status;
	unsigned int i;
	pid_t pid;

	if (argc > 1)
		seed = strtoul(argv[1], NULL, 0);
	if (argc > 2)
		steps = strtoul(argv[2], NULL, 0);

	printf("KTAP version 1\n1..%zu\n# seed %lu\n", NR_TESTS, seed);
	for (i = 0; i < NR_TESTS; i++) {
		fflush(stdout);
		pid = fork();
		if (!pid) {
			run(i);
			exit(0);
		}
		/* Not even a fork(2) that fails is a pass. */
		status = -1;
		waitpid(pid, &status, 0);
		bad |= status;
		printf("%s %u %s\n", status ? "not ok" : "ok", i + 1,
		       tests[i].name);
	}
	return !!bad;
}
