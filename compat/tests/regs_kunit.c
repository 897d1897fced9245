// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_regs: register sets, with two devices of QEMU's: "edu", which has
 * one BAR, and "pci-testdev", whose second one is ports.
 */

#include <kunit/test.h>
#include <linux/devmap.h>
#include <linux/ioport.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/vmalloc.h>
#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

#include "../ddi/access.h"

#define EDU_SIZE	0x100000
#define EDU_LIVENESS	4
#define CONF_VENDOR	0x00
#define CONF_DEVICE	0x02
#define CONF_LINE	0x3c	/* nobody's but the firmware's */

static const struct devmap_dev_ops no_ops;

/**
 * struct sets - what a test has
 * @pdev: a PCI device
 * @dip: its instance
 */
struct sets {
	struct pci_dev *pdev;
	dev_info_t *dip;
};

static void put_device_of(void *arg)
{
	struct sets *sets = arg;

	devmap_dev_destroy(sets->dip);
	pci_disable_device(sets->pdev);
	pci_dev_put(sets->pdev);
}

static struct sets *find(struct kunit *test, u16 vendor, u16 device)
{
	struct sets *sets = kunit_kzalloc(test, sizeof(*sets), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sets);
	sets->pdev = pci_get_device(vendor, device, NULL);
	if (!sets->pdev)
		return NULL;
	KUNIT_ASSERT_EQ(test, 0, pci_enable_device(sets->pdev));
	sets->dip = devmap_dev_create(&sets->pdev->dev, 0, &no_ops);
	KUNIT_ASSERT_FALSE(test, IS_ERR(sets->dip));
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_device_of, sets));
	return sets;
}

static struct sets *find_edu(struct kunit *test)
{
	struct sets *sets = find(test, 0x1234, 0x11e8);

	if (!sets)
		kunit_skip(test, "the machine has no edu device");
	return sets;
}

static struct sets *find_testdev(struct kunit *test)
{
	struct sets *sets = find(test, 0x1b36, 0x0005);

	if (!sets)
		kunit_skip(test, "the machine has no pci-testdev device");
	return sets;
}

/* The mapping, or what ddi_regs_map_setup(9F) returned. */
static int map(dev_info_t *dip, uint_t rnumber, offset_t offset, offset_t len,
	       caddr_t *addr, ddi_acc_handle_t *handle)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
		.devacc_attr_endian_flags = DDI_STRUCTURE_LE_ACC,
		.devacc_attr_dataorder = DDI_STRICTORDER_ACC,
	};

	return ddi_regs_map_setup(dip, rnumber, addr, offset, len, &attr,
				  handle);
}

static off_t size_of(dev_info_t *dip, uint_t rnumber)
{
	off_t size = 77;

	if (ddi_dev_regsize(dip, rnumber, &size) != DDI_SUCCESS)
		return size == 77 ? -1 : -2;
	return size;
}

static void regs_numbers(struct kunit *test)
{
	dev_info_t *edu = find_edu(test)->dip;
	dev_info_t *testdev = find_testdev(test)->dip;
	int nr = 0;

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_dev_nregs(edu, &nr));
	KUNIT_EXPECT_EQ(test, 2, nr);
	KUNIT_EXPECT_GE(test, size_of(edu, 0), 256);
	KUNIT_EXPECT_EQ(test, EDU_SIZE, size_of(edu, 1));
	KUNIT_EXPECT_EQ(test, -1, size_of(edu, 2));
	KUNIT_EXPECT_EQ(test, -1, size_of(edu, 7));
	KUNIT_EXPECT_EQ(test, -1, size_of(edu, ~0));

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_dev_nregs(testdev, &nr));
	KUNIT_EXPECT_EQ(test, 3, nr);
	KUNIT_EXPECT_EQ(test, PAGE_SIZE, size_of(testdev, 1));
	KUNIT_EXPECT_EQ(test, 256, size_of(testdev, 2));
	KUNIT_EXPECT_EQ(test, -1, size_of(testdev, 3));
}

/* A device without registers, and no device. */
static void regs_none(struct kunit *test)
{
	ddi_acc_handle_t handle;
	dev_info_t *dip;
	caddr_t addr;
	int nr = 77;

	dip = devmap_dev_create(NULL, 0, &no_ops);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dip));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_dev_nregs(dip, &nr));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_dev_nregs(NULL, &nr));
	KUNIT_EXPECT_EQ(test, 77, nr);
	KUNIT_EXPECT_EQ(test, -1, size_of(dip, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, map(dip, 0, 0, 0, &addr, &handle));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, map(NULL, 1, 0, 0, &addr, &handle));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, pci_config_setup(dip, &handle));
	devmap_dev_destroy(dip);
}

/* On other buses, memory counts from 0, and all else does not count. */
static void regs_platform(struct kunit *test)
{
	static const struct resource resources[] = {
		DEFINE_RES_IRQ(5),
		DEFINE_RES_MEM(0x1000, 0x10),
		DEFINE_RES_IO(0x300, 8),
		DEFINE_RES_MEM(0x100000000, 0x3000),
	};
	struct platform_device *pdev;
	ddi_acc_handle_t handle;
	dev_info_t *dip;
	int nr = 0;

	pdev = platform_device_alloc("devmap_kunit", PLATFORM_DEVID_NONE);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	/* Not added: nobody is to see the addresses. */
	pdev->dev.bus = &platform_bus_type;
	KUNIT_EXPECT_EQ(test, 0,
			platform_device_add_resources(pdev, resources,
						      ARRAY_SIZE(resources)));
	dip = devmap_dev_create(&pdev->dev, 0, &no_ops);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dip));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_dev_nregs(dip, &nr));
	KUNIT_EXPECT_EQ(test, 2, nr);
	KUNIT_EXPECT_EQ(test, 0x10, size_of(dip, 0));
	KUNIT_EXPECT_EQ(test, 0x3000, size_of(dip, 1));
	KUNIT_EXPECT_EQ(test, -1, size_of(dip, 2));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, pci_config_setup(dip, &handle));
	devmap_dev_destroy(dip);
	platform_device_put(pdev);
}

static void regs_map(struct kunit *test)
{
	dev_info_t *dip = find_edu(test)->dip;
	ddi_acc_handle_t handle, second;
	caddr_t addr, part;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, map(dip, 1, 0, 0, &addr, &handle));
	KUNIT_EXPECT_EQ(test, 0x010000ed,
			ddi_get32(handle, (u32 *)addr) & 0xff00ffff);
	ddi_put32(handle, (u32 *)(addr + EDU_LIVENESS), 0x12345678);
	KUNIT_EXPECT_EQ(test, ~0x12345678U,
			ddi_get32(handle, (u32 *)(addr + EDU_LIVENESS)));

	/* Once more, and only a part of it. */
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(dip, 1, EDU_LIVENESS, 4, &part, &second));
	KUNIT_EXPECT_EQ(test, ~0x12345678U, ddi_get32(second, (u32 *)part));
	KUNIT_EXPECT_EQ(test, ~0U, ddi_get32(second, (u32 *)part + 1));
	ddi_regs_map_free(&handle);
	KUNIT_EXPECT_NULL(test, handle);
	KUNIT_EXPECT_EQ(test, ~0x12345678U, ddi_get32(second, (u32 *)part));
	ddi_regs_map_free(&second);
}

/* A device whose bytes are the other way round. */
static void regs_map_big_endian(struct kunit *test)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
		.devacc_attr_endian_flags = DDI_STRUCTURE_BE_ACC,
		.devacc_attr_dataorder = DDI_STRICTORDER_ACC,
	};
	dev_info_t *dip = find_edu(test)->dip;
	ddi_acc_handle_t handle;
	caddr_t addr;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			ddi_regs_map_setup(dip, 1, &addr, 0, 0, &attr,
					   &handle));
	KUNIT_EXPECT_EQ(test, 0xed000001,
			ddi_get32(handle, (u32 *)addr) & 0xffff00ff);
	ddi_regs_map_free(&handle);

	attr.devacc_attr_endian_flags = 0x55;
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_regs_map_setup(dip, 1, &addr, 0, 0, &attr,
					   &handle));
}

struct range_case {
	const char *name;
	uint_t rnumber;
	offset_t offset;
	offset_t len;
	bool ok;
};

static const struct range_case range_cases[] = {
	{ "all", 1, 0, 0, true },
	{ "all, with its length", 1, 0, EDU_SIZE, true },
	{ "from somewhere to the end", 1, 0x1000, 0, true },
	{ "the last byte", 1, EDU_SIZE - 1, 1, true },
	{ "the last byte to the end", 1, EDU_SIZE - 1, 0, true },
	{ "behind the end", 1, EDU_SIZE, 0, false },
	{ "behind the end, a byte", 1, EDU_SIZE, 1, false },
	{ "a byte too many", 1, 0, EDU_SIZE + 1, false },
	{ "a byte too many at the end", 1, EDU_SIZE - 4, 5, false },
	{ "a negative offset", 1, -1, 0, false },
	{ "a negative offset and length", 1, -4096, 4096, false },
	{ "a negative length", 1, 0, -1, false },
	{ "no end", 1, 0x1000, S64_MAX, false },
	{ "far away", 1, S64_MAX, 1, false },
	{ "no such set", 2, 0, 0, false },
	{ "no such BAR", 7, 0, 0, false },
	{ "no such number", ~0, 0, 0, false },
	{ "configuration space", 0, 0, 0, true },
	{ "a part of configuration space", 0, 0x10, 4, true },
	{ "behind configuration space", 0, 0x10000, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(range, range_cases, name);

static void regs_range(struct kunit *test)
{
	const struct range_case *c = test->param_value;
	dev_info_t *dip = find_edu(test)->dip;
	ddi_acc_handle_t handle = NULL;
	caddr_t addr;

	KUNIT_EXPECT_EQ(test, c->ok ? DDI_SUCCESS : DDI_FAILURE,
			map(dip, c->rnumber, c->offset, c->len, &addr,
			    &handle));
	if (handle)
		ddi_regs_map_free(&handle);
}

/* The test header of pci-testdev. */
static void talk_to_testdev(struct kunit *test, ddi_acc_handle_t handle,
			    caddr_t addr, const char *name)
{
	char got[16] = "";
	u32 count;

	ddi_put8(handle, (u8 *)addr, 0);
	KUNIT_EXPECT_EQ(test, 1, ddi_get8(handle, (u8 *)addr + 1));
	count = ddi_get32(handle, (u32 *)(addr + 12));
	ddi_put8(handle, (u8 *)addr + ddi_get32(handle, (u32 *)(addr + 4)),
		 ddi_get32(handle, (u32 *)(addr + 8)));
	KUNIT_EXPECT_EQ(test, count + 1, ddi_get32(handle, (u32 *)(addr + 12)));
	ddi_rep_get8(handle, (u8 *)got, (u8 *)addr + 16, strlen(name),
		     DDI_DEV_AUTOINCR);
	KUNIT_EXPECT_STREQ(test, got, name);
}

static void regs_ports(struct kunit *test)
{
	dev_info_t *dip = find_testdev(test)->dip;
	ddi_acc_handle_t handle;
	caddr_t addr;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, map(dip, 1, 0, 0, &addr, &handle));
	talk_to_testdev(test, handle, addr, "mmio");
	ddi_regs_map_free(&handle);
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, map(dip, 2, 0, 0, &addr, &handle));
	talk_to_testdev(test, handle, addr, "portio");
	KUNIT_EXPECT_EQ(test, 0xff, ddi_get8(handle, (u8 *)addr + 256));
	KUNIT_EXPECT_EQ(test, ddi_get64(handle, (u64 *)addr + 2),
			ddi_get32(handle, (u32 *)addr + 4) |
			(u64)ddi_get32(handle, (u32 *)addr + 5) << 32);
	ddi_regs_map_free(&handle);

	/* Without a handle there are no ports. */
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_map_regs(dip, 2, &addr, 0, 0));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, map(dip, 2, 0, 0, &addr, &handle));
	ddi_regs_map_free(&handle);
}

static void regs_old(struct kunit *test)
{
	dev_info_t *dip = find_edu(test)->dip;
	caddr_t addr = NULL, part = NULL;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, ddi_map_regs(dip, 1, &addr, 0, 0));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			ddi_map_regs(dip, 1, &part, EDU_LIVENESS, 4));
	WRITE_ONCE(*(u32 *)(addr + EDU_LIVENESS), 0x55667788);
	KUNIT_EXPECT_EQ(test, READ_ONCE(*(u32 *)part), ~0x55667788U);
	ddi_unmap_regs(dip, 1, &addr, 0, 0);
	KUNIT_EXPECT_NULL(test, addr);
	KUNIT_EXPECT_EQ(test, READ_ONCE(*(u32 *)part), ~0x55667788U);
	ddi_unmap_regs(dip, 1, &part, EDU_LIVENESS, 4);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_map_regs(dip, 1, &addr, 0, EDU_SIZE + 1));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_map_regs(dip, 5, &addr, 0, 0));
	/* Nothing but a remark. */
	part = (caddr_t)test;
	ddi_unmap_regs(dip, 1, &part, 0, 0);
}

/* Others have it, or have it no longer. */
static void regs_conflict(struct kunit *test)
{
	struct sets *edu = find_edu(test), *twin = find_edu(test);
	struct pci_dev *pdev = edu->pdev;
	ddi_acc_handle_t handle, second;
	caddr_t addr;

	KUNIT_ASSERT_EQ(test, 0, pci_request_region(pdev, 0, "kunit"));
	KUNIT_EXPECT_EQ(test, DDI_REGS_ACC_CONFLICT,
			map(edu->dip, 1, 0, 0, &addr, &handle));
	/* Configuration space is nobody's. */
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			map(edu->dip, 0, 0, 0, &addr, &handle));
	ddi_regs_map_free(&handle);
	pci_release_region(pdev, 0);

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(edu->dip, 1, 0, 0, &addr, &handle));
	KUNIT_EXPECT_EQ(test, -EBUSY, pci_request_region(pdev, 0, "kunit"));
	KUNIT_EXPECT_EQ(test, DDI_REGS_ACC_CONFLICT,
			map(twin->dip, 1, 0, 0, &addr, &second));
	ddi_regs_map_free(&handle);
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(twin->dip, 1, 0, 0, &addr, &second));
	ddi_regs_map_free(&second);
	KUNIT_ASSERT_EQ(test, 0, pci_request_region(pdev, 0, "kunit"));
	pci_release_region(pdev, 0);
}

static void regs_config(struct kunit *test)
{
	dev_info_t *dip = find_edu(test)->dip;
	ddi_acc_handle_t handle, regs;
	caddr_t addr;
	u8 line;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS, pci_config_setup(dip, &handle));
	KUNIT_EXPECT_EQ(test, 0x1234, pci_config_get16(handle, CONF_VENDOR));
	KUNIT_EXPECT_EQ(test, 0x11e8, pci_config_get16(handle, CONF_DEVICE));
	KUNIT_EXPECT_EQ(test, 0x34, pci_config_get8(handle, CONF_VENDOR));
	KUNIT_EXPECT_EQ(test, 0x11e81234, pci_config_get32(handle, CONF_VENDOR));
	KUNIT_EXPECT_EQ(test, pci_config_get64(handle, 0),
			0x11e81234 | (u64)pci_config_get32(handle, 4) << 32);
	KUNIT_EXPECT_EQ(test, U8_MAX, pci_config_get8(handle, 0x10000));
	KUNIT_EXPECT_EQ(test, U32_MAX, pci_config_get32(handle, -4));
	KUNIT_EXPECT_EQ(test, U16_MAX, pci_config_get16(NULL, 0));

	line = pci_config_get8(handle, CONF_LINE);
	pci_config_put8(handle, CONF_LINE, line ^ 0x5a);
	KUNIT_EXPECT_EQ(test, line ^ 0x5a, pci_config_get8(handle, CONF_LINE));
	pci_config_put8(handle, CONF_LINE, line);
	/* These cannot be written. */
	pci_config_put16(handle, CONF_VENDOR, 0);
	pci_config_put32(handle, CONF_VENDOR, 0);
	pci_config_put64(handle, CONF_VENDOR, pci_config_get64(handle, 0));
	KUNIT_EXPECT_EQ(test, 0x1234, pci_config_get16(handle, CONF_VENDOR));

	/* As a register set, it is the same. */
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(dip, 0, CONF_DEVICE, 4, &addr, &regs));
	KUNIT_EXPECT_EQ(test, 0x11e8, ddi_get16(regs, (u16 *)addr));
	ddi_regs_map_free(&regs);
	pci_config_teardown(&handle);
	KUNIT_EXPECT_NULL(test, handle);
}

/* The driver keeps its handles longer than the device is there. */
static void regs_gone(struct kunit *test)
{
	struct sets *edu = find_edu(test), *twin = find_edu(test);
	ddi_acc_handle_t handle, config, other;
	caddr_t addr, there;
	s32 value;

	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(edu->dip, 1, 0, 0, &addr, &handle));
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			pci_config_setup(edu->dip, &config));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			ddi_peek32(edu->dip, (s32 *)addr, &value));
	devmap_regs_leave(edu->dip, false);
	/* Linux takes its time to flush what it has unmapped from the TLB. */
	vm_unmap_aliases();

	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_check_acc_handle(handle));
	KUNIT_EXPECT_EQ(test, ~0U, ddi_get32(handle, (u32 *)addr));
	KUNIT_EXPECT_EQ(test, U8_MAX, ddi_get8(handle, (u8 *)addr));
	ddi_put32(handle, (u32 *)(addr + EDU_LIVENESS), 1);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_peek32(edu->dip, (s32 *)addr, &value));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_poke32(edu->dip, (s32 *)addr, 1));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_check_acc_handle(config));
	KUNIT_EXPECT_EQ(test, U16_MAX, pci_config_get16(config, CONF_VENDOR));
	pci_config_put8(config, CONF_LINE, 0x77);

	/* Whoever comes after it can have the set. */
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(twin->dip, 1, 0, 0, &there, &other));
	ddi_regs_map_free(&handle);
	pci_config_teardown(&config);
	KUNIT_EXPECT_EQ(test, 0x010000ed,
			ddi_get32(other, (u32 *)there) & 0xff00ffff);
	/* What a driver forgets is cleaned up. */
	devmap_regs_leave(twin->dip, true);
	KUNIT_ASSERT_EQ(test, DDI_SUCCESS,
			map(edu->dip, 1, 0, 0, &addr, &handle));
	ddi_regs_map_free(&handle);
}

static struct kunit_case regs_cases[] = {
	KUNIT_CASE(regs_numbers),
	KUNIT_CASE(regs_none),
	KUNIT_CASE(regs_platform),
	KUNIT_CASE(regs_map),
	KUNIT_CASE(regs_map_big_endian),
	KUNIT_CASE_PARAM(regs_range, range_gen_params),
	KUNIT_CASE(regs_ports),
	KUNIT_CASE(regs_old),
	KUNIT_CASE(regs_conflict),
	KUNIT_CASE(regs_config),
	KUNIT_CASE(regs_gone),
	{}
};

static struct kunit_suite regs_suite = {
	.name = "devmap_regs",
	.test_cases = regs_cases,
};

kunit_test_suite(regs_suite);
