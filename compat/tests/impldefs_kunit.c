// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_impldefs: what a driver that looks inside handles and cookies
 * finds there, whatever happens to the handle.
 */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "../devmap/handle.h"
#include "../devmap/segment.h"
#include "../devmap/umem.h"

#include <sys/sunddi.h>

/* The layer's own cookie is longer than what drivers know. */
#define ddi_umem_cookie	public_cookie
#include <sys/ddi_impldefs.h>
#undef ddi_umem_cookie

#define SPAN(f, n)	((struct devmap_span){ .first = (f), .nr = (n) })
#define NR_PAGES	8UL

/**
 * struct look_fixture - what the cases start with
 * @seg: a mapping
 * @child: its child's
 * @h: pages 10 to 17 of it
 */
struct look_fixture {
	struct devmap_segment *seg;
	struct devmap_segment *child;
	struct devmap_handle *h;
};

static void free_handle(void *h)
{
	devmap_handle_free(h);
}

static void free_cookie(void *cookie)
{
	ddi_umem_free(cookie);
}

static void own(struct kunit *test, struct devmap_handle *h)
{
	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_handle, h));
}

static struct ddi_umem_cookie *new_cookie(struct kunit *test, int flag)
{
	ddi_umem_cookie_t cookie;

	KUNIT_ASSERT_NOT_NULL(test, ddi_umem_alloc(NR_PAGES * PAGE_SIZE - 1,
						   flag, &cookie));
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_cookie, cookie));
	return cookie;
}

static int look_init(struct kunit *test)
{
	struct look_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->seg = kunit_kzalloc(test, sizeof(*f->seg), GFP_KERNEL);
	f->child = kunit_kzalloc(test, sizeof(*f->child), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->seg);
	KUNIT_ASSERT_NOT_NULL(test, f->child);
	f->h = devmap_handle_alloc();
	own(test, f->h);
	KUNIT_ASSERT_EQ(test, 0, devmap_handle_init(f->h, f->seg,
						    &SPAN(10, NR_PAGES)));
	test->priv = f;
	return 0;
}

static void expect_look(struct kunit *test, devmap_cookie_t dhp,
			struct devmap_segment *seg, unsigned long first,
			unsigned long nr)
{
	const devmap_handle_t *h = dhp;

	KUNIT_EXPECT_PTR_EQ(test, h->dh_seg, &seg->seg);
	KUNIT_EXPECT_EQ(test, h->dh_uoff, (offset_t)(first << PAGE_SHIFT));
	KUNIT_EXPECT_EQ(test, h->dh_len, nr << PAGE_SHIFT);
}

static void expect_cookie(struct kunit *test, devmap_cookie_t dhp,
			  struct ddi_umem_cookie *cookie)
{
	KUNIT_EXPECT_PTR_EQ(test, ((devmap_handle_t *)dhp)->dh_cookie,
			    (ddi_umem_cookie_t)cookie);
}

static void fresh_handle(struct kunit *test)
{
	struct look_fixture *f = test->priv;

	expect_look(test, f->h, f->seg, 10, NR_PAGES);
	expect_cookie(test, f->h, NULL);
	KUNIT_EXPECT_NULL(test, ((devmap_handle_t *)f->h)->dh_pvtp);
}

static void private_data(struct kunit *test)
{
	struct look_fixture *f = test->priv;

	f->h->pvtp = test;
	KUNIT_EXPECT_PTR_EQ(test, ((devmap_handle_t *)f->h)->dh_pvtp,
			    (void *)test);
}

static void range_changes_with_the_cut(struct kunit *test)
{
	struct look_fixture *f = test->priv;
	struct devmap_handle *upper = devmap_handle_alloc();

	own(test, upper);
	devmap_handle_remnant(upper, f->h, &SPAN(15, 3));
	expect_look(test, upper, f->seg, 15, 3);
	devmap_handle_cut_begin(f->h, &SPAN(10, 2), upper);
	expect_look(test, f->h, f->seg, 10, NR_PAGES);
	devmap_handle_cut_end(f->h);
	expect_look(test, f->h, f->seg, 10, 2);
}

static void head_that_is_cut(struct kunit *test)
{
	struct look_fixture *f = test->priv;

	devmap_handle_cut_begin(f->h, &SPAN(13, 5), NULL);
	devmap_handle_cut_end(f->h);
	expect_look(test, f->h, f->seg, 13, 5);
}

static void memory_follows_the_target(struct kunit *test)
{
	struct look_fixture *f = test->priv;
	struct ddi_umem_cookie *cookie = new_cookie(test, DDI_UMEM_SLEEP);
	struct devmap_handle *other = devmap_handle_alloc(), *child;
	struct devmap_target target;

	own(test, other);
	KUNIT_ASSERT_EQ(test, 0,
			devmap_target_umem(&target, cookie, 0,
					   NR_PAGES * PAGE_SIZE - 1, 0));
	devmap_handle_set_target(f->h, &target);
	expect_cookie(test, f->h, cookie);

	devmap_handle_remnant(other, f->h, &SPAN(15, 3));
	expect_cookie(test, other, cookie);
	child = devmap_handle_dup(f->h, f->child);
	own(test, child);
	expect_cookie(test, child, cookie);
	expect_look(test, child, f->child, 10, NR_PAGES);

	devmap_target_put(&f->h->target);
	target = (struct devmap_target){ .kind = DEVMAP_TARGET_NONE };
	devmap_handle_set_target(f->h, &target);
	expect_cookie(test, f->h, NULL);
	expect_cookie(test, child, cookie);
}

static void inside_a_cookie(struct kunit *test)
{
	struct ddi_umem_cookie *cookie = new_cookie(test, DDI_UMEM_SLEEP);
	struct public_cookie *known = (struct public_cookie *)cookie;

	KUNIT_EXPECT_EQ(test, known->size, NR_PAGES * PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, known->type, KMEM_NON_PAGEABLE);
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(known->cvaddr));
	memset(known->cvaddr, 0x5a, known->size);

	known = (struct public_cookie *)new_cookie(test, DDI_UMEM_PAGEABLE);
	KUNIT_EXPECT_EQ(test, known->type, KMEM_PAGEABLE);
}

static struct kunit_case look_cases[] = {
	KUNIT_CASE(fresh_handle),
	KUNIT_CASE(private_data),
	KUNIT_CASE(range_changes_with_the_cut),
	KUNIT_CASE(head_that_is_cut),
	KUNIT_CASE(memory_follows_the_target),
	KUNIT_CASE(inside_a_cookie),
	{}
};

static struct kunit_suite look_suite = {
	.name = "devmap_impldefs",
	.init = look_init,
	.test_cases = look_cases,
};

kunit_test_suite(look_suite);
