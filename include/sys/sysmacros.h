/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of a device number: getmajor(9F), getminor(9F), makedevice(9F); and
 * arithmetic with powers of two.
 */
#ifndef _DEVMAP_SYS_SYSMACROS_H
#define _DEVMAP_SYS_SYSMACROS_H

#include <sys/types.h>

/* Linux' MINORBITS, whose header has macros of other common names too. */
#define DEVMAP_MINOR_BITS	20

static inline major_t getmajor(dev_t dev)
{
	return dev >> DEVMAP_MINOR_BITS;
}

static inline minor_t getminor(dev_t dev)
{
	return dev & ((1U << DEVMAP_MINOR_BITS) - 1);
}

/* A minor number that does not fit must not change the major: it is NODEV. */
static inline dev_t makedevice(major_t major, minor_t minor)
{
	if (minor >> DEVMAP_MINOR_BITS)
		return (dev_t)-1;
	return (major << DEVMAP_MINOR_BITS) | minor;
}

#ifdef _KERNEL

#define MAXMIN		((1U << DEVMAP_MINOR_BITS) - 1)
#define MAXMAJ		((1U << (32 - DEVMAP_MINOR_BITS)) - 1)
#define L_MAXMIN	MAXMIN
#define L_MAXMAJ	MAXMAJ
#define MAXMIN32	MAXMIN
#define MAXMAJ32	MAXMAJ

/* Linux has some of them, a few under other conditions: forget those. */
#undef ABS
#undef ARRAY_SIZE
#undef MAX
#undef MIN
#undef SIGNOF
#undef howmany
#undef offsetof
#undef roundup

#define ABS(a)			((a) < 0 ? -(a) : (a))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define MAX(a, b)		((a) < (b) ? (b) : (a))
#define MIN(a, b)		((a) < (b) ? (a) : (b))
#define SIGNOF(a)		((a) < 0 ? -1 : (a) > 0)
#define howmany(x, y)		(((x) + ((y) - 1)) / (y))
#define offsetof(type, member)	__builtin_offsetof(type, member)
#define roundup(x, y)		((((x) + ((y) - 1)) / (y)) * (y))

/*
 * @align is a power of two, of a type that can hold @x: the _TYPED forms, which
 * first convert both, are for when it is not.
 *
 * P2ALIGN: down to a multiple. P2ROUNDUP: up to a multiple. P2PHASE: how far
 * above a multiple. P2NPHASE: how far below one. P2END: the last byte before
 * the next multiple. P2PHASEUP: up to the next @x with that phase. P2BOUNDARY:
 * do the @len bytes from @off cross a multiple? P2SAMEHIGHBIT: have both
 * the same highest bit?
 */
#define ISP2(x)			(((x) & ((x) - 1)) == 0)
#define IS_P2ALIGNED(v, align)	((((uintptr_t)(v)) & ((uintptr_t)(align) - 1)) == 0)
#define P2ALIGN(x, align)	((x) & -(align))
#define P2PHASE(x, align)	((x) & ((align) - 1))
#define P2NPHASE(x, align)	(-(x) & ((align) - 1))
#define P2ROUNDUP(x, align)	(-(-(x) & -(align)))
#define P2END(x, align)		((x) | ((align) - 1))
#define P2PHASEUP(x, align, phase) \
	((phase) - (((phase) - (x)) & -(align)))
#define P2BOUNDARY(off, len, align) \
	((((off) ^ ((off) + (len) - 1)) & -(align)) != 0)
#define P2SAMEHIGHBIT(x, y)	(((x) ^ (y)) < ((x) & (y)))

#define P2ALIGN_TYPED(x, align, type)	P2ALIGN((type)(x), (type)(align))
#define P2PHASE_TYPED(x, align, type)	P2PHASE((type)(x), (type)(align))
#define P2NPHASE_TYPED(x, align, type)	P2NPHASE((type)(x), (type)(align))
#define P2ROUNDUP_TYPED(x, align, type)	P2ROUNDUP((type)(x), (type)(align))
#define P2END_TYPED(x, align, type)	P2END((type)(x), (type)(align))
#define P2PHASEUP_TYPED(x, align, phase, type) \
	P2PHASEUP((type)(x), (type)(align), (type)(phase))
#define P2SAMEHIGHBIT_TYPED(x, y, type)	P2SAMEHIGHBIT((type)(x), (type)(y))

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_SYSMACROS_H */
