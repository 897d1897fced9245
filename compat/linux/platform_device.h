/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/platform_device.h>, as it differs between kernels. The DEVMAP_HAVE_
 * macros come from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_PLATFORM_DEVICE_H
#define _DEVMAP_LINUX_PLATFORM_DEVICE_H

#include <linux/platform_device.h>

/*
 * devmap_platform_remove_t - what a remove function returns
 * DEVMAP_PLATFORM_REMOVED - its value
 */
#ifdef DEVMAP_HAVE_PLATFORM_REMOVE_INT
#define devmap_platform_remove_t	int
#define DEVMAP_PLATFORM_REMOVED		0
#else
#define devmap_platform_remove_t	void
#define DEVMAP_PLATFORM_REMOVED
#endif

/* Registers a driver of another module. */
static inline int devmap_platform_driver_register(struct platform_driver *pdrv,
						  struct module *owner,
						  const char *modname)
{
#ifdef DEVMAP_HAVE_PLATFORM_REGISTER_NAME
	return __platform_driver_register(pdrv, owner, modname);
#else
	return __platform_driver_register(pdrv, owner);
#endif
}

#endif /* _DEVMAP_LINUX_PLATFORM_DEVICE_H */
