// SPDX-License-Identifier: GPL-2.0
/* devmap_lock() and devmap_unlock() by the device, recorded. */

#include <linux/uaccess.h>

#include "device.h"

/**
 * st_lock_ioctl() - DMST_LOCK and DMST_UNLOCK
 * @dev: the device
 * @arg: of the caller
 * @lock: the first of the two
 *
 * No lock may be held that callbacks take; that the handle stays is the business
 * of the test.
 *
 * Return: 0 or -errno; what the call returned is in @arg.
 */
long st_lock_ioctl(struct st_device *dev, struct dmst_lock __user *arg,
		   bool lock)
{
	struct dmst_record rec = {
		.op = lock ? DMST_OP_LOCK : DMST_OP_UNLOCK,
	};
	devmap_cookie_t dhp = NULL;
	struct dmst_lock req;
	struct st_handle *h;
	u64 seq;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;

	mutex_lock(&dev->lock);
	h = st_handle_by_nr(dev, req.handle);
	if (h)
		dhp = h->dhp;
	mutex_unlock(&dev->lock);
	/* 0 is NULL, which is for the layer to refuse. */
	if (!h && req.handle)
		return -ENOENT;

	rec.handle = req.handle;
	rec.off = req.off;
	rec.len = req.len;
	rec.rw = req.rw;
	seq = st_record(dev, &rec);
	if (lock)
		rec.ret = devmap_lock(dhp, req.off, req.len, req.rw);
	else
		rec.ret = devmap_unlock(dhp, req.off, req.len, req.rw);
	st_record_done(dev, seq, &rec);

	req.ret = rec.ret;
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}
