// SPDX-License-Identifier: GPL-2.0
/*
 * Suite devmap_macros: what headers of Solaris have in them: STRUCT_DECL(9F),
 * <sys/sysmacros.h>, byteorder(9F), atomic_ops(9F).
 */
#define _KERNEL

#include <linux/types.h>
#include <linux/kdev_t.h>
#include <linux/limits.h>
#include <linux/mm.h>

#include "ddi.h"

#include <sys/atomic.h>
#include <sys/byteorder.h>
#include <sys/ddi.h>
#include <sys/model.h>
#include <sys/sunddi.h>
#include <sys/sysmacros.h>

struct request {
	int command;
	void *data;
	size_t len;
};

struct request32 {
	int command;
	caddr32_t data;
	size32_t len;
};

static void native_structures(struct kunit *test)
{
	STRUCT_DECL(request, h);
	struct request req = { 1, test, 3 };

	STRUCT_INIT(h, DDI_MODEL_NATIVE);
	KUNIT_EXPECT_EQ(test, STRUCT_SIZE(h), sizeof(struct request));
	*STRUCT_BUF(h) = req;
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, command), 1);
	KUNIT_EXPECT_PTR_EQ(test, STRUCT_FGETP(h, data), (void *)test);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, len), 3);
	req.len <<= 40;
	STRUCT_FSET(h, len, req.len);
	STRUCT_FSETP(h, data, &req);
	KUNIT_EXPECT_EQ(test, STRUCT_BUF(h)->len, 3ULL << 40);
	KUNIT_EXPECT_PTR_EQ(test, STRUCT_BUF(h)->data, (void *)&req);
	KUNIT_EXPECT_PTR_EQ(test, STRUCT_FADDR(h, len),
			    (void *)&STRUCT_BUF(h)->len);
}

static void structures_of_32_bits(struct kunit *test)
{
	STRUCT_DECL(request, h);
	struct request32 req = { 1, 0xfffff000, 3 };

	/* The mode argument of ioctl(9E) has other bits as well. */
	STRUCT_INIT(h, DDI_MODEL_ILP32 | 3);
	KUNIT_EXPECT_EQ(test, STRUCT_SIZE(h), sizeof(struct request32));
	memcpy(STRUCT_BUF(h), &req, STRUCT_SIZE(h));
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, command), 1);
	KUNIT_EXPECT_PTR_EQ(test, STRUCT_FGETP(h, data), (void *)0xfffff000UL);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, len), 3);
	STRUCT_FSET(h, len, 7);
	STRUCT_FSETP(h, data, (void *)0x12345678UL);
	memcpy(&req, STRUCT_BUF(h), STRUCT_SIZE(h));
	KUNIT_EXPECT_EQ(test, req.len, 7);
	KUNIT_EXPECT_EQ(test, req.data, 0x12345678);
	KUNIT_EXPECT_PTR_EQ(test, STRUCT_FADDR(h, len),
			    (void *)STRUCT_BUF(h) +
			    offsetof(struct request32, len));
}

static void structures_elsewhere(struct kunit *test)
{
	STRUCT_HANDLE(request, h);
	struct request32 req32 = { 1, 2, 3 };
	struct request req = { 4, NULL, 5 };

	STRUCT_SET_HANDLE(h, DDI_MODEL_ILP32, &req32);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, len), 3);
	STRUCT_SET_HANDLE(h, DDI_MODEL_NONE, &req);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, len), 5);
	KUNIT_EXPECT_EQ(test, SIZEOF_STRUCT(request, DDI_MODEL_ILP32),
			sizeof(req32));
	KUNIT_EXPECT_EQ(test, SIZEOF_STRUCT(request, DDI_MODEL_LP64),
			sizeof(req));
	KUNIT_EXPECT_EQ(test, SIZEOF_PTR(DDI_MODEL_ILP32), 4);
	KUNIT_EXPECT_EQ(test, SIZEOF_PTR(DDI_MODEL_NATIVE), 8);
}

static void fresh_structures_are_zero(struct kunit *test)
{
	STRUCT_DECL(request, h);

	memset(&h, 0x5a, sizeof(h));
	STRUCT_INIT(h, DDI_MODEL_ILP32);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, command), 0);
	KUNIT_EXPECT_EQ(test, STRUCT_FGET(h, len), 0);
	KUNIT_EXPECT_NULL(test, STRUCT_FGETP(h, data));
}

static void powers_of_two(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, P2ALIGN(0x1234, 0x100), 0x1200);
	KUNIT_EXPECT_EQ(test, P2ALIGN(0x1200, 0x100), 0x1200);
	KUNIT_EXPECT_EQ(test, P2PHASE(0x1234, 0x100), 0x34);
	KUNIT_EXPECT_EQ(test, P2NPHASE(0x1234, 0x100), 0xcc);
	KUNIT_EXPECT_EQ(test, P2NPHASE(0x1200, 0x100), 0);
	KUNIT_EXPECT_EQ(test, P2ROUNDUP(0x1234, 0x100), 0x1300);
	KUNIT_EXPECT_EQ(test, P2ROUNDUP(0x1200, 0x100), 0x1200);
	KUNIT_EXPECT_EQ(test, P2END(0x1234, 0x100), 0x12ff);
	KUNIT_EXPECT_EQ(test, P2PHASEUP(0x1234, 0x100, 0x10), 0x1310);
	KUNIT_EXPECT_EQ(test, P2PHASEUP(0x1204, 0x100, 0x10), 0x1210);
	KUNIT_EXPECT_FALSE(test, P2BOUNDARY(0x1234, 0x10, 0x100));
	KUNIT_EXPECT_TRUE(test, P2BOUNDARY(0x12f8, 0x10, 0x100));
	KUNIT_EXPECT_FALSE(test, P2BOUNDARY(0x12f0, 0x10, 0x100));
	KUNIT_EXPECT_TRUE(test, P2SAMEHIGHBIT(5, 6));
	KUNIT_EXPECT_FALSE(test, P2SAMEHIGHBIT(5, 8));
	KUNIT_EXPECT_EQ(test,
			P2ROUNDUP_TYPED(0xfffff001U, 0x1000U, uint64_t),
			0x100000000ULL);
	KUNIT_EXPECT_EQ(test,
			P2ALIGN_TYPED(0x123456789aULL, 0x1000, uint64_t),
			0x1234567000ULL);
	KUNIT_EXPECT_TRUE(test, ISP2(0x100));
	KUNIT_EXPECT_FALSE(test, ISP2(0x101));
	KUNIT_EXPECT_TRUE(test, IS_P2ALIGNED(0x1200, 0x100));
	KUNIT_EXPECT_FALSE(test, IS_P2ALIGNED(0x1210, 0x100));
}

static void other_arithmetic(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, roundup(10, 7), 14);
	KUNIT_EXPECT_EQ(test, roundup(14, 7), 14);
	KUNIT_EXPECT_EQ(test, howmany(10, 7), 2);
	KUNIT_EXPECT_EQ(test, MIN(-1, 2), -1);
	KUNIT_EXPECT_EQ(test, MAX(-1, 2), 2);
	KUNIT_EXPECT_EQ(test, min(-1, 2), -1);
	KUNIT_EXPECT_EQ(test, max(-1, 2), 2);
	KUNIT_EXPECT_EQ(test, ABS(-3), 3);
	KUNIT_EXPECT_EQ(test, SIGNOF(-3), -1);
	KUNIT_EXPECT_EQ(test, SIGNOF(0), 0);
	KUNIT_EXPECT_EQ(test, SIGNOF(9), 1);
}

/* Our own numbers must be those of Linux. */
static void device_numbers_and_pages(struct kunit *test)
{
	dev_t dev = MKDEV(511, 0xabcde);

	KUNIT_EXPECT_EQ(test, getmajor(dev), 511);
	KUNIT_EXPECT_EQ(test, getminor(dev), 0xabcde);
	KUNIT_EXPECT_EQ(test, makedevice(511, 0xabcde), dev);
	KUNIT_EXPECT_EQ(test, L_MAXMIN, MINORMASK);
	KUNIT_EXPECT_EQ(test, (dev_t)(uintptr_t)(void *)(uintptr_t)dev, dev);
	KUNIT_EXPECT_EQ(test, PAGESIZE, 1UL << PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, PAGEOFFSET, PAGESIZE - 1);
	KUNIT_EXPECT_EQ(test, PAGEMASK, ~PAGEOFFSET);
	KUNIT_EXPECT_EQ(test, btop(PAGESIZE + 1), 1);
	KUNIT_EXPECT_EQ(test, btopr(PAGESIZE + 1), 2);
	KUNIT_EXPECT_EQ(test, btopr(ULONG_MAX), (1UL << (64 - PAGE_SHIFT)));
	KUNIT_EXPECT_EQ(test, ptob(3), 3 * PAGESIZE);
	/* The bus' pages are the machine's. */
	KUNIT_EXPECT_EQ(test, ddi_btop(NULL, 2 * PAGE_SIZE - 1), 1);
	KUNIT_EXPECT_EQ(test, ddi_btopr(NULL, 2 * PAGE_SIZE - 1), 2);
	KUNIT_EXPECT_EQ(test, ddi_ptob(NULL, 3), 3 * PAGE_SIZE);
}

static void byte_order(struct kunit *test)
{
	const uint8_t bytes[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	memcpy(&v16, bytes, sizeof(v16));
	memcpy(&v32, bytes, sizeof(v32));
	memcpy(&v64, bytes, sizeof(v64));
	KUNIT_EXPECT_EQ(test, LE_16(v16), 0x0201);
	KUNIT_EXPECT_EQ(test, BE_16(v16), 0x0102);
	KUNIT_EXPECT_EQ(test, LE_32(v32), 0x04030201);
	KUNIT_EXPECT_EQ(test, BE_32(v32), 0x01020304);
	KUNIT_EXPECT_EQ(test, LE_64(v64), 0x0807060504030201);
	KUNIT_EXPECT_EQ(test, BE_64(v64), 0x0102030405060708);
	KUNIT_EXPECT_EQ(test, ntohs(v16), 0x0102);
	KUNIT_EXPECT_EQ(test, ntohl(v32), 0x01020304);
	KUNIT_EXPECT_EQ(test, htonll(v64), 0x0102030405060708);
	KUNIT_EXPECT_EQ(test, BSWAP_16(0x1234), 0x3412);
}

#define CHECK_ATOMIC(test, name, type, top) do {			\
	volatile type v = 5;						\
									\
	KUNIT_EXPECT_EQ(test, atomic_inc_##name##_nv(&v), 6);		\
	KUNIT_EXPECT_EQ(test, atomic_dec_##name##_nv(&v), 5);		\
	atomic_inc_##name(&v);						\
	KUNIT_EXPECT_EQ(test, v, 6);					\
	atomic_dec_##name(&v);						\
	atomic_add_##name(&v, -6);					\
	KUNIT_EXPECT_EQ(test, v, (type)-1);				\
	KUNIT_EXPECT_EQ(test, v, top);					\
	KUNIT_EXPECT_EQ(test, atomic_add_##name##_nv(&v, 3), 2);	\
	KUNIT_EXPECT_EQ(test, atomic_cas_##name(&v, 3, 9), 2);		\
	KUNIT_EXPECT_EQ(test, v, 2);					\
	KUNIT_EXPECT_EQ(test, atomic_cas_##name(&v, 2, 9), 2);		\
	KUNIT_EXPECT_EQ(test, v, 9);					\
	KUNIT_EXPECT_EQ(test, atomic_swap_##name(&v, 12), 9);		\
	atomic_or_##name(&v, 3);					\
	KUNIT_EXPECT_EQ(test, v, 15);					\
	atomic_and_##name(&v, 6);					\
	KUNIT_EXPECT_EQ(test, v, 6);					\
	KUNIT_EXPECT_EQ(test, atomic_or_##name##_nv(&v, 1), 7);		\
	KUNIT_EXPECT_EQ(test, atomic_and_##name##_nv(&v, 5), 5);	\
} while (0)

static void atomics_of_every_width(struct kunit *test)
{
	CHECK_ATOMIC(test, 8, uint8_t, U8_MAX);
	CHECK_ATOMIC(test, 16, uint16_t, U16_MAX);
	CHECK_ATOMIC(test, 32, uint32_t, U32_MAX);
	CHECK_ATOMIC(test, 64, uint64_t, U64_MAX);
	CHECK_ATOMIC(test, uchar, uchar_t, U8_MAX);
	CHECK_ATOMIC(test, ushort, ushort_t, U16_MAX);
	CHECK_ATOMIC(test, uint, uint_t, UINT_MAX);
	CHECK_ATOMIC(test, ulong, ulong_t, ULONG_MAX);
}

static void atomics_of_pointers(struct kunit *test)
{
	int a[4];
	int *volatile p = a;
	ulong_t bits = 0;

	KUNIT_EXPECT_PTR_EQ(test, atomic_cas_ptr(&p, a + 1, a + 2), (void *)a);
	KUNIT_EXPECT_PTR_EQ(test, p, &a[0]);
	KUNIT_EXPECT_PTR_EQ(test, atomic_cas_ptr(&p, a, a + 2), (void *)a);
	KUNIT_EXPECT_PTR_EQ(test, p, &a[2]);
	KUNIT_EXPECT_PTR_EQ(test, atomic_swap_ptr(&p, a + 1), (void *)(a + 2));
	atomic_add_ptr(&p, sizeof(int));
	KUNIT_EXPECT_PTR_EQ(test, p, &a[2]);
	KUNIT_EXPECT_PTR_EQ(test, atomic_add_ptr_nv(&p, -2 * (int)sizeof(int)),
			    (void *)a);
	KUNIT_EXPECT_EQ(test, atomic_set_long_excl(&bits, 63), 0);
	KUNIT_EXPECT_EQ(test, atomic_set_long_excl(&bits, 63), -1);
	KUNIT_EXPECT_EQ(test, bits, 1UL << 63);
	KUNIT_EXPECT_EQ(test, atomic_clear_long_excl(&bits, 63), 0);
	KUNIT_EXPECT_EQ(test, atomic_clear_long_excl(&bits, 63), -1);
	membar_enter();
	membar_exit();
	membar_producer();
	membar_consumer();
}

#define NR_ADDS	100000

static void add(void *arg)
{
	int i;

	for (i = 0; i < NR_ADDS; i++)
		atomic_inc_32(arg);
}

static void atomics_of_two_threads(struct kunit *test)
{
	struct helper helpers[2];
	uint32_t count = 0;
	int i;

	for (i = 0; i < 2; i++)
		helper_start(test, &helpers[i], add, &count);
	for (i = 0; i < 2; i++)
		helper_wait(test, &helpers[i]);
	KUNIT_EXPECT_EQ(test, count, 2 * NR_ADDS);
}

static struct kunit_case macros_cases[] = {
	KUNIT_CASE(native_structures),
	KUNIT_CASE(structures_of_32_bits),
	KUNIT_CASE(structures_elsewhere),
	KUNIT_CASE(fresh_structures_are_zero),
	KUNIT_CASE(powers_of_two),
	KUNIT_CASE(other_arithmetic),
	KUNIT_CASE(device_numbers_and_pages),
	KUNIT_CASE(byte_order),
	KUNIT_CASE(atomics_of_every_width),
	KUNIT_CASE(atomics_of_pointers),
	KUNIT_CASE(atomics_of_two_threads),
	{}
};

static struct kunit_suite macros_suite = {
	.name = "devmap_macros",
	.test_cases = macros_cases,
};

kunit_test_suite(macros_suite);
