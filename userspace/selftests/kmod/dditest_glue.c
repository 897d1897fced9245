// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver model's test device. */

#include <linux/devmap_glue.h>

/* Told to the driver's source, which declares it too. */
extern int dditest_how;
int dditest_how;
module_param_named(how, dditest_how, int, 0444);
MODULE_PARM_DESC(how, "How _init is to fail");

DEVMAP_DDI_DRIVER(.name = "dditest", .pseudo = 2, .mode = 0644);

MODULE_DESCRIPTION("Test device of the driver model");
MODULE_LICENSE("GPL");
