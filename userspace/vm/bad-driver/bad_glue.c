// SPDX-License-Identifier: GPL-2.0
/* The glue of drivers that do not build. */

#include <linux/devmap_glue.h>

DEVMAP_DDI_DRIVER(.name = "bad", .pseudo = 1);

MODULE_DESCRIPTION("Driver that wants what is not provided");
MODULE_LICENSE("GPL");
