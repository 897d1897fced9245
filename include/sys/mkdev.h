/* SPDX-License-Identifier: GPL-2.0 */
/* Device numbers, as old drivers make them. */
#ifndef _DEVMAP_SYS_MKDEV_H
#define _DEVMAP_SYS_MKDEV_H

#include <sys/types.h>
#include <sys/sysmacros.h>

#undef major
#undef makedev
#undef minor

#define makedev(maj, min)	makedevice(maj, min)
#define major(dev)		getmajor(dev)
#define minor(dev)		getminor(dev)

#endif /* _DEVMAP_SYS_MKDEV_H */
