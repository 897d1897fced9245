// SPDX-License-Identifier: GPL-2.0
/* Frames: see frame.h. */

#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "../linux/kunit.h"
#include "frame.h"
#include "instance.h"
#include "segment.h"

/**
 * struct frame_bucket - frames of the tasks that hash to it
 * @lock: protects @frames; leaf
 * @frames: innermost first
 * @owner: a task that finds frames of its own without the lock, or NULL; written
 *	with it
 * @top: of these the innermost; @owner's
 */
struct frame_bucket {
	spinlock_t lock;
	struct hlist_head frames;
	struct task_struct *owner;
	struct devmap_frame *top;
} ____cacheline_aligned_in_smp;

static struct frame_bucket buckets[1 << DEVMAP_FRAME_BITS] = {
	[0 ... (1 << DEVMAP_FRAME_BITS) - 1] = {
		.lock = __SPIN_LOCK_UNLOCKED(buckets.lock),
	},
};

static struct frame_bucket *bucket_of(const struct task_struct *task)
{
	return &buckets[hash_ptr(task, DEVMAP_FRAME_BITS)];
}

/**
 * devmap_frame_push() - announce a frame of the current task
 * @frame: filled in but for @node and @task
 */
void devmap_frame_push(struct devmap_frame *frame)
{
	struct frame_bucket *bucket = bucket_of(current);

	frame->task = current;
	spin_lock(&bucket->lock);
	hlist_add_head(&frame->node, &bucket->frames);
	if (!bucket->owner || bucket->owner == current) {
		frame->outer = bucket->owner ? bucket->top : NULL;
		bucket->top = frame;
		WRITE_ONCE(bucket->owner, current);
	}
	spin_unlock(&bucket->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_push);

/**
 * devmap_frame_pop() - withdraw it
 * @frame: the innermost frame of the current task
 */
void devmap_frame_pop(struct devmap_frame *frame)
{
	struct frame_bucket *bucket = bucket_of(current);

	spin_lock(&bucket->lock);
	hlist_del(&frame->node);
	if (bucket->owner == current) {
		bucket->top = frame->outer;
		if (!bucket->top)
			WRITE_ONCE(bucket->owner, NULL);
	}
	spin_unlock(&bucket->lock);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_pop);

/**
 * devmap_frame_push_own() - announce that a driver goes about its own business
 * @frame: not filled in
 *
 * What the driver allocates until devmap_frame_pop() is not paid by the process that
 * has a module loaded or a device bound.
 */
void devmap_frame_push_own(struct devmap_frame *frame)
{
	*frame = (struct devmap_frame){ .entry = true, .own = true };
	devmap_frame_push(frame);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_push_own);

/**
 * devmap_frame_gfp_account() - who pays for what the current task allocates?
 *
 * What a driver in Solaris style allocates in a system call or a fault, the user has
 * had it allocate, as often as he likes: it is charged to his memory control group.
 *
 * Context: Any.
 * Return: __GFP_ACCOUNT, or 0 if it is nobody's in particular.
 */
gfp_t devmap_frame_gfp_account(void)
{
	struct frame_bucket *bucket;
	struct devmap_frame *frame;
	bool own = false;

	if (!in_task() || !current->mm)
		return 0;

	bucket = bucket_of(current);
	spin_lock(&bucket->lock);
	hlist_for_each_entry(frame, &bucket->frames, node)
		own |= frame->task == current && frame->own;
	spin_unlock(&bucket->lock);
	return own ? 0 : __GFP_ACCOUNT;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_gfp_account);

static bool is_of(const struct devmap_frame *frame, bool mmap,
		  const struct mm_struct *mm)
{
	return !frame->model && !frame->entry && !!frame->dip == mmap &&
	       (!mm || frame->mm == mm);
}

static struct devmap_frame *find(bool mmap, struct mm_struct *mm)
{
	struct frame_bucket *bucket = bucket_of(current);
	struct devmap_frame *frame;

	/* Nobody else changes that, and few have frames at the same time. */
	if (READ_ONCE(bucket->owner) == current) {
		for (frame = bucket->top; frame; frame = frame->outer) {
			if (is_of(frame, mmap, mm))
				return frame;
		}
	}

	/* It may have frames from before it became the owner. */
	spin_lock(&bucket->lock);
	hlist_for_each_entry(frame, &bucket->frames, node) {
		if (frame->task == current && is_of(frame, mmap, mm))
			break;
	}
	spin_unlock(&bucket->lock);
	return frame;
}

/**
 * devmap_frame_of_mmap() - the mmap(2) the current task is in
 *
 * Return: its frame, or NULL outside of the driver's segmap(9E).
 */
struct devmap_frame *devmap_frame_of_mmap(void)
{
	return find(true, NULL);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_of_mmap);

/**
 * devmap_frame_of_access() - the devmap_access(9E) the current task is in
 * @mm: for a fault in this address space
 *
 * Return: its frame, or NULL outside of such a call.
 */
struct devmap_frame *devmap_frame_of_access(struct mm_struct *mm)
{
	return find(false, mm);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_of_access);

/**
 * devmap_frame_model() - the mmap(9E) the current task is in
 *
 * Return: the data model it is for, or 0 outside of such a call.
 */
uint_t devmap_frame_model(void)
{
	struct frame_bucket *bucket = bucket_of(current);
	struct devmap_frame *frame;
	uint_t model = 0;

	spin_lock(&bucket->lock);
	hlist_for_each_entry(frame, &bucket->frames, node) {
		if (frame->task == current) {
			model = frame->model;
			break;
		}
	}
	spin_unlock(&bucket->lock);
	return model;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_frame_model);

static bool sleeps_interruptibly(const struct task_struct *task)
{
	return READ_ONCE(task->__state) & TASK_INTERRUPTIBLE;
}

static struct dev_info *instance_of(const struct devmap_frame *frame)
{
	if (frame->dip)
		return frame->dip;
	return frame->seg ? frame->seg->win->dip : NULL;
}

/**
 * devmap_frame_is_gone() - should the current task stop waiting?
 *
 * What sleeps in a driver in Solaris style and can be interrupted by a signal
 * asks this before it sleeps, its state set: the driver must come out when the
 * device goes.
 *
 * Return: true if the task is in a function of an instance that is out of
 * service.
 */
bool devmap_frame_is_gone(void)
{
	struct frame_bucket *bucket = bucket_of(current);
	struct devmap_frame *frame;
	struct dev_info *dip;
	bool gone = false;

	spin_lock(&bucket->lock);
	hlist_for_each_entry(frame, &bucket->frames, node) {
		if (frame->task != current)
			continue;
		dip = instance_of(frame);
		if (dip && READ_ONCE(dip->gone)) {
			gone = true;
			break;
		}
	}
	spin_unlock(&bucket->lock);
	return gone;
}

/**
 * devmap_frame_wake() - wake all that sleep in functions of an instance
 * @dip: the instance; its &dev_info.gone is set
 *
 * Those who could be interrupted look at devmap_frame_is_gone() and come out.
 */
void devmap_frame_wake(struct dev_info *dip)
{
	struct devmap_frame *frame;
	int i;

	/* Either they see that it is gone, or we see that they sleep. */
	smp_mb();
	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		spin_lock(&buckets[i].lock);
		hlist_for_each_entry(frame, &buckets[i].frames, node) {
			if (instance_of(frame) == dip &&
			    sleeps_interruptibly(frame->task))
				wake_up_process(frame->task);
		}
		spin_unlock(&buckets[i].lock);
	}
}
