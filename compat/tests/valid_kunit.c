// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_valid: the valid set, against an array of bool. Every case runs
 * for sizes around those at which the layout changes.
 */

#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "../devmap/valid.h"

#define CHUNK		DEVMAP_VALID_CHUNK
#define NONE		ULONG_MAX

#define RANDOM_SEED	20260301
#define RANDOM_STEPS	400

struct size_case {
	const char *name;
	unsigned long nr;
};

static const struct size_case size_cases[] = {
	{ "1", 1 },
	{ "63", 63 },
	{ "64", 64 },
	{ "65", 65 },
	{ "8191", 8191 },
	{ "8192", 8192 },
	{ "8193", 8193 },
	{ "100000", 100000 },
};

KUNIT_ARRAY_PARAM_DESC(size, size_cases, name);

struct valid_fixture {
	struct devmap_valid valid;
	unsigned long nr;
	bool *model;
};

static void destroy_valid(void *valid)
{
	devmap_valid_destroy(valid);
}

static void free_model(void *model)
{
	kvfree(model);
}

static int valid_init(struct kunit *test)
{
	const struct size_case *size = test->param_value;
	struct valid_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->nr = size->nr;
	f->model = kvcalloc(f->nr, sizeof(*f->model), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->model);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_model, f->model));
	devmap_valid_init(&f->valid, f->nr);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, destroy_valid,
						  &f->valid));
	test->priv = f;
	return 0;
}

/* The first page of a range that the set and the model disagree on. */
static unsigned long difference_in(const struct valid_fixture *f,
				   unsigned long first, unsigned long end)
{
	unsigned long i;

	for (i = first; i < min(end, f->nr); i++) {
		if (devmap_valid_test(&f->valid, i) != f->model[i])
			return i;
	}
	return NONE;
}

static unsigned long difference(const struct valid_fixture *f)
{
	return difference_in(f, 0, f->nr);
}

static void set(struct kunit *test, unsigned long first, unsigned long nr)
{
	struct valid_fixture *f = test->priv;

	/* One page at a time has a way of its own. */
	KUNIT_ASSERT_EQ(test, 0, nr == 1 && first % 2 ?
			devmap_valid_set_page(&f->valid, first) :
			devmap_valid_set(&f->valid, first, nr));
	memset(f->model + first, true, nr);
}

/* Clears, and compares what was found with the model. */
static void clear(struct kunit *test, unsigned long first, unsigned long nr)
{
	unsigned long low = NONE, high = NONE, model_low = NONE;
	unsigned long model_high = NONE, i;
	struct valid_fixture *f = test->priv;
	bool any;

	for (i = first; i < first + nr; i++) {
		if (!f->model[i])
			continue;
		if (model_low == NONE)
			model_low = i;
		model_high = i;
	}
	memset(f->model + first, false, nr);

	any = devmap_valid_clear(&f->valid, first, nr, &low, &high);
	KUNIT_ASSERT_EQ(test, any, model_low != NONE);
	KUNIT_ASSERT_EQ(test, low, model_low);
	KUNIT_ASSERT_EQ(test, high, model_high);
}

static void valid_is_empty_at_first(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_clear_of_nothing_tells_nothing(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long low = 77, high = 78;

	KUNIT_EXPECT_FALSE(test, devmap_valid_clear(&f->valid, 0, f->nr, &low,
						    &high));
	KUNIT_EXPECT_EQ(test, low, 77);
	KUNIT_EXPECT_EQ(test, high, 78);
}

static void valid_has_first_page(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, 0, 1);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
	clear(test, 0, f->nr);
}

static void valid_has_last_page(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, f->nr - 1, 1);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
	clear(test, 0, f->nr);
}

static void valid_has_all_pages(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, 0, f->nr);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_clear_takes_all_pages(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, 0, f->nr);
	clear(test, 0, f->nr);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_clear_tells_outermost_pages(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, f->nr / 3, 1);
	set(test, f->nr / 2, 1);
	set(test, f->nr - 1 - f->nr / 4, 1);
	clear(test, 0, f->nr);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_clear_stays_in_range(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, 0, f->nr);
	clear(test, f->nr / 3, f->nr / 3 + 1);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_set_twice_is_set_once(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	set(test, 0, f->nr);
	set(test, f->nr / 2, 1);
	clear(test, f->nr / 2, 1);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

/* Pairs of pages on either side of a word or chunk boundary. */
static void valid_set_crosses_boundaries(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long i;

	for (i = BITS_PER_LONG; i < f->nr; i += BITS_PER_LONG)
		set(test, i - 1, 2);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

static void valid_clear_crosses_boundaries(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long i;

	set(test, 0, f->nr);
	for (i = BITS_PER_LONG; i < f->nr; i += BITS_PER_LONG)
		clear(test, i - 1, 2);
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

/* A word for a small set; otherwise chunks, each from its first page on. */
static void valid_is_as_small_as_can_be(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long c;

	if (f->nr > BITS_PER_LONG)
		KUNIT_EXPECT_NULL(test, f->valid.chunks);
	set(test, f->nr - 1, 1);
	if (f->nr <= BITS_PER_LONG) {
		KUNIT_EXPECT_EQ(test, f->valid.word, BIT(f->nr - 1));
		return;
	}

	for (c = 0; (c + 1) * CHUNK < f->nr; c++)
		KUNIT_EXPECT_NULL(test, f->valid.chunks[c]);
	KUNIT_EXPECT_NOT_NULL(test, f->valid.chunks[c]);
}

/* What makes it cheap to unload what is not loaded. */
static void valid_knows_when_it_is_empty(struct kunit *test)
{
	struct valid_fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, f->valid.any);
	set(test, f->nr - 1, 1);
	KUNIT_EXPECT_TRUE(test, f->valid.any);
	clear(test, 0, f->nr);
	KUNIT_EXPECT_FALSE(test, f->valid.any);
}

static bool model_has_all(const struct valid_fixture *f, unsigned long first,
			  unsigned long nr)
{
	unsigned long i;

	for (i = first; i < first + nr; i++) {
		if (!f->model[i])
			return false;
	}
	return true;
}

/* Around every boundary, and with one page missing at each end and in the middle. */
static void valid_knows_when_all_of_a_range_is_set(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long missing[] = { 0, f->nr / 2, f->nr - 1 };
	int i;

	KUNIT_EXPECT_FALSE(test, devmap_valid_test_all(&f->valid, 0, f->nr));
	set(test, 0, f->nr);
	KUNIT_EXPECT_TRUE(test, devmap_valid_test_all(&f->valid, 0, f->nr));
	KUNIT_EXPECT_TRUE(test, devmap_valid_test_all(&f->valid, f->nr - 1, 1));
	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		clear(test, missing[i], 1);
		KUNIT_EXPECT_FALSE(test, devmap_valid_test_all(&f->valid, 0,
							       f->nr));
		if (missing[i])
			KUNIT_EXPECT_TRUE(test,
					  devmap_valid_test_all(&f->valid, 0,
								missing[i]));
		if (missing[i] + 1 < f->nr)
			KUNIT_EXPECT_TRUE(test,
					  devmap_valid_test_all(&f->valid,
								missing[i] + 1,
								f->nr - missing[i] - 1));
		set(test, missing[i], 1);
	}
}

static void valid_does_as_model(struct kunit *test)
{
	struct valid_fixture *f = test->priv;
	unsigned long first, nr;
	struct rnd_state rnd;
	int i;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (i = 0; i < RANDOM_STEPS; i++) {
		first = prandom_u32_state(&rnd) % f->nr;
		nr = f->nr - first;
		/* Short ranges mostly, but some that span chunks. */
		if (prandom_u32_state(&rnd) % 8)
			nr = min(nr, 100UL);
		nr = 1 + prandom_u32_state(&rnd) % nr;

		if (prandom_u32_state(&rnd) % 2)
			set(test, first, nr);
		else
			clear(test, first, nr);
		KUNIT_ASSERT_EQ(test, difference_in(f, first, first + 100),
				NONE);
		first -= first / 2;
		nr = min(nr, f->nr - first);
		KUNIT_ASSERT_EQ(test, model_has_all(f, first, nr),
				devmap_valid_test_all(&f->valid, first, nr));
	}
	KUNIT_EXPECT_EQ(test, difference(f), NONE);
}

#define VALID_CASE(name)	KUNIT_CASE_PARAM(name, size_gen_params)

static struct kunit_case valid_cases[] = {
	VALID_CASE(valid_is_empty_at_first),
	VALID_CASE(valid_clear_of_nothing_tells_nothing),
	VALID_CASE(valid_has_first_page),
	VALID_CASE(valid_has_last_page),
	VALID_CASE(valid_has_all_pages),
	VALID_CASE(valid_clear_takes_all_pages),
	VALID_CASE(valid_clear_tells_outermost_pages),
	VALID_CASE(valid_clear_stays_in_range),
	VALID_CASE(valid_set_twice_is_set_once),
	VALID_CASE(valid_set_crosses_boundaries),
	VALID_CASE(valid_clear_crosses_boundaries),
	VALID_CASE(valid_is_as_small_as_can_be),
	VALID_CASE(valid_knows_when_it_is_empty),
	VALID_CASE(valid_knows_when_all_of_a_range_is_set),
	VALID_CASE(valid_does_as_model),
	{}
};

static struct kunit_suite valid_suite = {
	.name = "devmap_valid",
	.init = valid_init,
	.test_cases = valid_cases,
};

kunit_test_suite(valid_suite);
