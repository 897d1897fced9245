/* SPDX-License-Identifier: GPL-2.0 */
/* <kunit/visibility.h>, which kernels before 6.2 may lack. */
#ifndef _DEVMAP_LINUX_KUNIT_H
#define _DEVMAP_LINUX_KUNIT_H

#ifdef DEVMAP_HAVE_KUNIT_VISIBILITY
#include <kunit/visibility.h>
#else
#define VISIBLE_IF_KUNIT static
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#endif

#endif /* _DEVMAP_LINUX_KUNIT_H */
