/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ASSERT(9F): checked in a driver that is compiled with DEBUG, or if the layer is
 * built with CONFIG_DEVMAP_DEBUG. VERIFY: always checked.
 */
#ifndef _DEVMAP_SYS_DEBUG_H
#define _DEVMAP_SYS_DEBUG_H

#include <sys/types.h>

#define assfail	devmap_ddi_assfail
#define verfail	devmap_ddi_verfail

int assfail(const char *condition, const char *file, int line);
int verfail(const char *condition, const char *file, int line);

#undef ASSERT
#undef VERIFY
#undef CTASSERT

#define VERIFY(condition)	\
	((void)((condition) || verfail(#condition, __FILE__, __LINE__)))

#if defined(DEBUG) || defined(CONFIG_DEVMAP_DEBUG)
#define ASSERT(condition)	\
	((void)((condition) || assfail(#condition, __FILE__, __LINE__)))
#else
/* Names in the condition count as used, as long as it compiles. */
#define ASSERT(condition)	((void)(0 && (condition)))
#endif

#define VERIFY3S(a, op, b)	VERIFY((longlong_t)(a) op (longlong_t)(b))
#define VERIFY3U(a, op, b)	VERIFY((u_longlong_t)(a) op (u_longlong_t)(b))
#define VERIFY3P(a, op, b)	VERIFY((uintptr_t)(a) op (uintptr_t)(b))
#define VERIFY3B(a, op, b)	VERIFY((boolean_t)(a) op (boolean_t)(b))
#define VERIFY0(a)		VERIFY((a) == 0)

#define ASSERT3S(a, op, b)	ASSERT((longlong_t)(a) op (longlong_t)(b))
#define ASSERT3U(a, op, b)	ASSERT((u_longlong_t)(a) op (u_longlong_t)(b))
#define ASSERT3P(a, op, b)	ASSERT((uintptr_t)(a) op (uintptr_t)(b))
#define ASSERT3B(a, op, b)	ASSERT((boolean_t)(a) op (boolean_t)(b))
#define ASSERT0(a)		ASSERT((a) == 0)

#define IMPLY(a, b)		ASSERT(!(a) || (b))
#define EQUIV(a, b)		ASSERT(!!(a) == !!(b))

#define CTASSERT(condition)	_Static_assert(condition, #condition)

#endif /* _DEVMAP_SYS_DEBUG_H */
