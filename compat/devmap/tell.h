/* SPDX-License-Identifier: GPL-2.0 */
/* Telling the driver that handles come, are duplicated, and go. */
#ifndef _DEVMAP_TELL_H
#define _DEVMAP_TELL_H

struct devmap_segment;

int devmap_tell_map(struct devmap_segment *seg);
int devmap_tell_dup(struct devmap_segment *child,
		    struct devmap_segment *parent);
void devmap_tell_unmapped(struct devmap_segment *seg);
void devmap_tell_all_unmapped(struct devmap_segment *seg);

#endif /* _DEVMAP_TELL_H */
