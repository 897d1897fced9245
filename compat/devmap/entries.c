// SPDX-License-Identifier: GPL-2.0
/*
 * Page table entries of one VMA: a run of pages in one walk. For pagetable.c only,
 * which knows where a translation may be and holds what that needs.
 *
 * vmf_insert_pfn_prot() walks the page table for each page, and on x86 looks up
 * which cache attribute others have reserved for it, which costs more than the rest
 * of the insertion. What it made of the first page of a register range, the others
 * of that range get without asking: the layer claims whole register sets, so
 * nobody but the driver itself can have reserved another attribute for a part.
 */

#include <linux/mm.h>
#include <linux/pgtable.h>

#include "entries.h"
#include "target.h"

/**
 * struct walk - what a walk of the page table carries from entry to entry
 * @mm: address space
 * @target: what is mapped
 * @pfn: register sets: of the next page
 * @page: umem: the next page, counted from the target's first
 * @prot: of all entries; register sets: of the VMA until it is known
 */
struct walk {
	struct mm_struct *mm;
	struct devmap_target *target;
	unsigned long pfn;
	unsigned long page;
	pgprot_t prot;
};

/* Inline: a tenth of a wide load would be calling it. */
static __always_inline void set_entry(const struct walk *walk, pte_t *pte,
				      unsigned long addr, unsigned long pfn)
{
	/* Another thread's fault was here first: it wrote the same. */
	if (pte_none(ptep_get(pte)))
		set_pte_at(walk->mm, addr, pte,
			   pte_mkspecial(pfn_pte(pfn, walk->prot)));
}

static int set_regs_entry(pte_t *pte, unsigned long addr, void *data)
{
	struct walk *walk = data;

	set_entry(walk, pte, addr, walk->pfn++);
	return 0;
}

static int set_umem_entry(pte_t *pte, unsigned long addr, void *data)
{
	struct walk *walk = data;

	set_entry(walk, pte, addr,
		  devmap_target_pfn(walk->target, walk->page++));
	return 0;
}

/* Remembers what the kernel has made of the protection of the VMA. */
static int learn_prot(pte_t *pte, unsigned long addr, void *data)
{
	struct walk *walk = data;
	pte_t entry = pte_mkclean(ptep_get(pte));
	pgprot_t prot = pte_pgprot(entry);

	/* Not every architecture can tell. */
	if (!pte_same(entry, pte_mkspecial(pfn_pte(walk->pfn, prot))))
		return 0;
	walk->target->asked = walk->prot;
	walk->target->given = prot;
	return 0;
}

static int set_one(struct vm_area_struct *vma, unsigned long addr,
		   unsigned long pfn, pgprot_t prot)
{
	vm_fault_t ret = vmf_insert_pfn_prot(vma, addr, pfn, prot);

	if (ret == VM_FAULT_NOPAGE)
		return 0;
	return ret == VM_FAULT_OOM ? -ENOMEM : -EFAULT;
}

static bool prot_is_known(const struct devmap_target *target,
			  struct vm_area_struct *vma)
{
	return pgprot_val(target->asked) == pgprot_val(vma->vm_page_prot);
}

/* Register sets, as long as the protection is not known. */
static int set_regs_first(struct vm_area_struct *vma, unsigned long addr,
			  struct walk *walk)
{
	pgprot_t prot = devmap_target_prot(walk->target, vma->vm_page_prot);
	int err = set_one(vma, addr, walk->pfn, prot);

	if (!err)
		err = apply_to_page_range(walk->mm, addr, PAGE_SIZE, learn_prot,
					  walk);
	walk->pfn++;
	return err;
}

static int set_regs(struct vm_area_struct *vma, unsigned long addr,
		    struct walk *walk, unsigned long nr)
{
	struct devmap_target *target = walk->target;
	int err;

	walk->pfn = PHYS_PFN(target->phys) + walk->page;
	while (!prot_is_known(target, vma)) {
		err = set_regs_first(vma, addr, walk);
		if (err || !--nr)
			return err;
		addr += PAGE_SIZE;
	}

	walk->prot = target->given;
	return apply_to_page_range(walk->mm, addr, nr << PAGE_SHIFT,
				   set_regs_entry, walk);
}

/*
 * The old scheme knows no attributes. Without a table of them, as x86 has, registers
 * would be cached like memory.
 */
static pgprot_t prot_of_frame(unsigned long pfn, pgprot_t prot)
{
	if (pfn_valid(pfn) && page_is_ram(pfn))
		return prot;
	return pgprot_noncached(pgprot_decrypted(prot));
}

static int set_frames(struct vm_area_struct *vma, unsigned long addr,
		      struct walk *walk, unsigned long nr, bool some)
{
	unsigned long pfn;
	int err;

	for (; nr; nr--, addr += PAGE_SIZE, walk->page++) {
		pfn = devmap_target_pfn(walk->target, walk->page);
		if (pfn == DEVMAP_NO_FRAME && some)
			continue;
		if (pfn == DEVMAP_NO_FRAME)
			return -EFAULT;
		err = set_one(vma, addr, pfn, prot_of_frame(pfn, walk->prot));
		if (err)
			return err;
	}
	return 0;
}

/**
 * devmap_entries_set() - map pages of a target where there is nothing yet
 * @vma: the VMA
 * @addr: of the first page, in @vma
 * @target: what to map; page lock held
 * @page: the first page, counted from the target's first
 * @nr: pages, all in @vma, not 0
 * @some: leave out pages that mmap(9E) refused
 *
 * Context: mmap_lock held; may sleep.
 * Return: 0; -ENOMEM, or -EFAULT for what cannot be mapped, with some of the
 * pages mapped.
 */
int devmap_entries_set(struct vm_area_struct *vma, unsigned long addr,
		       struct devmap_target *target, unsigned long page,
		       unsigned long nr, bool some)
{
	struct walk walk = {
		.mm = vma->vm_mm,
		.target = target,
		.page = page,
		.prot = vma->vm_page_prot,
	};

	mmap_assert_locked(walk.mm);

	switch (target->kind) {
	case DEVMAP_TARGET_REGS:
		return set_regs(vma, addr, &walk, nr);
	case DEVMAP_TARGET_UMEM:
		return apply_to_page_range(walk.mm, addr, nr << PAGE_SHIFT,
					   set_umem_entry, &walk);
	default:
		return set_frames(vma, addr, &walk, nr, some);
	}
}
