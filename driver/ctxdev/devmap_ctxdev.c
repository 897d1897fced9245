// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_ctxdev: a device without hardware that holds one context.
 *
 * Its registers fill a few pages, which programs map and use as if each of them
 * had the device for itself. The driver lends the registers to one context at a
 * time: whoever touches them while another context is in the device gets there
 * only after the other one's translations are unloaded, its registers saved and
 * the own ones restored.
 *
 *	offset 0		register file, with contexts
 *	offset pages * page	status page, the same for everybody
 *
 * Which context a mapping has:
 *
 *  - A MAP_PRIVATE mapping has its own, which starts with all registers 0. What
 *    is left of it after a partial munmap(2) stays one context. A child of
 *    fork(2) gets a copy, as it stands then.
 *  - All MAP_SHARED mappings of an instance share one. It starts with all
 *    registers 0 at the first such mapping and ends with the last.
 *
 * The entry points are in the order in which a mapping meets them. See
 * Documentation/ctxdev.rst.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cdev.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/devmap.h>
#include <sys/ddi.h>
#include <sys/errno.h>

#include "../../compat/linux/device.h"
#include "devmap_ctxdev.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

#define CTXDEV_MAX_INSTANCES	64
#define CTXDEV_MAX_PAGES	1024

static unsigned int instances = 1;
module_param(instances, uint, 0444);
MODULE_PARM_DESC(instances, "Number of devices (default 1)");

static unsigned int pages = 4;
module_param(pages, uint, 0444);
MODULE_PARM_DESC(pages, "Pages of registers in a context (default 4)");

static unsigned int timeout_ms;
module_param(timeout_ms, uint, 0444);
MODULE_PARM_DESC(timeout_ms, "Milliseconds that a context is kept at least (default 0)");

/**
 * struct ctxdev - one instance
 * @dip: the layer's idea of it; constant
 * @number: constant
 * @regs: the register file; @lock, and mappings of @current_ctx
 * @regs_cookie: to map @regs; constant
 * @status: the status page; written with @lock, never read
 * @status_cookie: to map @status; constant
 * @lock: the driver's mutex. Held over a switch from the first unload to the
 *	load, and by everything that looks at mappings and contexts
 * @contexts: struct ctxdev_context; @lock
 * @current_ctx: the context in the device, or NULL; @lock
 * @last_id: number of the newest context; @lock
 * @switches: contexts restored so far; @lock
 */
struct ctxdev {
	dev_info_t *dip;
	int number;
	u64 *regs;
	ddi_umem_cookie_t regs_cookie;
	struct devmap_ctxdev_status *status;
	ddi_umem_cookie_t status_cookie;
	struct mutex lock; /* taken in callbacks, under mmap_lock */
	struct list_head contexts;
	struct ctxdev_context *current_ctx;
	u64 last_id;
	u64 switches;
};

/**
 * struct ctxdev_context - what the registers are to some mappings
 * @node: in &ctxdev.contexts; &ctxdev.lock
 * @mappings: struct ctxdev_mapping, never none; &ctxdev.lock
 * @id: its number; constant
 * @shared: that of the MAP_SHARED mappings; constant
 * @locks: accesses of type DEVMAP_LOCK without DEVMAP_UNLOCK, which keep it in
 *	the device; &ctxdev.lock
 * @forks: how often fork(2) has copied it; &ctxdev.lock
 * @origin: id of the context that it is a copy of, or 0; constant
 * @origin_fork: by which of the forks of @origin; constant
 * @saved: the registers while they are not in the device; &ctxdev.lock
 */
struct ctxdev_context {
	struct list_head node;
	struct list_head mappings;
	u64 id;
	bool shared;
	unsigned int locks;
	u64 forks;
	u64 origin;
	u64 origin_fork;
	u64 *saved;
};

/**
 * struct ctxdev_mapping - private data of a handle of the register file
 * @node: in &ctxdev_context.mappings; &ctxdev.lock
 * @sc: the instance; constant
 * @ctx: its context; constant
 * @dhp: the handle; constant
 * @forks: &ctxdev_context.forks when fork(2) last copied it; &ctxdev.lock
 */
struct ctxdev_mapping {
	struct list_head node;
	struct ctxdev *sc;
	struct ctxdev_context *ctx;
	devmap_cookie_t dhp;
	u64 forks;
};

static struct ctxdev *ctxdevs;

static struct ctxdev *ctxdev_of(dev_t dev)
{
	return &ctxdevs[getminor(dev)];
}

/*
 * Contexts
 */

static size_t context_size(void)
{
	return ptob(pages);
}

/* The registers of a context are in the device or in memory. */
static u64 *registers_of(struct ctxdev *sc, struct ctxdev_context *ctx)
{
	lockdep_assert_held(&sc->lock);

	return ctx == sc->current_ctx ? sc->regs : ctx->saved;
}

static struct ctxdev_context *context_create(struct ctxdev *sc, bool shared)
{
	struct ctxdev_context *ctx;

	lockdep_assert_held(&sc->lock);

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);
	if (!ctx)
		return NULL;

	ctx->saved = kvzalloc(context_size(), GFP_KERNEL_ACCOUNT);
	if (!ctx->saved) {
		kfree(ctx);
		return NULL;
	}

	ctx->id = ++sc->last_id;
	ctx->shared = shared;
	INIT_LIST_HEAD(&ctx->mappings);
	list_add(&ctx->node, &sc->contexts);
	return ctx;
}

static struct ctxdev_context *shared_context(struct ctxdev *sc)
{
	struct ctxdev_context *ctx;

	lockdep_assert_held(&sc->lock);

	list_for_each_entry(ctx, &sc->contexts, node) {
		if (ctx->shared)
			return ctx;
	}
	return context_create(sc, true);
}

static void update_status(struct ctxdev *sc)
{
	lockdep_assert_held(&sc->lock);

	WRITE_ONCE(sc->status->magic, DEVMAP_CTXDEV_MAGIC);
	WRITE_ONCE(sc->status->version, DEVMAP_CTXDEV_VERSION);
	WRITE_ONCE(sc->status->instance, sc->number);
	WRITE_ONCE(sc->status->pages, pages);
	WRITE_ONCE(sc->status->switches, sc->switches);
	WRITE_ONCE(sc->status->context,
		   sc->current_ctx ? sc->current_ctx->id : 0);
}

/* A context without mappings is of no use to anybody. */
static void context_put(struct ctxdev *sc, struct ctxdev_context *ctx)
{
	lockdep_assert_held(&sc->lock);

	if (!list_empty(&ctx->mappings))
		return;

	if (ctx == sc->current_ctx) {
		sc->current_ctx = NULL;
		update_status(sc);
	}
	list_del(&ctx->node);
	kvfree(ctx->saved);
	kfree(ctx);
}

static void mapping_init(struct ctxdev_mapping *m, struct ctxdev *sc,
			 struct ctxdev_context *ctx, devmap_cookie_t dhp)
{
	lockdep_assert_held(&sc->lock);

	m->sc = sc;
	m->ctx = ctx;
	m->dhp = dhp;
	m->forks = ctx->forks;
	list_add_tail(&m->node, &ctx->mappings);
}

/*
 * Switching
 */

/* From here on, nobody gets at the registers as @ctx without a call of us. */
static int context_unload(struct ctxdev *sc, struct ctxdev_context *ctx)
{
	struct ctxdev_mapping *m;
	int err;

	lockdep_assert_held(&sc->lock);

	list_for_each_entry(m, &ctx->mappings, node) {
		err = devmap_unload(m->dhp, 0, 0);
		if (err)
			return err;
	}
	return 0;
}

static void context_save(struct ctxdev *sc, struct ctxdev_context *ctx)
{
	memcpy(ctx->saved, sc->regs, context_size());
	trace_ctxdev_save(sc->number, ctx->id, ctx->saved[0]);
}

static void context_restore(struct ctxdev *sc, struct ctxdev_context *ctx)
{
	memcpy(sc->regs, ctx->saved, context_size());
	trace_ctxdev_restore(sc->number, ctx->id, ctx->saved[0]);
}

static int switch_context(struct ctxdev *sc, struct ctxdev_context *to)
{
	struct ctxdev_context *from = sc->current_ctx;
	int err;

	lockdep_assert_held(&sc->lock);

	if (from) {
		err = context_unload(sc, from);
		if (err)
			return err;
		context_save(sc, from);
	}

	context_restore(sc, to);
	sc->current_ctx = to;
	sc->switches++;
	update_status(sc);
	return 0;
}

/*
 * devmap_contextmgt(9E): give the device to the context of the mapping. The
 * order is all that matters here: no translation of the old context is left
 * when its registers are saved, and none of the new one is there before its
 * registers are restored. The mutex makes one step of it.
 *
 * While somebody has the old context locked, it stays. An access that returns
 * without having loaded its page is tried again a little later.
 */
static int ctxdev_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off,
			     size_t len, uint_t type, uint_t rw)
{
	struct ctxdev_mapping *m = pvtp;
	struct ctxdev_context *from;
	struct ctxdev *sc = m->sc;
	int err = 0;

	mutex_lock(&sc->lock);
	from = sc->current_ctx;
	if (from != m->ctx) {
		if (from && from->locks) {
			err = type == DEVMAP_LOCK ? EAGAIN : 0;
			goto out;
		}
		err = switch_context(sc, m->ctx);
		if (err)
			goto out;
	}

	err = devmap_load(dhp, off, len, type, rw);
	if (!err && type == DEVMAP_LOCK)
		m->ctx->locks++;
out:
	mutex_unlock(&sc->lock);
	return err;
}

/*
 * Entry points of devmap_callback_ctl(9S)
 */

/* devmap_map(9E): a new mapping of the register file. */
static int ctxdev_map(devmap_cookie_t dhp, dev_t dev, uint_t flags,
		      offset_t off, size_t len, void **pvtp)
{
	struct ctxdev *sc = ctxdev_of(dev);
	struct ctxdev_context *ctx;
	struct ctxdev_mapping *m;
	int err = ENOMEM;

	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return err;

	mutex_lock(&sc->lock);
	if (flags & MAP_PRIVATE)
		ctx = context_create(sc, false);
	else
		ctx = shared_context(sc);
	if (!ctx)
		goto err_unlock;

	mapping_init(m, sc, ctx, dhp);
	mutex_unlock(&sc->lock);

	devmap_set_ctx_timeout(dhp, msecs_to_jiffies(timeout_ms));
	*pvtp = m;
	return 0;

err_unlock:
	mutex_unlock(&sc->lock);
	kfree(m);
	return err;
}

static void unlock_context(struct ctxdev_mapping *m)
{
	mutex_lock(&m->sc->lock);
	m->ctx->locks--;
	mutex_unlock(&m->sc->lock);
}

/*
 * devmap_access(9E): a page of the register file was touched; or a debugger
 * wants pages of it to stay for a while, or no longer.
 */
static int ctxdev_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
			 size_t len, uint_t type, uint_t rw)
{
	if (type == DEVMAP_UNLOCK) {
		unlock_context(pvtp);
		return 0;
	}
	return devmap_do_ctxmgt(dhp, pvtp, off, len, type, rw,
				ctxdev_contextmgt);
}

static struct ctxdev_context *find_copy(struct ctxdev *sc,
					const struct ctxdev_context *ctx)
{
	struct ctxdev_context *copy;

	list_for_each_entry(copy, &sc->contexts, node) {
		if (copy->origin == ctx->id && copy->origin_fork == ctx->forks)
			return copy;
	}
	return NULL;
}

/*
 * A mapping with holes has several handles and one context, and so must its
 * copy: the first handle that a fork(2) duplicates makes it, the others find
 * it. The first one is known by having been in all forks before.
 *
 * The parent's other threads must not write what is being copied, so its
 * translations go.
 */
static struct ctxdev_context *context_copy(struct ctxdev *sc,
					   struct ctxdev_mapping *m)
{
	struct ctxdev_context *ctx = m->ctx, *copy;

	lockdep_assert_held(&sc->lock);

	if (m->forks == ctx->forks)
		ctx->forks++;
	m->forks = ctx->forks;

	copy = find_copy(sc, ctx);
	if (copy)
		return copy;

	if (ctx == sc->current_ctx && context_unload(sc, ctx))
		return NULL;
	copy = context_create(sc, false);
	if (!copy)
		return NULL;

	copy->origin = ctx->id;
	copy->origin_fork = ctx->forks;
	memcpy(copy->saved, registers_of(sc, ctx), context_size());
	return copy;
}

/* devmap_dup(9E): fork(2) has duplicated a mapping. */
static int ctxdev_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		      void **new_pvtp)
{
	struct ctxdev_mapping *m = pvtp, *new;
	struct ctxdev *sc = m->sc;
	struct ctxdev_context *ctx;
	int err = ENOMEM;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return err;

	mutex_lock(&sc->lock);
	ctx = m->ctx->shared ? m->ctx : context_copy(sc, m);
	if (!ctx)
		goto err_unlock;

	mapping_init(new, sc, ctx, new_dhp);
	mutex_unlock(&sc->lock);

	*new_pvtp = new;
	return 0;

err_unlock:
	mutex_unlock(&sc->lock);
	kfree(new);
	return err;
}

/*
 * devmap_unmap(9E): a mapping is gone, or a part of it. What is left below and
 * above the hole are mappings with private data of their own. Nothing may fail
 * here.
 */
static void ctxdev_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off,
			 size_t len, devmap_cookie_t new_dhp1, void **new_pvtp1,
			 devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct ctxdev_mapping *m = pvtp, *below = NULL, *above = NULL;
	struct ctxdev *sc = m->sc;

	if (new_dhp1)
		below = kzalloc(sizeof(*below), GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	if (new_dhp2)
		above = kzalloc(sizeof(*above), GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);

	mutex_lock(&sc->lock);
	if (below) {
		mapping_init(below, sc, m->ctx, new_dhp1);
		*new_pvtp1 = below;
	}
	if (above) {
		mapping_init(above, sc, m->ctx, new_dhp2);
		*new_pvtp2 = above;
	}
	list_del(&m->node);
	context_put(sc, m->ctx);
	mutex_unlock(&sc->lock);

	kfree(m);
}

static struct devmap_callback_ctl ctxdev_regs_ops = {
	.devmap_rev = DEVMAP_OPS_REV,
	.devmap_map = ctxdev_map,
	.devmap_access = ctxdev_access,
	.devmap_dup = ctxdev_dup,
	.devmap_unmap = ctxdev_unmap,
};

/*
 * No contexts: a touch just loads the page. Without this function the system
 * would do the same, but a MAP_PRIVATE mapping must have one.
 */
static struct devmap_callback_ctl ctxdev_status_ops = {
	.devmap_rev = DEVMAP_OPS_REV,
	.devmap_access = devmap_default_access,
};

/*
 * devmap(9E): what is at an offset. Called again for what we leave, so one
 * mmap(2) can get a handle with contexts and one without.
 *
 * mmap(2) fails if it asks for more than PROT_ALL takes back. The status page
 * could do without writing, but then nobody could map it in one go with
 * registers he wants to write.
 */
static int ctxdev_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off,
			 size_t len, size_t *maplen, uint_t model)
{
	struct ctxdev *sc = ctxdev_of(dev);
	offset_t status_off = context_size();
	int err = ENXIO;

	if (off >= 0 && off < status_off) {
		len = min_t(size_t, len, status_off - off);
		err = devmap_umem_setup(dhp, sc->dip, &ctxdev_regs_ops,
					sc->regs_cookie, off, len, PROT_ALL,
					DEVMAP_DEFAULTS, NULL);
	} else if (off == status_off) {
		len = PAGESIZE;
		err = devmap_umem_setup(dhp, sc->dip, &ctxdev_status_ops,
					sc->status_cookie, 0, len, PROT_ALL,
					DEVMAP_DEFAULTS, NULL);
	}
	if (err)
		return err;

	*maplen = len;
	return 0;
}

static const struct devmap_dev_ops ctxdev_dev_ops = {
	.devmap = ctxdev_devmap,
};

/*
 * The character device
 */

static int ctxdev_open(struct inode *inode, struct file *file)
{
	struct ctxdev *sc = ctxdev_of(inode->i_rdev);

	file->private_data = sc;
	return devmap_open(sc->dip, file);
}

static int ctxdev_release(struct inode *inode, struct file *file)
{
	struct ctxdev *sc = file->private_data;

	devmap_release(sc->dip, file);
	return 0;
}

static int ctxdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ctxdev *sc = file->private_data;

	return devmap_mmap(sc->dip, vma);
}

static const struct file_operations ctxdev_fops = {
	.owner = THIS_MODULE,
	.open = ctxdev_open,
	.release = ctxdev_release,
	.mmap = ctxdev_mmap,
};

static int ctxdev_attach(struct ctxdev *sc, int number)
{
	sc->number = number;
	mutex_init(&sc->lock);
	INIT_LIST_HEAD(&sc->contexts);

	sc->regs = ddi_umem_alloc(context_size(), DDI_UMEM_SLEEP,
				  &sc->regs_cookie);
	if (!sc->regs)
		return -ENOMEM;

	sc->status = ddi_umem_alloc(PAGESIZE, DDI_UMEM_SLEEP,
				    &sc->status_cookie);
	if (!sc->status)
		goto err_regs;

	sc->dip = devmap_dev_create(NULL, number, &ctxdev_dev_ops);
	if (IS_ERR(sc->dip))
		goto err_status;

	mutex_lock(&sc->lock);
	update_status(sc);
	mutex_unlock(&sc->lock);
	return 0;

err_status:
	ddi_umem_free(sc->status_cookie);
err_regs:
	ddi_umem_free(sc->regs_cookie);
	return -ENOMEM;
}

static void ctxdev_detach(struct ctxdev *sc)
{
	devmap_dev_destroy(sc->dip);
	ddi_umem_free(sc->status_cookie);
	ddi_umem_free(sc->regs_cookie);
	mutex_destroy(&sc->lock);
}

static dev_t ctxdev_first;
static struct class *ctxdev_class;
static struct cdev ctxdev_cdev;

/* There is nothing to protect: everybody may play with it. */
static char *ctxdev_devnode(devmap_devnode_device *dev, umode_t *mode)
{
	if (mode)
		*mode = 0666;
	return NULL;
}

static int create_instance(unsigned int i)
{
	dev_t dev = makedevice(getmajor(ctxdev_first), i);
	struct device *node;
	int err;

	err = ctxdev_attach(&ctxdevs[i], i);
	if (err)
		return err;

	node = device_create(ctxdev_class, NULL, dev, NULL, "devmap_ctx%u", i);
	if (IS_ERR(node)) {
		ctxdev_detach(&ctxdevs[i]);
		return PTR_ERR(node);
	}
	return 0;
}

static void destroy_instances(unsigned int nr)
{
	while (nr--) {
		device_destroy(ctxdev_class,
			       makedevice(getmajor(ctxdev_first), nr));
		ctxdev_detach(&ctxdevs[nr]);
	}
}

static int create_instances(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < instances; i++) {
		err = create_instance(i);
		if (err) {
			destroy_instances(i);
			return err;
		}
	}
	return 0;
}

static int __init ctxdev_init(void)
{
	int err;

	if (!instances || instances > CTXDEV_MAX_INSTANCES ||
	    !pages || pages > CTXDEV_MAX_PAGES) {
		pr_err("instances must be 1 to %d, pages 1 to %d\n",
		       CTXDEV_MAX_INSTANCES, CTXDEV_MAX_PAGES);
		return -EINVAL;
	}

	ctxdevs = kcalloc(instances, sizeof(*ctxdevs), GFP_KERNEL);
	if (!ctxdevs)
		return -ENOMEM;

	err = alloc_chrdev_region(&ctxdev_first, 0, instances, "devmap_ctx");
	if (err)
		goto err_free;

	ctxdev_class = devmap_class_create("devmap_ctx");
	if (IS_ERR(ctxdev_class)) {
		err = PTR_ERR(ctxdev_class);
		goto err_region;
	}
	ctxdev_class->devnode = ctxdev_devnode;

	err = create_instances();
	if (err)
		goto err_class;

	/* Last: from here on there may be files, and no way back. */
	cdev_init(&ctxdev_cdev, &ctxdev_fops);
	ctxdev_cdev.owner = THIS_MODULE;
	err = cdev_add(&ctxdev_cdev, ctxdev_first, instances);
	if (err)
		goto err_instances;
	return 0;

err_instances:
	destroy_instances(instances);
err_class:
	class_destroy(ctxdev_class);
err_region:
	unregister_chrdev_region(ctxdev_first, instances);
err_free:
	kfree(ctxdevs);
	return err;
}
module_init(ctxdev_init);

static void __exit ctxdev_exit(void)
{
	cdev_del(&ctxdev_cdev);
	destroy_instances(instances);
	class_destroy(ctxdev_class);
	unregister_chrdev_region(ctxdev_first, instances);
	kfree(ctxdevs);
}
module_exit(ctxdev_exit);

MODULE_DESCRIPTION("Example of devmap contexts: a device without hardware that holds one context");
MODULE_LICENSE("GPL");
