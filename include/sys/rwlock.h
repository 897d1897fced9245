/* SPDX-License-Identifier: GPL-2.0 */
/* Readers/writer locks: rwlock(9F). */
#ifndef _DEVMAP_SYS_RWLOCK_H
#define _DEVMAP_SYS_RWLOCK_H

#include <sys/types.h>

/* Linux' checks of locks need room of their own. */
#if defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)
#define DEVMAP_KRWLOCK_WORDS	32
#else
#define DEVMAP_KRWLOCK_WORDS	8
#endif

/**
 * struct krwlock - a lock that many readers or one writer hold
 * @krwlock_opaque: known to compat/ddi/rwlock.c only
 */
typedef struct krwlock {
	unsigned long krwlock_opaque[DEVMAP_KRWLOCK_WORDS];
} krwlock_t;

/* type argument of rw_init(9F); drivers have RW_DRIVER */
typedef enum {
	RW_DRIVER = 2,
	RW_DEFAULT = 4
} krw_type_t;

/* enter_type argument of rw_enter(9F) */
typedef enum {
	RW_WRITER,
	RW_READER,
	RW_READER_STARVEWRITER
} krw_t;

#define rw_init	devmap_ddi_rw_init
#define rw_destroy	devmap_ddi_rw_destroy
#define rw_enter	devmap_ddi_rw_enter
#define rw_tryenter	devmap_ddi_rw_tryenter
#define rw_exit	devmap_ddi_rw_exit
#define rw_downgrade	devmap_ddi_rw_downgrade
#define rw_tryupgrade	devmap_ddi_rw_tryupgrade
#define rw_read_locked	devmap_ddi_rw_read_locked
#define rw_read_held	devmap_ddi_rw_read_held
#define rw_write_held	devmap_ddi_rw_write_held
#define rw_lock_held	devmap_ddi_rw_lock_held

void rw_init(krwlock_t *rwlp, char *name, krw_type_t type, void *arg);
void rw_destroy(krwlock_t *rwlp);
void rw_enter(krwlock_t *rwlp, krw_t enter_type);
int rw_tryenter(krwlock_t *rwlp, krw_t enter_type);
void rw_exit(krwlock_t *rwlp);
void rw_downgrade(krwlock_t *rwlp);
int rw_tryupgrade(krwlock_t *rwlp);
int rw_read_locked(krwlock_t *rwlp);
int rw_read_held(krwlock_t *rwlp);
int rw_write_held(krwlock_t *rwlp);
int rw_lock_held(krwlock_t *rwlp);

#define RW_READ_HELD(rwlp)	rw_read_held(rwlp)
#define RW_WRITE_HELD(rwlp)	rw_write_held(rwlp)
#define RW_LOCK_HELD(rwlp)	rw_lock_held(rwlp)

#endif /* _DEVMAP_SYS_RWLOCK_H */
