// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver edu. */

#include <linux/devmap_glue.h>

static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};
MODULE_DEVICE_TABLE(pci, edu_ids);

DEVMAP_DDI_DRIVER(.name = "edu", .pci_ids = edu_ids);

MODULE_DESCRIPTION("QEMU's edu device with contexts, in Solaris style");
MODULE_LICENSE("GPL");
