// SPDX-License-Identifier: GPL-2.0
/* ddi_mapdev(9F) and its callbacks: a driver that switches contexts. */

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "olddev.h"

/* All there are, of all devices: what the layer passes is looked up in here. */
static LIST_HEAD(privs);

static size_t size_of_memory(const struct old_device *dev)
{
	return (size_t)dev->script.nr_pages << PAGE_SHIFT;
}

static struct old_priv *priv_new(struct old_device *dev)
{
	struct old_priv *priv = kzalloc(sizeof(*priv), GFP_KERNEL);

	lockdep_assert_held(&old_lock);

	if (!priv)
		return NULL;
	priv->save = vzalloc(size_of_memory(dev));
	if (!priv->save) {
		kfree(priv);
		return NULL;
	}
	priv->dev = dev;
	priv->nr = dev->next_priv++;
	dev->nr_privs++;
	list_add_tail(&priv->node, &privs);
	return priv;
}

static void priv_free(struct old_priv *priv)
{
	struct old_device *dev = priv->dev;

	lockdep_assert_held(&old_lock);

	if (dev->current_priv == priv)
		dev->current_priv = NULL;
	list_del(&priv->node);
	dev->nr_privs--;
	vfree(priv->save);
	kfree(priv);
}

/* Which of the private data @ptr points to, if to any: it is not trusted. */
static struct old_priv *priv_of(const void *ptr)
{
	struct old_priv *priv;

	lockdep_assert_held(&old_lock);

	list_for_each_entry(priv, &privs, node) {
		if (priv == ptr)
			return priv;
	}
	return NULL;
}

/**
 * old_priv_by_nr() - private data by its number
 * @dev: the device
 * @nr: the number
 *
 * Context: old_lock held, which keeps it.
 * Return: the private data, or NULL.
 */
struct old_priv *old_priv_by_nr(struct old_device *dev, u32 nr)
{
	struct old_priv *priv;

	lockdep_assert_held(&old_lock);

	list_for_each_entry(priv, &privs, node) {
		if (priv->dev == dev && priv->nr == nr && priv->handle)
			return priv;
	}
	return NULL;
}

static u32 handle_nr(ddi_mapdev_handle_t handle)
{
	struct old_priv *priv;

	lockdep_assert_held(&old_lock);

	list_for_each_entry(priv, &privs, node) {
		if (handle && priv->handle == handle)
			return priv->nr;
	}
	return handle ? OLD_UNKNOWN : 0;
}

/**
 * old_intercept() - ddi_mapdev_intercept() and its record
 * @priv: whose handle; old_lock is held
 * @off: passed on
 * @len: passed on
 *
 * Return: what that returns.
 */
int old_intercept(struct old_priv *priv, off_t off, off_t len)
{
	struct old_record rec = {
		.op = OLD_OP_INTERCEPT, .handle = priv->nr, .off = off,
		.len = len,
	};
	u64 seq = old_record(priv->dev, &rec);

	rec.ret = ddi_mapdev_intercept(priv->handle, off, len);
	old_record_done(priv->dev, seq, &rec);
	return rec.ret;
}

/**
 * old_nointercept() - ddi_mapdev_nointercept() and its record
 * @priv: whose handle; old_lock is held
 * @off: passed on
 * @len: passed on
 *
 * Return: what that returns.
 */
int old_nointercept(struct old_priv *priv, off_t off, off_t len)
{
	struct old_record rec = {
		.op = OLD_OP_NOINTERCEPT, .handle = priv->nr, .off = off,
		.len = len,
	};
	u64 seq = old_record(priv->dev, &rec);

	rec.ret = ddi_mapdev_nointercept(priv->handle, off, len);
	old_record_done(priv->dev, seq, &rec);
	return rec.ret;
}

/* The part of it that depends on the device. */
static void switch_memory(struct old_device *dev, struct old_priv *next)
{
	lockdep_assert_held(&old_lock);

	if (dev->current_priv == next)
		return;
	if (dev->current_priv)
		memcpy(dev->current_priv->save, dev->memory,
		       size_of_memory(dev));
	memcpy(dev->memory, next->save, size_of_memory(dev));
	dev->current_priv = next;
	dev->switches++;
}

/* The example in ddi_mapdev_intercept(9F), to the letter. */
static int access_of_seed(struct old_device *dev, struct old_priv *priv,
			  off_t offset)
{
	int err;

	/* enable access callbacks for the current mapping */
	if (dev->current_priv) {
		err = old_intercept(dev->current_priv, offset, 0);
		if (err)
			return err;
	}
	switch_memory(dev, priv);
	return old_nointercept(priv, offset, 0);
}

/* The same, for mappings that may begin anywhere in the device. */
static int access_of_many(struct old_device *dev, struct old_priv *priv,
			  off_t offset)
{
	int err;

	if (dev->current_priv && dev->current_priv != priv) {
		err = old_intercept(dev->current_priv, 0, 0);
		if (err)
			return err;
	}
	switch_memory(dev, priv);
	return old_nointercept(priv, offset, dev->script.load_len);
}

static int do_access(struct old_device *dev, struct old_priv *priv,
		     off_t offset)
{
	struct old_priv *other = old_priv_by_nr(dev, dev->script.load_other);
	int err = old_injected(dev, OLD_OP_ACCESS);

	if (err)
		return err;
	/* The record tells what came of it. */
	if (other)
		old_nointercept(other, 0, 0);
	if (dev->script.flags & OLD_F_LOAD_OFF)
		offset = dev->script.load_off;

	switch (dev->script.access) {
	case OLD_ACCESS_SEED:
		return access_of_seed(dev, priv, offset);
	case OLD_ACCESS_SWITCH:
		return access_of_many(dev, priv, offset);
	case OLD_ACCESS_NOTHING:
		return 0;
	}
	return old_nointercept(priv, offset, dev->script.load_len);
}

/* mapdev_access(9E) */
static int mapdev_access(ddi_mapdev_handle_t handle, void *devprivate,
			 off_t offset)
{
	struct old_record rec = { .op = OLD_OP_ACCESS, .off = offset };
	struct old_priv *priv;
	int ret = -1;
	u64 seq;

	mutex_lock(&old_lock);
	priv = priv_of(devprivate);
	if (priv) {
		rec.handle = handle_nr(handle);
		rec.priv = priv->nr;
		seq = old_record(priv->dev, &rec);
		ret = do_access(priv->dev, priv, offset);
		rec.ret = ret;
		old_record_done(priv->dev, seq, &rec);
	}
	if (!priv || priv->handle != handle)
		atomic_inc(&old_bad);
	mutex_unlock(&old_lock);
	return ret;
}

/* What the child begins with is what the parent would see now. */
static struct old_priv *copy_priv(struct old_priv *priv)
{
	struct old_device *dev = priv->dev;
	struct old_priv *new = priv_new(dev);

	if (new)
		memcpy(new->save, dev->current_priv == priv ? dev->memory :
							      priv->save,
		       size_of_memory(dev));
	return new;
}

static int do_dup(struct old_priv *priv, ddi_mapdev_handle_t new_handle,
		  void **new_devprivate, struct old_record *rec)
{
	int err = old_injected(priv->dev, OLD_OP_DUP);
	struct old_priv *new;

	if (err)
		return err;
	new = copy_priv(priv);
	if (!new)
		return ENOMEM;

	new->handle = new_handle;
	*new_devprivate = new;
	rec->new_handle = new->nr;
	rec->new_priv = new->nr;
	return 0;
}

/* mapdev_dup(9E) */
static int mapdev_dup(ddi_mapdev_handle_t handle, void *devprivate,
		      ddi_mapdev_handle_t new_handle, void **new_devprivate)
{
	struct old_record rec = { .op = OLD_OP_DUP };
	struct old_priv *priv;
	int ret = EINVAL;
	u64 seq;

	mutex_lock(&old_lock);
	priv = priv_of(devprivate);
	/* The new handle is one that nobody has yet. */
	if (!priv || priv->handle != handle ||
	    handle_nr(new_handle) != OLD_UNKNOWN || *new_devprivate)
		atomic_inc(&old_bad);
	if (priv) {
		rec.handle = handle_nr(handle);
		rec.priv = priv->nr;
		seq = old_record(priv->dev, &rec);
		ret = do_dup(priv, new_handle, new_devprivate, &rec);
		rec.ret = ret;
		old_record_done(priv->dev, seq, &rec);
	}
	mutex_unlock(&old_lock);
	return ret;
}

/* mapdev_free(9E) */
static void mapdev_free(ddi_mapdev_handle_t handle, void *devprivate)
{
	struct old_record rec = { .op = OLD_OP_FREE };
	struct old_priv *priv;
	u64 seq;

	mutex_lock(&old_lock);
	priv = priv_of(devprivate);
	if (!priv || priv->handle != handle)
		atomic_inc(&old_bad);
	if (priv) {
		rec.handle = handle_nr(handle);
		rec.priv = priv->nr;
		seq = old_record(priv->dev, &rec);
		rec.ret = 0;
		old_record_done(priv->dev, seq, &rec);
		priv_free(priv);
	}
	mutex_unlock(&old_lock);
}

/**
 * old_mapdev() - ddi_mapdev() with the callbacks that the script asks for
 * @script: of the device
 * @dev: the device
 * @devno: passed on
 * @off: passed on
 * @asp: passed on
 * @addrp: passed on
 * @len: passed on
 * @prot: passed on
 * @maxprot: passed on
 * @flags: passed on
 * @credp: passed on
 *
 * Context: old_lock not held, as the layer calls mmap(9E).
 * Return: what ddi_mapdev() returns.
 */
int old_mapdev(const struct old_script *script, struct old_device *dev,
	       dev_t devno, off_t off, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *credp)
{
	struct ddi_mapdev_ctl ctl = {
		.mapdev_rev = MAPDEV_REV,
		.mapdev_access = mapdev_access,
		.mapdev_free = mapdev_free,
		.mapdev_dup = mapdev_dup,
	};
	ddi_mapdev_handle_t handle = NULL;
	struct old_priv *priv;
	int err;

	if (script->flags & OLD_F_REV)
		ctl.mapdev_rev = script->rev;
	if (script->flags & OLD_F_NO_ACCESS)
		ctl.mapdev_access = NULL;
	if (script->flags & OLD_F_NO_FREE)
		ctl.mapdev_free = NULL;
	if (script->flags & OLD_F_NO_DUP)
		ctl.mapdev_dup = NULL;

	mutex_lock(&old_lock);
	priv = priv_new(dev);
	mutex_unlock(&old_lock);
	if (!priv)
		return ENOMEM;

	err = ddi_mapdev(devno, off, asp, addrp, len, prot, maxprot, flags,
			 credp, script->flags & OLD_F_NO_CTL ? NULL : &ctl,
			 &handle, priv);
	/* The table was copied: what is on the stack counts no more. */
	memzero_explicit(&ctl, sizeof(ctl));

	mutex_lock(&old_lock);
	if (err)
		priv_free(priv);
	else
		priv->handle = handle;
	if (!err && !handle)
		atomic_inc(&old_bad);
	mutex_unlock(&old_lock);
	return err;
}
