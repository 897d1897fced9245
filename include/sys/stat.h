/* SPDX-License-Identifier: GPL-2.0 */
/* File types: S_IFCHR and S_IFBLK of ddi_create_minor_node(9F). Linux' numbers. */
#ifndef _DEVMAP_SYS_STAT_H
#define _DEVMAP_SYS_STAT_H

#include <uapi/linux/stat.h>
#include <sys/types.h>

#endif /* _DEVMAP_SYS_STAT_H */
