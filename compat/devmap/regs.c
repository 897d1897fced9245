// SPDX-License-Identifier: GPL-2.0
/* Register sets: see regs.h. */

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "instance.h"
#include "regs.h"

/*
 * ddi_regs_map_setup(9F): on PCI, set 0 is configuration space, set 1 the
 * first BAR that is implemented, and so on. Configuration space and port space
 * cannot be mapped, but they count.
 */
static const struct resource *pci_set(struct pci_dev *pdev, uint_t rnumber)
{
	uint_t set = 0;
	int bar;

	if (!rnumber)
		return NULL;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		if (!pci_resource_len(pdev, bar))
			continue;
		if (++set == rnumber)
			return &pdev->resource[bar];
	}
	return NULL;
}

static const struct resource *find_set(struct device *dev, uint_t rnumber)
{
	if (dev_is_pci(dev))
		return pci_set(to_pci_dev(dev), rnumber);
	if (dev->bus == &platform_bus_type)
		return platform_get_resource(to_platform_device(dev),
					     IORESOURCE_MEM, rnumber);
	return NULL;
}

/**
 * devmap_regs_lookup() - find a register set that user space may map
 * @dip: the device
 * @rnumber: number of the set
 * @regs: filled in
 *
 * A set that does not fill its pages is refused: the rest of the page may
 * belong to another device.
 *
 * Return: 0 or -EINVAL.
 */
int devmap_regs_lookup(dev_info_t *dip, uint_t rnumber,
		       struct devmap_regs *regs)
{
	const struct resource *res;

	if (!dip || !dip->dev)
		return -EINVAL;

	res = find_set(dip->dev, rnumber);
	if (!res || resource_type(res) != IORESOURCE_MEM ||
	    (res->flags & IORESOURCE_UNSET)) {
		dev_warn_ratelimited(dip->dev,
				     "devmap: register set %u cannot be mapped\n",
				     rnumber);
		return -EINVAL;
	}
	if (!PAGE_ALIGNED(res->start) || !PAGE_ALIGNED(resource_size(res))) {
		dev_warn_ratelimited(dip->dev,
				     "devmap: register set %u does not fill its pages: %pR\n",
				     rnumber, res);
		return -EINVAL;
	}

	regs->phys = res->start;
	regs->size = resource_size(res);
	return 0;
}
