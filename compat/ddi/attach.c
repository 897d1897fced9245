// SPDX-License-Identifier: GPL-2.0
/*
 * The life of an instance: probe(9E), attach(9E), detach(9E), and who is inside
 * in between.
 */

#define pr_fmt(fmt) "devmap: " fmt

#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <sys/sunddi.h>

#include "access.h"
#include "chpoll.h"
#include "instance.h"
#include "model.h"
#include "prop.h"

/* How often detach(9E) is asked again, and how often one is told. */
#define RETRY		HZ
#define PATIENCE	(10 * HZ)

static struct workqueue_struct *retry_wq;

struct ddi_instance *devmap_ddi_instance_get(struct ddi_instance *inst)
{
	kref_get(&inst->ref);
	return inst;
}

static void instance_release(struct kref *ref)
{
	struct ddi_instance *inst = container_of(ref, struct ddi_instance, ref);

	devmap_ddi_props_free(&inst->props);
	xa_destroy(&inst->opens);
	devmap_instance_put(inst->dip);
	kfree(inst);
}

void devmap_ddi_instance_put(struct ddi_instance *inst)
{
	kref_put(&inst->ref, instance_release);
}

static struct ddi_instance *instance_alloc(struct ddi_driver *driver,
					   struct device *dev, int number)
{
	struct ddi_instance *inst = kzalloc(sizeof(*inst), GFP_KERNEL);
	dev_info_t *dip;

	if (!inst)
		return NULL;

	dip = devmap_dev_create(dev, number, &driver->map_ops);
	if (IS_ERR(dip)) {
		kfree(inst);
		return NULL;
	}

	kref_init(&inst->ref);
	inst->driver = driver;
	/* One reference is devmap_dev_destroy()'s. */
	inst->dip = devmap_instance_get(dip);
	inst->number = number;
	inst->addr = dev_name(dev);
	INIT_LIST_HEAD(&inst->minors);
	init_rwsem(&inst->gate);
	mutex_init(&inst->open_lock);
	xa_init(&inst->opens);
	init_waitqueue_head(&inst->close_wait);
	spin_lock_init(&inst->files_lock);
	INIT_LIST_HEAD(&inst->files);
	init_rwsem(&inst->prop_lock);
	INIT_LIST_HEAD(&inst->props);
	dip->ddi = inst;
	return inst;
}

static void set_state(struct ddi_instance *inst, enum ddi_state state)
{
	mutex_lock(&inst->driver->lock);
	inst->state = state;
	mutex_unlock(&inst->driver->lock);
}

/**
 * devmap_ddi_enter() - a user is about to enter the driver
 * @call: on his stack
 * @inst: the instance
 *
 * Return: false if the instance is out of service.
 */
bool devmap_ddi_enter(struct ddi_call *call, struct ddi_instance *inst)
{
	call->inst = inst;
	call->frame = (struct devmap_frame){ .dip = inst->dip, .entry = true };
	call->idx = srcu_read_lock(&inst->dip->srcu);
	if (READ_ONCE(inst->dip->gone)) {
		srcu_read_unlock(&inst->dip->srcu, call->idx);
		return false;
	}
	devmap_frame_push(&call->frame);
	/* Sparse cannot know that it depends on the result. */
	__release(&inst->dip->srcu);
	return true;
}

/**
 * devmap_ddi_leave() - he has left it
 * @call: of devmap_ddi_enter(), which returned true
 */
void devmap_ddi_leave(struct ddi_call *call)
{
	devmap_frame_pop(&call->frame);
	__acquire(&call->inst->dip->srcu);
	srcu_read_unlock(&call->inst->dip->srcu, call->idx);
}

static int call_probe(struct ddi_instance *inst)
{
	const struct dev_ops *ops = &inst->driver->ops;

	switch (ops->devo_probe ? ops->devo_probe(inst->dip) :
				  DDI_PROBE_DONTCARE) {
	case DDI_PROBE_DONTCARE:
	case DDI_PROBE_SUCCESS:
		return 0;
	case DDI_PROBE_PARTIAL:
		return -EPROBE_DEFER;
	default:
		return -ENODEV;
	}
}

static int call_attach(struct ddi_instance *inst)
{
	int result = inst->driver->ops.devo_attach(inst->dip, DDI_ATTACH);

	if (result == DDI_SUCCESS)
		return 0;

	dev_err(inst->dip->dev, "devmap: %s%d: attach(9E) failed (%d)\n",
		inst->driver->name, inst->number, result);
	return -ENXIO;
}

static int probe_and_attach(struct ddi_instance *inst)
{
	struct devmap_frame frame;
	int err;

	devmap_frame_push_own(&frame);
	err = call_probe(inst);
	if (!err)
		err = call_attach(inst);
	devmap_frame_pop(&frame);
	return err;
}

/* Nobody is in the driver any more, nobody has anything of it. */
static void expel(struct ddi_instance *inst)
{
	devmap_ddi_minors_hide(inst);

	/*
	 * Those who sleep in the driver come out, and so do those who wait for
	 * the device.
	 */
	WRITE_ONCE(inst->dip->gone, true);
	devmap_frame_wake(inst->dip);
	devmap_ddi_poll_end(inst);

	devmap_dev_destroy(inst->dip);
	devmap_ddi_close_all(inst);
}

static void instance_end(struct ddi_instance *inst)
{
	struct ddi_driver *driver = inst->driver;

	devmap_regs_leave(inst->dip, true);
	mutex_lock(&driver->lock);
	inst->state = DDI_STATE_DETACHED;
	list_del(&inst->node);
	mutex_unlock(&driver->lock);
	devmap_ddi_instance_put(inst);
}

/**
 * devmap_ddi_attach() - make an instance of a device
 * @driver: the driver
 * @dev: the device
 * @number: instance number; nobody else has it
 * @instp: set to the instance
 *
 * Minor nodes appear once attach(9E) has succeeded.
 *
 * Context: From the probe function of a Linux driver.
 * Return: 0 or a negative errno.
 */
int devmap_ddi_attach(struct ddi_driver *driver, struct device *dev,
		      int number, struct ddi_instance **instp)
{
	struct ddi_instance *inst = instance_alloc(driver, dev, number);
	int err;

	if (!inst)
		return -ENOMEM;

	mutex_lock(&driver->lock);
	list_add_tail(&inst->node, &driver->instances);
	mutex_unlock(&driver->lock);

	err = probe_and_attach(inst);
	if (err) {
		expel(inst);
		instance_end(inst);
		return err;
	}

	/* What can never be detached: rmmod is EBUSY for ever, and does not wait. */
	if (!driver->ops.devo_detach)
		__module_get(driver->binding->owner);
	devmap_ddi_minors_show(inst);
	*instp = inst;
	return 0;
}

static bool call_detach(struct ddi_instance *inst)
{
	const struct dev_ops *ops = &inst->driver->ops;
	struct devmap_frame frame;
	int result;

	if (!ops->devo_detach)
		return false;

	devmap_frame_push_own(&frame);
	result = ops->devo_detach(inst->dip, DDI_DETACH);
	devmap_frame_pop(&frame);
	return result == DDI_SUCCESS;
}

static bool is_leaving(struct ddi_driver *driver)
{
	bool leaving;

	mutex_lock(&driver->lock);
	leaving = driver->leaving;
	mutex_unlock(&driver->lock);
	return leaving;
}

static void tell_refusal(struct ddi_instance *inst, const char *what)
{
	pr_warn("%s%d: detach(9E) refuses; %s\n", inst->driver->name,
		inst->number, what);
}

/* Whom nobody has open is asked; meanwhile nobody opens it. */
static bool ask_to_detach(struct ddi_instance *inst)
{
	bool agreed;

	if (!down_write_trylock(&inst->gate))
		return false;
	agreed = !devmap_ddi_is_open(inst) && call_detach(inst);
	if (agreed) {
		set_state(inst, DDI_STATE_LEAVING);
		WRITE_ONCE(inst->dip->gone, true);
	}
	up_write(&inst->gate);
	return agreed;
}

/*
 * The module goes, so detach(9E) has to agree at last. Until then the instance can be
 * used: a program may have to tell the driver that it is done.
 */
static void wait_for_detach(struct ddi_instance *inst)
{
	unsigned long tell = jiffies;

	while (!ask_to_detach(inst)) {
		if (time_after_eq(jiffies, tell)) {
			tell_refusal(inst, "or it is open; waiting");
			tell = jiffies + PATIENCE;
		}
		schedule_timeout_idle(RETRY);
	}
}

/*
 * The device has gone without the driver's consent. It is asked now and then,
 * and its module stays until it agrees.
 */
static void retry_detach(struct work_struct *work)
{
	struct ddi_instance *inst = container_of(to_delayed_work(work),
						 struct ddi_instance, retry);
	struct ddi_driver *driver = inst->driver;
	struct module *owner = driver->binding->owner;

	if (!call_detach(inst)) {
		queue_delayed_work(retry_wq, &inst->retry, RETRY);
		return;
	}

	pr_info("%s%d: detached at last\n", driver->name, inst->number);
	instance_end(inst);
	devmap_ddi_driver_put(driver);
	module_put(owner);
}

/**
 * devmap_ddi_detach() - take an instance out of service
 * @inst: attached; gone if this returns true
 *
 * Linux takes the device away, asked or not. Where detach(9E) refuses, the
 * instance is kept, with its number, and detach(9E) is called again. Only a module that
 * goes is asked before anybody is turned out.
 *
 * Context: From the remove function of a Linux driver.
 * Return: true if the instance is detached, false if it is kept.
 */
bool devmap_ddi_detach(struct ddi_instance *inst)
{
	struct ddi_driver *driver = inst->driver;

	if (is_leaving(driver)) {
		wait_for_detach(inst);
		expel(inst);
		instance_end(inst);
		return true;
	}

	set_state(inst, DDI_STATE_LEAVING);
	expel(inst);

	if (call_detach(inst)) {
		instance_end(inst);
		return true;
	}
	/* Without the module, or soon to be, it has to agree now. */
	if (!try_module_get(driver->binding->owner)) {
		wait_for_detach(inst);
		instance_end(inst);
		return true;
	}

	tell_refusal(inst, "it will be asked again");
	devmap_regs_leave(inst->dip, false);
	atomic_inc(&driver->users);
	INIT_DELAYED_WORK(&inst->retry, retry_detach);
	queue_delayed_work(retry_wq, &inst->retry, RETRY);
	return false;
}

/**
 * devmap_ddi_attach_init() - once, before all else of this file
 *
 * Return: 0 or -ENOMEM.
 */
int devmap_ddi_attach_init(void)
{
	retry_wq = alloc_workqueue("devmap_detach", WQ_UNBOUND, 0);
	return retry_wq ? 0 : -ENOMEM;
}

/**
 * devmap_ddi_attach_exit() - undo devmap_ddi_attach_init()
 *
 * The last work may still be on its way out, after it has let go of its driver.
 */
void devmap_ddi_attach_exit(void)
{
	destroy_workqueue(retry_wq);
}
