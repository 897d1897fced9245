// SPDX-License-Identifier: GPL-2.0
/* The valid set: see valid.h. */

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/find.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "valid.h"
#include "../linux/kunit.h"

static unsigned long nr_chunks(const struct devmap_valid *valid)
{
	return DIV_ROUND_UP(valid->nr, DEVMAP_VALID_CHUNK);
}

/* Bits in chunk @c, which is shorter than the others if it is the last one. */
static unsigned long chunk_bits(const struct devmap_valid *valid,
				unsigned long c)
{
	return min(valid->nr - c * DEVMAP_VALID_CHUNK, DEVMAP_VALID_CHUNK);
}

/**
 * devmap_valid_init() - make an empty set
 * @valid: to be initialised
 * @nr: number of pages it can hold
 */
void devmap_valid_init(struct devmap_valid *valid, unsigned long nr)
{
	valid->nr = nr;
	valid->any = false;
	if (devmap_valid_is_word(valid))
		valid->word = 0;
	else
		valid->chunks = NULL;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_valid_init);

/**
 * devmap_valid_destroy() - free what devmap_valid_set() allocated
 * @valid: the set
 */
void devmap_valid_destroy(struct devmap_valid *valid)
{
	unsigned long c;

	if (devmap_valid_is_word(valid) || !valid->chunks)
		return;

	for (c = 0; c < nr_chunks(valid); c++)
		bitmap_free(valid->chunks[c]);
	kvfree(valid->chunks);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_valid_destroy);

static int alloc_chunks(struct devmap_valid *valid, unsigned long first,
			unsigned long last)
{
	unsigned long c, *chunk, **chunks = valid->chunks;

	if (!chunks) {
		chunks = kvcalloc(nr_chunks(valid), sizeof(*chunks),
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!chunks)
			return -ENOMEM;
		/* Pairs with devmap_valid_test(): zeroes first. */
		smp_store_release(&valid->chunks, chunks);
	}

	for (c = first / DEVMAP_VALID_CHUNK; c <= last / DEVMAP_VALID_CHUNK; c++) {
		if (chunks[c])
			continue;
		chunk = bitmap_zalloc(chunk_bits(valid, c), GFP_KERNEL_ACCOUNT);
		if (!chunk)
			return -ENOMEM;
		/* As above. */
		smp_store_release(&chunks[c], chunk);
	}
	return 0;
}

/**
 * devmap_valid_set() - add pages
 * @valid: the set
 * @first: index of the first page
 * @nr: number of pages, not 0
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM with no page added.
 */
int devmap_valid_set(struct devmap_valid *valid, unsigned long first,
		     unsigned long nr)
{
	unsigned long pos, end = first + nr, n;
	int err;

	if (WARN_ON_ONCE(!nr || end > valid->nr || end < first))
		return -EINVAL;

	valid->any = true;
	if (devmap_valid_is_word(valid)) {
		bitmap_set(&valid->word, first, nr);
		return 0;
	}

	err = alloc_chunks(valid, first, end - 1);
	if (err)
		return err;

	for (pos = first; pos < end; pos += n) {
		unsigned long bit = pos % DEVMAP_VALID_CHUNK;

		n = min(end - pos, DEVMAP_VALID_CHUNK - bit);
		bitmap_set(valid->chunks[pos / DEVMAP_VALID_CHUNK], bit, n);
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_valid_set);

/**
 * devmap_valid_test_all() - whether all of a range is in the set
 * @valid: the set
 * @first: index of the first page
 * @nr: number of pages, not 0
 *
 * Return: true if they all are.
 */
bool devmap_valid_test_all(const struct devmap_valid *valid,
			   unsigned long first, unsigned long nr)
{
	unsigned long pos, end = first + nr, n;

	if (WARN_ON_ONCE(!nr || end > valid->nr || end < first))
		return false;

	for (pos = first; pos < end; pos += n) {
		unsigned long bit = pos % DEVMAP_VALID_CHUNK;
		const unsigned long *bits = &valid->word;

		n = min(end - pos, DEVMAP_VALID_CHUNK - bit);
		if (!devmap_valid_is_word(valid))
			bits = devmap_valid_chunk(valid, pos);
		if (!bits || find_next_zero_bit(bits, bit + n, bit) < bit + n)
			return false;
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_valid_test_all);

/*
 * Clears [@first, @end) of @bits. Returns false if nothing was set there; else
 * the outermost bits that were.
 */
static bool clear_bits(unsigned long *bits, unsigned long first,
		       unsigned long end, unsigned long *lowest,
		       unsigned long *highest)
{
	unsigned long bit = find_next_bit(bits, end, first);

	if (bit >= end)
		return false;

	*lowest = bit;
	*highest = find_last_bit(bits, end);
	bitmap_clear(bits, bit, *highest - bit + 1);
	return true;
}

/* The same for a set that fits into one word, as most do. */
static bool clear_word(struct devmap_valid *valid, unsigned long first,
		       unsigned long last, unsigned long *lowest,
		       unsigned long *highest)
{
	unsigned long bits = valid->word & GENMASK(last, first);

	if (!bits)
		return false;

	*lowest = __ffs(bits);
	*highest = __fls(bits);
	valid->word &= ~bits;
	return true;
}

/**
 * devmap_valid_clear() - take pages out; never needs memory
 * @valid: the set
 * @first: index of the first page
 * @nr: number of pages, not 0
 * @lowest: the lowest page that was in the set
 * @highest: the highest page that was in the set
 *
 * Return: false, with @lowest and @highest untouched, if none of the pages was
 * in the set.
 */
bool devmap_valid_clear(struct devmap_valid *valid, unsigned long first,
			unsigned long nr, unsigned long *lowest,
			unsigned long *highest)
{
	unsigned long pos, end = first + nr, n, low, high;
	bool any = false;

	if (WARN_ON_ONCE(!nr || end > valid->nr || end < first))
		return false;
	if (nr == valid->nr)
		valid->any = false;

	if (devmap_valid_is_word(valid))
		return clear_word(valid, first, end - 1, lowest, highest);

	for (pos = first; pos < end; pos += n) {
		unsigned long *chunk = devmap_valid_chunk(valid, pos);
		unsigned long bit = pos % DEVMAP_VALID_CHUNK;

		n = min(end - pos, DEVMAP_VALID_CHUNK - bit);
		if (!chunk || !clear_bits(chunk, bit, bit + n, &low, &high))
			continue;

		if (!any)
			*lowest = pos - bit + low;
		*highest = pos - bit + high;
		any = true;
	}
	return any;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_valid_clear);
