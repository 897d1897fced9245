// SPDX-License-Identifier: GPL-2.0
/*
 * Translations of more than a page: entries of PMD_SIZE and PUD_SIZE, 2 MiB and 1 GiB
 * with pages of 4 KiB.
 *
 * Linux inserts one only in a fault that asks for it (huge_fault), where nothing is
 * mapped yet. It drops one as a whole when a part of it is to go; for 1 GiB a part may
 * go only with mmap_lock held, and where a VMA is split, moved or protected Linux (6.12,
 * 7.3) does not know such entries well. So these are removed before: by
 * devmap_huge_widen(), and by devmap_pt_flatten() in pagetable.c.
 */

#include <linux/align.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <sys/ddidevmap.h>
#include <sys/sunddi.h>

#include "../linux/huge_mm.h"
#include "entries.h"
#include "handle.h"
#include "huge.h"
#include "segment.h"

/* What there is for an address, as far as large entries go. */
enum level {
	LEVEL_TABLE,	/* a table of pages */
	LEVEL_NO_PMD,	/* nothing, in a table of PMDs */
	LEVEL_PMD,	/* an entry of PMD_SIZE */
	LEVEL_NO_PUD,	/* nothing, not even a table of PMDs */
	LEVEL_PUD,	/* an entry of PUD_SIZE */
};

/*
 * Tables stay as long as the VMA is linked. Entries change under the page lock, by
 * which the caller is asking for its own pages, or, like tables that are moved, with
 * mmap_lock held for writing.
 */
static enum level level_at(struct mm_struct *mm, unsigned long addr)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	p4d_t *p4d;
	pud_t *pudp, pud;
	pmd_t pmd;

	if (pgd_none(READ_ONCE(*pgd)))
		return LEVEL_NO_PUD;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(READ_ONCE(*p4d)))
		return LEVEL_NO_PUD;
	pudp = pud_offset(p4d, addr);
	pud = READ_ONCE(*pudp);
	if (pud_none(pud))
		return LEVEL_NO_PUD;
	if (pud_leaf(pud))
		return LEVEL_PUD;
	pmd = READ_ONCE(*pmd_offset_lockless(pudp, pud, addr));
	if (pmd_none(pmd))
		return LEVEL_NO_PMD;
	return pmd_leaf(pmd) ? LEVEL_PMD : LEVEL_TABLE;
}

/**
 * devmap_huge_begin() - find the block that a fault asks to be mapped
 * @huge: to be filled in
 * @seg: the segment that faulted
 * @vmf: the fault
 * @order: what Linux asks for
 *
 * Return: false if the VMA does not show all of the block.
 */
bool devmap_huge_begin(struct devmap_huge *huge,
		       const struct devmap_segment *seg, struct vm_fault *vmf,
		       unsigned int order)
{
	unsigned long size = PAGE_SIZE << order;
	unsigned long addr = ALIGN_DOWN(vmf->address, size);
	const struct vm_area_struct *vma = vmf->vma;

	if (addr < vma->vm_start || vma->vm_end - addr < size)
		return false;

	huge->vmf = vmf;
	huge->order = order;
	huge->block.first = devmap_segment_page(seg, vma->vm_pgoff +
				((addr - vma->vm_start) >> PAGE_SHIFT));
	huge->block.nr = 1UL << order;
	return true;
}

static bool is_aligned(const struct devmap_handle *h, unsigned long page,
		       unsigned int order)
{
	return IS_ALIGNED(devmap_target_pfn(&h->target, page - h->target_first),
			  1UL << order);
}

/**
 * devmap_huge_fits() - whether a handle can have a large translation
 * @h: the handle; page lock held
 * @huge: the translation
 *
 * The entry takes its cache attribute from the VMA, so the target must have the same.
 *
 * Return: true if it can.
 */
bool devmap_huge_fits(const struct devmap_handle *h,
		      const struct devmap_huge *huge)
{
	const struct devmap_span *block = &huge->block;
	uint_t cache = h->seg->cache;
	struct devmap_span both;

	lockdep_assert_held(&h->extent->lock);

	return h->target.kind == DEVMAP_TARGET_REGS &&
	       h->target.cache == cache && !h->cutter &&
	       !(h->flags & DEVMAP_USE_PAGESIZE) &&
	       devmap_huge_supported(huge->order, cache == IOMEM_DATA_CACHED) &&
	       devmap_span_intersect(&h->span, block, &both) &&
	       both.nr == block->nr && is_aligned(h, block->first, huge->order);
}

static int insert(struct devmap_handle *h, const struct devmap_huge *huge)
{
	vm_fault_t ret;

	h->extent->huge = true;
	if (huge->order == DEVMAP_PUD_ORDER)
		WRITE_ONCE(h->seg->gigantic, true);

	/* Inserted or not: the valid set is the truth, and what is missing faults again. */
	ret = devmap_insert_huge(huge->vmf,
				 devmap_target_pfn(&h->target, huge->block.first -
						   h->target_first),
				 huge->order);
	if (ret == VM_FAULT_NOPAGE)
		return 0;
	return ret == VM_FAULT_OOM ? -ENOMEM : -EFAULT;
}

static bool is_free(const struct devmap_huge *huge, enum level level)
{
	if (huge->order == DEVMAP_PUD_ORDER)
		return level == LEVEL_NO_PUD || level == LEVEL_PUD;
	return level == LEVEL_NO_PMD || level == LEVEL_PMD;
}

/*
 * Maps the first pages of @span. Returns how many are done, or -errno. Of the VMA that
 * has just asked for a large entry Linux will ask again: what can have one is left to
 * that.
 */
static long set_some(struct devmap_handle *h, const struct devmap_span *span,
		     struct vm_area_struct *vma, unsigned long addr,
		     const struct devmap_huge *huge)
{
	unsigned long nr = min(span->nr,
			       (pmd_addr_end(addr, 0) - addr) >> PAGE_SHIFT);
	bool whole = nr == PMD_SIZE >> PAGE_SHIFT;
	enum level level = level_at(vma->vm_mm, addr);
	int err;

	if (huge && span->first == huge->block.first &&
	    span->nr >= huge->block.nr && is_free(huge, level))
		return insert(h, huge) ?: huge->block.nr;

	switch (level) {
	case LEVEL_PMD:
	case LEVEL_PUD:
		return nr;
	case LEVEL_NO_PMD:
	case LEVEL_NO_PUD:
		if (huge && whole && is_aligned(h, span->first, DEVMAP_PMD_ORDER))
			return nr;
		break;
	case LEVEL_TABLE:
		break;
	}

	err = devmap_entries_set(vma, addr, &h->target,
				 span->first - h->target_first, nr, true);
	return err ?: nr;
}

/**
 * devmap_huge_set() - map pages of a handle that has or may have large translations
 * @h: the handle; page lock held
 * @span: pages of it, all in @vma
 * @vma: the VMA
 * @addr: of the first page
 * @huge: of a fault in @vma that asks for a large translation; NULL: no such fault
 *
 * Context: mmap_lock held; may sleep.
 * Return: 0; -ENOMEM, or -EFAULT for what cannot be mapped.
 */
int devmap_huge_set(struct devmap_handle *h, const struct devmap_span *span,
		    struct vm_area_struct *vma, unsigned long addr,
		    const struct devmap_huge *huge)
{
	struct devmap_span rest = *span;
	long nr;

	lockdep_assert_held(&h->extent->lock);
	mmap_assert_locked(vma->vm_mm);

	if (huge && !devmap_huge_fits(h, huge))
		huge = NULL;

	for (; rest.nr; rest.first += nr, rest.nr -= nr) {
		nr = set_some(h, &rest, vma, addr, huge);
		if (nr < 0)
			return nr;
		addr += nr << PAGE_SHIFT;
	}
	return 0;
}

/**
 * devmap_huge_widen() - have a range that is to be zapped end where entries end
 * @vma: the VMA, linked
 * @start: address of the first byte
 * @end: address behind the last one
 *
 * Linux would split an entry of PUD_SIZE that is not all in the range, for which it
 * wants mmap_lock. The rest comes back by a silent fault.
 *
 * Context: i_mmap_rwsem held.
 */
void devmap_huge_widen(struct vm_area_struct *vma, unsigned long *start,
		       unsigned long *end)
{
	if (level_at(vma->vm_mm, *start) == LEVEL_PUD)
		*start = ALIGN_DOWN(*start, PUD_SIZE);
	if (level_at(vma->vm_mm, *end - PAGE_SIZE) == LEVEL_PUD)
		*end = ALIGN(*end, PUD_SIZE);
}
