// SPDX-License-Identifier: GPL-2.0
/* Data of read(9E) and write(9E): uiomove(9F), ureadc(9F), uwritec(9F). */
#define _KERNEL

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "../linux/kunit.h"
#include "../linux/uio.h"
#include "uio.h"

/* Moves bytes of one piece and says how many. */
static size_t move(char *addr, const struct uio *uio, char *base, size_t len,
		   enum uio_rw rw)
{
	if (uio->uio_segflg == UIO_SYSSPACE) {
		if (rw == UIO_READ)
			memcpy(base, addr, len);
		else
			memcpy(addr, base, len);
		return len;
	}
	if (rw == UIO_READ)
		return len - copy_to_user((void __user *)base, addr, len);
	return len - copy_from_user(addr, (const void __user *)base, len);
}

/* The first piece that is not used up, or NULL. */
static iovec_t *piece(struct uio *uio)
{
	while (uio->uio_iovcnt && !uio->uio_iov->iov_len) {
		uio->uio_iov++;
		uio->uio_iovcnt--;
	}
	return uio->uio_iovcnt ? uio->uio_iov : NULL;
}

static void advance(struct uio *uio, iovec_t *iov, size_t len)
{
	iov->iov_base += len;
	iov->iov_len -= len;
	uio->uio_resid -= len;
	uio->uio_loffset += len;
}

/**
 * uiomove() - move data between the driver and a uio(9S)
 * @addr: the driver's memory
 * @nbytes: bytes; of more than &uio.uio_resid, only that many are moved
 * @rwflag: UIO_READ: from @addr; UIO_WRITE: to @addr
 * @uiop: the uio; what is moved is taken off it
 *
 * uiomove(9F).
 *
 * Context: Process context of the user; may sleep.
 * Return: 0, or EFAULT if memory of the user's cannot be accessed; what could
 * be moved before that has been.
 */
int uiomove(void *addr, size_t nbytes, enum uio_rw rwflag, uio_t *uiop)
{
	size_t len, moved;
	iovec_t *iov;

	while (nbytes && uiop->uio_resid > 0) {
		iov = piece(uiop);
		if (!iov)
			break;

		len = min3(nbytes, iov->iov_len, (size_t)uiop->uio_resid);
		moved = move(addr, uiop, iov->iov_base, len, rwflag);
		advance(uiop, iov, moved);
		if (moved < len)
			return EFAULT;
		addr += len;
		nbytes -= len;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(uiomove);

/**
 * ureadc() - put a character into a uio(9S)
 * @c: the character
 * @uiop: the uio of a read(9E)
 *
 * ureadc(9F).
 *
 * Context: As uiomove().
 * Return: 0, or EFAULT if there is no room or it cannot be accessed.
 */
int ureadc(int c, uio_t *uiop)
{
	char byte = c;

	if (uiop->uio_resid <= 0)
		return EFAULT;
	return uiomove(&byte, 1, UIO_READ, uiop);
}
EXPORT_SYMBOL_GPL(ureadc);

/**
 * uwritec() - take a character out of a uio(9S)
 * @uiop: the uio of a write(9E)
 *
 * uwritec(9F).
 *
 * Context: As uiomove().
 * Return: the character, 0 to 255; -1 if there is none or it cannot be accessed.
 */
int uwritec(uio_t *uiop)
{
	unsigned char byte;

	if (uiop->uio_resid <= 0 || uiomove(&byte, 1, UIO_WRITE, uiop))
		return -1;
	return byte;
}
EXPORT_SYMBOL_GPL(uwritec);

/**
 * uioskip() - leave data of a uio(9S) out
 * @uiop: the uio
 * @nbytes: bytes; if there are fewer, nothing happens
 *
 * No manual page.
 *
 * Context: Any.
 */
void uioskip(uio_t *uiop, size_t nbytes)
{
	iovec_t *iov;
	size_t len;

	if (nbytes > uiop->uio_resid)
		return;
	while (nbytes) {
		iov = piece(uiop);
		if (!iov)
			break;
		len = min(nbytes, iov->iov_len);
		advance(uiop, iov, len);
		nbytes -= len;
	}
}
EXPORT_SYMBOL_GPL(uioskip);

/* How many pieces there are, of which at most @max are written down. */
static int pieces_of(const struct iov_iter *iter, iovec_t *iov, int max)
{
	struct iov_iter i = *iter;
	int nr = 0;

	while (iov_iter_count(&i)) {
		size_t len = devmap_iter_len(&i);

		if (len && nr++ < max)
			iov[nr - 1] = (iovec_t){ devmap_iter_addr(&i), len };
		/* By 0 bytes: to the next piece, if this one is empty. */
		iov_iter_advance(&i, len);
	}
	return nr;
}

/**
 * devmap_uio_init() - make a uio(9S) of a request of Linux
 * @du: to be filled in, for devmap_uio_finish()
 * @iter: of ->read_iter or ->write_iter, in user memory or in the kernel's
 * @pos: position in the file
 * @fmode: FREAD or FWRITE, FNDELAY, FNONBLOCK
 *
 * Context: Process context; may sleep.
 * Return: 0; -EINVAL for memory that has no address, which only splice(2) uses;
 * -ENOMEM. Then there is nothing to finish.
 */
int devmap_uio_init(struct devmap_uio *du, struct iov_iter *iter, loff_t pos,
		    int fmode)
{
	int nr;

	if (!user_backed_iter(iter) && !iov_iter_is_kvec(iter))
		return -EINVAL;

	du->iter = iter;
	du->count = iov_iter_count(iter);
	du->allocated = NULL;
	du->uio = (struct uio){
		.uio_iov = du->pieces,
		.uio_loffset = pos,
		.uio_segflg = user_backed_iter(iter) ? UIO_USERSPACE :
						       UIO_SYSSPACE,
		.uio_fmode = fmode,
		.uio_resid = du->count,
	};

	nr = pieces_of(iter, du->pieces, ARRAY_SIZE(du->pieces));
	if (nr > ARRAY_SIZE(du->pieces)) {
		du->allocated = kmalloc_array(nr, sizeof(*du->allocated),
					      GFP_KERNEL);
		if (!du->allocated)
			return -ENOMEM;
		pieces_of(iter, du->allocated, nr);
		du->uio.uio_iov = du->allocated;
	}
	du->uio.uio_iovcnt = nr;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_uio_init);

/**
 * devmap_uio_finish() - the driver is done with a uio(9S)
 * @du: of devmap_uio_init(); the iov_iter is advanced by what was moved
 *
 * Return: bytes that were moved.
 */
size_t devmap_uio_finish(struct devmap_uio *du)
{
	size_t moved = 0;

	/* A driver may have written anything there. */
	if (du->uio.uio_resid >= 0 && du->uio.uio_resid <= du->count)
		moved = du->count - du->uio.uio_resid;
	iov_iter_advance(du->iter, moved);
	kfree(du->allocated);
	du->allocated = NULL;
	return moved;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_uio_finish);
