// SPDX-License-Identifier: GPL-2.0
/*
 * Suites devmap_setup and devmap_remap: what devmap_umem_setup(9F),
 * devmap_devmem_setup(9F) and the two remap functions check and change.
 */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/ctxmgt.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "../devmap/umem.h"
#include "testdev.h"

#define ALL	(PROT_READ | PROT_WRITE | PROT_EXEC)

static unsigned int refs_of(const struct testdev *td)
{
	return refcount_read(&((struct ddi_umem_cookie *)td->cookie)->refs);
}

static int setup_init(struct kunit *test)
{
	testdev_create(test);
	return 0;
}

static void free_handle(void *h)
{
	devmap_handle_free(h);
}

/* As devmap(9E) receives it: without a length. */
static struct devmap_handle *blank_handle(struct testdev *td)
{
	struct devmap_handle *h = devmap_handle_alloc();

	KUNIT_ASSERT_NOT_NULL(td->test, h);
	KUNIT_ASSERT_EQ(td->test, 0,
			kunit_add_action_or_reset(td->test, free_handle, h));
	h->seg = testdev_segment(td, 10, 8);
	h->seg->prot = PROT_READ | PROT_WRITE;
	h->span = h->seg->span;
	return h;
}

/**
 * struct setup_args - arguments of the setup and the remap functions
 * @name: of the case
 * @rev: of the callbacks; 0: no callbacks
 * @off: offset in the memory
 * @len: bytes
 * @maxprot: PROT_ bits
 * @flags: of the set-up
 */
struct setup_args {
	const char *name;
	int rev;
	offset_t off;
	size_t len;
	uint_t maxprot;
	uint_t flags;
};

static int set_up(struct testdev *td, struct devmap_handle *h,
		  const struct setup_args *a)
{
	td->ctl.devmap_rev = a->rev;
	return devmap_umem_setup(h, td->dip, a->rev ? &td->ctl : NULL,
				 td->cookie, a->off, a->len, a->maxprot,
				 a->flags, NULL);
}

static const struct setup_args good_args[] = {
	{ "plain", DEVMAP_OPS_REV, 0, 8 * PAGE_SIZE, ALL, 0 },
	{ "no callbacks", 0, 0, 8 * PAGE_SIZE, ALL, 0 },
	{ "end of the memory", DEVMAP_OPS_REV, (TESTDEV_PAGES - 1) * PAGE_SIZE,
	  PAGE_SIZE, ALL, DEVMAP_ALLOW_REMAP },
	{ "length rounded up", DEVMAP_OPS_REV, 0, 7 * PAGE_SIZE + 1, ALL, 0 },
	{ "one byte", DEVMAP_OPS_REV, PAGE_SIZE, 1, ALL, 0 },
	{ "just what mmap wants", DEVMAP_OPS_REV, 0, PAGE_SIZE,
	  PROT_READ | PROT_WRITE, 0 },
	{ "no target yet", DEVMAP_OPS_REV, 0, PAGE_SIZE, ALL,
	  DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP },
};

KUNIT_ARRAY_PARAM_DESC(good, good_args, name);

static void setup_fills_in_handle(struct kunit *test)
{
	const struct setup_args *a = test->param_value;
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);
	bool target = !(a->flags & DEVMAP_MAPPING_INVALID);

	KUNIT_EXPECT_EQ(test, 0, set_up(td, h, a));
	KUNIT_EXPECT_EQ(test, h->setup_len, PAGE_ALIGN(a->len));
	KUNIT_EXPECT_EQ(test, h->maxprot, a->maxprot);
	KUNIT_EXPECT_EQ(test, h->flags, a->flags);
	KUNIT_EXPECT_EQ(test, h->target.kind,
			target ? DEVMAP_TARGET_UMEM : DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, refs_of(td), target ? 2 : 1);
	if (target)
		KUNIT_EXPECT_EQ(test, h->target.page, a->off >> PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, !!h->ctx, !!a->rev);
	if (a->rev)
		KUNIT_EXPECT_MEMEQ(test, &h->ops, &td->ctl, sizeof(h->ops));
	else
		KUNIT_EXPECT_NULL(test, h->ops.devmap_access);
	/* That is for the layer to say. */
	KUNIT_EXPECT_FALSE(test, h->live);
}

static const struct setup_args bad_args[] = {
	{ "revision too old", -1, 0, PAGE_SIZE, ALL, 0 },
	{ "revision too new", DEVMAP_OPS_REV + 1, 0, PAGE_SIZE, ALL, 0 },
	{ "no bytes", DEVMAP_OPS_REV, 0, 0, ALL, 0 },
	{ "too many bytes to round", DEVMAP_OPS_REV, 0, SIZE_MAX, ALL, 0 },
	{ "more than the memory", DEVMAP_OPS_REV, 0,
	  TESTDEV_PAGES * PAGE_SIZE + 1, ALL, 0 },
	{ "behind the memory", DEVMAP_OPS_REV, TESTDEV_PAGES * PAGE_SIZE, 1,
	  ALL, 0 },
	{ "offset not aligned", DEVMAP_OPS_REV, 1, PAGE_SIZE, ALL, 0 },
	{ "mmap wants to write", DEVMAP_OPS_REV, 0, PAGE_SIZE, PROT_READ, 0 },
	{ "mmap wants to read", DEVMAP_OPS_REV, 0, PAGE_SIZE, PROT_WRITE, 0 },
	{ "cache attribute", DEVMAP_OPS_REV, 0, PAGE_SIZE, ALL,
	  IOMEM_DATA_CACHED },
	{ "no target and no remap", DEVMAP_OPS_REV, 0, PAGE_SIZE, ALL,
	  DEVMAP_MAPPING_INVALID },
	{ "unknown flag", DEVMAP_OPS_REV, 0, PAGE_SIZE, ALL, 0x80000000 },
};

KUNIT_ARRAY_PARAM_DESC(bad, bad_args, name);

static void setup_refuses_and_changes_nothing(struct kunit *test)
{
	const struct setup_args *a = test->param_value;
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td), before = *h;

	KUNIT_EXPECT_EQ(test, -1, set_up(td, h, a));
	KUNIT_EXPECT_MEMEQ(test, h, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test, refs_of(td), 1);
	/* A second attempt is no second call. */
	KUNIT_EXPECT_EQ(test, 0, set_up(td, h, &good_args[0]));
}

static void setup_is_for_one_call(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);

	KUNIT_EXPECT_EQ(test, 0, set_up(td, h, &good_args[0]));
	KUNIT_EXPECT_EQ(test, -1, set_up(td, h, &good_args[0]));
	KUNIT_EXPECT_EQ(test, refs_of(td), 2);
}

static void setup_is_for_devmap_only(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);

	h->live = true;
	KUNIT_EXPECT_EQ(test, -1, set_up(td, h, &good_args[0]));
	KUNIT_EXPECT_EQ(test, -1, set_up(td, NULL, &good_args[0]));
	KUNIT_EXPECT_EQ(test, refs_of(td), 1);
}

static void setup_needs_cookie(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);

	KUNIT_EXPECT_EQ(test, -1,
			devmap_umem_setup(h, td->dip, &td->ctl, NULL, 0,
					  PAGE_SIZE, ALL, 0, NULL));
	KUNIT_EXPECT_EQ(test, h->setup_len, 0);
}

static void setup_limits_pages_locked_for_reading(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct ddi_umem_cookie locked = {
		.type = UMEM_LOCKED, .size = PAGE_SIZE,
		.refs = REFCOUNT_INIT(9),
	};
	struct devmap_handle *h = blank_handle(td);

	KUNIT_EXPECT_EQ(test, -1,
			devmap_umem_setup(h, td->dip, &td->ctl, &locked, 0,
					  PAGE_SIZE, ALL, 0, NULL));
	h->seg->prot = PROT_READ;
	KUNIT_EXPECT_EQ(test, 0,
			devmap_umem_setup(h, td->dip, &td->ctl, &locked, 0,
					  PAGE_SIZE, ALL, 0, NULL));
	KUNIT_EXPECT_EQ(test, h->maxprot, PROT_READ | PROT_EXEC);
	devmap_target_put(&h->target);
	KUNIT_EXPECT_EQ(test, refcount_read(&locked.refs), 9);
}

/* One arbiter per instance and access function. */
static void handles_share_arbiter(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_handle *a = blank_handle(td), *b = blank_handle(td);

	KUNIT_ASSERT_EQ(test, 0, set_up(td, a, &good_args[0]));
	KUNIT_ASSERT_EQ(test, 0, set_up(td, b, &good_args[0]));
	KUNIT_EXPECT_PTR_EQ(test, a->ctx, b->ctx);
	KUNIT_ASSERT_NOT_NULL(test, a->ctx);
	KUNIT_EXPECT_PTR_EQ(test, a->ctx->access, td->ctl.devmap_access);
}

static void no_arbiter_without_access(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);

	td->ctl.devmap_access = NULL;
	KUNIT_ASSERT_EQ(test, 0, set_up(td, h, &good_args[0]));
	KUNIT_EXPECT_NULL(test, h->ctx);
}

/* A cache attribute is for registers, here for none at all. */
static void registers_may_be_set_up_later(struct kunit *test)
{
	const uint_t flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	struct testdev *td = test->priv;
	struct devmap_handle *h = blank_handle(td);

	KUNIT_EXPECT_EQ(test, -1,
			devmap_devmem_setup(h, td->dip, &td->ctl, 0, 0,
					    PAGE_SIZE, ALL, flags |
					    IOMEM_DATA_CACHED |
					    IOMEM_DATA_UNCACHED, NULL));
	KUNIT_EXPECT_EQ(test, 0,
			devmap_devmem_setup(h, td->dip, &td->ctl, 0, 0,
					    PAGE_SIZE, ALL, flags |
					    IOMEM_DATA_CACHED, NULL));
	KUNIT_EXPECT_EQ(test, h->target.kind, DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, h->flags, flags);
	KUNIT_EXPECT_EQ(test, h->setup_len, PAGE_SIZE);
}

static struct kunit_case setup_cases[] = {
	KUNIT_CASE_PARAM(setup_fills_in_handle, good_gen_params),
	KUNIT_CASE_PARAM(setup_refuses_and_changes_nothing, bad_gen_params),
	KUNIT_CASE(setup_is_for_one_call),
	KUNIT_CASE(setup_is_for_devmap_only),
	KUNIT_CASE(setup_needs_cookie),
	KUNIT_CASE(setup_limits_pages_locked_for_reading),
	KUNIT_CASE(handles_share_arbiter),
	KUNIT_CASE(no_arbiter_without_access),
	KUNIT_CASE(registers_may_be_set_up_later),
	{}
};

static struct kunit_suite setup_suite = {
	.name = "devmap_setup",
	.init = setup_init,
	.test_cases = setup_cases,
};

/**
 * struct remap_fixture - what the cases start with
 * @td: the device
 * @h: pages 10 to 17, all of them valid; maps the memory from its page 10 on
 */
struct remap_fixture {
	struct testdev *td;
	struct devmap_handle *h;
};

static int remap_init(struct kunit *test)
{
	struct remap_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct devmap_segment *seg;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	seg = testdev_segment(f->td, 10, 8);
	seg->prot = PROT_READ;
	f->h = testdev_handle(f->td, seg, 10, 8);
	KUNIT_ASSERT_EQ(test, 0, devmap_valid_set(&f->h->extent->valid, 0, 8));
	test->priv = f;
	return 0;
}

static int remap(struct remap_fixture *f, offset_t off, size_t len,
		 uint_t maxprot, uint_t flags)
{
	return devmap_umem_remap(f->h, f->td->dip, f->td->cookie, off, len,
				 maxprot, flags, NULL);
}

static void expect_valid(struct kunit *test, struct devmap_span span)
{
	struct remap_fixture *f = test->priv;
	unsigned long page;

	for (page = 10; page < 18; page++)
		KUNIT_EXPECT_EQ_MSG(test, devmap_span_has(&span, page),
				    devmap_valid_test(&f->h->extent->valid,
						      page - 10),
				    "page %lu", page);
}

static void expect_target(struct kunit *test, const struct devmap_handle *h,
			  unsigned long page, unsigned long first)
{
	KUNIT_EXPECT_EQ(test, h->target.kind, DEVMAP_TARGET_UMEM);
	KUNIT_EXPECT_EQ(test, h->target.page, page);
	KUNIT_EXPECT_EQ(test, h->target_first, first);
}

static void remap_changes_target(struct kunit *test)
{
	struct remap_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, remap(f, 40 * PAGE_SIZE, 8 * PAGE_SIZE,
				       PROT_READ, 0));
	expect_target(test, f->h, 40, 10);
	KUNIT_EXPECT_EQ(test, f->h->maxprot, PROT_READ);
	KUNIT_EXPECT_EQ(test, f->h->flags, DEVMAP_ALLOW_REMAP);
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 2);
	expect_valid(test, TESTDEV_SPAN(0, 0));
}

static void remap_to_nothing_and_back(struct kunit *test)
{
	struct remap_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, remap(f, 0, 8 * PAGE_SIZE, ALL,
				       DEVMAP_MAPPING_INVALID));
	KUNIT_EXPECT_EQ(test, f->h->target.kind, DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 1);
	expect_valid(test, TESTDEV_SPAN(0, 0));
	KUNIT_EXPECT_EQ(test, 0, remap(f, 3 * PAGE_SIZE, 8 * PAGE_SIZE, ALL,
				       0));
	expect_target(test, f->h, 3, 10);
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 2);
}

static void remap_to_registers_that_are_none(struct kunit *test)
{
	struct remap_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0,
			devmap_devmem_remap(f->h, NULL, 0, 0, 8 * PAGE_SIZE,
					    ALL, DEVMAP_MAPPING_INVALID |
					    IOMEM_DATA_CACHED, NULL));
	KUNIT_EXPECT_EQ(test, f->h->target.kind, DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 1);
}

static void remap_length_is_rounded_up(struct kunit *test)
{
	struct remap_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0, remap(f, 0, 7 * PAGE_SIZE + 1, ALL, 0));
	KUNIT_EXPECT_EQ(test, 0, remap(f, 0, 20 * PAGE_SIZE, ALL, 0));
}

static const struct setup_args bad_remaps[] = {
	{ "no bytes", 0, 0, 0, ALL, 0 },
	{ "too many bytes to round", 0, 0, SIZE_MAX, ALL, 0 },
	{ "shorter than the handle", 0, 0, 7 * PAGE_SIZE, ALL, 0 },
	{ "not in the memory", 0, (TESTDEV_PAGES - 7) * PAGE_SIZE,
	  8 * PAGE_SIZE, ALL, 0 },
	{ "offset not aligned", 0, 1, 8 * PAGE_SIZE, ALL, 0 },
	{ "mmap wants to read", 0, 0, 8 * PAGE_SIZE, PROT_WRITE, 0 },
	{ "cache attribute", 0, 0, 8 * PAGE_SIZE, ALL, IOMEM_DATA_CACHED },
	{ "unknown flag", 0, 0, 8 * PAGE_SIZE, ALL, 0x80000000 },
};

KUNIT_ARRAY_PARAM_DESC(bad_remap, bad_remaps, name);

static void remap_refuses_and_changes_nothing(struct kunit *test)
{
	const struct setup_args *a = test->param_value;
	struct remap_fixture *f = test->priv;
	struct devmap_handle before = *f->h;

	KUNIT_EXPECT_EQ(test, -1, remap(f, a->off, a->len, a->maxprot,
					a->flags));
	KUNIT_EXPECT_MEMEQ(test, f->h, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 2);
	expect_valid(test, TESTDEV_SPAN(10, 8));
}

static void remap_needs_handle_that_allows_it(struct kunit *test)
{
	struct remap_fixture *f = test->priv;
	struct testdev *td = f->td;

	KUNIT_EXPECT_EQ(test, -1,
			devmap_umem_remap(NULL, td->dip, td->cookie, 0,
					  8 * PAGE_SIZE, ALL, 0, NULL));
	KUNIT_EXPECT_EQ(test, -1,
			devmap_umem_remap(f->h, td->dip, NULL, 0,
					  8 * PAGE_SIZE, ALL, 0, NULL));
	f->h->flags = 0;
	KUNIT_EXPECT_EQ(test, -1, remap(f, 0, 8 * PAGE_SIZE, ALL,
					DEVMAP_ALLOW_REMAP));
	f->h->flags = DEVMAP_ALLOW_REMAP;
	f->h->live = false;
	KUNIT_EXPECT_EQ(test, -1, remap(f, 0, 8 * PAGE_SIZE, ALL, 0));
	f->h->live = true;
	KUNIT_EXPECT_EQ(test, 0, remap(f, 0, 8 * PAGE_SIZE, ALL, 0));
}

/* Somebody who is never looked into. */
#define OTHER_TASK	((struct task_struct *)&bad_remaps)

/**
 * struct cut_case - a remap while the pages 12 to 14 are being cut out
 * @name: of the case
 * @rest: what the handle will keep
 * @upper: whether another handle gets the pages 15 to 17
 * @own: the task that cuts is the one that remaps
 * @len: pages that it names
 * @err: what it gets
 * @first: the page that is mapped to the new target's first
 * @upper_too: the upper handle has the new target as well
 * @valid: what stays valid
 */
struct cut_case {
	const char *name;
	struct devmap_span rest;
	bool upper;
	bool own;
	unsigned long len;
	int err;
	unsigned long first;
	bool upper_too;
	struct devmap_span valid;
};

static const struct cut_case cut_cases[] = {
	/* To all others the handle is what it was. */
	{ "other, whole length", { 10, 2 }, true, false, 8, 0, 10, true,
	  { 0, 0 } },
	{ "other, more than that", { 10, 2 }, true, false, 9, 0, 10, true,
	  { 0, 0 } },
	/* Unless the driver has told them of the new length. */
	{ "other, new length", { 10, 2 }, true, false, 2, 0, 10, false,
	  { 12, 6 } },
	{ "other, between the two", { 10, 2 }, true, false, 7, 0, 10, false,
	  { 12, 6 } },
	{ "other, too short", { 10, 2 }, true, false, 1, -1, 10, false,
	  { 10, 8 } },
	{ "own, new length", { 10, 2 }, true, true, 2, 0, 10, false,
	  { 12, 6 } },
	{ "own, whole length", { 10, 2 }, true, true, 8, 0, 10, false,
	  { 12, 6 } },
	{ "own, too short", { 10, 2 }, true, true, 1, -1, 10, false,
	  { 10, 8 } },
	{ "tail goes, other, whole length", { 10, 2 }, false, false, 8, 0, 10,
	  false, { 0, 0 } },
	{ "tail goes, other, new length", { 10, 2 }, false, false, 2, 0, 10,
	  false, { 12, 6 } },
	{ "head goes, other, whole length", { 15, 3 }, false, false, 8, 0, 10,
	  false, { 0, 0 } },
	{ "head goes, other, new length", { 15, 3 }, false, false, 3, 0, 15,
	  false, { 10, 5 } },
	{ "head goes, own, whole length", { 15, 3 }, false, true, 8, 0, 15,
	  false, { 10, 5 } },
	{ "head goes, own, too short", { 15, 3 }, false, true, 2, -1, 10,
	  false, { 10, 8 } },
};

KUNIT_ARRAY_PARAM_DESC(cut, cut_cases, name);

static void remap_while_a_hole_is_cut(struct kunit *test)
{
	const struct cut_case *c = test->param_value;
	struct remap_fixture *f = test->priv;
	struct devmap_handle *upper = NULL;

	if (c->upper) {
		upper = devmap_handle_alloc();
		KUNIT_ASSERT_NOT_NULL(test, upper);
		devmap_handle_remnant(upper, f->h, &TESTDEV_SPAN(15, 3));
	}
	devmap_handle_cut_begin(f->h, &c->rest, upper);
	if (!c->own)
		f->h->cutter = OTHER_TASK;
	KUNIT_EXPECT_EQ(test, c->err,
			remap(f, 40 * PAGE_SIZE, c->len << PAGE_SHIFT, ALL, 0));

	expect_target(test, f->h, c->err ? 10 : 40, c->first);
	expect_valid(test, c->valid);
	if (upper)
		expect_target(test, upper, c->upper_too ? 40 : 10, 10);
	devmap_handle_cut_end(f->h);
	devmap_handle_free(upper);
	KUNIT_EXPECT_EQ(test, refs_of(f->td), 2);
}

/* What the pages map after a cut and a remap of the rest, in the end. */
static void remap_after_a_cut_begins_with_the_rest(struct kunit *test)
{
	struct remap_fixture *f = test->priv;

	devmap_handle_cut_begin(f->h, &TESTDEV_SPAN(15, 3), NULL);
	devmap_handle_cut_end(f->h);
	expect_target(test, f->h, 10, 10);
	KUNIT_EXPECT_EQ(test, -1, remap(f, 0, 2 * PAGE_SIZE, ALL, 0));
	KUNIT_EXPECT_EQ(test, 0, remap(f, 0, 3 * PAGE_SIZE, ALL, 0));
	expect_target(test, f->h, 0, 15);
	expect_valid(test, TESTDEV_SPAN(10, 5));
}

static struct kunit_case remap_cases[] = {
	KUNIT_CASE(remap_changes_target),
	KUNIT_CASE(remap_to_nothing_and_back),
	KUNIT_CASE(remap_to_registers_that_are_none),
	KUNIT_CASE(remap_length_is_rounded_up),
	KUNIT_CASE_PARAM(remap_refuses_and_changes_nothing,
			 bad_remap_gen_params),
	KUNIT_CASE(remap_needs_handle_that_allows_it),
	KUNIT_CASE_PARAM(remap_while_a_hole_is_cut, cut_gen_params),
	KUNIT_CASE(remap_after_a_cut_begins_with_the_rest),
	{}
};

static struct kunit_suite remap_suite = {
	.name = "devmap_remap",
	.init = remap_init,
	.test_cases = remap_cases,
};

kunit_test_suites(&setup_suite, &remap_suite);
