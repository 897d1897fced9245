// SPDX-License-Identifier: GPL-2.0
/* Devices of Linux become instances, whatever bus they are on. */

#include <linux/device.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sys/sunddi.h>

#include "instance.h"

/**
 * struct ddi_slot - an instance number that has been given out
 * @node: in &ddi_driver.slots; &ddi_driver.lock
 * @number: constant
 * @bus: with @name, the device that has the number; constant
 * @name: constant
 *
 * A device that comes back gets its old number, as long as the driver is loaded.
 */
struct ddi_slot {
	struct list_head node;
	int number;
	const struct bus_type *bus;
	char name[];
};

static struct ddi_slot *slot_find(struct ddi_driver *driver,
				  const struct device *dev)
{
	struct ddi_slot *slot;

	lockdep_assert_held(&driver->lock);

	list_for_each_entry(slot, &driver->slots, node) {
		if (slot->bus == dev->bus && !strcmp(slot->name, dev_name(dev)))
			return slot;
	}
	return NULL;
}

static struct ddi_slot *slot_add(struct ddi_driver *driver,
				 const struct device *dev)
{
	size_t size = strlen(dev_name(dev)) + 1;
	struct ddi_slot *slot;

	lockdep_assert_held(&driver->lock);

	slot = kzalloc(struct_size(slot, name, size), GFP_KERNEL);
	if (!slot)
		return NULL;

	if (!list_empty(&driver->slots))
		slot->number = list_last_entry(&driver->slots, struct ddi_slot,
					       node)->number + 1;
	slot->bus = dev->bus;
	memcpy(slot->name, dev_name(dev), size);
	list_add_tail(&slot->node, &driver->slots);
	return slot;
}

static bool is_instance(struct ddi_driver *driver, int number)
{
	struct ddi_instance *inst;

	lockdep_assert_held(&driver->lock);

	list_for_each_entry(inst, &driver->instances, node) {
		if (inst->number == number)
			return true;
	}
	return false;
}

/* The instance number of a device, or a negative errno. */
static int number_of(struct ddi_driver *driver, const struct device *dev)
{
	struct ddi_slot *slot;
	int number = -ENOMEM;

	mutex_lock(&driver->lock);
	slot = slot_find(driver, dev) ?: slot_add(driver, dev);
	if (slot)
		number = is_instance(driver, slot->number) ? -EBUSY :
							     slot->number;
	mutex_unlock(&driver->lock);
	return number;
}

/**
 * devmap_ddi_free_slots() - forget all instance numbers
 * @driver: the driver; nobody else has it
 */
void devmap_ddi_free_slots(struct ddi_driver *driver)
{
	struct ddi_slot *slot, *next;

	list_for_each_entry_safe(slot, next, &driver->slots, node)
		kfree(slot);
}

/**
 * devmap_ddi_bind() - a device is there
 * @driver: its driver
 * @dev: the device
 *
 * Context: From the probe function of a Linux driver.
 * Return: 0 or a negative errno.
 */
int devmap_ddi_bind(struct ddi_driver *driver, struct device *dev)
{
	struct ddi_instance *inst;
	int number, err;

	number = number_of(driver, dev);
	if (number == -EBUSY)
		dev_warn(dev, "devmap: %s still has it: its detach(9E) refuses\n",
			 driver->name);
	if (number < 0)
		return number;

	err = devmap_ddi_attach(driver, dev, number, &inst);
	if (!err)
		dev_set_drvdata(dev, inst);
	return err;
}

/**
 * devmap_ddi_unbind() - a device goes
 * @dev: the device
 *
 * Context: From the remove function of a Linux driver.
 */
void devmap_ddi_unbind(struct device *dev)
{
	struct ddi_instance *inst = dev_get_drvdata(dev);

	dev_set_drvdata(dev, NULL);
	devmap_ddi_detach(inst);
}

/**
 * devmap_ddi_shutdown() - the machine goes down or executes another kernel
 * @dev: the device
 *
 * Context: From the shutdown function of a Linux driver.
 */
void devmap_ddi_shutdown(struct device *dev)
{
	struct ddi_instance *inst = dev_get_drvdata(dev);
	int (*quiesce)(dev_info_t *dip);

	if (!inst)
		return;
	quiesce = inst->driver->ops.devo_quiesce;
	if (quiesce && quiesce(inst->dip) != DDI_SUCCESS)
		dev_warn(dev, "devmap: quiesce(9E) failed\n");
}
