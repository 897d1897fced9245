// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_copy: copyin(9F), ddi_copyin(9F) and their kin. */
#define _KERNEL

#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/file.h>
#include <sys/sunddi.h>

#define TEXT	"some text"

/* Two pages, of which only the first is there. */
static char *user_page(struct kunit *test)
{
	unsigned long addr;

	addr = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE,
			     PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_LT(test, addr, TASK_SIZE);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE));
	return (char *)addr;
}

static void out_and_in(struct kunit *test)
{
	char *user = user_page(test), back[sizeof(TEXT)] = "";

	KUNIT_EXPECT_EQ(test, 0, copyout(TEXT, user, sizeof(TEXT)));
	KUNIT_EXPECT_EQ(test, 0, copyin(user, back, sizeof(back)));
	KUNIT_EXPECT_MEMEQ(test, back, TEXT, sizeof(TEXT));

	KUNIT_EXPECT_EQ(test, 0, xcopyout(TEXT, user + 100, sizeof(TEXT)));
	memset(back, 0, sizeof(back));
	KUNIT_EXPECT_EQ(test, 0, xcopyin(user + 100, back, sizeof(back)));
	KUNIT_EXPECT_MEMEQ(test, back, TEXT, sizeof(TEXT));
}

static void faults(struct kunit *test)
{
	char *user = user_page(test), *edge = user + PAGE_SIZE - 4;
	char back[8];

	KUNIT_EXPECT_EQ(test, -1, copyout(TEXT, edge, 8));
	KUNIT_EXPECT_EQ(test, -1, copyin(edge, back, 8));
	KUNIT_EXPECT_EQ(test, 0, copyin(edge, back, 4));
	KUNIT_EXPECT_EQ(test, -1, copyin(NULL, back, 1));
	KUNIT_EXPECT_EQ(test, EFAULT, xcopyout(TEXT, edge, 8));
	KUNIT_EXPECT_EQ(test, EFAULT, xcopyin(edge, back, 8));
	KUNIT_EXPECT_EQ(test, -1, ddi_copyout(TEXT, edge, 8, 0));
	KUNIT_EXPECT_EQ(test, -1, ddi_copyin(edge, back, 8, 0));
}

static void kernel_memory_is_none_of_the_users(struct kunit *test)
{
	char from[8] = "1234567", to[8] = "";

	user_page(test);
	KUNIT_EXPECT_EQ(test, -1, copyin(from, to, 8));
	KUNIT_EXPECT_EQ(test, -1, copyout(from, to, 8));
	KUNIT_EXPECT_EQ(test, -1, ddi_copyin(from, to, 8, FREAD | FWRITE));
	KUNIT_EXPECT_EQ(test, -1, ddi_copyout(from, to, 8, FILP32));
	KUNIT_EXPECT_NULL(test, memchr_inv(to, 0, sizeof(to)));
}

static void ioctl_of_the_kernel(struct kunit *test)
{
	const int mode = FKIOCTL | FREAD | FLP64;
	char from[8] = "1234567", to[8] = "";

	KUNIT_EXPECT_EQ(test, 0, ddi_copyin(from, to, 4, mode));
	KUNIT_EXPECT_MEMEQ(test, to, "1234\0\0\0", 8);
	KUNIT_EXPECT_EQ(test, 0, ddi_copyout(from, to, 8, mode));
	KUNIT_EXPECT_MEMEQ(test, to, from, 8);
	/* Linux' addresses may overlap; nobody says that these must not. */
	KUNIT_EXPECT_EQ(test, 0, ddi_copyin(from, from + 1, 6, mode));
	KUNIT_EXPECT_MEMEQ(test, from, "1123456", 8);
}

static void ioctl_of_a_user(struct kunit *test)
{
	char *user = user_page(test), back[8] = "";

	KUNIT_EXPECT_EQ(test, 0, ddi_copyout("1234567", user, 8, FREAD));
	KUNIT_EXPECT_EQ(test, 0, ddi_copyin(user, back, 8, FILP32));
	KUNIT_EXPECT_MEMEQ(test, back, "1234567", 8);
}

static void strings(struct kunit *test)
{
	char *user = user_page(test), back[16];
	size_t len = 0;

	KUNIT_EXPECT_EQ(test, 0, copyoutstr(TEXT, user, 100, &len));
	KUNIT_EXPECT_EQ(test, len, sizeof(TEXT));
	memset(back, 'x', sizeof(back));
	KUNIT_EXPECT_EQ(test, 0, copyinstr(user, back, sizeof(back), &len));
	KUNIT_EXPECT_EQ(test, len, sizeof(TEXT));
	KUNIT_EXPECT_MEMEQ(test, back, TEXT, sizeof(TEXT));
	KUNIT_EXPECT_EQ(test, 0, copyinstr(user, back, sizeof(TEXT), NULL));
}

static void strings_that_are_too_long(struct kunit *test)
{
	char *user = user_page(test), back[16] = "";
	size_t len = 0;

	KUNIT_EXPECT_EQ(test, ENAMETOOLONG, copyoutstr(TEXT, user, 4, &len));
	KUNIT_EXPECT_EQ(test, len, 4);
	KUNIT_EXPECT_EQ(test, 0, copyout(TEXT, user, sizeof(TEXT)));
	KUNIT_EXPECT_EQ(test, ENAMETOOLONG, copyinstr(user, back, 9, &len));
	KUNIT_EXPECT_EQ(test, len, 9);
	KUNIT_EXPECT_EQ(test, ENAMETOOLONG, copyinstr(user, back, 0, &len));
	KUNIT_EXPECT_EQ(test, EFAULT,
			copyinstr(user + PAGE_SIZE, back, 9, &len));
	KUNIT_EXPECT_EQ(test, EFAULT,
			copyoutstr(TEXT, user + PAGE_SIZE, 100, &len));
}

static struct kunit_case copy_cases[] = {
	KUNIT_CASE(out_and_in),
	KUNIT_CASE(faults),
	KUNIT_CASE(kernel_memory_is_none_of_the_users),
	KUNIT_CASE(ioctl_of_the_kernel),
	KUNIT_CASE(ioctl_of_a_user),
	KUNIT_CASE(strings),
	KUNIT_CASE(strings_that_are_too_long),
	{}
};

static struct kunit_suite copy_suite = {
	.name = "devmap_copy",
	.test_cases = copy_cases,
};

kunit_test_suite(copy_suite);
