// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_time: ddi_get_lbolt(9F), drv_usectohz(9F), delay(9F). */
#define _KERNEL

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/sched/signal.h>

#include "ddi.h"

#include <sys/sunddi.h>

static void ticks_go_on(struct kunit *test)
{
	clock_t before = ddi_get_lbolt(), after;

	/* Since the machine was started, which was not last week. */
	KUNIT_EXPECT_GT(test, before, 0);
	KUNIT_EXPECT_LT(test, before, 7 * 24 * 3600L * HZ);
	msleep(A_WHILE_MS);
	after = ddi_get_lbolt();
	KUNIT_EXPECT_GE(test, after - before, msecs_to_jiffies(A_WHILE_MS));
	KUNIT_EXPECT_LE(test, after, ddi_get_lbolt64());
	KUNIT_EXPECT_EQ(test, hz, HZ);
}

static void nanoseconds_go_on(struct kunit *test)
{
	u64 earlier = ktime_get_ns(), early, late, later;
	hrtime_t before, after;

	/* How long a sleep is, an emulated machine's ticks cannot be asked. */
	before = gethrtime();
	early = ktime_get_ns();
	msleep(A_WHILE_MS);
	late = ktime_get_ns();
	after = gethrtime();
	later = ktime_get_ns();
	KUNIT_EXPECT_GE(test, after - before, (hrtime_t)(late - early));
	KUNIT_EXPECT_LE(test, after - before, (hrtime_t)(later - earlier));
}

static void time_of_day(struct kunit *test)
{
	time_t now = ktime_get_real_seconds();
	timespec_t ts;

	KUNIT_EXPECT_GE(test, ddi_get_time(), now);
	KUNIT_EXPECT_LE(test, ddi_get_time(), now + 30);
	KUNIT_EXPECT_GE(test, gethrestime_sec(), now);
	gethrestime(&ts);
	KUNIT_EXPECT_GE(test, ts.tv_sec, now);
	KUNIT_EXPECT_LE(test, ts.tv_sec, now + 30);
	KUNIT_EXPECT_LT(test, ts.tv_nsec, NANOSEC);
}

#define TICK_USECS	(1000000L / HZ)

static void microseconds_to_ticks(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, drv_usectohz(1000000), HZ);
	KUNIT_EXPECT_EQ(test, drv_usectohz(1), 1);
	KUNIT_EXPECT_EQ(test, drv_usectohz(0), 1);
	KUNIT_EXPECT_EQ(test, drv_usectohz(-1), 1);
	KUNIT_EXPECT_EQ(test, drv_usectohz(TICK_USECS), 1);
	KUNIT_EXPECT_EQ(test, drv_usectohz(TICK_USECS + 1), 2);
	KUNIT_EXPECT_EQ(test, drv_usectohz(3600 * 1000000L), 3600 * HZ);
	KUNIT_EXPECT_GT(test, drv_usectohz(LONG_MAX), LONG_MAX / 1000000 * HZ);
}

static void ticks_to_microseconds(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, drv_hztousec(HZ), 1000000);
	KUNIT_EXPECT_EQ(test, drv_hztousec(0), 0);
	KUNIT_EXPECT_EQ(test, drv_hztousec(-1), 0);
	KUNIT_EXPECT_EQ(test, drv_hztousec(1), TICK_USECS);
	KUNIT_EXPECT_EQ(test, drv_hztousec(3600 * HZ + 1),
			3600 * 1000000L + TICK_USECS);
	KUNIT_EXPECT_EQ(test, drv_hztousec(LONG_MAX), LONG_MAX);
	KUNIT_EXPECT_EQ(test, drv_hztousec(LONG_MAX / 1000), LONG_MAX);
}

static void sleeping(struct kunit *test)
{
	const clock_t ticks = msecs_to_jiffies(A_WHILE_MS);
	clock_t before = ddi_get_lbolt();

	delay(ticks);
	KUNIT_EXPECT_GE(test, ddi_get_lbolt() - before, ticks);
	before = ddi_get_lbolt();
	KUNIT_EXPECT_EQ(test, delay_sig(ticks), 0);
	KUNIT_EXPECT_GE(test, ddi_get_lbolt() - before, ticks);
	delay(0);
	delay(-1);
	KUNIT_EXPECT_EQ(test, delay_sig(0), 0);
	KUNIT_EXPECT_EQ(test, delay_sig(-1), 0);
}

static void sleep_with_signals(void *arg)
{
	int *result = arg;

	allow_signal(SIGUSR1);
	*result = delay_sig(1000 * HZ);
}

static void signals_end_sleeping(struct kunit *test)
{
	struct helper helper;
	int result = 77;

	helper_start(test, &helper, sleep_with_signals, &result);
	msleep(A_WHILE_MS);
	KUNIT_EXPECT_FALSE(test, helper_is_done(&helper));
	send_sig(SIGUSR1, helper.task, 1);
	helper_wait(test, &helper);
	KUNIT_EXPECT_EQ(test, result, EINTR);
}

static void sleep_anyway(void *arg)
{
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	delay(msecs_to_jiffies(A_WHILE_MS));
}

static void signals_do_not_end_delay(struct kunit *test)
{
	clock_t before = ddi_get_lbolt();

	helper_run(test, sleep_anyway, NULL);
	KUNIT_EXPECT_GE(test, ddi_get_lbolt() - before,
			msecs_to_jiffies(A_WHILE_MS));
}

static void busy_waiting(struct kunit *test)
{
	hrtime_t before = gethrtime();

	preempt_disable();
	drv_usecwait(2500);
	preempt_enable();
	/* An emulated CPU's loops do not agree with its clock. */
	KUNIT_EXPECT_GE(test, gethrtime() - before, USEC2NSEC(2500 / 10));
	drv_usecwait(0);
	drv_usecwait(-1);
}

static struct kunit_case time_cases[] = {
	KUNIT_CASE(ticks_go_on),
	KUNIT_CASE(nanoseconds_go_on),
	KUNIT_CASE(time_of_day),
	KUNIT_CASE(microseconds_to_ticks),
	KUNIT_CASE(ticks_to_microseconds),
	KUNIT_CASE(sleeping),
	KUNIT_CASE(signals_end_sleeping),
	KUNIT_CASE(signals_do_not_end_delay),
	KUNIT_CASE(busy_waiting),
	{}
};

static struct kunit_suite time_suite = {
	.name = "devmap_time",
	.test_cases = time_cases,
};

kunit_test_suite(time_suite);
