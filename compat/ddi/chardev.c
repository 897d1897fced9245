// SPDX-License-Identifier: GPL-2.0
/* From Linux' file_operations to cb_ops(9S). */

#include <linux/cdev.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#undef FASYNC
#include <sys/file.h>
#include <sys/model.h>
#include <sys/sunddi.h>

#include "../devmap/mmap.h"
#include "chardev.h"
#include "chpoll.h"
#include "instance.h"
#include "uio.h"

/*
 * Whose a file is who opened it: who writes to it may be a program with more rights,
 * whose standard output it has been made. An ioctl(2) is the caller's, as on Solaris.
 */
static cred_t *credentials_of(const struct file *file)
{
	return (cred_t *)file->f_cred;
}

/* FREAD and so on, of a file that is open or being opened. */
static int flags_of(const struct file *file)
{
	static const struct {
		unsigned int linux_flag;
		int flag;
	} table[] = {
		{ O_NONBLOCK, FNDELAY | FNONBLOCK },
		{ O_APPEND, FAPPEND },
		{ O_DSYNC, FDSYNC },
		{ __O_SYNC, FSYNC },
		{ O_EXCL, FEXCL },
		{ O_NOCTTY, FNOCTTY },
	};
	int i, flags = 0;

	if (file->f_mode & FMODE_READ)
		flags |= FREAD;
	if (file->f_mode & FMODE_WRITE)
		flags |= FWRITE;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (file->f_flags & table[i].linux_flag)
			flags |= table[i].flag;
	}
	return flags;
}

/*
 * What an entry point that may have been interrupted returned. Who sleeps in a
 * driver whose device goes is told of a signal that there is not.
 */
static int result_of(const struct ddi_instance *inst, int err)
{
	if (err != EINTR)
		return devmap_ddi_errno(err);
	if (signal_pending(current))
		return -ERESTARTSYS;
	return READ_ONCE(inst->dip->gone) ? -ENXIO : -EINTR;
}

static struct ddi_file *file_alloc(struct ddi_instance *inst)
{
	struct ddi_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	struct module *owner = inst->driver->binding->owner;

	if (!f)
		return NULL;
	f->inst = inst;
	/*
	 * A module on its way out waits for its users, &ddi_driver.users. It can be
	 * opened, as its detach(9E) may refuse until a program has said goodbye.
	 */
	f->module = try_module_get(owner) ? owner : NULL;
	init_waitqueue_head(&f->pollers);
	INIT_LIST_HEAD(&f->watches);
	return f;
}

static void file_free(struct ddi_file *f)
{
	module_put(f->module);
	kfree(f);
}

static void file_add(struct ddi_file *f)
{
	spin_lock(&f->inst->files_lock);
	list_add(&f->node, &f->inst->files);
	spin_unlock(&f->inst->files_lock);
}

static void file_del(struct ddi_file *f)
{
	devmap_ddi_poll_release(f);
	spin_lock(&f->inst->files_lock);
	list_del(&f->node);
	spin_unlock(&f->inst->files_lock);
}

static int open_instance(struct ddi_instance *inst, struct inode *inode,
			 struct file *file)
{
	struct ddi_file *f = file_alloc(inst);
	struct ddi_call call;
	int err;

	if (!f)
		return -ENOMEM;
	err = down_read_killable(&inst->gate);
	if (err)
		goto err_free;
	err = -ENXIO;
	if (!devmap_ddi_enter(&call, inst))
		goto err_gate;

	f->dev = inode->i_rdev;
	err = devmap_ddi_open(inst, &f->dev, flags_of(file), file->f_cred);
	if (err == -EINTR)
		err = result_of(inst, EINTR);
	if (err)
		goto err_leave;

	err = devmap_open(inst->dip, file);
	if (err) {
		devmap_ddi_close(inst, f->dev, flags_of(file),
				 file->f_cred);
		goto err_leave;
	}

	file->private_data = f;
	file_add(f);
	devmap_ddi_leave(&call);
	up_read(&inst->gate);
	return 0;

err_leave:
	devmap_ddi_leave(&call);
err_gate:
	up_read(&inst->gate);
err_free:
	file_free(f);
	return err;
}

static int chardev_open(struct inode *inode, struct file *file)
{
	struct ddi_driver *driver = devmap_ddi_driver_get(imajor(inode));
	struct ddi_instance *inst;
	int err = -ENXIO;

	if (!driver)
		return err;

	inst = devmap_ddi_minor_find(driver, inode->i_rdev);
	if (!inst)
		goto err_driver;

	err = open_instance(inst, inode, file);
	if (!err)
		return 0;

	devmap_ddi_instance_put(inst);
err_driver:
	devmap_ddi_driver_put(driver);
	return err;
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct ddi_file *f = file->private_data;
	struct ddi_instance *inst = f->inst;
	struct ddi_driver *driver = inst->driver;
	struct ddi_call call;

	if (devmap_ddi_enter(&call, inst)) {
		devmap_ddi_close(inst, f->dev, flags_of(file),
				 file->f_cred);
		devmap_ddi_leave(&call);
	}

	file_del(f);
	devmap_release(inst->dip, file);
	devmap_ddi_instance_put(inst);
	devmap_ddi_driver_put(driver);
	file_free(f);
	return 0;
}

/* read(2) and write(2): read(9E) and write(9E) have one type. */
static ssize_t call_rw(struct kiocb *iocb, struct iov_iter *iter,
		       int (*entry)(dev_t dev, struct uio *uiop,
				    cred_t *credp))
{
	struct ddi_file *f = iocb->ki_filp->private_data;
	struct ddi_instance *inst = f->inst;
	struct devmap_uio du;
	struct ddi_call call;
	ssize_t moved;
	int err;

	if (!devmap_ddi_enter(&call, inst))
		return -ENXIO;

	moved = -ENXIO;
	if (!entry)
		goto out;
	moved = devmap_uio_init(&du, iter, iocb->ki_pos,
				flags_of(iocb->ki_filp));
	if (moved)
		goto out;

	err = entry(f->dev, &du.uio, credentials_of(iocb->ki_filp));
	iocb->ki_pos = du.uio.uio_loffset;
	moved = devmap_uio_finish(&du);
	/* Who was interrupted half-way is told how far he came. */
	if (err && !(err == EINTR && moved))
		moved = result_of(inst, err);
out:
	devmap_ddi_leave(&call);
	return moved;
}

static ssize_t chardev_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct ddi_file *f = iocb->ki_filp->private_data;

	return call_rw(iocb, to, f->inst->driver->cb.cb_read);
}

static ssize_t chardev_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct ddi_file *f = iocb->ki_filp->private_data;

	return call_rw(iocb, from, f->inst->driver->cb.cb_write);
}

static long call_ioctl(struct file *file, unsigned int cmd, unsigned long arg,
		       int model)
{
	struct ddi_file *f = file->private_data;
	struct ddi_instance *inst = f->inst;
	const struct cb_ops *cb = &inst->driver->cb;
	int err = ENXIO, rval = 0;
	struct ddi_call call;

	if (!devmap_ddi_enter(&call, inst))
		return -ENXIO;
	if (cb->cb_ioctl)
		err = cb->cb_ioctl(f->dev, cmd, arg, flags_of(file) | model,
				   (cred_t *)current_cred(), &rval);
	devmap_ddi_leave(&call);
	return err ? result_of(inst, err) : rval;
}

static long chardev_ioctl(struct file *file, unsigned int cmd,
			  unsigned long arg)
{
	return call_ioctl(file, cmd, arg, FNATIVE);
}

#ifdef CONFIG_COMPAT
static long chardev_compat_ioctl(struct file *file, unsigned int cmd,
				 unsigned long arg)
{
	return call_ioctl(file, cmd, arg, FILP32);
}
#endif

static int chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ddi_file *f = file->private_data;

	return devmap_mmap_dev(f->inst->dip, vma, f->dev);
}

/* Bytes of a device, as the driver's property Size says; 0 if it does not. */
static loff_t size_of(struct ddi_file *f)
{
	const struct cb_ops *cb = &f->inst->driver->cb;
	int len = sizeof(loff_t);
	struct ddi_call call;
	loff_t size = 0;
	int err;

	if (!cb->cb_prop_op || !devmap_ddi_enter(&call, f->inst))
		return 0;
	err = cb->cb_prop_op(f->dev, f->inst->dip, PROP_LEN_AND_VAL_BUF,
			     DDI_PROP_DONTPASS | DDI_PROP_NOTPROM, "Size",
			     (caddr_t)&size, &len);
	devmap_ddi_leave(&call);
	return err == DDI_PROP_SUCCESS && len == sizeof(size) ? size : 0;
}

static loff_t chardev_llseek(struct file *file, loff_t off, int whence)
{
	struct ddi_file *f = file->private_data;

	return generic_file_llseek_size(file, off, whence, LLONG_MAX,
					whence == SEEK_END ? size_of(f) : 0);
}

/* Nothing of a mapping is ever dirty, so msync(2) is a success. */
static const struct file_operations chardev_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.read_iter = chardev_read,
	.write_iter = chardev_write,
	.poll = devmap_ddi_poll,
	.unlocked_ioctl = chardev_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = chardev_compat_ioctl,
#endif
	.mmap = chardev_mmap,
	.get_unmapped_area = devmap_get_unmapped_area,
	.llseek = chardev_llseek,
	.fsync = noop_fsync,
};

/**
 * devmap_ddi_chardev_add() - give a driver a major number and all its minors
 * @driver: the driver
 *
 * Return: 0 or a negative errno.
 */
int devmap_ddi_chardev_add(struct ddi_driver *driver)
{
	dev_t first;
	int err;

	err = alloc_chrdev_region(&first, 0, MINORMASK + 1, driver->name);
	if (err)
		return err;

	err = -ENOMEM;
	driver->major = MAJOR(first);
	driver->cdev = cdev_alloc();
	if (!driver->cdev)
		goto err_region;

	driver->cdev->ops = &chardev_fops;
	/* Not the driver's module: see file_alloc(). */
	driver->cdev->owner = THIS_MODULE;
	err = cdev_add(driver->cdev, first, MINORMASK + 1);
	if (!err)
		return 0;

	kobject_put(&driver->cdev->kobj);
err_region:
	unregister_chrdev_region(first, MINORMASK + 1);
	return err;
}

/**
 * devmap_ddi_chardev_del() - undo devmap_ddi_chardev_add()
 * @driver: the driver; nothing of it is open
 */
void devmap_ddi_chardev_del(struct ddi_driver *driver)
{
	cdev_del(driver->cdev);
	unregister_chrdev_region(MKDEV(driver->major, 0), MINORMASK + 1);
}
