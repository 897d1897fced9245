/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Classes of locks for lockdep: one for every place in a driver that makes some,
 * as the macros of Linux do it, which declare an object there. But the functions
 * of the DDI are functions.
 */
#ifndef _DEVMAP_DDI_LOCKCLASS_H
#define _DEVMAP_DDI_LOCKCLASS_H

#include <linux/lockdep.h>

#ifdef MODULE

/* Any address in a module will do, and drivers are modules if we are one. */
static inline struct lock_class_key *devmap_lock_class(unsigned long place)
{
	return (struct lock_class_key *)place;
}

#else

struct lock_class_key *devmap_lock_class(unsigned long place);

#endif

#endif /* _DEVMAP_DDI_LOCKCLASS_H */
