// SPDX-License-Identifier: GPL-2.0
/* No contexts and no faults: all translations are made by mmap(2). */

#include <linux/mm.h>

#include "bench.h"

static int p3_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!bench_may_map(vma))
		return -EINVAL;

	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return remap_pfn_range(vma, vma->vm_start,
			       bench_memory.pfn + vma->vm_pgoff,
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static long p3_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return cmd == BENCH_MODE ? 0 : -ENOTTY;
}

const struct file_operations bench_p3_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = p3_ioctl,
	.mmap = p3_mmap,
};
