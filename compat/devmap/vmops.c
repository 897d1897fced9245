// SPDX-License-Identifier: GPL-2.0
/*
 * The vm_operations_struct of all mappings: what Linux does to a VMA, told to
 * its segment.
 */

#include <linux/mm.h>
#include <sys/mman.h>

#include "../linux/mm.h"
#include "fault.h"
#include "fork.h"
#include "handle.h"
#include "pagetable.h"
#include "prot.h"
#include "segdev.h"
#include "segment.h"
#include "softlock.h"
#include "vmops.h"

/*
 * Returns NULL without memory: then fork(2) fails, as it does where the mapping would
 * have too many VMAs. It still goes through the other VMAs, of which the driver must not
 * hear.
 */
static struct devmap_segment *open_in_child(struct devmap_segment *parent,
					    struct mm_struct *mm)
{
	struct devmap_segment *seg;

	if (devmap_fork_refused(mm))
		return NULL;

	seg = devmap_segment_fork(parent, mm);
	if (!seg) {
		devmap_fork_refuse(mm);
		return NULL;
	}

	if ((devmap_segment_add_vma(seg) > 1 && devmap_segment_add_spare(seg)) ||
	    devmap_segment_is_crowded(seg, 0))
		devmap_fork_refuse(mm);
	return seg;
}

/*
 * A new VMA of the same address space is one half of a split or the target of a
 * move. In another address space it is fork(2), whose copy of the page tables
 * comes later: VM_WIPEONFORK prevents it, and has to be set again here, since
 * madvise(MADV_KEEPONFORK) clears it.
 */
static void devmap_vm_open(struct vm_area_struct *vma)
{
	struct devmap_segment *seg = vma->vm_private_data;

	if (!seg)
		return;

	if (vma->vm_mm != seg->mm) {
		if (!(vma->vm_flags & VM_WIPEONFORK)) {
			devmap_vm_flags_mod(vma, VM_WIPEONFORK, 0);
			devmap_pt_wipe(vma);
		}
		vma->vm_private_data = open_in_child(seg, vma->vm_mm);
	} else {
		devmap_pt_flatten(seg);
		devmap_segment_add_vma(seg);
	}
}

static void devmap_vm_close(struct vm_area_struct *vma)
{
	struct devmap_segment *seg = vma->vm_private_data;

	if (seg)
		devmap_segment_del_vma(seg);
}

static unsigned long page_at(const struct devmap_segment *seg,
			     const struct vm_area_struct *vma,
			     unsigned long addr)
{
	return devmap_segment_page(seg, vma->vm_pgoff +
				   ((addr - vma->vm_start) >> PAGE_SHIFT));
}

/* Whether @newprot may be given to, or a split be made in, a handle. */
static int may_change(struct devmap_handle *h, uint_t newprot)
{
	int err = 0;

	mutex_lock(&h->extent->lock);
	if (h->nr_locks)
		err = -EAGAIN;
	else if (devmap_prot_exceeds(newprot, h->maxprot))
		err = -EACCES;
	mutex_unlock(&h->extent->lock);
	return err;
}

static int devmap_vm_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	struct devmap_segment *seg = vma->vm_private_data;
	struct devmap_handle *h;
	int err = 0;

	if (!seg)
		return 0;

	down_read(&seg->lock);
	h = devmap_handles_find(&seg->handles, page_at(seg, vma, addr));
	if (h)
		err = may_change(h, PROT_NONE);
	up_read(&seg->lock);
	if (!err && devmap_segment_is_crowded(seg, 1))
		err = -ENOMEM;
	if (!err)
		err = devmap_segment_add_spare(seg);
	if (!err)
		devmap_pt_flatten(seg);
	return err;
}

/* maxprot may differ from handle to handle, VM_MAYWRITE only from VMA to VMA. */
static int devmap_vm_mprotect(struct vm_area_struct *vma, unsigned long start,
			      unsigned long end, unsigned long newflags)
{
	struct devmap_segment *seg = vma->vm_private_data;
	uint_t prot = devmap_prot_now(newflags);
	struct devmap_handle *h;
	struct devmap_span span;
	int err = 0;

	if (!seg)
		return 0;

	span.first = page_at(seg, vma, start);
	span.nr = (end - start) >> PAGE_SHIFT;

	down_read(&seg->lock);
	for (h = devmap_handles_find(&seg->handles, span.first);
	     h && h->span.first < devmap_span_end(&span) && !err;
	     h = devmap_handles_next(h)) {
		err = may_change(h, prot);
		if (!err)
			err = devmap_segdev_may_have(h, &span, prot);
	}
	up_read(&seg->lock);
	if (!err)
		devmap_pt_flatten(seg);
	return err;
}

const struct vm_operations_struct devmap_vm_ops = {
	.open = devmap_vm_open,
	.close = devmap_vm_close,
	.may_split = devmap_vm_may_split,
	.mprotect = devmap_vm_mprotect,
	.fault = devmap_fault,
	.huge_fault = devmap_huge_fault,
	.access = devmap_vm_access,
};
