/* SPDX-License-Identifier: GPL-2.0 */
/* The vm_operations_struct of all mappings. */
#ifndef _DEVMAP_VMOPS_H
#define _DEVMAP_VMOPS_H

#include <linux/mm.h>

extern const struct vm_operations_struct devmap_vm_ops;

#endif /* _DEVMAP_VMOPS_H */
