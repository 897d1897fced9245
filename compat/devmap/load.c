// SPDX-License-Identifier: GPL-2.0
/* Making translations valid and invalid: devmap_load(9F), devmap_unload(9F). */

#include <linux/errno.h>
#include <linux/instruction_pointer.h>
#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <sys/sunddi.h>
#include <trace/events/devmap.h>
#include <vm/faultcode.h>

#include "../ddi/misuse.h"
#include "frame.h"
#include "handle.h"
#include "load.h"
#include "pagetable.h"
#include "segment.h"

/* Whether the page was loaded, or why not, for the fault to see. */
static int result_of(struct devmap_frame *frame, int err)
{
	if (likely(!err))
		return 0;
	frame->nomem |= err == -ENOMEM;
	frame->noprot |= err == -EACCES;
	return FC_MAKE_ERR(-err);
}

static int load_range(struct devmap_handle *h, struct devmap_frame *frame,
		      offset_t off, size_t len)
{
	struct devmap_span span;
	int err;

	lockdep_assert_held(&h->extent->lock);

	if (devmap_span_select(&h->span, off, len, &span))
		return FC_MAKE_ERR(EINVAL);
	/* Another thread is unmapping a part, which the driver does not know. */
	if (h->cutter && !devmap_span_intersect(&h->rest, &span, &span))
		return 0;

	err = devmap_pt_load(h, &span, frame->vma, frame->huge);
	if (!err && h->seg == frame->seg && devmap_span_has(&span, frame->page))
		frame->loaded = true;
	return result_of(frame, err);
}

/* The same for what most drivers load: the page that was touched. */
static int load_touched(struct devmap_handle *h, struct devmap_frame *frame)
{
	int err;

	lockdep_assert_held(&h->extent->lock);

	err = devmap_pt_load_page(h, frame->page, frame->vma);
	frame->loaded |= !err;
	return result_of(frame, err);
}

static bool is_touched(const struct devmap_handle *h,
		       const struct devmap_frame *frame, offset_t off,
		       size_t len)
{
	return frame->vma && len == PAGE_SIZE && h->seg == frame->seg &&
	       off == (offset_t)frame->page << PAGE_SHIFT &&
	       devmap_span_has(&h->span, frame->page);
}

static int load(struct devmap_handle *h, struct devmap_frame *frame,
		offset_t off, size_t len, uint_t type, uint_t rw)
{
	int err;

	mutex_lock(&h->extent->lock);
	if (h->target.kind == DEVMAP_TARGET_NONE)
		err = FC_MAKE_ERR(ENXIO);
	else if (!h->cutter && is_touched(h, frame, off, len))
		err = load_touched(h, frame);
	else
		err = load_range(h, frame, off, len);
	mutex_unlock(&h->extent->lock);
	trace_devmap_load(h->seg, h, off, len, type, rw, err);
	return err;
}

/**
 * devmap_load_touched() - load what was touched, without a driver
 * @h: the handle; its devmap_access is NULL or devmap_default_access()
 * @frame: of the fault
 * @touched: the page, or the pages of the large translation that Linux asks for
 * @rw: direction
 *
 * Return: 0 or a fault code.
 */
int devmap_load_touched(struct devmap_handle *h, struct devmap_frame *frame,
			const struct devmap_span *touched, uint_t rw)
{
	return load(h, frame, devmap_span_off(touched),
		    devmap_span_len(touched), DEVMAP_ACCESS, rw);
}

static int load_for_driver(struct devmap_handle *h, offset_t off, size_t len,
			   uint_t type, uint_t rw, unsigned long ip)
{
	struct devmap_frame *frame;

	if (!h)
		return FC_MAKE_ERR(EINVAL);

	frame = devmap_frame_of_access(h->seg->mm);
	if (!frame) {
		if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
			devmap_misuse_at("devmap_load(9F)", ip,
					 "not in devmap_access(9E), or for another process");
		trace_devmap_load(h->seg, h, off, len, type, rw,
				  FC_MAKE_ERR(EINVAL));
		return FC_MAKE_ERR(EINVAL);
	}
	return load(h, frame, off, len, type, rw);
}

/**
 * devmap_load() - make translations valid
 * @dhp: a handle of the process whose access is being handled; it need not be
 *	the handle that was accessed
 * @off: user offset in bytes; any byte of the first page
 * @len: bytes; 0 means to the end of the handle; with @off 0 as well, all of it
 * @type: as devmap_access(9E) received it
 * @rw: as devmap_access(9E) received it
 *
 * devmap_load(9F). From now on accesses of the pages, in any direction the
 * mapping allows, proceed without the driver, until devmap_unload().
 *
 * Context: From devmap_access(9E) or devmap_contextmgt(9E), in the task that was
 * called. Anywhere else, and for a handle of another process, it fails: only
 * the fault holds the lock that inserting needs.
 * Return: 0; otherwise a fault code: a range that is not in the handle, the wrong
 * context, a handle without a target, each with nothing changed; no memory, with
 * no page loaded that was not before; those that were may be unloaded.
 */
int devmap_load(devmap_cookie_t dhp, offset_t off, size_t len, uint_t type,
		uint_t rw)
{
	return load_for_driver(dhp, off, len, type, rw, _RET_IP_);
}
EXPORT_SYMBOL_GPL(devmap_load);

/**
 * devmap_unload() - make translations invalid
 * @dhp: a handle of any process
 * @off: user offset in bytes; any byte of the first page
 * @len: bytes; 0 means to the end of the handle; with @off 0 as well, all of it
 *
 * devmap_unload(9F). When this returns, no thread of the handle's process can
 * access the pages through the handle; the next one that tries calls
 * devmap_access(9E). Pages that are not loaded are no error.
 *
 * Context: Process context, may sleep; also from within any callback, with locks
 * of the driver held that its callbacks take. Waits for no foreign mmap_lock.
 * Return: 0, or a fault code if the range is not in the handle.
 */
int devmap_unload(devmap_cookie_t dhp, offset_t off, size_t len)
{
	struct devmap_handle *h = dhp;
	struct devmap_span span;
	int err = 0;

	if (!h)
		return FC_MAKE_ERR(EINVAL);

	mutex_lock(&h->extent->lock);
	if (devmap_span_select(&h->span, off, len, &span))
		err = FC_MAKE_ERR(EINVAL);
	else
		devmap_pt_unload(h, &span);
	mutex_unlock(&h->extent->lock);
	trace_devmap_unload(h->seg, h, off, len, err);
	return err;
}
EXPORT_SYMBOL_GPL(devmap_unload);

/**
 * devmap_default_access() - devmap_access(9E) for memory without contexts
 * @dhp: the handle
 * @pvtp: ignored
 * @off: as devmap_access(9E) received it
 * @len: as devmap_access(9E) received it
 * @type: as devmap_access(9E) received it
 * @rw: as devmap_access(9E) received it
 *
 * devmap_default_access(9F): loads the range. To be called from
 * devmap_access(9E), or to be it.
 *
 * Return: as devmap_load().
 */
int devmap_default_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
			  size_t len, uint_t type, uint_t rw)
{
	return load_for_driver(dhp, off, len, type, rw, _RET_IP_);
}
EXPORT_SYMBOL_GPL(devmap_default_access);
