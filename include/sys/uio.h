/* SPDX-License-Identifier: GPL-2.0 */
/* uio(9S): where read(9E) and write(9E) move data to and from. */
#ifndef _DEVMAP_SYS_UIO_H
#define _DEVMAP_SYS_UIO_H

#include <sys/types.h>

/* One piece of memory. Linux has a structure of that name. */
#define iovec	devmap_ddi_iovec
typedef struct iovec {
	caddr_t iov_base;
	size_t iov_len;
} iovec_t;

/* uio_segflg: whose memory it is */
typedef enum {
	UIO_USERSPACE,
	UIO_SYSSPACE,
	UIO_USERISPACE
} uio_seg_t;

/* rwflag argument of uiomove(9F) */
typedef enum uio_rw {
	UIO_READ,	/* from the driver to the uio */
	UIO_WRITE	/* from the uio to the driver */
} uio_rw_t;

/**
 * struct uio - a request of read(2), write(2) and their kin
 * @uio_iov: pieces of memory; those before are used up
 * @uio_iovcnt: how many
 * @uio_offset: the file's position in bytes
 * @uio_loffset: the same
 * @uio_segflg: whose memory @uio_iov is
 * @uio_fmode: FREAD, FWRITE, FNDELAY, FNONBLOCK
 * @uio_extflg: 0
 * @uio_limit: 0
 * @uio_resid: bytes that have not been moved
 *
 * The task that got it has it for itself.
 */
typedef struct uio {
	iovec_t *uio_iov;
	int uio_iovcnt;
	union {
		off_t uio_offset;
		offset_t uio_loffset;
	};
	uio_seg_t uio_segflg;
	__u16 uio_fmode;
	__u16 uio_extflg;
	offset_t uio_limit;
	ssize_t uio_resid;
} uio_t;

#define uiomove	devmap_ddi_uiomove
#define ureadc	devmap_ddi_ureadc
#define uwritec	devmap_ddi_uwritec
#define uioskip	devmap_ddi_uioskip

int uiomove(void *addr, size_t nbytes, enum uio_rw rwflag, uio_t *uiop);
int ureadc(int c, uio_t *uiop);
int uwritec(uio_t *uiop);
void uioskip(uio_t *uiop, size_t nbytes);

#endif /* _DEVMAP_SYS_UIO_H */
