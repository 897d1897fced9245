// SPDX-License-Identifier: GPL-2.0
/* The old scheme: page frames from mmap(9E). ddi_segmap(9F). */

#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <sys/sunddi.h>

#include "../linux/kunit.h"
#include "ctxmgt.h"
#include "frame.h"
#include "handle.h"
#include "instance.h"
#include "mmap.h"
#include "pagetable.h"
#include "prot.h"
#include "segdev.h"
#include "segment.h"

/**
 * devmap_segdev_frame() - ask mmap(9E) for the page frame of a page
 * @seg: the segment
 * @page: page of it
 * @prot: bits of mmap(2), PROT_READ and so on, that are to be allowed on it
 *
 * Context: No lock of the layer held but the segment lock; the driver may take
 * its own.
 * Return: the page frame, or DEVMAP_NO_FRAME.
 */
unsigned long devmap_segdev_frame(struct devmap_segment *seg,
				  unsigned long page, uint_t prot)
{
	struct devmap_frame frame = { .mm = seg->mm, .model = seg->model };
	int pfn;

	devmap_frame_push(&frame);
	pfn = seg->win->dip->ops->mmap(seg->dev, (off_t)page << PAGE_SHIFT,
				       prot);
	devmap_frame_pop(&frame);
	return pfn == -1 ? DEVMAP_NO_FRAME : (unsigned int)pfn;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segdev_frame);

/**
 * devmap_segdev_add_handle() - make the one handle of a segment, with the page
 *	frames that mmap(9E) names
 * @seg: the segment
 * @ops: callbacks; NULL: there are none, and mmap(9E) must refuse no page
 *
 * Context: From segmap(9E).
 * Return: the handle, in @seg, or an error pointer: -ENOMEM, -ENXIO, -EINTR.
 */
struct devmap_handle *
devmap_segdev_add_handle(struct devmap_segment *seg,
			 const struct devmap_callback_ctl *ops)
{
	struct devmap_handle *h = devmap_handle_alloc();
	int err = -ENOMEM;
	unsigned long i;

	if (!h)
		return ERR_PTR(err);
	if (devmap_handle_init(h, seg, &seg->span) ||
	    devmap_target_frames(&h->target, seg->span.nr))
		goto err_free;

	if (ops) {
		h->ops = *ops;
		h->ctx = devmap_ctx_get(seg->win->dip, ops->devmap_access);
		if (!h->ctx)
			goto err_free;
	}
	for (i = 0; i < seg->span.nr; i++) {
		unsigned long pfn = devmap_segdev_frame(seg,
							seg->span.first + i,
							seg->prot);

		err = fatal_signal_pending(current) ? -EINTR : -ENXIO;
		if ((pfn == DEVMAP_NO_FRAME && !ops) || err == -EINTR)
			goto err_free;
		devmap_target_set_frame(&h->target, i, pfn);
		cond_resched();
	}

	h->maxprot = PROT_ALL;
	h->setup_len = devmap_span_len(&seg->span);
	h->live = true;
	devmap_handles_insert(&seg->handles, h);
	return h;

err_free:
	devmap_handle_free(h);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segdev_add_handle);

/**
 * devmap_segdev_refresh() - ask mmap(9E) again, at a fault
 * @h: a handle of ddi_segmap()
 * @page: the page that was touched
 * @prot: bits of mmap(2), PROT_READ and so on, of the VMA
 *
 * Return: 0, or -EFAULT if mmap(9E) refuses.
 */
int devmap_segdev_refresh(struct devmap_handle *h, unsigned long page,
			  uint_t prot)
{
	struct devmap_span span = { .first = page, .nr = 1 };
	unsigned long pfn = devmap_segdev_frame(h->seg, page, prot);

	if (pfn == DEVMAP_NO_FRAME)
		return -EFAULT;

	mutex_lock(&h->extent->lock);
	if (devmap_target_pfn(&h->target, page - h->target_first) != pfn) {
		devmap_pt_unload(h, &span);
		devmap_target_set_frame(&h->target, page - h->target_first, pfn);
	}
	mutex_unlock(&h->extent->lock);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segdev_refresh);

/**
 * devmap_segdev_may_have() - ask mmap(9E) whether mprotect(2) may allow more
 * @h: a handle
 * @span: pages of it and maybe others
 * @prot: bits of mmap(2), PROT_READ and so on, that are to be allowed
 *
 * Return: 0, or -EACCES if mmap(9E) refuses a page. There is nothing to ask if
 * the handle is not of the old scheme.
 */
int devmap_segdev_may_have(struct devmap_handle *h,
			   const struct devmap_span *span, uint_t prot)
{
	struct devmap_span piece;
	unsigned long i;

	if (h->target.kind != DEVMAP_TARGET_FRAMES ||
	    !devmap_prot_exceeds(prot, h->seg->prot) ||
	    !devmap_span_intersect(&h->span, span, &piece))
		return 0;

	for (i = 0; i < piece.nr; i++) {
		if (devmap_segdev_frame(h->seg, piece.first + i, prot) ==
		    DEVMAP_NO_FRAME || fatal_signal_pending(current))
			return -EACCES;
		cond_resched();
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_segdev_may_have);

static int add_segmap_handle(struct devmap_segment *seg, void *unused)
{
	struct devmap_handle *h;

	/* Without a callback nobody could give it a context of its own. */
	if (seg->private)
		return -EINVAL;

	h = devmap_segdev_add_handle(seg, NULL);
	if (IS_ERR(h))
		return PTR_ERR(h);

	h->segdev = true;
	return 0;
}

/**
 * ddi_segmap() - map page frames that mmap(9E) names
 * @dev: device number
 * @offset: user offset in bytes, a page multiple
 * @asp: ignored: mappings are made in the caller's address space
 * @addrp: set to the address
 * @len: bytes
 * @prot: bits of mmap(2), PROT_READ and so on
 * @maxprot: the most that mprotect(2) may give
 * @flags: MAP_SHARED; there is no private mapping in this scheme
 * @credp: ignored
 *
 * ddi_segmap(9F). mmap(9E) is called for every page now, again for a page when it
 * is touched, and when mprotect(2) asks for more than mmap(2) did. May be the driver's segmap(9E).
 *
 * Context: From segmap(9E), once, or in its place.
 * Return: 0 or an errno: ENODEV without mmap(9E), ENXIO if it refuses a page,
 * EACCES if @prot exceeds @maxprot, EINVAL, ENOMEM.
 */
int ddi_segmap(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *credp)
{
	struct devmap_frame *frame = devmap_frame_of_mmap();
	const struct devmap_request req = {
		.dev = dev, .off = offset, .addrp = addrp, .len = len,
		.prot = prot, .maxprot = maxprot, .flags = flags,
	};

	if (!frame)
		return EINVAL;
	if (!frame->dip->ops->mmap)
		return ENODEV;
	return devmap_make_segment(&req, add_segmap_handle, NULL);
}
EXPORT_SYMBOL_GPL(ddi_segmap);

/**
 * ddi_segmap_setup() - ddi_segmap() with access attributes
 * @dev: as for ddi_segmap()
 * @offset: as for ddi_segmap()
 * @asp: as for ddi_segmap()
 * @addrp: as for ddi_segmap()
 * @len: as for ddi_segmap()
 * @prot: as for ddi_segmap()
 * @maxprot: as for ddi_segmap()
 * @flags: as for ddi_segmap()
 * @credp: as for ddi_segmap()
 * @accattrp: ignored; may be NULL
 * @rnumber: ignored
 *
 * ddi_segmap_setup(9F), in ddi_segmap(9F).
 *
 * Return: as ddi_segmap().
 */
int ddi_segmap_setup(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
		     off_t len, uint_t prot, uint_t maxprot, uint_t flags,
		     cred_t *credp, ddi_device_acc_attr_t *accattrp,
		     uint_t rnumber)
{
	return ddi_segmap(dev, offset, asp, addrp, len, prot, maxprot, flags,
			  credp);
}
EXPORT_SYMBOL_GPL(ddi_segmap_setup);

/**
 * ddi_mmap_get_model() - data model of the process that is being mapped
 *
 * ddi_mmap_get_model(9F).
 *
 * Context: From mmap(9E) only.
 * Return: DDI_MODEL_ILP32 or DDI_MODEL_LP64; DDI_FAILURE from elsewhere.
 */
uint_t ddi_mmap_get_model(void)
{
	return devmap_frame_model() ?: DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_mmap_get_model);
