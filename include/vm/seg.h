/* SPDX-License-Identifier: GPL-2.0 */
/* A mapping in an address space. */
#ifndef _DEVMAP_VM_SEG_H
#define _DEVMAP_VM_SEG_H

#include <sys/types.h>

struct as;

/**
 * struct seg - a mapping in an address space
 * @s_base: where mmap(2) put it; mremap(2) may have moved it since
 * @s_size: bytes that mmap(2) asked for; some may have been unmapped since
 * @s_as: the address space; to be compared, nothing else
 *
 * All constant.
 */
struct seg {
	caddr_t s_base;
	size_t s_size;
	struct as *s_as;
};

#endif /* _DEVMAP_VM_SEG_H */
