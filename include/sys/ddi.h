/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device driver interface, the part common to all Unix systems: sizes in
 * pages and device numbers.
 */
#ifndef _DEVMAP_SYS_DDI_H
#define _DEVMAP_SYS_DDI_H

#include <sys/types.h>
#include <sys/param.h>
#include <sys/sysmacros.h>

/* btop(9F): bytes to whole pages, rounded down. */
static inline ulong_t btop(ulong_t bytes)
{
	return bytes >> PAGE_SHIFT;
}

/* btopr(9F): bytes to pages, rounded up. */
static inline ulong_t btopr(ulong_t bytes)
{
	return (bytes >> PAGE_SHIFT) + !!(bytes & (PAGE_SIZE - 1));
}

/* ptob(9F): pages to bytes. */
static inline ulong_t ptob(ulong_t pages)
{
	return pages << PAGE_SHIFT;
}

#endif /* _DEVMAP_SYS_DDI_H */
