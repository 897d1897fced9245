// SPDX-License-Identifier: GPL-2.0
/*
 * The context arbiter: see ctxmgt.h.
 *
 * A handle without a timeout never waits. One with a timeout gets the context
 * when the time of the present holder is up and it is first in the queue; the
 * clock starts when its context callback has returned success, and runs on if
 * the same handle needs the callback again for another page.
 *
 * A fault waits for its turn before the driver is called, with no lock held;
 * the turn is then kept for it until the retried fault arrives. It is kept for
 * a short time only, as the process may have been killed or may have gone
 * elsewhere in a signal handler.
 */

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <sys/sunddi.h>
#include <trace/events/devmap.h>
#include <vm/faultcode.h>

#include "ctxmgt.h"
#include "frame.h"
#include "handle.h"
#include "instance.h"
#include "segment.h"
#include "../linux/kunit.h"

/* How long a turn is kept for a fault that is on its way. */
#define TURN_TICKS	max(HZ / 50, 2)

/* A timeout that is as good as for ever. */
#define MAX_TICKS	(KTIME_MAX / 2 / TICK_NSEC)

/* How long an access of type DEVMAP_LOCK waits for others that sleep. */
#define LOCK_TICKS	HZ

/**
 * struct ctx_waiter - on the stack of a task that waits for its turn
 * @node: in &devmap_ctx.waiters; &devmap_ctx.lock
 * @task: the task; constant
 * @id: of the handle; constant
 * @inside: waits in devmap_do_ctxmgt(), not in a fault; constant
 */
struct ctx_waiter {
	struct list_head node;
	struct task_struct *task;
	u64 id;
	bool inside;
};

static void wake_all(struct devmap_ctx *ctx)
{
	struct ctx_waiter *waiter;

	lockdep_assert_held(&ctx->lock);

	list_for_each_entry(waiter, &ctx->waiters, node)
		wake_up_process(waiter->task);
}

void devmap_ctx_init(struct devmap_ctx *ctx, devmap_access_fn access)
{
	*ctx = (struct devmap_ctx){ .access = access };
	spin_lock_init(&ctx->lock);
	INIT_LIST_HEAD(&ctx->waiters);
	init_waitqueue_head(&ctx->lock_wait);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_init);

/**
 * devmap_ctx_get() - the arbiter for a devmap_access function
 * @dip: the instance
 * @access: the function
 *
 * Context: May sleep.
 * Return: the arbiter, which lives as long as @dip, or NULL without memory.
 */
struct devmap_ctx *devmap_ctx_get(dev_info_t *dip, devmap_access_fn access)
{
	struct devmap_ctx *ctx;

	mutex_lock(&dip->ctx_lock);
	list_for_each_entry(ctx, &dip->ctxs, node) {
		if (ctx->access == access)
			goto out;
	}

	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);
	if (ctx) {
		devmap_ctx_init(ctx, access);
		ctx->gone = READ_ONCE(dip->gone);
		list_add(&ctx->node, &dip->ctxs);
	}
out:
	mutex_unlock(&dip->ctx_lock);
	return ctx;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_get);

/**
 * devmap_ctx_end() - have nobody wait for a context of an instance any more
 * @dip: the instance; its &dev_info.gone is set
 *
 * Whoever waits, or comes to, gets -ENXIO: for a holder who may keep the context for
 * a long time, or an access that sleeps in the driver, the removal of a device does
 * not wait, nor do those who want to use it.
 */
void devmap_ctx_end(dev_info_t *dip)
{
	struct devmap_ctx *ctx;

	mutex_lock(&dip->ctx_lock);
	list_for_each_entry(ctx, &dip->ctxs, node) {
		spin_lock(&ctx->lock);
		ctx->gone = true;
		wake_all(ctx);
		spin_unlock(&ctx->lock);
		wake_up_all(&ctx->lock_wait);
	}
	mutex_unlock(&dip->ctx_lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_end);

void devmap_ctx_free_all(dev_info_t *dip)
{
	struct devmap_ctx *ctx, *next;

	list_for_each_entry_safe(ctx, next, &dip->ctxs, node)
		kfree(ctx);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_free_all);

static struct ctx_waiter *first_waiter(struct devmap_ctx *ctx)
{
	return list_first_entry_or_null(&ctx->waiters, struct ctx_waiter, node);
}

/*
 * Wakes those that may be able to go now: the first in the queue, the other
 * threads of the handle that has the context or is about to get it, and with a
 * lock on, those that are in the driver already.
 */
static void wake_ready(struct devmap_ctx *ctx)
{
	struct ctx_waiter *waiter;

	lockdep_assert_held(&ctx->lock);

	list_for_each_entry(waiter, &ctx->waiters, node) {
		if (waiter == first_waiter(ctx) || waiter->id == ctx->holder ||
		    waiter->id == ctx->turn ||
		    (ctx->locked && waiter->inside))
			wake_up_process(waiter->task);
	}
}

static bool may_go(struct devmap_ctx *ctx, u64 id)
{
	struct ctx_waiter *first = first_waiter(ctx);

	lockdep_assert_held(&ctx->lock);

	if (ctx->turn && !ctx->running &&
	    time_after_eq(jiffies, ctx->turn_until))
		ctx->turn = 0;

	if (ctx->turn)
		return ctx->turn == id;
	if (!ctx->holder ||
	    (ctx->holder == id && ktime_get_ns() < ctx->until))
		return true;
	/* With a lock on, the queue does not move. */
	if (first && first->id != id && !ctx->locked)
		return false;
	return ktime_get_ns() >= ctx->until;
}

static bool may_switch(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	return may_go(ctx, id);
}

/* The same for a fault, which has to stay out while a DEVMAP_LOCK is on. */
static bool may_fault(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	if (ctx->locked)
		return false;
	return timeout <= 0 || may_go(ctx, id);
}

/*
 * How long one that watches the clock may sleep before it has to look again by
 * itself. Not in ticks: a timer that counts them is late by an eighth of its time.
 */
static ktime_t time_to_wait(const struct devmap_ctx *ctx)
{
	u64 now = ktime_get_ns();

	if (ctx->turn && ctx->running)
		return KTIME_MAX;
	if (ctx->turn)
		return time_after(ctx->turn_until, jiffies) ?
			jiffies_to_nsecs(ctx->turn_until - jiffies) : TICK_NSEC;
	return now < ctx->until ? ctx->until - now : TICK_NSEC;
}

static void keep_turn(struct devmap_ctx *ctx, u64 id)
{
	lockdep_assert_held(&ctx->lock);

	if (ctx->turn == id)
		return;
	ctx->turn = id;
	ctx->turn_until = jiffies + TURN_TICKS;
}

/**
 * devmap_ctx_try() - let an access into the driver, if that needs no wait
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle; 0 never needs a turn
 *
 * Return: true if the driver may be called, after which devmap_ctx_pass() is
 * due; false if the access has to go through devmap_ctx_wait() first.
 */
bool devmap_ctx_try(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	bool go;

	spin_lock(&ctx->lock);
	go = may_fault(ctx, id, timeout);
	if (go) {
		ctx->inflight++;
		ctx->yielding = false;
		if (timeout > 0)
			keep_turn(ctx, id);
	}
	spin_unlock(&ctx->lock);
	return go;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_try);

/**
 * devmap_ctx_pass() - the access of a handle is over
 * @ctx: the arbiter
 * @id: of the handle
 */
void devmap_ctx_pass(struct devmap_ctx *ctx, u64 id)
{
	bool wake;

	spin_lock(&ctx->lock);
	wake = !--ctx->inflight && ctx->locked;
	if (ctx->turn == id && !ctx->running) {
		ctx->turn = 0;
		wake_ready(ctx);
	}
	spin_unlock(&ctx->lock);

	if (wake)
		wake_up(&ctx->lock_wait);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_pass);

/*
 * The first in the queue watches the clock for all; but with a lock on, which
 * keeps faults out, those that are already in the driver.
 */
static bool watches_clock(struct devmap_ctx *ctx,
			  const struct ctx_waiter *waiter)
{
	return ctx->locked ? waiter->inside : first_waiter(ctx) == waiter;
}

/* Queues and sleeps until @ready says so; returns with the lock held. */
static int wait_until(struct devmap_ctx *ctx, u64 id, clock_t timeout,
		      unsigned int state,
		      bool (*ready)(struct devmap_ctx *ctx, u64 id,
				    clock_t timeout))
	__acquires(&ctx->lock)
{
	struct ctx_waiter waiter = {
		.task = current, .id = id, .inside = ready == may_switch,
	};
	ktime_t left;
	int err = 0;

	spin_lock(&ctx->lock);
	if (ctx->gone)
		return -ENXIO;
	if (ready(ctx, id, timeout))
		return 0;

	list_add_tail(&waiter.node, &ctx->waiters);
	while (!ready(ctx, id, timeout)) {
		if (ctx->gone) {
			err = -ENXIO;
			break;
		}
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		left = watches_clock(ctx, &waiter) ? time_to_wait(ctx) :
						     KTIME_MAX;
		set_current_state(state);
		spin_unlock(&ctx->lock);
		schedule_hrtimeout(left == KTIME_MAX ? NULL : &left,
				   HRTIMER_MODE_REL);
		spin_lock(&ctx->lock);
	}
	list_del(&waiter.node);
	/* Whoever is first now has to watch the clock, or may go as well. */
	wake_ready(ctx);
	return err;
}

/**
 * devmap_ctx_wait() - wait until an access may go on, and keep the turn for it
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle
 * @state: TASK_KILLABLE or TASK_INTERRUPTIBLE
 *
 * Context: No lock of the layer held.
 * Return: 0, -EINTR, or -ENXIO if the instance is out of service.
 */
int devmap_ctx_wait(struct devmap_ctx *ctx, u64 id, clock_t timeout,
		    unsigned int state)
{
	int err = wait_until(ctx, id, timeout, state, may_fault);

	if (!err && timeout > 0)
		keep_turn(ctx, id);
	spin_unlock(&ctx->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_wait);

/* All that wait look again: who may go, and who watches the clock, differs. */
static void set_locked(struct devmap_ctx *ctx, bool locked)
{
	lockdep_assert_held(&ctx->lock);

	ctx->locked = locked;
	wake_all(ctx);
	/* One lock after the other would starve the faults. */
	if (!locked && !list_empty(&ctx->waiters)) {
		ctx->yielding = true;
		ctx->yield_until = jiffies + TURN_TICKS;
	}
}

static bool may_lock(const struct devmap_ctx *ctx)
{
	if (ctx->yielding && time_before(jiffies, ctx->yield_until))
		return false;
	return !ctx->locked;
}

/* Sleeps, but looks now and then whether the faults have had their time. */
static long wait_some(long left)
{
	long some = min_t(long, left, TURN_TICKS);

	return left - some + schedule_timeout(some);
}

/**
 * devmap_ctx_lock() - keep all accesses of type DEVMAP_ACCESS out of the driver
 * @ctx: the arbiter
 *
 * Waits for those that are in it. One that sleeps may be waiting for another,
 * which is kept out: hence not for ever.
 *
 * Return: 0, -EINTR, -ENXIO if the instance is out of service, or -EAGAIN after a
 * second.
 */
int devmap_ctx_lock(struct devmap_ctx *ctx)
{
	long left = LOCK_TICKS;
	bool mine = false, done = false;

	while (!done && left > 0) {
		DEFINE_WAIT(wait);

		prepare_to_wait(&ctx->lock_wait, &wait, TASK_KILLABLE);
		spin_lock(&ctx->lock);
		if (!mine && may_lock(ctx)) {
			mine = true;
			set_locked(ctx, true);
		}
		done = mine && !ctx->inflight && !ctx->gone;
		if (ctx->gone)
			left = -ENXIO;
		else if (fatal_signal_pending(current))
			left = -EINTR;
		spin_unlock(&ctx->lock);
		if (!done && left > 0)
			left = wait_some(left);
		finish_wait(&ctx->lock_wait, &wait);
	}

	if (done)
		return 0;
	if (mine)
		devmap_ctx_unlock(ctx);
	return left < 0 ? left : -EAGAIN;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_lock);

/**
 * devmap_ctx_unlock() - undo devmap_ctx_lock()
 * @ctx: the arbiter
 */
void devmap_ctx_unlock(struct devmap_ctx *ctx)
{
	spin_lock(&ctx->lock);
	set_locked(ctx, false);
	spin_unlock(&ctx->lock);
	wake_up(&ctx->lock_wait);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_unlock);

/**
 * devmap_ctx_enter() - the context callback of a handle is about to run
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle
 *
 * Normally the fault has waited already. If another one was faster in between,
 * this waits, killable, with the locks of the fault held.
 *
 * Return: 0, -EINTR, or -ENXIO if the instance is out of service.
 */
int devmap_ctx_enter(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	int err;

	if (timeout <= 0)
		return 0;

	err = wait_until(ctx, id, timeout, TASK_KILLABLE, may_switch);
	if (!err) {
		ctx->turn = id;
		ctx->running++;
	}
	spin_unlock(&ctx->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_enter);

static u64 end_of(clock_t timeout)
{
	return ktime_get_ns() + min_t(u64, timeout, MAX_TICKS) * TICK_NSEC;
}

/**
 * devmap_ctx_leave() - the context callback of a handle has run
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle, as for devmap_ctx_enter()
 * @got: it succeeded
 *
 * The time is never shorter than what was set, and up to a tick longer.
 */
void devmap_ctx_leave(struct devmap_ctx *ctx, u64 id, clock_t timeout, bool got)
{
	spin_lock(&ctx->lock);
	if (got && ctx->holder != id) {
		ctx->holder = id;
		ctx->until = timeout > 0 ? end_of(timeout) : 0;
	}
	if (timeout > 0 && !--ctx->running)
		ctx->turn = 0;
	wake_ready(ctx);
	spin_unlock(&ctx->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_leave);

/**
 * devmap_do_ctxmgt() - switch the context of a device to a handle
 * @dhp: the handle
 * @pvtp: ignored: the callback gets the private data of @dhp
 * @off: user offset in bytes
 * @len: bytes
 * @type: as devmap_access(9E) received it
 * @rw: as devmap_access(9E) received it
 * @ctxmgt: devmap_contextmgt(9E); NULL fails the access
 *
 * devmap_do_ctxmgt(9F). With a timeout set on the handle, waits until the
 * present holder has had the context for its time.
 *
 * Context: From devmap_access(9E) only.
 * Return: 0, or a fault code for devmap_access(9E) to return; the process gets
 * SIGBUS.
 */
int devmap_do_ctxmgt(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     uint_t type, uint_t rw,
		     int (*ctxmgt)(devmap_cookie_t dhp, void *pvtp,
				   offset_t off, size_t len, uint_t type,
				   uint_t rw))
{
	struct devmap_handle *h = dhp;
	clock_t timeout;
	int err;

	if (!h || !h->ctx || !ctxmgt ||
	    !devmap_frame_of_access(h->seg->mm))
		return FC_HWERR;

	timeout = READ_ONCE(h->timeout);
	err = devmap_ctx_enter(h->ctx, h->id, timeout);
	if (err)
		return FC_MAKE_ERR(-err);

	trace_devmap_ctxmgt_enter(h->seg, h, off, len, type, rw);
	err = ctxmgt(h, h->pvtp, off, len, type, rw);
	trace_devmap_ctxmgt_leave(h->seg, h, off, len, type, rw, err);

	devmap_ctx_leave(h->ctx, h->id, timeout, !err);
	return err ? FC_HWERR : 0;
}
EXPORT_SYMBOL_GPL(devmap_do_ctxmgt);

/**
 * devmap_set_ctx_timeout() - how long a handle keeps the context at least
 * @dhp: the handle
 * @ticks: clock ticks, see drv_usectohz(9F); negative counts as 0, which is the
 *	default: no delay
 *
 * devmap_set_ctx_timeout(9F). The time is kept per device instance and
 * devmap_access function. A handle whose own timeout is 0 does not wait for
 * that of the holder.
 *
 * Context: Any.
 */
void devmap_set_ctx_timeout(devmap_cookie_t dhp, clock_t ticks)
{
	struct devmap_handle *h = dhp;

	WRITE_ONCE(h->timeout, clamp_t(clock_t, ticks, 0, MAX_JIFFY_OFFSET));
}
EXPORT_SYMBOL_GPL(devmap_set_ctx_timeout);
