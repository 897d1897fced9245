/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Register sets of a device, numbered as Solaris does.
 *
 * On PCI, set 0 is configuration space, set 1 the first BAR that is implemented,
 * and so on. On platform devices the memory resources count from 0.
 */
#ifndef _DEVMAP_REGS_H
#define _DEVMAP_REGS_H

#include <linux/types.h>
#include <sys/dditypes.h>

struct resource;

uint_t devmap_regs_count(dev_info_t *dip);
bool devmap_regs_is_config(dev_info_t *dip, uint_t rnumber);
const struct resource *devmap_regs_find(dev_info_t *dip, uint_t rnumber);
int devmap_regs_range(dev_info_t *dip, uint_t rnumber, offset_t roff,
		      size_t len, phys_addr_t *phys);

#endif /* _DEVMAP_REGS_H */
