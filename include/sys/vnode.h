/* SPDX-License-Identifier: GPL-2.0 */
/* Vnodes: what Linux calls an inode; nothing in them is for drivers. */
#ifndef _DEVMAP_SYS_VNODE_H
#define _DEVMAP_SYS_VNODE_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_VNODE_H */
