// SPDX-License-Identifier: GPL-2.0
/*
 * The best driver for just this purpose: every mapping has page offsets of its
 * own, so that taking the context away touches the mappings of its holder only;
 * and only if it has loaded anything. It knows one kind of memory, one kind of
 * context and nothing of remnants.
 */

#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "bench.h"

/**
 * struct p2_map - what one mmap(2) made; a context
 * @refs: one per VMA
 * @base: its page offset in the device's address_space; constant
 * @first: the page of the memory that it begins with; constant
 * @nr: pages; constant
 * @mode: constant
 * @loaded: it has translations; p2_lock
 */
struct p2_map {
	refcount_t refs;
	unsigned long base;
	unsigned long first;
	unsigned long nr;
	unsigned long mode;
	bool loaded;
};

static DEFINE_MUTEX(p2_lock);
static struct p2_map *p2_owner; /* p2_lock */
static DEFINE_IDA(p2_windows);

static void p2_unload(struct address_space *mapping, struct p2_map *map)
{
	lockdep_assert_held(&p2_lock);

	if (!map->loaded)
		return;
	unmap_mapping_range(mapping, (loff_t)map->base << PAGE_SHIFT,
			    (loff_t)map->nr << PAGE_SHIFT, 1);
	map->loaded = false;
}

/**
 * struct p2_load - what p2_entry() is to write
 * @vma: of the page table
 * @pfn: of the next page
 */
struct p2_load {
	struct vm_area_struct *vma;
	unsigned long pfn;
};

static int p2_entry(pte_t *pte, unsigned long addr, void *arg)
{
	struct p2_load *load = arg;

	if (pte_none(*pte))
		set_pte_at(load->vma->vm_mm, addr, pte,
			   pte_mkspecial(pfn_pte(load->pfn,
						 load->vma->vm_page_prot)));
	load->pfn++;
	return 0;
}

static vm_fault_t p2_load_all(struct vm_area_struct *vma, struct p2_map *map)
{
	struct p2_load load = {
		.vma = vma,
		.pfn = bench_memory.pfn + map->first + vma->vm_pgoff - map->base,
	};

	if (apply_to_page_range(vma->vm_mm, vma->vm_start,
				vma->vm_end - vma->vm_start, p2_entry, &load))
		return VM_FAULT_OOM;
	return VM_FAULT_NOPAGE;
}

static vm_fault_t p2_fault(struct vm_fault *vmf)
{
	struct p2_map *map = vmf->vma->vm_private_data;
	vm_fault_t ret;

	if (map->mode < BENCH_CONTEXT)
		return vmf_insert_pfn(vmf->vma, vmf->address,
				      bench_memory.pfn + map->first +
				      vmf->pgoff - map->base);
	mutex_lock(&p2_lock);
	if (p2_owner != map) {
		if (p2_owner)
			p2_unload(vmf->vma->vm_file->f_mapping, p2_owner);
		p2_owner = map;
	}
	map->loaded = true;
	if (map->mode == BENCH_WIDE && map->nr > 1)
		ret = p2_load_all(vmf->vma, map);
	else
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     bench_memory.pfn + map->first +
				     vmf->pgoff - map->base);
	mutex_unlock(&p2_lock);
	return ret;
}

static void p2_vm_open(struct vm_area_struct *vma)
{
	struct p2_map *map = vma->vm_private_data;

	refcount_inc(&map->refs);
}

static void p2_vm_close(struct vm_area_struct *vma)
{
	struct p2_map *map = vma->vm_private_data;

	if (!refcount_dec_and_test(&map->refs))
		return;

	mutex_lock(&p2_lock);
	if (p2_owner == map)
		p2_owner = NULL;
	mutex_unlock(&p2_lock);
	ida_free(&p2_windows, map->base / bench_memory.pages);
	kfree(map);
}

static const struct vm_operations_struct p2_vm_ops = {
	.open = p2_vm_open,
	.close = p2_vm_close,
	.fault = p2_fault,
};

static int p2_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct p2_map *map;
	int window;

	if (!bench_may_map(vma))
		return -EINVAL;
	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	window = ida_alloc(&p2_windows, GFP_KERNEL);
	if (window < 0) {
		kfree(map);
		return window;
	}

	refcount_set(&map->refs, 1);
	map->base = window * bench_memory.pages;
	map->first = vma->vm_pgoff;
	map->nr = vma_pages(vma);
	map->mode = (unsigned long)file->private_data;
	bench_set_flags(vma);
	vma->vm_pgoff = map->base;
	vma->vm_private_data = map;
	vma->vm_ops = &p2_vm_ops;
	return 0;
}

static long p2_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != BENCH_MODE)
		return -ENOTTY;
	file->private_data = (void *)arg;
	return 0;
}

static int p2_open(struct inode *inode, struct file *file)
{
	file->private_data = (void *)BENCH_PLAIN;
	return 0;
}

const struct file_operations bench_p2_fops = {
	.owner = THIS_MODULE,
	.open = p2_open,
	.unlocked_ioctl = p2_ioctl,
	.mmap = p2_mmap,
};
