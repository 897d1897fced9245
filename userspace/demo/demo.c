// SPDX-License-Identifier: GPL-2.0
/*
 * demo: two processes count in the same register of a device that holds one
 * context, and neither sees the other. Runs in the virtual machine, as root,
 * with the modules loaded.
 *
 * Exit status: 0 if the claim held and all counts agree.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "demo.h"

#define PAGES_PARAMETER	"/sys/module/devmap_ctxdev/parameters/pages"

static unsigned int failures;

void die(const char *what)
{
	fprintf(stderr, "demo: ");
	perror(what);
	exit(1);
}

static const char *verdict(bool good)
{
	if (!good)
		failures++;
	return good ? "ok" : "WRONG";
}

static unsigned int pages_of_device(void)
{
	FILE *file = fopen(PAGES_PARAMETER, "r");
	unsigned int pages = 0;

	if (!file || fscanf(file, "%u", &pages) != 1)
		die(PAGES_PARAMETER);
	fclose(file);
	return pages;
}

static struct player *create_players(void)
{
	struct player *players = mmap(NULL, NR_PLAYERS * sizeof(*players),
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	if (players == MAP_FAILED)
		die("mmap");
	for (i = 0; i < NR_PLAYERS; i++) {
		players[i].name = 'A' + i;
		players[i].tag = 0xa + i;
	}
	return players;
}

static void introduce(const struct device *dev, const struct player *players)
{
	printf("\n"
	       "%s holds one context: %u pages of registers. Processes %c (pid %d) and %c\n"
	       "(pid %d) both map it and both count in register 0: read it, compare with what they\n"
	       "wrote last, write the next value, pause after every %d rounds. Values carry the name\n"
	       "of who wrote them: 0xA00000000000000c, here A:12, is the 12th of A. From the trace:\n"
	       "\n", dev->node, dev->pages, players[0].name, players[0].pid,
	       players[1].name, players[1].pid, ROUNDS_PER_TURN);
}

static void summarise_counts(const struct totals *sum,
			     const struct player *players,
			     unsigned long switches)
{
	unsigned long accesses = 0, calls = sum->calls + sum->refaults;
	int i;

	for (i = 0; i < NR_PLAYERS; i++)
		accesses += players[i].accesses;

	printf("  %6lu  loads and stores in the mappings\n", accesses);
	printf("  %6lu  page faults: the other %lu accesses (%lu %%) cost nothing\n",
	       sum->faults, accesses - sum->faults,
	       (accesses - sum->faults) * 100 / accesses);
	printf("  %6lu  calls of the driver, %lu faults served without one: %s\n",
	       sum->calls, sum->refaults, verdict(calls == sum->faults));
	printf("  %6lu  context switches; the device's status page counted %lu: %s\n",
	       sum->switches, switches,
	       verdict(sum->switches && sum->switches == switches));
	printf("          each took %.3f ms at least, %.3f in the middle, %.3f at most\n",
	       sum->fastest * 1e3, sum->median * 1e3, sum->slowest * 1e3);
}

static void prove(const struct totals *sum, const struct player *players)
{
	const struct player *p;

	printf("  switches: unloaded, saved, restored, loaded, in this order: %lu of %lu: %s\n",
	       sum->in_order, sum->switches,
	       verdict(sum->in_order == sum->switches));
	printf("  contexts restored with another value than was saved: %lu: %s\n",
	       sum->altered, verdict(!sum->altered));
	for (p = players; p < players + NR_PLAYERS; p++)
		printf("  %c: %lu values read back, %lu foreign, %lu lost: %s\n",
		       p->name, p->read_back, p->foreign, p->wrong,
		       verdict(p->read_back == ROUNDS && !p->foreign &&
			       !p->wrong));
}

int main(int argc, char **argv)
{
	struct devmap_ctxdev_status *status;
	struct player *players;
	struct totals sum = {};
	struct device dev;
	__u64 before;
	char *trace;

	if (argc != 2) {
		fprintf(stderr, "usage: demo /dev/devmap_ctx0\n");
		return 2;
	}
	dev.node = argv[1];
	dev.pages = pages_of_device();
	status = device_map(&dev, dev.pages * getpagesize(), getpagesize(),
			    PROT_READ, MAP_SHARED);
	if (status->magic != DEVMAP_CTXDEV_MAGIC ||
	    status->version != DEVMAP_CTXDEV_VERSION) {
		fprintf(stderr, "demo: %s is not the device\n", dev.node);
		return 1;
	}

	players = create_players();
	before = __atomic_load_n(&status->switches, __ATOMIC_RELAXED);
	trace_start();
	play_all(&dev, players);
	trace = trace_stop();

	introduce(&dev, players);
	timeline(trace, &dev, players, &sum);
	printf("           ... and so on; in all:\n\n");
	summarise_counts(&sum, players, status->switches - before);
	printf("\nDid one process ever see the other's value?\n\n");
	prove(&sum, players);
	printf("\n%s\n", failures ? "FAILED: see above." :
		 "No: to each of them the device was its own.");
	free(trace);
	return failures ? 1 : 0;
}
