/* SPDX-License-Identifier: GPL-2.0 */
/* The model of world.c, linux.c and driver.c. */
#ifndef _UNIT_WORLD_H
#define _UNIT_WORLD_H

#include <linux/mm.h>
#include <sys/ddidevmap.h>

#include "unit.h"

#define MMS		4
#define SEGMENT_MAX	150	/* pages of an mmap(2); more than a word of bits */
#define MAX_RECORDS	1500
#define MAX_MAPS	1500
#define MAX_DUE		400

/**
 * struct record - a handle, as the driver knows it
 * @dhp: the cookie
 * @pvtp: private data; the driver makes all of them different
 * @map: number of the mapping it is a piece of
 * @first: its first page
 * @nr: its pages
 * @target: it maps something
 * @called: it has devmap_access
 * @valid: pages that were loaded and not unloaded since, from the first page of
 *	the mapping on
 * @frame: page frames likewise
 */
struct record {
	devmap_cookie_t dhp;
	void *pvtp;
	int map;
	unsigned long first;
	unsigned long nr;
	bool target;
	bool called;
	u8 valid[SEGMENT_MAX];
	u32 frame[SEGMENT_MAX];
};

/* An mmap(2) in one address space; a child has another. */
struct map {
	struct mm_struct *mm;
	unsigned long first;
	unsigned long nr;
};

/* A run of pages that devmap_unmap(9E) is due for. */
struct run {
	int map;
	unsigned long first;
	unsigned long nr;
};

struct world {
	struct mm_struct *mm[MMS];
	struct record *records[MAX_RECORDS];
	unsigned int nr_records;
	struct map maps[MAX_MAPS];
	int nr_maps;

	/* What the driver is about to hear. */
	struct run due[MAX_DUE];
	unsigned int nr_due;
	unsigned int next_due;
	bool any_due;	/* in which order and why does not matter */
	int copied;	/* the map that fork(2) is copying, or -1 */
	int making;	/* the map that mmap(2) or fork(2) is making, or -1 */

	/* The fault that is being handled. */
	struct mm_struct *faulting;
	int held;	/* its mmap_lock by others */
	unsigned int accesses;
	int access_ret;
	bool nomem;

	uintptr_t next_pvtp;
	long targets;	/* references on what handles map */
	long mappings;	/* charged to the user */
	long instances;
	bool gone;
};

/* How often things have happened in all worlds. */
struct counts {
	unsigned long calls, touches, accesses, loads, unloads, remaps, moves;
	unsigned long splits, forks, told, cuts, refused, nomem;
};

extern struct world w;
extern struct counts counts;
extern struct dev_info unit_dip;

/* world.c */
struct record *record_of(devmap_cookie_t dhp);
struct record *record_at(int map, unsigned long page);
struct record *record_new(devmap_cookie_t dhp, int map, unsigned long first,
			  unsigned long nr);
void record_free(struct record *r);
int map_new(struct mm_struct *mm, unsigned long first, unsigned long nr);
void expect_gaps(int map);
void expect_no_more(void);
void check_world(void);

/* driver.c */
extern const struct devmap_dev_ops unit_ops;
void driver_call(void);

/* linux.c */
struct address_space *linux_mapping(void);
void shown_pages(int map, u8 *shown);
void linux_mmap(void);
void linux_munmap(void);
void linux_move(void);
void linux_split(void);
void linux_fork(void);
void linux_exit(struct mm_struct *mm);
void linux_touch(struct mm_struct *mm);
void linux_drop(void);
bool linux_is_full(void);

#endif /* _UNIT_WORLD_H */
