/* SPDX-License-Identifier: GPL-2.0 */
/*
 * struct as: an address space, as segmap(9E) receives it. Opaque; two pointers
 * are equal exactly if the address spaces are.
 */
#ifndef _DEVMAP_VM_AS_H
#define _DEVMAP_VM_AS_H

struct as;

#ifdef _KERNEL
#include <sys/types.h>
#include <vm/faultcode.h>
#endif

#endif /* _DEVMAP_VM_AS_H */
