// SPDX-License-Identifier: GPL-2.0
/* devmap_set_ctx_timeout(9F): how long it is held, and what waiting costs. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

struct turn {
	u64 end;	/* when it got the context */
	u64 cpu;	/* CPU time from asking for it until then */
};

static u64 now(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts))
		die("clock_gettime");
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* The kernel's tick, in nanoseconds. */
static u64 tick_ns(void)
{
	struct timespec ts;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &ts))
		die("clock_getres");
	return ts.tv_nsec;
}

static char *map_with(unsigned long ticks)
{
	int fd = device_open(LAYER, BENCH_CONTEXT);
	char *addr = device_map(fd, LAYER, PAGE);

	if (ioctl(fd, BENCH_TIMEOUT, ticks))
		die("BENCH_TIMEOUT");
	close(fd);
	return addr;
}

static struct turn take(char *addr)
{
	struct turn turn = { .cpu = now(CLOCK_THREAD_CPUTIME_ID) };

	touch(addr);
	turn.end = now(CLOCK_MONOTONIC);
	turn.cpu = now(CLOCK_THREAD_CPUTIME_ID) - turn.cpu;
	return turn;
}

static void play(unsigned long ticks, int in, int out)
{
	char *addr = map_with(ticks), go;
	struct turn turn;

	while (read(in, &go, 1) == 1) {
		turn = take(addr);
		if (write(out, &turn, sizeof(turn)) != sizeof(turn))
			break;
	}
	_exit(0);
}

/* Two processes in turn; each asks as soon as the other has got it. */
static void hold(unsigned long ticks)
{
	double tick = tick_ns();
	struct series held, burnt;
	struct turn turn, other = {};
	int to[2], from[2], round;
	pid_t pid;
	char *addr;

	if (pipe(to) || pipe(from))
		die("pipe");
	pid = fork();
	if (!pid) {
		close(to[1]);
		play(ticks, to[0], from[1]);
	}
	if (pid < 0)
		die("fork");
	close(to[0]);
	close(from[1]);
	addr = map_with(ticks);

	series_begin(&held, "context held beyond its time", "devmap", ticks);
	held.unit = "ticks";
	series_begin(&burnt, "CPU time of a waiter", "devmap", ticks);
	burnt.unit = "microseconds";
	for (round = 0; round <= ROUNDS; round++) {
		turn = take(addr);
		if (round) {
			series_add(&held, (turn.end - other.end) / tick - ticks);
			series_add(&burnt, turn.cpu / 1e3);
		}
		if (write(to[1], "", 1) != 1 ||
		    read(from[0], &other, sizeof(other)) != sizeof(other))
			die("player");
	}
	series_end(&held);
	series_end(&burnt);
	close(to[1]);
	close(from[0]);
	waitpid(pid, NULL, 0);
	munmap(addr, PAGE);
}

void bench_timeout(void)
{
	/* At 250 Hz these are 48 and 200 ms, and a second. */
	hold(12);
	hold(50);
	hold(250);
}
