// SPDX-License-Identifier: GPL-2.0
/* The test device, as a test program sees it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common.h"

#define OBJECTS_FILE	"/sys/kernel/debug/devmap/objects"

/* How long to wait for what has to happen soon; machines may be slow. */
#define PATIENCE_MS	20000

int objects_read(struct objects *objects)
{
	FILE *file = fopen(OBJECTS_FILE, "r");
	int n;

	if (!file) {
		tell("cannot open %s: %s", OBJECTS_FILE, strerror(errno));
		return -1;
	}
	n = fscanf(file, "instances %ld windows %ld segments %ld handles %ld cookies %ld",
		   &objects->instances, &objects->windows, &objects->segments,
		   &objects->handles, &objects->cookies);
	fclose(file);
	if (n != 5)
		tell("cannot read %s", OBJECTS_FILE);
	return n == 5 ? 0 : -1;
}

int dev_open(int nr, int flags)
{
	char name[40];
	int fd;

	snprintf(name, sizeof(name), "/dev/devmap_selftest%d", nr);
	fd = open(name, flags | O_CLOEXEC);
	if (fd < 0)
		tell("cannot open %s: %s", name, strerror(errno));
	return fd;
}

/* As the kernel writes it down. */
u32 dev_number(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return 0;
	return major(st.st_rdev) << 20 | minor(st.st_rdev);
}

int dev_info(int fd, struct dmst_info *info)
{
	return ioctl(fd, DMST_INFO, info);
}

static int reset(int nr)
{
	int fd = dev_open(nr, O_RDWR);
	int err;

	if (fd < 0)
		return -1;
	err = ioctl(fd, DMST_RESET);
	if (err)
		tell("cannot clear device %d: %s", nr, strerror(errno));
	close(fd);
	return err;
}

/* Call it before the test opens a device. */
int test_begin(struct objects *base)
{
	int i;

	for (i = 0; i < DEVICES; i++) {
		if (reset(i))
			return -1;
	}
	return objects_read(base);
}

static bool is_idle(int fd, struct dmst_info *info)
{
	return !dev_info(fd, info) && info->files == 1 && !info->live &&
	       !info->sleepers;
}

/* Whatever the test had is gone with its processes, soon. */
static int device_end(int nr)
{
	int fd = dev_open(nr, O_RDWR);
	struct dmst_info info = {};
	int ms, bad = 0;

	if (fd < 0)
		return -1;
	for (ms = 0; !is_idle(fd, &info) && ms < PATIENCE_MS; ms += 10)
		sleep_ms(10);
	if (!is_idle(fd, &info)) {
		tell("device %d: %u private data, %u files, %u sleepers left",
		     nr, info.live, info.files - 1, info.sleepers);
		bad = -1;
	}
	if (info.bad) {
		tell("device %d: %u calls made no sense", nr, info.bad);
		bad = -1;
	}
	close(fd);
	return bad;
}

static void tell_objects(const char *when, const struct objects *objects)
{
	tell("%s: %ld instances, %ld windows, %ld segments, %ld handles, %ld cookies",
	     when, objects->instances, objects->windows, objects->segments,
	     objects->handles, objects->cookies);
}

/* Call it when the test's processes have ended. */
int test_end(const struct objects *base)
{
	struct objects now;
	int i, ms, bad = 0;

	for (i = 0; i < DEVICES; i++) {
		bad |= device_end(i);
		bad |= reset(i);
	}

	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (objects_read(&now))
			return -1;
		if (!memcmp(&now, base, sizeof(now)))
			return bad;
		sleep_ms(10);
	}
	tell_objects("before", base);
	tell_objects("now", &now);
	return -1;
}

int dev_script(int fd, const struct dmst_script *script)
{
	return ioctl(fd, DMST_SCRIPT, script);
}

/* A script with the usual segmap and record. */
int dev_regions(int fd, const struct dmst_region *regions, size_t nr)
{
	struct dmst_script script = {
		.log_mask = DMST_LOG_DEFAULT,
		.nr_regions = nr,
	};

	memcpy(script.region, regions, nr * sizeof(*regions));
	return dev_script(fd, &script);
}

/* Umem 0 from its beginning, with all callbacks. */
struct dmst_region dev_region(u64 off, u64 len)
{
	return (struct dmst_region){
		.off = off,
		.len = len,
		.callbacks = DMST_CB_ALL,
		.maxprot = PROT_ALL,
	};
}

/*
 * 16 pages of umem at user offset 0, in handles of @chunk bytes (0: as long as
 * possible).
 */
int dev_plain(int fd, enum dmst_access access, u64 chunk)
{
	struct dmst_region region = dev_region(0, 16 * P);

	region.access = access;
	region.chunk = chunk;
	if (dev_umem(fd, 0, 16 * P))
		return -1;
	return dev_regions(fd, &region, 1);
}

int dev_umem(int fd, unsigned int nr, u64 size)
{
	struct dmst_umem umem = { .nr = nr, .size = size };

	return ioctl(fd, DMST_ALLOC, &umem);
}

int dev_poke(int fd, unsigned int nr, u64 off, u32 value)
{
	struct dmst_umem_io io = {
		.nr = nr, .write = 1, .off = off, .len = sizeof(value),
		.buf = (uintptr_t)&value,
	};

	return ioctl(fd, DMST_IO, &io);
}

u32 dev_peek(int fd, unsigned int nr, u64 off)
{
	u32 value = 0;
	struct dmst_umem_io io = {
		.nr = nr, .off = off, .len = sizeof(value),
		.buf = (uintptr_t)&value,
	};

	if (ioctl(fd, DMST_IO, &io))
		tell("cannot read umem %u: %s", nr, strerror(errno));
	return value;
}

/* What devmap_unload() returned, or -errno of the ioctl. */
int dev_unload(int fd, u32 handle, int64_t off, u64 len)
{
	struct dmst_range range = { .handle = handle, .off = off, .len = len };

	return ioctl(fd, DMST_UNLOAD, &range) ? -errno : range.ret;
}

int dev_load(int fd, u32 handle, int64_t off, u64 len)
{
	struct dmst_range range = { .handle = handle, .off = off, .len = len };

	return ioctl(fd, DMST_LOAD, &range) ? -errno : range.ret;
}

int dev_fail(int fd, enum dmst_op op, u32 nth, int ret)
{
	struct dmst_fail fail = { .op = op, .nth = nth, .ret = ret };

	return ioctl(fd, DMST_FAIL, &fail);
}

int dev_timeout(int fd, u32 handle, int64_t ticks)
{
	struct dmst_timeout timeout = { .handle = handle, .ticks = ticks };

	return ioctl(fd, DMST_TIMEOUT, &timeout);
}

/* Waits until an entry point has been called @nr times since the last reset. */
int dev_wait_calls(int fd, enum dmst_op op, u64 nr)
{
	struct dmst_info info;
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (dev_info(fd, &info))
			return -1;
		if (info.calls[op] >= nr)
			return 0;
		sleep_ms(1);
	}
	tell("entry point %d was called %llu times, not %llu", op,
	     (unsigned long long)info.calls[op], (unsigned long long)nr);
	return -1;
}

int dev_wait_sleepers(int fd, u32 nr)
{
	struct dmst_info info;
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (dev_info(fd, &info))
			return -1;
		if (info.sleepers == nr)
			return 0;
		sleep_ms(1);
	}
	tell("%u sleepers, not %u", info.sleepers, nr);
	return -1;
}

/* The address, or -errno. The system call takes any 64 bits as offset. */
long dev_map(int fd, u64 off, size_t len, int prot, int flags)
{
	long addr = syscall(SYS_mmap, NULL, len, prot, flags, fd, off);

	return addr == -1 ? -errno : addr;
}

/* The address of a shared mapping for reading and writing, or NULL. */
void *dev_mmap(int fd, u64 off, size_t len)
{
	long addr = dev_map(fd, off, len, PROT_READ | PROT_WRITE, MAP_SHARED);

	if (addr < 0) {
		tell("mmap of 0x%zx bytes at 0x%llx: %s", len,
		     (unsigned long long)off, strerror(-addr));
		return NULL;
	}
	return (void *)addr;
}
