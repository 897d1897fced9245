/* SPDX-License-Identifier: GPL-2.0 */
/* Allocations that fail, one at a time: needs CONFIG_FAILSLAB. */
#ifndef FAIL_H
#define FAIL_H

#include <stdbool.h>

#define FAIL_NTH	"/proc/self/fail-nth"
#define NO_FAILURES	"the kernel has no CONFIG_FAULT_INJECTION"
#define MOST		400	/* allocations that a call may make */

/* The body sets @hit. */
#define FOR_EACH_ALLOCATION(n, hit) \
	for ((n) = 1, (hit) = true; (hit) && (n) < MOST; (n)++)

int allow_failures(void);
int fail_nth(int n);
bool has_failed(const char *name);
bool failed(void);

#endif
