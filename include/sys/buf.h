/* SPDX-License-Identifier: GPL-2.0 */
/* buf(9S): block I/O is not supported, the structure has no members. */
#ifndef _DEVMAP_SYS_BUF_H
#define _DEVMAP_SYS_BUF_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_BUF_H */
