/* SPDX-License-Identifier: GPL-2.0 */
/* There is nothing to call back: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_CALLB_H
#define _DEVMAP_SYS_CALLB_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_CALLB_H */
