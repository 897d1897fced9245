// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_kmem: kmem_alloc(9F). */
#define _KERNEL

#include <linux/align.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/kmem.h>

static const size_t sizes[] = {
	1, 7, 8, 100, 4095, 4096, 4097, 65536, 1 << 20, (8 << 20) + 1,
};

static void sleeping_gives_memory(struct kunit *test)
{
	unsigned int i;
	char *buf;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		buf = kmem_alloc(sizes[i], KM_SLEEP);
		KUNIT_ASSERT_NOT_NULL(test, buf);
		memset(buf, 0x5a, sizes[i]);
		EXPECT_NO_MISUSE(test, kmem_free(buf, sizes[i]));
	}
}

static void zalloc_gives_zeroes(struct kunit *test)
{
	unsigned int i, round;
	char *buf;

	/* Twice, as memory that was used before may come back. */
	for (round = 0; round < 2; round++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			buf = kmem_zalloc(sizes[i], KM_SLEEP);
			KUNIT_ASSERT_NOT_NULL(test, buf);
			KUNIT_EXPECT_NULL(test, memchr_inv(buf, 0, sizes[i]));
			memset(buf, 0x5a, sizes[i]);
			kmem_free(buf, sizes[i]);
		}
	}
}

static void pages_are_aligned(struct kunit *test)
{
	size_t size;
	void *buf;

	for (size = PAGE_SIZE; size <= 16 * PAGE_SIZE; size *= 2) {
		buf = kmem_alloc(size, KM_SLEEP);
		KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(buf));
		kmem_free(buf, size);
	}
}

static void nothing_is_null(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kmem_alloc(0, KM_SLEEP));
	KUNIT_EXPECT_NULL(test, kmem_zalloc(0, KM_SLEEP));
	KUNIT_EXPECT_NULL(test, kmem_alloc(0, KM_NOSLEEP));
	EXPECT_NO_MISUSE(test, kmem_free(NULL, 0));
}

static void nosleep_may_fail(struct kunit *test)
{
	void *buf = kmem_alloc(100, KM_NOSLEEP);

	if (buf)
		kmem_free(buf, 100);
	KUNIT_EXPECT_NULL(test, kmem_alloc((size_t)1 << 40, KM_NOSLEEP));
	KUNIT_EXPECT_NULL(test, kmem_zalloc(SIZE_MAX, KM_NOSLEEP));
}

static void nosleep_does_not_sleep(struct kunit *test)
{
	void *buf;

	/* The kernel complains if it does. */
	preempt_disable();
	buf = kmem_zalloc(256, KM_NOSLEEP);
	preempt_enable();
	if (buf)
		kmem_free(buf, 256);
}

static void wrong_size_is_told(struct kunit *test)
{
	void *buf = kmem_alloc(100, KM_SLEEP);

	EXPECT_MISUSE(test, kmem_free(buf, 101));
}

static void double_free_is_told(struct kunit *test)
{
	void *buf = kmem_alloc(100, KM_SLEEP);

	/* Without debugging that is as bad as on Solaris. */
	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG)) {
		kmem_free(buf, 100);
		kunit_skip(test, "needs CONFIG_DEVMAP_DEBUG");
	}
	EXPECT_NO_MISUSE(test, kmem_free(buf, 100));
	EXPECT_MISUSE(test, kmem_free(buf, 100));
}

static void foreign_memory_is_told(struct kunit *test)
{
	int here;

	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		kunit_skip(test, "needs CONFIG_DEVMAP_DEBUG");
	EXPECT_MISUSE(test, kmem_free(&here, sizeof(here)));
	EXPECT_MISUSE(test, kmem_free(NULL, 8));
}

/**
 * struct made - what constructors and destructors do
 * @nr: objects that are made
 * @most: the most there ever were
 * @fail: the constructor shall fail
 * @flag: it got this
 */
struct made {
	int nr;
	int most;
	bool fail;
	int flag;
};

struct object {
	int value;
	char more[100];
};

static int make(void *buf, void *private, int flag)
{
	struct object *object = buf;
	struct made *made = private;

	made->flag = flag;
	if (made->fail)
		return -1;
	object->value = 77;
	made->most = max(made->most, ++made->nr);
	return 0;
}

static void unmake(void *buf, void *private)
{
	struct made *made = private;

	made->nr--;
}

static void objects_are_made(struct kunit *test)
{
	struct object *object[10];
	struct made made = { };
	kmem_cache_t *cp;
	int i;

	cp = kmem_cache_create("devmap_kunit", sizeof(struct object), 64, make,
			       unmake, NULL, &made, NULL, 0);
	for (i = 0; i < ARRAY_SIZE(object); i++) {
		object[i] = kmem_cache_alloc(cp, KM_SLEEP);
		KUNIT_ASSERT_NOT_NULL(test, object[i]);
		KUNIT_EXPECT_EQ(test, object[i]->value, 77);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((uintptr_t)object[i], 64));
	}
	KUNIT_EXPECT_EQ(test, made.flag, KM_SLEEP);
	for (i = 0; i < ARRAY_SIZE(object); i++)
		EXPECT_NO_MISUSE(test, kmem_cache_free(cp, object[i]));
	KUNIT_EXPECT_EQ(test, made.most, ARRAY_SIZE(object));
	KUNIT_EXPECT_EQ(test, made.nr, 0);

	made.fail = true;
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cp, KM_NOSLEEP));
	KUNIT_EXPECT_EQ(test, made.flag, KM_NOSLEEP);
	EXPECT_NO_MISUSE(test, kmem_cache_destroy(cp));
}

static void objects_need_not_be_made(struct kunit *test)
{
	kmem_cache_t *cp = kmem_cache_create("devmap_kunit", 3 * PAGE_SIZE, 0,
					     NULL, NULL, NULL, NULL, NULL, 0);
	void *object = kmem_cache_alloc(cp, KM_SLEEP);

	KUNIT_ASSERT_NOT_NULL(test, object);
	memset(object, 0x5a, 3 * PAGE_SIZE);
	EXPECT_MISUSE(test, kmem_cache_destroy(cp));
	EXPECT_NO_MISUSE(test, kmem_cache_free(cp, object));
	EXPECT_NO_MISUSE(test, kmem_cache_destroy(cp));
}

static struct kunit_case kmem_cases[] = {
	KUNIT_CASE(objects_are_made),
	KUNIT_CASE(objects_need_not_be_made),
	KUNIT_CASE(sleeping_gives_memory),
	KUNIT_CASE(zalloc_gives_zeroes),
	KUNIT_CASE(pages_are_aligned),
	KUNIT_CASE(nothing_is_null),
	KUNIT_CASE(nosleep_may_fail),
	KUNIT_CASE(nosleep_does_not_sleep),
	KUNIT_CASE(wrong_size_is_told),
	KUNIT_CASE(double_free_is_told),
	KUNIT_CASE(foreign_memory_is_told),
	{}
};

static struct kunit_suite kmem_suite = {
	.name = "devmap_kmem",
	.test_cases = kmem_cases,
};

kunit_test_suite(kmem_suite);
