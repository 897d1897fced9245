/* SPDX-License-Identifier: GPL-2.0 */
/* STREAMS is not supported: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_STRSUBR_H
#define _DEVMAP_SYS_STRSUBR_H

#include <sys/stream.h>

#endif /* _DEVMAP_SYS_STRSUBR_H */
