// SPDX-License-Identifier: GPL-2.0
/*
 * The Linux side of the driver xx: copy it next to xx.c, keep what applies, and
 * write a Kbuild file (there is one here). See Documentation/porting.rst.
 */

#include <linux/devmap_glue.h>

/*
 * PCI devices, as driver_aliases has them on Solaris: "pci1234,11e8" is
 * PCI_DEVICE(0x1234, 0x11e8). The next line lets udev load the module.
 */
static const struct pci_device_id xx_pci_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, xx_pci_ids);

/*
 * .name	/dev/xx@0:minor, messages, /sys/bus/pci/drivers/xx; the module's name
 *		unless given
 * .pci_ids	or .of_ids, .acpi_ids, .platform = "xx"; several are allowed
 * .pseudo	devices without hardware; the module parameter instances= changes the
 *		number
 * .mode	permissions of the nodes; 0600 unless given
 */
DEVMAP_DDI_DRIVER(.name = "xx",
		  .pci_ids = xx_pci_ids,
		  .pseudo = 1,
		  .mode = 0666);

MODULE_DESCRIPTION("What modinfo(8) says");
MODULE_LICENSE("GPL");
