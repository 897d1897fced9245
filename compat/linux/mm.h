/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/mm.h>, as it differs between kernels. The DEVMAP_HAVE_ macros come
 * from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_MM_H
#define _DEVMAP_LINUX_MM_H

#include <linux/mm.h>

/* Sets and clears flags of a VMA whose mmap_lock is held for writing. */
static inline void devmap_vm_flags_mod(struct vm_area_struct *vma,
				       unsigned long set, unsigned long clear)
{
#ifdef DEVMAP_HAVE_VM_FLAGS_MOD
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

/*
 * Removes the translations of a part of a VMA and flushes the TLBs. The caller
 * holds what keeps the VMA linked: mmap_lock or i_mmap_rwsem.
 */
static inline void devmap_zap(struct vm_area_struct *vma, unsigned long addr,
			      unsigned long size)
{
#ifdef DEVMAP_HAVE_ZAP_SPECIAL_VMA_RANGE
	zap_special_vma_range(vma, addr, size);
#else
	zap_vma_ptes(vma, addr, size);
#endif
}

/* Pins pages of any address space whose mmap_lock is held. */
static inline long devmap_pin_pages(struct mm_struct *mm, unsigned long start,
				    unsigned long nr, unsigned int flags,
				    struct page **pages)
{
#ifndef DEVMAP_HAVE_PIN_WITH_VMAS
	return pin_user_pages_remote(mm, start, nr, flags, pages, NULL);
#else
	return pin_user_pages_remote(mm, start, nr, flags, pages, NULL, NULL);
#endif
}

/* Drops the lock of a fault that will return VM_FAULT_RETRY. */
static inline void devmap_unlock_fault(struct vm_fault *vmf)
{
#ifdef DEVMAP_HAVE_RELEASE_FAULT_LOCK
	release_fault_lock(vmf);
#else
	mmap_read_unlock(vmf->vma->vm_mm);
#endif
}

/* A fault may hold the lock of its VMA alone. */
static inline bool devmap_fault_has_mmap_lock(const struct vm_fault *vmf)
{
#ifdef DEVMAP_HAVE_RELEASE_FAULT_LOCK
	return !(vmf->flags & FAULT_FLAG_VMA_LOCK);
#else
	return true;
#endif
}

#endif /* _DEVMAP_LINUX_MM_H */
