// SPDX-License-Identifier: GPL-2.0
/*
 * Condition variables: condvar(9F).
 *
 * A driver may destroy one, and free its memory, as soon as it has woken all that
 * waited: they need the mutex once more, but not the condition variable. So a
 * waiter that is woken touches nothing but its own stack; one whose time is over,
 * or who got a signal, first makes sure that nobody will wake it, and
 * cv_destroy() waits until it is off the list.
 */
#define _KERNEL

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "../devmap/frame.h"
#include "misuse.h"
#include "mutex.h"
#include "time.h"

#include <sys/condvar.h>

#define MAGIC	0x6b637672

/**
 * struct ddi_condvar - what is in a kcondvar_t
 * @magic: MAGIC from cv_init() to cv_destroy()
 * @lock: protects @waiters
 * @waiters: struct waiter, first come first; @lock
 */
struct ddi_condvar {
	unsigned int magic;
	raw_spinlock_t lock;
	struct list_head waiters;
};

enum waiter_state {
	WAITING,	/* can be woken */
	LEAVING,	/* takes itself off the list */
	CLAIMED,	/* somebody takes it off the list and wakes it */
	WOKEN,		/* is off the list, nobody else knows it */
};

/**
 * struct waiter - on the stack of a task that waits
 * @node: in &ddi_condvar.waiters; &ddi_condvar.lock
 * @task: the task; constant
 * @state: enum waiter_state
 */
struct waiter {
	struct list_head node;
	struct task_struct *task;
	atomic_t state;
};

/* How to wait. */
enum {
	SIG = 1,	/* signals are honoured */
	TIMED = 2,	/* not forever */
};

static DEFINE_RAW_SPINLOCK(repair_lock);

static void init(struct ddi_condvar *cv)
{
	raw_spin_lock_init(&cv->lock);
	INIT_LIST_HEAD(&cv->waiters);
	/* Pairs with the one in get(). */
	smp_store_release(&cv->magic, MAGIC);
}

/* As for mutexes: zeroes do on Solaris. */
static void repair(struct ddi_condvar *cv, const char *function,
		   unsigned long ip)
{
	unsigned long flags;

	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		devmap_misuse_at(function, ip, "no cv_init(9F) before");
	raw_spin_lock_irqsave(&repair_lock, flags);
	if (cv->magic != MAGIC)
		init(cv);
	raw_spin_unlock_irqrestore(&repair_lock, flags);
}

static struct ddi_condvar *get(kcondvar_t *cvp, const char *function,
			       unsigned long ip)
{
	struct ddi_condvar *cv = (struct ddi_condvar *)cvp;

	/* Pairs with the one in init(). */
	if (unlikely(smp_load_acquire(&cv->magic) != MAGIC))
		repair(cv, function, ip);
	return cv;
}

/* Wakes up to @nr of those who wait and says how many. */
static unsigned int wake(struct ddi_condvar *cv, unsigned int nr)
{
	struct waiter *w, *next;
	struct task_struct *task;
	unsigned int woken = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&cv->lock, flags);
	list_for_each_entry_safe(w, next, &cv->waiters, node) {
		if (woken == nr)
			break;
		if (atomic_cmpxchg(&w->state, WAITING, CLAIMED) != WAITING)
			continue;

		list_del(&w->node);
		task = get_task_struct(w->task);
		/* From here on @w may be gone. Pairs with leave(). */
		atomic_set_release(&w->state, WOKEN);
		wake_up_process(task);
		put_task_struct(task);
		woken++;
	}
	raw_spin_unlock_irqrestore(&cv->lock, flags);
	return woken;
}

/* Ends waiting and says whether we were woken. */
static bool leave(struct ddi_condvar *cv, struct waiter *w)
{
	unsigned long flags;

	if (atomic_cmpxchg(&w->state, WAITING, LEAVING) != WAITING) {
		/* Not long: the other one holds a spinlock. */
		while (atomic_read_acquire(&w->state) != WOKEN)
			cpu_relax();
		return true;
	}

	raw_spin_lock_irqsave(&cv->lock, flags);
	list_del(&w->node);
	raw_spin_unlock_irqrestore(&cv->lock, flags);
	return false;
}

static bool interrupted(void)
{
	return signal_pending(current) || devmap_frame_is_gone();
}

static unsigned int sleeping_state(int how)
{
	/* Drivers wait for hours, which is neither load nor a task that hangs. */
	return how & SIG ? TASK_INTERRUPTIBLE : TASK_IDLE;
}

/*
 * Returns 0 for a signal, -1 if the time is over, otherwise what was left of it,
 * but at least 1.
 */
static clock_t wait(struct ddi_condvar *cv, kmutex_t *mp, int how,
		    long ticks, const char *function, unsigned long ip)
{
	struct waiter w = {
		.task = current,
		.state = ATOMIC_INIT(WAITING),
	};
	bool owned = mutex_owned(mp), interrupt = false;
	unsigned long flags;
	int depth = 0;

	raw_spin_lock_irqsave(&cv->lock, flags);
	list_add_tail(&w.node, &cv->waiters);
	raw_spin_unlock_irqrestore(&cv->lock, flags);

	if (owned)
		depth = devmap_mutex_drop(mp);
	else if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		devmap_misuse_at(function, ip, "the caller does not hold the mutex");

	for (;;) {
		set_current_state(sleeping_state(how));
		if (atomic_read_acquire(&w.state) == WOKEN)
			break;
		interrupt = (how & SIG) && interrupted();
		if (interrupt || ((how & TIMED) && !ticks))
			break;
		if (how & TIMED)
			ticks = schedule_timeout(ticks);
		else
			schedule();
	}
	__set_current_state(TASK_RUNNING);

	/* One that was woken must not lose that, whatever else has happened. */
	if (leave(cv, &w))
		ticks = ticks ?: 1;
	else
		ticks = interrupt ? 0 : -1;
	if (owned)
		devmap_mutex_retake(mp, depth);
	return ticks;
}

/**
 * cv_init() - initialise a condition variable
 * @cvp: the condition variable
 * @name: ignored
 * @type: CV_DRIVER; others are the same
 * @arg: ignored
 *
 * cv_init(9F).
 *
 * Context: Any.
 */
void cv_init(kcondvar_t *cvp, char *name, kcv_type_t type, void *arg)
{
	BUILD_BUG_ON(sizeof(struct ddi_condvar) > sizeof(*cvp));

	init((struct ddi_condvar *)cvp);
}
EXPORT_SYMBOL_GPL(cv_init);

/**
 * cv_destroy() - the last that is done with a condition variable
 * @cvp: the condition variable; nobody waits, but those who were woken need not
 *	have returned yet
 *
 * cv_destroy(9F).
 *
 * Context: Process context; may sleep.
 */
void cv_destroy(kcondvar_t *cvp)
{
	struct ddi_condvar *cv = (struct ddi_condvar *)cvp;
	unsigned long flags;
	bool empty;

	if (cv->magic != MAGIC) {
		devmap_misuse("cv_destroy(9F)",
			      "destroyed twice, or no cv_init(9F) before");
		return;
	}
	if (wake(cv, UINT_MAX))
		devmap_misuse("cv_destroy(9F)", "somebody was waiting");

	/* Those whose time is over are about to take themselves off the list. */
	for (;;) {
		raw_spin_lock_irqsave(&cv->lock, flags);
		empty = list_empty(&cv->waiters);
		raw_spin_unlock_irqrestore(&cv->lock, flags);
		if (empty)
			break;
		schedule_timeout_uninterruptible(1);
	}
	cv->magic = 0;
}
EXPORT_SYMBOL_GPL(cv_destroy);

/**
 * cv_wait() - wait until woken
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 *
 * cv_wait(9F). May return without having been woken.
 *
 * Context: Process context; sleeps.
 */
void cv_wait(kcondvar_t *cvp, kmutex_t *mp)
{
	wait(get(cvp, "cv_wait(9F)", _RET_IP_), mp, 0, 0, "cv_wait(9F)",
	     _RET_IP_);
}
EXPORT_SYMBOL_GPL(cv_wait);

/**
 * cv_wait_sig() - wait until woken or interrupted
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 *
 * cv_wait_sig(9F).
 *
 * Context: Process context; sleeps.
 * Return: 0 if a signal is pending, or if the device that the caller was called
 * for is gone, and nobody has woken the caller; more than 0 otherwise.
 */
int cv_wait_sig(kcondvar_t *cvp, kmutex_t *mp)
{
	return wait(get(cvp, "cv_wait_sig(9F)", _RET_IP_), mp, SIG, 0,
		    "cv_wait_sig(9F)", _RET_IP_) > 0;
}
EXPORT_SYMBOL_GPL(cv_wait_sig);

/**
 * cv_timedwait() - wait until woken, or until some time
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 * @timeout: the time, as of ddi_get_lbolt(9F)
 *
 * cv_timedwait(9F).
 *
 * Context: Process context; sleeps.
 * Return: -1 if the time is over; more than 0 if the caller was woken.
 */
clock_t cv_timedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t timeout)
{
	return wait(get(cvp, "cv_timedwait(9F)", _RET_IP_), mp, TIMED,
		    devmap_ticks_until(timeout), "cv_timedwait(9F)", _RET_IP_);
}
EXPORT_SYMBOL_GPL(cv_timedwait);

/**
 * cv_timedwait_sig() - wait until woken or interrupted, or until some time
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 * @timeout: the time, as of ddi_get_lbolt(9F)
 *
 * cv_timedwait_sig(9F).
 *
 * Context: Process context; sleeps.
 * Return: as cv_wait_sig() and cv_timedwait().
 */
clock_t cv_timedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t timeout)
{
	return wait(get(cvp, "cv_timedwait_sig(9F)", _RET_IP_), mp,
		    SIG | TIMED, devmap_ticks_until(timeout),
		    "cv_timedwait_sig(9F)", _RET_IP_);
}
EXPORT_SYMBOL_GPL(cv_timedwait_sig);

/**
 * cv_reltimedwait() - wait until woken, or for some time
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 * @delta: ticks
 * @res: how exact the time has to be; ignored: it is exact
 *
 * cv_reltimedwait(9F).
 *
 * Context: Process context; sleeps.
 * Return: as cv_timedwait().
 */
clock_t cv_reltimedwait(kcondvar_t *cvp, kmutex_t *mp, clock_t delta,
			time_res_t res)
{
	return wait(get(cvp, "cv_reltimedwait(9F)", _RET_IP_), mp, TIMED,
		    devmap_ticks(delta), "cv_reltimedwait(9F)", _RET_IP_);
}
EXPORT_SYMBOL_GPL(cv_reltimedwait);

/**
 * cv_reltimedwait_sig() - wait until woken or interrupted, or for some time
 * @cvp: the condition variable
 * @mp: a mutex that the caller holds; given up while waiting
 * @delta: ticks
 * @res: how exact the time has to be; ignored: it is exact
 *
 * cv_reltimedwait_sig(9F).
 *
 * Context: Process context; sleeps.
 * Return: as cv_timedwait_sig().
 */
clock_t cv_reltimedwait_sig(kcondvar_t *cvp, kmutex_t *mp, clock_t delta,
			    time_res_t res)
{
	return wait(get(cvp, "cv_reltimedwait_sig(9F)", _RET_IP_), mp,
		    SIG | TIMED, devmap_ticks(delta),
		    "cv_reltimedwait_sig(9F)", _RET_IP_);
}
EXPORT_SYMBOL_GPL(cv_reltimedwait_sig);

/**
 * cv_signal() - wake the one that has waited longest
 * @cvp: the condition variable
 *
 * cv_signal(9F).
 *
 * Context: Any.
 */
void cv_signal(kcondvar_t *cvp)
{
	wake(get(cvp, "cv_signal(9F)", _RET_IP_), 1);
}
EXPORT_SYMBOL_GPL(cv_signal);

/**
 * cv_broadcast() - wake all that wait
 * @cvp: the condition variable
 *
 * cv_broadcast(9F).
 *
 * Context: Any.
 */
void cv_broadcast(kcondvar_t *cvp)
{
	wake(get(cvp, "cv_broadcast(9F)", _RET_IP_), UINT_MAX);
}
EXPORT_SYMBOL_GPL(cv_broadcast);
