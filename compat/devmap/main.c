// SPDX-License-Identifier: GPL-2.0
/* devmap.ko: the devmap DDI on Linux. */

#include <linux/module.h>

#include "../ddi/base.h"
#include "../ddi/model.h"
#include "stats.h"
#include "umem.h"

#define CREATE_TRACE_POINTS
#include <trace/events/devmap.h>

static int __init devmap_init(void)
{
	int err = devmap_umemlock_init();

	if (err)
		return err;

	err = devmap_base_init();
	if (err)
		goto err_umemlock;

	err = devmap_ddi_attach_init();
	if (err)
		goto err_base;

	err = devmap_ddi_minor_init();
	if (err)
		goto err_attach;

	devmap_stats_init();
	return 0;

err_attach:
	devmap_ddi_attach_exit();
err_base:
	devmap_base_exit();
err_umemlock:
	devmap_umemlock_exit();
	return err;
}
module_init(devmap_init);

static void __exit devmap_exit(void)
{
	devmap_stats_exit();
	devmap_ddi_minor_exit();
	devmap_ddi_attach_exit();
	devmap_base_exit();
	devmap_umemlock_exit();
}
module_exit(devmap_exit);

MODULE_DESCRIPTION("Solaris devmap DDI: device memory mappings with callbacks and contexts");
MODULE_LICENSE("GPL");
