// SPDX-License-Identifier: GPL-2.0
/* Run by umemdev as a program of 32 bits: NODE. Exit status 0 if all is well. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../driver/umemdev/umemdev_io.h"

#define P	0x1000

int main(int argc, char **argv)
{
	char text[8] = "";
	struct umemdev_piece up = {
		.up_offset = 2 * P, .up_len = 4, .up_data = text,
	};
	char *addr;
	int fd;

	if (sizeof(up) != 12 || argc < 2)
		return 1;
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		return 2;
	if (ioctl(fd, UMEMDEV_GET, &up) || strcmp(text, "from"))
		return 3;

	up.up_len = 0xfffffff0;
	if (!ioctl(fd, UMEMDEV_PUT, &up) || errno != EINVAL)
		return 4;
	up.up_len = 4;
	up.up_data = (void *)0xfffffff0;
	if (!ioctl(fd, UMEMDEV_PUT, &up) || errno != EFAULT)
		return 5;
	memcpy(text, "back", 4);
	up.up_offset = 3 * P;
	up.up_data = text;
	if (ioctl(fd, UMEMDEV_PUT, &up))
		return 6;
	if (ioctl(fd, UMEMDEV_WAIT) != 2)
		return 7;

	addr = mmap(NULL, P, PROT_READ, MAP_SHARED, fd, 3 * P);
	if (addr == MAP_FAILED || memcmp(addr, "back", 4))
		return 8;
	return 0;
}
