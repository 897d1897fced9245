// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_softstate: ddi_soft_state(9F). */

#include <linux/string.h>

#include "ddi.h"
#include "styles.h"

#include <devmap/ddi_model.h>
#include <sys/sunddi.h>
#include <sys/sysmacros.h>

#define SIZE	48

static void init_wants_a_size(struct kunit *test)
{
	void *state = NULL;

	KUNIT_EXPECT_EQ(test, EINVAL, ddi_soft_state_init(&state, 0, 1));
	KUNIT_EXPECT_EQ(test, EINVAL, ddi_soft_state_init(NULL, SIZE, 1));
	KUNIT_EXPECT_NULL(test, state);
	KUNIT_EXPECT_EQ(test, 0, ddi_soft_state_init(&state, SIZE, 0));
	KUNIT_EXPECT_NOT_NULL(test, state);
	ddi_soft_state_fini(&state);
	KUNIT_EXPECT_NULL(test, state);
	ddi_soft_state_fini(&state);
	ddi_soft_state_fini(NULL);
}

static void *new_state(struct kunit *test)
{
	void *state;

	KUNIT_ASSERT_EQ(test, 0, ddi_soft_state_init(&state, SIZE, 1));
	return state;
}

static const int numbers[] = { 0, 1, 2, 63, 64, 1000, 100000, INT_MAX };

static void items_are_there_and_zero(struct kunit *test)
{
	void *state = new_state(test);
	void *items[ARRAY_SIZE(numbers)];
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		KUNIT_EXPECT_NULL(test, ddi_get_soft_state(state, numbers[i]));
		KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
				ddi_soft_state_zalloc(state, numbers[i]));
		items[i] = ddi_get_soft_state(state, numbers[i]);
		KUNIT_ASSERT_NOT_NULL(test, items[i]);
		KUNIT_EXPECT_NULL(test, memchr_inv(items[i], 0, SIZE));
		memset(items[i], i + 1, SIZE);
	}
	/* One is not the other, and none moves when others come. */
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		KUNIT_EXPECT_PTR_EQ(test, items[i],
				    ddi_get_soft_state(state, numbers[i]));
		KUNIT_EXPECT_NULL(test, memchr_inv(items[i], i + 1, SIZE));
	}
	/* What is left goes with the set; kmemleak looks. */
	ddi_soft_state_fini(&state);
}

static void a_number_is_given_once(struct kunit *test)
{
	void *state = new_state(test), *item;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 5));
	item = ddi_get_soft_state(state, 5);
	memset(item, 1, SIZE);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_soft_state_zalloc(state, 5));
	KUNIT_EXPECT_PTR_EQ(test, item, ddi_get_soft_state(state, 5));

	EXPECT_NO_MISUSE(test, ddi_soft_state_free(state, 5));
	KUNIT_EXPECT_NULL(test, ddi_get_soft_state(state, 5));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 5));
	KUNIT_EXPECT_NULL(test, memchr_inv(ddi_get_soft_state(state, 5), 0,
					   SIZE));
	ddi_soft_state_fini(&state);
}

static void nonsense_is_refused(struct kunit *test)
{
	void *state = new_state(test);

	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_soft_state_zalloc(state, -1));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_soft_state_zalloc(NULL, 1));
	KUNIT_EXPECT_NULL(test, ddi_get_soft_state(state, -1));
	KUNIT_EXPECT_NULL(test, ddi_get_soft_state(NULL, 1));
	ddi_soft_state_fini(&state);
}

static void free_twice_is_told(struct kunit *test)
{
	void *state = new_state(test);

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 3));
	EXPECT_NO_MISUSE(test, ddi_soft_state_free(state, 3));
	EXPECT_MISUSE(test, ddi_soft_state_free(state, 3));
	EXPECT_MISUSE(test, ddi_soft_state_free(state, 4));
	EXPECT_MISUSE(test, ddi_soft_state_free(state, -1));
	EXPECT_MISUSE(test, ddi_soft_state_free(NULL, 3));
	ddi_soft_state_fini(&state);
}

#define ROUNDS	2000

struct racer {
	struct helper helper;
	void *state;
	int first;
	int bad;
};

static void race(void *arg)
{
	struct racer *racer = arg;
	int i, number;
	u32 *item;

	for (i = 0; i < ROUNDS; i++) {
		number = racer->first + 4 * (i % 50);
		if (ddi_soft_state_zalloc(racer->state, number)) {
			racer->bad++;
			continue;
		}
		item = ddi_get_soft_state(racer->state, number);
		*item = number;
		cond_resched();
		if (ddi_get_soft_state(racer->state, number) != item ||
		    *item != number)
			racer->bad++;
		ddi_soft_state_free(racer->state, number);
	}
}

/* No lock of the driver is needed. */
static void many_at_a_time(struct kunit *test)
{
	struct racer racers[4] = {};
	void *state = new_state(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		racers[i].state = state;
		racers[i].first = i;
		helper_start(test, &racers[i].helper, race, &racers[i]);
	}
	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		helper_wait(test, &racers[i].helper);
		KUNIT_EXPECT_EQ(test, 0, racers[i].bad);
	}
	ddi_soft_state_fini(&state);
}

static void device_number_names_its_minor(struct kunit *test)
{
	void *state = new_state(test), *item;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_soft_state_zalloc(state, 0x12345));
	item = ddi_get_soft_state(state, 0x12345);
	KUNIT_EXPECT_NOT_NULL(test, item);
	KUNIT_EXPECT_PTR_EQ(test, item,
			    style_soft_state(state, makedevice(240, 0x12345), -1));
	KUNIT_EXPECT_PTR_EQ(test, item, style_soft_state(state, 0, 0x12345));
	KUNIT_EXPECT_NULL(test, style_soft_state(state, makedevice(240, 0), -1));
	ddi_soft_state_fini(&state);
}

static struct kunit_case softstate_cases[] = {
	KUNIT_CASE(init_wants_a_size),
	KUNIT_CASE(items_are_there_and_zero),
	KUNIT_CASE(a_number_is_given_once),
	KUNIT_CASE(nonsense_is_refused),
	KUNIT_CASE(free_twice_is_told),
	KUNIT_CASE(many_at_a_time),
	KUNIT_CASE(device_number_names_its_minor),
	{}
};

static struct kunit_suite softstate_suite = {
	.name = "devmap_softstate",
	.test_cases = softstate_cases,
};

kunit_test_suite(softstate_suite);
