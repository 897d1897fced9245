// SPDX-License-Identifier: GPL-2.0
/* One thing over and over, for "profile" to look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define PAGES	512UL
#define FORKED	100	/* mappings; profile divides by it */

static void first_touch(enum device device, enum bench_mode mode)
{
	int fd = device_open(device, mode);
	size_t at;
	char *addr;

	for (;;) {
		addr = device_map(fd, device, PAGES * PAGE);
		for (at = 0; at < PAGES * PAGE; at += PAGE)
			touch(addr + at);
		munmap(addr, PAGES * PAGE);
	}
}

static void repeat_touch(enum device device)
{
	first_touch(device, BENCH_PLAIN);
}

static void repeat_access(enum device device)
{
	first_touch(device, BENCH_DEFAULT);
}

/* Two processes in turn. */
static void repeat_switch(enum device device)
{
	int there[2], back[2], in, out;
	char *addr, go = 0;
	pid_t pid;

	if (pipe(there) || pipe(back))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	in = pid ? back[0] : there[0];
	out = pid ? there[1] : back[1];
	addr = device_map(device_open(device, BENCH_CONTEXT), device, PAGE);
	if (!pid && read(in, &go, 1) != 1)
		exit(1);
	do {
		touch(addr);
	} while (write(out, &go, 1) == 1 && read(in, &go, 1) == 1);
}

/* Of a page that is not loaded; the other devices cannot be asked for it. */
static void repeat_unload(enum device device)
{
	int fd = device_open(LAYER, BENCH_DEFAULT);
	unsigned long long cycles;

	touch(device_map(fd, device, PAGE));
	while (!ioctl(fd, BENCH_UNLOAD, &cycles))
		;
	die("BENCH_UNLOAD");
}

static void repeat_fork(enum device device)
{
	int fd = device_open(device, BENCH_CONTEXT), i;
	pid_t pid;

	for (i = 0; i < FORKED; i++)
		device_map(fd, device, PAGE);
	for (;;) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			die("fork");
	}
}

static const struct {
	const char *name;
	void (*run)(enum device device);
} works[] = {
	{ "touch", repeat_touch },
	{ "access", repeat_access },
	{ "switch", repeat_switch },
	{ "unload", repeat_unload },
	{ "fork", repeat_fork },
};

/**
 * bench_repeat() - do one thing until the machine is stopped
 * @name: what
 * @device: to what
 *
 * Says "repeating" before it begins.
 */
void bench_repeat(const char *name, const char *device)
{
	size_t i, d;

	for (d = 0; strcmp(device_names[d], device); d++) {
		if (d == DEVICES - 1)
			die(device);
	}
	for (i = 0; strcmp(works[i].name, name); i++) {
		if (i == NELEMS(works) - 1)
			die(name);
	}
	printf("repeating\n");
	fflush(stdout);
	works[i].run(d);
	exit(1);
}
