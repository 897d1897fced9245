/* SPDX-License-Identifier: GPL-2.0 */
/* Integer types of fixed width are Linux' own. */
#ifndef _DEVMAP_SYS_INT_TYPES_H
#define _DEVMAP_SYS_INT_TYPES_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_INT_TYPES_H */
