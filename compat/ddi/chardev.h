/* SPDX-License-Identifier: GPL-2.0 */
/* Open files of drivers in Solaris style. */
#ifndef _DEVMAP_DDI_CHARDEV_H
#define _DEVMAP_DDI_CHARDEV_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/wait.h>

struct ddi_instance;
struct module;

/**
 * struct ddi_file - an open file
 * @inst: the instance, counted; constant
 * @dev: the device number that open(9E) left; constant
 * @module: the driver's, counted; NULL: it is being unloaded, and waits; constant
 * @node: in &ddi_instance.files; its lock
 * @pollers: those who poll the file. In the file and not in the driver's
 *	pollhead, whose memory the driver may free while they are there
 * @watches: struct ddi_watch: pollheads whose wakeups are for @pollers;
 *	&ddi_instance.files_lock
 */
struct ddi_file {
	struct ddi_instance *inst;
	dev_t dev;
	struct module *module;
	struct list_head node;
	wait_queue_head_t pollers;
	struct list_head watches;
};

#endif /* _DEVMAP_DDI_CHARDEV_H */
