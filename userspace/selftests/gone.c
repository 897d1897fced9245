// SPDX-License-Identifier: GPL-2.0
/*
 * The device goes while it is mapped: devmap_dev_destroy() (trap 15). The driver
 * is told devmap_unmap there and then, and hears nothing any more; from then on
 * every touch is SIGBUS.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "peer.h"

#define SOON_NS	20000000000ULL

FIXTURE(gone) {
	struct objects base;
	int fd;
};

FIXTURE_SETUP(gone)
{
	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(gone)
{
	EXPECT_EQ(0, test_end(&self->base));
}

TEST_F(gone, mapping)
{
	void *addr, *moved;
	u32 value = 0;
	int fd, mem;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 4 * P));
	addr = dev_mmap(self->fd, 0, 8 * P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 0x11));
	EXPECT_EQ(0, touch_write(addr + 5 * P, 0x15));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	EXPECT_LOG(self->fd,
		   R_UNMAP_ALL(A, 1, 0, 4 * P),
		   R_UNMAP_ALL(B, 2, 4 * P, 4 * P));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr + P, 1));
	EXPECT_EQ(SIGBUS, touch_write(addr + 5 * P, 1));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(0x15, dev_peek(self->fd, 0, 5 * P));

	/* Memory management goes on as usual. */
	EXPECT_EQ(0, mprotect(addr + P, P, PROT_READ));
	moved = mmap(NULL, P, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_EQ(moved, mremap(addr + 7 * P, P, P,
				MREMAP_MAYMOVE | MREMAP_FIXED, moved));
	EXPECT_EQ(SIGBUS, touch_read(moved, NULL));
	mem = mem_open(getpid());
	ASSERT_LE(0, mem);
	EXPECT_EQ(-EIO, mem_read(mem, addr, &value, 4));
	EXPECT_EQ(-EIO, mem_write(mem, addr, &value, 4));
	close(mem);
	EXPECT_NO_LOG(self->fd);

	/* The device's next life has nothing to do with it. */
	fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, fd);
	moved = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, moved);
	EXPECT_EQ(0, touch_read(moved, &value));
	EXPECT_EQ(0x11, value);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_LOG(self->fd,
		   R_DEVMAP(C, 0, P, P),
		   R_MAP(C, MAP_SHARED, 0, P, 3),
		   R_ACCESS(C, 3, 0, P, DDI_READ));

	ASSERT_EQ(0, munmap(addr + 2 * P, P));
	EXPECT_EQ(SIGBUS, touch_read(addr + 3 * P, NULL));
	EXPECT_NO_LOG(self->fd);
}

/* The instance lives as long as somebody has it open or mapped. */
TEST_F(gone, last_reference)
{
	struct objects now;
	void *addr;
	int fd;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	fd = dev_open(0, O_RDWR);
	addr = dev_mmap(fd, 0, 2 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, close(fd));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	EXPECT_LOG(self->fd, R_UNMAP_ALL(A, 1, 0, 2 * P));
	ASSERT_EQ(0, close(self->fd));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);

	ASSERT_EQ(0, objects_read(&now));
	EXPECT_EQ(self->base.instances + 1, now.instances);
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	ASSERT_EQ(0, log_clear(self->fd));
	ASSERT_EQ(0, munmap(addr, 2 * P));
	EXPECT_NO_LOG(self->fd);
	ASSERT_EQ(0, objects_read(&now));
	EXPECT_EQ(self->base.instances, now.instances);
}

/* Children inherit what is dead, and the driver does not hear of it. */
TEST_F(gone, fork)
{
	struct peer before, after;
	void *addr;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 3 * P);
	ASSERT_NE(NULL, addr);
	ASSERT_EQ(0, peer_start(&before));
	EXPECT_EQ(0, peer_write(&before, (long)addr, 1));
	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	ASSERT_EQ(0, log_clear(self->fd));
	EXPECT_EQ(SIGBUS, peer_write(&before, (long)addr, 1));

	ASSERT_EQ(0, peer_start(&after));
	EXPECT_EQ(SIGBUS, peer_read(&after, (long)addr, NULL));
	EXPECT_EQ(0, peer_unmap(&after, (long)addr + P, P));
	EXPECT_EQ(0, peer_stop(&after));
	EXPECT_NO_LOG(self->fd);

	EXPECT_EQ(0, peer_stop(&before));
	EXPECT_NO_LOG(self->fd);
}

struct toucher {
	pthread_t thread;
	void *addr;
	int fd;
	int done;
	int sig;
};

static void *touch_in_thread(void *arg)
{
	struct toucher *toucher = arg;

	toucher->sig = touch_write(toucher->addr, 1);
	__atomic_store_n(&toucher->done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static void *go_in_thread(void *arg)
{
	struct toucher *goer = arg;

	goer->sig = ioctl(goer->fd, DMST_GONE);
	__atomic_store_n(&goer->done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* It waits for the driver to come out of its callbacks. */
TEST_F(gone, while_the_driver_sleeps)
{
	struct toucher goer = { .fd = self->fd };
	struct peer peer;
	void *here;
	long there;
	int i, sig;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_SLEEP, 0));
	ASSERT_EQ(0, peer_start(&peer));
	there = peer_map(&peer, self->fd, 0, P, RW, MAP_SHARED);
	ASSERT_LT(0, there);
	here = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, here);
	ASSERT_EQ(0, peer_send_read(&peer, there));
	ASSERT_EQ(0, dev_wait_sleepers(self->fd, 1));

	ASSERT_EQ(0, pthread_create(&goer.thread, NULL, go_in_thread, &goer));
	/* What is new is refused from early on. */
	for (i = 0; i < 2000; i++) {
		if (dev_map(self->fd, 0, P, RW, MAP_SHARED) == -ENXIO)
			break;
		sleep_ms(1);
	}
	EXPECT_GT(2000, i);
	EXPECT_EQ(SIGBUS, touch_read(here, NULL));
	EXPECT_EQ(0, __atomic_load_n(&goer.done, __ATOMIC_SEQ_CST));

	ASSERT_EQ(0, ioctl(self->fd, DMST_WAKE, 1));
	ASSERT_EQ(0, pthread_join(goer.thread, NULL));
	EXPECT_EQ(0, goer.sig);
	sig = peer_answer(&peer, NULL);
	EXPECT_TRUE(!sig || sig == SIGBUS);
	EXPECT_EQ(SIGBUS, peer_read(&peer, there, NULL));
	EXPECT_EQ(0, peer_stop(&peer));
}

/* Whoever gets the context of a page keeps it for so long. */
static int keep_contexts(int fd, unsigned int seconds)
{
	struct dmst_region region = dev_region(0, P);
	struct dmst_info info;

	if (dev_info(fd, &info))
		return -1;
	region.access = DMST_ACCESS_CTXMGT;
	region.flags = DMST_F_TIMEOUT;
	region.timeout = seconds * info.hz;
	return dev_umem(fd, 0, P) ?: dev_regions(fd, &region, 1);
}

/* It does not wait for those that wait for a context, who come to nothing. */
TEST_F_TIMEOUT(gone, while_a_process_waits_for_a_context, 120)
{
	struct toucher toucher = {};
	struct dmst_info info;
	u64 start;
	void *here;

	ASSERT_EQ(0, keep_contexts(self->fd, 10));
	here = dev_mmap(self->fd, 0, P);
	toucher.addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, here);
	ASSERT_NE(NULL, toucher.addr);
	EXPECT_EQ(0, touch_write(here, 1));
	ASSERT_EQ(0, pthread_create(&toucher.thread, NULL, touch_in_thread,
				    &toucher));
	sleep_ms(200);
	EXPECT_EQ(0, toucher.done);

	start = now_ns();
	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	EXPECT_GT(SOON_NS / 4, now_ns() - start);
	EXPECT_EQ(SIGBUS, touch_read(here, NULL));
	ASSERT_EQ(0, pthread_join(toucher.thread, NULL));
	EXPECT_EQ(SIGBUS, toucher.sig);
	ASSERT_EQ(0, dev_info(self->fd, &info));
	EXPECT_EQ(1, info.calls[DMST_OP_CTX]);
}

static void *read_mem_in_thread(void *arg)
{
	struct toucher *debugger = arg;
	u32 value;

	debugger->sig = mem_read(debugger->fd, debugger->addr, &value, 4);
	__atomic_store_n(&debugger->done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Nor for a debugger, which waits in the driver. */
TEST_F_TIMEOUT(gone, while_a_debugger_waits_for_a_context, 120)
{
	struct toucher debugger = {};
	u64 start;
	void *here;

	ASSERT_EQ(0, keep_contexts(self->fd, 60));
	here = dev_mmap(self->fd, 0, P);
	debugger.addr = dev_mmap(self->fd, 0, P);
	ASSERT_NE(NULL, here);
	ASSERT_NE(NULL, debugger.addr);
	debugger.fd = mem_open(getpid());
	ASSERT_LE(0, debugger.fd);
	EXPECT_EQ(0, touch_write(here, 1));
	ASSERT_EQ(0, pthread_create(&debugger.thread, NULL, read_mem_in_thread,
				    &debugger));
	ASSERT_EQ(0, dev_wait_calls(self->fd, DMST_OP_ACCESS, 2));
	sleep_ms(200);
	EXPECT_EQ(0, __atomic_load_n(&debugger.done, __ATOMIC_SEQ_CST));

	start = now_ns();
	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	EXPECT_GT(SOON_NS, now_ns() - start);
	ASSERT_EQ(0, pthread_join(debugger.thread, NULL));
	EXPECT_EQ(-EIO, debugger.sig);
	close(debugger.fd);
}

/* Every part of every mapping is told, parents' and children's, once each. */
TEST_F(gone, all_mappings)
{
	struct dmst_record log[16];
	struct peer child;
	void *addr, *other;
	ssize_t n, i;
	u64 told = 0;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 0));
	addr = dev_mmap(self->fd, 0, 8 * P);
	other = dev_mmap(self->fd, 8 * P, P);
	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, munmap(addr + 3 * P, P));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_unmap(&child, (long)addr, P));
	ASSERT_EQ(0, log_clear(self->fd));

	ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
	n = log_read(self->fd, log, 16);
	EXPECT_EQ(6, n);
	for (i = 0; i < n; i++) {
		EXPECT_EQ(DMST_OP_UNMAP, log[i].op);
		told += log[i].len;
	}
	EXPECT_EQ((7 + 1 + 6 + 1) * P, told);

	EXPECT_EQ(0, munmap(addr, 8 * P));
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_NO_LOG(self->fd);
}

#define RACERS	4

struct racer {
	int fd;
	int *gone;	/* set when DMST_GONE has returned */
	int late;	/* touches that worked nevertheless */
};

/* Maps, touches and unmaps until that is no longer possible. */
static void *race(void *arg)
{
	struct racer *racer = arg;
	int page, was_gone, sig;
	long addr;

	for (;;) {
		was_gone = __atomic_load_n(racer->gone, __ATOMIC_SEQ_CST);
		addr = dev_map(racer->fd, 0, 8 * P, RW, MAP_SHARED);
		if (addr < 0)
			return NULL;
		if (was_gone)
			racer->late++;
		for (page = 0; page < 32; page++) {
			was_gone = __atomic_load_n(racer->gone,
						   __ATOMIC_SEQ_CST);
			sig = touch_write((void *)(addr + page % 8 * P), page);
			if (was_gone && sig != SIGBUS)
				racer->late++;
		}
		if (addr & P)
			munmap((void *)addr + 2 * P, P);
		munmap((void *)addr, 8 * P);
	}
}

/* When it returns, nobody can touch the device any more, nor ever again. */
TEST_F_TIMEOUT(gone, race, 300)
{
	struct racer racers[RACERS];
	pthread_t threads[RACERS];
	int round, i, fd, gone;

	ASSERT_EQ(0, dev_plain(self->fd, DMST_ACCESS_DEFAULT, 2 * P));
	for (round = 0; round < 20; round++) {
		fd = dev_open(0, O_RDWR);
		ASSERT_LE(0, fd);
		gone = 0;
		for (i = 0; i < RACERS; i++) {
			racers[i] = (struct racer){ .fd = fd, .gone = &gone };
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, race,
						    &racers[i]));
		}
		sleep_ms(20);
		ASSERT_EQ(0, ioctl(self->fd, DMST_GONE));
		__atomic_store_n(&gone, 1, __ATOMIC_SEQ_CST);
		for (i = 0; i < RACERS; i++) {
			ASSERT_EQ(0, pthread_join(threads[i], NULL));
			EXPECT_EQ(0, racers[i].late);
		}
		close(fd);
	}
}

TEST_HARNESS_MAIN
