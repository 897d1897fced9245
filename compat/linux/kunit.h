/* SPDX-License-Identifier: GPL-2.0 */
/* <kunit/visibility.h>, which kernels before 6.2 may lack, and its namespace. */
#ifndef _DEVMAP_LINUX_KUNIT_H
#define _DEVMAP_LINUX_KUNIT_H

#ifdef DEVMAP_HAVE_KUNIT_VISIBILITY
#include <kunit/visibility.h>
#else
#define VISIBLE_IF_KUNIT static
#define EXPORT_SYMBOL_IF_KUNIT(symbol)
#endif

/* For MODULE_IMPORT_NS(): a name until Linux 6.12, a string since 6.13. */
#ifdef DEVMAP_HAVE_STRING_NAMESPACES
#define DEVMAP_KUNIT_NS "EXPORTED_FOR_KUNIT_TESTING"
#else
#define DEVMAP_KUNIT_NS EXPORTED_FOR_KUNIT_TESTING
#endif

#endif /* _DEVMAP_LINUX_KUNIT_H */
