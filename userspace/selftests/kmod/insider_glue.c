// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver insider. */

#include <linux/devmap_glue.h>

DEVMAP_DDI_DRIVER(.name = "insider", .pseudo = 1);

MODULE_DESCRIPTION("Test driver that looks inside devmap handles");
MODULE_LICENSE("GPL");
