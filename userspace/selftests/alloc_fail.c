// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out at every place where it can: the Nth allocation of a system
 * call fails, for N from 1 until none is left. Needs a kernel with
 * CONFIG_FAILSLAB and CONFIG_FAULT_INJECTION (traps 7, 9, 15).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "common.h"

#define RW		(PROT_READ | PROT_WRITE)
#define FAIL_NTH	"/proc/self/fail-nth"
#define NO_FAILURES	"the kernel has no CONFIG_FAULT_INJECTION"
#define MOST		400	/* allocations that a call may make */

FIXTURE(alloc_fail) {
	struct objects base;
	struct dmst_region region;
	int fd;
};

static int put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* Also allocations that may sleep, and of pages; no words about it. */
static int allow_failures(void)
{
#define DEBUGFS "/sys/kernel/debug/"
	return put(DEBUGFS "failslab/ignore-gfp-wait", "0") |
	       put(DEBUGFS "failslab/verbose", "0") |
	       put(DEBUGFS "fail_page_alloc/ignore-gfp-wait", "0") |
	       put(DEBUGFS "fail_page_alloc/verbose", "0");
}

/* The Nth allocation of this thread from now on fails. */
static int fail_nth(int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", n);
	return put(FAIL_NTH, text);
}

/* Ends that; true if there was such an allocation. */
static bool failed(void)
{
	int fd = open(FAIL_NTH, O_RDWR);
	char text[16] = "";
	bool hit;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return false;
	hit = atoi(text) == 0;
	if (write(fd, "0", 1) != 1)
		tell("cannot write %s", FAIL_NTH);
	close(fd);
	return hit;
}

FIXTURE_SETUP(alloc_fail)
{
	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	ASSERT_EQ(0, allow_failures());
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	self->region = dev_region(0, 16 * P);
	self->region.chunk = 4 * P;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
}

FIXTURE_TEARDOWN_PARENT(alloc_fail)
{
	if (!access(FAIL_NTH, F_OK))
		EXPECT_EQ(0, test_end(&self->base));
}

static int nothing_left(const struct objects *base)
{
	struct objects now;

	if (objects_read(&now))
		return -1;
	return now.handles != base->handles || now.segments != base->segments ||
	       now.windows != base->windows;
}

/* Either mapped or not, and nothing in between. */
TEST_F_TIMEOUT(alloc_fail, mmap, 300)
{
	struct dmst_info info;
	void *addr;
	int n;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	for (n = 1; n < MOST; n++) {
		bool hit;

		ASSERT_EQ(0, fail_nth(n));
		addr = mmap(NULL, 16 * P, RW, MAP_SHARED, self->fd, 0);
		hit = failed();
		if (addr == MAP_FAILED) {
			EXPECT_TRUE(hit);
			EXPECT_TRUE(errno == ENOMEM || errno == ENXIO);
		} else {
			EXPECT_EQ(0, touch_write(addr + 5 * P, n));
			EXPECT_EQ(n, dev_peek(self->fd, 0, 5 * P));
			ASSERT_EQ(0, munmap(addr, 16 * P));
		}
		ASSERT_EQ(0, nothing_left(&self->base)) {
			TH_LOG("allocation %d", n);
		}
		ASSERT_EQ(0, dev_info(self->fd, &info));
		ASSERT_EQ(0, info.live);
		ASSERT_EQ(0, log_clear(self->fd));
		if (!hit)
			break;
	}
	EXPECT_LT(8, n);
	EXPECT_GT(MOST, n);
}

/* A split that fails is no unmap (trap 7). */
TEST_F_TIMEOUT(alloc_fail, mprotect, 300)
{
	void *addr;
	bool hit;
	int n;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	for (n = 1; n < MOST; n++) {
		addr = dev_mmap(self->fd, 0, 4 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_write(addr + P, 1));
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, fail_nth(n));
		if (mprotect(addr + P, P, PROT_READ))
			EXPECT_EQ(ENOMEM, errno);
		hit = failed();
		EXPECT_EQ(0, touch_read(addr + P, NULL));
		EXPECT_NO_LOG(self->fd);
		ASSERT_EQ(0, munmap(addr, 4 * P));
		ASSERT_EQ(0, nothing_left(&self->base));
		ASSERT_EQ(0, log_clear(self->fd));
		if (!hit)
			break;
	}
	EXPECT_LT(1, n);
	EXPECT_GT(MOST, n);
}

/* Unmapped and told, or neither. */
TEST_F_TIMEOUT(alloc_fail, munmap, 300)
{
	static struct dmst_record records[64];
	int n, ret, unmaps;
	ssize_t i, nr;
	void *addr;
	bool hit;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	for (n = 1; n < MOST; n++) {
		addr = dev_mmap(self->fd, 0, 4 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_write(addr + P, 1));
		EXPECT_EQ(0, touch_write(addr + 2 * P, 2));
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, fail_nth(n));
		ret = munmap(addr + P, P);
		hit = failed();
		nr = log_read(self->fd, records, 64);
		for (i = 0, unmaps = 0; i < nr; i++)
			unmaps += records[i].op == DMST_OP_UNMAP;
		EXPECT_EQ(ret ? 0 : 1, unmaps) {
			TH_LOG("allocation %d", n);
		}
		EXPECT_EQ(ret ? 0 : SIGSEGV, touch_read(addr + P, NULL));
		EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
		EXPECT_NO_LOG(self->fd);
		ASSERT_EQ(0, munmap(addr, 4 * P));
		ASSERT_EQ(0, nothing_left(&self->base));
		ASSERT_EQ(0, log_clear(self->fd));
		if (!hit)
			break;
	}
	EXPECT_LT(1, n);
	EXPECT_GT(MOST, n);
}

/*
 * The child's page is the device's, or SIGBUS (or there is no child); the
 * parent notices nothing (traps 9, 15).
 */
TEST_F_TIMEOUT(alloc_fail, fork, 600)
{
	int n, status, children = 0, deaths = 0;
	u32 value;
	void *addr;
	bool hit;
	pid_t pid;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	addr = dev_mmap(self->fd, 0, 12 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0x77));
	for (n = 1; n < MOST; n++) {
		EXPECT_EQ(0, touch_write(addr, n));
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, fail_nth(n));
		pid = fork();
		if (!pid) {
			int page, bad = 0;

			for (page = 0; page < 12; page++) {
				int sig = touch_read(addr + page * P, &value);

				if (sig && sig != SIGBUS)
					_exit(1);
				bad |= sig;
				if (!sig && page < 2 &&
				    value != (page ? 0x77 : n))
					_exit(2);
			}
			_exit(bad ? 3 : 0);
		}
		hit = failed();
		if (pid > 0) {
			children++;
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			EXPECT_EQ(0, status) {
				TH_LOG("allocation %d, status 0x%x", n, status);
			}
			deaths += !!status;
		}
		ASSERT_EQ(0, log_clear(self->fd));
		EXPECT_EQ(0, touch_read(addr, &value));
		EXPECT_EQ(n, value);
		EXPECT_NO_LOG(self->fd);
		if (!hit)
			break;
	}
	TH_LOG("%d allocations, %d children, %d with dead handles", n - 1,
	       children, deaths);
	EXPECT_GT(MOST, n);
	EXPECT_EQ(0, deaths);
	/* The kernel may have warned of it; what counts is that we are here. */
	ASSERT_EQ(0, munmap(addr, 12 * P));
	EXPECT_EQ(0, nothing_left(&self->base));
}

/* A fault that finds no memory: tried again, or a signal, never wrong data. */
TEST_F_TIMEOUT(alloc_fail, fault, 300)
{
	void *addr;
	bool hit;
	int n;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	for (n = 1; n < MOST; n++) {
		addr = dev_mmap(self->fd, 0, 4 * P);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, log_clear(self->fd));
		ASSERT_EQ(0, fail_nth(n));
		touch_write(addr + P, n);
		hit = failed();
		EXPECT_EQ(0, touch_write(addr + P, n));
		EXPECT_EQ(n, dev_peek(self->fd, 0, P));
		ASSERT_EQ(0, munmap(addr, 4 * P));
		ASSERT_EQ(0, nothing_left(&self->base));
		ASSERT_EQ(0, log_clear(self->fd));
		if (!hit)
			break;
	}
	EXPECT_GT(MOST, n);
}

TEST_HARNESS_MAIN
