// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_prot: protections and setup flags. */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <sys/ddidevmap.h>
#include <sys/mman.h>

#include "../devmap/prot.h"

#define PROT_RW		(PROT_READ | PROT_WRITE)
#define PROT_RWX	(PROT_RW | PROT_EXEC)

struct vma_case {
	const char *name;
	unsigned long vm_flags;
	uint_t now;
	uint_t max;
};

static const struct vma_case vma_cases[] = {
	{ "nothing", 0, PROT_USER, PROT_USER },
	{ "read", VM_READ, PROT_USER | PROT_READ, PROT_USER },
	{ "write", VM_WRITE, PROT_USER | PROT_WRITE, PROT_USER },
	{ "exec", VM_EXEC, PROT_USER | PROT_EXEC, PROT_USER },
	{ "may read", VM_MAYREAD, PROT_USER, PROT_USER | PROT_READ },
	{ "may write", VM_MAYWRITE, PROT_USER, PROT_USER | PROT_WRITE },
	{ "may exec", VM_MAYEXEC, PROT_USER, PROT_USER | PROT_EXEC },
	{ "read, may write too", VM_READ | VM_MAYREAD | VM_MAYWRITE,
	  PROT_USER | PROT_READ, PROT_USER | PROT_RW },
	{ "all", VM_ACCESS_FLAGS | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
	  PROT_USER | PROT_RWX, PROT_USER | PROT_RWX },
	{ "other flags", VM_SHARED | VM_MAYSHARE | VM_PFNMAP | VM_IO,
	  PROT_USER, PROT_USER },
};

KUNIT_ARRAY_PARAM_DESC(vma, vma_cases, name);

static void prot_now_is_that_of_vma(struct kunit *test)
{
	const struct vma_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, devmap_prot_now(c->vm_flags), c->now);
}

static void prot_max_is_what_vma_may(struct kunit *test)
{
	const struct vma_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, devmap_prot_max(c->vm_flags), c->max);
}

struct to_vm_case {
	const char *name;
	uint_t prot;
	unsigned long vm_flags;
};

static const struct to_vm_case to_vm_cases[] = {
	{ "none", PROT_NONE, 0 },
	{ "read", PROT_READ, VM_READ },
	{ "write", PROT_WRITE, VM_WRITE },
	{ "exec", PROT_EXEC, VM_EXEC },
	{ "all", PROT_RWX, VM_READ | VM_WRITE | VM_EXEC },
	{ "user", PROT_USER, 0 },
	{ "other bits", ~(uint_t)PROT_RWX, 0 },
};

KUNIT_ARRAY_PARAM_DESC(to_vm, to_vm_cases, name);

static void prot_becomes_vm_flags(struct kunit *test)
{
	const struct to_vm_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, devmap_prot_to_vm(c->prot), c->vm_flags);
}

static bool exceeds(uint_t prot, uint_t maxprot)
{
	static const uint_t bits[] = { PROT_READ, PROT_WRITE, PROT_EXEC };
	int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if ((prot & bits[i]) == bits[i] && (maxprot & bits[i]) == 0)
			return true;
	}
	return false;
}

static void prot_exceeds_by_any_bit(struct kunit *test)
{
	uint_t prot, maxprot;

	for (prot = 0; prot <= PROT_ALL; prot++) {
		for (maxprot = 0; maxprot <= PROT_ALL; maxprot++)
			KUNIT_EXPECT_EQ_MSG(test, exceeds(prot, maxprot),
					    devmap_prot_exceeds(prot, maxprot),
					    "prot %#x, maxprot %#x", prot,
					    maxprot);
	}
}

static void prot_user_is_always_granted(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, devmap_prot_exceeds(PROT_USER, PROT_NONE));
	KUNIT_EXPECT_FALSE(test, devmap_prot_exceeds(PROT_USER | PROT_READ,
						     PROT_READ));
}

/* The flags that exist, and some on either side of them that do not. */
static const uint_t flag_bits[] = {
	DEVMAP_MAPPING_INVALID, DEVMAP_ALLOW_REMAP, DEVMAP_USE_PAGESIZE,
	0x8, 0x80, 0x100, 0x8000,
	IOMEM_DATA_CACHED, IOMEM_DATA_UC_WR_COMBINE, IOMEM_DATA_UNCACHED,
	0x80000, 0x100000, 0x80000000,
};

/* The rule as a list of everything that is legal. */
static bool flags_are_legal(uint_t flags, bool cacheable)
{
	static const uint_t setup[] = {
		DEVMAP_DEFAULTS,
		DEVMAP_ALLOW_REMAP,
		DEVMAP_ALLOW_REMAP | DEVMAP_MAPPING_INVALID,
		DEVMAP_USE_PAGESIZE,
		DEVMAP_USE_PAGESIZE | DEVMAP_ALLOW_REMAP,
		DEVMAP_USE_PAGESIZE | DEVMAP_ALLOW_REMAP |
			DEVMAP_MAPPING_INVALID,
	};
	static const uint_t cache[] = {
		0, IOMEM_DATA_CACHED, IOMEM_DATA_UC_WR_COMBINE,
		IOMEM_DATA_UNCACHED,
	};
	int i, j;

	for (i = 0; i < ARRAY_SIZE(setup); i++) {
		for (j = 0; j < (cacheable ? ARRAY_SIZE(cache) : 1); j++) {
			if (flags == (setup[i] | cache[j]))
				return true;
		}
	}
	return false;
}

static void check_all_flags(struct kunit *test, bool cacheable)
{
	uint_t i, j, flags;

	for (i = 0; i < 1U << ARRAY_SIZE(flag_bits); i++) {
		flags = 0;
		for (j = 0; j < ARRAY_SIZE(flag_bits); j++)
			flags |= i & BIT(j) ? flag_bits[j] : 0;

		KUNIT_ASSERT_EQ_MSG(test,
				    flags_are_legal(flags, cacheable) ?
					    0 : -EINVAL,
				    devmap_check_flags(flags, cacheable),
				    "flags %#x", flags);
	}
}

static void flags_of_registers_are_checked(struct kunit *test)
{
	check_all_flags(test, true);
}

static void flags_of_umem_are_checked(struct kunit *test)
{
	check_all_flags(test, false);
}

static struct kunit_case prot_cases[] = {
	KUNIT_CASE_PARAM(prot_now_is_that_of_vma, vma_gen_params),
	KUNIT_CASE_PARAM(prot_max_is_what_vma_may, vma_gen_params),
	KUNIT_CASE_PARAM(prot_becomes_vm_flags, to_vm_gen_params),
	KUNIT_CASE(prot_exceeds_by_any_bit),
	KUNIT_CASE(prot_user_is_always_granted),
	KUNIT_CASE(flags_of_registers_are_checked),
	KUNIT_CASE(flags_of_umem_are_checked),
	{}
};

static struct kunit_suite prot_suite = {
	.name = "devmap_prot",
	.test_cases = prot_cases,
};

kunit_test_suite(prot_suite);
