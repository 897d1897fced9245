// SPDX-License-Identifier: GPL-2.0
/* Instances for PCI devices. */

#include <linux/pci.h>

#include "instance.h"

static int pci_bind(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pci_driver *pdrv = to_pci_driver(pdev->dev.driver);
	struct ddi_driver *driver = container_of(pdrv, struct ddi_driver, pci);
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;

	err = devmap_ddi_bind(driver, &pdev->dev);
	if (err)
		pci_disable_device(pdev);
	return err;
}

static void pci_unbind(struct pci_dev *pdev)
{
	devmap_ddi_unbind(&pdev->dev);
	pci_disable_device(pdev);
}

static void pci_shutdown(struct pci_dev *pdev)
{
	devmap_ddi_shutdown(&pdev->dev);
}

/**
 * devmap_ddi_bind_pci() - bind a driver to the PCI devices that it is for
 * @driver: the driver
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_bind_pci(struct ddi_driver *driver)
{
	const struct devmap_ddi_binding *binding = driver->binding;

	if (!binding->pci_ids)
		return 0;

	driver->pci.name = driver->name;
	driver->pci.id_table = binding->pci_ids;
	driver->pci.probe = pci_bind;
	driver->pci.remove = pci_unbind;
	driver->pci.shutdown = pci_shutdown;
	return __pci_register_driver(&driver->pci, binding->owner,
				     binding->modname);
}

/**
 * devmap_ddi_unbind_pci() - undo devmap_ddi_bind_pci()
 * @driver: the driver
 */
void devmap_ddi_unbind_pci(struct ddi_driver *driver)
{
	if (driver->binding->pci_ids)
		pci_unregister_driver(&driver->pci);
}
