// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_condvar: condvar(9F), semaphore(9F). */
#define _KERNEL

#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/semaphore.h>
#include <sys/sunddi.h>

#define NR_WAITERS	4

/**
 * struct waiting - threads that wait
 * @lock: protects the rest
 * @cv: for those who wait; destroyed with @lock
 * @nr: how many wait
 * @go: they need not wait any more
 * @how: what they wait with
 * @timeout: until when
 * @owned: they had @lock when they came back
 * @nr_back: how many have
 * @order: in which order: numbers of waiters
 * @result: what the last one's wait returned
 */
struct waiting {
	kmutex_t lock;
	kcondvar_t *cv;
	int nr;
	bool go;
	clock_t (*how)(struct waiting *w);
	clock_t timeout;
	bool owned;
	int nr_back;
	int order[NR_WAITERS];
	clock_t result;
};

static clock_t plain(struct waiting *w)
{
	cv_wait(w->cv, &w->lock);
	return 1;
}

static clock_t sig(struct waiting *w)
{
	return cv_wait_sig(w->cv, &w->lock);
}

static clock_t timed(struct waiting *w)
{
	return cv_timedwait(w->cv, &w->lock, w->timeout);
}

static clock_t timed_sig(struct waiting *w)
{
	return cv_timedwait_sig(w->cv, &w->lock, w->timeout);
}

static clock_t rel(struct waiting *w)
{
	return cv_reltimedwait(w->cv, &w->lock, w->timeout - ddi_get_lbolt(),
			       TR_CLOCK_TICK);
}

static clock_t rel_sig(struct waiting *w)
{
	return cv_reltimedwait_sig(w->cv, &w->lock,
				   w->timeout - ddi_get_lbolt(), TR_MILLISEC);
}

static int condvar_suite_init(struct kunit *test)
{
	struct waiting *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	mutex_init(&w->lock, NULL, MUTEX_DRIVER, NULL);
	w->cv = kmalloc(sizeof(*w->cv), GFP_KERNEL | __GFP_NOFAIL);
	cv_init(w->cv, NULL, CV_DRIVER, NULL);
	w->how = plain;
	w->owned = true;
	test->priv = w;
	return 0;
}

static void condvar_suite_exit(struct kunit *test)
{
	struct waiting *w = test->priv;

	if (!w)
		return;
	if (w->cv) {
		cv_destroy(w->cv);
		kfree(w->cv);
	}
	mutex_destroy(&w->lock);
}

/* One wait, whatever it is for. */
static void wait_once(void *arg)
{
	struct waiting *w = arg;
	int number;

	allow_signal(SIGUSR1);
	mutex_enter(&w->lock);
	number = w->nr++;
	w->result = w->how(w);
	w->owned &= mutex_owned(&w->lock);
	if (w->nr_back < NR_WAITERS)
		w->order[w->nr_back] = number;
	w->nr_back++;
	w->nr--;
	mutex_exit(&w->lock);
}

/* A wait as in a driver. */
static void wait_for_go(void *arg)
{
	struct waiting *w = arg;

	mutex_enter(&w->lock);
	w->nr++;
	while (!w->go)
		w->how(w);
	w->nr_back++;
	mutex_exit(&w->lock);
}

static int nr_back(struct waiting *w)
{
	int nr;

	mutex_enter(&w->lock);
	nr = w->nr_back;
	mutex_exit(&w->lock);
	return nr;
}

/* Waits until so many wait, one by one, so that their order is known. */
static void start_waiter(struct kunit *test, struct waiting *w,
			 struct helper *helper)
{
	int before, now;

	mutex_enter(&w->lock);
	before = w->nr;
	mutex_exit(&w->lock);
	helper_start(test, helper, wait_once, w);
	do {
		usleep_range(1000, 2000);
		mutex_enter(&w->lock);
		now = w->nr;
		mutex_exit(&w->lock);
	} while (now == before && !helper_is_done(helper));
}

static void waiting_gives_the_mutex_up(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helper;

	/* Could not see it wait otherwise. */
	start_waiter(test, w, &helper);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	cv_signal(w->cv);
	helper_wait(test, &helper);
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void signal_wakes_the_first(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helpers[NR_WAITERS];
	int i;

	for (i = 0; i < NR_WAITERS; i++)
		start_waiter(test, w, &helpers[i]);
	for (i = 0; i < NR_WAITERS; i++) {
		KUNIT_EXPECT_EQ(test, nr_back(w), i);
		cv_signal(w->cv);
		helper_wait(test, &helpers[i]);
		msleep(A_WHILE_MS / 5);
		KUNIT_EXPECT_EQ(test, nr_back(w), i + 1);
		KUNIT_EXPECT_EQ(test, w->order[i], i);
	}
}

static void broadcast_wakes_all(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helpers[NR_WAITERS];
	int i;

	for (i = 0; i < NR_WAITERS; i++)
		start_waiter(test, w, &helpers[i]);
	mutex_enter(&w->lock);
	cv_broadcast(w->cv);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_EQ(test, w->nr_back, 0);
	mutex_exit(&w->lock);
	for (i = 0; i < NR_WAITERS; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_EQ(test, w->nr_back, NR_WAITERS);
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void nobody_to_wake_is_no_harm(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helper;

	EXPECT_NO_MISUSE(test, cv_signal(w->cv));
	EXPECT_NO_MISUSE(test, cv_broadcast(w->cv));
	/* And is not remembered. */
	start_waiter(test, w, &helper);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	cv_signal(w->cv);
	helper_wait(test, &helper);
}

struct how_case {
	const char *name;
	clock_t (*how)(struct waiting *w);
	bool sig;
	bool timed;
};

static const struct how_case how_cases[] = {
	{ "cv_wait", plain },
	{ "cv_wait_sig", sig, .sig = true },
	{ "cv_timedwait", timed, .timed = true },
	{ "cv_timedwait_sig", timed_sig, .sig = true, .timed = true },
	{ "cv_reltimedwait", rel, .timed = true },
	{ "cv_reltimedwait_sig", rel_sig, .sig = true, .timed = true },
};

KUNIT_ARRAY_PARAM_DESC(how, how_cases, name);

static void woken_returns_more_than_0(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	struct waiting *w = test->priv;
	struct helper helper;

	w->how = c->how;
	w->timeout = ddi_get_lbolt() + 100 * HZ;
	start_waiter(test, w, &helper);
	cv_signal(w->cv);
	helper_wait(test, &helper);
	KUNIT_EXPECT_GT(test, w->result, 0);
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void time_over_returns_minus_1(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	const long ticks = msecs_to_jiffies(A_WHILE_MS);
	struct waiting *w = test->priv;
	clock_t before = ddi_get_lbolt();

	if (!c->timed)
		kunit_skip(test, "waits forever");
	w->how = c->how;
	w->timeout = before + ticks;
	helper_run(test, wait_once, w);
	KUNIT_EXPECT_EQ(test, w->result, -1);
	KUNIT_EXPECT_GE(test, ddi_get_lbolt() - before, ticks);
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void past_time_returns_at_once(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	struct waiting *w = test->priv;

	if (!c->timed)
		kunit_skip(test, "waits forever");
	w->how = c->how;
	w->timeout = ddi_get_lbolt() - 5;
	helper_run(test, wait_once, w);
	KUNIT_EXPECT_EQ(test, w->result, -1);
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void signals_are_honoured_where_said(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	struct waiting *w = test->priv;
	struct helper helper;

	w->how = c->how;
	w->timeout = ddi_get_lbolt() + 100 * HZ;
	start_waiter(test, w, &helper);
	send_sig(SIGUSR1, helper.task, 1);
	if (c->sig) {
		helper_wait(test, &helper);
		KUNIT_EXPECT_EQ(test, w->result, 0);
		KUNIT_EXPECT_TRUE(test, w->owned);
		return;
	}
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	cv_signal(w->cv);
	helper_wait(test, &helper);
	KUNIT_EXPECT_GT(test, w->result, 0);
}

static void wait_with_signal_pending(void *arg)
{
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	wait_once(arg);
}

static void pending_signal_returns_at_once(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	struct waiting *w = test->priv;

	if (!c->sig)
		kunit_skip(test, "ignores signals");
	w->how = c->how;
	w->timeout = ddi_get_lbolt() + 100 * HZ;
	helper_run(test, wait_with_signal_pending, w);
	KUNIT_EXPECT_EQ(test, w->result, 0);
}

/* A wakeup that is lost leaves others waiting forever. */
static void woken_counts_more_than_a_signal(struct kunit *test)
{
	const struct how_case *c = test->param_value;
	struct waiting *w = test->priv;
	struct helper helper;

	w->how = c->how;
	w->timeout = ddi_get_lbolt() + 100 * HZ;
	start_waiter(test, w, &helper);
	mutex_enter(&w->lock);
	cv_signal(w->cv);
	send_sig(SIGUSR1, helper.task, 1);
	mutex_exit(&w->lock);
	helper_wait(test, &helper);
	KUNIT_EXPECT_GT(test, w->result, 0);
}

static void forever_does_not_overflow(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helper;

	w->how = timed;
	w->timeout = LONG_MAX;
	start_waiter(test, w, &helper);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	cv_signal(w->cv);
	helper_wait(test, &helper);
	KUNIT_EXPECT_GT(test, w->result, 0);

	w->timeout = LONG_MIN;
	helper_run(test, wait_once, w);
	KUNIT_EXPECT_EQ(test, w->result, -1);
}

static void may_be_freed_after_a_broadcast(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helpers[NR_WAITERS];
	int i;

	for (i = 0; i < NR_WAITERS; i++)
		start_waiter(test, w, &helpers[i]);
	mutex_enter(&w->lock);
	cv_broadcast(w->cv);
	EXPECT_NO_MISUSE(test, cv_destroy(w->cv));
	memset(w->cv, 0x6b, sizeof(*w->cv));
	kfree(w->cv);
	w->cv = NULL;
	mutex_exit(&w->lock);
	for (i = 0; i < NR_WAITERS; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_EQ(test, w->nr_back, NR_WAITERS);
}

/* The same, while the time of some is just over. */
static void may_be_freed_when_time_is_over(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helpers[NR_WAITERS];
	int i, round;

	w->how = timed;
	for (round = 0; round < 200; round++) {
		w->timeout = ddi_get_lbolt() + 2;
		w->nr = 0;
		for (i = 0; i < NR_WAITERS; i++)
			helper_start(test, &helpers[i], wait_once, w);
		for (;;) {
			mutex_enter(&w->lock);
			if (w->nr + w->nr_back == NR_WAITERS)
				break;
			mutex_exit(&w->lock);
			/* They may have no other processor. */
			cond_resched();
		}
		mutex_exit(&w->lock);
		usleep_range(1, jiffies_to_usecs(3));
		mutex_enter(&w->lock);
		cv_broadcast(w->cv);
		cv_destroy(w->cv);
		memset(w->cv, 0x6b, sizeof(*w->cv));
		kfree(w->cv);
		w->cv = NULL;
		mutex_exit(&w->lock);
		for (i = 0; i < NR_WAITERS; i++)
			helper_wait(test, &helpers[i]);

		w->nr_back = 0;
		w->cv = kmalloc(sizeof(*w->cv), GFP_KERNEL | __GFP_NOFAIL);
		cv_init(w->cv, NULL, CV_DRIVER, NULL);
	}
	KUNIT_EXPECT_TRUE(test, w->owned);
}

static void all_go(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helpers[NR_WAITERS];
	int i;

	for (i = 0; i < NR_WAITERS; i++)
		helper_start(test, &helpers[i], wait_for_go, w);
	msleep(A_WHILE_MS / 5);
	mutex_enter(&w->lock);
	w->go = true;
	cv_broadcast(w->cv);
	mutex_exit(&w->lock);
	for (i = 0; i < NR_WAITERS; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_EQ(test, w->nr_back, NR_WAITERS);
}

static void wait_without_mutex(void *arg)
{
	struct waiting *w = arg;

	w->result = cv_timedwait(w->cv, &w->lock, ddi_get_lbolt() + 1);
}

static void waiting_without_mutex_is_told(struct kunit *test)
{
	struct waiting *w = test->priv;

	EXPECT_MISUSE(test, helper_run(test, wait_without_mutex, w));
	KUNIT_EXPECT_EQ(test, w->result, -1);
	mutex_enter(&w->lock);
	mutex_exit(&w->lock);
}

static void destroy_with_waiters_is_told(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helper;

	start_waiter(test, w, &helper);
	EXPECT_MISUSE(test, cv_destroy(w->cv));
	helper_wait(test, &helper);
	EXPECT_MISUSE(test, cv_destroy(w->cv));
	cv_init(w->cv, NULL, CV_DRIVER, NULL);
}

static void zeroes_are_told_and_work(struct kunit *test)
{
	struct waiting *w = test->priv;
	struct helper helper;

	cv_destroy(w->cv);
	memset(w->cv, 0, sizeof(*w->cv));
	EXPECT_MISUSE(test, cv_signal(w->cv));
	start_waiter(test, w, &helper);
	cv_signal(w->cv);
	helper_wait(test, &helper);
}

/* A mistake, but waiting must give the mutex up all the same. */
static void entered_twice_is_given_up(struct kunit *test)
{
	struct waiting *w = test->priv;

	mutex_enter(&w->lock);
	mutex_enter(&w->lock);
	KUNIT_EXPECT_EQ(test, -1, cv_timedwait(w->cv, &w->lock,
					       ddi_get_lbolt() + 1));
	mutex_exit(&w->lock);
	KUNIT_EXPECT_TRUE(test, mutex_owned(&w->lock));
	mutex_exit(&w->lock);
	KUNIT_EXPECT_FALSE(test, mutex_owned(&w->lock));
}

/**
 * struct gate - threads at a semaphore
 * @sema: the semaphore
 * @result: what sema_p_sig() returned
 */
struct gate {
	ksema_t sema;
	int result;
};

static void pass(void *arg)
{
	struct gate *gate = arg;

	sema_p(&gate->sema);
}

static void pass_sig(void *arg)
{
	struct gate *gate = arg;

	allow_signal(SIGUSR1);
	gate->result = sema_p_sig(&gate->sema);
}

static void semaphore_counts(struct kunit *test)
{
	struct helper helper;
	struct gate *gate = kunit_kzalloc(test, sizeof(*gate), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, gate);
	sema_init(&gate->sema, 2, NULL, SEMA_DRIVER, NULL);
	sema_p(&gate->sema);
	KUNIT_EXPECT_NE(test, 0, sema_tryp(&gate->sema));
	KUNIT_EXPECT_EQ(test, 0, sema_tryp(&gate->sema));
	helper_start(test, &helper, pass, gate);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	sema_v(&gate->sema);
	helper_wait(test, &helper);
	sema_v(&gate->sema);
	helper_run(test, pass_sig, gate);
	KUNIT_EXPECT_EQ(test, 0, gate->result);
	sema_destroy(&gate->sema);
}

static void semaphore_honours_signals(struct kunit *test)
{
	struct helper helper;
	struct gate *gate = kunit_kzalloc(test, sizeof(*gate), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, gate);
	sema_init(&gate->sema, 0, NULL, SEMA_DRIVER, NULL);
	helper_start(test, &helper, pass_sig, gate);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	send_sig(SIGUSR1, helper.task, 1);
	helper_wait(test, &helper);
	KUNIT_EXPECT_NE(test, 0, gate->result);
	sema_destroy(&gate->sema);
}

static struct kunit_case condvar_cases[] = {
	KUNIT_CASE(waiting_gives_the_mutex_up),
	KUNIT_CASE(signal_wakes_the_first),
	KUNIT_CASE(broadcast_wakes_all),
	KUNIT_CASE(nobody_to_wake_is_no_harm),
	KUNIT_CASE_PARAM(woken_returns_more_than_0, how_gen_params),
	KUNIT_CASE_PARAM(time_over_returns_minus_1, how_gen_params),
	KUNIT_CASE_PARAM(past_time_returns_at_once, how_gen_params),
	KUNIT_CASE_PARAM(signals_are_honoured_where_said, how_gen_params),
	KUNIT_CASE_PARAM(pending_signal_returns_at_once, how_gen_params),
	KUNIT_CASE_PARAM(woken_counts_more_than_a_signal, how_gen_params),
	KUNIT_CASE(forever_does_not_overflow),
	KUNIT_CASE(may_be_freed_after_a_broadcast),
	KUNIT_CASE(may_be_freed_when_time_is_over),
	KUNIT_CASE(all_go),
	KUNIT_CASE(waiting_without_mutex_is_told),
	KUNIT_CASE(destroy_with_waiters_is_told),
	KUNIT_CASE(zeroes_are_told_and_work),
	KUNIT_CASE(entered_twice_is_given_up),
	KUNIT_CASE(semaphore_counts),
	KUNIT_CASE(semaphore_honours_signals),
	{}
};

static struct kunit_suite condvar_suite = {
	.name = "devmap_condvar",
	.init = condvar_suite_init,
	.exit = condvar_suite_exit,
	.test_cases = condvar_cases,
};

kunit_test_suite(condvar_suite);
