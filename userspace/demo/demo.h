/* SPDX-License-Identifier: GPL-2.0 */
/* The demonstration: two processes and a device that holds one context. */
#ifndef _DEMO_H
#define _DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "devmap_ctxdev.h"

#define NR_PLAYERS		2
#define ROUNDS			500	/* of each player */
#define ROUNDS_PER_TURN		4
#define WORK_NS			50000	/* after a round */
#define PAUSE_NS		500000	/* after a turn */
#define TIMELINE_LINES		30

/* A value is the tag of who wrote it, and a count. */
#define TAG_SHIFT		60
#define TAG_OF(value)		((value) >> TAG_SHIFT)
#define COUNT_OF(value)		((value) & ((1ULL << TAG_SHIFT) - 1))

/**
 * struct player - one of the processes, in memory shared by all
 * @name: for people
 * @tag: of its values
 * @pid: the process
 * @start: where it has mapped the device
 * @end: where that ends
 * @accesses: of the mapping that it made
 * @read_back: values compared with what it wrote last
 * @foreign: of these, values that the other one wrote
 * @wrong: of these, other values it did not expect
 */
struct player {
	char name;
	unsigned int tag;
	pid_t pid;
	unsigned long start;
	unsigned long end;
	unsigned long accesses;
	unsigned long read_back;
	unsigned long foreign;
	unsigned long wrong;
};

/**
 * struct device - the device under the players
 * @node: its path
 * @pages: of its register file
 */
struct device {
	const char *node;
	unsigned int pages;
};

/**
 * struct totals - what the trace adds up to
 * @switches: contexts restored
 * @faults: page faults of the players in their mappings
 * @calls: of the driver's devmap_access
 * @refaults: faults that the layer served without the driver
 * @in_order: switches that unloaded, saved, restored and loaded, in this order
 * @altered: contexts restored with another value than they were saved with
 * @fastest: switch, in seconds, from the touch to its end
 * @median: same
 * @slowest: same
 */
struct totals {
	unsigned long switches;
	unsigned long faults;
	unsigned long calls;
	unsigned long refaults;
	unsigned long in_order;
	unsigned long altered;
	double fastest;
	double median;
	double slowest;
};

/* play.c */
size_t device_size(const struct device *dev);
void *device_map(const struct device *dev, size_t off, size_t len, int prot,
		 int flags);
void play_all(const struct device *dev, struct player *players);

/* trace.c */
void trace_start(void);
char *trace_stop(void);

/* timeline.c */
void timeline(char *text, const struct device *dev,
	      const struct player *players, struct totals *totals);

void die(const char *what);

#endif /* _DEMO_H */
