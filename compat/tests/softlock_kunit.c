// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_softlock: accesses by software: what ptrace(2) and /proc/PID/mem call,
 * devmap_lock() and devmap_unlock(). Suite devmap_mapdev: ddi_mapdev(9F).
 */

#include <kunit/test.h>
#include <linux/devmap.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/string.h>
#include <sys/ddidevmap.h>
#include <sys/devops.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "testdev.h"
#include "testvm.h"

/**
 * struct soft_fixture - what the cases start with
 * @td: the device
 * @vm: a process, which the case is
 * @addr: where it has mapped the pages 10 to 19
 * @h: the last handle of that
 * @buf: two pages and a bit
 */
struct soft_fixture {
	struct testdev *td;
	struct testvm *vm;
	unsigned long addr;
	struct devmap_handle *h;
	u8 buf[2 * PAGE_SIZE + 16];
};

static int soft_init(struct kunit *test)
{
	struct soft_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	testdev_open(f->td);
	f->vm = testvm_create(test);
	test->priv = f;
	return 0;
}

static void map(struct soft_fixture *f)
{
	f->addr = testvm_map(f->td, 10, 10, MAP_SHARED);
	KUNIT_ASSERT_FALSE(f->td->test, IS_ERR_VALUE(f->addr));
	f->h = f->td->last;
	testdev_forget(f->td);
}

static void *memory_at(const struct soft_fixture *f, unsigned long page)
{
	return f->td->memory + (page << PAGE_SHIFT);
}

/* @at: bytes from the beginning of page 10. */
static int access_at(struct soft_fixture *f, unsigned long at, int len,
		     bool write)
{
	struct vm_area_struct *vma = testvm_vma(f->addr + at);
	int ret;

	KUNIT_ASSERT_NOT_NULL(f->td->test, vma);
	mmap_read_lock(current->mm);
	ret = vma->vm_ops->access(vma, f->addr + at, f->buf, len, write);
	mmap_read_unlock(current->mm);
	return ret;
}

static void read_is_lock_and_unlock(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	memset(memory_at(f, 13), 0x5a, 100);
	KUNIT_EXPECT_EQ(test, access_at(f, 3 * PAGE_SIZE + 10, 8, false), 8);
	testdev_expect(f->td, "lock 13+1 r #1; unlock 13+1 r #1");
	KUNIT_EXPECT_EQ(test, f->buf[0], 0x5a);
	KUNIT_EXPECT_EQ(test, f->buf[7], 0x5a);
	KUNIT_EXPECT_EQ(test, f->buf[8], 0);
}

static void write_is_lock_and_unlock(struct kunit *test)
{
	struct soft_fixture *f = test->priv;
	u8 *page;

	map(f);
	page = memory_at(f, 13);
	memset(f->buf, 0x77, sizeof(f->buf));
	KUNIT_EXPECT_EQ(test, access_at(f, 3 * PAGE_SIZE + 10, 8, true), 8);
	testdev_expect(f->td, "lock 13+1 w #1; unlock 13+1 w #1");
	KUNIT_EXPECT_EQ(test, page[9], 0);
	KUNIT_EXPECT_EQ(test, page[10], 0x77);
	KUNIT_EXPECT_EQ(test, page[17], 0x77);
	KUNIT_EXPECT_EQ(test, page[18], 0);
}

/* The range is that of the pages that are touched. */
static void access_over_pages_is_one_lock(struct kunit *test)
{
	struct soft_fixture *f = test->priv;
	int i;

	map(f);
	for (i = 11; i < 15; i++)
		memset(memory_at(f, i), i, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, access_at(f, 2 * PAGE_SIZE - 8, PAGE_SIZE + 16,
					false), PAGE_SIZE + 16);
	testdev_expect(f->td, "lock 11+3 r #1; unlock 11+3 r #1");
	KUNIT_EXPECT_EQ(test, f->buf[7], 11);
	KUNIT_EXPECT_EQ(test, f->buf[8], 12);
	KUNIT_EXPECT_EQ(test, f->buf[PAGE_SIZE + 7], 12);
	KUNIT_EXPECT_EQ(test, f->buf[PAGE_SIZE + 8], 13);
}

static void access_to_end_of_page_stays_in_it(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, access_at(f, 2 * PAGE_SIZE - 8, 8, false), 8);
	testdev_expect(f->td, "lock 11+1 r #1; unlock 11+1 r #1");
}

static void access_over_handles_locks_each(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->piece = 2;
	map(f);
	KUNIT_EXPECT_EQ(test, access_at(f, 2 * PAGE_SIZE - 8, 16, false), 16);
	testdev_expect(f->td,
		       "lock 11+1 r #1; unlock 11+1 r #1; lock 12+1 r #2; unlock 12+1 r #2");
}

static void access_ends_with_vma(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, access_at(f, 10 * PAGE_SIZE - 8, 16, false), 8);
	testdev_expect(f->td, "lock 19+1 r #1; unlock 19+1 r #1");
}

static void access_may_be_refused(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	f->td->refuse_at[TESTDEV_ACCESS] = 1;
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), -EIO);
	testdev_expect(f->td, "lock 10+1 r #1 !6");
}

/* What was copied before counts. */
static void access_may_be_refused_later(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->piece = 2;
	map(f);
	f->td->refuse_at[TESTDEV_ACCESS] = 3;
	KUNIT_EXPECT_EQ(test, access_at(f, 2 * PAGE_SIZE - 8, 16, false), 8);
	testdev_expect(f->td,
		       "lock 11+1 r #1; unlock 11+1 r #1; lock 12+1 r #2 !6");
}

static int load_nothing(struct testdev *td, struct devmap_handle *h,
			offset_t off, size_t len, uint_t type, uint_t rw)
{
	return 0;
}

/* A page that is not loaded may show another process' context. */
static void page_that_is_not_loaded_is_not_copied(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->access = load_nothing;
	map(f);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), -EIO);
	testdev_expect(f->td, "lock 10+1 r #1; unlock 10+1 r #1");
}

static void memory_without_contexts_needs_no_lock(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->ctl.devmap_access = NULL;
	map(f);
	memset(memory_at(f, 10), 0x5a, 8);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), 8);
	KUNIT_EXPECT_EQ(test, f->buf[0], 0x5a);
	testdev_expect(f->td, "");
}

static void access_is_limited_by_driver(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->ctl.devmap_access = NULL;
	map(f);
	f->h->maxprot = PROT_READ;
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, true), -EACCES);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), 8);
	f->h->maxprot = PROT_WRITE;
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), -EACCES);
}

/* A page must not be loaded where the VMA allows more than the driver. */
static void lock_is_limited_by_driver(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	f->h->maxprot = PROT_READ;
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, true), -EIO);
	testdev_expect(f->td, "lock 10+1 w #1");
	KUNIT_EXPECT_FALSE(test, devmap_valid_test(&f->h->extent->valid, 0));
}

static void access_is_limited_by_vma(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->addr = vm_mmap(f->td->file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED,
			  10 * PAGE_SIZE);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(f->addr));
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, true), -EACCES);
	testdev_expect(f->td, "");
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), 8);
}

static void nothing_is_not_accessed(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->flags |= DEVMAP_MAPPING_INVALID;
	f->td->ctl.devmap_access = NULL;
	map(f);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), -EIO);
}

static void device_that_has_gone_is_not_accessed(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	testdev_destroy(f->td);
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, access_at(f, 0, 8, false), -EIO);
	testdev_expect(f->td, "");
}

static void old_scheme_asks_at_each_access(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->ops->flag = 0;
	map(f);
	memset(memory_at(f, 11), 11, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, access_at(f, PAGE_SIZE - 8, 16, false), 16);
	KUNIT_EXPECT_EQ(test, f->buf[8], 11);
	testdev_expect(f->td, "mmap 10 w; mmap 11 w");
	f->td->noframe = BIT_ULL(11);
	KUNIT_EXPECT_EQ(test, access_at(f, PAGE_SIZE - 8, 16, false), 8);
	KUNIT_EXPECT_EQ(test, access_at(f, PAGE_SIZE, 8, false), -EIO);
}

struct lock_case {
	const char *name;
	offset_t off;
	size_t len;
	int err;
	const char *lock;
	const char *unlock;
};

static const struct lock_case lock_cases[] = {
	{ "all", 0, 0, 0, "lock 10+10 w #1", "unlock 10+10 w #1" },
	{ "a page", 12 * PAGE_SIZE, PAGE_SIZE, 0, "lock 12+1 w #1",
	  "unlock 12+1 w #1" },
	{ "two bytes", 13 * PAGE_SIZE - 1, 2, 0, "lock 12+2 w #1",
	  "unlock 12+2 w #1" },
	{ "behind", 20 * PAGE_SIZE, 1, EINVAL, "", "" },
	{ "before", 9 * PAGE_SIZE, 1, EINVAL, "", "" },
	{ "over the end", 19 * PAGE_SIZE, PAGE_SIZE + 1, EINVAL, "", "" },
};

KUNIT_ARRAY_PARAM_DESC(lock, lock_cases, name);

static void range_is_locked(struct kunit *test)
{
	const struct lock_case *c = test->param_value;
	struct soft_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, c->err, devmap_lock(f->h, c->off, c->len,
						  DEVMAP_WRITE));
	testdev_expect(f->td, c->lock);
	KUNIT_EXPECT_EQ(test, f->h->nr_locks, !c->err);
	KUNIT_EXPECT_EQ(test, c->err, devmap_unlock(f->h, c->off, c->len,
						    DEVMAP_WRITE));
	testdev_expect(f->td, c->unlock);
	KUNIT_EXPECT_EQ(test, f->h->nr_locks, 0);
}

static void locks_are_counted(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_unlock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, 0, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, 0, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, f->h->nr_locks, 2);
	KUNIT_EXPECT_EQ(test, 0, devmap_unlock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, 0, devmap_unlock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_unlock(f->h, 0, 0, DEVMAP_READ));
	testdev_expect(f->td,
		       "lock 10+10 r #1; lock 10+10 r #1; unlock 10+10 r #1; unlock 10+10 r #1");
}

static void lock_that_is_refused_does_not_count(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	f->td->refuse_at[TESTDEV_ACCESS] = 1;
	KUNIT_EXPECT_EQ(test, EIO, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, f->h->nr_locks, 0);
}

static void lock_is_for_own_handles(struct kunit *test)
{
	struct soft_fixture *f = test->priv;
	struct testvm *other;

	map(f);
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_lock(NULL, 0, 0, DEVMAP_READ));
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_unlock(NULL, 0, 0, DEVMAP_READ));
	other = testvm_create(test);
	testvm_switch(f->vm, other);
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	testvm_exit(other);
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	testdev_expect(f->td, "");
}

static void lock_of_device_that_has_gone(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	map(f);
	testdev_destroy(f->td);
	testdev_forget(f->td);
	/* The handle has gone as well; it must not be looked into. */
	KUNIT_EXPECT_EQ(test, EINVAL, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	testdev_expect(f->td, "");
}

static struct kunit_case soft_cases[] = {
	KUNIT_CASE(read_is_lock_and_unlock),
	KUNIT_CASE(write_is_lock_and_unlock),
	KUNIT_CASE(access_over_pages_is_one_lock),
	KUNIT_CASE(access_to_end_of_page_stays_in_it),
	KUNIT_CASE(access_over_handles_locks_each),
	KUNIT_CASE(access_ends_with_vma),
	KUNIT_CASE(access_may_be_refused),
	KUNIT_CASE(access_may_be_refused_later),
	KUNIT_CASE(page_that_is_not_loaded_is_not_copied),
	KUNIT_CASE(memory_without_contexts_needs_no_lock),
	KUNIT_CASE(access_is_limited_by_driver),
	KUNIT_CASE(lock_is_limited_by_driver),
	KUNIT_CASE(access_is_limited_by_vma),
	KUNIT_CASE(nothing_is_not_accessed),
	KUNIT_CASE(device_that_has_gone_is_not_accessed),
	KUNIT_CASE(old_scheme_asks_at_each_access),
	KUNIT_CASE_PARAM(range_is_locked, lock_gen_params),
	KUNIT_CASE(locks_are_counted),
	KUNIT_CASE(lock_that_is_refused_does_not_count),
	KUNIT_CASE(lock_is_for_own_handles),
	KUNIT_CASE(lock_of_device_that_has_gone),
	{}
};

static struct kunit_suite soft_suite = {
	.name = "devmap_softlock",
	.init = soft_init,
	.test_cases = soft_cases,
};

/**
 * struct mapdev_state - what a driver of the older interface has
 * @td: the device
 * @handle: what ddi_mapdev() set
 * @off: range that mapdev_access(9E) has not intercepted any more; or...
 * @len: ... its length
 * @refuse: mapdev_access(9E) fails
 */
static struct mapdev_state {
	struct testdev *td;
	ddi_mapdev_handle_t handle;
	off_t off;
	off_t len;
	bool refuse;
} md;

static int md_access(ddi_mapdev_handle_t handle, void *devprivate,
		     off_t offset)
{
	testdev_note(md.td, "access %ld #%lu", offset >> PAGE_SHIFT,
		     (unsigned long)devprivate);
	KUNIT_EXPECT_PTR_EQ(md.td->test, handle, md.handle);
	return md.refuse ? ENXIO :
			   ddi_mapdev_nointercept(handle, md.off, md.len);
}

static void md_free(ddi_mapdev_handle_t handle, void *devprivate)
{
	testdev_note(md.td, "free #%lu", (unsigned long)devprivate);
}

static int md_dup(ddi_mapdev_handle_t handle, void *devprivate,
		  ddi_mapdev_handle_t new_handle, void **new_devprivate)
{
	return 0;
}

static struct ddi_mapdev_ctl md_ctl = {
	.mapdev_rev = MAPDEV_REV,
	.mapdev_access = md_access,
	.mapdev_free = md_free,
	.mapdev_dup = md_dup,
};

static int md_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp,
		     off_t len, unsigned int prot, unsigned int maxprot,
		     unsigned int flags, cred_t *credp)
{
	return ddi_mapdev(dev, off, asp, addrp, len, prot, maxprot, flags,
			  credp, &md_ctl, &md.handle, (void *)5);
}

static void md_map(struct soft_fixture *f)
{
	md = (struct mapdev_state){ .td = f->td };
	f->td->ops->segmap = md_segmap;
	f->addr = testvm_map(f->td, 10, 10, MAP_SHARED);
	KUNIT_ASSERT_FALSE(f->td->test, IS_ERR_VALUE(f->addr));
	testdev_forget(f->td);
}

static void expect_page(struct soft_fixture *f, unsigned long page)
{
	testvm_expect_read(f->td->test, f->addr, page - 10, page);
}

static void mapdev_intercepts_at_first(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	expect_page(f, 13);
	testdev_expect(f->td, "access 13 #5");
	/* All of it is not intercepted now. */
	expect_page(f, 10);
	expect_page(f, 19);
	testdev_expect(f->td, "");
}

static void mapdev_access_may_fail(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	md.refuse = true;
	testvm_expect_fault(test, f->addr, 3);
	testdev_expect(f->td, "access 13 #5");
	md.refuse = false;
	expect_page(f, 13);
}

static void mapdev_does_not_intercept_range(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	md.off = 12 * PAGE_SIZE;
	md.len = 2 * PAGE_SIZE;
	expect_page(f, 13);
	expect_page(f, 12);
	testdev_expect(f->td, "access 13 #5");
	md.off = 14 * PAGE_SIZE;
	md.len = 0;
	expect_page(f, 14);
	expect_page(f, 19);
	testdev_expect(f->td, "access 14 #5");
}

static void mapdev_intercepts_again(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	expect_page(f, 13);
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, 0, ddi_mapdev_intercept(md.handle,
						      15 * PAGE_SIZE, 1));
	expect_page(f, 14);
	testdev_expect(f->td, "");
	expect_page(f, 15);
	testdev_expect(f->td, "access 15 #5");
	KUNIT_EXPECT_EQ(test, 0, ddi_mapdev_intercept(md.handle, 0, 0));
	expect_page(f, 19);
	testdev_expect(f->td, "access 19 #5");
}

struct mapdev_case {
	const char *name;
	off_t off;
	off_t len;
	bool bad;
};

static const struct mapdev_case mapdev_cases[] = {
	{ "all", 0, 0, false },
	{ "first byte", 10 * PAGE_SIZE, 1, false },
	{ "last page", 19 * PAGE_SIZE, PAGE_SIZE, false },
	{ "to the end", 12 * PAGE_SIZE, 0, false },
	{ "before", 9 * PAGE_SIZE, PAGE_SIZE, true },
	{ "behind", 20 * PAGE_SIZE, PAGE_SIZE, true },
	{ "over the end", 19 * PAGE_SIZE, PAGE_SIZE + 1, true },
	{ "negative length", 12 * PAGE_SIZE, -1, true },
	{ "negative offset", -PAGE_SIZE, PAGE_SIZE, true },
};

KUNIT_ARRAY_PARAM_DESC(mapdev, mapdev_cases, name);

static void mapdev_checks_range(struct kunit *test)
{
	const struct mapdev_case *c = test->param_value;
	struct soft_fixture *f = test->priv;

	md_map(f);
	KUNIT_EXPECT_EQ(test, c->bad,
			!!ddi_mapdev_intercept(md.handle, c->off, c->len));
	KUNIT_EXPECT_EQ(test, c->bad,
			!!ddi_mapdev_set_device_acc_attr(md.handle, c->off,
							 c->len, NULL, 0));
	/* Not from mapdev_access(9E). */
	KUNIT_EXPECT_NE(test, 0,
			ddi_mapdev_nointercept(md.handle, c->off, c->len));
}

static void mapdev_leaves_out_pages_that_are_refused(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	f->td->noframe = BIT_ULL(12);
	md_map(f);
	expect_page(f, 13);
	testdev_expect(f->td, "access 13 #5");
	testvm_expect_fault(test, f->addr, 2);
	expect_page(f, 11);
	testdev_expect(f->td, "");
}

static void mapdev_has_one_handle_for_all_parts(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testdev_expect(f->td, "");
	/* Both parts, with one call, over the hole. */
	expect_page(f, 10);
	expect_page(f, 19);
	testdev_expect(f->td, "access 10 #5");
	KUNIT_EXPECT_EQ(test, 0,
			ddi_mapdev_intercept(md.handle, 11 * PAGE_SIZE,
					     5 * PAGE_SIZE));
	expect_page(f, 10);
	expect_page(f, 16);
	testdev_expect(f->td, "");
	expect_page(f, 15);
	testdev_expect(f->td, "access 15 #5");
}

static void mapdev_is_freed_with_last_part(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, 2 * PAGE_SIZE));
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 9 * PAGE_SIZE,
					   PAGE_SIZE));
	testdev_expect(f->td, "");
	expect_page(f, 15);
	testdev_expect(f->td, "access 15 #5");
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, 10 * PAGE_SIZE));
	testdev_expect(f->td, "free #5");
}

static void mapdev_is_freed_at_exit(struct kunit *test)
{
	struct soft_fixture *f = test->priv;

	md_map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testvm_exit(f->vm);
	testdev_expect(f->td, "free #5");
}

static struct kunit_case mapdev_tests[] = {
	KUNIT_CASE(mapdev_intercepts_at_first),
	KUNIT_CASE(mapdev_access_may_fail),
	KUNIT_CASE(mapdev_does_not_intercept_range),
	KUNIT_CASE(mapdev_intercepts_again),
	KUNIT_CASE_PARAM(mapdev_checks_range, mapdev_gen_params),
	KUNIT_CASE(mapdev_leaves_out_pages_that_are_refused),
	KUNIT_CASE(mapdev_has_one_handle_for_all_parts),
	KUNIT_CASE(mapdev_is_freed_with_last_part),
	KUNIT_CASE(mapdev_is_freed_at_exit),
	{}
};

static struct kunit_suite mapdev_suite = {
	.name = "devmap_mapdev",
	.init = soft_init,
	.test_cases = mapdev_tests,
};

kunit_test_suites(&soft_suite, &mapdev_suite);
