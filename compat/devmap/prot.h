/* SPDX-License-Identifier: GPL-2.0 */
/* Protections and setup flags: what is allowed, and what it is on Linux. */
#ifndef _DEVMAP_PROT_H
#define _DEVMAP_PROT_H

#include <linux/mm.h>
#include <sys/mman.h>
#include <sys/types.h>

/**
 * devmap_prot_now() - the protection of a VMA, as segmap(9E) receives it
 * @vm_flags: the flags of the VMA
 *
 * Return: PROT_READ, PROT_WRITE, PROT_EXEC as they are now, and PROT_USER.
 */
static inline uint_t devmap_prot_now(unsigned long vm_flags)
{
	return (vm_flags & VM_READ ? PROT_READ : 0) |
	       (vm_flags & VM_WRITE ? PROT_WRITE : 0) |
	       (vm_flags & VM_EXEC ? PROT_EXEC : 0) | PROT_USER;
}

/**
 * devmap_prot_exceeds() - whether a protection is more than the most allowed
 * @prot: wanted
 * @maxprot: allowed; PROT_USER counts as granted
 *
 * Return: true if it is.
 */
static inline bool devmap_prot_exceeds(uint_t prot, uint_t maxprot)
{
	return prot & ~maxprot & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

uint_t devmap_prot_max(unsigned long vm_flags);
unsigned long devmap_prot_to_vm(uint_t prot);
int devmap_check_flags(uint_t flags, bool cacheable);

#endif /* _DEVMAP_PROT_H */
