/* SPDX-License-Identifier: GPL-2.0 */
/* There is no PROM: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_PROMIF_H
#define _DEVMAP_SYS_PROMIF_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_PROMIF_H */
