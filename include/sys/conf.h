/* SPDX-License-Identifier: GPL-2.0 */
/* cb_flag of a driver's cb_ops(9S). */
#ifndef _DEVMAP_SYS_CONF_H
#define _DEVMAP_SYS_CONF_H

#include <sys/types.h>
#include <sys/devops.h>

#define D_NEW			0x00
#define D_HOTPLUG		0x4
#define D_TAPE			0x08
#define D_MTSAFE		0x0020
#define D_MP			D_MTSAFE
#define D_DEVMAP		0x100
#define D_64BIT			0x200
#define D_SYNCSTR		0x400
#define D_U64BIT		0x40000
#define D_OPEN_RETURNS_EINTR	0x100000

#endif /* _DEVMAP_SYS_CONF_H */
