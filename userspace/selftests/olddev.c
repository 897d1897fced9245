// SPDX-License-Identifier: GPL-2.0
/* The device of the older interface: see olddev.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "olddev.h"

/* How long to wait for what has to happen soon; machines may be slow. */
#define PATIENCE_MS	20000

static const char * const op_names[OLD_OPS] = {
	[OLD_OP_SEGMAP] = "segmap",
	[OLD_OP_MMAP] = "mmap",
	[OLD_OP_DEVMAP] = "devmap",
	[OLD_OP_MAP] = "map",
	[OLD_OP_UNMAP] = "unmap",
	[OLD_OP_ACCESS] = "access",
	[OLD_OP_DUP] = "dup",
	[OLD_OP_FREE] = "free",
	[OLD_OP_INTERCEPT] = "intercept",
	[OLD_OP_NOINTERCEPT] = "nointercept",
};

int old_open(int nr, int flags)
{
	char name[40];
	int fd;

	snprintf(name, sizeof(name), "/dev/devmap_old%d", nr);
	fd = open(name, flags | O_CLOEXEC);
	if (fd < 0)
		tell("cannot open %s: %s", name, strerror(errno));
	return fd;
}

static int forget(int nr)
{
	int fd = old_open(nr, O_RDWR);
	int err;

	if (fd < 0)
		return -1;
	err = ioctl(fd, OLD_RESET);
	if (err)
		tell("cannot reset old device %d: %s", nr, strerror(errno));
	close(fd);
	return err;
}

/* Call it before the test opens a device. */
int old_begin(struct objects *base)
{
	int i;

	for (i = 0; i < DEVICES; i++) {
		if (forget(i))
			return -1;
	}
	return test_begin(base);
}

int old_info(int fd, struct old_info *info)
{
	return ioctl(fd, OLD_INFO, info);
}

static bool is_idle(int fd, struct old_info *info)
{
	return !old_info(fd, info) && info->files == 1 && !info->privs;
}

/* Whatever the test had is gone with its processes, soon. */
static int device_end(int nr)
{
	int fd = old_open(nr, O_RDWR);
	struct old_info info = {};
	int ms, bad = 0;

	if (fd < 0)
		return -1;
	for (ms = 0; !is_idle(fd, &info) && ms < PATIENCE_MS; ms += 10)
		sleep_ms(10);
	if (!is_idle(fd, &info)) {
		tell("old device %d: %u private data, %u files left", nr,
		     info.privs, info.files - 1);
		bad = -1;
	}
	if (info.bad) {
		tell("old device %d: %u calls made no sense", nr, info.bad);
		bad = -1;
	}
	close(fd);
	return bad;
}

/* Call it when the test's processes have ended. */
int old_end(const struct objects *base)
{
	int i, bad = 0;

	for (i = 0; i < DEVICES; i++)
		bad |= device_end(i);
	for (i = 0; i < DEVICES; i++)
		bad |= forget(i);
	return test_end(base) | bad;
}

/*
 * A device of @nr_pages whose mmap(9E) names them in order, and that lets one
 * page go at a time; callbacks are recorded and nothing else.
 */
struct old_script old_script(enum old_segmap segmap, unsigned int nr_pages)
{
	struct old_script script = {
		.segmap = segmap,
		.log_mask = OLD_LOG_EVENTS,
		.load_len = P,
		.nr_pages = nr_pages,
	};
	unsigned int i;

	for (i = 0; i < nr_pages; i++)
		script.page[i] = i;
	return script;
}

int old_set(int fd, const struct old_script *script)
{
	return ioctl(fd, OLD_SCRIPT, script);
}

int old_poke(int fd, unsigned int page, uint32_t value)
{
	struct old_io io = { .page = page, .value = value, .write = 1 };

	return ioctl(fd, OLD_IO, &io);
}

uint32_t old_peek(int fd, unsigned int page)
{
	struct old_io io = { .page = page };

	if (ioctl(fd, OLD_IO, &io))
		tell("cannot read page %u: %s", page, strerror(errno));
	return io.value;
}

static int range_call(int fd, unsigned long cmd, uint32_t handle, int64_t off,
		      int64_t len)
{
	struct old_range range = { .handle = handle, .off = off, .len = len };

	return ioctl(fd, cmd, &range) ? -errno : range.ret;
}

/* What the function returned, or -errno of the ioctl. */

int old_intercept(int fd, uint32_t handle, int64_t off, int64_t len)
{
	return range_call(fd, OLD_INTERCEPT, handle, off, len);
}

int old_nointercept(int fd, uint32_t handle, int64_t off, int64_t len)
{
	return range_call(fd, OLD_NOINTERCEPT, handle, off, len);
}

int old_acc_attr(int fd, uint32_t handle, int64_t off, int64_t len)
{
	return range_call(fd, OLD_ACC_ATTR, handle, off, len);
}

int old_fail(int fd, enum old_op op, uint32_t nth, int ret)
{
	struct old_fail fail = { .op = op, .nth = nth, .ret = ret };

	return ioctl(fd, OLD_FAIL, &fail);
}

/* Waits until there have been @nr calls since the last reset. */
int old_wait_calls(int fd, enum old_op op, uint64_t nr)
{
	struct old_info info;
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (old_info(fd, &info))
			return -1;
		if (info.calls[op] >= nr)
			return 0;
		sleep_ms(1);
	}
	tell("%s was called %llu times, not %llu", op_names[op],
	     (unsigned long long)info.calls[op], (unsigned long long)nr);
	return -1;
}

/* A failed mmap(2) must not leave anything of the layer's. */
int old_nothing_left(void)
{
	struct objects now;

	if (objects_read(&now))
		return -1;
	if (now.windows || now.segments || now.handles) {
		tell("%ld windows, %ld segments, %ld handles left",
		     now.windows, now.segments, now.handles);
		return -1;
	}
	return 0;
}

/* Returns how many there are, or -1. */
static ssize_t old_read(int fd, struct old_record *records)
{
	struct old_log log = { .buf = (uintptr_t)records, .nr = OLD_LOG };

	if (ioctl(fd, OLD_READ_LOG, &log)) {
		tell("cannot read the record: %s", strerror(errno));
		return -1;
	}
	if (log.lost) {
		tell("%u records lost", log.lost);
		return -1;
	}
	return log.nr;
}

int old_clear(int fd)
{
	struct old_record *records = calloc(OLD_LOG, sizeof(*records));
	ssize_t nr;

	if (!records)
		return -1;
	nr = old_read(fd, records);
	free(records);
	return nr < 0 ? -1 : 0;
}

static void show(const char *what, const struct old_record *r)
{
	tell("%s %-11s h=%u p=%u off=0x%llx len=0x%llx new=%u/%u ret=%d pid=%d",
	     what, r->op < OLD_OPS ? op_names[r->op] : "?", r->handle, r->priv,
	     (unsigned long long)r->off, (unsigned long long)r->len,
	     r->new_handle, r->new_priv, r->ret, r->pid);
	tell("     addr=0x%llx prot=0x%x max=0x%x flags=0x%x model=0x%x/0x%x dev=0x%x",
	     (unsigned long long)r->addr, r->prot, r->maxprot, r->flags,
	     r->model, r->convert, r->dev);
}

static bool same(const struct old_record *want, const struct old_record *got)
{
	struct old_record a = *want, b = *got;

	/* Not known beforehand. */
	a.seq = 0;
	b.seq = 0;
	if (a.ret == SOME_ERROR && b.ret && b.ret != OLD_RUNNING)
		b.ret = SOME_ERROR;
	return !memcmp(&a, &b, sizeof(a));
}

/* What a test leaves out: its own process and device, and private data. */
static struct old_record completed(const struct old_record *want, int fd)
{
	struct old_record r = *want;

	if (!r.pid)
		r.pid = getpid();
	if (r.op == OLD_OP_ACCESS || r.op == OLD_OP_DUP || r.op == OLD_OP_FREE)
		r.priv = r.handle;
	r.new_priv = r.new_handle;
	if (!r.dev && (r.op == OLD_OP_SEGMAP || r.op == OLD_OP_MMAP ||
		       r.op == OLD_OP_DEVMAP || r.op == OLD_OP_MAP))
		r.dev = dev_number(fd);
	return r;
}

/* Compares and clears the record. Returns 0 if it is exactly @want. */
int old_check(int fd, const char *where, int line,
	      const struct old_record *want, size_t nr)
{
	struct old_record *got = calloc(OLD_LOG, sizeof(*got));
	struct old_record r;
	ssize_t n, i;
	int bad;

	if (!got)
		return -1;
	n = old_read(fd, got);
	if (n < 0) {
		free(got);
		return -1;
	}

	bad = (size_t)n != nr;
	for (i = 0; i < n && (size_t)i < nr; i++) {
		r = completed(&want[i], fd);
		bad |= !same(&r, &got[i]);
	}
	if (bad) {
		tell("%s:%d: the record is not what it has to be", where, line);
		for (i = 0; (size_t)i < nr; i++) {
			r = completed(&want[i], fd);
			show("want", &r);
		}
		for (i = 0; i < n; i++)
			show("got ", &got[i]);
	}
	free(got);
	return bad;
}
