// SPDX-License-Identifier: GPL-2.0
/* Segments and windows: see segment.h. */

#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <sys/ddidevmap.h>

#include "../linux/kunit.h"
#include "fork.h"
#include "handle.h"
#include "instance.h"
#include "segment.h"
#include "stats.h"
#include "tell.h"
#include "user.h"

/*
 * An unload goes through all VMAs of a mapping and its fork relatives, while the driver
 * that calls it, and so others that want the device, wait. What it may cost must not be
 * up to one of the users, who could make hundreds of thousands with mprotect(2).
 */
static unsigned long pieces_max = 512;
module_param(pieces_max, ulong, 0644);
MODULE_PARM_DESC(pieces_max, "VMAs that a mapping and its copies by fork(2) may be cut into");

static struct devmap_window *window_alloc(struct dev_info *dip,
					  unsigned long nr)
{
	struct devmap_window *win = kzalloc(sizeof(*win), GFP_KERNEL_ACCOUNT);

	if (!win)
		return NULL;
	if (devmap_windows_get(&dip->windows, nr, &win->base)) {
		kfree(win);
		return NULL;
	}

	refcount_set(&win->refs, 1);
	win->dip = devmap_instance_get(dip);
	spin_lock_init(&win->lock);
	win->segs = RB_ROOT;
	devmap_stat_inc(DEVMAP_STAT_WINDOWS);
	return win;
}

static void window_put(struct devmap_window *win)
{
	if (!refcount_dec_and_test(&win->refs))
		return;

	devmap_windows_put(&win->dip->windows, win->base);
	devmap_instance_put(win->dip);
	kfree(win);
	devmap_stat_dec(DEVMAP_STAT_WINDOWS);
}

static struct devmap_segment *to_segment(const struct rb_node *node)
{
	return rb_entry(node, struct devmap_segment, node);
}

static bool segment_less(struct rb_node *a, const struct rb_node *b)
{
	return to_segment(a)->mm < to_segment(b)->mm;
}

static int segment_cmp(const void *mm, const struct rb_node *node)
{
	const struct mm_struct *other = to_segment(node)->mm;

	if ((const struct mm_struct *)mm == other)
		return 0;
	return (const struct mm_struct *)mm < other ? -1 : 1;
}

static struct devmap_segment *window_find(struct devmap_window *win,
					  struct mm_struct *mm)
{
	struct rb_node *node;

	spin_lock(&win->lock);
	node = rb_find(mm, &win->segs, segment_cmp);
	spin_unlock(&win->lock);
	return node ? to_segment(node) : NULL;
}

/* Takes over the caller's reference on @win. */
static struct devmap_segment *segment_alloc(struct devmap_window *win,
					    struct mm_struct *mm, dev_t dev,
					    const struct devmap_span *span)
{
	struct devmap_segment *seg = kzalloc(sizeof(*seg), GFP_KERNEL_ACCOUNT);

	if (!seg) {
		window_put(win);
		return NULL;
	}

	refcount_set(&seg->refs, 1);
	seg->win = win;
	seg->mm = mm;
	seg->dev = dev;
	seg->span = *span;
	seg->cache = IOMEM_DATA_CACHED;
	seg->seg.s_as = (struct as *)mm;
	seg->seg.s_size = devmap_span_len(span);
	init_rwsem(&seg->lock);
	seg->handles = RB_ROOT;
	seg->spares = RB_ROOT;

	spin_lock(&win->lock);
	rb_add(&seg->node, &win->segs, segment_less);
	spin_unlock(&win->lock);
	spin_lock(&win->dip->segs_lock);
	list_add(&seg->link, &win->dip->segs);
	spin_unlock(&win->dip->segs_lock);
	devmap_stat_inc(DEVMAP_STAT_SEGMENTS);
	return seg;
}

/**
 * devmap_segment_create() - make a segment without handles for one mmap(2)
 * @dip: the instance
 * @mm: the address space
 * @dev: the device number it is mapped through
 * @span: the pages asked for
 *
 * Context: May sleep; mmap_lock of @mm held for writing.
 * Return: the segment or NULL.
 */
struct devmap_segment *devmap_segment_create(struct dev_info *dip,
					     struct mm_struct *mm, dev_t dev,
					     const struct devmap_span *span)
{
	struct devmap_window *win = window_alloc(dip, span->nr);

	return win ? segment_alloc(win, mm, dev, span) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_create);

static void free_handles(struct rb_root *root)
{
	struct rb_node *node;

	while ((node = rb_first(root))) {
		rb_erase(node, root);
		devmap_handle_free(rb_entry(node, struct devmap_handle, node));
	}
}

static void segment_put(struct devmap_segment *seg)
{
	if (refcount_dec_and_test(&seg->refs))
		kfree(seg);
}

/**
 * devmap_segment_destroy() - free a segment that no VMA shows any more
 * @seg: the segment; handles that are left are freed without a callback
 */
void devmap_segment_destroy(struct devmap_segment *seg)
{
	struct devmap_window *win = seg->win;

	free_handles(&seg->handles);
	free_handles(&seg->spares);

	spin_lock(&win->lock);
	rb_erase(&seg->node, &win->segs);
	spin_unlock(&win->lock);
	spin_lock(&win->dip->segs_lock);
	list_del(&seg->link);
	spin_unlock(&win->dip->segs_lock);
	if (seg->user)
		devmap_user_uncharge(seg->user);
	segment_put(seg);
	devmap_stat_dec(DEVMAP_STAT_SEGMENTS);
	window_put(win);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_destroy);

static int dup_handles(struct devmap_segment *child,
		       struct devmap_segment *parent)
{
	struct devmap_handle *h, *new;

	for (h = devmap_handles_first(&parent->handles); h;
	     h = devmap_handles_next(h)) {
		new = devmap_handle_dup(h, child);
		if (!new)
			return -ENOMEM;
		devmap_handles_insert(&child->handles, new);
	}
	return 0;
}

/**
 * devmap_segment_fork() - the child's segment at fork(2)
 * @parent: the parent's segment
 * @mm: the child's address space
 *
 * The kernel opens a VMA at a time; the first one makes the segment and tells
 * the driver, the others find it. If the driver refuses, so does this the fork.
 *
 * Context: mmap_lock of both address spaces held for writing, which keeps
 * faults and unmaps of the parent away.
 * Return: the child's segment, or NULL without memory, or if the user has too many.
 */
struct devmap_segment *devmap_segment_fork(struct devmap_segment *parent,
					   struct mm_struct *mm)
{
	struct devmap_segment *child = window_find(parent->win, mm);
	struct dev_info *dip = parent->win->dip;
	struct devmap_user *user;
	int idx;

	if (child)
		return child;

	user = devmap_user_charge();
	if (IS_ERR(user))
		return NULL;
	refcount_inc(&parent->win->refs);
	child = segment_alloc(parent->win, mm, parent->dev, &parent->span);
	if (!child) {
		devmap_user_uncharge(user);
		return NULL;
	}

	child->user = user;
	child->prot = parent->prot;
	child->private = parent->private;
	child->cache = parent->cache;
	child->model = parent->model;
	child->seg.s_base = parent->seg.s_base;

	/* Of a device that has gone, the child inherits nothing. */
	idx = srcu_read_lock(&dip->srcu);
	if (READ_ONCE(dip->gone))
		goto out;

	down_write(&parent->lock);
	if (dup_handles(child, parent)) {
		devmap_segment_destroy(child);
		child = NULL;
	} else if (devmap_tell_dup(child, parent)) {
		devmap_fork_refuse(mm);
	}
	up_write(&parent->lock);
out:
	srcu_read_unlock(&dip->srcu, idx);
	return child;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_fork);

/* Moves a segment from the instance's list to another one, with a reference. */
static struct devmap_segment *take_segment(struct dev_info *dip,
					   struct list_head *taken)
{
	struct devmap_segment *seg;

	spin_lock(&dip->segs_lock);
	seg = list_first_entry_or_null(&dip->segs, struct devmap_segment,
				       link);
	if (seg) {
		list_move_tail(&seg->link, taken);
		refcount_inc(&seg->refs);
	}
	spin_unlock(&dip->segs_lock);
	return seg;
}

/* Those that come meanwhile are children by fork(2), and have no handles. */
static void walk_segments(struct dev_info *dip,
			  void (*fn)(struct devmap_segment *seg))
{
	struct devmap_segment *seg;
	LIST_HEAD(taken);

	while ((seg = take_segment(dip, &taken))) {
		down_write(&seg->lock);
		fn(seg);
		up_write(&seg->lock);
		segment_put(seg);
		cond_resched();
	}

	spin_lock(&dip->segs_lock);
	list_splice(&taken, &dip->segs);
	spin_unlock(&dip->segs_lock);
}

static void do_nothing(struct devmap_segment *seg)
{
}

/**
 * devmap_segments_drain() - wait for all faults that are on their way
 * @dip: the instance; its @gone is set, no handle is made any more
 *
 * When this returns, a fault that inserts has done so, and those that come
 * later see that the instance is gone. Faults have no read side of &dev_info.srcu:
 * the segment lock, which they need anyway, does as well.
 *
 * Context: May sleep; no lock held that a callback takes.
 */
void devmap_segments_drain(struct dev_info *dip)
{
	walk_segments(dip, do_nothing);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segments_drain);

/**
 * devmap_segments_unmap() - devmap_unmap(9E) for all that is mapped
 * @dip: the instance; no handle is made any more
 *
 * Its VMAs stay, with nothing in them. A munmap(2) that is telling the driver
 * something right now has done so when this returns.
 *
 * Context: May sleep; no lock held that a callback takes.
 */
void devmap_segments_unmap(struct dev_info *dip)
{
	walk_segments(dip, devmap_tell_all_unmapped);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segments_unmap);

/**
 * devmap_segment_is_crowded() - has a mapping been cut into too many VMAs?
 * @seg: the segment; its fork relatives count
 * @more: VMAs that are about to come
 *
 * Return: true if with those it has more than the parameter pieces_max says. Relatives
 * do not wait for each other here, so that a few more are possible.
 */
bool devmap_segment_is_crowded(const struct devmap_segment *seg,
			       unsigned long more)
{
	return atomic_long_read(&seg->win->pieces) + more >
		READ_ONCE(pieces_max);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_is_crowded);

/**
 * devmap_segment_add_spare() - provide for a hole in the middle of a handle
 * @seg: the segment
 *
 * VMAs are closed where nothing may fail, so the handle that may be needed then
 * is allocated when the kernel asks whether it may split a VMA: an allocation
 * failure is ENOMEM from munmap(2) or mprotect(2) and changes nothing. A child
 * starts with the VMAs that its parent had, and with a spare for each but one.
 *
 * That is enough. A hole makes two runs of mapped pages out of one, and each of
 * the two has a VMA that the other has not. So the holes that are ever cut are
 * fewer than the VMAs that ever were: the one of mmap(2), or those of fork(2),
 * and one per split. Moving a VMA opens one and closes one.
 *
 * Context: mmap_lock held for writing.
 * Return: 0 or -ENOMEM.
 */
int devmap_segment_add_spare(struct devmap_segment *seg)
{
	struct devmap_handle *h;
	int err = 0;

	down_write(&seg->lock);
	/* The kernel may ask twice before it splits, and then not split at all. */
	if (seg->nr_spares > seg->nr_vmas + 1)
		goto out;

	h = devmap_handle_alloc();
	if (!h) {
		err = -ENOMEM;
		goto out;
	}
	seg->nr_spares++;
	devmap_handles_insert(&seg->spares, h);
out:
	up_write(&seg->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_add_spare);

/**
 * devmap_segment_take_spare() - take out a handle of devmap_segment_add_spare()
 * @seg: the segment
 *
 * Return: the handle; never NULL, see there.
 */
struct devmap_handle *devmap_segment_take_spare(struct devmap_segment *seg)
{
	struct devmap_handle *h = devmap_handles_first(&seg->spares);

	lockdep_assert_held_write(&seg->lock);

	rb_erase(&h->node, &seg->spares);
	seg->nr_spares--;
	return h;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_take_spare);

/* More than a spare per VMA will not be needed without another split. */
static void trim_spares(struct devmap_segment *seg)
{
	lockdep_assert_held_write(&seg->lock);

	while (seg->nr_spares > seg->nr_vmas)
		devmap_handle_free(devmap_segment_take_spare(seg));
}

/**
 * devmap_segment_add_vma() - one more VMA shows a part of the segment
 * @seg: the segment
 *
 * Return: how many do now.
 */
unsigned int devmap_segment_add_vma(struct devmap_segment *seg)
{
	unsigned int nr;

	atomic_long_inc(&seg->win->pieces);
	down_write(&seg->lock);
	nr = ++seg->nr_vmas;
	up_write(&seg->lock);
	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_add_vma);

/**
 * devmap_segment_del_vma() - one VMA less shows a part of the segment
 * @seg: the segment; may be freed
 *
 * Tells the driver which pages are now mapped nowhere, if any are.
 *
 * Context: The VMA is out of the address_space. mmap_lock held, maybe for
 * reading only: faults elsewhere in the segment run meanwhile.
 */
void devmap_segment_del_vma(struct devmap_segment *seg)
{
	unsigned int left;

	atomic_long_dec(&seg->win->pieces);
	down_write(&seg->lock);
	left = --seg->nr_vmas;
	devmap_tell_unmapped(seg);
	trim_spares(seg);
	up_write(&seg->lock);

	if (!left)
		devmap_segment_destroy(seg);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segment_del_vma);
