/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many objects of the layer are alive: /sys/kernel/debug/devmap/objects.
 * All 0 when no device is mapped and no driver is loaded.
 */
#ifndef _DEVMAP_STATS_H
#define _DEVMAP_STATS_H

#include <linux/atomic.h>

enum devmap_stat {
	DEVMAP_STAT_INSTANCES,
	DEVMAP_STAT_WINDOWS,
	DEVMAP_STAT_SEGMENTS,
	DEVMAP_STAT_HANDLES,
	DEVMAP_STAT_COOKIES,
	DEVMAP_STAT_NR,
};

extern atomic_long_t devmap_stats[DEVMAP_STAT_NR];

static inline void devmap_stat_inc(enum devmap_stat stat)
{
	atomic_long_inc(&devmap_stats[stat]);
}

static inline void devmap_stat_dec(enum devmap_stat stat)
{
	atomic_long_dec(&devmap_stats[stat]);
}

void devmap_stats_init(void);
void devmap_stats_exit(void);

#endif /* _DEVMAP_STATS_H */
