// SPDX-License-Identifier: GPL-2.0
/*
 * Giving a handle another target: devmap_devmem_remap(9F) and
 * devmap_umem_remap(9F).
 */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <sys/sunddi.h>
#include <trace/events/devmap.h>

#include "handle.h"
#include "pagetable.h"
#include "prot.h"
#include "segment.h"
#include "umem.h"

/* What both kinds of remap have in common; changes nothing. */
static bool may_remap(const struct devmap_handle *h, size_t len, uint_t maxprot,
		      uint_t flags, bool cacheable)
{
	if (!h || !h->live || !(h->flags & DEVMAP_ALLOW_REMAP))
		return false;
	if (!len || len > SIZE_MAX - PAGE_SIZE)
		return false;
	if (devmap_prot_exceeds(h->seg->prot, maxprot))
		return false;
	/* ALLOW_REMAP is a property of the handle; a remap need not repeat it. */
	return !devmap_check_flags(flags | DEVMAP_ALLOW_REMAP, cacheable);
}

/* Gives @h the pages of @target from its page @first on. Page lock held. */
static void set_target(struct devmap_handle *h,
		       const struct devmap_span *span,
		       const struct devmap_target *target, unsigned long first,
		       uint_t maxprot)
{
	struct devmap_target copy;

	lockdep_assert_held(&h->extent->lock);

	devmap_pt_unload(h, span);
	devmap_target_put(&h->target);
	devmap_target_copy(&copy, target);
	devmap_handle_set_target(h, &copy);
	h->target_first = first;
	h->maxprot = maxprot;
}

/*
 * While a hole is being cut into the handle, the task that does it, in
 * devmap_unmap(9E), knows what is left. To all others the handle is what it was,
 * until the driver has told them; the length says which of the two a caller has
 * in mind.
 */
static int remap_locked(struct devmap_handle *h,
			const struct devmap_target *target, size_t len,
			uint_t maxprot)
{
	const struct devmap_span *known = &h->span;

	len = PAGE_ALIGN(len);
	if (h->cutter &&
	    (h->cutter == current || len < devmap_span_len(&h->span)))
		known = &h->rest;
	if (len < devmap_span_len(known))
		return -1;

	set_target(h, known, target, known->first, maxprot);
	if (h->upper && known == &h->span)
		set_target(h->upper, &h->upper->span, target, known->first,
			   maxprot);
	return 0;
}

/*
 * Consumes @target. Only the page lock: this is called from within access and
 * dup, and outside of any, on handles of other processes, with the driver's
 * locks held.
 */
static int remap(struct devmap_handle *h, struct devmap_target *target,
		 size_t len, uint_t maxprot)
{
	int err;

	mutex_lock(&h->extent->lock);
	err = remap_locked(h, target, len, maxprot);
	mutex_unlock(&h->extent->lock);

	devmap_target_put(target);
	trace_devmap_remap(h->seg, h, len, err);
	return err;
}

/**
 * devmap_devmem_remap() - make a handle map other registers
 * @dhp: a handle of any process, set up with DEVMAP_ALLOW_REMAP
 * @dip: the device whose register set it is
 * @rnumber: number of the register set
 * @roff: byte offset in it, page aligned: what the first page of the handle
 *	maps from now on
 * @len: bytes, rounded up to pages; at least the length of the handle
 * @maxprot: the most that the user may have from now on
 * @flags: as for devmap_devmem_setup(). DEVMAP_MAPPING_INVALID: no target; a
 *	touch is SIGBUS until the next remap
 * @accattrp: ignored; may be NULL
 *
 * All translations of the handle are gone when this returns; the next touch
 * calls devmap_access(9E) as usual. There is no manual page.
 *
 * Context: As devmap_unload(); also from devmap_dup(9E) for the child's handle.
 * Return: 0, or -1 with nothing changed.
 */
int devmap_devmem_remap(devmap_cookie_t dhp, dev_info_t *dip, uint_t rnumber,
			offset_t roff, size_t len, uint_t maxprot, uint_t flags,
			ddi_device_acc_attr_t *accattrp)
{
	struct devmap_target target;

	if (!may_remap(dhp, len, maxprot, flags, true))
		return -1;
	if (devmap_target_regs(&target, dip, rnumber, roff, len, flags))
		return -1;
	return remap(dhp, &target, len, maxprot);
}
EXPORT_SYMBOL_GPL(devmap_devmem_remap);

/**
 * devmap_umem_remap() - make a handle map other kernel memory
 * @dhp: a handle of any process, set up with DEVMAP_ALLOW_REMAP
 * @dip: the device; may be NULL
 * @cookie: the memory
 * @off: byte offset in it, page aligned: what the first page of the handle
 *	maps from now on
 * @len: bytes, rounded up to pages; at least the length of the handle
 * @maxprot: the most that the user may have from now on
 * @flags: as for devmap_umem_setup(). DEVMAP_MAPPING_INVALID: no target; a
 *	touch is SIGBUS until the next remap
 * @accattrp: ignored; may be NULL
 *
 * As devmap_devmem_remap().
 *
 * Return: 0, or -1 with nothing changed.
 */
int devmap_umem_remap(devmap_cookie_t dhp, dev_info_t *dip,
		      ddi_umem_cookie_t cookie, offset_t off, size_t len,
		      uint_t maxprot, uint_t flags,
		      ddi_device_acc_attr_t *accattrp)
{
	struct devmap_target target;

	maxprot = devmap_umem_maxprot(cookie, maxprot);
	if (!may_remap(dhp, len, maxprot, flags, false))
		return -1;
	if (devmap_target_umem(&target, cookie, off, len, flags))
		return -1;
	return remap(dhp, &target, len, maxprot);
}
EXPORT_SYMBOL_GPL(devmap_umem_remap);
