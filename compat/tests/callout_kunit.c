// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_callout: timeout(9F), untimeout(9F). */
#define _KERNEL

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/prandom.h>

#include "ddi.h"

#include <sys/sunddi.h>

#define RANDOM_SEED	20260304
#define NR_TIMEOUTS	300

/**
 * struct handled - what a handler did
 * @calls: how often it was called
 * @done: once
 * @when: at which time
 * @in_task: where it may sleep
 * @go_on: it may return
 * @running: it is in the middle
 * @id: of its own timeout
 * @result: of what it called
 */
struct handled {
	atomic_t calls;
	struct completion done;
	clock_t when;
	bool in_task;
	struct completion go_on;
	bool running;
	timeout_id_t id;
	clock_t result;
};

static int callout_suite_init(struct kunit *test)
{
	struct handled *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, h);
	init_completion(&h->done);
	init_completion(&h->go_on);
	test->priv = h;
	return 0;
}

static void note(void *arg)
{
	struct handled *h = arg;

	h->when = ddi_get_lbolt();
	h->in_task = in_task();
	atomic_inc(&h->calls);
	complete(&h->done);
}

static void take_long(void *arg)
{
	struct handled *h = arg;

	WRITE_ONCE(h->running, true);
	complete(&h->done);
	wait_for_completion(&h->go_on);
	WRITE_ONCE(h->running, false);
	atomic_inc(&h->calls);
}

static void handler_is_called_once(struct kunit *test)
{
	const clock_t ticks = msecs_to_jiffies(A_WHILE_MS);
	struct handled *h = test->priv;
	clock_t before = ddi_get_lbolt();

	KUNIT_EXPECT_NOT_NULL(test, timeout(note, h, ticks));
	wait_for_completion(&h->done);
	KUNIT_EXPECT_GE(test, h->when - before, ticks);
	KUNIT_EXPECT_TRUE(test, h->in_task);
	msleep(2 * A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 1);
}

static void no_time_is_soon(struct kunit *test)
{
	struct handled *h = test->priv;

	timeout(note, h, 0);
	wait_for_completion(&h->done);
	timeout(note, h, -5);
	wait_for_completion(&h->done);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 2);
}

static void cancelled_is_not_called(struct kunit *test)
{
	const clock_t ticks = 2 * msecs_to_jiffies(A_WHILE_MS);
	struct handled *h = test->priv;
	timeout_id_t id = timeout(note, h, ticks);
	clock_t left = untimeout(id);

	KUNIT_EXPECT_GE(test, left, 0);
	KUNIT_EXPECT_LE(test, left, ticks);
	KUNIT_EXPECT_GT(test, left, ticks / 4);
	msleep(3 * A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 0);
	KUNIT_EXPECT_EQ(test, untimeout(id), -1);
}

static void called_cannot_be_cancelled(struct kunit *test)
{
	struct handled *h = test->priv;
	timeout_id_t id = timeout(note, h, 1);

	wait_for_completion(&h->done);
	KUNIT_EXPECT_EQ(test, untimeout(id), -1);
	KUNIT_EXPECT_EQ(test, untimeout(NULL), -1);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 1);
}

static void ids_differ(struct kunit *test)
{
	struct handled *h = test->priv;
	timeout_id_t a = timeout(note, h, 1000 * HZ);
	timeout_id_t b = timeout(note, h, 1000 * HZ);

	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_GE(test, untimeout(a), 0);
	KUNIT_EXPECT_EQ(test, untimeout(a), -1);
	KUNIT_EXPECT_GE(test, untimeout(b), 0);
}

static void cancel(void *arg)
{
	struct handled *h = arg;

	h->result = untimeout(h->id);
}

static void untimeout_waits_for_handler(struct kunit *test)
{
	struct handled *h = test->priv;
	struct helper helper;

	h->result = 77;
	h->id = timeout(take_long, h, 1);
	wait_for_completion(&h->done);
	helper_start(test, &helper, cancel, h);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	complete(&h->go_on);
	helper_wait(test, &helper);
	KUNIT_EXPECT_EQ(test, h->result, -1);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(h->running));
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 1);
}

static void long_handlers_do_not_delay_others(struct kunit *test)
{
	struct handled *h = test->priv;
	struct handled *other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	timeout_id_t id = timeout(take_long, h, 1);

	KUNIT_ASSERT_NOT_NULL(test, other);
	init_completion(&other->done);
	wait_for_completion(&h->done);
	timeout(note, other, 1);
	wait_for_completion(&other->done);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(h->running));
	complete(&h->go_on);
	untimeout(id);
}

static void cancel_self(void *arg)
{
	struct handled *h = arg;

	wait_for_completion(&h->go_on);
	h->result = untimeout(h->id);
	atomic_inc(&h->calls);
	complete(&h->done);
}

static void handler_may_cancel_itself(struct kunit *test)
{
	struct handled *h = test->priv;

	h->result = 77;
	h->id = timeout(cancel_self, h, 1);
	complete(&h->go_on);
	wait_for_completion(&h->done);
	KUNIT_EXPECT_EQ(test, h->result, -1);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 1);
}

static void again(void *arg)
{
	struct handled *h = arg;

	if (atomic_inc_return(&h->calls) < 5)
		timeout(again, h, 1);
	else
		complete(&h->done);
}

static void handler_may_start_the_next(struct kunit *test)
{
	struct handled *h = test->priv;

	timeout(again, h, 1);
	wait_for_completion(&h->done);
	KUNIT_EXPECT_EQ(test, atomic_read(&h->calls), 5);
}

static void count(void *arg)
{
	atomic_inc(arg);
}

/* Whatever is said of each must be true, however close the race. */
static void cancelling_races_with_calling(struct kunit *test)
{
	struct rnd_state rnd;
	timeout_id_t *id;
	atomic_t *calls;
	int round, i;

	calls = kunit_kcalloc(test, NR_TIMEOUTS, sizeof(*calls), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, calls);
	id = kunit_kcalloc(test, NR_TIMEOUTS, sizeof(*id), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, id);
	prandom_seed_state(&rnd, RANDOM_SEED);
	for (round = 0; round < 5; round++) {
		int cancelled = 0;

		for (i = 0; i < NR_TIMEOUTS; i++) {
			atomic_set(&calls[i], 0);
			id[i] = timeout(count, &calls[i],
					prandom_u32_state(&rnd) % 3);
		}
		for (i = 0; i < NR_TIMEOUTS; i++) {
			bool was_cancelled = untimeout(id[i]) >= 0;

			cancelled += was_cancelled;
			KUNIT_EXPECT_EQ(test, atomic_read(&calls[i]),
					!was_cancelled);
		}
		msleep(A_WHILE_MS);
		for (i = 0; i < NR_TIMEOUTS; i++)
			cancelled += atomic_read(&calls[i]);
		KUNIT_EXPECT_EQ(test, cancelled, NR_TIMEOUTS);
	}
}

static struct kunit_case callout_cases[] = {
	KUNIT_CASE(handler_is_called_once),
	KUNIT_CASE(no_time_is_soon),
	KUNIT_CASE(cancelled_is_not_called),
	KUNIT_CASE(called_cannot_be_cancelled),
	KUNIT_CASE(ids_differ),
	KUNIT_CASE(untimeout_waits_for_handler),
	KUNIT_CASE(long_handlers_do_not_delay_others),
	KUNIT_CASE(handler_may_cancel_itself),
	KUNIT_CASE(handler_may_start_the_next),
	KUNIT_CASE(cancelling_races_with_calling),
	{}
};

static struct kunit_suite callout_suite = {
	.name = "devmap_callout",
	.init = callout_suite_init,
	.test_cases = callout_cases,
};

kunit_test_suite(callout_suite);
