/* SPDX-License-Identifier: GPL-2.0 */
/* The dispatcher: priorities, which Linux does not let drivers choose. */
#ifndef _DEVMAP_SYS_DISP_H
#define _DEVMAP_SYS_DISP_H

#include <sys/types.h>

#define maxclsyspri	99
#define minclsyspri	60

#endif /* _DEVMAP_SYS_DISP_H */
