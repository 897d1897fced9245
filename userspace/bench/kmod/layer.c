// SPDX-License-Identifier: GPL-2.0
/* The same with the layer: a driver with all four callbacks. */

#include <linux/devmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/uaccess.h>
#include <sys/errno.h>

#include "bench.h"

/* ivshmem-plain: set 1 are its registers, BAR 0; set 2 its memory, BAR 2. */
#define MEMORY_SET	2

/* A file says by its device number's user offset how it wants to be mapped. */
#define MODE_SHIFT	40

/**
 * struct bl_map - private data of a handle
 * @dhp: the handle; constant
 * @wide: a touch loads all of it; constant
 */
struct bl_map {
	devmap_cookie_t dhp;
	bool wide;
};

static dev_info_t *bl_dip;
static DEFINE_MUTEX(bl_lock);
static struct bl_map *bl_owner; /* bl_lock */
static struct bl_map *bl_newest; /* bl_lock */

static int bl_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off,
			 size_t len, uint_t type, uint_t rw)
{
	struct bl_map *map = pvtp;
	int err = 0;

	mutex_lock(&bl_lock);
	if (bl_owner != map) {
		if (bl_owner)
			err = devmap_unload(bl_owner->dhp, 0, 0);
		bl_owner = map;
	}
	if (!err)
		err = devmap_load(dhp, map->wide ? 0 : off, map->wide ? 0 : len,
				  type, rw);
	mutex_unlock(&bl_lock);
	return err;
}

static int bl_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     uint_t type, uint_t rw)
{
	return devmap_do_ctxmgt(dhp, pvtp, off, len, type, rw, bl_contextmgt);
}

static struct bl_map *bl_new(devmap_cookie_t dhp, bool wide)
{
	struct bl_map *map = kzalloc(sizeof(*map), GFP_KERNEL);

	if (!map)
		return NULL;
	map->dhp = dhp;
	map->wide = wide;
	mutex_lock(&bl_lock);
	bl_newest = map;
	mutex_unlock(&bl_lock);
	return map;
}

static int bl_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
		  size_t len, void **pvtp)
{
	*pvtp = bl_new(dhp, (off >> MODE_SHIFT & ~BENCH_LARGE) == BENCH_WIDE);
	return *pvtp ? 0 : ENOMEM;
}

static int bl_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		  void **new_pvtp)
{
	struct bl_map *map = pvtp;

	*new_pvtp = bl_new(new_dhp, map->wide);
	return *new_pvtp ? 0 : ENOMEM;
}

static void bl_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     devmap_cookie_t new_dhp1, void **new_pvtp1,
		     devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct bl_map *map = pvtp;

	if (new_dhp1)
		*new_pvtp1 = bl_new(new_dhp1, map->wide);
	if (new_dhp2)
		*new_pvtp2 = bl_new(new_dhp2, map->wide);
	mutex_lock(&bl_lock);
	if (bl_owner == map)
		bl_owner = NULL;
	if (bl_newest == map)
		bl_newest = NULL;
	mutex_unlock(&bl_lock);
	kfree(map);
}

static int bl_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		     size_t *maplen, uint_t model)
{
	struct devmap_callback_ctl ops = {
		.devmap_rev = DEVMAP_OPS_REV,
		.devmap_map = bl_map,
		.devmap_dup = bl_dup,
		.devmap_unmap = bl_unmap,
	};
	struct devmap_callback_ctl *opsp = &ops;
	unsigned long mode = off >> MODE_SHIFT;

	switch (mode & ~BENCH_LARGE) {
	case BENCH_PLAIN:
		opsp = NULL;
		break;
	case BENCH_DEFAULT:
		ops.devmap_access = devmap_default_access;
		break;
	default:
		ops.devmap_access = bl_access;
	}
	if (devmap_devmem_setup(dhp, bl_dip, opsp, MEMORY_SET,
				off & ((1LL << MODE_SHIFT) - 1), len, PROT_ALL,
				mode & BENCH_LARGE ? DEVMAP_DEFAULTS :
						     DEVMAP_USE_PAGESIZE, NULL))
		return ENXIO;
	*maplen = len;
	return 0;
}

static const struct devmap_dev_ops bl_ops = { .devmap = bl_devmap };

static int bl_open(struct inode *inode, struct file *file)
{
	file->private_data = (void *)BENCH_PLAIN;
	return devmap_open(bl_dip, file);
}

static int bl_release(struct inode *inode, struct file *file)
{
	devmap_release(bl_dip, file);
	return 0;
}

static int bl_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long mode = (unsigned long)file->private_data;

	vma->vm_pgoff += mode << (MODE_SHIFT - PAGE_SHIFT);
	return devmap_mmap(bl_dip, vma);
}

static long bl_unload(unsigned long long __user *arg)
{
	cycles_t cycles = get_cycles();
	int err = -EINVAL;

	mutex_lock(&bl_lock);
	cycles = get_cycles();
	if (bl_newest)
		err = devmap_unload(bl_newest->dhp, 0, 0);
	cycles = get_cycles() - cycles;
	mutex_unlock(&bl_lock);
	return err ? -EINVAL : put_user((unsigned long long)cycles, arg);
}

static long bl_timeout(clock_t ticks)
{
	long err = -EINVAL;

	mutex_lock(&bl_lock);
	if (bl_newest) {
		devmap_set_ctx_timeout(bl_newest->dhp, ticks);
		err = 0;
	}
	mutex_unlock(&bl_lock);
	return err;
}

static long bl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case BENCH_MODE:
		file->private_data = (void *)arg;
		return 0;
	case BENCH_DROP:
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		return 0;
	case BENCH_UNLOAD:
		return bl_unload((unsigned long long __user *)arg);
	case BENCH_TIMEOUT:
		return bl_timeout(arg);
	}
	return -ENOTTY;
}

const struct file_operations bench_layer_fops = {
	.owner = THIS_MODULE,
	.open = bl_open,
	.release = bl_release,
	.unlocked_ioctl = bl_ioctl,
	.mmap = bl_mmap,
	.get_unmapped_area = devmap_get_unmapped_area,
};

int bench_layer_init(void)
{
	bl_dip = devmap_dev_create(&bench_memory.pdev->dev, 0, &bl_ops);
	return PTR_ERR_OR_ZERO(bl_dip);
}

void bench_layer_exit(void)
{
	devmap_dev_destroy(bl_dip);
}
