// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_olddev.ko: devices with the older interface, which do what a test
 * program tells them and record every call; see devmap_olddev.h.
 */

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "olddev.h"

static unsigned int instances = 2;
module_param(instances, uint, 0444);
MODULE_PARM_DESC(instances, "number of devices");

static struct old_device *devices;

DEFINE_MUTEX(old_lock);
atomic_t old_bad = ATOMIC_INIT(0);

/**
 * old_device_of() - the device with a device number
 * @dev: the number
 *
 * Return: the device, or NULL if it is not one of ours.
 */
struct old_device *old_device_of(dev_t dev)
{
	unsigned int i;

	for (i = 0; i < instances; i++) {
		if (MAJOR(dev) == MISC_MAJOR &&
		    MINOR(dev) == devices[i].misc.minor)
			return &devices[i];
	}
	return NULL;
}

static void forget(struct old_device *dev)
{
	lockdep_assert_held(&old_lock);

	ddi_umem_free(dev->cookie);
	dev->cookie = NULL;
	dev->memory = NULL;
	dev->script = (struct old_script){ .log_mask = OLD_LOG_ALL };
	old_fill_ops(dev);
	old_record_reset(dev);
	dev->next_priv = 1;
	dev->switches = 0;
	atomic_set(&old_bad, 0);
}

static long reset(struct old_device *dev)
{
	long err = -EBUSY;

	mutex_lock(&old_lock);
	if (!dev->nr_privs) {
		forget(dev);
		err = 0;
	}
	mutex_unlock(&old_lock);
	return err;
}

/* Page frames may be chosen anew while the device is mapped; memory stays. */
static long take_script(struct old_device *dev, const struct old_script *script)
{
	size_t size = (size_t)script->nr_pages << PAGE_SHIFT;

	lockdep_assert_held(&old_lock);

	if (dev->memory && script->nr_pages != dev->script.nr_pages)
		return -EBUSY;
	if (!dev->memory && size) {
		dev->memory = ddi_umem_alloc(size, DDI_UMEM_SLEEP,
					     &dev->cookie);
		if (!dev->memory)
			return -ENOMEM;
	}
	dev->script = *script;
	old_fill_ops(dev);
	return 0;
}

static long set_script(struct old_device *dev,
		       const struct old_script __user *arg)
{
	struct old_script *script;
	long err = 0;
	u32 i;

	script = memdup_user(arg, sizeof(*script));
	if (IS_ERR(script))
		return PTR_ERR(script);

	if (script->nr_pages > OLD_PAGES)
		err = -EINVAL;
	for (i = 0; i < OLD_PAGES; i++) {
		if (script->page[i] < -1 || script->page[i] >= OLD_PAGES)
			err = -EINVAL;
		else if (!err && i < script->nr_pages &&
			 script->page[i] >= (s32)script->nr_pages)
			err = -EINVAL;
	}
	if (!err) {
		mutex_lock(&old_lock);
		err = take_script(dev, script);
		mutex_unlock(&old_lock);
	}
	kfree(script);
	return err;
}

static long memory_io(struct old_device *dev, struct old_io __user *arg)
{
	long err = -EINVAL;
	struct old_io io;
	u32 *word;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;

	mutex_lock(&old_lock);
	if (io.page < dev->script.nr_pages) {
		word = dev->memory + ((size_t)io.page << PAGE_SHIFT);
		if (io.write)
			WRITE_ONCE(*word, io.value);
		io.value = READ_ONCE(*word);
		err = 0;
	}
	mutex_unlock(&old_lock);
	if (!err && copy_to_user(arg, &io, sizeof(io)))
		err = -EFAULT;
	return err;
}

static int call_range(struct old_priv *priv, unsigned int cmd,
		      const struct old_range *range)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
	};

	switch (cmd) {
	case OLD_INTERCEPT:
		return old_intercept(priv, range->off, range->len);
	case OLD_NOINTERCEPT:
		return old_nointercept(priv, range->off, range->len);
	}
	return ddi_mapdev_set_device_acc_attr(priv->handle, range->off,
					      range->len, &attr, 0);
}

static long range_call(struct old_device *dev, unsigned int cmd,
		       struct old_range __user *arg)
{
	struct old_range range;
	struct old_priv *priv;

	if (copy_from_user(&range, arg, sizeof(range)))
		return -EFAULT;

	/* The mutex keeps the handle: mapdev_free takes it. */
	mutex_lock(&old_lock);
	priv = old_priv_by_nr(dev, range.handle);
	if (priv)
		range.ret = call_range(priv, cmd, &range);
	mutex_unlock(&old_lock);

	if (!priv)
		return -ENOENT;
	return copy_to_user(arg, &range, sizeof(range)) ? -EFAULT : 0;
}

static long set_fail(struct old_device *dev, const struct old_fail __user *arg)
{
	struct old_fail fail;

	if (copy_from_user(&fail, arg, sizeof(fail)))
		return -EFAULT;
	if (fail.op >= OLD_OPS)
		return -EINVAL;

	spin_lock(&dev->record_lock);
	dev->fail[fail.op] = fail;
	spin_unlock(&dev->record_lock);
	return 0;
}

static long get_info(struct old_device *dev, struct old_info __user *arg)
{
	struct old_info info = {
		.files = atomic_read(&dev->files),
		.bad = atomic_read(&old_bad),
		.model = ddi_mmap_get_model(),
	};

	mutex_lock(&old_lock);
	info.privs = dev->nr_privs;
	info.switches = dev->switches;
	mutex_unlock(&old_lock);
	spin_lock(&dev->record_lock);
	memcpy(info.calls, dev->calls, sizeof(info.calls));
	spin_unlock(&dev->record_lock);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static struct old_device *device_of_file(struct file *file)
{
	return container_of(file->private_data, struct old_device, misc);
}

static long old_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct old_device *dev = device_of_file(file);
	void __user *ptr = (void __user *)arg;

	switch (cmd) {
	case OLD_RESET:
		return reset(dev);
	case OLD_SCRIPT:
		return set_script(dev, ptr);
	case OLD_IO:
		return memory_io(dev, ptr);
	case OLD_INTERCEPT:
	case OLD_NOINTERCEPT:
	case OLD_ACC_ATTR:
		return range_call(dev, cmd, ptr);
	case OLD_FAIL:
		return set_fail(dev, ptr);
	case OLD_READ_LOG:
		return old_record_read(dev, ptr);
	case OLD_INFO:
		return get_info(dev, ptr);
	}
	return -ENOTTY;
}

static int old_open(struct inode *inode, struct file *file)
{
	struct old_device *dev = device_of_file(file);
	int err = devmap_open(dev->dip, file);

	if (!err)
		atomic_inc(&dev->files);
	return err;
}

static int old_release(struct inode *inode, struct file *file)
{
	struct old_device *dev = device_of_file(file);

	devmap_release(dev->dip, file);
	atomic_dec(&dev->files);
	return 0;
}

static int old_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	return devmap_mmap(device_of_file(file)->dip, vma);
}

static const struct file_operations old_fops = {
	.owner = THIS_MODULE,
	.open = old_open,
	.release = old_release,
	.mmap = old_file_mmap,
	.unlocked_ioctl = old_ioctl,
	.llseek = noop_llseek,
};

static void remove_device(struct old_device *dev)
{
	misc_deregister(&dev->misc);
	devmap_dev_destroy(dev->dip);
	reset(dev);
	vfree(dev->record);
}

static int add_device(struct old_device *dev, unsigned int i)
{
	int err;

	spin_lock_init(&dev->record_lock);
	reset(dev);
	dev->record = vcalloc(OLD_LOG, sizeof(*dev->record));
	if (!dev->record)
		return -ENOMEM;

	dev->dip = devmap_dev_create(NULL, i, &dev->ops);
	if (IS_ERR(dev->dip)) {
		err = PTR_ERR(dev->dip);
		goto err_free;
	}

	snprintf(dev->name, sizeof(dev->name), "devmap_old%u", i);
	dev->misc.minor = MISC_DYNAMIC_MINOR;
	dev->misc.name = dev->name;
	dev->misc.fops = &old_fops;
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

static int __init old_init(void)
{
	unsigned int i;
	int err;

	devices = kcalloc(instances, sizeof(*devices), GFP_KERNEL);
	if (!devices)
		return -ENOMEM;

	for (i = 0; i < instances; i++) {
		err = add_device(&devices[i], i);
		if (err)
			goto err_remove;
	}
	return 0;

err_remove:
	while (i--)
		remove_device(&devices[i]);
	kfree(devices);
	return err;
}
module_init(old_init);

static void __exit old_exit(void)
{
	unsigned int i;

	for (i = 0; i < instances; i++)
		remove_device(&devices[i]);
	kfree(devices);
}
module_exit(old_exit);

MODULE_DESCRIPTION("Device of the older interface for the devmap selftests");
MODULE_LICENSE("GPL");
