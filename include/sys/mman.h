/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PROT_READ, PROT_WRITE, PROT_EXEC, MAP_SHARED, MAP_PRIVATE, MAP_TYPE and
 * MAP_FIXED have the same numbers on Linux. PROT_USER exists only inside the
 * kernel; Linux uses its number for PROT_SEM, so the layer masks what user
 * space passes before it adds the bit.
 */
#ifndef _DEVMAP_SYS_MMAN_H
#define _DEVMAP_SYS_MMAN_H

#include <uapi/linux/mman.h>

#define PROT_USER	0x8
#define PROT_ALL	(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_USER)

#endif /* _DEVMAP_SYS_MMAN_H */
