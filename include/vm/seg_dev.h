/* SPDX-License-Identifier: GPL-2.0 */
/* Mappings of devices, which <sys/ddidevmap.h> describes. */
#ifndef _DEVMAP_VM_SEG_DEV_H
#define _DEVMAP_VM_SEG_DEV_H

#include <sys/types.h>
#include <vm/seg.h>

#endif /* _DEVMAP_VM_SEG_DEV_H */
