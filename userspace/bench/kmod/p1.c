// SPDX-License-Identifier: GPL-2.0
/*
 * The usual driver: a fault takes the driver's mutex; if another file has the
 * context, all translations of the device go, whosever they are.
 */

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "bench.h"

/**
 * struct p1_file - an open file: a context
 * @mode: of later mappings; benchmarks set it before they map
 */
struct p1_file {
	unsigned long mode;
};

static DEFINE_MUTEX(p1_lock);
static struct p1_file *p1_owner; /* p1_lock */

static vm_fault_t p1_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct p1_file *pf = vma->vm_file->private_data;
	vm_fault_t ret;

	mutex_lock(&p1_lock);
	if (pf->mode >= BENCH_CONTEXT && p1_owner != pf) {
		unmap_mapping_range(vma->vm_file->f_mapping, 0, 0, 1);
		p1_owner = pf;
	}
	ret = vmf_insert_pfn(vma, vmf->address, bench_memory.pfn + vmf->pgoff);
	mutex_unlock(&p1_lock);
	return ret;
}

static const struct vm_operations_struct p1_vm_ops = {
	.fault = p1_fault,
};

static int p1_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!bench_may_map(vma))
		return -EINVAL;

	bench_set_flags(vma);
	vma->vm_ops = &p1_vm_ops;
	return 0;
}

static long p1_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct p1_file *pf = file->private_data;

	if (cmd != BENCH_MODE)
		return -ENOTTY;
	pf->mode = arg;
	return 0;
}

static int p1_open(struct inode *inode, struct file *file)
{
	struct p1_file *pf = kzalloc(sizeof(*pf), GFP_KERNEL);

	file->private_data = pf;
	return pf ? 0 : -ENOMEM;
}

static int p1_release(struct inode *inode, struct file *file)
{
	struct p1_file *pf = file->private_data;

	mutex_lock(&p1_lock);
	if (p1_owner == pf)
		p1_owner = NULL;
	mutex_unlock(&p1_lock);
	kfree(pf);
	return 0;
}

const struct file_operations bench_p1_fops = {
	.owner = THIS_MODULE,
	.open = p1_open,
	.release = p1_release,
	.unlocked_ioctl = p1_ioctl,
	.mmap = p1_mmap,
};
