// SPDX-License-Identifier: GPL-2.0
/*
 * What devmap(9E) says of a handle: devmap_devmem_setup(9F) and
 * devmap_umem_setup(9F).
 */

#include <linux/devmap.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "ctxmgt.h"
#include "handle.h"
#include "instance.h"
#include "prot.h"
#include "segment.h"
#include "umem.h"

/* What both kinds of setup have in common; changes nothing. */
static bool may_set_up(const struct devmap_handle *h,
		       const struct devmap_callback_ctl *ops, size_t len,
		       uint_t maxprot, uint_t flags, bool cacheable)
{
	if (!h || h->live || h->setup_len)
		return false;
	if (ops && ops->devmap_rev != DEVMAP_OPS_REV)
		return false;
	if (!len || len > SIZE_MAX - PAGE_SIZE)
		return false;
	if (devmap_prot_exceeds(h->seg->prot, maxprot))
		return false;
	return !devmap_check_flags(flags, cacheable);
}

/* Takes over @target. */
static int set_up(struct devmap_handle *h, struct devmap_target *target,
		  const struct devmap_callback_ctl *ops, size_t len,
		  uint_t maxprot, uint_t flags)
{
	struct devmap_ctx *ctx = NULL;

	if (ops && ops->devmap_access) {
		ctx = devmap_ctx_get(h->seg->win->dip, ops->devmap_access);
		if (!ctx) {
			devmap_target_put(target);
			return -1;
		}
	}

	if (ops)
		h->ops = *ops;
	h->ctx = ctx;
	devmap_handle_set_target(h, target);
	h->maxprot = maxprot;
	h->flags = flags & DEVMAP_SETUP_FLAGS;
	h->setup_len = PAGE_ALIGN(len);
	return 0;
}

/**
 * devmap_devmem_setup() - map registers or memory of a device
 * @dhp: the handle, as devmap(9E) received it
 * @dip: the device whose register set it is
 * @callbackops: what to tell the driver of; copied. NULL: nothing
 * @rnumber: number of the register set; on PCI, 0 is configuration space and 1
 *	the first BAR that is implemented
 * @roff: byte offset in the register set, page aligned
 * @len: bytes, rounded up to pages
 * @maxprot: the most that the user may ever have: PROT_READ, PROT_WRITE,
 *	PROT_EXEC
 * @flags: at most one of IOMEM_DATA_CACHED, IOMEM_DATA_UC_WR_COMBINE,
 *	IOMEM_DATA_UNCACHED; and DEVMAP_SETUP_FLAGS. Unlike on Solaris the
 *	default is uncached
 * @accattrp: ignored; may be NULL
 *
 * devmap_devmem_setup(9F).
 *
 * Context: From devmap(9E), once per handle.
 * Return: 0, or -1 with nothing changed: a second call for the handle, a wrong
 * revision of @callbackops, no such register set, a range that is not in it,
 * the protection asked for by mmap(2) exceeds @maxprot, wrong @flags.
 */
int devmap_devmem_setup(devmap_cookie_t dhp, dev_info_t *dip,
			struct devmap_callback_ctl *callbackops,
			uint_t rnumber, offset_t roff, size_t len,
			uint_t maxprot, uint_t flags,
			ddi_device_acc_attr_t *accattrp)
{
	struct devmap_target target;

	if (!may_set_up(dhp, callbackops, len, maxprot, flags, true))
		return -1;
	if (devmap_target_regs(&target, dip, rnumber, roff, len, flags))
		return -1;
	return set_up(dhp, &target, callbackops, len, maxprot, flags);
}
EXPORT_SYMBOL_GPL(devmap_devmem_setup);

/**
 * devmap_umem_setup() - map kernel memory
 * @dhp: the handle, as devmap(9E) received it
 * @dip: the device; may be NULL
 * @callbackops: what to tell the driver of; copied. NULL: nothing
 * @cookie: the memory, from ddi_umem_alloc()
 * @koff: byte offset in it, page aligned
 * @len: bytes, rounded up to pages
 * @maxprot: the most that the user may ever have: PROT_READ, PROT_WRITE,
 *	PROT_EXEC; without PROT_WRITE for user pages locked for reading only
 * @flags: DEVMAP_SETUP_FLAGS; no cache attribute
 * @accattrp: ignored; may be NULL
 *
 * devmap_umem_setup(9F). The memory lives until @cookie is freed and nobody has
 * it mapped any more.
 *
 * Context: From devmap(9E), once per handle.
 * Return: 0, or -1 with nothing changed: as devmap_devmem_setup(), a NULL
 * @cookie, a range that is not in the memory.
 */
int devmap_umem_setup(devmap_cookie_t dhp, dev_info_t *dip,
		      struct devmap_callback_ctl *callbackops,
		      ddi_umem_cookie_t cookie, offset_t koff, size_t len,
		      uint_t maxprot, uint_t flags,
		      ddi_device_acc_attr_t *accattrp)
{
	struct devmap_target target;

	maxprot = devmap_umem_maxprot(cookie, maxprot);
	if (!may_set_up(dhp, callbackops, len, maxprot, flags, false))
		return -1;
	if (devmap_target_umem(&target, cookie, koff, len, flags))
		return -1;
	return set_up(dhp, &target, callbackops, len, maxprot, flags);
}
EXPORT_SYMBOL_GPL(devmap_umem_setup);

/**
 * devmap_handle_dev() - the device that a handle belongs to
 * @dhp: the handle
 *
 * For entry points that get a dev_t and no data of the driver's: devmap(9E) and
 * devmap_map(9E). A driver that has set its own data with dev_set_drvdata() finds
 * it again with dev_get_drvdata().
 *
 * Context: Any, while the driver may use the handle.
 * Return: the device that devmap_dev_create() was given; may be NULL.
 */
struct device *devmap_handle_dev(devmap_cookie_t dhp)
{
	const struct devmap_handle *h = dhp;

	return h->seg->win->dip->dev;
}
EXPORT_SYMBOL_GPL(devmap_handle_dev);
