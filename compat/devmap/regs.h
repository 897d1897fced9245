/* SPDX-License-Identifier: GPL-2.0 */
/* Register sets of a device, numbered as Solaris does. */
#ifndef _DEVMAP_REGS_H
#define _DEVMAP_REGS_H

#include <linux/types.h>
#include <sys/dditypes.h>

/**
 * struct devmap_regs - one register set that can be mapped
 * @phys: physical address, page aligned
 * @size: bytes, a page multiple
 */
struct devmap_regs {
	phys_addr_t phys;
	u64 size;
};

int devmap_regs_lookup(dev_info_t *dip, uint_t rnumber,
		       struct devmap_regs *regs);

#endif /* _DEVMAP_REGS_H */
