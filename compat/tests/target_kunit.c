// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_target: what a handle maps. Registers only as far as no hardware
 * is needed.
 */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <sys/sunddi.h>

#include "../devmap/target.h"
#include "../devmap/umem.h"
#include "testdev.h"

#define NR_PAGES	8UL
#define SOME_PFN	0x1234567UL

/**
 * struct target_fixture - what the cases start with
 * @memory: NR_PAGES - 1 pages and a byte
 * @cookie: of it
 * @target: to be filled in
 */
struct target_fixture {
	void *memory;
	ddi_umem_cookie_t cookie;
	struct devmap_target target;
};

static void free_cookie(void *cookie)
{
	ddi_umem_free(cookie);
}

static void put_target(void *target)
{
	devmap_target_put(target);
}

static int target_init(struct kunit *test)
{
	struct target_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->memory = ddi_umem_alloc((NR_PAGES - 1) * PAGE_SIZE + 1,
				   DDI_UMEM_SLEEP, &f->cookie);
	KUNIT_ASSERT_NOT_NULL(test, f->memory);
	test->priv = f;
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_cookie,
						  f->cookie));
	return kunit_add_action_or_reset(test, put_target, &f->target);
}

static unsigned int refs_of(ddi_umem_cookie_t cookie)
{
	return refcount_read(&((struct ddi_umem_cookie *)cookie)->refs);
}

/* Fills in the target of the fixture. */
static void take_umem(struct kunit *test, unsigned long page)
{
	struct target_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			devmap_target_umem(&f->target, f->cookie,
					   page << PAGE_SHIFT, PAGE_SIZE, 0));
}

static void take_frames(struct kunit *test, unsigned long nr)
{
	struct target_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, 0, devmap_target_frames(&f->target, nr));
}

struct umem_case {
	const char *name;
	offset_t off;
	size_t len;
	int err;
};

static const struct umem_case umem_cases[] = {
	{ "all of it", 0, (NR_PAGES - 1) * PAGE_SIZE + 1, 0 },
	{ "rounded up", 0, NR_PAGES * PAGE_SIZE, 0 },
	{ "first page", 0, PAGE_SIZE, 0 },
	{ "first byte", 0, 1, 0 },
	{ "last page", (NR_PAGES - 1) * PAGE_SIZE, PAGE_SIZE, 0 },
	{ "one page too many", 0, NR_PAGES * PAGE_SIZE + 1, -EINVAL },
	{ "begins in the last page", (NR_PAGES - 1) * PAGE_SIZE, PAGE_SIZE + 1,
	  -EINVAL },
	{ "begins behind it", NR_PAGES * PAGE_SIZE, 1, -EINVAL },
	{ "not aligned", 8, 1, -EINVAL },
	{ "negative offset", -PAGE_SIZE, PAGE_SIZE, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(umem, umem_cases, name);

static void umem_range_is_checked(struct kunit *test)
{
	const struct umem_case *c = test->param_value;
	struct target_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, c->err,
			devmap_target_umem(&f->target, f->cookie, c->off,
					   c->len, 0));
	if (c->err) {
		KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_NONE);
		KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 1);
		return;
	}
	KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_UMEM);
	KUNIT_EXPECT_PTR_EQ(test, f->target.cookie, f->cookie);
	KUNIT_EXPECT_EQ(test, f->target.page, c->off >> PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 2);
}

/* Also where there will be no target: DEVMAP_MAPPING_INVALID. */
static void invalid_umem_range_is_checked_as_well(struct kunit *test)
{
	const struct umem_case *c = test->param_value;
	struct target_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, c->err,
			devmap_target_umem(&f->target, f->cookie, c->off,
					   c->len, DEVMAP_MAPPING_INVALID));
	KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 1);
}

static void umem_needs_cookie(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	f->target.kind = DEVMAP_TARGET_FRAMES;
	KUNIT_EXPECT_EQ(test, -EINVAL,
			devmap_target_umem(&f->target, NULL, 0, PAGE_SIZE, 0));
	KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_NONE);
}

static void umem_pages_are_those_of_the_memory(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	unsigned long i;

	take_umem(test, 3);
	for (i = 0; i < NR_PAGES - 3; i++)
		KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, i),
				vmalloc_to_pfn(f->memory +
					       ((i + 3) << PAGE_SHIFT)));
}

static void umem_copy_counts(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	struct devmap_target copy;

	take_umem(test, 3);
	devmap_target_copy(&copy, &f->target);
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 3);
	KUNIT_EXPECT_EQ(test, copy.kind, DEVMAP_TARGET_UMEM);
	KUNIT_EXPECT_EQ(test, copy.page, 3);
	KUNIT_EXPECT_EQ(test, 0, devmap_target_unshare(&copy));
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 3);
	devmap_target_put(&copy);
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 2);
	KUNIT_EXPECT_EQ(test, copy.kind, DEVMAP_TARGET_NONE);
}

static void put_twice_is_put_once(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	take_umem(test, 0);
	devmap_target_put(&f->target);
	devmap_target_put(&f->target);
	KUNIT_EXPECT_EQ(test, refs_of(f->cookie), 1);
}

static void none_has_no_page(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	u64 value = 1;

	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 0),
			DEVMAP_NO_FRAME);
	KUNIT_EXPECT_EQ(test, -EIO,
			devmap_target_access(&f->target, 0, 0, &value,
					     sizeof(value), false));
	KUNIT_EXPECT_EQ(test, value, 1);
}

static void frames_are_missing_at_first(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	unsigned long i;

	take_frames(test, 5);
	KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_FRAMES);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, i),
				DEVMAP_NO_FRAME);
}

static void frames_are_in_any_order(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	unsigned long i;

	take_frames(test, 5);
	for (i = 0; i < 5; i++)
		devmap_target_set_frame(&f->target, i, SOME_PFN - 2 * i);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, i),
				SOME_PFN - 2 * i);
	devmap_target_set_frame(&f->target, 2, DEVMAP_NO_FRAME);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 2),
			DEVMAP_NO_FRAME);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 3), SOME_PFN - 6);
}

static void remnants_share_frames(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	struct devmap_target copy;

	take_frames(test, 5);
	devmap_target_copy(&copy, &f->target);
	devmap_target_set_frame(&copy, 1, SOME_PFN);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 1), SOME_PFN);
	devmap_target_put(&f->target);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&copy, 1), SOME_PFN);
	devmap_target_put(&copy);
}

static void child_has_frames_of_its_own(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	struct devmap_target copy;
	unsigned long i;

	take_frames(test, 5);
	for (i = 0; i < 5; i++)
		devmap_target_set_frame(&f->target, i, SOME_PFN + i);
	devmap_target_copy(&copy, &f->target);
	KUNIT_ASSERT_EQ(test, 0, devmap_target_unshare(&copy));
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, devmap_target_pfn(&copy, i),
				SOME_PFN + i);
	devmap_target_set_frame(&copy, 4, 7);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 4), SOME_PFN + 4);
	devmap_target_put(&copy);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&f->target, 0), SOME_PFN);
}

/* There need not even be a device. */
static void registers_may_be_none(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, 0,
			devmap_target_regs(&f->target, NULL, 0, 0, PAGE_SIZE,
					   DEVMAP_MAPPING_INVALID));
	KUNIT_EXPECT_EQ(test, f->target.kind, DEVMAP_TARGET_NONE);
}

static void registers_are_contiguous(struct kunit *test)
{
	const struct devmap_target target = {
		.kind = DEVMAP_TARGET_REGS, .phys = PFN_PHYS(SOME_PFN),
		.cache = IOMEM_DATA_UNCACHED,
	};

	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&target, 0), SOME_PFN);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&target, 9), SOME_PFN + 9);
}

static void expect_prot(struct kunit *test, pgprot_t prot, pgprot_t expected)
{
	KUNIT_EXPECT_EQ(test, pgprot_val(prot), pgprot_val(expected));
}

static void registers_have_cache_attribute(struct kunit *test)
{
	struct devmap_target target = { .kind = DEVMAP_TARGET_REGS };
	pgprot_t prot = PAGE_SHARED;

	target.cache = IOMEM_DATA_UNCACHED;
	expect_prot(test, devmap_target_prot(&target, prot),
		    pgprot_noncached(prot));
	target.cache = IOMEM_DATA_UC_WR_COMBINE;
	expect_prot(test, devmap_target_prot(&target, prot),
		    pgprot_writecombine(prot));
	target.cache = IOMEM_DATA_CACHED;
	expect_prot(test, devmap_target_prot(&target, prot), prot);
}

static void memory_is_cached(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	take_umem(test, 0);
	/* Not a member that counts; it must not be looked at. */
	expect_prot(test, devmap_target_prot(&f->target, PAGE_SHARED),
		    PAGE_SHARED);
	devmap_target_put(&f->target);
	take_frames(test, 1);
	expect_prot(test, devmap_target_prot(&f->target, PAGE_SHARED),
		    PAGE_SHARED);
}

/* Writes, then reads, a few bytes in the middle of a page. */
static void access_some(struct kunit *test, unsigned long page, u8 *expected)
{
	struct target_fixture *f = test->priv;
	u8 out[5] = { 1, 2, 3, 4, 5 }, in[5] = {};

	KUNIT_EXPECT_EQ(test, 0,
			devmap_target_access(&f->target, page, 100, out,
					     sizeof(out), true));
	KUNIT_EXPECT_MEMEQ(test, expected + 100, out, sizeof(out));
	KUNIT_EXPECT_EQ(test, expected[99], 0xee);
	KUNIT_EXPECT_EQ(test, expected[105], 0xee);

	expected[102] = 77;
	KUNIT_EXPECT_EQ(test, 0,
			devmap_target_access(&f->target, page, 100, in,
					     sizeof(in), false));
	KUNIT_EXPECT_MEMEQ(test, in, expected + 100, sizeof(in));
	KUNIT_EXPECT_EQ(test, in[2], 77);
}

static void umem_is_accessed(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	take_umem(test, 2);
	memset(f->memory, 0xee, NR_PAGES * PAGE_SIZE);
	access_some(test, 3, f->memory + 5 * PAGE_SIZE);
}

static void frame_of_memory_is_accessed(struct kunit *test)
{
	struct target_fixture *f = test->priv;

	take_frames(test, 3);
	memset(f->memory, 0xee, NR_PAGES * PAGE_SIZE);
	devmap_target_set_frame(&f->target, 1,
				vmalloc_to_pfn(f->memory + 4 * PAGE_SIZE));
	access_some(test, 1, f->memory + 4 * PAGE_SIZE);
}

static void last_byte_of_page_is_accessed(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	u8 value = 0x55;

	take_umem(test, 0);
	KUNIT_EXPECT_EQ(test, 0,
			devmap_target_access(&f->target, 1, PAGE_SIZE - 1,
					     &value, 1, true));
	KUNIT_EXPECT_EQ(test, ((u8 *)f->memory)[2 * PAGE_SIZE - 1], 0x55);
	KUNIT_EXPECT_EQ(test, ((u8 *)f->memory)[2 * PAGE_SIZE], 0);
}

static void frame_that_is_refused_is_not_accessed(struct kunit *test)
{
	struct target_fixture *f = test->priv;
	u8 value = 1;

	take_frames(test, 3);
	KUNIT_EXPECT_EQ(test, -EIO,
			devmap_target_access(&f->target, 1, 0, &value, 1,
					     true));
	KUNIT_EXPECT_EQ(test, -EIO,
			devmap_target_access(&f->target, 1, 0, &value, 1,
					     false));
	KUNIT_EXPECT_EQ(test, value, 1);
}

static struct kunit_case target_cases[] = {
	KUNIT_CASE_PARAM(umem_range_is_checked, umem_gen_params),
	KUNIT_CASE_PARAM(invalid_umem_range_is_checked_as_well,
			 umem_gen_params),
	KUNIT_CASE(umem_needs_cookie),
	KUNIT_CASE(umem_pages_are_those_of_the_memory),
	KUNIT_CASE(umem_copy_counts),
	KUNIT_CASE(put_twice_is_put_once),
	KUNIT_CASE(none_has_no_page),
	KUNIT_CASE(frames_are_missing_at_first),
	KUNIT_CASE(frames_are_in_any_order),
	KUNIT_CASE(remnants_share_frames),
	KUNIT_CASE(child_has_frames_of_its_own),
	KUNIT_CASE(registers_may_be_none),
	KUNIT_CASE(registers_are_contiguous),
	KUNIT_CASE(registers_have_cache_attribute),
	KUNIT_CASE(memory_is_cached),
	KUNIT_CASE(umem_is_accessed),
	KUNIT_CASE(frame_of_memory_is_accessed),
	KUNIT_CASE(last_byte_of_page_is_accessed),
	KUNIT_CASE(frame_that_is_refused_is_not_accessed),
	{}
};

static struct kunit_suite target_suite = {
	.name = "devmap_target",
	.init = target_init,
	.test_cases = target_cases,
};

kunit_test_suite(target_suite);
