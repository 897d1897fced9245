// SPDX-License-Identifier: GPL-2.0
/* Allocations that fail: see fail.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "fail.h"

/* Also allocations that may sleep, and of pages; no words about it. */
int allow_failures(void)
{
#define DEBUGFS "/sys/kernel/debug/"
	return file_write(DEBUGFS "failslab/ignore-gfp-wait", "0") |
	       file_write(DEBUGFS "failslab/verbose", "0") |
	       file_write(DEBUGFS "fail_page_alloc/ignore-gfp-wait", "0") |
	       file_write(DEBUGFS "fail_page_alloc/verbose", "0");
}

/* The Nth allocation of this thread from now on fails. */
int fail_nth(int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", n);
	return file_write(FAIL_NTH, text);
}

/* True if that has happened, to this thread or to another process' first. */
bool has_failed(const char *name)
{
	int fd = open(name, O_RDONLY);
	char text[16] = "";
	bool hit;

	hit = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && !atoi(text);
	close(fd);
	return hit;
}

/* The same, and it does not happen any more. */
bool failed(void)
{
	bool hit = has_failed(FAIL_NTH);

	if (file_write(FAIL_NTH, "0"))
		tell("cannot write %s", FAIL_NTH);
	return hit;
}
