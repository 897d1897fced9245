/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the benchmark program share. */
#ifndef _BENCH_PROGRAM_H
#define _BENCH_PROGRAM_H

#include <stddef.h>
#include <linux/types.h>

#include "kmod/devmap_bench.h"

typedef __u64 u64;
typedef __u32 u32;

#define PAGE		4096UL
#define ROUNDS		9	/* of each measurement; its median counts */
#define NELEMS(a)	(sizeof(a) / sizeof((a)[0]))

enum device { LAYER, P1, P2, P3, P4, DEVICES };

/* Time stamps; with "qemu -icount" they count instructions. */
static inline u64 stamp(void)
{
	u32 low, high;

	__asm__ volatile("mfence; rdtsc; lfence" : "=a"(low), "=d"(high)
			 : : "memory");
	return (u64)high << 32 | low;
}

static inline void touch(void *addr)
{
	__asm__ volatile("movb $1, %0" : "=m"(*(char *)addr));
}

/* device.c */
extern const char *const device_names[DEVICES];
int device_open(enum device device, unsigned int mode);
char *device_map(int fd, enum device device, size_t len);

/* result.c: a value for each round, and what is to be made of them */
struct series {
	const char *what;
	const char *device;
	long x;			/* what it is measured over; 0: nothing */
	const char *unit;	/* NULL: what the machine's time stamps count */
	unsigned int n;
	double value[ROUNDS];
};

void series_begin(struct series *series, const char *what, const char *device,
		  long x);
void series_add(struct series *series, double value);
void series_end(struct series *series);
double median(double *values, int nr);
void die(const char *what) __attribute__((noreturn));

/* memory.c */
long page_table_bytes(void);

/* What can be measured; each prints its results. */
void bench_touch(void);
void bench_switch(void);
void bench_map(void);
void bench_threads(void);
void bench_memory(void);
void bench_timeout(void);
void bench_huge(void);

/* repeat.c */
void bench_repeat(const char *name, const char *device) __attribute__((noreturn));

#endif /* _BENCH_PROGRAM_H */
