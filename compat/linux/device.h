/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/device.h>, as it differs between kernels. The DEVMAP_HAVE_ macros come
 * from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_DEVICE_H
#define _DEVMAP_LINUX_DEVICE_H

#include <linux/device.h>
#include <linux/module.h>

/*
 * devmap_class_create() - class_create(), which once wanted the module too
 * devmap_devnode_device - what the devnode function of a class gets a pointer
 *	to: const since about the same time
 */
#ifdef DEVMAP_HAVE_CLASS_CREATE_OWNER
#define devmap_class_create(name)	class_create(THIS_MODULE, name)
#define devmap_devnode_device		struct device
#else
#define devmap_class_create(name)	class_create(name)
#define devmap_devnode_device		const struct device
#endif

#endif /* _DEVMAP_LINUX_DEVICE_H */
