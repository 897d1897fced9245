/* SPDX-License-Identifier: GPL-2.0 */
/* Device tree internals. Drivers include it; what they need is in <sys/sunddi.h>. */
#ifndef _DEVMAP_SYS_AUTOCONF_H
#define _DEVMAP_SYS_AUTOCONF_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/devops.h>

#endif /* _DEVMAP_SYS_AUTOCONF_H */
