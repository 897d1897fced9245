/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver model: drivers in Solaris style, their instances, and who has them
 * open.
 *
 * Lock order, outer to inner:
 *
 *	device_lock of the device: bind and unbind
 *	  ddi_driver.lock
 *	  ddi_instance.open_lock	not under ddi_driver.lock
 *	  ddi_instance.prop_lock	not under ddi_driver.lock
 *	    the lock of the watches (chpoll.c): leaf
 *
 * None is held around a call of the driver.
 */
#ifndef _DEVMAP_DDI_INSTANCE_H
#define _DEVMAP_DDI_INSTANCE_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "../devmap/frame.h"
#include "../devmap/instance.h"

#include <devmap/ddi_binding.h>
#include <devmap/ddi_model.h>

struct cdev;
struct modldrv;
struct modlinkage;

/**
 * struct ddi_driver - between mod_install(9F) and mod_remove(9F)
 * @binding: what the glue says; constant
 * @name: constant
 * @linkinfo: drv_linkinfo; constant
 * @node: in the list of all drivers; its lock
 * @ops: entry points for the system; those that are nodev() are NULL; constant
 * @cb: entry points for users, likewise; constant
 * @map_ops: entry points for mappings; constant
 * @cdev: all device numbers of @major; constant
 * @major: constant
 * @users: open files, opens on their way, instances that refuse to be detached:
 *	what mod_remove(9F) waits for
 * @idle: @users fell to 0
 * @leaving: the module goes: detach(9E) is waited for; written with @lock
 * @closed: nobody gets in any more; written with the lock of the list of all drivers
 * @lock: protects the lists below and the states of the instances
 * @instances: struct ddi_instance; @lock
 * @slots: struct ddi_slot: instance numbers given out; @lock
 * @minors: struct ddi_minor by minor number; @lock
 * @conf: struct ddi_prop: properties of the parameter props=; constant
 * @pci: for binding.pci_ids; constant
 * @platform: for binding.platform, of_ids and acpi_ids; constant
 * @pseudo: for @pseudo_devs; constant
 * @pseudo_devs: devices without hardware; constant
 * @nr_pseudo: how many; constant
 */
struct ddi_driver {
	struct devmap_ddi_binding *binding;
	const char *name;
	const char *linkinfo;
	struct list_head node;
	struct dev_ops ops;
	struct cb_ops cb;
	struct devmap_dev_ops map_ops;
	struct cdev *cdev;
	major_t major;
	atomic_t users;
	wait_queue_head_t idle;
	bool leaving;
	bool closed;
	struct mutex lock; /* see above */
	struct list_head instances;
	struct list_head slots;
	struct xarray minors;
	struct list_head conf;
	struct pci_driver pci;
	struct platform_driver platform;
	struct platform_driver pseudo;
	struct platform_device **pseudo_devs;
	unsigned int nr_pseudo;
};

/* How far an instance has come. */
enum ddi_state {
	DDI_STATE_ATTACHING,	/* probe(9E) or attach(9E) runs: nobody gets in */
	DDI_STATE_ATTACHED,	/* can be opened */
	DDI_STATE_LEAVING,	/* nobody gets in any more */
	DDI_STATE_DETACHED,	/* detach(9E) agreed, or attach(9E) did not */
};

/**
 * struct ddi_instance - one instance of a driver
 * @ref: one for the binding, one per open file
 * @driver: constant
 * @dip: what the DDI calls it, counted; its ddi is this; constant
 * @number: ddi_get_instance(9F); constant
 * @state: &ddi_driver.lock
 * @node: in &ddi_driver.instances; &ddi_driver.lock
 * @minors: struct ddi_minor; &ddi_driver.lock
 * @private: ddi_set_driver_private(9F); the driver's
 * @addr: ddi_get_name_addr(9F); constant
 * @gate: held for reading by who opens it, for writing while detach(9E) is asked
 *	whether it may go; outermost
 * @open_lock: protects @opens and what is in them
 * @opens: struct ddi_open by minor number: what is open; @open_lock
 * @close_wait: for the end of a close(9E)
 * @closes: how many have ended
 * @files_lock: protects @files; leaf
 * @files: struct ddi_file: open files; @files_lock
 * @prop_lock: protects @props
 * @props: struct ddi_prop: what the driver has created; @prop_lock
 * @retry: asks detach(9E) again; its device has gone
 */
struct ddi_instance {
	struct kref ref;
	struct ddi_driver *driver;
	dev_info_t *dip;
	int number;
	enum ddi_state state;
	struct list_head node;
	struct list_head minors;
	void *private;
	const char *addr;
	struct rw_semaphore gate; /* see above */
	struct mutex open_lock; /* see above */
	struct xarray opens;
	wait_queue_head_t close_wait;
	atomic_t closes;
	spinlock_t files_lock; /* see above */
	struct list_head files;
	struct rw_semaphore prop_lock;
	struct list_head props;
	struct delayed_work retry;
};

/**
 * struct ddi_call - an entry point that runs for a user, on his stack
 * @frame: says so to the sleeping functions of the DDI
 * @inst: the instance
 * @idx: of the read side of &dev_info.srcu
 */
struct ddi_call {
	struct devmap_frame frame;
	struct ddi_instance *inst;
	int idx;
};

/* modctl.c */
int devmap_ddi_find_ldrv(const struct modlinkage *linkage,
			 const struct modldrv **ldrv);
struct ddi_driver *devmap_ddi_driver_get(major_t major);
void devmap_ddi_driver_put(struct ddi_driver *driver);
int devmap_ddi_errno(int err);

/* ops.c */
int devmap_ddi_check_ops(struct ddi_driver *driver, const struct dev_ops *ops);

/* bind.c */
int devmap_ddi_bind(struct ddi_driver *driver, struct device *dev);
void devmap_ddi_unbind(struct device *dev);
void devmap_ddi_shutdown(struct device *dev);
void devmap_ddi_free_slots(struct ddi_driver *driver);

/* bind_pci.c, bind_platform.c, bind_pseudo.c */
int devmap_ddi_bind_pci(struct ddi_driver *driver);
void devmap_ddi_unbind_pci(struct ddi_driver *driver);
int devmap_ddi_bind_platform(struct ddi_driver *driver);
void devmap_ddi_unbind_platform(struct ddi_driver *driver);
int devmap_ddi_bind_pseudo(struct ddi_driver *driver);
void devmap_ddi_unbind_pseudo(struct ddi_driver *driver);

/* attach.c */
int devmap_ddi_attach(struct ddi_driver *driver, struct device *dev,
		      int number, struct ddi_instance **instp);
bool devmap_ddi_detach(struct ddi_instance *inst);
struct ddi_instance *devmap_ddi_instance_get(struct ddi_instance *inst);
void devmap_ddi_instance_put(struct ddi_instance *inst);
bool devmap_ddi_enter(struct ddi_call *call, struct ddi_instance *inst);
void devmap_ddi_leave(struct ddi_call *call);

/* minor.c */
void devmap_ddi_minors_show(struct ddi_instance *inst);
void devmap_ddi_minors_hide(struct ddi_instance *inst);
struct ddi_instance *devmap_ddi_minor_find(struct ddi_driver *driver,
					   dev_t dev);

/* chardev.c */
int devmap_ddi_chardev_add(struct ddi_driver *driver);
void devmap_ddi_chardev_del(struct ddi_driver *driver);

/* open.c */
int devmap_ddi_open(struct ddi_instance *inst, dev_t *devp, int flag,
		    const struct cred *cred);
void devmap_ddi_close(struct ddi_instance *inst, dev_t dev, int flag,
		      const struct cred *cred);
bool devmap_ddi_is_open(struct ddi_instance *inst);
void devmap_ddi_close_all(struct ddi_instance *inst);

/* devinfo.c */
static inline struct ddi_instance *devmap_ddi_of(dev_info_t *dip)
{
	return dip ? dip->ddi : NULL;
}

#endif /* _DEVMAP_DDI_INSTANCE_H */
