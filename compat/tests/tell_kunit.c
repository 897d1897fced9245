// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_tell: which callbacks the driver hears, in which order. */

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "../devmap/handle.h"
#include "../devmap/segment.h"
#include "../devmap/tell.h"
#include "testdev.h"

static int tell_init(struct kunit *test)
{
	testdev_create(test);
	return 0;
}

/* Handles have the pages 10 to 13, 14 and 15, and 16 to 19. */
static struct devmap_segment *three_handles(struct testdev *td)
{
	struct devmap_segment *seg = testdev_segment(td, 10, 10);

	testdev_handle(td, seg, 14, 2);
	testdev_handle(td, seg, 16, 4);
	testdev_handle(td, seg, 10, 4);
	return seg;
}

static int count_handles(const struct devmap_segment *seg)
{
	struct devmap_handle *h;
	int nr = 0;

	for (h = devmap_handles_first(&seg->handles); h;
	     h = devmap_handles_next(h))
		nr++;
	return nr;
}

static void *pvtp_at(const struct devmap_segment *seg, unsigned long page)
{
	struct devmap_handle *h = devmap_handles_find(&seg->handles, page);

	return h ? h->pvtp : ERR_PTR(-ENOENT);
}

static void map_is_told_in_order(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);

	KUNIT_EXPECT_EQ(test, 0, devmap_tell_map(seg));
	testdev_expect(td, "map 10+4 =1; map 14+2 =2; map 16+4 =3");
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 10), (void *)1);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 15), (void *)2);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 19), (void *)3);
}

static void map_says_private(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);

	testdev_handle(td, seg, 10, 10);
	seg->private = true;
	KUNIT_EXPECT_EQ(test, 0, devmap_tell_map(seg));
	testdev_expect(td, "private 10+10 =1");
}

static void map_needs_no_callback(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg;

	td->ctl.devmap_map = NULL;
	seg = three_handles(td);
	KUNIT_EXPECT_EQ(test, 0, devmap_tell_map(seg));
	testdev_expect(td, "");
	KUNIT_EXPECT_NULL(test, pvtp_at(seg, 10));
}

static void map_refused_at_first_handle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);

	td->refuse_at[TESTDEV_MAP] = 1;
	td->refusal = 5;
	KUNIT_EXPECT_EQ(test, -ENXIO, devmap_tell_map(seg));
	testdev_expect(td, "map 10+4 !5");
	KUNIT_EXPECT_EQ(test, count_handles(seg), 3);
}

static void map_refused_in_the_middle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);

	td->refuse_at[TESTDEV_MAP] = 2;
	td->refusal = 5;
	KUNIT_EXPECT_EQ(test, -ENXIO, devmap_tell_map(seg));
	testdev_expect(td, "map 10+4 =1; map 14+2 !5; unmap 10+4 #1");
	KUNIT_EXPECT_EQ(test, count_handles(seg), 2);
	KUNIT_EXPECT_NULL(test, devmap_handles_find(&seg->handles, 10));
}

static void map_refused_at_last_handle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);

	td->refuse_at[TESTDEV_MAP] = 3;
	KUNIT_EXPECT_EQ(test, -ENXIO, devmap_tell_map(seg));
	testdev_expect(td,
		       "map 10+4 =1; map 14+2 =2; map 16+4 !6; unmap 10+4 #1; unmap 14+2 #2");
	KUNIT_EXPECT_EQ(test, count_handles(seg), 1);
}

/* A child's segment with copies of all handles, of which nobody was told. */
static struct devmap_segment *silent_child(struct testdev *td,
					   struct devmap_segment *parent)
{
	struct devmap_segment *child = testdev_segment(td, 10, 10);
	struct devmap_handle *h, *new;

	for (h = devmap_handles_first(&parent->handles); h;
	     h = devmap_handles_next(h)) {
		new = devmap_handle_dup(h, child);
		KUNIT_ASSERT_NOT_NULL(td->test, new);
		devmap_handles_insert(&child->handles, new);
	}
	return child;
}

static int tell_dup(struct devmap_segment *child, struct devmap_segment *parent)
{
	int err;

	down_write(&parent->lock);
	err = devmap_tell_dup(child, parent);
	up_write(&parent->lock);
	return err;
}

static void dup_is_told_in_order(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td), *child;

	KUNIT_ASSERT_EQ(test, 0, devmap_tell_map(seg));
	testdev_forget(td);
	child = silent_child(td, seg);
	KUNIT_EXPECT_EQ(test, 0, tell_dup(child, seg));
	testdev_expect(td, "dup 10+4 #1 =4; dup 14+2 #2 =5; dup 16+4 #3 =6");
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(child, 14), (void *)5);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 14), (void *)2);
}

static void dup_without_callback_keeps_private_data(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg, *child;

	td->ctl.devmap_dup = NULL;
	seg = three_handles(td);
	KUNIT_ASSERT_EQ(test, 0, devmap_tell_map(seg));
	testdev_forget(td);
	child = silent_child(td, seg);
	KUNIT_EXPECT_EQ(test, 0, tell_dup(child, seg));
	testdev_expect(td, "");
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(child, 14), (void *)2);
}

static void dup_refused_at_first_handle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);
	struct devmap_segment *child = silent_child(td, seg);

	td->refuse_at[TESTDEV_DUP] = 1;
	td->refusal = 7;
	KUNIT_EXPECT_EQ(test, 7, tell_dup(child, seg));
	testdev_expect(td, "dup 10+4 #0 !7");
	KUNIT_EXPECT_EQ(test, count_handles(child), 0);
	KUNIT_EXPECT_EQ(test, count_handles(seg), 3);
}

static void dup_refused_in_the_middle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);
	struct devmap_segment *child = silent_child(td, seg);

	td->refuse_at[TESTDEV_DUP] = 2;
	KUNIT_EXPECT_EQ(test, ENXIO, tell_dup(child, seg));
	testdev_expect(td, "dup 10+4 #0 =1; dup 14+2 #0 !6");
	KUNIT_EXPECT_EQ(test, count_handles(child), 1);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(child, 13), (void *)1);
	KUNIT_EXPECT_EQ(test, count_handles(seg), 3);
}

/**
 * struct gap_case - what is left of three_handles(), and what the driver hears
 * @name: of the case
 * @shown: pages that VMAs show: up to three runs
 * @calls: the driver's calls; private data were 1, 2 and 3
 * @spares: how many are used up
 */
struct gap_case {
	const char *name;
	struct devmap_span shown[3];
	const char *calls;
	unsigned int spares;
};

static const struct gap_case gap_cases[] = {
	{ "all shown", { { 10, 10 } }, "" },
	{ "all shown by three", { { 10, 1 }, { 11, 4 }, { 15, 5 } }, "" },
	{ "head of the first", { { 11, 9 } }, "unmap 10+1 #1 high=4" },
	{ "tail of the last", { { 10, 7 } }, "unmap 17+3 #3 low=4" },
	{ "middle of the first", { { 10, 1 }, { 12, 8 } },
	  "unmap 11+1 #1 low=4 high=5", 1 },
	{ "middle of the last", { { 10, 8 }, { 19, 1 } },
	  "unmap 18+1 #3 low=4 high=5", 1 },
	{ "a whole one", { { 10, 4 }, { 16, 4 } }, "unmap 14+2 #2" },
	{ "the first", { { 14, 6 } }, "unmap 10+4 #1" },
	{ "tail and head", { { 10, 3 }, { 15, 5 } },
	  "unmap 13+1 #1 low=4; unmap 14+1 #2 high=5" },
	{ "tail, whole and head", { { 10, 2 }, { 18, 2 } },
	  "unmap 12+2 #1 low=4; unmap 14+2 #2; unmap 16+2 #3 high=5" },
	{ "two holes in one", { { 10, 7 }, { 18, 1 } },
	  "unmap 17+1 #3 low=4 high=5; unmap 19+1 #5 low=6", 1 },
	{ "holes in two", { { 10, 1 }, { 12, 5 }, { 18, 2 } },
	  "unmap 11+1 #1 low=4 high=5; unmap 17+1 #3 low=6 high=7", 2 },
	{ "one page left", { { 15, 1 } },
	  "unmap 10+4 #1; unmap 14+1 #2 high=4; unmap 16+4 #3" },
	{ "nothing left", { },
	  "unmap 10+4 #1; unmap 14+2 #2; unmap 16+4 #3" },
};

KUNIT_ARRAY_PARAM_DESC(gap, gap_cases, name);

static void tell_unmapped(struct devmap_segment *seg)
{
	down_write(&seg->lock);
	devmap_tell_unmapped(seg);
	up_write(&seg->lock);
}

static void give_spares(struct kunit *test, struct devmap_segment *seg,
			int nr)
{
	while (nr--)
		KUNIT_ASSERT_EQ(test, 0, devmap_segment_add_spare(seg));
}

static bool is_shown(const struct gap_case *c, unsigned long page)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (devmap_span_has(&c->shown[i], page))
			return true;
	}
	return false;
}

static void gap_is_told(struct kunit *test)
{
	const struct gap_case *c = test->param_value;
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);
	unsigned long page;
	int i;

	KUNIT_ASSERT_EQ(test, 0, devmap_tell_map(seg));
	testdev_forget(td);
	seg->nr_vmas = 3;
	give_spares(test, seg, 3);
	for (i = 0; i < 3; i++) {
		if (c->shown[i].nr)
			testdev_show(td, seg, c->shown[i].first, c->shown[i].nr);
	}

	tell_unmapped(seg);
	testdev_expect(td, c->calls);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 3 - c->spares);
	for (page = 10; page < 20; page++)
		KUNIT_EXPECT_EQ_MSG(test, is_shown(c, page),
				    !!devmap_handles_find(&seg->handles, page),
				    "page %lu", page);

	/* Once only. */
	tell_unmapped(seg);
	testdev_expect(td, "");
}

static void parts_have_private_data_of_their_own(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);
	struct devmap_handle *h = testdev_handle(td, seg, 10, 10);

	seg->nr_vmas = 2;
	give_spares(test, seg, 1);
	testdev_show(td, seg, 10, 2);
	testdev_show(td, seg, 15, 5);
	tell_unmapped(seg);
	testdev_expect(td, "unmap 12+3 #0 low=1 high=2");
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_find(&seg->handles, 11), h);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 11), (void *)1);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 15), (void *)2);
}

static void head_goes_and_private_data_are_new(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);
	struct devmap_handle *h = testdev_handle(td, seg, 10, 10);

	seg->nr_vmas = 1;
	testdev_show(td, seg, 15, 5);
	tell_unmapped(seg);
	testdev_expect(td, "unmap 10+5 #0 high=1");
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_find(&seg->handles, 15), h);
	KUNIT_EXPECT_PTR_EQ(test, h->pvtp, (void *)1);
	KUNIT_EXPECT_EQ(test, h->span.first, 15);
	KUNIT_EXPECT_EQ(test, h->span.nr, 5);
}

static void unmap_without_callback_keeps_private_data(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);

	td->ctl.devmap_unmap = NULL;
	testdev_handle(td, seg, 10, 10)->pvtp = (void *)77;
	seg->nr_vmas = 2;
	give_spares(test, seg, 1);
	testdev_show(td, seg, 10, 2);
	testdev_show(td, seg, 15, 5);
	tell_unmapped(seg);
	testdev_expect(td, "");
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 11), (void *)77);
	KUNIT_EXPECT_PTR_EQ(test, pvtp_at(seg, 15), (void *)77);
	KUNIT_EXPECT_NULL(test, devmap_handles_find(&seg->handles, 12));
}

static void expect_cut(struct testdev *td, struct devmap_handle *h)
{
	struct kunit *test = td->test;

	mutex_lock(&h->extent->lock);
	KUNIT_EXPECT_EQ(test, h->span.first, 10);
	KUNIT_EXPECT_EQ(test, h->span.nr, 10);
	KUNIT_EXPECT_PTR_EQ(test, h->cutter, current);
	KUNIT_EXPECT_EQ(test, h->rest.first, 10);
	KUNIT_EXPECT_EQ(test, h->rest.nr, 2);
	KUNIT_EXPECT_NOT_NULL(test, h->upper);
	if (h->upper) {
		KUNIT_EXPECT_EQ(test, h->upper->span.first, 15);
		KUNIT_EXPECT_EQ(test, h->upper->span.nr, 5);
	}
	mutex_unlock(&h->extent->lock);
	testdev_note(td, "seen");
}

/* Locking.rst, rule 6. */
static void handle_answers_to_old_range_in_unmap(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);
	struct devmap_handle *h = testdev_handle(td, seg, 10, 10);

	td->before_unmapped = expect_cut;
	seg->nr_vmas = 2;
	give_spares(test, seg, 1);
	testdev_show(td, seg, 10, 2);
	testdev_show(td, seg, 15, 5);
	tell_unmapped(seg);
	testdev_expect(td, "unmap 12+3 #0 low=1 high=2; seen");
	KUNIT_EXPECT_NULL(test, h->cutter);
	KUNIT_EXPECT_NULL(test, h->upper);
	KUNIT_EXPECT_EQ(test, h->span.nr, 2);
}

static void gap_is_not_valid_any_more(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);
	struct devmap_handle *h = testdev_handle(td, seg, 10, 10);
	unsigned long i;

	KUNIT_ASSERT_EQ(test, 0, devmap_valid_set(&h->extent->valid, 0, 10));
	seg->nr_vmas = 2;
	give_spares(test, seg, 1);
	testdev_show(td, seg, 10, 2);
	testdev_show(td, seg, 15, 5);
	tell_unmapped(seg);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ_MSG(test, i < 2 || i >= 5,
				    devmap_valid_test(&h->extent->valid, i),
				    "page %lu", i);
}

static void relatives_show_nothing(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10), *child;
	struct mm_struct *mm;

	mm = kunit_kzalloc(test, sizeof(*mm), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mm);
	testdev_handle(td, seg, 10, 10);
	child = devmap_segment_fork(seg, mm);
	KUNIT_ASSERT_NOT_NULL(test, child);
	testdev_forget(td);

	/* The parent has unmapped its half, the child the other. */
	child->nr_vmas = 1;
	seg->nr_vmas = 1;
	testdev_show(td, child, 10, 5);
	testdev_show(td, seg, 15, 5);
	tell_unmapped(child);
	testdev_expect(td, "unmap 15+5 #1 low=2");
	tell_unmapped(seg);
	testdev_expect(td, "unmap 10+5 #0 high=3");
	devmap_segment_destroy(child);
}

/* The last VMA to be closed is out of the reverse map, the others' are not. */
static void last_vma_shows_nothing(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 10);

	testdev_handle(td, seg, 10, 10);
	testdev_show(td, seg, 10, 10);
	seg->nr_vmas = 0;
	tell_unmapped(seg);
	testdev_expect(td, "unmap 10+10 #0");
}

static void all_unmapped_is_whole_form_for_each(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = three_handles(td);

	KUNIT_ASSERT_EQ(test, 0, devmap_tell_map(seg));
	testdev_forget(td);
	testdev_show(td, seg, 10, 10);
	seg->nr_vmas = 1;
	devmap_tell_all_unmapped(seg);
	testdev_expect(td, "unmap 10+4 #1; unmap 14+2 #2; unmap 16+4 #3");
	KUNIT_EXPECT_EQ(test, count_handles(seg), 0);
}

static struct kunit_case tell_cases[] = {
	KUNIT_CASE(map_is_told_in_order),
	KUNIT_CASE(map_says_private),
	KUNIT_CASE(map_needs_no_callback),
	KUNIT_CASE(map_refused_at_first_handle),
	KUNIT_CASE(map_refused_in_the_middle),
	KUNIT_CASE(map_refused_at_last_handle),
	KUNIT_CASE(dup_is_told_in_order),
	KUNIT_CASE(dup_without_callback_keeps_private_data),
	KUNIT_CASE(dup_refused_at_first_handle),
	KUNIT_CASE(dup_refused_in_the_middle),
	KUNIT_CASE_PARAM(gap_is_told, gap_gen_params),
	KUNIT_CASE(parts_have_private_data_of_their_own),
	KUNIT_CASE(head_goes_and_private_data_are_new),
	KUNIT_CASE(unmap_without_callback_keeps_private_data),
	KUNIT_CASE(handle_answers_to_old_range_in_unmap),
	KUNIT_CASE(gap_is_not_valid_any_more),
	KUNIT_CASE(relatives_show_nothing),
	KUNIT_CASE(last_vma_shows_nothing),
	KUNIT_CASE(all_unmapped_is_whole_form_for_each),
	{}
};

static struct kunit_suite tell_suite = {
	.name = "devmap_tell",
	.init = tell_init,
	.test_cases = tell_cases,
};

kunit_test_suite(tell_suite);
