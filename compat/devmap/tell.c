// SPDX-License-Identifier: GPL-2.0
/* Telling the driver that handles come, are duplicated, and go: tell.h. */

#include <linux/mm.h>
#include <linux/printk.h>
#include <sys/mman.h>
#include <trace/events/devmap.h>

#include "../linux/kunit.h"
#include "handle.h"
#include "pagetable.h"
#include "segment.h"
#include "tell.h"

/* Whole form of devmap_unmap(9E), also for a handle whose mmap(2) fails late. */
static void tell_whole(struct devmap_segment *seg, struct devmap_handle *h)
{
	trace_devmap_unmap(seg, h, &h->span, NULL, NULL);
	if (h->ops.devmap_unmap)
		h->ops.devmap_unmap(h, h->pvtp, devmap_span_off(&h->span),
				    devmap_span_len(&h->span), NULL, NULL,
				    NULL, NULL);
	rb_erase(&h->node, &seg->handles);
	devmap_handle_free(h);
}

/**
 * devmap_tell_map() - devmap_map(9E) for every handle of a new segment
 * @seg: the segment; its handles are set up
 *
 * If one refuses, those before it are told devmap_unmap(9E) and freed; it and
 * those behind it are left for devmap_segment_destroy().
 *
 * Context: mmap_lock held for writing; nobody else knows the segment.
 * Return: 0 or -ENXIO.
 */
int devmap_tell_map(struct devmap_segment *seg)
{
	uint_t flags = seg->private ? MAP_PRIVATE : MAP_SHARED;
	struct devmap_handle *h, *told;
	int err;

	for (h = devmap_handles_first(&seg->handles); h;
	     h = devmap_handles_next(h)) {
		err = 0;
		if (h->ops.devmap_map)
			err = h->ops.devmap_map(h, seg->dev, flags,
						devmap_span_off(&h->span),
						devmap_span_len(&h->span),
						&h->pvtp);
		trace_devmap_map(seg, h, flags, err);
		if (err)
			break;
	}
	if (!h)
		return 0;

	while ((told = devmap_handles_first(&seg->handles)) != h)
		tell_whole(seg, told);
	return -ENXIO;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_tell_map);

/* Frees a handle and those above it, of which the driver has not been told. */
static void drop_from(struct devmap_segment *seg, struct devmap_handle *h)
{
	struct devmap_handle *next;

	for (; h; h = next) {
		next = devmap_handles_next(h);
		rb_erase(&h->node, &seg->handles);
		devmap_handle_free(h);
	}
}

/**
 * devmap_tell_dup() - devmap_dup(9E) for every handle of a child's segment
 * @child: the child's segment; its handles are copies
 * @parent: the parent's
 *
 * If one refuses, it and those above it are freed; the others are told
 * devmap_unmap(9E) when the child's VMAs are closed.
 *
 * Context: mmap_lock of both held for writing, segment lock of @parent held.
 * Return: 0, or what the driver refused with: fork(2) has to fail.
 */
int devmap_tell_dup(struct devmap_segment *child,
		    struct devmap_segment *parent)
{
	struct devmap_handle *h = devmap_handles_first(&parent->handles);
	struct devmap_handle *new = devmap_handles_first(&child->handles);
	int err;

	lockdep_assert_held_write(&parent->lock);

	for (; h; h = devmap_handles_next(h), new = devmap_handles_next(new)) {
		err = 0;
		if (h->ops.devmap_dup) {
			new->pvtp = NULL;
			err = h->ops.devmap_dup(h, h->pvtp, new, &new->pvtp);
		}
		trace_devmap_dup(parent, h, new, err);
		if (err) {
			pr_warn_ratelimited("devmap: devmap_dup failed (%d), and so does fork\n",
					    err);
			drop_from(child, new);
			return err;
		}
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_tell_dup);

/*
 * Cuts @gap out of @h and tells the driver. Until devmap_unmap(9E) has returned,
 * @h still answers to its old range: another process may wait in the driver, on
 * its way to unload the range as the driver remembers it.
 */
static void tell_gap(struct devmap_segment *seg, struct devmap_handle *h,
		     const struct devmap_span *gap)
{
	struct devmap_span hole, below, above;
	struct devmap_handle *low = NULL, *high = NULL;
	void *low_pvtp = NULL, *high_pvtp = NULL;

	switch (devmap_span_cut(&h->span, gap, &hole, &below, &above)) {
	case DEVMAP_CUT_NONE:
		return;
	case DEVMAP_CUT_WHOLE:
		devmap_pt_forget(h, &hole);
		tell_whole(seg, h);
		return;
	case DEVMAP_CUT_HEAD:
		high = h;
		break;
	case DEVMAP_CUT_TAIL:
		low = h;
		break;
	case DEVMAP_CUT_MIDDLE:
		low = h;
		high = devmap_segment_take_spare(seg);
		devmap_handle_remnant(high, h, &above);
		break;
	}

	devmap_pt_forget(h, &hole);
	devmap_handle_cut_begin(h, low ? &below : &above,
				low && high ? high : NULL);
	trace_devmap_unmap(seg, h, &hole, low, high);
	if (h->ops.devmap_unmap) {
		h->ops.devmap_unmap(h, h->pvtp, devmap_span_off(&hole),
				    devmap_span_len(&hole), low,
				    low ? &low_pvtp : NULL, high,
				    high ? &high_pvtp : NULL);
	} else {
		low_pvtp = h->pvtp;
		high_pvtp = h->pvtp;
	}

	devmap_handle_cut_end(h);
	h->pvtp = low ? low_pvtp : high_pvtp;
	if (low && high) {
		high->pvtp = high_pvtp;
		devmap_handles_insert(&seg->handles, high);
	}
}

static void tell_gap_of_segment(struct devmap_segment *seg,
				const struct devmap_span *gap)
{
	struct devmap_handle *h, *next;

	for (h = devmap_handles_first(&seg->handles);
	     h && h->span.first < devmap_span_end(gap); h = next) {
		next = devmap_handles_next(h);
		tell_gap(seg, h, gap);
	}
}

/**
 * devmap_tell_unmapped() - devmap_unmap(9E) for pages that no VMA shows
 * @seg: the segment
 *
 * A VMA that goes is not an unmap: mremap(2) and a failed split close one whose
 * pages another one shows. And one munmap(2) or exit(2) may close many, of which
 * the first finds the pages of all of them unmapped and reports them as one, as
 * the VMAs leave the address_space before any of them is closed.
 *
 * Context: mmap_lock held, maybe for reading only; segment lock held.
 */
void devmap_tell_unmapped(struct devmap_segment *seg)
{
	struct devmap_span rest = seg->span, shown, gap;

	lockdep_assert_held_write(&seg->lock);

	while (rest.nr) {
		if (!seg->nr_vmas || !devmap_pt_shown(seg, &rest, &shown)) {
			shown.first = devmap_span_end(&rest);
			shown.nr = 0;
		}

		gap.first = rest.first;
		gap.nr = shown.first - rest.first;
		if (gap.nr)
			tell_gap_of_segment(seg, &gap);

		rest.nr -= gap.nr + shown.nr;
		rest.first = devmap_span_end(&shown);
	}
}
EXPORT_SYMBOL_IF_KUNIT(devmap_tell_unmapped);

/**
 * devmap_tell_all_unmapped() - whole form of devmap_unmap(9E) for all handles
 * @seg: a segment whose mmap(2) fails after devmap_tell_map(), or whose device
 *	goes; then with the segment lock held
 */
void devmap_tell_all_unmapped(struct devmap_segment *seg)
{
	struct devmap_handle *h;

	while ((h = devmap_handles_first(&seg->handles)))
		tell_whole(seg, h);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_tell_all_unmapped);
