/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of new mappings. */
#ifndef _DEVMAP_AREA_H
#define _DEVMAP_AREA_H

unsigned long devmap_area_place(unsigned long start, unsigned long off,
				unsigned long size);

#endif /* _DEVMAP_AREA_H */
