// SPDX-License-Identifier: GPL-2.0
/* mmap(2) that has to fail, and what is left behind: nothing. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)
#define LOG_SETUP (DMST_LOG_DEFAULT | 1 << DMST_OP_SETUP)

FIXTURE(err_map) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(err_map)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
}

FIXTURE_TEARDOWN_PARENT(err_map)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* A failed mmap(2) must not leave anything of the layer's. */
static int nothing_left(void)
{
	struct objects now;

	if (objects_read(&now))
		return -1;
	if (now.windows || now.segments || now.handles) {
		tell("%ld windows, %ld segments, %ld handles left",
		     now.windows, now.segments, now.handles);
		return -1;
	}
	return 0;
}

static long map(int fd, u64 off, size_t len)
{
	return dev_map(fd, off, len, RW, MAP_SHARED);
}

TEST_F(err_map, without_devmap)
{
	struct dmst_script script = {
		.no_devmap = 1,
		.log_mask = DMST_LOG_DEFAULT,
	};

	ASSERT_EQ(0, dev_script(self->fd, &script));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, P));
	script.segmap = DMST_SEGMAP_DDI;
	ASSERT_EQ(0, dev_script(self->fd, &script));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, P));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, nothing_left());
}

/* Any value is a refusal, and ENXIO to the process. */
TEST_F(err_map, devmap_refuses)
{
	const int values[] = { -1, 1, EINVAL, ENXIO, ENOMEM, EACCES, -EINVAL };
	struct dmst_region region = dev_region(0, 16 * P);
	size_t i;

	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DEVMAP, 1, values[i]));
		EXPECT_EQ(-ENXIO, map(self->fd, 0, P));
		EXPECT_LOG(self->fd,
			   R_DEVMAP(A + i, 0, P, P, .ret = values[i]));
	}
	EXPECT_EQ(0, nothing_left());
}

/* No callback for the handles before: their devmap_map has not run. */
TEST_F(err_map, devmap_refuses_a_later_handle)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.chunk = P;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DEVMAP, 3, EINVAL));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, 4 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 4 * P, P),
		   R_DEVMAP(B, P, 3 * P, P),
		   R_DEVMAP(C, 2 * P, 2 * P, P, .ret = EINVAL));
	EXPECT_EQ(0, nothing_left());
}

/* An offset that the driver does not export, from the beginning or later. */
TEST_F(err_map, outside_of_the_device)
{
	struct dmst_region region = dev_region(2 * P, 2 * P);

	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, P));
	EXPECT_EQ(-ENXIO, map(self->fd, 4 * P, P));
	EXPECT_EQ(-ENXIO, map(self->fd, 2 * P, 3 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, 0, .ret = EINVAL),
		   R_DEVMAP(B, 4 * P, P, 0, .ret = EINVAL),
		   R_DEVMAP(C, 2 * P, 3 * P, 2 * P),
		   R_DEVMAP(D, 4 * P, P, 0, .ret = EINVAL));
	EXPECT_EQ(0, nothing_left());
}

/* Lengths that devmap(9E) must not accept. */
TEST_F(err_map, maplen)
{
	const u64 wrong[] = {
		0, 1, P - 1, P + 1, 2 * P - 8, 2 * P + 1, 3 * P, ~0ULL,
		~0ULL & ~(P - 1),
	};
	struct dmst_region region = dev_region(0, 16 * P);
	size_t i;

	region.flags = DMST_F_MAPLEN;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		region.maplen = wrong[i];
		ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
		EXPECT_EQ(-EINVAL, map(self->fd, 0, 2 * P)) {
			TH_LOG("maplen 0x%llx", (unsigned long long)wrong[i]);
		}
		EXPECT_LOG(self->fd, R_DEVMAP(A + i, 0, 2 * P, wrong[i]));
	}
	EXPECT_EQ(0, nothing_left());
}

/* Less than the set-up length is fine; more is not. */
TEST_F(err_map, setup_length)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.flags = DMST_F_SETUP_LEN;
	region.setup_len = P;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, 2 * P));
	EXPECT_LT(0, map(self->fd, 0, P));

	/* Rounded up to pages. */
	region.setup_len = P + 1;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_LT(0, map(self->fd, 0, 2 * P));
	region.setup_len = 8 * P;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_LT(0, map(self->fd, 0, 2 * P));
	region.setup_len = 0;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, P));
}

TEST_F(err_map, no_setup)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.kind = DMST_NONE;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, P));
	EXPECT_LOG(self->fd, R_DEVMAP(A, 0, P, P));
	EXPECT_EQ(0, nothing_left());
}

/* What a setup call refuses: the driver says so, or says nothing. */
static const struct {
	const char *what;
	struct dmst_region change;	/* members that are not 0 count */
} refused[] = {
	{ "NULL cookie", { .umem = 3 } },
	{ "beyond the cookie", { .target = 15 * P } },
	{ "begins at its end", { .target = 16 * P } },
	{ "far beyond it", { .target = 1LL << 40 } },
	{ "negative offset", { .target = -(long long)P } },
	{ "very negative offset", { .target = (long long)(1ULL << 63) } },
	{ "unaligned offset", { .target = 8 } },
	{ "end wraps around", { .target = 0x7ffffffffffff000 } },
	{ "huge length", { .flags = DMST_F_SETUP_LEN, .setup_len = ~0ULL } },
	{ "huge length, aligned", {
		.flags = DMST_F_SETUP_LEN, .setup_len = ~0ULL & ~(P - 1) } },
	{ "INVALID without REMAP", { .setup_flags = DEVMAP_MAPPING_INVALID } },
	{ "cached umem", { .setup_flags = IOMEM_DATA_CACHED } },
	{ "uncached umem", { .setup_flags = IOMEM_DATA_UNCACHED } },
	{ "two cache attributes", {
		.setup_flags = IOMEM_DATA_CACHED | IOMEM_DATA_UNCACHED } },
	{ "unknown flag", { .setup_flags = 0x8 } },
	{ "framework's own flag", { .setup_flags = 0x100 } },
	{ "unknown high flag", { .setup_flags = 0x80000000 } },
	{ "revision 0", { .flags = DMST_F_REV, .rev = 0 } },
	{ "revision 2", { .flags = DMST_F_REV, .rev = 2 } },
	{ "negative revision", { .flags = DMST_F_REV, .rev = -1 } },
	{ "second call", { .flags = DMST_F_TWICE } },
	{ "configuration space", { .kind = DMST_REGS, .rnumber = 0 } },
	{ "no such register set", { .kind = DMST_REGS, .rnumber = 2 } },
	{ "register set -1", { .kind = DMST_REGS, .rnumber = ~0U } },
	{ "beyond the register set", {
		.kind = DMST_REGS, .rnumber = 1, .target = 1LL << 20 } },
	{ "two pages at its end", {
		.kind = DMST_REGS, .rnumber = 1, .target = (1 << 20) - P } },
	{ "registers at a negative offset", {
		.kind = DMST_REGS, .rnumber = 1, .target = -(long long)P } },
	{ "registers, unaligned", {
		.kind = DMST_REGS, .rnumber = 1, .target = 4 } },
	{ "registers, two attributes", {
		.kind = DMST_REGS, .rnumber = 1,
		.setup_flags = IOMEM_DATA_UNCACHED | IOMEM_DATA_UC_WR_COMBINE } },
	{ "registers, all attributes", {
		.kind = DMST_REGS, .rnumber = 1,
		.setup_flags = IOMEM_DATA_UNCACHED | IOMEM_DATA_CACHED |
			       IOMEM_DATA_UC_WR_COMBINE } },
	{ "registers, unknown attribute", {
		.kind = DMST_REGS, .rnumber = 1, .setup_flags = 0x80000 } },
	{ "registers, INVALID without REMAP", {
		.kind = DMST_REGS, .rnumber = 1,
		.setup_flags = DEVMAP_MAPPING_INVALID } },
};

TEST_F(err_map, setup_refuses)
{
	struct dmst_script script = { .log_mask = LOG_SETUP, .nr_regions = 1 };
	struct dmst_region *region = &script.region[0];
	struct dmst_record rec[8];
	size_t i;
	ssize_t n;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		bool second = refused[i].change.flags & DMST_F_TWICE;

		*region = refused[i].change;
		region->len = 16 * P;
		region->callbacks = DMST_CB_ALL;
		region->maxprot = PROT_ALL;
		ASSERT_EQ(0, dev_script(self->fd, &script));

		EXPECT_EQ(-ENXIO, map(self->fd, 0, 2 * P)) {
			TH_LOG("%s", refused[i].what);
		}
		n = log_read(self->fd, rec, 8);
		ASSERT_EQ(second ? 3 : 2, n);
		EXPECT_EQ(DMST_OP_DEVMAP, rec[0].op);
		EXPECT_EQ(-1, rec[0].ret);
		EXPECT_EQ(DMST_OP_SETUP, rec[1].op);
		EXPECT_EQ(second ? 0 : -1, rec[1].ret) {
			TH_LOG("%s", refused[i].what);
		}
		if (second) {
			EXPECT_EQ(DMST_OP_SETUP, rec[2].op);
			EXPECT_EQ(-1, rec[2].ret);
			continue;
		}

		/* A driver that does not look at the result. */
		region->flags |= DMST_F_IGNORE;
		ASSERT_EQ(0, dev_script(self->fd, &script));
		EXPECT_EQ(-EINVAL, map(self->fd, 0, 2 * P)) {
			TH_LOG("%s, ignored", refused[i].what);
		}
		ASSERT_EQ(0, log_clear(self->fd));
	}
	EXPECT_EQ(0, nothing_left());
}

/* A second setup call that fails does not undo the first. */
TEST_F(err_map, second_setup_ignored)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;

	region.flags = DMST_F_TWICE | DMST_F_IGNORE;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 5));
	EXPECT_EQ(5, dev_peek(self->fd, 0, 0));
}

/* Every flag that is allowed, with and without access attributes. */
TEST_F(err_map, setup_that_has_to_work)
{
	const u32 flags[] = {
		0, DEVMAP_ALLOW_REMAP, DEVMAP_USE_PAGESIZE,
		DEVMAP_ALLOW_REMAP | DEVMAP_USE_PAGESIZE,
	};
	struct dmst_region region = dev_region(0, 16 * P);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		region.setup_flags = flags[i];
		region.flags = i & 1 ? DMST_F_NO_ACCATTR : 0;
		ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
		EXPECT_LT(0, map(self->fd, 0, 16 * P));
	}
	region.kind = DMST_REGS;
	region.rnumber = 1;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		region.setup_flags = flags[i];
		ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
		EXPECT_LT(0, map(self->fd, 0, 16 * P));
	}
}

/* A handle that has no target yet: a touch is SIGBUS. */
TEST_F(err_map, mapping_invalid)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;

	region.setup_flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR));

	region.callbacks = 0;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
}

/* The driver may free the memory right after the setup call. */
TEST_F(err_map, umem_freed_after_setup)
{
	struct dmst_region region = dev_region(0, 16 * P);
	struct objects objects;
	u32 value;
	void *addr;

	region.flags = DMST_F_FREE;
	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0x99));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x99, value);
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies + 1, objects.cookies);
	ASSERT_EQ(0, munmap(addr, 2 * P));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies, objects.cookies);

	/* ... and then refuse the mapping. */
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DEVMAP, 1, ENXIO));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, P));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies, objects.cookies);
	EXPECT_EQ(0, nothing_left());

	/* ... and have nothing for the next handle. */
	region.chunk = P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, 3 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(C, 0, 3 * P, P),
		   R_DEVMAP(D, P, 2 * P, P, .ret = -1));
	ASSERT_EQ(0, objects_read(&objects));
	EXPECT_EQ(self->base.cookies, objects.cookies);
	EXPECT_EQ(0, nothing_left());
}

/* devmap_unmap in the whole form for those whose devmap_map has run. */
TEST_F(err_map, devmap_map_fails)
{
	const int values[] = { EINVAL, -1, 12345 };
	struct dmst_region region = dev_region(0, 16 * P);

	region.chunk = P;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));

	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_MAP, 1, values[0]));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, 2 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, P),
		   R_DEVMAP(B, P, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 0, .ret = values[0]));
	EXPECT_EQ(0, nothing_left());

	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_MAP, 3, values[1]));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, 4 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(C, 0, 4 * P, P),
		   R_DEVMAP(D, P, 3 * P, P),
		   R_DEVMAP(E, 2 * P, 2 * P, P),
		   R_DEVMAP(F, 3 * P, P, P),
		   R_MAP(C, MAP_SHARED, 0, P, 1),
		   R_MAP(D, MAP_SHARED, P, P, 2),
		   R_MAP(E, MAP_SHARED, 2 * P, P, 0, .ret = values[1]),
		   R_UNMAP_ALL(C, 1, 0, P),
		   R_UNMAP_ALL(D, 2, P, P));
	EXPECT_EQ(0, nothing_left());

	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_MAP, 2, values[2]));
	EXPECT_EQ(-ENXIO, map(self->fd, 0, 2 * P));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(G, 0, 2 * P, P),
		   R_DEVMAP(H, P, P, P),
		   R_MAP(G, MAP_SHARED, 0, P, 3),
		   R_MAP(H, MAP_SHARED, P, P, 0, .ret = values[2]),
		   R_UNMAP_ALL(G, 3, 0, P));
	EXPECT_EQ(0, nothing_left());
}

static long map_with_segmap(int fd, enum dmst_segmap segmap, int ret)
{
	struct dmst_script script = {
		.segmap = segmap,
		.segmap_ret = ret,
		.log_mask = DMST_LOG_DEFAULT & ~(1 << DMST_OP_SEGMAP),
		.nr_regions = 1,
		.region = { dev_region(0, 16 * P) },
	};

	if (dev_script(fd, &script))
		return 1;
	return map(fd, 0, P);
}

/* What segmap(9E) returns is what mmap(2) fails with. */
TEST_F(err_map, segmap_fails)
{
	EXPECT_EQ(-EPERM, map_with_segmap(self->fd, DMST_SEGMAP_ERROR, EPERM));
	EXPECT_EQ(-ENXIO, map_with_segmap(self->fd, DMST_SEGMAP_ERROR, ENXIO));
	EXPECT_EQ(-EAGAIN,
		  map_with_segmap(self->fd, DMST_SEGMAP_ERROR, EAGAIN));
	/* No errno at all: some error. */
	EXPECT_GT(0, map_with_segmap(self->fd, DMST_SEGMAP_ERROR, -1));
	EXPECT_GT(0, map_with_segmap(self->fd, DMST_SEGMAP_ERROR, 1 << 20));
	EXPECT_GT(0, map_with_segmap(self->fd, DMST_SEGMAP_ERROR, INT32_MIN));
	EXPECT_EQ(-EINVAL, map_with_segmap(self->fd, DMST_SEGMAP_NOTHING, 0));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, nothing_left());
}

/* It changes its mind when the mapping is made. */
TEST_F(err_map, segmap_fails_late)
{
	EXPECT_EQ(-EPERM, map_with_segmap(self->fd, DMST_SEGMAP_LATE, EPERM));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1),
		   R_UNMAP_ALL(A, 1, 0, P));
	EXPECT_EQ(0, nothing_left());
}

/* Only one devmap_setup() per mmap(2). */
TEST_F(err_map, segmap_sets_up_twice)
{
	EXPECT_LT(0, map_with_segmap(self->fd, DMST_SEGMAP_TWICE, 0));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1));
}

/* What never reaches the driver. */
TEST_F(err_map, arguments)
{
	struct dmst_region region = dev_region(0, 16 * P);
	int fd;

	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, 0));
	EXPECT_EQ(-EINVAL, map(self->fd, 1, P));
	EXPECT_EQ(-EINVAL, map(self->fd, P + 8, P));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, RW, 0));
	EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, RW, 4));
	fd = dev_open(0, O_RDONLY);
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, RW, MAP_SHARED));
	close(fd);
	fd = dev_open(0, O_WRONLY);
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, PROT_WRITE, MAP_SHARED));
	close(fd);
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, nothing_left());

	/* A length that is no page multiple is rounded up. */
	EXPECT_LT(0, map(self->fd, 0, P + 1));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, 0, 2 * P, 1));
}

/* ddi_umem_alloc() that has to fail, and its flags. */
TEST_F(err_map, umem_alloc)
{
	struct dmst_umem umem = { .nr = 1 };

	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
	EXPECT_EQ(ENOMEM, errno);
	umem.flag = DDI_UMEM_NOSLEEP;
	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
	EXPECT_EQ(ENOMEM, errno);
	umem.size = 1ULL << 50;
	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
	EXPECT_EQ(ENOMEM, errno);
	umem.flag = 0;
	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
	EXPECT_EQ(ENOMEM, errno);
	umem.size = ~0ULL;
	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
	EXPECT_EQ(ENOMEM, errno);
	umem.size = P;
	umem.flag = 0x80;
	EXPECT_EQ(-1, ioctl(self->fd, DMST_ALLOC, &umem));
}

/* All kinds of umem are zeroed and can be mapped to the last page. */
TEST_F(err_map, umem_kinds)
{
	const u32 flags[] = {
		0, DDI_UMEM_NOSLEEP, DDI_UMEM_PAGEABLE,
		DDI_UMEM_NOSLEEP | DDI_UMEM_PAGEABLE,
	};
	struct dmst_region region = dev_region(0, 16 * P);
	struct dmst_umem umem = { .nr = 1, .size = 2 * P + 1 };
	u32 value;
	void *addr;
	size_t i;

	region.umem = 1;
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		umem.flag = flags[i];
		ASSERT_EQ(0, ioctl(self->fd, DMST_ALLOC, &umem));
		addr = dev_mmap(self->fd, 0, 3 * P);
		ASSERT_NE(NULL, addr);
		EXPECT_EQ(0, touch_read(addr, &value));
		EXPECT_EQ(0, value);
		EXPECT_EQ(0, touch_read(addr + 3 * P - 4, &value));
		EXPECT_EQ(0, value);
		EXPECT_EQ(0, touch_write(addr + 3 * P - 4, 0x55));
		EXPECT_EQ(0x55, dev_peek(self->fd, 1, 3 * P - 4));
		EXPECT_EQ(0, touch_write(addr + P, 0x56));
		EXPECT_EQ(0x56, dev_peek(self->fd, 1, P));
		ASSERT_EQ(0, munmap(addr, 3 * P));
		EXPECT_EQ(-ENXIO, map(self->fd, 0, 4 * P));
		ASSERT_EQ(0, ioctl(self->fd, DMST_FREE, 1));
	}
}

TEST_HARNESS_MAIN
