// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_segdev: page frames of mmap(9E). Suite devmap_request: what
 * devmap_setup(9F) and its relatives refuse, without a process.
 */

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>
#include <sys/conf.h>
#include <sys/devops.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/ctxmgt.h"
#include "../devmap/frame.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segdev.h"
#include "../devmap/segment.h"
#include "testdev.h"

/**
 * struct segdev_fixture - what the cases start with
 * @td: the device
 * @seg: pages 10 to 13, to be read; no handles
 */
struct segdev_fixture {
	struct testdev *td;
	struct devmap_segment *seg;
};

static int segdev_init(struct kunit *test)
{
	struct segdev_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	f->seg = testdev_segment(f->td, 10, 4);
	f->seg->prot = PROT_READ;
	f->seg->model = DDI_MODEL_LP64;
	test->priv = f;
	return 0;
}

static unsigned long frame_of(const struct testdev *td, unsigned long page)
{
	return vmalloc_to_pfn(td->memory + (page << PAGE_SHIFT));
}

static struct devmap_handle *add_handle(struct segdev_fixture *f,
					const struct devmap_callback_ctl *ops)
{
	struct devmap_handle *h = devmap_segdev_add_handle(f->seg, ops);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(f->td->test, h);
	testdev_forget(f->td);
	return h;
}

static void handle_asks_for_every_page(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = devmap_segdev_add_handle(f->seg, NULL);
	unsigned long i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, h);
	testdev_expect(f->td, "mmap 10 r; mmap 11 r; mmap 12 r; mmap 13 r");
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_first(&f->seg->handles), h);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, devmap_target_pfn(&h->target, i),
				frame_of(f->td, 10 + i));
	KUNIT_EXPECT_TRUE(test, h->live);
	KUNIT_EXPECT_EQ(test, h->setup_len, 4 * PAGE_SIZE);
	KUNIT_EXPECT_NULL(test, h->ctx);
	KUNIT_EXPECT_EQ(test, h->maxprot, PROT_ALL);
}

static void handle_asks_with_protection_of_mmap(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;

	f->seg->prot = PROT_READ | PROT_WRITE;
	devmap_segdev_add_handle(f->seg, NULL);
	testdev_expect(f->td, "mmap 10 w; mmap 11 w; mmap 12 w; mmap 13 w");
}

static void page_that_is_refused_fails(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	long handles = testdev_stat(DEVMAP_STAT_HANDLES);
	struct devmap_handle *h;

	f->td->noframe = BIT_ULL(12);
	h = devmap_segdev_add_handle(f->seg, NULL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(h), -ENXIO);
	testdev_expect(f->td, "mmap 10 r; mmap 11 r; mmap 12 r");
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&f->seg->handles));
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_HANDLES), handles);
}

static void page_that_is_refused_is_left_out(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h;

	f->td->noframe = BIT_ULL(12);
	h = add_handle(f, &f->td->ctl);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&h->target, 2),
			DEVMAP_NO_FRAME);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&h->target, 3),
			frame_of(f->td, 13));
	KUNIT_ASSERT_NOT_NULL(test, h->ctx);
	KUNIT_EXPECT_PTR_EQ(test, h->ctx->access, f->td->ctl.devmap_access);
}

static int large_frame(dev_t dev, off_t off, int prot)
{
	return INT_MIN + 1;
}

/* It is an int, and -1 is the only negative number that is none. */
static void frame_may_be_large(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	const struct devmap_dev_ops ops = { .mmap = large_frame };

	f->td->dip->ops = &ops;
	KUNIT_EXPECT_EQ(test, devmap_segdev_frame(f->seg, 10, PROT_READ),
			0x80000001UL);
}

static uint_t seen_model;

static int see_model(dev_t dev, off_t off, int prot)
{
	seen_model = ddi_mmap_get_model();
	return 1;
}

static void model_is_that_of_mmap(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	const struct devmap_dev_ops ops = { .mmap = see_model };

	f->td->dip->ops = &ops;
	KUNIT_EXPECT_EQ(test, ddi_mmap_get_model(), (uint_t)DDI_FAILURE);
	devmap_segdev_frame(f->seg, 10, PROT_READ);
	KUNIT_EXPECT_EQ(test, seen_model, DDI_MODEL_LP64);
	f->seg->model = DDI_MODEL_ILP32;
	devmap_segdev_frame(f->seg, 10, PROT_READ);
	KUNIT_EXPECT_EQ(test, seen_model, DDI_MODEL_ILP32);
	KUNIT_EXPECT_EQ(test, ddi_mmap_get_model(), (uint_t)DDI_FAILURE);
}

static void load_all(struct kunit *test, struct devmap_handle *h)
{
	KUNIT_ASSERT_EQ(test, 0, devmap_valid_set(&h->extent->valid, 0, 4));
}

static void expect_invalid(struct kunit *test, struct devmap_handle *h,
			   unsigned long page)
{
	unsigned long i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ_MSG(test, 10 + i != page,
				    devmap_valid_test(&h->extent->valid, i),
				    "page %lu", 10 + i);
}

static void refresh_of_same_frame_changes_nothing(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	load_all(test, h);
	KUNIT_EXPECT_EQ(test, 0, devmap_segdev_refresh(h, 12, PROT_WRITE));
	testdev_expect(f->td, "mmap 12 w");
	expect_invalid(test, h, 0);
}

static void refresh_of_other_frame_unloads_page(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	load_all(test, h);
	devmap_target_set_frame(&h->target, 2, frame_of(f->td, 40));
	KUNIT_EXPECT_EQ(test, 0, devmap_segdev_refresh(h, 12, PROT_READ));
	expect_invalid(test, h, 12);
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&h->target, 2),
			frame_of(f->td, 12));
}

static void refresh_that_is_refused(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	f->td->noframe = BIT_ULL(12);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			devmap_segdev_refresh(h, 12, PROT_READ));
	KUNIT_EXPECT_EQ(test, devmap_target_pfn(&h->target, 2),
			frame_of(f->td, 12));
}

static int may_have(struct devmap_handle *h, unsigned long first,
		    unsigned long nr, uint_t prot)
{
	return devmap_segdev_may_have(h, &TESTDEV_SPAN(first, nr), prot);
}

static void mprotect_asks_for_more_only(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	KUNIT_EXPECT_EQ(test, 0, may_have(h, 10, 4, PROT_READ));
	KUNIT_EXPECT_EQ(test, 0, may_have(h, 10, 4, PROT_NONE));
	testdev_expect(f->td, "");
	KUNIT_EXPECT_EQ(test, 0, may_have(h, 11, 2, PROT_WRITE));
	testdev_expect(f->td, "mmap 11 w; mmap 12 w");
}

static void mprotect_asks_for_pages_of_handle_only(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	KUNIT_EXPECT_EQ(test, 0, may_have(h, 13, 9, PROT_WRITE));
	testdev_expect(f->td, "mmap 13 w");
	KUNIT_EXPECT_EQ(test, 0, may_have(h, 14, 9, PROT_WRITE));
	testdev_expect(f->td, "");
}

static void mprotect_may_be_refused(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = add_handle(f, NULL);

	f->td->noframe = BIT_ULL(11);
	KUNIT_EXPECT_EQ(test, -EACCES, may_have(h, 10, 4, PROT_WRITE));
	testdev_expect(f->td, "mmap 10 w; mmap 11 w");
	KUNIT_EXPECT_EQ(test, 0, may_have(h, 12, 2, PROT_WRITE));
}

static void mprotect_asks_nothing_of_devmap(struct kunit *test)
{
	struct segdev_fixture *f = test->priv;
	struct devmap_handle *h = testdev_handle(f->td, f->seg, 10, 4);

	f->td->noframe = ~0ULL;
	KUNIT_EXPECT_EQ(test, 0, may_have(h, 10, 4, PROT_WRITE));
	testdev_expect(f->td, "");
}

static struct kunit_case segdev_cases[] = {
	KUNIT_CASE(handle_asks_for_every_page),
	KUNIT_CASE(handle_asks_with_protection_of_mmap),
	KUNIT_CASE(page_that_is_refused_fails),
	KUNIT_CASE(page_that_is_refused_is_left_out),
	KUNIT_CASE(frame_may_be_large),
	KUNIT_CASE(model_is_that_of_mmap),
	KUNIT_CASE(refresh_of_same_frame_changes_nothing),
	KUNIT_CASE(refresh_of_other_frame_unloads_page),
	KUNIT_CASE(refresh_that_is_refused),
	KUNIT_CASE(mprotect_asks_for_more_only),
	KUNIT_CASE(mprotect_asks_for_pages_of_handle_only),
	KUNIT_CASE(mprotect_may_be_refused),
	KUNIT_CASE(mprotect_asks_nothing_of_devmap),
	{}
};

static struct kunit_suite segdev_suite = {
	.name = "devmap_segdev",
	.init = segdev_init,
	.test_cases = segdev_cases,
};

/**
 * struct request_fixture - what the cases start with: a task in segmap(9E)
 * @td: the device
 * @vma: four pages; nothing may become of it
 * @frame: of the task
 */
struct request_fixture {
	struct testdev *td;
	struct vm_area_struct *vma;
	struct devmap_frame frame;
};

static int request_init(struct kunit *test)
{
	struct request_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	f->vma = kunit_kzalloc(test, sizeof(*f->vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->vma);
	f->vma->vm_mm = f->td->mm;
	f->vma->vm_start = 0x10000000;
	f->vma->vm_end = f->vma->vm_start + 4 * PAGE_SIZE;
	f->frame.mm = f->td->mm;
	f->frame.vma = f->vma;
	f->frame.dip = f->td->dip;
	test->priv = f;
	return 0;
}

/* Calls a function as segmap(9E) would; @call is all of the call. */
#define in_segmap(f, call) ({						\
	struct devmap_frame *in_segmap_frame = &(f)->frame;		\
	int in_segmap_err;						\
									\
	devmap_frame_push(in_segmap_frame);				\
	in_segmap_err = (call);						\
	devmap_frame_pop(in_segmap_frame);				\
	in_segmap_err;							\
})

struct request_case {
	const char *name;
	offset_t off;
	size_t len;
	uint_t prot;
	uint_t maxprot;
	int err;
};

static const struct request_case request_cases[] = {
	{ "shorter than asked for", 0, 3 * PAGE_SIZE, PROT_READ, PROT_ALL,
	  EINVAL },
	{ "longer than asked for", 0, 5 * PAGE_SIZE, PROT_READ, PROT_ALL,
	  EINVAL },
	{ "offset not aligned", 8, 4 * PAGE_SIZE, PROT_READ, PROT_ALL, EINVAL },
	{ "offset wraps around", -2 * PAGE_SIZE, 4 * PAGE_SIZE, PROT_READ,
	  PROT_ALL, ENXIO },
	{ "more than the most", 0, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE,
	  PROT_READ, EACCES },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static int setup_request(const struct request_case *c)
{
	return devmap_setup(0, c->off, NULL, NULL, c->len, c->prot, c->maxprot,
			    MAP_SHARED, NULL);
}

static int segmap_request(const struct request_case *c)
{
	return ddi_segmap(0, c->off, NULL, NULL, c->len, c->prot, c->maxprot,
			  MAP_SHARED, NULL);
}

static void request_is_checked(struct kunit *test)
{
	const struct request_case *c = test->param_value;
	struct request_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, c->err, in_segmap(f, setup_request(c)));
	KUNIT_EXPECT_EQ(test, c->err, in_segmap(f, segmap_request(c)));
	testdev_expect(f->td, "");
	KUNIT_EXPECT_NULL(test, f->vma->vm_ops);
	KUNIT_EXPECT_NULL(test, f->frame.seg);
}

static const struct request_case good_request = {
	.len = 4 * PAGE_SIZE, .prot = PROT_READ, .maxprot = PROT_ALL,
};

static void request_is_for_segmap_only(struct kunit *test)
{
	struct request_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, EINVAL, setup_request(&good_request));
	KUNIT_EXPECT_EQ(test, EINVAL, segmap_request(&good_request));
	testdev_expect(f->td, "");
}

static void request_is_made_once(struct kunit *test)
{
	struct request_fixture *f = test->priv;
	struct devmap_segment *seg = testdev_segment(f->td, 0, 4);

	f->frame.seg = seg;
	KUNIT_EXPECT_EQ(test, EINVAL,
			in_segmap(f, setup_request(&good_request)));
	KUNIT_EXPECT_EQ(test, EINVAL,
			in_segmap(f, segmap_request(&good_request)));
	testdev_expect(f->td, "");
}

static void request_needs_entry_point(struct kunit *test)
{
	struct request_fixture *f = test->priv;
	const struct devmap_dev_ops none = {};

	f->td->dip->ops = &none;
	KUNIT_EXPECT_EQ(test, EINVAL,
			in_segmap(f, setup_request(&good_request)));
	KUNIT_EXPECT_EQ(test, ENODEV,
			in_segmap(f, segmap_request(&good_request)));
}

/**
 * struct devmap_case - what devmap(9E) does wrong
 * @name: of the case
 * @maplen: length that it says
 * @no_setup: it sets nothing up
 * @refuse_at: the call that it refuses
 * @refuse_map_at: the call that devmap_map(9E) refuses
 * @piece: pages that it sets up at once
 * @private: the mapping is MAP_PRIVATE, and there is no devmap_access(9E)
 * @err: what becomes of it
 * @calls: what is called
 */
struct devmap_case {
	const char *name;
	size_t maplen;
	bool no_setup;
	int refuse_at;
	int refuse_map_at;
	unsigned long piece;
	bool private;
	int err;
	const char *calls;
};

static const struct devmap_case devmap_cases[] = {
	{ "refuses", .refuse_at = 1, .err = ENXIO, .calls = "devmap 0+4" },
	{ "refuses the second piece", .refuse_at = 2, .piece = 1,
	  .err = ENXIO, .calls = "devmap 0+4; devmap 1+3" },
	{ "sets nothing up", .no_setup = true, .err = EINVAL,
	  .calls = "devmap 0+4" },
	{ "sets up more than asked for", .maplen = 5 * PAGE_SIZE,
	  .err = EINVAL, .calls = "devmap 0+4" },
	{ "says less than a page", .maplen = 8, .err = EINVAL,
	  .calls = "devmap 0+4" },
	{ "private without access", .private = true, .err = EINVAL,
	  .calls = "devmap 0+4" },
	{ "devmap_map refuses", .refuse_map_at = 1, .err = ENXIO,
	  .calls = "devmap 0+4; map 0+4 !6" },
	{ "devmap_map refuses the second", .refuse_map_at = 2, .piece = 3,
	  .err = ENXIO,
	  .calls = "devmap 0+4; devmap 3+1; map 0+3 =1; map 3+1 !6; unmap 0+3 #1" },
};

KUNIT_ARRAY_PARAM_DESC(devmap, devmap_cases, name);

static void failure_leaves_nothing(struct kunit *test)
{
	const struct devmap_case *c = test->param_value;
	struct request_fixture *f = test->priv;
	long segments = testdev_stat(DEVMAP_STAT_SEGMENTS);
	long handles = testdev_stat(DEVMAP_STAT_HANDLES);
	caddr_t addr = (caddr_t)7;
	int err;

	f->td->maplen = c->maplen;
	f->td->no_setup = c->no_setup;
	f->td->piece = c->piece;
	f->td->refuse_at[TESTDEV_DEVMAP] = c->refuse_at;
	f->td->refuse_at[TESTDEV_MAP] = c->refuse_map_at;
	if (c->private)
		f->td->ctl.devmap_access = NULL;
	err = in_segmap(f, devmap_setup(0, 0, NULL, &addr, 4 * PAGE_SIZE,
					PROT_READ, PROT_ALL,
					c->private ? MAP_PRIVATE : MAP_SHARED,
					NULL));
	KUNIT_EXPECT_EQ(test, c->err, err);
	testdev_expect(f->td, c->calls);
	KUNIT_EXPECT_PTR_EQ(test, addr, (caddr_t)7);
	KUNIT_EXPECT_NULL(test, f->frame.seg);
	KUNIT_EXPECT_NULL(test, f->vma->vm_ops);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_HANDLES), handles);
}

static void old_scheme_is_never_private(struct kunit *test)
{
	struct request_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, EINVAL,
			in_segmap(f, ddi_segmap(0, 0, NULL, NULL, 4 * PAGE_SIZE,
						PROT_READ, PROT_ALL,
						MAP_PRIVATE, NULL)));
	testdev_expect(f->td, "");
}

static void old_scheme_refuses_pages(struct kunit *test)
{
	struct request_fixture *f = test->priv;

	f->td->noframe = BIT_ULL(1);
	KUNIT_EXPECT_EQ(test, ENXIO,
			in_segmap(f, ddi_segmap_setup(0, 0, NULL, NULL,
						      4 * PAGE_SIZE, PROT_NONE,
						      PROT_ALL, MAP_SHARED,
						      NULL, NULL, 0)));
	testdev_expect(f->td, "mmap 0 r; mmap 1 r");
}

static int mapdev_access(ddi_mapdev_handle_t handle, void *devprivate,
			 off_t offset)
{
	return 0;
}

static void mapdev_free(ddi_mapdev_handle_t handle, void *devprivate)
{
}

static int mapdev_dup(ddi_mapdev_handle_t handle, void *devprivate,
		      ddi_mapdev_handle_t new_handle, void **new_devprivate)
{
	return 0;
}

static const struct ddi_mapdev_ctl good_ctl = {
	.mapdev_rev = MAPDEV_REV,
	.mapdev_access = mapdev_access,
	.mapdev_free = mapdev_free,
	.mapdev_dup = mapdev_dup,
};

static int mapdev_request(const struct ddi_mapdev_ctl *ctl)
{
	ddi_mapdev_handle_t handle;

	return ddi_mapdev(0, 0, NULL, NULL, 4 * PAGE_SIZE, PROT_READ, PROT_ALL,
			  MAP_SHARED, NULL, (struct ddi_mapdev_ctl *)ctl,
			  &handle, NULL);
}

static void mapdev_needs_all_callbacks(struct kunit *test)
{
	struct request_fixture *f = test->priv;
	struct ddi_mapdev_ctl ctl;

	KUNIT_EXPECT_EQ(test, EINVAL, in_segmap(f, mapdev_request(NULL)));
	ctl = good_ctl;
	ctl.mapdev_rev++;
	KUNIT_EXPECT_EQ(test, EINVAL, in_segmap(f, mapdev_request(&ctl)));
	ctl = good_ctl;
	ctl.mapdev_access = NULL;
	KUNIT_EXPECT_EQ(test, EINVAL, in_segmap(f, mapdev_request(&ctl)));
	ctl = good_ctl;
	ctl.mapdev_free = NULL;
	KUNIT_EXPECT_EQ(test, EINVAL, in_segmap(f, mapdev_request(&ctl)));
	ctl = good_ctl;
	ctl.mapdev_dup = NULL;
	KUNIT_EXPECT_EQ(test, EINVAL, in_segmap(f, mapdev_request(&ctl)));
	testdev_expect(f->td, "");
}

static void mapdev_needs_mmap(struct kunit *test)
{
	struct request_fixture *f = test->priv;
	const struct devmap_dev_ops ops = { .devmap = testdev_devmap };

	KUNIT_EXPECT_EQ(test, EINVAL, mapdev_request(&good_ctl));
	f->td->dip->ops = &ops;
	KUNIT_EXPECT_EQ(test, ENODEV,
			in_segmap(f, mapdev_request(&good_ctl)));
}

static void mapdev_ranges_need_mapping(struct kunit *test)
{
	KUNIT_EXPECT_NE(test, 0, ddi_mapdev_intercept(NULL, 0, 0));
	KUNIT_EXPECT_NE(test, 0, ddi_mapdev_nointercept(NULL, 0, 0));
	KUNIT_EXPECT_NE(test, 0,
			ddi_mapdev_set_device_acc_attr(NULL, 0, 0, NULL, 0));
}

static struct kunit_case request_tests[] = {
	KUNIT_CASE_PARAM(request_is_checked, request_gen_params),
	KUNIT_CASE(request_is_for_segmap_only),
	KUNIT_CASE(request_is_made_once),
	KUNIT_CASE(request_needs_entry_point),
	KUNIT_CASE_PARAM(failure_leaves_nothing, devmap_gen_params),
	KUNIT_CASE(old_scheme_is_never_private),
	KUNIT_CASE(old_scheme_refuses_pages),
	KUNIT_CASE(mapdev_needs_all_callbacks),
	KUNIT_CASE(mapdev_needs_mmap),
	KUNIT_CASE(mapdev_ranges_need_mapping),
	{}
};

static struct kunit_suite request_suite = {
	.name = "devmap_request",
	.init = request_init,
	.test_cases = request_tests,
};

kunit_test_suites(&segdev_suite, &request_suite);
