// SPDX-License-Identifier: GPL-2.0
/* What Solaris has for everybody: see base.h. */

#include "base.h"

/**
 * devmap_base_init() - before any driver calls
 *
 * Return: 0 or -ENOMEM.
 */
int devmap_base_init(void)
{
	int err = devmap_cred_init();

	if (err)
		return err;

	err = devmap_callout_init();
	if (err)
		devmap_cred_exit();
	return err;
}

/**
 * devmap_base_exit() - when no driver will call any more
 */
void devmap_base_exit(void)
{
	devmap_callout_exit();
	devmap_cred_exit();
}
