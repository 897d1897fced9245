// SPDX-License-Identifier: GPL-2.0
/* Cache attributes of device memory: see memtype.h. */

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <sys/ddidevmap.h>

#include "../linux/kunit.h"
#include "memtype.h"

/**
 * struct pages - pages of a device with one attribute
 * @node: in @ranges; &ranges_lock
 * @first: page frame; constant
 * @nr: pages; constant
 * @cache: a bit of IOMEM_DATA_MASK; constant
 * @cached: IOMEM_DATA_CACHED: a mapping of the kernel's own, as there is no other way to
 *	reserve that; constant
 * @refs: users that have a page of it; &ranges_lock
 */
struct pages {
	struct rb_node node;
	unsigned long first;
	unsigned long nr;
	uint_t cache;
	void *cached;
	unsigned long refs;
};

/*
 * struct pages by page frame. They do not overlap and stay what they are, so that what is
 * reserved is never more than the devices have, however often users map it and in
 * whatever parts; and who gives pages back finds the ranges that he was given.
 */
static struct rb_root ranges = RB_ROOT;
/* Protects it; inside page locks. */
static DEFINE_MUTEX(ranges_lock);

static struct pages *to_pages(const struct rb_node *node)
{
	return rb_entry(node, struct pages, node);
}

static bool pages_less(struct rb_node *a, const struct rb_node *b)
{
	return to_pages(a)->first < to_pages(b)->first;
}

static unsigned long last_of(const struct pages *r)
{
	return r->first + r->nr - 1;
}

/* The first range that has a page of these; NULL: there is none. */
static struct pages *pages_first(unsigned long first, unsigned long last)
{
	struct rb_node *node = ranges.rb_node;
	struct pages *found = NULL;

	lockdep_assert_held(&ranges_lock);

	while (node) {
		struct pages *r = to_pages(node);

		if (last_of(r) < first) {
			node = node->rb_right;
		} else {
			found = r;
			node = node->rb_left;
		}
	}
	return found && found->first <= last ? found : NULL;
}

static struct pages *pages_next(const struct pages *r, unsigned long last)
{
	struct rb_node *node = rb_next(&r->node);

	return node && to_pages(node)->first <= last ? to_pages(node) : NULL;
}

/* Without PAT, write combining is a success, and uncached. */
static bool has_write_combining(void)
{
	return pgprot_val(pgprot_writecombine(PAGE_KERNEL)) !=
	       pgprot_val(pgprot_noncached(PAGE_KERNEL));
}

/* Nothing says why a reservation fails: PAT is off, or somebody else has the memory. */
static bool reserve(struct pages *r)
{
	phys_addr_t phys = PFN_PHYS(r->first);
	size_t len = r->nr << PAGE_SHIFT;

	switch (r->cache) {
	case IOMEM_DATA_CACHED:
		r->cached = memremap(phys, len, MEMREMAP_WB);
		return r->cached;
	case IOMEM_DATA_UC_WR_COMBINE:
		return has_write_combining() &&
		       !arch_io_reserve_memtype_wc(phys, len);
	default:
		return true;
	}
}

static void pages_free(struct pages *r)
{
	if (r->cached)
		memunmap(r->cached);
	if (r->cache == IOMEM_DATA_UC_WR_COMBINE)
		arch_io_free_memtype_wc(PFN_PHYS(r->first), r->nr << PAGE_SHIFT);
	kfree(r);
}

static int pages_add(unsigned long first, unsigned long last, uint_t cache)
{
	struct pages *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);

	lockdep_assert_held(&ranges_lock);

	if (!r)
		return -ENOMEM;

	r->first = first;
	r->nr = last - first + 1;
	r->cache = cache;
	if (!reserve(r)) {
		kfree(r);
		return -EBUSY;
	}
	rb_add(&r->node, &ranges, pages_less);
	return 0;
}

/* Frees those between the two that nobody has taken. */
static void drop_unused(unsigned long first, unsigned long last)
{
	struct pages *r = pages_first(first, last), *next;

	for (; r; r = next) {
		next = pages_next(r, last);
		if (r->refs)
			continue;
		rb_erase(&r->node, &ranges);
		pages_free(r);
	}
}

/* Makes ranges of all pages that are in none, with nobody who has them yet. */
static int fill(unsigned long first, unsigned long last, uint_t cache)
{
	unsigned long next = first;
	struct pages *r;
	int err = 0;

	while (next <= last && !err) {
		r = pages_first(next, last);
		if (r && r->first <= next) {
			next = last_of(r) + 1;
			continue;
		}
		err = pages_add(next, r ? r->first - 1 : last, cache);
	}
	if (err)
		drop_unused(first, last);
	return err;
}

/* The attributes that pages have: bits of IOMEM_DATA_MASK. */
static uint_t attributes_of(unsigned long first, unsigned long last)
{
	struct pages *r;
	uint_t found = 0;

	for (r = pages_first(first, last); r; r = pages_next(r, last))
		found |= r->cache;
	return found;
}

/*
 * Asks for @cache and says what it has become: uncached, where that is what the pages
 * have already, or where the machine cannot give it, as devmap_devmem_setup(9F) says.
 * What others have mapped otherwise is refused.
 */
static int agree(unsigned long first, unsigned long last, uint_t *cache)
{
	uint_t found = attributes_of(first, last);
	int err;

	if (found == IOMEM_DATA_UNCACHED)
		*cache = found;
	if (found & ~*cache)
		return -EBUSY;

	err = fill(first, last, *cache);
	if (err != -EBUSY || found)
		return err;

	*cache = IOMEM_DATA_UNCACHED;
	return fill(first, last, *cache);
}

static void take(unsigned long first, unsigned long last)
{
	struct pages *r;

	for (r = pages_first(first, last); r; r = pages_next(r, last))
		r->refs++;
}

/**
 * devmap_memtype_get() - pages of a device are about to be mapped
 * @pfn: the first page frame
 * @nr: pages, not 0
 * @cache: the attribute that they are to have, a bit of IOMEM_DATA_MASK; set to what
 *	they have until devmap_memtype_put(), which may be IOMEM_DATA_UNCACHED
 *
 * Context: May sleep.
 * Return: 0; -EBUSY if some are mapped with another attribute; -ENOMEM.
 */
int devmap_memtype_get(unsigned long pfn, unsigned long nr, uint_t *cache)
{
	int err;

	mutex_lock(&ranges_lock);
	err = agree(pfn, pfn + nr - 1, cache);
	if (!err)
		take(pfn, pfn + nr - 1);
	mutex_unlock(&ranges_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_memtype_get);

/**
 * devmap_memtype_dup() - they are mapped once more
 * @pfn: as for devmap_memtype_get(), which has been a success and lasts
 * @nr: likewise
 *
 * Context: May sleep; needs no memory.
 */
void devmap_memtype_dup(unsigned long pfn, unsigned long nr)
{
	mutex_lock(&ranges_lock);
	take(pfn, pfn + nr - 1);
	mutex_unlock(&ranges_lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_memtype_dup);

/**
 * devmap_memtype_put() - undo devmap_memtype_get() or devmap_memtype_dup()
 * @pfn: likewise
 * @nr: likewise
 *
 * Context: May sleep; the caller has them mapped nowhere any more.
 */
void devmap_memtype_put(unsigned long pfn, unsigned long nr)
{
	unsigned long last = pfn + nr - 1;
	struct pages *r;

	mutex_lock(&ranges_lock);
	for (r = pages_first(pfn, last); r; r = pages_next(r, last))
		r->refs--;
	drop_unused(pfn, last);
	mutex_unlock(&ranges_lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_memtype_put);

/**
 * devmap_memtype_cached() - the kernel's own mapping of a page that is mapped cached
 * @pfn: page frame, of devmap_memtype_get()
 *
 * Context: May sleep.
 * Return: its address, or NULL if it has another attribute.
 */
void *devmap_memtype_cached(unsigned long pfn)
{
	struct pages *r;

	mutex_lock(&ranges_lock);
	r = pages_first(pfn, pfn);
	mutex_unlock(&ranges_lock);
	/* It stays, as the caller has the page. */
	return r && r->cached ? r->cached + ((pfn - r->first) << PAGE_SHIFT) :
				NULL;
}
