/* SPDX-License-Identifier: GPL-2.0 */
/* Of the user area nothing is left. */
#ifndef _DEVMAP_SYS_USER_H
#define _DEVMAP_SYS_USER_H

#include <sys/types.h>
#include <sys/proc.h>

#endif /* _DEVMAP_SYS_USER_H */
