/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of memory; nothing in them is for drivers. */
#ifndef _DEVMAP_VM_PAGE_H
#define _DEVMAP_VM_PAGE_H

#include <sys/types.h>

struct page;

#endif /* _DEVMAP_VM_PAGE_H */
