// SPDX-License-Identifier: GPL-2.0
/*
 * What the manual pages promise besides the sequences of callbacks: calls from
 * unusual places and contexts, and what is different on Linux.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "peer.h"

#define TRACEFS		"/sys/kernel/tracing/"
#define SHORT_MS	200
#define PATIENCE_MS	20000
#define EDU_ID		0x010000ed

FIXTURE(promises) {
	struct objects base;
	int fd;
	long hz;
	struct dmst_region region;
};

FIXTURE_SETUP(promises)
{
	struct dmst_info info;

	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	self->hz = info.hz;
	self->region = dev_region(0, 4 * P);
}

/* All processors but the first. */
static int other_cpus(const char *online)
{
	long cpu, nr = sysconf(_SC_NPROCESSORS_CONF);
	char name[64];
	int err = 0;

	for (cpu = 1; cpu < nr; cpu++) {
		snprintf(name, sizeof(name),
			 "/sys/devices/system/cpu/cpu%ld/online", cpu);
		err |= file_write(name, online);
	}
	return err;
}

FIXTURE_TEARDOWN_PARENT(promises)
{
	other_cpus("1");
	EXPECT_EQ(0, test_end(&self->base));
}

static void *map_region(int fd, const struct dmst_region *region, size_t len)
{
	void *addr = NULL;

	if (!dev_regions(fd, region, 1))
		addr = dev_mmap(fd, region->off, len);
	if (addr && log_clear(fd))
		return NULL;
	return addr;
}

static int call(int fd, struct dmst_call *call)
{
	return ioctl(fd, DMST_CALL, call) ? -errno : 0;
}

/* One that is due in a hard interrupt; 0 or -errno. */
/* With PREEMPT_RT, what could be an interrupt is a thread. */
static bool has_interrupts(void)
{
	char version[300] = "";
	FILE *file = fopen("/proc/version", "r");

	if (file) {
		if (!fgets(version, sizeof(version), file))
			version[0] = '\0';
		fclose(file);
	}
	return !strstr(version, "PREEMPT_RT");
}

static int call_in_irq(int fd, enum dmst_what what, u32 handle, u32 umem,
		       int64_t off, u64 len)
{
	struct dmst_call req = {
		.what = what, .handle = handle, .umem = umem, .off = off,
		.len = len,
	};
	int err = call(fd, &req);

	if (!err && !req.in_irq && has_interrupts()) {
		tell("call %d was not made in an interrupt", what);
		return -EIO;
	}
	return err;
}

static int wait_for_cookies(long nr)
{
	struct objects now = {};
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (objects_read(&now))
			return -1;
		if (now.cookies == nr)
			return 0;
		sleep_ms(1);
	}
	tell("%ld cookies, not %ld", now.cookies, nr);
	return -1;
}

/* A live handle, and none at all; in an interrupt, too: nothing changes. */
TEST_F(promises, setup_outside_of_devmap)
{
	static const enum dmst_what calls[] = {
		DMST_CALL_UMEM_SETUP, DMST_CALL_DEVMEM_SETUP,
		DMST_CALL_UMEM_SETUP_IRQ, DMST_CALL_DEVMEM_SETUP_IRQ,
	};
	struct dmst_call req = { .len = P };
	u32 value = 0;
	size_t i;
	void *p;

	ASSERT_EQ(0, number_umem(self->fd, 0, 4, 10));
	ASSERT_EQ(0, number_umem(self->fd, 1, 4, 20));
	p = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, p);
	for (i = 0; i < 2 * ARRAY_SIZE(calls); i++) {
		req.what = calls[i / 2];
		req.handle = i % 2 ? A : 0;
		req.umem = 1;
		req.ret = 0;
		EXPECT_EQ(0, call(self->fd, &req));
		EXPECT_EQ(i >= 4 && has_interrupts(), req.in_irq);
		EXPECT_EQ(-1, req.ret) {
			TH_LOG("call %zu", i);
		}
	}
	EXPECT_NO_LOG(self->fd);
	EXPECT_EQ(0, touch_read(p, &value));
	EXPECT_EQ(10, value);
	ASSERT_EQ(0, munmap(p, 2 * P));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_READ),
		   R_UNMAP_ALL(A, 1, 0, 2 * P));
}

TEST_F(promises, devmap_setup_outside_of_segmap)
{
	struct dmst_call req = { .what = DMST_CALL_SETUP, .len = P };
	struct objects before, after;
	void *p;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_EQ(0, objects_read(&before));
	EXPECT_EQ(0, call(self->fd, &req));
	EXPECT_EQ(EINVAL, req.ret);
	EXPECT_NO_LOG(self->fd);

	/* Nor for a mapping that is there. */
	p = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, p);
	ASSERT_EQ(0, log_clear(self->fd));
	req.addr = (uintptr_t)p;
	req.ret = 0;
	EXPECT_EQ(0, call(self->fd, &req));
	EXPECT_EQ(EINVAL, req.ret);
	ASSERT_EQ(0, munmap(p, P));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, P));
	ASSERT_EQ(0, objects_read(&after));
	EXPECT_EQ(before.segments, after.segments);
	EXPECT_EQ(before.handles, after.handles);
}

/* The frame behind the first page of a register set; 0 if it cannot be mapped. */
static u64 frame_of_set(int fd, struct dmst_region *region, u32 device,
			u32 rnumber, size_t len, u32 *value)
{
	u64 pfn = 0;
	long addr;

	region->device = device;
	region->rnumber = rnumber;
	if (dev_regions(fd, region, 1))
		return 0;
	addr = dev_map(fd, 0, len, RW, MAP_SHARED);
	if (addr < 0)
		return 0;
	if (!touch_read((void *)addr, value))
		pfn = dev_pte(fd, (void *)addr).pfn;
	munmap((void *)addr, len);
	return pfn;
}

/* Only sets of memory count; PCI's number 1 is the same page as number 0 here. */
TEST_F(promises, register_sets_of_a_platform_device)
{
	u64 first, edu;
	u32 value = 0;

	self->region.kind = DMST_REGS;
	edu = frame_of_set(self->fd, &self->region, DMST_PCI_EDU, 1, P, NULL);
	ASSERT_NE(0, edu);
	first = frame_of_set(self->fd, &self->region, DMST_PLATFORM, 0, P,
			     &value);
	EXPECT_EQ(edu, first);
	EXPECT_EQ(EDU_ID, value);
	EXPECT_EQ(edu + 8, frame_of_set(self->fd, &self->region, DMST_PLATFORM,
					1, 2 * P, NULL));
	EXPECT_EQ(0, frame_of_set(self->fd, &self->region, DMST_PLATFORM, 0,
				  2 * P, NULL));
	EXPECT_EQ(0, frame_of_set(self->fd, &self->region, DMST_PLATFORM, 2, P,
				  NULL));
}

/* The first two pages as they come, contexts from the third on. */
TEST_F(promises, parts_of_a_handle)
{
	struct peer peer;
	long there;
	void *p;

	self->region.access = DMST_ACCESS_PARTS;
	self->region.load_off = 2 * P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, peer_start(&peer));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(0, touch_write(p + 2 * P, 1));
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_EQ(0, touch_write(p + 2 * P, 2));
	EXPECT_LOG(self->fd,
		   R_ACCESS(A, 1, 0, P, DDI_WRITE),
		   R_ACCESS(A, 1, 2 * P, P, DDI_WRITE),
		   R_CTX(A, 1, 2 * P, P, DDI_WRITE),
		   R_LOAD(A, 2 * P, P, DDI_WRITE));

	there = peer_map(&peer, self->fd, 0, 4 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(0, peer_read(&peer, there + 2 * P, NULL));
	EXPECT_EQ(0, peer_read(&peer, there, NULL));
	EXPECT_EQ(0, touch_write(p + P, 3));
	EXPECT_EQ(0, peer_read(&peer, there + 2 * P, NULL));
	EXPECT_EQ(0, touch_write(p + 3 * P, 4));
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 2 * P, P, DDI_READ, .pid = peer.pid),
		   R_CTX(B, 2, 2 * P, P, DDI_READ, .pid = peer.pid),
		   R_UNLOAD(A, 0, 4 * P, .pid = peer.pid),
		   R_LOAD(B, 2 * P, P, DDI_READ, .pid = peer.pid),
		   R_ACCESS(B, 2, 0, P, DDI_READ, .pid = peer.pid),
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_ACCESS(A, 1, 3 * P, P, DDI_WRITE),
		   R_CTX(A, 1, 3 * P, P, DDI_WRITE),
		   R_UNLOAD(B, 0, 4 * P),
		   R_LOAD(A, 3 * P, P, DDI_WRITE));
	EXPECT_EQ(0, peer_stop(&peer));
}

/*
 * The other process takes the context, then this one touches @addr: how many
 * ticks later @op began, or -1.
 */
static long ticks_kept(int fd, struct peer *peer, long there, void *addr,
		       enum dmst_op op)
{
	struct dmst_record records[16], *from = NULL, *to = NULL;
	ssize_t n, i;

	if (log_clear(fd) || peer_write(peer, there, 1) || touch_write(addr, 2))
		return -1;
	n = log_read(fd, records, ARRAY_SIZE(records));
	for (i = 0; i < n; i++) {
		if (records[i].op == DMST_OP_CTX && records[i].pid == peer->pid)
			from = &records[i];
		if (records[i].op == op && records[i].pid == getpid())
			to = &records[i];
	}
	if (!from || !to || from->ret || to->ret || to < from) {
		tell("%zd records, without what was due", n);
		return -1;
	}
	return to->begin_ticks - from->end_ticks;
}

/* The wait comes before the driver is asked, so it is for any page. */
TEST_F_TIMEOUT(promises, page_without_contexts_waits, 120)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct peer peer;
	long there;
	void *here;

	self->region.access = DMST_ACCESS_PARTS;
	self->region.load_off = 2 * P;
	self->region.flags = DMST_F_TIMEOUT;
	self->region.timeout = ticks;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, peer_start(&peer));
	here = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, here);
	there = peer_map(&peer, self->fd, 0, 4 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_LE(ticks, ticks_kept(self->fd, &peer, there + 2 * P, here,
				    DMST_OP_ACCESS));
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_F_TIMEOUT(promises, timeout_on_one_cpu, 120)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct peer peer;
	long there;
	void *here;

	if (other_cpus("0"))
		SKIP(return, "processors cannot be taken away");
	ASSERT_EQ(1, sysconf(_SC_NPROCESSORS_ONLN));
	self->region.access = DMST_ACCESS_CTXMGT;
	self->region.flags = DMST_F_TIMEOUT;
	self->region.timeout = ticks;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, peer_start(&peer));
	here = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, here);
	there = peer_map(&peer, self->fd, 0, 4 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_LE(ticks, ticks_kept(self->fd, &peer, there, here, DMST_OP_CTX));
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_F_TIMEOUT(promises, timeout_set_in_an_interrupt, 120)
{
	const long ticks = self->hz * SHORT_MS / 1000;
	struct peer peer;
	long there;
	void *here;

	self->region.access = DMST_ACCESS_CTXMGT;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, peer_start(&peer));
	here = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, here);
	there = peer_map(&peer, self->fd, 0, 4 * P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_TIMEOUT, A, 0, ticks, 0));
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_TIMEOUT, B, 0, ticks, 0));
	EXPECT_LE(ticks, ticks_kept(self->fd, &peer, there, here, DMST_OP_CTX));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Lines that contain @text, up to the end. */
static int count_lines(int fd, const char *text)
{
	char line[2048];
	ssize_t n;
	int nr = 0;

	/* What was overwritten meanwhile is EPIPE. */
	while ((n = read(fd, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		if (n <= 0)
			continue;
		line[n] = 0;
		nr += !!strstr(line, text);
	}
	return nr;
}

static int count_trace(const char *a, const char *b)
{
	FILE *file = fopen(TRACEFS "trace", "r");
	char line[512];
	int nr = 0;

	while (file && fgets(line, sizeof(line), file))
		nr += strstr(line, a) && strstr(line, b);
	if (file)
		fclose(file);
	return nr;
}

TEST_F(promises, refused_fork_is_reported)
{
	int kmsg;
	void *p;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	self->region.chunk = P;
	p = map_region(self->fd, &self->region, 2 * P);
	ASSERT_NE(NULL, p);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, kmsg);
	ASSERT_EQ(0, lseek(kmsg, 0, SEEK_END));
	ASSERT_EQ(0, file_write(TRACEFS "trace", ""));
	ASSERT_EQ(0, file_write(TRACEFS "events/devmap/devmap_dup/enable", "1"));
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_DUP, 2, EBUSY));
	EXPECT_EQ(0, fork_is_refused());
	EXPECT_EQ(0, file_write(TRACEFS "events/devmap/devmap_dup/enable", "0"));
	EXPECT_EQ(1, count_lines(kmsg, "devmap: devmap_dup failed (16), and so does fork"));
	EXPECT_EQ(1, count_trace(": devmap_dup: ", "ret=16"));
	EXPECT_EQ(1, count_trace(": devmap_dup: ", "ret=0"));
	EXPECT_LOG(self->fd,
		   R_DUP(A, 1, C, 3),
		   R_DUP(B, 2, D, 0, .ret = EBUSY),
		   R_UNMAP_ALL(C, 3, 0, P));
}

/* What a process and its test share. */
struct hole {
	int go;
	int sig;
	int ret;
	void *addr;
};

static void *touch_hole(void *arg)
{
	struct hole *hole = arg;

	while (!__atomic_load_n(&hole->go, __ATOMIC_SEQ_CST))
		sched_yield();
	hole->sig = touch_read(hole->addr, NULL);
	return NULL;
}

static int make_hole(int fd, struct hole *hole)
{
	pthread_t thread;
	void *p = dev_mmap(fd, 0, 4 * P);

	if (!p || touch_write(p + P, 1) || touch_write(p + 2 * P, 1))
		return 1;
	hole->addr = p + P;
	if (pthread_create(&thread, NULL, touch_hole, hole))
		return 1;
	hole->ret = munmap(p + P, P);
	pthread_join(thread, NULL);
	return touch_read(p + 2 * P, NULL);
}

/* A thread touches the hole while devmap_unmap(9E) has not returned. */
TEST_F_TIMEOUT(promises, hole_is_gone_before_unmap, 120)
{
	struct hole *hole = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;
	pid_t pid;

	ASSERT_NE(MAP_FAILED, hole);
	hole->sig = -1;
	hole->ret = -1;
	self->region.flags = DMST_F_SLEEP_UNMAP;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_regions(self->fd, &self->region, 1));
	pid = fork();
	if (!pid)
		_exit(make_hole(self->fd, hole));
	ASSERT_LT(0, pid);

	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	__atomic_store_n(&hole->go, 1, __ATOMIC_SEQ_CST);
	sleep_ms(100);
	EXPECT_NE(0, hole->sig);
	/* And one for each remnant, when the process ends. */
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 3));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, hole->ret);
	EXPECT_EQ(SIGSEGV, hole->sig);
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, 4 * P, 4 * P, .pid = pid),
		   R_MAP(A, MAP_SHARED, 0, 4 * P, 1, .pid = pid),
		   R_ACCESS(A, 1, P, P, DDI_WRITE, .pid = pid),
		   R_ACCESS(A, 1, 2 * P, P, DDI_WRITE, .pid = pid),
		   R_UNMAP(A, 1, P, P, A, 2, B, 3, .pid = pid),
		   R_UNMAP_ALL(A, 2, 0, P, .pid = pid),
		   R_UNMAP_ALL(B, 3, 2 * P, 2 * P, .pid = pid));
}

TEST_F(promises, unload_by_a_thread_of_the_kernel)
{
	struct dmst_call req = {
		.what = DMST_CALL_UNLOAD, .handle = A, .off = P, .len = P,
		.ret = -1,
	};
	void *p;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(0, touch_write(p + P, 1));
	ASSERT_EQ(0, log_clear(self->fd));

	EXPECT_EQ(0, call(self->fd, &req));
	EXPECT_EQ(0, req.ret);
	EXPECT_EQ(1, req.no_mm);
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_EQ(0, touch_write(p + P, 2));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, P, P, DDI_WRITE));
}

/* A lock is no promise of the layer's: the driver may unload all the same. */
TEST_F(promises, locked_until_the_driver_unloads)
{
	void *p;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, dev_lock(self->fd, A, 0, 2 * P, DDI_WRITE));
	EXPECT_LOG(self->fd,
		   R_DEVLOCK(A, 0, 2 * P, DDI_WRITE),
		   R_SOFTLOCK(A, 1, 0, 2 * P, DDI_WRITE));
	EXPECT_EQ(0, touch_write(p, 1));
	EXPECT_EQ(0, touch_write(p + P, 1));
	EXPECT_NO_LOG(self->fd);

	EXPECT_EQ(0, dev_unload(self->fd, A, P, P));
	EXPECT_EQ(0, touch_write(p, 2));
	EXPECT_EQ(0, touch_write(p + P, 2));
	EXPECT_EQ(0, dev_unlock(self->fd, A, 0, 2 * P, DDI_WRITE));
	EXPECT_EQ(0, touch_write(p, 3));
	EXPECT_EQ(0, touch_write(p + P, 3));
	EXPECT_LOG(self->fd,
		   R_UNLOAD(A, P, P),
		   R_ACCESS(A, 1, P, P, DDI_WRITE),
		   R_DEVUNLOCK(A, 0, 2 * P, DDI_WRITE),
		   R_SOFTUNLOCK(A, 1, 0, 2 * P, DDI_WRITE));
}

TEST_F(promises, umem_in_an_interrupt)
{
	const long base = self->base.cookies;
	u32 value = 1;
	void *p;

	ASSERT_EQ(0, call_in_irq(self->fd, DMST_CALL_ALLOC, 0, 0, 0, 4 * P));
	EXPECT_EQ(0, wait_for_cookies(base + 1));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_read(p + 3 * P, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, touch_write(p + 3 * P, 7));
	EXPECT_EQ(7, dev_peek(self->fd, 0, 3 * P));
	ASSERT_EQ(0, munmap(p, 4 * P));
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_FREE, 0, 0, 0, 0));
	EXPECT_EQ(0, wait_for_cookies(base));

	/* Memory of the other kind, and one that is still mapped. */
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_FREE, 0, 0, 0, 0));
	EXPECT_EQ(0, wait_for_cookies(base));
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p, 8));
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_FREE, 0, 0, 0, 0));
	EXPECT_EQ(0, wait_for_cookies(base + 1));
	EXPECT_EQ(0, touch_read(p, &value));
	EXPECT_EQ(8, value);
	ASSERT_EQ(0, munmap(p, 4 * P));
	EXPECT_EQ(0, wait_for_cookies(base));
}

TEST_F(promises, unlocked_in_an_interrupt)
{
	void *p = mmap(NULL, 2 * P, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ms;

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, dev_umem_lock(self->fd, 0, DDI_UMEMLOCK_WRITE, p, 2 * P));
	EXPECT_EQ(8, status_kb("VmLck"));
	EXPECT_EQ(0, wait_for_cookies(self->base.cookies + 1));
	EXPECT_EQ(0, call_in_irq(self->fd, DMST_CALL_FREE, 0, 0, 0, 0));
	EXPECT_EQ(0, wait_for_cookies(self->base.cookies));
	for (ms = 0; ms < PATIENCE_MS && status_kb("VmLck"); ms++)
		sleep_ms(1);
	EXPECT_EQ(0, status_kb("VmLck"));
}

/* The pages stay with the cookie. */
TEST_F(promises, exec_while_locked)
{
	uint32_t *addr = mmap(NULL, P, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct dmst_umem_lock how = {
		.addr = (uintptr_t)addr, .len = P, .longer = 1,
		.flags = DDI_UMEMLOCK_WRITE,
	};
	uint32_t value = 0;
	struct peer peer;
	void *ours;

	ASSERT_NE(MAP_FAILED, addr);
	addr[0] = 0x11;
	ASSERT_EQ(0, peer_start(&peer));
	EXPECT_EQ(0, peer_write(&peer, (long)addr, 0x22));
	how.pid = peer.pid;
	ASSERT_EQ(0, dev_umem_lock_by(self->fd, &how));
	EXPECT_EQ(-EPIPE, peer_exec(&peer));
	EXPECT_EQ(0, peer_stop(&peer));
	ours = map_region(self->fd, &self->region, P);
	ASSERT_NE(NULL, ours);
	EXPECT_EQ(0, touch_read(ours, &value));
	EXPECT_EQ(0x22, value);
	EXPECT_EQ(0, touch_write(ours, 0x33));
}

/*
 * Caches go by physical addresses, so pages need no addresses that match: the same
 * page at many, and the kernel's own.
 */
TEST_F(promises, same_page_at_any_address)
{
	u32 value, stamp = 0;
	void *p;
	int i, j;

	self->region.len = 16 * P;
	self->region.chunk = P;
	self->region.flags = DMST_F_ALIAS;
	ASSERT_EQ(0, dev_umem(self->fd, 0, P));
	p = map_region(self->fd, &self->region, 16 * P);
	ASSERT_NE(NULL, p);
	for (i = 0; i < 16; i++) {
		EXPECT_EQ(0, touch_write(p + i * P, ++stamp));
		EXPECT_EQ(stamp, dev_peek(self->fd, 0, 0));
		ASSERT_EQ(0, dev_poke(self->fd, 0, 4, ~stamp));
		for (j = 0; j < 16; j++) {
			EXPECT_EQ(0, touch_read(p + j * P, &value));
			EXPECT_EQ(stamp, value);
			EXPECT_EQ(0, touch_read(p + j * P + 4, &value));
			EXPECT_EQ(~stamp, value);
		}
	}
}

/*
 * What mmap(2) allowed is the limit: that of the descriptor, or of segmap(9E). The
 * setup call's is none.
 */
TEST_F(promises, remap_gives_no_more)
{
	const struct dmst_target all = umem_target(1, 0, P);
	int fd = dev_open(0, O_RDONLY);
	struct dmst_script script = {
		.log_mask = DMST_LOG_DEFAULT & ~(1 << DMST_OP_SEGMAP),
		.segmap_ret = PROT_WRITE, .nr_regions = 1,
	};
	const struct {
		int fd;
		enum dmst_segmap segmap;
		u32 maxprot;
		int err;
	} limits[] = {
		{ fd, DMST_SEGMAP_NULL, PROT_ALL, EACCES },
		{ self->fd, DMST_SEGMAP_MAXPROT, PROT_ALL, EACCES },
		{ self->fd, DMST_SEGMAP_NULL, PROT_READ, 0 },
	};
	long addr;
	u32 value;
	size_t i;
	void *p;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, number_umem(self->fd, 0, 1, 10));
	ASSERT_EQ(0, number_umem(self->fd, 1, 1, 20));
	self->region.len = P;
	self->region.setup_flags = DEVMAP_ALLOW_REMAP;
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		self->region.maxprot = limits[i].maxprot;
		script.region[0] = self->region;
		script.segmap = limits[i].segmap;
		ASSERT_EQ(0, dev_script(self->fd, &script));
		addr = dev_map(limits[i].fd, 0, P, PROT_READ, MAP_SHARED);
		ASSERT_LT(0, addr);
		p = (void *)addr;
		EXPECT_EQ(0, touch_read(p, &value));
		EXPECT_EQ(10, value);
		EXPECT_EQ(-1, mprotect(p, P, RW));
		EXPECT_EQ(EACCES, errno);
		ASSERT_EQ(0, log_clear(self->fd));

		EXPECT_EQ(0, dev_remap(self->fd, A + i, &all));
		EXPECT_EQ(0, touch_read(p, &value));
		EXPECT_EQ(20, value);
		EXPECT_EQ(SIGSEGV, touch_write(p, 1));
		errno = 0;
		EXPECT_EQ(limits[i].err ? -1 : 0, mprotect(p, P, RW));
		EXPECT_EQ(limits[i].err, errno);
		EXPECT_EQ(limits[i].err ? SIGSEGV : 0, touch_write(p, 30));
		EXPECT_EQ(limits[i].err ? 20 : 30, dev_peek(self->fd, 1, 0));
		ASSERT_EQ(0, munmap(p, P));
		EXPECT_LOG(self->fd,
			   R_REMAP_UMEM(A + i, 1, 0, P),
			   R_ACCESS(A + i, 1 + i, 0, P, DDI_READ),
			   R_UNMAP_ALL(A + i, 1 + i, 0, P));
	}
	close(fd);
}

/* The device compares the pointer with the address space of the caller. */
TEST_F(promises, address_space_of_segmap)
{
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_OWN, .log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1, .region[0] = self->region,
	};
	struct dmst_info info;
	struct peer peer;
	long there;
	void *here;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	ASSERT_EQ(0, peer_start(&peer));
	here = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, here);
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(0, info.bad);
	EXPECT_EQ(2, info.calls[DMST_OP_SEGMAP]);
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Linux has chosen the address before. */
TEST_F(promises, address_of_segmap_is_binding)
{
	const u64 wish = 0x100000000;
	struct dmst_script script = {
		.segmap = DMST_SEGMAP_MOVE, .segmap_off = wish,
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = 1, .region[0] = self->region,
	};
	long addr;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	addr = dev_map(self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, addr);
	EXPECT_NE(wish, addr);
	EXPECT_EQ(0, touch_write((void *)addr, 1));
	EXPECT_EQ(SIGSEGV, touch_read((void *)wish, NULL));
	EXPECT_LOG(self->fd,
		   R_SEGMAP(0, P, RW | PROT_USER, PROT_ALL, MAP_SHARED, addr),
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
}

/* Together they are MAP_SHARED_VALIDATE. */
TEST_F(promises, shared_and_private)
{
	long addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_map(self->fd, 0, P, RW, MAP_SHARED | MAP_PRIVATE);
	ASSERT_LT(0, addr);
	EXPECT_EQ(0, touch_write((void *)addr, 5));
	EXPECT_EQ(5, dev_peek(self->fd, 0, 0));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(A, 0, P, P),
		   R_MAP(A, MAP_SHARED, 0, P, 1),
		   R_ACCESS(A, 1, 0, P, DDI_WRITE));
}

/*
 * Linux looks for pages without a translation in the page cache, where they are
 * not; and up to 6.12 for all of them.
 */
TEST_F(promises, mincore)
{
	unsigned char pages[4] = { 0xff, 0xff, 0xff, 0xff };
	void *p;
	int i;

	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	p = map_region(self->fd, &self->region, 4 * P);
	ASSERT_NE(NULL, p);
	EXPECT_EQ(0, touch_write(p + 2 * P, 1));
	ASSERT_EQ(0, mincore(p, 4 * P, pages));
	for (i = 0; i < 4; i++) {
		if (i != 2)
			EXPECT_EQ(0, pages[i] & 1);
	}
	EXPECT_EQ(0, touch_write(p + 2 * P, 2));
	EXPECT_LOG(self->fd, R_ACCESS(A, 1, 2 * P, P, DDI_WRITE));
}

TEST_HARNESS_MAIN
