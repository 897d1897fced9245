// SPDX-License-Identifier: GPL-2.0
/*
 * Timeouts: timeout(9F), untimeout(9F). Handlers run from a workqueue, so that
 * they can do what all other code of a driver can.
 */
#define _KERNEL

#include <linux/completion.h>
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "../devmap/frame.h"
#include "base.h"
#include "lockclass.h"
#include "time.h"

#include <sys/systm.h>

/**
 * struct callout - a handler that will be called
 * @node: in the table while it may be called, or is; table lock
 * @id: constant
 * @func: constant
 * @arg: constant
 * @work: calls @func in time
 * @task: the one that runs @func, or NULL; written by itself with the table lock
 * @done: @func has returned
 * @refs: one for the table, one per untimeout() that waits
 * @dep_map: so that lockdep sees who waits for @func with which locks
 */
struct callout {
	struct hlist_node node;
	unsigned long id;
	void (*func)(void *arg);
	void *arg;
	struct delayed_work work;
	struct task_struct *task;
	struct completion done;
	refcount_t refs;
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
};

static struct workqueue_struct *queue;
static DEFINE_SPINLOCK(table_lock);
static DEFINE_HASHTABLE(table, 6);	/* table_lock */
static unsigned long last_id;		/* table_lock */

static void put(struct callout *c)
{
	if (refcount_dec_and_test(&c->refs))
		kfree(c);
}

static void run(struct work_struct *work)
{
	struct callout *c = container_of(work, struct callout, work.work);

	spin_lock(&table_lock);
	c->task = current;
	spin_unlock(&table_lock);

	lock_map_acquire(&c->dep_map);
	c->func(c->arg);
	lock_map_release(&c->dep_map);

	spin_lock(&table_lock);
	hash_del(&c->node);
	spin_unlock(&table_lock);
	complete_all(&c->done);
	put(c);
}

static struct callout *find(unsigned long id)
{
	struct callout *c;

	lockdep_assert_held(&table_lock);

	hash_for_each_possible(table, c, node, id)
		if (c->id == id)
			return c;
	return NULL;
}

/**
 * timeout() - call a function later, once
 * @func: the function. Called in process context: it may sleep, but should not
 *	for long
 * @arg: its argument
 * @ticks: when: see drv_usectohz()
 *
 * timeout(9F).
 *
 * Context: Process context.
 * Return: an id for untimeout(), not 0.
 */
timeout_id_t timeout(void (*func)(void *arg), void *arg, clock_t ticks)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOFAIL | devmap_frame_gfp_account();
	struct callout *c = kzalloc(sizeof(*c), gfp);
	unsigned long id;

	c->func = func;
	c->arg = arg;
	INIT_DELAYED_WORK(&c->work, run);
	init_completion(&c->done);
	refcount_set(&c->refs, 1);
#ifdef CONFIG_LOCKDEP
	lockdep_init_map(&c->dep_map, "timeout(9F)",
			 devmap_lock_class((unsigned long)func), 0);
#endif

	spin_lock(&table_lock);
	id = ++last_id;
	c->id = id;
	hash_add(table, &c->node, id);
	spin_unlock(&table_lock);
	queue_delayed_work(queue, &c->work, devmap_ticks(ticks));
	return (timeout_id_t)id;
}
EXPORT_SYMBOL_GPL(timeout);

/* For a timeout whose handler is called, or is about to be. */
static void wait_for(struct callout *c)
{
	lock_map_acquire(&c->dep_map);
	lock_map_release(&c->dep_map);
	wait_for_completion(&c->done);
}

/**
 * untimeout() - do not call a function later
 * @id: from timeout()
 *
 * untimeout(9F). When it returns, the function does not run and will not be
 * called; the caller must hold no lock that the function takes. Only the function
 * itself may ask and go on.
 *
 * Context: Process context; may sleep.
 * Return: the ticks that were left; -1 if the function was called already.
 */
clock_t untimeout(timeout_id_t id)
{
	struct callout *c;
	long left;

	might_sleep();
	spin_lock(&table_lock);
	c = find((unsigned long)id);
	if (!c || c->task == current) {
		spin_unlock(&table_lock);
		return -1;
	}

	left = READ_ONCE(c->work.timer.expires) - jiffies;
	if (cancel_delayed_work(&c->work)) {
		hash_del(&c->node);
		spin_unlock(&table_lock);
		put(c);
		return max(left, 0L);
	}

	refcount_inc(&c->refs);
	spin_unlock(&table_lock);
	wait_for(c);
	put(c);
	return -1;
}
EXPORT_SYMBOL_GPL(untimeout);

int devmap_callout_init(void)
{
	queue = alloc_workqueue("devmap_timeout", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

void devmap_callout_exit(void)
{
	destroy_workqueue(queue);
}
