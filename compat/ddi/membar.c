// SPDX-License-Identifier: GPL-2.0
/*
 * Memory barriers: membar_ops(9F). Drivers use them for memory of devices as well
 * as between CPUs, so they are the stronger kind.
 */
#define _KERNEL

#include <linux/module.h>
#include <asm/barrier.h>

#include <sys/atomic.h>

/**
 * membar_enter() - behind taking a lock: that first, then everything
 *
 * membar_enter(9F).
 */
void membar_enter(void)
{
	/* What it orders is in the driver. */
	mb();
}
EXPORT_SYMBOL_GPL(membar_enter);

/**
 * membar_exit() - before giving a lock up: everything first, then that
 *
 * membar_exit(9F).
 */
void membar_exit(void)
{
	/* What it orders is in the driver. */
	mb();
}
EXPORT_SYMBOL_GPL(membar_exit);

/**
 * membar_producer() - stores before it first, then stores behind it
 *
 * membar_producer(9F).
 */
void membar_producer(void)
{
	/* What it orders is in the driver. */
	wmb();
}
EXPORT_SYMBOL_GPL(membar_producer);

/**
 * membar_consumer() - loads before it first, then loads behind it
 *
 * membar_consumer(9F).
 */
void membar_consumer(void)
{
	/* What it orders is in the driver. */
	rmb();
}
EXPORT_SYMBOL_GPL(membar_consumer);

/**
 * membar_sync() - everything before it first, then everything behind it
 *
 * No manual page.
 */
void membar_sync(void)
{
	/* What it orders is in the driver. */
	mb();
}
EXPORT_SYMBOL_GPL(membar_sync);
