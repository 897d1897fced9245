/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is inside a handle and a cookie, for the few drivers that look: everything
 * that is not here is private to the layer.
 */
#ifndef _DEVMAP_SYS_DDI_IMPLDEFS_H
#define _DEVMAP_SYS_DDI_IMPLDEFS_H

#include <sys/types.h>
#include <sys/ddidevmap.h>
#include <vm/seg.h>

/**
 * struct devmap_handle_public - what a devmap_cookie_t points to begins with it
 * @dh_seg: the mapping it is a piece of
 * @dh_uoff: user offset
 * @dh_len: bytes
 * @dh_pvtp: the driver's private data
 * @dh_cookie: the memory of devmap_umem_setup(9F) or devmap_umem_remap(); NULL
 *	if the handle maps something else
 *
 * To be read, in callbacks of the handle or wherever the driver keeps others from
 * unmapping and remapping it.
 */
typedef struct devmap_handle_public {
	struct seg *dh_seg;
	offset_t dh_uoff;
	size_t dh_len;
	void *dh_pvtp;
	ddi_umem_cookie_t dh_cookie;
} devmap_handle_t;

/**
 * struct ddi_umem_cookie - what a ddi_umem_cookie_t points to begins with it
 * @cvaddr: address of the memory; constant
 * @size: bytes; constant
 * @type: KMEM_PAGEABLE, KMEM_NON_PAGEABLE or UMEM_LOCKED; constant
 */
struct ddi_umem_cookie {
	caddr_t cvaddr;
	size_t size;
	uint_t type;
};

#endif /* _DEVMAP_SYS_DDI_IMPLDEFS_H */
