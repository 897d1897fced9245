// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver onepage. */

#include <linux/devmap_glue.h>

/* There is nothing to protect: everybody may play with it. */
DEVMAP_DDI_DRIVER(.name = "onepage", .pseudo = 1, .mode = 0666);

MODULE_DESCRIPTION("Example of ddi_mapdev contexts: a device of one page");
MODULE_LICENSE("GPL");
