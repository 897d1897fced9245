// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_mutex: mutex(9F). */
#define _KERNEL

#include <linux/slab.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/mutex.h>

#define NR_THREADS	4

/**
 * struct shared - what threads have in common
 * @lock: the mutex
 * @turns: how often each has its turn
 * @count: turns so far, of all; @lock
 * @inside: how many hold @lock; @lock
 * @most: the most there ever were; @lock
 * @result: of what a thread was asked
 */
struct shared {
	kmutex_t lock;
	unsigned int turns;
	unsigned int count;
	int inside;
	int most;
	int result;
};

static int mutex_suite_init(struct kunit *test)
{
	struct shared *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	mutex_init(&s->lock, "devmap_kunit", MUTEX_DRIVER, NULL);
	test->priv = s;
	return 0;
}

static void mutex_suite_exit(struct kunit *test)
{
	struct shared *s = test->priv;

	/* Some tests have destroyed it. */
	if (s && s->lock.kmutex_opaque[0])
		mutex_destroy(&s->lock);
}

static void ask_owned(void *arg)
{
	struct shared *s = arg;

	s->result = mutex_owned(&s->lock);
}

static void try(void *arg)
{
	struct shared *s = arg;

	s->result = mutex_tryenter(&s->lock);
	if (s->result)
		mutex_exit(&s->lock);
}

static void owner_is_known(struct kunit *test)
{
	struct shared *s = test->priv;

	KUNIT_EXPECT_FALSE(test, mutex_owned(&s->lock));
	KUNIT_EXPECT_TRUE(test, MUTEX_NOT_HELD(&s->lock));
	KUNIT_EXPECT_NULL(test, mutex_owner(&s->lock));
	mutex_enter(&s->lock);
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	KUNIT_EXPECT_TRUE(test, MUTEX_HELD(&s->lock));
	KUNIT_EXPECT_PTR_EQ(test, (void *)mutex_owner(&s->lock),
			    (void *)current);
	helper_run(test, ask_owned, s);
	KUNIT_EXPECT_FALSE(test, s->result);
	mutex_exit(&s->lock);
	KUNIT_EXPECT_FALSE(test, mutex_owned(&s->lock));
}

static void tryenter_does_not_wait(struct kunit *test)
{
	struct shared *s = test->priv;

	KUNIT_EXPECT_NE(test, 0, mutex_tryenter(&s->lock));
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	KUNIT_EXPECT_EQ(test, 0, mutex_tryenter(&s->lock));
	helper_run(test, try, s);
	KUNIT_EXPECT_EQ(test, 0, s->result);
	mutex_exit(&s->lock);
	helper_run(test, try, s);
	KUNIT_EXPECT_NE(test, 0, s->result);
}

static void take_turns(void *arg)
{
	struct shared *s = arg;
	unsigned int i;

	for (i = 0; i < s->turns; i++) {
		mutex_enter(&s->lock);
		s->inside++;
		s->most = max(s->most, s->inside);
		s->count++;
		if (!(i % 16))
			cond_resched();
		s->inside--;
		mutex_exit(&s->lock);
	}
}

static void one_at_a_time(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper helpers[NR_THREADS];
	int i;

	s->turns = 5000;
	for (i = 0; i < NR_THREADS; i++)
		helper_start(test, &helpers[i], take_turns, s);
	for (i = 0; i < NR_THREADS; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_EQ(test, s->count, NR_THREADS * s->turns);
	KUNIT_EXPECT_EQ(test, s->most, 1);
}

static void may_be_destroyed_by_its_owner(struct kunit *test)
{
	struct shared *s = test->priv;

	mutex_enter(&s->lock);
	EXPECT_NO_MISUSE(test, mutex_destroy(&s->lock));
	mutex_init(&s->lock, NULL, MUTEX_DRIVER, NULL);
	helper_run(test, try, s);
	KUNIT_EXPECT_NE(test, 0, s->result);
}

/**
 * struct object - goes with the last one that is done with it
 * @lock: protects @refs
 * @refs: how many are not; @lock
 */
struct object {
	kmutex_t lock;
	int refs;
};

/**
 * struct objects - one after the other
 * @nr: how many
 * @object: they
 */
struct objects {
	unsigned int nr;
	struct object *object[];
};

static void drop_object(struct object *o)
{
	bool last;

	mutex_enter(&o->lock);
	last = !--o->refs;
	mutex_exit(&o->lock);
	if (!last)
		return;
	mutex_destroy(&o->lock);
	/* For kernels that do not watch who uses freed memory. */
	memset(o, 0x6b, sizeof(*o));
	kfree(o);
}

static void drop_all(void *arg)
{
	struct objects *all = arg;
	unsigned int i;

	for (i = 0; i < all->nr; i++)
		drop_object(all->object[i]);
}

static void may_be_freed_by_the_last(struct kunit *test)
{
	const unsigned int nr = 3000;
	struct helper helpers[NR_THREADS];
	struct objects *all;
	unsigned int i;

	all = kunit_kzalloc(test, struct_size(all, object, nr), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (; all->nr < nr; all->nr++) {
		struct object *o = kmalloc(sizeof(*o),
					   GFP_KERNEL | __GFP_NOFAIL);

		mutex_init(&o->lock, NULL, MUTEX_DRIVER, NULL);
		o->refs = NR_THREADS;
		all->object[all->nr] = o;
	}

	for (i = 0; i < NR_THREADS; i++)
		helper_start(test, &helpers[i], drop_all, all);
	for (i = 0; i < NR_THREADS; i++)
		helper_wait(test, &helpers[i]);
}

static void twice_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	mutex_enter(&s->lock);
	EXPECT_MISUSE(test, mutex_enter(&s->lock));
	mutex_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	mutex_exit(&s->lock);
	KUNIT_EXPECT_FALSE(test, mutex_owned(&s->lock));
}

static void exit_wrongly(void *arg)
{
	struct shared *s = arg;

	mutex_exit(&s->lock);
}

static void destroy_wrongly(void *arg)
{
	struct shared *s = arg;

	mutex_destroy(&s->lock);
}

static void exit_of_others_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	EXPECT_MISUSE(test, mutex_exit(&s->lock));
	mutex_enter(&s->lock);
	EXPECT_MISUSE(test, helper_run(test, exit_wrongly, s));
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	helper_run(test, try, s);
	KUNIT_EXPECT_EQ(test, 0, s->result);
	mutex_exit(&s->lock);
}

static void destroy_of_others_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	mutex_enter(&s->lock);
	EXPECT_MISUSE(test, helper_run(test, destroy_wrongly, s));
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	mutex_exit(&s->lock);
}

static void destroy_twice_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	mutex_destroy(&s->lock);
	EXPECT_MISUSE(test, mutex_destroy(&s->lock));
	mutex_init(&s->lock, NULL, MUTEX_DRIVER, NULL);
}

/* On Solaris it works. */
static void zeroes_are_told_and_work(struct kunit *test)
{
	struct shared *s = test->priv;

	mutex_destroy(&s->lock);
	memset(&s->lock, 0, sizeof(s->lock));
	KUNIT_EXPECT_FALSE(test, mutex_owned(&s->lock));
	EXPECT_MISUSE(test, mutex_enter(&s->lock));
	KUNIT_EXPECT_TRUE(test, mutex_owned(&s->lock));
	helper_run(test, try, s);
	KUNIT_EXPECT_EQ(test, 0, s->result);
	EXPECT_NO_MISUSE(test, mutex_exit(&s->lock));
}

static struct kunit_case mutex_cases[] = {
	KUNIT_CASE(owner_is_known),
	KUNIT_CASE(tryenter_does_not_wait),
	KUNIT_CASE(one_at_a_time),
	KUNIT_CASE(may_be_destroyed_by_its_owner),
	KUNIT_CASE(may_be_freed_by_the_last),
	KUNIT_CASE(twice_is_told),
	KUNIT_CASE(exit_of_others_is_told),
	KUNIT_CASE(destroy_of_others_is_told),
	KUNIT_CASE(destroy_twice_is_told),
	KUNIT_CASE(zeroes_are_told_and_work),
	{}
};

static struct kunit_suite mutex_suite = {
	.name = "devmap_mutex",
	.init = mutex_suite_init,
	.exit = mutex_suite_exit,
	.test_cases = mutex_cases,
};

kunit_test_suite(mutex_suite);
