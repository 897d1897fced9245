// SPDX-License-Identifier: GPL-2.0
/* Register sets: see regs.h. */

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/platform_device.h>

#include "claim.h"
#include "instance.h"
#include "range.h"
#include "regs.h"

static bool is_pci(dev_info_t *dip)
{
	return dip && dip->dev && dev_is_pci(dip->dev);
}

static bool is_platform(dev_info_t *dip)
{
	return dip && dip->dev && dip->dev->bus == &platform_bus_type;
}

/* Port space cannot be mapped, but it counts. */
static const struct resource *pci_set(struct pci_dev *pdev, uint_t rnumber)
{
	uint_t set = 0;
	int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		if (!pci_resource_len(pdev, bar))
			continue;
		if (++set == rnumber)
			return &pdev->resource[bar];
	}
	return NULL;
}

/**
 * devmap_regs_find() - find a register set
 * @dip: the device; may be NULL
 * @rnumber: number of the set
 *
 * Return: the set, which may be memory or ports and may have no address; NULL
 * for configuration space, and if there is no such set.
 */
const struct resource *devmap_regs_find(dev_info_t *dip, uint_t rnumber)
{
	if (is_pci(dip))
		return pci_set(to_pci_dev(dip->dev), rnumber);
	if (is_platform(dip))
		return platform_get_resource(to_platform_device(dip->dev),
					     IORESOURCE_MEM, rnumber);
	return NULL;
}

/**
 * devmap_regs_is_config() - whether a register set is configuration space
 * @dip: the device; may be NULL
 * @rnumber: number of the set
 *
 * Return: whether it is.
 */
bool devmap_regs_is_config(dev_info_t *dip, uint_t rnumber)
{
	return is_pci(dip) && !rnumber;
}

/**
 * devmap_regs_count() - how many register sets a device has
 * @dip: the device; may be NULL
 *
 * Return: how many, configuration space included.
 */
uint_t devmap_regs_count(dev_info_t *dip)
{
	uint_t first = is_pci(dip), nr = 0;

	while (devmap_regs_find(dip, first + nr))
		nr++;
	return first + nr;
}

/* What is wrong with a set that is not to be mapped; NULL if nothing is. */
static const char *what_is_wrong(dev_info_t *dip, uint_t rnumber,
				 const struct resource *set)
{
	if (devmap_regs_is_config(dip, rnumber))
		return "is configuration space, which cannot be mapped; the first BAR is set 1";
	if (!set)
		return "does not exist";
	if (resource_type(set) != IORESOURCE_MEM)
		return "is port space, which cannot be mapped";
	if (set->flags & IORESOURCE_UNSET)
		return "has no address";
	/* The rest of the page may belong to another device. */
	if (!PAGE_ALIGNED(set->start) || !PAGE_ALIGNED(resource_size(set)))
		return "does not fill its pages, and must not be mapped with its neighbours";
	return NULL;
}

/**
 * devmap_regs_range() - find a range of a register set that user space may map
 * @dip: the device
 * @rnumber: number of the set
 * @roff: byte offset in it, page aligned
 * @len: bytes, rounded up to pages
 * @phys: set to the physical address
 *
 * The administrator is told why it cannot be mapped.
 *
 * Return: 0, -EINVAL, -EBUSY if another driver has the set, or -ENOMEM.
 */
int devmap_regs_range(dev_info_t *dip, uint_t rnumber, offset_t roff,
		      size_t len, phys_addr_t *phys)
{
	const struct resource *set = devmap_regs_find(dip, rnumber);
	const char *wrong = what_is_wrong(dip, rnumber, set);

	if (!dip || !dip->dev)
		return -EINVAL;

	if (wrong) {
		dev_warn_ratelimited(dip->dev, "devmap: register set %u %s\n",
				     rnumber, wrong);
		return -EINVAL;
	}
	if (!PAGE_ALIGNED(roff)) {
		dev_warn_ratelimited(dip->dev,
				     "devmap: register set %u cannot be mapped from 0x%llx, which is not the beginning of a page\n",
				     rnumber, roff);
		return -EINVAL;
	}
	if (devmap_check_target(roff, len, resource_size(set))) {
		dev_warn_ratelimited(dip->dev,
				     "devmap: 0x%zx bytes at 0x%llx of register set %u are beyond the end of %pR\n",
				     len, roff, rnumber, set);
		return -EINVAL;
	}

	*phys = set->start + roff;
	return devmap_claim_for_users(dip, rnumber, set);
}
