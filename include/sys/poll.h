/* SPDX-License-Identifier: GPL-2.0 */
/* Polling: chpoll(9E), pollwakeup(9F). */
#ifndef _DEVMAP_SYS_POLL_H
#define _DEVMAP_SYS_POLL_H

#include <uapi/linux/poll.h>
#include <sys/types.h>

/* One bit on Solaris, two on Linux: programs' POLLWRNORM is made POLLOUT for drivers. */
#undef POLLWRNORM
#define POLLWRNORM	POLLOUT

/**
 * struct pollhead - those who poll a device
 * @ph_opaque: known to compat/ddi/chpoll.c only; zeroed: nobody
 */
typedef struct pollhead {
	void *ph_opaque[4];
} pollhead_t;

#define pollwakeup	devmap_ddi_pollwakeup
#define pollhead_clean	devmap_ddi_pollhead_clean

void pollwakeup(struct pollhead *php, short event);
void pollhead_clean(struct pollhead *php);

#endif /* _DEVMAP_SYS_POLL_H */
