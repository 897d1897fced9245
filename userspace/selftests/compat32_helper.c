// SPDX-License-Identifier: GPL-2.0
/*
 * A 32-bit process that does what compat32 tells it on stdin, a line at a time,
 * and answers each line with two numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"

/* mmap2(2) counts offsets in pages: 32 bits of them. */
static long do_map(const char *name, uint64_t off, unsigned long len)
{
	int fd = open(name, O_RDWR | O_CLOEXEC);
	long addr;

	if (fd < 0)
		return -errno;
	addr = syscall(SYS_mmap2, NULL, len, PROT_READ | PROT_WRITE,
		       MAP_SHARED, fd, (unsigned long)(off / P));
	if (addr == -1)
		addr = -errno;
	close(fd);
	return addr;
}

/* A child that touches; returns its pid, and the signal in @sig. */
static long do_fork(const void *addr, uint32_t *sig)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(touch_read(addr, NULL));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	*sig = WEXITSTATUS(status);
	return pid;
}

static void obey(char *line)
{
	unsigned long addr, len;
	char name[64];
	unsigned long long off;
	uint32_t value = 0;
	long ret = -EPROTO;

	if (sscanf(line, "map %63s %llx %lx", name, &off, &len) == 3)
		ret = do_map(name, off, len);
	else if (sscanf(line, "read %lx", &addr) == 1)
		ret = touch_read((void *)addr, &value);
	else if (sscanf(line, "write %lx %x", &addr, &value) == 2)
		ret = touch_write((void *)addr, value);
	else if (sscanf(line, "fork %lx", &addr) == 1)
		ret = do_fork((void *)addr, &value);
	else if (sscanf(line, "unmap %lx %lx", &addr, &len) == 2)
		ret = munmap((void *)addr, len) ? -errno : 0;
	printf("%ld %u\n", ret, value);
}

int main(void)
{
	char line[128];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	return 0;
}
