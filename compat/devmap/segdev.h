/* SPDX-License-Identifier: GPL-2.0 */
/* The old scheme: page frames from mmap(9E). */
#ifndef _DEVMAP_SEGDEV_H
#define _DEVMAP_SEGDEV_H

#include <sys/ddidevmap.h>

struct devmap_handle;
struct devmap_segment;
struct devmap_span;

struct devmap_handle *
devmap_segdev_add_handle(struct devmap_segment *seg,
			 const struct devmap_callback_ctl *ops);
unsigned long devmap_segdev_frame(struct devmap_segment *seg,
				  unsigned long page, uint_t prot);
int devmap_segdev_refresh(struct devmap_handle *h, unsigned long page,
			  uint_t prot);
int devmap_segdev_may_have(struct devmap_handle *h,
			   const struct devmap_span *span, uint_t prot);

#endif /* _DEVMAP_SEGDEV_H */
