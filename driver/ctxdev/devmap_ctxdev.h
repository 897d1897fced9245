/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program sees of /dev/devmap_ctx0, ...: the register file, as many pages
 * as its status page says, at offset 0; the status page right behind it.
 */
#ifndef _DEVMAP_CTXDEV_H
#define _DEVMAP_CTXDEV_H

#include <linux/types.h>

#define DEVMAP_CTXDEV_MAGIC	0x78746364	/* "dctx" */
#define DEVMAP_CTXDEV_VERSION	1

/**
 * struct devmap_ctxdev_status - the status page of an instance
 * @magic: DEVMAP_CTXDEV_MAGIC
 * @version: DEVMAP_CTXDEV_VERSION
 * @instance: number of the instance
 * @pages: pages of the register file
 * @switches: contexts restored into the device so far
 * @context: number of the context in the device, 0 for none
 *
 * Every mapping shows the same page. The driver writes it and never reads it:
 * what a program writes there is lost with the next switch.
 */
struct devmap_ctxdev_status {
	__u32 magic;
	__u32 version;
	__u32 instance;
	__u32 pages;
	__u64 switches;
	__u64 context;
};

#endif /* _DEVMAP_CTXDEV_H */
