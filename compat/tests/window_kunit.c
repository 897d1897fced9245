// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_window: page offsets of an instance. */

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/prandom.h>

#include "../devmap/window.h"

/* Pages that unmap_mapping_range() can count. */
#define NR_PAGES	(1UL << (63 - PAGE_SHIFT))
#define LARGEST		BIT(DEVMAP_WINDOW_SHIFT)

#define RANDOM_SEED	20260301
#define NR_WINDOWS	200

struct window {
	unsigned long base;
	unsigned long nr;
};

static void destroy_windows(void *windows)
{
	devmap_windows_destroy(windows);
}

static int window_init(struct kunit *test)
{
	struct devmap_windows *windows;

	windows = kunit_kzalloc(test, sizeof(*windows), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, windows);
	devmap_windows_init(windows);
	test->priv = windows;
	return kunit_add_action_or_reset(test, destroy_windows, windows);
}

static unsigned long get(struct kunit *test, unsigned long nr)
{
	unsigned long base = ULONG_MAX;

	KUNIT_ASSERT_EQ(test, 0, devmap_windows_get(test->priv, nr, &base));
	return base;
}

static void put(struct kunit *test, unsigned long base)
{
	devmap_windows_put(test->priv, base);
}

static void expect_none_left(struct kunit *test, unsigned long nr)
{
	unsigned long base = 77;

	KUNIT_EXPECT_EQ(test, -ENOMEM,
			devmap_windows_get(test->priv, nr, &base));
	KUNIT_EXPECT_EQ(test, base, 77);
}

struct nr_case {
	const char *name;
	unsigned long nr;
	unsigned long align;
};

static const struct nr_case nr_cases[] = {
	{ "1", 1, 1 },
	{ "2", 2, 2 },
	{ "3", 3, 4 },
	{ "4", 4, 4 },
	{ "5", 5, 8 },
	{ "1000", 1000, 1024 },
	{ "1024", 1024, 1024 },
	{ "1025", 1025, 2048 },
	{ "a quarter of the largest", LARGEST / 4, LARGEST / 4 },
	{ "more than a quarter of the largest", LARGEST / 4 + 1, LARGEST / 2 },
};

KUNIT_ARRAY_PARAM_DESC(nr, nr_cases, name);

static void window_is_aligned(struct kunit *test)
{
	const struct nr_case *c = test->param_value;
	int i;

	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, get(test, c->nr) % c->align, 0);
}

static void window_can_be_unmapped(struct kunit *test)
{
	const struct nr_case *c = test->param_value;
	unsigned long base;
	int i;

	for (i = 0; i < 2; i++) {
		base = get(test, c->nr);
		KUNIT_EXPECT_LE(test, base, NR_PAGES - c->nr);
	}
}

static void window_is_not_given_twice(struct kunit *test)
{
	const struct nr_case *c = test->param_value;
	unsigned long a = get(test, c->nr), b = get(test, c->nr);

	KUNIT_EXPECT_GE(test, max(a, b) - min(a, b), c->nr);
}

static void window_is_given_again_after_put(struct kunit *test)
{
	const struct nr_case *c = test->param_value;
	unsigned long a = get(test, c->nr), b = get(test, c->nr);

	put(test, a);
	KUNIT_EXPECT_EQ(test, get(test, c->nr), a);
	put(test, b);
	KUNIT_EXPECT_EQ(test, get(test, c->nr), b);
}

static void expect_disjoint(struct kunit *test, const struct window *windows)
{
	int i, j;

	for (i = 0; i < NR_WINDOWS; i++) {
		for (j = 0; j < i; j++)
			KUNIT_ASSERT_TRUE_MSG(test,
					      windows[i].base + windows[i].nr <=
						      windows[j].base ||
					      windows[j].base + windows[j].nr <=
						      windows[i].base,
					      "%lu pages at %#lx, %lu at %#lx",
					      windows[i].nr, windows[i].base,
					      windows[j].nr, windows[j].base);
	}
}

/* Of all sizes up to 2^20 pages, small ones as often as large ones. */
static void get_random(struct kunit *test, struct rnd_state *rnd,
		       struct window *window)
{
	window->nr = 1 + prandom_u32_state(rnd) %
			 (1UL << prandom_u32_state(rnd) % 21);
	window->base = get(test, window->nr);
}

static void windows_do_not_overlap(struct kunit *test)
{
	struct window *windows;
	struct rnd_state rnd;
	int i;

	windows = kunit_kcalloc(test, NR_WINDOWS, sizeof(*windows),
				GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, windows);
	prandom_seed_state(&rnd, RANDOM_SEED);

	for (i = 0; i < NR_WINDOWS; i++)
		get_random(test, &rnd, &windows[i]);
	expect_disjoint(test, windows);

	for (i = 0; i < NR_WINDOWS; i += 3)
		put(test, windows[i].base);
	for (i = 0; i < NR_WINDOWS; i += 3)
		get_random(test, &rnd, &windows[i]);
	expect_disjoint(test, windows);
}

static void window_of_largest_size_is_one(struct kunit *test)
{
	unsigned long base = get(test, LARGEST);

	KUNIT_EXPECT_EQ(test, base % LARGEST, 0);
	KUNIT_EXPECT_LE(test, base, NR_PAGES - LARGEST);
	expect_none_left(test, LARGEST);
	/* The same class. */
	expect_none_left(test, LARGEST / 2 + 1);
}

static void window_of_largest_size_comes_back(struct kunit *test)
{
	unsigned long base = get(test, LARGEST);

	put(test, base);
	KUNIT_EXPECT_EQ(test, get(test, LARGEST), base);
}

static void windows_of_one_size_run_out(struct kunit *test)
{
	unsigned long first = get(test, LARGEST / 4);
	int i;

	for (i = 1; i < 4; i++)
		get(test, LARGEST / 4);
	expect_none_left(test, LARGEST / 4);

	put(test, first);
	KUNIT_EXPECT_EQ(test, get(test, LARGEST / 4), first);
}

static void windows_of_other_sizes_remain(struct kunit *test)
{
	get(test, LARGEST);
	expect_none_left(test, LARGEST);
	get(test, LARGEST / 2);
	get(test, LARGEST / 2);
	expect_none_left(test, LARGEST / 2);
	get(test, 1);
}

struct too_large_case {
	const char *name;
	unsigned long nr;
};

static const struct too_large_case too_large_cases[] = {
	{ "a page", LARGEST + 1 },
	{ "twice", 2 * LARGEST },
	{ "all there is", NR_PAGES },
	{ "half of 64 bits", 1UL << 63 },
	{ "64 bits", ULONG_MAX },
};

KUNIT_ARRAY_PARAM_DESC(too_large, too_large_cases, name);

static void window_is_not_too_large(struct kunit *test)
{
	const struct too_large_case *c = test->param_value;

	expect_none_left(test, c->nr);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE_PARAM(window_is_aligned, nr_gen_params),
	KUNIT_CASE_PARAM(window_can_be_unmapped, nr_gen_params),
	KUNIT_CASE_PARAM(window_is_not_given_twice, nr_gen_params),
	KUNIT_CASE_PARAM(window_is_given_again_after_put, nr_gen_params),
	KUNIT_CASE(windows_do_not_overlap),
	KUNIT_CASE(window_of_largest_size_is_one),
	KUNIT_CASE(window_of_largest_size_comes_back),
	KUNIT_CASE(windows_of_one_size_run_out),
	KUNIT_CASE(windows_of_other_sizes_remain),
	KUNIT_CASE_PARAM(window_is_not_too_large, too_large_gen_params),
	{}
};

static struct kunit_suite window_suite = {
	.name = "devmap_window",
	.init = window_init,
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);
