/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/huge_mm.h>, as it differs between kernels. The DEVMAP_HAVE_ macros come
 * from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_HUGE_MM_H
#define _DEVMAP_LINUX_HUGE_MM_H

#include <linux/huge_mm.h>
#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#ifdef DEVMAP_HAVE_PFN_T
#include <linux/pfn_t.h>
#endif
#ifdef CONFIG_X86
#include <asm/cpufeature.h>
#endif

#define DEVMAP_PMD_ORDER	(PMD_SHIFT - PAGE_SHIFT)
#define DEVMAP_PUD_ORDER	(PUD_SHIFT - PAGE_SHIFT)

/* The second argument of vm_operations_struct.huge_fault. */
#ifdef DEVMAP_HAVE_HUGE_FAULT_ORDER
#define DEVMAP_FAULT_SIZE	unsigned int
#else
#define DEVMAP_FAULT_SIZE	enum page_entry_size
#endif

static inline unsigned int devmap_fault_order(DEVMAP_FAULT_SIZE size)
{
#ifdef DEVMAP_HAVE_HUGE_FAULT_ORDER
	return size;
#else
	return 0;
#endif
}

/* Processors may lack what the architecture has. */
static inline bool devmap_cpu_has_pud_leaves(void)
{
#ifdef CONFIG_X86
	return boot_cpu_has(X86_FEATURE_GBPAGES);
#else
	return true;
#endif
}

/*
 * While there was a pfn_t, vmf_insert_pfn_pud() did not ask which cache attribute a
 * cached range has in truth.
 */
static inline bool devmap_pud_may_be_cached(void)
{
#ifdef DEVMAP_HAVE_PFN_T
	return false;
#else
	return true;
#endif
}

/* Whether page frames of a device can be mapped by one entry for 2^@order pages. */
static inline bool devmap_huge_supported(unsigned int order, bool cached)
{
	if (order == DEVMAP_PMD_ORDER)
		return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP);
	if (order == DEVMAP_PUD_ORDER)
		return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PUD_PFNMAP) &&
		       devmap_cpu_has_pud_leaves() &&
		       (!cached || devmap_pud_may_be_cached());
	return false;
}

#ifdef DEVMAP_HAVE_PFN_T
#define devmap_frame_arg(pfn)	__pfn_to_pfn_t(pfn, PFN_DEV)
#else
#define devmap_frame_arg(pfn)	(pfn)
#endif

/*
 * Maps 2^@order pages from @pfn on, for the fault that asked for so many, unless Linux
 * has made a table there meanwhile for another thread's fault: no lock of the layer's
 * covers that. Then nothing is inserted, and the access faults again.
 *
 * Never said to be for a write: then Linux takes what it finds for an entry of the same
 * frame, to be made writable, and warns of anything else. There is no need either: the
 * entry allows what the VMA does, and the processor sets its dirty bit, as with pages.
 */
static inline vm_fault_t devmap_insert_huge(struct vm_fault *vmf,
					    unsigned long pfn,
					    unsigned int order)
{
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	if (order == DEVMAP_PMD_ORDER)
		return vmf_insert_pfn_pmd(vmf, devmap_frame_arg(pfn), false);
#endif
#ifdef CONFIG_ARCH_SUPPORTS_PUD_PFNMAP
	if (order == DEVMAP_PUD_ORDER)
		return vmf_insert_pfn_pud(vmf, devmap_frame_arg(pfn), false);
#endif
	return VM_FAULT_FALLBACK;
}

#endif /* _DEVMAP_LINUX_HUGE_MM_H */
