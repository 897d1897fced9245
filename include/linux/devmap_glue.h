/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Linux side of a driver in Solaris style: one short file per driver that
 * says what Solaris keeps outside of the source - which devices it is for, and
 * what Linux wants to know of a module. For instance:
 *
 *	#include <linux/devmap_glue.h>
 *
 *	static const struct pci_device_id ids[] = {
 *		{ PCI_DEVICE(0x1234, 0x11e8) },
 *		{ }
 *	};
 *	MODULE_DEVICE_TABLE(pci, ids);
 *
 *	DEVMAP_DDI_DRIVER(.name = "xx", .pci_ids = ids, .mode = 0666);
 *
 *	MODULE_DESCRIPTION("...");
 *	MODULE_LICENSE("GPL");
 *
 * To be included by that file only, as there are functions in it. See
 * Documentation/porting.rst.
 */
#ifndef _LINUX_DEVMAP_GLUE_H
#define _LINUX_DEVMAP_GLUE_H

#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <devmap/ddi_binding.h>
#include <sys/modctl.h>

static int devmap_ddi_instances = -1;
module_param_named(instances, devmap_ddi_instances, int, 0444);
MODULE_PARM_DESC(instances, "Number of devices without hardware");

static char *devmap_ddi_props;
module_param_named(props, devmap_ddi_props, charp, 0444);
MODULE_PARM_DESC(props, "Properties: [instance:]name[=value[,value]...];...");

static struct devmap_ddi_binding devmap_ddi_binding;

/**
 * DEVMAP_DDI_DRIVER() - say what a driver in Solaris style is for
 * @...: members of struct devmap_ddi_binding
 */
#define DEVMAP_DDI_DRIVER(...)						\
	static struct devmap_ddi_binding devmap_ddi_binding = {		\
		.owner = THIS_MODULE,					\
		.modname = KBUILD_MODNAME,				\
		.instances = &devmap_ddi_instances,			\
		.props = &devmap_ddi_props,				\
		__VA_ARGS__						\
	}

/* What the driver calls, and knows nothing of bindings. */

int mod_install(struct modlinkage *modlinkage)
{
	return devmap_ddi_mod_install(&devmap_ddi_binding, modlinkage);
}

int mod_remove(struct modlinkage *modlinkage)
{
	return devmap_ddi_mod_remove(&devmap_ddi_binding, modlinkage);
}

int mod_info(struct modlinkage *modlinkage, struct modinfo *modinfo)
{
	return devmap_ddi_mod_info(&devmap_ddi_binding, modlinkage, modinfo);
}

static int __init devmap_ddi_load(void)
{
	return devmap_ddi_module_init(&devmap_ddi_binding, _init);
}
module_init(devmap_ddi_load);

static void __exit devmap_ddi_unload(void)
{
	devmap_ddi_module_exit(&devmap_ddi_binding, _fini);
}
module_exit(devmap_ddi_unload);

#endif /* _LINUX_DEVMAP_GLUE_H */
