// SPDX-License-Identifier: GPL-2.0
/*
 * The older interface: ddi_mapdev(9F) and what belongs to it, on the engine of
 * devmap. A mapping has one handle for the driver, whatever is cut out of it.
 */

#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <sys/devops.h>
#include <sys/sunddi.h>
#include <vm/faultcode.h>

#include "frame.h"
#include "handle.h"
#include "instance.h"
#include "mmap.h"
#include "pagetable.h"
#include "segdev.h"
#include "segment.h"

/**
 * struct mapdev - what a ddi_mapdev_handle_t points to
 * @ctl: the driver's callbacks, copied; constant
 * @devprivate: the driver's private data; constant
 * @seg: the segment; constant
 * @span: the pages mapped at first; constant
 * @lock: protects @parts. Inside the driver's locks, outside the page lock
 * @parts: struct devmap_handle, by &devmap_handle.part: those that are left
 */
struct mapdev {
	struct ddi_mapdev_ctl ctl;
	void *devprivate;
	struct devmap_segment *seg;
	struct devmap_span span;
	struct mutex lock;
	struct list_head parts;
};

static struct mapdev *mapdev_alloc(const struct ddi_mapdev_ctl *ctl,
				   struct devmap_segment *seg,
				   const struct devmap_span *span)
{
	struct mapdev *m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);

	if (!m)
		return NULL;

	m->ctl = *ctl;
	m->seg = seg;
	m->span = *span;
	mutex_init(&m->lock);
	INIT_LIST_HEAD(&m->parts);
	return m;
}

static void add_part(struct mapdev *m, struct devmap_handle *h)
{
	mutex_lock(&m->lock);
	list_add_tail(&h->part, &m->parts);
	mutex_unlock(&m->lock);
}

static int part_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
		       size_t len, uint_t type, uint_t rw)
{
	struct mapdev *m = pvtp;
	int err;

	/* Nothing to undo: the older interface knows no locking. */
	if (type == DEVMAP_UNLOCK)
		return 0;
	err = m->ctl.mapdev_access(m, m->devprivate, off);
	/* An errno, or another number that means failure; not a fault code. */
	return err ? FC_MAKE_ERR(err & 0xffff) : 0;
}

/*
 * The copy that this fork(2) made for an earlier part of the mapping: all handles
 * of a segment belong to one. NULL if this is the first part.
 */
static struct mapdev *copy_in(const struct devmap_segment *child,
			      const struct devmap_handle *until)
{
	struct devmap_handle *h = devmap_handles_first(&child->handles);

	return h == until ? NULL : h->pvtp;
}

static int part_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		    void **new_pvtp)
{
	struct devmap_handle *h = new_dhp;
	struct mapdev *m = pvtp, *copy = copy_in(h->seg, h);
	int err;

	if (!copy) {
		copy = mapdev_alloc(&m->ctl, h->seg, &m->span);
		if (!copy)
			return ENOMEM;

		err = m->ctl.mapdev_dup(m, m->devprivate, copy,
					&copy->devprivate);
		if (err) {
			kfree(copy);
			return err;
		}
	}
	add_part(copy, h);
	*new_pvtp = copy;
	return 0;
}

static void part_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off,
		       size_t len, devmap_cookie_t new_dhp1, void **new_pvtp1,
		       devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct devmap_handle *h = dhp, *high = new_dhp2;
	struct mapdev *m = pvtp;
	bool last;

	mutex_lock(&m->lock);
	if (!new_dhp1 && !new_dhp2)
		list_del(&h->part);
	if (high && high != h)
		list_add_tail(&high->part, &m->parts);
	last = list_empty(&m->parts);
	mutex_unlock(&m->lock);

	if (new_dhp1)
		*new_pvtp1 = m;
	if (new_dhp2)
		*new_pvtp2 = m;
	if (last) {
		m->ctl.mapdev_free(m, m->devprivate);
		kfree(m);
	}
}

static const struct devmap_callback_ctl part_ops = {
	.devmap_rev = DEVMAP_OPS_REV,
	.devmap_access = part_access,
	.devmap_dup = part_dup,
	.devmap_unmap = part_unmap,
};

/* Arguments of ddi_mapdev() that devmap_make_segment() knows nothing of. */
struct mapdev_args {
	const struct ddi_mapdev_ctl *ctl;
	void *devprivate;
	struct mapdev *m;
};

static int add_mapdev_handle(struct devmap_segment *seg, void *arg)
{
	struct mapdev_args *args = arg;
	struct devmap_handle *h;

	args->m = mapdev_alloc(args->ctl, seg, &seg->span);
	if (!args->m)
		return -ENOMEM;

	h = devmap_segdev_add_handle(seg, &part_ops);
	if (IS_ERR(h)) {
		kfree(args->m);
		return PTR_ERR(h);
	}

	args->m->devprivate = args->devprivate;
	h->pvtp = args->m;
	add_part(args->m, h);
	return 0;
}

/**
 * ddi_mapdev() - create a mapping and be told of accesses to it
 * @dev: device number
 * @offset: user offset in bytes, a page multiple
 * @asp: ignored: mappings are made in the caller's address space
 * @addrp: set to the address
 * @len: bytes
 * @prot: bits of mmap(2), PROT_READ and so on
 * @maxprot: the most that mprotect(2) may give
 * @flags: MAP_SHARED or MAP_PRIVATE
 * @cred: ignored
 * @ctl: callbacks, all of them; copied
 * @handlep: set to the handle of the mapping
 * @devprivate: passed to the callbacks
 *
 * ddi_mapdev(9F). The page frames are those that the driver's mmap(9E) names
 * now; a touch of a page that it refuses is SIGBUS. All accesses are
 * intercepted at first. When a part of the mapping is unmapped, the rest keeps
 * the handle; mapdev_free(9E) comes with the last part.
 *
 * Context: From segmap(9E), once.
 * Return: 0 or an errno: EINVAL for a wrong @ctl, ENODEV without mmap(9E),
 * EACCES if @prot exceeds @maxprot, ENOMEM.
 */
int ddi_mapdev(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *cred, struct ddi_mapdev_ctl *ctl,
	       ddi_mapdev_handle_t *handlep, void *devprivate)
{
	struct devmap_frame *frame = devmap_frame_of_mmap();
	const struct devmap_request req = {
		.dev = dev, .off = offset, .addrp = addrp, .len = len,
		.prot = prot, .maxprot = maxprot, .flags = flags,
	};
	struct mapdev_args args = { .ctl = ctl, .devprivate = devprivate };
	int err;

	if (!frame || !ctl || ctl->mapdev_rev != MAPDEV_REV ||
	    !ctl->mapdev_access || !ctl->mapdev_free || !ctl->mapdev_dup)
		return EINVAL;
	if (!frame->dip->ops->mmap)
		return ENODEV;

	err = devmap_make_segment(&req, add_mapdev_handle, &args);
	if (!err)
		*handlep = args.m;
	return err;
}
EXPORT_SYMBOL_GPL(ddi_mapdev);

/* Pages that mmap(9E) refused are left out; to touch one is an error. */
static int load_part(struct devmap_handle *h, const struct devmap_span *span,
		     struct devmap_frame *frame)
{
	bool touched = h->seg == frame->seg &&
		       devmap_span_has(span, frame->page);
	int err = devmap_pt_load(h, span, frame->vma, frame->huge);

	frame->nomem |= err == -ENOMEM;
	if (err || !touched)
		return err ? FC_MAKE_ERR(-err) : 0;

	if (devmap_target_pfn(&h->target, frame->page - h->target_first) ==
	    DEVMAP_NO_FRAME)
		return FC_MAKE_ERR(EFAULT);
	frame->loaded = true;
	return 0;
}

/* With a @frame, loads the part of @span that @h has; without, unloads it. */
static int change_part(struct devmap_handle *h, const struct devmap_span *span,
		       struct devmap_frame *frame)
{
	struct devmap_span piece;
	int err = 0;

	mutex_lock(&h->extent->lock);
	if (devmap_span_intersect(h->cutter ? &h->rest : &h->span, span,
				  &piece)) {
		if (frame)
			err = load_part(h, &piece, frame);
		else
			devmap_pt_unload(h, &piece);
	}
	mutex_unlock(&h->extent->lock);
	return err;
}

static int change_range(struct mapdev *m, off_t offset, off_t len,
			struct devmap_frame *frame)
{
	struct devmap_handle *h;
	struct devmap_span span;
	int err = 0;

	if (!m || len < 0 || devmap_span_select(&m->span, offset, len, &span))
		return FC_MAKE_ERR(EINVAL);

	mutex_lock(&m->lock);
	list_for_each_entry(h, &m->parts, part) {
		err = change_part(h, &span, frame);
		if (err)
			break;
	}
	mutex_unlock(&m->lock);
	return err;
}

/**
 * ddi_mapdev_intercept() - have accesses call mapdev_access(9E)
 * @handle: a mapping of any process
 * @offset: user offset in bytes; any byte of the first page
 * @len: bytes; 0 means to the end of the mapping; with @offset 0 as well, all of
 *	it
 *
 * ddi_mapdev_intercept(9F): invalidates the translations, as devmap_unload().
 *
 * Context: As devmap_unload().
 * Return: 0, or another value if the range is not in the mapping.
 */
int ddi_mapdev_intercept(ddi_mapdev_handle_t handle, off_t offset, off_t len)
{
	return change_range(handle, offset, len, NULL);
}
EXPORT_SYMBOL_GPL(ddi_mapdev_intercept);

/**
 * ddi_mapdev_nointercept() - let accesses proceed without mapdev_access(9E)
 * @handle: a mapping of the process whose access is being handled
 * @offset: as for ddi_mapdev_intercept()
 * @len: as for ddi_mapdev_intercept()
 *
 * ddi_mapdev_nointercept(9F), in ddi_mapdev_intercept(9F): validates the
 * translations, as devmap_load().
 *
 * Context: From mapdev_access(9E) only.
 * Return: 0, or another value: the range is not in the mapping, the wrong
 * context, mmap(9E) had refused the page that was touched, no memory.
 */
int ddi_mapdev_nointercept(ddi_mapdev_handle_t handle, off_t offset, off_t len)
{
	struct mapdev *m = handle;
	struct devmap_frame *frame = NULL;

	if (m)
		frame = devmap_frame_of_access(m->seg->mm);
	return frame ? change_range(m, offset, len, frame) :
		       FC_MAKE_ERR(EINVAL);
}
EXPORT_SYMBOL_GPL(ddi_mapdev_nointercept);

/**
 * ddi_mapdev_set_device_acc_attr() - set access attributes of a range
 * @mapping_handle: the mapping
 * @offset: as for ddi_mapdev_intercept()
 * @len: as for ddi_mapdev_intercept()
 * @accattrp: ignored: the attributes of a user mapping are those of its page
 *	frames
 * @rnumber: ignored
 *
 * ddi_mapdev_set_device_acc_attr(9F).
 *
 * Return: 0, or another value if the range is not in the mapping.
 */
int ddi_mapdev_set_device_acc_attr(ddi_mapdev_handle_t mapping_handle,
				   off_t offset, off_t len,
				   ddi_device_acc_attr_t *accattrp,
				   uint_t rnumber)
{
	struct mapdev *m = mapping_handle;
	struct devmap_span span;

	return !m || len < 0 || devmap_span_select(&m->span, offset, len, &span);
}
EXPORT_SYMBOL_GPL(ddi_mapdev_set_device_acc_attr);
