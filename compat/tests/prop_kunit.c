// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_prop: properties, and the parameter props= that some come from. */

#include <linux/property.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ddi.h"

#include "../ddi/instance.h"
#include "../ddi/prop.h"

#include <sys/kmem.h>
#include <sys/sunddi.h>

/* An instance of no device that knows its number and its driver. */
static dev_info_t *new_dip(struct kunit *test, int number, const char *conf)
{
	struct ddi_driver *driver = kunit_kzalloc(test, sizeof(*driver),
						  GFP_KERNEL);
	struct ddi_instance *inst = kunit_kzalloc(test, sizeof(*inst),
						  GFP_KERNEL);
	dev_info_t *dip = kunit_kzalloc(test, sizeof(*dip), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, driver);
	KUNIT_ASSERT_NOT_NULL(test, inst);
	KUNIT_ASSERT_NOT_NULL(test, dip);
	INIT_LIST_HEAD(&driver->conf);
	KUNIT_ASSERT_EQ(test, 0, devmap_ddi_conf_parse(&driver->conf, conf));
	inst->driver = driver;
	inst->number = number;
	init_rwsem(&inst->prop_lock);
	INIT_LIST_HEAD(&inst->props);
	dip->number = number;
	dip->ddi = inst;
	return dip;
}

static void free_dip(dev_info_t *dip)
{
	struct ddi_instance *inst = dip->ddi;

	devmap_ddi_props_free(&inst->driver->conf);
	devmap_ddi_props_free(&inst->props);
}

static int get_int(dev_info_t *dip, char *name)
{
	return ddi_prop_get_int(DDI_DEV_T_ANY, dip, 0, name, -99);
}

/*
 * props=
 */

struct conf_case {
	const char *text;
	int err;
	int type;
	size_t len;
	const char *data;
};

#define INTS(...)	sizeof((int[]){ __VA_ARGS__ }), (char *)(int[]){ __VA_ARGS__ }
#define LONGS(...)	sizeof((s64[]){ __VA_ARGS__ }), (char *)(s64[]){ __VA_ARGS__ }

static const struct conf_case conf_cases[] = {
	{ "x", 0, DDI_PROP_BOOLEAN, 0, "" },
	{ "x=5", 0, DDI_PROP_INT, INTS(5) },
	{ "x=-1", 0, DDI_PROP_INT, INTS(-1) },
	{ "x=0xffffffff", 0, DDI_PROP_INT, INTS(-1) },
	{ "x=2147483647,-2147483648", 0, DDI_PROP_INT,
	  INTS(INT_MAX, INT_MIN) },
	{ "x=1,2,010", 0, DDI_PROP_INT, INTS(1, 2, 8) },
	{ "x=0x100000000", 0, DDI_PROP_INT64, LONGS(0x100000000) },
	{ "x=1,-2147483649", 0, DDI_PROP_INT64, LONGS(1, -2147483649LL) },
	{ "x=0xffffffffffffffff,5", 0, DDI_PROP_INT, INTS(-1, 5) },
	{ "x=0x8000000000000000", 0, DDI_PROP_INT64, LONGS(S64_MIN) },
	{ "x=0x10000000000000000", 0, DDI_PROP_STRING, 20,
	  "0x10000000000000000" },
	{ "x=", 0, DDI_PROP_STRING, 1, "" },
	{ "x=abc", 0, DDI_PROP_STRING, 4, "abc" },
	{ "x=a,,b", 0, DDI_PROP_STRING, 5, "a\0\0b" },
	{ "x=1,two,3", 0, DDI_PROP_STRING, 8, "1\0two\0003" },
	{ "x=\"12\"", 0, DDI_PROP_STRING, 3, "12" },
	{ "x=\"\",\"", 0, DDI_PROP_STRING, 3, "\0\"" },
	{ "x=a=b", 0, DDI_PROP_STRING, 4, "a=b" },
	{ " x=7 ", 0, DDI_PROP_INT, INTS(7) },
	{ "x=a:b", 0, DDI_PROP_STRING, 4, "a:b" },
	{ "x=\"a;b,c\"", 0, DDI_PROP_STRING, 6, "a;b,c" },
	{ "x=\"1,2\",3", 0, DDI_PROP_STRING, 6, "1,2\0003" },
	{ "x=a\";\"b", 0, DDI_PROP_STRING, 6, "a\";\"b" },
	{ "=5", -EINVAL },
	{ ":x=5", -EINVAL },
	{ "a:x=5", -EINVAL },
	{ "-1:x=5", -EINVAL },
	{ "1:=5", -EINVAL },
	{ "1:2:x=5", -EINVAL },
	{ "x y=5", -EINVAL },
	{ "x\"y", -EINVAL },
};

static void values_are_parsed(struct kunit *test)
{
	const struct conf_case *c;
	struct ddi_prop *prop;
	LIST_HEAD(conf);
	int i;

	for (i = 0; i < ARRAY_SIZE(conf_cases); i++) {
		c = &conf_cases[i];
		KUNIT_EXPECT_EQ_MSG(test, c->err,
				    devmap_ddi_conf_parse(&conf, c->text),
				    "%s", c->text);
		KUNIT_EXPECT_EQ_MSG(test, !!c->err, list_empty(&conf), "%s",
				    c->text);
		if (list_empty(&conf))
			continue;
		prop = list_first_entry(&conf, struct ddi_prop, node);
		KUNIT_EXPECT_STREQ(test, "x", prop->name);
		KUNIT_EXPECT_EQ(test, -1, prop->instance);
		KUNIT_EXPECT_EQ_MSG(test, c->type, prop->type, "%s", c->text);
		KUNIT_EXPECT_EQ_MSG(test, c->len, prop->len, "%s", c->text);
		if (c->len == prop->len)
			KUNIT_EXPECT_EQ_MSG(test, 0,
					    memcmp(prop->data, c->data, c->len),
					    "%s", c->text);
		devmap_ddi_props_free(&conf);
	}
}

static void many_are_parsed(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 1, ";a=1;;0:b=2; 1:b=3;1:a=4;c;");

	KUNIT_EXPECT_EQ(test, 4, get_int(dip, "a"));
	KUNIT_EXPECT_EQ(test, 3, get_int(dip, "b"));
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "c"));
	free_dip(dip);

	dip = new_dip(test, 0, ";a=1;;0:b=2; 1:b=3;1:a=4;c;");
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "a"));
	KUNIT_EXPECT_EQ(test, 2, get_int(dip, "b"));
	free_dip(dip);

	dip = new_dip(test, 2, "1:a=1");
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "a"));
	free_dip(dip);
}

/*
 * What the driver makes
 */

static void integers(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "");
	int three[] = { 3, 1, 2 }, *ints;
	s64 *longs;
	uint_t nr;

	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_update_int(DDI_DEV_T_NONE, dip, "i", 7));
	KUNIT_EXPECT_EQ(test, 7, get_int(dip, "i"));
	KUNIT_EXPECT_EQ(test, 7, ddi_getprop(DDI_DEV_T_ANY, dip, 0, "i", 0));
	KUNIT_EXPECT_EQ(test, 7, ddi_prop_get_int64(DDI_DEV_T_ANY, dip, 0, "i",
						    0));
	/* Once more: replaced, not added. */
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_update_int(DDI_DEV_T_NONE, dip, "i", 8));
	KUNIT_EXPECT_EQ(test, 8, get_int(dip, "i"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_remove(DDI_DEV_T_NONE, dip, "i"));
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "i"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_NOT_FOUND,
			ddi_prop_remove(DDI_DEV_T_NONE, dip, "i"));

	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_update_int_array(DDI_DEV_T_NONE, dip, "a",
						  three, 3));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_int_array(DDI_DEV_T_ANY, dip, 0, "a",
						  &ints, &nr));
	KUNIT_EXPECT_EQ(test, 3, nr);
	KUNIT_EXPECT_EQ(test, 0, memcmp(ints, three, sizeof(three)));
	ddi_prop_free(ints);
	KUNIT_EXPECT_EQ(test, DDI_PROP_CANNOT_DECODE,
			ddi_prop_lookup_int64_array(DDI_DEV_T_ANY, dip, 0, "a",
						    &longs, &nr));

	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_update_int64(DDI_DEV_T_NONE, dip, "l",
					      S64_MIN));
	KUNIT_EXPECT_EQ(test, S64_MIN,
			ddi_prop_get_int64(DDI_DEV_T_ANY, dip, 0, "l", 0));
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "l"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_int64_array(DDI_DEV_T_ANY, dip, 0, "l",
						    &longs, &nr));
	KUNIT_EXPECT_EQ(test, 1, nr);
	KUNIT_EXPECT_EQ(test, S64_MIN, longs[0]);
	ddi_prop_free(longs);
	free_dip(dip);
}

static void strings(struct kunit *test)
{
	char *three[3] = { "one", "", "three" }, **got, *string;
	dev_info_t *dip = new_dip(test, 0, "");
	uchar_t *bytes;
	uint_t nr;
	int i;

	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_update_string_array(DDI_DEV_T_NONE, dip, "s",
						     three, 3));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_string_array(DDI_DEV_T_ANY, dip, 0,
						     "s", &got, &nr));
	KUNIT_ASSERT_EQ(test, 3, nr);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_STREQ(test, three[i], got[i]);
	ddi_prop_free(got);
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_string(DDI_DEV_T_ANY, dip, 0, "s",
					       &string));
	KUNIT_EXPECT_STREQ(test, "one", string);
	ddi_prop_free(string);
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_byte_array(DDI_DEV_T_ANY, dip, 0, "s",
						   &bytes, &nr));
	KUNIT_EXPECT_EQ(test, 11, nr);
	KUNIT_EXPECT_EQ(test, 0, memcmp(bytes, "one\0\0three", 11));
	ddi_prop_free(bytes);
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "s"));

	/* Of a value without an end, nobody reads beyond it. */
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "raw", "abc",
					3));
	KUNIT_EXPECT_EQ(test, DDI_PROP_CANNOT_DECODE,
			ddi_prop_lookup_string(DDI_DEV_T_ANY, dip, 0, "raw",
					       &string));
	free_dip(dip);
}

static void raw_values(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "");
	char buf[8] = "", *value;
	int number = 5, len;

	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "n",
					(caddr_t)&number, sizeof(number)));
	KUNIT_EXPECT_EQ(test, 5, get_int(dip, "n"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "flag", NULL,
					0));
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "flag"));
	KUNIT_EXPECT_EQ(test, 1, ddi_prop_exists(DDI_DEV_T_ANY, dip, 0,
						 "flag"));
	KUNIT_EXPECT_EQ(test, 0, ddi_prop_exists(DDI_DEV_T_ANY, dip, 0,
						 "none"));

	KUNIT_EXPECT_EQ(test, DDI_PROP_NOT_FOUND,
			ddi_prop_modify(DDI_DEV_T_NONE, dip, 0, "v", "x", 1));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "v", "abcde",
					5));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_modify(DDI_DEV_T_NONE, dip, 0, "v", "12345",
					5));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_getproplen(DDI_DEV_T_ANY, dip, 0, "v", &len));
	KUNIT_EXPECT_EQ(test, 5, len);
	len = 4;
	KUNIT_EXPECT_EQ(test, DDI_PROP_BUF_TOO_SMALL,
			ddi_getlongprop_buf(DDI_DEV_T_ANY, dip, 0, "v", buf,
					    &len));
	KUNIT_EXPECT_EQ(test, 5, len);
	KUNIT_EXPECT_EQ(test, 0, buf[0]);
	len = sizeof(buf);
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_getlongprop_buf(DDI_DEV_T_ANY, dip, 0, "v", buf,
					    &len));
	KUNIT_EXPECT_EQ(test, 5, len);
	KUNIT_EXPECT_STREQ(test, "12345", buf);
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_getlongprop(DDI_DEV_T_ANY, dip, 0, "v",
					(caddr_t)&value, &len));
	KUNIT_EXPECT_EQ(test, 0, memcmp(value, "12345", 5));
	EXPECT_NO_MISUSE(test, kmem_free(value, len));
	free_dip(dip);
}

static void device_numbers(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "");

	ddi_prop_update_int(MKDEV(9, 1), dip, "n", 1);
	ddi_prop_update_int(MKDEV(9, 2), dip, "n", 2);
	KUNIT_EXPECT_EQ(test, 1, ddi_prop_get_int(MKDEV(9, 1), dip, 0, "n", 0));
	KUNIT_EXPECT_EQ(test, 2, ddi_prop_get_int(MKDEV(9, 2), dip, 0, "n", 0));
	KUNIT_EXPECT_EQ(test, 0, ddi_prop_get_int(MKDEV(9, 3), dip, 0, "n", 0));
	KUNIT_EXPECT_NE(test, 0, get_int(dip, "n"));
	ddi_prop_update_int(DDI_DEV_T_NONE, dip, "m", 3);
	KUNIT_EXPECT_EQ(test, 3, ddi_prop_get_int(MKDEV(9, 3), dip, 0, "m", 0));
	KUNIT_EXPECT_EQ(test, DDI_PROP_NOT_FOUND,
			ddi_prop_remove(DDI_DEV_T_NONE, dip, "n"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_update_int(DDI_DEV_T_ANY, dip, "n", 1));

	ddi_prop_remove_all(dip);
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "n"));
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "m"));
	free_dip(dip);
}

static void driver_before_administrator(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "a=1");

	ddi_prop_update_int(DDI_DEV_T_NONE, dip, "a", 2);
	KUNIT_EXPECT_EQ(test, 2, get_int(dip, "a"));
	ddi_prop_remove_all(dip);
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "a"));
	free_dip(dip);
}

static void nonsense_is_refused(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "");
	int number = 1, len = 4;
	char *string;

	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_update_int(DDI_DEV_T_NONE, NULL, "a", 1));
	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_update_int(DDI_DEV_T_NONE, dip, "", 1));
	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "a", NULL, 4));
	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_create(DDI_DEV_T_NONE, dip, 0, "a",
					(caddr_t)&number, -4));
	KUNIT_EXPECT_EQ(test, DDI_PROP_INVAL_ARG,
			ddi_prop_update_string(DDI_DEV_T_NONE, dip, "a", NULL));
	KUNIT_EXPECT_EQ(test, DDI_PROP_NOT_FOUND,
			ddi_prop_lookup_string(DDI_DEV_T_ANY, dip, 0, "a",
					       &string));
	KUNIT_EXPECT_EQ(test, DDI_PROP_NOT_FOUND,
			ddi_getproplen(DDI_DEV_T_ANY, dip, 0, NULL, &len));
	KUNIT_EXPECT_EQ(test, 3, ddi_getprop(DDI_DEV_T_ANY, NULL, 0, "a", 3));
	free_dip(dip);
}

/*
 * What the system knows
 */

static const u32 fw_ints[] = { 10, 20 };
static const char * const fw_strings[] = { "x", "yy" };

static const struct property_entry fw_props[] = {
	PROPERTY_ENTRY_U32_ARRAY("ints", fw_ints),
	PROPERTY_ENTRY_STRING_ARRAY("strings", fw_strings),
	PROPERTY_ENTRY_BOOL("flag"),
	PROPERTY_ENTRY_U64("long", 1ULL << 40),
	{}
};

static void firmware(struct kunit *test)
{
	dev_info_t *dip = new_dip(test, 0, "strings=admin");
	struct platform_device *pdev, *child;
	char *string;
	int *ints, len;
	uint_t nr;

	pdev = platform_device_alloc("devmap_kunit", PLATFORM_DEVID_NONE);
	child = platform_device_alloc("devmap_kunit", 1);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_NOT_NULL(test, child);
	KUNIT_ASSERT_EQ(test, 0, device_create_managed_software_node(&pdev->dev,
								     fw_props,
								     NULL));
	KUNIT_ASSERT_EQ(test, 0, platform_device_add(pdev));
	child->dev.parent = &pdev->dev;
	KUNIT_ASSERT_EQ(test, 0, platform_device_add(child));
	dip->dev = &pdev->dev;

	KUNIT_EXPECT_EQ(test, 10, get_int(dip, "ints"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_int_array(DDI_DEV_T_ANY, dip, 0, "ints",
						  &ints, &nr));
	KUNIT_EXPECT_EQ(test, 2, nr);
	KUNIT_EXPECT_EQ(test, 20, ints[1]);
	ddi_prop_free(ints);
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "flag"));
	KUNIT_EXPECT_EQ(test, 1LL << 40,
			ddi_prop_get_int64(DDI_DEV_T_ANY, dip, 0, "long", 0));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_getproplen(DDI_DEV_T_ANY, dip, 0, "ints", &len));
	KUNIT_EXPECT_EQ(test, 8, len);
	KUNIT_EXPECT_EQ(test, -99,
			ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_NOTPROM,
					 "ints", -99));

	/* The administrator and the driver go first, or take it away. */
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_lookup_string(DDI_DEV_T_ANY, dip, 0, "strings",
					       &string));
	KUNIT_EXPECT_STREQ(test, "admin", string);
	ddi_prop_free(string);
	ddi_prop_update_int(DDI_DEV_T_NONE, dip, "ints", 1);
	KUNIT_EXPECT_EQ(test, 1, get_int(dip, "ints"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_SUCCESS,
			ddi_prop_undefine(DDI_DEV_T_NONE, dip, 0, "ints"));
	KUNIT_EXPECT_EQ(test, -99, get_int(dip, "ints"));
	KUNIT_EXPECT_EQ(test, DDI_PROP_UNDEFINED,
			ddi_getproplen(DDI_DEV_T_ANY, dip, 0, "ints", &len));

	/* Children have what their parents have, unless they say no. */
	ddi_prop_remove_all(dip);
	dip->dev = &child->dev;
	KUNIT_EXPECT_EQ(test, 10, get_int(dip, "ints"));
	KUNIT_EXPECT_EQ(test, -99,
			ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS,
					 "ints", -99));

	dip->dev = NULL;
	free_dip(dip);
	platform_device_unregister(child);
	platform_device_unregister(pdev);
}

static struct kunit_case prop_cases[] = {
	KUNIT_CASE(values_are_parsed),
	KUNIT_CASE(many_are_parsed),
	KUNIT_CASE(integers),
	KUNIT_CASE(strings),
	KUNIT_CASE(raw_values),
	KUNIT_CASE(device_numbers),
	KUNIT_CASE(driver_before_administrator),
	KUNIT_CASE(nonsense_is_refused),
	KUNIT_CASE(firmware),
	{}
};

static struct kunit_suite prop_suite = {
	.name = "devmap_prop",
	.test_cases = prop_cases,
};

kunit_test_suite(prop_suite);
