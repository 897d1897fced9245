// SPDX-License-Identifier: GPL-2.0
/* What a handle maps: see target.h. */

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/slab.h>

#include "prot.h"
#include "range.h"
#include "regs.h"
#include "target.h"
#include "umem.h"

/**
 * struct devmap_wc - a range reserved for write combining
 * @phys: physical address; constant
 * @len: bytes; constant
 * @refs: one per target that maps it
 *
 * On x86 the cache attribute of a page of device memory is decided by a table
 * of reservations, whatever the page protection says: write combining has to
 * be reserved for as long as anybody maps it.
 */
struct devmap_wc {
	phys_addr_t phys;
	size_t len;
	refcount_t refs;
};

static struct devmap_wc *reserve_wc(phys_addr_t phys, size_t len)
{
	struct devmap_wc *wc = kmalloc(sizeof(*wc), GFP_KERNEL);

	if (!wc)
		return NULL;

	wc->phys = phys;
	wc->len = len;
	refcount_set(&wc->refs, 1);
	if (arch_io_reserve_memtype_wc(phys, len)) {
		kfree(wc);
		return NULL;
	}
	return wc;
}

static void put_wc(struct devmap_wc *wc)
{
	if (!wc || !refcount_dec_and_test(&wc->refs))
		return;

	arch_io_free_memtype_wc(wc->phys, wc->len);
	kfree(wc);
}

/**
 * devmap_target_regs() - name a range of a register set
 * @target: to be filled in
 * @dip: the device
 * @rnumber: register set, as in ddi_regs_map_setup(9F)
 * @roff: byte offset in it, page aligned
 * @len: bytes, rounded up to pages
 * @flags: those of devmap_devmem_setup(9F), checked
 *
 * Context: May sleep.
 * Return: 0 or -EINVAL.
 */
int devmap_target_regs(struct devmap_target *target, dev_info_t *dip,
		       uint_t rnumber, offset_t roff, size_t len, uint_t flags)
{
	struct devmap_regs regs;
	int err;

	*target = (struct devmap_target){ .kind = DEVMAP_TARGET_NONE };
	if (flags & DEVMAP_MAPPING_INVALID)
		return 0;

	err = devmap_regs_lookup(dip, rnumber, &regs);
	if (err)
		return err;
	err = devmap_check_target(roff, len, regs.size);
	if (err)
		return err;

	target->kind = DEVMAP_TARGET_REGS;
	target->phys = regs.phys + roff;
	/*
	 * Uncached unless the driver says otherwise: a cached mapping of
	 * registers corrupts data on the hardware that Linux runs on.
	 */
	target->cache = flags & IOMEM_DATA_MASK ?: IOMEM_DATA_UNCACHED;
	/*
	 * Where write combining cannot be had (no PAT, another mapping of the
	 * range with another attribute), devmap_devmem_setup(9F) asks for
	 * uncached.
	 */
	if (target->cache == IOMEM_DATA_UC_WR_COMBINE) {
		target->wc = reserve_wc(target->phys, PAGE_ALIGN(len));
		if (!target->wc)
			target->cache = IOMEM_DATA_UNCACHED;
	}
	return 0;
}

/**
 * devmap_target_umem() - name a range of kernel memory
 * @target: to be filled in; takes a reference on @cookie
 * @cookie: memory of ddi_umem_alloc(9F); NULL is refused
 * @koff: byte offset in it, page aligned
 * @len: bytes, rounded up to pages
 * @flags: those of devmap_umem_setup(9F), checked
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int devmap_target_umem(struct devmap_target *target,
		       struct ddi_umem_cookie *cookie, offset_t koff,
		       size_t len, uint_t flags)
{
	int err;

	*target = (struct devmap_target){ .kind = DEVMAP_TARGET_NONE };
	if (!cookie)
		return -EINVAL;
	err = devmap_check_target(koff, len, cookie->size);
	if (err || (flags & DEVMAP_MAPPING_INVALID))
		return err;

	target->kind = DEVMAP_TARGET_UMEM;
	target->cookie = devmap_umem_get(cookie);
	target->page = koff >> PAGE_SHIFT;
	return 0;
}

/**
 * devmap_target_copy() - name the same pages once more
 * @to: to be filled in
 * @from: what the parent or the other remnant of a handle maps
 *
 * Context: Any; needs no memory.
 */
void devmap_target_copy(struct devmap_target *to,
			const struct devmap_target *from)
{
	*to = *from;
	if (to->kind == DEVMAP_TARGET_UMEM)
		devmap_umem_get(to->cookie);
	if (to->kind == DEVMAP_TARGET_REGS && to->wc)
		refcount_inc(&to->wc->refs);
}

/**
 * devmap_target_put() - forget what a target names
 * @target: becomes DEVMAP_TARGET_NONE
 */
void devmap_target_put(struct devmap_target *target)
{
	if (target->kind == DEVMAP_TARGET_UMEM)
		devmap_umem_put(target->cookie);
	if (target->kind == DEVMAP_TARGET_REGS)
		put_wc(target->wc);
	target->kind = DEVMAP_TARGET_NONE;
}

/**
 * devmap_target_pfn() - the page frame behind a page of a target
 * @target: not DEVMAP_TARGET_NONE
 * @page: counted from the target's first page
 *
 * Return: the page frame number.
 */
unsigned long devmap_target_pfn(const struct devmap_target *target,
				unsigned long page)
{
	if (target->kind == DEVMAP_TARGET_UMEM)
		return devmap_umem_pfn(target->cookie, target->page + page);

	return PHYS_PFN(target->phys) + page;
}

/**
 * devmap_target_prot() - a page protection with the target's cache attribute
 * @target: not DEVMAP_TARGET_NONE
 * @prot: protection of the VMA
 *
 * Return: what to write into page table entries.
 */
pgprot_t devmap_target_prot(const struct devmap_target *target, pgprot_t prot)
{
	if (target->kind != DEVMAP_TARGET_REGS)
		return prot;

	switch (target->cache) {
	case IOMEM_DATA_UNCACHED:
		return pgprot_noncached(prot);
	case IOMEM_DATA_UC_WR_COMBINE:
		return pgprot_writecombine(prot);
	default:
		return prot;
	}
}
