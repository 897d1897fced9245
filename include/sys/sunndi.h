/* SPDX-License-Identifier: GPL-2.0 */
/* Nexus drivers are not supported: for others, which include it and no more. */
#ifndef _DEVMAP_SYS_SUNNDI_H
#define _DEVMAP_SYS_SUNNDI_H

#include <sys/sunddi.h>

#endif /* _DEVMAP_SYS_SUNNDI_H */
