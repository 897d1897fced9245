/* SPDX-License-Identifier: GPL-2.0 */
/* NULL, which is in <sys/types.h>. */
#ifndef _DEVMAP_SYS_NULL_H
#define _DEVMAP_SYS_NULL_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_NULL_H */
