/* SPDX-License-Identifier: GPL-2.0 */
/* devmap_olddev.ko: its objects and what its files use of each other. */
#ifndef _OLDDEV_H
#define _OLDDEV_H

#include <linux/atomic.h>
#include <linux/devmap.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "devmap_olddev.h"

/**
 * struct old_priv - private data of a mapping: its context
 * @node: in the list of all
 * @handle: of ddi_mapdev(9F), or NULL before that has returned
 * @dev: its device; constant
 * @nr: number of the handle and of this, in records; constant
 * @save: the content of the device's memory while another context is in it
 *
 * old_lock protects what is not constant.
 */
struct old_priv {
	struct list_head node;
	ddi_mapdev_handle_t handle;
	struct old_device *dev;
	u32 nr;
	void *save;
};

/**
 * struct old_device - one /dev/devmap_oldN
 * @misc: the Linux device
 * @name: of it; constant
 * @dip: the layer's instance; constant
 * @ops: entry points the layer sees; change only by OLD_SCRIPT, while nobody
 *	maps the device
 * @script: what to do; old_lock
 * @cookie: the memory; old_lock
 * @memory: address of it; old_lock
 * @nr_privs: private data objects; old_lock
 * @next_priv: number of the next; old_lock
 * @current_priv: whose content is in the memory, or NULL; old_lock
 * @switches: how often that changed; old_lock
 * @files: open files
 * @record_lock: protects all below; leaf
 * @seq: number of the next record
 * @nr_records: how many are in @record
 * @lost: how many found no room
 * @calls: calls of each kind since the last reset
 * @fail: failures to come
 * @record: the records
 */
struct old_device {
	struct miscdevice misc;
	char name[24];
	dev_info_t *dip;
	struct devmap_dev_ops ops;

	struct old_script script;
	ddi_umem_cookie_t cookie;
	void *memory;
	u32 nr_privs;
	u32 next_priv;
	struct old_priv *current_priv;
	u64 switches;

	atomic_t files;

	spinlock_t record_lock;
	u64 seq;
	u32 nr_records;
	u32 lost;
	u64 calls[OLD_OPS];
	struct old_fail fail[OLD_OPS];
	struct old_record *record;
};

/*
 * The driver's mutex. It is held by mmap(9E) and all callbacks, of all devices,
 * and where the driver calls ddi_mapdev_intercept(9F).
 */
extern struct mutex old_lock;
/* Calls that made no sense, of any device. */
extern atomic_t old_bad;

/* olddev_main.c */
struct old_device *old_device_of(dev_t dev);

/* olddev_record.c */
u64 old_record(struct old_device *dev, struct old_record *rec);
void old_record_done(struct old_device *dev, u64 seq,
		     const struct old_record *rec);
int old_injected(struct old_device *dev, enum old_op op);
void old_record_reset(struct old_device *dev);
long old_record_read(struct old_device *dev, struct old_log __user *arg);

/* olddev_mapdev.c */
struct old_priv *old_priv_by_nr(struct old_device *dev, u32 nr);
int old_intercept(struct old_priv *priv, off_t off, off_t len);
int old_nointercept(struct old_priv *priv, off_t off, off_t len);
int old_mapdev(const struct old_script *script, struct old_device *dev,
	       dev_t devno, off_t off, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *credp);

/* olddev_entry.c */
void old_fill_ops(struct old_device *dev);

#endif /* _OLDDEV_H */
