// SPDX-License-Identifier: GPL-2.0
/* devmap_umem_remap() and devmap_devmem_remap() by the device, recorded. */

#include <linux/minmax.h>
#include <linux/string.h>
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

static int remap_to_umem(struct st_handle *h, const struct st_priv *priv,
			 u32 umem)
{
	const struct dmst_target to = {
		.kind = DMST_UMEM, .umem = umem,
		.maxprot = h->region.maxprot,
		.flags = DEVMAP_ALLOW_REMAP,
		.target = priv->off - h->region.off + h->region.target,
		.len = priv->len,
	};

	return st_remap(h->dev, h->dhp, &to);
}

/**
 * st_follow_move() - remap a handle that came after, or from before, DMST_MOVE
 * @h: the handle; its device is locked
 * @priv: its private data
 *
 * A handle may be set up with the old memory and become known to st_move() too
 * late: a child's, a remnant's, one whose mmap(2) is not over yet.
 *
 * Return: 0 or what the remap returned.
 */
int st_follow_move(struct st_handle *h, const struct st_priv *priv)
{
	int err;

	lockdep_assert_held(&h->dev->lock);

	if (h->moves == h->dev->moves)
		return 0;
	err = remap_to_umem(h, priv, h->region.umem);
	if (!err)
		h->moves = h->dev->moves;
	return err;
}

/**
 * st_move() - DMST_MOVE: the registers move to other memory, under their users
 * @dev: the device
 * @to: number of a umem of the same size; the two change places
 *
 * Return: 0 or -errno.
 */
long st_move(struct st_device *dev, unsigned long to)
{
	u32 from = dev->script.region[0].umem, nr = 0;
	struct st_priv *priv;
	struct st_handle *h;
	long err = 0;

	if (to >= DMST_UMEMS || to == from)
		return -EINVAL;

	mutex_lock(&dev->lock);
	if (!dev->umem[from].cookie ||
	    dev->umem[from].size != dev->umem[to].size) {
		err = -EINVAL;
		goto out;
	}

	dev->moves++;
	while (!err && (priv = st_priv_next(dev, nr))) {
		nr = priv->nr;
		h = st_handle_find(priv->dhp);
		err = h ? -remap_to_umem(h, priv, to) : 0;
		if (h && !err)
			h->moves = dev->moves;
	}
	if (!err) {
		memcpy(dev->umem[to].addr, dev->umem[from].addr,
		       dev->umem[to].size);
		swap(dev->umem[from], dev->umem[to]);
	}
out:
	mutex_unlock(&dev->lock);
	return err;
}
