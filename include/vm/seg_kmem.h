/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel memory; drivers use <sys/kmem.h>. */
#ifndef _DEVMAP_VM_SEG_KMEM_H
#define _DEVMAP_VM_SEG_KMEM_H

#include <sys/types.h>
#include <vm/seg.h>

#endif /* _DEVMAP_VM_SEG_KMEM_H */
