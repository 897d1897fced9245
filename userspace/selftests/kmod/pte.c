// SPDX-License-Identifier: GPL-2.0
/* What stands in the caller's page table. */

#include <linux/mm.h>
#include <linux/uaccess.h>

#include "device.h"

#ifdef CONFIG_X86_64
static u32 cache_of(pte_t pte)
{
	pteval_t bits = pte_flags(pte) & _PAGE_CACHE_MASK;

	if (bits == pgprot_val(pgprot_noncached(__pgprot(0))))
		return IOMEM_DATA_UNCACHED;
	if (bits == (pgprot_val(pgprot_writecombine(__pgprot(0))) &
		     _PAGE_CACHE_MASK))
		return IOMEM_DATA_UC_WR_COMBINE;
	return bits ? 0 : IOMEM_DATA_CACHED;
}

/* In the form that a page's has: the bit that says "large" stands for PAT there. */
static pte_t large_entry(unsigned long val)
{
	return __pte(val & ~_PAGE_PSE);
}
#else
static u32 cache_of(pte_t pte)
{
	return 0;
}

static pte_t large_entry(unsigned long val)
{
	return __pte(val);
}
#endif

static void tell(struct dmst_pte *req, pte_t pte, unsigned int order)
{
	unsigned long in = (req->addr & ((PAGE_SIZE << order) - 1)) >> PAGE_SHIFT;

	req->present = 1;
	req->pfn = pte_pfn(pte) + in;
	req->cache = cache_of(pte);
	req->write = !!pte_write(pte);
	req->order = order;
}

/* Nobody frees page tables under mmap_lock; nobody else changes the entry. */
static void look(struct dmst_pte *req)
{
	unsigned long addr = req->addr;
	pgd_t *pgd = pgd_offset(current->mm, addr);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t pte;

	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud))
		return;
	if (pud_leaf(*pud)) {
		tell(req, large_entry(pud_val(*pud)), PUD_SHIFT - PAGE_SHIFT);
		return;
	}
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd))
		return;
	if (pmd_leaf(*pmd)) {
		tell(req, large_entry(pmd_val(*pmd)), PMD_SHIFT - PAGE_SHIFT);
		return;
	}
	pte = READ_ONCE(*pte_offset_kernel(pmd, addr));
	if (pte_present(pte))
		tell(req, pte, 0);
}

/**
 * st_pte_ioctl() - DMST_PTE
 * @arg: of the caller
 *
 * Return: 0 or -errno.
 */
long st_pte_ioctl(struct dmst_pte __user *arg)
{
	struct dmst_pte req;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (req.addr >= TASK_SIZE)
		return -EINVAL;

	req = (struct dmst_pte){ .addr = req.addr };
	mmap_read_lock(current->mm);
	look(&req);
	mmap_read_unlock(current->mm);
	return copy_to_user(arg, &req, sizeof(req)) ? -EFAULT : 0;
}
