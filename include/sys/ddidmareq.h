/* SPDX-License-Identifier: GPL-2.0 */
/* Cache attributes for the flags of devmap_devmem_setup(9F): at most one. */
#ifndef _DEVMAP_SYS_DDIDMAREQ_H
#define _DEVMAP_SYS_DDIDMAREQ_H

#define IOMEM_DATA_CACHED		0x10000
#define IOMEM_DATA_UC_WR_COMBINE	0x20000
#define IOMEM_DATA_UNCACHED		0x40000
#define IOMEM_DATA_MASK			0xF0000

#endif /* _DEVMAP_SYS_DDIDMAREQ_H */
