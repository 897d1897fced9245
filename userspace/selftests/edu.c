// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers for QEMU's "edu" device: its register at 4, of which every mapping has
 * a value of its own, through a mapping of the real BAR. Compiled once for each
 * driver, with the name of its device node in EDU_NODE.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"
#include "fail.h"
#include "pci.h"
#include "peer.h"

#define EDU_SIZE	0x100000UL
#define EDU_ID(value)	(((value) & 0xff00ffff) == 0x010000ed)
#define LIVENESS	4

#define ROUNDS		100000UL	/* of each process */

FIXTURE(edu) {
	struct objects base;
	struct pci pci;
	int klog;
	int fd;
};

static int edu_open(void)
{
	int fd = open(EDU_NODE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(edu)
{
	ASSERT_EQ(0, objects_read(&self->base));
	ASSERT_EQ(0, pci_find(&self->pci, 0x1234, 0x11e8));
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
	self->fd = edu_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(edu)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static void *map_page(int fd)
{
	return dev_mmap(fd, 0, P);
}

/* What a process finds in its register; it reads as the complement. */
static u32 value_at(void *addr)
{
	u32 value = 0;

	if (touch_read(addr + LIVENESS, &value))
		tell("the register cannot be read");
	return ~value;
}

static int set_value(void *addr, u32 value)
{
	return touch_write(addr + LIVENESS, value);
}

TEST_F(edu, is_the_device)
{
	void *addr = map_page(self->fd);
	u32 value = 0;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_read(addr, &value));
	EXPECT_TRUE(EDU_ID(value)) {
		TH_LOG("0x%x", value);
	}
	/* Not memory: the device does something with what it gets. */
	EXPECT_EQ(0, touch_write(addr + LIVENESS, 0x12345678));
	EXPECT_EQ(0, touch_read(addr + LIVENESS, &value));
	EXPECT_EQ(~0x12345678U, value);
	EXPECT_EQ(0, touch_write(addr + 8, 5));
	do {
		EXPECT_EQ(0, touch_read(addr + 0x20, &value));
	} while (value & 1);
	EXPECT_EQ(0, touch_read(addr + 8, &value));
	EXPECT_EQ(120, value);
}

/* Every mapping has its own value, and a new one has none of another's. */
TEST_F(edu, mappings)
{
	void *addr[5];
	int i, k;

	for (i = 0; i < 4; i++) {
		addr[i] = (void *)dev_map(self->fd, 0, P, RW,
					  i % 2 ? MAP_SHARED : MAP_PRIVATE);
		ASSERT_LT(0, (long)addr[i]);
		EXPECT_EQ(0, value_at(addr[i]));
		EXPECT_EQ(0, set_value(addr[i], 0x1000 + i));
	}
	for (k = 0; k < 3; k++) {
		for (i = 0; i < 4; i++) {
			EXPECT_EQ(0x1000 + 0x100 * k + i, value_at(addr[i]));
			EXPECT_EQ(0, set_value(addr[i],
					       0x1100 + 0x100 * k + i));
		}
	}
	/* Whoever has the register goes; the others stay what they are. */
	ASSERT_EQ(0, munmap(addr[3], P));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0x1300 + i, value_at(addr[i]));
	ASSERT_EQ(0, munmap(addr[0], P));
	addr[4] = map_page(self->fd);
	ASSERT_NE(NULL, addr[4]);
	EXPECT_EQ(0, value_at(addr[4]));
	EXPECT_EQ(0x1301, value_at(addr[1]));
	EXPECT_EQ(0x1302, value_at(addr[2]));
}

/* Mappings do not need the descriptor. */
TEST_F(edu, closed)
{
	void *addr = map_page(self->fd), *other;

	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, set_value(addr, 0x77));
	ASSERT_EQ(0, close(self->fd));
	self->fd = edu_open();
	ASSERT_LE(0, self->fd);
	other = map_page(self->fd);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(0, value_at(other));
	EXPECT_EQ(0x77, value_at(addr));
}

/* A slow kernel is too slow for many of these. */
static unsigned long rounds(void)
{
	return effort(ROUNDS) < ROUNDS ? effort(ROUNDS / 10) : ROUNDS;
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

struct tally {
	unsigned long right;
	unsigned long wrong;
	long faults;
};

static void compare(void *addr, u32 value, struct tally *tally)
{
	u32 got = value_at(addr);

	if (got == value)
		tally->right++;
	else if (tally->wrong++ < 5)
		tell("0x%x read 0x%x", value, got);
}

/* Sleeps, as a machine that has much else to do may not run both at a time. */
static void wait_for_turn(atomic_uint *turn, u32 id)
{
	u32 now;

	while ((now = *turn) % 2 != id % 2)
		syscall(SYS_futex, turn, FUTEX_WAIT, now, NULL, NULL, 0);
}

static void end_turn(atomic_uint *turn)
{
	++*turn;
	syscall(SYS_futex, turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/*
 * Writes and reads back; also what it left before it lost the device. With
 * @turn it loses it every time: two take turns.
 */
static void swap_values(void *addr, u32 id, unsigned long rounds,
			struct tally *tally, atomic_uint *turn)
{
	long before = faults();
	unsigned long i;
	u32 value = 0;

	for (i = 0; i < rounds; i++) {
		if (turn)
			wait_for_turn(turn, id);
		compare(addr, value, tally);
		value = id << 24 | i;
		if (set_value(addr, value))
			tally->wrong++;
		if (!turn && i % 4 == 0)
			sched_yield();
		compare(addr, value, tally);
		if (turn)
			end_turn(turn);
	}
	tally->faults = faults() - before;
}

struct two {
	struct tally tally[2];
	atomic_uint turn;
};

enum how {
	RACING,		/* each as fast as it can */
	IN_TURN,	/* on processors of their own */
	ON_ONE_CPU,	/* in turn, on the same processor */
};

static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		tell("cannot stay on a processor");
}

/* Two processes, one register. */
static void two_processes(struct __test_metadata *_metadata, enum how how,
			  unsigned long rounds)
{
	struct two *two = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	u64 start = now_ns();
	int i, fd, status;
	void *addr;

	ASSERT_NE(MAP_FAILED, two);
	for (i = 0; i < 2; i++) {
		if (fork())
			continue;
		fd = edu_open();
		addr = map_page(fd);
		if (!addr)
			_exit(1);
		if (how == ON_ONE_CPU)
			stay_on_one_cpu();
		swap_values(addr, i, rounds, &two->tally[i],
			    how == RACING ? NULL : &two->turn);
		_exit(0);
	}
	for (i = 0; i < 2; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	TH_LOG("%lu times each, got the device %ld and %ld times, %llu ms",
	       rounds, two->tally[0].faults, two->tally[1].faults,
	       (unsigned long long)(now_ns() - start) / 1000000);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(2 * rounds, two->tally[i].right);
		EXPECT_EQ(0, two->tally[i].wrong);
		/* Or there was nothing to switch. */
		EXPECT_LE(how == RACING ? 2 : rounds, two->tally[i].faults);
	}
}

TEST_F_TIMEOUT(edu, two_processes, 3600)
{
	two_processes(_metadata, RACING, rounds());
}

/* Each loses the device after every write. */
TEST_F_TIMEOUT(edu, two_processes_in_turn, 3600)
{
	two_processes(_metadata, ON_ONE_CPU, rounds());
}

TEST_F_TIMEOUT(edu, two_processes_on_two_cpus, 3600)
{
	two_processes(_metadata, IN_TURN, rounds() / 10);
}

/* Threads of one process, each with a mapping. */
struct thread {
	pthread_t thread;
	void *addr;
	u32 id;
	unsigned long rounds;
	struct tally tally;
};

static void *swap_in_thread(void *arg)
{
	struct thread *thread = arg;

	swap_values(thread->addr, thread->id, thread->rounds, &thread->tally,
		    NULL);
	return NULL;
}

TEST_F_TIMEOUT(edu, threads, 3600)
{
	struct thread threads[3] = {};
	int i;

	for (i = 0; i < 3; i++) {
		threads[i].addr = map_page(self->fd);
		ASSERT_NE(NULL, threads[i].addr);
		threads[i].id = i + 1;
		threads[i].rounds = 1000;
		ASSERT_EQ(0, pthread_create(&threads[i].thread, NULL,
					    swap_in_thread, &threads[i]));
	}
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, pthread_join(threads[i].thread, NULL));
		EXPECT_EQ(2000, threads[i].tally.right);
		EXPECT_EQ(0, threads[i].tally.wrong);
	}
}

/* A child starts with what its parent has, in the device or saved. */
TEST_F(edu, fork)
{
	void *addr = map_page(self->fd), *other = map_page(self->fd);
	struct peer child;
	u32 value = 0;
	int i;

	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, other);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, set_value(addr, 0x100 + i));
		if (i)
			EXPECT_EQ(0, set_value(other, 0x200));
		ASSERT_EQ(0, peer_start(&child));
		EXPECT_EQ(0, peer_read(&child, (long)addr + LIVENESS, &value));
		EXPECT_EQ(~(0x100U + i), value);
		EXPECT_EQ(0, peer_write(&child, (long)addr + LIVENESS, 0x300));
		EXPECT_EQ(0x100 + i, value_at(addr));
		EXPECT_EQ(0, peer_read(&child, (long)addr + LIVENESS, &value));
		EXPECT_EQ(~0x300U, value);
		EXPECT_EQ(0, peer_stop(&child));
		EXPECT_EQ(0x100 + i, value_at(addr));
		EXPECT_EQ(i ? 0x200 : 0, value_at(other));
	}
}

/* A debugger sees the process' own value, wherever that is. */
TEST_F(edu, debugger)
{
	void *addr = map_page(self->fd), *other = map_page(self->fd);
	int mem = mem_open(getpid());
	u32 value = 0;

	ASSERT_LE(0, mem);
	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(0, set_value(addr, 0x11));
	EXPECT_EQ(0, set_value(other, 0x22));
	EXPECT_EQ(4, mem_read(mem, addr + LIVENESS, &value, 4));
	EXPECT_EQ(~0x11U, value);
	value = 0x33;
	EXPECT_EQ(4, mem_write(mem, other + LIVENESS, &value, 4));
	EXPECT_EQ(0x11, value_at(addr));
	EXPECT_EQ(0x33, value_at(other));
}

/* The BAR as a whole: the page with contexts, and the rest without. */
TEST_F(edu, whole_bar)
{
	char *addr = dev_mmap(self->fd, 0, EDU_SIZE);
	void *other = map_page(self->fd);

	ASSERT_NE(NULL, addr);
	ASSERT_NE(NULL, other);
	EXPECT_EQ(0, set_value(addr, 0x44));
	EXPECT_EQ(0, set_value(other, 0x55));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(0, touch_read(addr + EDU_SIZE - 4, NULL));
	EXPECT_EQ(0x44, value_at(addr));
	/* Holes, in the page with the register and beside it. */
	ASSERT_EQ(0, munmap(addr + 5 * P, P));
	EXPECT_EQ(0x44, value_at(addr));
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_EQ(0, touch_read(addr + P, NULL));
	EXPECT_EQ(SIGSEGV, touch_read(addr + 5 * P, NULL));
	EXPECT_EQ(0x55, value_at(other));
	ASSERT_EQ(0, munmap(addr + P, EDU_SIZE - P));
}

TEST_F(edu, what_cannot_be_mapped)
{
	static const struct {
		u64 off;
		size_t len;
		int prot;
		int flags;
		int err;
		const char *message;
	} rows[] = {
		{ 0, EDU_SIZE + P, RW, MAP_SHARED, ENXIO, "beyond the end" },
		{ EDU_SIZE, P, RW, MAP_SHARED, ENXIO, "beyond the end" },
		{ EDU_SIZE - P, 2 * P, RW, MAP_SHARED, ENXIO,
		  "beyond the end" },
		{ 1ULL << 40, P, RW, MAP_SHARED, ENXIO, "beyond the end" },
		{ 0x7ffffffffffff000, P, RW, MAP_SHARED, ENXIO, NULL },
		{ 0, P, RW | PROT_EXEC, MAP_SHARED, ENXIO, NULL },
		/* No context without an access callback. */
		{ P, P, RW, MAP_PRIVATE, EINVAL, NULL },
		{ 8, P, RW, MAP_SHARED, EINVAL, NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(-rows[i].err,
			  dev_map(self->fd, rows[i].off, rows[i].len,
				  rows[i].prot, rows[i].flags)) {
			TH_LOG("row %zu", i);
		}
		if (rows[i].message)
			EXPECT_TRUE(klog_has(self->klog, rows[i].message)) {
				TH_LOG("row %zu", i);
			}
	}
	/* All the same, what can be mapped can be mapped. */
	EXPECT_LT(0, dev_map(self->fd, EDU_SIZE - P, P, RW, MAP_SHARED));
}

static int go_away(const struct pci *pci, bool hot)
{
	return hot ? pci_remove(pci) : pci_unbind(pci);
}

static int come_back(const struct pci *pci, bool hot)
{
	int err = hot ? pci_come_back(pci) : pci_bind(pci);

	if (!err && !pci_bound(pci))
		err = -ENODEV;
	return err;
}

/*
 * The driver loses the device, or the machine does, while it is open and mapped,
 * here and in a child.
 */
static void lose_device(struct __test_metadata *_metadata,
			struct _test_data_edu *self, bool hot)
{
	void *addr = map_page(self->fd), *whole, *anew;
	struct peer child;
	int fd;

	ASSERT_NE(NULL, addr);
	whole = dev_mmap(self->fd, 0, EDU_SIZE);
	ASSERT_NE(NULL, whole);
	EXPECT_EQ(0, set_value(addr, 0x66));
	EXPECT_EQ(0, touch_read(whole + P, NULL));
	ASSERT_EQ(0, peer_start(&child));
	EXPECT_EQ(0, peer_write(&child, (long)addr + LIVENESS, 1));

	ASSERT_EQ(0, go_away(&self->pci, hot));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(SIGBUS, touch_write(addr + LIVENESS, 1));
	EXPECT_EQ(SIGBUS, touch_read(whole + P, NULL));
	EXPECT_EQ(SIGBUS, touch_read(whole + 2 * P, NULL));
	EXPECT_EQ(SIGBUS, peer_read(&child, (long)addr, NULL));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));
	fd = edu_open();
	EXPECT_TRUE(fd == -ENXIO || fd == -ENOENT || fd == -ENODEV) {
		TH_LOG("open: %d", fd);
	}

	/* It comes back, and is none of the old mappings' business. */
	ASSERT_EQ(0, come_back(&self->pci, hot));
	fd = edu_open();
	ASSERT_LE(0, fd);
	anew = map_page(fd);
	ASSERT_NE(NULL, anew);
	EXPECT_EQ(0, value_at(anew));
	EXPECT_EQ(0, set_value(anew, 0x88));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, 0, P, RW, MAP_SHARED));

	EXPECT_EQ(0, munmap(whole + P, P));
	EXPECT_EQ(0, munmap(addr, P));
	EXPECT_EQ(0, close(self->fd));
	self->fd = fd;
	EXPECT_EQ(0, peer_stop(&child));
	EXPECT_EQ(0x88, value_at(anew));
}

TEST_F(edu, unbind)
{
	lose_device(_metadata, self, false);
}

TEST_F(edu, remove)
{
	lose_device(_metadata, self, true);
}

struct racer {
	pthread_t thread;
	int *stop;
	u32 id;
	unsigned long wrong;
	unsigned long maps;
};

/* Whatever it can have of the device must be its own. */
static void *race(void *arg)
{
	struct racer *racer = arg;
	u32 value, got;
	int fd, i;
	long addr;

	while (!__atomic_load_n(racer->stop, __ATOMIC_SEQ_CST)) {
		fd = edu_open();
		if (fd < 0)
			continue;
		addr = dev_map(fd, 0, 2 * P, RW, MAP_SHARED);
		close(fd);
		if (addr < 0)
			continue;
		racer->maps++;
		for (i = 0; i < 20; i++) {
			value = racer->id << 24 | i;
			if (touch_write((void *)addr + LIVENESS, value))
				break;
			sched_yield();
			if (touch_read((void *)addr + LIVENESS, &got))
				break;
			racer->wrong += got != ~value;
		}
		munmap((void *)addr, 2 * P);
	}
	return NULL;
}

TEST_F_TIMEOUT(edu, comes_and_goes, 600)
{
	int i, round, rounds = effort(30), stop = 0;
	struct racer racers[3] = {};

	for (i = 0; i < 3; i++) {
		racers[i].stop = &stop;
		racers[i].id = i + 1;
		ASSERT_EQ(0, pthread_create(&racers[i].thread, NULL, race,
					    &racers[i]));
	}
	for (round = 0; round < rounds; round++) {
		bool hot = round % 4 == 3;

		sleep_ms(20);
		EXPECT_EQ(0, go_away(&self->pci, hot));
		sleep_ms(2);
		EXPECT_EQ(0, come_back(&self->pci, hot));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, pthread_join(racers[i].thread, NULL));
		EXPECT_EQ(0, racers[i].wrong);
		EXPECT_LT(rounds / 3, racers[i].maps);
	}
}

/* Somebody else has the BAR: the driver does not take the device. */
TEST_F(edu, bar_in_use)
{
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, pci_unbind(&self->pci));
	ASSERT_EQ(0, pci_make_busy(&self->pci, 0));
	EXPECT_GT(0, pci_bind(&self->pci));
	EXPECT_FALSE(pci_bound(&self->pci));
	EXPECT_TRUE(klog_has(self->klog, "edu in use /proc/iomem"));
	EXPECT_GT(0, edu_open());
	ASSERT_EQ(0, pci_make_free());
	ASSERT_EQ(0, pci_bind(&self->pci));
	self->fd = edu_open();
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, value_at(map_page(self->fd)));
}

/* It can be had, and it works. */
static int works(void)
{
	int fd = edu_open(), bad = fd;
	void *addr;

	if (fd >= 0) {
		addr = map_page(fd);
		bad = !addr || set_value(addr, 0x99) || value_at(addr) != 0x99;
		if (addr)
			munmap(addr, P);
		close(fd);
	}
	return bad;
}

/*
 * What an attach that finds no memory ends with: ENXIO and ENODEV are attach(9E)'s
 * and probe(9E)'s, EBUSY and EINVAL Linux' when it reserves and maps BARs, EFAULT is
 * the file's.
 */
static bool is_no_memory(int err)
{
	return err == -ENOMEM || err == -ENXIO || err == -ENODEV ||
	       err == -EBUSY || err == -EINVAL || err == -EFAULT;
}

/*
 * Every allocation of attach fails, one after the other: there is a device that
 * works, or none and nothing is left; or, when attach(9E) had all that it wanted,
 * one without a node, and the log says so. The device's interrupt is found before,
 * as ACPI uses memory that it has freed when there is none for that.
 */
TEST_F_TIMEOUT(edu, attach_without_memory, 600)
{
	int n, err, refused = 0, without_node = 0;
	struct objects base;
	bool hit;

	if (access(FAIL_NTH, F_OK))
		SKIP(return, NO_FAILURES);
	ASSERT_EQ(0, allow_failures());
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, pci_unbind(&self->pci));
	ASSERT_EQ(0, pci_enable(&self->pci, true));
	ASSERT_EQ(0, objects_read(&base));
	FOR_EACH_ALLOCATION(n, hit) {
		ASSERT_EQ(0, fail_nth(n));
		err = pci_bind(&self->pci);
		hit = failed();
		EXPECT_EQ(!err, pci_bound(&self->pci)) {
			TH_LOG("allocation %d: %d", n, err);
		}
		if (err) {
			refused++;
			EXPECT_TRUE(hit && is_no_memory(err)) {
				TH_LOG("allocation %d: %d", n, err);
			}
		} else {
			if (works()) {
				without_node++;
				EXPECT_EQ(-ENOENT, edu_open());
				EXPECT_TRUE(hit && klog_has(self->klog,
							    "no node")) {
					TH_LOG("allocation %d", n);
				}
			}
			ASSERT_EQ(0, pci_unbind(&self->pci));
		}
		ASSERT_EQ(0, objects_settle(&base)) {
			TH_LOG("allocation %d: %d", n, err);
		}
	}
	TH_LOG("%d allocations, %d refused, %d without a node", n - 2, refused,
	       without_node);
	EXPECT_FALSE(hit);
	EXPECT_LT(10, refused);
	ASSERT_EQ(0, pci_enable(&self->pci, false));
	ASSERT_EQ(0, pci_bind(&self->pci));
	EXPECT_EQ(0, works());
	self->fd = edu_open();
	ASSERT_LE(0, self->fd);
}

TEST_HARNESS_MAIN
