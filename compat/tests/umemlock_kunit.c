// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_umemlock: why memory cannot be locked. */

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "../devmap/umem.h"

struct errno_case {
	const char *name;
	long pinned;
	int err;
};

/* What pin_user_pages() is known to return. */
static const struct errno_case errno_cases[] = {
	{ "no memory", -ENOMEM, ENOMEM },
	{ "no page", 0, EAGAIN },
	{ "not now", -EAGAIN, EAGAIN },
	{ "in use", -EBUSY, EAGAIN },
	{ "interrupted", -EINTR, EAGAIN },
	{ "nothing there", -EFAULT, EFAULT },
	{ "broken page", -EHWPOISON, EFAULT },
	{ "page of a device", -EREMOTEIO, EFAULT },
	{ "not supported", -EOPNOTSUPP, EFAULT },
};

KUNIT_ARRAY_PARAM_DESC(errno, errno_cases, name);

static void errno_of_ddi_umem_lock(struct kunit *test)
{
	const struct errno_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, devmap_umemlock_errno(c->pinned), c->err);
}

static struct kunit_case umemlock_cases[] = {
	KUNIT_CASE_PARAM(errno_of_ddi_umem_lock, errno_gen_params),
	{}
};

static struct kunit_suite umemlock_suite = {
	.name = "devmap_umemlock",
	.test_cases = umemlock_cases,
};

kunit_test_suite(umemlock_suite);
