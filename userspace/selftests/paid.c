// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a user's calls have a driver allocate is charged to the user's memory
 * control group; what a driver allocates for itself is not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "kmod/devmap_dditest.h"

#define CGROUPS	"/tmp/cgroups"
#define OURS	CGROUPS "/paid"
#define MIB	(1L << 20)
/* Linux charges pages of a control group in batches, for each processor. */
#define BATCHES	(1L << 20)

static int put(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");
	int err;

	if (!file)
		return -errno;
	err = fputs(text, file) < 0 ? -errno : 0;
	if (fclose(file) && !err)
		err = -errno;
	return err;
}

static long charged(void)
{
	FILE *file = fopen(OURS "/memory.current", "r");
	long bytes = -1;

	if (file && fscanf(file, "%ld", &bytes) != 1)
		bytes = -1;
	if (file)
		fclose(file);
	return bytes;
}

FIXTURE(paid) {
	long before;
};

/* A process, which the test is, in a group of its own. */
FIXTURE_SETUP(paid)
{
	ASSERT_TRUE(!mkdir(CGROUPS, 0755) || errno == EEXIST);
	ASSERT_TRUE(!mount("none", CGROUPS, "cgroup2", 0, NULL) ||
		    errno == EBUSY);
	ASSERT_EQ(0, put(CGROUPS "/cgroup.subtree_control", "+memory"));
	ASSERT_TRUE(!mkdir(OURS, 0755) || errno == EEXIST);
	ASSERT_EQ(0, put(OURS "/cgroup.procs", "0"));
	self->before = charged();
	ASSERT_LE(0, self->before);
}

FIXTURE_TEARDOWN(paid)
{
	put(CGROUPS "/cgroup.procs", "0");
}

/* ddi_umem_alloc(9F) from a system call. */
TEST_F(paid, umem)
{
	int i, fd = dev_open(0, O_RDWR);

	ASSERT_LE(0, fd);
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, dev_umem(fd, i, 2 * MIB));
	EXPECT_LE(8 * MIB - BATCHES, charged() - self->before);
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, dev_umem_free(fd, i));
	EXPECT_GE(2 * BATCHES, charged() - self->before);
	close(fd);
}

/* kmem_zalloc(9F) likewise. */
TEST_F(paid, kmem)
{
	int fd = open("/dev/dditest@0:a", O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DDITEST_HOARD, 8 * MIB));
	EXPECT_LE(8 * MIB - BATCHES, charged() - self->before);
	ASSERT_EQ(0, ioctl(fd, DDITEST_HOARD, 0L));
	EXPECT_GE(2 * BATCHES, charged() - self->before);
	close(fd);
}

TEST_HARNESS_MAIN
