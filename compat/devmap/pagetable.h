/* SPDX-License-Identifier: GPL-2.0 */
/* Page tables: which translations there are. */
#ifndef _DEVMAP_PAGETABLE_H
#define _DEVMAP_PAGETABLE_H

#include <linux/mm_types.h>

#include "range.h"

struct dev_info;
struct devmap_handle;
struct devmap_huge;
struct devmap_segment;

/* Whether a large translation can be inserted without the driver. */
enum devmap_huge_state {
	DEVMAP_HUGE_NOT,	/* not at all, or not all its pages are valid */
	DEVMAP_HUGE_VALID,	/* yes, and it was */
	DEVMAP_HUGE_INVALID,	/* the page that was touched is not valid */
};

int devmap_pt_load(struct devmap_handle *h, const struct devmap_span *span,
		   struct vm_area_struct *vma, const struct devmap_huge *huge);
int devmap_pt_load_page(struct devmap_handle *h, unsigned long page,
			struct vm_area_struct *vma);
bool devmap_pt_reload(struct devmap_handle *h, unsigned long page,
		      struct vm_area_struct *vma, int *err);
enum devmap_huge_state devmap_pt_reload_huge(struct devmap_handle *h,
					     unsigned long page,
					     const struct devmap_huge *huge,
					     int *err);
void devmap_pt_unload(struct devmap_handle *h, const struct devmap_span *span);
void devmap_pt_wipe(struct vm_area_struct *vma);
void devmap_pt_flatten(struct devmap_segment *seg);
void devmap_pt_revoke(struct dev_info *dip);
void devmap_pt_forget(struct devmap_handle *h, const struct devmap_span *span);
bool devmap_pt_shown(struct devmap_segment *seg, const struct devmap_span *span,
		     struct devmap_span *shown);

#endif /* _DEVMAP_PAGETABLE_H */
