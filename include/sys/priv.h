/* SPDX-License-Identifier: GPL-2.0 */
/* Of privileges there is drv_priv(9F). */
#ifndef _DEVMAP_SYS_PRIV_H
#define _DEVMAP_SYS_PRIV_H

#include <sys/cred.h>

#endif /* _DEVMAP_SYS_PRIV_H */
