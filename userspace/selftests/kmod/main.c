// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_selftest.ko: devices that do with mappings what a test program tells
 * them and record every callback; see devmap_selftest.h. A Linux driver that
 * uses the native front door, <linux/devmap.h>.
 */

#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "device.h"

/* The PCI device whose registers can be mapped: QEMU's "edu". */
#define EDU_VENDOR	0x1234
#define EDU_DEVICE	0x11e8

static unsigned int instances = 5;
module_param(instances, uint, 0444);
MODULE_PARM_DESC(instances, "number of devices");

static struct st_device *devices;
static struct pci_dev *edu;

/**
 * st_device_of() - the device with a device number
 * @dev: the number
 *
 * Return: the device, or NULL if it is not one of ours.
 */
struct st_device *st_device_of(dev_t dev)
{
	unsigned int i;

	for (i = 0; i < instances; i++) {
		if (MAJOR(dev) == MISC_MAJOR &&
		    MINOR(dev) == devices[i].misc.minor)
			return &devices[i];
	}
	return NULL;
}

static long reset(struct st_device *dev)
{
	long err = -EBUSY;
	int i;

	mutex_lock(&dev->lock);
	if (!atomic_read(&dev->live)) {
		st_privs_forget(dev);
		st_handles_forget(dev);
		st_record_reset(dev);
		for (i = 0; i < DMST_UMEMS; i++)
			st_umem_release(&dev->umem[i]);
		st_words_unmap(dev);
		dev->script = (struct dmst_script){
			.log_mask = DMST_LOG_DEFAULT,
		};
		dev->ops = (struct devmap_dev_ops){ .devmap = st_devmap };
		dev->moves = 0;
		dev->next_handle = 1;
		dev->next_priv = 1;
		atomic_set(&dev->bad, 0);
		err = 0;
	}
	mutex_unlock(&dev->lock);

	spin_lock_irq(&dev->wait.lock);
	dev->wakes = 0;
	spin_unlock_irq(&dev->wait.lock);
	return err;
}

static long set_script(struct st_device *dev,
		       const struct dmst_script __user *arg)
{
	struct dmst_script *script;
	long err;
	u32 i;

	script = memdup_user(arg, sizeof(*script));
	if (IS_ERR(script))
		return PTR_ERR(script);
	for (i = 0; i < DMST_REGIONS; i++) {
		if (script->nr_regions > DMST_REGIONS ||
		    script->region[i].umem >= DMST_UMEMS) {
			kfree(script);
			return -EINVAL;
		}
	}

	mutex_lock(&dev->lock);
	dev->script = *script;
	dev->ops.devmap = script->no_devmap ? NULL : st_devmap;
	if (script->segmap == DMST_SEGMAP_NULL)
		dev->ops.segmap = NULL;
	else if (script->segmap == DMST_SEGMAP_DDI)
		dev->ops.segmap = ddi_devmap_segmap;
	else
		dev->ops.segmap = st_segmap;
	err = st_words_map(dev, &script->region[0]);
	mutex_unlock(&dev->lock);
	kfree(script);
	return err;
}

static long alloc_umem(struct st_device *dev,
		       const struct dmst_umem __user *arg)
{
	struct st_umem new = {}, *umem;
	struct dmst_umem req;
	long err = -EBUSY;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (req.nr >= DMST_UMEMS)
		return -EINVAL;

	/* On failure the layer has to clear it. */
	new.cookie = dev;
	new.size = req.size;
	new.addr = ddi_umem_alloc(req.size, req.flag, &new.cookie);
	if (!new.addr)
		return new.cookie ? -EIO : -ENOMEM;
	new.size = PAGE_ALIGN(req.size);

	mutex_lock(&dev->lock);
	umem = &dev->umem[req.nr];
	if (!umem->cookie) {
		*umem = new;
		err = 0;
	}
	mutex_unlock(&dev->lock);
	if (err)
		ddi_umem_free(new.cookie);
	return err;
}

static long do_free_umem(struct st_device *dev, unsigned long nr)
{
	if (nr >= DMST_UMEMS)
		return -EINVAL;

	mutex_lock(&dev->lock);
	st_umem_release(&dev->umem[nr]);
	mutex_unlock(&dev->lock);
	return 0;
}

/*
 * The user's buffer may be a mapping of this very device, so it is not touched
 * with the mutex held that the callbacks take.
 */
static long umem_io(struct st_device *dev, const struct dmst_umem_io __user *arg)
{
	struct dmst_umem_io io;
	struct st_umem *umem;
	long err = -EINVAL;
	void *copy;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	if (io.nr >= DMST_UMEMS || !io.len || io.len > DMST_IO_MAX)
		return -EINVAL;
	copy = kzalloc(DMST_IO_MAX, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (io.write && copy_from_user(copy, u64_to_user_ptr(io.buf), io.len)) {
		kfree(copy);
		return -EFAULT;
	}

	mutex_lock(&dev->lock);
	umem = &dev->umem[io.nr];
	if (umem->addr && io.off <= umem->size && io.len <= umem->size - io.off) {
		if (io.write)
			memcpy(umem->addr + io.off, copy, io.len);
		else
			memcpy(copy, umem->addr + io.off, io.len);
		err = 0;
	}
	mutex_unlock(&dev->lock);

	if (!err && !io.write &&
	    copy_to_user(u64_to_user_ptr(io.buf), copy, io.len))
		err = -EFAULT;
	kfree(copy);
	return err;
}

static long range_call(struct st_device *dev, struct dmst_range __user *arg,
		       bool load)
{
	struct dmst_range range;
	struct st_handle *h;

	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;

	/* The mutex keeps the handle: devmap_unmap takes it. */
	mutex_lock(&dev->lock);
	h = st_handle_by_nr(dev, range.handle);
	if (h && load)
		range.ret = st_load(dev, h->dhp, range.off, range.len,
				    DEVMAP_ACCESS, DEVMAP_READ);
	else if (h)
		range.ret = st_unload(dev, h->dhp, range.off, range.len);
	mutex_unlock(&dev->lock);

	if (!h)
		return -ENOENT;
	return copy_to_user(arg, &range, sizeof(range)) ? -EFAULT : 0;
}

static long set_timeout(struct st_device *dev,
			const struct dmst_timeout __user *arg)
{
	struct dmst_timeout req;
	struct st_handle *h;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;

	mutex_lock(&dev->lock);
	h = st_handle_by_nr(dev, req.handle);
	if (h)
		devmap_set_ctx_timeout(h->dhp, req.ticks);
	mutex_unlock(&dev->lock);
	return h ? 0 : -ENOENT;
}

static long set_fail(struct st_device *dev, const struct dmst_fail __user *arg)
{
	struct dmst_fail fail;

	if (copy_from_user(&fail, arg, sizeof(fail)))
		return -EFAULT;
	if (fail.op >= DMST_OPS)
		return -EINVAL;

	spin_lock(&dev->record_lock);
	dev->fail[fail.op] = fail;
	spin_unlock(&dev->record_lock);
	return 0;
}

static long wake(struct st_device *dev, unsigned long nr)
{
	spin_lock_irq(&dev->wait.lock);
	dev->wakes += nr;
	wake_up_all_locked(&dev->wait);
	spin_unlock_irq(&dev->wait.lock);
	return 0;
}

static long get_info(struct st_device *dev, struct dmst_info __user *arg)
{
	struct dmst_info info = {
		.hz = HZ,
		.minor = dev->misc.minor,
		.regs_size = edu ? pci_resource_len(edu, 0) : 0,
		.live = atomic_read(&dev->live),
		.contexts = atomic_read(&dev->contexts),
		.handles = st_handles_count(dev),
		.files = atomic_read(&dev->files),
		.sleepers = atomic_read(&dev->sleepers),
		.bad = atomic_read(&dev->bad),
	};

	spin_lock(&dev->record_lock);
	memcpy(info.calls, dev->calls, sizeof(info.calls));
	spin_unlock(&dev->record_lock);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

/*
 * As a driver whose device has gone: what was mapped is with the old instance.
 * Without the mutex, which the callbacks take.
 */
static long gone(struct st_device *dev)
{
	dev_info_t *new, *old;

	new = devmap_dev_create(edu ? &edu->dev : NULL, dev - devices,
				&dev->ops);
	if (IS_ERR(new))
		return PTR_ERR(new);

	mutex_lock(&dev->lock);
	old = dev->dip;
	dev->dip = new;
	mutex_unlock(&dev->lock);
	devmap_dev_destroy(old);
	return 0;
}

/**
 * struct st_file - an open file
 * @dev: the device; constant
 * @dip: the instance it was opened with; constant
 */
struct st_file {
	struct st_device *dev;
	dev_info_t *dip;
};

static struct st_device *device_of_file(struct file *file)
{
	struct st_file *f = file->private_data;

	return f->dev;
}

static long st_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct st_device *dev = device_of_file(file);
	void __user *ptr = (void __user *)arg;

	switch (cmd) {
	case DMST_RESET:
		return reset(dev);
	case DMST_SCRIPT:
		return set_script(dev, ptr);
	case DMST_ALLOC:
		return alloc_umem(dev, ptr);
	case DMST_FREE:
		return do_free_umem(dev, arg);
	case DMST_IO:
		return umem_io(dev, ptr);
	case DMST_LOAD:
		return range_call(dev, ptr, true);
	case DMST_UNLOAD:
		return range_call(dev, ptr, false);
	case DMST_TIMEOUT:
		return set_timeout(dev, ptr);
	case DMST_FAIL:
		return set_fail(dev, ptr);
	case DMST_WAKE:
		return wake(dev, arg);
	case DMST_READ_LOG:
		return st_record_read(dev, ptr);
	case DMST_INFO:
		return get_info(dev, ptr);
	case DMST_UNLOAD_ALL:
		mutex_lock(&dev->lock);
		st_unload_all(dev);
		mutex_unlock(&dev->lock);
		return 0;
	case DMST_GONE:
		return gone(dev);
	case DMST_REMAP:
		return st_remap_ioctl(dev, ptr);
	case DMST_LOCK:
		return st_lock_ioctl(dev, ptr, true);
	case DMST_UNLOCK:
		return st_lock_ioctl(dev, ptr, false);
	case DMST_UMEM_LOCK:
		return st_umem_lock_ioctl(dev, ptr);
	case DMST_PTE:
		return st_pte_ioctl(ptr);
	case DMST_CALL:
		return st_call_ioctl(dev, ptr);
	case DMST_MOVE:
		return st_move(dev, arg);
	}
	return -ENOTTY;
}

static int st_open(struct inode *inode, struct file *file)
{
	struct st_device *dev = container_of(file->private_data,
					     struct st_device, misc);
	struct st_file *f = kzalloc(sizeof(*f), GFP_KERNEL);
	int err;

	if (!f)
		return -ENOMEM;

	mutex_lock(&dev->lock);
	f->dev = dev;
	f->dip = dev->dip;
	err = devmap_open(f->dip, file);
	mutex_unlock(&dev->lock);
	if (err) {
		kfree(f);
		return err;
	}

	file->private_data = f;
	atomic_inc(&dev->files);
	return 0;
}

static int st_release(struct inode *inode, struct file *file)
{
	struct st_file *f = file->private_data;
	struct st_device *dev = f->dev;
	struct dmst_record rec = { .op = DMST_OP_CLOSE };
	u64 seq = st_record(dev, &rec);

	devmap_release(f->dip, file);
	kfree(f);
	atomic_dec(&dev->files);
	rec.ret = 0;
	st_record_done(dev, seq, &rec);
	return 0;
}

static int st_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct st_file *f = file->private_data;

	return devmap_mmap(f->dip, vma);
}

static const struct file_operations st_fops = {
	.owner = THIS_MODULE,
	.open = st_open,
	.release = st_release,
	.mmap = st_mmap,
	.get_unmapped_area = devmap_get_unmapped_area,
	.unlocked_ioctl = st_ioctl,
	.fsync = noop_fsync,	/* or msync(2) would fail */
	.llseek = noop_llseek,
};

static void remove_device(struct st_device *dev)
{
	misc_deregister(&dev->misc);
	devmap_dev_destroy(dev->dip);
	reset(dev);
	mutex_destroy(&dev->lock);
	vfree(dev->record);
}

static int add_device(struct st_device *dev, unsigned int i)
{
	int err;

	mutex_init(&dev->lock);
	init_waitqueue_head(&dev->wait);
	spin_lock_init(&dev->record_lock);
	reset(dev);
	dev->record = vcalloc(DMST_LOG, sizeof(*dev->record));
	if (!dev->record)
		return -ENOMEM;

	dev->dip = devmap_dev_create(edu ? &edu->dev : NULL, i, &dev->ops);
	if (IS_ERR(dev->dip)) {
		err = PTR_ERR(dev->dip);
		goto err_free;
	}

	snprintf(dev->name, sizeof(dev->name), "devmap_selftest%u", i);
	dev->misc.minor = MISC_DYNAMIC_MINOR;
	dev->misc.name = dev->name;
	dev->misc.fops = &st_fops;
	dev->misc.mode = 0600;
	err = misc_register(&dev->misc);
	if (err)
		goto err_destroy;
	return 0;

err_destroy:
	devmap_dev_destroy(dev->dip);
err_free:
	vfree(dev->record);
	return err;
}

static void find_edu(void)
{
	edu = pci_get_device(EDU_VENDOR, EDU_DEVICE, NULL);
	if (edu && pci_enable_device(edu)) {
		pci_dev_put(edu);
		edu = NULL;
	}
}

static void forget_edu(void)
{
	if (edu)
		pci_disable_device(edu);
	pci_dev_put(edu);
}

static int __init st_init(void)
{
	unsigned int i;
	int err;

	devices = kcalloc(instances, sizeof(*devices), GFP_KERNEL);
	if (!devices)
		return -ENOMEM;

	find_edu();
	st_pci_init();
	st_platform_init(edu);
	for (i = 0; i < instances; i++) {
		err = add_device(&devices[i], i);
		if (err)
			goto err_remove;
	}
	return 0;

err_remove:
	while (i--)
		remove_device(&devices[i]);
	st_platform_exit();
	st_pci_exit();
	forget_edu();
	kfree(devices);
	return err;
}
module_init(st_init);

static void __exit st_exit(void)
{
	unsigned int i;

	for (i = 0; i < instances; i++)
		remove_device(&devices[i]);
	st_platform_exit();
	st_pci_exit();
	forget_edu();
	kfree(devices);
}
module_exit(st_exit);

MODULE_DESCRIPTION("Scriptable device for the devmap selftests");
MODULE_LICENSE("GPL");
