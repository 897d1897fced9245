/* SPDX-License-Identifier: GPL-2.0 */
/* Modules are Linux' own affair: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_KOBJ_H
#define _DEVMAP_SYS_KOBJ_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_KOBJ_H */
