// SPDX-License-Identifier: GPL-2.0
/*
 * Instances without hardware: what is a line of driver.conf with
 * parent="pseudo" on Solaris. Each is a platform device that is made with the
 * driver, so that it can be unbound and bound like others.
 */

#define pr_fmt(fmt) "devmap: " fmt

#include <linux/err.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "../linux/platform_device.h"
#include "instance.h"

#define PSEUDO_MAX	1024

static int pseudo_bind(struct platform_device *pdev)
{
	struct platform_driver *pdrv = to_platform_driver(pdev->dev.driver);

	return devmap_ddi_bind(container_of(pdrv, struct ddi_driver, pseudo),
			       &pdev->dev);
}

static devmap_platform_remove_t pseudo_unbind(struct platform_device *pdev)
{
	devmap_ddi_unbind(&pdev->dev);
	return DEVMAP_PLATFORM_REMOVED;
}

static void pseudo_shutdown(struct platform_device *pdev)
{
	devmap_ddi_shutdown(&pdev->dev);
}

static int add_devices(struct ddi_driver *driver, unsigned int nr)
{
	struct platform_device *pdev;

	driver->pseudo_devs = kcalloc(nr, sizeof(pdev), GFP_KERNEL);
	if (!driver->pseudo_devs)
		return -ENOMEM;

	while (driver->nr_pseudo < nr) {
		pdev = platform_device_register_simple(driver->pseudo.driver.name,
						       driver->nr_pseudo, NULL,
						       0);
		if (IS_ERR(pdev))
			return PTR_ERR(pdev);
		driver->pseudo_devs[driver->nr_pseudo++] = pdev;
	}
	return 0;
}

/**
 * devmap_ddi_bind_pseudo() - make the devices without hardware
 * @driver: the driver
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_bind_pseudo(struct ddi_driver *driver)
{
	const struct devmap_ddi_binding *binding = driver->binding;
	struct platform_driver *pdrv = &driver->pseudo;
	int nr = *binding->instances;
	int err;

	if (nr < 0)
		nr = binding->pseudo;
	if (!nr)
		return 0;
	if (nr > PSEUDO_MAX || !binding->pseudo) {
		pr_err("%s: instances= must be 0 to %d\n", driver->name,
		       binding->pseudo ? PSEUDO_MAX : 0);
		return -EINVAL;
	}

	pdrv->probe = pseudo_bind;
	pdrv->remove = pseudo_unbind;
	pdrv->shutdown = pseudo_shutdown;
	pdrv->driver.name = kasprintf(GFP_KERNEL, "%s-pseudo", driver->name);
	if (!pdrv->driver.name)
		return -ENOMEM;

	err = devmap_platform_driver_register(pdrv, binding->owner,
					      binding->modname);
	if (err) {
		kfree(pdrv->driver.name);
		pdrv->driver.name = NULL;
		return err;
	}

	err = add_devices(driver, nr);
	if (err)
		devmap_ddi_unbind_pseudo(driver);
	return err;
}

/**
 * devmap_ddi_unbind_pseudo() - undo devmap_ddi_bind_pseudo()
 * @driver: the driver
 */
void devmap_ddi_unbind_pseudo(struct ddi_driver *driver)
{
	if (!driver->pseudo.driver.name)
		return;

	while (driver->nr_pseudo)
		platform_device_unregister(driver->pseudo_devs[--driver->nr_pseudo]);
	platform_driver_unregister(&driver->pseudo);
	kfree(driver->pseudo_devs);
	kfree(driver->pseudo.driver.name);
	driver->pseudo.driver.name = NULL;
}
