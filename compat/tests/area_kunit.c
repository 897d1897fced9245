// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_area: where in a free area a mapping begins. */

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "../devmap/area.h"

struct place_case {
	const char *name;
	unsigned long start;
	unsigned long off;
	unsigned long size;
	unsigned long place;
};

#define AT	0x7f0000000000UL

static const struct place_case place_cases[] = {
	{ "aligned, offset 0", AT, 0, SZ_2M, AT },
	{ "a page too high", AT + PAGE_SIZE, 0, SZ_2M, AT + SZ_2M },
	{ "a page too low", AT - PAGE_SIZE, 0, SZ_2M, AT },
	{ "offset of a page", AT, PAGE_SIZE, SZ_2M, AT + PAGE_SIZE },
	{ "offset below a border", AT, SZ_2M - PAGE_SIZE, SZ_2M,
	  AT + SZ_2M - PAGE_SIZE },
	{ "offset beyond a border", AT + PAGE_SIZE, 5UL * SZ_2M + PAGE_SIZE, SZ_2M,
	  AT + PAGE_SIZE },
	{ "a large offset", AT + 3 * PAGE_SIZE, (1UL << 42) + PAGE_SIZE, SZ_2M,
	  AT + SZ_2M + PAGE_SIZE },
	{ "1 GiB", AT + SZ_2M, 0, SZ_1G, AT + SZ_1G },
	{ "1 GiB, offset of 2 MiB", AT, SZ_2M, SZ_1G, AT + SZ_2M },
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

static void area_is_placed(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	unsigned long place = devmap_area_place(c->start, c->off, c->size);

	KUNIT_EXPECT_EQ(test, c->place, place);
	/* It is in the area, whose last byte is a page less than @size further. */
	KUNIT_EXPECT_LE(test, c->start, place);
	KUNIT_EXPECT_LE(test, place - c->start, c->size - PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, (place - c->off) % c->size);
}

static struct kunit_case area_cases[] = {
	KUNIT_CASE_PARAM(area_is_placed, place_gen_params),
	{}
};

static struct kunit_suite area_suite = {
	.name = "devmap_area",
	.test_cases = area_cases,
};

kunit_test_suite(area_suite);
