/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devmap for Linux drivers: the native front door.
 *
 * A driver keeps its own probe, cdev and file_operations. It makes one
 * dev_info_t per device instance, and forwards open, release and mmap to one
 * helper each:
 *
 *	dip = devmap_dev_create(&pdev->dev, instance, &my_ops);
 *
 *	->open:		return devmap_open(dip, file);
 *	->release:	devmap_release(dip, file);
 *	->mmap:		return devmap_mmap(dip, vma);
 *
 * and, if its memory is large, names a fourth one:
 *
 *	.get_unmapped_area = devmap_get_unmapped_area,
 *
 * What happens on the mapping is then told through devmap(9E) and the
 * callbacks of devmap_callback_ctl(9S): see <sys/sunddi.h>.
 */
#ifndef _LINUX_DEVMAP_H
#define _LINUX_DEVMAP_H

#include <sys/sunddi.h>

struct device;
struct file;
struct vm_area_struct;

/**
 * struct devmap_dev_ops - what the layer asks a driver when it is mapped
 * @devmap: devmap(9E): describe @off to @off + @maplen of the device's logical
 *	memory with one devmap_devmem_setup() or devmap_umem_setup(). Called
 *	until the whole of the mmap(2) is covered. 0, or any other value to
 *	refuse: mmap(2) then fails with ENXIO.
 * @mmap: mmap(9E), the old scheme: the page frame at @off, or -1. Used by
 *	ddi_segmap() and ddi_mapdev().
 * @segmap: segmap(9E), or NULL for the usual case. Must end in devmap_setup(),
 *	ddi_devmap_segmap(), ddi_segmap(), ddi_segmap_setup() or ddi_mapdev() and
 *	return its result, or return an errno (positive) that mmap(2) fails with.
 * @flag: D_DEVMAP or 0
 *
 * Without @segmap, mmap(2) goes to @devmap if D_DEVMAP is set or there is no
 * @mmap, and to @mmap otherwise.
 *
 * Context: process context, the caller of mmap(2), whose mmap_lock is held
 * for writing; @mmap also in a fault.
 */
struct devmap_dev_ops {
	int (*devmap)(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		      size_t *maplen, uint_t model);
	int (*mmap)(dev_t dev, off_t off, int prot);
	int (*segmap)(dev_t dev, off_t off, struct as *asp, caddr_t *addrp,
		      off_t len, unsigned int prot, unsigned int maxprot,
		      unsigned int flags, cred_t *credp);
	int flag;
};

dev_info_t *devmap_dev_create(struct device *dev, int instance,
			      const struct devmap_dev_ops *ops);
void devmap_dev_destroy(dev_info_t *dip);

int devmap_open(dev_info_t *dip, struct file *file);
void devmap_release(dev_info_t *dip, struct file *file);
int devmap_mmap(dev_info_t *dip, struct vm_area_struct *vma);
unsigned long devmap_get_unmapped_area(struct file *file, unsigned long addr,
				       unsigned long len, unsigned long pgoff,
				       unsigned long flags);

struct device *devmap_instance_dev(dev_info_t *dip);
struct device *devmap_handle_dev(devmap_cookie_t dhp);

int devmap_lock(devmap_cookie_t dhp, offset_t off, size_t len, uint_t rw);
int devmap_unlock(devmap_cookie_t dhp, offset_t off, size_t len, uint_t rw);

#endif /* _LINUX_DEVMAP_H */
