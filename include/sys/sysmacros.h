/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of a device number: getmajor(9F), getminor(9F), makedevice(9F). */
#ifndef _DEVMAP_SYS_SYSMACROS_H
#define _DEVMAP_SYS_SYSMACROS_H

#include <linux/kdev_t.h>
#include <sys/types.h>

static inline major_t getmajor(dev_t dev)
{
	return MAJOR(dev);
}

static inline minor_t getminor(dev_t dev)
{
	return MINOR(dev);
}

static inline dev_t makedevice(major_t major, minor_t minor)
{
	return MKDEV(major, minor);
}

#endif /* _DEVMAP_SYS_SYSMACROS_H */
