// SPDX-License-Identifier: GPL-2.0
/*
 * Properties that the system has: device tree, ACPI, software nodes; and for PCI
 * devices the numbers that their nodes have on Solaris.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "prop.h"

static struct ddi_prop *read_ints(struct device *dev, const char *name)
{
	int nr = device_property_count_u32(dev, name);
	struct ddi_prop *prop;

	if (nr <= 0)
		return NULL;
	prop = devmap_ddi_prop_alloc(name, DDI_PROP_INT, NULL,
				     nr * sizeof(u32));
	if (prop && device_property_read_u32_array(dev, name,
						   (u32 *)prop->data, nr)) {
		kfree(prop);
		return NULL;
	}
	return prop;
}

static struct ddi_prop *read_int64s(struct device *dev, const char *name)
{
	int nr = device_property_count_u64(dev, name);
	struct ddi_prop *prop;

	if (nr <= 0)
		return NULL;
	prop = devmap_ddi_prop_alloc(name, DDI_PROP_INT64, NULL,
				     nr * sizeof(u64));
	if (prop && device_property_read_u64_array(dev, name,
						   (u64 *)prop->data, nr)) {
		kfree(prop);
		return NULL;
	}
	return prop;
}

static struct ddi_prop *read_bytes(struct device *dev, const char *name)
{
	int nr = device_property_count_u8(dev, name);
	struct ddi_prop *prop;

	if (nr <= 0)
		return NULL;
	prop = devmap_ddi_prop_alloc(name, DDI_PROP_BYTE, NULL, nr);
	if (prop && device_property_read_u8_array(dev, name, prop->data, nr)) {
		kfree(prop);
		return NULL;
	}
	return prop;
}

static struct ddi_prop *join_strings(const char *name, const char **strings,
				     int nr)
{
	struct ddi_prop *prop;
	size_t size = 0;
	char *to;
	int i;

	for (i = 0; i < nr; i++)
		size += strlen(strings[i]) + 1;
	prop = devmap_ddi_prop_alloc(name, DDI_PROP_STRING, NULL, size);
	if (!prop)
		return NULL;

	to = (char *)prop->data;
	for (i = 0; i < nr; i++) {
		size = strlen(strings[i]) + 1;
		memcpy(to, strings[i], size);
		to += size;
	}
	return prop;
}

static struct ddi_prop *read_strings(struct device *dev, const char *name)
{
	int nr = device_property_string_array_count(dev, name);
	struct ddi_prop *prop = NULL;
	const char **strings;

	if (nr <= 0)
		return NULL;
	strings = kcalloc(nr, sizeof(*strings), GFP_KERNEL);
	if (strings &&
	    device_property_read_string_array(dev, name, strings, nr) == nr)
		prop = join_strings(name, strings, nr);
	kfree(strings);
	return prop;
}

/* The numbers of a PCI device's node, as the PCI binding names them. */
static struct ddi_prop *read_pci(struct device *dev, const char *name)
{
	const struct pci_dev *pdev = to_pci_dev(dev);
	const struct {
		const char *name;
		int value;
	} table[] = {
		{ "vendor-id", pdev->vendor },
		{ "device-id", pdev->device },
		{ "revision-id", pdev->revision },
		{ "class-code", pdev->class },
		{ "subsystem-vendor-id", pdev->subsystem_vendor },
		{ "subsystem-id", pdev->subsystem_device },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (!strcmp(table[i].name, name))
			return devmap_ddi_prop_alloc(name, DDI_PROP_INT,
						     &table[i].value,
						     sizeof(table[i].value));
	}
	return NULL;
}

/* Firmware often does not know what a value is made of: the driver does. */
static struct ddi_prop *read_prop(struct device *dev, const char *name,
				  enum ddi_prop_type want)
{
	struct ddi_prop *prop = NULL;

	if (!device_property_present(dev, name))
		return dev_is_pci(dev) ? read_pci(dev, name) : NULL;

	switch (want) {
	case DDI_PROP_INT64:
		prop = read_int64s(dev, name);
		break;
	case DDI_PROP_STRING:
		prop = read_strings(dev, name);
		break;
	case DDI_PROP_BYTE:
		prop = read_bytes(dev, name);
		break;
	default:
		break;
	}
	return prop ?: read_ints(dev, name) ?: read_strings(dev, name) ?:
	       read_bytes(dev, name) ?:
	       devmap_ddi_prop_alloc(name, DDI_PROP_BOOLEAN, NULL, 0);
}

/**
 * devmap_ddi_fw_prop() - ask the system for a property
 * @dev: the device, or NULL
 * @name: name of the property
 * @want: what the driver takes it for
 * @parents: ask the device's parents too
 *
 * Return: a copy, of whatever type it is, or NULL.
 */
struct ddi_prop *devmap_ddi_fw_prop(struct device *dev, const char *name,
				    enum ddi_prop_type want, bool parents)
{
	struct ddi_prop *prop;

	for (; dev; dev = dev->parent) {
		prop = read_prop(dev, name, want);
		if (prop || !parents)
			return prop;
	}
	return NULL;
}
