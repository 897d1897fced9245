// SPDX-License-Identifier: GPL-2.0
/* devmap_umem_remap() and devmap_devmem_remap() by the device, recorded. */

#include <linux/uaccess.h>

#include "device.h"

/**
 * st_remap() - give a handle another target
 * @dev: the device, locked
 * @dhp: the handle
 * @to: the target, and what else the call gets
 *
 * Return: what the call returned.
 */
int st_remap(struct st_device *dev, devmap_cookie_t dhp,
	     const struct dmst_target *to)
{
	struct dmst_record rec = {
		.op = DMST_OP_REMAP, .handle = st_handle_nr(dhp),
		.off = to->target, .len = to->len, .type = to->kind,
		.flags = to->flags, .prot = to->maxprot,
		.out = to->kind == DMST_REGS ? to->rnumber : to->umem,
	};
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
	};
	u64 seq = st_record(dev, &rec);

	lockdep_assert_held(&dev->lock);

	if (to->kind == DMST_REGS)
		rec.ret = devmap_devmem_remap(dhp, st_pci_dip(dev, to->device),
					      to->rnumber, to->target, to->len,
					      to->maxprot, to->flags, &attr);
	else
		rec.ret = devmap_umem_remap(dhp, dev->dip,
					    to->umem < DMST_UMEMS ?
					    dev->umem[to->umem].cookie : NULL,
					    to->target, to->len, to->maxprot,
					    to->flags, NULL);
	st_record_done(dev, seq, &rec);
	return rec.ret;
}

/**
 * st_remap_ioctl() - DMST_REMAP
 * @dev: the device
 * @arg: of the caller
 *
 * Return: 0 or -errno; what the call returned is in @arg.
 */
long st_remap_ioctl(struct st_device *dev, struct dmst_remap __user *arg)
{
	struct dmst_remap req;
	struct st_handle *h;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;

	/* The mutex keeps the handle: devmap_unmap takes it. */
	mutex_lock(&dev->lock);
	h = st_handle_by_nr(dev, req.handle);
	if (h)
		req.ret = st_remap(dev, h->dhp, &req.to);
	mutex_unlock(&dev->lock);

	if (!h)
		return -ENOENT;
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}
