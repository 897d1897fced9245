// SPDX-License-Identifier: GPL-2.0
/* A platform device, whose register sets are pages of the "edu" device's. */

#include <linux/ioport.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "device.h"

static struct platform_device *platform;
static dev_info_t *platform_dip;

static const struct devmap_dev_ops never_opened = { .devmap = st_devmap };

/**
 * st_platform_init() - make the device; it is no error if that fails
 * @edu: the PCI device; NULL if there is none
 */
void st_platform_init(struct pci_dev *edu)
{
	struct resource sets[] = {
		DEFINE_RES_MEM(0, PAGE_SIZE),
		DEFINE_RES_IRQ(1),
		DEFINE_RES_MEM(8 * PAGE_SIZE, 2 * PAGE_SIZE),
	};
	resource_size_t start;
	dev_info_t *dip;

	if (!edu || pci_resource_len(edu, 0) < 16 * PAGE_SIZE)
		return;

	start = pci_resource_start(edu, 0);
	sets[0].start += start;
	sets[0].end += start;
	sets[2].start += start;
	sets[2].end += start;
	platform = platform_device_register_simple("devmap_selftest",
						   PLATFORM_DEVID_NONE, sets,
						   ARRAY_SIZE(sets));
	if (IS_ERR(platform)) {
		platform = NULL;
		return;
	}

	dip = devmap_dev_create(&platform->dev, DMST_PLATFORM, &never_opened);
	if (!IS_ERR(dip))
		platform_dip = dip;
}

void st_platform_exit(void)
{
	if (platform_dip)
		devmap_dev_destroy(platform_dip);
	platform_device_unregister(platform);
}

/**
 * st_platform_dip() - the platform device's instance
 *
 * Return: the instance, or NULL if there is none.
 */
dev_info_t *st_platform_dip(void)
{
	return platform_dip;
}
