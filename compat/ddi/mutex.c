// SPDX-License-Identifier: GPL-2.0
/*
 * Mutexes: mutex(9F), on those of Linux.
 *
 * A driver may free a mutex as soon as it has been the last to hold it:
 *
 *	mutex_enter(&obj->lock);
 *	last = --obj->refs == 0;
 *	mutex_exit(&obj->lock);
 *	if (last)
 *		free(obj);
 *
 * A mutex of Linux must not be freed like that: the task before may still be in
 * mutex_unlock(), which gives the mutex away first and looks for waiters then.
 * So whoever unlocks holds a spinlock meanwhile. Before the last holder is out of
 * its own mutex_exit() it has taken that spinlock, so the one before has left.
 */
#define _KERNEL

#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "../linux/kunit.h"
#include "lockclass.h"
#include "misuse.h"
#include "mutex.h"

#define MAGIC	0x6b6d7478

/**
 * struct ddi_mutex - what is in a kmutex_t
 * @magic: MAGIC from mutex_init() to mutex_destroy()
 * @depth: how often the owner has entered it once more, which is a mistake;
 *	the owner's
 * @owner: the task that holds @mutex, or NULL. Written by the task itself; anybody
 *	may ask whether it is he
 * @leave: held while @mutex is unlocked
 * @mutex: the mutex
 */
struct ddi_mutex {
	unsigned int magic;
	int depth;
	struct task_struct *owner;
	raw_spinlock_t leave;
	struct mutex mutex; /* see above */
};

/* Before the names get another meaning. */
static void linux_mutex_destroy(struct mutex *mutex)
{
	mutex_destroy(mutex);
}

#include <sys/mutex.h>

static DEFINE_RAW_SPINLOCK(repair_lock);

static void init(struct ddi_mutex *m, const char *name, unsigned long ip)
{
	m->depth = 0;
	m->owner = NULL;
	raw_spin_lock_init(&m->leave);
	__mutex_init(&m->mutex, name, devmap_lock_class(ip));
	/* Pairs with the one in get(). */
	smp_store_release(&m->magic, MAGIC);
}

/*
 * On Solaris a mutex of zeroes works without mutex_init(9F), so there are drivers
 * that have forgotten it.
 */
static void repair(struct ddi_mutex *m, const char *function, unsigned long ip)
{
	unsigned long flags;

	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		devmap_misuse_at(function, ip, "no mutex_init(9F) before");
	raw_spin_lock_irqsave(&repair_lock, flags);
	if (m->magic != MAGIC)
		init(m, "mutex without mutex_init(9F)", ip);
	raw_spin_unlock_irqrestore(&repair_lock, flags);
}

static struct ddi_mutex *get(kmutex_t *mp, const char *function,
			     unsigned long ip)
{
	struct ddi_mutex *m = (struct ddi_mutex *)mp;

	/* Pairs with the one in init(). */
	if (unlikely(smp_load_acquire(&m->magic) != MAGIC))
		repair(m, function, ip);
	return m;
}

static void unlock(struct ddi_mutex *m)
{
	WRITE_ONCE(m->owner, NULL);
	raw_spin_lock(&m->leave);
	mutex_unlock(&m->mutex);
	raw_spin_unlock(&m->leave);
}

/**
 * mutex_init() - initialise a mutex
 * @mp: the mutex
 * @name: of the mutex, or NULL; must stay
 * @type: MUTEX_DRIVER; others are the same
 * @arg: the priority of the interrupt whose handler enters it, or NULL; ignored
 *
 * mutex_init(9F).
 *
 * Context: Any.
 */
void mutex_init(kmutex_t *mp, char *name, kmutex_type_t type, void *arg)
{
	BUILD_BUG_ON(sizeof(struct ddi_mutex) > sizeof(*mp));

	init((struct ddi_mutex *)mp, name ?: "kmutex", _RET_IP_);
}
EXPORT_SYMBOL_GPL(mutex_init);

/**
 * mutex_destroy() - the last that is done with a mutex
 * @mp: the mutex; the caller may hold it
 *
 * mutex_destroy(9F).
 *
 * Context: Process context.
 */
void mutex_destroy(kmutex_t *mp)
{
	struct ddi_mutex *m = (struct ddi_mutex *)mp;

	if (m->magic != MAGIC) {
		devmap_misuse("mutex_destroy(9F)",
			      "destroyed twice, or no mutex_init(9F) before");
		return;
	}
	if (READ_ONCE(m->owner) == current) {
		unlock(m);
	} else if (mutex_is_locked(&m->mutex)) {
		devmap_misuse("mutex_destroy(9F)", "held by another thread");
		return;
	}

	/* The one who has unlocked it last may still be at it. */
	raw_spin_lock(&m->leave);
	m->magic = 0;
	raw_spin_unlock(&m->leave);
	linux_mutex_destroy(&m->mutex);
}
EXPORT_SYMBOL_GPL(mutex_destroy);

/**
 * mutex_enter() - wait until nobody holds a mutex, and take it
 * @mp: the mutex; the caller must not hold it
 *
 * mutex_enter(9F).
 *
 * Context: Process context; may sleep.
 */
void mutex_enter(kmutex_t *mp)
{
	struct ddi_mutex *m = get(mp, "mutex_enter(9F)", _RET_IP_);

	if (unlikely(READ_ONCE(m->owner) == current)) {
		devmap_misuse("mutex_enter(9F)", "entered twice by its owner");
		m->depth++;
		return;
	}
	mutex_lock(&m->mutex);
	WRITE_ONCE(m->owner, current);
}
EXPORT_SYMBOL_GPL(mutex_enter);

/**
 * mutex_tryenter() - take a mutex if nobody holds it
 * @mp: the mutex
 *
 * mutex_tryenter(9F).
 *
 * Context: Process context.
 * Return: 0 if somebody holds it, the caller included.
 */
int mutex_tryenter(kmutex_t *mp)
{
	struct ddi_mutex *m = get(mp, "mutex_tryenter(9F)", _RET_IP_);

	if (!mutex_trylock(&m->mutex))
		return 0;
	WRITE_ONCE(m->owner, current);
	return 1;
}
EXPORT_SYMBOL_GPL(mutex_tryenter);

/**
 * mutex_exit() - give a mutex up
 * @mp: the mutex; the caller holds it
 *
 * mutex_exit(9F).
 *
 * Context: Process context.
 */
void mutex_exit(kmutex_t *mp)
{
	struct ddi_mutex *m = get(mp, "mutex_exit(9F)", _RET_IP_);

	if (unlikely(READ_ONCE(m->owner) != current)) {
		devmap_misuse("mutex_exit(9F)", "not held by the caller");
		return;
	}
	if (unlikely(m->depth)) {
		m->depth--;
		return;
	}
	unlock(m);
}
EXPORT_SYMBOL_GPL(mutex_exit);

/**
 * mutex_owned() - does the caller hold a mutex?
 * @mp: the mutex
 *
 * mutex_owned(9F).
 *
 * Context: Any.
 * Return: not 0 if it does.
 */
int mutex_owned(const kmutex_t *mp)
{
	const struct ddi_mutex *m = (const struct ddi_mutex *)mp;

	return m->magic == MAGIC && READ_ONCE(m->owner) == current;
}
EXPORT_SYMBOL_GPL(mutex_owned);

/**
 * mutex_owner() - the thread that holds a mutex
 * @mp: the mutex
 *
 * No manual page. For messages: it may be out of date at once.
 *
 * Context: Any.
 * Return: a kthread_t, or NULL.
 */
void *mutex_owner(const kmutex_t *mp)
{
	const struct ddi_mutex *m = (const struct ddi_mutex *)mp;

	return m->magic == MAGIC ? READ_ONCE(m->owner) : NULL;
}
EXPORT_SYMBOL_GPL(mutex_owner);

/**
 * devmap_mutex_drop() - give a mutex up while waiting for something
 * @mp: the mutex; the caller holds it
 *
 * Return: for devmap_mutex_retake().
 */
int devmap_mutex_drop(kmutex_t *mp)
{
	struct ddi_mutex *m = (struct ddi_mutex *)mp;
	int depth = m->depth;

	m->depth = 0;
	unlock(m);
	return depth;
}

/**
 * devmap_mutex_retake() - take a mutex again after waiting
 * @mp: the mutex
 * @depth: from devmap_mutex_drop()
 */
void devmap_mutex_retake(kmutex_t *mp, int depth)
{
	struct ddi_mutex *m = (struct ddi_mutex *)mp;

	mutex_lock(&m->mutex);
	WRITE_ONCE(m->owner, current);
	m->depth = depth;
}
