// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_ctxmgt: the context arbiter.
 *
 * No case depends on how fast the machine is. What must not happen yet is
 * checked with a time that never comes; what happens by itself is checked not
 * to come too early, and has PATIENCE.
 */

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <sys/sunddi.h>
#include <vm/faultcode.h>

#include "../devmap/ctxmgt.h"
#include "../devmap/frame.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"

#define PATIENCE	(30 * HZ)
#define LONG_TIME	(3600 * HZ)	/* never over */
#define SHORT_TIME	(HZ / 20 + 1)
/* Ticks may come late, and then faster, so that they are no measure of it. */
#define SHORT_NS	((u64)SHORT_TIME * TICK_NSEC)

/* Stands for a handle without a timeout. */
#define PASSER_BY	99

/**
 * struct ctx_fixture - what the cases start with
 * @ctx: the arbiter; nobody has the context
 * @dip: an instance with no arbiters
 * @seg: a segment of @mm
 * @mm: never looked into, only compared
 * @h: a handle of @seg, with @ctx, no timeout
 * @rank: how many threads have used the context
 * @inside: how many threads use the context right now
 * @crowd: a thread used the context while another did
 */
struct ctx_fixture {
	struct devmap_ctx ctx;
	struct dev_info dip;
	struct devmap_segment seg;
	struct mm_struct *mm;
	struct devmap_handle h;
	atomic_t rank;
	atomic_t inside;
	bool crowd;
};

/**
 * struct ctx_thread - a thread that wants something of the arbiter
 * @f: what it works on
 * @id: of the handle it stands for
 * @timeout: of the handle
 * @want: what it does; the result is @err
 * @task: the thread
 * @done: it is over
 * @err: the result
 * @rank: it was the @rank-th to use the context, from 1
 * @when: jiffies when it began to use it
 * @when_ns: the same in nanoseconds
 */
struct ctx_thread {
	struct ctx_fixture *f;
	u64 id;
	clock_t timeout;
	int (*want)(struct ctx_thread *t);
	struct task_struct *task;
	struct completion done;
	int err;
	int rank;
	unsigned long when;
	u64 when_ns;
};

static int some_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
		       size_t len, uint_t type, uint_t rw)
{
	return 0;
}

static int other_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
			size_t len, uint_t type, uint_t rw)
{
	return 0;
}

static void free_contexts(void *dip)
{
	devmap_ctx_free_all(dip);
}

static void init_dip(struct dev_info *dip)
{
	mutex_init(&dip->ctx_lock);
	INIT_LIST_HEAD(&dip->ctxs);
}

static int ctxmgt_init(struct kunit *test)
{
	struct ctx_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	devmap_ctx_init(&f->ctx, some_access);
	init_dip(&f->dip);
	f->mm = kunit_kzalloc(test, sizeof(*f->mm), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->mm);
	f->seg.mm = f->mm;
	f->h.seg = &f->seg;
	f->h.id = 1;
	f->h.ctx = &f->ctx;
	test->priv = f;
	return kunit_add_action_or_reset(test, free_contexts, &f->dip);
}

/* A context callback that runs and returns at once. */
static void take(struct kunit *test, struct devmap_ctx *ctx, u64 id,
		 clock_t timeout)
{
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(ctx, id, timeout));
	devmap_ctx_leave(ctx, id, timeout, true);
}

/* Nobody keeps the context any more, and the queue is told. */
static void end_time_of_holder(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, PASSER_BY, 0);
}

/* Changes the time of the holder, and tells nobody. */
static void set_time_left(struct devmap_ctx *ctx, clock_t ticks)
{
	spin_lock(&ctx->lock);
	ctx->until = ktime_get_ns() + (u64)ticks * TICK_NSEC;
	spin_unlock(&ctx->lock);
}

/* A turn that will not expire during the case. */
static void stretch_turn(struct devmap_ctx *ctx)
{
	spin_lock(&ctx->lock);
	ctx->turn_until = jiffies + LONG_TIME;
	spin_unlock(&ctx->lock);
}

static unsigned int nr_waiters(struct devmap_ctx *ctx)
{
	struct list_head *pos;
	unsigned int nr = 0;

	spin_lock(&ctx->lock);
	list_for_each(pos, &ctx->waiters)
		nr++;
	spin_unlock(&ctx->lock);
	return nr;
}

static bool wait_for_waiters(struct devmap_ctx *ctx, unsigned int nr)
{
	unsigned long end = jiffies + PATIENCE;

	while (nr_waiters(ctx) != nr) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

static bool is_locked(struct devmap_ctx *ctx)
{
	bool locked;

	spin_lock(&ctx->lock);
	locked = ctx->locked;
	spin_unlock(&ctx->lock);
	return locked;
}

static bool wait_for_locked(struct devmap_ctx *ctx)
{
	unsigned long end = jiffies + PATIENCE;

	while (!is_locked(ctx)) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

/* Tries until it works. */
static bool try_patiently(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	unsigned long end = jiffies + PATIENCE;

	while (!devmap_ctx_try(ctx, id, timeout)) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

static void use_context(struct ctx_thread *t)
{
	struct ctx_fixture *f = t->f;

	t->when = jiffies;
	t->when_ns = ktime_get_ns();
	t->rank = atomic_inc_return(&f->rank);
	if (atomic_inc_return(&f->inside) > 1)
		f->crowd = true;
	schedule_timeout_uninterruptible(1);
	atomic_dec(&f->inside);
}

/* In the context callback. */
static int want_context(struct ctx_thread *t)
{
	struct devmap_ctx *ctx = &t->f->ctx;
	int err = devmap_ctx_enter(ctx, t->id, t->timeout);

	if (err)
		return err;
	use_context(t);
	devmap_ctx_leave(ctx, t->id, t->timeout, true);
	return 0;
}

/* In a fault; does nothing with the turn. */
static int want_turn(struct ctx_thread *t)
{
	return devmap_ctx_wait(&t->f->ctx, t->id, t->timeout,
			       TASK_INTERRUPTIBLE);
}

static int want_turn_killable(struct ctx_thread *t)
{
	return devmap_ctx_wait(&t->f->ctx, t->id, t->timeout, TASK_KILLABLE);
}

/* Again and again, as it gives up after a time. */
static int want_lock(struct ctx_thread *t)
{
	unsigned long end = jiffies + PATIENCE;
	int err;

	do {
		err = devmap_ctx_lock(&t->f->ctx);
	} while (err == -EAGAIN && time_before(jiffies, end));
	return err;
}

static int ctx_thread(void *arg)
{
	struct ctx_thread *t = arg;

	allow_signal(SIGINT);
	allow_signal(SIGKILL);
	t->err = t->want(t);
	complete(&t->done);
	return 0;
}

static void stop_thread(void *arg)
{
	struct ctx_thread *t = arg;

	send_sig(SIGKILL, t->task, 1);
	kthread_stop(t->task);
	put_task_struct(t->task);
}

static struct ctx_thread *run_thread(struct kunit *test, u64 id,
				     clock_t timeout,
				     int (*want)(struct ctx_thread *t))
{
	struct ctx_thread *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->f = test->priv;
	t->id = id;
	t->timeout = timeout;
	t->want = want;
	init_completion(&t->done);
	t->task = kthread_create(ctx_thread, t, "devmap_kunit/%llu", id);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->task);
	get_task_struct(t->task);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, stop_thread, t));
	wake_up_process(t->task);
	return t;
}

/* Starts a thread that has to queue, as the last of @nr. */
static struct ctx_thread *queue_thread(struct kunit *test, u64 id,
				       clock_t timeout,
				       int (*want)(struct ctx_thread *t),
				       unsigned int nr)
{
	struct ctx_thread *t = run_thread(test, id, timeout, want);

	KUNIT_ASSERT_TRUE(test, wait_for_waiters(&t->f->ctx, nr));
	return t;
}

static bool is_done(struct ctx_thread *t)
{
	return wait_for_completion_timeout(&t->done, PATIENCE);
}

/* Turns */

static void turn_is_first_comers(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 1);
}

static void turn_keeps_others_away(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void turn_is_for_all_threads_of_handle(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
}

static void turn_ends_with_access(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	devmap_ctx_pass(&f->ctx, 1);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void turn_does_not_end_with_access_of_another(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	devmap_ctx_pass(&f->ctx, 2);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void turn_expires(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	unsigned long start = jiffies, until;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	until = f->ctx.turn_until;
	KUNIT_EXPECT_TRUE(test, time_after(until, start));
	KUNIT_ASSERT_TRUE(test, try_patiently(&f->ctx, 2, LONG_TIME));
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, until));
}

static void turn_is_not_prolonged(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	unsigned long until;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	until = f->ctx.turn_until;
	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	KUNIT_EXPECT_EQ(test, f->ctx.turn_until, until);
}

static void turn_does_not_expire_in_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	f->ctx.turn_until = jiffies - 1;
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void turn_does_not_end_in_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	/* Another thread of the handle was at its driver at the same time. */
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	devmap_ctx_pass(&f->ctx, 1);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
}

static void turn_lasts_until_last_callback_is_over(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void turn_is_not_kept_without_timeout(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			devmap_ctx_wait(&f->ctx, 1, 0, TASK_INTERRUPTIBLE));
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 0);
}

static void turn_is_kept_after_wait(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			devmap_ctx_wait(&f->ctx, 1, LONG_TIME,
					TASK_INTERRUPTIBLE));
	stretch_turn(&f->ctx);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
}

/* Who has the context */

static void holder_keeps_context(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void holder_keeps_context_for_its_time(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	u64 start = ktime_get_ns();

	take(test, &f->ctx, 1, SHORT_TIME);
	KUNIT_ASSERT_TRUE(test, try_patiently(&f->ctx, 2, LONG_TIME));
	KUNIT_EXPECT_GE(test, ktime_get_ns(), start + SHORT_NS);
}

static void holder_keeps_context_from_end_of_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	u64 end;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, SHORT_TIME));
	schedule_timeout_uninterruptible(SHORT_TIME);
	end = ktime_get_ns();
	devmap_ctx_leave(&f->ctx, 1, SHORT_TIME, true);
	KUNIT_ASSERT_TRUE(test, try_patiently(&f->ctx, 2, LONG_TIME));
	KUNIT_EXPECT_GE(test, ktime_get_ns(), end + SHORT_NS);
}

static void holder_does_not_wait_in_its_time(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	t = run_thread(test, 1, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void holder_goes_on_when_nobody_waits(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	set_time_left(&f->ctx, 0);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
}

static void holder_does_not_gain_time(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	unsigned long until;

	take(test, &f->ctx, 1, LONG_TIME);
	until = f->ctx.until;
	schedule_timeout_uninterruptible(2);
	take(test, &f->ctx, 1, LONG_TIME);
	KUNIT_EXPECT_EQ(test, f->ctx.until, until);
}

static void holder_without_timeout_keeps_nothing(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 1);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void holder_is_nobody_after_failure(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 0);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void holder_stays_after_failure_of_another(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	unsigned long until;

	take(test, &f->ctx, 1, LONG_TIME);
	until = f->ctx.until;
	devmap_ctx_leave(&f->ctx, 2, 0, false);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 1);
	KUNIT_EXPECT_EQ(test, f->ctx.until, until);
}

/* Handles without a timeout */

struct no_timeout_case {
	const char *name;
	clock_t timeout;
};

static const struct no_timeout_case no_timeout_cases[] = {
	{ "0", 0 },
	{ "negative", -1 },
};

KUNIT_ARRAY_PARAM_DESC(no_timeout, no_timeout_cases, name);

static void no_timeout_needs_no_turn(struct kunit *test)
{
	const struct no_timeout_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, c->timeout));
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 0);
}

static void no_timeout_never_waits(struct kunit *test)
{
	const struct no_timeout_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	t = run_thread(test, 2, c->timeout, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 2);
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, true);
}

static void no_timeout_leaves_turn_to_others(struct kunit *test)
{
	const struct no_timeout_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	take(test, &f->ctx, 2, c->timeout);
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 1);
	KUNIT_EXPECT_EQ(test, f->ctx.running, 1);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 3, LONG_TIME));
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, true);
}

/* The queue */

static void queue_moves_when_time_is_up(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	u64 start = ktime_get_ns();
	struct ctx_thread *t;

	take(test, &f->ctx, 1, SHORT_TIME);
	t = run_thread(test, 2, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_GE(test, t->when_ns, start + SHORT_NS);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 2);
}

static void queue_moves_when_turn_expires(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;
	unsigned long until;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	until = f->ctx.turn_until;
	t = run_thread(test, 2, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_TRUE(test, time_after_eq(t->when, until));
}

static void queue_moves_after_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	t = queue_thread(test, 2, LONG_TIME, want_context, 1);
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void queue_moves_after_access(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
	stretch_turn(&f->ctx);
	t = queue_thread(test, 2, LONG_TIME, want_context, 1);
	devmap_ctx_pass(&f->ctx, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void queue_moves_after_handle_without_timeout(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	t = queue_thread(test, 2, LONG_TIME, want_context, 1);
	take(test, &f->ctx, 3, 0);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void queue_is_served_in_order(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t[4];
	int i;

	take(test, &f->ctx, 1, LONG_TIME);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = queue_thread(test, 2 + i, 1, want_context, 1 + i);
	end_time_of_holder(test);

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		KUNIT_ASSERT_TRUE(test, is_done(t[i]));
		KUNIT_EXPECT_EQ(test, t[i]->err, 0);
		KUNIT_EXPECT_EQ(test, t[i]->rank, 1 + i);
	}
}

static void queue_is_served_one_at_a_time(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t[8];
	int i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = run_thread(test, 2 + i, 1, want_context);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_ASSERT_TRUE(test, is_done(t[i]));
	KUNIT_EXPECT_FALSE(test, f->crowd);
}

static void queue_goes_before_newcomers(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	queue_thread(test, 2, LONG_TIME, want_context, 1);
	set_time_left(&f->ctx, 0);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 3, LONG_TIME));
}

static void queue_goes_before_holder_whose_time_is_up(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	queue_thread(test, 2, LONG_TIME, want_context, 1);
	set_time_left(&f->ctx, 0);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
}

static void queue_stands_for_all_threads_of_handle(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	queue_thread(test, 2, LONG_TIME, want_context, 1);
	set_time_left(&f->ctx, 0);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void queue_does_not_stop_holder(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, LONG_TIME);
	queue_thread(test, 2, LONG_TIME, want_context, 1);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
}

/* The first one that waited has its turn but never comes for it. */
static void queue_moves_past_unused_turn(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t[2];
	int i;

	take(test, &f->ctx, 1, LONG_TIME);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = queue_thread(test, 2 + i, LONG_TIME, want_turn,
				    1 + i);
	end_time_of_holder(test);

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		KUNIT_ASSERT_TRUE(test, is_done(t[i]));
		KUNIT_EXPECT_EQ(test, t[i]->err, 0);
	}
}

/* Signals */

struct signal_case {
	const char *name;
	int (*want)(struct ctx_thread *t);
	int sig;
};

static const struct signal_case signal_cases[] = {
	{ "signal, waiting interruptibly", want_turn, SIGINT },
	{ "death, waiting interruptibly", want_turn, SIGKILL },
	{ "death, waiting killably", want_turn_killable, SIGKILL },
	{ "death, entering", want_context, SIGKILL },
};

KUNIT_ARRAY_PARAM_DESC(signal, signal_cases, name);

static void signal_ends_wait(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	t = queue_thread(test, 2, LONG_TIME, c->want, 1);
	send_sig(c->sig, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, -EINTR);
	KUNIT_EXPECT_EQ(test, nr_waiters(&f->ctx), 0);
}

static void signal_takes_no_turn(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	t = queue_thread(test, 2, LONG_TIME, c->want, 1);
	send_sig(c->sig, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.running, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 1);
}

/*
 * The second in the queue has no timer until it is the first. (Should the first
 * one be so slow that its time comes before the signal, it soon goes again.)
 */
static void signal_lets_next_one_look(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *first, *second;

	take(test, &f->ctx, 1, LONG_TIME);
	first = queue_thread(test, 2, 1, c->want, 1);
	second = queue_thread(test, 3, LONG_TIME, want_context, 2);
	set_time_left(&f->ctx, HZ / 2);
	send_sig(c->sig, first->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(second));
	KUNIT_EXPECT_EQ(test, second->err, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 3);
}

static const struct signal_case deaf_cases[] = {
	{ "waiting killably", want_turn_killable, SIGINT },
	{ "entering", want_context, SIGINT },
};

KUNIT_ARRAY_PARAM_DESC(deaf, deaf_cases, name);

static void signal_does_not_end_killable_wait(struct kunit *test)
{
	const struct signal_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	t = queue_thread(test, 2, LONG_TIME, c->want, 1);
	send_sig(c->sig, t->task, 1);
	/* As if somebody had woken it, so that it looks. */
	wake_up_process(t->task);
	schedule_timeout_uninterruptible(SHORT_TIME);
	KUNIT_EXPECT_FALSE(test, completion_done(&t->done));

	end_time_of_holder(test);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

/* Accesses of type DEVMAP_LOCK, which keep those of type DEVMAP_ACCESS out */

struct access_case {
	const char *name;
	clock_t timeout;
};

static const struct access_case access_cases[] = {
	{ "without a timeout", 0 },
	{ "with a timeout", LONG_TIME },
};

KUNIT_ARRAY_PARAM_DESC(access, access_cases, name);

static void lock_keeps_accesses_out(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 1, c->timeout));
	KUNIT_EXPECT_EQ(test, f->ctx.inflight, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.turn, 0);
}

static void unlock_lets_accesses_in(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	devmap_ctx_unlock(&f->ctx);
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, c->timeout));
}

static void unlock_wakes_access(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = queue_thread(test, 1, c->timeout, want_turn, 1);
	devmap_ctx_unlock(&f->ctx);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void unlock_wakes_all_that_need_no_turn(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t[3];
	int i;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = queue_thread(test, 1 + i, 0, want_turn, 1 + i);
	devmap_ctx_unlock(&f->ctx);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		KUNIT_EXPECT_TRUE(test, is_done(t[i]));
}

struct behind_case {
	const char *name;
	u64 id;
	clock_t timeout;
};

static const struct behind_case behind_cases[] = {
	{ "a handle without a timeout", 3, 0 },
	{ "the holder", 1, LONG_TIME },
};

KUNIT_ARRAY_PARAM_DESC(behind, behind_cases, name);

/* Those who never wait do not wait for the first in the queue either. */
static void unlock_wakes_beyond_first(struct kunit *test)
{
	const struct behind_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	queue_thread(test, 2, LONG_TIME, want_turn, 1);
	t = queue_thread(test, c->id, c->timeout, want_turn, 2);
	devmap_ctx_unlock(&f->ctx);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_EQ(test, nr_waiters(&f->ctx), 1);
}

static void lock_waits_for_accesses_in_driver(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, c->timeout));
	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, c->timeout));
	t = run_thread(test, 2, 0, want_lock);
	KUNIT_ASSERT_TRUE(test, wait_for_locked(&f->ctx));
	devmap_ctx_pass(&f->ctx, 1);
	schedule_timeout_uninterruptible(SHORT_TIME);
	KUNIT_EXPECT_FALSE(test, completion_done(&t->done));

	devmap_ctx_pass(&f->ctx, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_TRUE(test, is_locked(&f->ctx));
}

static void lock_waits_for_unlock(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = run_thread(test, 2, 0, want_lock);
	schedule_timeout_uninterruptible(SHORT_TIME);
	KUNIT_EXPECT_FALSE(test, completion_done(&t->done));

	devmap_ctx_unlock(&f->ctx);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
	KUNIT_EXPECT_TRUE(test, is_locked(&f->ctx));
}

static void lock_gives_up_on_accesses(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, 0));
	KUNIT_EXPECT_EQ(test, -EAGAIN, devmap_ctx_lock(&f->ctx));
	KUNIT_EXPECT_FALSE(test, is_locked(&f->ctx));
	KUNIT_EXPECT_TRUE(test, devmap_ctx_try(&f->ctx, 1, 0));
}

static void lock_gives_up_on_lock(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	KUNIT_EXPECT_EQ(test, -EAGAIN, devmap_ctx_lock(&f->ctx));
	KUNIT_EXPECT_TRUE(test, is_locked(&f->ctx));
}

static void lock_follows_lock_when_nobody_waits(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	devmap_ctx_unlock(&f->ctx);
	KUNIT_EXPECT_FALSE(test, f->ctx.yielding);
	KUNIT_EXPECT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
}

static void lock_yields_to_access_that_waited(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	unsigned long start, until;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	queue_thread(test, 1, 0, want_turn, 1);
	start = jiffies;
	devmap_ctx_unlock(&f->ctx);
	until = f->ctx.yield_until;
	KUNIT_EXPECT_TRUE(test, time_after(until, start));
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	KUNIT_EXPECT_TRUE(test, time_after_eq(jiffies, until));
}

static void lock_yields_to_one_access_only(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	queue_thread(test, 1, 0, want_turn, 1);
	devmap_ctx_unlock(&f->ctx);
	spin_lock(&f->ctx.lock);
	f->ctx.yield_until = jiffies + LONG_TIME;
	spin_unlock(&f->ctx.lock);

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 2, 0));
	devmap_ctx_pass(&f->ctx, 2);
	KUNIT_EXPECT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
}

static void lock_that_gives_up_wakes_access(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *lock, *t;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, 0));
	lock = run_thread(test, 2, 0, want_lock);
	KUNIT_ASSERT_TRUE(test, wait_for_locked(&f->ctx));
	t = run_thread(test, 3, 0, want_turn);
	send_sig(SIGKILL, lock->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void lock_is_killable_with_accesses_in_driver(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, 0));
	t = run_thread(test, 2, 0, want_lock);
	KUNIT_ASSERT_TRUE(test, wait_for_locked(&f->ctx));
	send_sig(SIGKILL, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, -EINTR);
	KUNIT_EXPECT_FALSE(test, is_locked(&f->ctx));
}

static void lock_is_killable_behind_lock(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = run_thread(test, 2, 0, want_lock);
	schedule_timeout_uninterruptible(SHORT_TIME);
	send_sig(SIGKILL, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, -EINTR);
	KUNIT_EXPECT_TRUE(test, is_locked(&f->ctx));
}

/* An access that is in the driver already has to get to its end. */
static void lock_does_not_stop_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = run_thread(test, 1, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void lock_does_not_stop_clock(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, SHORT_TIME);
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = run_thread(test, 2, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

/* The queue is of accesses that are kept out. */
static void lock_lets_callback_pass_queue(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, SHORT_TIME);
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	queue_thread(test, 3, LONG_TIME, want_turn, 1);
	t = run_thread(test, 2, LONG_TIME, want_context);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void lock_lets_next_callback_pass_queue(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_enter(&f->ctx, 1, LONG_TIME));
	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	queue_thread(test, 3, LONG_TIME, want_turn, 1);
	t = queue_thread(test, 2, LONG_TIME, want_context, 2);
	devmap_ctx_leave(&f->ctx, 1, LONG_TIME, false);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, 0);
}

static void signal_ends_wait_for_unlock(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	KUNIT_ASSERT_EQ(test, 0, devmap_ctx_lock(&f->ctx));
	t = queue_thread(test, 1, 0, want_turn, 1);
	send_sig(SIGINT, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, -EINTR);
}

/* devmap_do_ctxmgt(9F) */

/* What the context callback was called with. */
static struct {
	int calls;
	int ret;
	devmap_cookie_t dhp;
	void *pvtp;
	offset_t off;
	size_t len;
	uint_t type;
	uint_t rw;
	bool running;
} call;

static int some_ctxmgt(devmap_cookie_t dhp, void *pvtp, offset_t off,
		       size_t len, uint_t type, uint_t rw)
{
	struct devmap_handle *h = dhp;

	call.calls++;
	call.dhp = dhp;
	call.pvtp = pvtp;
	call.off = off;
	call.len = len;
	call.type = type;
	call.rw = rw;
	call.running = h->ctx->turn == h->id && h->ctx->running == 1;
	return call.ret;
}

/* Calls it as devmap_access(9E) in a fault of @mm would. */
static int do_ctxmgt(struct devmap_handle *h, struct mm_struct *mm, int ret)
{
	struct devmap_frame frame = { .mm = mm };
	int fc;

	memset(&call, 0, sizeof(call));
	call.ret = ret;
	devmap_frame_push(&frame);
	fc = devmap_do_ctxmgt(h, NULL, 0x3000, PAGE_SIZE, DEVMAP_ACCESS,
			      DEVMAP_WRITE, some_ctxmgt);
	devmap_frame_pop(&frame);
	return fc;
}

static void ctxmgt_passes_arguments(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, do_ctxmgt(&f->h, f->mm, 0));
	KUNIT_EXPECT_EQ(test, call.calls, 1);
	KUNIT_EXPECT_PTR_EQ(test, call.dhp, (devmap_cookie_t)&f->h);
	KUNIT_EXPECT_EQ(test, call.off, 0x3000);
	KUNIT_EXPECT_EQ(test, call.len, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, call.type, DEVMAP_ACCESS);
	KUNIT_EXPECT_EQ(test, call.rw, DEVMAP_WRITE);
}

static void ctxmgt_passes_private_data_of_handle(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	f->h.pvtp = f;
	KUNIT_ASSERT_EQ(test, 0, do_ctxmgt(&f->h, f->mm, 0));
	KUNIT_EXPECT_PTR_EQ(test, call.pvtp, (void *)f);
}

static void ctxmgt_success_makes_holder(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, do_ctxmgt(&f->h, f->mm, 0));
	KUNIT_EXPECT_EQ(test, f->ctx.holder, f->h.id);
}

static void ctxmgt_failure_is_hardware_error(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, FC_HWERR, do_ctxmgt(&f->h, f->mm, -1));
	KUNIT_EXPECT_EQ(test, call.calls, 1);
	KUNIT_EXPECT_EQ(test, f->ctx.holder, 0);
}

static void ctxmgt_has_turn_during_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	devmap_set_ctx_timeout(&f->h, LONG_TIME);
	KUNIT_ASSERT_EQ(test, 0, do_ctxmgt(&f->h, f->mm, 0));
	KUNIT_EXPECT_TRUE(test, call.running);
	KUNIT_EXPECT_EQ(test, f->ctx.running, 0);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

static void ctxmgt_needs_handle(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, FC_HWERR, do_ctxmgt(NULL, f->mm, 0));
	KUNIT_EXPECT_EQ(test, call.calls, 0);
}

static void ctxmgt_needs_devmap_access(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	f->h.ctx = NULL;
	KUNIT_EXPECT_EQ(test, FC_HWERR, do_ctxmgt(&f->h, f->mm, 0));
	KUNIT_EXPECT_EQ(test, call.calls, 0);
}

static void ctxmgt_needs_callback(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct devmap_frame frame = { .mm = f->mm };

	devmap_frame_push(&frame);
	KUNIT_EXPECT_EQ(test, FC_HWERR,
			devmap_do_ctxmgt(&f->h, NULL, 0, PAGE_SIZE,
					 DEVMAP_ACCESS, DEVMAP_READ, NULL));
	devmap_frame_pop(&frame);
}

static void ctxmgt_needs_fault(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	memset(&call, 0, sizeof(call));
	KUNIT_EXPECT_EQ(test, FC_HWERR,
			devmap_do_ctxmgt(&f->h, NULL, 0, PAGE_SIZE,
					 DEVMAP_ACCESS, DEVMAP_READ,
					 some_ctxmgt));
	KUNIT_EXPECT_EQ(test, call.calls, 0);
}

static void ctxmgt_needs_fault_of_same_process(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct mm_struct *other;

	other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, FC_HWERR, do_ctxmgt(&f->h, other, 0));
	KUNIT_EXPECT_EQ(test, call.calls, 0);
}

static int want_ctxmgt(struct ctx_thread *t)
{
	return do_ctxmgt(&t->f->h, t->f->mm, 0);
}

static void ctxmgt_is_killable(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 2, LONG_TIME);
	devmap_set_ctx_timeout(&f->h, LONG_TIME);
	t = queue_thread(test, f->h.id, LONG_TIME, want_ctxmgt, 1);
	send_sig(SIGKILL, t->task, 1);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, FC_MAKE_ERR(EINTR));
	KUNIT_EXPECT_EQ(test, call.calls, 0);
	KUNIT_EXPECT_EQ(test, f->ctx.running, 0);
}

/* devmap_set_ctx_timeout(9F) */

struct timeout_case {
	const char *name;
	clock_t ticks;
	clock_t timeout;
};

static const struct timeout_case timeout_cases[] = {
	{ "0", 0, 0 },
	{ "a tick", 1, 1 },
	{ "an hour", LONG_TIME, LONG_TIME },
	{ "negative", -1, 0 },
	{ "most negative", LONG_MIN, 0 },
	{ "longest", LONG_MAX, MAX_JIFFY_OFFSET },
};

KUNIT_ARRAY_PARAM_DESC(timeout, timeout_cases, name);

static void timeout_is_clamped(struct kunit *test)
{
	const struct timeout_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;

	f->h.timeout = 77;
	devmap_set_ctx_timeout(&f->h, c->ticks);
	KUNIT_EXPECT_EQ(test, f->h.timeout, c->timeout);
}

/* The longest time there is does not wrap around. */
static void timeout_may_be_longest(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;

	take(test, &f->ctx, 1, MAX_JIFFY_OFFSET);
	KUNIT_EXPECT_FALSE(test, devmap_ctx_try(&f->ctx, 2, LONG_TIME));
}

/* The end of an instance */

static void end_of_instance(struct kunit *test, struct devmap_ctx *ctx)
{
	struct ctx_fixture *f = test->priv;

	/* It is freed with the test, not with the instance. */
	mutex_lock(&f->dip.ctx_lock);
	list_add(&ctx->node, &f->dip.ctxs);
	mutex_unlock(&f->dip.ctx_lock);
	WRITE_ONCE(f->dip.gone, true);
	devmap_ctx_end(&f->dip);
	list_del(&ctx->node);
}

struct end_case {
	const char *name;
	int (*want)(struct ctx_thread *t);
	bool queues;
};

static const struct end_case end_cases[] = {
	{ "turn", want_turn, true },
	{ "killable turn", want_turn_killable, true },
	{ "context", want_context, true },
	{ "lock", want_lock, false },
};

KUNIT_ARRAY_PARAM_DESC(end, end_cases, name);

static void end_of_instance_ends_waits(struct kunit *test)
{
	const struct end_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *first, *second;

	take(test, &f->ctx, 1, LONG_TIME);
	if (c->queues) {
		first = queue_thread(test, 2, LONG_TIME, c->want, 1);
		second = queue_thread(test, 3, LONG_TIME, c->want, 2);
	} else {
		/* An access that stays in the driver. */
		KUNIT_ASSERT_TRUE(test, devmap_ctx_try(&f->ctx, 1, LONG_TIME));
		first = run_thread(test, 2, LONG_TIME, c->want);
		KUNIT_ASSERT_TRUE(test, wait_for_locked(&f->ctx));
		second = run_thread(test, 3, LONG_TIME, c->want);
	}
	end_of_instance(test, &f->ctx);
	KUNIT_ASSERT_TRUE(test, is_done(first));
	KUNIT_ASSERT_TRUE(test, is_done(second));
	KUNIT_EXPECT_EQ(test, first->err, -ENXIO);
	KUNIT_EXPECT_EQ(test, second->err, -ENXIO);
	KUNIT_EXPECT_EQ(test, nr_waiters(&f->ctx), 0);
	KUNIT_EXPECT_FALSE(test, is_locked(&f->ctx));
}

static void after_the_end_nobody_waits(struct kunit *test)
{
	const struct end_case *c = test->param_value;
	struct ctx_fixture *f = test->priv;
	struct ctx_thread *t;

	take(test, &f->ctx, 1, LONG_TIME);
	end_of_instance(test, &f->ctx);
	t = run_thread(test, 2, LONG_TIME, c->want);
	KUNIT_ASSERT_TRUE(test, is_done(t));
	KUNIT_EXPECT_EQ(test, t->err, -ENXIO);
}

static void arbiter_made_after_the_end(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct devmap_ctx *ctx;

	WRITE_ONCE(f->dip.gone, true);
	ctx = devmap_ctx_get(&f->dip, some_access);
	KUNIT_ASSERT_NOT_NULL(test, ctx);
	KUNIT_EXPECT_EQ(test, devmap_ctx_enter(ctx, 1, LONG_TIME), -ENXIO);
}

/* Arbiters of an instance */

static void arbiter_is_per_access_function(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct devmap_ctx *some, *other;

	some = devmap_ctx_get(&f->dip, some_access);
	other = devmap_ctx_get(&f->dip, other_access);
	KUNIT_ASSERT_NOT_NULL(test, some);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_PTR_NE(test, some, other);
	KUNIT_EXPECT_PTR_EQ(test, some, devmap_ctx_get(&f->dip, some_access));
	KUNIT_EXPECT_PTR_EQ(test, other,
			    devmap_ctx_get(&f->dip, other_access));
}

static void arbiter_is_per_instance(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct devmap_ctx *here, *there;
	struct dev_info *dip;

	dip = kunit_kzalloc(test, sizeof(*dip), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dip);
	init_dip(dip);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_contexts, dip));

	here = devmap_ctx_get(&f->dip, some_access);
	there = devmap_ctx_get(dip, some_access);
	KUNIT_ASSERT_NOT_NULL(test, here);
	KUNIT_ASSERT_NOT_NULL(test, there);
	KUNIT_EXPECT_PTR_NE(test, here, there);
}

static void arbiter_is_free_at_first(struct kunit *test)
{
	struct ctx_fixture *f = test->priv;
	struct devmap_ctx *ctx = devmap_ctx_get(&f->dip, some_access);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	KUNIT_EXPECT_EQ(test, ctx->holder, 0);
	KUNIT_EXPECT_EQ(test, ctx->turn, 0);
	KUNIT_EXPECT_EQ(test, ctx->running, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&ctx->waiters));
}

static struct kunit_case ctxmgt_cases[] = {
	KUNIT_CASE(turn_is_first_comers),
	KUNIT_CASE(turn_keeps_others_away),
	KUNIT_CASE(turn_is_for_all_threads_of_handle),
	KUNIT_CASE(turn_ends_with_access),
	KUNIT_CASE(turn_does_not_end_with_access_of_another),
	KUNIT_CASE(turn_expires),
	KUNIT_CASE(turn_is_not_prolonged),
	KUNIT_CASE(turn_does_not_expire_in_callback),
	KUNIT_CASE(turn_does_not_end_in_callback),
	KUNIT_CASE(turn_lasts_until_last_callback_is_over),
	KUNIT_CASE(turn_is_not_kept_without_timeout),
	KUNIT_CASE(turn_is_kept_after_wait),
	KUNIT_CASE(holder_keeps_context),
	KUNIT_CASE(holder_keeps_context_for_its_time),
	KUNIT_CASE(holder_keeps_context_from_end_of_callback),
	KUNIT_CASE(holder_does_not_wait_in_its_time),
	KUNIT_CASE(holder_goes_on_when_nobody_waits),
	KUNIT_CASE(holder_does_not_gain_time),
	KUNIT_CASE(holder_without_timeout_keeps_nothing),
	KUNIT_CASE(holder_is_nobody_after_failure),
	KUNIT_CASE(holder_stays_after_failure_of_another),
	KUNIT_CASE_PARAM(no_timeout_needs_no_turn, no_timeout_gen_params),
	KUNIT_CASE_PARAM(no_timeout_never_waits, no_timeout_gen_params),
	KUNIT_CASE_PARAM(no_timeout_leaves_turn_to_others,
			 no_timeout_gen_params),
	KUNIT_CASE(queue_moves_when_time_is_up),
	KUNIT_CASE(queue_moves_when_turn_expires),
	KUNIT_CASE(queue_moves_after_callback),
	KUNIT_CASE(queue_moves_after_access),
	KUNIT_CASE(queue_moves_after_handle_without_timeout),
	KUNIT_CASE(queue_is_served_in_order),
	KUNIT_CASE(queue_is_served_one_at_a_time),
	KUNIT_CASE(queue_goes_before_newcomers),
	KUNIT_CASE(queue_goes_before_holder_whose_time_is_up),
	KUNIT_CASE(queue_stands_for_all_threads_of_handle),
	KUNIT_CASE(queue_does_not_stop_holder),
	KUNIT_CASE(queue_moves_past_unused_turn),
	KUNIT_CASE_PARAM(signal_ends_wait, signal_gen_params),
	KUNIT_CASE_PARAM(signal_takes_no_turn, signal_gen_params),
	KUNIT_CASE_PARAM(signal_lets_next_one_look, signal_gen_params),
	KUNIT_CASE_PARAM(signal_does_not_end_killable_wait, deaf_gen_params),
	KUNIT_CASE_PARAM(lock_keeps_accesses_out, access_gen_params),
	KUNIT_CASE_PARAM(unlock_lets_accesses_in, access_gen_params),
	KUNIT_CASE_PARAM(unlock_wakes_access, access_gen_params),
	KUNIT_CASE(unlock_wakes_all_that_need_no_turn),
	KUNIT_CASE_PARAM(unlock_wakes_beyond_first, behind_gen_params),
	KUNIT_CASE_PARAM(lock_waits_for_accesses_in_driver, access_gen_params),
	KUNIT_CASE(lock_waits_for_unlock),
	KUNIT_CASE_SLOW(lock_gives_up_on_accesses),
	KUNIT_CASE_SLOW(lock_gives_up_on_lock),
	KUNIT_CASE(lock_follows_lock_when_nobody_waits),
	KUNIT_CASE(lock_yields_to_access_that_waited),
	KUNIT_CASE(lock_yields_to_one_access_only),
	KUNIT_CASE(lock_that_gives_up_wakes_access),
	KUNIT_CASE(lock_is_killable_with_accesses_in_driver),
	KUNIT_CASE(lock_is_killable_behind_lock),
	KUNIT_CASE(lock_does_not_stop_callback),
	KUNIT_CASE(lock_does_not_stop_clock),
	KUNIT_CASE(lock_lets_callback_pass_queue),
	KUNIT_CASE(lock_lets_next_callback_pass_queue),
	KUNIT_CASE(signal_ends_wait_for_unlock),
	KUNIT_CASE(ctxmgt_passes_arguments),
	KUNIT_CASE(ctxmgt_passes_private_data_of_handle),
	KUNIT_CASE(ctxmgt_success_makes_holder),
	KUNIT_CASE(ctxmgt_failure_is_hardware_error),
	KUNIT_CASE(ctxmgt_has_turn_during_callback),
	KUNIT_CASE(ctxmgt_needs_handle),
	KUNIT_CASE(ctxmgt_needs_devmap_access),
	KUNIT_CASE(ctxmgt_needs_callback),
	KUNIT_CASE(ctxmgt_needs_fault),
	KUNIT_CASE(ctxmgt_needs_fault_of_same_process),
	KUNIT_CASE(ctxmgt_is_killable),
	KUNIT_CASE_PARAM(timeout_is_clamped, timeout_gen_params),
	KUNIT_CASE(timeout_may_be_longest),
	KUNIT_CASE_PARAM(end_of_instance_ends_waits, end_gen_params),
	KUNIT_CASE_PARAM(after_the_end_nobody_waits, end_gen_params),
	KUNIT_CASE(arbiter_made_after_the_end),
	KUNIT_CASE(arbiter_is_per_access_function),
	KUNIT_CASE(arbiter_is_per_instance),
	KUNIT_CASE(arbiter_is_free_at_first),
	{}
};

static struct kunit_suite ctxmgt_suite = {
	.name = "devmap_ctxmgt",
	.init = ctxmgt_init,
	.test_cases = ctxmgt_cases,
};

kunit_test_suite(ctxmgt_suite);
