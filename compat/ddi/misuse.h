/* SPDX-License-Identifier: GPL-2.0 */
/* Mistakes of drivers that are easy to see, told in debug builds. */
#ifndef _DEVMAP_DDI_MISUSE_H
#define _DEVMAP_DDI_MISUSE_H

#include <linux/instruction_pointer.h>
#include <linux/kconfig.h>
#include <linux/types.h>

bool devmap_misuse_is_new(const char *function, unsigned long ip);
__printf(3, 4)
void devmap_misuse_at(const char *function, unsigned long ip, const char *fmt,
		      ...);
unsigned int devmap_misuse_count(void);
unsigned int devmap_misuse_told(void);

/**
 * devmap_misuse() - tell of a driver's mistake, once per place that makes it
 * @function: whose rules were broken, with its section: "mutex_enter(9F)"
 * @fmt: how, without a full stop
 *
 * For use in the function that the driver called: its caller is named. What
 * follows must do no harm, in builds that are not for debugging as well.
 */
#define devmap_misuse(function, fmt, ...) do {				\
	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))				\
		devmap_misuse_at(function, _RET_IP_, fmt,		\
				 ##__VA_ARGS__);			\
} while (0)

#endif /* _DEVMAP_DDI_MISUSE_H */
