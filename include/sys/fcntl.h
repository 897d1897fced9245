/* SPDX-License-Identifier: GPL-2.0 */
/* Of fcntl(2), what drivers use is in <sys/file.h>. */
#ifndef _DEVMAP_SYS_FCNTL_H
#define _DEVMAP_SYS_FCNTL_H

#include <sys/file.h>

#endif /* _DEVMAP_SYS_FCNTL_H */
