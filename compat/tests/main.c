// SPDX-License-Identifier: GPL-2.0
/* devmap_kunit.ko: one suite per file next to this one. */

#include <linux/module.h>

#include "../linux/kunit.h"

MODULE_DESCRIPTION("KUnit tests of the Solaris devmap DDI");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DEVMAP_KUNIT_NS);
