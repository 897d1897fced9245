// SPDX-License-Identifier: GPL-2.0
/*
 * dev_ops(9S) and cb_ops(9S) as drivers write them, made uniform.
 *
 * nodev(), nulldev() and nochpoll() may be in slots whose type is not theirs.
 * They are told by their address and never called: a kernel with kCFI dies of a
 * call through the wrong type.
 */

#define pr_fmt(fmt) "devmap: " fmt

#include <linux/export.h>
#include <linux/printk.h>
#include <sys/conf.h>
#include <sys/sunddi.h>

#include "../linux/kunit.h"
#include "instance.h"

/**
 * nodev() - entry point that is not there
 *
 * nodev(9F).
 *
 * Return: ENXIO.
 */
int nodev(void)
{
	return ENXIO;
}
EXPORT_SYMBOL_GPL(nodev);

/**
 * nulldev() - entry point that has nothing to do
 *
 * nulldev(9F).
 *
 * Return: 0.
 */
int nulldev(void)
{
	return 0;
}
EXPORT_SYMBOL_GPL(nulldev);

/**
 * nochpoll() - chpoll(9E) of a device that cannot be polled
 * @dev: ignored
 * @events: ignored
 * @anyyet: ignored
 * @reventsp: ignored
 * @phpp: ignored
 *
 * nochpoll(9F).
 *
 * Return: ENXIO.
 */
int nochpoll(dev_t dev, short events, int anyyet, short *reventsp,
	     struct pollhead **phpp)
{
	return ENXIO;
}
EXPORT_SYMBOL_GPL(nochpoll);

/**
 * ddi_quiesce_not_needed() - quiesce(9E) of a device that is quiet by itself
 * @dip: ignored
 *
 * ddi_quiesce_not_needed(9F).
 *
 * Return: DDI_SUCCESS.
 */
int ddi_quiesce_not_needed(dev_info_t *dip)
{
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_quiesce_not_needed);

/**
 * ddi_quiesce_not_supported() - quiesce(9E) of a driver that cannot do it
 * @dip: ignored
 *
 * ddi_quiesce_not_supported(9F).
 *
 * Return: DDI_FAILURE.
 */
int ddi_quiesce_not_supported(dev_info_t *dip)
{
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_quiesce_not_supported);

/* nulldev() with the types of the slots where success means something. */

static int null_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	return 0;
}

static int null_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	return 0;
}

static int null_rw(dev_t dev, struct uio *uiop, cred_t *credp)
{
	return 0;
}

static int null_ioctl(dev_t dev, int cmd, long arg, int mode, cred_t *credp,
		      int *rvalp)
{
	return 0;
}

static int null_chpoll(dev_t dev, short events, int anyyet, short *reventsp,
		       struct pollhead **phpp)
{
	return 0;
}

static int null_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	return DDI_SUCCESS;
}

static int null_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	return DDI_SUCCESS;
}

/* nodev() with the type of the one slot where failure means something. */
static int no_probe(dev_info_t *dip)
{
	return DDI_PROBE_FAILURE;
}

static bool is_null(const void *entry)
{
	return entry == (const void *)nulldev;
}

static bool is_absent(const void *entry)
{
	return !entry || entry == (const void *)nodev ||
	       entry == (const void *)nochpoll;
}

/* NULL for what is not there, @null for what has nothing to do. */
static void *choose(const void *entry, const void *null)
{
	if (is_absent(entry))
		return NULL;
	return (void *)(is_null(entry) ? null : entry);
}

static void take_cb_ops(struct ddi_driver *driver, const struct cb_ops *from)
{
	struct cb_ops *to = &driver->cb;

	to->cb_open = choose(from->cb_open, null_open);
	to->cb_close = choose(from->cb_close, null_close);
	to->cb_read = choose(from->cb_read, null_rw);
	to->cb_write = choose(from->cb_write, null_rw);
	to->cb_ioctl = choose(from->cb_ioctl, null_ioctl);
	to->cb_chpoll = choose(from->cb_chpoll, null_chpoll);
	to->cb_prop_op = choose(from->cb_prop_op, NULL);
	to->cb_devmap = choose(from->cb_devmap, NULL);
	to->cb_mmap = choose(from->cb_mmap, NULL);
	to->cb_segmap = choose(from->cb_segmap, NULL);
	to->cb_flag = from->cb_flag;
	to->cb_rev = from->cb_rev;

	driver->map_ops = (struct devmap_dev_ops){
		.devmap = to->cb_devmap,
		.mmap = to->cb_mmap,
		.segmap = to->cb_segmap,
		.flag = to->cb_flag,
	};
}

static void take_dev_ops(struct ddi_driver *driver, const struct dev_ops *from)
{
	struct dev_ops *to = &driver->ops;

	to->devo_rev = from->devo_rev;
	to->devo_getinfo = choose(from->devo_getinfo, NULL);
	to->devo_probe = choose(from->devo_probe, NULL);
	if (from->devo_probe && is_absent(from->devo_probe))
		to->devo_probe = no_probe;
	to->devo_attach = choose(from->devo_attach, null_attach);
	to->devo_detach = choose(from->devo_detach, null_detach);
	to->devo_quiesce = choose(from->devo_quiesce, NULL);
}

static int check_cb_ops(const char *name, const struct cb_ops *cb)
{
	/* 0: the initialiser ends before */
	if (cb->cb_rev && cb->cb_rev != CB_REV) {
		pr_err("%s: cb_rev %d is not CB_REV\n", name, cb->cb_rev);
		return -EINVAL;
	}
	if (cb->cb_str) {
		pr_err("%s: STREAMS drivers are not supported\n", name);
		return -EOPNOTSUPP;
	}
	if (!(cb->cb_flag & D_MP)) {
		pr_err("%s: cb_flag lacks D_MP: the driver must cope with many calls at a time\n",
		       name);
		return -EINVAL;
	}
	return 0;
}

/**
 * devmap_ddi_check_ops() - check and take over what a driver consists of
 * @driver: its ops, cb and map_ops are filled in
 * @ops: as the driver has them
 *
 * Return: 0, or a negative errno after a message.
 */
int devmap_ddi_check_ops(struct ddi_driver *driver, const struct dev_ops *ops)
{
	int err;

	if (!ops || ops->devo_rev < 2 || ops->devo_rev > DEVO_REV) {
		pr_err("%s: devo_rev is not DEVO_REV\n", driver->name);
		return -EINVAL;
	}
	if (ops->devo_bus_ops) {
		pr_err("%s: nexus drivers are not supported\n", driver->name);
		return -EOPNOTSUPP;
	}

	take_dev_ops(driver, ops);
	if (!driver->ops.devo_attach) {
		pr_err("%s: there is no attach(9E)\n", driver->name);
		return -EINVAL;
	}
	if (!ops->devo_cb_ops)
		return 0;

	err = check_cb_ops(driver->name, ops->devo_cb_ops);
	if (!err)
		take_cb_ops(driver, ops->devo_cb_ops);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ddi_check_ops);
