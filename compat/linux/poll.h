/* SPDX-License-Identifier: GPL-2.0 */
/* <linux/poll.h>, as it differs between kernels. */
#ifndef _DEVMAP_LINUX_POLL_H
#define _DEVMAP_LINUX_POLL_H

#include <linux/poll.h>

/*
 * Whether who polls wants to wait, and not just to know. poll_does_not_wait() said
 * so, until 7.3.
 */
static inline bool devmap_poll_waits(const poll_table *p)
{
	return p && p->_qproc;
}

#endif /* _DEVMAP_LINUX_POLL_H */
