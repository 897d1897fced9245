// SPDX-License-Identifier: GPL-2.0
/* Handles and private data: what the device knows of its mappings. */

#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "device.h"

/* All handles and all private data, by address; leaf lock. */
static DEFINE_SPINLOCK(tables_lock);
static DEFINE_HASHTABLE(handles, 10);
static DEFINE_HASHTABLE(privs, 10);

static struct st_handle *find_handle(devmap_cookie_t dhp)
{
	struct st_handle *h;

	lockdep_assert_held(&tables_lock);

	hash_for_each_possible(handles, h, node, (unsigned long)dhp) {
		if (h->dhp == dhp)
			return h;
	}
	return NULL;
}

/**
 * st_handle_add() - give a new handle a number
 * @dev: the device, locked
 * @dhp: the handle; if the device knows it, that one has gone
 * @region: the region it belongs to, or NULL
 *
 * Return: the handle's entry.
 */
struct st_handle *st_handle_add(struct st_device *dev, devmap_cookie_t dhp,
				const struct dmst_region *region)
{
	struct st_handle *h = kzalloc(sizeof(*h), GFP_KERNEL | __GFP_NOFAIL);
	struct st_handle *old;

	lockdep_assert_held(&dev->lock);

	h->dhp = dhp;
	h->dev = dev;
	h->nr = dev->next_handle++;
	if (region)
		h->region = *region;
	atomic_set(&h->retries, h->region.retries);

	spin_lock(&tables_lock);
	old = find_handle(dhp);
	if (old)
		hash_del(&old->node);
	hash_add(handles, &h->node, (unsigned long)dhp);
	spin_unlock(&tables_lock);
	kfree(old);
	return h;
}

/**
 * st_handle_find() - the entry of a handle
 * @dhp: the handle; it does not go while the caller has it
 *
 * Return: the entry or NULL.
 */
struct st_handle *st_handle_find(devmap_cookie_t dhp)
{
	struct st_handle *h;

	spin_lock(&tables_lock);
	h = find_handle(dhp);
	spin_unlock(&tables_lock);
	return h;
}

/**
 * st_handle_by_nr() - a usable handle by its number
 * @dev: the device, locked: that keeps the handle
 * @nr: the number
 *
 * Return: the entry or NULL.
 */
struct st_handle *st_handle_by_nr(struct st_device *dev, u32 nr)
{
	struct st_handle *h, *found = NULL;
	int bucket;

	lockdep_assert_held(&dev->lock);

	spin_lock(&tables_lock);
	hash_for_each(handles, bucket, h, node) {
		if (h->dev == dev && h->nr == nr && h->usable)
			found = h;
	}
	spin_unlock(&tables_lock);
	return found;
}

/**
 * st_handle_del() - forget a handle
 * @h: its entry; NULL is ignored
 */
void st_handle_del(struct st_handle *h)
{
	if (!h)
		return;

	spin_lock(&tables_lock);
	hash_del(&h->node);
	spin_unlock(&tables_lock);
	kfree(h);
}

/**
 * st_handles_forget() - forget all handles of a device
 * @dev: the device; nobody has it mapped
 */
void st_handles_forget(struct st_device *dev)
{
	struct hlist_node *next;
	struct st_handle *h;
	int bucket;

	spin_lock(&tables_lock);
	hash_for_each_safe(handles, bucket, next, h, node) {
		if (h->dev == dev) {
			hash_del(&h->node);
			kfree(h);
		}
	}
	spin_unlock(&tables_lock);
}

/**
 * st_handles_count() - how many handles a device knows of
 * @dev: the device
 *
 * Return: that.
 */
unsigned int st_handles_count(struct st_device *dev)
{
	struct st_handle *h;
	unsigned int n = 0;
	int bucket;

	spin_lock(&tables_lock);
	hash_for_each(handles, bucket, h, node)
		n += h->dev == dev;
	spin_unlock(&tables_lock);
	return n;
}

/**
 * st_handle_nr() - the number of a handle
 * @dhp: a handle, NULL, or nonsense
 *
 * Return: its number, 0, or DMST_UNKNOWN.
 */
u32 st_handle_nr(devmap_cookie_t dhp)
{
	struct st_handle *h;
	u32 nr = 0;

	if (!dhp)
		return 0;

	spin_lock(&tables_lock);
	h = find_handle(dhp);
	nr = h ? h->nr : DMST_UNKNOWN;
	spin_unlock(&tables_lock);
	return nr;
}

/**
 * st_context_new() - a context without mappings
 * @dev: the device
 * @size: bytes of registers it has to save; may be 0
 *
 * Return: the context, or NULL without memory.
 */
struct st_context *st_context_new(struct st_device *dev, size_t size)
{
	struct st_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return NULL;
	if (size) {
		ctx->save = vzalloc(size);
		if (!ctx->save) {
			kfree(ctx);
			return NULL;
		}
	}
	INIT_LIST_HEAD(&ctx->privs);
	atomic_inc(&dev->contexts);
	return ctx;
}

/**
 * st_priv_new() - private data for a handle
 * @dev: the device, locked
 * @dhp: the handle
 * @off: user offset of it
 * @len: bytes
 * @ctx: the context it belongs to
 *
 * Return: what becomes the handle's pvtp.
 */
struct st_priv *st_priv_new(struct st_device *dev, devmap_cookie_t dhp,
			    offset_t off, size_t len, struct st_context *ctx)
{
	struct st_priv *priv = kzalloc(sizeof(*priv), GFP_KERNEL | __GFP_NOFAIL);

	lockdep_assert_held(&dev->lock);

	priv->dev = dev;
	priv->dhp = dhp;
	priv->off = off;
	priv->len = len;
	priv->nr = dev->next_priv++;
	priv->context = ctx;
	list_add_tail(&priv->in_context, &ctx->privs);
	atomic_inc(&dev->live);

	spin_lock(&tables_lock);
	hash_add(privs, &priv->node, (unsigned long)priv);
	spin_unlock(&tables_lock);
	return priv;
}

/**
 * st_priv_free() - free private data, and its context if that was the last
 * @priv: the private data; its device is locked
 */
void st_priv_free(struct st_priv *priv)
{
	struct st_context *ctx = priv->context;
	struct st_device *dev = priv->dev;

	lockdep_assert_held(&dev->lock);

	spin_lock(&tables_lock);
	hash_del(&priv->node);
	spin_unlock(&tables_lock);
	list_del(&priv->in_context);
	if (!priv->disowned)
		atomic_dec(&dev->live);
	kfree(priv);

	if (!list_empty(&ctx->privs))
		return;
	if (dev->current_context == ctx)
		dev->current_context = NULL;
	vfree(ctx->save);
	kfree(ctx);
	atomic_dec(&dev->contexts);
}

/**
 * st_priv_disown() - private data of a region without devmap_unmap
 * @priv: the private data; its device is locked
 */
void st_priv_disown(struct st_priv *priv)
{
	lockdep_assert_held(&priv->dev->lock);

	priv->disowned = true;
	atomic_dec(&priv->dev->live);
}

/**
 * st_priv_next() - step through the private data of a device
 * @dev: the device, locked
 * @nr: number of the last one, or 0
 *
 * Return: the one with the next higher number, or NULL.
 */
struct st_priv *st_priv_next(struct st_device *dev, u32 nr)
{
	struct st_priv *priv, *next = NULL;
	int bucket;

	spin_lock(&tables_lock);
	hash_for_each(privs, bucket, priv, node) {
		if (priv->dev == dev && priv->nr > nr &&
		    (!next || priv->nr < next->nr))
			next = priv;
	}
	spin_unlock(&tables_lock);
	return next;
}

/**
 * st_privs_forget() - free all private data of a device
 * @dev: the device, locked; nobody has it mapped
 */
void st_privs_forget(struct st_device *dev)
{
	struct st_priv *priv;

	while ((priv = st_priv_next(dev, 0)))
		st_priv_free(priv);
}

/**
 * st_priv_of() - check a pvtp
 * @pvtp: as a callback received it
 *
 * Return: the private data, or NULL if it is none, or none that lives.
 */
struct st_priv *st_priv_of(void *pvtp)
{
	struct st_priv *priv, *found = NULL;

	spin_lock(&tables_lock);
	hash_for_each_possible(privs, priv, node, (unsigned long)pvtp) {
		if (priv == pvtp)
			found = priv;
	}
	spin_unlock(&tables_lock);
	return found;
}

/**
 * st_priv_nr() - the number of private data
 * @pvtp: private data, NULL, or nonsense
 *
 * Return: its number, 0, or DMST_UNKNOWN.
 */
u32 st_priv_nr(void *pvtp)
{
	struct st_priv *priv = st_priv_of(pvtp);

	if (!pvtp)
		return 0;
	return priv ? priv->nr : DMST_UNKNOWN;
}

/**
 * st_unload_all() - DMST_UNLOAD_ALL
 * @dev: the device, locked: that keeps the handles
 */
void st_unload_all(struct st_device *dev)
{
	struct st_priv *priv;
	u32 nr = 0;

	lockdep_assert_held(&dev->lock);

	while ((priv = st_priv_next(dev, nr))) {
		nr = priv->nr;
		st_unload(dev, priv->dhp, priv->off, priv->len);
	}
}
