// SPDX-License-Identifier: GPL-2.0
/*
 * Minor nodes: ddi_create_minor_node(9F).
 *
 * A node is /dev/driver@instance:name, as its last component is under Solaris'
 * /devices. It is made when attach(9E) has succeeded, so that nobody finds one
 * that he cannot open.
 */

#define pr_fmt(fmt) "devmap: " fmt

#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <sys/sunddi.h>

#include "../linux/device.h"
#include "../linux/kunit.h"
#include "instance.h"
#include "model.h"

#define MINOR_NAME_MAX	64

/**
 * struct ddi_minor - a minor node
 * @node: in &ddi_instance.minors; &ddi_driver.lock
 * @inst: the instance; constant
 * @number: minor number; constant
 * @mode: permissions of the node in /dev; constant
 * @dev: the node, or NULL if there is none (yet); &ddi_driver.lock
 * @name: constant
 */
struct ddi_minor {
	struct list_head node;
	struct ddi_instance *inst;
	minor_t number;
	umode_t mode;
	struct device *dev;
	char name[MINOR_NAME_MAX];
};

static struct class *minor_class;

static char *minor_devnode(devmap_devnode_device *dev, umode_t *mode)
{
	const struct ddi_minor *minor = dev_get_drvdata(dev);

	if (mode && minor)
		*mode = minor->mode;
	return NULL;
}

static void node_create(struct ddi_minor *minor)
{
	struct ddi_instance *inst = minor->inst;
	struct ddi_driver *driver = inst->driver;
	struct device *dev;

	lockdep_assert_held(&driver->lock);

	dev = device_create(minor_class, inst->dip->dev,
			    MKDEV(driver->major, minor->number), minor,
			    "%s@%d:%s", driver->name, inst->number, minor->name);
	if (IS_ERR(dev)) {
		pr_err("%s%d: no node for minor %s (%ld)\n", driver->name,
		       inst->number, minor->name, PTR_ERR(dev));
		return;
	}
	minor->dev = dev;
}

static void minor_free(struct ddi_minor *minor)
{
	struct ddi_driver *driver = minor->inst->driver;

	lockdep_assert_held(&driver->lock);

	if (minor->dev)
		device_unregister(minor->dev);
	xa_erase(&driver->minors, minor->number);
	list_del(&minor->node);
	kfree(minor);
}

static bool is_good_name(const char *name)
{
	/* Linux makes a folder of '!'. */
	return name && *name && strlen(name) < MINOR_NAME_MAX &&
	       !strpbrk(name, "@/! ");
}

static bool has_minor(const struct ddi_instance *inst, const char *name)
{
	const struct ddi_minor *minor;

	list_for_each_entry(minor, &inst->minors, node) {
		if (!strcmp(minor->name, name))
			return true;
	}
	return false;
}

static int minor_add(struct ddi_instance *inst, struct ddi_minor *minor)
{
	struct ddi_driver *driver = inst->driver;
	int err;

	lockdep_assert_held(&driver->lock);

	if (inst->state >= DDI_STATE_LEAVING)
		return -ENXIO;
	if (has_minor(inst, minor->name))
		return -EEXIST;

	err = xa_insert(&driver->minors, minor->number, minor, GFP_KERNEL);
	if (err)
		return err;

	list_add_tail(&minor->node, &inst->minors);
	if (inst->state == DDI_STATE_ATTACHED)
		node_create(minor);
	return 0;
}

/**
 * ddi_create_minor_node() - make a node in /dev
 * @dip: the instance
 * @name: behind the colon; without at sign, slash, exclamation mark, spaces
 * @spec_type: S_IFCHR
 * @minor_num: minor number, of 20 bits; nobody else of the driver may have it
 * @node_type: ignored
 * @flag: 0 or PRIVONLY_DEV
 *
 * ddi_create_minor_node(9F). The node appears when attach(9E) has succeeded.
 *
 * Context: Process context, may sleep.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int ddi_create_minor_node(dev_info_t *dip, const char *name, int spec_type,
			  minor_t minor_num, const char *node_type, int flag)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);
	umode_t mode;
	struct ddi_minor *minor;
	int err = -EINVAL;

	if (!inst)
		return DDI_FAILURE;
	if (spec_type != S_IFCHR || minor_num > MINORMASK ||
	    !is_good_name(name) || (flag & CLONE_DEV))
		goto err;

	err = -ENOMEM;
	minor = kzalloc(sizeof(*minor), GFP_KERNEL);
	if (!minor)
		goto err;

	mode = inst->driver->binding->mode;
	minor->inst = inst;
	minor->number = minor_num;
	minor->mode = mode && !(flag & PRIVONLY_DEV) ? mode : 0600;
	strscpy(minor->name, name, sizeof(minor->name));

	mutex_lock(&inst->driver->lock);
	err = minor_add(inst, minor);
	mutex_unlock(&inst->driver->lock);
	if (!err)
		return DDI_SUCCESS;

	kfree(minor);
err:
	pr_warn("%s%d: no minor node \"%s\", number %u (%d)\n",
		inst->driver->name, inst->number, name ?: "", minor_num, err);
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_create_minor_node);

/**
 * ddi_remove_minor_node() - remove nodes from /dev
 * @dip: the instance
 * @name: as ddi_create_minor_node() had it; NULL: all of the instance
 *
 * ddi_remove_minor_node(9F).
 *
 * Context: Process context, may sleep.
 */
void ddi_remove_minor_node(dev_info_t *dip, const char *name)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);
	struct ddi_minor *minor, *next;

	if (!inst)
		return;

	mutex_lock(&inst->driver->lock);
	list_for_each_entry_safe(minor, next, &inst->minors, node) {
		if (!name || !strcmp(minor->name, name))
			minor_free(minor);
	}
	mutex_unlock(&inst->driver->lock);
}
EXPORT_SYMBOL_GPL(ddi_remove_minor_node);

/**
 * devmap_ddi_minors_show() - an instance is attached: its nodes appear
 * @inst: the instance
 */
void devmap_ddi_minors_show(struct ddi_instance *inst)
{
	struct ddi_minor *minor;

	mutex_lock(&inst->driver->lock);
	inst->state = DDI_STATE_ATTACHED;
	list_for_each_entry(minor, &inst->minors, node)
		node_create(minor);
	mutex_unlock(&inst->driver->lock);
}

/**
 * devmap_ddi_minors_hide() - an instance goes: its nodes disappear
 * @inst: the instance
 */
void devmap_ddi_minors_hide(struct ddi_instance *inst)
{
	ddi_remove_minor_node(inst->dip, NULL);
}

static struct ddi_instance *find_attached(struct ddi_driver *driver, int number)
{
	struct ddi_instance *inst;

	lockdep_assert_held(&driver->lock);

	list_for_each_entry(inst, &driver->instances, node) {
		if (inst->number == number && inst->state == DDI_STATE_ATTACHED)
			return devmap_ddi_instance_get(inst);
	}
	return NULL;
}

/*
 * A number that no node has, from mknod(1): the driver knows whose it is. -1 if
 * it does not.
 */
static int ask_driver(struct ddi_driver *driver, dev_t dev)
{
	void *arg = (void *)(uintptr_t)dev;
	void *result = NULL;

	if (!driver->ops.devo_getinfo ||
	    driver->ops.devo_getinfo(NULL, DDI_INFO_DEVT2INSTANCE, arg,
				     &result) != DDI_SUCCESS)
		return -1;
	return (int)(uintptr_t)result;
}

/**
 * devmap_ddi_minor_find() - find the instance that has a device number
 * @driver: the driver
 * @dev: the number
 *
 * Return: the instance, counted, or NULL.
 */
struct ddi_instance *devmap_ddi_minor_find(struct ddi_driver *driver, dev_t dev)
{
	struct ddi_instance *inst;
	struct ddi_minor *minor;
	int number = -1;

	mutex_lock(&driver->lock);
	minor = xa_load(&driver->minors, MINOR(dev));
	if (minor)
		number = minor->inst->number;
	mutex_unlock(&driver->lock);
	if (!minor)
		number = ask_driver(driver, dev);
	if (number < 0)
		return NULL;

	mutex_lock(&driver->lock);
	inst = find_attached(driver, number);
	mutex_unlock(&driver->lock);
	return inst;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ddi_minor_find);

/**
 * devmap_ddi_minor_init() - once, before all else of this file
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_minor_init(void)
{
	minor_class = devmap_class_create("devmap");
	if (IS_ERR(minor_class))
		return PTR_ERR(minor_class);
	minor_class->devnode = minor_devnode;
	return 0;
}

/**
 * devmap_ddi_minor_exit() - undo devmap_ddi_minor_init()
 */
void devmap_ddi_minor_exit(void)
{
	class_destroy(minor_class);
}
