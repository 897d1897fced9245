/* SPDX-License-Identifier: GPL-2.0 */
/* Page faults. */
#ifndef _DEVMAP_FAULT_H
#define _DEVMAP_FAULT_H

#include <linux/mm.h>

vm_fault_t devmap_fault(struct vm_fault *vmf);

#endif /* _DEVMAP_FAULT_H */
