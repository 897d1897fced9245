/* SPDX-License-Identifier: GPL-2.0 */
/* Processors are Linux' own affair: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_CPUVAR_H
#define _DEVMAP_SYS_CPUVAR_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_CPUVAR_H */
