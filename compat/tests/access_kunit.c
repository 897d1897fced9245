// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_access: registers through a handle, with memory as the device. What
 * has to come out is put together from the bytes, one by one.
 */

#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

#include "../ddi/access.h"

#define SIZE	64
#define GUARD	8	/* bytes behind it that are nobody's */

/**
 * struct device_memory - a device
 * @acc: a handle on @bytes
 * @bytes: its registers, and a guard
 */
struct device_memory {
	struct devmap_acc acc;
	u8 bytes[SIZE + GUARD] __aligned(8);
};

static struct device_memory *new_device(struct kunit *test, uchar_t order)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
		.devacc_attr_endian_flags = order,
	};
	struct device_memory *dev;
	int i;

	dev = kunit_kzalloc(test, sizeof(*dev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	dev->acc.kind = DEVMAP_ACC_MEMORY;
	dev->acc.base = (__force void __iomem *)dev->bytes;
	dev->acc.len = SIZE;
	KUNIT_ASSERT_EQ(test, 0, devmap_acc_set_attr(&dev->acc, &attr));
	for (i = 0; i < SIZE + GUARD; i++)
		dev->bytes[i] = 0x81 + 3 * i;
	return dev;
}

static bool is_big(uchar_t order)
{
	return order == DDI_STRUCTURE_BE_ACC ||
	       (order == DDI_NEVERSWAP_ACC &&
		IS_ENABLED(CONFIG_CPU_BIG_ENDIAN));
}

/* The number that @n bytes are. */
static u64 number(const u8 *bytes, int n, bool big)
{
	u64 value = 0;
	int i;

	for (i = 0; i < n; i++)
		value |= (u64)bytes[big ? n - 1 - i : i] << 8 * i;
	return value;
}

struct order_case {
	const char *name;
	uchar_t order;
};

static const struct order_case order_cases[] = {
	{ "NEVERSWAP", DDI_NEVERSWAP_ACC },
	{ "LE", DDI_STRUCTURE_LE_ACC },
	{ "BE", DDI_STRUCTURE_BE_ACC },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, name);

static void access_get(struct kunit *test)
{
	const struct order_case *c = test->param_value;
	struct device_memory *dev = new_device(test, c->order);
	bool big = is_big(c->order);
	u8 *at = dev->bytes;
	int off;

	for (off = 0; off < SIZE; off += 8) {
		KUNIT_EXPECT_EQ(test, ddi_get8(&dev->acc, at + off), at[off]);
		KUNIT_EXPECT_EQ(test, ddi_get16(&dev->acc, (u16 *)(at + off)),
				number(at + off, 2, big));
		KUNIT_EXPECT_EQ(test, ddi_get32(&dev->acc, (u32 *)(at + off)),
				number(at + off, 4, big));
		KUNIT_EXPECT_EQ(test, ddi_get64(&dev->acc, (u64 *)(at + off)),
				number(at + off, 8, big));
	}
}

static void access_put(struct kunit *test)
{
	const struct order_case *c = test->param_value;
	struct device_memory *dev = new_device(test, c->order);
	bool big = is_big(c->order);
	u8 before[SIZE + GUARD], *at = dev->bytes;

	memcpy(before, at, sizeof(before));
	ddi_put8(&dev->acc, at + 1, 0x12);
	KUNIT_EXPECT_EQ(test, at[1], 0x12);
	ddi_put16(&dev->acc, (u16 *)(at + 8), 0x1234);
	KUNIT_EXPECT_EQ(test, number(at + 8, 2, big), 0x1234);
	ddi_put32(&dev->acc, (u32 *)(at + 16), 0x12345678);
	KUNIT_EXPECT_EQ(test, number(at + 16, 4, big), 0x12345678);
	ddi_put64(&dev->acc, (u64 *)(at + 24), 0x123456789abcdef0);
	KUNIT_EXPECT_EQ(test, number(at + 24, 8, big), 0x123456789abcdef0);

	/* Nothing else. */
	KUNIT_EXPECT_EQ(test, at[0], before[0]);
	KUNIT_EXPECT_EQ(test, 0, memcmp(at + 2, before + 2, 6));
	KUNIT_EXPECT_EQ(test, 0, memcmp(at + 10, before + 10, 6));
	KUNIT_EXPECT_EQ(test, 0, memcmp(at + 20, before + 20, 4));
	KUNIT_EXPECT_EQ(test, 0, memcmp(at + 32, before + 32, SIZE + GUARD - 32));
}

static void access_rep(struct kunit *test)
{
	const struct order_case *c = test->param_value;
	struct device_memory *dev = new_device(test, c->order);
	bool big = is_big(c->order);
	u8 *at = dev->bytes, host8[4];
	u16 host16[4];
	u32 host32[4];
	u64 host64[4];
	int i;

	ddi_rep_get8(&dev->acc, host8, at + 3, 4, DDI_DEV_AUTOINCR);
	ddi_rep_get16(&dev->acc, host16, (u16 *)(at + 8), 4, DDI_DEV_AUTOINCR);
	ddi_rep_get32(&dev->acc, host32, (u32 *)(at + 8), 4, DDI_DEV_AUTOINCR);
	ddi_rep_get64(&dev->acc, host64, (u64 *)(at + 8), 4, DDI_DEV_AUTOINCR);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, host8[i], at[3 + i]);
		KUNIT_EXPECT_EQ(test, host16[i], number(at + 8 + 2 * i, 2, big));
		KUNIT_EXPECT_EQ(test, host32[i], number(at + 8 + 4 * i, 4, big));
		KUNIT_EXPECT_EQ(test, host64[i], number(at + 8 + 8 * i, 8, big));
	}
	ddi_rep_get8(&dev->acc, host8, at + 3, 4, DDI_DEV_NO_AUTOINCR);
	ddi_rep_get32(&dev->acc, host32, (u32 *)(at + 8), 4,
		      DDI_DEV_NO_AUTOINCR);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, host8[i], at[3]);
		KUNIT_EXPECT_EQ(test, host32[i], number(at + 8, 4, big));
	}

	for (i = 0; i < 4; i++) {
		host8[i] = 0x10 + i;
		host16[i] = 0x2000 + i;
		host32[i] = 0x30000000 + i;
		host64[i] = 0x4000000000000000 + i;
	}
	ddi_rep_put8(&dev->acc, host8, at, 4, DDI_DEV_AUTOINCR);
	ddi_rep_put16(&dev->acc, host16, (u16 *)(at + 8), 4, DDI_DEV_AUTOINCR);
	ddi_rep_put32(&dev->acc, host32, (u32 *)(at + 16), 4, DDI_DEV_AUTOINCR);
	ddi_rep_put64(&dev->acc, host64, (u64 *)(at + 32), 4, DDI_DEV_AUTOINCR);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, at[i], 0x10 + i);
		KUNIT_EXPECT_EQ(test, number(at + 8 + 2 * i, 2, big), 0x2000 + i);
		KUNIT_EXPECT_EQ(test, number(at + 16 + 4 * i, 4, big),
				0x30000000 + i);
		KUNIT_EXPECT_EQ(test, number(at + 32 + 8 * i, 8, big),
				0x4000000000000000 + i);
	}
	ddi_rep_put16(&dev->acc, host16, (u16 *)(at + 8), 4,
		      DDI_DEV_NO_AUTOINCR);
	KUNIT_EXPECT_EQ(test, number(at + 8, 2, big), 0x2003);
	KUNIT_EXPECT_EQ(test, number(at + 10, 2, big), 0x2001);
}

/* A value is what arrives, whatever the devices' orders are. */
static void access_device_copy(struct kunit *test)
{
	struct device_memory *le = new_device(test, DDI_STRUCTURE_LE_ACC);
	struct device_memory *be = new_device(test, DDI_STRUCTURE_BE_ACC);
	caddr_t from = (caddr_t)le->bytes, to = (caddr_t)be->bytes;
	int i;

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			ddi_device_copy(&le->acc, from, 1, &be->acc, to, 1, 16,
					DDI_DATA_SZ04_ACC));
	for (i = 0; i < 16; i += 4)
		KUNIT_EXPECT_EQ(test, number(le->bytes + i, 4, false),
				number(be->bytes + i, 4, true));
	/* From one place, backwards. */
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			ddi_device_copy(&le->acc, from + 2, 0, &be->acc,
					to + 30, -1, 6, DDI_DATA_SZ02_ACC));
	for (i = 26; i < 32; i += 2)
		KUNIT_EXPECT_EQ(test, number(le->bytes + 2, 2, false),
				number(be->bytes + i, 2, true));
	KUNIT_EXPECT_EQ(test, be->bytes[32], (u8)(0x81 + 3 * 32));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_device_copy(&le->acc, from, 1, &be->acc, to, 1, 6,
					DDI_DATA_SZ04_ACC));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_device_copy(&le->acc, from, 1, &be->acc, to, 1, 6,
					3));
}

static void access_device_zero(struct kunit *test)
{
	struct device_memory *dev = new_device(test, DDI_STRUCTURE_LE_ACC);
	u8 before[SIZE];
	int i;

	memcpy(before, dev->bytes, SIZE);
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS,
			ddi_device_zero(&dev->acc, (caddr_t)dev->bytes + 8, 8,
					2, DDI_DATA_SZ02_ACC));
	for (i = 0; i < SIZE; i++)
		KUNIT_EXPECT_EQ(test, dev->bytes[i],
				i >= 8 && i < 24 && i % 4 < 2 ? 0 : before[i]);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE,
			ddi_device_zero(&dev->acc, (caddr_t)dev->bytes, 7, 1,
					DDI_DATA_SZ02_ACC));
}

/* What the handle does not map it does not touch. */
static void access_beyond(struct kunit *test)
{
	struct device_memory *dev = new_device(test, DDI_STRUCTURE_LE_ACC);
	u8 before[SIZE + GUARD], *at = dev->bytes;

	memcpy(before, at, sizeof(before));
	KUNIT_EXPECT_EQ(test, 0xff, ddi_get8(&dev->acc, at + SIZE));
	KUNIT_EXPECT_EQ(test, 0xffff, ddi_get16(&dev->acc, (u16 *)(at + SIZE - 1)));
	KUNIT_EXPECT_EQ(test, U32_MAX, ddi_get32(&dev->acc, (u32 *)(at + SIZE - 3)));
	KUNIT_EXPECT_EQ(test, U64_MAX, ddi_get64(&dev->acc, (u64 *)(at + SIZE - 7)));
	KUNIT_EXPECT_EQ(test, U64_MAX, ddi_get64(&dev->acc, (u64 *)(at - 1)));
	KUNIT_EXPECT_EQ(test, U32_MAX, ddi_get32(&dev->acc, NULL));
	KUNIT_EXPECT_EQ(test, U32_MAX, ddi_get32(NULL, (u32 *)at));
	ddi_put8(&dev->acc, at + SIZE, 0);
	ddi_put64(&dev->acc, (u64 *)(at + SIZE - 7), 0);
	ddi_put32(&dev->acc, (u32 *)(at + SIZE + GUARD), 0);
	ddi_put32(NULL, (u32 *)at, 0);
	KUNIT_EXPECT_EQ(test, 0, memcmp(at, before, sizeof(before)));
	/* The last ones that are there. */
	KUNIT_EXPECT_EQ(test, at[SIZE - 1], ddi_get8(&dev->acc, at + SIZE - 1));
	KUNIT_EXPECT_EQ(test, number(at + SIZE - 8, 8, false),
			ddi_get64(&dev->acc, (u64 *)(at + SIZE - 8)));
}

/* A device that has gone is all ones, and forgets what it is told. */
static void access_gone(struct kunit *test)
{
	const struct order_case *c = test->param_value;
	struct device_memory *dev = new_device(test, c->order);
	u8 first = dev->bytes[0];

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_check_acc_handle(&dev->acc));
	dev->acc.kind = DEVMAP_ACC_NONE;
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_check_acc_handle(&dev->acc));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_check_acc_handle(NULL));
	KUNIT_EXPECT_EQ(test, U16_MAX, ddi_get16(&dev->acc, (u16 *)dev->bytes));
	KUNIT_EXPECT_EQ(test, U64_MAX, ddi_get64(&dev->acc, (u64 *)dev->bytes));
	ddi_put8(&dev->acc, dev->bytes, ~first);
	KUNIT_EXPECT_EQ(test, first, dev->bytes[0]);
}

static void access_attributes(struct kunit *test)
{
	struct device_memory *dev = new_device(test, DDI_STRUCTURE_BE_ACC);
	ddi_device_acc_attr_t attr = { .devacc_attr_version = 1 };

	KUNIT_EXPECT_EQ(test, 0, devmap_acc_set_attr(&dev->acc, NULL));
	KUNIT_EXPECT_EQ(test, number(dev->bytes, 4, is_big(DDI_NEVERSWAP_ACC)),
			ddi_get32(&dev->acc, (u32 *)dev->bytes));
	attr.devacc_attr_endian_flags = 3;
	KUNIT_EXPECT_EQ(test, -EINVAL, devmap_acc_set_attr(&dev->acc, &attr));
	attr.devacc_attr_endian_flags = DDI_STRUCTURE_LE_ACC;
	attr.devacc_attr_version = DDI_DEVICE_ATTR_V1;
	KUNIT_EXPECT_EQ(test, 0, devmap_acc_set_attr(&dev->acc, &attr));
	attr.devacc_attr_version = 0;
	KUNIT_EXPECT_EQ(test, -EINVAL, devmap_acc_set_attr(&dev->acc, &attr));
	attr.devacc_attr_version = 3;
	KUNIT_EXPECT_EQ(test, -EINVAL, devmap_acc_set_attr(&dev->acc, &attr));
}

/* Where nothing is mapped, and where something is. */
static void access_peek(struct kunit *test)
{
	struct device_memory *dev = new_device(test, DDI_NEVERSWAP_ACC);
	void *at = dev->bytes, *nobody = (void *)(~0UL - PAGE_SIZE + 1);
	s8 v8 = 0x11;
	s16 v16 = 0x11;
	s32 v32 = 0x11;
	s64 v64 = 0x11;

	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_peek8(NULL, nobody, &v8));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_peek16(NULL, nobody, &v16));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_peek32(NULL, nobody, &v32));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_peek64(NULL, nobody, &v64));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_peek32(NULL, NULL, &v32));
	KUNIT_EXPECT_EQ(test, v8 + v16 + v32 + v64, 4 * 0x11);
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_poke8(NULL, nobody, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_poke16(NULL, nobody, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_poke32(NULL, nobody, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_poke64(NULL, nobody, 0));
	KUNIT_EXPECT_EQ(test, DDI_FAILURE, ddi_poke32(NULL, NULL, 0));

	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_peek8(NULL, at, NULL));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_peek8(NULL, at, &v8));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_peek16(NULL, at, &v16));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_peek32(NULL, at, &v32));
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_peek64(NULL, at, &v64));
	KUNIT_EXPECT_EQ(test, (u8)v8, *(u8 *)at);
	KUNIT_EXPECT_EQ(test, (u16)v16, *(u16 *)at);
	KUNIT_EXPECT_EQ(test, (u32)v32, *(u32 *)at);
	KUNIT_EXPECT_EQ(test, (u64)v64, *(u64 *)at);
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_poke64(NULL, at, -2));
	KUNIT_EXPECT_EQ(test, *(s64 *)at, -2);
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_poke32(NULL, at, 0x7f6f5f4f));
	KUNIT_EXPECT_EQ(test, *(s32 *)at, 0x7f6f5f4f);
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_poke16(NULL, at, 0x1122));
	KUNIT_EXPECT_EQ(test, *(s16 *)at, 0x1122);
	KUNIT_EXPECT_EQ(test, DDI_SUCCESS, ddi_poke8(NULL, at, 0x33));
	KUNIT_EXPECT_EQ(test, *(s8 *)at, 0x33);
	KUNIT_EXPECT_EQ(test, ((u8 *)at)[4], 0xff);
}

static struct kunit_case access_cases[] = {
	KUNIT_CASE_PARAM(access_get, order_gen_params),
	KUNIT_CASE_PARAM(access_put, order_gen_params),
	KUNIT_CASE_PARAM(access_rep, order_gen_params),
	KUNIT_CASE(access_device_copy),
	KUNIT_CASE(access_device_zero),
	KUNIT_CASE(access_beyond),
	KUNIT_CASE_PARAM(access_gone, order_gen_params),
	KUNIT_CASE(access_attributes),
	KUNIT_CASE(access_peek),
	{}
};

static struct kunit_suite access_suite = {
	.name = "devmap_access",
	.test_cases = access_cases,
};

kunit_test_suite(access_suite);
