// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver umemdev. */

#include <linux/devmap_glue.h>

/* There is nothing to protect: everybody may play with it. */
DEVMAP_DDI_DRIVER(.name = "umemdev", .pseudo = 1, .mode = 0666);

MODULE_DESCRIPTION("Example of exported kernel memory: read, write, poll, map");
MODULE_LICENSE("GPL");
