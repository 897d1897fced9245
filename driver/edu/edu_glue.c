// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver edu. */

#include <linux/devmap_glue.h>

/*
 * An example must not take a device that is there for something else: it gets those
 * that an administrator gives to it (driver_override in sysfs), and no module alias
 * has it loaded for any.
 */
static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(0x1234, 0x11e8, true) },
	{}
};

DEVMAP_DDI_DRIVER(.name = "edu", .pci_ids = edu_ids);

MODULE_DESCRIPTION("QEMU's edu device with contexts, in Solaris style");
MODULE_LICENSE("GPL");
