/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accesses by software, not by the process' own loads and stores: DEVMAP_LOCK
 * and DEVMAP_UNLOCK.
 */
#ifndef _DEVMAP_SOFTLOCK_H
#define _DEVMAP_SOFTLOCK_H

#include <linux/mm_types.h>

int devmap_vm_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write);

#endif /* _DEVMAP_SOFTLOCK_H */
