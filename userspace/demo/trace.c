// SPDX-License-Identifier: GPL-2.0
/* A trace instance of our own, and the text that comes out of it. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demo.h"

#define INSTANCE	"/sys/kernel/tracing/instances/demo"

static void put(const char *file, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), INSTANCE "/%s", file);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

void trace_start(void)
{
	if (mkdir(INSTANCE, 0700) && errno != EEXIST)
		die(INSTANCE);
	put("tracing_on", "0");
	put("trace", "\n");
	put("buffer_size_kb", "4096");
	put("options/overwrite", "0");
	/* One order for the events of all processors */
	put("trace_clock", "mono");
	put("events/devmap/enable", "1");
	put("events/devmap_ctxdev/enable", "1");
	put("events/exceptions/page_fault_user/enable", "1");
	put("tracing_on", "1");
}

static char *read_all(const char *path)
{
	size_t size = 1 << 20, used = 0;
	char *text = malloc(size);
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0 || !text)
		die(path);
	while ((n = read(fd, text + used, size - used - 1)) > 0) {
		used += n;
		if (used == size - 1) {
			size *= 2;
			text = realloc(text, size);
			if (!text)
				die("realloc");
		}
	}
	if (n < 0)
		die(path);
	close(fd);
	text[used] = '\0';
	return text;
}

/*
 * Returns the events since trace_start(), one a line, to be freed. A trace with
 * events missing would prove nothing.
 */
char *trace_stop(void)
{
	unsigned long kept = 0, written = 0;
	const char *counts;
	char *text;

	put("tracing_on", "0");
	text = read_all(INSTANCE "/trace");
	if (rmdir(INSTANCE))
		die(INSTANCE);

	counts = strstr(text, "entries-in-buffer/entries-written:");
	if (!counts || sscanf(counts, "%*s %lu/%lu", &kept, &written) != 2 ||
	    !kept || kept != written) {
		fprintf(stderr, "demo: %lu of %lu events are in the trace\n",
			kept, written);
		exit(1);
	}
	return text;
}
