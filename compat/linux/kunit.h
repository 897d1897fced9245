/* SPDX-License-Identifier: GPL-2.0 */
/* <kunit/visibility.h>, and how its namespace is written. */
#ifndef _DEVMAP_LINUX_KUNIT_H
#define _DEVMAP_LINUX_KUNIT_H

#include <kunit/visibility.h>

/* For MODULE_IMPORT_NS(): a name until Linux 6.12, a string since 6.13. */
#ifdef DEVMAP_HAVE_STRING_NAMESPACES
#define DEVMAP_KUNIT_NS "EXPORTED_FOR_KUNIT_TESTING"
#else
#define DEVMAP_KUNIT_NS EXPORTED_FOR_KUNIT_TESTING
#endif

#endif /* _DEVMAP_LINUX_KUNIT_H */
