// SPDX-License-Identifier: GPL-2.0
/* Faults: first touches, silent refaults, many pages from one touch. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define PAGES		512UL
#define WIDE_BYTES	(64UL << 20)

static double touch_all(char *addr, size_t pages)
{
	u64 start = stamp();
	size_t page;

	for (page = 0; page < pages; page++)
		touch(addr + page * PAGE);
	return (double)(stamp() - start) / pages;
}

struct way {
	enum device device;
	enum bench_mode mode;
};

static void first_touch(const char *what, const struct way *ways, int nr)
{
	struct series series[DEVICES];
	int round, i, fd;
	char *addr;

	for (i = 0; i < nr; i++)
		series_begin(&series[i], what, device_names[ways[i].device], 0);
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < nr; i++) {
			fd = device_open(ways[i].device, ways[i].mode);
			addr = device_map(fd, ways[i].device, PAGES * PAGE);
			series_add(&series[i], touch_all(addr, PAGES));
			munmap(addr, PAGES * PAGE);
			close(fd);
		}
	}
	for (i = 0; i < nr; i++)
		series_end(&series[i]);
}

/* Pages that are valid but have lost their translations. */
static void refault(void)
{
	struct series layer, peer;
	int fd = device_open(LAYER, BENCH_DEFAULT), round;
	char *addr = device_map(fd, LAYER, PAGES * PAGE), *other;
	int peer_fd = device_open(P1, BENCH_PLAIN);

	series_begin(&layer, "refault", device_names[LAYER], 0);
	series_begin(&peer, "refault", device_names[P1], 0);
	touch_all(addr, PAGES);
	for (round = 0; round < ROUNDS; round++) {
		if (ioctl(fd, BENCH_DROP))
			die("BENCH_DROP");
		series_add(&layer, touch_all(addr, PAGES));
		other = device_map(peer_fd, P1, PAGES * PAGE);
		series_add(&peer, touch_all(other, PAGES));
		munmap(other, PAGES * PAGE);
	}
	series_end(&layer);
	series_end(&peer);
	close(fd);
	close(peer_fd);
}

static double wide_touch(unsigned int mode)
{
	int fd = device_open(LAYER, mode);
	char *addr = device_map(fd, LAYER, WIDE_BYTES);
	u64 start = stamp();

	touch(addr);
	start = stamp() - start;
	munmap(addr, WIDE_BYTES);
	close(fd);
	return start;
}

static double map_at_once(void)
{
	int fd = device_open(P3, BENCH_PLAIN);
	u64 start = stamp();
	char *addr = device_map(fd, P3, WIDE_BYTES);

	start = stamp() - start;
	munmap(addr, WIDE_BYTES);
	close(fd);
	return start;
}

static double page_by_page(void)
{
	int fd = device_open(LAYER, BENCH_CONTEXT);
	char *addr = device_map(fd, LAYER, WIDE_BYTES);
	double cost = touch_all(addr, WIDE_BYTES / PAGE) * (WIDE_BYTES / PAGE);

	munmap(addr, WIDE_BYTES);
	close(fd);
	return cost;
}

static void wide_load(void)
{
	struct series wide, once, pages, large;
	int round;

	series_begin(&wide, "load 64 MiB", device_names[LAYER], 0);
	series_begin(&once, "load 64 MiB", device_names[P3], 0);
	series_begin(&pages, "load 64 MiB", "devmap, by page", 0);
	series_begin(&large, "load 64 MiB", "devmap, large entries", 0);
	for (round = 0; round < ROUNDS; round++) {
		series_add(&wide, wide_touch(BENCH_WIDE));
		series_add(&large, wide_touch(BENCH_WIDE | BENCH_LARGE));
		series_add(&once, map_at_once());
		if (round % 3 == 0)
			series_add(&pages, page_by_page());
	}
	series_end(&wide);
	series_end(&once);
	series_end(&pages);
	series_end(&large);
}

void bench_touch(void)
{
	const struct way plain[] = {
		{ LAYER, BENCH_PLAIN }, { P1, BENCH_PLAIN }, { P4, BENCH_PLAIN },
	};
	const struct way access[] = {
		{ LAYER, BENCH_DEFAULT }, { P1, BENCH_PLAIN },
	};

	first_touch("first touch", plain, NELEMS(plain));
	first_touch("first touch, default access", access, NELEMS(access));
	refault();
	wide_load();
}
