/* SPDX-License-Identifier: GPL-2.0 */
/* Data models of processes: the last argument of devmap(9E). */
#ifndef _DEVMAP_SYS_MODEL_H
#define _DEVMAP_SYS_MODEL_H

#include <sys/types.h>

#define DDI_MODEL_MASK		0x0FF00000
#define DDI_MODEL_ILP32		0x00100000
#define DDI_MODEL_LP64		0x00200000
#ifdef CONFIG_64BIT
#define DDI_MODEL_NATIVE	DDI_MODEL_LP64
#else
#define DDI_MODEL_NATIVE	DDI_MODEL_ILP32
#endif
#define DDI_MODEL_NONE		0

#endif /* _DEVMAP_SYS_MODEL_H */
