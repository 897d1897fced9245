// SPDX-License-Identifier: GPL-2.0
/* What a driver may know of its instances: ddi_get_instance(9F) and so on. */

#include <linux/device.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <sys/sunddi.h>

#include "instance.h"

/*
 * Nodes above the instances. Drivers ask for their names, to know what they are
 * on, and nothing else.
 */
static dev_info_t root_node;
static dev_info_t pci_node;
static dev_info_t platform_node;
static dev_info_t pseudo_node;

static const struct {
	const dev_info_t *dip;
	const char *name;
} nexus_names[] = {
	{ &root_node, "rootnex" },
	{ &pci_node, "pci" },
	{ &platform_node, "platform" },
	{ &pseudo_node, "pseudo" },
};

static const char *nexus_name(const dev_info_t *dip)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(nexus_names); i++) {
		if (nexus_names[i].dip == dip)
			return nexus_names[i].name;
	}
	return "unknown";
}

static bool is_pseudo(const struct ddi_instance *inst)
{
	return inst->dip->dev->driver == &inst->driver->pseudo.driver;
}

/**
 * ddi_get_instance() - instance number
 * @dip: the instance
 *
 * ddi_get_instance(9F).
 *
 * Context: Any.
 * Return: the number.
 */
int ddi_get_instance(dev_info_t *dip)
{
	return dip->number;
}
EXPORT_SYMBOL_GPL(ddi_get_instance);

/**
 * ddi_driver_name() - name of the driver
 * @dip: the instance
 *
 * ddi_driver_name(9F).
 *
 * Context: Any.
 * Return: the name.
 */
const char *ddi_driver_name(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst ? inst->driver->name : nexus_name(dip);
}
EXPORT_SYMBOL_GPL(ddi_driver_name);

/**
 * ddi_get_name() - name by which the driver was bound
 * @dip: the instance
 *
 * ddi_get_name(9F).
 *
 * Context: Any.
 * Return: the driver's name.
 */
char *ddi_get_name(dev_info_t *dip)
{
	return (char *)ddi_driver_name(dip);
}
EXPORT_SYMBOL_GPL(ddi_get_name);

/**
 * ddi_binding_name() - name by which the driver was bound
 * @dip: the instance
 *
 * ddi_binding_name(9F).
 *
 * Context: Any.
 * Return: the driver's name.
 */
char *ddi_binding_name(dev_info_t *dip)
{
	return (char *)ddi_driver_name(dip);
}
EXPORT_SYMBOL_GPL(ddi_binding_name);

/**
 * ddi_node_name() - name of the device node
 * @dip: the instance
 *
 * ddi_node_name(9F).
 *
 * Context: Any.
 * Return: the driver's name.
 */
char *ddi_node_name(dev_info_t *dip)
{
	return (char *)ddi_driver_name(dip);
}
EXPORT_SYMBOL_GPL(ddi_node_name);

/**
 * ddi_get_name_addr() - address of the device on its bus
 * @dip: the instance
 *
 * ddi_get_name_addr().
 *
 * Context: Any.
 * Return: what Linux calls the device.
 */
char *ddi_get_name_addr(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst ? (char *)inst->addr : "";
}
EXPORT_SYMBOL_GPL(ddi_get_name_addr);

/**
 * ddi_get_parent() - the node above
 * @dip: the instance
 *
 * ddi_get_parent(9F). The node has a name and nothing else.
 *
 * Context: Any.
 * Return: the node, or NULL above the root.
 */
dev_info_t *ddi_get_parent(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	if (!inst)
		return dip == &root_node ? NULL : &root_node;
	if (dev_is_pci(dip->dev))
		return &pci_node;
	return is_pseudo(inst) ? &pseudo_node : &platform_node;
}
EXPORT_SYMBOL_GPL(ddi_get_parent);

/**
 * ddi_root_node() - the node above all
 *
 * ddi_root_node(9F).
 *
 * Context: Any.
 * Return: the node, which has a name and nothing else.
 */
dev_info_t *ddi_root_node(void)
{
	return &root_node;
}
EXPORT_SYMBOL_GPL(ddi_root_node);

/**
 * ddi_pathname() - path of an instance in a device tree of Solaris
 * @dip: the instance
 * @path: set to it; of MAXPATHLEN bytes
 *
 * ddi_pathname(9F).
 *
 * Context: Any.
 * Return: @path.
 */
char *ddi_pathname(dev_info_t *dip, char *path)
{
	if (!devmap_ddi_of(dip))
		sprintf(path, "/%s", dip == &root_node ? "" : nexus_name(dip));
	else
		sprintf(path, "/%s/%s@%s", nexus_name(ddi_get_parent(dip)),
			ddi_driver_name(dip), ddi_get_name_addr(dip));
	return path;
}
EXPORT_SYMBOL_GPL(ddi_pathname);

/**
 * ddi_get_nodeid() - number of the device node
 * @dip: the instance
 *
 * ddi_get_nodeid().
 *
 * Context: Any.
 * Return: -1 for a device without hardware, or the instance number.
 */
int ddi_get_nodeid(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst && is_pseudo(inst) ? -1 : dip->number;
}
EXPORT_SYMBOL_GPL(ddi_get_nodeid);

/**
 * ddi_get_driver_private() - what ddi_set_driver_private() left
 * @dip: the instance
 *
 * ddi_get_driver_private(9F).
 *
 * Context: Any.
 * Return: it, or NULL.
 */
void *ddi_get_driver_private(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst ? inst->private : NULL;
}
EXPORT_SYMBOL_GPL(ddi_get_driver_private);

/**
 * ddi_set_driver_private() - leave a pointer with an instance
 * @dip: the instance
 * @data: the pointer
 *
 * ddi_set_driver_private(9F).
 *
 * Context: Any.
 */
void ddi_set_driver_private(dev_info_t *dip, void *data)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);

	if (inst)
		inst->private = data;
}
EXPORT_SYMBOL_GPL(ddi_set_driver_private);

/**
 * ddi_driver_major() - major number of the driver
 * @dip: the instance
 *
 * ddi_driver_major(9F).
 *
 * Context: Any.
 * Return: the number.
 */
major_t ddi_driver_major(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst ? inst->driver->major : DDI_MAJOR_T_NONE;
}
EXPORT_SYMBOL_GPL(ddi_driver_major);

/**
 * ddi_report_dev() - tell that there is a device
 * @dip: the instance
 *
 * ddi_report_dev(9F).
 *
 * Context: Process context.
 */
void ddi_report_dev(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	if (inst)
		dev_info(dip->dev, "devmap: %s%d: %s\n", inst->driver->name,
			 inst->number, inst->driver->linkinfo ?: "");
}
EXPORT_SYMBOL_GPL(ddi_report_dev);

/**
 * ddi_dev_is_sid() - does the device say what it is?
 * @dip: the instance
 *
 * ddi_dev_is_sid(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS if it does, DDI_FAILURE for one without hardware.
 */
int ddi_dev_is_sid(dev_info_t *dip)
{
	const struct ddi_instance *inst = devmap_ddi_of(dip);

	return inst && !is_pseudo(inst) ? DDI_SUCCESS : DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_dev_is_sid);

/**
 * ddi_slaveonly() - is the device in a slot without DMA?
 * @dip: the instance
 *
 * ddi_slaveonly(9F).
 *
 * Context: Any.
 * Return: DDI_FAILURE: no such slots.
 */
int ddi_slaveonly(dev_info_t *dip)
{
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_slaveonly);
