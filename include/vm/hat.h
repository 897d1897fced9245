/* SPDX-License-Identifier: GPL-2.0 */
/* Translations of kernel addresses, as drivers with an mmap(9E) ask for them. */
#ifndef _DEVMAP_VM_HAT_H
#define _DEVMAP_VM_HAT_H

#include <sys/types.h>

struct hat;

#define hat_getpfnum	devmap_ddi_hat_getpfnum
#define hat_getkpfnum	devmap_ddi_hat_getkpfnum

pfn_t hat_getpfnum(struct hat *hat, caddr_t addr);
pfn_t hat_getkpfnum(caddr_t addr);

#endif /* _DEVMAP_VM_HAT_H */
