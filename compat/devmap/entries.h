/* SPDX-License-Identifier: GPL-2.0 */
/* Page table entries of one VMA. */
#ifndef _DEVMAP_ENTRIES_H
#define _DEVMAP_ENTRIES_H

#include <linux/mm_types.h>

struct devmap_target;

int devmap_entries_set(struct vm_area_struct *vma, unsigned long addr,
		       struct devmap_target *target, unsigned long page,
		       unsigned long nr, bool some);

#endif /* _DEVMAP_ENTRIES_H */
