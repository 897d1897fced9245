// SPDX-License-Identifier: GPL-2.0
/* Instances and their address_space: see instance.h and <linux/devmap.h>. */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>

#include "ctxmgt.h"
#include "instance.h"
#include "pagetable.h"
#include "segment.h"
#include "stats.h"

/*
 * mm has no address_space without an inode, and the inode of a device node
 * will not do: two nodes with the same number have two, and the anonymous
 * inode is everybody's. Hence a file system nobody sees, with an inode per
 * instance.
 */
#define DEVMAP_FS_MAGIC	0x64766d70

static int devmap_fs_init_context(struct fs_context *fc)
{
	return init_pseudo(fc, DEVMAP_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type devmap_fs = {
	.name = "devmap",
	.owner = THIS_MODULE,
	.init_fs_context = devmap_fs_init_context,
	.kill_sb = kill_anon_super,
};

static struct vfsmount *devmap_mnt;
static int devmap_mnt_count;

static struct inode *new_inode_of_instance(void)
{
	struct inode *inode;
	int err;

	err = simple_pin_fs(&devmap_fs, &devmap_mnt, &devmap_mnt_count);
	if (err)
		return ERR_PTR(err);

	inode = alloc_anon_inode(devmap_mnt->mnt_sb);
	if (IS_ERR(inode))
		simple_release_fs(&devmap_mnt, &devmap_mnt_count);
	return inode;
}

static void put_inode_of_instance(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&devmap_mnt, &devmap_mnt_count);
}

/**
 * devmap_dev_create() - make an instance of a device that can be mapped
 * @dev: the device; its register sets are those of the instance. NULL for a
 *	device without registers
 * @instance: its number among the devices of the driver; for messages
 * @ops: entry points; must stay valid until the last file of the instance has
 *	been released
 *
 * Context: Process context, may sleep.
 * Return: the instance, to be passed to devmap_dev_destroy(), or an error
 * pointer: -ENOMEM.
 */
dev_info_t *devmap_dev_create(struct device *dev, int instance,
			      const struct devmap_dev_ops *ops)
{
	dev_info_t *dip;
	int err;

	dip = kzalloc(sizeof(*dip), GFP_KERNEL);
	if (!dip)
		return ERR_PTR(-ENOMEM);

	err = init_srcu_struct(&dip->srcu);
	if (err)
		goto err_free;

	dip->inode = new_inode_of_instance();
	if (IS_ERR(dip->inode)) {
		err = PTR_ERR(dip->inode);
		goto err_srcu;
	}

	kref_init(&dip->ref);
	dip->dev = get_device(dev);
	dip->number = instance;
	dip->ops = ops;
	devmap_windows_init(&dip->windows);
	mutex_init(&dip->ctx_lock);
	INIT_LIST_HEAD(&dip->ctxs);
	spin_lock_init(&dip->segs_lock);
	INIT_LIST_HEAD(&dip->segs);
	devmap_stat_inc(DEVMAP_STAT_INSTANCES);
	return dip;

err_srcu:
	cleanup_srcu_struct(&dip->srcu);
err_free:
	kfree(dip);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(devmap_dev_create);

static void instance_release(struct kref *ref)
{
	dev_info_t *dip = container_of(ref, dev_info_t, ref);

	devmap_ctx_free_all(dip);
	devmap_windows_destroy(&dip->windows);
	put_inode_of_instance(dip->inode);
	cleanup_srcu_struct(&dip->srcu);
	put_device(dip->dev);
	kfree(dip);
	devmap_stat_dec(DEVMAP_STAT_INSTANCES);
}

dev_info_t *devmap_instance_get(dev_info_t *dip)
{
	kref_get(&dip->ref);
	return dip;
}

void devmap_instance_put(dev_info_t *dip)
{
	kref_put(&dip->ref, instance_release);
}

/**
 * devmap_dev_destroy() - take an instance out of service
 * @dip: the instance
 *
 * When this returns, no process has a translation, and none can get one: a touch
 * of a mapping is SIGBUS, open and mmap fail. Every handle that was mapped has
 * been told devmap_unmap(9E), from within this call, and no callback runs for the
 * instance or ever will: the driver may free what they use. Files and mappings
 * that are left are shells and go without a word.
 *
 * Context: Process context, may sleep; not with a lock held that a callback
 * takes.
 */
void devmap_dev_destroy(dev_info_t *dip)
{
	WRITE_ONCE(dip->gone, true);
	devmap_ctx_end(dip);
	synchronize_srcu(&dip->srcu);
	devmap_segments_drain(dip);
	devmap_pt_revoke(dip);
	devmap_segments_unmap(dip);
	devmap_instance_put(dip);
}
EXPORT_SYMBOL_GPL(devmap_dev_destroy);

/**
 * devmap_instance_dev() - the device that an instance is of
 * @dip: the instance
 *
 * For what the DDI has no function for, in the glue file of a driver in Solaris style,
 * which is written for Linux: the driver calls a function there and passes its @dip.
 *
 * Context: Any, while the driver may use @dip.
 * Return: the device, not counted for the caller; NULL for one without, and for
 * ddi_root_node().
 */
struct device *devmap_instance_dev(dev_info_t *dip)
{
	return dip ? dip->dev : NULL;
}
EXPORT_SYMBOL_GPL(devmap_instance_dev);

/**
 * devmap_open() - attach a file to an instance
 * @dip: the instance
 * @file: as open received it
 *
 * Context: From the open function of the driver's file_operations, once per
 * file. The driver sees to it that devmap_dev_destroy() does not come between
 * its look-up of @dip and this.
 * Return: 0, or -ENXIO after devmap_dev_destroy().
 */
int devmap_open(dev_info_t *dip, struct file *file)
{
	if (READ_ONCE(dip->gone))
		return -ENXIO;

	file->f_mapping = devmap_instance_get(dip)->inode->i_mapping;
	return 0;
}
EXPORT_SYMBOL_GPL(devmap_open);

/**
 * devmap_release() - undo devmap_open()
 * @dip: the instance
 * @file: as release received it
 *
 * Mappings keep their file open, so this comes after the last close(2) and the
 * last munmap(2): where Solaris calls close(9E).
 *
 * Context: From the release function of the driver's file_operations, or from
 * open where it fails after devmap_open().
 */
void devmap_release(dev_info_t *dip, struct file *file)
{
	file->f_mapping = file_inode(file)->i_mapping;
	devmap_instance_put(dip);
}
EXPORT_SYMBOL_GPL(devmap_release);
