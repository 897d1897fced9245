/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The valid set: which pages of a handle the driver has loaded and not
 * unloaded since. It is the truth; page table entries are its cache.
 *
 * A bitmap, because taking pages out of it must not need memory: unload can
 * not fail. Up to one word it lives in the structure; beyond that in chunks
 * that the first load of a page in them allocates. Many mappings are made and
 * never touched.
 *
 * No lock of its own: the page lock of struct devmap_extent protects it.
 */
#ifndef _DEVMAP_VALID_H
#define _DEVMAP_VALID_H

#include <asm/barrier.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/types.h>

#define DEVMAP_VALID_CHUNK	8192UL		/* pages per chunk */

/**
 * struct devmap_valid - a set of page indices
 * @nr: indices run from 0 to @nr - 1; constant
 * @any: something was set since all was cleared
 * @word: the set, if @nr fits into one word
 * @chunks: otherwise its bitmaps, NULL where nothing was ever set; NULL itself if
 *	nothing ever was
 */
struct devmap_valid {
	unsigned long nr;
	bool any;
	union {
		unsigned long word;
		unsigned long **chunks;
	};
};

void devmap_valid_init(struct devmap_valid *valid, unsigned long nr);
void devmap_valid_destroy(struct devmap_valid *valid);
int devmap_valid_set(struct devmap_valid *valid, unsigned long first,
		     unsigned long nr);
bool devmap_valid_test_all(const struct devmap_valid *valid,
			   unsigned long first, unsigned long nr);
bool devmap_valid_clear(struct devmap_valid *valid, unsigned long first,
			unsigned long nr, unsigned long *lowest,
			unsigned long *highest);

static inline bool devmap_valid_is_word(const struct devmap_valid *valid)
{
	return valid->nr <= BITS_PER_LONG;
}

/**
 * devmap_valid_test() - whether a page is in the set
 * @valid: the set
 * @i: index of the page
 *
 * Context: Without the page lock it says what was true a moment ago: chunks that
 * are there stay until the set is destroyed.
 * Return: true if it is.
 */
static inline bool devmap_valid_test(const struct devmap_valid *valid,
				     unsigned long i)
{
	unsigned long **chunks;
	const unsigned long *chunk;

	if (WARN_ON_ONCE(i >= valid->nr))
		return false;
	if (devmap_valid_is_word(valid))
		return READ_ONCE(valid->word) & BIT(i);

	/* Pairs with alloc_chunks(): what is seen is seen with its zeroes. */
	chunks = smp_load_acquire(&valid->chunks);
	if (!chunks)
		return false;
	/* As above. */
	chunk = smp_load_acquire(&chunks[i / DEVMAP_VALID_CHUNK]);
	return chunk && test_bit(i % DEVMAP_VALID_CHUNK, chunk);
}

/* The chunk that has a page, or NULL; for a set that has chunks. */
static inline unsigned long *devmap_valid_chunk(const struct devmap_valid *valid,
						unsigned long i)
{
	return valid->chunks ? valid->chunks[i / DEVMAP_VALID_CHUNK] : NULL;
}

/* devmap_valid_set() for the one page of a fault. */
static inline int devmap_valid_set_page(struct devmap_valid *valid,
					unsigned long i)
{
	unsigned long *word = &valid->word;

	if (!devmap_valid_is_word(valid)) {
		word = devmap_valid_chunk(valid, i);
		if (!word)
			return devmap_valid_set(valid, i, 1);
	}
	valid->any = true;
	__set_bit(i % DEVMAP_VALID_CHUNK, word);
	return 0;
}

#endif /* _DEVMAP_VALID_H */
