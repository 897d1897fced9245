/* SPDX-License-Identifier: GPL-2.0 */
/* devmap(9E): types, constants and devmap_callback_ctl(9S). */
#ifndef _DEVMAP_SYS_DDIDEVMAP_H
#define _DEVMAP_SYS_DDIDEVMAP_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/ddidmareq.h>

/* A mapping handle: one contiguous piece of one user mapping. */
typedef void *devmap_cookie_t;

/* Kernel memory from ddi_umem_alloc(9F). */
typedef void *ddi_umem_cookie_t;

struct as;
typedef struct as *ddi_as_handle_t;

/* type argument of devmap_access(9E): why the range is accessed */
#define DEVMAP_ACCESS		0
#define DEVMAP_PROT		1	/* never passed to a driver */
#define DEVMAP_LOCK		2
#define DEVMAP_UNLOCK		3

/* rw argument of devmap_access(9E): the direction */
#define DEVMAP_OTHER		0
#define DEVMAP_READ		1
#define DEVMAP_WRITE		2
#define DEVMAP_EXEC		3
#define DEVMAP_CREATE		4

/* flags argument of devmap_devmem_setup(9F) and devmap_umem_setup(9F) */
#define DEVMAP_DEFAULTS		0x00
#define DEVMAP_MAPPING_INVALID	0x01
#define DEVMAP_ALLOW_REMAP	0x02
#define DEVMAP_USE_PAGESIZE	0x04
#define DEVMAP_SETUP_FLAGS	\
	(DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP | DEVMAP_USE_PAGESIZE)

/* flag argument of ddi_umem_alloc(9F) */
#define DDI_UMEM_SLEEP		0x0
#define DDI_UMEM_NOSLEEP	0x01
#define DDI_UMEM_PAGEABLE	0x02
#define DDI_UMEM_TRASH		0x04

/* flags argument of ddi_umem_lock(9F); LONGTERM for umem_lockmemory() only */
#define DDI_UMEMLOCK_READ	0x01
#define DDI_UMEMLOCK_WRITE	0x02
#define DDI_UMEMLOCK_LONGTERM	0x04

/* kinds of cookies */
#define KMEM_PAGEABLE		0x100
#define KMEM_NON_PAGEABLE	0x200
#define UMEM_LOCKED		0x400
#define UMEM_TRASH		0x800

#define UMEM_CALLBACK_VERSION	1

/**
 * struct umem_callback_ops - argument of umem_lockmemory()
 * @cbo_umem_callback_version: UMEM_CALLBACK_VERSION
 * @cbo_umem_lock_cleanup: never called on Linux
 */
struct umem_callback_ops {
	int cbo_umem_callback_version;
	void (*cbo_umem_lock_cleanup)(ddi_umem_cookie_t *cookie);
};

#define DEVMAP_OPS_REV		1

/**
 * struct devmap_callback_ctl - what a driver wants to be told of a mapping
 * @devmap_rev: DEVMAP_OPS_REV
 * @devmap_map: mmap(2) made the handle; the driver may set ``*pvtp``
 * @devmap_access: an address without a translation was touched
 * @devmap_dup: fork(2) duplicated the handle
 * @devmap_unmap: the handle, or a part of it, is mapped no longer
 *
 * devmap_callback_ctl(9S). Any function may be NULL: that event is not
 * reported. The structure is copied by devmap_devmem_setup() and
 * devmap_umem_setup() and may live on the stack.
 *
 * Context: All four are called in process context with locks held that allow
 * sleeping, and may call devmap_unload() on any handle of the device.
 */
struct devmap_callback_ctl {
	int devmap_rev;
	int (*devmap_map)(devmap_cookie_t dhp, dev_t dev, uint_t flags,
			  offset_t off, size_t len, void **pvtp);
	int (*devmap_access)(devmap_cookie_t dhp, void *pvtp, offset_t off,
			     size_t len, uint_t type, uint_t rw);
	int (*devmap_dup)(devmap_cookie_t dhp, void *pvtp,
			  devmap_cookie_t new_dhp, void **new_pvtp);
	void (*devmap_unmap)(devmap_cookie_t dhp, void *pvtp, offset_t off,
			     size_t len, devmap_cookie_t new_dhp1,
			     void **new_pvtp1, devmap_cookie_t new_dhp2,
			     void **new_pvtp2);
};

#endif /* _DEVMAP_SYS_DDIDEVMAP_H */
