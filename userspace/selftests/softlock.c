// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses by software: debuggers, /proc/PID/mem, and devmap_lock(). The driver
 * is asked with DEVMAP_LOCK before and told with DEVMAP_UNLOCK after them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "peer.h"

#define EDU_ID(value)	(((value) & 0xff00ffff) == 0x010000ed)

FIXTURE(softlock) {
	struct objects base;
	struct dmst_region region;
	int fd;
	int mem;	/* our own */
};

FIXTURE_SETUP(softlock)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->mem = mem_open(getpid());
	ASSERT_LE(0, self->mem);
	ASSERT_EQ(0, dev_umem(self->fd, 0, 16 * P));
	self->region = dev_region(0, 16 * P);
}

FIXTURE_TEARDOWN_PARENT(softlock)
{
	EXPECT_EQ(0, test_end(&self->base));
}

static void *map_region(int fd, const struct dmst_region *region, size_t len)
{
	void *addr;

	if (dev_regions(fd, region, 1))
		return NULL;
	addr = dev_mmap(fd, region->off, len);
	if (log_clear(fd))
		return NULL;
	return addr;
}

static int map_contexts(int fd, struct peer *peers, long *addr, int nr)
{
	struct dmst_region region = dev_region(0, 2 * P);
	int i;

	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_CONTENT;
	if (dev_umem_free(fd, 0) || dev_umem(fd, 0, 2 * P) ||
	    dev_regions(fd, &region, 1))
		return -1;
	for (i = 0; i < nr; i++) {
		if (peer_start(&peers[i]))
			return -1;
		addr[i] = peer_map(&peers[i], fd, 0, 2 * P, RW, MAP_SHARED);
		if (addr[i] < 0 || peer_write(&peers[i], addr[i] + 8,
					      0x11 * (i + 1)))
			return -1;
	}
	return log_clear(fd);
}

/* A debugger sees the process' own context, not the one that is switched in. */
TEST_F(softlock, proc_mem_of_a_stopped_process)
{
	struct peer peers[2];
	uint32_t value = 0;
	int mem, status;
	long addr[2];

	ASSERT_EQ(0, map_contexts(self->fd, peers, addr, 2));
	ASSERT_EQ(0, trace_begin(peers[0].pid));
	ASSERT_EQ(0, kill(peers[0].pid, SIGSTOP));
	ASSERT_EQ(peers[0].pid, waitpid(peers[0].pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	mem = mem_open(peers[0].pid);
	ASSERT_LE(0, mem);
	EXPECT_EQ(0x22, dev_peek(self->fd, 0, 8));

	EXPECT_EQ(4, mem_read(mem, (void *)addr[0] + 8, &value, 4));
	EXPECT_EQ(0x11, value);
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_UNLOCK));
	EXPECT_EQ(4, mem_read(mem, (void *)addr[0] + 8, &value, 4));
	EXPECT_EQ(0x11, value);
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_UNLOCK));

	/* The other process takes its context back, and loses it again. */
	EXPECT_EQ(0, peer_read(&peers[1], addr[1] + 8, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = peers[1].pid),
		   R_CTX(B, 2, 0, P, DDI_READ, .pid = peers[1].pid),
		   R_UNLOAD(A, 0, 2 * P, .pid = peers[1].pid),
		   R_LOAD(B, 0, P, DDI_READ, .pid = peers[1].pid));
	value = 0x33;
	EXPECT_EQ(4, mem_write(mem, (void *)addr[0] + 8, &value, 4));
	value = 0x44;
	EXPECT_EQ(4, mem_write(mem, (void *)addr[0] + P + 16, &value, 4));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_WRITE),
		   R_CTX(A, 1, 0, P, DDI_WRITE, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, P, DDI_WRITE, .type = DEVMAP_UNLOCK),
		   R_SOFTLOCK(A, 1, P, P, DDI_WRITE),
		   R_CTX(A, 1, P, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_LOAD(A, P, P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, P, P, DDI_WRITE),
		   R_CTX(A, 1, P, P, DDI_WRITE, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, P, P, DDI_WRITE, .type = DEVMAP_UNLOCK));
	EXPECT_EQ(0, peer_read(&peers[1], addr[1] + 8, &value));
	EXPECT_EQ(0x22, value);

	/* It goes on with what the debugger has left there. */
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, peers[0].pid, NULL, NULL));
	ASSERT_EQ(0, kill(peers[0].pid, SIGCONT));
	EXPECT_EQ(0, peer_read(&peers[0], addr[0] + 8, &value));
	EXPECT_EQ(0x33, value);
	EXPECT_EQ(0, peer_read(&peers[0], addr[0] + P + 16, &value));
	EXPECT_EQ(0x44, value);
	EXPECT_EQ(0, peer_stop(&peers[0]));
	EXPECT_EQ(0, peer_stop(&peers[1]));
}

/* What the lock has loaded stays loaded, for the process itself as well. */
TEST_F(softlock, loads_for_the_process)
{
	struct peer peers[2];
	uint32_t value = 0;
	long addr[2];
	int mem;

	ASSERT_EQ(0, map_contexts(self->fd, peers, addr, 2));
	ASSERT_EQ(0, trace_begin(peers[0].pid));
	mem = mem_open(peers[0].pid);
	ASSERT_LE(0, mem);
	EXPECT_EQ(4, mem_read(mem, (void *)addr[0] + 8, &value, 4));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_UNLOCK));
	EXPECT_EQ(0, peer_read(&peers[0], addr[0] + 8, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(0, peer_write(&peers[0], addr[0] + 8, 0x12));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, peer_stop(&peers[0]));
	EXPECT_EQ(0, peer_stop(&peers[1]));
}

TEST_F(softlock, ptrace)
{
	struct peer peers[2];
	uint32_t value = 0;
	int status;
	long addr[2], word;

	ASSERT_EQ(0, map_contexts(self->fd, peers, addr, 2));
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, peers[0].pid, NULL, NULL));
	ASSERT_EQ(peers[0].pid, waitpid(peers[0].pid, &status, __WALL));

	word = ptrace(PTRACE_PEEKDATA, peers[0].pid, addr[0] + 8, NULL);
	EXPECT_EQ(0x11, word);
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_CTX(A, 1, 0, P, DDI_READ, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, P, DDI_READ, .type = DEVMAP_UNLOCK));
	EXPECT_EQ(0, peer_read(&peers[1], addr[1] + 8, &value));
	EXPECT_EQ(0x22, value);
	ASSERT_EQ(0, log_clear(self->fd));
	/* Eight bytes across a page border. */
	ASSERT_EQ(0, ptrace(PTRACE_POKEDATA, peers[0].pid, addr[0] + P - 4,
			    0x5555555544444444));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, 2 * P, DDI_WRITE),
		   R_CTX(A, 1, 0, 2 * P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_UNLOAD(B, 0, 2 * P),
		   R_LOAD(A, 0, 2 * P, DDI_WRITE, .type = DEVMAP_LOCK),
		   R_SOFTUNLOCK(A, 1, 0, 2 * P, DDI_WRITE),
		   R_CTX(A, 1, 0, 2 * P, DDI_WRITE, .type = DEVMAP_UNLOCK),
		   R_LOAD(A, 0, 2 * P, DDI_WRITE, .type = DEVMAP_UNLOCK));

	ASSERT_EQ(0, ptrace(PTRACE_DETACH, peers[0].pid, NULL, NULL));
	EXPECT_EQ(0, peer_read(&peers[0], addr[0] + P - 4, &value));
	EXPECT_EQ(0x44444444, value);
	EXPECT_EQ(0, peer_read(&peers[0], addr[0] + P, &value));
	EXPECT_EQ(0x55555555, value);
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, peer_stop(&peers[0]));
	EXPECT_EQ(0, peer_stop(&peers[1]));
}

/* Puts the first argument of @peer, as everybody reads it, where @addr is. */
static int set_argument(pid_t pid, long addr)
{
	char name[40], line[2000], *at;
	struct prctl_mm_map map = {};
	unsigned long v[52] = {};
	FILE *file;
	int i, n;

	snprintf(name, sizeof(name), "/proc/%d/stat", pid);
	file = fopen(name, "r");
	if (!file || !fgets(line, sizeof(line), file))
		return -1;
	fclose(file);
	at = strrchr(line, ')') + 4;
	for (i = 3; i < 52 && sscanf(at, "%lu%n", &v[i], &n) == 1; i++)
		at += n;
	map.start_code = v[25];
	map.end_code = v[26];
	map.start_stack = v[27];
	map.start_data = v[44];
	map.end_data = v[45];
	map.start_brk = v[46];
	map.brk = (unsigned long)sbrk(0);
	map.arg_start = addr;
	map.arg_end = addr + 8;
	map.env_start = v[49];
	map.env_end = v[50];
	map.exe_fd = -1;
	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

/* What ps(1) does: nobody's driver is called for that, and nobody waits for it. */
TEST_F(softlock, who_lists_processes)
{
	char name[40], buf[16] = "";
	struct dmst_info info;
	uint32_t value = 0;
	int go[2], fd, mem;
	pid_t pid;
	void *addr;

	self->region.access = DMST_ACCESS_SLEEP;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, pipe(go));
	pid = fork();
	if (!pid) {
		/* The parent's mapping, copied: at the same address. */
		_exit(set_argument(getpid(), (long)addr) ||
		      write(go[1], "x", 1) != 1 || pause());
	}
	close(go[1]);
	ASSERT_EQ(1, read(go[0], buf, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	/* The rights to /proc, which we have as root, are not enough. */
	snprintf(name, sizeof(name), "/proc/%d/cmdline", pid);
	fd = open(name, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_GE(0, read(fd, buf, sizeof(buf)));
	close(fd);
	mem = mem_open(pid);
	ASSERT_LE(0, mem);
	EXPECT_EQ(-EIO, mem_read(mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_write(mem, addr, &value, 4));
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(0, info.calls[DMST_OP_ACCESS]);

	close(mem);
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

/* Registers: every access of the debugger reaches the device. */
TEST_F(softlock, registers)
{
	uint32_t value = 0x12345678;
	struct peer peer;
	int status, mem;
	long addr, word;

	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	ASSERT_EQ(0, peer_start(&peer));
	addr = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	ASSERT_EQ(0, log_clear(self->fd));
	mem = mem_open(peer.pid);
	ASSERT_LE(0, mem);
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, peer.pid, NULL, NULL));
	ASSERT_EQ(peer.pid, waitpid(peer.pid, &status, __WALL));

	EXPECT_EQ(4, mem_write(mem, (void *)addr + 4, &value, 4));
	value = 0;
	EXPECT_EQ(4, mem_read(mem, (void *)addr + 4, &value, 4));
	EXPECT_EQ(~0x12345678U, value);
	EXPECT_EQ(4, mem_read(mem, (void *)addr, &value, 4));
	EXPECT_TRUE(EDU_ID(value));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_WRITE),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_WRITE),
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ));

	word = ptrace(PTRACE_PEEKDATA, peer.pid, addr, NULL);
	EXPECT_TRUE(EDU_ID(word & 0xffffffff));
	EXPECT_EQ(~0x12345678U, (unsigned long)word >> 32);
	/* The identification is read-only. */
	ASSERT_EQ(0, ptrace(PTRACE_POKEDATA, peer.pid, addr,
			    0x0fedcba900000000));
	word = ptrace(PTRACE_PEEKDATA, peer.pid, addr, NULL);
	EXPECT_TRUE(EDU_ID(word & 0xffffffff));
	EXPECT_EQ(~0x0fedcba9U, (unsigned long)word >> 32);
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, peer.pid, NULL, NULL));
	EXPECT_EQ(0, peer_read(&peer, addr + 4, &value));
	EXPECT_EQ(~0x0fedcba9U, value);
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Whatever the cache attribute of the mapping. */
TEST_F(softlock, registers_with_attributes)
{
	const uint32_t flags[] = {
		IOMEM_DATA_UNCACHED, IOMEM_DATA_UC_WR_COMBINE,
		IOMEM_DATA_CACHED,
	};
	uint32_t value;
	void *addr;
	size_t i;

	self->region.kind = DMST_REGS;
	self->region.rnumber = 1;
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		self->region.setup_flags = flags[i];
		addr = map_region(self->fd, &self->region, P);
		ASSERT_NE(NULL, addr);
		value = 0;
		EXPECT_EQ(4, mem_read(self->mem, addr, &value, 4));
		EXPECT_TRUE(EDU_ID(value)) {
			TH_LOG("0x%x: 0x%x", flags[i], value);
		}
		value = 0x1234;
		EXPECT_EQ(4, mem_write(self->mem, addr + 4, &value, 4));
		EXPECT_EQ(4, mem_read(self->mem, addr + 4, &value, 4));
		EXPECT_EQ(~0x1234U, value);
		ASSERT_EQ(0, munmap(addr, P));
	}
}

/* Our own pages, which nobody has touched (runner-up trap). */
TEST_F(softlock, own_pages_not_loaded)
{
	uint32_t value = 0x77, got = 1;
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(4, mem_read(self->mem, addr, &got, 4));
	EXPECT_EQ(0, got);
	EXPECT_EQ(4, mem_write(self->mem, addr + P + 4, &value, 4));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTLOCK(A, 1, P, P, DDI_WRITE),
		   R_SOFTUNLOCK(A, 1, P, P, DDI_WRITE));
	EXPECT_EQ(0x77, dev_peek(self->fd, 0, P + 4));
	EXPECT_EQ(0, touch_read(addr + P + 4, &got));
	EXPECT_EQ(0x77, got);
	EXPECT_NO_LOG(self->fd);

	/* Loaded ones are asked for as well: an unload may be on its way. */
	EXPECT_EQ(4, mem_read(self->mem, addr + P + 4, &got, 4));
	EXPECT_EQ(0x77, got);
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, P, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, P, P, DDI_READ));
}

TEST_F(softlock, without_callbacks)
{
	uint32_t value = 0x77, got = 1;
	void *addr;

	self->region.callbacks = 0;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(4, mem_read(self->mem, addr, &got, 4));
	EXPECT_EQ(0, got);
	EXPECT_EQ(4, mem_write(self->mem, addr + P, &value, 4));
	EXPECT_EQ(0x77, dev_peek(self->fd, 0, P));
	EXPECT_EQ(0, touch_read(addr + P, &got));
	EXPECT_EQ(0x77, got);
	EXPECT_NO_LOG(self->fd);
}

/* A private mapping is the device's pages, here as elsewhere. */
TEST_F(softlock, private_mapping)
{
	uint32_t value = 0x99;
	long addr;

	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = dev_map(self->fd, 0, P, RW, MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_EQ(4, mem_write(self->mem, (void *)addr, &value, 4));
	EXPECT_EQ(0x99, dev_peek(self->fd, 0, 0));
}

/* Handles of two pages each. */
static const struct {
	unsigned long off;
	unsigned long len;
	struct {
		int handle;
		unsigned long off;
		unsigned long len;
	} locks[6];
} borders[] = {
	{ 0, 1, { { A, 0, P } } },
	{ P - 1, 1, { { A, 0, P } } },
	{ 2 * P - 1, 1, { { A, P, P } } },
	{ 6 * P - 3, 3, { { C, 5 * P, P } } },
	/* Over the border of two pages of a handle. */
	{ P - 6, 12, { { A, 0, 2 * P } } },
	{ P - 1, 2, { { A, 0, 2 * P } } },
	{ P, P, { { A, P, P } } },
	/* Over the border of two handles. */
	{ 2 * P - 5, 9, { { A, P, P }, { B, 2 * P, P } } },
	{ 2 * P - 2, P, { { A, P, P }, { B, 2 * P, P } } },
	{ 2 * P - 1, P, { { A, P, P }, { B, 2 * P, P } } },
	{ 4 * P - 3, 7, { { B, 3 * P, P }, { C, 4 * P, P } } },
	/* /proc/PID/mem asks for 4096 bytes at a time. */
	{ P + 100, 3 * P, {
		{ A, P, P }, { B, 2 * P, P }, { B, 2 * P, 2 * P },
		{ B, 3 * P, P }, { C, 4 * P, P } } },
	{ 0, 2 * P, { { A, 0, P }, { A, P, P } } },
};

static int check_border(int fd, size_t row, uint32_t rw)
{
	struct dmst_record want[12];
	int i, n = 0;

	for (i = 0; borders[row].locks[i].handle; i++) {
		unsigned long off = borders[row].locks[i].off;
		unsigned long len = borders[row].locks[i].len;
		int h = borders[row].locks[i].handle;

		want[n++] = R_SOFTLOCK(h, h, off, len, rw);
		want[n++] = R_SOFTUNLOCK(h, h, off, len, rw);
	}
	return log_check(fd, __func__, row, want, n);
}

TEST_F_TIMEOUT(softlock, borders, 120)
{
	static uint8_t pattern[6 * P], buf[6 * P];
	uint8_t *addr;
	size_t i, b;

	self->region.chunk = 2 * P;
	addr = map_region(self->fd, &self->region, 6 * P);
	ASSERT_NE(NULL, addr);
	for (b = 0; b < sizeof(pattern); b++)
		pattern[b] = b * 7 + b / 256;
	memcpy(addr, pattern, sizeof(pattern));

	for (i = 0; i < ARRAY_SIZE(borders); i++) {
		unsigned long off = borders[i].off, len = borders[i].len;

		for (b = A; b <= C; b++)
			EXPECT_EQ(0, dev_unload(self->fd, b, 0, 0));
		ASSERT_EQ(0, log_clear(self->fd));
		memset(buf, 0, sizeof(buf));
		EXPECT_EQ(len, mem_read(self->mem, addr + off, buf, len));
		EXPECT_EQ(0, memcmp(pattern + off, buf, len));
		EXPECT_EQ(0, check_border(self->fd, i, DDI_READ));

		for (b = off; b < off + len; b++)
			pattern[b] ^= 0xff;
		EXPECT_EQ(len, mem_write(self->mem, addr + off, pattern + off,
					 len));
		EXPECT_EQ(0, check_border(self->fd, i, DDI_WRITE));
		EXPECT_EQ(0, memcmp(pattern, addr, sizeof(pattern))) {
			TH_LOG("row %zu", i);
		}
	}
}

/* An access that begins in the mapping and ends behind it. */
TEST_F(softlock, behind_the_end)
{
	uint32_t buf[4] = { 1, 1, 1, 1 };
	void *addr;

	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	addr = mmap(NULL, 3 * P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, addr);
	ASSERT_EQ(addr, mmap(addr, 2 * P, RW, MAP_SHARED | MAP_FIXED, self->fd,
			     0));
	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(8, mem_read(self->mem, addr + 2 * P - 8, buf, sizeof(buf)));
	EXPECT_EQ(0, buf[1]);
	EXPECT_EQ(1, buf[2]);
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, P, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, P, P, DDI_READ));
}

/* Protections count; there is no copy on write that could help. */
TEST_F(softlock, protections)
{
	uint32_t value = 0x77;
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, mprotect(addr, P, PROT_READ));
	ASSERT_EQ(0, mprotect(addr + P, P, PROT_NONE));
	EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_write(self->mem, addr + P, &value, 4));
	EXPECT_EQ(-EIO, mem_read(self->mem, addr + P, &value, 4));
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(4, mem_read(self->mem, addr, &value, 4));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, dev_peek(self->fd, 0, P));

	/* Across the border: what may be read. */
	EXPECT_EQ(2, mem_read(self->mem, addr + P - 2, &value, 4));
	ASSERT_EQ(0, mprotect(addr + P, P, RW));
	EXPECT_EQ(4, mem_read(self->mem, addr + P - 2, &value, 4));
}

/* Nor does an access get around what a remap has taken back. */
TEST_F(softlock, lowered_maxprot)
{
	struct dmst_target to = umem_target(0, 0, P);
	const uint32_t callbacks[] = { DMST_CB_ALL, DMST_CB_MAP };
	uint32_t value = 0x77;
	void *addr;
	size_t i;
	long ret;

	to.maxprot = PROT_READ;
	self->region.setup_flags = DEVMAP_ALLOW_REMAP;
	for (i = 0; i < ARRAY_SIZE(callbacks); i++) {
		self->region.callbacks = callbacks[i];
		ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
		ret = dev_map(self->fd, 0, P, PROT_READ, MAP_SHARED);
		ASSERT_LT(0, ret);
		addr = (void *)ret;
		ASSERT_EQ(0, mprotect(addr, P, RW));
		EXPECT_EQ(0, dev_remap(self->fd, A + i, &to));
		EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
		EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
	}
}

TEST_F(softlock, without_a_target)
{
	uint32_t value = 0x77;
	void *addr;

	self->region.setup_flags = DEVMAP_MAPPING_INVALID | DEVMAP_ALLOW_REMAP;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(-EIO, mem_read(self->mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
	/* The driver could not lock it, so there is nothing to unlock. */
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ, .ret = SOME_ERROR),
		   R_SOFTLOCK(A, 1, 0, P, DDI_WRITE, .ret = SOME_ERROR));
	EXPECT_EQ(0, dev_remap_umem(self->fd, A, 0, 0, P));
	EXPECT_EQ(4, mem_write(self->mem, addr, &value, 4));
	EXPECT_EQ(0x77, dev_peek(self->fd, 0, 0));

	self->region.callbacks = 0;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(-EIO, mem_read(self->mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
	EXPECT_NO_LOG(self->fd);
}

TEST_F(softlock, driver_refuses)
{
	const int values[] = { -1, EIO, SOME_ERROR };
	uint32_t value = 0x77;
	void *addr;
	size_t i;

	self->region.chunk = P;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1, values[i]));
		EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
		EXPECT_LOG(self->fd,
			   R_SOFTLOCK(A, 1, 0, P, DDI_WRITE,
				      .ret = values[i]));
		EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
	}

	/* The third call is the second lock; Linux tries the rest once more. */
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 3, -1));
	EXPECT_EQ(4, mem_read(self->mem, addr + P - 2, &value, 4));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTLOCK(B, 2, P, P, DDI_READ, .ret = -1),
		   R_SOFTLOCK(B, 2, P, P, DDI_READ),
		   R_SOFTUNLOCK(B, 2, P, P, DDI_READ));
	EXPECT_EQ(0, touch_read(addr, NULL));

	/* That an unlock fails is nobody's concern. */
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 2, -1));
	EXPECT_EQ(4, mem_read(self->mem, addr, &value, 4));
	EXPECT_LOG(self->fd,
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_READ, .ret = -1));
}

/* A driver that does not load what it was to lock. */
TEST_F(softlock, driver_loads_nothing)
{
	uint32_t value = 0x77;
	void *addr;

	self->region.access = DMST_ACCESS_RETRY;
	self->region.retries = 1000;
	addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(-EIO, mem_write(self->mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_read(self->mem, addr, &value, 4));
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
}

/* Pages of a device cannot be pinned, and that is all. */
TEST_F(softlock, process_vm)
{
	void *addr = map_region(self->fd, &self->region, P);
	uint32_t value = 0x77;
	struct iovec local = { .iov_base = &value, .iov_len = sizeof(value) };
	struct iovec remote = { .iov_base = addr, .iov_len = sizeof(value) };
	struct peer child;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	ASSERT_EQ(0, peer_start(&child));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(-1, process_vm_readv(child.pid, &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, process_vm_writev(child.pid, &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0x77, value);
	EXPECT_EQ(0, dev_peek(self->fd, 0, 0));
	EXPECT_EQ(0, peer_stop(&child));
}

#define READS		20000
#define READ_NS		8000000000ULL	/* but no longer than this */

/*
 * While other processes use the device, a debugger sees the context it asked for,
 * every time: nobody takes it away between lock and unlock.
 */
TEST_F_TIMEOUT(softlock, under_contention, 120)
{
	struct dmst_script script = { .nr_regions = 1 };
	uint32_t values[2] = { 0x11, 0x22 };
	int i, seen = 0, foreign = 0, strange = 0;
	struct peer peers[2];
	long addr[2];
	uint64_t start;
	int mem[2];
	pid_t pid;

	ASSERT_EQ(0, map_contexts(self->fd, peers, addr, 2));
	script.region[0] = dev_region(0, 2 * P);
	script.region[0].access = DMST_ACCESS_CTXMGT;
	script.region[0].flags = DMST_F_CONTENT;
	ASSERT_EQ(0, dev_script(self->fd, &script));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, trace_begin(peers[i].pid));
		mem[i] = mem_open(peers[i].pid);
		ASSERT_LE(0, mem[i]);
	}
	/* A third one that does nothing but take the context. */
	pid = fork();
	if (!pid) {
		uint32_t *mine = dev_mmap(self->fd, 0, 2 * P);

		while (mine) {
			if (touch_write(mine + 2, 0x33))
				break;
			sched_yield();
		}
		_exit(1);
	}
	start = now_ns();
	for (i = 0; i < READS && now_ns() - start < READ_NS; i++) {
		uint32_t value = 0, *want = &values[i % 2];
		void *at = (void *)addr[i % 2] + 8;
		ssize_t n;

		if (i % 5 == 4) {
			value = *want + 0x100;
			n = mem_write(mem[i % 2], at, &value, 4);
			if (n == 4)
				*want = value;
		} else {
			n = mem_read(mem[i % 2], at, &value, 4);
			foreign += n == 4 && value != *want;
		}
		seen += n == 4;
		strange += n != 4 && n != -EIO;
	}
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	tell("%d of %d accesses succeeded", seen, i);
	EXPECT_EQ(0, foreign);
	EXPECT_EQ(0, strange);
	EXPECT_LT(100, i);
	EXPECT_EQ(i, seen);
	for (i = 0; i < 2; i++) {
		uint32_t value = 0;

		EXPECT_EQ(0, peer_read(&peers[i], addr[i] + 8, &value));
		EXPECT_EQ(values[i], value);
		EXPECT_EQ(0, peer_stop(&peers[i]));
	}
}

/* devmap_lock(): mprotect(2) and partial munmap(2) have to wait. */
TEST_F(softlock, lock)
{
	void *addr;

	self->region.chunk = 4 * P;
	addr = map_region(self->fd, &self->region, 8 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_lock(self->fd, A, 0, P, DDI_WRITE));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, 0, P, DDI_WRITE),
		   R_SOFTLOCK(A, 1, 0, P, DDI_WRITE));
	/* It is loaded. */
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_NO_LOG(self->fd);

	EXPECT_EQ(-1, mprotect(addr, 4 * P, PROT_READ));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, mprotect(addr + 2 * P, 4 * P, PROT_READ));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, munmap(addr, P));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, munmap(addr + P, 2 * P));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, munmap(addr + 3 * P, 5 * P));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_write(addr, 1));

	/* The other handle is not concerned. */
	EXPECT_EQ(0, mprotect(addr + 5 * P, P, PROT_READ));
	EXPECT_EQ(0, munmap(addr + 6 * P, P));
	EXPECT_LOG(self->fd, R_UNMAP(B, 2, 6 * P, P, B, 3, C, 4));

	EXPECT_EQ(0, dev_unlock(self->fd, A, 0, P, DDI_WRITE));
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(0, munmap(addr + P, P));
	EXPECT_LOG(self->fd,
		   R_DEVUNLOCK(A, 0, P, DDI_WRITE),
		   R_SOFTUNLOCK(A, 1, 0, P, DDI_WRITE),
		   R_UNMAP(A, 1, P, P, A, 5, D, 6));
}

/* A munmap(2) of the whole VMA cannot be refused; nothing is left of the lock. */
TEST_F(softlock, lock_and_unmap_all)
{
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_lock(self->fd, A, 0, 0, DDI_READ));
	EXPECT_EQ(0, munmap(addr, 2 * P));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, 0, 0, DDI_READ),
		   R_SOFTLOCK(A, 1, 0, 2 * P, DDI_READ),
		   R_UNMAP_ALL(A, 1, 0, 2 * P));
}

TEST_F(softlock, lock_twice)
{
	void *addr = map_region(self->fd, &self->region, 4 * P);

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_lock(self->fd, A, P, P, DDI_READ));
	EXPECT_EQ(0, dev_lock(self->fd, A, 2 * P + 100, P, DDI_WRITE));
	EXPECT_EQ(0, dev_unlock(self->fd, A, P, P, DDI_READ));
	EXPECT_EQ(-1, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, dev_unlock(self->fd, A, 2 * P + 100, P, DDI_WRITE));
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, P, P, DDI_READ),
		   R_SOFTLOCK(A, 1, P, P, DDI_READ),
		   R_DEVLOCK(A, 2 * P + 100, P, DDI_WRITE),
		   R_SOFTLOCK(A, 1, 2 * P, 2 * P, DDI_WRITE),
		   R_DEVUNLOCK(A, P, P, DDI_READ),
		   R_SOFTUNLOCK(A, 1, P, P, DDI_READ),
		   R_DEVUNLOCK(A, 2 * P + 100, P, DDI_WRITE),
		   R_SOFTUNLOCK(A, 1, 2 * P, 2 * P, DDI_WRITE));
}

/* A lock is not inherited. */
TEST_F(softlock, lock_and_fork)
{
	void *addr = map_region(self->fd, &self->region, 4 * P);
	struct peer child;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_lock(self->fd, A, 0, 0, DDI_READ));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr + P, P));
	EXPECT_EQ(-1, munmap(addr + P, P));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0, dev_unlock(self->fd, A, 0, 0, DDI_READ));
	EXPECT_EQ(0, munmap(addr + P, P));
}

/* Neither of its ranges may be outside, nor the handle another process'. */
TEST_F(softlock, lock_of_what_is_not_there)
{
	void *addr = map_region(self->fd, &self->region, 4 * P);
	struct peer peer;
	long theirs;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(EINVAL, dev_lock(self->fd, 0, 0, P, DDI_READ));
	EXPECT_EQ(EINVAL, dev_lock(self->fd, A, 4 * P, P, DDI_READ));
	EXPECT_EQ(EINVAL, dev_lock(self->fd, A, 3 * P, P + 1, DDI_READ));
	EXPECT_EQ(EINVAL, dev_lock(self->fd, A, -(long long)P, P, DDI_READ));
	EXPECT_EQ(EINVAL, dev_lock(self->fd, A, 0, ~0ULL, DDI_READ));
	EXPECT_EQ(EINVAL, dev_unlock(self->fd, 0, 0, P, DDI_READ));
	EXPECT_EQ(EINVAL, dev_unlock(self->fd, A, 4 * P, P, DDI_READ));
	/* Nothing is locked. */
	EXPECT_EQ(EINVAL, dev_unlock(self->fd, A, 0, P, DDI_READ));
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	/* B is the child's copy of A. */
	EXPECT_EQ(EINVAL, dev_lock(self->fd, B, 0, P, DDI_READ));
	EXPECT_EQ(EINVAL, dev_lock(self->fd, C, 0, P, DDI_READ));
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_F(softlock, lock_refused_by_driver)
{
	void *addr = map_region(self->fd, &self->region, 2 * P);

	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1, -1));
	EXPECT_EQ(EIO, dev_lock(self->fd, A, 0, P, DDI_READ));
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, 0, P, DDI_READ, .ret = EIO),
		   R_SOFTLOCK(A, 1, 0, P, DDI_READ, .ret = -1));
}

TEST_F(softlock, lock_without_callbacks)
{
	void *addr;

	self->region.callbacks = DMST_CB_MAP;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, dev_lock(self->fd, A, 0, P, DDI_READ));
	EXPECT_EQ(-1, munmap(addr, P));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, dev_unlock(self->fd, A, 0, P, DDI_READ));
	EXPECT_EQ(0, munmap(addr, P));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, 0, P, DDI_READ),
		   R_DEVUNLOCK(A, 0, P, DDI_READ));
}

struct locker {
	int fd;
	uint32_t handle;
	int ret;
	int tries;
	const int *go;	/* wait until it is set; may be NULL */
};

/* A lock that finds the driver busy for long gives up: so try again. */
static void *lock_in_thread(void *arg)
{
	struct locker *locker = arg;

	while (locker->go && !__atomic_load_n(locker->go, __ATOMIC_ACQUIRE))
		sched_yield();
	do {
		locker->ret = dev_lock(locker->fd, locker->handle, 0, P,
				       DDI_READ);
	} while (locker->ret == EAGAIN && ++locker->tries < 20);
	return NULL;
}

/* The first record of an entry point and type. */
static const struct dmst_record *find(const struct dmst_record *rec, ssize_t nr,
				      uint32_t op, uint32_t type)
{
	ssize_t i;

	for (i = 0; i < nr; i++) {
		if (rec[i].op == op && rec[i].type == type)
			return &rec[i];
	}
	return NULL;
}

/* Both have returned, and they were in the driver one after the other. */
static bool in_this_order(int fd, uint32_t first, uint32_t second)
{
	const struct dmst_record *a, *b;
	struct dmst_record rec[64];
	ssize_t nr = log_read(fd, rec, ARRAY_SIZE(rec));

	a = find(rec, nr, DMST_OP_ACCESS, first);
	b = find(rec, nr, DMST_OP_ACCESS, second);
	return a && b && a->end && b->end && a->end <= b->begin;
}

/* A lock waits until the accesses are over that are in the driver. */
TEST_F_TIMEOUT(softlock, lock_waits_for_accesses, 120)
{
	struct locker locker = { .fd = self->fd, .handle = A };
	struct dmst_info info;
	struct peer peer;
	pthread_t thread;
	long theirs;

	self->region.access = DMST_ACCESS_SLEEP;
	ASSERT_NE(NULL, map_region(self->fd, &self->region, P));
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	ASSERT_EQ(0, peer_send_read(&peer, theirs));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &locker));
	sleep_ms(300);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_ACCESS]);

	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	EXPECT_EQ(0, peer_answer(&peer, NULL));
	EXPECT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS, 2));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, locker.ret);
	EXPECT_TRUE(in_this_order(self->fd, 0, DEVMAP_LOCK));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* And no access gets in while the lock is there: not even our own. */
TEST_F_TIMEOUT(softlock, lock_keeps_accesses_out, 120)
{
	struct locker locker = { .fd = self->fd, .handle = A };
	struct peer peers[2];
	struct dmst_info info;
	pthread_t thread;
	long theirs[2];
	int i;

	self->region.access = DMST_ACCESS_SLEEP;
	ASSERT_NE(NULL, map_region(self->fd, &self->region, P));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, peer_start(&peers[i]));
		theirs[i] = peer_map(&peers[i], self->fd, 0, P, RW, MAP_SHARED);
		ASSERT_LT(0, theirs[i]);
	}
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &locker));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, peer_send_read(&peers[i], theirs[i]));
	sleep_ms(500);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(0, peer_answered(&peers[0], 0));
	EXPECT_EQ(0, peer_answered(&peers[1], 0));

	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 3));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, locker.ret);
	EXPECT_EQ(0, locker.tries);
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, peer_answer(&peers[i], NULL));
	EXPECT_TRUE(in_this_order(self->fd, DEVMAP_LOCK, 0));
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, peer_stop(&peers[i]));
}

struct debugger {
	int mem;
	void *addr;
	ssize_t ret;
};

static void *read_in_thread(void *arg)
{
	struct debugger *debugger = arg;
	uint32_t value;

	debugger->ret = mem_read(debugger->mem, debugger->addr, &value, 4);
	return NULL;
}

/* From lock to unlock an access by software is alone. */
TEST_F_TIMEOUT(softlock, nobody_between_lock_and_unlock, 120)
{
	struct debugger debugger = { .mem = self->mem };
	struct dmst_info info;
	pthread_t thread;
	struct peer peer;
	long theirs;

	self->region.access = DMST_ACCESS_SLEEP;
	debugger.addr = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, debugger.addr);
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_in_thread, &debugger));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, peer_send_read(&peer, theirs));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	/* Now it is in the unlock. */
	ASSERT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS, 2));
	sleep_ms(300);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(2, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(0, peer_answered(&peer, 0));

	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(4, debugger.ret);
	EXPECT_EQ(0, peer_answer(&peer, NULL));
	EXPECT_TRUE(in_this_order(self->fd, DEVMAP_UNLOCK, 0));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Accesses through another devmap_access function are not concerned. */
TEST_F_TIMEOUT(softlock, lock_of_another_function, 120)
{
	struct dmst_region regions[] = {
		dev_region(0, P), dev_region(P, P),
	};
	struct locker locker = { .fd = self->fd, .handle = A };
	struct dmst_record rec[16];
	pthread_t thread;
	struct peer peer;
	long theirs;

	regions[0].access = DMST_ACCESS_SLEEP;
	regions[1].callbacks &= ~DMST_CB_ACCESS;
	regions[1].callbacks |= DMST_CB_ACCESS_B;
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	ASSERT_NE(NULL, dev_mmap(self->fd, 0, P));
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, P, P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &locker));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	EXPECT_EQ(0, peer_write(&peer, theirs, 1));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	EXPECT_EQ(3, log_read(self->fd, rec, ARRAY_SIZE(rec)));
	EXPECT_EQ(DMST_RUNNING, rec[1].ret);
	EXPECT_EQ(0, rec[2].ret);
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, locker.ret);
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Two locks are in the driver one after the other. */
TEST_F_TIMEOUT(softlock, lock_and_lock, 120)
{
	/* No thread can be made while the driver is called: mmap_lock is held. */
	int go = 0;
	struct locker lockers[2] = {
		{ .fd = self->fd, .handle = A, .go = &go },
		{ .fd = self->fd, .handle = B, .go = &go },
	};
	struct dmst_record rec[16];
	pthread_t threads[2];
	ssize_t nr;
	int i;

	self->region.access = DMST_ACCESS_SLEEP;
	self->region.chunk = P;
	/* Two mappings: one segment's own lock would not be the point. */
	ASSERT_NE(NULL, map_region(self->fd, &self->region, P));
	ASSERT_NE(NULL, dev_mmap(self->fd, 0, P));
	ASSERT_EQ(0, log_clear(self->fd));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, lock_in_thread,
					    &lockers[i]));
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	sleep_ms(200);
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, lockers[i].ret);
	}
	nr = log_read(self->fd, rec, ARRAY_SIZE(rec));
	ASSERT_LE(4, nr);
	for (i = nr - 1; i > 0 && rec[i].op != DMST_OP_ACCESS; i--)
		;
	EXPECT_LE(find(rec, nr, DMST_OP_ACCESS, DEVMAP_LOCK)->end,
		  rec[i].begin);
}

/* A lock does not wait for ever, and leaves no trace. */
TEST_F_TIMEOUT(softlock, lock_gives_up, 120)
{
	struct dmst_info info;
	uint32_t value = 0;
	struct peer peer;
	long theirs;
	void *addr;

	self->region.access = DMST_ACCESS_SLEEP;
	addr = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, peer_start(&peer));
	theirs = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, theirs);
	ASSERT_EQ(0, peer_send_read(&peer, theirs));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	EXPECT_EQ(EAGAIN, dev_lock(self->fd, A, 0, P, DDI_READ));
	EXPECT_EQ(-EIO, mem_read(self->mem, addr, &value, 4));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_ACCESS]);
	EXPECT_EQ(0, mprotect(addr, P, PROT_READ));

	/* Others get in again, with the first one still there. */
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 2));
	EXPECT_EQ(0, touch_read(addr, NULL));
	EXPECT_EQ(0, peer_answer(&peer, NULL));
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_HARNESS_MAIN
