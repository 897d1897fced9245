// SPDX-License-Identifier: GPL-2.0
/* The callbacks of devmap_callback_ctl(9S), and devmap_contextmgt(9E). */

#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <vm/faultcode.h>

#include "device.h"

/**
 * st_load() - devmap_load(9F), recorded
 * @dev: the device
 * @dhp: for it
 * @off: for it
 * @len: for it
 * @type: for it
 * @rw: for it
 *
 * Return: what it returned.
 */
int st_load(struct st_device *dev, devmap_cookie_t dhp, offset_t off,
	    size_t len, uint_t type, uint_t rw)
{
	struct dmst_record rec = {
		.op = DMST_OP_LOAD, .handle = st_handle_nr(dhp), .off = off,
		.len = len, .type = type, .rw = rw,
	};
	u64 seq = st_record(dev, &rec);

	rec.ret = devmap_load(dhp, off, len, type, rw);
	st_record_done(dev, seq, &rec);
	return rec.ret;
}

/**
 * st_unload() - devmap_unload(9F), recorded
 * @dev: the device, locked
 * @dhp: for it
 * @off: for it
 * @len: for it
 *
 * Return: what it returned.
 */
int st_unload(struct st_device *dev, devmap_cookie_t dhp, offset_t off,
	      size_t len)
{
	struct dmst_record rec = {
		.op = DMST_OP_UNLOAD, .handle = st_handle_nr(dhp), .off = off,
		.len = len,
	};
	u64 seq = st_record(dev, &rec);

	lockdep_assert_held(&dev->lock);

	rec.ret = devmap_unload(dhp, off, len);
	st_record_done(dev, seq, &rec);
	return rec.ret;
}

/*
 * A driver without devmap_dup does not know the child's handle; the private
 * data it gets with it is the parent's.
 */
static struct st_device *device_of(devmap_cookie_t dhp, void *pvtp)
{
	struct st_handle *h = st_handle_find(dhp);
	struct st_priv *priv = st_priv_of(pvtp);

	if (h)
		return h->dev;
	return priv ? priv->dev : NULL;
}

static int st_map(devmap_cookie_t dhp, dev_t devno, uint_t flags, offset_t off,
		  size_t len, void **pvtp)
{
	struct st_device *dev = st_device_of(devno);
	struct dmst_record rec = {
		.op = DMST_OP_MAP, .handle = st_handle_nr(dhp), .dev = devno,
		.flags = flags, .off = off, .len = len,
		.pvtp = st_priv_nr(*pvtp),
	};
	struct st_handle *h = st_handle_find(dhp);
	struct st_context *ctx;
	u64 seq;

	if (!dev || !h)
		return EINVAL;

	mutex_lock(&dev->lock);
	seq = st_record(dev, &rec);
	rec.ret = st_injected(dev, DMST_OP_MAP);
	if (rec.ret)
		goto out;

	ctx = st_context_new(dev, st_content_size(dev, &h->region));
	if (!ctx) {
		rec.ret = ENOMEM;
		goto out;
	}
	*pvtp = st_priv_new(dev, dhp, off, len, ctx);
	rec.npv1 = st_priv_nr(*pvtp);
	if (!(h->region.callbacks & DMST_CB_UNMAP))
		st_priv_disown(*pvtp);
	h->usable = true;
	if (h->region.flags & DMST_F_TIMEOUT)
		devmap_set_ctx_timeout(dhp, h->region.timeout);
out:
	st_record_done(dev, seq, &rec);
	mutex_unlock(&dev->lock);
	return rec.ret;
}

static int switch_context(struct st_device *dev, const struct st_handle *h,
			  struct st_context *ctx)
{
	struct st_priv *priv;
	int err;

	lockdep_assert_held(&dev->lock);

	if (dev->current_context == ctx)
		return 0;
	if (dev->current_context) {
		list_for_each_entry(priv, &dev->current_context->privs,
				    in_context) {
			err = st_unload(dev, priv->dhp, priv->off, priv->len);
			if (err)
				return err;
		}
	}
	if (dev->current_context)
		st_content_save(dev, &h->region, dev->current_context->save);
	st_content_restore(dev, &h->region, ctx->save);
	dev->current_context = ctx;
	return 0;
}

/**
 * st_contextmgt() - devmap_contextmgt(9E)
 * @dhp: as the layer passes it
 * @pvtp: as the layer passes it
 * @off: as the layer passes it
 * @len: as the layer passes it
 * @type: as the layer passes it
 * @rw: as the layer passes it
 *
 * Return: 0 or what went wrong.
 */
int st_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		  uint_t type, uint_t rw)
{
	struct dmst_record rec = {
		.op = DMST_OP_CTX, .handle = st_handle_nr(dhp),
		.pvtp = st_priv_nr(pvtp), .off = off, .len = len,
		.type = type, .rw = rw,
	};
	struct st_handle *h = st_handle_find(dhp);
	struct st_priv *priv = st_priv_of(pvtp);
	struct st_device *dev;
	u64 seq;

	if (!h)
		return -1;

	dev = h->dev;
	mutex_lock(&dev->lock);
	seq = st_record(dev, &rec);
	rec.ret = st_injected(dev, DMST_OP_CTX);
	if (!rec.ret && !priv) {
		atomic_inc(&dev->bad);
		rec.ret = -1;
	}
	if (!rec.ret)
		rec.ret = switch_context(dev, h, priv->context);
	if (!rec.ret && (h->region.flags & DMST_F_CONTENT))
		rec.ret = st_follow_move(h, priv);
	if (!rec.ret)
		rec.ret = st_load(dev, dhp, off,
				  h->region.flags & DMST_F_LOAD_REST ? 0 : len,
				  type, rw);
	st_record_done(dev, seq, &rec);
	mutex_unlock(&dev->lock);
	return rec.ret;
}

static bool take_wake(struct st_device *dev)
{
	lockdep_assert_held(&dev->wait.lock);

	if (!dev->wakes)
		return false;
	dev->wakes--;
	return true;
}

static int wait_for_wake(struct st_device *dev)
{
	int err;

	atomic_inc(&dev->sleepers);
	spin_lock_irq(&dev->wait.lock);
	err = wait_event_interruptible_locked_irq(dev->wait, take_wake(dev));
	spin_unlock_irq(&dev->wait.lock);
	atomic_dec(&dev->sleepers);
	return err;
}

/* A driver that makes a process wait: not an error if a signal ends it. */
static int sleep_and_load(struct st_device *dev, devmap_cookie_t dhp,
			  void *pvtp, offset_t off, size_t len, uint_t type,
			  uint_t rw)
{
	if (wait_for_wake(dev))
		return 0;
	return devmap_default_access(dhp, pvtp, off, len, type, rw);
}

static int load_other(struct st_device *dev, const struct dmst_region *region,
		      uint_t type, uint_t rw)
{
	struct st_handle *other;
	int err = -1;

	mutex_lock(&dev->lock);
	other = st_handle_by_nr(dev, region->load_handle);
	if (other)
		err = st_load(dev, other->dhp, region->load_off,
			      region->load_len, type, rw);
	else
		atomic_inc(&dev->bad);
	mutex_unlock(&dev->lock);
	return err;
}

static int do_access(struct st_handle *h, void *pvtp, offset_t off, size_t len,
		     uint_t type, uint_t rw)
{
	const struct dmst_region *region = &h->region;
	int err;

	switch (region->access) {
	case DMST_ACCESS_CTXMGT:
		return devmap_do_ctxmgt(h->dhp, pvtp, off, len, type, rw,
					st_contextmgt);
	case DMST_ACCESS_CTXMGT_NULL:
		return devmap_do_ctxmgt(h->dhp, pvtp, off, len, type, rw, NULL);
	case DMST_ACCESS_LOAD:
		return st_load(h->dev, h->dhp, region->load_off,
			       region->load_len, type, rw);
	case DMST_ACCESS_ERROR:
		return region->access_ret;
	case DMST_ACCESS_SLEEP:
		return sleep_and_load(h->dev, h->dhp, pvtp, off, len, type, rw);
	case DMST_ACCESS_OTHER:
		/* Its result is in the records; the page itself is loaded. */
		load_other(h->dev, region, type, rw);
		break;
	case DMST_ACCESS_REMAP:
		mutex_lock(&h->dev->lock);
		err = st_remap(h->dev, h->dhp, &region->remap);
		mutex_unlock(&h->dev->lock);
		if (err)
			return err;
		break;
	case DMST_ACCESS_PARTS:
		if (off >= region->load_off)
			return devmap_do_ctxmgt(h->dhp, pvtp, off, len, type,
						rw, st_contextmgt);
		break;
	case DMST_ACCESS_RETRY:
		if (atomic_dec_if_positive(&h->retries) >= 0)
			return 0;
		break;
	}
	return devmap_default_access(h->dhp, pvtp, off, len, type, rw);
}

static int st_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     uint_t type, uint_t rw)
{
	struct dmst_record rec = {
		.op = DMST_OP_ACCESS, .handle = st_handle_nr(dhp),
		.pvtp = st_priv_nr(pvtp), .off = off, .len = len,
		.type = type, .rw = rw,
	};
	struct st_device *dev = device_of(dhp, pvtp);
	struct st_handle *h = st_handle_find(dhp);
	u64 seq;

	if (WARN_ON_ONCE(!dev))
		return -1;

	seq = st_record(dev, &rec);
	rec.ret = st_injected(dev, DMST_OP_ACCESS);
	if (!rec.ret && h)
		rec.ret = do_access(h, pvtp, off, len, type, rw);
	else if (!rec.ret)
		rec.ret = devmap_default_access(dhp, pvtp, off, len, type, rw);
	st_record_done(dev, seq, &rec);
	return rec.ret;
}

/* Another address: contexts are arbitrated for each function separately. */
static noinline int st_access_b(devmap_cookie_t dhp, void *pvtp, offset_t off,
				size_t len, uint_t type, uint_t rw)
{
	return st_access(dhp, pvtp, off, len, type, rw);
}

/* What a child begins with: its own context, with the parent's content. */
static struct st_context *copy_context(struct st_device *dev,
				       const struct st_handle *h,
				       const struct st_context *from)
{
	size_t size = st_content_size(dev, &h->region);
	struct st_context *ctx;

	lockdep_assert_held(&dev->lock);

	ctx = st_context_new(dev, size);
	if (!ctx || !size)
		return ctx;
	if (dev->current_context == from)
		st_content_save(dev, &h->region, ctx->save);
	else
		memcpy(ctx->save, from->save, size);
	return ctx;
}

static int st_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		  void **new_pvtp)
{
	struct dmst_record rec = {
		.op = DMST_OP_DUP, .handle = st_handle_nr(dhp),
		.pvtp = st_priv_nr(pvtp),
		.npv2 = st_priv_nr(*new_pvtp),	/* NULL, that is */
	};
	struct st_handle *h = st_handle_find(dhp), *new;
	struct st_priv *priv = st_priv_of(pvtp);
	struct st_context *ctx = NULL;
	struct st_device *dev;
	u64 seq;

	if (!h)
		return EINVAL;

	dev = h->dev;
	mutex_lock(&dev->lock);
	new = st_handle_add(dev, new_dhp, &h->region);
	rec.new1 = new->nr;
	seq = st_record(dev, &rec);
	if (h->region.flags & DMST_F_UNLOAD)
		st_unload(dev, dhp, 0, 0);
	if (h->region.flags & DMST_F_UNLOAD_ALL)
		st_unload_all(dev);
	if (h->region.flags & DMST_F_REMAP)
		st_remap(dev, new_dhp, &h->region.remap);
	rec.ret = st_injected(dev, DMST_OP_DUP);
	if (!rec.ret && priv) {
		ctx = copy_context(dev, h, priv->context);
		if (!ctx)
			rec.ret = ENOMEM;
	}
	/* If it failed, the child's handle must not be heard of again. */
	if (!rec.ret) {
		new->usable = true;
		if (ctx)
			*new_pvtp = st_priv_new(dev, new_dhp, priv->off,
						priv->len, ctx);
		rec.npv1 = st_priv_nr(*new_pvtp);
	}
	st_record_done(dev, seq, &rec);
	mutex_unlock(&dev->lock);
	return rec.ret;
}

/* Number of what is left of @h; it may be @h itself. */
static u32 name_remnant(struct st_handle *h, devmap_cookie_t dhp)
{
	struct st_handle *new;

	if (!dhp)
		return 0;
	if (dhp == h->dhp)
		return h->nr;

	new = st_handle_add(h->dev, dhp, &h->region);
	new->usable = true;
	return new->nr;
}

static u32 store_remnant(const struct st_priv *old, devmap_cookie_t dhp,
			 void **pvtp, offset_t off, size_t len)
{
	if (!dhp || !pvtp || !old)
		return 0;
	*pvtp = st_priv_new(old->dev, dhp, off, len, old->context);
	return st_priv_nr(*pvtp);
}

static void st_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     devmap_cookie_t new_dhp1, void **new_pvtp1,
		     devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct dmst_record rec = {
		.op = DMST_OP_UNMAP, .handle = st_handle_nr(dhp),
		.pvtp = st_priv_nr(pvtp), .off = off, .len = len,
		.ptrs = (new_pvtp1 ? 1 : 0) | (new_pvtp2 ? 2 : 0),
	};
	struct st_device *dev = device_of(dhp, pvtp);
	struct st_handle *h = st_handle_find(dhp);
	struct st_priv *priv = st_priv_of(pvtp);
	bool linger;
	u64 seq;

	if (WARN_ON_ONCE(!dev))
		return;

	linger = h && (h->region.flags & DMST_F_LINGER);

	if (h && (h->region.flags & DMST_F_SLEEP_UNMAP))
		wait_for_wake(dev);

	mutex_lock(&dev->lock);
	if (!h) {
		/* The private data belongs to the parent's handle. */
		seq = st_record(dev, &rec);
		goto out;
	}

	rec.new1 = name_remnant(h, new_dhp1);
	rec.new2 = name_remnant(h, new_dhp2);
	seq = st_record(dev, &rec);
	if (h->region.flags & DMST_F_UNLOAD)
		st_unload(dev, dhp, off, len);
	if (h->region.flags & DMST_F_UNLOAD_ALL)
		st_unload_all(dev);

	if (priv && (priv->dhp != dhp || off < priv->off ||
		     off + len > priv->off + priv->len)) {
		atomic_inc(&dev->bad);
	} else if (priv) {
		rec.npv1 = store_remnant(priv, new_dhp1, new_pvtp1, priv->off,
					 off - priv->off);
		rec.npv2 = store_remnant(priv, new_dhp2, new_pvtp2, off + len,
					 priv->off + priv->len - off - len);
	}
	if (priv)
		st_priv_free(priv);
	if (dhp != new_dhp1 && dhp != new_dhp2)
		st_handle_del(h);
out:
	rec.ret = 0;
	st_record_done(dev, seq, &rec);
	mutex_unlock(&dev->lock);
	if (linger)
		wait_for_wake(dev);
}

/**
 * st_fill_callbacks() - the table that a region asks for
 * @region: the region
 * @ops: filled in
 */
void st_fill_callbacks(const struct dmst_region *region,
		       struct devmap_callback_ctl *ops)
{
	*ops = (struct devmap_callback_ctl){
		.devmap_rev = region->flags & DMST_F_REV ? region->rev :
							   DEVMAP_OPS_REV,
	};
	if (region->callbacks & DMST_CB_MAP)
		ops->devmap_map = st_map;
	if (region->callbacks & DMST_CB_ACCESS)
		ops->devmap_access = st_access;
	if (region->callbacks & DMST_CB_ACCESS_B)
		ops->devmap_access = st_access_b;
	if (region->callbacks & DMST_CB_ACCESS_DEFAULT)
		ops->devmap_access = devmap_default_access;
	if (region->callbacks & DMST_CB_DUP)
		ops->devmap_dup = st_dup;
	if (region->callbacks & DMST_CB_UNMAP)
		ops->devmap_unmap = st_unmap;
}
