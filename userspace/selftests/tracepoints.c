// SPDX-License-Identifier: GPL-2.0
/* The tracepoints: what happened, with the right numbers. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "kselftest_harness.h"
#include "common.h"
#include "peer.h"

#define RW	(PROT_READ | PROT_WRITE)
#define TRACEFS	"/sys/kernel/tracing/"
#define EVENTS	64

/* An event: its name, the pid, and what follows the number of the handle. */
struct event {
	char name[32];
	int pid;
	unsigned long long handle;
	char rest[128];
};

FIXTURE(tracepoints) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(tracepoints)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, file_write(TRACEFS "trace", ""));
	ASSERT_EQ(0, file_write(TRACEFS "events/devmap/enable", "1"));
	ASSERT_EQ(0, file_write(TRACEFS "tracing_on", "1"));
}

FIXTURE_TEARDOWN_PARENT(tracepoints)
{
	EXPECT_EQ(0, file_write(TRACEFS "events/devmap/enable", "0"));
	EXPECT_EQ(0, test_end(&self->base));
}

/* Takes a line of the trace apart; false if it is another device's. */
static bool parse(const char *line, const char *dev, struct event *event)
{
	const char *at = strstr(line, ": devmap_");
	int n = 0;

	if (!at || !strstr(line, dev))
		return false;
	*event = (struct event){};
	if (sscanf(at, ": devmap_%31[a-z_]: dev=%*u:%*u pid=%d handle=%llu %n",
		   event->name, &event->pid, &event->handle, &n) != 3 || !n) {
		tell("cannot read the event \"%s\"", at);
		return false;
	}
	snprintf(event->rest, sizeof(event->rest), "%s", at + n);
	event->rest[strcspn(event->rest, "\n")] = 0;
	return true;
}

/* The events of a device; clears the trace. */
static int read_trace(int fd, struct event *events, int max)
{
	FILE *file = fopen(TRACEFS "trace", "r");
	char line[512], dev[32];
	struct stat st;
	int n = 0;

	if (!file || fstat(fd, &st))
		return -1;
	snprintf(dev, sizeof(dev), " dev=%u:%u ", major(st.st_rdev),
		 minor(st.st_rdev));
	while (n < max && fgets(line, sizeof(line), file))
		n += parse(line, dev, &events[n]);
	fclose(file);
	return file_write(TRACEFS "trace", "") ? -1 : n;
}

static int show_events(const struct event *events, int n)
{
	int i;

	for (i = 0; i < n; i++)
		tell("got %s pid=%d handle=%llu %s", events[i].name,
		     events[i].pid, events[i].handle, events[i].rest);
	return -1;
}

/* Each wanted event is "handle name rest", with letters for the handles. */
static int check_events(int fd, const char * const *want, int nr, int pid)
{
	unsigned long long handles[26] = {};
	struct event events[EVENTS];
	int n = read_trace(fd, events, EVENTS), i;

	for (i = 0; i < n && i < nr; i++) {
		const struct event *event = &events[i];
		int letter = want[i][0] - 'A';
		size_t len = strlen(event->name);

		if (!handles[letter])
			handles[letter] = event->handle;
		if (handles[letter] != event->handle || event->pid != pid ||
		    strncmp(want[i] + 2, event->name, len) ||
		    want[i][2 + len] != ' ' ||
		    strcmp(want[i] + 3 + len, event->rest)) {
			tell("event %d has to be \"%s\"", i, want[i]);
			return show_events(events, n);
		}
	}
	if (n == nr)
		return 0;
	tell("%d events, not %d", n, nr);
	return show_events(events, n);
}

#define EXPECT_EVENTS(fd, ...) do {					\
	static const char * const want_[] = { __VA_ARGS__ };		\
									\
	EXPECT_EQ(0, check_events(fd, want_, ARRAY_SIZE(want_),		\
				  getpid()));				\
} while (0)

TEST_F(tracepoints, one_handle)
{
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, P, 3 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, dev_unload(self->fd, A, 0, 0));
	EXPECT_NE(0, dev_unload(self->fd, A, 8 * P, P));
	EXPECT_NE(0, dev_load(self->fd, A, 0, 0));
	ASSERT_EQ(0, dev_fail(self->fd, DMST_OP_ACCESS, 1, 22));
	EXPECT_EQ(SIGSEGV, touch_read(addr, NULL));
	ASSERT_EQ(0, munmap(addr + P, P));
	ASSERT_EQ(0, munmap(addr, 3 * P));
	/* 5635: EINVAL as a fault code. */
	EXPECT_EVENTS(self->fd,
		      "A map off=0x1000 len=0x3000 flags=shared ret=0",
		      "A load off=0x1000 len=0x1000 type=access rw=write ret=0",
		      "A access off=0x1000 len=0x1000 type=access rw=write ret=0",
		      "A load off=0x2000 len=0x1000 type=access rw=read ret=0",
		      "A access off=0x2000 len=0x1000 type=access rw=read ret=0",
		      "A unload off=0x0 len=0x0 ret=0",
		      "A unload off=0x8000 len=0x1000 ret=5635",
		      "A load off=0x0 len=0x0 type=access rw=read ret=5635",
		      "A access off=0x1000 len=0x1000 type=access rw=read ret=22",
		      "A unmap off=0x2000 len=0x1000 left=both",
		      "A unmap off=0x1000 len=0x1000 left=nothing",
		      "A unmap off=0x3000 len=0x1000 left=nothing");
}

TEST_F(tracepoints, contexts)
{
	void *a, *b;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_CTXMGT, 0));
	a = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, a);
	b = (void *)dev_map(self->fd, 0, P, RW, MAP_PRIVATE);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	EXPECT_EVENTS(self->fd,
		      "A map off=0x0 len=0x1000 flags=shared ret=0",
		      "B map off=0x0 len=0x1000 flags=private ret=0",
		      "A ctxmgt_enter off=0x0 len=0x1000 type=access rw=write",
		      "A load off=0x0 len=0x1000 type=access rw=write ret=0",
		      "A ctxmgt_leave off=0x0 len=0x1000 type=access rw=write ret=0",
		      "A access off=0x0 len=0x1000 type=access rw=write ret=0",
		      "B ctxmgt_enter off=0x0 len=0x1000 type=access rw=write",
		      "A unload off=0x0 len=0x1000 ret=0",
		      "B load off=0x0 len=0x1000 type=access rw=write ret=0",
		      "B ctxmgt_leave off=0x0 len=0x1000 type=access rw=write ret=0",
		      "B access off=0x0 len=0x1000 type=access rw=write ret=0");
}

TEST_F(tracepoints, without_callbacks)
{
	struct dmst_region region = dev_region(0, P);
	void *addr;

	region.callbacks = 0;
	ASSERT_EQ(0, dev_umem(self->fd, 0, P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, NULL));
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_EVENTS(self->fd,
		      "A map off=0x0 len=0x1000 flags=shared ret=0",
		      "A load off=0x0 len=0x1000 type=access rw=read ret=0",
		      "A unmap off=0x0 len=0x1000 left=nothing");
}

/* fork: the event is the parent's, and names the child's handle. */
TEST_F(tracepoints, fork)
{
	unsigned long long child_handle = 0;
	struct event events[EVENTS];
	struct peer child;
	void *addr;
	int n, ret;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(0, peer_stop(&child));

	n = read_trace(self->fd, events, EVENTS);
	ASSERT_EQ(5, n);
	EXPECT_STREQ("map", events[0].name);
	EXPECT_STREQ("dup", events[1].name);
	EXPECT_EQ(getpid(), events[1].pid);
	EXPECT_EQ(events[0].handle, events[1].handle);
	n = sscanf(events[1].rest, "off=0x0 len=0x1000 child=%llu ret=%d",
		   &child_handle, &ret);
	ASSERT_EQ(2, n);
	EXPECT_EQ(0, ret);
	EXPECT_NE(events[0].handle, child_handle);
	EXPECT_STREQ("load", events[2].name);
	EXPECT_STREQ("access", events[3].name);
	EXPECT_STREQ("unmap", events[4].name);
	for (n = 2; n < 5; n++) {
		EXPECT_EQ(child_handle, events[n].handle);
		EXPECT_EQ(child.pid, events[n].pid);
	}
}

/* A fault that had to wait for the context says so. */
TEST_F(tracepoints, waiting)
{
	struct dmst_region region = dev_region(0, P);
	unsigned long ticks = 0;
	struct event events[EVENTS];
	struct dmst_info info;
	int i, n, found, ret = -1;
	void *a, *b;

	ASSERT_EQ(0, dev_info(self->fd, &info));
	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_TIMEOUT;
	region.timeout = info.hz / 10;
	ASSERT_EQ(0, dev_umem(self->fd, 0, P));
	ASSERT_EQ(0, dev_regions(self->fd, &region, 1));
	a = dev_mmap(self->fd, 0, P);
	b = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, a);
	ASSERT_NE(NULL, b);
	EXPECT_EQ(0, touch_write(a, 1));
	EXPECT_EQ(0, touch_write(b, 1));
	n = read_trace(self->fd, events, EVENTS);
	ASSERT_LT(0, n);
	for (i = 0; i < n; i++) {
		if (!strcmp(events[i].name, "ctxmgt_waited")) {
			EXPECT_EQ(events[1].handle, events[i].handle);
			found = sscanf(events[i].rest, "ticks=%lu ret=%d",
				       &ticks, &ret);
			ASSERT_EQ(2, found);
		}
	}
	EXPECT_EQ(0, ret);
	EXPECT_LT(0, ticks);
}

struct toucher {
	pthread_t thread;
	void *addr;
	pid_t tid;
	int go;
	int sig;
};

static void *touch_in_thread(void *arg)
{
	struct toucher *toucher = arg;

	while (!__atomic_load_n(&toucher->go, __ATOMIC_SEQ_CST))
		sleep_ms(1);
	__atomic_store_n(&toucher->tid, gettid(), __ATOMIC_SEQ_CST);
	toucher->sig = touch_read(toucher->addr, NULL);
	return NULL;
}

static void *unmap_in_thread(void *arg)
{
	return (void *)(long)munmap(arg, P);
}

/* Waits until a thread sleeps in a fault. */
static int wait_for_fault(struct toucher *toucher)
{
	char name[40], text[8] = "";
	int i, fd;

	for (i = 0; i < 20000; i++) {
		sleep_ms(1);
		snprintf(name, sizeof(name), "/proc/self/task/%d/syscall",
			 __atomic_load_n(&toucher->tid, __ATOMIC_SEQ_CST));
		fd = open(name, O_RDONLY);
		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text)) > 2 && !strncmp(text, "-1", 2))
			i = 20000;
		close(fd);
	}
	return strncmp(text, "-1", 2);
}

/*
 * A fault on a page that has become valid meanwhile needs no driver. Linux
 * drops no translation of these mappings by itself, so it takes a race: a
 * thread faults and waits for a devmap_unmap elsewhere in its mapping; before
 * that has returned, the driver loads the page in a fault of another mapping.
 */
TEST_F(tracepoints, refault)
{
	struct dmst_region regions[] = {
		dev_region(0, 4 * P), dev_region(4 * P, P),
	};
	struct toucher toucher = {};
	struct event events[EVENTS];
	int i, n, refaults = 0;
	void *addr, *lever;
	pthread_t unmapper;

	regions[0].flags = DMST_F_SLEEP_UNMAP;
	regions[1].access = DMST_ACCESS_OTHER;
	regions[1].load_handle = A;
	regions[1].load_off = P;
	regions[1].load_len = P;
	ASSERT_EQ(0, dev_umem(self->fd, 0, 4 * P));
	ASSERT_EQ(0, dev_regions(self->fd, regions, 2));
	addr = dev_mmap(self->fd, 0, 4 * P);
	lever = dev_mmap(self->fd, 4 * P, P);
	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, lever);
	ASSERT_EQ(0, log_clear(self->fd));

	/* No thread can be made while munmap(2) is busy. */
	toucher.addr = addr + P;
	ASSERT_EQ(0, pthread_create(&toucher.thread, NULL, touch_in_thread,
				    &toucher));
	ASSERT_EQ(0, pthread_create(&unmapper, NULL, unmap_in_thread,
				    addr + 3 * P));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));
	__atomic_store_n(&toucher.go, 1, __ATOMIC_SEQ_CST);
	ASSERT_EQ(0, wait_for_fault(&toucher));
	EXPECT_EQ(0, touch_read(lever, NULL));
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	ASSERT_EQ(0, pthread_join(unmapper, NULL));
	ASSERT_EQ(0, pthread_join(toucher.thread, NULL));
	EXPECT_EQ(0, toucher.sig);
	EXPECT_LOG(self->fd,
		   R_ACCESS(B, 2, 4 * P, P, DDI_READ),
		   R_LOAD(A, P, P, DDI_READ),
		   R_UNMAP(A, 1, 3 * P, P, A, 3, 0, 0));

	n = read_trace(self->fd, events, EVENTS);
	ASSERT_LT(0, n);
	for (i = 0; i < n; i++) {
		if (strcmp(events[i].name, "refault"))
			continue;
		refaults++;
		EXPECT_EQ(events[0].handle, events[i].handle);
		EXPECT_EQ(getpid(), events[i].pid);
		EXPECT_STREQ("off=0x1000 len=0x1000 type=access rw=read ret=0",
			     events[i].rest);
	}
	EXPECT_EQ(1, refaults) {
		show_events(events, n);
	}
	/* The other unmaps are not to wait. */
	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 10));
	ASSERT_EQ(0, munmap(addr, 4 * P));
}

/* Nothing is traced when nobody has asked for it. */
TEST_F(tracepoints, disabled)
{
	struct event events[EVENTS];

	ASSERT_EQ(0, file_write(TRACEFS "events/devmap/enable", "0"));
	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	ASSERT_NE(NULL, dev_mmap(self->fd, 0, P));
	EXPECT_EQ(0, read_trace(self->fd, events, EVENTS));
}

TEST_HARNESS_MAIN
