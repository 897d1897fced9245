/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations of a driver: dev_ops(9S), cb_ops(9S), and ddi_mapdev_ctl(9S) of the
 * older mapping interface. Members are in the order of the manual pages, as old
 * drivers initialise them by position.
 */
#ifndef _DEVMAP_SYS_DEVOPS_H
#define _DEVMAP_SYS_DEVOPS_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/ddidevmap.h>
#include <sys/ddipropdefs.h>
#include <sys/errno.h>

struct aio_req;
struct as;
struct buf;
struct bus_ops;
struct pollhead;
struct streamtab;
struct uio;

#define CB_REV			1
#define DEVO_REV		4

typedef enum {
	DDI_INFO_DEVT2DEVINFO = 0,
	DDI_INFO_DEVT2INSTANCE = 1,
} ddi_info_cmd_t;

typedef enum {
	DDI_ATTACH = 0,
	DDI_RESUME = 1,
	DDI_PM_RESUME = 2,
} ddi_attach_cmd_t;

typedef enum {
	DDI_DETACH = 0,
	DDI_SUSPEND = 1,
	DDI_PM_SUSPEND = 2,
	DDI_HOTPLUG_DETACH = 3,
} ddi_detach_cmd_t;

typedef enum {
	DDI_RESET_FORCE = 0,
} ddi_reset_cmd_t;

/* What probe(9E) returns */
#define DDI_PROBE_FAILURE	ENXIO
#define DDI_PROBE_DONTCARE	0
#define DDI_PROBE_PARTIAL	1
#define DDI_PROBE_SUCCESS	2

/**
 * struct cb_ops - entry points for users of a device
 * @cb_open: open(9E)
 * @cb_close: close(9E)
 * @cb_strategy: strategy(9E): block devices; never called
 * @cb_print: print(9E): block devices; never called
 * @cb_dump: dump(9E): block devices; never called
 * @cb_read: read(9E)
 * @cb_write: write(9E)
 * @cb_ioctl: ioctl(9E)
 * @cb_devmap: devmap(9E)
 * @cb_mmap: mmap(9E)
 * @cb_segmap: segmap(9E)
 * @cb_chpoll: chpoll(9E)
 * @cb_prop_op: prop_op(9E)
 * @cb_str: STREAMS; must be NULL
 * @cb_flag: D_ bits of <sys/conf.h>
 * @cb_rev: CB_REV, or 0 where the initialiser ends before
 * @cb_aread: aread(9E); never called: asynchronous reads come through @cb_read
 * @cb_awrite: awrite(9E); never called
 *
 * cb_ops(9S). nodev() and nulldev() fit every slot but @cb_chpoll, whose
 * arguments only nochpoll() has; the layer takes any of the three in any slot.
 */
struct cb_ops {
	int (*cb_open)(dev_t *devp, int flag, int otyp, cred_t *credp);
	int (*cb_close)(dev_t dev, int flag, int otyp, cred_t *credp);
	int (*cb_strategy)(struct buf *bp);
	int (*cb_print)(dev_t dev, char *str);
	int (*cb_dump)(dev_t dev, caddr_t addr, daddr_t blkno, int nblk);
	int (*cb_read)(dev_t dev, struct uio *uiop, cred_t *credp);
	int (*cb_write)(dev_t dev, struct uio *uiop, cred_t *credp);
	int (*cb_ioctl)(dev_t dev, int cmd, long arg, int mode,
			cred_t *credp, int *rvalp);
	int (*cb_devmap)(dev_t dev, devmap_cookie_t dhp, offset_t off,
			 size_t len, size_t *maplen, uint_t model);
	int (*cb_mmap)(dev_t dev, off_t off, int prot);
	int (*cb_segmap)(dev_t dev, off_t off, struct as *asp, caddr_t *addrp,
			 off_t len, unsigned int prot, unsigned int maxprot,
			 unsigned int flags, cred_t *credp);
	int (*cb_chpoll)(dev_t dev, short events, int anyyet, short *reventsp,
			 struct pollhead **phpp);
	int (*cb_prop_op)(dev_t dev, dev_info_t *dip, ddi_prop_op_t prop_op,
			  int mod_flags, char *name, caddr_t valuep,
			  int *lengthp);
	struct streamtab *cb_str;
	int cb_flag;
	int cb_rev;
	int (*cb_aread)(dev_t dev, struct aio_req *aio, cred_t *credp);
	int (*cb_awrite)(dev_t dev, struct aio_req *aio, cred_t *credp);
};

/**
 * struct dev_ops - entry points for the system
 * @devo_rev: DEVO_REV
 * @devo_refcnt: 0; the layer does not count here
 * @devo_getinfo: getinfo(9E): asked for device numbers that no minor node has
 * @devo_identify: obsolete; never called
 * @devo_probe: probe(9E)
 * @devo_attach: attach(9E), with DDI_ATTACH
 * @devo_detach: detach(9E), with DDI_DETACH
 * @devo_reset: never called
 * @devo_cb_ops: entry points for users
 * @devo_bus_ops: nexus drivers; must be NULL
 * @devo_power: power(9E); never called
 * @devo_quiesce: quiesce(9E): called when the machine goes down or executes
 *	another kernel
 *
 * dev_ops(9S).
 */
struct dev_ops {
	int devo_rev;
	int devo_refcnt;
	int (*devo_getinfo)(dev_info_t *dip, ddi_info_cmd_t infocmd, void *arg,
			    void **result);
	int (*devo_identify)(dev_info_t *dip);
	int (*devo_probe)(dev_info_t *dip);
	int (*devo_attach)(dev_info_t *dip, ddi_attach_cmd_t cmd);
	int (*devo_detach)(dev_info_t *dip, ddi_detach_cmd_t cmd);
	int (*devo_reset)(dev_info_t *dip, ddi_reset_cmd_t cmd);
	struct cb_ops *devo_cb_ops;
	struct bus_ops *devo_bus_ops;
	int (*devo_power)(dev_info_t *dip, int component, int level);
	int (*devo_quiesce)(dev_info_t *dip);
};

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

#ifdef _KERNEL
#include <devmap/ddi_model.h>
#endif

#endif /* _DEVMAP_SYS_DEVOPS_H */
