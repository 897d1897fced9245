// SPDX-License-Identifier: GPL-2.0
/* Handles: see handle.h. */

#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "handle.h"
#include "segment.h"
#include "stats.h"
#include "../linux/kunit.h"

static atomic64_t next_id = ATOMIC64_INIT(0);

static struct devmap_extent *extent_alloc(const struct devmap_span *span)
{
	struct devmap_extent *extent = kzalloc(sizeof(*extent),
					       GFP_KERNEL_ACCOUNT);

	if (!extent)
		return NULL;

	devmap_valid_init(&extent->valid, span->nr);
	refcount_set(&extent->refs, 1);
	mutex_init(&extent->lock);
	extent->span = *span;
	return extent;
}

static void extent_put(struct devmap_extent *extent)
{
	if (!extent || !refcount_dec_and_test(&extent->refs))
		return;

	devmap_valid_destroy(&extent->valid);
	mutex_destroy(&extent->lock);
	kfree(extent);
}

/**
 * devmap_handle_alloc() - allocate a handle, with nothing in it
 *
 * Context: May sleep.
 * Return: the handle or NULL.
 */
struct devmap_handle *devmap_handle_alloc(void)
{
	struct devmap_handle *h = kzalloc(sizeof(*h), GFP_KERNEL_ACCOUNT);

	if (h)
		devmap_stat_inc(DEVMAP_STAT_HANDLES);
	return h;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_alloc);

/**
 * devmap_handle_set_span() - say which pages a handle stands for
 * @h: the handle
 * @seg: the mapping it is a piece of
 * @span: its pages
 *
 * Context: As &devmap_handle.span.
 */
void devmap_handle_set_span(struct devmap_handle *h,
			    struct devmap_segment *seg,
			    const struct devmap_span *span)
{
	h->seg = seg;
	h->span = *span;
	h->dh_seg = &seg->seg;
	/* A driver may be looking. */
	WRITE_ONCE(h->dh_uoff, devmap_span_off(span));
	WRITE_ONCE(h->dh_len, devmap_span_len(span));
}

/**
 * devmap_handle_set_target() - say what a handle maps
 * @h: the handle
 * @target: what; taken over
 *
 * Context: As &devmap_handle.target.
 */
void devmap_handle_set_target(struct devmap_handle *h,
			      const struct devmap_target *target)
{
	bool umem = target->kind == DEVMAP_TARGET_UMEM;

	h->target = *target;
	WRITE_ONCE(h->dh_cookie, umem ? target->cookie : NULL);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_set_target);

/**
 * devmap_handle_init() - make a handle stand for a range of pages
 * @h: from devmap_handle_alloc()
 * @seg: the mapping it is a piece of
 * @span: its pages
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int devmap_handle_init(struct devmap_handle *h, struct devmap_segment *seg,
		       const struct devmap_span *span)
{
	h->extent = extent_alloc(span);
	if (!h->extent)
		return -ENOMEM;

	devmap_handle_set_span(h, seg, span);
	h->target_first = span->first;
	h->id = atomic64_inc_return(&next_id);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_init);

/**
 * devmap_handle_free() - free a handle that nobody can reach any more
 * @h: the handle; NULL is ignored
 */
void devmap_handle_free(struct devmap_handle *h)
{
	if (!h)
		return;

	devmap_target_put(&h->target);
	extent_put(h->extent);
	kfree(h);
	devmap_stat_dec(DEVMAP_STAT_HANDLES);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_free);

/**
 * devmap_handle_cut_begin() - devmap_unmap(9E) is about to hear of a hole
 * @h: the handle that it is cut into
 * @rest: the pages that @h will keep
 * @upper: the handle of what is left above the hole, if that is not @h
 *
 * Until the driver has been told, others know @h by its old range. To unload the
 * old range is harmless. But what is loaded or remapped meanwhile must concern
 * only what is left, and both parts of it.
 *
 * Context: Segment lock held exclusively.
 */
void devmap_handle_cut_begin(struct devmap_handle *h,
			     const struct devmap_span *rest,
			     struct devmap_handle *upper)
{
	mutex_lock(&h->extent->lock);
	h->cutter = current;
	h->rest = *rest;
	h->upper = upper;
	mutex_unlock(&h->extent->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_cut_begin);

/**
 * devmap_handle_cut_end() - devmap_unmap(9E) has returned
 * @h: the handle
 *
 * Context: Segment lock held exclusively.
 */
void devmap_handle_cut_end(struct devmap_handle *h)
{
	mutex_lock(&h->extent->lock);
	devmap_handle_set_span(h, h->seg, &h->rest);
	h->cutter = NULL;
	h->upper = NULL;
	mutex_unlock(&h->extent->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_cut_end);

/* What the parent's handle, or the other remnant, has in common with @to. */
static void copy_setup(struct devmap_handle *to, struct devmap_handle *from)
{
	struct devmap_target target;

	mutex_lock(&from->extent->lock);
	devmap_target_copy(&target, &from->target);
	devmap_handle_set_target(to, &target);
	to->target_first = from->target_first;
	to->maxprot = from->maxprot;
	mutex_unlock(&from->extent->lock);

	to->ops = from->ops;
	to->flags = from->flags;
	to->setup_len = from->setup_len;
	to->ctx = from->ctx;
	to->live = from->live;
	to->segdev = from->segdev;
	to->timeout = READ_ONCE(from->timeout);
}

/**
 * devmap_handle_dup() - make the child's handle at fork(2)
 * @parent: the parent's handle
 * @seg: the child's segment
 *
 * The child's handle has no valid pages, and the parent's private data unless
 * devmap_dup(9E) says otherwise.
 *
 * Context: May sleep; mmap_lock of the parent held.
 * Return: the handle or NULL.
 */
struct devmap_handle *devmap_handle_dup(struct devmap_handle *parent,
					struct devmap_segment *seg)
{
	struct devmap_handle *h = devmap_handle_alloc();

	if (!h)
		return NULL;
	if (devmap_handle_init(h, seg, &parent->span)) {
		devmap_handle_free(h);
		return NULL;
	}

	copy_setup(h, parent);
	if (devmap_target_unshare(&h->target)) {
		devmap_handle_free(h);
		return NULL;
	}
	h->pvtp = parent->pvtp;
	return h;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_dup);

/**
 * devmap_handle_remnant() - make a spare handle the part above a hole
 * @remnant: from devmap_handle_alloc()
 * @h: the handle the hole is cut into
 * @span: the pages above the hole
 *
 * Context: Needs no memory.
 */
void devmap_handle_remnant(struct devmap_handle *remnant,
			   struct devmap_handle *h,
			   const struct devmap_span *span)
{
	refcount_inc(&h->extent->refs);
	remnant->extent = h->extent;
	remnant->id = h->id;
	devmap_handle_set_span(remnant, h->seg, span);
	remnant->nr_locks = h->nr_locks;
	copy_setup(remnant, h);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handle_remnant);

static struct devmap_handle *to_handle(const struct rb_node *node)
{
	return node ? rb_entry(node, struct devmap_handle, node) : NULL;
}

static bool handle_less(struct rb_node *a, const struct rb_node *b)
{
	return to_handle(a)->span.first < to_handle(b)->span.first;
}

/**
 * devmap_handles_insert() - add a handle to those of a segment
 * @root: handles of a segment, ordered, disjoint
 * @h: the handle
 */
void devmap_handles_insert(struct rb_root *root, struct devmap_handle *h)
{
	rb_add(&h->node, root, handle_less);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handles_insert);

/**
 * devmap_handles_find() - the handle that has a page
 * @root: handles of a segment
 * @page: the page
 *
 * Return: the handle, or NULL if the page is not mapped (any more).
 */
struct devmap_handle *devmap_handles_find(const struct rb_root *root,
					  unsigned long page)
{
	struct rb_node *node = root->rb_node;

	while (node) {
		struct devmap_handle *h = to_handle(node);

		if (devmap_span_has(&h->span, page))
			return h;
		node = page < h->span.first ? node->rb_left : node->rb_right;
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handles_find);

struct devmap_handle *devmap_handles_first(const struct rb_root *root)
{
	return to_handle(rb_first(root));
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handles_first);

struct devmap_handle *devmap_handles_next(const struct devmap_handle *h)
{
	return to_handle(rb_next(&h->node));
}
EXPORT_SYMBOL_IF_KUNIT(devmap_handles_next);
