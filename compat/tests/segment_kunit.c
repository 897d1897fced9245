// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_segment: segments, their windows and their spare handles. VMAs
 * are not needed for that; where a case counts some, they are only counted.
 */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <sys/mman.h>

#include "../devmap/fork.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "testdev.h"

#define RANDOM_SEED	20261121
#define NR_ROUNDS	60
#define NR_PAGES	40
#define MAX_VMAS	(2 * NR_PAGES)

static int segment_init(struct kunit *test)
{
	testdev_create(test);
	return 0;
}

static struct mm_struct *new_mm(struct kunit *test)
{
	struct mm_struct *mm = kunit_kzalloc(test, sizeof(*mm), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mm);
	return mm;
}

static void destroy_segment(void *seg)
{
	devmap_segment_destroy(seg);
}

static struct devmap_segment *fork_segment(struct kunit *test,
					   struct devmap_segment *parent,
					   struct mm_struct *mm)
{
	struct devmap_segment *seg = devmap_segment_fork(parent, mm);

	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, destroy_segment, seg));
	return seg;
}

static void create_fills_in_segment(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg;

	seg = devmap_segment_create(td->dip, td->mm, 0x1234,
				    &TESTDEV_SPAN(10, 8));
	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_EXPECT_EQ(test, refcount_read(&seg->refs), 1);
	KUNIT_EXPECT_PTR_EQ(test, seg->mm, td->mm);
	KUNIT_EXPECT_EQ(test, seg->dev, 0x1234);
	KUNIT_EXPECT_EQ(test, seg->span.first, 10);
	KUNIT_EXPECT_EQ(test, seg->span.nr, 8);
	KUNIT_EXPECT_EQ(test, seg->nr_vmas, 0);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 0);
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&seg->handles));
	KUNIT_EXPECT_PTR_EQ(test, seg->win->dip, td->dip);
	KUNIT_EXPECT_EQ(test, refcount_read(&seg->win->refs), 1);
	devmap_segment_destroy(seg);
}

static void create_and_destroy_are_counted(struct kunit *test)
{
	struct testdev *td = test->priv;
	long windows = testdev_stat(DEVMAP_STAT_WINDOWS);
	long segments = testdev_stat(DEVMAP_STAT_SEGMENTS);
	struct devmap_segment *seg;

	seg = devmap_segment_create(td->dip, td->mm, 0, &TESTDEV_SPAN(10, 8));
	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_WINDOWS), windows + 1);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments + 1);
	devmap_segment_destroy(seg);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_WINDOWS), windows);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments);
}

static void create_fails_without_window(struct kunit *test)
{
	struct testdev *td = test->priv;
	const unsigned long nr = 1UL << DEVMAP_WINDOW_SHIFT;
	struct devmap_segment *seg;

	KUNIT_EXPECT_NULL(test, devmap_segment_create(td->dip, td->mm, 0,
						      &TESTDEV_SPAN(0, nr + 1)));

	/* There is one of the largest. */
	seg = devmap_segment_create(td->dip, td->mm, 0, &TESTDEV_SPAN(0, nr));
	KUNIT_ASSERT_NOT_NULL(test, seg);
	KUNIT_EXPECT_NULL(test, devmap_segment_create(td->dip, td->mm, 0,
						      &TESTDEV_SPAN(0, nr)));
	devmap_segment_destroy(seg);
	seg = devmap_segment_create(td->dip, td->mm, 0, &TESTDEV_SPAN(0, nr));
	KUNIT_ASSERT_NOT_NULL(test, seg);
	devmap_segment_destroy(seg);
}

static void page_offset_and_page_are_inverse(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	unsigned long page;

	KUNIT_EXPECT_EQ(test, devmap_segment_pgoff(seg, 10), seg->win->base);
	KUNIT_EXPECT_EQ(test, devmap_segment_pgoff(seg, 17),
			seg->win->base + 7);
	for (page = 10; page < 18; page++)
		KUNIT_EXPECT_EQ(test, page,
				devmap_segment_page(seg,
						    devmap_segment_pgoff(seg, page)));
}

static void segments_have_windows_of_their_own(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *a = testdev_segment(td, 10, 8);
	struct devmap_segment *b = testdev_segment(td, 10, 8);

	KUNIT_EXPECT_PTR_NE(test, a->win, b->win);
	KUNIT_EXPECT_GE(test, max(a->win->base, b->win->base) -
			      min(a->win->base, b->win->base), 8);
}

static void destroy_frees_handles_without_a_word(struct kunit *test)
{
	struct testdev *td = test->priv;
	long handles = testdev_stat(DEVMAP_STAT_HANDLES);
	struct devmap_segment *seg;

	seg = devmap_segment_create(td->dip, td->mm, 0, &TESTDEV_SPAN(10, 8));
	KUNIT_ASSERT_NOT_NULL(test, seg);
	testdev_handle(td, seg, 10, 4);
	testdev_handle(td, seg, 14, 4);
	KUNIT_EXPECT_EQ(test, 0, devmap_segment_add_spare(seg));
	KUNIT_EXPECT_EQ(test, 0, devmap_segment_add_spare(seg));
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_HANDLES), handles + 4);
	devmap_segment_destroy(seg);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_HANDLES), handles);
	testdev_expect(td, "");
}

static void segment_keeps_instance(struct kunit *test)
{
	struct testdev *td = test->priv;
	long instances = testdev_stat(DEVMAP_STAT_INSTANCES);
	struct devmap_segment *seg = testdev_segment(td, 10, 8);

	testdev_destroy(td);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_INSTANCES), instances);
	testdev_segment_gone(td, seg);
	devmap_segment_destroy(seg);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_INSTANCES),
			instances - 1);
}

static void fork_shares_window(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	long windows = testdev_stat(DEVMAP_STAT_WINDOWS);
	struct devmap_segment *child = fork_segment(test, seg, new_mm(test));

	KUNIT_EXPECT_PTR_NE(test, child, seg);
	KUNIT_EXPECT_PTR_EQ(test, child->win, seg->win);
	KUNIT_EXPECT_EQ(test, refcount_read(&seg->win->refs), 2);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_WINDOWS), windows);
}

static void fork_copies_what_mmap_said(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *child;
	struct mm_struct *mm = new_mm(test);

	seg->dev = 0x4321;
	seg->prot = PROT_WRITE;
	seg->private = true;
	seg->model = 77;
	seg->nr_vmas = 3;
	child = fork_segment(test, seg, mm);
	KUNIT_EXPECT_PTR_EQ(test, child->mm, mm);
	KUNIT_EXPECT_EQ(test, child->span.first, 10);
	KUNIT_EXPECT_EQ(test, child->span.nr, 8);
	KUNIT_EXPECT_EQ(test, child->dev, 0x4321);
	KUNIT_EXPECT_EQ(test, child->prot, PROT_WRITE);
	KUNIT_EXPECT_TRUE(test, child->private);
	KUNIT_EXPECT_EQ(test, child->model, 77);
	/* They are opened one by one. */
	KUNIT_EXPECT_EQ(test, child->nr_vmas, 0);
}

static void fork_duplicates_handles(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *child;
	struct devmap_handle *h;

	testdev_handle(td, seg, 10, 5)->pvtp = (void *)41;
	testdev_handle(td, seg, 15, 3)->pvtp = (void *)42;
	child = fork_segment(test, seg, new_mm(test));
	testdev_expect(td, "dup 10+5 #41 =1; dup 15+3 #42 =2");

	h = devmap_handles_find(&child->handles, 14);
	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_EXPECT_PTR_EQ(test, h->seg, child);
	KUNIT_EXPECT_PTR_EQ(test, h->pvtp, (void *)1);
	h = devmap_handles_next(h);
	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_EXPECT_EQ(test, h->span.first, 15);
	KUNIT_EXPECT_PTR_EQ(test, h->pvtp, (void *)2);
	KUNIT_EXPECT_NULL(test, devmap_handles_next(h));
	/* The parent's are what they were. */
	KUNIT_EXPECT_PTR_EQ(test, devmap_handles_first(&seg->handles)->pvtp,
			    (void *)41);
}

/* The kernel opens a VMA at a time; each one asks for the segment. */
static void fork_is_told_once_per_child(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	struct devmap_segment *child[3];
	struct mm_struct *mm[3];
	int i;

	testdev_handle(td, seg, 10, 8);
	for (i = 0; i < 3; i++) {
		mm[i] = new_mm(test);
		child[i] = fork_segment(test, seg, mm[i]);
		testdev_forget(td);
	}
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_PTR_EQ(test, devmap_segment_fork(seg, mm[i]),
				    child[i]);
	/* A relative finds its brothers as well as its parent does. */
	KUNIT_EXPECT_PTR_EQ(test, devmap_segment_fork(child[0], mm[2]),
			    child[2]);
	testdev_expect(td, "");
	KUNIT_EXPECT_EQ(test, refcount_read(&seg->win->refs), 4);
}

static void fork_that_driver_refuses(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *child;
	struct mm_struct *mm = new_mm(test);
	struct devmap_handle *h;

	testdev_handle(td, seg, 10, 2);
	testdev_handle(td, seg, 12, 2);
	testdev_handle(td, seg, 14, 4);
	td->refuse_at[TESTDEV_DUP] = 2;
	td->refusal = EPERM;
	KUNIT_EXPECT_FALSE(test, devmap_fork_refused(mm));
	child = fork_segment(test, seg, mm);
	testdev_expect(td, "dup 10+2 #0 =1; dup 12+2 #0 !1");
	KUNIT_EXPECT_TRUE(test, devmap_fork_refused(mm));
	KUNIT_EXPECT_FALSE(test, devmap_fork_refused(td->mm));

	/* What the driver has duplicated it will be told to unmap. */
	h = devmap_handles_first(&child->handles);
	KUNIT_ASSERT_NOT_NULL(test, h);
	KUNIT_EXPECT_EQ(test, h->span.first, 10);
	KUNIT_EXPECT_NULL(test, devmap_handles_next(h));
}

static void fork_of_device_that_has_gone(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *child;
	struct mm_struct *mm = new_mm(test);

	testdev_destroy(td);
	/* As if destroying had not come to this one yet. */
	testdev_handle(td, seg, 10, 8);
	child = fork_segment(test, seg, mm);
	testdev_expect(td, "");
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&child->handles));
	KUNIT_EXPECT_FALSE(test, devmap_fork_refused(mm));
}

static void window_goes_with_last_relative(struct kunit *test)
{
	struct testdev *td = test->priv;
	long windows = testdev_stat(DEVMAP_STAT_WINDOWS);
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *next;
	struct devmap_segment *child = devmap_segment_fork(seg, new_mm(test));
	unsigned long base = seg->win->base;

	KUNIT_ASSERT_NOT_NULL(test, child);
	testdev_segment_gone(td, seg);
	devmap_segment_destroy(seg);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_WINDOWS), windows + 1);
	/* Still taken. */
	next = testdev_segment(td, 10, 8);
	KUNIT_EXPECT_NE(test, next->win->base, base);

	devmap_segment_destroy(child);
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_WINDOWS), windows + 1);
	next = testdev_segment(td, 10, 8);
	KUNIT_EXPECT_EQ(test, next->win->base, base);
}

static void parent_is_not_found_after_it_went(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8), *again;
	struct devmap_segment *child = fork_segment(test, seg, new_mm(test));

	testdev_segment_gone(td, seg);
	devmap_segment_destroy(seg);
	/* Another process may get an mm at the same address. */
	again = fork_segment(test, child, td->mm);
	KUNIT_EXPECT_PTR_NE(test, again, child);
	KUNIT_EXPECT_PTR_EQ(test, again->mm, td->mm);
}

static void spares_are_limited_by_vmas(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	long handles = testdev_stat(DEVMAP_STAT_HANDLES);
	int vmas, i;

	for (vmas = 0; vmas < 4; vmas++) {
		seg->nr_vmas = vmas;
		for (i = 0; i < 10; i++)
			KUNIT_EXPECT_EQ(test, 0, devmap_segment_add_spare(seg));
		KUNIT_EXPECT_EQ(test, seg->nr_spares, vmas + 2);
		KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_HANDLES),
				handles + vmas + 2);
	}
}

static void spare_is_taken_out(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	struct devmap_handle *a, *b;

	KUNIT_ASSERT_EQ(test, 0, devmap_segment_add_spare(seg));
	KUNIT_ASSERT_EQ(test, 0, devmap_segment_add_spare(seg));
	down_write(&seg->lock);
	a = devmap_segment_take_spare(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 1);
	b = devmap_segment_take_spare(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 0);
	up_write(&seg->lock);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&seg->spares));
	devmap_handle_free(a);
	devmap_handle_free(b);
}

static void vmas_are_counted(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);

	devmap_segment_add_vma(seg);
	devmap_segment_add_vma(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_vmas, 2);
	devmap_segment_del_vma(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_vmas, 1);
}

static void spares_go_with_vmas(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);
	int i;

	seg->nr_vmas = 4;
	for (i = 0; i < 6; i++)
		KUNIT_ASSERT_EQ(test, 0, devmap_segment_add_spare(seg));
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 6);
	devmap_segment_del_vma(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 3);
	devmap_segment_del_vma(seg);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 2);
}

static void segment_goes_with_last_vma(struct kunit *test)
{
	struct testdev *td = test->priv;
	long segments = testdev_stat(DEVMAP_STAT_SEGMENTS);
	struct devmap_segment *seg = testdev_segment(td, 10, 8);

	testdev_handle(td, seg, 10, 8)->pvtp = (void *)9;
	devmap_segment_add_vma(seg);
	testdev_segment_gone(td, seg);
	devmap_segment_del_vma(seg);
	testdev_expect(td, "unmap 10+8 #9");
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments);
}

static void unmap_of_all_tells_every_handle(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *a = testdev_segment(td, 10, 8);
	struct devmap_segment *b = testdev_segment(td, 30, 2);

	testdev_handle(td, a, 10, 4)->pvtp = (void *)1;
	testdev_handle(td, a, 14, 4)->pvtp = (void *)2;
	testdev_handle(td, b, 30, 2)->pvtp = (void *)3;
	testdev_show(td, a, 10, 8);
	a->nr_vmas = 1;
	devmap_segments_unmap(td->dip);
	testdev_expect(td, "unmap 30+2 #3; unmap 10+4 #1; unmap 14+4 #2");
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&a->handles));
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&b->handles));
	/* The VMAs are still there, and the segment with them. */
	KUNIT_EXPECT_EQ(test, refcount_read(&a->refs), 1);
	KUNIT_EXPECT_EQ(test, a->nr_vmas, 1);
	KUNIT_EXPECT_TRUE(test, list_is_first(&a->link, &td->dip->segs) ||
			  list_is_last(&a->link, &td->dip->segs));
	KUNIT_EXPECT_TRUE(test, list_is_first(&b->link, &td->dip->segs) ||
			  list_is_last(&b->link, &td->dip->segs));
}

static void segment_may_go_after_unmap_of_all(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *a = testdev_segment(td, 10, 8);
	struct devmap_segment *b = testdev_segment(td, 30, 2);

	testdev_segment_gone(td, a);
	testdev_handle(td, a, 10, 8);
	testdev_handle(td, b, 30, 2);
	devmap_segments_unmap(td->dip);
	testdev_forget(td);
	devmap_segment_add_vma(a);
	devmap_segment_del_vma(a);
	testdev_expect(td, "");
	KUNIT_EXPECT_NULL(test, devmap_handles_first(&b->handles));
}

/**
 * struct closer - a process that unmaps its segment while the device goes
 * @seg: the segment; it has one VMA
 * @started: the thread runs
 * @done: it has closed the VMA
 */
struct closer {
	struct devmap_segment *seg;
	struct completion started;
	struct completion done;
};

static struct closer the_closer;

static int close_segment(void *unused)
{
	complete(&the_closer.started);
	devmap_segment_del_vma(the_closer.seg);
	complete(&the_closer.done);
	return 0;
}

static void start_closer(struct testdev *td, struct devmap_handle *h)
{
	struct task_struct *task = kthread_run(close_segment, NULL, "closer");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(td->test, task);
	wait_for_completion(&the_closer.started);
	/* Time for it to wait for the segment lock. */
	msleep(20);
	KUNIT_EXPECT_FALSE(td->test, completion_done(&the_closer.done));
}

static void unmap_of_all_outlives_its_segment(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg = testdev_segment(td, 10, 8);

	testdev_handle(td, seg, 10, 8);
	seg->nr_vmas = 1;
	testdev_segment_gone(td, seg);
	the_closer.seg = seg;
	init_completion(&the_closer.started);
	init_completion(&the_closer.done);
	td->before_unmapped = start_closer;
	devmap_segments_unmap(td->dip);
	wait_for_completion(&the_closer.done);
	testdev_expect(td, "unmap 10+8 #0");
}

static int drain_segments(void *dip)
{
	complete(&the_closer.started);
	devmap_segments_drain(dip);
	complete(&the_closer.done);
	return 0;
}

/* A fault is under way in the second of three mappings. */
static void drain_waits_for_faults(struct kunit *test)
{
	struct testdev *td = test->priv;
	struct devmap_segment *seg;
	struct task_struct *task;

	testdev_segment(td, 10, 8);
	seg = testdev_segment(td, 30, 2);
	testdev_segment(td, 40, 2);
	init_completion(&the_closer.started);
	init_completion(&the_closer.done);

	down_read(&seg->lock);
	task = kthread_run(drain_segments, td->dip, "drain");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_for_completion(&the_closer.started);
	msleep(20);
	KUNIT_EXPECT_FALSE(test, completion_done(&the_closer.done));
	up_read(&seg->lock);
	wait_for_completion(&the_closer.done);
	KUNIT_EXPECT_FALSE(test, list_empty(&td->dip->segs));
}

/**
 * struct vma_model - the VMAs of one segment, as Linux would have them
 * @td: the device
 * @seg: the segment
 * @rnd: random numbers
 * @vmas: what is mapped; NULL where there is none any more
 * @nr: how many @vmas there ever were
 */
struct vma_model {
	struct testdev *td;
	struct devmap_segment *seg;
	struct rnd_state rnd;
	struct vm_area_struct *vmas[MAX_VMAS];
	int nr;
};

static unsigned long first_of(const struct vma_model *m, int i)
{
	return devmap_segment_page(m->seg, m->vmas[i]->vm_pgoff);
}

static unsigned long end_of(const struct vma_model *m, int i)
{
	return first_of(m, i) + vma_pages(m->vmas[i]);
}

static void model_add(struct vma_model *m, unsigned long first,
		      unsigned long end)
{
	KUNIT_ASSERT_LT(m->td->test, m->nr, MAX_VMAS);
	m->vmas[m->nr++] = testdev_show(m->td, m->seg, first, end - first);
}

/* What split_vma() does: ask, then open the new one. */
static void model_split_at(struct vma_model *m, unsigned long page)
{
	unsigned long first, end;
	int i;

	for (i = 0; i < m->nr; i++) {
		if (!m->vmas[i] || page <= first_of(m, i) ||
		    page >= end_of(m, i))
			continue;
		KUNIT_ASSERT_EQ(m->td->test, 0,
				devmap_segment_add_spare(m->seg));
		first = first_of(m, i);
		end = end_of(m, i);
		testdev_hide(m->td, m->vmas[i]);
		m->vmas[i] = testdev_show(m->td, m->seg, first, page - first);
		model_add(m, page, end);
		devmap_segment_add_vma(m->seg);
		return;
	}
}

/* All leave the address_space before any is closed. */
static void model_unmap(struct vma_model *m, unsigned long first,
			unsigned long end)
{
	int i, closed = 0;

	model_split_at(m, first);
	model_split_at(m, end);
	for (i = 0; i < m->nr; i++) {
		if (!m->vmas[i] || first_of(m, i) < first || end_of(m, i) > end)
			continue;
		testdev_hide(m->td, m->vmas[i]);
		m->vmas[i] = NULL;
		closed++;
	}
	if (closed && m->seg->nr_vmas == closed)
		testdev_segment_gone(m->td, m->seg);
	while (closed--) {
		bool last = m->seg->nr_vmas == 1;

		devmap_segment_del_vma(m->seg);
		if (last)
			m->seg = NULL;
	}
}

static bool model_shows(const struct vma_model *m, unsigned long page)
{
	int i;

	for (i = 0; i < m->nr; i++) {
		if (m->vmas[i] && page >= first_of(m, i) && page < end_of(m, i))
			return true;
	}
	return false;
}

static void model_compare(struct vma_model *m)
{
	struct kunit *test = m->td->test;
	unsigned long page;

	for (page = 0; page < NR_PAGES; page++)
		KUNIT_ASSERT_EQ_MSG(test, model_shows(m, page),
				    !!devmap_handles_find(&m->seg->handles, page),
				    "page %lu", page);
	KUNIT_ASSERT_LE(test, m->seg->nr_spares, m->seg->nr_vmas + 2);
}

static void random_holes(struct vma_model *m)
{
	unsigned long a, b;
	int i;

	m->seg = testdev_segment(m->td, 0, NR_PAGES);
	m->nr = 0;
	testdev_handle(m->td, m->seg, 0, 13);
	testdev_handle(m->td, m->seg, 13, 1);
	testdev_handle(m->td, m->seg, 14, NR_PAGES - 14);
	model_add(m, 0, NR_PAGES);
	devmap_segment_add_vma(m->seg);

	/* First mprotect(2) here and there, which splits and unmaps nothing. */
	for (i = prandom_u32_state(&m->rnd) % 4; i; i--) {
		model_split_at(m, prandom_u32_state(&m->rnd) % NR_PAGES);
		model_compare(m);
	}
	for (i = 0; i < 12 && m->seg; i++) {
		a = prandom_u32_state(&m->rnd) % NR_PAGES;
		b = a + 1 + prandom_u32_state(&m->rnd) % 4;
		model_unmap(m, a, min_t(unsigned long, b, NR_PAGES));
		if (m->seg)
			model_compare(m);
		testdev_forget(m->td);
	}
	if (m->seg)
		model_unmap(m, 0, NR_PAGES);
	KUNIT_ASSERT_NULL(m->td->test, m->seg);
}

/* The argument at devmap_segment_add_spare(). */
static void spares_suffice_for_any_holes(struct kunit *test)
{
	struct vma_model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->td = test->priv;
	prandom_seed_state(&m->rnd, RANDOM_SEED);
	for (i = 0; i < NR_ROUNDS; i++)
		random_holes(m);
}

static struct kunit_case segment_cases[] = {
	KUNIT_CASE(create_fills_in_segment),
	KUNIT_CASE(create_and_destroy_are_counted),
	KUNIT_CASE(create_fails_without_window),
	KUNIT_CASE(page_offset_and_page_are_inverse),
	KUNIT_CASE(segments_have_windows_of_their_own),
	KUNIT_CASE(destroy_frees_handles_without_a_word),
	KUNIT_CASE(segment_keeps_instance),
	KUNIT_CASE(fork_shares_window),
	KUNIT_CASE(fork_copies_what_mmap_said),
	KUNIT_CASE(fork_duplicates_handles),
	KUNIT_CASE(fork_is_told_once_per_child),
	KUNIT_CASE(fork_that_driver_refuses),
	KUNIT_CASE(fork_of_device_that_has_gone),
	KUNIT_CASE(window_goes_with_last_relative),
	KUNIT_CASE(parent_is_not_found_after_it_went),
	KUNIT_CASE(spares_are_limited_by_vmas),
	KUNIT_CASE(spare_is_taken_out),
	KUNIT_CASE(vmas_are_counted),
	KUNIT_CASE(spares_go_with_vmas),
	KUNIT_CASE(segment_goes_with_last_vma),
	KUNIT_CASE(unmap_of_all_tells_every_handle),
	KUNIT_CASE(segment_may_go_after_unmap_of_all),
	KUNIT_CASE(unmap_of_all_outlives_its_segment),
	KUNIT_CASE(drain_waits_for_faults),
	KUNIT_CASE(spares_suffice_for_any_holes),
	{}
};

static struct kunit_suite segment_suite = {
	.name = "devmap_segment",
	.init = segment_init,
	.test_cases = segment_cases,
};

kunit_test_suite(segment_suite);
