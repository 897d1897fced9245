// SPDX-License-Identifier: GPL-2.0
/* Semaphores: semaphore(9F), of a mutex and a condition variable. */
#define _KERNEL

#include <linux/module.h>

#include <sys/semaphore.h>

/**
 * sema_init() - initialise a semaphore
 * @sp: the semaphore
 * @val: how many may come in at first
 * @name: ignored
 * @type: SEMA_DRIVER; others are the same
 * @arg: ignored
 *
 * sema_init(9F).
 *
 * Context: Any.
 */
void sema_init(ksema_t *sp, uint_t val, char *name, ksema_type_t type,
	       void *arg)
{
	mutex_init(&sp->ksema_lock, "ksema", MUTEX_DRIVER, NULL);
	cv_init(&sp->ksema_cv, NULL, CV_DRIVER, NULL);
	sp->ksema_count = val;
}
EXPORT_SYMBOL_GPL(sema_init);

/**
 * sema_destroy() - the last that is done with a semaphore
 * @sp: the semaphore; nobody waits
 *
 * sema_destroy(9F).
 *
 * Context: Process context; may sleep.
 */
void sema_destroy(ksema_t *sp)
{
	cv_destroy(&sp->ksema_cv);
	mutex_destroy(&sp->ksema_lock);
}
EXPORT_SYMBOL_GPL(sema_destroy);

/**
 * sema_p() - wait until one more may come in
 * @sp: the semaphore
 *
 * sema_p(9F).
 *
 * Context: Process context; may sleep.
 */
void sema_p(ksema_t *sp)
{
	mutex_enter(&sp->ksema_lock);
	while (!sp->ksema_count)
		cv_wait(&sp->ksema_cv, &sp->ksema_lock);
	sp->ksema_count--;
	mutex_exit(&sp->ksema_lock);
}
EXPORT_SYMBOL_GPL(sema_p);

/**
 * sema_p_sig() - wait until one more may come in, unless interrupted
 * @sp: the semaphore
 *
 * sema_p_sig(9F).
 *
 * Context: Process context; may sleep.
 * Return: 0, or 1 if interrupted, as cv_wait_sig() is.
 */
int sema_p_sig(ksema_t *sp)
{
	int interrupted = 0;

	mutex_enter(&sp->ksema_lock);
	while (!sp->ksema_count && !interrupted)
		interrupted = !cv_wait_sig(&sp->ksema_cv, &sp->ksema_lock);
	if (sp->ksema_count) {
		sp->ksema_count--;
		interrupted = 0;
	}
	mutex_exit(&sp->ksema_lock);
	return interrupted;
}
EXPORT_SYMBOL_GPL(sema_p_sig);

/**
 * sema_tryp() - come in if that needs no waiting
 * @sp: the semaphore
 *
 * sema_tryp(9F).
 *
 * Context: Process context.
 * Return: 0 if nobody more may come in.
 */
int sema_tryp(ksema_t *sp)
{
	int in;

	mutex_enter(&sp->ksema_lock);
	in = sp->ksema_count > 0;
	sp->ksema_count -= in;
	mutex_exit(&sp->ksema_lock);
	return in;
}
EXPORT_SYMBOL_GPL(sema_tryp);

/**
 * sema_v() - let one more come in
 * @sp: the semaphore
 *
 * sema_v(9F).
 *
 * Context: Process context.
 */
void sema_v(ksema_t *sp)
{
	mutex_enter(&sp->ksema_lock);
	sp->ksema_count++;
	cv_signal(&sp->ksema_cv);
	mutex_exit(&sp->ksema_lock);
}
EXPORT_SYMBOL_GPL(sema_v);
