/* SPDX-License-Identifier: GPL-2.0 */
/* Semaphores: semaphore(9F). */
#ifndef _DEVMAP_SYS_SEMAPHORE_H
#define _DEVMAP_SYS_SEMAPHORE_H

#include <sys/types.h>
#include <sys/mutex.h>
#include <sys/condvar.h>

/**
 * struct ksema - a counting semaphore
 * @ksema_lock: protects @ksema_count
 * @ksema_cv: for those who wait for @ksema_count to be more than 0
 * @ksema_count: how many may still come in; @ksema_lock
 */
typedef struct ksema {
	kmutex_t ksema_lock;
	kcondvar_t ksema_cv;
	uint_t ksema_count;
} ksema_t;

/* type argument of sema_init(9F); drivers have SEMA_DRIVER */
typedef enum {
	SEMA_DEFAULT,
	SEMA_DRIVER
} ksema_type_t;

#define sema_init	devmap_ddi_sema_init
#define sema_destroy	devmap_ddi_sema_destroy
#define sema_p	devmap_ddi_sema_p
#define sema_p_sig	devmap_ddi_sema_p_sig
#define sema_tryp	devmap_ddi_sema_tryp
#define sema_v	devmap_ddi_sema_v

void sema_init(ksema_t *sp, uint_t val, char *name, ksema_type_t type,
	       void *arg);
void sema_destroy(ksema_t *sp);
void sema_p(ksema_t *sp);
int sema_p_sig(ksema_t *sp);
int sema_tryp(ksema_t *sp);
void sema_v(ksema_t *sp);

#endif /* _DEVMAP_SYS_SEMAPHORE_H */
