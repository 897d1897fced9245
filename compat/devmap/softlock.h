/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accesses by software, not by the process' own loads and stores: DEVMAP_LOCK
 * and DEVMAP_UNLOCK.
 */
#ifndef _DEVMAP_SOFTLOCK_H
#define _DEVMAP_SOFTLOCK_H

#include <linux/mm_types.h>
#include <sys/types.h>

struct devmap_handle;
struct devmap_span;

int devmap_vm_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write);
int devmap_softlock(struct devmap_handle *h, const struct devmap_span *span,
		    struct vm_area_struct *vma, uint_t rw);
void devmap_softunlock(struct devmap_handle *h, const struct devmap_span *span,
		       struct vm_area_struct *vma, uint_t rw);

#endif /* _DEVMAP_SOFTLOCK_H */
