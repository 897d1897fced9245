// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_minor: the table of minor nodes. */

#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "ddi.h"

#include "../ddi/instance.h"
#include "../linux/kunit.h"

#include <sys/sunddi.h>

/**
 * struct fixture - a driver with two instances that nobody attaches: their nodes
 *	are in the table, and not in /dev
 * @binding: the glue's part
 * @driver: the driver
 * @inst: the instances
 * @dip: theirs
 */
struct fixture {
	struct devmap_ddi_binding binding;
	struct ddi_driver driver;
	struct ddi_instance inst[2];
	dev_info_t dip[2];
};

static int minor_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->driver.binding = &f->binding;
	f->driver.name = "test";
	f->driver.major = 240;
	mutex_init(&f->driver.lock);
	INIT_LIST_HEAD(&f->driver.instances);
	xa_init(&f->driver.minors);
	for (i = 0; i < 2; i++) {
		f->inst[i].driver = &f->driver;
		f->inst[i].number = i;
		kref_init(&f->inst[i].ref);
		INIT_LIST_HEAD(&f->inst[i].minors);
		f->dip[i].number = i;
		f->dip[i].ddi = &f->inst[i];
		f->inst[i].dip = &f->dip[i];
		list_add_tail(&f->inst[i].node, &f->driver.instances);
	}
	test->priv = f;
	return 0;
}

static void minor_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	ddi_remove_minor_node(&f->dip[0], NULL);
	ddi_remove_minor_node(&f->dip[1], NULL);
	xa_destroy(&f->driver.minors);
}

static int create(struct kunit *test, int inst, const char *name,
		  minor_t number)
{
	struct fixture *f = test->priv;

	return ddi_create_minor_node(&f->dip[inst], name, S_IFCHR, number,
				     DDI_PSEUDO, 0);
}

/* Number of the instance that has a minor number, or -1. */
static int owner(struct kunit *test, minor_t number)
{
	struct fixture *f = test->priv;
	struct ddi_instance *inst;

	inst = devmap_ddi_minor_find(&f->driver, MKDEV(240, number));
	if (!inst)
		return -1;
	refcount_dec(&inst->ref.refcount);
	return inst->number;
}

static void attach(struct kunit *test, int inst)
{
	struct fixture *f = test->priv;

	f->inst[inst].state = DDI_STATE_ATTACHED;
}

static const char * const bad_names[] = {
	"", "a@b", "a/b", "/", "a b", " ", "a!b",
	"a123456789012345678901234567890123456789012345678901234567890123",
};

static const char * const good_names[] = {
	"a", "a:b", "a,raw", "-", "0",
	"a12345678901234567890123456789012345678901234567890123456789012",
};

static void names(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(bad_names); i++)
		KUNIT_EXPECT_EQ_MSG(test, DDI_FAILURE,
				    create(test, 0, bad_names[i], i), "%s",
				    bad_names[i]);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 0, NULL, 0));
	for (i = 0; i < ARRAY_SIZE(good_names); i++)
		KUNIT_EXPECT_EQ_MSG(test, DDI_SUCCESS,
				    create(test, 0, good_names[i], i), "%s",
				    good_names[i]);
	/* Once per instance. */
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 0, "a", 99));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 1, "a", 99));
}

static void numbers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 0, "a", 5));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 0, "b", 5));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 1, "a", 5));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 1, "a", MINORMASK));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 1, "b", MINORMASK + 1));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 1, "c", -1));
}

static void kinds(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_create_minor_node(&f->dip[0], "a", S_IFBLK, 1,
					      DDI_NT_BLOCK, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_create_minor_node(&f->dip[0], "a", S_IFCHR, 1,
					      DDI_PSEUDO, CLONE_DEV));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_create_minor_node(NULL, "a", S_IFCHR, 1,
					      DDI_PSEUDO, 0));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			ddi_create_minor_node(&f->dip[0], "a", S_IFCHR, 1, NULL,
					      PRIVONLY_DEV));
}

static void found_when_attached(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 0, "a", 5));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 1, "a", 6));
	KUNIT_EXPECT_EQ(test, -1, owner(test, 5));
	attach(test, 1);
	KUNIT_EXPECT_EQ(test, -1, owner(test, 5));
	KUNIT_EXPECT_EQ(test, 1, owner(test, 6));
	attach(test, 0);
	KUNIT_EXPECT_EQ(test, 0, owner(test, 5));
	KUNIT_EXPECT_EQ(test, -1, owner(test, 7));
}

static void removed(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 0, "a", 1));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 0, "b", 2));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 1, "a", 3));
	attach(test, 0);
	attach(test, 1);
	ddi_remove_minor_node(&f->dip[0], "c");
	KUNIT_EXPECT_EQ(test, 0, owner(test, 1));
	ddi_remove_minor_node(&f->dip[0], "a");
	KUNIT_EXPECT_EQ(test, -1, owner(test, 1));
	KUNIT_EXPECT_EQ(test, 0, owner(test, 2));
	KUNIT_EXPECT_EQ(test, 1, owner(test, 3));
	ddi_remove_minor_node(&f->dip[0], NULL);
	KUNIT_EXPECT_EQ(test, -1, owner(test, 2));
	KUNIT_EXPECT_EQ(test, 1, owner(test, 3));
	ddi_remove_minor_node(NULL, NULL);
}

/* An instance that goes makes no nodes any more. */
static void too_late(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->inst[0].state = DDI_STATE_LEAVING;
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 0, "a", 1));
	f->inst[0].state = DDI_STATE_DETACHED;
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, create(test, 0, "a", 1));
}

static int nr_asked;

static int getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg,
		   void **result)
{
	nr_asked++;
	if (cmd != DDI_INFO_DEVT2INSTANCE || MINOR((dev_t)(uintptr_t)arg) < 100)
		return DDI_FAILURE;
	*result = (void *)(uintptr_t)(MINOR((dev_t)(uintptr_t)arg) - 100);
	return DDI_SUCCESS;
}

static void the_driver_is_asked(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, create(test, 0, "a", 1));
	attach(test, 0);
	attach(test, 1);
	f->driver.ops.devo_getinfo = getinfo;
	nr_asked = 0;
	KUNIT_EXPECT_EQ(test, 0, owner(test, 1));
	KUNIT_EXPECT_EQ(test, 0, nr_asked);
	KUNIT_EXPECT_EQ(test, 1, owner(test, 101));
	KUNIT_EXPECT_EQ(test, -1, owner(test, 102));
	KUNIT_EXPECT_EQ(test, -1, owner(test, 2));
	KUNIT_EXPECT_EQ(test, 3, nr_asked);
}

static struct kunit_case minor_cases[] = {
	KUNIT_CASE(names),
	KUNIT_CASE(numbers),
	KUNIT_CASE(kinds),
	KUNIT_CASE(found_when_attached),
	KUNIT_CASE(removed),
	KUNIT_CASE(too_late),
	KUNIT_CASE(the_driver_is_asked),
	{}
};

static struct kunit_suite minor_suite = {
	.name = "devmap_minor",
	.init = minor_init,
	.exit = minor_exit,
	.test_cases = minor_cases,
};

kunit_test_suite(minor_suite);
