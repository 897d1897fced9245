/* SPDX-License-Identifier: GPL-2.0 */
/* Threads: what Linux calls tasks, too. */
#ifndef _DEVMAP_SYS_THREAD_H
#define _DEVMAP_SYS_THREAD_H

#include <sys/types.h>
#include <sys/proc.h>

#endif /* _DEVMAP_SYS_THREAD_H */
