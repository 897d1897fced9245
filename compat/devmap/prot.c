// SPDX-License-Identifier: GPL-2.0
/* Protections and setup flags: see prot.h. */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <sys/ddidevmap.h>
#include <sys/mman.h>

#include "prot.h"
#include "../linux/kunit.h"

/**
 * devmap_prot_max() - the most that mprotect(2) could make of a VMA
 * @vm_flags: the flags of the VMA
 *
 * Return: PROT_READ, PROT_WRITE, PROT_EXEC as they may become, and PROT_USER.
 */
uint_t devmap_prot_max(unsigned long vm_flags)
{
	return (vm_flags & VM_MAYREAD ? PROT_READ : 0) |
	       (vm_flags & VM_MAYWRITE ? PROT_WRITE : 0) |
	       (vm_flags & VM_MAYEXEC ? PROT_EXEC : 0) | PROT_USER;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_prot_max);

/**
 * devmap_prot_to_vm() - VMA flags for a protection
 * @prot: PROT_READ, PROT_WRITE, PROT_EXEC; other bits are ignored
 *
 * Return: VM_READ, VM_WRITE, VM_EXEC.
 */
unsigned long devmap_prot_to_vm(uint_t prot)
{
	return (prot & PROT_READ ? VM_READ : 0) |
	       (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_prot_to_vm);

/**
 * devmap_check_flags() - whether the flags of a setup call are legal
 * @flags: DEVMAP_SETUP_FLAGS and, if @cacheable, IOMEM_DATA_MASK
 * @cacheable: whether a cache attribute is allowed: for register sets, not
 *	for umem
 *
 * Return: 0 or -EINVAL.
 */
int devmap_check_flags(uint_t flags, bool cacheable)
{
	const uint_t cache = IOMEM_DATA_CACHED | IOMEM_DATA_UC_WR_COMBINE |
			     IOMEM_DATA_UNCACHED;

	if (flags & ~(DEVMAP_SETUP_FLAGS | (cacheable ? cache : 0)))
		return -EINVAL;
	if (hweight32(flags & cache) > 1)
		return -EINVAL;
	if ((flags & DEVMAP_MAPPING_INVALID) && !(flags & DEVMAP_ALLOW_REMAP))
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_check_flags);
