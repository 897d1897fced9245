// SPDX-License-Identifier: GPL-2.0
/* How often a test does what it repeats: see userspace/vm/check. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "common.h"

/*
 * @n on an ordinary kernel; less on one that is slow, more if there is time: as many
 * percent of it as EFFORT in the environment says.
 */
unsigned long effort(unsigned long n)
{
	const char *percent = getenv("EFFORT");

	if (percent && *percent)
		n = n * strtoul(percent, NULL, 10) / 100;
	return n ?: 1;
}
