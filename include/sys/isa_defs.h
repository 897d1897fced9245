/* SPDX-License-Identifier: GPL-2.0 */
/* Byte order and data model of the machine under their Solaris names. */
#ifndef _DEVMAP_SYS_ISA_DEFS_H
#define _DEVMAP_SYS_ISA_DEFS_H

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#ifndef _LITTLE_ENDIAN
#define _LITTLE_ENDIAN
#endif
#ifndef _BIT_FIELDS_LTOH
#define _BIT_FIELDS_LTOH
#endif
#else
#ifndef _BIG_ENDIAN
#define _BIG_ENDIAN
#endif
#ifndef _BIT_FIELDS_HTOL
#define _BIT_FIELDS_HTOL
#endif
#endif

#if defined(__LP64__) && !defined(_LP64)
#define _LP64	1
#endif

/* A 32-bit process has data structures of its own. */
#ifdef _LP64
#define _MULTI_DATAMODEL
#define _SYSCALL32_IMPL
#define _SYSCALL32
#endif

#ifdef __x86_64__
#ifndef __x86
#define __x86
#endif
#ifndef __amd64
#define __amd64
#endif
#endif

#endif /* _DEVMAP_SYS_ISA_DEFS_H */
