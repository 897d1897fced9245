// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_list: list_create(9F). */
#define _KERNEL

#include <linux/prandom.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/list.h>

#define RANDOM_SEED	20260303
#define NR_ITEMS	12
#define NR_ROUNDS	20000

/**
 * struct item - what is on lists
 * @before: so that the link is not at the beginning
 * @link: the link
 * @nr: which one it is
 */
struct item {
	char before[24];
	list_node_t link;
	int nr;
};

/**
 * struct lists - what a test has
 * @a: a list
 * @b: another one
 * @item: for both
 */
struct lists {
	list_t a;
	list_t b;
	struct item item[NR_ITEMS];
};

static int list_suite_init(struct kunit *test)
{
	struct lists *l = kunit_kzalloc(test, sizeof(*l), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, l);
	list_create(&l->a, sizeof(struct item), offsetof(struct item, link));
	list_create(&l->b, sizeof(struct item), offsetof(struct item, link));
	for (i = 0; i < NR_ITEMS; i++)
		l->item[i].nr = i;
	test->priv = l;
	return 0;
}

/* Forwards and backwards: numbers of items, ended by -1. */
static void expect_list(struct kunit *test, list_t *list, const int *nr)
{
	struct item *item;
	int i = 0;

	for (item = list_head(list); item; item = list_next(list, item)) {
		KUNIT_ASSERT_EQ(test, item->nr, nr[i]);
		KUNIT_EXPECT_TRUE(test, list_link_active(&item->link));
		i++;
	}
	KUNIT_ASSERT_EQ(test, nr[i], -1);
	KUNIT_EXPECT_EQ(test, !i, !!list_is_empty(list));
	for (item = list_tail(list); item; item = list_prev(list, item))
		KUNIT_ASSERT_EQ(test, item->nr, nr[--i]);
	KUNIT_EXPECT_EQ(test, i, 0);
}

#define EXPECT_LIST(test, list, ...) \
	expect_list(test, list, (const int[]){ __VA_ARGS__ })

static void is_empty_at_first(struct kunit *test)
{
	struct lists *l = test->priv;

	EXPECT_LIST(test, &l->a, -1);
	KUNIT_EXPECT_NULL(test, list_head(&l->a));
	KUNIT_EXPECT_NULL(test, list_tail(&l->a));
	KUNIT_EXPECT_NULL(test, list_remove_head(&l->a));
	KUNIT_EXPECT_NULL(test, list_remove_tail(&l->a));
}

static void inserts_at_both_ends(struct kunit *test)
{
	struct lists *l = test->priv;

	list_insert_tail(&l->a, &l->item[1]);
	list_insert_tail(&l->a, &l->item[2]);
	list_insert_head(&l->a, &l->item[0]);
	EXPECT_LIST(test, &l->a, 0, 1, 2, -1);
}

static void inserts_next_to_others(struct kunit *test)
{
	struct lists *l = test->priv;

	list_insert_tail(&l->a, &l->item[0]);
	list_insert_after(&l->a, &l->item[0], &l->item[1]);
	list_insert_after(&l->a, &l->item[0], &l->item[2]);
	EXPECT_LIST(test, &l->a, 0, 2, 1, -1);
	list_insert_before(&l->a, &l->item[0], &l->item[3]);
	list_insert_before(&l->a, &l->item[1], &l->item[4]);
	EXPECT_LIST(test, &l->a, 3, 0, 2, 4, 1, -1);
}

static void inserts_next_to_none(struct kunit *test)
{
	struct lists *l = test->priv;

	list_insert_after(&l->a, NULL, &l->item[1]);
	list_insert_after(&l->a, NULL, &l->item[0]);
	list_insert_before(&l->a, NULL, &l->item[2]);
	EXPECT_LIST(test, &l->a, 0, 1, 2, -1);
}

static void removes_any(struct kunit *test)
{
	struct lists *l = test->priv;
	int i;

	for (i = 0; i < 5; i++)
		list_insert_tail(&l->a, &l->item[i]);
	list_remove(&l->a, &l->item[2]);
	KUNIT_EXPECT_FALSE(test, list_link_active(&l->item[2].link));
	EXPECT_LIST(test, &l->a, 0, 1, 3, 4, -1);
	KUNIT_EXPECT_PTR_EQ(test, list_remove_head(&l->a),
			    (void *)&l->item[0]);
	KUNIT_EXPECT_PTR_EQ(test, list_remove_tail(&l->a),
			    (void *)&l->item[4]);
	EXPECT_LIST(test, &l->a, 1, 3, -1);
	KUNIT_EXPECT_FALSE(test, list_link_active(&l->item[0].link));
	KUNIT_EXPECT_FALSE(test, list_link_active(&l->item[4].link));
}

static void moves_all(struct kunit *test)
{
	struct lists *l = test->priv;

	list_insert_tail(&l->a, &l->item[0]);
	list_move_tail(&l->a, &l->b);
	EXPECT_LIST(test, &l->a, 0, -1);
	list_insert_tail(&l->b, &l->item[1]);
	list_insert_tail(&l->b, &l->item[2]);
	list_move_tail(&l->a, &l->b);
	EXPECT_LIST(test, &l->a, 0, 1, 2, -1);
	EXPECT_LIST(test, &l->b, -1);
	list_move_tail(&l->b, &l->a);
	EXPECT_LIST(test, &l->b, 0, 1, 2, -1);
	EXPECT_LIST(test, &l->a, -1);
}

static void replaces(struct kunit *test)
{
	struct lists *l = test->priv;
	int i;

	for (i = 0; i < 3; i++)
		list_insert_tail(&l->a, &l->item[i]);
	list_link_replace(&l->item[1].link, &l->item[7].link);
	EXPECT_LIST(test, &l->a, 0, 7, 2, -1);
	KUNIT_EXPECT_FALSE(test, list_link_active(&l->item[1].link));
}

static void links_can_be_initialised(struct kunit *test)
{
	list_node_t link;

	memset(&link, 0x5a, sizeof(link));
	list_link_init(&link);
	KUNIT_EXPECT_FALSE(test, list_link_active(&link));
}

/* The same on an array of numbers. */
static void insert_nr(int *nr, int at, int new)
{
	int len;

	for (len = 0; nr[len] != -1; len++)
		;
	memmove(nr + at + 1, nr + at, (len + 1 - at) * sizeof(*nr));
	nr[at] = new;
}

static int find_nr(const int *nr, int what)
{
	int i;

	for (i = 0; nr[i] != -1; i++)
		if (nr[i] == what)
			return i;
	return -1;
}

static void remove_nr(int *nr, int at)
{
	do {
		nr[at] = nr[at + 1];
	} while (nr[at++] != -1);
}

static void does_what_an_array_does(struct kunit *test)
{
	struct lists *l = test->priv;
	int nr[NR_ITEMS + 1] = { -1 }, round, at, other;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, RANDOM_SEED);
	for (round = 0; round < NR_ROUNDS; round++) {
		int i = prandom_u32_state(&rnd) % NR_ITEMS;

		at = find_nr(nr, i);
		if (at >= 0) {
			list_remove(&l->a, &l->item[i]);
			remove_nr(nr, at);
		} else {
			other = prandom_u32_state(&rnd) % NR_ITEMS;
			at = find_nr(nr, other);
			if (at < 0) {
				list_insert_head(&l->a, &l->item[i]);
				insert_nr(nr, 0, i);
			} else if (round & 1) {
				list_insert_before(&l->a, &l->item[other],
						   &l->item[i]);
				insert_nr(nr, at, i);
			} else {
				list_insert_after(&l->a, &l->item[other],
						  &l->item[i]);
				insert_nr(nr, at + 1, i);
			}
		}
		expect_list(test, &l->a, nr);
	}
}

static void inserting_twice_is_told(struct kunit *test)
{
	struct lists *l = test->priv;

	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		kunit_skip(test, "needs CONFIG_DEVMAP_DEBUG");
	list_insert_tail(&l->a, &l->item[0]);
	list_insert_tail(&l->a, &l->item[1]);
	EXPECT_MISUSE(test, list_insert_tail(&l->a, &l->item[0]));
	EXPECT_MISUSE(test, list_insert_head(&l->b, &l->item[0]));
	EXPECT_MISUSE(test, list_insert_after(&l->b, NULL, &l->item[0]));
	EXPECT_MISUSE(test, list_insert_before(&l->a, &l->item[1],
					       &l->item[0]));
	EXPECT_LIST(test, &l->a, 0, 1, -1);
	EXPECT_LIST(test, &l->b, -1);
}

static void removing_twice_is_told(struct kunit *test)
{
	struct lists *l = test->priv;

	list_insert_tail(&l->a, &l->item[0]);
	list_insert_tail(&l->a, &l->item[1]);
	EXPECT_NO_MISUSE(test, list_remove(&l->a, &l->item[0]));
	EXPECT_MISUSE(test, list_remove(&l->a, &l->item[0]));
	EXPECT_LIST(test, &l->a, 1, -1);
}

static void destroying_a_full_one_is_told(struct kunit *test)
{
	struct lists *l = test->priv;

	EXPECT_NO_MISUSE(test, list_destroy(&l->b));
	list_insert_tail(&l->a, &l->item[0]);
	EXPECT_MISUSE(test, list_destroy(&l->a));
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE(is_empty_at_first),
	KUNIT_CASE(inserts_at_both_ends),
	KUNIT_CASE(inserts_next_to_others),
	KUNIT_CASE(inserts_next_to_none),
	KUNIT_CASE(removes_any),
	KUNIT_CASE(moves_all),
	KUNIT_CASE(replaces),
	KUNIT_CASE(links_can_be_initialised),
	KUNIT_CASE(does_what_an_array_does),
	KUNIT_CASE(inserting_twice_is_told),
	KUNIT_CASE(removing_twice_is_told),
	KUNIT_CASE(destroying_a_full_one_is_told),
	{}
};

static struct kunit_suite list_suite = {
	.name = "devmap_list",
	.init = list_suite_init,
	.test_cases = list_cases,
};

kunit_test_suite(list_suite);
