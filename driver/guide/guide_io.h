/* SPDX-License-Identifier: GPL-2.0 */
/* What a program sees of /dev/guide@0:regs. */
#ifndef _GUIDE_IO_H
#define _GUIDE_IO_H

/* Registers with contexts: each mapping has its own, if it is MAP_PRIVATE. */
#define GUIDE_OFF_CTX		0x40000000
#define GUIDE_CTX_SIZE		0x100000

/* Memory that all mappings share. */
#define GUIDE_OFF_PLAIN		0x40100000
#define GUIDE_PLAIN_SIZE	0x100000

/* ioctl(2): returns how many contexts have been switched in. */
#define GUIDE_SWITCHES		(('g' << 8) | 1)

#endif /* _GUIDE_IO_H */
