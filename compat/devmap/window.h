/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Windows: every mmap(2) of an instance gets page offsets of its own in the
 * instance's address_space. vm_pgoff then says which mapping a VMA belongs to,
 * and the kernel's reverse map finds the VMAs of one mapping without a look at
 * the others.
 */
#ifndef _DEVMAP_WINDOW_H
#define _DEVMAP_WINDOW_H

#include <linux/idr.h>
#include <linux/types.h>

/*
 * unmap_mapping_range() counts in loff_t, which leaves 51 bits of pages. The
 * upper 6 name the size class of the window, the lower 45 its place in it.
 */
#define DEVMAP_WINDOW_SHIFT	(63 - PAGE_SHIFT - 6)
#define DEVMAP_WINDOW_CLASSES	(DEVMAP_WINDOW_SHIFT + 1)

/**
 * struct devmap_windows - the page offsets in use in one address_space
 * @class: per size class, windows of 2^class pages; locks itself
 */
struct devmap_windows {
	struct ida class[DEVMAP_WINDOW_CLASSES];
};

void devmap_windows_init(struct devmap_windows *windows);
void devmap_windows_destroy(struct devmap_windows *windows);
int devmap_windows_get(struct devmap_windows *windows, unsigned long nr,
		       unsigned long *base);
void devmap_windows_put(struct devmap_windows *windows, unsigned long base);

#endif /* _DEVMAP_WINDOW_H */
