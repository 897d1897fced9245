// SPDX-License-Identifier: GPL-2.0
/* segmap(9E), ddi_segmap(9F), mmap(9E), and which of them is asked. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>

#include "kselftest_harness.h"
#include "olddev.h"
#include "peer.h"

#define R	(PROT_READ | PROT_USER)
#define RW	(PROT_READ | PROT_WRITE)
#define RWU	(RW | PROT_USER)
#define BIT(op)	(1u << OLD_OP_##op)

FIXTURE(segmap) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(segmap)
{
	ASSERT_EQ(0, old_begin(&self->base));
	self->fd = old_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(segmap)
{
	EXPECT_EQ(0, old_end(&self->base));
}

/* A device of 8 pages; everything is recorded. */
static struct old_script script_of(enum old_segmap segmap)
{
	struct old_script script = old_script(segmap, 8);

	script.log_mask = OLD_LOG_ALL;
	return script;
}

static int set(int fd, enum old_segmap segmap)
{
	struct old_script script = script_of(segmap);

	return old_set(fd, &script);
}

static long map(int fd, uint64_t off, size_t len)
{
	return dev_map(fd, off, len, RW, MAP_SHARED);
}

/* mmap(9E) is asked for every page at mmap(2), and at the first touch again. */
TEST_F(segmap, frames)
{
	uint32_t value = 0;
	void *addr;

	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_IS_DDI));
	ASSERT_EQ(0, old_poke(self->fd, 2, 0x22));
	addr = dev_mmap(self->fd, P, 3 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_OLD(self->fd,
		   O_MMAP(P, RWU, 1), O_MMAP(2 * P, RWU, 2),
		   O_MMAP(3 * P, RWU, 3));

	EXPECT_EQ(0, touch_read(addr + P + 4, NULL));
	EXPECT_OLD(self->fd, O_MMAP(2 * P, RWU, 2));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, touch_write(addr + P, 0x23));
	EXPECT_EQ(0x23, old_peek(self->fd, 2));
	EXPECT_NO_OLD(self->fd);

	EXPECT_EQ(0, touch_write(addr, 0x11));
	EXPECT_EQ(0x11, old_peek(self->fd, 1));
	EXPECT_OLD(self->fd, O_MMAP(P, RWU, 1));

	ASSERT_EQ(0, munmap(addr + P, P));
	EXPECT_EQ(0, touch_write(addr, 0x12));
	EXPECT_EQ(0, touch_write(addr + 2 * P, 0x33));
	EXPECT_EQ(0x33, old_peek(self->fd, 3));
	ASSERT_EQ(0, munmap(addr, 3 * P));
	EXPECT_OLD(self->fd, O_MMAP(3 * P, RWU, 3));
	EXPECT_EQ(0, old_nothing_left());
}

/* It is told what the user wants to do with the page. */
TEST_F(segmap, prot_of_frames)
{
	static const uint32_t prots[] = {
		PROT_READ, PROT_WRITE, RW, PROT_READ | PROT_EXEC,
		RW | PROT_EXEC,
	};
	size_t i;
	long addr;

	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_IS_DDI));
	for (i = 0; i < ARRAY_SIZE(prots); i++) {
		const uint32_t prot = prots[i] | PROT_USER;

		addr = dev_map(self->fd, 0, P, prots[i], MAP_SHARED);
		ASSERT_LT(0, addr);
		EXPECT_EQ(0, touch((void *)addr, prots[i] & PROT_WRITE ?
				   DDI_WRITE : DDI_READ));
		EXPECT_OLD(self->fd, O_MMAP(0, prot, 0), O_MMAP(0, prot, 0));
		ASSERT_EQ(0, munmap((void *)addr, P));
	}

	/* And may say no. */
	{
		struct old_script script = script_of(OLD_SEGMAP_IS_DDI);

		script.deny_prot = PROT_WRITE;
		ASSERT_EQ(0, old_set(self->fd, &script));
	}
	EXPECT_EQ(-ENXIO, map(self->fd, 0, P));
	EXPECT_LT(0, dev_map(self->fd, 0, P, PROT_READ, MAP_SHARED));
	EXPECT_OLD(self->fd, O_MMAP(0, RWU, -1), O_MMAP(0, R, 0));
}

/* -1 anywhere in the range, and beyond the device. */
TEST_F(segmap, refused)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_IS_DDI, OLD_SEGMAP_DDI, OLD_SEGMAP_SETUP,
		OLD_SEGMAP_NULL,
	};
	struct old_script script;
	size_t i;
	long addr;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		script = script_of(kinds[i]);
		script.log_mask = 0;
		script.page[3] = -1;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-ENXIO, map(self->fd, 3 * P, P));
		EXPECT_EQ(-ENXIO, map(self->fd, 0, 4 * P));
		EXPECT_EQ(-ENXIO, map(self->fd, 3 * P, 2 * P));
		EXPECT_EQ(-ENXIO, map(self->fd, 0, 8 * P));
		EXPECT_EQ(-ENXIO, map(self->fd, 7 * P, 2 * P));
		EXPECT_EQ(-ENXIO, map(self->fd, 8 * P, P));
		EXPECT_EQ(-ENXIO, map(self->fd, 1ULL << 40, P));
		EXPECT_EQ(-ENXIO, map(self->fd, (1ULL << 63) - 2 * P, P));
		/* More pages than anybody could remember the frames of. */
		EXPECT_EQ(-ENOMEM, map(self->fd, 0, 1UL << 44));
		EXPECT_EQ(0, old_nothing_left());
		addr = map(self->fd, 4 * P, 4 * P);
		EXPECT_LT(0, addr);
		EXPECT_EQ(0, touch_write((void *)addr + 3 * P, i));
		EXPECT_EQ(i, old_peek(self->fd, 7));
		ASSERT_EQ(0, munmap((void *)addr, 4 * P));
		addr = map(self->fd, 0, 3 * P);
		EXPECT_LT(0, addr);
		ASSERT_EQ(0, munmap((void *)addr, 3 * P));
	}
}

/* There is no private mapping in this scheme. */
TEST_F(segmap, private)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_NULL, OLD_SEGMAP_IS_DDI, OLD_SEGMAP_DDI,
		OLD_SEGMAP_SETUP,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ASSERT_EQ(0, set(self->fd, kinds[i]));
		EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, PROT_READ,
					   MAP_PRIVATE));
		EXPECT_EQ(-EINVAL, dev_map(self->fd, 0, P, RW, MAP_PRIVATE));
		EXPECT_EQ(0, old_nothing_left());
	}
	ASSERT_EQ(0, old_clear(self->fd));
}

/* The page frame is the one that mmap(9E) names at the touch. */
TEST_F(segmap, new_frame_at_touch)
{
	struct old_script script = script_of(OLD_SEGMAP_IS_DDI);
	uint32_t value = 0, i;
	struct peer child;
	void *addr;

	ASSERT_EQ(0, old_set(self->fd, &script));
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, old_poke(self->fd, i, 0x10 + i));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x10, value);
	ASSERT_EQ(0, old_clear(self->fd));

	script.page[0] = 7;
	script.page[1] = 5;
	script.page[2] = -1;
	script.page[3] = 0;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0x15, value);
	EXPECT_EQ(SIGBUS, touch_read(addr + 2 * P, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr + 2 * P, 1));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 0x20));
	EXPECT_EQ(0x20, old_peek(self->fd, 0));
	/* The one that was touched before is where it was. */
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x20, value);
	EXPECT_OLD(self->fd,
		   O_MMAP(P, RWU, 5),
		   O_MMAP(2 * P, RWU, -1),
		   O_MMAP(2 * P, RWU, -1),
		   O_MMAP(3 * P, RWU, 0));

	/* A child touches for the first time; its parent does not. */
	script.page[2] = 6;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr, &value));
	EXPECT_EQ(0x17, value);
	EXPECT_EQ(0, peer_read(&child, (long)addr + 2 * P, &value));
	EXPECT_EQ(0x16, value);
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x20, value);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd,
		   O_MMAP(0, RWU, 7, .pid = child.pid),
		   O_MMAP(2 * P, RWU, 6, .pid = child.pid));

	/* What was refused once is asked for again. */
	EXPECT_EQ(0, touch_read(addr + 2 * P, &value));
	EXPECT_EQ(0x16, value);
	EXPECT_OLD(self->fd, O_MMAP(2 * P, RWU, 6));
}

/* So it is for a debugger. */
TEST_F(segmap, proc_mem)
{
	struct old_script script = script_of(OLD_SEGMAP_IS_DDI);
	int mem = open("/proc/self/mem", O_RDWR);
	uint32_t words[2] = {};
	long addr;

	ASSERT_LE(0, mem);
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map(self->fd, 0, 3 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr + P, 0x31));
	ASSERT_EQ(0, old_poke(self->fd, 6, 0x36));
	script.page[0] = 6;
	script.page[2] = -1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, old_clear(self->fd));
	EXPECT_EQ(4, pread(mem, words, 4, addr));
	EXPECT_EQ(0x36, words[0]);
	EXPECT_OLD(self->fd, O_MMAP(0, RWU, 6));
	words[0] = 0x32;
	EXPECT_EQ(4, pwrite(mem, words, 4, addr + P));
	EXPECT_EQ(0x32, old_peek(self->fd, 1));
	EXPECT_EQ(-1, pread(mem, words, 4, addr + 2 * P));
	EXPECT_EQ(4, pread(mem, words, 8, addr + 2 * P - 4));
	ASSERT_EQ(0, old_clear(self->fd));
}

/* Remnants go on asking for their own pages. */
TEST_F(segmap, remnants)
{
	struct old_script script = script_of(OLD_SEGMAP_IS_DDI);
	uint32_t value;
	void *addr;

	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = dev_mmap(self->fd, P, 5 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	ASSERT_EQ(0, munmap(addr, P));
	ASSERT_EQ(0, old_clear(self->fd));
	ASSERT_EQ(0, old_poke(self->fd, 0, 0xa0));
	ASSERT_EQ(0, old_poke(self->fd, 7, 0xa7));
	script.page[2] = 0;
	script.page[5] = 7;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(0, touch_read(addr + P, &value));
	EXPECT_EQ(0xa0, value);
	EXPECT_EQ(0, touch_read(addr + 4 * P, &value));
	EXPECT_EQ(0xa7, value);
	EXPECT_EQ(0, touch_write(addr + 3 * P, 0xa4));
	EXPECT_EQ(0xa4, old_peek(self->fd, 4));
	EXPECT_OLD(self->fd,
		   O_MMAP(2 * P, RWU, 0), O_MMAP(5 * P, RWU, 7),
		   O_MMAP(4 * P, RWU, 4));
}

/* mprotect(2) and mremap(2): what was touched is where it was. */
TEST_F(segmap, protect_and_move)
{
	void *addr, *new;
	int i;

	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_IS_DDI));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, i));
	new = mmap(NULL, 4 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, new);
	ASSERT_EQ(new, mremap(addr, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED,
			      new));
	EXPECT_EQ(0, touch_write(new, 1));
	ASSERT_EQ(0, mprotect(new + P, P, PROT_READ));
	EXPECT_EQ(SIGSEGV, touch_write(new + P, 1));
	ASSERT_EQ(0, mprotect(new, 4 * P, RW));
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(0, touch_write(new + i * P, 0x30 + i));
		EXPECT_EQ(0x30 + i, old_peek(self->fd, i));
	}
	ASSERT_EQ(0, old_clear(self->fd));
}

/* More than mmap(2) asked for is mmap(9E)'s to refuse, too. */
TEST_F(segmap, more_by_mprotect)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_IS_DDI, OLD_SEGMAP_MAPDEV,
	};
	struct old_script script;
	size_t i;
	long addr;
	void *p;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		script = script_of(kinds[i]);
		script.deny_prot = PROT_WRITE;
		script.log_mask = BIT(MMAP);
		ASSERT_EQ(0, old_set(self->fd, &script));
		addr = dev_map(self->fd, 0, 4 * P, PROT_READ, MAP_SHARED);
		ASSERT_LT(0, addr);
		p = (void *)addr;
		EXPECT_EQ(0, touch_read(p, NULL));
		ASSERT_EQ(0, old_clear(self->fd));

		/* Touched or not, nothing of it becomes writable. */
		EXPECT_EQ(-1, mprotect(p, 2 * P, RW));
		EXPECT_EQ(EACCES, errno);
		EXPECT_OLD(self->fd, O_MMAP(0, RWU, -1));
		EXPECT_EQ(-1, mprotect(p + P, P, PROT_WRITE));
		EXPECT_EQ(EACCES, errno);
		EXPECT_EQ(SIGSEGV, touch_write(p, 0x666));
		EXPECT_EQ(SIGSEGV, touch_write(p + P, 0x666));
		EXPECT_NE(0x666, old_peek(self->fd, 0));
		ASSERT_EQ(0, old_clear(self->fd));

		/* Less is nobody's business. */
		EXPECT_EQ(0, mprotect(p, P, PROT_NONE));
		EXPECT_EQ(0, mprotect(p, P, PROT_READ));
		EXPECT_NO_OLD(self->fd);

		/* It is asked for each page, and not for others. */
		script.deny_prot = 0;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(0, mprotect(p + P, 2 * P, RW));
		EXPECT_OLD(self->fd,
			   O_MMAP(P, RWU, 1), O_MMAP(2 * P, RWU, 2));
		EXPECT_EQ(0, touch_write(p + P, 0x41 + i));
		EXPECT_EQ(0x41 + i, old_peek(self->fd, 1));
		EXPECT_EQ(SIGSEGV, touch_write(p + 3 * P, 1));
		ASSERT_EQ(0, munmap(p, 4 * P));
		ASSERT_EQ(0, old_clear(self->fd));
	}
}

/* What the user wants at a touch is what the VMA allows then. */
TEST_F(segmap, prot_at_touch)
{
	struct old_script script = script_of(OLD_SEGMAP_IS_DDI);
	long addr;

	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map(self->fd, 0, 2 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, mprotect((void *)addr, P, PROT_READ));
	ASSERT_EQ(0, old_clear(self->fd));
	EXPECT_EQ(0, touch_read((void *)addr, NULL));
	EXPECT_EQ(0, touch_read((void *)addr + P, NULL));
	EXPECT_OLD(self->fd, O_MMAP(0, R, 0), O_MMAP(P, RWU, 1));
}

/* A driver's own segmap(9E) around ddi_segmap() and ddi_segmap_setup(). */
TEST_F(segmap, own_segmap)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_DDI, OLD_SEGMAP_SETUP,
	};
	size_t i;
	long addr;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ASSERT_EQ(0, set(self->fd, kinds[i]));
		addr = dev_map(self->fd, 6 * P, 2 * P, PROT_READ, MAP_SHARED);
		ASSERT_LT(0, addr);
		EXPECT_OLD(self->fd,
			   O_SEGMAP(6 * P, 2 * P, R, PROT_ALL, MAP_SHARED,
				    addr),
			   O_MMAP(6 * P, R, 6), O_MMAP(7 * P, R, 7));
		EXPECT_EQ(0, touch_read((void *)addr, NULL));
		EXPECT_OLD(self->fd, O_MMAP(6 * P, R, 6));
		ASSERT_EQ(0, munmap((void *)addr, 2 * P));
	}
	EXPECT_NO_OLD(self->fd);
}

#define BOTH		(OLD_F_DEVMAP | OLD_F_D_DEVMAP)
#define FRAMEWORK	(BIT(DEVMAP) | BIT(MAP) | BIT(UNMAP))

/* Which entry points are called, by what the driver has. */
static const struct {
	enum old_segmap segmap;
	uint32_t flags;
	int err;
	uint32_t calls;
} dispatch[] = {
	/* without segmap(9E) */
	{ OLD_SEGMAP_NULL, 0, 0, BIT(MMAP) },
	{ OLD_SEGMAP_NULL, OLD_F_DEVMAP, 0, BIT(MMAP) },
	{ OLD_SEGMAP_NULL, BOTH, 0, FRAMEWORK },
	{ OLD_SEGMAP_NULL, OLD_F_NO_MMAP | OLD_F_DEVMAP, 0, FRAMEWORK },
	{ OLD_SEGMAP_NULL, OLD_F_NO_MMAP | BOTH, 0, FRAMEWORK },
	{ OLD_SEGMAP_NULL, OLD_F_D_DEVMAP, EINVAL, 0 },
	{ OLD_SEGMAP_NULL, OLD_F_NO_MMAP, EINVAL, 0 },
	{ OLD_SEGMAP_NULL, OLD_F_NO_MMAP | OLD_F_D_DEVMAP, EINVAL, 0 },
	/* ddi_segmap() as segmap(9E) */
	{ OLD_SEGMAP_IS_DDI, 0, 0, BIT(MMAP) },
	{ OLD_SEGMAP_IS_DDI, BOTH, 0, BIT(MMAP) },
	{ OLD_SEGMAP_IS_DDI, OLD_F_NO_MMAP, ENODEV, 0 },
	{ OLD_SEGMAP_IS_DDI, OLD_F_NO_MMAP | BOTH, ENODEV, 0 },
	/* a segmap(9E) that decides */
	{ OLD_SEGMAP_DDI, 0, 0, BIT(SEGMAP) | BIT(MMAP) },
	{ OLD_SEGMAP_DDI, BOTH, 0, BIT(SEGMAP) | BIT(MMAP) },
	{ OLD_SEGMAP_DDI, OLD_F_NO_MMAP | BOTH, ENODEV, BIT(SEGMAP) },
	{ OLD_SEGMAP_SETUP, BOTH, 0, BIT(SEGMAP) | BIT(MMAP) },
	{ OLD_SEGMAP_SETUP, OLD_F_NO_MMAP, ENODEV, BIT(SEGMAP) },
	{ OLD_SEGMAP_DEVMAP, OLD_F_DEVMAP, 0, BIT(SEGMAP) | FRAMEWORK },
	{ OLD_SEGMAP_DEVMAP, BOTH, 0, BIT(SEGMAP) | FRAMEWORK },
	{ OLD_SEGMAP_DEVMAP, OLD_F_NO_MMAP | BOTH, 0,
	  BIT(SEGMAP) | FRAMEWORK },
	{ OLD_SEGMAP_DEVMAP, 0, EINVAL, BIT(SEGMAP) },
	{ OLD_SEGMAP_MAPDEV, BOTH, 0, BIT(SEGMAP) | BIT(MMAP) | BIT(ACCESS) |
	  BIT(FREE) | BIT(NOINTERCEPT) },
	{ OLD_SEGMAP_MAPDEV, OLD_F_NO_MMAP, ENODEV, BIT(SEGMAP) },
	{ OLD_SEGMAP_NOTHING, BOTH, EINVAL, BIT(SEGMAP) },
};

TEST_F(segmap, dispatch)
{
	struct old_info before, after;
	uint32_t calls;
	size_t i, op;
	long addr;

	for (i = 0; i < ARRAY_SIZE(dispatch); i++) {
		struct old_script script = script_of(dispatch[i].segmap);

		script.flags = dispatch[i].flags;
		ASSERT_EQ(0, old_set(self->fd, &script));
		ASSERT_EQ(0, old_info(self->fd, &before));
		addr = map(self->fd, P, P);
		EXPECT_EQ(-dispatch[i].err, addr < 0 ? addr : 0) {
			TH_LOG("row %zu", i);
		}
		if (addr > 0) {
			EXPECT_EQ(0, touch_write((void *)addr, i));
			EXPECT_EQ(i, old_peek(self->fd, 1));
			ASSERT_EQ(0, munmap((void *)addr, P));
		}
		ASSERT_EQ(0, old_info(self->fd, &after));
		for (calls = 0, op = 0; op < OLD_OPS; op++) {
			if (after.calls[op] != before.calls[op])
				calls |= 1u << op;
		}
		EXPECT_EQ(dispatch[i].calls, calls) {
			TH_LOG("row %zu", i);
		}
		EXPECT_EQ(0, old_nothing_left());
	}
	ASSERT_EQ(0, old_clear(self->fd));
}

/* mmap(2) fails with what segmap(9E) returns, if that is an errno. */
TEST_F(segmap, own_errno)
{
	static const int passed[] = {
		EPERM, EAGAIN, EACCES, ENXIO, EINVAL, ENOTSUP, EOVERFLOW, 4095,
	};
	static const int strange[] = { -1, -EPERM, 4096, INT_MIN, INT_MAX };
	struct old_script script = script_of(OLD_SEGMAP_NOTHING);
	size_t i;

	script.flags = OLD_F_RET;
	for (i = 0; i < ARRAY_SIZE(passed); i++) {
		script.segmap_ret = passed[i];
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-passed[i], map(self->fd, 0, P));
	}
	for (i = 0; i < ARRAY_SIZE(strange); i++) {
		script.segmap_ret = strange[i];
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-EINVAL, map(self->fd, 0, P));
	}
	EXPECT_EQ(0, old_nothing_left());
	ASSERT_EQ(0, old_clear(self->fd));
}

/* The device's offset need not be the one that mmap(2) named. */
TEST_F(segmap, own_offset)
{
	struct old_script script = script_of(OLD_SEGMAP_DEVMAP);
	long addr;

	script.flags = OLD_F_OFF | OLD_F_DEVMAP;
	script.segmap_off = 4 * P;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map(self->fd, P, 2 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr + P, 0x55));
	EXPECT_EQ(0x55, old_peek(self->fd, 5));
	ASSERT_EQ(0, munmap((void *)addr, 2 * P));
	EXPECT_OLD(self->fd,
		   O_SEGMAP(P, 2 * P, RWU, PROT_ALL, MAP_SHARED, addr),
		   O_DEVMAP(4 * P, 2 * P),
		   O_MAP(MAP_SHARED, 4 * P, 2 * P),
		   O_UNMAP(4 * P, 2 * P));

	script.segmap = OLD_SEGMAP_DDI;
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map(self->fd, P, 2 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr + P, 0x56));
	EXPECT_EQ(0x56, old_peek(self->fd, 5));
	ASSERT_EQ(0, munmap((void *)addr, 2 * P));
	EXPECT_OLD(self->fd,
		   O_SEGMAP(P, 2 * P, RWU, PROT_ALL, MAP_SHARED, addr),
		   O_MMAP(4 * P, RWU, 4), O_MMAP(5 * P, RWU, 5),
		   O_MMAP(5 * P, RWU, 5));
}

/* One mapping for one mmap(2), of its length, at a page. */
TEST_F(segmap, misuse)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_DDI, OLD_SEGMAP_SETUP, OLD_SEGMAP_DEVMAP,
	};
	struct old_script script;
	size_t i;
	long addr;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		script = script_of(kinds[i]);
		script.log_mask = 0;
		/* The device notices if the second call is not refused. */
		script.flags = OLD_F_DEVMAP | OLD_F_TWICE;
		ASSERT_EQ(0, old_set(self->fd, &script));
		addr = map(self->fd, P, 2 * P);
		ASSERT_LT(0, addr);
		EXPECT_EQ(0, touch_write((void *)addr + P, i));
		EXPECT_EQ(i, old_peek(self->fd, 2));
		ASSERT_EQ(0, munmap((void *)addr, 2 * P));

		script.flags = OLD_F_DEVMAP | OLD_F_SHORT;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-EINVAL, map(self->fd, P, 2 * P));
		script.flags = OLD_F_DEVMAP | OLD_F_OFF;
		script.segmap_off = P + 0x10;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-EINVAL, map(self->fd, P, 2 * P));
		EXPECT_EQ(0, old_nothing_left());
	}

	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_NOTHING));
	EXPECT_EQ(-EINVAL, map(self->fd, 0, P));
	EXPECT_EQ(0, old_nothing_left());
	ASSERT_EQ(0, old_clear(self->fd));
}

/* It fails after the mapping was made: the mapping is undone. */
TEST_F(segmap, fails_late)
{
	struct old_script script = script_of(OLD_SEGMAP_DEVMAP);
	long addr = 0x1000;

	script.flags = OLD_F_RET | OLD_F_DEVMAP;
	script.segmap_ret = EBUSY;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EBUSY, map(self->fd, P, 2 * P));
	EXPECT_EQ(0, old_nothing_left());
	script.log_mask &= ~BIT(SEGMAP);
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, old_clear(self->fd));
	EXPECT_EQ(-EBUSY, dev_map(self->fd, P, 2 * P, RW, MAP_PRIVATE));
	EXPECT_OLD(self->fd,
		   O_DEVMAP(P, 2 * P),
		   O_MAP(MAP_PRIVATE, P, 2 * P),
		   O_UNMAP(P, 2 * P));
	EXPECT_EQ(0, old_nothing_left());

	script.segmap = OLD_SEGMAP_DDI;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EBUSY, map(self->fd, P, 2 * P));
	EXPECT_OLD(self->fd, O_MMAP(P, RWU, 1), O_MMAP(2 * P, RWU, 2));
	EXPECT_EQ(0, old_nothing_left());

	/* A strange result is a failure, too. */
	script.segmap = OLD_SEGMAP_DEVMAP;
	script.segmap_ret = -1;
	ASSERT_EQ(0, old_set(self->fd, &script));
	EXPECT_EQ(-EINVAL, map(self->fd, P, 2 * P));
	EXPECT_OLD(self->fd,
		   O_DEVMAP(P, 2 * P),
		   O_MAP(MAP_SHARED, P, 2 * P),
		   O_UNMAP(P, 2 * P));
	EXPECT_EQ(0, old_nothing_left());

	/* devmap(9E) refuses: nothing was mapped that could be unmapped. */
	script.flags = OLD_F_DEVMAP;
	ASSERT_EQ(0, old_set(self->fd, &script));
	ASSERT_EQ(0, old_fail(self->fd, OLD_OP_DEVMAP, 1, EPERM));
	EXPECT_EQ(-ENXIO, map(self->fd, P, 2 * P));
	EXPECT_OLD(self->fd, O_DEVMAP(P, 2 * P, .ret = EPERM));
	EXPECT_EQ(0, old_nothing_left());

	/* All is well without. */
	addr = map(self->fd, P, 2 * P);
	ASSERT_LT(0, addr);
	ASSERT_EQ(0, munmap((void *)addr, 2 * P));
	ASSERT_EQ(0, old_clear(self->fd));
}

#define ALL	PROT_ALL
#define NO_W	(PROT_ALL & ~PROT_WRITE)

/* What segmap(9E) gets. */
static const struct {
	int open;
	int flags;
	int prot;
	uint32_t maxprot;
} arguments[] = {
	{ O_RDWR, MAP_SHARED, PROT_NONE, ALL },
	{ O_RDWR, MAP_SHARED, PROT_READ, ALL },
	{ O_RDWR, MAP_SHARED, PROT_WRITE, ALL },
	{ O_RDWR, MAP_SHARED, RW, ALL },
	{ O_RDWR, MAP_SHARED, PROT_READ | PROT_EXEC, ALL },
	{ O_RDWR, MAP_SHARED, PROT_READ | 0x8 /* PROT_SEM */, ALL },
	{ O_RDWR, MAP_PRIVATE, PROT_READ, ALL },
	{ O_RDWR, MAP_PRIVATE, RW | PROT_EXEC, ALL },
	{ O_RDONLY, MAP_SHARED, PROT_NONE, NO_W },
	{ O_RDONLY, MAP_SHARED, PROT_READ, NO_W },
	{ O_RDONLY, MAP_SHARED, PROT_READ | PROT_EXEC, NO_W },
	{ O_RDONLY, MAP_PRIVATE, PROT_READ, NO_W },
	{ O_RDONLY, MAP_PRIVATE, PROT_READ | PROT_EXEC, NO_W },
};

TEST_F(segmap, arguments)
{
	struct old_script script = script_of(OLD_SEGMAP_MAPDEV);
	size_t i;
	long addr;
	int fd;

	script.log_mask = BIT(SEGMAP);
	ASSERT_EQ(0, old_set(self->fd, &script));
	for (i = 0; i < ARRAY_SIZE(arguments); i++) {
		fd = old_open(0, arguments[i].open);
		ASSERT_LE(0, fd);
		addr = dev_map(fd, i % 4 * P, (1 + i % 3) * P,
			       arguments[i].prot, arguments[i].flags);
		EXPECT_LT(0, addr) {
			TH_LOG("row %zu", i);
		}
		EXPECT_OLD(self->fd,
			   O_SEGMAP(i % 4 * P, (1 + i % 3) * P,
				    arguments[i].prot | PROT_USER,
				    arguments[i].maxprot, arguments[i].flags,
				    addr));
		close(fd);
	}

	/* Whether the address was asked for is the kernel's business. */
	addr = (long)mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);
	ASSERT_LT(0, addr);
	ASSERT_EQ((void *)addr, mmap((void *)addr, P, RW,
				     MAP_SHARED | MAP_FIXED, self->fd, 0));
	EXPECT_OLD(self->fd, O_SEGMAP(0, P, RWU, ALL, MAP_SHARED, addr));

	/* What is refused before: the driver is not asked. */
	fd = old_open(0, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(-EACCES, dev_map(fd, 0, P, RW, MAP_PRIVATE));
	EXPECT_NO_OLD(self->fd);

	/* The device number is that of the node. */
	fd = old_open(1, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_NE(dev_number(self->fd), dev_number(fd));
	ASSERT_EQ(0, old_set(fd, &script));
	addr = map(fd, 0, P);
	ASSERT_LT(0, addr);
	EXPECT_NO_OLD(self->fd);
	EXPECT_OLD(fd, O_SEGMAP(0, P, RWU, ALL, MAP_SHARED, addr));
}

/* Less than the user could have. */
TEST_F(segmap, maxprot)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_DDI, OLD_SEGMAP_SETUP, OLD_SEGMAP_DEVMAP,
	};
	struct old_script script;
	size_t i;
	long addr;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		script = script_of(kinds[i]);
		script.log_mask = 0;
		script.flags = OLD_F_DEVMAP;
		script.less_maxprot = PROT_WRITE;
		ASSERT_EQ(0, old_set(self->fd, &script));
		EXPECT_EQ(-EACCES, map(self->fd, 0, P));
		EXPECT_EQ(0, old_nothing_left());
		addr = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
		ASSERT_LT(0, addr);
		EXPECT_EQ(0, touch_read((void *)addr, NULL));
		EXPECT_EQ(-1, mprotect((void *)addr, P, RW));
		EXPECT_EQ(EACCES, errno);
		EXPECT_EQ(0, mprotect((void *)addr, P, PROT_NONE));
		EXPECT_EQ(0, mprotect((void *)addr, P, PROT_READ));
		EXPECT_EQ(SIGSEGV, touch_write((void *)addr, 1));
		EXPECT_EQ(SIGSEGV, touch_write((void *)addr + P, 1));
		EXPECT_EQ(0, touch_read((void *)addr, NULL));

		/* PROT_USER counts as granted. */
		script.less_maxprot = PROT_USER;
		ASSERT_EQ(0, old_set(self->fd, &script));
		ASSERT_EQ(0, munmap((void *)addr, 2 * P));
		addr = map(self->fd, 0, P);
		EXPECT_LT(0, addr);
		EXPECT_EQ(0, munmap((void *)addr, P));
	}
}

/* ddi_mmap_get_model() is for mmap(9E), wherever that is called from. */
TEST_F(segmap, model)
{
	struct old_script script = script_of(OLD_SEGMAP_MAPDEV);
	struct old_info info;
	struct peer child;
	long addr;

	/* Outside: the records of all other entry points say so. */
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(OLD_NO_MODEL, info.model);
	ASSERT_EQ(0, old_set(self->fd, &script));
	addr = map(self->fd, 0, P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_read((void *)addr, NULL));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd,
		   O_SEGMAP(0, P, RWU, PROT_ALL, MAP_SHARED, addr),
		   O_MMAP(0, RWU, 0),
		   O_ACCESS(A, 0),
		   O_NOINTERCEPT(A, 0, P),
		   O_DUP(A, B),
		   O_FREE(B, .pid = child.pid));
	ASSERT_EQ(0, old_info(self->fd, &info));
	EXPECT_EQ(OLD_NO_MODEL, info.model);
	ASSERT_EQ(0, munmap((void *)addr, P));

	/* At a touch, also a child's. */
	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_IS_DDI));
	addr = map(self->fd, 0, P);
	ASSERT_LT(0, addr);
	ASSERT_EQ(0, old_clear(self->fd));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, addr, NULL));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_OLD(self->fd,
		   O_MMAP(0, RWU, 0, .pid = child.pid));
}

/* The old scheme has no callbacks; its mappings come and go all the same. */
TEST_F(segmap, many_processes)
{
	struct peer child[4];
	uint32_t value;
	long addr;
	int i, k;

	ASSERT_EQ(0, set(self->fd, OLD_SEGMAP_NULL));
	addr = map(self->fd, 0, 8 * P);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr, 1));
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, peer_start(&child[i]));
		EXPECT_EQ(0, munmap((void *)addr + (1 + i) * P, P));
	}
	for (i = 0; i < 4; i++) {
		for (k = 0; k < 8; k++)
			EXPECT_EQ(k >= 1 && k <= i ? SIGSEGV : 0,
				  peer_write(&child[i], addr + k * P, i + k));
		EXPECT_EQ(0, touch_read((void *)addr, &value));
		EXPECT_EQ(i, value);
		EXPECT_EQ(i + 7, old_peek(self->fd, 7));
	}
	for (i = 0; i < 4; i++)
		EXPECT_EQ(0, peer_stop(&child[i]));
	EXPECT_EQ(0, touch_write((void *)addr + 7 * P, 2));
	ASSERT_EQ(0, old_clear(self->fd));
}

TEST_HARNESS_MAIN
