// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_umem: ddi_umem_alloc(9F). Suite devmap_umem_lock: ddi_umem_lock(9F),
 * with pages of the first process, as the threads of the cases have none.
 */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/delay.h>
#include <linux/pid.h>
#include <linux/refcount.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <sys/ddidevmap.h>
#include <sys/esunddi.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/umem.h"
#include "testdev.h"

#define PATIENCE	(30 * HZ)
#define ANY_COOKIE	((ddi_umem_cookie_t)77)

static void free_cookie(void *cookie)
{
	ddi_umem_free(cookie);
}

static struct ddi_umem_cookie *alloc(struct kunit *test, size_t size, int flag)
{
	ddi_umem_cookie_t cookie = NULL;
	struct ddi_umem_cookie *c;

	KUNIT_ASSERT_NOT_NULL(test, ddi_umem_alloc(size, flag, &cookie));
	KUNIT_ASSERT_NOT_NULL(test, cookie);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_cookie, cookie));
	c = cookie;
	return c;
}

struct flag_case {
	const char *name;
	int flag;
	uint_t type;
	bool contiguous;
};

static const struct flag_case flag_cases[] = {
	{ "sleep", DDI_UMEM_SLEEP, KMEM_NON_PAGEABLE, false },
	{ "nosleep", DDI_UMEM_NOSLEEP, KMEM_NON_PAGEABLE, true },
	{ "pageable", DDI_UMEM_PAGEABLE, KMEM_PAGEABLE, false },
	{ "nosleep and pageable", DDI_UMEM_NOSLEEP | DDI_UMEM_PAGEABLE,
	  KMEM_PAGEABLE, true },
	{ "trash", DDI_UMEM_TRASH, UMEM_TRASH, false },
};

KUNIT_ARRAY_PARAM_DESC(flag, flag_cases, name);

static void alloc_fills_in_cookie(struct kunit *test)
{
	const struct flag_case *c = test->param_value;
	struct ddi_umem_cookie *cookie = alloc(test, 3 * PAGE_SIZE - 5, c->flag);

	KUNIT_EXPECT_EQ(test, cookie->size, 3 * PAGE_SIZE - 5);
	KUNIT_EXPECT_EQ(test, cookie->type, c->type);
	KUNIT_EXPECT_EQ(test, cookie->contiguous, c->contiguous);
	KUNIT_EXPECT_EQ(test, refcount_read(&cookie->refs), 1);
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(cookie->cvaddr));
}

static void memory_is_zeroed_to_the_page(struct kunit *test)
{
	const struct flag_case *c = test->param_value;
	struct ddi_umem_cookie *cookie = alloc(test, 3 * PAGE_SIZE - 5, c->flag);

	KUNIT_EXPECT_NULL(test, memchr_inv(cookie->cvaddr, 0, 3 * PAGE_SIZE));
}

static void memory_is_counted(struct kunit *test)
{
	const struct flag_case *c = test->param_value;
	long nr = testdev_stat(DEVMAP_STAT_COOKIES);
	struct ddi_umem_cookie *cookie = alloc(test, 1, c->flag);

	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr + 1);
	kunit_release_action(test, free_cookie, cookie);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr);
}

static void memory_lives_until_last_user(struct kunit *test)
{
	const struct flag_case *c = test->param_value;
	long nr = testdev_stat(DEVMAP_STAT_COOKIES);
	struct ddi_umem_cookie *cookie = alloc(test, PAGE_SIZE, c->flag);

	KUNIT_EXPECT_PTR_EQ(test, devmap_umem_get(cookie), cookie);
	kunit_release_action(test, free_cookie, cookie);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr + 1);
	memset(cookie->cvaddr, 1, PAGE_SIZE);
	devmap_umem_put(cookie);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr);
}

/* What the kernel writes to a page is in the frame that is mapped. */
static void frames_are_those_of_the_memory(struct kunit *test)
{
	const struct flag_case *c = test->param_value;
	struct ddi_umem_cookie *cookie = alloc(test, 5 * PAGE_SIZE, c->flag);
	unsigned long i;

	for (i = 0; i < 5; i++) {
		void *addr = cookie->cvaddr + (i << PAGE_SHIFT);
		struct page *page = pfn_to_page(devmap_umem_pfn(cookie, i));

		*(u64 *)addr = 1000 + i;
		KUNIT_EXPECT_EQ(test, *(u64 *)page_address(page), 1000 + i);
	}
}

static void nosleep_is_contiguous(struct kunit *test)
{
	struct ddi_umem_cookie *cookie = alloc(test, 5 * PAGE_SIZE,
					       DDI_UMEM_NOSLEEP);
	unsigned long i;

	for (i = 1; i < 5; i++)
		KUNIT_EXPECT_EQ(test, devmap_umem_pfn(cookie, i),
				devmap_umem_pfn(cookie, 0) + i);
}

static void trash_is_one_page(struct kunit *test)
{
	struct ddi_umem_cookie *cookie = alloc(test, 5 * PAGE_SIZE,
					       DDI_UMEM_TRASH);
	unsigned long i;

	*(u64 *)cookie->cvaddr = 4711;
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, devmap_umem_pfn(cookie, i),
				devmap_umem_pfn(cookie, 0));
		KUNIT_EXPECT_EQ(test, 4711,
				*(u64 *)(cookie->cvaddr + (i << PAGE_SHIFT)));
	}
}

struct bad_case {
	const char *name;
	size_t size;
	int flag;
};

static const struct bad_case bad_cases[] = {
	{ "no bytes", 0, DDI_UMEM_SLEEP },
	{ "no bytes of trash", 0, DDI_UMEM_TRASH },
	{ "unknown flag", PAGE_SIZE, 0x80 },
	{ "trash and nosleep", PAGE_SIZE, DDI_UMEM_TRASH | DDI_UMEM_NOSLEEP },
	{ "trash and pageable", PAGE_SIZE, DDI_UMEM_TRASH | DDI_UMEM_PAGEABLE },
	{ "more than any machine has", SIZE_MAX, DDI_UMEM_SLEEP },
	{ "more than any machine has, in pages", SIZE_MAX & PAGE_MASK,
	  DDI_UMEM_NOSLEEP },
	{ "more trash than memory", SIZE_MAX / 2, DDI_UMEM_TRASH },
	{ "more than is contiguous", 64UL << 20, DDI_UMEM_NOSLEEP },
};

KUNIT_ARRAY_PARAM_DESC(bad, bad_cases, name);

static void alloc_refuses(struct kunit *test)
{
	const struct bad_case *c = test->param_value;
	long nr = testdev_stat(DEVMAP_STAT_COOKIES);
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_NULL(test, ddi_umem_alloc(c->size, c->flag, &cookie));
	KUNIT_EXPECT_NULL(test, cookie);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr);
}

static void more_than_the_machine_has_is_refused(struct kunit *test)
{
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_NULL(test,
			  ddi_umem_alloc((totalram_pages() << PAGE_SHIFT) + 1,
					 DDI_UMEM_SLEEP, &cookie));
	KUNIT_EXPECT_NULL(test, cookie);
}

static void free_takes_null(struct kunit *test)
{
	long nr = testdev_stat(DEVMAP_STAT_COOKIES);

	ddi_umem_free(NULL);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), nr);
}

static void only_locked_pages_limit_protection(struct kunit *test)
{
	const uint_t all = PROT_READ | PROT_WRITE | PROT_EXEC;
	struct ddi_umem_cookie cookie = { .type = KMEM_NON_PAGEABLE };

	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(NULL, all), all);
	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(&cookie, all), all);
	cookie.type = UMEM_TRASH;
	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(&cookie, all), all);
	cookie.type = UMEM_LOCKED;
	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(&cookie, all),
			all & ~PROT_WRITE);
	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(&cookie, PROT_WRITE), 0);
	cookie.dirty = true;
	KUNIT_EXPECT_EQ(test, devmap_umem_maxprot(&cookie, all), all);
}

static struct kunit_case umem_cases[] = {
	KUNIT_CASE_PARAM(alloc_fills_in_cookie, flag_gen_params),
	KUNIT_CASE_PARAM(memory_is_zeroed_to_the_page, flag_gen_params),
	KUNIT_CASE_PARAM(memory_is_counted, flag_gen_params),
	KUNIT_CASE_PARAM(memory_lives_until_last_user, flag_gen_params),
	KUNIT_CASE_PARAM(frames_are_those_of_the_memory, flag_gen_params),
	KUNIT_CASE(nosleep_is_contiguous),
	KUNIT_CASE(trash_is_one_page),
	KUNIT_CASE_PARAM(alloc_refuses, bad_gen_params),
	KUNIT_CASE(more_than_the_machine_has_is_refused),
	KUNIT_CASE(free_takes_null),
	KUNIT_CASE(only_locked_pages_limit_protection),
	{}
};

static struct kunit_suite umem_suite = {
	.name = "devmap_umem",
	.test_cases = umem_cases,
};

/**
 * struct lock_fixture - whose pages are locked
 * @task: the first process
 * @mm: its address space
 */
struct lock_fixture {
	struct task_struct *task;
	struct mm_struct *mm;
};

static void put_process(void *arg)
{
	struct lock_fixture *f = arg;

	mmput(f->mm);
	put_task_struct(f->task);
}

static int umemlock_init(struct kunit *test)
{
	struct lock_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct pid *pid = find_get_pid(1);

	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_ASSERT_NOT_NULL(test, pid);
	f->task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	KUNIT_ASSERT_NOT_NULL(test, f->task);
	test->priv = f;
	f->mm = get_task_mm(f->task);
	if (!f->mm) {
		put_task_struct(f->task);
		f->task = NULL;
		return 0;
	}
	return kunit_add_action_or_reset(test, put_process, f);
}

/* Built in, the tests run before there is a process. */
static struct lock_fixture *need_process(struct kunit *test)
{
	struct lock_fixture *f = test->priv;

	if (!f->mm)
		kunit_skip(test, "no process yet");
	return f;
}

static caddr_t stack_of(const struct lock_fixture *f)
{
	return (caddr_t)(f->mm->start_stack & PAGE_MASK);
}

struct args_case {
	const char *name;
	unsigned long addr;
	size_t len;
	int flags;
};

#define SOMEWHERE	0x10000000UL

static const struct args_case args_cases[] = {
	{ "no bytes", SOMEWHERE, 0, DDI_UMEMLOCK_READ },
	{ "address not aligned", SOMEWHERE + 8, PAGE_SIZE, DDI_UMEMLOCK_READ },
	{ "length not aligned", SOMEWHERE, PAGE_SIZE + 8, DDI_UMEMLOCK_READ },
	{ "wraps around", -PAGE_SIZE, 2 * PAGE_SIZE, DDI_UMEMLOCK_READ },
	{ "wraps to zero", -PAGE_SIZE, PAGE_SIZE, DDI_UMEMLOCK_READ },
	{ "more pages than can be counted", SOMEWHERE, 1UL << 40,
	  DDI_UMEMLOCK_READ },
	{ "neither read nor write", SOMEWHERE, PAGE_SIZE, 0 },
	{ "only long term", SOMEWHERE, PAGE_SIZE, DDI_UMEMLOCK_LONGTERM },
	{ "unknown flag", SOMEWHERE, PAGE_SIZE, DDI_UMEMLOCK_READ | 0x80 },
};

KUNIT_ARRAY_PARAM_DESC(args, args_cases, name);

static void lock_checks_arguments(struct kunit *test)
{
	const struct args_case *c = test->param_value;
	struct lock_fixture *f = need_process(test);
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_EQ(test, EINVAL,
			umem_lockmemory((caddr_t)c->addr, c->len, c->flags,
					&cookie, NULL, (proc_t *)f->task));
	KUNIT_EXPECT_NULL(test, cookie);
	cookie = ANY_COOKIE;
	KUNIT_EXPECT_EQ(test, EINVAL,
			ddi_umem_lock((caddr_t)c->addr, c->len, c->flags,
				      &cookie));
	KUNIT_EXPECT_NULL(test, cookie);
}

static void lock_knows_no_long_term(struct kunit *test)
{
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_EQ(test, EINVAL,
			ddi_umem_lock((caddr_t)SOMEWHERE, PAGE_SIZE,
				      DDI_UMEMLOCK_READ | DDI_UMEMLOCK_LONGTERM,
				      &cookie));
	KUNIT_EXPECT_NULL(test, cookie);
}

static void lock_needs_address_space(struct kunit *test)
{
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_EQ(test, EFAULT,
			ddi_umem_lock((caddr_t)SOMEWHERE, PAGE_SIZE,
				      DDI_UMEMLOCK_READ, &cookie));
	KUNIT_EXPECT_NULL(test, cookie);
}

/* Locks a page, which must fail, and nothing is left of it. */
static void expect_no_lock(struct kunit *test, caddr_t addr, size_t len,
			   int flags, int err)
{
	struct lock_fixture *f = test->priv;
	long cookies = testdev_stat(DEVMAP_STAT_COOKIES);
	unsigned long locked = READ_ONCE(f->mm->locked_vm);
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_EQ(test, err,
			umem_lockmemory(addr, len, flags, &cookie, NULL,
					(proc_t *)f->task));
	KUNIT_EXPECT_NULL(test, cookie);
	KUNIT_EXPECT_EQ(test, READ_ONCE(f->mm->locked_vm), locked);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), cookies);
}

static void lock_knows_one_version_of_callbacks(struct kunit *test)
{
	struct lock_fixture *f = need_process(test);
	struct umem_callback_ops ops = {
		.cbo_umem_callback_version = UMEM_CALLBACK_VERSION + 1,
	};
	ddi_umem_cookie_t cookie = ANY_COOKIE;

	KUNIT_EXPECT_EQ(test, EINVAL,
			umem_lockmemory(stack_of(f), PAGE_SIZE,
					DDI_UMEMLOCK_READ, &cookie, &ops,
					(proc_t *)f->task));
	KUNIT_EXPECT_NULL(test, cookie);
}

static void nothing_mapped_is_not_locked(struct kunit *test)
{
	need_process(test);
	expect_no_lock(test, (caddr_t)PAGE_SIZE, PAGE_SIZE, DDI_UMEMLOCK_READ,
		       EFAULT);
}

/* The first pages of the range can be locked, and are unlocked again. */
static void hole_in_range_is_not_locked(struct kunit *test)
{
	struct lock_fixture *f = need_process(test);
	struct vm_area_struct *vma;
	unsigned long end = 0;

	mmap_read_lock(f->mm);
	vma = find_vma(f->mm, f->mm->start_stack);
	if (vma)
		end = vma->vm_end;
	mmap_read_unlock(f->mm);
	KUNIT_ASSERT_NE(test, end, 0);
	expect_no_lock(test, (caddr_t)(end - PAGE_SIZE), 2 * PAGE_SIZE,
		       DDI_UMEMLOCK_READ, EFAULT);
}

static void text_is_not_locked_for_writing(struct kunit *test)
{
	struct lock_fixture *f = need_process(test);

	expect_no_lock(test, (caddr_t)(f->mm->start_code & PAGE_MASK),
		       PAGE_SIZE, DDI_UMEMLOCK_WRITE, EACCES);
}

static void wait_for_unlock(struct kunit *test, long cookies)
{
	unsigned long end = jiffies + PATIENCE;

	while (testdev_stat(DEVMAP_STAT_COOKIES) != cookies &&
	       time_before(jiffies, end))
		msleep(20);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), cookies);
}

struct lock_case {
	const char *name;
	int flags;
	bool dirty;
};

static const struct lock_case lock_cases[] = {
	{ "read", DDI_UMEMLOCK_READ, false },
	{ "write", DDI_UMEMLOCK_WRITE, true },
	{ "read and write", DDI_UMEMLOCK_READ | DDI_UMEMLOCK_WRITE, true },
	{ "long term", DDI_UMEMLOCK_READ | DDI_UMEMLOCK_LONGTERM, false },
};

KUNIT_ARRAY_PARAM_DESC(lock, lock_cases, name);

static void page_is_locked_and_unlocked(struct kunit *test)
{
	const struct lock_case *c = test->param_value;
	struct lock_fixture *f = need_process(test);
	struct umem_callback_ops ops = {
		.cbo_umem_callback_version = UMEM_CALLBACK_VERSION,
	};
	long cookies = testdev_stat(DEVMAP_STAT_COOKIES);
	unsigned long locked = READ_ONCE(f->mm->locked_vm);
	ddi_umem_cookie_t handle = NULL;
	struct ddi_umem_cookie *cookie;

	KUNIT_ASSERT_EQ(test, 0,
			umem_lockmemory(stack_of(f), PAGE_SIZE, c->flags,
					&handle, &ops, (proc_t *)f->task));
	cookie = handle;
	KUNIT_ASSERT_NOT_NULL(test, cookie);
	KUNIT_EXPECT_EQ(test, cookie->type, UMEM_LOCKED);
	KUNIT_EXPECT_EQ(test, cookie->dirty, c->dirty);
	KUNIT_EXPECT_EQ(test, cookie->size, PAGE_SIZE);
	KUNIT_EXPECT_PTR_EQ(test, cookie->mm, f->mm);
	KUNIT_EXPECT_EQ(test, READ_ONCE(f->mm->locked_vm), locked + 1);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_COOKIES), cookies + 1);
	KUNIT_EXPECT_EQ(test, devmap_umem_pfn(cookie, 0),
			page_to_pfn(cookie->pages[0]));
	KUNIT_EXPECT_TRUE(test, folio_maybe_dma_pinned(page_folio(cookie->pages[0])));

	devmap_umem_get(cookie);
	ddi_umem_unlock(cookie);
	KUNIT_EXPECT_EQ(test, READ_ONCE(f->mm->locked_vm), locked + 1);
	devmap_umem_put(cookie);
	wait_for_unlock(test, cookies);
	KUNIT_EXPECT_EQ(test, READ_ONCE(f->mm->locked_vm), locked);
}

static struct kunit_case umemlock_cases[] = {
	KUNIT_CASE_PARAM(lock_checks_arguments, args_gen_params),
	KUNIT_CASE(lock_knows_no_long_term),
	KUNIT_CASE(lock_needs_address_space),
	KUNIT_CASE(lock_knows_one_version_of_callbacks),
	KUNIT_CASE(nothing_mapped_is_not_locked),
	KUNIT_CASE(hole_in_range_is_not_locked),
	KUNIT_CASE(text_is_not_locked_for_writing),
	KUNIT_CASE_PARAM(page_is_locked_and_unlocked, lock_gen_params),
	{}
};

static struct kunit_suite umemlock_suite = {
	.name = "devmap_umem_lock",
	.init = umemlock_init,
	.test_cases = umemlock_cases,
};

kunit_test_suites(&umem_suite, &umemlock_suite);
