/* SPDX-License-Identifier: GPL-2.0 */
/* A read(2) or write(2) of Linux as a uio(9S). */
#ifndef _DEVMAP_DDI_UIO_H
#define _DEVMAP_DDI_UIO_H

#include <linux/types.h>
#include <sys/uio.h>

struct iov_iter;

/* As many pieces as most requests have; for more, memory is allocated. */
#define DEVMAP_UIO_PIECES	8

/**
 * struct devmap_uio - a uio(9S) and what it is made of; on the caller's stack
 * @uio: for the driver
 * @iter: where it came from
 * @count: bytes that were asked for
 * @pieces: &uio.uio_iov, unless there are too many
 * @allocated: &uio.uio_iov if there are
 *
 * The task that made it has it for itself.
 */
struct devmap_uio {
	struct uio uio;
	struct iov_iter *iter;
	size_t count;
	iovec_t pieces[DEVMAP_UIO_PIECES];
	iovec_t *allocated;
};

int devmap_uio_init(struct devmap_uio *du, struct iov_iter *iter, loff_t pos,
		    int fmode);
size_t devmap_uio_finish(struct devmap_uio *du);

#endif /* _DEVMAP_DDI_UIO_H */
