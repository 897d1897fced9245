// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_handle: handles, their extents and the tree they are found in. */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/ctxmgt.h"
#include "../devmap/handle.h"
#include "../devmap/segment.h"
#include "../devmap/stats.h"
#include "../devmap/umem.h"

#define SPAN(f, n)	((struct devmap_span){ .first = (f), .nr = (n) })

/**
 * struct handle_fixture - what the cases start with
 * @seg: never looked into, only pointed at
 * @child: the same
 * @root: no handles
 * @h: pages 10 to 17
 */
struct handle_fixture {
	struct devmap_segment *seg;
	struct devmap_segment *child;
	struct rb_root root;
	struct devmap_handle *h;
};

static void expect_span(struct kunit *test, struct devmap_span span,
			unsigned long first, unsigned long nr)
{
	KUNIT_EXPECT_EQ(test, span.first, first);
	KUNIT_EXPECT_EQ(test, span.nr, nr);
}

static long nr_of(enum devmap_stat stat)
{
	return atomic_long_read(&devmap_stats[stat]);
}

static void free_handle(void *h)
{
	devmap_handle_free(h);
}

static void free_cookie(void *cookie)
{
	ddi_umem_free(cookie);
}

/* To be freed by the case, or at the end of it. */
static struct devmap_handle *new_spare(struct kunit *test)
{
	struct devmap_handle *h = devmap_handle_alloc();

	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_handle, h));
	return h;
}

static struct devmap_handle *new_handle(struct kunit *test,
					struct devmap_segment *seg,
					unsigned long first, unsigned long nr)
{
	struct devmap_handle *h = new_spare(test);

	KUNIT_ASSERT_EQ(test, 0, devmap_handle_init(h, seg, &SPAN(first, nr)));
	return h;
}

static void free_now(struct kunit *test, struct devmap_handle *h)
{
	kunit_release_action(test, free_handle, h);
}

static struct devmap_handle *dup_handle(struct kunit *test,
					struct devmap_handle *parent)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h = devmap_handle_dup(parent, f->child);

	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_handle, h));
	return h;
}

static struct devmap_handle *new_remnant(struct kunit *test,
					 struct devmap_handle *h,
					 unsigned long first, unsigned long nr)
{
	struct devmap_handle *remnant = new_spare(test);

	devmap_handle_remnant(remnant, h, &SPAN(first, nr));
	return remnant;
}

static int handle_init(struct kunit *test)
{
	struct handle_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->seg = kunit_kzalloc(test, sizeof(*f->seg), GFP_KERNEL);
	f->child = kunit_kzalloc(test, sizeof(*f->child), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->seg);
	KUNIT_ASSERT_NOT_NULL(test, f->child);
	f->root = RB_ROOT;
	f->h = new_handle(test, f->seg, 10, 8);
	test->priv = f;
	return 0;
}

/* Memory of eight pages that belongs to the case. */
static struct ddi_umem_cookie *new_cookie(struct kunit *test)
{
	ddi_umem_cookie_t cookie;

	KUNIT_ASSERT_NOT_NULL(test, ddi_umem_alloc(8 * PAGE_SIZE,
						   DDI_UMEM_SLEEP, &cookie));
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_cookie, cookie));
	return cookie;
}

static void map_cookie(struct devmap_handle *h, struct ddi_umem_cookie *cookie)
{
	refcount_inc(&cookie->refs);
	h->target.kind = DEVMAP_TARGET_UMEM;
	h->target.cookie = cookie;
	h->target.page = 0;
}

static void load(struct kunit *test, struct devmap_handle *h,
		 unsigned long page)
{
	KUNIT_ASSERT_EQ(test, 0,
			devmap_valid_set(&h->extent->valid,
					 page - h->extent->span.first, 1));
}

static bool is_loaded(struct devmap_handle *h, unsigned long page)
{
	return devmap_valid_test(&h->extent->valid,
				 page - h->extent->span.first);
}

static int some_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
		    size_t len, void **pvtp)
{
	return 0;
}

static int some_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
		       size_t len, uint_t type, uint_t rw)
{
	return 0;
}

static struct devmap_ctx some_ctx;

/* As if devmap(9E) and devmap_map(9E) had been there. */
static void set_up(struct devmap_handle *h)
{
	h->ops.devmap_rev = DEVMAP_OPS_REV;
	h->ops.devmap_map = some_map;
	h->ops.devmap_access = some_access;
	h->flags = DEVMAP_ALLOW_REMAP;
	h->maxprot = PROT_READ | PROT_WRITE;
	h->setup_len = 8 * PAGE_SIZE;
	h->ctx = &some_ctx;
	h->live = true;
	h->segdev = true;
	h->timeout = 42;
	h->pvtp = &h->timeout;
}

static void expect_set_up_alike(struct kunit *test,
				const struct devmap_handle *a,
				const struct devmap_handle *b)
{
	KUNIT_EXPECT_MEMEQ(test, &a->ops, &b->ops, sizeof(a->ops));
	KUNIT_EXPECT_EQ(test, a->flags, b->flags);
	KUNIT_EXPECT_EQ(test, a->maxprot, b->maxprot);
	KUNIT_EXPECT_EQ(test, a->setup_len, b->setup_len);
	KUNIT_EXPECT_PTR_EQ(test, a->ctx, b->ctx);
	KUNIT_EXPECT_EQ(test, a->live, b->live);
	KUNIT_EXPECT_EQ(test, a->segdev, b->segdev);
	KUNIT_EXPECT_EQ(test, a->timeout, b->timeout);
	KUNIT_EXPECT_EQ(test, a->target_first, b->target_first);
}

static void handle_is_empty_at_first(struct kunit *test)
{
	struct devmap_handle *h = new_spare(test);

	KUNIT_EXPECT_EQ(test, h->target.kind, DEVMAP_TARGET_NONE);
	KUNIT_EXPECT_EQ(test, h->setup_len, 0);
	KUNIT_EXPECT_EQ(test, h->timeout, 0);
	KUNIT_EXPECT_FALSE(test, h->live);
	KUNIT_EXPECT_NULL(test, h->extent);
	KUNIT_EXPECT_NULL(test, h->ctx);
	KUNIT_EXPECT_NULL(test, h->pvtp);
}

static void handle_init_takes_span(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, f->h->seg, f->seg);
	expect_span(test, f->h->span, 10, 8);
	KUNIT_EXPECT_EQ(test, f->h->target_first, 10);
}

static void handle_init_makes_extent(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	unsigned long page;

	KUNIT_EXPECT_EQ(test, refcount_read(&f->h->extent->refs), 1);
	expect_span(test, f->h->extent->span, 10, 8);
	KUNIT_EXPECT_EQ(test, f->h->extent->valid.nr, 8);
	for (page = 10; page < 18; page++)
		KUNIT_EXPECT_FALSE(test, is_loaded(f->h, page));
}

static void handle_init_leaves_setup_alone(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h = new_spare(test);

	/* The driver has set up the handle before its length is known. */
	set_up(h);
	KUNIT_ASSERT_EQ(test, 0, devmap_handle_init(h, f->seg, &SPAN(10, 8)));
	set_up(f->h);
	expect_set_up_alike(test, h, f->h);
	KUNIT_EXPECT_EQ(test, h->target.kind, DEVMAP_TARGET_NONE);
}

static void handle_has_id_of_its_own(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *other = new_handle(test, f->seg, 10, 8);

	/* 0 is nobody's. */
	KUNIT_EXPECT_NE(test, f->h->id, 0);
	KUNIT_EXPECT_NE(test, other->id, 0);
	KUNIT_EXPECT_NE(test, f->h->id, other->id);
}

static void handle_is_counted(struct kunit *test)
{
	long nr = nr_of(DEVMAP_STAT_HANDLES);
	struct devmap_handle *h = new_spare(test);

	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_HANDLES), nr + 1);
	free_now(test, h);
	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_HANDLES), nr);
}

static void handle_dup_is_counted(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	long nr = nr_of(DEVMAP_STAT_HANDLES);
	struct devmap_handle *h = dup_handle(test, f->h);

	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_HANDLES), nr + 1);
	free_now(test, h);
	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_HANDLES), nr);
}

static void handle_free_takes_null(struct kunit *test)
{
	long nr = nr_of(DEVMAP_STAT_HANDLES);

	devmap_handle_free(NULL);
	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_HANDLES), nr);
}

static void handle_free_gives_memory_back(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	long nr = nr_of(DEVMAP_STAT_COOKIES);
	struct ddi_umem_cookie *cookie = new_cookie(test);

	map_cookie(f->h, cookie);
	kunit_release_action(test, free_cookie, cookie);
	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_COOKIES), nr + 1);

	free_now(test, f->h);
	KUNIT_EXPECT_EQ(test, nr_of(DEVMAP_STAT_COOKIES), nr);
}

static void cut_keeps_span_at_first(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	devmap_handle_cut_begin(f->h, &SPAN(12, 3), NULL);
	expect_span(test, f->h->span, 10, 8);
	expect_span(test, f->h->rest, 12, 3);
}

static void cut_knows_its_task(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, f->h->cutter);
	devmap_handle_cut_begin(f->h, &SPAN(12, 3), NULL);
	KUNIT_EXPECT_PTR_EQ(test, f->h->cutter, current);
	devmap_handle_cut_end(f->h);
	KUNIT_EXPECT_NULL(test, f->h->cutter);
}

static void cut_knows_upper_handle(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *upper = new_spare(test);

	devmap_handle_remnant(upper, f->h, &SPAN(15, 3));
	devmap_handle_cut_begin(f->h, &SPAN(10, 2), upper);
	KUNIT_EXPECT_PTR_EQ(test, f->h->upper, upper);
	devmap_handle_cut_end(f->h);
	KUNIT_EXPECT_NULL(test, f->h->upper);
}

static void cut_changes_span_in_the_end(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	devmap_handle_cut_begin(f->h, &SPAN(12, 3), NULL);
	devmap_handle_cut_end(f->h);
	expect_span(test, f->h->span, 12, 3);
}

static void cut_leaves_extent(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	load(test, f->h, 11);
	load(test, f->h, 13);
	devmap_handle_cut_begin(f->h, &SPAN(12, 3), NULL);
	devmap_handle_cut_end(f->h);
	expect_span(test, f->h->extent->span, 10, 8);
	KUNIT_EXPECT_EQ(test, f->h->target_first, 10);
	KUNIT_EXPECT_TRUE(test, is_loaded(f->h, 11));
	KUNIT_EXPECT_TRUE(test, is_loaded(f->h, 13));
}

static void remnant_takes_span(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant = new_remnant(test, f->h, 15, 3);

	expect_span(test, remnant->span, 15, 3);
	expect_span(test, f->h->span, 10, 8);
	KUNIT_EXPECT_PTR_EQ(test, remnant->seg, f->seg);
}

static void remnant_keeps_id(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, new_remnant(test, f->h, 15, 3)->id, f->h->id);
}

static void remnant_shares_extent(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant = new_remnant(test, f->h, 15, 3);

	KUNIT_EXPECT_PTR_EQ(test, remnant->extent, f->h->extent);
	KUNIT_EXPECT_EQ(test, refcount_read(&f->h->extent->refs), 2);
	expect_span(test, remnant->extent->span, 10, 8);
}

static void remnant_keeps_translations(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant;

	load(test, f->h, 16);
	remnant = new_remnant(test, f->h, 15, 3);
	KUNIT_EXPECT_FALSE(test, is_loaded(remnant, 15));
	KUNIT_EXPECT_TRUE(test, is_loaded(remnant, 16));
}

static void remnant_is_set_up_alike(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant;

	set_up(f->h);
	remnant = new_remnant(test, f->h, 15, 3);
	expect_set_up_alike(test, remnant, f->h);
}

/* devmap_unmap(9E) finds NULL where it puts the private data. */
static void remnant_has_no_private_data(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	set_up(f->h);
	KUNIT_EXPECT_NULL(test, new_remnant(test, f->h, 15, 3)->pvtp);
}

static void remnant_counts_on_memory(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct ddi_umem_cookie *cookie = new_cookie(test);
	struct devmap_handle *remnant;

	map_cookie(f->h, cookie);
	remnant = new_remnant(test, f->h, 15, 3);
	KUNIT_EXPECT_PTR_EQ(test, remnant->target.cookie, cookie);
	KUNIT_EXPECT_EQ(test, refcount_read(&cookie->refs), 3);

	free_now(test, remnant);
	KUNIT_EXPECT_EQ(test, refcount_read(&cookie->refs), 2);
}

static void extent_outlives_handle(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant;

	load(test, f->h, 16);
	remnant = new_remnant(test, f->h, 15, 3);
	free_now(test, f->h);
	KUNIT_EXPECT_EQ(test, refcount_read(&remnant->extent->refs), 1);
	KUNIT_EXPECT_TRUE(test, is_loaded(remnant, 16));
}

static void extent_outlives_remnant(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant;

	load(test, f->h, 16);
	remnant = new_remnant(test, f->h, 15, 3);
	free_now(test, remnant);
	KUNIT_EXPECT_EQ(test, refcount_read(&f->h->extent->refs), 1);
	KUNIT_EXPECT_TRUE(test, is_loaded(f->h, 16));
}

static void dup_belongs_to_child(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h = dup_handle(test, f->h);

	KUNIT_EXPECT_PTR_EQ(test, h->seg, f->child);
	expect_span(test, h->span, 10, 8);
	KUNIT_EXPECT_NE(test, h->id, f->h->id);
}

static void dup_has_no_translations(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h;

	load(test, f->h, 16);
	h = dup_handle(test, f->h);
	KUNIT_EXPECT_PTR_NE(test, h->extent, f->h->extent);
	KUNIT_EXPECT_EQ(test, refcount_read(&f->h->extent->refs), 1);
	KUNIT_EXPECT_FALSE(test, is_loaded(h, 16));
}

static void dup_is_set_up_alike(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h;

	set_up(f->h);
	h = dup_handle(test, f->h);
	expect_set_up_alike(test, h, f->h);
	KUNIT_EXPECT_PTR_EQ(test, h->pvtp, f->h->pvtp);
}

static void dup_is_not_locked(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	f->h->nr_locks = 1;
	KUNIT_EXPECT_EQ(test, dup_handle(test, f->h)->nr_locks, 0);
}

static void dup_counts_on_memory(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct ddi_umem_cookie *cookie = new_cookie(test);
	struct devmap_handle *h;

	map_cookie(f->h, cookie);
	h = dup_handle(test, f->h);
	KUNIT_EXPECT_PTR_EQ(test, h->target.cookie, cookie);
	KUNIT_EXPECT_EQ(test, refcount_read(&cookie->refs), 3);
}

/* The target still begins where the parent's did before the hole. */
static void dup_of_remnant_maps_the_same(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant = new_remnant(test, f->h, 15, 3);
	struct devmap_handle *h = dup_handle(test, remnant);

	expect_span(test, h->span, 15, 3);
	expect_span(test, h->extent->span, 15, 3);
	KUNIT_EXPECT_EQ(test, h->extent->valid.nr, 3);
	KUNIT_EXPECT_EQ(test, h->target_first, 10);
}

static void tree_is_empty_at_first(struct kunit *test)
{
	struct handle_fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, devmap_handles_first(&f->root));
	KUNIT_EXPECT_NULL(test, devmap_handles_find(&f->root, 10));
}

static void tree_is_in_order_of_pages(struct kunit *test)
{
	/* 7 is coprime to 20: every place once, in a wild order. */
	const unsigned long nr = 20, stride = 7;
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h;
	unsigned long i;

	for (i = 0; i < nr; i++)
		devmap_handles_insert(&f->root,
				      new_handle(test, f->seg,
						 i * stride % nr * 3, 2));

	h = devmap_handles_first(&f->root);
	for (i = 0; i < nr; i++) {
		KUNIT_ASSERT_NOT_NULL(test, h);
		expect_span(test, h->span, 3 * i, 2);
		h = devmap_handles_next(h);
	}
	KUNIT_EXPECT_NULL(test, h);
}

struct find_case {
	const char *name;
	unsigned long page;
	unsigned long first;	/* of the handle; 0 for none */
};

/* Handles have the pages 10 to 12, 13, 14 and 15, and 20 to 29. */
static const struct find_case find_cases[] = {
	{ "page 0", 0 },
	{ "one below", 9 },
	{ "first page", 10, 10 },
	{ "last page", 12, 10 },
	{ "adjacent handle of one page", 13, 13 },
	{ "first page after that", 14, 14 },
	{ "gap: first page", 16 },
	{ "gap: last page", 19 },
	{ "after the gap", 20, 20 },
	{ "very last page", 29, 20 },
	{ "one past", 30 },
	{ "far above", ULONG_MAX },
};

KUNIT_ARRAY_PARAM_DESC(find, find_cases, name);

static void tree_finds_handle_of_page(struct kunit *test)
{
	const struct find_case *c = test->param_value;
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h;

	devmap_handles_insert(&f->root, new_handle(test, f->seg, 20, 10));
	devmap_handles_insert(&f->root, new_handle(test, f->seg, 10, 3));
	devmap_handles_insert(&f->root, new_handle(test, f->seg, 13, 1));
	devmap_handles_insert(&f->root, new_handle(test, f->seg, 14, 2));

	h = devmap_handles_find(&f->root, c->page);
	if (!c->first) {
		KUNIT_EXPECT_NULL(test, h);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_EXPECT_EQ(test, h->span.first, c->first);
}

static void tree_finds_among_many(struct kunit *test)
{
	const unsigned long nr = 50, stride = 21;
	struct handle_fixture *f = test->priv;
	struct devmap_handle *h;
	unsigned long i;

	for (i = 0; i < nr; i++)
		devmap_handles_insert(&f->root,
				      new_handle(test, f->seg,
						 i * stride % nr * 3, 2));

	for (i = 0; i < 3 * nr; i++) {
		h = devmap_handles_find(&f->root, i);
		if (i % 3 == 2) {
			KUNIT_EXPECT_NULL(test, h);
			continue;
		}
		KUNIT_ASSERT_NOT_NULL(test, h);
		KUNIT_EXPECT_EQ(test, h->span.first, i - i % 3);
	}
}

static void tree_has_no_handle_for_hole(struct kunit *test)
{
	struct handle_fixture *f = test->priv;
	struct devmap_handle *remnant = new_remnant(test, f->h, 15, 3);

	devmap_handles_insert(&f->root, f->h);
	devmap_handle_cut_begin(f->h, &SPAN(10, 2), remnant);
	devmap_handle_cut_end(f->h);
	devmap_handles_insert(&f->root, remnant);

	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_find(&f->root, 11), f->h);
	KUNIT_EXPECT_NULL(test, devmap_handles_find(&f->root, 12));
	KUNIT_EXPECT_NULL(test, devmap_handles_find(&f->root, 14));
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_find(&f->root, 15), remnant);
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_next(f->h), remnant);
}

static struct kunit_case handle_cases[] = {
	KUNIT_CASE(handle_is_empty_at_first),
	KUNIT_CASE(handle_init_takes_span),
	KUNIT_CASE(handle_init_makes_extent),
	KUNIT_CASE(handle_init_leaves_setup_alone),
	KUNIT_CASE(handle_has_id_of_its_own),
	KUNIT_CASE(handle_is_counted),
	KUNIT_CASE(handle_dup_is_counted),
	KUNIT_CASE(handle_free_takes_null),
	KUNIT_CASE(handle_free_gives_memory_back),
	KUNIT_CASE(cut_keeps_span_at_first),
	KUNIT_CASE(cut_knows_its_task),
	KUNIT_CASE(cut_knows_upper_handle),
	KUNIT_CASE(cut_changes_span_in_the_end),
	KUNIT_CASE(cut_leaves_extent),
	KUNIT_CASE(remnant_takes_span),
	KUNIT_CASE(remnant_keeps_id),
	KUNIT_CASE(remnant_shares_extent),
	KUNIT_CASE(remnant_keeps_translations),
	KUNIT_CASE(remnant_is_set_up_alike),
	KUNIT_CASE(remnant_has_no_private_data),
	KUNIT_CASE(remnant_counts_on_memory),
	KUNIT_CASE(extent_outlives_handle),
	KUNIT_CASE(extent_outlives_remnant),
	KUNIT_CASE(dup_belongs_to_child),
	KUNIT_CASE(dup_has_no_translations),
	KUNIT_CASE(dup_is_set_up_alike),
	KUNIT_CASE(dup_is_not_locked),
	KUNIT_CASE(dup_counts_on_memory),
	KUNIT_CASE(dup_of_remnant_maps_the_same),
	KUNIT_CASE(tree_is_empty_at_first),
	KUNIT_CASE(tree_is_in_order_of_pages),
	KUNIT_CASE_PARAM(tree_finds_handle_of_page, find_gen_params),
	KUNIT_CASE(tree_finds_among_many),
	KUNIT_CASE(tree_has_no_handle_for_hole),
	{}
};

static struct kunit_suite handle_suite = {
	.name = "devmap_handle",
	.init = handle_init,
	.test_cases = handle_cases,
};

kunit_test_suite(handle_suite);
