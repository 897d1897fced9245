/* SPDX-License-Identifier: GPL-2.0 */
/* Types as 32-bit processes have them. */
#ifndef _DEVMAP_SYS_TYPES32_H
#define _DEVMAP_SYS_TYPES32_H

#include <sys/types.h>

typedef __u32	caddr32_t;
typedef __u32	uintptr32_t;
typedef __s32	intptr32_t;
typedef __u32	size32_t;
typedef __s32	ssize32_t;
typedef __s32	off32_t;
typedef __s32	daddr32_t;
typedef __u32	ino32_t;
typedef __s32	blkcnt32_t;
typedef __s32	time32_t;
typedef __s32	clock32_t;
typedef __u32	dev32_t;
typedef __u32	mode32_t;
typedef __u32	uid32_t;
typedef __u32	gid32_t;
typedef __s32	pid32_t;
typedef __s32	id32_t;
typedef __s32	key32_t;

#endif /* _DEVMAP_SYS_TYPES32_H */
