/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The valid set: which pages of a handle the driver has loaded and not
 * unloaded since. It is the truth; page table entries are its cache.
 *
 * A bitmap, because taking pages out of it must not need memory: unload can
 * not fail. Up to one word it lives in the structure; beyond that in chunks
 * that the first load of a page in them allocates.
 *
 * No lock of its own: the page lock of struct devmap_extent protects it.
 */
#ifndef _DEVMAP_VALID_H
#define _DEVMAP_VALID_H

#include <linux/types.h>

#define DEVMAP_VALID_CHUNK	8192UL		/* pages per chunk */

/**
 * struct devmap_valid - a set of page indices
 * @nr: indices run from 0 to @nr - 1; constant
 * @word: the set, if @nr fits into one word
 * @chunks: otherwise its bitmaps, NULL where nothing was ever set
 */
struct devmap_valid {
	unsigned long nr;
	union {
		unsigned long word;
		unsigned long **chunks;
	};
};

int devmap_valid_init(struct devmap_valid *valid, unsigned long nr);
void devmap_valid_destroy(struct devmap_valid *valid);
bool devmap_valid_test(const struct devmap_valid *valid, unsigned long i);
int devmap_valid_set(struct devmap_valid *valid, unsigned long first,
		     unsigned long nr);
bool devmap_valid_clear(struct devmap_valid *valid, unsigned long first,
			unsigned long nr, unsigned long *lowest,
			unsigned long *highest);

#endif /* _DEVMAP_VALID_H */
