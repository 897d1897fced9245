// SPDX-License-Identifier: GPL-2.0
/* Loadable modules: mod_install(9F) and what belongs to it. */

#define pr_fmt(fmt) "devmap: " fmt

#include <linux/delay.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sys/conf.h>
#include <sys/modctl.h>
#include <sys/sunddi.h>

#include "../devmap/frame.h"
#include "../linux/kunit.h"
#include "instance.h"
#include "prop.h"

/* How often to tell that something refuses to go. */
#define PATIENCE	(10 * HZ)

struct mod_ops devmap_ddi_mod_driverops = { .mod_kind = 1 };
EXPORT_SYMBOL_GPL(devmap_ddi_mod_driverops);

struct mod_ops devmap_ddi_mod_miscops = { .mod_kind = 2 };
EXPORT_SYMBOL_GPL(devmap_ddi_mod_miscops);

/* All drivers. The lock protects the list and keeps them from being freed. */
static LIST_HEAD(drivers);
static DEFINE_MUTEX(drivers_lock);

/**
 * devmap_ddi_errno() - what a driver's function returned, for Linux
 * @err: 0 or an errno, positive
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_errno(int err)
{
	if (!err)
		return 0;
	return err > 0 && err <= MAX_ERRNO ? -err : -EINVAL;
}

/**
 * devmap_ddi_driver_get() - find a driver
 * @major: its major number
 *
 * Return: the driver, which mod_remove(9F) then waits for, or NULL.
 */
struct ddi_driver *devmap_ddi_driver_get(major_t major)
{
	struct ddi_driver *driver, *found = NULL;

	mutex_lock(&drivers_lock);
	list_for_each_entry(driver, &drivers, node) {
		if (driver->major == major && !driver->closed) {
			atomic_inc(&driver->users);
			found = driver;
			break;
		}
	}
	mutex_unlock(&drivers_lock);
	return found;
}

/**
 * devmap_ddi_driver_put() - undo devmap_ddi_driver_get()
 * @driver: the driver; may be gone then
 */
void devmap_ddi_driver_put(struct ddi_driver *driver)
{
	mutex_lock(&drivers_lock);
	if (atomic_dec_and_test(&driver->users))
		wake_up_all(&driver->idle);
	mutex_unlock(&drivers_lock);
}

/**
 * ddi_major_to_name() - name of the driver that has a major number
 * @major: the number
 *
 * ddi_major_to_name().
 *
 * Return: the name, or NULL.
 */
char *ddi_major_to_name(major_t major)
{
	struct ddi_driver *driver;
	char *name = NULL;

	mutex_lock(&drivers_lock);
	list_for_each_entry(driver, &drivers, node) {
		if (driver->major == major)
			name = (char *)driver->name;
	}
	mutex_unlock(&drivers_lock);
	return name;
}
EXPORT_SYMBOL_GPL(ddi_major_to_name);

/**
 * ddi_name_to_major() - major number of a driver
 * @name: its name
 *
 * ddi_name_to_major().
 *
 * Return: the number, or DDI_MAJOR_T_NONE.
 */
major_t ddi_name_to_major(char *name)
{
	struct ddi_driver *driver;
	major_t major = DDI_MAJOR_T_NONE;

	mutex_lock(&drivers_lock);
	list_for_each_entry(driver, &drivers, node) {
		if (!strcmp(driver->name, name))
			major = driver->major;
	}
	mutex_unlock(&drivers_lock);
	return major;
}
EXPORT_SYMBOL_GPL(ddi_name_to_major);

/**
 * devmap_ddi_find_ldrv() - find the driver in a module's linkage
 * @linkage: modlinkage(9S)
 * @ldrv: set to the driver, or to NULL: a module that is no driver
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_find_ldrv(const struct modlinkage *linkage,
			 const struct modldrv **ldrv)
{
	const struct modldrv *only;

	*ldrv = NULL;
	if (!linkage || linkage->ml_rev != MODREV_1 || !linkage->ml_linkage[0])
		return -EINVAL;
	if (linkage->ml_linkage[1])
		return -EOPNOTSUPP;

	only = linkage->ml_linkage[0];
	if (only->drv_modops == &devmap_ddi_mod_miscops)
		return 0;
	if (only->drv_modops != &devmap_ddi_mod_driverops)
		return -EOPNOTSUPP;
	*ldrv = only;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ddi_find_ldrv);

static void driver_free(struct ddi_driver *driver)
{
	devmap_ddi_free_slots(driver);
	devmap_ddi_props_free(&driver->conf);
	xa_destroy(&driver->minors);
	kfree(driver);
}

static struct ddi_driver *driver_alloc(struct devmap_ddi_binding *binding)
{
	struct ddi_driver *driver = kzalloc(sizeof(*driver), GFP_KERNEL);

	if (!driver)
		return NULL;

	driver->binding = binding;
	driver->name = binding->name ?: binding->modname;
	atomic_set(&driver->users, 0);
	init_waitqueue_head(&driver->idle);
	mutex_init(&driver->lock);
	INIT_LIST_HEAD(&driver->instances);
	INIT_LIST_HEAD(&driver->slots);
	INIT_LIST_HEAD(&driver->conf);
	xa_init(&driver->minors);
	return driver;
}

static int bind_all(struct ddi_driver *driver)
{
	int err;

	err = devmap_ddi_bind_pci(driver);
	if (err)
		return err;

	err = devmap_ddi_bind_platform(driver);
	if (err)
		goto err_pci;

	err = devmap_ddi_bind_pseudo(driver);
	if (err)
		goto err_platform;
	return 0;

err_platform:
	devmap_ddi_unbind_platform(driver);
err_pci:
	devmap_ddi_unbind_pci(driver);
	return err;
}

static void unbind_all(struct ddi_driver *driver)
{
	devmap_ddi_unbind_pseudo(driver);
	devmap_ddi_unbind_platform(driver);
	devmap_ddi_unbind_pci(driver);
}

/*
 * Takes all devices from a driver. As long as one's detach(9E) refuses, that one can be
 * used. Once is enough: then the driver has no devices and gets none.
 */
static void leave(struct ddi_driver *driver)
{
	if (driver->leaving)
		return;

	mutex_lock(&driver->lock);
	driver->leaving = true;
	mutex_unlock(&driver->lock);
	unbind_all(driver);
}

/* Open files are shells by now. */
static void wait_for_users(struct ddi_driver *driver)
{
	mutex_lock(&drivers_lock);
	driver->closed = true;
	mutex_unlock(&drivers_lock);

	while (!wait_event_timeout(driver->idle, !atomic_read(&driver->users),
				   PATIENCE))
		pr_warn("%s: waiting for %d open files\n", driver->name,
			atomic_read(&driver->users));

	mutex_lock(&drivers_lock);
	list_del(&driver->node);
	mutex_unlock(&drivers_lock);
}

static int install(struct ddi_driver *driver)
{
	const char *props = *driver->binding->props;
	int err;

	if (strchr(driver->name, '/') || !*driver->name)
		return -EINVAL;
	if (props && *props == '@')
		err = devmap_ddi_conf_read(&driver->conf, props + 1);
	else
		err = devmap_ddi_conf_parse(&driver->conf, props ?: "");
	if (err == -EINVAL) {
		pr_err("%s: props=\"%s\" makes no sense\n", driver->name, props);
		return err;
	}
	if (err) {
		pr_err("%s: props=\"%s\" cannot be had (%d)\n", driver->name,
		       props, err);
		return err;
	}

	err = devmap_ddi_chardev_add(driver);
	if (err)
		return err;

	mutex_lock(&drivers_lock);
	list_add_tail(&driver->node, &drivers);
	mutex_unlock(&drivers_lock);

	driver->binding->driver = driver;
	err = bind_all(driver);
	if (!err)
		return 0;

	driver->binding->driver = NULL;
	wait_for_users(driver);
	devmap_ddi_chardev_del(driver);
	return err;
}

/**
 * devmap_ddi_mod_install() - bring a driver into service
 * @binding: what the glue says
 * @linkage: modlinkage(9S)
 *
 * mod_install(9F). Devices are attached before it returns.
 *
 * Context: From _init(9E).
 * Return: 0 or an errno (positive).
 */
int devmap_ddi_mod_install(struct devmap_ddi_binding *binding,
			   struct modlinkage *linkage)
{
	const struct modldrv *ldrv;
	struct ddi_driver *driver;
	int err;

	if (binding->driver)
		return EBUSY;
	err = devmap_ddi_find_ldrv(linkage, &ldrv);
	if (err) {
		pr_err("%s: modlinkage(9S) is not that of one driver\n",
		       binding->modname);
		return -err;
	}
	if (!ldrv)
		return 0;

	driver = driver_alloc(binding);
	if (!driver)
		return ENOMEM;
	driver->linkinfo = ldrv->drv_linkinfo;
	err = devmap_ddi_check_ops(driver, ldrv->drv_dev_ops);
	if (!err)
		err = install(driver);
	if (err)
		driver_free(driver);
	return -err;
}
EXPORT_SYMBOL_GPL(devmap_ddi_mod_install);

/**
 * devmap_ddi_mod_remove() - take a driver out of service
 * @binding: what the glue says
 * @linkage: ignored
 *
 * mod_remove(9F). Linux has decided that the module goes, so this waits for
 * detach(9E) where Solaris would refuse.
 *
 * Context: From _fini(9E), or from _init(9E) that fails.
 * Return: 0.
 */
int devmap_ddi_mod_remove(struct devmap_ddi_binding *binding,
			  struct modlinkage *linkage)
{
	struct ddi_driver *driver = binding->driver;

	if (!driver)
		return 0;

	leave(driver);
	wait_for_users(driver);
	devmap_ddi_chardev_del(driver);
	binding->driver = NULL;
	driver_free(driver);
	return 0;
}
EXPORT_SYMBOL_GPL(devmap_ddi_mod_remove);

/**
 * devmap_ddi_mod_info() - describe a module
 * @binding: what the glue says
 * @linkage: modlinkage(9S)
 * @info: filled in
 *
 * mod_info(9F).
 *
 * Return: not 0 on success.
 */
int devmap_ddi_mod_info(struct devmap_ddi_binding *binding,
			struct modlinkage *linkage, struct modinfo *info)
{
	const struct modldrv *ldrv;

	if (!info || devmap_ddi_find_ldrv(linkage, &ldrv))
		return 0;

	/* A modlmisc(9S) has its description in the same place. */
	ldrv = linkage->ml_linkage[0];
	memset(info, 0, sizeof(*info));
	strscpy(info->mi_name, binding->name ?: binding->modname,
		sizeof(info->mi_name));
	strscpy(info->mi_linkinfo, ldrv->drv_linkinfo ?: "",
		sizeof(info->mi_linkinfo));
	info->mi_rev = linkage->ml_rev;
	return 1;
}
EXPORT_SYMBOL_GPL(devmap_ddi_mod_info);

static int call_own(int (*fn)(void))
{
	struct devmap_frame frame;
	int err;

	devmap_frame_push_own(&frame);
	err = fn();
	devmap_frame_pop(&frame);
	return err;
}

/**
 * devmap_ddi_module_init() - a module of a driver in Solaris style is loaded
 * @binding: what the glue says
 * @init: _init(9E)
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_module_init(struct devmap_ddi_binding *binding,
			   int (*init)(void))
{
	int err = devmap_ddi_errno(call_own(init));

	if (err && binding->driver) {
		pr_warn("%s: _init(9E) fails without mod_remove(9F)\n",
			binding->modname);
		devmap_ddi_mod_remove(binding, NULL);
	}
	return err;
}
EXPORT_SYMBOL_GPL(devmap_ddi_module_init);

/**
 * devmap_ddi_module_exit() - a module of a driver in Solaris style is unloaded
 * @binding: what the glue says
 * @fini: _fini(9E)
 *
 * As on Solaris its devices are detached first: a _fini(9E) may refuse as long as there
 * are any, and frees what detach(9E) needs. It may refuse for other reasons. Linux does
 * not ask, so it is called until it agrees.
 */
void devmap_ddi_module_exit(struct devmap_ddi_binding *binding,
			    int (*fini)(void))
{
	unsigned long tell = jiffies;
	int err;

	if (binding->driver)
		leave(binding->driver);

	while ((err = call_own(fini))) {
		if (time_after_eq(jiffies, tell)) {
			pr_warn("%s: _fini(9E) refuses (%d); waiting\n",
				binding->modname, err);
			tell = jiffies + PATIENCE;
		}
		schedule_timeout_idle(HZ);
	}

	if (binding->driver) {
		pr_warn("%s: _fini(9E) returned 0 without mod_remove(9F)\n",
			binding->modname);
		devmap_ddi_mod_remove(binding, NULL);
	}
}
EXPORT_SYMBOL_GPL(devmap_ddi_module_exit);
