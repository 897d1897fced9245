/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the user-space unit build have of each other. */
#ifndef _UNIT_UNIT_H
#define _UNIT_UNIT_H

/* main.c or fuzz.c: a number below @n, from a seed or from the fuzzer's data. */
unsigned int pick(unsigned int n);
/* Whether the data is used up; never so with a seed. */
int pick_over(void);
/* What is being done, for the message of a failure. */
void unit_says(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* arith.c: one random check each of the arithmetic. */
void arith_span_select(void);
void arith_span_cut(void);
void arith_span_bytes(void);
void arith_prot(void);
void arith_valid(void);
void arith_windows(void);

/* world.c: @steps system calls and driver calls, against a model. */
void world_run(unsigned int steps);
void world_report(void);

#endif /* _UNIT_UNIT_H */
