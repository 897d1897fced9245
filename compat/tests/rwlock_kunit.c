// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_rwlock: rwlock(9F). */
#define _KERNEL

#include <linux/slab.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/rwlock.h>

#define NR_THREADS	4

/**
 * struct shared - what threads have in common
 * @lock: the lock
 * @turns: how often each has its turn
 * @readers: how many hold @lock as readers
 * @writers: how many hold @lock as writers
 * @most_readers: the most there ever were
 * @bad: there was a writer with others
 * @count: turns of writers so far; @lock
 * @type: how a thread wants @lock
 * @in: it has it
 * @leave: it shall give it up
 * @result: of what a thread was asked
 */
struct shared {
	krwlock_t lock;
	unsigned int turns;
	atomic_t readers;
	atomic_t writers;
	atomic_t most_readers;
	bool bad;
	unsigned int count;
	krw_t type;
	bool in;
	bool leave;
	int result;
};

static int rwlock_suite_init(struct kunit *test)
{
	struct shared *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	rw_init(&s->lock, NULL, RW_DRIVER, NULL);
	test->priv = s;
	return 0;
}

static void rwlock_suite_exit(struct kunit *test)
{
	struct shared *s = test->priv;

	if (s)
		rw_destroy(&s->lock);
}

static void try(void *arg)
{
	struct shared *s = arg;

	s->result = rw_tryenter(&s->lock, s->type);
	if (s->result)
		rw_exit(&s->lock);
}

static bool can(struct kunit *test, krw_t type)
{
	struct shared *s = test->priv;

	s->type = type;
	helper_run(test, try, s);
	return s->result;
}

static void stay(void *arg)
{
	struct shared *s = arg;

	rw_enter(&s->lock, s->type);
	WRITE_ONCE(s->in, true);
	while (!READ_ONCE(s->leave))
		usleep_range(1000, 2000);
	rw_exit(&s->lock);
}

/* Another thread that wants the lock, and maybe gets it. */
static void start_other(struct kunit *test, struct helper *helper, krw_t type)
{
	struct shared *s = test->priv;

	s->type = type;
	s->in = false;
	s->leave = false;
	helper_start(test, helper, stay, s);
	msleep(A_WHILE_MS);
}

static void end_other(struct kunit *test, struct helper *helper)
{
	struct shared *s = test->priv;

	WRITE_ONCE(s->leave, true);
	helper_wait(test, helper);
	KUNIT_EXPECT_TRUE(test, s->in);
}

static void readers_share(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_enter(&s->lock, RW_READER);
	KUNIT_EXPECT_TRUE(test, can(test, RW_READER));
	KUNIT_EXPECT_TRUE(test, can(test, RW_READER_STARVEWRITER));
	KUNIT_EXPECT_FALSE(test, can(test, RW_WRITER));
	rw_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, can(test, RW_WRITER));
}

static void writer_is_alone(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_enter(&s->lock, RW_WRITER);
	KUNIT_EXPECT_FALSE(test, can(test, RW_READER));
	KUNIT_EXPECT_FALSE(test, can(test, RW_READER_STARVEWRITER));
	KUNIT_EXPECT_FALSE(test, can(test, RW_WRITER));
	rw_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, can(test, RW_READER));
}

static void holders_are_known(struct kunit *test)
{
	struct shared *s = test->priv;

	KUNIT_EXPECT_FALSE(test, RW_LOCK_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, RW_READ_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, RW_WRITE_HELD(&s->lock));

	rw_enter(&s->lock, RW_READER);
	KUNIT_EXPECT_NE(test, 0, rw_read_locked(&s->lock));
	KUNIT_EXPECT_TRUE(test, RW_LOCK_HELD(&s->lock));
	KUNIT_EXPECT_TRUE(test, RW_READ_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, RW_WRITE_HELD(&s->lock));
	rw_exit(&s->lock);

	rw_enter(&s->lock, RW_WRITER);
	KUNIT_EXPECT_EQ(test, 0, rw_read_locked(&s->lock));
	KUNIT_EXPECT_TRUE(test, RW_LOCK_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, RW_READ_HELD(&s->lock));
	KUNIT_EXPECT_TRUE(test, RW_WRITE_HELD(&s->lock));
	rw_exit(&s->lock);
}

static void waiting_writer_goes_first(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper writer;

	rw_enter(&s->lock, RW_READER);
	start_other(test, &writer, RW_WRITER);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(s->in));
	KUNIT_EXPECT_FALSE(test, can(test, RW_READER));
	KUNIT_EXPECT_TRUE(test, can(test, RW_READER_STARVEWRITER));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(s->in));
	rw_exit(&s->lock);
	end_other(test, &writer);
}

static void waiting_reader_gets_in(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper reader;

	rw_enter(&s->lock, RW_WRITER);
	start_other(test, &reader, RW_READER);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(s->in));
	rw_exit(&s->lock);
	end_other(test, &reader);
}

static void downgrade_lets_readers_in(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper reader;

	rw_enter(&s->lock, RW_WRITER);
	start_other(test, &reader, RW_READER);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(s->in));
	rw_downgrade(&s->lock);
	end_other(test, &reader);
	KUNIT_EXPECT_TRUE(test, RW_READ_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, can(test, RW_WRITER));
	rw_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, can(test, RW_WRITER));
}

static void upgrade_of_the_only_reader(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_enter(&s->lock, RW_READER);
	KUNIT_EXPECT_NE(test, 0, rw_tryupgrade(&s->lock));
	KUNIT_EXPECT_TRUE(test, RW_WRITE_HELD(&s->lock));
	KUNIT_EXPECT_FALSE(test, can(test, RW_READER));
	rw_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, can(test, RW_WRITER));
}

static void no_upgrade_with_others(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper other;

	rw_enter(&s->lock, RW_READER);
	start_other(test, &other, RW_READER);
	KUNIT_EXPECT_EQ(test, 0, rw_tryupgrade(&s->lock));
	end_other(test, &other);

	start_other(test, &other, RW_WRITER);
	KUNIT_EXPECT_EQ(test, 0, rw_tryupgrade(&s->lock));
	KUNIT_EXPECT_FALSE(test, RW_WRITE_HELD(&s->lock));
	rw_exit(&s->lock);
	end_other(test, &other);
}

static void read_turn(struct shared *s)
{
	int nr;

	rw_enter(&s->lock, RW_READER);
	nr = atomic_inc_return(&s->readers);
	if (atomic_read(&s->writers))
		s->bad = true;
	if (nr > atomic_read(&s->most_readers))
		atomic_set(&s->most_readers, nr);
	cond_resched();
	atomic_dec(&s->readers);
	rw_exit(&s->lock);
}

static void write_turn(struct shared *s)
{
	rw_enter(&s->lock, RW_WRITER);
	if (atomic_inc_return(&s->writers) != 1 || atomic_read(&s->readers))
		s->bad = true;
	s->count++;
	cond_resched();
	atomic_dec(&s->writers);
	rw_exit(&s->lock);
}

static void take_turns(void *arg)
{
	struct shared *s = arg;
	unsigned int i;

	for (i = 0; i < s->turns; i++) {
		read_turn(s);
		write_turn(s);
	}
}

static void many_take_turns(struct kunit *test)
{
	struct shared *s = test->priv;
	struct helper helpers[NR_THREADS];
	int i;

	s->turns = 3000;
	for (i = 0; i < NR_THREADS; i++)
		helper_start(test, &helpers[i], take_turns, s);
	for (i = 0; i < NR_THREADS; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_FALSE(test, s->bad);
	KUNIT_EXPECT_EQ(test, s->count, NR_THREADS * s->turns);
}

/**
 * struct object - goes with the last one that is done with it
 * @lock: protects @refs
 * @refs: how many are not; @lock
 */
struct object {
	krwlock_t lock;
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

static void drop_all(void *arg)
{
	struct objects *all = arg;
	unsigned int i;
	bool last;

	for (i = 0; i < all->nr; i++) {
		struct object *o = all->object[i];

		rw_enter(&o->lock, RW_WRITER);
		last = !--o->refs;
		rw_exit(&o->lock);
		if (!last)
			continue;
		rw_destroy(&o->lock);
		memset(o, 0x6b, sizeof(*o));
		kfree(o);
	}
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

		rw_init(&o->lock, NULL, RW_DRIVER, NULL);
		o->refs = NR_THREADS;
		all->object[all->nr] = o;
	}

	for (i = 0; i < NR_THREADS; i++)
		helper_start(test, &helpers[i], drop_all, all);
	for (i = 0; i < NR_THREADS; i++)
		helper_wait(test, &helpers[i]);
}

static void destroy_of_held_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_enter(&s->lock, RW_READER);
	EXPECT_MISUSE(test, rw_destroy(&s->lock));
	rw_exit(&s->lock);
	rw_enter(&s->lock, RW_WRITER);
	EXPECT_MISUSE(test, rw_destroy(&s->lock));
	rw_exit(&s->lock);
	EXPECT_NO_MISUSE(test, rw_destroy(&s->lock));
	EXPECT_MISUSE(test, rw_destroy(&s->lock));
	rw_init(&s->lock, NULL, RW_DRIVER, NULL);
}

static void exit_without_enter_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	EXPECT_MISUSE(test, rw_exit(&s->lock));
	EXPECT_MISUSE(test, rw_downgrade(&s->lock));
	EXPECT_MISUSE(test, rw_tryupgrade(&s->lock));
	KUNIT_EXPECT_TRUE(test, can(test, RW_WRITER));
}

static void twice_is_told(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_enter(&s->lock, RW_WRITER);
	EXPECT_MISUSE(test, rw_enter(&s->lock, RW_WRITER));
	EXPECT_MISUSE(test, rw_enter(&s->lock, RW_READER));
	rw_exit(&s->lock);
	rw_exit(&s->lock);
	KUNIT_EXPECT_TRUE(test, RW_WRITE_HELD(&s->lock));
	rw_exit(&s->lock);
	KUNIT_EXPECT_FALSE(test, RW_LOCK_HELD(&s->lock));
}

static void zeroes_are_told_and_work(struct kunit *test)
{
	struct shared *s = test->priv;

	rw_destroy(&s->lock);
	memset(&s->lock, 0, sizeof(s->lock));
	EXPECT_MISUSE(test, rw_enter(&s->lock, RW_WRITER));
	KUNIT_EXPECT_FALSE(test, can(test, RW_READER));
	EXPECT_NO_MISUSE(test, rw_exit(&s->lock));
}

static struct kunit_case rwlock_cases[] = {
	KUNIT_CASE(readers_share),
	KUNIT_CASE(writer_is_alone),
	KUNIT_CASE(holders_are_known),
	KUNIT_CASE(waiting_writer_goes_first),
	KUNIT_CASE(waiting_reader_gets_in),
	KUNIT_CASE(downgrade_lets_readers_in),
	KUNIT_CASE(upgrade_of_the_only_reader),
	KUNIT_CASE(no_upgrade_with_others),
	KUNIT_CASE(many_take_turns),
	KUNIT_CASE(may_be_freed_by_the_last),
	KUNIT_CASE(destroy_of_held_is_told),
	KUNIT_CASE(exit_without_enter_is_told),
	KUNIT_CASE(twice_is_told),
	KUNIT_CASE(zeroes_are_told_and_work),
	{}
};

static struct kunit_suite rwlock_suite = {
	.name = "devmap_rwlock",
	.init = rwlock_suite_init,
	.exit = rwlock_suite_exit,
	.test_cases = rwlock_cases,
};

kunit_test_suite(rwlock_suite);
