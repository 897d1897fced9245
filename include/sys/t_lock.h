/* SPDX-License-Identifier: GPL-2.0 */
/* All that driver threads synchronise with. */
#ifndef _DEVMAP_SYS_T_LOCK_H
#define _DEVMAP_SYS_T_LOCK_H

#include <sys/ksynch.h>

#endif /* _DEVMAP_SYS_T_LOCK_H */
