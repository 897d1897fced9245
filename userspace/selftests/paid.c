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
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "kmod/devmap_dditest.h"

#define CGROUPS	"/tmp/cgroups"
#define OURS	CGROUPS "/paid"
#define MIB	0x100000L
/* Linux charges pages of a control group in batches, for each processor. */
#define BATCHES	MIB

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

/*
 * What is freed is uncharged. A checker of leaks does not see pages of which nobody
 * keeps the address, nor those that something else still maps.
 */
TEST_F(paid, umem_is_given_back)
{
	static const u32 flags[] = { 0, 1, DDI_UMEM_TRASH };
	int i, k, fd = dev_open(0, O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DMST_RESET));
	for (k = 0; k < ARRAY_SIZE(flags); k++) {
		for (i = 0; i < 64; i++) {
			ASSERT_EQ(0, dev_umem_flag(fd, 0, MIB / 4, flags[k]));
			ASSERT_EQ(0, dev_umem_free(fd, 0));
		}
	}
	/* 2048 single pages. */
	for (i = 0; i < 2048; i++) {
		ASSERT_EQ(0, dev_umem_flag(fd, 0, P, DDI_UMEM_TRASH));
		ASSERT_EQ(0, dev_umem_free(fd, 0));
	}
	EXPECT_GE(2 * BATCHES, charged() - self->before);
	close(fd);
}

/* ddi_umem_alloc(9F) from a system call. */
TEST_F(paid, umem)
{
	int i, fd = dev_open(0, O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DMST_RESET));
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

#define MAPPINGS_MAX	"/sys/module/devmap/parameters/mappings_max"
#define SOME	20

/* What a user gets of the device: mappings, and one fork with half of them. */
static int map_and_fork(int fd)
{
	void *addr[SOME + 1];
	int i, nr;
	pid_t pid;

	if (setresuid(1234, 1234, 1234))
		return 1;
	for (nr = 0; nr <= SOME; nr++) {
		addr[nr] = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0);
		if (addr[nr] == MAP_FAILED)
			break;
	}
	if (nr != SOME || errno != EAGAIN)
		return 2;
	pid = fork();
	if (!pid)
		_exit(0);
	if (pid > 0 || errno != ENOMEM)
		return 3;
	for (i = 0; i < SOME / 2; i++)
		munmap(addr[i], P);
	pid = fork();
	if (!pid)
		_exit(mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
	if (pid < 0 || waitpid(pid, &i, 0) != pid || i)
		return 4;
	return mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? 5 : 0;
}

/* A user may have so many mappings and no more, unless he may have all. */
TEST(mappings_of_a_user)
{
	char before[20] = "";
	int i, status, fd;
	FILE *file;
	pid_t pid;

	file = fopen(MAPPINGS_MAX, "r");
	ASSERT_NE(NULL, file);
	ASSERT_NE(NULL, fgets(before, sizeof(before), file));
	fclose(file);
	ASSERT_EQ(0, put(MAPPINGS_MAX, "20"));
	fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DMST_RESET));
	ASSERT_EQ(0, dev_plain(fd, DMST_ACCESS_DEFAULT, 0));
	pid = fork();
	if (!pid)
		_exit(map_and_fork(fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	for (i = 0; i < SOME + 5; i++)
		EXPECT_NE(NULL, dev_mmap(fd, 0, P));
	EXPECT_EQ(0, put(MAPPINGS_MAX, before));
}

TEST_HARNESS_MAIN
