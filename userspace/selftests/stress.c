// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once. "stress N ..." runs N times as long, whatever EFFORT says;
 * the other arguments are kselftest's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include "kselftest_harness.h"
#include "calls.h"
#include "common.h"

#define RW		(PROT_READ | PROT_WRITE)
#define PAGES		2	/* of registers, which hold one context */
#define LARGE		DMST_WORD_STEP	/* what one large entry maps */
#define MEMORY_SET	2	/* ivshmem's BAR 2 */
#define PROCESSES	3
#define THREADS		2
#define ROUNDS		3000	/* of a thread */
#define READS		16	/* after each write, of each page */
#define SWAPPED		5	/* devices */
#define SLOT		(2UL << 20)	/* what one page-table page maps */

/* What all processes of a test see. */
struct shared {
	atomic_ulong checks;	/* accesses that read what they had to */
	atomic_ulong foreign;	/* ... and that did not */
	atomic_ulong failed;	/* calls that did not work */
	atomic_ulong ops;	/* forks, moves, unmaps */
	atomic_int stop;
	size_t step;		/* from page to page; constant in a test */
	bool umem;		/* the registers are, and can move; constant */
};

FIXTURE(stress) {
	struct objects base;
	struct shared *shared;
	int fd;
};

FIXTURE_SETUP(stress)
{
	struct dmst_script script = {
		.nr_regions = 1, .region = { dev_region(0, PAGES * P) },
	};

	ASSERT_EQ(0, test_begin(&self->base));
	self->fd = dev_open(0, O_RDWR);
	ASSERT_LE(0, self->fd);
	script.region[0].access = DMST_ACCESS_CTXMGT;
	script.region[0].flags = DMST_F_CONTENT;
	script.region[0].setup_flags = DEVMAP_ALLOW_REMAP;
	ASSERT_EQ(0, dev_umem(self->fd, 0, PAGES * P));
	ASSERT_EQ(0, dev_umem(self->fd, 1, PAGES * P));
	ASSERT_EQ(0, dev_script(self->fd, &script));
	self->shared = mmap(NULL, P, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	self->shared->step = P;
	self->shared->umem = true;
}

FIXTURE_TEARDOWN_PARENT(stress)
{
	EXPECT_EQ(0, test_end(&self->base));
}

/* One owner of a context: a mapping, and the value it has written last. */
struct owner {
	struct shared *shared;
	char *addr;
	int fd;
	u32 id;
	u32 stamp;
	unsigned int seed;
	bool pieces;	/* mprotect(2) has split it, which stays so */
	bool childless;	/* does not fork(2) */
	unsigned long rounds;
};

/* A call did not work; the first ten are told. */
static void fail_at(struct shared *shared, int line)
{
	int err = errno;

	if (shared->failed++ < 10)
		tell("stress.c:%d: %s", line, strerror(err));
}

#define FAIL(shared)	fail_at(shared, __LINE__)

/* The figure that counts: so many times no foreign context was seen. */
static void tell_checks(struct shared *shared)
{
	tell("%lu accesses checked, %lu foreign", shared->checks,
	     shared->foreign);
}

static size_t length(const struct owner *owner)
{
	return PAGES * owner->shared->step;
}

static char *page_of(const struct owner *owner, int page)
{
	return owner->addr + page * owner->shared->step;
}

static u32 random_below(struct owner *owner, u32 n)
{
	owner->seed = owner->seed * 1103515245 + 12345;
	return (owner->seed >> 16) % n;
}

/* A mapping begins with zeroes, in whatever context the device was. */
static bool check(struct owner *owner)
{
	u32 value = ~0U;
	int page;

	for (page = 0; page < PAGES; page++) {
		if (touch_read(page_of(owner, page), &value)) {
			FAIL(owner->shared);
			return false;
		}
		if (value != owner->stamp) {
			if (owner->shared->foreign++ < 10)
				tell("0x%08x read 0x%08x on page %d",
				     owner->stamp, value, page);
			return false;
		}
		owner->shared->checks++;
	}
	return true;
}

static void stamp(struct owner *owner)
{
	int page;

	owner->stamp = owner->id << 20 | ((owner->stamp + 1) & 0xfffff);
	for (page = 0; page < PAGES; page++) {
		if (touch_write(page_of(owner, page), owner->stamp))
			FAIL(owner->shared);
	}
}

static void map_anew(struct owner *owner)
{
	if (owner->addr && munmap(owner->addr, length(owner)))
		FAIL(owner->shared);
	owner->addr = dev_mmap(owner->fd, 0, length(owner));
	owner->pieces = false;
	owner->stamp = 0;
	if (!owner->addr)
		FAIL(owner->shared);
}

/* A place where large entries fit, too. */
static void *room_for(const struct owner *owner)
{
	size_t step = owner->shared->step, more = length(owner) + step - P;
	char *room = mmap(NULL, more, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	size_t before = -(uintptr_t)room % step;

	if (room == MAP_FAILED ||
	    (before && munmap(room, before)) ||
	    (before + P < step && munmap(room + before + length(owner),
					 step - P - before)))
		FAIL(owner->shared);
	return room + before;
}

static void move(struct owner *owner)
{
	size_t len = owner->pieces ? owner->shared->step : length(owner), done;
	void *to = room_for(owner);

	for (done = 0; done < length(owner); done += len) {
		if (mremap(owner->addr + done, len, len,
			   MREMAP_MAYMOVE | MREMAP_FIXED, to + done) !=
		    to + done)
			FAIL(owner->shared);
	}
	owner->addr = to;
}

static void protect(struct owner *owner)
{
	if (mprotect(page_of(owner, 1), owner->shared->step, PROT_READ) ||
	    !check(owner) || mprotect(owner->addr, length(owner), RW))
		FAIL(owner->shared);
	owner->pieces = true;
}

static void unmap_tail_and_map_anew(struct owner *owner)
{
	u32 value;

	if (munmap(page_of(owner, 1), length(owner) - owner->shared->step) ||
	    touch_read(owner->addr, &value) ||
	    munmap(owner->addr, owner->shared->step))
		FAIL(owner->shared);
	else if (value != owner->stamp)
		owner->shared->foreign++;
	owner->addr = NULL;
	map_anew(owner);
}

/* The child has a copy of the context, and then one of its own. */
static void fork_owner(struct owner *owner)
{
	int status = -1, i;
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (i = 0; i < 5; i++) {
			check(owner);
			stamp(owner);
		}
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		FAIL(owner->shared);
}

static void disturb(struct owner *owner)
{
	switch (random_below(owner, 40)) {
	case 0 ... 2:
		if (ioctl(owner->fd, DMST_UNLOAD_ALL))
			FAIL(owner->shared);
		return;
	case 3:
		if (!owner->childless)
			fork_owner(owner);
		break;
	case 4 ... 5:
		move(owner);
		break;
	case 6:
		protect(owner);
		break;
	case 7:
		map_anew(owner);
		break;
	case 8:
		unmap_tail_and_map_anew(owner);
		break;
	case 9:
		/* The registers move: every mapping is remapped. */
		if (owner->shared->umem && ioctl(owner->fd, DMST_MOVE, 1))
			FAIL(owner->shared);
		break;
	default:
		return;
	}
	owner->shared->ops++;
}

static void *own(void *arg)
{
	struct owner *owner = arg;
	unsigned long round;
	int i;

	map_anew(owner);
	for (round = 0; round < owner->rounds && owner->addr; round++) {
		if (owner->shared->foreign || owner->shared->failed)
			break;
		check(owner);
		stamp(owner);
		for (i = 0; i < READS; i++) {
			check(owner);
			/* Let others take the context in between. */
			if (i % 4 == 0)
				sched_yield();
		}
		disturb(owner);
	}
	return NULL;
}

static void run_owners(struct shared *shared, int fd, int process,
		       bool childless, unsigned long rounds)
{
	struct owner owners[THREADS] = {};
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		owners[i].shared = shared;
		owners[i].fd = fd;
		owners[i].id = process * THREADS + i + 1;
		owners[i].seed = owners[i].id * 7919;
		owners[i].childless = childless;
		owners[i].rounds = rounds;
		if (pthread_create(&threads[i], NULL, own, &owners[i]))
			_exit(1);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

/* Whether all have come to their end. */
static bool all_own(struct shared *shared, int fd, unsigned long rounds)
{
	int i, status;
	bool ok = true;

	for (i = 0; i < PROCESSES; i++) {
		if (!fork())
			run_owners(shared, fd, i, false, rounds);
	}
	for (i = 0; i < PROCESSES; i++)
		ok &= wait(&status) > 0 && !status;
	return ok;
}

/* All own what they own, and do it so often at least. */
static void own_and_check(struct __test_metadata *_metadata,
			  struct _test_data_stress *self, unsigned long rounds,
			  unsigned long checks, unsigned long switches)
{
	struct dmst_info info;

	EXPECT_TRUE(all_own(self->shared, self->fd, rounds));
	ASSERT_EQ(0, dev_info(self->fd, &info));
	tell_checks(self->shared);
	tell("%llu switches, %lu disturbances",
	     (unsigned long long)info.calls[DMST_OP_CTX], self->shared->ops);
	EXPECT_EQ(0, self->shared->foreign);
	EXPECT_EQ(0, self->shared->failed);
	EXPECT_LE(checks, self->shared->checks);
	EXPECT_LE(switches, info.calls[DMST_OP_CTX]);
	EXPECT_EQ(0, info.bad);
	EXPECT_EQ(0, info.live);
}

/*
 * One context, and many who write their id into it and read it back, while all
 * that can happen to mappings happens (traps 1, 2, 4, 7).
 */
TEST_F_TIMEOUT(stress, id_stamps, 3600)
{
	own_and_check(_metadata, self, effort(ROUNDS), effort(520000),
		      effort(10000));
}

/* The same where one entry maps 2 MiB, if the kernel has such. */
TEST_F_TIMEOUT(stress, id_stamps_in_large_entries, 3600)
{
	struct dmst_script script = {
		.nr_regions = 1, .region = { dev_region(0, PAGES * LARGE) },
	};
	struct owner owner = { .shared = self->shared, .fd = self->fd };

	script.region[0].kind = DMST_REGS;
	script.region[0].device = DMST_PCI_IVSHMEM;
	script.region[0].rnumber = MEMORY_SET;
	script.region[0].access = DMST_ACCESS_CTXMGT;
	/* What is loaded beside what was touched comes by a silent fault. */
	script.region[0].flags = DMST_F_CONTENT | DMST_F_LOAD_REST;
	ASSERT_EQ(0, dev_script(self->fd, &script));
	self->shared->step = LARGE;
	self->shared->umem = false;
	map_anew(&owner);
	stamp(&owner);
	EXPECT_EQ(large_order(), dev_pte(self->fd, page_of(&owner, 1)).order);
	ASSERT_EQ(0, munmap(owner.addr, length(&owner)));
	own_and_check(_metadata, self, effort(ROUNDS / 5), effort(100000),
		      effort(500));
}

/* Two processes take the context from each other as fast as they can. */
TEST_F_TIMEOUT(stress, two_processes_swap, 3600)
{
	unsigned long round, rounds = effort(3000);
	int i, status;

	for (i = 0; i < 2; i++) {
		struct owner owner = {
			.shared = self->shared, .fd = self->fd, .id = i + 1,
		};

		if (fork())
			continue;
		map_anew(&owner);
		for (round = 0; round < rounds && owner.addr; round++) {
			check(&owner);
			stamp(&owner);
		}
		_exit(0);
	}
	for (i = 0; i < 2; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(0, self->shared->foreign);
	EXPECT_EQ(0, self->shared->failed);
	tell_checks(self->shared);
	EXPECT_EQ(2 * PAGES * rounds, self->shared->checks);
}

/* Two processes change places on all devices, each of which has one context. */
TEST_F_TIMEOUT(stress, swap_of_five_devices, 3600)
{
	unsigned long round, rounds = effort(600);
	struct dmst_script script = {
		.nr_regions = 1, .region = { dev_region(0, PAGES * P) },
	};
	int fd[SWAPPED], i, nr, status;

	script.region[0].access = DMST_ACCESS_CTXMGT;
	script.region[0].flags = DMST_F_CONTENT;
	fd[0] = self->fd;
	for (nr = 1; nr < SWAPPED; nr++) {
		fd[nr] = dev_open(nr, O_RDWR);
		ASSERT_LE(0, fd[nr]);
		ASSERT_EQ(0, ioctl(fd[nr], DMST_RESET));
		ASSERT_EQ(0, dev_umem(fd[nr], 0, PAGES * P));
		ASSERT_EQ(0, dev_script(fd[nr], &script));
	}
	for (i = 0; i < 2; i++) {
		struct owner owners[SWAPPED] = {};

		if (fork())
			continue;
		for (nr = 0; nr < SWAPPED; nr++) {
			owners[nr].shared = self->shared;
			owners[nr].fd = fd[nr];
			owners[nr].id = (i + 1) * 16 + nr;
			map_anew(&owners[nr]);
		}
		/* One goes through the devices upwards, the other downwards. */
		for (round = 0; round < rounds * SWAPPED; round++) {
			nr = round % SWAPPED;
			if (i)
				nr = SWAPPED - 1 - nr;
			if (!owners[nr].addr)
				break;
			check(&owners[nr]);
			stamp(&owners[nr]);
		}
		_exit(0);
	}
	for (i = 0; i < 2; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(0, self->shared->foreign);
	EXPECT_EQ(0, self->shared->failed);
	tell_checks(self->shared);
	EXPECT_EQ(2 * PAGES * SWAPPED * rounds, self->shared->checks);
	for (nr = 1; nr < SWAPPED; nr++) {
		ASSERT_EQ(0, ioctl(fd[nr], DMST_RESET));
		close(fd[nr]);
	}
}

/* A place of its own in the page tables, of which all else stays away. */
static char *lone_slots(int nr)
{
	char *area = mmap(NULL, (nr + 2) * SLOT, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		return NULL;
	munmap(area, (nr + 2) * SLOT);
	return (char *)(((uintptr_t)area + SLOT - 1) & ~(SLOT - 1)) + 16 * P;
}

static void *unload_all(void *arg)
{
	struct owner *owner = arg;

	while (!owner->shared->stop) {
		if (ioctl(owner->fd, DMST_UNLOAD_ALL))
			FAIL(owner->shared);
	}
	return NULL;
}

/* Page tables go away under a mapping that is being unloaded (trap 4). */
TEST_F_TIMEOUT(stress, unload_against_munmap, 3600)
{
	unsigned long round, rounds = effort(1500);
	struct owner owner = { .shared = self->shared, .fd = self->fd };
	pthread_t thread;
	void *addr;

	ASSERT_EQ(0, pthread_create(&thread, NULL, unload_all, &owner));
	addr = lone_slots(1);
	ASSERT_NE(NULL, addr);
	for (round = 0; round < rounds; round++) {
		if (mmap(addr, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0) !=
		    addr || touch_write(addr, round) || munmap(addr, P)) {
			FAIL(self->shared);
			break;
		}
	}
	self->shared->stop = 1;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, self->shared->failed);
}

/* A mapping moves between two of them; unload has to find it (trap 4). */
TEST_F_TIMEOUT(stress, unload_against_mremap, 3600)
{
	unsigned long round, rounds = effort(1500);
	struct owner owner = { .shared = self->shared, .fd = self->fd };
	struct dmst_info before, after;
	char *slots, *addr, *to;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, unload_all, &owner));
	slots = lone_slots(2);
	ASSERT_NE(NULL, slots);
	addr = mmap(slots, P, RW, MAP_SHARED | MAP_FIXED, self->fd, 0);
	ASSERT_EQ(slots, addr);
	for (round = 0; round < rounds; round++) {
		to = addr == slots ? slots + SLOT : slots;
		if (touch_write(addr, round) ||
		    mremap(addr, P, P, MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
		    to) {
			FAIL(self->shared);
			break;
		}
		addr = to;
		if (round % 100)
			continue;
		/* Without the other thread it has to be as exact as ever. */
		self->shared->stop = 1;
		ASSERT_EQ(0, pthread_join(thread, NULL));
		ASSERT_EQ(0, ioctl(self->fd, DMST_UNLOAD_ALL));
		ASSERT_EQ(0, dev_info(self->fd, &before));
		EXPECT_EQ(0, touch_write(addr, 0));
		ASSERT_EQ(0, dev_info(self->fd, &after));
		EXPECT_EQ(before.calls[DMST_OP_ACCESS] + 1,
			  after.calls[DMST_OP_ACCESS]);
		self->shared->stop = 0;
		ASSERT_EQ(0, pthread_create(&thread, NULL, unload_all,
					    &owner));
	}
	self->shared->stop = 1;
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, self->shared->failed);
}

/* Processes are killed wherever they happen to be. */
TEST_F_TIMEOUT(stress, kill_at_random, 3600)
{
	enum { VICTIMS = 4 };
	unsigned long round, rounds = effort(60);
	pid_t victims[VICTIMS] = {};
	int i, status;

	for (round = 0; round < rounds; round++) {
		i = round % VICTIMS;
		if (victims[i]) {
			ASSERT_EQ(0, kill(victims[i], SIGKILL));
			ASSERT_EQ(victims[i], waitpid(victims[i], &status, 0));
			EXPECT_EQ(SIGKILL, status);
		}
		victims[i] = fork();
		if (!victims[i]) {
			struct owner owner = {
				.shared = self->shared, .fd = self->fd,
				.id = i + 1, .seed = round,
				.rounds = ROUNDS,
			};

			/* What a round leaves undone is no failure here. */
			for (;;) {
				self->shared->failed = 0;
				own(&owner);
			}
		}
		sleep_ms(random() % 50);
	}
	for (i = 0; i < VICTIMS; i++) {
		kill(victims[i], SIGKILL);
		waitpid(victims[i], &status, 0);
	}
	tell_checks(self->shared);
	EXPECT_EQ(0, self->shared->foreign);
}

/* How likely the OOM killer is to pick a process. */
static bool set_oom_score(pid_t pid, const char *score)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	return !file_write(path, score);
}

/*
 * The one whom the OOM killer picks: it has a context in the device and threads
 * that fault and unmap while its memory is reaped.
 */
static void be_killed_for_memory(struct shared *shared, int fd)
{
	if (!set_oom_score(getpid(), "1000"))
		_exit(1);
	/* Nor has it children, whom the killer might pick instead. */
	run_owners(shared, fd, PROCESSES, true, ULONG_MAX);
}

static bool oom_kill(pid_t victim, int *status)
{
	int ms;

	/* The killer works in the background and may find others at it. */
	for (ms = 0; ms < 20000; ms += 100) {
		if (file_write("/proc/sysrq-trigger", "f"))
			break;
		sleep_ms(100);
		if (waitpid(victim, status, WNOHANG) == victim)
			return true;
	}
	kill(victim, SIGKILL);
	waitpid(victim, status, 0);
	return false;
}

TEST_F_TIMEOUT(stress, killed_for_memory, 3600)
{
	unsigned long round, rounds = effort(5);
	struct owner owner = {
		.shared = self->shared, .fd = self->fd, .id = 1,
	};
	pid_t victim;
	int status;

	map_anew(&owner);
	for (round = 0; round < rounds; round++) {
		victim = fork();
		if (!victim)
			be_killed_for_memory(self->shared, self->fd);
		ASSERT_LT(0, victim);
		sleep_ms(50 + 100 * round);
		EXPECT_TRUE(oom_kill(victim, &status));
		EXPECT_EQ(SIGKILL, status);
		/* What a dying process leaves undone is no failure. */
		self->shared->failed = 0;
		EXPECT_TRUE(check(&owner));
		stamp(&owner);
	}
	tell_checks(self->shared);
	EXPECT_EQ(0, self->shared->foreign);
	EXPECT_EQ(0, self->shared->failed);
}

#define CROWD_PAGES	128
#define CROWD		4

struct crowd {
	char *addr;
	int nr;
	atomic_ulong *failed;
	pthread_barrier_t *start; /* a new thread's stack may take a free page */
};

/* Unmaps every CROWD-th page. */
static void *unmap_pages(void *arg)
{
	struct crowd *crowd = arg;
	int page;

	pthread_barrier_wait(crowd->start);
	for (page = crowd->nr; page < CROWD_PAGES; page += CROWD) {
		if (munmap(crowd->addr + page * P, P))
			++*crowd->failed;
	}
	return NULL;
}

/* Touches what is left. */
static void *touch_pages(void *arg)
{
	struct crowd *crowd = arg;
	bool gone[CROWD_PAGES] = {};
	int page, sig, left = 1;

	pthread_barrier_wait(crowd->start);
	while (left) {
		left = 0;
		for (page = 0; page < CROWD_PAGES; page++) {
			if (gone[page])
				continue;
			sig = touch_read(crowd->addr + page * P, NULL);
			left += !sig;
			gone[page] = sig;
			if (sig && sig != SIGSEGV)
				++*crowd->failed;
		}
		sched_yield();
	}
	return NULL;
}

/* What is unmapped by many threads is told once for each page (trap 8). */
TEST_F_TIMEOUT(stress, munmap_by_many_threads, 3600)
{
	struct dmst_script script = {
		.log_mask = 1 << DMST_OP_UNMAP,
		.nr_regions = 1,
		.region = { dev_region(0, CROWD_PAGES * P) },
	};
	static struct dmst_record records[DMST_LOG];
	static char seen[CROWD_PAGES];
	unsigned long round, rounds = effort(10);
	pthread_t threads[CROWD + 2];
	struct crowd crowd[CROWD + 2];
	pthread_barrier_t start;
	ssize_t i, n;
	u64 page;
	char *addr;

	ASSERT_EQ(0, pthread_barrier_init(&start, NULL, CROWD + 2));
	ASSERT_EQ(0, dev_umem(self->fd, 2, CROWD_PAGES * P));
	script.region[0].umem = 2;
	ASSERT_EQ(0, dev_script(self->fd, &script));
	for (round = 0; round < rounds; round++) {
		addr = dev_mmap(self->fd, 0, CROWD_PAGES * P);
		ASSERT_NE(NULL, addr);
		for (i = 0; i < CROWD + 2; i++) {
			crowd[i] = (struct crowd){
				.addr = addr, .nr = i,
				.failed = &self->shared->failed,
				.start = &start,
			};
			ASSERT_EQ(0, pthread_create(&threads[i], NULL,
						    i < CROWD ? unmap_pages :
								touch_pages,
						    &crowd[i]));
		}
		for (i = 0; i < CROWD + 2; i++)
			ASSERT_EQ(0, pthread_join(threads[i], NULL));

		n = log_read(self->fd, records, DMST_LOG);
		ASSERT_LT(0, n);
		memset(seen, 0, sizeof(seen));
		for (i = 0; i < n; i++) {
			u64 first = records[i].off / P;

			ASSERT_GE(CROWD_PAGES * P,
				  records[i].off + records[i].len);
			for (page = 0; page < records[i].len / P; page++)
				seen[first + page]++;
		}
		for (i = 0; i < CROWD_PAGES; i++)
			EXPECT_EQ(1, seen[i]);
	}
	EXPECT_EQ(0, self->shared->failed);
}

int main(int argc, char **argv)
{
	char percent[24];

	/* The OOM killer, asked again while a victim dies, must not take another. */
	if (!set_oom_score(getpid(), "-1000"))
		tell("the OOM killer may take anybody");
	if (argc > 1 && isdigit(argv[1][0])) {
		snprintf(percent, sizeof(percent), "%lu",
			 100 * strtoul(argv[1], NULL, 0));
		setenv("EFFORT", percent, 1);
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	return test_harness_run(argc, argv);
}
