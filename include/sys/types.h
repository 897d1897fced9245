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

/* Nanoseconds. */
typedef long long		hrtime_t;

#ifdef _KERNEL

#include <linux/stdarg.h>
#include <sys/isa_defs.h>

#ifndef NULL
#define NULL			((void *)0)
#endif

typedef long			intptr_t;
typedef long long		intmax_t;
typedef unsigned long long	uintmax_t;

typedef unsigned char		lock_t;
typedef short			index_t;
typedef short			pri_t;
typedef int			id_t;
typedef int			kid_t;
typedef int			bool_t;
typedef int			processorid_t;
typedef int			zoneid_t;
typedef unsigned int		projid_t;
typedef long			time_t;
typedef ulong_t			pgcnt_t;
typedef long			spgcnt_t;
typedef u_longlong_t		diskaddr_t;
typedef offset_t		lloff_t;
typedef offset_t		off64_t;
typedef longlong_t		pad64_t;

/* A page frame number. Linux had a structure of that name until 6.16. */
#define pfn_t			devmap_ddi_pfn_t
typedef ulong_t			pfn_t;
#define PFN_INVALID		((pfn_t)-1)

#ifndef __unused
#define __unused		__attribute__((__unused__))
#endif

/* What there are only pointers to. */
struct buf;
typedef struct buf		buf_t;
struct proc;
typedef struct proc		proc_t;
struct vnode;
typedef struct vnode		vnode_t;
struct _kthread;
typedef struct _kthread		kthread_t;
typedef kthread_t		*kthread_id_t;

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_TYPES_H */
