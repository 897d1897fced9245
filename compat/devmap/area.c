// SPDX-License-Identifier: GPL-2.0
/* Addresses of new mappings: such that large translations fit. */

#include <linux/compat.h>
#include <linux/devmap.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mman.h>
#include <linux/overflow.h>

#include "../linux/huge_mm.h"
#include "../linux/kunit.h"
#include "../linux/sched_mm.h"
#include "area.h"

/**
 * devmap_area_place() - the first address of an area that suits an offset
 * @start: address of the area
 * @off: user offset of what is to be mapped, in bytes
 * @size: that of a large entry, a power of two; the area has @size less a page more
 *	bytes than are mapped
 *
 * Return: the lowest address from @start on that equals @off, but for multiples of
 * @size.
 */
unsigned long devmap_area_place(unsigned long start, unsigned long off,
				unsigned long size)
{
	return start + ((off - start) & (size - 1));
}
EXPORT_SYMBOL_IF_KUNIT(devmap_area_place);

/* An address for entries of 2^@order pages; 0: there is none, or no use for it. */
static unsigned long place(struct file *file, unsigned long len,
			   unsigned long pgoff, unsigned long flags,
			   unsigned int order)
{
	unsigned long size = PAGE_SIZE << order, more, addr;

	if (len < size || !devmap_huge_supported(order, false) ||
	    check_add_overflow(len, size - PAGE_SIZE, &more))
		return 0;

	addr = devmap_mm_unmapped_area(file, 0, more, pgoff, flags);
	if (IS_ERR_VALUE(addr))
		return 0;
	return devmap_area_place(addr, pgoff << PAGE_SHIFT, size);
}

/**
 * devmap_get_unmapped_area() - choose an address for mmap(2)
 * @file: the file
 * @addr: what the caller would like, or 0
 * @len: bytes
 * @pgoff: user offset in pages
 * @flags: of mmap(2)
 *
 * For a file_operations of a driver in Linux style; drivers in Solaris style have it.
 * A mapping that is large enough begins, if the caller does not care, where its address
 * and its user offset are equal but for multiples of 1 GiB, or of 2 MiB. If user offset
 * 0 is the beginning of a register set, whose address the hardware has aligned to its
 * size, or any other that is aligned, large translations fit.
 *
 * Context: From mmap(2).
 * Return: the address, or -errno.
 */
unsigned long devmap_get_unmapped_area(struct file *file, unsigned long addr,
				       unsigned long len, unsigned long pgoff,
				       unsigned long flags)
{
	unsigned long found = 0;

	if (!addr && !(flags & MAP_FIXED) && !in_compat_syscall()) {
		found = place(file, len, pgoff, flags, DEVMAP_PUD_ORDER);
		if (!found)
			found = place(file, len, pgoff, flags, DEVMAP_PMD_ORDER);
	}
	return found ?: devmap_mm_unmapped_area(file, addr, len, pgoff, flags);
}
EXPORT_SYMBOL_GPL(devmap_get_unmapped_area);
