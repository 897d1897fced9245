// SPDX-License-Identifier: GPL-2.0
/* What a handle maps: see target.h. */

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../linux/kunit.h"
#include "instance.h"
#include "memtype.h"
#include "prot.h"
#include "range.h"
#include "regs.h"
#include "target.h"
#include "umem.h"

/**
 * struct devmap_frames - page frames that mmap(9E) named
 * @refs: one per target; those that share them share an extent
 * @nr: how many; constant
 * @pfn: frames, DEVMAP_NO_FRAME where there is none; written before the handle
 *	is visible, later with the page lock
 */
struct devmap_frames {
	refcount_t refs;
	unsigned long nr;
	unsigned long pfn[];
};

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
 * Return: 0, or as devmap_regs_range() and devmap_memtype_get().
 */
int devmap_target_regs(struct devmap_target *target, dev_info_t *dip,
		       uint_t rnumber, offset_t roff, size_t len, uint_t flags)
{
	unsigned long nr = PFN_UP(len);
	phys_addr_t phys;
	uint_t cache;
	int err;

	*target = (struct devmap_target){ .kind = DEVMAP_TARGET_NONE };
	if (flags & DEVMAP_MAPPING_INVALID)
		return 0;

	err = devmap_regs_range(dip, rnumber, roff, len, &phys);
	if (err)
		return err;

	/*
	 * Uncached unless the driver says otherwise: a cached mapping of
	 * registers corrupts data on the hardware that Linux runs on.
	 */
	cache = flags & IOMEM_DATA_MASK ?: IOMEM_DATA_UNCACHED;
	err = devmap_memtype_get(PHYS_PFN(phys), nr, &cache);
	if (err) {
		dev_warn_ratelimited(dip->dev,
				     "devmap: 0x%zx bytes at 0x%llx of register set %u are mapped with another cache attribute, or there is no memory (%d)\n",
				     len, roff, rnumber, err);
		return err;
	}

	target->kind = DEVMAP_TARGET_REGS;
	target->phys = phys;
	target->cache = cache;
	target->nr = nr;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_regs);

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
EXPORT_SYMBOL_IF_KUNIT(devmap_target_umem);

/**
 * devmap_target_frames() - name page frames one by one
 * @target: to be filled in; no page has a frame yet
 * @nr: number of pages
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int devmap_target_frames(struct devmap_target *target, unsigned long nr)
{
	struct devmap_frames *frames;

	frames = kvmalloc(struct_size(frames, pfn, nr),
			  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!frames)
		return -ENOMEM;

	refcount_set(&frames->refs, 1);
	frames->nr = nr;
	memset64((u64 *)frames->pfn, DEVMAP_NO_FRAME, nr);
	target->kind = DEVMAP_TARGET_FRAMES;
	target->frames = frames;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_frames);

/**
 * devmap_target_set_frame() - name the page frame of one page
 * @target: of devmap_target_frames()
 * @page: counted from the target's first page
 * @pfn: page frame, or DEVMAP_NO_FRAME
 */
void devmap_target_set_frame(struct devmap_target *target, unsigned long page,
			     unsigned long pfn)
{
	target->frames->pfn[page] = pfn;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_set_frame);

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
	if (to->kind == DEVMAP_TARGET_REGS)
		devmap_memtype_dup(PHYS_PFN(to->phys), to->nr);
	if (to->kind == DEVMAP_TARGET_FRAMES)
		refcount_inc(&to->frames->refs);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_copy);

/**
 * devmap_target_unshare() - make a copy independent of what it was copied from
 * @target: of devmap_target_copy()
 *
 * A child's page frames change under its own page lock.
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int devmap_target_unshare(struct devmap_target *target)
{
	struct devmap_target own;
	int err;

	if (target->kind != DEVMAP_TARGET_FRAMES)
		return 0;

	err = devmap_target_frames(&own, target->frames->nr);
	if (err)
		return err;
	memcpy(own.frames->pfn, target->frames->pfn,
	       array_size(own.frames->nr, sizeof(*own.frames->pfn)));
	devmap_target_put(target);
	*target = own;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_unshare);

/**
 * devmap_target_put() - forget what a target names
 * @target: becomes DEVMAP_TARGET_NONE
 */
void devmap_target_put(struct devmap_target *target)
{
	if (target->kind == DEVMAP_TARGET_UMEM)
		devmap_umem_put(target->cookie);
	if (target->kind == DEVMAP_TARGET_REGS)
		devmap_memtype_put(PHYS_PFN(target->phys), target->nr);
	if (target->kind == DEVMAP_TARGET_FRAMES &&
	    refcount_dec_and_test(&target->frames->refs))
		kvfree(target->frames);
	target->kind = DEVMAP_TARGET_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_put);

/**
 * devmap_target_pfn() - the page frame behind a page of a target
 * @target: the target
 * @page: counted from the target's first page
 *
 * Return: the page frame number; DEVMAP_NO_FRAME if mmap(9E) refused the page,
 * and for DEVMAP_TARGET_NONE.
 */
unsigned long devmap_target_pfn(const struct devmap_target *target,
				unsigned long page)
{
	switch (target->kind) {
	case DEVMAP_TARGET_REGS:
		return PHYS_PFN(target->phys) + page;
	case DEVMAP_TARGET_UMEM:
		return devmap_umem_pfn(target->cookie, target->page + page);
	case DEVMAP_TARGET_FRAMES:
		return target->frames->pfn[page];
	default:
		return DEVMAP_NO_FRAME;
	}
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_pfn);

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

	/* A device does not see through the encryption of memory of a virtual machine. */
	prot = pgprot_decrypted(prot);
	switch (target->cache) {
	case IOMEM_DATA_UNCACHED:
		return pgprot_noncached(prot);
	case IOMEM_DATA_UC_WR_COMBINE:
		return pgprot_writecombine(prot);
	default:
		return prot;
	}
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_prot);

/* In the widths that devices understand, whatever the cache attribute. */
static void move_io(void __iomem *io, void *buf, unsigned int len, bool write)
{
	if (write)
		memcpy_toio(io, buf, len);
	else
		memcpy_fromio(buf, io, len);
}

static int access_io(unsigned long pfn, unsigned int offset, void *buf,
		     unsigned int len, bool write)
{
	void __iomem *io = ioremap(PFN_PHYS(pfn), PAGE_SIZE);

	if (!io)
		return -ENOMEM;
	move_io(io + offset, buf, len, write);
	iounmap(io);
	return 0;
}

/* A range reserved as cached must not be mapped otherwise. */
static int access_regs(unsigned long pfn, unsigned int offset, void *buf,
		       unsigned int len, bool write)
{
	void *cached = devmap_memtype_cached(pfn);

	if (!cached)
		return access_io(pfn, offset, buf, len, write);

	move_io((__force void __iomem *)cached + offset, buf, len, write);
	return 0;
}

static int access_ram(unsigned long pfn, unsigned int offset, void *buf,
		      unsigned int len, bool write)
{
	void *ram = kmap_local_page(pfn_to_page(pfn));

	if (write)
		memcpy(ram + offset, buf, len);
	else
		memcpy(buf, ram + offset, len);
	kunmap_local(ram);
	return 0;
}

/**
 * devmap_target_access() - read or write a page of a target from the kernel
 * @target: not DEVMAP_TARGET_NONE
 * @page: counted from the target's first page
 * @offset: in the page
 * @buf: kernel memory
 * @len: bytes; not beyond the page
 * @write: to the target
 *
 * Context: May sleep.
 * Return: 0, -EIO if mmap(9E) refused the page, or -ENOMEM.
 */
int devmap_target_access(const struct devmap_target *target, unsigned long page,
			 unsigned int offset, void *buf, unsigned int len,
			 bool write)
{
	unsigned long pfn = devmap_target_pfn(target, page);

	if (pfn == DEVMAP_NO_FRAME)
		return -EIO;
	if (target->kind == DEVMAP_TARGET_REGS)
		return access_regs(pfn, offset, buf, len, write);
	if (target->kind == DEVMAP_TARGET_UMEM || page_is_ram(pfn))
		return access_ram(pfn, offset, buf, len, write);
	return access_io(pfn, offset, buf, len, write);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_target_access);
