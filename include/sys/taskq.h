/* SPDX-License-Identifier: GPL-2.0 */
/* Task queues are not provided: for drivers that include it and no more. */
#ifndef _DEVMAP_SYS_TASKQ_H
#define _DEVMAP_SYS_TASKQ_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_TASKQ_H */
