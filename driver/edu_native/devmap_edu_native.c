// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_edu_native: many processes on the one register of QEMU's "edu" device,
 * as a Linux driver that uses <linux/devmap.h> and no other part of the DDI.
 *
 * The register at offset 4 stores what is written and returns its complement.
 * Every mmap(2) has a value of its own in it, 0 at first; a child of fork(2)
 * starts with its parent's. The device has room for one, so the value is saved
 * when another mapping touches the register, and restored at the next touch.
 *
 * Documentation/native-api.rst goes through this file.
 */

#include <linux/devmap.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <sys/errno.h>

#define EDU_BAR		0
#define EDU_SET		1	/* what the DDI calls it */
#define EDU_ID		0x00
#define EDU_LIVENESS	0x04

/**
 * struct edu - a device
 * @misc: the character device; constant
 * @dip: the layer's idea of it; constant
 * @regs: BAR 0; constant
 * @lock: held over a switch, from the unload to the load
 * @current_ctx: whose value is in the register, or NULL; @lock
 * @number: constant
 * @name: of the character device; constant
 */
struct edu {
	struct miscdevice misc;
	dev_info_t *dip;
	void __iomem *regs;
	struct mutex lock; /* taken in callbacks, under mmap_lock */
	struct edu_context *current_ctx;
	int number;
	char name[24];
};

/**
 * struct edu_context - what a mapping has in the register
 * @edu: the device; constant
 * @dhp: the mapping; constant
 * @value: what was written, while it is not in the register; &edu.lock
 */
struct edu_context {
	struct edu *edu;
	devmap_cookie_t dhp;
	u32 value;
};

static DEFINE_IDA(edu_numbers);

/*
 * Contexts
 */

/* Unload, and only then save: a store in between would be lost. */
static int edu_switch_out(struct edu *edu)
{
	struct edu_context *ctx = edu->current_ctx;
	int err;

	lockdep_assert_held(&edu->lock);

	if (!ctx)
		return 0;
	err = devmap_unload(ctx->dhp, 0, 0);
	if (err)
		return err;

	ctx->value = ~ioread32(edu->regs + EDU_LIVENESS);
	edu->current_ctx = NULL;
	return 0;
}

/* Restore, and only then load: or others' values would be seen. */
static int edu_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off,
			  size_t len, uint_t type, uint_t rw)
{
	struct edu_context *ctx = pvtp;
	struct edu *edu = ctx->edu;
	int err = 0;

	mutex_lock(&edu->lock);
	if (edu->current_ctx != ctx) {
		err = edu_switch_out(edu);
		if (err)
			goto out;
		iowrite32(ctx->value, edu->regs + EDU_LIVENESS);
		edu->current_ctx = ctx;
	}
	err = devmap_load(dhp, off, len, type, rw);
out:
	mutex_unlock(&edu->lock);
	return err;
}

/*
 * Callbacks: what happens to a mapping
 */

static int edu_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
		   size_t len, void **pvtp)
{
	struct edu_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);

	if (!ctx)
		return ENOMEM;

	ctx->edu = dev_get_drvdata(devmap_handle_dev(dhp));
	ctx->dhp = dhp;
	*pvtp = ctx;
	return 0;
}

static int edu_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		      uint_t type, uint_t rw)
{
	return devmap_do_ctxmgt(dhp, pvtp, off, len, type, rw, edu_contextmgt);
}

static int edu_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		   void **new_pvtp)
{
	struct edu_context *ctx = pvtp, *new;
	struct edu *edu = ctx->edu;
	int err = 0;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return ENOMEM;

	mutex_lock(&edu->lock);
	if (edu->current_ctx == ctx)
		err = edu_switch_out(edu);
	new->edu = edu;
	new->dhp = new_dhp;
	new->value = ctx->value;
	mutex_unlock(&edu->lock);
	if (err) {
		kfree(new);
		return err;
	}

	*new_pvtp = new;
	return 0;
}

/* One page cannot be unmapped in part: nothing is ever left of it. */
static void edu_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		      devmap_cookie_t new_dhp1, void **new_pvtp1,
		      devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct edu_context *ctx = pvtp;
	struct edu *edu = ctx->edu;

	mutex_lock(&edu->lock);
	if (edu->current_ctx == ctx)
		edu->current_ctx = NULL;
	mutex_unlock(&edu->lock);
	kfree(ctx);
}

static struct devmap_callback_ctl edu_context_ops = {
	.devmap_rev = DEVMAP_OPS_REV,
	.devmap_map = edu_map,
	.devmap_access = edu_access,
	.devmap_dup = edu_dup,
	.devmap_unmap = edu_unmap,
};

/* The registers are in the first page. The rest of the BAR has no contexts. */
static int edu_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		      size_t *maplen, uint_t model)
{
	struct edu *edu = dev_get_drvdata(devmap_handle_dev(dhp));

	*maplen = off ? len : PAGE_SIZE;
	return devmap_devmem_setup(dhp, edu->dip, off ? NULL : &edu_context_ops,
				   EDU_SET, off, *maplen,
				   PROT_READ | PROT_WRITE, DEVMAP_DEFAULTS,
				   NULL);
}

static const struct devmap_dev_ops edu_dev_ops = { .devmap = edu_devmap };

/*
 * The character device
 */

static int edu_open(struct inode *inode, struct file *file)
{
	struct edu *edu = container_of(file->private_data, struct edu, misc);

	/* A file may outlive the rest of *edu. */
	file->private_data = edu->dip;
	return devmap_open(edu->dip, file);
}

static int edu_release(struct inode *inode, struct file *file)
{
	devmap_release(file->private_data, file);
	return 0;
}

static int edu_mmap(struct file *file, struct vm_area_struct *vma)
{
	return devmap_mmap(file->private_data, vma);
}

static const struct file_operations edu_fops = {
	.owner = THIS_MODULE,
	.open = edu_open,
	.release = edu_release,
	.mmap = edu_mmap,
};

/*
 * The PCI device
 */

static int edu_find_hardware(struct edu *edu, struct pci_dev *pdev)
{
	int err = pcim_enable_device(pdev);

	if (err)
		return dev_err_probe(&pdev->dev, err,
				     "the device cannot be enabled\n");

	err = pcim_iomap_regions(pdev, BIT(EDU_BAR), KBUILD_MODNAME);
	if (err)
		return dev_err_probe(&pdev->dev, err,
				     "BAR %d (%pR) cannot be mapped; if it is in use, /proc/iomem tells by whom\n",
				     EDU_BAR, &pdev->resource[EDU_BAR]);

	edu->regs = pcim_iomap_table(pdev)[EDU_BAR];
	if ((ioread32(edu->regs + EDU_ID) & 0xff) != 0xed)
		return dev_err_probe(&pdev->dev, -ENODEV,
				     "this is not QEMU's edu device\n");
	return 0;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu = devm_kzalloc(&pdev->dev, sizeof(*edu), GFP_KERNEL);
	int err;

	if (!edu)
		return -ENOMEM;
	err = edu_find_hardware(edu, pdev);
	if (err)
		return err;

	mutex_init(&edu->lock);
	pci_set_drvdata(pdev, edu);
	edu->number = ida_alloc(&edu_numbers, GFP_KERNEL);
	if (edu->number < 0)
		return edu->number;

	edu->dip = devmap_dev_create(&pdev->dev, edu->number, &edu_dev_ops);
	if (IS_ERR(edu->dip)) {
		err = PTR_ERR(edu->dip);
		goto err_number;
	}

	snprintf(edu->name, sizeof(edu->name), "edu_native%d", edu->number);
	edu->misc.minor = MISC_DYNAMIC_MINOR;
	edu->misc.name = edu->name;
	edu->misc.fops = &edu_fops;
	edu->misc.parent = &pdev->dev;
	edu->misc.mode = 0600;
	err = misc_register(&edu->misc);
	if (!err)
		return 0;

	devmap_dev_destroy(edu->dip);
err_number:
	ida_free(&edu_numbers, edu->number);
	return err;
}

/*
 * Also with open files and mappings. misc_deregister() waits for edu_open(),
 * devmap_dev_destroy() for the callbacks; nothing uses *edu after them.
 */
static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	misc_deregister(&edu->misc);
	devmap_dev_destroy(edu->dip);
	ida_free(&edu_numbers, edu->number);
}

/*
 * An example must not take a device that is there for something else: it gets those
 * that an administrator gives to it (driver_override in sysfs), and no module alias
 * has it loaded for any.
 */
static const struct pci_device_id edu_ids[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(0x1234, 0x11e8, true) },
	{}
};

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("QEMU's edu device with contexts, as a Linux driver");
MODULE_LICENSE("GPL");
