// SPDX-License-Identifier: GPL-2.0
/* Mistakes of drivers: see misuse.h. */

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/stdarg.h>

#include "../linux/kunit.h"
#include "misuse.h"

/**
 * struct place - who has made a mistake
 * @function: whose rules were broken
 * @ip: where it was called from
 */
struct place {
	const char *function;
	unsigned long ip;
};

static DEFINE_RAW_SPINLOCK(places_lock);
static struct place places[128];	/* places_lock */
static unsigned int nr_places;		/* places_lock */
static atomic_t found, told;

/**
 * devmap_misuse_is_new() - is this the first mistake of its kind?
 * @function: whose rules were broken
 * @ip: where it was called from
 *
 * A driver that makes a mistake makes it again and again. When it has made very
 * many different ones, no more is said.
 *
 * Context: Any.
 * Return: true once for any pair.
 */
bool devmap_misuse_is_new(const char *function, unsigned long ip)
{
	unsigned long flags;
	unsigned int i;
	bool is_new;

	raw_spin_lock_irqsave(&places_lock, flags);
	for (i = 0; i < nr_places; i++)
		if (places[i].ip == ip && places[i].function == function)
			break;
	is_new = i == nr_places && i < ARRAY_SIZE(places);
	if (is_new)
		places[nr_places++] = (struct place){ function, ip };
	raw_spin_unlock_irqrestore(&places_lock, flags);

	if (is_new)
		atomic_inc(&told);
	return is_new;
}

/**
 * devmap_misuse_at() - tell of a driver's mistake: use devmap_misuse()
 * @function: whose rules were broken
 * @ip: where it was called from
 * @fmt: how
 *
 * Context: Any.
 */
void devmap_misuse_at(const char *function, unsigned long ip, const char *fmt,
		      ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	atomic_inc(&found);
	if (!devmap_misuse_is_new(function, ip))
		return;

	va_start(args, fmt);
	vaf.va = &args;
	pr_warn("devmap: misuse: %s: %pV, called from %pS\n", function, &vaf,
		(void *)ip);
	va_end(args);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_misuse_at);

/* How many mistakes there were, for tests. */
unsigned int devmap_misuse_count(void)
{
	return atomic_read(&found);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_misuse_count);

/* How many messages there were, for tests. */
unsigned int devmap_misuse_told(void)
{
	return atomic_read(&told);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_misuse_told);
