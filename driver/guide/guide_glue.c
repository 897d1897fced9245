// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver guide. */

#include <linux/devmap_glue.h>

/* There is nothing to protect: everybody may play with it. */
DEVMAP_DDI_DRIVER(.name = "guide", .pseudo = 1, .mode = 0666);

MODULE_DESCRIPTION("Example of devmap contexts: the driver of the Solaris guide");
MODULE_LICENSE("GPL");
