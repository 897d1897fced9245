/* SPDX-License-Identifier: GPL-2.0 */
/* Page faults. */
#ifndef _DEVMAP_FAULT_H
#define _DEVMAP_FAULT_H

#include <linux/mm.h>

#include "../linux/huge_mm.h"

vm_fault_t devmap_fault(struct vm_fault *vmf);
vm_fault_t devmap_huge_fault(struct vm_fault *vmf, DEVMAP_FAULT_SIZE size);

#endif /* _DEVMAP_FAULT_H */
