// SPDX-License-Identifier: GPL-2.0
/* See calls.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "calls.h"

int dev_remap(int fd, uint32_t handle, const struct dmst_target *to)
{
	struct dmst_remap remap = { .handle = handle, .to = *to };

	return ioctl(fd, DMST_REMAP, &remap) ? -errno : remap.ret;
}

int dev_remap_umem(int fd, uint32_t handle, uint32_t umem, int64_t target,
		   uint64_t len)
{
	struct dmst_target to = umem_target(umem, target, len);

	return dev_remap(fd, handle, &to);
}

static int lock_call(int fd, unsigned long call, uint32_t handle, int64_t off,
		     uint64_t len, uint32_t rw)
{
	struct dmst_lock lock = {
		.handle = handle, .rw = rw, .off = off, .len = len,
	};

	return ioctl(fd, call, &lock) ? -errno : lock.ret;
}

int dev_lock(int fd, uint32_t handle, int64_t off, uint64_t len, uint32_t rw)
{
	return lock_call(fd, DMST_LOCK, handle, off, len, rw);
}

int dev_unlock(int fd, uint32_t handle, int64_t off, uint64_t len, uint32_t rw)
{
	return lock_call(fd, DMST_UNLOCK, handle, off, len, rw);
}

int dev_umem_lock_by(int fd, const struct dmst_umem_lock *how)
{
	struct dmst_umem_lock lock = *how;

	return ioctl(fd, DMST_UMEM_LOCK, &lock) ? -errno : lock.ret;
}

int dev_umem_lock(int fd, uint32_t nr, uint32_t flags, void *addr, size_t len)
{
	struct dmst_umem_lock lock = {
		.nr = nr, .flags = flags, .addr = (uintptr_t)addr, .len = len,
	};

	return dev_umem_lock_by(fd, &lock);
}

int dev_umem_flag(int fd, unsigned int nr, uint64_t size, uint32_t flag)
{
	struct dmst_umem umem = { .nr = nr, .size = size, .flag = flag };

	return ioctl(fd, DMST_ALLOC, &umem) ? -errno : 0;
}

int dev_umem_free(int fd, unsigned int nr)
{
	return ioctl(fd, DMST_FREE, (unsigned long)nr) ? -errno : 0;
}

struct dmst_target umem_target(uint32_t umem, int64_t target, uint64_t len)
{
	return (struct dmst_target){
		.kind = DMST_UMEM, .umem = umem, .target = target, .len = len,
		.maxprot = PROT_ALL,
	};
}

/* No target at all. */
struct dmst_target invalid_target(uint64_t len)
{
	struct dmst_target to = umem_target(0, 0, len);

	to.flags = DEVMAP_MAPPING_INVALID;
	return to;
}

/* Allocates umem; page i begins with @first + i. */
int number_umem(int fd, unsigned int nr, unsigned int pages, uint32_t first)
{
	unsigned int i;

	if (dev_umem(fd, nr, pages * P))
		return -1;
	for (i = 0; i < pages; i++) {
		if (dev_poke(fd, nr, i * P, first + i))
			return -1;
	}
	return 0;
}

struct dmst_pte dev_pte(int fd, const void *addr)
{
	struct dmst_pte pte = { .addr = (uintptr_t)addr };

	if (ioctl(fd, DMST_PTE, &pte))
		tell("cannot read a page table entry: %s", strerror(errno));
	return pte;
}

unsigned int large_order(void)
{
	struct utsname uts;
	int major, minor;

	/* PREEMPT_RT has none. */
	if (access("/sys/kernel/mm/transparent_hugepage", F_OK))
		return 0;
	if (uname(&uts) || sscanf(uts.release, "%d.%d", &major, &minor) != 2)
		return 0;
	return major > 6 || (major == 6 && minor >= 12) ? 9 : 0;
}

/* A line of /proc/self/status that is in kB. */
long status_kb(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[200];
	long kb = -1;

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, name, strlen(name)) &&
		    sscanf(line + strlen(name), ": %ld kB", &kb) == 1)
			break;
	}
	if (file)
		fclose(file);
	return kb;
}

int trace_begin(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL)) {
		tell("cannot trace %d: %s", pid, strerror(errno));
		return -1;
	}
	return 0;
}

int mem_open(pid_t pid)
{
	char name[40];
	int fd;

	snprintf(name, sizeof(name), "/proc/%d/mem", pid);
	fd = open(name, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		tell("cannot open %s: %s", name, strerror(errno));
	return fd;
}

ssize_t mem_read(int mem, const void *addr, void *buf, size_t len)
{
	ssize_t n = pread(mem, buf, len, (off_t)addr);

	return n < 0 ? -errno : n;
}

ssize_t mem_write(int mem, void *addr, const void *buf, size_t len)
{
	ssize_t n = pwrite(mem, buf, len, (off_t)addr);

	return n < 0 ? -errno : n;
}
