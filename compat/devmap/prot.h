/* SPDX-License-Identifier: GPL-2.0 */
/* Protections and setup flags: what is allowed, and what it is on Linux. */
#ifndef _DEVMAP_PROT_H
#define _DEVMAP_PROT_H

#include <linux/mm_types.h>
#include <sys/types.h>

uint_t devmap_prot_now(unsigned long vm_flags);
uint_t devmap_prot_max(unsigned long vm_flags);
unsigned long devmap_prot_to_vm(uint_t prot);
bool devmap_prot_exceeds(uint_t prot, uint_t maxprot);
int devmap_check_flags(uint_t flags, bool cacheable);

#endif /* _DEVMAP_PROT_H */
