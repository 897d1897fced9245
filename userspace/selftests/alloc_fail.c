// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out at every place where it can: the Nth allocation of a system
 * call fails, for N from 1 until none is left, on a mapping of each kind. Needs a
 * kernel with CONFIG_FAILSLAB and CONFIG_FAULT_INJECTION (traps 7, 9, 15).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "fail.h"
#include "olddev.h"
#include "scheme.h"

#define SLOT		(2UL << 20)	/* what one page-table page maps */

/* What is done in the middle of a mapping is done to these pages. */
#define FIRST		5
#define NR		2

FIXTURE(alloc_fail) {
	struct objects base;
	struct scheme_dev dev;
};

FIXTURE_VARIANT(alloc_fail) {
	enum scheme scheme;
};

FIXTURE_VARIANT_ADD(alloc_fail, plain) { .scheme = SCHEME_PLAIN };
FIXTURE_VARIANT_ADD(alloc_fail, umem) { .scheme = SCHEME_UMEM };
FIXTURE_VARIANT_ADD(alloc_fail, contexts) { .scheme = SCHEME_CONTEXTS };
FIXTURE_VARIANT_ADD(alloc_fail, regs) { .scheme = SCHEME_REGS };
FIXTURE_VARIANT_ADD(alloc_fail, mapdev) { .scheme = SCHEME_MAPDEV };
FIXTURE_VARIANT_ADD(alloc_fail, segmap) { .scheme = SCHEME_SEGMAP };

/* What is done without a mapping, or with one of devmap only. */
FIXTURE(alloc_fail_call) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(alloc_fail)
{
	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	ASSERT_EQ(0, allow_failures());
	ASSERT_EQ(0, old_begin(&self->base));
	ASSERT_EQ(0, scheme_open(&self->dev, variant->scheme));
}

FIXTURE_TEARDOWN_PARENT(alloc_fail)
{
	if (!access(FAIL_NTH, F_OK))
		EXPECT_EQ(0, old_end(&self->base));
}

FIXTURE_SETUP(alloc_fail_call)
{
	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	ASSERT_EQ(0, allow_failures());
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(alloc_fail_call)
{
	if (!access(FAIL_NTH, F_OK))
		EXPECT_EQ(0, test_end(&self->base));
}

/* A place of its own in the page tables, of which all else stays away. */
static void *lone_place(void)
{
	char *area = mmap(NULL, 3 * SLOT, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		return NULL;
	munmap(area, 3 * SLOT);
	return (char *)(((uintptr_t)area + SLOT - 1) & ~(SLOT - 1)) + SLOT / 2;
}

/* A mapping of all pages at a lone place, none of them loaded. */
static void *map_alone(const struct scheme_dev *dev)
{
	void *place = lone_place();

	return mmap(place, SCHEME_PAGES * P, RW, MAP_SHARED | MAP_FIXED,
		    dev->fd, 0) == place ? place : NULL;
}

/* Touches all pages but those of [first, first + nr): how many are not right. */
static int look_around(const struct scheme_dev *dev, void *addr, int first,
		       int nr)
{
	int page, bad = 0;

	for (page = 0; page < SCHEME_PAGES; page++) {
		if (page < first || page >= first + nr)
			bad += !!scheme_look(dev, addr + page * P, page);
	}
	return bad;
}

static int look_at_all(const struct scheme_dev *dev, void *addr)
{
	return look_around(dev, addr, 0, 0);
}

/* Either mapped or not, and nothing in between. */
TEST_F_TIMEOUT(alloc_fail, mmap, 600)
{
	void *addr;
	bool hit;
	int n;

	FOR_EACH_ALLOCATION(n, hit) {
		ASSERT_EQ(0, fail_nth(n));
		addr = mmap(NULL, SCHEME_PAGES * P, RW, MAP_SHARED,
			    self->dev.fd, 0);
		hit = failed();
		if (addr == MAP_FAILED) {
			EXPECT_TRUE(hit);
			EXPECT_TRUE(errno == ENOMEM || errno == ENXIO);
		} else {
			EXPECT_EQ(0, look_at_all(&self->dev, addr));
			ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		}
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base)) {
			TH_LOG("allocation %d", n);
		}
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(8, n);
}

/* A fault that finds no memory is tried again. */
TEST_F_TIMEOUT(alloc_fail, fault, 600)
{
	void *addr;
	bool hit;
	int n;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = map_alone(&self->dev);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, fail_nth(n));
		EXPECT_EQ(0, scheme_look(&self->dev, addr, 0));
		hit = failed();
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/* One of the kernel's own is an error of the system call. */
TEST_F_TIMEOUT(alloc_fail, fault_in_a_system_call, 600)
{
	int n, pipes[2];
	u32 value;
	void *addr;
	ssize_t ret;
	bool hit;

	ASSERT_EQ(0, pipe(pipes));
	/* Its own page is there from now on. */
	ASSERT_EQ(4, write(pipes[1], &n, 4));
	FOR_EACH_ALLOCATION(n, hit) {
		addr = map_alone(&self->dev);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, fail_nth(n));
		ret = write(pipes[1], addr, 4);
		hit = failed();
		if (ret != 4) {
			EXPECT_TRUE(hit);
			EXPECT_TRUE(errno == EFAULT || errno == ENOMEM);
		}
		ASSERT_EQ(4, read(pipes[0], &value, 4));
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		if (ret != 4)
			ASSERT_EQ(4, write(pipes[1], addr, 4));
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/* Unmapped and told, or neither. */
TEST_F_TIMEOUT(alloc_fail, munmap, 600)
{
	bool told = variant->scheme == SCHEME_UMEM ||
		    variant->scheme == SCHEME_CONTEXTS ||
		    variant->scheme == SCHEME_REGS;
	u64 access[2], unmap[2];
	int n, ret;
	void *addr;
	bool hit;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = scheme_map(&self->dev, 0, SCHEME_PAGES);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[0], &unmap[0]));
		ASSERT_EQ(0, fail_nth(n));
		ret = munmap(addr + FIRST * P, NR * P);
		if (ret)
			EXPECT_EQ(ENOMEM, errno);
		hit = failed();
		EXPECT_EQ(0, look_around(&self->dev, addr, FIRST, NR));
		EXPECT_EQ(ret ? 0 : SIGSEGV,
			  scheme_look(&self->dev, addr + FIRST * P, FIRST));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[1], &unmap[1]));
		EXPECT_EQ(access[0], access[1]);
		EXPECT_EQ(unmap[0] + (!ret && told), unmap[1]) {
			TH_LOG("allocation %d", n);
		}
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/* A split that fails is no unmap (trap 7). */
TEST_F_TIMEOUT(alloc_fail, mprotect, 600)
{
	u64 access[2], unmap[2];
	int n, ret;
	void *addr;
	bool hit;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = scheme_map(&self->dev, 0, SCHEME_PAGES);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[0], &unmap[0]));
		ASSERT_EQ(0, fail_nth(n));
		ret = mprotect(addr + FIRST * P, NR * P, PROT_NONE);
		if (ret)
			EXPECT_EQ(ENOMEM, errno);
		hit = failed();
		EXPECT_EQ(0, look_around(&self->dev, addr, FIRST, NR));
		EXPECT_EQ(ret ? 0 : SIGSEGV,
			  scheme_look(&self->dev, addr + FIRST * P, FIRST));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[1], &unmap[1]));
		EXPECT_EQ(access[0], access[1]);
		EXPECT_EQ(unmap[0], unmap[1]);
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/* Unload reaches the page there, too: the next touch calls the driver. */
static int unload_reaches(const struct scheme_dev *dev, void *addr, int page)
{
	u64 before, after, unmap;

	if (ioctl(dev->fd, DMST_UNLOAD_ALL) ||
	    scheme_calls(dev, &before, &unmap) ||
	    scheme_look(dev, addr, page) || scheme_calls(dev, &after, &unmap))
		return -1;
	return after == before + 1 ? 0 : -1;
}

/*
 * Here or there, and no event either way. Linux may have no memory to unmap what
 * it has moved: then the pages are in both places.
 */
TEST_F_TIMEOUT(alloc_fail, mremap, 600)
{
	bool told = variant->scheme == SCHEME_UMEM ||
		    variant->scheme == SCHEME_CONTEXTS ||
		    variant->scheme == SCHEME_REGS;
	int n, here, there, both = 0;
	u64 access[2], unmap[2];
	void *addr, *old, *to;
	bool hit, moved;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = scheme_map(&self->dev, 0, SCHEME_PAGES);
		ASSERT_NE(NULL, addr);
		old = addr + FIRST * P;
		to = lone_place();
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[0], &unmap[0]));
		ASSERT_EQ(0, fail_nth(n));
		moved = mremap(old, NR * P, NR * P,
			       MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
		if (!moved)
			EXPECT_EQ(ENOMEM, errno);
		hit = failed();
		EXPECT_EQ(0, look_around(&self->dev, addr, FIRST, NR));
		here = scheme_look(&self->dev, old, FIRST);
		there = scheme_look(&self->dev, to, FIRST);
		EXPECT_EQ(here, scheme_look(&self->dev, old + P, FIRST + 1));
		EXPECT_EQ(there, scheme_look(&self->dev, to + P, FIRST + 1));
		EXPECT_EQ(moved ? 0 : SIGSEGV, there);
		EXPECT_TRUE(here == (moved ? SIGSEGV : 0) || (!here && hit)) {
			TH_LOG("allocation %d", n);
		}
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[1], &unmap[1]));
		EXPECT_EQ(access[0], access[1]);
		EXPECT_EQ(unmap[0], unmap[1]);
		if (!here && !there)
			both++;
		if (!here && told)
			EXPECT_EQ(0, unload_reaches(&self->dev, old, FIRST));
		if (!there && told)
			EXPECT_EQ(0, unload_reaches(&self->dev, to, FIRST));
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		/* What had been moved is still mapped. */
		EXPECT_EQ(there, scheme_look(&self->dev, to, FIRST));
		ASSERT_EQ(0, munmap(to, NR * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	TH_LOG("%d allocations, %d times in both places", n - 2, both);
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/*
 * Replaced or not. Linux may have unmapped already what it then has no memory to
 * replace; the pages around do not suffer.
 */
TEST_F_TIMEOUT(alloc_fail, mapped_over, 600)
{
	void *addr, *over;
	int n, sig;
	bool hit;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = scheme_map(&self->dev, 0, SCHEME_PAGES);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, look_at_all(&self->dev, addr));
		ASSERT_EQ(0, fail_nth(n));
		over = mmap(addr + FIRST * P, NR * P, RW,
			    MAP_SHARED | MAP_FIXED, self->dev.fd, 0);
		hit = failed();
		EXPECT_EQ(0, look_around(&self->dev, addr, FIRST, NR));
		if (over == MAP_FAILED) {
			EXPECT_TRUE(hit);
			sig = scheme_look(&self->dev, addr + FIRST * P, FIRST);
			EXPECT_TRUE(!sig || sig == SIGSEGV) {
				TH_LOG("allocation %d, signal %d", n, sig);
			}
		} else {
			EXPECT_EQ(0, scheme_look(&self->dev, over, 0));
			EXPECT_EQ(0, scheme_look(&self->dev, over + P, 1));
		}
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(8, n);
}

/* All pages, in several VMAs and parts: the hole is in the middle of a handle. */
static void *map_pieces(const struct scheme_dev *dev)
{
	void *addr = scheme_map(dev, 0, SCHEME_PAGES);

	if (addr && (mprotect(addr + P, P, PROT_READ) ||
		     munmap(addr + FIRST * P, NR * P) ||
		     look_around(dev, addr, FIRST, NR)))
		return NULL;
	return addr;
}

/*
 * Fork fails, or the child has all that its parent has; the parent notices
 * nothing (traps 9, 15).
 */
TEST_F_TIMEOUT(alloc_fail, fork, 600)
{
	int n, status, refused = 0;
	u64 access[2], unmap[2];
	void *addr, *other;
	pid_t pid;
	bool hit;

	addr = map_pieces(&self->dev);
	ASSERT_NE(NULL, addr);
	other = scheme_map(&self->dev, 0, SCHEME_PAGES);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(0, look_at_all(&self->dev, other));
	FOR_EACH_ALLOCATION(n, hit) {
		/* With contexts the first one would be touched anew. */
		EXPECT_EQ(0, look_at_all(&self->dev, other));
		ASSERT_EQ(0, scheme_calls(&self->dev, &access[0], &unmap[0]));
		ASSERT_EQ(0, fail_nth(n));
		pid = fork();
		if (!pid) {
			_exit(look_around(&self->dev, addr, FIRST, NR) ||
			      look_at_all(&self->dev, other));
		}
		hit = failed();
		if (pid > 0) {
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			EXPECT_EQ(0, status) {
				TH_LOG("allocation %d", n);
			}
		} else {
			EXPECT_TRUE(errno == ENOMEM || errno == EAGAIN);
			EXPECT_TRUE(hit);
			EXPECT_EQ(0, look_at_all(&self->dev, other));
			ASSERT_EQ(0, scheme_calls(&self->dev, &access[1],
						  &unmap[1]));
			EXPECT_EQ(access[0], access[1]);
			refused++;
		}
	}
	TH_LOG("%d allocations, %d forks refused", n - 2, refused);
	EXPECT_FALSE(hit);
	EXPECT_LT(20, refused);
	EXPECT_EQ(0, look_around(&self->dev, addr, FIRST, NR));
	ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
	ASSERT_EQ(0, munmap(other, SCHEME_PAGES * P));
	EXPECT_EQ(0, scheme_idle(&self->dev, &self->base));
}

/* A process ends whether there is memory or not. */
TEST_F_TIMEOUT(alloc_fail, exit, 600)
{
	char name[40];
	siginfo_t info;
	pid_t pid;
	bool hit;
	int n;

	FOR_EACH_ALLOCATION(n, hit) {
		pid = fork();
		if (!pid) {
			if (!map_pieces(&self->dev) || fail_nth(n))
				_exit(1);
			_exit(0);
		}
		ASSERT_LT(0, pid);
		/* As a zombie it still tells. */
		ASSERT_EQ(0, waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
		snprintf(name, sizeof(name), "/proc/%d/fail-nth", pid);
		hit = has_failed(name);
		ASSERT_EQ(0, waitid(P_PID, pid, &info, WEXITED));
		EXPECT_EQ(0, info.si_status);
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base)) {
			TH_LOG("allocation %d", n);
		}
	}
	EXPECT_FALSE(hit);
}

/* A debugger reads what is there, or nothing. */
TEST_F_TIMEOUT(alloc_fail, proc_mem, 600)
{
	int n, mem = mem_open(getpid());
	u32 value, want;
	ssize_t ret;
	void *addr;
	bool hit;

	ASSERT_LE(0, mem);
	FOR_EACH_ALLOCATION(n, hit) {
		addr = map_alone(&self->dev);
		ASSERT_NE(NULL, addr);
		ASSERT_EQ(0, fail_nth(n));
		ret = mem_read(mem, addr, &value, 4);
		hit = failed();
		EXPECT_EQ(0, touch_read(addr, &want));
		if (ret == 4) {
			EXPECT_EQ(want, value);
		} else {
			EXPECT_GT(0, ret);
			EXPECT_TRUE(hit);
		}
		EXPECT_EQ(4, mem_read(mem, addr, &value, 4));
		EXPECT_EQ(want, value);
		ASSERT_EQ(0, munmap(addr, SCHEME_PAGES * P));
		ASSERT_EQ(0, scheme_idle(&self->dev, &self->base));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, n);
}

/*
 * DDI_UMEM_SLEEP cannot fail, and DDI_UMEM_NOSLEEP leaves nothing. EFAULT is the
 * ioctl's own, whose copies from user space fail as well.
 */
TEST_F_TIMEOUT(alloc_fail_call, ddi_umem_alloc, 600)
{
	static const u32 flags[] = {
		0, DDI_UMEM_PAGEABLE, DDI_UMEM_TRASH, DDI_UMEM_NOSLEEP,
	};
	int n, ret, refused;
	struct objects now;
	bool hit, nosleep;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		nosleep = flags[i] == DDI_UMEM_NOSLEEP;
		refused = 0;
		FOR_EACH_ALLOCATION(n, hit) {
			ASSERT_EQ(0, fail_nth(n));
			ret = dev_umem_flag(self->fd, 0, 16 * P, flags[i]);
			hit = failed();
			refused += ret == -ENOMEM;
			EXPECT_TRUE(!ret || (hit && ret == -EFAULT) ||
				    (hit && nosleep && ret == -ENOMEM)) {
				TH_LOG("flag 0x%x, allocation %d: %d",
				       flags[i], n, ret);
			}
			if (!ret)
				ASSERT_EQ(0, dev_umem_free(self->fd, 0));
			ASSERT_EQ(0, objects_read(&now));
			ASSERT_EQ(self->base.cookies, now.cookies);
		}
		EXPECT_FALSE(hit);
		EXPECT_LT(3, n);
		EXPECT_EQ(nosleep, refused > 0);
	}
}

static int wait_for_cookies(long nr)
{
	struct objects now = {};
	int ms;

	for (ms = 0; ms < 20000; ms++) {
		if (objects_read(&now))
			return -1;
		if (now.cookies == nr && !status_kb("VmLck"))
			return 0;
		sleep_ms(1);
	}
	tell("%ld cookies, not %ld", now.cookies, nr);
	return -1;
}

/* Pages that have not been there yet, of which some cannot be had. */
TEST_F_TIMEOUT(alloc_fail_call, ddi_umem_lock, 600)
{
	int n, ret, refused = 0;
	void *addr;
	bool hit;

	FOR_EACH_ALLOCATION(n, hit) {
		addr = mmap(lone_place(), 8 * P, RW,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		ASSERT_NE(MAP_FAILED, addr);
		ASSERT_EQ(0, fail_nth(n));
		ret = dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				    8 * P);
		hit = failed();
		if (ret > 0) {
			EXPECT_EQ(ENOMEM, ret);
			EXPECT_TRUE(hit);
			EXPECT_EQ(0, status_kb("VmLck"));
			refused++;
		} else {
			/* EFAULT is the ioctl's own, before or after. */
			EXPECT_TRUE(!ret || (hit && ret == -EFAULT));
			EXPECT_EQ(0, !ret && status_kb("VmLck") != 32);
			dev_umem_free(self->fd, 0);
		}
		ASSERT_EQ(0, wait_for_cookies(self->base.cookies)) {
			TH_LOG("allocation %d", n);
		}
		ASSERT_EQ(0, munmap(addr, 8 * P));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(2, refused);
}

/* Remapped or not; a cache attribute that cannot be reserved is uncached. */
TEST_F_TIMEOUT(alloc_fail_call, remap, 600)
{
	struct dmst_target to = {
		.kind = DMST_REGS, .rnumber = 1, .target = 0x10000, .len = 2 * P,
		.maxprot = PROT_ALL, .flags = IOMEM_DATA_UC_WR_COMBINE,
	};
	struct dmst_region region = dev_region(0, 2 * P);
	int n, ret, uncached = 0;
	u32 value, cache;
	void *addr;
	bool hit;

	region.setup_flags = DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, number_umem(self->fd, 0, 2, SCHEME_VALUE));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	FOR_EACH_ALLOCATION(n, hit) {
		addr = dev_mmap(self->fd, 0, 2 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr, NULL));
		ASSERT_EQ(0, fail_nth(n));
		ret = dev_remap(self->fd, n, &to);
		hit = failed();
		/* EFAULT is the ioctl's own, before or after; -1 the remap's. */
		EXPECT_TRUE(!ret || (hit && (ret == -EFAULT || ret == -1)));
		EXPECT_EQ(0, touch_read(addr, &value));
		cache = dev_pte(self->fd, addr).cache;
		if (cache == IOMEM_DATA_CACHED) {
			EXPECT_NE(0, ret);
			EXPECT_EQ(SCHEME_VALUE, value);
		} else {
			EXPECT_NE(SCHEME_VALUE, value);
			EXPECT_TRUE(cache == IOMEM_DATA_UC_WR_COMBINE ||
				    (hit && cache == IOMEM_DATA_UNCACHED));
			uncached += cache == IOMEM_DATA_UNCACHED;
		}
		ASSERT_EQ(0, munmap(addr, 2 * P));
		ASSERT_EQ(0, log_clear(self->fd));
	}
	EXPECT_FALSE(hit);
	EXPECT_LT(0, uncached);
}

TEST_HARNESS_MAIN
