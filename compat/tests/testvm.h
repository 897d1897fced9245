/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address spaces for suites that go through the real vm_operations: a process
 * as far as mmap(2), munmap(2), page faults and exit(2) are concerned.
 */
#ifndef _DEVMAP_TESTVM_H
#define _DEVMAP_TESTVM_H

#include <kunit/test.h>
#include <linux/mm_types.h>

struct testdev;

/**
 * struct testvm - a process; belongs to the thread of the case
 * @test: the case
 * @mm: its address space, counted
 * @attached: the thread of the case has it
 */
struct testvm {
	struct kunit *test;
	struct mm_struct *mm;
	bool attached;
};

struct testvm *testvm_create(struct kunit *test);
void testvm_switch(struct testvm *from, struct testvm *to);
void testvm_exit(struct testvm *vm);

unsigned long testvm_map(struct testdev *td, unsigned long first,
			 unsigned long nr, unsigned long flags);
struct vm_area_struct *testvm_vma(unsigned long addr);
int testvm_read(unsigned long addr, u64 *value);
int testvm_write(unsigned long addr, u64 value);

/* A touch of a page of the device: what is there, or -EFAULT. */
#define testvm_expect_read(test, addr, page, value) do {		\
	struct kunit *testvm_test = (test);				\
	u64 testvm_value = 0;						\
									\
	KUNIT_EXPECT_EQ(testvm_test, 0,					\
			testvm_read((addr) + ((page) << PAGE_SHIFT),	\
				    &testvm_value));			\
	KUNIT_EXPECT_EQ(testvm_test, testvm_value, value);		\
} while (0)

#define testvm_expect_fault(test, addr, page) do {			\
	u64 testvm_value = 0;						\
									\
	KUNIT_EXPECT_EQ(test, -EFAULT,					\
			testvm_read((addr) + ((page) << PAGE_SHIFT),	\
				    &testvm_value));			\
} while (0)

#endif /* _DEVMAP_TESTVM_H */
