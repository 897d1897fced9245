/* SPDX-License-Identifier: GPL-2.0 */
/* STREAMS is not supported; what cb_ops(9S) has a pointer to. */
#ifndef _DEVMAP_SYS_STREAM_H
#define _DEVMAP_SYS_STREAM_H

#include <sys/types.h>

struct streamtab;

#endif /* _DEVMAP_SYS_STREAM_H */
