/* SPDX-License-Identifier: GPL-2.0 */
/* What a message of cmn_err(9F) becomes. */
#ifndef _DEVMAP_DDI_CMN_ERR_H
#define _DEVMAP_DDI_CMN_ERR_H

#include <linux/types.h>

/**
 * struct devmap_message - a message for printk()
 * @level: KERN_ of Linux; NULL: nothing is said
 * @text: the format without its first character, if that is for cmn_err(9F)
 * @line: a line of its own: it ends with a newline, whether @text has one or not
 * @stop: the machine is stopped then
 *
 * Its maker's alone.
 */
struct devmap_message {
	const char *level;
	const char *text;
	bool line;
	bool stop;
};

struct devmap_message devmap_message(int level, const char *fmt, bool go_on);

#endif /* _DEVMAP_DDI_CMN_ERR_H */
