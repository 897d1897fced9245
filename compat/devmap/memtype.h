/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cache attributes of device memory that is mapped: one per page, whoever maps it.
 *
 * The same memory with two attributes is lost data, or a machine check. On x86 an
 * attribute has to be reserved for as long as anybody maps the memory, and what is
 * reserved goes before the protection of a page; elsewhere nobody but us keeps account.
 */
#ifndef _DEVMAP_MEMTYPE_H
#define _DEVMAP_MEMTYPE_H

#include <sys/types.h>

int devmap_memtype_get(unsigned long pfn, unsigned long nr, uint_t *cache);
void devmap_memtype_dup(unsigned long pfn, unsigned long nr);
void devmap_memtype_put(unsigned long pfn, unsigned long nr);
void *devmap_memtype_cached(unsigned long pfn);

#endif /* _DEVMAP_MEMTYPE_H */
