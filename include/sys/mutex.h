/* SPDX-License-Identifier: GPL-2.0 */
/* Mutexes: mutex(9F). */
#ifndef _DEVMAP_SYS_MUTEX_H
#define _DEVMAP_SYS_MUTEX_H

#include <sys/types.h>

/* Linux' checks of locks need room of their own. */
#if defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)
#define DEVMAP_KMUTEX_WORDS	40
#else
#define DEVMAP_KMUTEX_WORDS	10
#endif

/**
 * struct kmutex - a mutex that is not recursive
 * @kmutex_opaque: known to compat/ddi/mutex.c only
 */
typedef struct kmutex {
	unsigned long kmutex_opaque[DEVMAP_KMUTEX_WORDS];
} kmutex_t;

/* type argument of mutex_init(9F); drivers have MUTEX_DRIVER */
typedef enum {
	MUTEX_ADAPTIVE = 0,
	MUTEX_SPIN = 1,
	MUTEX_DRIVER = 4,
	MUTEX_DEFAULT = 6
} kmutex_type_t;

#undef mutex_destroy
#undef mutex_init

#define mutex_init	devmap_ddi_mutex_init
#define mutex_destroy	devmap_ddi_mutex_destroy
#define mutex_enter	devmap_ddi_mutex_enter
#define mutex_tryenter	devmap_ddi_mutex_tryenter
#define mutex_exit	devmap_ddi_mutex_exit
#define mutex_owned	devmap_ddi_mutex_owned
#define mutex_owner	devmap_ddi_mutex_owner

void mutex_init(kmutex_t *mp, char *name, kmutex_type_t type, void *arg);
void mutex_destroy(kmutex_t *mp);
void mutex_enter(kmutex_t *mp);
int mutex_tryenter(kmutex_t *mp);
void mutex_exit(kmutex_t *mp);
int mutex_owned(const kmutex_t *mp);
void *mutex_owner(const kmutex_t *mp);

#define MUTEX_HELD(mp)		mutex_owned(mp)
#define MUTEX_NOT_HELD(mp)	(!mutex_owned(mp))

#endif /* _DEVMAP_SYS_MUTEX_H */
