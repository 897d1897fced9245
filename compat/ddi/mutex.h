/* SPDX-License-Identifier: GPL-2.0 */
/* What condition variables need of mutexes. */
#ifndef _DEVMAP_DDI_MUTEX_H
#define _DEVMAP_DDI_MUTEX_H

struct kmutex;

int devmap_mutex_drop(struct kmutex *mp);
void devmap_mutex_retake(struct kmutex *mp, int depth);

#endif /* _DEVMAP_DDI_MUTEX_H */
