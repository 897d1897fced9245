// SPDX-License-Identifier: GPL-2.0
/* What Linux has to know of the driver model's test device. */

#include <linux/devmap.h>
#include <linux/devmap_glue.h>
#include <linux/device.h>

#include "dditest_glue.h"

/* Told to the driver's source, which declares it too. */
extern int dditest_how;
int dditest_how;
module_param_named(how, dditest_how, int, 0444);
MODULE_PARM_DESC(how, "How _init is to fail");

const char *dditest_name(dev_info_t *dip)
{
	struct device *dev = devmap_instance_dev(dip);

	return dev ? dev_name(dev) : NULL;
}

DEVMAP_DDI_DRIVER(.name = "dditest", .pseudo = 2, .mode = 0644);

MODULE_DESCRIPTION("Test device of the driver model");
MODULE_LICENSE("GPL");
