// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_layout: the numbers of constants and the order of members that
 * drivers were compiled with, and the macros that became functions.
 */

#include <kunit/test.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <sys/conf.h>
#include <sys/ddi.h>
#include <sys/modctl.h>
#include <sys/sunddi.h>
#include <vm/faultcode.h>

struct constant {
	const char *name;
	long long has;
	long long is;
};

#define C(constant, value)	{ #constant, constant, value }

static const struct constant constants[] = {
	/* Accesses. */
	C(DEVMAP_ACCESS, 0), C(DEVMAP_PROT, 1), C(DEVMAP_LOCK, 2),
	C(DEVMAP_UNLOCK, 3),
	C(DEVMAP_OTHER, 0), C(DEVMAP_READ, 1), C(DEVMAP_WRITE, 2),
	C(DEVMAP_EXEC, 3), C(DEVMAP_CREATE, 4),
	/* Setup. */
	C(DEVMAP_OPS_REV, 1), C(DEVMAP_DEFAULTS, 0),
	C(DEVMAP_MAPPING_INVALID, 0x01), C(DEVMAP_ALLOW_REMAP, 0x02),
	C(DEVMAP_USE_PAGESIZE, 0x04), C(DEVMAP_SETUP_FLAGS, 0x07),
	C(IOMEM_DATA_CACHED, 0x10000), C(IOMEM_DATA_UC_WR_COMBINE, 0x20000),
	C(IOMEM_DATA_UNCACHED, 0x40000), C(IOMEM_DATA_MASK, 0xf0000),
	/* Memory. */
	C(DDI_UMEM_SLEEP, 0), C(DDI_UMEM_NOSLEEP, 0x01),
	C(DDI_UMEM_PAGEABLE, 0x02), C(DDI_UMEM_TRASH, 0x04),
	C(DDI_UMEMLOCK_READ, 0x01), C(DDI_UMEMLOCK_WRITE, 0x02),
	C(DDI_UMEMLOCK_LONGTERM, 0x04), C(UMEM_CALLBACK_VERSION, 1),
	C(KMEM_PAGEABLE, 0x100), C(KMEM_NON_PAGEABLE, 0x200),
	C(UMEM_LOCKED, 0x400), C(UMEM_TRASH, 0x800),
	/* Protections and kinds of mappings. */
	C(PROT_NONE, 0), C(PROT_READ, 1), C(PROT_WRITE, 2), C(PROT_EXEC, 4),
	C(PROT_USER, 8), C(PROT_ALL, 0xf),
	C(MAP_SHARED, 1), C(MAP_PRIVATE, 2), C(MAP_TYPE, 0xf),
	C(MAP_FIXED, 0x10),
	/* Return codes. */
	C(DDI_SUCCESS, 0), C(DDI_FAILURE, -1), C(DDI_NOT_WELL_FORMED, -2),
	C(DDI_EAGAIN, -3), C(DDI_EINVAL, -4), C(DDI_ENOTSUP, -5),
	C(DDI_EPENDING, -6), C(DDI_ENOMEM, 1), C(DDI_EBUSY, 2),
	C(DDI_ETRANSPORT, 3), C(DDI_ECONTEXT, 4),
	/* Data models. */
	C(DDI_MODEL_MASK, 0x0ff00000), C(DDI_MODEL_ILP32, 0x00100000),
	C(DDI_MODEL_LP64, 0x00200000), C(DDI_MODEL_NONE, 0),
	C(DDI_MODEL_NATIVE, sizeof(long) == 8 ? 0x00200000 : 0x00100000),
	/* Access attributes. */
	C(DDI_DEVICE_ATTR_V0, 1), C(DDI_DEVICE_ATTR_V1, 2),
	C(DDI_NEVERSWAP_ACC, 0), C(DDI_STRUCTURE_LE_ACC, 1),
	C(DDI_STRUCTURE_BE_ACC, 2),
	C(DDI_STRICTORDER_ACC, 0), C(DDI_UNORDERED_OK_ACC, 1),
	C(DDI_MERGING_OK_ACC, 2), C(DDI_LOADCACHING_OK_ACC, 3),
	C(DDI_STORECACHING_OK_ACC, 4),
	C(DDI_DEFAULT_ACC, 1), C(DDI_FLAGERR_ACC, 2), C(DDI_CAUTIOUS_ACC, 3),
	/* Drivers. */
	C(D_NEW, 0), C(D_HOTPLUG, 0x4), C(D_TAPE, 0x8), C(D_MTSAFE, 0x20),
	C(D_MP, 0x20), C(D_DEVMAP, 0x100), C(D_64BIT, 0x200),
	C(D_SYNCSTR, 0x400), C(D_U64BIT, 0x40000),
	C(D_OPEN_RETURNS_EINTR, 0x100000),
	C(CB_REV, 1), C(DEVO_REV, 4), C(MODREV_1, 1), C(MAPDEV_REV, 1),
	C(MODMAXNAMELEN, 32), C(MODMAXLINKINFOLEN, 32),
	C(DDI_ATTACH, 0), C(DDI_RESUME, 1), C(DDI_PM_RESUME, 2),
	C(DDI_DETACH, 0), C(DDI_SUSPEND, 1), C(DDI_PM_SUSPEND, 2),
	C(DDI_HOTPLUG_DETACH, 3),
	C(DDI_INFO_DEVT2DEVINFO, 0), C(DDI_INFO_DEVT2INSTANCE, 1),
	C(DDI_RESET_FORCE, 0),
	C(DDI_PROBE_FAILURE, ENXIO), C(DDI_PROBE_DONTCARE, 0),
	C(DDI_PROBE_PARTIAL, 1), C(DDI_PROBE_SUCCESS, 2),
	/* Fault codes. */
	C(FC_HWERR, 1), C(FC_ALIGN, 2), C(FC_OBJERR, 3), C(FC_PROT, 4),
	C(FC_NOMAP, 5), C(FC_NOSUPPORT, 6),
	C(FC_MAKE_ERR(22), 0x1603), C(FC_CODE(0x1603), 3),
	C(FC_ERRNO(0x1603), 22),
};

static void constants_have_their_numbers(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(constants); i++)
		KUNIT_EXPECT_EQ_MSG(test, constants[i].has, constants[i].is,
				    "%s", constants[i].name);
}

/* That @member comes right after what ends at @end, but for its alignment. */
#define EXPECT_MEMBER(test, type, member, end)				\
	KUNIT_EXPECT_EQ(test, offsetof(type, member),			\
			ALIGN(end, __alignof__(((type *)0)->member)))

#define EXPECT_AFTER(test, type, member, before)			\
	EXPECT_MEMBER(test, type, member, offsetofend(type, before))

static void devmap_callback_ctl_has_its_order(struct kunit *test)
{
	typedef struct devmap_callback_ctl ctl;

	EXPECT_MEMBER(test, ctl, devmap_rev, 0);
	EXPECT_AFTER(test, ctl, devmap_map, devmap_rev);
	EXPECT_AFTER(test, ctl, devmap_access, devmap_map);
	EXPECT_AFTER(test, ctl, devmap_dup, devmap_access);
	EXPECT_AFTER(test, ctl, devmap_unmap, devmap_dup);
	KUNIT_EXPECT_EQ(test, sizeof(ctl), offsetofend(ctl, devmap_unmap));
}

static void ddi_mapdev_ctl_has_its_order(struct kunit *test)
{
	typedef struct ddi_mapdev_ctl ctl;

	EXPECT_MEMBER(test, ctl, mapdev_rev, 0);
	EXPECT_AFTER(test, ctl, mapdev_access, mapdev_rev);
	EXPECT_AFTER(test, ctl, mapdev_free, mapdev_access);
	EXPECT_AFTER(test, ctl, mapdev_dup, mapdev_free);
	KUNIT_EXPECT_EQ(test, sizeof(ctl), offsetofend(ctl, mapdev_dup));
}

static void ddi_device_acc_attr_has_its_order(struct kunit *test)
{
	typedef ddi_device_acc_attr_t attr;

	EXPECT_MEMBER(test, attr, devacc_attr_version, 0);
	EXPECT_AFTER(test, attr, devacc_attr_endian_flags, devacc_attr_version);
	EXPECT_AFTER(test, attr, devacc_attr_dataorder,
		     devacc_attr_endian_flags);
	EXPECT_AFTER(test, attr, devacc_attr_access, devacc_attr_dataorder);
	KUNIT_EXPECT_EQ(test, sizeof_field(attr, devacc_attr_version), 2);
	KUNIT_EXPECT_EQ(test, offsetofend(attr, devacc_attr_access), 5);
}

static void umem_callback_ops_has_its_order(struct kunit *test)
{
	typedef struct umem_callback_ops ops;

	EXPECT_MEMBER(test, ops, cbo_umem_callback_version, 0);
	EXPECT_AFTER(test, ops, cbo_umem_lock_cleanup,
		     cbo_umem_callback_version);
	KUNIT_EXPECT_EQ(test, sizeof(ops),
			offsetofend(ops, cbo_umem_lock_cleanup));
}

static void cb_ops_has_its_order(struct kunit *test)
{
	typedef struct cb_ops ops;

	EXPECT_MEMBER(test, ops, cb_open, 0);
	EXPECT_AFTER(test, ops, cb_close, cb_open);
	EXPECT_AFTER(test, ops, cb_strategy, cb_close);
	EXPECT_AFTER(test, ops, cb_print, cb_strategy);
	EXPECT_AFTER(test, ops, cb_dump, cb_print);
	EXPECT_AFTER(test, ops, cb_read, cb_dump);
	EXPECT_AFTER(test, ops, cb_write, cb_read);
	EXPECT_AFTER(test, ops, cb_ioctl, cb_write);
	EXPECT_AFTER(test, ops, cb_devmap, cb_ioctl);
	EXPECT_AFTER(test, ops, cb_mmap, cb_devmap);
	EXPECT_AFTER(test, ops, cb_segmap, cb_mmap);
	EXPECT_AFTER(test, ops, cb_chpoll, cb_segmap);
	EXPECT_AFTER(test, ops, cb_prop_op, cb_chpoll);
	EXPECT_AFTER(test, ops, cb_str, cb_prop_op);
	EXPECT_AFTER(test, ops, cb_flag, cb_str);
	EXPECT_AFTER(test, ops, cb_rev, cb_flag);
	EXPECT_AFTER(test, ops, cb_aread, cb_rev);
	EXPECT_AFTER(test, ops, cb_awrite, cb_aread);
	KUNIT_EXPECT_EQ(test, sizeof(ops), offsetofend(ops, cb_awrite));
}

static void dev_ops_has_its_order(struct kunit *test)
{
	typedef struct dev_ops ops;

	EXPECT_MEMBER(test, ops, devo_rev, 0);
	EXPECT_AFTER(test, ops, devo_refcnt, devo_rev);
	EXPECT_AFTER(test, ops, devo_getinfo, devo_refcnt);
	EXPECT_AFTER(test, ops, devo_identify, devo_getinfo);
	EXPECT_AFTER(test, ops, devo_probe, devo_identify);
	EXPECT_AFTER(test, ops, devo_attach, devo_probe);
	EXPECT_AFTER(test, ops, devo_detach, devo_attach);
	EXPECT_AFTER(test, ops, devo_reset, devo_detach);
	EXPECT_AFTER(test, ops, devo_cb_ops, devo_reset);
	EXPECT_AFTER(test, ops, devo_bus_ops, devo_cb_ops);
	EXPECT_AFTER(test, ops, devo_power, devo_bus_ops);
	EXPECT_AFTER(test, ops, devo_quiesce, devo_power);
	KUNIT_EXPECT_EQ(test, sizeof(ops), offsetofend(ops, devo_quiesce));
}

static void linkage_has_its_order(struct kunit *test)
{
	typedef struct modldrv drv;
	typedef struct modlinkage linkage;

	EXPECT_MEMBER(test, drv, drv_modops, 0);
	EXPECT_AFTER(test, drv, drv_linkinfo, drv_modops);
	EXPECT_AFTER(test, drv, drv_dev_ops, drv_linkinfo);
	KUNIT_EXPECT_EQ(test, sizeof(drv), offsetofend(drv, drv_dev_ops));

	EXPECT_MEMBER(test, linkage, ml_rev, 0);
	EXPECT_AFTER(test, linkage, ml_linkage, ml_rev);
	/* A driver's own, and the NULL behind it, at the least. */
	KUNIT_EXPECT_GE(test, ARRAY_SIZE(((linkage *)0)->ml_linkage), 4);
	KUNIT_EXPECT_EQ(test, sizeof(linkage),
			offsetofend(linkage, ml_linkage));
}

static void types_have_their_sizes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(offset_t), 8);
	KUNIT_EXPECT_LT(test, (offset_t)-1, 0);
	KUNIT_EXPECT_EQ(test, sizeof(off_t), sizeof(long));
	KUNIT_EXPECT_LT(test, (off_t)-1, 0);
	KUNIT_EXPECT_LT(test, (clock_t)-1, 0);
	KUNIT_EXPECT_EQ(test, sizeof(model_t), sizeof(uint_t));
	KUNIT_EXPECT_EQ(test, sizeof(uchar_t), 1);
	KUNIT_EXPECT_EQ(test, sizeof(ushort_t), 2);
	KUNIT_EXPECT_EQ(test, sizeof(ulong_t), sizeof(long));
}

static void pages_and_bytes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, btop(0), 0);
	KUNIT_EXPECT_EQ(test, btop(PAGE_SIZE - 1), 0);
	KUNIT_EXPECT_EQ(test, btop(PAGE_SIZE), 1);
	KUNIT_EXPECT_EQ(test, btop(3 * PAGE_SIZE + 1), 3);
	KUNIT_EXPECT_EQ(test, btop(ULONG_MAX), ULONG_MAX / PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, btopr(0), 0);
	KUNIT_EXPECT_EQ(test, btopr(1), 1);
	KUNIT_EXPECT_EQ(test, btopr(PAGE_SIZE), 1);
	KUNIT_EXPECT_EQ(test, btopr(PAGE_SIZE + 1), 2);
	KUNIT_EXPECT_EQ(test, btopr(ULONG_MAX), ULONG_MAX / PAGE_SIZE + 1);

	KUNIT_EXPECT_EQ(test, ptob(0), 0);
	KUNIT_EXPECT_EQ(test, ptob(1), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ptob(5), 5 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ptob(btopr(PAGE_SIZE + 1)), 2 * PAGE_SIZE);
}

static void parts_of_device_numbers(struct kunit *test)
{
	dev_t dev = makedevice(10, 0x12345);

	KUNIT_EXPECT_EQ(test, dev, MKDEV(10, 0x12345));
	KUNIT_EXPECT_EQ(test, getmajor(dev), 10);
	KUNIT_EXPECT_EQ(test, getminor(dev), 0x12345);
	KUNIT_EXPECT_EQ(test, makedevice(getmajor(dev), getminor(dev)), dev);
	KUNIT_EXPECT_EQ(test, getmajor(makedevice(0, 7)), 0);
	KUNIT_EXPECT_EQ(test, getminor(makedevice(7, 0)), 0);
	KUNIT_EXPECT_EQ(test, makedevice(10, MINORMASK), MKDEV(10, MINORMASK));
	KUNIT_EXPECT_EQ(test, makedevice(10, MINORMASK + 1), (dev_t)-1);
	KUNIT_EXPECT_EQ(test, makedevice(10, 0xffffffff), (dev_t)-1);
}

static struct kunit_case layout_cases[] = {
	KUNIT_CASE(constants_have_their_numbers),
	KUNIT_CASE(devmap_callback_ctl_has_its_order),
	KUNIT_CASE(ddi_mapdev_ctl_has_its_order),
	KUNIT_CASE(ddi_device_acc_attr_has_its_order),
	KUNIT_CASE(umem_callback_ops_has_its_order),
	KUNIT_CASE(cb_ops_has_its_order),
	KUNIT_CASE(dev_ops_has_its_order),
	KUNIT_CASE(linkage_has_its_order),
	KUNIT_CASE(types_have_their_sizes),
	KUNIT_CASE(pages_and_bytes),
	KUNIT_CASE(parts_of_device_numbers),
	{}
};

static struct kunit_suite layout_suite = {
	.name = "devmap_layout",
	.test_cases = layout_cases,
};

kunit_test_suite(layout_suite);
