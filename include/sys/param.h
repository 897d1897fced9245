/* SPDX-License-Identifier: GPL-2.0 */
/* The machine's page size and other constants under their Solaris names. */
#ifndef _DEVMAP_SYS_PARAM_H
#define _DEVMAP_SYS_PARAM_H

#include <sys/types.h>

/*
 * <asm/page.h> would bring a hundred headers of Linux along, with names that a
 * Solaris driver may have for something else.
 */
#if !defined(_KERNEL) || defined(PAGE_SHIFT)
#include <asm/page.h>
#elif defined(CONFIG_PAGE_SHIFT)
#define PAGE_SHIFT	CONFIG_PAGE_SHIFT
#elif defined(CONFIG_X86)
#define PAGE_SHIFT	12
#elif defined(CONFIG_ARM64)
#define PAGE_SHIFT	CONFIG_ARM64_PAGE_SHIFT
#else
#include <asm/page.h>
#endif

#ifndef PAGE_SIZE
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#endif

#define PAGESIZE	PAGE_SIZE
#define PAGESHIFT	PAGE_SHIFT
#define PAGEOFFSET	(PAGE_SIZE - 1)
#define PAGEMASK	PAGE_MASK

#ifdef _KERNEL

#include <sys/sysmacros.h>

/* Ticks in a second. */
#define hz		devmap_ddi_hz
extern int hz;

#define NBBY		8
#define NBPW		sizeof(int)

#define DEV_BSIZE	512
#define DEV_BSHIFT	9

#define MAXNAMELEN	256
#define MAXPATHLEN	1024

#define MMU_PAGESIZE	PAGE_SIZE
#define MMU_PAGESHIFT	PAGE_SHIFT
#define MMU_PAGEOFFSET	(PAGE_SIZE - 1)
#define MMU_PAGEMASK	PAGE_MASK

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_PARAM_H */
