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
#include <linux/jiffies.h>
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

/**
 * struct ctx_waiter - on the stack of a task that waits for its turn
 * @node: in &devmap_ctx.waiters; &devmap_ctx.lock
 * @task: the task; constant
 * @id: of the handle; constant
 */
struct ctx_waiter {
	struct list_head node;
	struct task_struct *task;
	u64 id;
};

void devmap_ctx_init(struct devmap_ctx *ctx, devmap_access_fn access)
{
	*ctx = (struct devmap_ctx){ .access = access };
	spin_lock_init(&ctx->lock);
	INIT_LIST_HEAD(&ctx->waiters);
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

	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (ctx) {
		devmap_ctx_init(ctx, access);
		list_add(&ctx->node, &dip->ctxs);
	}
out:
	mutex_unlock(&dip->ctx_lock);
	return ctx;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_get);

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

static void wake_first(struct devmap_ctx *ctx)
{
	struct ctx_waiter *first = first_waiter(ctx);

	lockdep_assert_held(&ctx->lock);

	if (first)
		wake_up_process(first->task);
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
	if (!ctx->holder || ctx->holder == id)
		return true;
	if (first && first->id != id)
		return false;
	return time_after_eq(jiffies, ctx->until);
}

/* Ticks after which the first in the queue has to look again by itself. */
static long ticks_to_wait(const struct devmap_ctx *ctx)
{
	unsigned long when = ctx->turn ? ctx->turn_until : ctx->until;

	if (ctx->turn && ctx->running)
		return MAX_SCHEDULE_TIMEOUT;
	return time_after(when, jiffies) ? when - jiffies : 1;
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
 * devmap_ctx_try() - take the turn for an access, if that needs no wait
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

	if (timeout <= 0)
		return true;

	spin_lock(&ctx->lock);
	go = may_go(ctx, id);
	if (go)
		keep_turn(ctx, id);
	spin_unlock(&ctx->lock);
	return go;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_try);

/*
 * Queues and sleeps until the turn of @id; returns with the lock held. Only the
 * first in the queue has a timer running.
 */
static int wait_for_turn(struct devmap_ctx *ctx, u64 id, unsigned int state)
	__acquires(&ctx->lock)
{
	struct ctx_waiter waiter = { .task = current, .id = id };
	int err = 0;
	long ticks;

	spin_lock(&ctx->lock);
	if (may_go(ctx, id))
		return 0;

	list_add_tail(&waiter.node, &ctx->waiters);
	while (!may_go(ctx, id)) {
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		ticks = first_waiter(ctx) == &waiter ? ticks_to_wait(ctx) :
						       MAX_SCHEDULE_TIMEOUT;
		set_current_state(state);
		spin_unlock(&ctx->lock);
		schedule_timeout(ticks);
		spin_lock(&ctx->lock);
	}
	list_del(&waiter.node);
	if (err)
		wake_first(ctx);
	return err;
}

/**
 * devmap_ctx_wait() - wait for the turn of a handle, and keep it for a while
 * @ctx: the arbiter
 * @id: of the handle; it has a timeout
 * @state: TASK_KILLABLE or TASK_INTERRUPTIBLE
 *
 * Context: No lock of the layer held.
 * Return: 0 or -EINTR.
 */
int devmap_ctx_wait(struct devmap_ctx *ctx, u64 id, unsigned int state)
{
	int err = wait_for_turn(ctx, id, state);

	if (!err)
		keep_turn(ctx, id);
	/* Somebody has to notice when the turn is not taken. */
	wake_first(ctx);
	spin_unlock(&ctx->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_wait);

/**
 * devmap_ctx_enter() - the context callback of a handle is about to run
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle
 *
 * Normally the fault has waited already. If another one was faster in between,
 * this waits, killable, with the locks of the fault held.
 *
 * Return: 0 or -EINTR.
 */
int devmap_ctx_enter(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	int err;

	if (timeout <= 0)
		return 0;

	err = wait_for_turn(ctx, id, TASK_KILLABLE);
	if (!err) {
		ctx->turn = id;
		ctx->running++;
	}
	spin_unlock(&ctx->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_enter);

/**
 * devmap_ctx_leave() - the context callback of a handle has run
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle, as for devmap_ctx_enter()
 * @got: it succeeded
 *
 * A tick that has begun does not count: the time is never shorter than what
 * was set.
 */
void devmap_ctx_leave(struct devmap_ctx *ctx, u64 id, clock_t timeout, bool got)
{
	spin_lock(&ctx->lock);
	if (got && ctx->holder != id) {
		ctx->holder = id;
		ctx->until = jiffies + (timeout > 0 ? timeout + 1 : 0);
	}
	if (timeout > 0 && !--ctx->running)
		ctx->turn = 0;
	wake_first(ctx);
	spin_unlock(&ctx->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_leave);

/**
 * devmap_ctx_pass() - the access of a handle is over
 * @ctx: the arbiter
 * @id: of the handle
 * @timeout: of the handle, as for devmap_ctx_try()
 */
void devmap_ctx_pass(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	if (timeout <= 0)
		return;

	spin_lock(&ctx->lock);
	if (ctx->turn == id && !ctx->running) {
		ctx->turn = 0;
		wake_first(ctx);
	}
	spin_unlock(&ctx->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ctx_pass);

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
	if (devmap_ctx_enter(h->ctx, h->id, timeout))
		return FC_MAKE_ERR(EINTR);

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
