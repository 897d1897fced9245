// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_misuse: what the kernel's log has of a driver that makes the same
 * mistake again and again: one line, with the function's name.
 */
#define _KERNEL

#include <linux/kmsg_dump.h>
#include <linux/string.h>

#include "ddi.h"
#include "testdev.h"

#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/sunddi.h>

#define OFTEN	3

/**
 * struct log - the kernel's log, from where one has begun to read
 * @iter: how far it was read
 * @line: the last line that was read
 */
struct log {
	struct kmsg_dump_iter iter;
	char line[512];
};

static bool read_line(struct log *log)
{
	size_t len;

	if (!kmsg_dump_get_line(&log->iter, false, log->line,
				sizeof(log->line) - 1, &len))
		return false;
	log->line[len] = '\0';
	return true;
}

static struct log *log_from_now_on(struct kunit *test)
{
	struct log *log = kunit_kzalloc(test, sizeof(*log), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, log);
	kmsg_dump_rewind(&log->iter);
	while (read_line(log))
		;
	return log;
}

/* Mistakes that were told since then: of this function, and of no other. */
static void expect_told(struct kunit *test, struct log *log,
			const char *function)
{
	int told = 0, others = 0;

	/* What KUnit has to say is in the log as well: so not while reading. */
	while (read_line(log)) {
		if (!strstr(log->line, "devmap: misuse: "))
			continue;
		if (strstr(log->line, function))
			told++;
		else
			others++;
	}
	KUNIT_EXPECT_EQ(test, told, IS_ENABLED(CONFIG_DEVMAP_DEBUG) ? 1 : 0);
	KUNIT_EXPECT_EQ(test, others, 0);
}

/*
 * A place of the driver that makes a mistake is where it calls from: one, however
 * the compiler thinks of loops and of calls in the end.
 */
static noinline void enter(kmutex_t *lock)
{
	mutex_enter(lock);
	barrier();
}

static void mutex_entered_twice(struct kunit *test)
{
	struct log *log;
	kmutex_t lock;
	int i;

	mutex_init(&lock, NULL, MUTEX_DRIVER, NULL);
	log = log_from_now_on(test);
	mutex_enter(&lock);
	for (i = 0; i < OFTEN; i++)
		enter(&lock);
	expect_told(test, log, "mutex_enter(9F)");

	/* As often as it was entered. */
	for (i = 0; i < OFTEN; i++)
		mutex_exit(&lock);
	KUNIT_EXPECT_TRUE(test, MUTEX_HELD(&lock));
	mutex_exit(&lock);
	KUNIT_EXPECT_FALSE(test, MUTEX_HELD(&lock));
	mutex_destroy(&lock);
}

static noinline void free_memory(void *buf, size_t size)
{
	kmem_free(buf, size);
	barrier();
}

static void memory_freed_with_wrong_size(struct kunit *test)
{
	struct log *log = log_from_now_on(test);
	int i;

	for (i = 0; i < OFTEN; i++)
		free_memory(kmem_alloc(100, KM_SLEEP), 100 + i + 1);
	expect_told(test, log, "kmem_free(9F)");
}

static noinline void free_item(void *state, int item)
{
	ddi_soft_state_free(state, item);
	barrier();
}

static void soft_state_freed_twice(struct kunit *test)
{
	struct log *log;
	void *state;
	int i;

	KUNIT_ASSERT_EQ(test, 0, ddi_soft_state_init(&state, 100, 1));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 3));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 4));
	log = log_from_now_on(test);
	for (i = 0; i < 1 + OFTEN; i++)
		free_item(state, 3);
	expect_told(test, log, "ddi_soft_state_free(9F)");
	KUNIT_EXPECT_NOT_NULL(test, ddi_get_soft_state(state, 4));
	ddi_soft_state_fini(&state);
}

static noinline int load(struct devmap_handle *h)
{
	int err = devmap_load(h, 0, 0, DEVMAP_ACCESS, DEVMAP_READ);

	barrier();
	return err;
}

static void devmap_load_outside_of_access(struct kunit *test)
{
	struct testdev *td = testdev_create(test);
	struct devmap_segment *seg;
	struct devmap_handle *h;
	struct log *log;
	int i;

	testdev_open(td);
	seg = testdev_segment(td, 10, 4);
	h = testdev_handle(td, seg, 10, 4);
	log = log_from_now_on(test);
	for (i = 0; i < OFTEN; i++)
		KUNIT_EXPECT_NE(test, 0, load(h));
	expect_told(test, log, "devmap_load(9F)");
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE(mutex_entered_twice),
	KUNIT_CASE(memory_freed_with_wrong_size),
	KUNIT_CASE(soft_state_freed_twice),
	KUNIT_CASE(devmap_load_outside_of_access),
	{}
};

static struct kunit_suite misuse_suite = {
	.name = "devmap_misuse",
	.test_cases = misuse_cases,
};

kunit_test_suite(misuse_suite);
