/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flags of an open file, as open(9E), close(9E) and ioctl(9E) get them. The
 * numbers are not those of Linux, whose files have flags of their own.
 */
#ifndef _DEVMAP_SYS_FILE_H
#define _DEVMAP_SYS_FILE_H

#include <sys/types.h>
#include <sys/model.h>

/* Linux has that one too. */
#undef FASYNC

#define FOPEN		0xffffffff
#define FREAD		0x01
#define FWRITE		0x02
#define FNDELAY		0x04
#define FAPPEND		0x08
#define FSYNC		0x10
#define FDSYNC		0x40
#define FRSYNC		0x8000
#define FNONBLOCK	0x80
#define FCREAT		0x100
#define FTRUNC		0x200
#define FEXCL		0x400
#define FNOCTTY		0x800
#define FASYNC		0x1000
#define FOFFMAX		0x2000

/* mode argument of ioctl(9E): the argument is in kernel memory. */
#define FKIOCTL		0x80000000

/* What a 32-bit or 64-bit process passes, see <sys/model.h>. */
#define FMODELS		DDI_MODEL_MASK
#define FILP32		DDI_MODEL_ILP32
#define FLP64		DDI_MODEL_LP64
#define FNATIVE		DDI_MODEL_NATIVE

#endif /* _DEVMAP_SYS_FILE_H */
