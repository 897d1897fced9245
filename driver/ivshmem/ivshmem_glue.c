// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver ivshmem. */

#include <linux/devmap_glue.h>

static const struct pci_device_id ivshmem_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1110) },
	{}
};
MODULE_DEVICE_TABLE(pci, ivshmem_ids);

DEVMAP_DDI_DRIVER(.name = "ivshmem", .pci_ids = ivshmem_ids);

MODULE_DESCRIPTION("QEMU's shared memory device, in Solaris style");
MODULE_LICENSE("GPL");
