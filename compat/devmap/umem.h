/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel memory that can be mapped: ddi_umem_alloc(9F). */
#ifndef _DEVMAP_UMEM_H
#define _DEVMAP_UMEM_H

#include <linux/refcount.h>
#include <sys/types.h>

/**
 * struct ddi_umem_cookie - what a ddi_umem_cookie_t points to
 * @cvaddr: the memory, page aligned; constant
 * @size: bytes asked for; constant
 * @contiguous: from the page allocator, not from vmalloc; constant
 * @refs: one for the driver, one per handle that maps it
 */
struct ddi_umem_cookie {
	caddr_t cvaddr;
	size_t size;
	bool contiguous;
	refcount_t refs;
};

struct ddi_umem_cookie *devmap_umem_get(struct ddi_umem_cookie *cookie);
void devmap_umem_put(struct ddi_umem_cookie *cookie);
unsigned long devmap_umem_pfn(const struct ddi_umem_cookie *cookie,
			      unsigned long page);

#endif /* _DEVMAP_UMEM_H */
