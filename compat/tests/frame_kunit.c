// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_frame: what the current task is doing for the layer. */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/kthread.h>
#include <linux/mm_types.h>
#include <sys/types.h>

#include "../devmap/frame.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "../linux/kunit.h"
#include "testvm.h"

#define NR_FRAMES	10
/* One of 64 hashes like the case does: all others would be a wonder. */
#define MOST_TASKS	2000

/**
 * struct frame_fixture - what the cases start with: pointers that are only compared
 * @dip: an instance
 * @win: a window of it
 * @seg: a segment of it
 * @mm: an address space
 * @other_mm: another one
 */
struct frame_fixture {
	struct dev_info dip;
	struct devmap_window win;
	struct devmap_segment seg;
	struct mm_struct *mm;
	struct mm_struct *other_mm;
};

static int frame_init(struct kunit *test)
{
	struct frame_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->win.dip = &f->dip;
	f->seg.win = &f->win;
	f->mm = (struct mm_struct *)&f->mm;
	f->other_mm = (struct mm_struct *)&f->other_mm;
	test->priv = f;
	return 0;
}

/* To be popped by the case; none of its checks ends it before. */
static struct devmap_frame *push(struct kunit *test,
				 const struct devmap_frame *like)
{
	struct devmap_frame *frame;

	frame = kunit_kzalloc(test, sizeof(*frame), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	*frame = *like;
	devmap_frame_push(frame);
	return frame;
}

static struct devmap_frame *push_mmap(struct kunit *test)
{
	struct frame_fixture *f = test->priv;

	return push(test, &(struct devmap_frame){
		.mm = f->mm, .dip = &f->dip,
	});
}

static struct devmap_frame *push_access(struct kunit *test,
					struct mm_struct *mm)
{
	struct frame_fixture *f = test->priv;

	return push(test, &(struct devmap_frame){
		.mm = mm, .seg = &f->seg,
	});
}

static struct devmap_frame *push_model(struct kunit *test, uint_t model)
{
	struct frame_fixture *f = test->priv;

	return push(test, &(struct devmap_frame){
		.mm = f->mm, .model = model,
	});
}

static void expect_none(struct kunit *test)
{
	struct frame_fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, devmap_frame_of_mmap());
	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(f->mm));
	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(NULL));
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), 0);
}

static void no_frame_at_first(struct kunit *test)
{
	expect_none(test);
}

static void frame_knows_its_task(struct kunit *test)
{
	struct devmap_frame *frame = push_mmap(test);

	KUNIT_EXPECT_PTR_EQ(test, frame->task, current);
	devmap_frame_pop(frame);
}

static void mmap_is_no_access(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *frame = push_mmap(test);

	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), frame);
	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(f->mm));
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), 0);
	devmap_frame_pop(frame);
	expect_none(test);
}

static void access_is_no_mmap(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *frame = push_access(test, f->mm);

	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), frame);
	KUNIT_EXPECT_NULL(test, devmap_frame_of_mmap());
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), 0);
	devmap_frame_pop(frame);
	expect_none(test);
}

static void access_is_of_one_address_space(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *frame = push_access(test, f->mm);

	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(f->other_mm));
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(NULL), frame);
	devmap_frame_pop(frame);
}

static void innermost_access_counts(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *outer = push_access(test, f->mm);
	struct devmap_frame *inner = push_access(test, f->mm);

	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), inner);
	devmap_frame_pop(inner);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), outer);
	devmap_frame_pop(outer);
}

/* A driver that touches user memory may fault in another device's mapping. */
static void frames_of_several_kinds_nest(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *mmap = push_mmap(test);
	struct devmap_frame *other = push_access(test, f->other_mm);
	struct devmap_frame *access = push_access(test, f->mm);

	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), access);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->other_mm), other);
	devmap_frame_pop(access);
	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(f->mm));
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->other_mm), other);
	devmap_frame_pop(other);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	devmap_frame_pop(mmap);
	expect_none(test);
}

static void model_is_of_innermost_frame(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *lp64 = push_model(test, DDI_MODEL_LP64);
	struct devmap_frame *ilp32;

	KUNIT_EXPECT_EQ(test, devmap_frame_model(), DDI_MODEL_LP64);
	ilp32 = push_model(test, DDI_MODEL_ILP32);
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), DDI_MODEL_ILP32);
	devmap_frame_pop(ilp32);
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), DDI_MODEL_LP64);

	/* In devmap_access(9E) below mmap(9E), it is not mmap(9E). */
	ilp32 = push_access(test, f->mm);
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), 0);
	devmap_frame_pop(ilp32);
	devmap_frame_pop(lp64);
}

static void model_is_neither_mmap_nor_access(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *mmap = push_mmap(test);
	struct devmap_frame *frame = push_model(test, DDI_MODEL_LP64);

	KUNIT_EXPECT_NULL(test, devmap_frame_of_access(f->mm));
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	devmap_frame_pop(frame);
	devmap_frame_pop(mmap);
}

/**
 * struct other_task - a task with frames of its own
 * @test: the case
 * @pushed: it has all of them
 * @checked: the case has looked
 * @done: it has none any more
 */
struct other_task {
	struct kunit *test;
	struct completion pushed;
	struct completion checked;
	struct completion done;
};

static int hold_frames(void *arg)
{
	struct other_task *other = arg;
	struct kunit *test = other->test;
	struct frame_fixture *f = test->priv;
	struct devmap_frame mmap = { .mm = f->mm, .dip = &f->dip };
	struct devmap_frame access = { .mm = f->mm, .seg = &f->seg };
	struct devmap_frame model = { .mm = f->mm, .model = DDI_MODEL_LP64 };

	expect_none(test);
	devmap_frame_push(&mmap);
	devmap_frame_push(&access);
	devmap_frame_push(&model);
	complete(&other->pushed);
	wait_for_completion(&other->checked);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), &mmap);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), &access);
	KUNIT_EXPECT_EQ(test, devmap_frame_model(), DDI_MODEL_LP64);
	devmap_frame_pop(&model);
	devmap_frame_pop(&access);
	devmap_frame_pop(&mmap);
	complete(&other->done);
	return 0;
}

/* More tasks than there are buckets, so that some share one with the case. */
static void frames_are_of_one_task(struct kunit *test)
{
	const int nr = 100;
	struct frame_fixture *f = test->priv;
	struct devmap_frame *mine;
	struct other_task *others;
	int i;

	others = kunit_kcalloc(test, nr, sizeof(*others), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, others);
	for (i = 0; i < nr; i++) {
		others[i].test = test;
		init_completion(&others[i].pushed);
		init_completion(&others[i].checked);
		init_completion(&others[i].done);
		if (IS_ERR(kthread_run(hold_frames, &others[i], "frames"))) {
			KUNIT_FAIL(test, "no thread");
			complete(&others[i].pushed);
			complete(&others[i].done);
		}
		wait_for_completion(&others[i].pushed);
	}

	expect_none(test);
	mine = push_access(test, f->mm);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), mine);
	KUNIT_EXPECT_NULL(test, devmap_frame_of_mmap());
	devmap_frame_pop(mine);

	for (i = 0; i < nr; i++)
		complete(&others[i].checked);
	for (i = 0; i < nr; i++)
		wait_for_completion(&others[i].done);
	expect_none(test);
}

static unsigned int hash_of(const struct task_struct *task)
{
	return hash_ptr(task, DEVMAP_FRAME_BITS);
}

static int hold_frame(void *arg)
{
	struct other_task *other = arg;
	struct frame_fixture *f = other->test->priv;
	struct devmap_frame mmap = { .mm = f->other_mm, .dip = &f->dip };

	devmap_frame_push(&mmap);
	complete(&other->pushed);
	wait_for_completion(&other->checked);
	KUNIT_EXPECT_PTR_EQ(other->test, devmap_frame_of_mmap(), &mmap);
	devmap_frame_pop(&mmap);
	complete(&other->done);
	return 0;
}

/* Starts hold_frame() in a task whose frames are kept where the case's are. */
static bool start_neighbour(struct other_task *other)
{
	struct task_struct **tasks, *task = NULL;
	bool found = false;
	int nr, i;

	init_completion(&other->pushed);
	init_completion(&other->checked);
	init_completion(&other->done);
	tasks = kunit_kcalloc(other->test, MOST_TASKS, sizeof(*tasks),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(other->test, tasks);
	for (nr = 0; nr < MOST_TASKS && !found; nr++) {
		task = kthread_create(hold_frame, other, "neighbour");
		if (IS_ERR(task))
			break;
		tasks[nr] = task;
		found = hash_of(task) == hash_of(current);
	}
	for (i = 0; i < nr; i++) {
		if (!found || tasks[i] != task)
			kthread_stop(tasks[i]);
	}
	if (found) {
		wake_up_process(task);
		wait_for_completion(&other->pushed);
	}
	return found;
}

/*
 * The case's first frame comes while the other task finds its frames without the
 * lock, the second one when nobody does.
 */
static void frame_from_before_is_found(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct other_task *other;
	struct devmap_frame *mmap, *access;

	other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	other->test = test;
	KUNIT_ASSERT_TRUE(test, start_neighbour(other));
	expect_none(test);
	mmap = push_mmap(test);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	complete(&other->checked);
	wait_for_completion(&other->done);

	access = push_access(test, f->mm);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), access);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	devmap_frame_pop(access);
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_mmap(), mmap);
	devmap_frame_pop(mmap);
	expect_none(test);
}

static void frames_go_in_reverse_order(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame *frames[NR_FRAMES];
	int i;

	for (i = 0; i < NR_FRAMES; i++)
		frames[i] = push_access(test, f->mm);
	while (i--) {
		KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm),
				    frames[i]);
		devmap_frame_pop(frames[i]);
	}
	expect_none(test);
}

static bool user_pays(void)
{
	return devmap_frame_gfp_account() == __GFP_ACCOUNT;
}

static void user_pays_unless_driver_does(struct kunit *test)
{
	struct frame_fixture *f = test->priv;
	struct devmap_frame own, *access;

	KUNIT_EXPECT_EQ(test, user_pays(), !!current->mm);
	testvm_create(test);
	KUNIT_EXPECT_TRUE(test, user_pays());
	access = push_access(test, f->mm);
	KUNIT_EXPECT_TRUE(test, user_pays());
	devmap_frame_push_own(&own);
	KUNIT_EXPECT_FALSE(test, user_pays());
	KUNIT_EXPECT_PTR_EQ(test, devmap_frame_of_access(f->mm), access);
	devmap_frame_pop(&own);
	KUNIT_EXPECT_TRUE(test, user_pays());
	devmap_frame_pop(access);
}

static struct kunit_case frame_cases[] = {
	KUNIT_CASE(no_frame_at_first),
	KUNIT_CASE(frame_knows_its_task),
	KUNIT_CASE(mmap_is_no_access),
	KUNIT_CASE(access_is_no_mmap),
	KUNIT_CASE(access_is_of_one_address_space),
	KUNIT_CASE(innermost_access_counts),
	KUNIT_CASE(frames_of_several_kinds_nest),
	KUNIT_CASE(model_is_of_innermost_frame),
	KUNIT_CASE(model_is_neither_mmap_nor_access),
	KUNIT_CASE(frames_are_of_one_task),
	KUNIT_CASE(frame_from_before_is_found),
	KUNIT_CASE(frames_go_in_reverse_order),
	KUNIT_CASE(user_pays_unless_driver_does),
	{}
};

static struct kunit_suite frame_suite = {
	.name = "devmap_frame",
	.init = frame_init,
	.test_cases = frame_cases,
};

kunit_test_suite(frame_suite);
