// SPDX-License-Identifier: GPL-2.0
/* The device's record of callbacks, compared with what it has to be. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common.h"

static const char * const op_names[DMST_OPS] = {
	[DMST_OP_SEGMAP] = "segmap",
	[DMST_OP_DEVMAP] = "devmap",
	[DMST_OP_SETUP] = "setup",
	[DMST_OP_MAP] = "map",
	[DMST_OP_ACCESS] = "access",
	[DMST_OP_CTX] = "ctxmgt",
	[DMST_OP_DUP] = "dup",
	[DMST_OP_UNMAP] = "unmap",
	[DMST_OP_LOAD] = "load",
	[DMST_OP_UNLOAD] = "unload",
	[DMST_OP_CLOSE] = "close",
	[DMST_OP_REMAP] = "remap",
	[DMST_OP_LOCK] = "lock",
	[DMST_OP_UNLOCK] = "unlock",
};

/* Returns how many there are, or -1. */
ssize_t log_read(int fd, struct dmst_record *records, size_t nr)
{
	struct dmst_log log = { .buf = (uintptr_t)records, .nr = nr };

	if (ioctl(fd, DMST_READ_LOG, &log)) {
		tell("cannot read the record: %s", strerror(errno));
		return -1;
	}
	if (log.lost) {
		tell("%u records lost", log.lost);
		return -1;
	}
	return log.nr;
}

int log_clear(int fd)
{
	struct dmst_record *records = calloc(DMST_LOG, sizeof(*records));
	ssize_t nr;

	if (!records)
		return -1;
	nr = log_read(fd, records, DMST_LOG);
	free(records);
	return nr < 0 ? -1 : 0;
}

static void show(const char *what, const struct dmst_record *r)
{
	tell("%s %-6s h=%u p=%u off=0x%llx len=0x%llx ret=%d pid=%d",
	     what, r->op < DMST_OPS ? op_names[r->op] : "?", r->handle, r->pvtp,
	     (unsigned long long)r->off, (unsigned long long)r->len, r->ret,
	     r->pid);
	tell("     out=0x%llx dev=0x%x type=0x%x rw=%u flags=0x%x prot=0x%x",
	     (unsigned long long)r->out, r->dev, r->type, r->rw, r->flags,
	     r->prot);
	if (r->new1 || r->new2 || r->npv1 || r->npv2 || r->ptrs)
		tell("     new=%u/%u npv=%u/%u ptrs=%u", r->new1, r->new2,
		     r->npv1, r->npv2, r->ptrs);
}

static bool same(const struct dmst_record *want, const struct dmst_record *got)
{
	struct dmst_record a = *want, b = *got;

	/* Not known beforehand. */
	a.seq = 0;
	b.seq = 0;
	a.begin = 0;
	b.begin = 0;
	a.end = 0;
	b.end = 0;
	a.begin_ticks = 0;
	b.begin_ticks = 0;
	a.end_ticks = 0;
	b.end_ticks = 0;
	a.tid = 0;
	b.tid = 0;
	if (a.ret == SOME_ERROR && b.ret && b.ret != DMST_RUNNING)
		b.ret = SOME_ERROR;
	return !memcmp(&a, &b, sizeof(a));
}

/* What a test leaves out: its own process and device. */
static struct dmst_record completed(const struct dmst_record *want, int fd)
{
	struct dmst_record r = *want;

	if (!r.pid)
		r.pid = getpid();
	/* What is left of a handle comes with a place for its private data. */
	if (r.op == DMST_OP_UNMAP)
		r.ptrs = (r.new1 ? 1 : 0) | (r.new2 ? 2 : 0);
	if (!r.dev && (r.op == DMST_OP_SEGMAP || r.op == DMST_OP_DEVMAP ||
		       r.op == DMST_OP_MAP))
		r.dev = dev_number(fd);
	return r;
}

/* Compares and clears the record. Returns 0 if it is exactly @want. */
int log_check(int fd, const char *where, int line,
	      const struct dmst_record *want, size_t nr)
{
	struct dmst_record *got = calloc(DMST_LOG, sizeof(*got));
	ssize_t n, i;
	int bad = 0;

	if (!got)
		return -1;
	n = log_read(fd, got, DMST_LOG);
	if (n < 0) {
		free(got);
		return -1;
	}

	bad = (size_t)n != nr;
	for (i = 0; i < n && (size_t)i < nr; i++) {
		struct dmst_record r = completed(&want[i], fd);

		bad |= !same(&r, &got[i]);
	}
	if (bad) {
		tell("%s:%d: the record is not what it has to be", where, line);
		for (i = 0; (size_t)i < nr; i++) {
			struct dmst_record r = completed(&want[i], fd);

			show("want", &r);
		}
		for (i = 0; i < n; i++)
			show("got ", &got[i]);
	}
	free(got);
	return bad;
}
