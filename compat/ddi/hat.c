// SPDX-License-Identifier: GPL-2.0
/* Page frames of kernel memory, for mmap(9E): hat_getkpfnum(9F). */
#define _KERNEL

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>

#include <vm/hat.h>

/**
 * hat_getkpfnum() - the page frame of kernel memory
 * @addr: memory of kmem_alloc(9F) or ddi_umem_alloc(9F)
 *
 * hat_getkpfnum(9F).
 *
 * Context: Any.
 * Return: page frame number; PFN_INVALID for other addresses.
 */
pfn_t hat_getkpfnum(caddr_t addr)
{
	if (is_vmalloc_addr(addr))
		return vmalloc_to_pfn(addr);
	if (virt_addr_valid(addr))
		return PHYS_PFN(virt_to_phys(addr));
	return PFN_INVALID;
}
EXPORT_SYMBOL_GPL(hat_getkpfnum);

/**
 * hat_getpfnum() - the page frame of kernel memory
 * @hat: that of the kernel; ignored
 * @addr: as for hat_getkpfnum()
 *
 * No manual page.
 *
 * Context: Any.
 * Return: as hat_getkpfnum().
 */
pfn_t hat_getpfnum(struct hat *hat, caddr_t addr)
{
	return hat_getkpfnum(addr);
}
EXPORT_SYMBOL_GPL(hat_getpfnum);
