// SPDX-License-Identifier: GPL-2.0
/* What the driver is told when a mapping is touched. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RET_INSTRUCTION	0xc3

/* Ways in which a driver can be set up. */
enum setup {
	NULL_TABLE,	/* no callbacks */
	NULL_ACCESS,	/* no devmap_access */
	DEFAULT_DIRECT,	/* devmap_default_access is the callback */
	DEFAULT,	/* the callback calls it */
	CONTEXT,	/* devmap_do_ctxmgt */
};

static int set_up(int fd, enum setup setup, u64 chunk)
{
	struct dmst_region region = dev_region(0, 16 * P);
	u64 page;

	region.chunk = chunk;
	if (setup == NULL_TABLE)
		region.callbacks = 0;
	else if (setup == NULL_ACCESS)
		region.callbacks &= ~DMST_CB_ACCESS;
	else if (setup == DEFAULT_DIRECT)
		region.callbacks = (region.callbacks & ~DMST_CB_ACCESS) |
				   DMST_CB_ACCESS_DEFAULT;
	else if (setup == CONTEXT)
		region.access = DMST_ACCESS_CTXMGT;

	if (dev_umem(fd, 0, 16 * P))
		return -1;
	for (page = 0; page < 16; page++) {
		if (dev_poke(fd, 0, page * P, RET_INSTRUCTION))
			return -1;
	}
	return dev_regions(fd, &region, 1);
}

static void *map_all(int fd, size_t len)
{
	long addr = dev_map(fd, P, len, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_SHARED);

	if (addr < 0 || log_clear(fd))
		return NULL;
	return (void *)addr;
}

FIXTURE(first_touch) {
	struct objects base;
	int fd;
};

FIXTURE_VARIANT(first_touch) {
	enum setup setup;
	int direction;
};

FIXTURE_VARIANT_ADD(first_touch, null_table_read)
{
	.setup = NULL_TABLE, .direction = DDI_READ,
};

FIXTURE_VARIANT_ADD(first_touch, null_table_write)
{
	.setup = NULL_TABLE, .direction = DDI_WRITE,
};

FIXTURE_VARIANT_ADD(first_touch, null_table_exec)
{
	.setup = NULL_TABLE, .direction = DDI_EXEC,
};

FIXTURE_VARIANT_ADD(first_touch, null_access_read)
{
	.setup = NULL_ACCESS, .direction = DDI_READ,
};

FIXTURE_VARIANT_ADD(first_touch, null_access_write)
{
	.setup = NULL_ACCESS, .direction = DDI_WRITE,
};

FIXTURE_VARIANT_ADD(first_touch, null_access_exec)
{
	.setup = NULL_ACCESS, .direction = DDI_EXEC,
};

FIXTURE_VARIANT_ADD(first_touch, default_direct_read)
{
	.setup = DEFAULT_DIRECT, .direction = DDI_READ,
};

FIXTURE_VARIANT_ADD(first_touch, default_direct_write)
{
	.setup = DEFAULT_DIRECT, .direction = DDI_WRITE,
};

FIXTURE_VARIANT_ADD(first_touch, default_direct_exec)
{
	.setup = DEFAULT_DIRECT, .direction = DDI_EXEC,
};

FIXTURE_VARIANT_ADD(first_touch, default_read)
{
	.setup = DEFAULT, .direction = DDI_READ,
};

FIXTURE_VARIANT_ADD(first_touch, default_write)
{
	.setup = DEFAULT, .direction = DDI_WRITE,
};

FIXTURE_VARIANT_ADD(first_touch, default_exec)
{
	.setup = DEFAULT, .direction = DDI_EXEC,
};

FIXTURE_VARIANT_ADD(first_touch, context_read)
{
	.setup = CONTEXT, .direction = DDI_READ,
};

FIXTURE_VARIANT_ADD(first_touch, context_write)
{
	.setup = CONTEXT, .direction = DDI_WRITE,
};

FIXTURE_VARIANT_ADD(first_touch, context_exec)
{
	.setup = CONTEXT, .direction = DDI_EXEC,
};

FIXTURE_SETUP(first_touch)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(first_touch)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static void *touch_from_thread(void *addr)
{
	return (void *)(long)touch_read(addr, NULL);
}

/*
 * A page is asked for once, whoever touches it later and how; other pages are
 * another matter.
 */
TEST_F(first_touch, sequence)
{
	int dir = variant->direction;
	pthread_t thread;
	void *addr, *sig;

	ASSERT_EQ(0, set_up(self->fd, variant->setup, 0));
	addr = map_all(self->fd, 4 * P);
	ASSERT_NE(NULL, addr);

	EXPECT_EQ(0, touch(addr + P + (dir == DDI_EXEC ? 0 : 8), dir));
	if (variant->setup == DEFAULT)
		EXPECT_LOG(self->fd, R_ACCESS(A, 1, 2 * P, P, dir));
	else if (variant->setup == CONTEXT)
		EXPECT_LOG(self->fd,
			   R_ACCESS(A, 1, 2 * P, P, dir),
			   R_CTX(A, 1, 2 * P, P, dir),
			   R_LOAD(A, 2 * P, P, dir));
	else
		EXPECT_NO_LOG(self->fd);

	EXPECT_EQ(0, touch_exec(addr + P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_write(addr + P + 16, 1));
	EXPECT_EQ(0, touch_write(addr + P + P - 4, 1));
	ASSERT_EQ(0, pthread_create(&thread, NULL, touch_from_thread,
				    addr + P));
	ASSERT_EQ(0, pthread_join(thread, &sig));
	EXPECT_EQ(NULL, sig);
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(1, dev_peek(self->fd, 0, 2 * P + 16));

	EXPECT_EQ(0, touch(addr + 3 * P, dir));
	if (variant->setup == DEFAULT)
		EXPECT_LOG(self->fd, R_ACCESS(A, 1, 4 * P, P, dir));
	else if (variant->setup == CONTEXT)
		EXPECT_LOG(self->fd,
			   R_ACCESS(A, 1, 4 * P, P, dir),
			   R_CTX(A, 1, 4 * P, P, dir),
			   R_LOAD(A, 4 * P, P, dir));
	else
		EXPECT_NO_LOG(self->fd);
}

FIXTURE(seq_touch) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(seq_touch)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(seq_touch)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* Two handles of one mapping: each page belongs to its own. */
TEST_F(seq_touch, page_at_the_border_of_handles)
{
	void *addr;

	ASSERT_EQ(0, set_up(self->fd, DEFAULT, 2 * P));
	addr = map_all(self->fd, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr + P - 4, NULL));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_write(addr + 3 * P - 4, 0));
	EXPECT_EQ(0, touch_write(addr + 3 * P, 0));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_ACCESS(B, 2, 2 * P, P, DDI_READ),
		   R_ACCESS(B, 2, 3 * P, P, DDI_WRITE),
		   R_ACCESS(C, 3, 4 * P, P, DDI_WRITE));
}

/* A driver that loads from the page on to the end of the handle. */
TEST_F(seq_touch, driver_loads_the_rest)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;
	int i;

	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_LOAD_REST;
	region.chunk = 4 * P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 8 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_write(addr + P, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_CTX(A, 1, P, P, DDI_WRITE),
		   R_LOAD(A, P, 0, DDI_WRITE));
	for (i = 2; i < 4; i++)
		EXPECT_EQ(0, touch_write(addr + i * P, i));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(3, dev_peek(self->fd, 0, 3 * P));

	/* Neither the page before nor the other handle is loaded. */
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + 4 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ),
		   R_LOAD(A, 0, 0, DDI_READ),
		   R_ACCESS(B, 2, 4 * P, P, DDI_READ),
		   R_CTX(B, 2, 4 * P, P, DDI_READ),
		   R_UNLOAD(A, 0, 4 * P),
		   R_LOAD(B, 4 * P, 0, DDI_READ));
}

/* A range of its own, which has the touched page in it. */
TEST_F(seq_touch, driver_loads_a_range)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr;

	region.access = DMST_ACCESS_LOAD;
	region.load_off = 2 * P + 5;
	region.load_len = 2 * P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 8 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_read(addr + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 3 * P, P, DDI_READ),
		   R_LOAD(A, 2 * P + 5, 2 * P, DDI_READ));
	/* From the page of the first byte through that of the last one. */
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_EQ(0, touch_read(addr + 4 * P, NULL));
	EXPECT_NO_LOG(self->fd);
}

/*
 * The forbidden touch is a matter between the kernel and the process (trap 13).
 */
TEST_F(seq_touch, forbidden)
{
	long addr;

	ASSERT_EQ(0, set_up(self->fd, DEFAULT, 0));
	addr = dev_map(self->fd, 0, 2 * P, PROT_READ, MAP_SHARED);
	ASSERT_LT(0, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(SIGSEGV, touch_write((void *)addr, 1));
	EXPECT_EQ(SIGSEGV, touch_exec((void *)addr));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read((void *)addr, NULL));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, P, DDI_READ));
	EXPECT_EQ(SIGSEGV, touch_write((void *)addr, 1));
	EXPECT_EQ(SIGSEGV, touch_exec((void *)addr));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(RET_INSTRUCTION, dev_peek(self->fd, 0, 0));
}

TEST_F(seq_touch, without_any_protection)
{
	long addr;

	ASSERT_EQ(0, set_up(self->fd, DEFAULT, 0));
	addr = dev_map(self->fd, 0, P, PROT_NONE, MAP_SHARED);
	ASSERT_LT(0, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(SIGSEGV, touch_read((void *)addr, NULL));
	EXPECT_EQ(SIGSEGV, touch_write((void *)addr, 1));
	EXPECT_NO_LOG(self->fd);
}

/*
 * The kernel touches the mapping for a system call (trap 10); the ioctl takes
 * the driver's mutex, which the callbacks take.
 */
TEST_F(seq_touch, by_a_system_call)
{
	struct dmst_umem_io io = { .nr = 1, .len = 64 };
	u32 value = 0;
	void *addr;

	ASSERT_EQ(0, set_up(self->fd, CONTEXT, 0));
	ASSERT_EQ(0, dev_umem(self->fd, 1, P));
	ASSERT_EQ(0, dev_poke(self->fd, 1, 0, 0x77));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	io.buf = (uintptr_t)addr;
	ASSERT_EQ(0, ioctl(self->fd, DMST_IO, &io));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_LOAD(A, 0, P, DDI_WRITE));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(0x77, value);

	io.write = 1;
	io.buf = (uintptr_t)addr + P;
	ASSERT_EQ(0, ioctl(self->fd, DMST_IO, &io));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_READ),
		   R_CTX(A, 1, P, P, DDI_READ),
		   R_LOAD(A, P, P, DDI_READ));
	EXPECT_EQ(RET_INSTRUCTION, dev_peek(self->fd, 1, 0));

	/* The argument itself lies in the mapping. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, ioctl(self->fd, DMST_INFO, addr + 64));
	EXPECT_EQ(0, touch_read(addr + 64, &value));
	EXPECT_NE(0, value);
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_LOAD(A, 0, P, DDI_WRITE));
}

/* A futex is touched in ways of its own (trap 9). */
TEST_F(seq_touch, by_a_futex)
{
	void *addr;

	ASSERT_EQ(0, set_up(self->fd, DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(-1, syscall(SYS_futex, addr, FUTEX_WAIT_PRIVATE, 1, NULL));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 0, P, DDI_READ));

	ASSERT_EQ(0, dev_poke(self->fd, 0, P, 0));
	EXPECT_EQ(0, syscall(SYS_futex, addr + P, FUTEX_LOCK_PI_PRIVATE, 0,
			     NULL));
	EXPECT_EQ(gettid(), dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, syscall(SYS_futex, addr + P, FUTEX_UNLOCK_PI_PRIVATE));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_WRITE));

	/* One that processes share needs a page that Linux can keep. */
	EXPECT_EQ(-1, syscall(SYS_futex, addr, FUTEX_WAIT, 1, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_NO_LOG(self->fd);
}

/* The context goes back and forth between two processes. */
TEST_F(seq_touch, two_processes)
{
	struct dmst_region region = dev_region(0, 2 * P);
	struct peer peer;
	u32 value;
	long there;
	void *here;
	int i;

	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_CONTENT;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 2 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	here = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, here);
	there = peer_map(&peer, self->fd, 0, P, PROT_READ | PROT_WRITE,
			 MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 2 * P, 2 * P),
		   R_MAP(A, MAP_SHARED, 0, 2 * P, 1),
		   R_DEVMAP(B, 0, P, P, .pid = peer.pid),
		   R_MAP(B, MAP_SHARED, 0, P, 2, .pid = peer.pid));

	EXPECT_EQ(0, touch_write(here, 100));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_LOAD(A, 0, P, DDI_WRITE));
	EXPECT_EQ(0, peer_write(&peer, there, 200));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 0, P, DDI_WRITE, .pid = peer.pid),
		   R_CTX(B, 2, 0, P, DDI_WRITE, .pid = peer.pid),
		   R_UNLOAD(A, 0, 2 * P, .pid = peer.pid),
		   R_LOAD(B, 0, P, DDI_WRITE, .pid = peer.pid));

	for (i = 0; i < 50; i++) {
		EXPECT_EQ(0, touch_read(here, &value));
		EXPECT_EQ(100 + i, value);
		EXPECT_EQ(0, touch_write(here, 101 + i));
		EXPECT_LOG(self->fd,
			   R_ACCESS(A, 1, 0, P, DDI_READ),
			   R_CTX(A, 1, 0, P, DDI_READ),
			   R_UNLOAD(B, 0, P),
			   R_LOAD(A, 0, P, DDI_READ));
		EXPECT_EQ(0, peer_read(&peer, there, &value));
		EXPECT_EQ(200 + i, value);
		EXPECT_EQ(0, peer_write(&peer, there, 201 + i));
		EXPECT_LOG(self->fd,
			   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = peer.pid),
			   R_CTX(B, 2, 0, P, DDI_READ, .pid = peer.pid),
			   R_UNLOAD(A, 0, 2 * P, .pid = peer.pid),
			   R_LOAD(B, 0, P, DDI_READ, .pid = peer.pid));
	}
	EXPECT_EQ(0, peer_stop(&peer));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(B, 2, 0, P, .pid = peer.pid));
}

/* Two mappings of one process switch against each other as well. */
TEST_F(seq_touch, two_mappings_of_one_process)
{
	void *a, *b;

	ASSERT_EQ(0, set_up(self->fd, CONTEXT, 0));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_read(a, NULL));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_EQ(0, touch_write(b + P, 1));
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ),
		   R_LOAD(A, 0, P, DDI_READ),
		   R_ACCESS(B, 2, 0, P, DDI_WRITE),
		   R_CTX(B, 2, 0, P, DDI_WRITE),
		   R_UNLOAD(A, 0, P),
		   R_LOAD(B, 0, P, DDI_WRITE),
		   R_ACCESS(B, 2, P, P, DDI_WRITE),
		   R_CTX(B, 2, P, P, DDI_WRITE),
		   R_LOAD(B, P, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, P, DDI_WRITE));
}

/* Unload concerns the handle that it names (trap 6). */
TEST_F(seq_touch, after_unload)
{
	void *addr;

	ASSERT_EQ(0, set_up(self->fd, DEFAULT, 2 * P));
	addr = dev_mmap(self->fd, 0, 4 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(addr + 2 * P, NULL));
	EXPECT_LOG(self->fd, R_UNLOAD(A, 0, 0));
	EXPECT_EQ(0, touch_write(addr + P, 1));
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
}

/* A handle without devmap_access is loaded by the layer after an unload. */
TEST_F(seq_touch, after_unload_without_callback)
{
	u32 value;
	void *addr;

	ASSERT_EQ(0, set_up(self->fd, NULL_ACCESS, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 7));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_EQ(7, value);
	EXPECT_LOG(self->fd, R_UNLOAD(A, 0, 0));
}

/* One fault may load a handle of the process that another VMA shows. */
/* One load, over all VMAs that show the handle, wherever they are. */
TEST_F(seq_touch, driver_loads_all_pieces)
{
	struct dmst_region region = dev_region(0, 16 * P);
	void *addr, *to;
	u32 value;
	int i;

	region.access = DMST_ACCESS_LOAD;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	for (i = 0; i < 6; i++)
		ASSERT_EQ(0, dev_poke(self->fd, 0, i * P, 0x30 + i));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, 6 * P);
	ASSERT_NE(NULL, addr);
	to = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, to);
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_READ));
	ASSERT_EQ(0, mprotect(addr + 2 * P, P, PROT_NONE));
	ASSERT_EQ(to, mremap(addr + 4 * P, P, P, MREMAP_MAYMOVE | MREMAP_FIXED,
			     to));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_LOAD(A, 0, 0, DDI_READ));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(SIGSEGV, touch_write(addr + P, 1));
	EXPECT_EQ(SIGSEGV, touch_read(addr + 2 * P, NULL));
	EXPECT_EQ(0, touch_read(addr + 3 * P, &value));
	EXPECT_EQ(0x33, value);
	EXPECT_EQ(0, touch_read(to, &value));
	EXPECT_EQ(0x34, value);
	EXPECT_EQ(0, touch_write(addr + 5 * P, 0x35));
	ASSERT_EQ(0, mprotect(addr + P, 2 * P, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, touch_write(addr + P, 0x31));
	EXPECT_EQ(0, touch_read(addr + 2 * P, &value));
	EXPECT_EQ(0x32, value);
	EXPECT_NO_LOG(self->fd);
}

TEST_F(seq_touch, driver_loads_another_handle)
{
	struct dmst_region regions[] = {
		dev_region(0, 4 * P), dev_region(4 * P, 4 * P),
	};
	void *first, *other;

	regions[1].access = DMST_ACCESS_OTHER;
	regions[1].target = 4 * P;
	regions[1].load_handle = A;
	regions[1].load_off = P;
	regions[1].load_len = 2 * P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 8 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	first = dev_mmap(self->fd, 0, 4 * P);
	other = dev_mmap(self->fd, 4 * P, 4 * P);
	ASSERT_NE(NULL, first);
	ASSERT_NE(NULL, other);
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, touch_read(other, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 4 * P, P, DDI_READ),
		   R_LOAD(A, P, 2 * P, DDI_READ));
	EXPECT_EQ(0, touch_write(first + P, 1));
	EXPECT_EQ(0, touch_write(first + 2 * P, 2));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(2, dev_peek(self->fd, 0, 2 * P));
	EXPECT_EQ(0, touch_read(first, NULL));
	EXPECT_EQ(0, touch_read(first + 3 * P, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_ACCESS(A, 1, 3 * P, P, DDI_READ));

	/* The same when the mapping is in pieces. */
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_EQ(0, dev_unload(self->fd, B, 0, 0));
	ASSERT_EQ(0, mprotect(first + 2 * P, P, PROT_READ));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, touch_read(other, NULL));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 4 * P, P, DDI_READ),
		   R_LOAD(A, P, 2 * P, DDI_READ));
	EXPECT_EQ(0, touch_write(first + P, 1));
	EXPECT_EQ(0, touch_read(first + 2 * P, NULL));
	EXPECT_EQ(SIGSEGV, touch_write(first + 2 * P, 2));
	EXPECT_NO_LOG(self->fd);
}

struct race {
	pthread_barrier_t barrier;
	void *addr;
};

static void *race_for_page(void *arg)
{
	struct race *race = arg;

	pthread_barrier_wait(&race->barrier);
	return (void *)(long)touch_write(race->addr, 1);
}

/* Threads touch the same page for the first time, all at once (trap 11). */
TEST_F(seq_touch, by_several_threads_at_once)
{
	struct race race;
	pthread_t threads[4];
	struct dmst_info info;
	void *addr, *sig;
	int i, round;

	ASSERT_EQ(0, set_up(self->fd, CONTEXT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	race.addr = addr;
	ASSERT_EQ(0, pthread_barrier_init(&race.barrier, NULL, 4));
	for (round = 0; round < 100; round++) {
		EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
		ASSERT_EQ(0, log_clear(self->fd));
		for (i = 0; i < 4; i++)
			ASSERT_EQ(0, pthread_create(&threads[i], NULL,
						    race_for_page, &race));
		for (i = 0; i < 4; i++) {
			ASSERT_EQ(0, pthread_join(threads[i], &sig));
			EXPECT_EQ(NULL, sig);
		}
	}
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_LE(100, info.calls[DMST_OP_ACCESS]);
	EXPECT_GE(400, info.calls[DMST_OP_ACCESS]);
}

TEST_HARNESS_MAIN
