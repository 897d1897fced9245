// SPDX-License-Identifier: GPL-2.0
/* Time: ddi_get_lbolt(9F), drv_usectohz(9F), delay(9F). */
#define _KERNEL

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "../devmap/frame.h"
#include "time.h"

#include <sys/sunddi.h>

int hz = HZ;
EXPORT_SYMBOL_GPL(hz);

/**
 * devmap_ticks() - ticks from now, as Linux takes them
 * @ticks: any number
 *
 * Return: 0 for a time that is over, and not more than Linux can compute with.
 */
long devmap_ticks(long ticks)
{
	return clamp_t(long, ticks, 0, MAX_JIFFY_OFFSET);
}

/**
 * devmap_ticks_until() - ticks until some time
 * @lbolt: the time, as of ddi_get_lbolt()
 *
 * Return: as devmap_ticks().
 */
long devmap_ticks_until(long lbolt)
{
	long delta;

	/* A driver may say "forever" in a way that does not fit. */
	if (__builtin_sub_overflow(lbolt, ddi_get_lbolt(), &delta))
		delta = lbolt < 0 ? 0 : LONG_MAX;
	return devmap_ticks(delta);
}

/**
 * ddi_get_lbolt() - ticks since the machine was started
 *
 * ddi_get_lbolt(9F). There are as many ticks in a second as the configuration of
 * the kernel says: see drv_usectohz().
 *
 * Context: Any.
 * Return: the ticks.
 */
clock_t ddi_get_lbolt(void)
{
	return ddi_get_lbolt64();
}
EXPORT_SYMBOL_GPL(ddi_get_lbolt);

/**
 * ddi_get_lbolt64() - ticks since the machine was started
 *
 * ddi_get_lbolt64(9F).
 *
 * Context: Any.
 * Return: the ticks.
 */
int64_t ddi_get_lbolt64(void)
{
	return get_jiffies_64() - INITIAL_JIFFIES;
}
EXPORT_SYMBOL_GPL(ddi_get_lbolt64);

/**
 * ddi_get_time() - the time of day
 *
 * ddi_get_time(9F).
 *
 * Context: Any.
 * Return: seconds since 1970.
 */
time_t ddi_get_time(void)
{
	return ktime_get_real_seconds();
}
EXPORT_SYMBOL_GPL(ddi_get_time);

/**
 * gethrtime() - a clock that is never set
 *
 * gethrtime(9F).
 *
 * Context: Any.
 * Return: nanoseconds since some time in the past.
 */
hrtime_t gethrtime(void)
{
	return ktime_get_ns();
}
EXPORT_SYMBOL_GPL(gethrtime);

/**
 * gethrestime() - the time of day
 * @ts: set to the time since 1970
 *
 * No manual page.
 *
 * Context: Any.
 */
void gethrestime(timespec_t *ts)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	ts->tv_sec = now.tv_sec;
	ts->tv_nsec = now.tv_nsec;
}
EXPORT_SYMBOL_GPL(gethrestime);

/**
 * gethrestime_sec() - the time of day in seconds
 *
 * No manual page.
 *
 * Context: Any.
 * Return: seconds since 1970.
 */
time_t gethrestime_sec(void)
{
	return ddi_get_time();
}
EXPORT_SYMBOL_GPL(gethrestime_sec);

/**
 * drv_usectohz() - microseconds in ticks
 * @usecs: microseconds
 *
 * drv_usectohz(9F).
 *
 * Context: Any.
 * Return: ticks, rounded up, at least 1; LONG_MAX if it is more than that.
 */
clock_t drv_usectohz(clock_t usecs)
{
	if (usecs <= 0)
		return 1;
	return mul_u64_u64_div_u64(usecs - 1, HZ, USEC_PER_SEC) + 1;
}
EXPORT_SYMBOL_GPL(drv_usectohz);

/**
 * drv_hztousec() - ticks in microseconds
 * @ticks: ticks
 *
 * drv_hztousec(9F).
 *
 * Context: Any.
 * Return: microseconds; LONG_MAX if it is more than that.
 */
clock_t drv_hztousec(clock_t ticks)
{
	long seconds = ticks / HZ, usecs;

	if (ticks < 0)
		return 0;
	if (__builtin_mul_overflow(seconds, USEC_PER_SEC, &usecs) ||
	    __builtin_add_overflow(usecs, ticks % HZ * USEC_PER_SEC / HZ,
				   &usecs))
		return LONG_MAX;
	return usecs;
}
EXPORT_SYMBOL_GPL(drv_hztousec);

/**
 * drv_usecwait() - wait without giving the CPU away
 * @usecs: microseconds
 *
 * drv_usecwait(9F).
 *
 * Context: Any.
 */
void drv_usecwait(clock_t usecs)
{
	for (; usecs > 1000; usecs -= 1000)
		mdelay(1);
	if (usecs > 0)
		udelay(usecs);
}
EXPORT_SYMBOL_GPL(drv_usecwait);

/**
 * delay() - sleep for a while
 * @ticks: how long
 *
 * delay(9F).
 *
 * Context: Process context; sleeps.
 */
void delay(clock_t ticks)
{
	long left = devmap_ticks(ticks);

	/* As in cv_wait(9F); and somebody may wake us for a wait that is over. */
	while (left)
		left = schedule_timeout_idle(left);
}
EXPORT_SYMBOL_GPL(delay);

/**
 * delay_sig() - sleep for a while, unless interrupted
 * @ticks: how long
 *
 * delay_sig(9F).
 *
 * Context: Process context; sleeps.
 * Return: 0, or EINTR if a signal is pending or the device that the caller was
 * called for is gone.
 */
int delay_sig(clock_t ticks)
{
	long left = devmap_ticks(ticks);

	while (left) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current) || devmap_frame_is_gone()) {
			__set_current_state(TASK_RUNNING);
			return EINTR;
		}
		left = schedule_timeout(left);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(delay_sig);
