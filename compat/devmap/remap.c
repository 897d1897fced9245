// SPDX-License-Identifier: GPL-2.0
/*
 * Giving a handle another target: devmap_devmem_remap(9F) and
 * devmap_umem_remap(9F).
 */

#include <linux/module.h>
#include <sys/sunddi.h>
#include <trace/events/devmap.h>

#include "handle.h"
#include "pagetable.h"
#include "prot.h"
#include "segment.h"

/* What both kinds of remap have in common; changes nothing. */
static bool may_remap(const struct devmap_handle *h, size_t len, uint_t maxprot,
		      uint_t flags, bool cacheable)
{
	if (!h || !h->live || h->dead || !(h->flags & DEVMAP_ALLOW_REMAP))
		return false;
	if (!len || len > SIZE_MAX - PAGE_SIZE)
		return false;
	if (devmap_prot_exceeds(h->seg->prot, maxprot))
		return false;
	/* ALLOW_REMAP is a property of the handle; a remap need not repeat it. */
	return !devmap_check_flags(flags | DEVMAP_ALLOW_REMAP, cacheable);
}

/*
 * Takes over @target. Only the page lock: this is called from within access and
 * dup, and outside of any, on handles of other processes, with the driver's
 * locks held.
 */
static int remap(struct devmap_handle *h, struct devmap_target *target,
		 size_t len, uint_t maxprot)
{
	struct devmap_target old = *target;
	int err = -1;

	mutex_lock(&h->extent->lock);
	if (PAGE_ALIGN(len) >= devmap_span_len(&h->span)) {
		devmap_pt_unload(h, &h->span);
		old = h->target;
		h->target = *target;
		h->target_first = h->span.first;
		h->maxprot = maxprot;
		err = 0;
	}
	mutex_unlock(&h->extent->lock);

	devmap_target_put(&old);
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

	if (!may_remap(dhp, len, maxprot, flags, false))
		return -1;
	if (devmap_target_umem(&target, cookie, off, len, flags))
		return -1;
	return remap(dhp, &target, len, maxprot);
}
EXPORT_SYMBOL_GPL(devmap_umem_remap);
