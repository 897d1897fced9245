/* SPDX-License-Identifier: GPL-2.0 */
/* Data access handles: what a ddi_acc_handle_t points to. */
#ifndef _DEVMAP_DDI_ACCESS_H
#define _DEVMAP_DDI_ACCESS_H

#include <linux/list.h>
#include <linux/types.h>
#include <sys/dditypes.h>

struct devmap_claim;

/* What is behind an address that a driver passes to ddi_get8(9F). */
enum devmap_acc_kind {
	DEVMAP_ACC_NONE,	/* the device has gone */
	DEVMAP_ACC_MEMORY,
	DEVMAP_ACC_PORTS,
	DEVMAP_ACC_CONFIG,
};

/**
 * struct devmap_acc - part of a register set, mapped for a driver
 * @node: in the list of all; its lock
 * @dip: the device, counted; constant
 * @claim: on the register set until the device goes; NULL for configuration
 *	space; constant
 * @kind: what it is; DEVMAP_ACC_NONE once the device has gone, which is written
 *	with the lock of the list, and read under RCU
 * @swap: values are not in the order of PCI, little endian; constant
 * @base: what the driver adds the offsets to; constant. For configuration space
 *	an address that nobody can use otherwise
 * @len: bytes; constant
 * @offset: of the first byte in its register set; constant
 */
struct devmap_acc {
	struct list_head node;
	dev_info_t *dip;
	struct devmap_claim *claim;
	enum devmap_acc_kind kind;
	bool swap;
	void __iomem *base;
	size_t len;
	u64 offset;
};

/* access.c */
int devmap_acc_set_attr(struct devmap_acc *acc,
			const ddi_device_acc_attr_t *attr);
u64 devmap_acc_get(struct devmap_acc *acc, const void *addr, unsigned int size,
		   unsigned long ip);
void devmap_acc_put(struct devmap_acc *acc, void *addr, u64 value,
		    unsigned int size, unsigned long ip);

/* pciconf.c */
u64 devmap_acc_config_get(const struct devmap_acc *acc, size_t offset,
			  unsigned int size);
void devmap_acc_config_put(const struct devmap_acc *acc, size_t offset,
			   u64 value, unsigned int size);

/* regs.c */
void devmap_regs_leave(dev_info_t *dip, bool detached);

#endif /* _DEVMAP_DDI_ACCESS_H */
