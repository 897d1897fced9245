/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handles: what a devmap_cookie_t points to. One contiguous piece of one user
 * mapping, with its callbacks and the driver's private data.
 */
#ifndef _DEVMAP_HANDLE_H
#define _DEVMAP_HANDLE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <sys/ddidevmap.h>
#include <vm/seg.h>

#include "range.h"
#include "target.h"
#include "valid.h"

struct devmap_ctx;
struct devmap_segment;

/**
 * struct devmap_extent - the pages a handle had when it was made
 * @refs: handles that have pages of it
 * @span: its pages; constant
 * @lock: the page lock. Held where pages are added to or taken out of @valid
 *	and their translations inserted or zapped, as one step. Leaf of the
 *	layer: below it only i_mmap_rwsem, page table locks and the allocator
 * @huge: there may be translations of more than a page; @lock
 * @valid: the valid set, index 0 is the first page of @span; @lock
 *
 * When a hole is cut into a handle, both remnants keep their translations.
 * They share the extent, since a valid set of its own for the second one would
 * need memory where nothing may fail.
 */
struct devmap_extent {
	refcount_t refs;
	struct devmap_span span;
	struct mutex lock;
	bool huge;
	struct devmap_valid valid;
};

/**
 * struct devmap_handle - a mapping handle
 * @dh_seg: &devmap_segment.seg of @seg; constant
 * @dh_uoff: first byte of @span; as @span
 * @dh_len: bytes of @span; as @span
 * @pvtp: the driver's private data; segment lock. devmap_do_ctxmgt() reads it
 *	of a handle of another segment: that handle is the driver's to keep
 * @dh_cookie: the memory that @target maps, or NULL; page lock
 * @node: in &devmap_segment.handles; segment lock
 * @seg: the mapping it is a piece of; constant
 * @id: for traces and for the context arbiter; remnants of a handle keep it;
 *	constant
 * @span: its pages. Written with the segment lock (exclusive) and the page
 *	lock, read with either
 * @cutter: the task in devmap_unmap(9E) that cuts a hole into the handle, or
 *	NULL; page lock
 * @rest: while @cutter is set: the pages that the handle will keep; page lock
 * @upper: while @cutter is set: the handle of what is left above the hole, if
 *	that is another one; page lock
 * @extent: constant; see there for the page lock
 * @target: what it maps; page lock
 * @target_first: the page that @target begins with; page lock
 * @ops: the driver's callbacks, copied during set-up; constant thereafter
 * @flags: DEVMAP_SETUP_FLAGS; constant after set-up
 * @maxprot: PROT_ bits the driver allows; page lock
 * @setup_len: bytes given to the setup call, 0 before it; constant after set-up
 * @ctx: arbiter for contexts, or NULL without devmap_access; constant after
 *	set-up
 * @live: devmap(9E) is over, setup calls are refused; constant after set-up
 * @segdev: of ddi_segmap(9F): mmap(9E) is asked at each fault; constant
 *	after set-up
 * @timeout: ticks of devmap_set_ctx_timeout(9F); READ_ONCE and WRITE_ONCE
 * @nr_locks: devmap_lock() without devmap_unlock(); page lock
 * @part: in the list of a ddi_mapdev(9F) mapping; its lock, see mapdev.c
 *
 * A few drivers look inside. What they know, devmap_handle_t of
 * <sys/ddi_impldefs.h>, comes first, and is read without a lock.
 */
struct devmap_handle {
	struct seg *dh_seg;
	offset_t dh_uoff;
	size_t dh_len;
	void *pvtp;
	ddi_umem_cookie_t dh_cookie;
	struct rb_node node;
	struct devmap_segment *seg;
	u64 id;
	struct devmap_span span;
	struct task_struct *cutter;
	struct devmap_span rest;
	struct devmap_handle *upper;
	struct devmap_extent *extent;
	struct devmap_target target;
	unsigned long target_first;
	struct devmap_callback_ctl ops;
	uint_t flags;
	uint_t maxprot;
	size_t setup_len;
	struct devmap_ctx *ctx;
	bool live;
	bool segdev;
	clock_t timeout;
	unsigned int nr_locks;
	struct list_head part;
};

struct devmap_handle *devmap_handle_alloc(void);
int devmap_handle_init(struct devmap_handle *h, struct devmap_segment *seg,
		       const struct devmap_span *span);
void devmap_handle_free(struct devmap_handle *h);
void devmap_handle_set_span(struct devmap_handle *h,
			    struct devmap_segment *seg,
			    const struct devmap_span *span);
void devmap_handle_set_target(struct devmap_handle *h,
			      const struct devmap_target *target);
void devmap_handle_cut_begin(struct devmap_handle *h,
			     const struct devmap_span *rest,
			     struct devmap_handle *upper);
void devmap_handle_cut_end(struct devmap_handle *h);
struct devmap_handle *devmap_handle_dup(struct devmap_handle *parent,
					struct devmap_segment *seg);
void devmap_handle_remnant(struct devmap_handle *remnant,
			   struct devmap_handle *h,
			   const struct devmap_span *span);

void devmap_handles_insert(struct rb_root *root, struct devmap_handle *h);
struct devmap_handle *devmap_handles_find(const struct rb_root *root,
					  unsigned long page);
struct devmap_handle *devmap_handles_first(const struct rb_root *root);
struct devmap_handle *devmap_handles_next(const struct devmap_handle *h);

#endif /* _DEVMAP_HANDLE_H */
