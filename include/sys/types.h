/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Solaris' basic kernel types. Names that Linux has with the same meaning
 * (caddr_t, clock_t, dev_t, off_t, size_t, uintptr_t, ...) are Linux' own;
 * none is redefined here.
 */
#ifndef _DEVMAP_SYS_TYPES_H
#define _DEVMAP_SYS_TYPES_H

#include <linux/types.h>

struct cred;

typedef unsigned char		uchar_t;
typedef unsigned short		ushort_t;
typedef unsigned int		uint_t;
typedef unsigned long		ulong_t;
typedef long long		longlong_t;
typedef unsigned long long	u_longlong_t;

/* A position in a device's logical memory, in bytes: 64 bits, signed. */
typedef long long		offset_t;

typedef unsigned int		major_t;
typedef unsigned int		minor_t;
typedef unsigned int		model_t;

typedef struct cred		cred_t;

typedef enum { B_FALSE, B_TRUE } boolean_t;

#endif /* _DEVMAP_SYS_TYPES_H */
