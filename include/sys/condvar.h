/* SPDX-License-Identifier: GPL-2.0 */
/* Condition variables: condvar(9F). */
#ifndef _DEVMAP_SYS_CONDVAR_H
#define _DEVMAP_SYS_CONDVAR_H

#include <sys/types.h>
#include <sys/mutex.h>

/* Linux' checks of locks need room of their own. */
#if defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)
#define DEVMAP_KCONDVAR_WORDS	16
#else
#define DEVMAP_KCONDVAR_WORDS	4
#endif

/**
 * struct kcondvar - a condition variable
 * @kcv_opaque: known to compat/ddi/condvar.c only
 */
typedef struct kcondvar {
	unsigned long kcv_opaque[DEVMAP_KCONDVAR_WORDS];
} kcondvar_t;

/* type argument of cv_init(9F); drivers have CV_DRIVER */
typedef enum {
	CV_DEFAULT,
	CV_DRIVER
} kcv_type_t;

/* res argument of cv_reltimedwait(9F): how exact the time must be */
typedef enum {
	TR_NANOSEC,
	TR_MICROSEC,
	TR_MILLISEC,
	TR_SEC,
	TR_CLOCK_TICK,
	TR_COUNT
} time_res_t;

#define cv_init	devmap_ddi_cv_init
#define cv_destroy	devmap_ddi_cv_destroy
#define cv_wait	devmap_ddi_cv_wait
#define cv_wait_sig	devmap_ddi_cv_wait_sig
#define cv_timedwait	devmap_ddi_cv_timedwait
#define cv_timedwait_sig	devmap_ddi_cv_timedwait_sig
#define cv_reltimedwait	devmap_ddi_cv_reltimedwait
#define cv_reltimedwait_sig	devmap_ddi_cv_reltimedwait_sig
#define cv_signal	devmap_ddi_cv_signal
#define cv_broadcast	devmap_ddi_cv_broadcast

void cv_init(kcondvar_t *cvp, char *name, kcv_type_t type, void *arg);
void cv_destroy(kcondvar_t *cvp);
void cv_wait(kcondvar_t *cvp, kmutex_t *mp);
int cv_wait_sig(kcondvar_t *cvp, kmutex_t *mp);
clock_t cv_timedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t timeout);
clock_t cv_timedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t timeout);
clock_t cv_reltimedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t delta,
			time_res_t res);
clock_t cv_reltimedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t delta,
			    time_res_t res);
void cv_signal(kcondvar_t *cvp);
void cv_broadcast(kcondvar_t *cvp);

#endif /* _DEVMAP_SYS_CONDVAR_H */
