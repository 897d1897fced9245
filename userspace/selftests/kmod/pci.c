// SPDX-License-Identifier: GPL-2.0
/* PCI devices besides "edu", for register sets of other kinds. */

#include <linux/pci.h>

#include "device.h"

static const struct {
	u16 vendor;
	u16 device;
} pci_ids[DMST_PCI_DEVICES] = {
	[DMST_PCI_BOCHS] = { 0x1234, 0x1111 },
	[DMST_PCI_TESTDEV] = { 0x1b36, 0x0005 },
	[DMST_PCI_I6300ESB] = { 0x8086, 0x25ab },
	[DMST_PCI_IVSHMEM] = { 0x1af4, 0x1110 },
};

static struct {
	struct pci_dev *pdev;
	dev_info_t *dip;
} others[DMST_PCI_DEVICES];

static const struct devmap_dev_ops never_opened = { .devmap = st_devmap };

/**
 * st_pci_init() - find the devices; it is no error if they are not there
 */
void st_pci_init(void)
{
	struct pci_dev *pdev;
	dev_info_t *dip;
	int i;

	for (i = DMST_PCI_EDU + 1; i < DMST_PCI_DEVICES; i++) {
		pdev = pci_get_device(pci_ids[i].vendor, pci_ids[i].device,
				      NULL);
		if (!pdev)
			continue;
		if (pci_enable_device(pdev)) {
			pci_dev_put(pdev);
			continue;
		}
		dip = devmap_dev_create(&pdev->dev, i, &never_opened);
		if (IS_ERR(dip)) {
			pci_disable_device(pdev);
			pci_dev_put(pdev);
			continue;
		}
		others[i].pdev = pdev;
		others[i].dip = dip;
	}
}

void st_pci_exit(void)
{
	int i;

	for (i = 0; i < DMST_PCI_DEVICES; i++) {
		if (!others[i].pdev)
			continue;
		devmap_dev_destroy(others[i].dip);
		pci_disable_device(others[i].pdev);
		pci_dev_put(others[i].pdev);
	}
}

/**
 * st_pci_dip() - the instance that a register set belongs to
 * @dev: the device
 * @nr: enum dmst_pci
 *
 * Return: the instance, or NULL if the machine has no such device.
 */
dev_info_t *st_pci_dip(struct st_device *dev, u32 nr)
{
	if (nr == DMST_PCI_EDU)
		return dev->dip;
	if (nr == DMST_PLATFORM)
		return st_platform_dip();
	return nr < DMST_PCI_DEVICES ? others[nr].dip : NULL;
}

/**
 * st_pci_ivshmem() - the device with memory
 *
 * Return: it, or NULL if the machine has none.
 */
struct pci_dev *st_pci_ivshmem(void)
{
	return others[DMST_PCI_IVSHMEM].pdev;
}
