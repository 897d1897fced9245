// SPDX-License-Identifier: GPL-2.0
/*
 * Who has a device number open: open(9E) for everyone, close(9E) for the last.
 *
 * An open that is on its way counts: close(9E) waits for it, as it may make
 * close(9E) unnecessary. And an open waits while close(9E) of its device number
 * runs.
 */

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <sys/open.h>

#include "instance.h"

/**
 * struct ddi_open - a device number that is open, or is about to be
 * @dev: constant
 * @opened: files, whose mappings count, as they keep their file
 * @pending: calls of open(9E)
 * @due: open(9E) has succeeded since the last close(9E)
 * @closing: close(9E) runs
 * @flag: of the file that has let go of it last, or that has it open last
 * @cred: likewise: whose file that is, counted
 *
 * All protected by &ddi_instance.open_lock.
 */
struct ddi_open {
	dev_t dev;
	unsigned int opened;
	unsigned int pending;
	bool due;
	bool closing;
	int flag;
	const struct cred *cred;
};

static struct ddi_open *open_find(struct ddi_instance *inst, dev_t dev)
{
	lockdep_assert_held(&inst->open_lock);

	return xa_load(&inst->opens, MINOR(dev));
}

/* Small, and needed where open(9E) has succeeded already. */
static struct ddi_open *open_find_or_add(struct ddi_instance *inst, dev_t dev)
{
	struct ddi_open *open = open_find(inst, dev);

	if (open)
		return open;

	open = kzalloc(sizeof(*open), GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	open->dev = dev;
	xa_store(&inst->opens, MINOR(dev), open,
		 GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	return open;
}

static void set_file(struct ddi_open *open, int flag, const struct cred *cred)
{
	const struct cred *old = open->cred;

	open->flag = flag;
	open->cred = get_cred(cred);
	put_cred(old);
}

/* For the file, whoever closes it: a worker of the kernel may. */
static void call_close(struct ddi_instance *inst, dev_t dev, int flag,
		       const struct cred *cred)
{
	if (inst->driver->cb.cb_close)
		inst->driver->cb.cb_close(dev, flag, OTYP_CHR, (cred_t *)cred);
}

static void open_free(struct ddi_instance *inst, struct ddi_open *open)
{
	xa_erase(&inst->opens, MINOR(open->dev));
	put_cred(open->cred);
	kfree(open);
}

/*
 * A file, or an open(2) that did not succeed, has let go of a device number. The lock
 * is dropped for close(9E). Meanwhile a clone may have taken up the number, whose close
 * is then due as well, whether its file is gone by then or not.
 */
static void open_settle(struct ddi_instance *inst, struct ddi_open *open)
{
	const struct cred *cred;
	int flag;

	lockdep_assert_held(&inst->open_lock);

	/* The task that is in close(9E) looks again when it is out. */
	if (open->closing)
		return;

	while (open->due && !open->opened && !open->pending) {
		open->due = false;
		open->closing = true;
		flag = open->flag;
		cred = get_cred(open->cred);
		mutex_unlock(&inst->open_lock);
		call_close(inst, open->dev, flag, cred);
		put_cred(cred);
		mutex_lock(&inst->open_lock);
		open->closing = false;
		atomic_inc(&inst->closes);
		wake_up_all(&inst->close_wait);
	}
	if (!open->opened && !open->pending)
		open_free(inst, open);
}

/* Announces an open of @dev, when no close(9E) runs. */
static struct ddi_open *open_begin(struct ddi_instance *inst, dev_t dev)
{
	struct ddi_open *open;
	int closes;

	mutex_lock(&inst->open_lock);
	while ((open = open_find(inst, dev)) && open->closing) {
		closes = atomic_read(&inst->closes);
		mutex_unlock(&inst->open_lock);
		if (wait_event_interruptible(inst->close_wait,
					     atomic_read(&inst->closes) != closes ||
					     READ_ONCE(inst->dip->gone)))
			return ERR_PTR(-ERESTARTSYS);
		if (READ_ONCE(inst->dip->gone))
			return ERR_PTR(-ENXIO);
		mutex_lock(&inst->open_lock);
	}
	open = open_find_or_add(inst, dev);
	open->pending++;
	mutex_unlock(&inst->open_lock);
	return open;
}

/**
 * devmap_ddi_open() - open(9E)
 * @inst: the instance, entered by devmap_ddi_enter()
 * @devp: the device number; may become another one: a clone
 * @flag: FREAD, FWRITE, ...
 * @cred: of the file
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_open(struct ddi_instance *inst, dev_t *devp, int flag,
		    const struct cred *cred)
{
	struct ddi_driver *driver = inst->driver;
	struct ddi_open *asked, *open;
	dev_t dev = *devp;
	int err = ENXIO;

	asked = open_begin(inst, dev);
	if (IS_ERR(asked))
		return PTR_ERR(asked);

	if (driver->cb.cb_open)
		err = driver->cb.cb_open(&dev, flag, OTYP_CHR, (cred_t *)cred);
	if (!err && MAJOR(dev) != driver->major) {
		pr_warn_ratelimited("devmap: %s: open(9E) made a device number of another driver, or with a minor of more than 20 bits: refused\n",
				    driver->name);
		err = ENXIO;
	}

	mutex_lock(&inst->open_lock);
	asked->pending--;
	if (!err) {
		open = open_find_or_add(inst, dev);
		open->opened++;
		open->due = true;
		set_file(open, flag, cred);
	}
	open_settle(inst, asked);
	mutex_unlock(&inst->open_lock);

	*devp = dev;
	return devmap_ddi_errno(err);
}

/**
 * devmap_ddi_close() - a file is gone: close(9E) if it was the last
 * @inst: the instance, entered by devmap_ddi_enter()
 * @dev: the device number that open(9E) left
 * @flag: FREAD, FWRITE, ...
 * @cred: of the file: the opener's
 */
void devmap_ddi_close(struct ddi_instance *inst, dev_t dev, int flag,
		      const struct cred *cred)
{
	struct ddi_open *open;

	mutex_lock(&inst->open_lock);
	open = open_find(inst, dev);
	open->opened--;
	set_file(open, flag, cred);
	open_settle(inst, open);
	mutex_unlock(&inst->open_lock);
}

/**
 * devmap_ddi_is_open() - does anybody have it open, or is about to?
 * @inst: the instance
 *
 * Return: whether open(9E), close(9E) or what lies between is on its way.
 */
bool devmap_ddi_is_open(struct ddi_instance *inst)
{
	bool open;

	mutex_lock(&inst->open_lock);
	open = !xa_empty(&inst->opens);
	mutex_unlock(&inst->open_lock);
	return open;
}

/**
 * devmap_ddi_close_all() - close(9E) for all that is open: the device goes
 * @inst: the instance; nobody is in it, or ever will be
 */
void devmap_ddi_close_all(struct ddi_instance *inst)
{
	struct ddi_open *open;
	unsigned long minor;

	xa_for_each(&inst->opens, minor, open) {
		if (open->due)
			call_close(inst, open->dev, open->flag, open->cred);
		open_free(inst, open);
	}
}
