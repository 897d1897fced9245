/* SPDX-License-Identifier: GPL-2.0 */
/* Of STREAMS, which is not supported, drivers for other things use nothing. */
#ifndef _DEVMAP_SYS_STROPTS_H
#define _DEVMAP_SYS_STROPTS_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_STROPTS_H */
