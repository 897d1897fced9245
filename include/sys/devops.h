/* SPDX-License-Identifier: GPL-2.0 */
/* Operations of a driver: the older mapping interface. */
#ifndef _DEVMAP_SYS_DEVOPS_H
#define _DEVMAP_SYS_DEVOPS_H

#include <sys/types.h>

/* A mapping made by ddi_mapdev(9F). */
typedef void *ddi_mapdev_handle_t;

#define MAPDEV_REV	1

/**
 * struct ddi_mapdev_ctl - what a driver is told of a ddi_mapdev(9F) mapping
 * @mapdev_rev: MAPDEV_REV
 * @mapdev_access: a range whose accesses are intercepted was touched
 * @mapdev_free: the last part of the mapping is gone
 * @mapdev_dup: fork(2) duplicated the mapping
 *
 * ddi_mapdev_ctl(9S). All functions must be set. Note the order.
 */
struct ddi_mapdev_ctl {
	int mapdev_rev;
	int (*mapdev_access)(ddi_mapdev_handle_t handle, void *devprivate,
			     off_t offset);
	void (*mapdev_free)(ddi_mapdev_handle_t handle, void *devprivate);
	int (*mapdev_dup)(ddi_mapdev_handle_t handle, void *devprivate,
			  ddi_mapdev_handle_t new_handle,
			  void **new_devprivate);
};

#endif /* _DEVMAP_SYS_DEVOPS_H */
