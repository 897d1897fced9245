/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupts are not provided: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_DDI_INTR_H
#define _DEVMAP_SYS_DDI_INTR_H

#include <sys/dditypes.h>

#endif /* _DEVMAP_SYS_DDI_INTR_H */
