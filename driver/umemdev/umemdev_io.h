/* SPDX-License-Identifier: GPL-2.0 */
/* What a program sees of /dev/umemdev@0:buffer. */
#ifndef _UMEMDEV_IO_H
#define _UMEMDEV_IO_H

#define UMEMDEV_IOC(n)	(('u' << 8) | (n))

/* Returns the size of the buffer in bytes. */
#define UMEMDEV_SIZE	UMEMDEV_IOC(1)

/* Copies a piece of the buffer to the program: struct umemdev_piece. */
#define UMEMDEV_GET	UMEMDEV_IOC(2)

/* Copies a piece from the program to the buffer: struct umemdev_piece. */
#define UMEMDEV_PUT	UMEMDEV_IOC(3)

/* Says that the buffer has changed: for those who write to a mapping. */
#define UMEMDEV_KICK	UMEMDEV_IOC(4)

/*
 * Waits until the buffer has changed since this descriptor last asked, or was
 * opened. EAGAIN at once if it is non-blocking. Returns how often it has changed.
 */
#define UMEMDEV_WAIT	UMEMDEV_IOC(5)

/*
 * A piece of the buffer. As long and pointers differ, 32-bit programs have
 * another structure of this name.
 */
struct umemdev_piece {
	unsigned long up_offset;
	unsigned long up_len;
	void *up_data;
};

#endif /* _UMEMDEV_IO_H */
