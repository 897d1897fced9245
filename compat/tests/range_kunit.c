// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_range: arithmetic on user offsets. */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>

#include "../devmap/range.h"

#define P		PAGE_SIZE
/* Pages of which every byte has an offset_t; the last is of no use. */
#define NR_PAGES	(1UL << (63 - PAGE_SHIFT))

#define SPAN(f, n)	{ .first = (f), .nr = (n) }

static void expect_span(struct kunit *test, struct devmap_span span,
			struct devmap_span want)
{
	KUNIT_EXPECT_EQ(test, span.first, want.first);
	KUNIT_EXPECT_EQ(test, span.nr, want.nr);
}

static void span_has_its_pages_only(struct kunit *test)
{
	const struct devmap_span span = SPAN(2, 3);

	KUNIT_EXPECT_FALSE(test, devmap_span_has(&span, 0));
	KUNIT_EXPECT_FALSE(test, devmap_span_has(&span, 1));
	KUNIT_EXPECT_TRUE(test, devmap_span_has(&span, 2));
	KUNIT_EXPECT_TRUE(test, devmap_span_has(&span, 4));
	KUNIT_EXPECT_FALSE(test, devmap_span_has(&span, 5));
	KUNIT_EXPECT_FALSE(test, devmap_span_has(&span, ULONG_MAX));
}

static void span_counts_in_bytes(struct kunit *test)
{
	const struct devmap_span span = SPAN(NR_PAGES - 3, 2);

	KUNIT_EXPECT_EQ(test, devmap_span_end(&span), NR_PAGES - 1);
	KUNIT_EXPECT_EQ(test, devmap_span_off(&span),
			(offset_t)(S64_MAX - 3 * P + 1));
	KUNIT_EXPECT_EQ(test, devmap_span_len(&span), 2 * P);
}

struct intersect_case {
	const char *name;
	struct devmap_span a;
	struct devmap_span b;
	struct devmap_span common;	/* nr 0: nothing */
};

static const struct intersect_case intersect_cases[] = {
	{ "same", SPAN(4, 3), SPAN(4, 3), SPAN(4, 3) },
	{ "overlap", SPAN(4, 3), SPAN(6, 9), SPAN(6, 1) },
	{ "inside", SPAN(4, 5), SPAN(5, 2), SPAN(5, 2) },
	{ "inside, same start", SPAN(4, 5), SPAN(4, 2), SPAN(4, 2) },
	{ "inside, same end", SPAN(4, 5), SPAN(7, 2), SPAN(7, 2) },
	{ "adjacent", SPAN(4, 3), SPAN(7, 3) },
	{ "apart", SPAN(4, 3), SPAN(9, 3) },
	{ "from page 0", SPAN(0, 1), SPAN(0, 8), SPAN(0, 1) },
	{ "last page", SPAN(0, NR_PAGES), SPAN(NR_PAGES - 1, 1),
	  SPAN(NR_PAGES - 1, 1) },
};

KUNIT_ARRAY_PARAM_DESC(intersect, intersect_cases, name);

static void intersect_is_what_both_have(struct kunit *test)
{
	const struct intersect_case *c = test->param_value;
	const struct devmap_span untouched = SPAN(77, 78);
	struct devmap_span ab = untouched, ba = untouched;

	KUNIT_EXPECT_EQ(test, devmap_span_intersect(&c->a, &c->b, &ab),
			!!c->common.nr);
	KUNIT_EXPECT_EQ(test, devmap_span_intersect(&c->b, &c->a, &ba),
			!!c->common.nr);
	expect_span(test, ab, c->common.nr ? c->common : untouched);
	expect_span(test, ba, c->common.nr ? c->common : untouched);
}

static void intersect_may_write_over_argument(struct kunit *test)
{
	const struct devmap_span a = SPAN(4, 9);
	struct devmap_span b = SPAN(2, 4);

	KUNIT_EXPECT_TRUE(test, devmap_span_intersect(&a, &b, &b));
	expect_span(test, b, (struct devmap_span)SPAN(4, 2));
}

struct select_case {
	const char *name;
	struct devmap_span handle;
	offset_t off;
	size_t len;
	struct devmap_span pages;	/* nr 0: -EINVAL */
};

/* Three handles: in the middle, at offset 0, as high as can be. */
#define MID	SPAN(2, 3)
#define LOW	SPAN(0, 4)
#define HIGH	SPAN(NR_PAGES - 3, 2)

static const struct select_case select_cases[] = {
	{ "whole: 0, 0", MID, 0, 0, MID },
	{ "whole at offset 0: 0, 0", LOW, 0, 0, LOW },
	{ "whole: off and len", MID, 2 * P, 3 * P, MID },
	{ "whole at offset 0: off and len", LOW, 0, 4 * P, LOW },

	{ "to the end, from the start", MID, 2 * P, 0, MID },
	{ "to the end, from a page", MID, 3 * P, 0, SPAN(3, 2) },
	{ "to the end, from inside of a page", MID, 3 * P + 5, 0, SPAN(3, 2) },
	{ "to the end, from the last byte", MID, 5 * P - 1, 0, SPAN(4, 1) },
	{ "to the end, from byte 1", LOW, 1, 0, LOW },
	{ "to the end, from the end", MID, 5 * P, 0 },
	{ "to the end, from below", MID, 2 * P - 1, 0 },

	{ "first page", MID, 2 * P, P, SPAN(2, 1) },
	{ "first byte", MID, 2 * P, 1, SPAN(2, 1) },
	{ "page 0", LOW, 0, P, SPAN(0, 1) },
	{ "byte 0", LOW, 0, 1, SPAN(0, 1) },
	{ "last byte of a page", MID, 3 * P - 1, 1, SPAN(2, 1) },
	{ "last byte", MID, 5 * P - 1, 1, SPAN(4, 1) },
	{ "one past", MID, 5 * P, 1 },
	{ "one past by length", MID, 2 * P, 3 * P + 1 },
	{ "last byte and one past", MID, 5 * P - 1, 2 },
	{ "one below", MID, 2 * P - 1, 1 },
	{ "one below and the first", MID, 2 * P - 1, 2 },
	{ "off 0 below the handle", MID, 0, P },
	{ "off 0 through the handle", MID, 0, 5 * P },
	{ "one past, at offset 0", LOW, 0, 4 * P + 1 },

	{ "unaligned off, a page", MID, 2 * P + 1, P, SPAN(2, 2) },
	{ "unaligned off, up to the page's end", MID, 2 * P + 1, P - 1,
	  SPAN(2, 1) },
	{ "unaligned off, within the page", MID, 2 * P + 16, 16, SPAN(2, 1) },
	{ "two bytes in two pages", MID, 3 * P - 1, 2, SPAN(2, 2) },
	{ "unaligned off, two pages in three", MID, 2 * P + 16, 2 * P, MID },
	{ "unaligned off, to the last byte", MID, 2 * P + 1, 3 * P - 1, MID },
	{ "unaligned off, one past", MID, 2 * P + 1, 3 * P },
	{ "unaligned len", MID, 2 * P, P + 1, SPAN(2, 2) },
	{ "unaligned len, in the last page", MID, 4 * P, P - 1, SPAN(4, 1) },

	{ "negative off", MID, -1, 1 },
	{ "negative off, to the end", MID, -1, 0 },
	{ "negative off, a page below 0", LOW, -(offset_t)P, 2 * P },
	{ "most negative off", MID, S64_MIN, 0 },
	{ "off and len overflow", MID, S64_MAX, 1 },
	{ "longest len", MID, 2 * P, SIZE_MAX },
	{ "negative len", MID, 4 * P, -(size_t)P },
	{ "negative len, from offset 0", LOW, 0, -(size_t)P },
	{ "to the last offset_t", MID, 2 * P, S64_MAX - 2 * P },
	{ "past the last offset_t", MID, 2 * P, S64_MAX - 2 * P + 1 },

	{ "high: whole", HIGH, S64_MAX - 3 * P + 1, 2 * P, HIGH },
	{ "high: last byte", HIGH, S64_MAX - P, 1, SPAN(NR_PAGES - 2, 1) },
	{ "high: one past", HIGH, S64_MAX - P + 1, 1 },
	{ "high: to the end", HIGH, S64_MAX - P, 0, SPAN(NR_PAGES - 2, 1) },
};

KUNIT_ARRAY_PARAM_DESC(select, select_cases, name);

static void select_names_pages(struct kunit *test)
{
	const struct select_case *c = test->param_value;
	struct devmap_span out = { };
	int err = devmap_span_select(&c->handle, c->off, c->len, &out);

	if (!c->pages.nr) {
		KUNIT_EXPECT_EQ(test, err, -EINVAL);
		return;
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	expect_span(test, out, c->pages);
}

struct cut_case {
	const char *name;
	struct devmap_span handle;
	struct devmap_span gap;
	enum devmap_cut cut;
	struct devmap_span hole;
	struct devmap_span below;
	struct devmap_span above;
};

static const struct cut_case cut_cases[] = {
	{ "none: far below", SPAN(10, 4), SPAN(0, 3), DEVMAP_CUT_NONE },
	{ "none: just below", SPAN(10, 4), SPAN(5, 5), DEVMAP_CUT_NONE },
	{ "none: just above", SPAN(10, 4), SPAN(14, 1), DEVMAP_CUT_NONE },
	{ "none: far above", SPAN(10, 4), SPAN(99, 1), DEVMAP_CUT_NONE },

	{ "whole: exactly", SPAN(10, 4), SPAN(10, 4), DEVMAP_CUT_WHOLE,
	  SPAN(10, 4), SPAN(10, 0), SPAN(14, 0) },
	{ "whole: and below", SPAN(10, 4), SPAN(5, 9), DEVMAP_CUT_WHOLE,
	  SPAN(10, 4), SPAN(10, 0), SPAN(14, 0) },
	{ "whole: and above", SPAN(10, 4), SPAN(10, 90), DEVMAP_CUT_WHOLE,
	  SPAN(10, 4), SPAN(10, 0), SPAN(14, 0) },
	{ "whole: and on both sides", SPAN(10, 4), SPAN(0, 99),
	  DEVMAP_CUT_WHOLE, SPAN(10, 4), SPAN(10, 0), SPAN(14, 0) },
	{ "whole: of one page", SPAN(10, 1), SPAN(10, 1), DEVMAP_CUT_WHOLE,
	  SPAN(10, 1), SPAN(10, 0), SPAN(11, 0) },
	{ "whole: at offset 0", SPAN(0, 4), SPAN(0, 4), DEVMAP_CUT_WHOLE,
	  SPAN(0, 4), SPAN(0, 0), SPAN(4, 0) },

	{ "head: one page", SPAN(10, 4), SPAN(10, 1), DEVMAP_CUT_HEAD,
	  SPAN(10, 1), SPAN(10, 0), SPAN(11, 3) },
	{ "head: all but one page", SPAN(10, 4), SPAN(10, 3), DEVMAP_CUT_HEAD,
	  SPAN(10, 3), SPAN(10, 0), SPAN(13, 1) },
	{ "head: and below", SPAN(10, 4), SPAN(3, 8), DEVMAP_CUT_HEAD,
	  SPAN(10, 1), SPAN(10, 0), SPAN(11, 3) },
	{ "head: at offset 0", SPAN(0, 4), SPAN(0, 2), DEVMAP_CUT_HEAD,
	  SPAN(0, 2), SPAN(0, 0), SPAN(2, 2) },

	{ "tail: one page", SPAN(10, 4), SPAN(13, 1), DEVMAP_CUT_TAIL,
	  SPAN(13, 1), SPAN(10, 3), SPAN(14, 0) },
	{ "tail: all but one page", SPAN(10, 4), SPAN(11, 3), DEVMAP_CUT_TAIL,
	  SPAN(11, 3), SPAN(10, 1), SPAN(14, 0) },
	{ "tail: and above", SPAN(10, 4), SPAN(13, 90), DEVMAP_CUT_TAIL,
	  SPAN(13, 1), SPAN(10, 3), SPAN(14, 0) },

	{ "middle: one page", SPAN(10, 4), SPAN(12, 1), DEVMAP_CUT_MIDDLE,
	  SPAN(12, 1), SPAN(10, 2), SPAN(13, 1) },
	{ "middle: all but two pages", SPAN(10, 4), SPAN(11, 2),
	  DEVMAP_CUT_MIDDLE, SPAN(11, 2), SPAN(10, 1), SPAN(13, 1) },
	{ "middle: at offset 0", SPAN(0, 3), SPAN(1, 1), DEVMAP_CUT_MIDDLE,
	  SPAN(1, 1), SPAN(0, 1), SPAN(2, 1) },
};

KUNIT_ARRAY_PARAM_DESC(cut, cut_cases, name);

static void cut_leaves_remnants(struct kunit *test)
{
	const struct cut_case *c = test->param_value;
	struct devmap_span hole, below, above;

	KUNIT_ASSERT_EQ(test, c->cut,
			devmap_span_cut(&c->handle, &c->gap, &hole, &below,
					&above));
	if (c->cut == DEVMAP_CUT_NONE)
		return;

	expect_span(test, hole, c->hole);
	expect_span(test, below, c->below);
	expect_span(test, above, c->above);
}

struct bytes_case {
	const char *name;
	u64 off;
	u64 len;
	struct devmap_span pages;	/* nr 0: -ENXIO */
};

static const struct bytes_case bytes_cases[] = {
	{ "page 0", 0, P, SPAN(0, 1) },
	{ "in the middle", 5 * P, 3 * P, SPAN(5, 3) },
	{ "longest", 0, S64_MAX - P + 1, SPAN(0, NR_PAGES - 1) },
	{ "highest", S64_MAX - 2 * P + 1, P, SPAN(NR_PAGES - 2, 1) },
	{ "ends past the last offset_t", S64_MAX - P + 1, P },
	{ "one page too long", 0, 1ULL << 63 },
	{ "one page too high", P, S64_MAX - P + 1 },
	{ "begins past the last offset_t", 1ULL << 63, P },
	{ "last page of 64 bits", -(u64)P, P },
	{ "wraps", 5 * P, -(u64)P },
	{ "empty", 5 * P, 0 },
	{ "empty at 0", 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(bytes, bytes_cases, name);

static void from_bytes_fits_offset_t(struct kunit *test)
{
	const struct bytes_case *c = test->param_value;
	struct devmap_span out = { };
	int err = devmap_span_from_bytes(c->off, c->len, &out);

	if (!c->pages.nr) {
		KUNIT_EXPECT_EQ(test, err, -ENXIO);
		return;
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	expect_span(test, out, c->pages);
}

struct maplen_case {
	const char *name;
	size_t len;
	size_t maplen;
	size_t setup_len;
	int err;
};

static const struct maplen_case maplen_cases[] = {
	{ "all", 4 * P, 4 * P, 4 * P, 0 },
	{ "a part", 4 * P, P, P, 0 },
	{ "a part, all set up", 4 * P, P, 4 * P, 0 },
	{ "a part, more than all set up", 4 * P, P, 9 * P, 0 },
	{ "longest", -(size_t)P, -(size_t)P, -(size_t)P, 0 },
	{ "nothing", 4 * P, 0, 4 * P, -EINVAL },
	{ "more than asked", 4 * P, 5 * P, 5 * P, -EINVAL },
	{ "a byte more than asked", 4 * P, 4 * P + 1, 5 * P, -EINVAL },
	{ "a byte", 4 * P, 1, P, -EINVAL },
	{ "a byte less than asked", 4 * P, 4 * P - 1, 4 * P, -EINVAL },
	{ "a byte more than a page", 4 * P, P + 1, 4 * P, -EINVAL },
	{ "no setup", 4 * P, 4 * P, 0, -EINVAL },
	{ "set up a page less", 4 * P, 4 * P, 3 * P, -EINVAL },
	{ "set up a byte less", 4 * P, 4 * P, 4 * P - 1, -EINVAL },
	{ "negative", 4 * P, -(size_t)P, -(size_t)P, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(maplen, maplen_cases, name);

static void maplen_is_checked(struct kunit *test)
{
	const struct maplen_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, c->err,
			devmap_check_maplen(c->len, c->maplen, c->setup_len));
}

#define MAX_CALLS	4

/* What a driver says in one mmap(2) of four pages, from page 8. */
struct mmap_case {
	const char *name;
	struct {
		size_t maplen;
		size_t setup_len;
	} calls[MAX_CALLS];
	unsigned int nr_handles;	/* before it is over or goes wrong */
	int err;
};

static const struct mmap_case mmap_cases[] = {
	{ "one handle", { { 4 * P, 4 * P } }, 1, 0 },
	{ "two handles", { { 2 * P, 2 * P }, { 2 * P, 2 * P } }, 2, 0 },
	{ "a handle per page",
	  { { P, P }, { P, P }, { P, P }, { P, P } }, 4, 0 },
	{ "set up for the rest each time",
	  { { P, 4 * P }, { 2 * P, 3 * P }, { P, P } }, 3, 0 },
	{ "first takes nothing", { { 0, 4 * P } }, 0, -EINVAL },
	{ "second takes nothing", { { P, P }, { 0, P } }, 1, -EINVAL },
	{ "second takes what the first was offered",
	  { { P, P }, { 4 * P, 4 * P } }, 1, -EINVAL },
	{ "third is not set up",
	  { { P, P }, { P, P }, { 2 * P, 0 } }, 2, -EINVAL },
	{ "last is set up for less",
	  { { 2 * P, 2 * P }, { 2 * P, P } }, 1, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(mmap, mmap_cases, name);

static void maplen_splits_mmap(struct kunit *test)
{
	const struct mmap_case *c = test->param_value;
	struct devmap_span rest = SPAN(8, 4);
	unsigned int nr = 0;
	int err = 0;

	while (rest.nr) {
		size_t maplen;

		KUNIT_ASSERT_LT(test, nr, MAX_CALLS);
		maplen = c->calls[nr].maplen;
		err = devmap_check_maplen(devmap_span_len(&rest), maplen,
					  c->calls[nr].setup_len);
		if (err)
			break;
		rest.first += maplen >> PAGE_SHIFT;
		rest.nr -= maplen >> PAGE_SHIFT;
		KUNIT_EXPECT_EQ(test, devmap_span_end(&rest), 12);
		nr++;
	}
	KUNIT_EXPECT_EQ(test, err, c->err);
	KUNIT_EXPECT_EQ(test, nr, c->nr_handles);
}

struct target_case {
	const char *name;
	offset_t off;
	size_t len;
	u64 size;
	int err;
};

static const struct target_case target_cases[] = {
	{ "all", 0, 4 * P, 4 * P, 0 },
	{ "a byte of a byte", 0, 1, 1, 0 },
	{ "a page of a byte", 0, P, 1, 0 },
	{ "last page", 3 * P, P, 4 * P, 0 },
	{ "last page of a part of a page", 3 * P, P, 3 * P + 1, 0 },
	{ "a byte of the last page", 3 * P, 1, 4 * P, 0 },
	{ "longest", 0, -(size_t)P, -(u64)P, 0 },
	{ "highest", S64_MAX - P + 1, P, 1ULL << 63, 0 },
	{ "one past", 4 * P, P, 4 * P, -EINVAL },
	{ "one past the last part of a page", 4 * P, 1, 3 * P + 1, -EINVAL },
	{ "a byte too long", 0, 4 * P + 1, 4 * P, -EINVAL },
	{ "a byte too long from a page", P, 3 * P + 1, 4 * P, -EINVAL },
	{ "unaligned", 1, P, 4 * P, -EINVAL },
	{ "unaligned by one less than a page", P - 1, P, 4 * P, -EINVAL },
	{ "negative", -(offset_t)P, P, 4 * P, -EINVAL },
	{ "negative, of the longest", -(offset_t)(2 * P), P, -(u64)P, -EINVAL },
	{ "most negative", S64_MIN, P, -(u64)P, -EINVAL },
	{ "empty range", 0, 0, 4 * P, -EINVAL },
	{ "empty range at the end", 4 * P, 0, 4 * P, -EINVAL },
	{ "empty target", 0, P, 0, -EINVAL },
	{ "length overflows when rounded", 0, SIZE_MAX, 4 * P, -EINVAL },
	{ "length overflows, of the longest", 0, SIZE_MAX, -(u64)P, -EINVAL },
	{ "size overflows when rounded", 0, P, U64_MAX, -EINVAL },
	{ "off and len wrap", 2 * P, -(size_t)P, 4 * P, -EINVAL },
	{ "off and len wrap, of the longest", 2 * P, -(size_t)P, -(u64)P,
	  -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(target, target_cases, name);

static void target_has_range(struct kunit *test)
{
	const struct target_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, c->err,
			devmap_check_target(c->off, c->len, c->size));
}

static struct kunit_case range_cases[] = {
	KUNIT_CASE(span_has_its_pages_only),
	KUNIT_CASE(span_counts_in_bytes),
	KUNIT_CASE_PARAM(intersect_is_what_both_have, intersect_gen_params),
	KUNIT_CASE(intersect_may_write_over_argument),
	KUNIT_CASE_PARAM(select_names_pages, select_gen_params),
	KUNIT_CASE_PARAM(cut_leaves_remnants, cut_gen_params),
	KUNIT_CASE_PARAM(from_bytes_fits_offset_t, bytes_gen_params),
	KUNIT_CASE_PARAM(maplen_is_checked, maplen_gen_params),
	KUNIT_CASE_PARAM(maplen_splits_mmap, mmap_gen_params),
	KUNIT_CASE_PARAM(target_has_range, target_gen_params),
	{}
};

static struct kunit_suite range_suite = {
	.name = "devmap_range",
	.test_cases = range_cases,
};

kunit_test_suite(range_suite);
