// SPDX-License-Identifier: GPL-2.0
/* A 32-bit process: what the driver is told of it, and that all works. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>

#include "kselftest_harness.h"
#include "olddev.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)
#define RWU	(RW | PROT_USER)
#define HELPER	"/test/compat32_helper"
#define OLD0	"/dev/devmap_old0"
#define NEW0	"/dev/devmap_selftest0"
#define GIB4	0x100000000ULL

#define R_DEVMAP32(h, o, l, m, ...)	((struct dmst_record){		\
	.op = DMST_OP_DEVMAP, .handle = (h), .off = (o), .len = (l),	\
	.out = (m), .type = DDI_MODEL_ILP32, ##__VA_ARGS__ })

/* The 32-bit program, and the pipes to and from it. */
struct helper {
	pid_t pid;
	FILE *to;
	FILE *from;
};

FIXTURE(compat32) {
	struct objects base;
	int fd;		/* of the device of the older interface */
	int new;	/* of the other one */
	struct helper helper;
};

static int start_helper(struct helper *helper)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return -1;
	/* The child shares the memory of the fixture. */
	pid = fork();
	if (!pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(HELPER, "compat32_helper", NULL);
		tell("cannot run %s: %s", HELPER, strerror(errno));
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	helper->pid = pid;
	helper->to = fdopen(in[1], "w");
	helper->from = fdopen(out[0], "r");
	return pid < 0 ? -1 : 0;
}

FIXTURE_SETUP(compat32)
{
	ASSERT_EQ(0, old_begin(&self->base));
	self->fd = old_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->new = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->new);
	ASSERT_EQ(0, start_helper(&self->helper));
}

FIXTURE_TEARDOWN_PARENT(compat32)
{
	EXPECT_EQ(0, old_end(&self->base));
}

/* Has the helper do something; returns its answer. */
static long order(struct helper *helper, uint32_t *value,
		  const char *format, ...)
	__printf(3, 4);

static long order(struct helper *helper, uint32_t *value,
		  const char *format, ...)
{
	uint32_t answer;
	va_list args;
	long ret;

	va_start(args, format);
	vfprintf(helper->to, format, args);
	va_end(args);
	if (fflush(helper->to) ||
	    fscanf(helper->from, "%ld %u", &ret, &answer) != 2) {
		tell("the 32-bit program does not answer");
		return -EPIPE;
	}
	if (value)
		*value = answer;
	return ret;
}

/* The address may have its 32nd bit set; an error is a small number. */
static long map32(struct helper *helper, const char *device,
		  uint64_t off, size_t len)
{
	long ret = order(helper, NULL, "map %s %llx %zx\n", device,
			 (unsigned long long)off, len);

	return ret < 0 && ret >= -4095 ? ret : (long)(uint32_t)ret;
}

static int read32(struct helper *helper, long addr, uint32_t *value)
{
	return order(helper, value, "read %lx\n", addr);
}

static int write32(struct helper *helper, long addr, uint32_t value)
{
	return order(helper, NULL, "write %lx %x\n", addr, value);
}

static int unmap32(struct helper *helper, long addr, size_t len)
{
	return order(helper, NULL, "unmap %lx %zx\n", addr, len);
}

/* Has it end; returns its wait status. */
static int stop_helper(struct helper *helper)
{
	int status = -1;

	fclose(helper->to);
	fclose(helper->from);
	waitpid(helper->pid, &status, 0);
	return status;
}

/* It is a 32-bit program, and the rest below is about it. */
TEST_F(compat32, helper)
{
	unsigned char elf[5] = {};
	int fd = open(HELPER, O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(sizeof(elf), read(fd, elf, sizeof(elf)));
	EXPECT_EQ(0, memcmp(elf, "\177ELF\1", 5));
	EXPECT_EQ(-EPROTO, order(&self->helper, NULL, "nonsense\n"));
	EXPECT_EQ(-ENOENT, map32(&self->helper, "/dev/none", 0, P));
	EXPECT_EQ(0, stop_helper(&self->helper));
}

/* devmap(9E) gets the data model; the rest is as for any process. */
TEST_F(compat32, devmap)
{
	uint32_t value = 0;
	long addr, mine;
	uint32_t sig;
	pid_t child;

	ASSERT_EQ(0, dev_plain(self->new, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, dev_poke(self->new, 0, P, 0x5a));
	addr = map32(&self->helper, NEW0, 0, 3 * P);
	ASSERT_LT(0, addr);
	EXPECT_GT(GIB4, addr);
	EXPECT_EQ(0, read32(&self->helper, addr + P, &value));
	EXPECT_EQ(0x5a, value);
	EXPECT_EQ(0, write32(&self->helper, addr + P, 0x5b));
	EXPECT_EQ(0x5b, dev_peek(self->new, 0, P));
	child = order(&self->helper, &sig, "fork %lx\n", addr + P);
	EXPECT_LT(0, child);
	EXPECT_EQ(0, sig);
	EXPECT_EQ(0, unmap32(&self->helper, addr + P, P));
	EXPECT_EQ(SIGSEGV, read32(&self->helper, addr + P, NULL));
	EXPECT_EQ(0, unmap32(&self->helper, addr, 3 * P));
	EXPECT_LOG(self->new,
		   R_DEVMAP32(A, 0, 3 * P, 3 * P, .pid = self->helper.pid),
		   R_MAP(A, MAP_SHARED, 0, 3 * P, 1, .pid = self->helper.pid),
		   R_ACCESS(A, 1, P, P, DDI_READ, .pid = self->helper.pid),
		   R_DUP(A, 1, B, 2, .pid = self->helper.pid),
		   R_ACCESS(B, 2, P, P, DDI_READ, .pid = child),
		   R_UNMAP_ALL(B, 2, 0, 3 * P, .pid = child),
		   R_UNMAP(A, 1, P, P, A, 3, C, 4, .pid = self->helper.pid),
		   R_UNMAP_ALL(A, 3, 0, P, .pid = self->helper.pid),
		   R_UNMAP_ALL(C, 4, 2 * P, P, .pid = self->helper.pid));

	/* A 64-bit process is told from it. */
	mine = dev_map(self->new, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, mine);
	EXPECT_LOG(self->new,
		   R_DEVMAP(D, 0, P, P),
		   R_MAP(D, MAP_SHARED, 0, P, 5));
	EXPECT_EQ(0, stop_helper(&self->helper));
}

/* mmap(9E) can ask for it, at mmap(2) and at a touch. */
TEST_F(compat32, mmap)
{
	struct old_script script = old_script(OLD_SEGMAP_IS_DDI, 4);
	long addr, mine;
	pid_t child;
	uint32_t sig;

	script.log_mask = OLD_LOG_ALL;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map32(&self->helper, OLD0, P, 2 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, write32(&self->helper, addr + P, 0x77));
	EXPECT_EQ(0x77, old_peek(self->fd, 2));
	child = order(&self->helper, &sig, "fork %lx\n", addr);
	EXPECT_LT(0, child);
	EXPECT_EQ(0, sig);
	EXPECT_OLD(self->fd,
		   O_MMAP32(P, RWU, 1, .pid = self->helper.pid),
		   O_MMAP32(2 * P, RWU, 2, .pid = self->helper.pid),
		   O_MMAP32(2 * P, RWU, 2, .pid = self->helper.pid),
		   O_MMAP32(P, RWU, 1, .pid = child));

	mine = dev_map(self->fd, P, P, RW, MAP_SHARED);
	ASSERT_LT(0, mine);
	EXPECT_EQ(0, touch_read((void *)mine, NULL));
	EXPECT_OLD(self->fd, O_MMAP(P, RWU, 1), O_MMAP(P, RWU, 1));
	EXPECT_EQ(0, unmap32(&self->helper, addr, 2 * P));
	EXPECT_EQ(-ENXIO, map32(&self->helper, OLD0, 3 * P, 2 * P));
	EXPECT_EQ(0, stop_helper(&self->helper));
	ASSERT_EQ(0, old_clear(self->fd));
}

/* devmap(9E) and ddi_model_convert_from(9F). */
TEST_F(compat32, convert)
{
	struct old_script script = old_script(OLD_SEGMAP_NULL, 4);
	long mine;

	script.flags = OLD_F_DEVMAP | OLD_F_D_DEVMAP;
	script.log_mask = 1 << OLD_OP_DEVMAP;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_LT(0, map32(&self->helper, OLD0, 0, P));
	mine = dev_map(self->fd, P, P, RW, MAP_SHARED);
	ASSERT_LT(0, mine);
	EXPECT_OLD(self->fd,
		   O_DEVMAP32(0, P, .pid = self->helper.pid),
		   O_DEVMAP(P, P));
	EXPECT_EQ(0, stop_helper(&self->helper));
}

/* A context is switched between processes of both kinds. */
TEST_F(compat32, mapdev)
{
	struct old_script script = old_script(OLD_SEGMAP_MAPDEV, 2);
	uint32_t value, sig;
	long addr, mine;
	pid_t child;
	int i;

	script.access = OLD_ACCESS_SWITCH;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map32(&self->helper, OLD0, 0, 2 * P);
	ASSERT_LT(0, addr);
	mine = dev_map(self->fd, 0, 2 * P, RW, MAP_SHARED);
	ASSERT_LT(0, mine);
	EXPECT_EQ(0, write32(&self->helper, addr, 0x32));
	EXPECT_EQ(0, touch_write((void *)mine, 0x64));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, read32(&self->helper, addr, &value));
		EXPECT_EQ(0x32, value);
		EXPECT_EQ(0, touch_read((void *)mine, &value));
		EXPECT_EQ(0x64, value);
	}
	ASSERT_EQ(0, old_clear(self->fd));
	child = order(&self->helper, &sig, "fork %lx\n", addr);
	EXPECT_LT(0, child);
	EXPECT_EQ(0, sig);
	EXPECT_EQ(0, unmap32(&self->helper, addr, P));
	EXPECT_OLD(self->fd,
		   O_DUP(A, C, .pid = self->helper.pid),
		   O_ACCESS(C, 0, .pid = child),
		   O_FREE(C, .pid = child));
	EXPECT_EQ(0, stop_helper(&self->helper));
	EXPECT_OLD(self->fd, O_FREE(A, .pid = self->helper.pid));
}

/* Offsets that take more than 32 bits, up to the last of mmap2(2). */
TEST_F(compat32, offsets)
{
	static const uint64_t offsets[] = {
		GIB4 - P, GIB4, GIB4 + P, 5 * GIB4 + 7 * P, GIB4 * P / 2,
		GIB4 * P - 2 * P,
	};
	struct dmst_region region = dev_region(0, 2 * P);
	struct old_script script;
	struct old_info info;
	uint32_t value;
	size_t i;
	long addr;

	ASSERT_EQ(0, dev_umem(self->new, 0, 2 * P));
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		const uint64_t off = offsets[i];

		region.off = off;
		ASSERT_EQ(0, dev_regions(self->new, &region, 1));
		addr = map32(&self->helper, NEW0, off, 2 * P);
		ASSERT_LT(0, addr);
		EXPECT_EQ(0, write32(&self->helper, addr + P, 0x90 + i));
		EXPECT_EQ(0x90 + i, dev_peek(self->new, 0, P));
		EXPECT_EQ(0, unmap32(&self->helper, addr, 2 * P));
		EXPECT_LOG(self->new,
			   R_DEVMAP32(i + 1, off, 2 * P, 2 * P,
				      .pid = self->helper.pid),
			   R_MAP(i + 1, MAP_SHARED, off, 2 * P, i + 1,
				 .pid = self->helper.pid),
			   R_ACCESS(i + 1, i + 1, off + P, P, DDI_WRITE,
				    .pid = self->helper.pid),
			   R_UNMAP_ALL(i + 1, i + 1, off, 2 * P,
				       .pid = self->helper.pid));

		script = old_script(OLD_SEGMAP_MAPDEV, 2);
		script.base = off;
		ASSERT_EQ(0, old_set(self->fd, &script));
		addr = map32(&self->helper, OLD0, off, 2 * P);
		ASSERT_LT(0, addr);
		EXPECT_EQ(0, write32(&self->helper, addr + P, 0x20 + i));
		EXPECT_EQ(0x20 + i, old_peek(self->fd, 1));
		EXPECT_EQ(0, old_intercept(self->fd, i + 1, off + P, P));
		EXPECT_EQ(0, read32(&self->helper, addr + P, &value));
		EXPECT_EQ(0x20 + i, value);
		EXPECT_EQ(0, unmap32(&self->helper, addr, 2 * P));
		EXPECT_OLD(self->fd,
			   O_ACCESS(i + 1, off + P, .pid = self->helper.pid),
			   O_ACCESS(i + 1, off + P, .pid = self->helper.pid),
			   O_FREE(i + 1, .pid = self->helper.pid));
	}
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(2 * ARRAY_SIZE(offsets), info.calls[OLD_OP_MMAP]);
	EXPECT_EQ(0, stop_helper(&self->helper));
}

TEST_HARNESS_MAIN
