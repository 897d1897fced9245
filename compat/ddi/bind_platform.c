// SPDX-License-Identifier: GPL-2.0
/* Instances for platform devices: by name, from the device tree, from ACPI. */

#include "../linux/platform_device.h"
#include "instance.h"

static int platform_bind(struct platform_device *pdev)
{
	struct platform_driver *pdrv = to_platform_driver(pdev->dev.driver);

	return devmap_ddi_bind(container_of(pdrv, struct ddi_driver, platform),
			       &pdev->dev);
}

static devmap_platform_remove_t platform_unbind(struct platform_device *pdev)
{
	devmap_ddi_unbind(&pdev->dev);
	return DEVMAP_PLATFORM_REMOVED;
}

static void platform_shutdown(struct platform_device *pdev)
{
	devmap_ddi_shutdown(&pdev->dev);
}

static bool is_for_platform(const struct ddi_driver *driver)
{
	const struct devmap_ddi_binding *binding = driver->binding;

	return binding->platform || binding->of_ids || binding->acpi_ids;
}

/**
 * devmap_ddi_bind_platform() - bind a driver to the platform devices it is for
 * @driver: the driver
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_bind_platform(struct ddi_driver *driver)
{
	const struct devmap_ddi_binding *binding = driver->binding;
	struct platform_driver *pdrv = &driver->platform;

	if (!is_for_platform(driver))
		return 0;

	pdrv->probe = platform_bind;
	pdrv->remove = platform_unbind;
	pdrv->shutdown = platform_shutdown;
	pdrv->driver.name = binding->platform ?: driver->name;
	pdrv->driver.of_match_table = binding->of_ids;
	pdrv->driver.acpi_match_table = binding->acpi_ids;
	return devmap_platform_driver_register(pdrv, binding->owner,
					       binding->modname);
}

/**
 * devmap_ddi_unbind_platform() - undo devmap_ddi_bind_platform()
 * @driver: the driver
 */
void devmap_ddi_unbind_platform(struct ddi_driver *driver)
{
	if (is_for_platform(driver))
		platform_driver_unregister(&driver->platform);
}
