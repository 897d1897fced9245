// SPDX-License-Identifier: GPL-2.0
/*
 * A machine that has no write combining: the kernel is booted with "nopat". What
 * asks for it gets uncached pages.
 */
#define _GNU_SOURCE
#include <fcntl.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"

FIXTURE(nopat) {
	struct objects base;
	struct dmst_region region;
	int fd;
	bool usual;
};

static bool booted_with(const char *word)
{
	FILE *file = fopen("/proc/cmdline", "r");
	char line[4096] = "", *next = line, *got;
	bool found = false;

	if (!file || !fgets(line, sizeof(line), file))
		tell("cannot read the kernel's command line");
	while ((got = strsep(&next, "\n ")))
		found |= !strcmp(got, word);
	if (file)
		fclose(file);
	return found;
}

FIXTURE_SETUP(nopat)
{
	if (!booted_with("nopat"))
		SKIP(return, "the machine has write combining");
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->region = dev_region(0, 16 * P);
	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	self->region.target = 0x10000;
}

FIXTURE_TEARDOWN_PARENT(nopat)
{
	if (booted_with("nopat"))
		EXPECT_EQ(0, test_end(&self->base));
}

TEST_F(nopat, write_combining_is_uncached)
{
	static const u32 flags[] = {
		IOMEM_DATA_UC_WR_COMBINE, 0, IOMEM_DATA_UNCACHED,
		IOMEM_DATA_UC_WR_COMBINE,
	};
	void *p[ARRAY_SIZE(flags)];
	size_t i;

	/* All at once: to the machine they are alike. */
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		self->region.setup_flags = flags[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		p[i] = dev_mmap(self->fd, 0, 4 * P);
		ASSERT_NE(NULL, p[i]);
		EXPECT_EQ(0, touch_read(p[i] + P, NULL));
		EXPECT_EQ(0, touch_write(p[i] + 3 * P, 0));
		EXPECT_EQ(IOMEM_DATA_UNCACHED, dev_pte(self->fd, p[i] + P).cache);
		EXPECT_EQ(IOMEM_DATA_UNCACHED,
			  dev_pte(self->fd, p[i] + 3 * P).cache);
	}
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		ASSERT_EQ(0, munmap(p[i], 4 * P));
}

/* Kernel memory is cached here, too. */
TEST_F(nopat, umem)
{
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	p = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(IOMEM_DATA_CACHED, dev_pte(self->fd, p).cache);
}

TEST_HARNESS_MAIN
