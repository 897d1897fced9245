/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that can be mapped: ddi_umem_alloc(9F), ddi_umem_lock(9F). */
#ifndef _DEVMAP_UMEM_H
#define _DEVMAP_UMEM_H

#include <linux/refcount.h>
#include <linux/workqueue.h>
#include <sys/ddidevmap.h>

/**
 * struct ddi_umem_cookie - what a ddi_umem_cookie_t points to
 * @cvaddr: the memory, page aligned: a kernel address; a user's for
 *	UMEM_LOCKED; constant
 * @size: bytes asked for; constant
 * @type: KMEM_PAGEABLE, KMEM_NON_PAGEABLE, UMEM_LOCKED or UMEM_TRASH; constant
 * @contiguous: from the page allocator, not from vmalloc; constant
 * @dirty: UMEM_LOCKED: may have been written to; constant
 * @pages: UMEM_LOCKED: the pages, in order. UMEM_TRASH: the one page; constant
 * @mm: UMEM_LOCKED: whose pages they are, counted by mmgrab(); constant
 * @release: UMEM_LOCKED: unlocking sleeps, and the last reference may go where
 *	that is not allowed
 * @refs: one for the driver, one per handle that maps it
 *
 * A few drivers look inside: the first three members are in
 * <sys/ddi_impldefs.h>.
 */
struct ddi_umem_cookie {
	caddr_t cvaddr;
	size_t size;
	uint_t type;
	bool contiguous;
	bool dirty;
	struct page **pages;
	struct mm_struct *mm;
	struct work_struct release;
	refcount_t refs;
};

struct ddi_umem_cookie *devmap_umem_get(struct ddi_umem_cookie *cookie);
void devmap_umem_put(struct ddi_umem_cookie *cookie);
uint_t devmap_umem_maxprot(const struct ddi_umem_cookie *cookie,
			   uint_t maxprot);
unsigned long devmap_umem_pfn(const struct ddi_umem_cookie *cookie,
			      unsigned long page);

void devmap_umem_release_locked(struct ddi_umem_cookie *cookie);
int devmap_umemlock_errno(long pinned);
int devmap_umemlock_init(void);
void devmap_umemlock_exit(void);

#endif /* _DEVMAP_UMEM_H */
