// SPDX-License-Identifier: GPL-2.0
/* Memory to map: ddi_umem_alloc(9F), ddi_umem_lock(9F) and umem_lockmemory(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "peer.h"

#define NOBODY		65534
#define PATIENCE_MS	20000

FIXTURE(umem) {
	struct objects base;
	struct dmst_region region;
	int fd;
};

FIXTURE_SETUP(umem)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->region = dev_region(0, 16 * P);
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
}

FIXTURE_TEARDOWN_PARENT(umem)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static long cookies(void)
{
	struct objects objects;

	return objects_read(&objects) ? -1 : objects.cookies;
}

/* Unlocking comes a little later. */
static int wait_cookies(long nr)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (cookies() == nr)
			return 0;
		sleep_ms(1);
	}
	tell("%ld cookies, not %ld", cookies(), nr);
	return -1;
}

static int wait_locked_kb(long kb)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (status_kb("VmLck") == kb)
			return 0;
		sleep_ms(1);
	}
	tell("VmLck is %ld kB, not %ld", status_kb("VmLck"), kb);
	return -1;
}

static bool all_zero(const void *addr, size_t len)
{
	const uint64_t *word = addr;
	size_t i;

	for (i = 0; i < len / sizeof(*word); i++) {
		if (word[i])
			return false;
	}
	return true;
}

static void *anon(size_t len)
{
	void *addr = mmap(NULL, len, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return addr == MAP_FAILED ? NULL : addr;
}

/* All that ddi_umem_alloc() refuses; *cookiep is NULL then. */
TEST_F(umem, refused)
{
	const struct {
		const char *what;
		uint64_t size;
		uint32_t flag;
	} rows[] = {
		{ "no size", 0, 0 },
		{ "no size", 0, DDI_UMEM_NOSLEEP },
		{ "no size", 0, DDI_UMEM_TRASH },
		{ "an unknown flag", P, 0x08 },
		{ "an unknown flag", P, 0x80000000 },
		{ "trash and nosleep", P, DDI_UMEM_TRASH | DDI_UMEM_NOSLEEP },
		{ "trash and pageable", P, DDI_UMEM_TRASH | DDI_UMEM_PAGEABLE },
		{ "more than there is", 1ULL << 50, 0 },
		{ "more than there is", 1ULL << 50, DDI_UMEM_NOSLEEP },
		{ "more than there is", 1ULL << 50, DDI_UMEM_TRASH },
		{ "a size that overflows", ~0ULL, 0 },
		{ "a size that overflows", ~0ULL, DDI_UMEM_NOSLEEP },
		{ "a size that overflows", 0ULL - P + 1, 0 },
		{ "half of all addresses", 1ULL << 63, 0 },
		{ "more than one piece can be", 256 << 20, DDI_UMEM_NOSLEEP },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(-ENOMEM, dev_umem_flag(self->fd, 0, rows[i].size,
						 rows[i].flag)) {
			TH_LOG("row %zu: %s", i, rows[i].what);
		}
	}
	EXPECT_EQ(self->base.cookies, cookies());
}

static const uint32_t kinds[] = {
	0, DDI_UMEM_NOSLEEP, DDI_UMEM_PAGEABLE,
	DDI_UMEM_NOSLEEP | DDI_UMEM_PAGEABLE,
};

/* Each kind is memory, zeroed, as large as it was asked for, and ours alone. */
TEST_F(umem, kinds)
{
	uint32_t *addr;
	size_t i, page;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		/* Rounded up to pages. */
		ASSERT_EQ(0, dev_umem_flag(self->fd, 0, 6 * P + 1, kinds[i]));
		addr = dev_mmap(self->fd, 0, 7 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_TRUE(all_zero(addr, 7 * P));
		for (page = 0; page < 7; page++)
			EXPECT_EQ(0, touch_write(addr + page * P / 4, page));
		for (page = 0; page < 7; page++)
			EXPECT_EQ(page, dev_peek(self->fd, 0, page * P));
		EXPECT_EQ(0, dev_poke(self->fd, 0, 7 * P - 4, 0x77));
		EXPECT_EQ(0x77, addr[7 * P / 4 - 1]);
		ASSERT_EQ(0, munmap(addr, 7 * P));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, 8 * P, RW, MAP_SHARED));
		ASSERT_EQ(0, dev_umem_free(self->fd, 0));
		EXPECT_EQ(self->base.cookies, cookies());
	}
}

/* Two buffers are two, whatever their kinds. */
TEST_F(umem, several)
{
	int nr, other;

	for (nr = 0; nr < 4; nr++)
		ASSERT_EQ(0, dev_umem_flag(self->fd, nr, 2 * P, kinds[nr]));
	for (nr = 0; nr < 4; nr++)
		EXPECT_EQ(0, dev_poke(self->fd, nr, P, 0x10 + nr));
	for (nr = 0; nr < 4; nr++)
		EXPECT_EQ(0x10 + nr, dev_peek(self->fd, nr, P));
	EXPECT_EQ(self->base.cookies + 4, cookies());
	for (nr = 3; nr >= 0; nr--) {
		EXPECT_EQ(0, dev_umem_free(self->fd, nr));
		for (other = 0; other < nr; other++)
			EXPECT_EQ(0x10 + other, dev_peek(self->fd, other, P));
	}
	/* Freeing NULL is nothing. */
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	EXPECT_EQ(self->base.cookies, cookies());
}

/* What one user leaves behind the next one must not see. */
TEST_F_TIMEOUT(umem, zeroed_again, 120)
{
	const size_t sizes[] = { P, 2 * P, 8 * P, 16 * P };
	void *addr;
	size_t i;
	int round;

	for (round = 0; round < 200; round++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			ASSERT_EQ(0, dev_umem_flag(self->fd, 0, sizes[i],
						   kinds[round % 2]));
			addr = dev_mmap(self->fd, 0, sizes[i]);
			ASSERT_NE(NULL, addr);
			ASSERT_TRUE(all_zero(addr, sizes[i]));
			memset(addr, 0xa5, sizes[i]);
			ASSERT_EQ(0, munmap(addr, sizes[i]));
			ASSERT_EQ(0, dev_umem_free(self->fd, 0));
		}
		ASSERT_EQ(0, log_clear(self->fd));
	}
	EXPECT_EQ(self->base.cookies, cookies());
}

/* The trash page is seen at every page of the buffer, from both sides. */
TEST_F(umem, trash)
{
	struct peer child;
	uint32_t value = 1;
	uint64_t pfn;
	void *addr;
	int page;

	ASSERT_EQ(0, dev_umem_flag(self->fd, 0, 8 * P, DDI_UMEM_TRASH));
	addr = dev_mmap(self->fd, 0, 8 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_TRUE(all_zero(addr, 8 * P));
	pfn = dev_pte(self->fd, addr).pfn;
	for (page = 0; page < 8; page++) {
		EXPECT_EQ(pfn, dev_pte(self->fd, addr + page * P).pfn);
		EXPECT_EQ(0, touch_write(addr + page * P + 4 * page,
					 0x50 + page));
	}
	for (page = 0; page < 8; page++) {
		EXPECT_EQ(0, touch_read(addr + 4 * page, &value));
		EXPECT_EQ(0x50 + page, value);
		EXPECT_EQ(0x57, dev_peek(self->fd, 0, page * P + 28));
	}
	EXPECT_EQ(0, dev_poke(self->fd, 0, 3 * P, 0x99));
	EXPECT_EQ(0, touch_read(addr + 7 * P, &value));
	EXPECT_EQ(0x99, value);
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, 9 * P, RW, MAP_SHARED));

	/* Freed while it is mapped. */
	ASSERT_EQ(0, peer_start(&child));
	ASSERT_EQ(0, dev_umem_free(self->fd, 0));
	EXPECT_EQ(0, peer_write(&child, (long)addr + 6 * P, 0xaa));
	EXPECT_EQ(0, touch_read(addr + 2 * P, &value));
	EXPECT_EQ(0xaa, value);
	EXPECT_EQ(self->base.cookies + 1, cookies());
	ASSERT_EQ(0, munmap(addr, 8 * P));
	EXPECT_EQ(self->base.cookies + 1, cookies());
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(self->base.cookies, cookies());
}

/* The same pages at two places of the device's memory. */
TEST_F(umem, mapped_at_several_offsets)
{
	struct dmst_region regions[] = {
		dev_region(0, 4 * P), dev_region(16 * P, 2 * P),
		dev_region(32 * P, 4 * P),
	};
	uint32_t *addr[3], value;
	struct peer peer;
	long theirs;

	regions[1].target = P;
	regions[2].target = 2 * P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 6 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 3));
	addr[0] = dev_mmap(self->fd, 0, 4 * P);
	addr[1] = dev_mmap(self->fd, 16 * P, 2 * P);
	addr[2] = dev_mmap(self->fd, 32 * P, 4 * P);
	ASSERT_TRUE(addr[0] && addr[1] && addr[2]);
	/* Page 2 of the umem, in all three. */
	EXPECT_EQ(0, touch_write(addr[0] + 2 * P / 4, 0x21));
	EXPECT_EQ(0x21, addr[1][P / 4]);
	EXPECT_EQ(0x21, addr[2][0]);
	EXPECT_EQ(0, touch_write(addr[2], 0x22));
	EXPECT_EQ(0x22, addr[0][2 * P / 4]);
	EXPECT_EQ(0x22, addr[1][P / 4]);
	EXPECT_EQ(0, addr[0][0]);
	EXPECT_EQ(0, addr[2][P / 4]);

	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 16 * P, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	EXPECT_EQ(0, peer_read(&peer, theirs + P, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, peer_write(&peer, theirs, 0x11));
	EXPECT_EQ(0x11, addr[0][P / 4]);
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Freed: the mapping keeps the memory, and the last one takes it along. */
TEST_F(umem, freed_while_mapped)
{
	uint32_t value;
	void *addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ASSERT_EQ(0, dev_umem_flag(self->fd, 0, 4 * P, kinds[i]));
		addr = dev_mmap(self->fd, 0, 4 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_write(addr, 0x11));
		ASSERT_EQ(0, dev_umem_free(self->fd, 0));
		EXPECT_EQ(self->base.cookies + 1, cookies());
		/* Pages that were loaded and pages that were not. */
		EXPECT_EQ(0, touch_read(addr, &value));
		EXPECT_EQ(0x11, value);
		EXPECT_EQ(0, touch_write(addr + 3 * P, 0x13));
		EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
		ASSERT_EQ(0, munmap(addr + P, P));
		EXPECT_EQ(self->base.cookies + 1, cookies());
		EXPECT_EQ(0, touch_read(addr + 3 * P, &value));
		EXPECT_EQ(0x13, value);
		ASSERT_EQ(0, munmap(addr, P));
		EXPECT_EQ(self->base.cookies + 1, cookies());
		ASSERT_EQ(0, munmap(addr + 2 * P, 2 * P));
		EXPECT_EQ(self->base.cookies, cookies());
	}
}

/* Arguments of ddi_umem_lock() that make no sense. */
TEST_F(umem, lock_einval)
{
	void *addr = anon(4 * P);
	const struct {
		const char *what;
		void *addr;
		size_t len;
		uint32_t flags;
	} rows[] = {
		{ "address not aligned", addr + 8, P, DDI_UMEMLOCK_READ },
		{ "length not aligned", addr, P + 8, DDI_UMEMLOCK_READ },
		{ "length less than a page", addr, 8, DDI_UMEMLOCK_READ },
		{ "no length", addr, 0, DDI_UMEMLOCK_READ },
		{ "no flag", addr, P, 0 },
		{ "long term", addr, P,
		  DDI_UMEMLOCK_READ | DDI_UMEMLOCK_LONGTERM },
		{ "only long term", addr, P, DDI_UMEMLOCK_LONGTERM },
		{ "an unknown flag", addr, P, DDI_UMEMLOCK_READ | 0x100 },
		{ "a length that overflows", addr, 0UL - P,
		  DDI_UMEMLOCK_READ },
		{ "all addresses", NULL, 0UL - P, DDI_UMEMLOCK_READ },
	};
	size_t i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(EINVAL, dev_umem_lock(self->fd, 0, rows[i].flags,
						rows[i].addr, rows[i].len)) {
			TH_LOG("%s", rows[i].what);
		}
	}
	EXPECT_EQ(self->base.cookies, cookies());
	EXPECT_EQ(0, status_kb("VmLck"));
}

TEST_F(umem, lock_efault)
{
	void *addr = anon(4 * P), *device;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ,
					addr + 2 * P, P));
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, addr,
					4 * P));
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ,
					addr + P, 2 * P));
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, NULL,
					P));
	/* Addresses of the kernel. */
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ,
					(void *)(0xffffffff81000000), P));

	/* A mapping of this very device. */
	ASSERT_EQ(0, dev_umem(self->fd, 1, 4 * P));
	self->region.umem = 1;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	device = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, device);
	EXPECT_EQ(0, touch_read(device, NULL));
	EXPECT_EQ(EFAULT, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, device,
					P));
	EXPECT_EQ(self->base.cookies + 1, cookies());
	EXPECT_EQ(0, status_kb("VmLck"));
}

TEST_F(umem, lock_eacces)
{
	void *addr = anon(4 * P);

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, mprotect(addr + 3 * P, P, PROT_NONE));
	EXPECT_EQ(EACCES, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE,
					addr + P, P));
	EXPECT_EQ(EACCES, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
					3 * P));
	EXPECT_EQ(EACCES, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ,
					addr + 3 * P, P));
	EXPECT_EQ(EACCES, dev_umem_lock(self->fd, 0,
					DDI_UMEMLOCK_READ | DDI_UMEMLOCK_WRITE,
					addr + P, P));
	EXPECT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, addr,
				   3 * P));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
}

/* Both directions at once, as the header admits, unlike the manual page. */
TEST_F(umem, lock_directions)
{
	const uint32_t flags[] = {
		DDI_UMEMLOCK_READ, DDI_UMEMLOCK_WRITE,
		DDI_UMEMLOCK_READ | DDI_UMEMLOCK_WRITE,
	};
	void *addr = anon(4 * P);
	size_t i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		EXPECT_EQ(0, dev_umem_lock(self->fd, 0, flags[i], addr, 4 * P));
		EXPECT_EQ(self->base.cookies + 1, cookies());
		EXPECT_EQ(16, status_kb("VmLck"));
		EXPECT_EQ(0, dev_umem_free(self->fd, 0));
		EXPECT_EQ(0, wait_cookies(self->base.cookies));
		EXPECT_EQ(0, wait_locked_kb(0));
	}
}

/* The limit counts for those who have no right to exceed it. */
TEST_F_TIMEOUT(umem, lock_limit, 120)
{
	const struct rlimit limit = { .rlim_cur = 3 * P, .rlim_max = 3 * P };
	void *addr = anon(8 * P);
	int status;
	pid_t pid;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				   8 * P));
	ASSERT_EQ(0, dev_umem_free(self->fd, 0));

	pid = fork();
	if (!pid) {
		int err, ms;

		if (setrlimit(RLIMIT_MEMLOCK, &limit) || setuid(NOBODY))
			_exit(1);
		if (dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				  4 * P) != ENOMEM)
			_exit(2);
		if (status_kb("VmLck"))
			_exit(3);
		if (dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr, 2 * P))
			_exit(4);
		if (dev_umem_lock(self->fd, 1, DDI_UMEMLOCK_READ, addr + 4 * P,
				  2 * P) != ENOMEM)
			_exit(5);
		if (dev_umem_lock(self->fd, 1, DDI_UMEMLOCK_READ, addr + 4 * P,
				  P))
			_exit(6);
		if (status_kb("VmLck") != 12)
			_exit(7);
		if (dev_umem_free(self->fd, 0))
			_exit(8);
		/* It comes back, a little later. */
		for (ms = 0; ms < PATIENCE_MS; ms++) {
			err = dev_umem_lock(self->fd, 2, DDI_UMEMLOCK_READ,
					    addr, 2 * P);
			if (err != ENOMEM)
				break;
			sleep_ms(1);
		}
		_exit(err ? 9 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status) {
		TH_LOG("step %d", WEXITSTATUS(status));
	}
}

/* What is accounted is given back, however often. */
TEST_F_TIMEOUT(umem, lock_repeated, 120)
{
	void *addr = anon(8 * P);
	int i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < 1000; i++) {
		ASSERT_EQ(0, dev_umem_lock(self->fd, i % 4,
					   1 + i % 3, addr, (1 + i % 8) * P));
		if (i % 4 == 3) {
			ASSERT_EQ(0, dev_umem_free(self->fd, 0));
			ASSERT_EQ(0, dev_umem_free(self->fd, 1));
			ASSERT_EQ(0, dev_umem_free(self->fd, 2));
			ASSERT_EQ(0, dev_umem_free(self->fd, 3));
		}
		/* And what fails counts for nothing. */
		ASSERT_EQ(EFAULT, dev_umem_lock(self->fd, 0, 1, NULL, P));
	}
	EXPECT_EQ(0, wait_cookies(self->base.cookies));
	EXPECT_EQ(0, wait_locked_kb(0));
}

/* Pages of this process in the mapping of another one. */
TEST_F(umem, locked_pages_mapped_elsewhere)
{
	uint32_t *addr = anon(4 * P), value;
	struct peer peer;
	long theirs;

	ASSERT_NE(NULL, addr);
	addr[P / 4] = 0x11;
	ASSERT_EQ(0, peer_start(&peer));
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0,
				   DDI_UMEMLOCK_READ | DDI_UMEMLOCK_WRITE,
				   addr, 4 * P));
	theirs = peer_map(&peer, self->fd, 0, 4 * P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	EXPECT_EQ(0, peer_read(&peer, theirs + P, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, peer_write(&peer, theirs + P, 0x22));
	EXPECT_EQ(0x22, addr[P / 4]);
	/* A page that nobody had touched when it was locked. */
	EXPECT_EQ(0, peer_write(&peer, theirs + 2 * P + 8, 0x33));
	EXPECT_EQ(0x33, addr[2 * P / 4 + 2]);
	addr[3 * P / 4] = 0x44;
	EXPECT_EQ(0, peer_read(&peer, theirs + 3 * P, &value));
	EXPECT_EQ(0x44, value);
	EXPECT_EQ(-ENXIO, peer_map(&peer, self->fd, 0, 5 * P, RW, MAP_SHARED));
	/* The fork above is one thing, the pages now are another. */
	EXPECT_EQ(0, peer_read(&peer, (long)addr + P, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Locked for reading: what the process writes later has to be seen as well. */
TEST_F(umem, locked_for_reading)
{
	uint32_t *addr = anon(2 * P), value = 1;
	struct peer peer;
	long theirs;

	ASSERT_NE(NULL, addr);
	addr[0] = 0x11;
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, addr,
				   2 * P));
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, theirs);
	EXPECT_EQ(0, peer_read(&peer, theirs, &value));
	EXPECT_EQ(0x11, value);
	addr[0] = 0x12;
	EXPECT_EQ(0, peer_read(&peer, theirs, &value));
	EXPECT_EQ(0x12, value);
	/* Nobody had written to this one before. */
	EXPECT_EQ(0, peer_read(&peer, theirs + P, &value));
	EXPECT_EQ(0, value);
	addr[P / 4] = 0x22;
	EXPECT_EQ(0, peer_read(&peer, theirs + P, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(SIGSEGV, peer_write(&peer, theirs, 1));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Pages that were locked for reading only are not for others to write. */
TEST_F(umem, locked_for_reading_is_not_for_writing)
{
	uint32_t *addr = anon(P), value;
	long theirs;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, addr[0]);
	ASSERT_EQ(0, mprotect(addr, P, PROT_READ));
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_READ, addr, P));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	theirs = dev_map(self->fd, 0, P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, theirs);
	EXPECT_EQ(-1, mprotect((void *)theirs, P, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, touch_read((void *)theirs, &value));
	EXPECT_EQ(SIGSEGV, touch_write((void *)theirs, 1));
}

/* The pages stay as long as somebody maps them; their process may go first. */
TEST_F(umem, locker_exits)
{
	uint32_t *addr = anon(2 * P), value;
	int to_child[2], to_parent[2], status;
	void *ours;
	char byte = 0;
	pid_t pid;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, pipe(to_child));
	ASSERT_EQ(0, pipe(to_parent));
	pid = fork();
	if (!pid) {
		addr[0] = 0x11;
		byte = dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				     2 * P);
		if (write(to_parent[1], &byte, 1) != 1 ||
		    read(to_child[0], &byte, 1) != 1)
			_exit(1);
		_exit(addr[P / 4] == 0x22 ? 0 : 2);
	}
	ASSERT_EQ(1, read(to_parent[0], &byte, 1));
	ASSERT_EQ(0, byte);
	ours = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, ours);
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, touch_write(ours + P, 0x22));
	ASSERT_EQ(1, write(to_child[1], &byte, 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);

	/* Its memory would be somebody else's by now. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, touch_write(ours, 0x33));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	EXPECT_EQ(self->base.cookies + 1, cookies());
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x33, value);
	ASSERT_EQ(0, munmap(ours, 2 * P));
	EXPECT_EQ(0, wait_cookies(self->base.cookies));
}

/* Unlocked by the driver, but still mapped: locked until that ends. */
TEST_F(umem, unlocked_while_mapped)
{
	uint32_t *addr = anon(2 * P), value;
	struct peer child;
	void *ours;

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				   2 * P));
	ours = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, ours);
	EXPECT_EQ(0, touch_write(ours, 0x11));
	ASSERT_EQ(0, dev_umem_free(self->fd, 0));
	sleep_ms(100);
	EXPECT_EQ(self->base.cookies + 1, cookies());
	EXPECT_EQ(8, status_kb("VmLck"));
	EXPECT_EQ(0, touch_write(ours + P, 0x12));
	EXPECT_EQ(0x12, addr[P / 4]);
	/* Even if the process itself gives its memory up. */
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x11, value);

	ASSERT_EQ(0, peer_start(&child));
	ASSERT_EQ(0, munmap(ours, 2 * P));
	EXPECT_EQ(self->base.cookies + 1, cookies());
	EXPECT_EQ(0, peer_read(&child, (long)ours + P, &value));
	EXPECT_EQ(0x12, value);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0, wait_cookies(self->base.cookies));
	EXPECT_EQ(0, wait_locked_kb(0));
}

/* fork(2) is allowed on Linux; the pages stay those of the parent. */
TEST_F(umem, fork_while_locked)
{
	uint32_t *addr = anon(2 * P), value;
	struct peer child;
	void *ours;

	ASSERT_NE(NULL, addr);
	addr[0] = 0x11;
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				   2 * P));
	ASSERT_EQ(0, peer_start(&child));
	ours = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, ours);
	addr[0] = 0x12;
	addr[P / 4] = 0x22;
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x12, value);
	EXPECT_EQ(0, touch_read(ours + P, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, touch_write(ours, 0x13));
	EXPECT_EQ(0x13, addr[0]);
	/* The child has a copy of its own. */
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, peer_write(&child, (long)addr, 0x99));
	EXPECT_EQ(0x13, addr[0]);
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x13, value);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(8, status_kb("VmLck"));
}

/* A regular file, two pages. */
static int make_file(void)
{
	char name[] = "/tmp/umem.XXXXXX";
	int fd = mkstemp(name);

	if (fd >= 0) {
		unlink(name);
		if (ftruncate(fd, 2 * P)) {
			close(fd);
			fd = -1;
		}
	}
	return fd;
}

/* Pages of a file must not be locked for good. */
TEST_F(umem, lockmemory_of_a_file)
{
	struct dmst_umem_lock how = {
		.flags = DDI_UMEMLOCK_WRITE | DDI_UMEMLOCK_LONGTERM,
		.len = 2 * P, .longer = 1,
	};
	int file = make_file();
	void *addr;

	ASSERT_LE(0, file);
	addr = mmap(NULL, 2 * P, RW, MAP_SHARED, file, 0);
	ASSERT_NE(MAP_FAILED, addr);
	how.addr = (uintptr_t)addr;
	EXPECT_EQ(EFAULT, dev_umem_lock_by(self->fd, &how));
	how.flags = DDI_UMEMLOCK_READ | DDI_UMEMLOCK_LONGTERM;
	EXPECT_EQ(EFAULT, dev_umem_lock_by(self->fd, &how));
	/* For a while is something else. */
	how.flags = DDI_UMEMLOCK_WRITE;
	EXPECT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	EXPECT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, addr,
				   2 * P));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	ASSERT_EQ(0, munmap(addr, 2 * P));

	/* So is a private mapping of it, and memory that is in no file. */
	how.flags = DDI_UMEMLOCK_WRITE | DDI_UMEMLOCK_LONGTERM;
	addr = mmap(NULL, 2 * P, RW, MAP_PRIVATE, file, 0);
	ASSERT_NE(MAP_FAILED, addr);
	how.addr = (uintptr_t)addr;
	EXPECT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	addr = mmap(NULL, 2 * P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	how.addr = (uintptr_t)addr;
	EXPECT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));

	EXPECT_EQ(0, wait_cookies(self->base.cookies));
	EXPECT_EQ(0, wait_locked_kb(0));
	close(file);
}

TEST_F(umem, lockmemory_arguments)
{
	void *addr = anon(2 * P);
	struct dmst_umem_lock how = {
		.addr = (uintptr_t)addr, .len = P, .longer = 1,
		.flags = DDI_UMEMLOCK_READ,
	};
	const int wrong[] = { -1, 2, 100 };
	size_t i;

	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		how.version = wrong[i];
		EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	}
	how.version = 1;
	EXPECT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, dev_umem_free(self->fd, 0));
	how.version = 0;
	how.flags = DDI_UMEMLOCK_LONGTERM;
	EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	how.flags = 0;
	EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	how.flags = DDI_UMEMLOCK_READ | 0x80;
	EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	how.flags = DDI_UMEMLOCK_READ;
	how.addr += 4;
	EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	how.addr -= 4;
	how.len = 4;
	EXPECT_EQ(EINVAL, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, wait_cookies(self->base.cookies));
}

/* Another process' memory, named by that process. */
TEST_F(umem, lockmemory_of_another_process)
{
	uint32_t *addr = anon(2 * P), value = 0;
	struct dmst_umem_lock how = {
		.addr = (uintptr_t)addr, .len = 2 * P, .longer = 1,
		.flags = DDI_UMEMLOCK_WRITE | DDI_UMEMLOCK_LONGTERM,
	};
	struct peer peer;
	void *ours;

	ASSERT_NE(NULL, addr);
	addr[0] = 0x11;
	ASSERT_EQ(0, peer_start(&peer));
	EXPECT_EQ(0, peer_write(&peer, (long)addr, 0x22));
	how.pid = peer.pid;
	ASSERT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(0, status_kb("VmLck"));
	ours = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, ours);
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, touch_write(ours + P, 0x33));
	EXPECT_EQ(0, peer_read(&peer, (long)addr + P, &value));
	EXPECT_EQ(0x33, value);
	EXPECT_EQ(0x11, addr[0]);
	EXPECT_EQ(0, addr[P / 4]);
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x22, value);

	/* One that has no memory at all: a thread of the kernel. */
	how.pid = 2;
	how.nr = 1;
	EXPECT_EQ(EFAULT, dev_umem_lock_by(self->fd, &how));
}

TEST_HARNESS_MAIN
