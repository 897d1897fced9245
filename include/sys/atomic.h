/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Atomic operations: atomic_ops(9F), membar_ops(9F).
 *
 * Fully ordered, which is more than their manual page promises. They are the
 * compiler's, as those of Linux have names in common with these.
 */
#ifndef _DEVMAP_SYS_ATOMIC_H
#define _DEVMAP_SYS_ATOMIC_H

#include <sys/types.h>

#define DEVMAP_ATOMIC_OP(op, name, type, arg)			\
static inline void atomic_##op##_##name(volatile type *target,		\
					arg value)			\
{									\
	__sync_fetch_and_##op(target, (type)value);			\
}									\
static inline type atomic_##op##_##name##_nv(volatile type *target,	\
					     arg value)		\
{									\
	return __sync_##op##_and_fetch(target, (type)value);		\
}

#define DEVMAP_ATOMIC(name, type, delta)				\
DEVMAP_ATOMIC_OP(add, name, type, delta)				\
DEVMAP_ATOMIC_OP(and, name, type, type)					\
DEVMAP_ATOMIC_OP(or, name, type, type)					\
static inline void atomic_inc_##name(volatile type *target)		\
{									\
	__sync_fetch_and_add(target, (type)1);				\
}									\
static inline type atomic_inc_##name##_nv(volatile type *target)	\
{									\
	return __sync_add_and_fetch(target, (type)1);			\
}									\
static inline void atomic_dec_##name(volatile type *target)		\
{									\
	__sync_fetch_and_sub(target, (type)1);				\
}									\
static inline type atomic_dec_##name##_nv(volatile type *target)	\
{									\
	return __sync_sub_and_fetch(target, (type)1);			\
}									\
static inline type atomic_cas_##name(volatile type *target, type old,	\
				     type new)				\
{									\
	return __sync_val_compare_and_swap(target, old, new);		\
}									\
static inline type atomic_swap_##name(volatile type *target, type new)	\
{									\
	return __atomic_exchange_n(target, new, __ATOMIC_SEQ_CST);	\
}

DEVMAP_ATOMIC(8, uint8_t, int8_t)
DEVMAP_ATOMIC(16, uint16_t, int16_t)
DEVMAP_ATOMIC(32, uint32_t, int32_t)
DEVMAP_ATOMIC(64, uint64_t, int64_t)
DEVMAP_ATOMIC(uchar, uchar_t, signed char)
DEVMAP_ATOMIC(ushort, ushort_t, short)
DEVMAP_ATOMIC(uint, uint_t, int)
DEVMAP_ATOMIC(ulong, ulong_t, long)

#define atomic_add_char		atomic_add_uchar
#define atomic_add_char_nv	atomic_add_uchar_nv
#define atomic_add_short	atomic_add_ushort
#define atomic_add_short_nv	atomic_add_ushort_nv
#define atomic_add_int		atomic_add_uint
#define atomic_add_int_nv	atomic_add_uint_nv
#define atomic_add_long		atomic_add_ulong
#define atomic_add_long_nv	atomic_add_ulong_nv

static inline void atomic_add_ptr(volatile void *target, ssize_t delta)
{
	__sync_fetch_and_add((volatile long *)target, delta);
}

static inline void *atomic_add_ptr_nv(volatile void *target, ssize_t delta)
{
	return (void *)__sync_add_and_fetch((volatile long *)target, delta);
}

static inline void *atomic_cas_ptr(volatile void *target, void *old, void *new)
{
	return __sync_val_compare_and_swap((void *volatile *)target, old, new);
}

static inline void *atomic_swap_ptr(volatile void *target, void *new)
{
	return __atomic_exchange_n((void *volatile *)target, new,
				   __ATOMIC_SEQ_CST);
}

/* 0, or -1 if the bit was what it should become. */
static inline int atomic_set_long_excl(volatile ulong_t *target, uint_t bit)
{
	ulong_t mask = 1UL << bit;

	return __sync_fetch_and_or(target, mask) & mask ? -1 : 0;
}

static inline int atomic_clear_long_excl(volatile ulong_t *target, uint_t bit)
{
	ulong_t mask = 1UL << bit;

	return __sync_fetch_and_and(target, ~mask) & mask ? 0 : -1;
}

/* What they were called before Solaris 10. */
#define cas32(target, old, new)		atomic_cas_32(target, old, new)
#define cas64(target, old, new)		atomic_cas_64(target, old, new)
#define casptr(target, old, new)	atomic_cas_ptr(target, old, new)

/* Of memory and of devices. */
#define membar_enter	devmap_ddi_membar_enter
#define membar_exit	devmap_ddi_membar_exit
#define membar_producer	devmap_ddi_membar_producer
#define membar_consumer	devmap_ddi_membar_consumer
#define membar_sync	devmap_ddi_membar_sync

void membar_enter(void);
void membar_exit(void);
void membar_producer(void);
void membar_consumer(void);
void membar_sync(void);

#endif /* _DEVMAP_SYS_ATOMIC_H */
