/* SPDX-License-Identifier: GPL-2.0 */
/* One instance of a device: what a dev_info_t pointer points to. */
#ifndef _DEVMAP_INSTANCE_H
#define _DEVMAP_INSTANCE_H

#include <linux/devmap.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#include "window.h"

struct inode;

/**
 * struct dev_info - one instance of a device
 * @ref: one for the driver, one per open file, one per segment
 * @dev: the Linux device, counted; constant
 * @number: instance number; constant
 * @ops: entry points of the driver; constant
 * @inode: its i_mapping is the f_mapping of every open file of the instance,
 *	whichever device node it came through; constant
 * @windows: page offsets of @inode in use; locks itself
 * @srcu: read side around every use of @ops; for faults the segment lock does
 * @gone: devmap_dev_destroy() was called; set once, read under @srcu or the
 *	segment lock
 * @ddi: struct ddi_instance of a driver in Solaris style, or NULL; constant
 * @segs_lock: protects @segs; leaf
 * @segs: struct devmap_segment: all mappings, of all processes
 * @ctx_lock: protects @ctxs; leaf
 * @ctxs: struct devmap_ctx, one per access callback; freed with the instance
 */
struct dev_info {
	struct kref ref;
	struct device *dev;
	int number;
	const struct devmap_dev_ops *ops;
	struct inode *inode;
	struct devmap_windows windows;
	struct srcu_struct srcu;
	bool gone;
	void *ddi;
	spinlock_t segs_lock;
	struct list_head segs;
	struct mutex ctx_lock;
	struct list_head ctxs;
};

dev_info_t *devmap_instance_get(dev_info_t *dip);
void devmap_instance_put(dev_info_t *dip);

#endif /* _DEVMAP_INSTANCE_H */
