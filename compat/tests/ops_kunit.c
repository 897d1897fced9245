// SPDX-License-Identifier: GPL-2.0
/* dev_ops(9S), cb_ops(9S) and modlinkage(9S) in all styles: styles.c. */

#include <kunit/test.h>
#include <linux/slab.h>
#include <sys/sunddi.h>

#include "../ddi/instance.h"
#include "styles.h"

/*
 * styles.c was not compiled with this in mind, but with the flags of a driver.
 * So every style that is there is a style that compiles.
 */

static struct ddi_driver *new_driver(struct kunit *test)
{
	struct ddi_driver *driver = kunit_kzalloc(test, sizeof(*driver),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, driver);
	driver->name = "test";
	return driver;
}

static int cb_returns(const struct cb_ops *cb, int slot)
{
	switch (slot) {
	case 0:
		return cb->cb_open(NULL, 0, 0, NULL);
	case 1:
		return cb->cb_close(0, 0, 0, NULL);
	case 2:
		return cb->cb_read(0, NULL, NULL);
	case 3:
		return cb->cb_write(0, NULL, NULL);
	case 4:
		return cb->cb_ioctl(0, 0, 0, 0, NULL, NULL);
	case 8:
		return cb->cb_chpoll(0, 0, 0, NULL, NULL);
	default:
		return -1;
	}
}

static int dev_returns(const struct dev_ops *ops, int slot)
{
	switch (slot) {
	case 1:
		return ops->devo_probe(NULL);
	case 2:
		return ops->devo_attach(NULL, DDI_ATTACH);
	case 3:
		return ops->devo_detach(NULL, DDI_DETACH);
	default:
		return -1;
	}
}

static void check_cb(struct kunit *test, const struct style *style,
		     const struct cb_ops *cb)
{
	void *const got[] = {
		cb->cb_open, cb->cb_close, cb->cb_read, cb->cb_write,
		cb->cb_ioctl, cb->cb_devmap, cb->cb_mmap, cb->cb_segmap,
		cb->cb_chpoll, cb->cb_prop_op,
	};
	const char *want = style->cb ?: "----------";
	int i;

	for (i = 0; i < ARRAY_SIZE(got); i++) {
		switch (want[i]) {
		case 'D':
			KUNIT_EXPECT_PTR_EQ_MSG(test, got[i], style_cb[i],
						"%s, slot %d", style->name, i);
			break;
		case 'P':
			KUNIT_EXPECT_PTR_EQ(test, got[i], (void *)ddi_prop_op);
			break;
		case 'S':
			KUNIT_EXPECT_PTR_EQ(test, got[i],
					    (void *)ddi_devmap_segmap);
			break;
		case '0':
			KUNIT_ASSERT_NOT_NULL_MSG(test, got[i], "%s, slot %d",
						  style->name, i);
			KUNIT_EXPECT_EQ_MSG(test, 0, cb_returns(cb, i),
					    "%s, slot %d", style->name, i);
			break;
		default:
			KUNIT_EXPECT_NULL_MSG(test, got[i], "%s, slot %d",
					      style->name, i);
		}
	}
}

static void check_dev(struct kunit *test, const struct style *style,
		      const struct dev_ops *ops)
{
	void *const got[] = {
		ops->devo_getinfo, ops->devo_probe, ops->devo_attach,
		ops->devo_detach, ops->devo_quiesce,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(got); i++) {
		switch (style->dev[i]) {
		case 'D':
			KUNIT_EXPECT_PTR_EQ_MSG(test, got[i], style_dev[i],
						"%s, slot %d", style->name, i);
			break;
		case 'Q':
			KUNIT_EXPECT_PTR_EQ(test, got[i],
					    (void *)ddi_quiesce_not_needed);
			break;
		case '0':
		case 'X':
			KUNIT_ASSERT_NOT_NULL_MSG(test, got[i], "%s, slot %d",
						  style->name, i);
			KUNIT_EXPECT_EQ_MSG(test, dev_returns(ops, i),
					    style->dev[i] == '0' ? 0 : ENXIO,
					    "%s, slot %d", style->name, i);
			break;
		default:
			KUNIT_EXPECT_NULL_MSG(test, got[i], "%s, slot %d",
					      style->name, i);
		}
	}
}

/* Whether a mapping goes to the framework is up to these. */
static void check_map(struct kunit *test, const struct ddi_driver *driver)
{
	const struct devmap_dev_ops *map = &driver->map_ops;

	KUNIT_EXPECT_PTR_EQ(test, map->devmap, driver->cb.cb_devmap);
	KUNIT_EXPECT_PTR_EQ(test, map->mmap, driver->cb.cb_mmap);
	KUNIT_EXPECT_PTR_EQ(test, map->segmap, driver->cb.cb_segmap);
	KUNIT_EXPECT_EQ(test, map->flag, driver->cb.cb_flag);
}

static void all_styles_are_understood(struct kunit *test)
{
	const struct style *style;
	struct ddi_driver *driver;
	int i, nr = 0;

	for (i = 0; i < nr_styles; i++) {
		style = &styles[i];
		if (!style->dev_ops)
			continue;
		driver = new_driver(test);
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    devmap_ddi_check_ops(driver,
							 style->dev_ops),
				    "%s", style->name);
		check_cb(test, style, &driver->cb);
		check_dev(test, style, &driver->ops);
		check_map(test, driver);
		nr++;
	}
	KUNIT_EXPECT_EQ(test, 7, nr);
}

static void all_linkages_are_understood(struct kunit *test)
{
	const struct modldrv *ldrv;
	const struct style *style;
	int i, nr = 0;

	for (i = 0; i < nr_styles; i++) {
		style = &styles[i];
		if (!style->linkage)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    devmap_ddi_find_ldrv(style->linkage, &ldrv),
				    "%s", style->name);
		/* A miscellaneous module is no driver. */
		KUNIT_EXPECT_PTR_EQ_MSG(test,
					ldrv ? ldrv->drv_dev_ops : NULL,
					style->dev_ops, "%s", style->name);
		nr++;
	}
	KUNIT_EXPECT_EQ(test, 4, nr);
}

static void others_are_refused(struct kunit *test)
{
	struct ddi_driver *driver = new_driver(test);
	const struct modldrv *ldrv;
	const struct style *style;
	int err;

	for (style = bad_styles; style->name; style++) {
		if (style->linkage)
			err = devmap_ddi_find_ldrv(style->linkage, &ldrv);
		else
			err = devmap_ddi_check_ops(driver, style->dev_ops);
		KUNIT_EXPECT_LT_MSG(test, err, 0, "%s", style->name);
	}
	KUNIT_EXPECT_LT(test, devmap_ddi_check_ops(driver, NULL), 0);
	KUNIT_EXPECT_LT(test, devmap_ddi_find_ldrv(NULL, &ldrv), 0);
}

static void mod_info_describes(struct kunit *test)
{
	struct devmap_ddi_binding binding = { .modname = "xx" };
	struct modlinkage *linkage = styles[0].linkage;
	struct modinfo info;

	KUNIT_EXPECT_NE(test, 0, devmap_ddi_mod_info(&binding, linkage, &info));
	KUNIT_EXPECT_STREQ(test, "xx", info.mi_name);
	KUNIT_EXPECT_STREQ(test, "full", info.mi_linkinfo);
	KUNIT_EXPECT_EQ(test, MODREV_1, info.mi_rev);
	binding.name = "yy";
	KUNIT_EXPECT_NE(test, 0, devmap_ddi_mod_info(&binding, linkage, &info));
	KUNIT_EXPECT_STREQ(test, "yy", info.mi_name);

	/* 0 is failure. */
	KUNIT_EXPECT_EQ(test, 0, devmap_ddi_mod_info(&binding, NULL, &info));
	KUNIT_EXPECT_EQ(test, 0, devmap_ddi_mod_info(&binding, linkage, NULL));
}

static void stubs_return_what_they_should(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ENXIO, nodev());
	KUNIT_EXPECT_EQ(test, 0, nulldev());
	KUNIT_EXPECT_EQ(test, ENXIO, nochpoll(0, 0, 0, NULL, NULL));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_quiesce_not_needed(NULL));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_quiesce_not_supported(NULL));
}

static void sources_mean_what_they_do_on_solaris(struct kunit *test)
{
	char buf[64];

	KUNIT_EXPECT_EQ(test, style_char(), -1);
	KUNIT_EXPECT_EQ(test, style_tail(buf), SIZE_MAX);
}

static struct kunit_case ops_cases[] = {
	KUNIT_CASE(all_styles_are_understood),
	KUNIT_CASE(sources_mean_what_they_do_on_solaris),
	KUNIT_CASE(all_linkages_are_understood),
	KUNIT_CASE(others_are_refused),
	KUNIT_CASE(mod_info_describes),
	KUNIT_CASE(stubs_return_what_they_should),
	{}
};

static struct kunit_suite ops_suite = {
	.name = "devmap_ddi_ops",
	.test_cases = ops_cases,
};

kunit_test_suite(ops_suite);
