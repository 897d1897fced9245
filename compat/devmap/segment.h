/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments: what one mmap(2) made, in one address space.
 *
 * Lock order of the layer, outer to inner; Documentation/locking.rst has the
 * reasons:
 *
 *	mmap_lock of the faulting, unmapping or forking mm
 *	  dev_info.srcu, read side (not in a fault)
 *	    devmap_segment.lock: shared in a fault, exclusive in dup and unmap
 *	      the driver's own locks
 *	        devmap_extent.lock (page lock), any handle's, one at a time
 *	          i_mmap_rwsem of the instance (read), or page table allocation
 *	            page table locks
 *
 * Leaves, under which nothing of the layer or a driver is taken:
 * devmap_window.lock, dev_info.segs_lock, dev_info.ctx_lock, devmap_ctx.lock,
 * users_lock (user.c), the frame table's.
 *
 * devmap_unload() and everything else that a driver may call on a handle of
 * another process starts at the page lock. It never waits for a foreign
 * mmap_lock, nor for anything that is held around a callback.
 */
#ifndef _DEVMAP_SEGMENT_H
#define _DEVMAP_SEGMENT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include <vm/seg.h>

#include "range.h"

struct devmap_handle;
struct devmap_user;

/**
 * struct devmap_window - page offsets of one mmap(2) and its fork relatives
 * @refs: one per segment
 * @dip: the instance, counted; constant
 * @base: first page offset in the instance's address_space; constant
 * @lock: protects @segs; leaf
 * @segs: struct devmap_segment, by address space
 * @pieces: VMAs of all of them; atomic
 *
 * A child's VMA is linked into the address_space next to its parent's and must
 * keep vm_pgoff, so relatives share a window.
 */
struct devmap_window {
	refcount_t refs;
	struct dev_info *dip;
	unsigned long base;
	spinlock_t lock;
	struct rb_root segs;
	atomic_long_t pieces;
};

/**
 * struct devmap_segment - one mmap(2) in one address space
 * @refs: one for the VMAs, one while walk_segments() is at it
 * @seg: what a driver sees of it; constant
 * @node: in &devmap_window.segs; window lock
 * @link: in &dev_info.segs, or in the list of walk_segments(); the lock of the
 *	former
 * @win: page offsets; constant
 * @mm: the address space, not counted: an identity, valid as long as a VMA of
 *	the segment is; constant
 * @dev: device number it was mapped through; constant
 * @span: pages that mmap(2) asked for; constant
 * @prot: PROT_ bits that mmap(2) asked for; constant
 * @private: MAP_PRIVATE; constant
 * @cache: the attribute, a bit of IOMEM_DATA_MASK, that vm_page_prot of its VMAs
 *	has; constant
 * @model: data model of the process that called mmap(2); constant
 * @user: whose it is, charged; NULL: nobody's; constant
 * @gigantic: there may be translations of PUD_SIZE; set under a page lock and
 *	mmap_lock, cleared with mmap_lock held for writing, READ_ONCE
 * @lock: the segment lock. Shared while devmap_access runs, exclusive while
 *	devmap_dup and devmap_unmap do
 * @handles: struct devmap_handle, by page; @lock
 * @nr_vmas: VMAs that show parts of it; @lock
 * @spares: handles for what is left above a hole; @lock
 * @nr_spares: how many; @lock
 */
struct devmap_segment {
	refcount_t refs;
	struct seg seg;
	struct rb_node node;
	struct list_head link;
	struct devmap_window *win;
	struct mm_struct *mm;
	dev_t dev;
	struct devmap_span span;
	uint_t prot;
	bool private;
	bool gigantic;
	uint_t cache;
	uint_t model;
	struct devmap_user *user;
	struct rw_semaphore lock;
	struct rb_root handles;
	unsigned int nr_vmas;
	struct rb_root spares;
	unsigned int nr_spares;
};

struct devmap_segment *devmap_segment_create(struct dev_info *dip,
					     struct mm_struct *mm, dev_t dev,
					     const struct devmap_span *span);
void devmap_segment_destroy(struct devmap_segment *seg);
struct devmap_segment *devmap_segment_fork(struct devmap_segment *parent,
					   struct mm_struct *mm);
bool devmap_segment_is_crowded(const struct devmap_segment *seg,
			       unsigned long more);
int devmap_segment_add_spare(struct devmap_segment *seg);
struct devmap_handle *devmap_segment_take_spare(struct devmap_segment *seg);
void devmap_segments_drain(struct dev_info *dip);
void devmap_segments_unmap(struct dev_info *dip);
unsigned int devmap_segment_add_vma(struct devmap_segment *seg);
void devmap_segment_del_vma(struct devmap_segment *seg);

/* Page offset, in the instance's address_space, of a page of the segment. */
static inline unsigned long devmap_segment_pgoff(const struct devmap_segment *seg,
						 unsigned long page)
{
	return seg->win->base + (page - seg->span.first);
}

/* The reverse. */
static inline unsigned long devmap_segment_page(const struct devmap_segment *seg,
						unsigned long pgoff)
{
	return seg->span.first + (pgoff - seg->win->base);
}

#endif /* _DEVMAP_SEGMENT_H */
