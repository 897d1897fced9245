/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loadable modules: _init(9E), modlinkage(9S), modldrv(9S), mod_install(9F).
 *
 * mod_install() and its relatives are functions of the driver's own module: the
 * macro of <linux/devmap_glue.h> makes them. The five names that every driver has
 * get the module's name appended, so that drivers can also be linked together.
 */
#ifndef _DEVMAP_SYS_MODCTL_H
#define _DEVMAP_SYS_MODCTL_H

#include <sys/types.h>
#include <sys/devops.h>

#define MODREV_1		1
#define MODMAXNAMELEN		32
#define MODMAXLINKINFOLEN	32
#define MODMAXLINK		10

#ifdef __KBUILD_MODNAME
#define DEVMAP_MODULE_PASTE_(name, module)	name ## _ ## module
#define DEVMAP_MODULE_PASTE(name, module)	DEVMAP_MODULE_PASTE_(name, module)
#define DEVMAP_MODULE_NAME(name) DEVMAP_MODULE_PASTE(name, __KBUILD_MODNAME)

#define _init		DEVMAP_MODULE_NAME(_init)
#define _fini		DEVMAP_MODULE_NAME(_fini)
#define _info		DEVMAP_MODULE_NAME(_info)
#define mod_install	DEVMAP_MODULE_NAME(mod_install)
#define mod_remove	DEVMAP_MODULE_NAME(mod_remove)
#define mod_info	DEVMAP_MODULE_NAME(mod_info)
#endif

/* What kind of module it is: an address and nothing more. */
struct mod_ops {
	int mod_kind;
};

#define mod_driverops	devmap_ddi_mod_driverops
#define mod_miscops	devmap_ddi_mod_miscops

extern struct mod_ops mod_driverops;
extern struct mod_ops mod_miscops;

/**
 * struct modldrv - a driver
 * @drv_modops: &mod_driverops
 * @drv_linkinfo: what it is, for people
 * @drv_dev_ops: its entry points
 *
 * modldrv(9S).
 */
struct modldrv {
	struct mod_ops *drv_modops;
	char *drv_linkinfo;
	struct dev_ops *drv_dev_ops;
};

/**
 * struct modlmisc - a module that is no driver
 * @misc_modops: &mod_miscops
 * @misc_linkinfo: what it is, for people
 *
 * modlmisc(9S). The module itself is all there is to it.
 */
struct modlmisc {
	struct mod_ops *misc_modops;
	char *misc_linkinfo;
};

/**
 * struct modlinkage - what a module consists of
 * @ml_rev: MODREV_1
 * @ml_linkage: one modldrv(9S) or modlmisc(9S), then NULL
 *
 * modlinkage(9S).
 */
struct modlinkage {
	int ml_rev;
	void *ml_linkage[7];
};

/**
 * struct modinfo - filled in by mod_info(9F)
 * @mi_name: name of the driver
 * @mi_linkinfo: its description
 * @mi_rev: MODREV_1
 *
 * Only passed on by drivers. Nobody asks on Linux: modinfo(8) reads what the
 * glue says.
 */
struct modinfo {
	char mi_name[MODMAXNAMELEN];
	char mi_linkinfo[MODMAXLINKINFOLEN];
	int mi_rev;
};

int _init(void);
int _fini(void);
int _info(struct modinfo *modinfop);

int mod_install(struct modlinkage *modlinkage);
int mod_remove(struct modlinkage *modlinkage);
int mod_info(struct modlinkage *modlinkage, struct modinfo *modinfo);

#endif /* _DEVMAP_SYS_MODCTL_H */
