/* SPDX-License-Identifier: GPL-2.0 */
/* Of the memory system, nothing is for drivers. */
#ifndef _DEVMAP_SYS_VMSYSTM_H
#define _DEVMAP_SYS_VMSYSTM_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_VMSYSTM_H */
