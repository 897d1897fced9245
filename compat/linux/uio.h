/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/uio.h>, as it differs between kernels. The DEVMAP_HAVE_ macros come
 * from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_UIO_H
#define _DEVMAP_LINUX_UIO_H

#include <linux/minmax.h>
#include <linux/uio.h>

/*
 * The current piece of an iov_iter over user memory or kvecs: where it is and
 * how much is left of it. The two kinds of vectors are laid out alike.
 */
static inline void *devmap_iter_addr(const struct iov_iter *iter)
{
	if (iter_is_ubuf(iter))
		return (__force void *)iter->ubuf + iter->iov_offset;
#ifdef DEVMAP_HAVE_ITER_IOV
	return (__force void *)iter_iov_addr(iter);
#else
	return (__force void *)iter->iov->iov_base + iter->iov_offset;
#endif
}

static inline size_t devmap_iter_len(const struct iov_iter *iter)
{
	size_t len = iov_iter_count(iter);

	if (iter_is_ubuf(iter))
		return len;
#ifdef DEVMAP_HAVE_ITER_IOV
	return min(len, iter_iov_len(iter));
#else
	return min(len, iter->iov->iov_len - iter->iov_offset);
#endif
}

#endif /* _DEVMAP_LINUX_UIO_H */
