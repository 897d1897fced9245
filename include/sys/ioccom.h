/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How numbers of ioctl(2) commands are made: as on Linux, so that programs which
 * use <sys/ioctl.h> and a driver mean the same.
 */
#ifndef _DEVMAP_SYS_IOCCOM_H
#define _DEVMAP_SYS_IOCCOM_H

#include <uapi/asm/ioctl.h>

#endif /* _DEVMAP_SYS_IOCCOM_H */
