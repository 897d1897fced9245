/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <linux/devmap_glue.h> says of a driver to the layer.
 */
#ifndef _DEVMAP_DDI_BINDING_H
#define _DEVMAP_DDI_BINDING_H

#include <linux/mod_devicetable.h>
#include <linux/types.h>

struct ddi_driver;
struct modinfo;
struct modlinkage;
struct module;

/**
 * struct devmap_ddi_binding - the members of DEVMAP_DDI_DRIVER()
 * @name: of the driver: /dev/NAME@instance:minor; the module's name if NULL
 * @pci_ids: PCI devices it is for
 * @of_ids: nodes of the device tree it is for
 * @acpi_ids: ACPI devices it is for
 * @platform: name of the platform devices it is for
 * @pseudo: devices without hardware that are made with the module, unless the
 *	parameter instances= says another number
 * @mode: permissions of the nodes in /dev; 0600 if 0
 * @owner: the module; filled in
 * @modname: its name; filled in
 * @instances: the parameter instances=, negative if not given; filled in
 * @props: the parameter props=; filled in
 * @driver: between mod_install(9F) and mod_remove(9F); the layer's
 */
struct devmap_ddi_binding {
	const char *name;
	const struct pci_device_id *pci_ids;
	const struct of_device_id *of_ids;
	const struct acpi_device_id *acpi_ids;
	const char *platform;
	unsigned int pseudo;
	umode_t mode;
	struct module *owner;
	const char *modname;
	const int *instances;
	char *const *props;
	struct ddi_driver *driver;
};

int devmap_ddi_mod_install(struct devmap_ddi_binding *binding,
			   struct modlinkage *linkage);
int devmap_ddi_mod_remove(struct devmap_ddi_binding *binding,
			  struct modlinkage *linkage);
int devmap_ddi_mod_info(struct devmap_ddi_binding *binding,
			struct modlinkage *linkage, struct modinfo *info);
int devmap_ddi_module_init(struct devmap_ddi_binding *binding,
			   int (*init)(void));
void devmap_ddi_module_exit(struct devmap_ddi_binding *binding,
			    int (*fini)(void));

#endif /* _DEVMAP_DDI_BINDING_H */
