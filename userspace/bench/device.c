// SPDX-License-Identifier: GPL-2.0
/* The devices, and anonymous memory as one more. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "bench.h"

const char *const device_names[DEVICES] = {
	[LAYER] = "devmap", [P1] = "p1", [P2] = "p2", [P3] = "p3", [P4] = "p4",
};

int device_open(enum device device, unsigned int mode)
{
	char path[40] = "/dev/devmap_bench";
	int fd;

	if (device == P4)
		return -1;
	if (device != LAYER) {
		mode &= ~BENCH_LARGE;
		snprintf(path, sizeof(path), "/dev/devmap_bench_%s",
			 device_names[device]);
	}
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, BENCH_MODE, mode))
		die(path);
	return fd;
}

char *device_map(int fd, enum device device, size_t len)
{
	int flags = MAP_SHARED | (device == P4 ? MAP_ANONYMOUS : 0);
	char *addr = mmap(NULL, len, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (addr == MAP_FAILED)
		die("mmap");
	return addr;
}
