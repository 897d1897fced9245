// SPDX-License-Identifier: GPL-2.0
/*
 * Suites devmap_fault and devmap_load: a touch of a mapping, and what
 * devmap_load(9F) and devmap_unload(9F) make of the next one. Through the real
 * page fault handler.
 */

#include <kunit/test.h>
#include <linux/devmap.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <sys/ddidevmap.h>
#include <sys/sunddi.h>

#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "testdev.h"
#include "testvm.h"

#define NR_ROUNDS	50

/**
 * struct fault_fixture - what the cases start with
 * @td: the device
 * @vm: a process, which the case is
 * @addr: where it has mapped the pages 10 to 13, as private data number 1
 * @h: the handle of that
 * @other: another process, or NULL
 * @other_addr: where that has mapped page 10
 * @other_h: the handle of that
 * @owner: the handle whose context is in page 10
 * @saved: contexts, by private data
 */
struct fault_fixture {
	struct testdev *td;
	struct testvm *vm;
	unsigned long addr;
	struct devmap_handle *h;
	struct testvm *other;
	unsigned long other_addr;
	struct devmap_handle *other_h;
	struct devmap_handle *owner;
	u64 saved[3];
};

/* For what a device does when it is touched. */
static struct fault_fixture *the_fixture;

static int fault_init(struct kunit *test)
{
	struct fault_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	testdev_open(f->td);
	f->vm = testvm_create(test);
	test->priv = f;
	the_fixture = f;
	return 0;
}

static void map(struct fault_fixture *f)
{
	f->addr = testvm_map(f->td, 10, 4, MAP_SHARED);
	KUNIT_ASSERT_FALSE(f->td->test, IS_ERR_VALUE(f->addr));
	f->h = f->td->last;
	testdev_forget(f->td);
}

/* The case goes on as the first process. */
static void map_in_other(struct fault_fixture *f)
{
	f->other = testvm_create(f->td->test);
	testvm_switch(f->vm, f->other);
	f->other_addr = testvm_map(f->td, 10, 1, MAP_SHARED);
	KUNIT_ASSERT_FALSE(f->td->test, IS_ERR_VALUE(f->other_addr));
	f->other_h = f->td->last;
	testdev_forget(f->td);
	testvm_switch(f->other, f->vm);
}

static void expect_read(struct fault_fixture *f, unsigned long page)
{
	testvm_expect_read(f->td->test, f->addr, page - 10, page);
}

static void expect_fault(struct fault_fixture *f, unsigned long page)
{
	testvm_expect_fault(f->td->test, f->addr, page - 10);
}

static u64 *memory_of(const struct testdev *td, unsigned long page)
{
	return td->memory + (page << PAGE_SHIFT);
}

static int write_page(const struct fault_fixture *f, unsigned long page,
		      u64 value)
{
	return testvm_write(f->addr + ((page - 10) << PAGE_SHIFT), value);
}

static void touch_calls_driver_once(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	expect_read(f, 11);
	testdev_expect(f->td, "access 11+1 r #1");
	expect_read(f, 11);
	testdev_expect(f->td, "");
}

static void write_calls_driver_once(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, 0, write_page(f, 12, 4711));
	testdev_expect(f->td, "access 12+1 w #1");
	KUNIT_EXPECT_EQ(test, *memory_of(f->td, 12), 4711);
	*memory_of(f->td, 12) = 12;
	expect_read(f, 12);
	testdev_expect(f->td, "");
}

static void page_that_was_read_can_be_written(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	expect_read(f, 12);
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, 0, write_page(f, 12, 4711));
	testdev_expect(f->td, "");
	KUNIT_EXPECT_EQ(test, *memory_of(f->td, 12), 4711);
}

static void pages_are_touched_one_by_one(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	expect_read(f, 13);
	expect_read(f, 10);
	expect_read(f, 12);
	testdev_expect(f->td,
		       "access 13+1 r #1; access 10+1 r #1; access 12+1 r #1");
}

static void handles_are_touched_one_by_one(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->piece = 3;
	map(f);
	expect_read(f, 12);
	expect_read(f, 13);
	testdev_expect(f->td, "access 12+1 r #1; access 13+1 r #2");
}

static void driver_may_refuse_touch(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	f->td->refuse_at[TESTDEV_ACCESS] = 1;
	expect_fault(f, 10);
	testdev_expect(f->td, "access 10+1 r #1 !6");
	expect_read(f, 10);
	testdev_expect(f->td, "access 10+1 r #1");
}

static int load_at_third_call(struct testdev *td, struct devmap_handle *h,
			      offset_t off, size_t len, uint_t type, uint_t rw)
{
	if (td->nr_calls[TESTDEV_ACCESS] < 3)
		return 0;
	return devmap_load(h, off, len, type, rw);
}

static void driver_may_want_touch_again(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->access = load_at_third_call;
	map(f);
	expect_read(f, 10);
	testdev_expect(f->td,
		       "access 10+1 r #1; access 10+1 r #1; access 10+1 r #1");
}

static void nobody_is_called_without_callback(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->ctl.devmap_access = NULL;
	map(f);
	expect_read(f, 10);
	expect_read(f, 13);
	testdev_expect(f->td, "");
}

static void handle_without_target_faults(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->flags |= DEVMAP_MAPPING_INVALID;
	f->td->ctl.devmap_access = NULL;
	map(f);
	expect_fault(f, 10);
	KUNIT_ASSERT_EQ(test, 0,
			devmap_umem_remap(f->h, f->td->dip, f->td->cookie,
					  10 * PAGE_SIZE, 4 * PAGE_SIZE,
					  f->td->maxprot, 0, NULL));
	expect_read(f, 10);
	expect_read(f, 13);
}

static void load_without_target_fails(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->flags |= DEVMAP_MAPPING_INVALID;
	map(f);
	expect_fault(f, 10);
	testdev_expect(f->td, "access 10+1 r #1");
}

static void remap_takes_old_page_away(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	expect_read(f, 11);
	testdev_forget(f->td);
	KUNIT_ASSERT_EQ(test, 0,
			devmap_umem_remap(f->h, f->td->dip, f->td->cookie,
					  40 * PAGE_SIZE, 4 * PAGE_SIZE,
					  f->td->maxprot, 0, NULL));
	testvm_expect_read(test, f->addr, 1, 41);
	testdev_expect(f->td, "access 11+1 r #1");
}

static void device_that_has_gone_faults(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	expect_read(f, 11);
	testdev_forget(f->td);
	testdev_destroy(f->td);
	testdev_expect(f->td, "unmap 10+4 #1");
	expect_fault(f, 11);
	expect_fault(f, 12);
	testdev_expect(f->td, "");
	KUNIT_EXPECT_TRUE(test, IS_ERR_VALUE(testvm_map(f->td, 10, 4,
							MAP_SHARED)));
	KUNIT_EXPECT_EQ(test, -ENXIO, devmap_open(f->td->dip, f->td->file));
}

static void unmapped_page_has_no_handle(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, PAGE_SIZE));
	testdev_forget(f->td);
	expect_fault(f, 10);
	expect_read(f, 11);
	testdev_expect(f->td, "access 11+1 r #2");
}

/* mmap(9E) is asked when a page is touched, but not while it is loaded. */
static void old_scheme_asks_again(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->ops->flag = 0;
	f->addr = testvm_map(f->td, 10, 4, MAP_SHARED);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(f->addr));
	testdev_expect(f->td, "mmap 10 w; mmap 11 w; mmap 12 w; mmap 13 w");
	expect_read(f, 11);
	expect_read(f, 11);
	testdev_expect(f->td, "mmap 11 w");
	f->td->noframe = BIT_ULL(12) | BIT_ULL(11);
	expect_fault(f, 12);
	testdev_expect(f->td, "mmap 12 w");
	expect_read(f, 11);
	testdev_expect(f->td, "");
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(touch_calls_driver_once),
	KUNIT_CASE(write_calls_driver_once),
	KUNIT_CASE(page_that_was_read_can_be_written),
	KUNIT_CASE(pages_are_touched_one_by_one),
	KUNIT_CASE(handles_are_touched_one_by_one),
	KUNIT_CASE(driver_may_refuse_touch),
	KUNIT_CASE(driver_may_want_touch_again),
	KUNIT_CASE(nobody_is_called_without_callback),
	KUNIT_CASE(handle_without_target_faults),
	KUNIT_CASE(load_without_target_fails),
	KUNIT_CASE(remap_takes_old_page_away),
	KUNIT_CASE(device_that_has_gone_faults),
	KUNIT_CASE(unmapped_page_has_no_handle),
	KUNIT_CASE(old_scheme_asks_again),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "devmap_fault",
	.init = fault_init,
	.test_cases = fault_cases,
};

static int load_all(struct testdev *td, struct devmap_handle *h, offset_t off,
		    size_t len, uint_t type, uint_t rw)
{
	return devmap_load(h, 0, 0, type, rw);
}

static void load_of_all_is_enough(struct kunit *test)
{
	struct fault_fixture *f = test->priv;
	unsigned long page;

	f->td->access = load_all;
	map(f);
	for (page = 10; page < 14; page++)
		expect_read(f, page);
	testdev_expect(f->td, "access 10+1 r #1");
}

static int load_others(struct testdev *td, struct devmap_handle *h,
		       offset_t off, size_t len, uint_t type, uint_t rw)
{
	return devmap_load(h, 12 * PAGE_SIZE, 0, type, rw) ?:
	       devmap_load(h, off, 1, type, rw);
}

static void load_of_other_pages(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->access = load_others;
	map(f);
	expect_read(f, 10);
	expect_read(f, 12);
	expect_read(f, 13);
	testdev_expect(f->td, "access 10+1 r #1");
	expect_read(f, 11);
	testdev_expect(f->td, "access 11+1 r #1");
}

/* All handles of the process whose access it is. */
static int load_segment(struct testdev *td, struct devmap_handle *h,
			offset_t off, size_t len, uint_t type, uint_t rw)
{
	struct devmap_handle *each;
	int err = 0;

	for (each = devmap_handles_first(&h->seg->handles); each && !err;
	     each = devmap_handles_next(each))
		err = devmap_load(each, 0, 0, type, rw);
	return err;
}

static void load_of_other_handle_of_process(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->piece = 2;
	f->td->access = load_segment;
	map(f);
	expect_read(f, 13);
	expect_read(f, 10);
	testdev_expect(f->td, "access 13+1 r #2");
}

static int load_foreign(struct testdev *td, struct devmap_handle *h,
			offset_t off, size_t len, uint_t type, uint_t rw)
{
	KUNIT_EXPECT_NE(td->test, 0,
			devmap_load(the_fixture->other_h, 0, 0, type, rw));
	return devmap_load(h, off, len, type, rw);
}

static void load_of_foreign_handle_fails(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	map_in_other(f);
	f->td->access = load_foreign;
	expect_read(f, 10);
	KUNIT_EXPECT_FALSE(test, devmap_valid_test(&f->other_h->extent->valid,
						   0));
}

static int load_outside(struct testdev *td, struct devmap_handle *h,
			offset_t off, size_t len, uint_t type, uint_t rw)
{
	KUNIT_EXPECT_NE(td->test, 0,
			devmap_load(h, 14 * PAGE_SIZE, PAGE_SIZE, type, rw));
	KUNIT_EXPECT_NE(td->test, 0,
			devmap_load(h, 13 * PAGE_SIZE, PAGE_SIZE + 1, type,
				    rw));
	KUNIT_EXPECT_NE(td->test, 0, devmap_load(NULL, 0, 0, type, rw));
	return devmap_load(h, off, len, type, rw);
}

static void load_of_range_that_is_not_there_fails(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	f->td->access = load_outside;
	map(f);
	expect_read(f, 10);
	KUNIT_EXPECT_FALSE(test, devmap_valid_test(&f->h->extent->valid, 3));
}

static void load_from_elsewhere_fails(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_NE(test, 0, devmap_load(f->h, 0, 0, DEVMAP_ACCESS,
					     DEVMAP_READ));
	KUNIT_EXPECT_NE(test, 0,
			devmap_default_access(f->h, NULL, 0, 0, DEVMAP_ACCESS,
					      DEVMAP_READ));
	expect_read(f, 10);
	testdev_expect(f->td, "access 10+1 r #1");
}

static void read_all(struct fault_fixture *f)
{
	unsigned long page;

	for (page = 10; page < 14; page++)
		expect_read(f, page);
}

/**
 * struct unload_case - a range to unload
 * @name: of the case
 * @off: where it begins
 * @len: its length
 * @bad: it is not in the handle
 * @calls: what the driver hears when all pages are touched again
 */
struct unload_case {
	const char *name;
	offset_t off;
	size_t len;
	bool bad;
	const char *calls;
};

static const struct unload_case unload_cases[] = {
	{ "all", 0, 0, false,
	  "access 10+1 r #1; access 11+1 r #1; access 12+1 r #1; access 13+1 r #1" },
	{ "one page", 11 * PAGE_SIZE, PAGE_SIZE, false, "access 11+1 r #1" },
	{ "one byte", 11 * PAGE_SIZE + 9, 1, false, "access 11+1 r #1" },
	{ "two bytes", 12 * PAGE_SIZE - 1, 2, false,
	  "access 11+1 r #1; access 12+1 r #1" },
	{ "to the end", 12 * PAGE_SIZE, 0, false,
	  "access 12+1 r #1; access 13+1 r #1" },
	{ "first page", 10 * PAGE_SIZE, PAGE_SIZE, false, "access 10+1 r #1" },
	{ "before", 9 * PAGE_SIZE, PAGE_SIZE, true, "" },
	{ "behind", 14 * PAGE_SIZE, PAGE_SIZE, true, "" },
	{ "over the end", 13 * PAGE_SIZE, PAGE_SIZE + 1, true, "" },
};

KUNIT_ARRAY_PARAM_DESC(unload, unload_cases, name);

static void unload_has_driver_called_again(struct kunit *test)
{
	const struct unload_case *c = test->param_value;
	struct fault_fixture *f = test->priv;

	map(f);
	read_all(f);
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, c->bad, !!devmap_unload(f->h, c->off, c->len));
	read_all(f);
	testdev_expect(f->td, c->calls);
}

static void unload_in_other_process(struct kunit *test)
{
	const struct unload_case *c = test->param_value;
	struct fault_fixture *f = test->priv;

	map(f);
	map_in_other(f);
	read_all(f);
	testdev_forget(f->td);
	testvm_switch(f->vm, f->other);
	KUNIT_EXPECT_EQ(test, c->bad, !!devmap_unload(f->h, c->off, c->len));
	testvm_switch(f->other, f->vm);
	read_all(f);
	testdev_expect(f->td, c->calls);
}

static void unload_of_nothing_is_no_error(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, 0, devmap_unload(f->h, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, devmap_unload(f->h, 0, 0));
	KUNIT_EXPECT_NE(test, 0, devmap_unload(NULL, 0, 0));
}

static void unload_is_of_one_handle(struct kunit *test)
{
	struct fault_fixture *f = test->priv;

	map(f);
	map_in_other(f);
	expect_read(f, 10);
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, 0, devmap_unload(f->other_h, 0, 0));
	expect_read(f, 10);
	testdev_expect(f->td, "");
}

/* The device has one context. */
static int switch_context(struct testdev *td, struct devmap_handle *h,
			  offset_t off, size_t len, uint_t type, uint_t rw)
{
	struct fault_fixture *f = the_fixture;
	u64 *context = memory_of(td, 10);

	if (f->owner && f->owner != h) {
		KUNIT_EXPECT_EQ(td->test, 0, devmap_unload(f->owner, 0, 0));
		f->saved[(unsigned long)f->owner->pvtp] = *context;
		*context = f->saved[(unsigned long)h->pvtp];
	}
	f->owner = h;
	return devmap_load(h, off, len, type, rw);
}

static void processes_see_their_own_context(struct kunit *test)
{
	struct fault_fixture *f = test->priv;
	int i;

	map(f);
	map_in_other(f);
	f->td->access = switch_context;
	for (i = 1; i <= NR_ROUNDS; i++) {
		KUNIT_ASSERT_EQ(test, 0, testvm_write(f->addr, 1000 + i));
		testvm_switch(f->vm, f->other);
		if (i > 1)
			testvm_expect_read(test, f->other_addr, 0, 2000 + i - 1);
		KUNIT_ASSERT_EQ(test, 0, testvm_write(f->other_addr, 2000 + i));
		testvm_switch(f->other, f->vm);
		testvm_expect_read(test, f->addr, 0, 1000 + i);
		testdev_forget(f->td);
	}
}

static struct kunit_case load_cases[] = {
	KUNIT_CASE(load_of_all_is_enough),
	KUNIT_CASE(load_of_other_pages),
	KUNIT_CASE(load_of_other_handle_of_process),
	KUNIT_CASE(load_of_foreign_handle_fails),
	KUNIT_CASE(load_of_range_that_is_not_there_fails),
	KUNIT_CASE(load_from_elsewhere_fails),
	KUNIT_CASE_PARAM(unload_has_driver_called_again, unload_gen_params),
	KUNIT_CASE_PARAM(unload_in_other_process, unload_gen_params),
	KUNIT_CASE(unload_of_nothing_is_no_error),
	KUNIT_CASE(unload_is_of_one_handle),
	KUNIT_CASE(processes_see_their_own_context),
	{}
};

static struct kunit_suite load_suite = {
	.name = "devmap_load",
	.init = fault_init,
	.test_cases = load_cases,
};

kunit_test_suites(&fault_suite, &load_suite);
