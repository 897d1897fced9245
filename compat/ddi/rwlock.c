// SPDX-License-Identifier: GPL-2.0
/*
 * Readers/writer locks: rwlock(9F).
 *
 * Those of Linux have no way from reader to writer, and as with mutexes their
 * memory cannot be freed at once. Here whoever leaves gives the lock to those who
 * wait, who then have nothing to do with it but hold it.
 */
#define _KERNEL

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "lockclass.h"
#include "misuse.h"

#include <sys/rwlock.h>

#define MAGIC	0x6b72776c

/**
 * struct ddi_rwlock - what is in a krwlock_t
 * @magic: MAGIC from rw_init() to rw_destroy()
 * @depth: how often the writer has entered it once more, which is a mistake;
 *	the writer's
 * @lock: protects what follows; leaf
 * @readers: how many readers hold it; @lock
 * @writer: the task that holds it as the writer, or NULL; written with @lock, by
 *	the task itself or before it knows; anybody may ask whether it is he
 * @waiters: struct waiter, first come first; @lock
 * @dep_map: for lockdep
 */
struct ddi_rwlock {
	unsigned int magic;
	int depth;
	raw_spinlock_t lock;
	unsigned int readers;
	struct task_struct *writer;
	struct list_head waiters;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

/**
 * struct waiter - on the stack of a task that waits
 * @node: in &ddi_rwlock.waiters; &ddi_rwlock.lock
 * @task: the task; constant
 * @writer: wants to write; constant
 * @granted: has the lock
 */
struct waiter {
	struct list_head node;
	struct task_struct *task;
	bool writer;
	bool granted;
};

static DEFINE_RAW_SPINLOCK(repair_lock);

static void init(struct ddi_rwlock *rw, const char *name, unsigned long ip)
{
	rw->depth = 0;
	raw_spin_lock_init(&rw->lock);
	rw->readers = 0;
	rw->writer = NULL;
	INIT_LIST_HEAD(&rw->waiters);
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lockdep_init_map_wait(&rw->dep_map, name, devmap_lock_class(ip), 0,
			      LD_WAIT_SLEEP);
#endif
	/* Pairs with the one in get(). */
	smp_store_release(&rw->magic, MAGIC);
}

/* As for mutexes: zeroes do on Solaris. */
static void repair(struct ddi_rwlock *rw, const char *function,
		   unsigned long ip)
{
	unsigned long flags;

	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		devmap_misuse_at(function, ip, "no rw_init(9F) before");
	raw_spin_lock_irqsave(&repair_lock, flags);
	if (rw->magic != MAGIC)
		init(rw, "rwlock without rw_init(9F)", ip);
	raw_spin_unlock_irqrestore(&repair_lock, flags);
}

static struct ddi_rwlock *get(krwlock_t *rwlp, const char *function,
			      unsigned long ip)
{
	struct ddi_rwlock *rw = (struct ddi_rwlock *)rwlp;

	/* Pairs with the one in init(). */
	if (unlikely(smp_load_acquire(&rw->magic) != MAGIC))
		repair(rw, function, ip);
	return rw;
}

/* Takes the lock for @task if that can be done at once. */
static bool take(struct ddi_rwlock *rw, struct task_struct *task, bool writer)
{
	lockdep_assert_held(&rw->lock);

	if (rw->writer || (writer && rw->readers))
		return false;
	if (writer)
		WRITE_ONCE(rw->writer, task);
	else
		rw->readers++;
	return true;
}

/* Gives the lock to those who are next. */
static void grant(struct ddi_rwlock *rw)
{
	struct task_struct *task;
	struct waiter *w, *next;

	lockdep_assert_held(&rw->lock);

	list_for_each_entry_safe(w, next, &rw->waiters, node) {
		if (!take(rw, w->task, w->writer))
			break;
		list_del(&w->node);
		task = get_task_struct(w->task);
		/* From here on @w may be gone. Pairs with enter(). */
		smp_store_release(&w->granted, true);
		wake_up_process(task);
		put_task_struct(task);
	}
}

static void enter(struct ddi_rwlock *rw, krw_t type)
{
	struct waiter w = {
		.task = current,
		.writer = type == RW_WRITER,
	};
	unsigned long flags;
	bool taken;

	might_sleep();
	raw_spin_lock_irqsave(&rw->lock, flags);
	/* Readers let a writer that waits go first, unless it is to starve. */
	taken = (list_empty(&rw->waiters) || type == RW_READER_STARVEWRITER) &&
		take(rw, current, w.writer);
	if (!taken)
		list_add_tail(&w.node, &rw->waiters);
	raw_spin_unlock_irqrestore(&rw->lock, flags);
	if (taken)
		return;

	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		/* Pairs with grant(). */
		if (smp_load_acquire(&w.granted))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/**
 * rw_init() - initialise a readers/writer lock
 * @rwlp: the lock
 * @name: of the lock, or NULL; must stay
 * @type: RW_DRIVER; others are the same
 * @arg: ignored
 *
 * rw_init(9F).
 *
 * Context: Any.
 */
void rw_init(krwlock_t *rwlp, char *name, krw_type_t type, void *arg)
{
	BUILD_BUG_ON(sizeof(struct ddi_rwlock) > sizeof(*rwlp));

	init((struct ddi_rwlock *)rwlp, name ?: "krwlock", _RET_IP_);
}
EXPORT_SYMBOL_GPL(rw_init);

/**
 * rw_destroy() - the last that is done with a readers/writer lock
 * @rwlp: the lock; nobody holds it
 *
 * rw_destroy(9F).
 *
 * Context: Process context.
 */
void rw_destroy(krwlock_t *rwlp)
{
	struct ddi_rwlock *rw = (struct ddi_rwlock *)rwlp;
	unsigned long flags;
	bool held;

	if (rw->magic != MAGIC) {
		devmap_misuse("rw_destroy(9F)",
			      "destroyed twice, or no rw_init(9F) before");
		return;
	}

	/* The one who has left it last may still be at it. */
	raw_spin_lock_irqsave(&rw->lock, flags);
	held = rw->writer || rw->readers;
	if (!held)
		rw->magic = 0;
	raw_spin_unlock_irqrestore(&rw->lock, flags);
	if (held)
		devmap_misuse("rw_destroy(9F)", "somebody holds it");
}
EXPORT_SYMBOL_GPL(rw_destroy);

/**
 * rw_enter() - wait for a readers/writer lock, and take it
 * @rwlp: the lock; the caller does not hold it, not even for reading
 * @enter_type: RW_WRITER: alone; RW_READER: with other readers, and after writers
 *	that wait; RW_READER_STARVEWRITER: with other readers, before writers
 *	that wait
 *
 * rw_enter(9F).
 *
 * Context: Process context; may sleep.
 */
void rw_enter(krwlock_t *rwlp, krw_t enter_type)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_enter(9F)", _RET_IP_);

	if (unlikely(READ_ONCE(rw->writer) == current)) {
		devmap_misuse("rw_enter(9F)", "entered twice by its writer");
		rw->depth++;
		return;
	}
	if (enter_type == RW_WRITER)
		rwsem_acquire(&rw->dep_map, 0, 0, _RET_IP_);
	else
		rwsem_acquire_read(&rw->dep_map, 0, 0, _RET_IP_);
	enter(rw, enter_type);
}
EXPORT_SYMBOL_GPL(rw_enter);

/**
 * rw_tryenter() - take a readers/writer lock if that needs no waiting
 * @rwlp: the lock
 * @enter_type: as for rw_enter()
 *
 * rw_tryenter(9F).
 *
 * Context: Process context.
 * Return: 0 if it could not be taken.
 */
int rw_tryenter(krwlock_t *rwlp, krw_t enter_type)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_tryenter(9F)", _RET_IP_);
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&rw->lock, flags);
	taken = (list_empty(&rw->waiters) ||
		 enter_type == RW_READER_STARVEWRITER) &&
		take(rw, current, enter_type == RW_WRITER);
	raw_spin_unlock_irqrestore(&rw->lock, flags);
	if (!taken)
		return 0;

	if (enter_type == RW_WRITER)
		rwsem_acquire(&rw->dep_map, 0, 1, _RET_IP_);
	else
		rwsem_acquire_read(&rw->dep_map, 0, 1, _RET_IP_);
	return 1;
}
EXPORT_SYMBOL_GPL(rw_tryenter);

/**
 * rw_exit() - give a readers/writer lock up
 * @rwlp: the lock; the caller holds it
 *
 * rw_exit(9F).
 *
 * Context: Process context.
 */
void rw_exit(krwlock_t *rwlp)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_exit(9F)", _RET_IP_);
	bool writer = READ_ONCE(rw->writer) == current;
	unsigned long flags;

	if (unlikely(writer && rw->depth)) {
		rw->depth--;
		return;
	}
	if (unlikely(!writer && !READ_ONCE(rw->readers))) {
		devmap_misuse("rw_exit(9F)", "not held by the caller");
		return;
	}

	rwsem_release(&rw->dep_map, _RET_IP_);
	raw_spin_lock_irqsave(&rw->lock, flags);
	if (writer)
		WRITE_ONCE(rw->writer, NULL);
	else if (rw->readers)
		rw->readers--;
	grant(rw);
	raw_spin_unlock_irqrestore(&rw->lock, flags);
}
EXPORT_SYMBOL_GPL(rw_exit);

/**
 * rw_downgrade() - let other readers in
 * @rwlp: the lock; the caller is its writer, and becomes a reader
 *
 * rw_downgrade(9F).
 *
 * Context: Process context.
 */
void rw_downgrade(krwlock_t *rwlp)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_downgrade(9F)", _RET_IP_);
	unsigned long flags;

	if (unlikely(READ_ONCE(rw->writer) != current)) {
		devmap_misuse("rw_downgrade(9F)",
			      "the caller is not the writer");
		return;
	}

#ifdef CONFIG_DEBUG_LOCK_ALLOC
	lock_downgrade(&rw->dep_map, _RET_IP_);
#endif
	raw_spin_lock_irqsave(&rw->lock, flags);
	WRITE_ONCE(rw->writer, NULL);
	rw->depth = 0;
	rw->readers = 1;
	grant(rw);
	raw_spin_unlock_irqrestore(&rw->lock, flags);
}
EXPORT_SYMBOL_GPL(rw_downgrade);

/**
 * rw_tryupgrade() - become the writer if there is no other reader
 * @rwlp: the lock; the caller is a reader
 *
 * rw_tryupgrade(9F).
 *
 * Context: Process context.
 * Return: 0 if there are other readers, or somebody waits: the caller is a
 * reader still.
 */
int rw_tryupgrade(krwlock_t *rwlp)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_tryupgrade(9F)", _RET_IP_);
	unsigned long flags;
	bool upgraded;

	if (unlikely(READ_ONCE(rw->writer) || !READ_ONCE(rw->readers))) {
		devmap_misuse("rw_tryupgrade(9F)",
			      "the caller is not a reader");
		return READ_ONCE(rw->writer) == current;
	}

	raw_spin_lock_irqsave(&rw->lock, flags);
	upgraded = rw->readers == 1 && list_empty(&rw->waiters);
	if (upgraded) {
		rw->readers = 0;
		WRITE_ONCE(rw->writer, current);
	}
	raw_spin_unlock_irqrestore(&rw->lock, flags);

	if (upgraded) {
		rwsem_release(&rw->dep_map, _RET_IP_);
		rwsem_acquire(&rw->dep_map, 0, 1, _RET_IP_);
	}
	return upgraded;
}
EXPORT_SYMBOL_GPL(rw_tryupgrade);

/**
 * rw_read_locked() - does a reader or a writer hold a lock?
 * @rwlp: the lock; the caller holds it
 *
 * rw_read_locked(9F).
 *
 * Context: Any.
 * Return: 0 if the caller is the writer.
 */
int rw_read_locked(krwlock_t *rwlp)
{
	struct ddi_rwlock *rw = get(rwlp, "rw_read_locked(9F)", _RET_IP_);

	return READ_ONCE(rw->writer) != current;
}
EXPORT_SYMBOL_GPL(rw_read_locked);

/**
 * rw_read_held() - do readers hold a lock?
 * @rwlp: the lock
 *
 * No manual page: what RW_READ_HELD() is.
 *
 * Context: Any.
 * Return: not 0 if some do, not necessarily the caller.
 */
int rw_read_held(krwlock_t *rwlp)
{
	return READ_ONCE(((struct ddi_rwlock *)rwlp)->readers) > 0;
}
EXPORT_SYMBOL_GPL(rw_read_held);

/**
 * rw_write_held() - is the caller the writer?
 * @rwlp: the lock
 *
 * No manual page: what RW_WRITE_HELD() is.
 *
 * Context: Any.
 * Return: not 0 if it is.
 */
int rw_write_held(krwlock_t *rwlp)
{
	return READ_ONCE(((struct ddi_rwlock *)rwlp)->writer) == current;
}
EXPORT_SYMBOL_GPL(rw_write_held);

/**
 * rw_lock_held() - do readers hold a lock, or is the caller the writer?
 * @rwlp: the lock
 *
 * No manual page: what RW_LOCK_HELD() is.
 *
 * Context: Any.
 * Return: not 0 if so.
 */
int rw_lock_held(krwlock_t *rwlp)
{
	return rw_read_held(rwlp) || rw_write_held(rwlp);
}
EXPORT_SYMBOL_GPL(rw_lock_held);
