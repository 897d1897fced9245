/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of ioctl(2) commands are Linux'. */
#ifndef _DEVMAP_SYS_IOCTL_H
#define _DEVMAP_SYS_IOCTL_H

#include <sys/types.h>
#include <sys/ioccom.h>

#endif /* _DEVMAP_SYS_IOCTL_H */
