// SPDX-License-Identifier: GPL-2.0
/* Windows: see window.h. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "window.h"
#include "../linux/kunit.h"

void devmap_windows_init(struct devmap_windows *windows)
{
	int i;

	for (i = 0; i < DEVMAP_WINDOW_CLASSES; i++)
		ida_init(&windows->class[i]);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_windows_init);

void devmap_windows_destroy(struct devmap_windows *windows)
{
	int i;

	for (i = 0; i < DEVMAP_WINDOW_CLASSES; i++)
		ida_destroy(&windows->class[i]);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_windows_destroy);

/**
 * devmap_windows_get() - reserve page offsets for one mapping
 * @windows: those of the instance
 * @nr: number of pages, not 0
 * @base: the first page offset; @nr pages from there overlap no other window,
 *	and @base is a multiple of @nr rounded up to a power of two
 *
 * Size classes instead of a general allocator: giving back a window must not
 * need memory, as VMAs are closed where nothing can fail.
 *
 * Context: May sleep.
 * Return: 0, or -ENOMEM if memory or page offsets have run out.
 */
int devmap_windows_get(struct devmap_windows *windows, unsigned long nr,
		       unsigned long *base)
{
	unsigned long class = order_base_2(nr), slots;
	int id;

	if (class >= DEVMAP_WINDOW_CLASSES)
		return -ENOMEM;

	slots = 1UL << (DEVMAP_WINDOW_SHIFT - class);
	id = ida_alloc_max(&windows->class[class],
			   min(slots - 1, (unsigned long)INT_MAX),
			   GFP_KERNEL_ACCOUNT);
	if (id < 0)
		return -ENOMEM;

	*base = (class << DEVMAP_WINDOW_SHIFT) | ((unsigned long)id << class);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_windows_get);

/**
 * devmap_windows_put() - give page offsets back
 * @windows: those of the instance
 * @base: as devmap_windows_get() returned it
 *
 * Context: Any; needs no memory.
 */
void devmap_windows_put(struct devmap_windows *windows, unsigned long base)
{
	unsigned long class = base >> DEVMAP_WINDOW_SHIFT;
	unsigned long place = base & ((1UL << DEVMAP_WINDOW_SHIFT) - 1);

	ida_free(&windows->class[class], place >> class);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_windows_put);
