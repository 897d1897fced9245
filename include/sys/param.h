/* SPDX-License-Identifier: GPL-2.0 */
/* The machine's page size under its Solaris names. */
#ifndef _DEVMAP_SYS_PARAM_H
#define _DEVMAP_SYS_PARAM_H

#include <linux/mm.h>
#include <sys/types.h>

#define PAGESIZE	PAGE_SIZE
#define PAGESHIFT	PAGE_SHIFT
#define PAGEOFFSET	(PAGE_SIZE - 1)
#define PAGEMASK	PAGE_MASK

#endif /* _DEVMAP_SYS_PARAM_H */
