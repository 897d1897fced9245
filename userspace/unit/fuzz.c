// SPDX-License-Identifier: GPL-2.0
/* The same checks, with libFuzzer's data in the place of random numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static const uint8_t *data;
static size_t left;

/* A byte where that will do, so that one changed byte is one other choice. */
unsigned int pick(unsigned int n)
{
	unsigned int value = 0, bytes = n <= 256 ? 1 : n <= 65536 ? 2 : 4;

	while (bytes-- && left) {
		value = value << 8 | *data++;
		left--;
	}
	return value % n;
}

int pick_over(void)
{
	return !left;
}

void unit_says(const char *fmt, ...)
{
	va_list args;

	if (!getenv("FUZZ_VERBOSE"))
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void unit_die(const char *file, int line, const char *what);

void unit_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	data = input;
	left = size;

	switch (pick(16)) {
	case 0:
		arith_span_select();
		break;
	case 1:
		arith_span_cut();
		break;
	case 2:
		arith_span_bytes();
		break;
	case 3:
		arith_prot();
		break;
	case 4:
		arith_valid();
		break;
	case 5:
		arith_windows();
		break;
	default:
		world_run(~0U);
	}
	return 0;
}
