/* SPDX-License-Identifier: GPL-2.0 */
/* Translations of more than a page: entries of PMD_SIZE and PUD_SIZE. */
#ifndef _DEVMAP_HUGE_H
#define _DEVMAP_HUGE_H

#include <linux/types.h>

#include "range.h"

struct devmap_handle;
struct devmap_segment;
struct vm_area_struct;
struct vm_fault;

/**
 * struct devmap_huge - a fault that one large translation may answer
 * @vmf: the fault
 * @order: the translation has 2^@order pages
 * @block: its pages, all shown by the VMA that faulted
 */
struct devmap_huge {
	struct vm_fault *vmf;
	unsigned int order;
	struct devmap_span block;
};

bool devmap_huge_begin(struct devmap_huge *huge,
		       const struct devmap_segment *seg, struct vm_fault *vmf,
		       unsigned int order);
bool devmap_huge_fits(const struct devmap_handle *h,
		      const struct devmap_huge *huge);
int devmap_huge_set(struct devmap_handle *h, const struct devmap_span *span,
		    struct vm_area_struct *vma, unsigned long addr,
		    const struct devmap_huge *huge);
void devmap_huge_widen(struct vm_area_struct *vma, unsigned long *start,
		       unsigned long *end);

#endif /* _DEVMAP_HUGE_H */
