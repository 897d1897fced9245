// SPDX-License-Identifier: GPL-2.0
/* Context switches: who pays how much for taking the device from another. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define TURNS	64	/* measured in a round */

/* A process that touches its own mapping when it is told to. */
struct player {
	pid_t pid;
	int to;
	int from;
};

/* What a benchmark of switches varies. */
struct setup {
	const char *what;
	unsigned int mode;
	size_t len;		/* bytes mapped */
	int players;
	int idle;		/* processes that have it mapped, and touched */
	int relatives;		/* children of a player that do so, by fork(2) */
	long x;
};

static void idle(char *addr, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	touch(addr);
	if (write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
	for (;;)
		pause();
}

static void wait_for(int ready, int nr)
{
	char byte;

	while (nr--) {
		if (read(ready, &byte, 1) != 1)
			die("idle process");
	}
	close(ready);
}

static void play(int fd, enum device device, const struct setup *setup, int in,
		 int out)
{
	char *addr = device_map(fd, device, setup->len), go;
	int ready[2], i;
	u64 start;

	if (pipe(ready))
		_exit(1);
	for (i = 0; i < setup->relatives; i++) {
		if (!fork())
			idle(addr, ready[1]);
	}
	wait_for(ready[0], setup->relatives);
	while (read(in, &go, 1) == 1) {
		start = stamp();
		touch(addr);
		start = stamp() - start;
		if (write(out, &start, sizeof(start)) != sizeof(start))
			break;
	}
	_exit(0);
}

static void player_start(struct player *player, enum device device,
			 const struct setup *setup)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		die("pipe");
	player->pid = fork();
	if (player->pid < 0)
		die("fork");
	if (!player->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(to[1]);
		close(from[0]);
		play(device_open(device, setup->mode), device, setup, to[0],
		     from[1]);
	}
	close(to[0]);
	close(from[1]);
	player->to = to[1];
	player->from = from[0];
}

static void player_stop(struct player *player)
{
	/* Later players have this one's pipes too, so it does not see them end. */
	kill(player->pid, SIGKILL);
	waitpid(player->pid, NULL, 0);
	close(player->to);
	close(player->from);
}

static double turn(struct player *player)
{
	u64 cost;

	if (write(player->to, "", 1) != 1 ||
	    read(player->from, &cost, sizeof(cost)) != sizeof(cost))
		die("player");
	return cost;
}

static double median_turn(struct player *players, int nr)
{
	static double cost[TURNS];
	int i, n = TURNS;

	for (i = 0; i < nr; i++)
		turn(&players[i]);
	for (i = 0; i < n; i++)
		cost[i] = turn(&players[i % nr]);
	return median(cost, n);
}

/* Processes that map and touch the devices and then do nothing. */
static pid_t *idlers_start(int nr, const enum device *devices, int nr_devices)
{
	pid_t *pids = calloc(nr, sizeof(*pids));
	int ready[2], i, d;
	char *addr;

	if (pipe(ready))
		die("pipe");
	for (i = 0; i < nr; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i])
			continue;
		for (d = 0; d < nr_devices; d++) {
			addr = device_map(device_open(devices[d], BENCH_CONTEXT),
					  devices[d], PAGE);
			touch(addr);
		}
		idle(addr, ready[1]);
	}
	close(ready[1]);
	wait_for(ready[0], nr);
	return pids;
}

static void idlers_stop(pid_t *pids, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < nr; i++)
		waitpid(pids[i], NULL, 0);
	free(pids);
}

/* All devices in turn, each with players of its own. */
static void swap(const struct setup *setup, const enum device *devices, int nr)
{
	struct player *players = calloc(nr * setup->players, sizeof(*players));
	pid_t *idlers = idlers_start(setup->idle, devices, nr);
	struct series series[DEVICES];
	int round, i, j, n = setup->players;

	for (i = 0; i < nr; i++) {
		series_begin(&series[i], setup->what, device_names[devices[i]],
			     setup->x);
		for (j = 0; j < n; j++)
			player_start(&players[i * n + j], devices[i], setup);
	}
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < nr; i++)
			series_add(&series[i],
				   median_turn(&players[i * n], n));
	}
	for (i = 0; i < nr; i++) {
		for (j = 0; j < n; j++)
			player_stop(&players[i * n + j]);
		series_end(&series[i]);
	}
	idlers_stop(idlers, setup->idle);
	free(players);
}

static u64 unload_newest(int fd)
{
	unsigned long long cycles;

	if (ioctl(fd, BENCH_UNLOAD, &cycles))
		die("BENCH_UNLOAD");
	return cycles;
}

/* devmap_unload() in the kernel: of a loaded page, of none, of one never loaded. */
static void unload(void)
{
	struct series loaded, unloaded, never;
	int fd = device_open(LAYER, BENCH_DEFAULT), round;
	char *addr;

	series_begin(&loaded, "unload", "devmap", 0);
	series_begin(&unloaded, "unload", "devmap, not loaded", 0);
	series_begin(&never, "unload", "devmap, never loaded", 0);
	for (round = 0; round < ROUNDS; round++) {
		addr = device_map(fd, LAYER, PAGE);
		series_add(&never, unload_newest(fd));
		touch(addr);
		series_add(&loaded, unload_newest(fd));
		series_add(&unloaded, unload_newest(fd));
		munmap(addr, PAGE);
	}
	series_end(&loaded);
	series_end(&unloaded);
	series_end(&never);
	close(fd);
}

void bench_switch(void)
{
	static const enum device all[] = { LAYER, P1, P2 };
	static const enum device best[] = { LAYER, P2 };
	static const int idle[] = { 0, 10, 100, 1000, 4000 };
	static const int active[] = { 2, 4, 8, 16, 32, 64 };
	static const int loaded[] = { 1, 16, 512, 16384 };
	struct setup setup = {
		.mode = BENCH_CONTEXT, .len = PAGE, .players = 2,
	};
	size_t i;

	for (i = 0; i < NELEMS(idle); i++) {
		setup.what = "switch, idle processes";
		setup.idle = idle[i];
		setup.x = idle[i];
		swap(&setup, all, NELEMS(all));
	}
	setup.idle = 0;
	for (i = 0; i < NELEMS(idle) - 1; i++) {
		setup.what = "switch, idle relatives";
		setup.relatives = idle[i];
		setup.x = idle[i];
		swap(&setup, best, NELEMS(best));
	}
	setup.relatives = 0;
	for (i = 0; i < NELEMS(active); i++) {
		setup.what = "switch, active processes";
		setup.players = active[i];
		setup.x = active[i];
		swap(&setup, all, NELEMS(all));
	}
	setup.players = 2;
	for (i = 0; i < NELEMS(loaded); i++) {
		setup.what = "switch, pages mapped";
		setup.x = loaded[i];
		setup.len = loaded[i] * PAGE;
		swap(&setup, best, NELEMS(best));
	}
	setup.mode = BENCH_WIDE;
	for (i = 0; i < NELEMS(loaded); i++) {
		setup.what = "switch, pages loaded";
		setup.x = loaded[i];
		setup.len = loaded[i] * PAGE;
		swap(&setup, best, NELEMS(best));
	}
	setup.mode = BENCH_WIDE | BENCH_LARGE;
	for (i = 2; i < NELEMS(loaded); i++) {
		setup.what = "switch, pages loaded by large entries";
		setup.x = loaded[i];
		setup.len = loaded[i] * PAGE;
		swap(&setup, best, NELEMS(best));
	}
	unload();
}
