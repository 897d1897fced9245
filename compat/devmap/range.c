// SPDX-License-Identifier: GPL-2.0
/* Arithmetic on user offsets: see range.h. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "range.h"
#include "../linux/kunit.h"

/**
 * devmap_span_intersect() - the pages that two spans have in common
 * @a: one span
 * @b: the other
 * @out: the common pages; untouched if there are none
 *
 * Return: true if there are any.
 */
bool devmap_span_intersect(const struct devmap_span *a,
			   const struct devmap_span *b,
			   struct devmap_span *out)
{
	unsigned long first = max(a->first, b->first);
	unsigned long end = min(devmap_span_end(a), devmap_span_end(b));

	if (first >= end)
		return false;

	out->first = first;
	out->nr = end - first;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_span_intersect);

/**
 * devmap_span_select() - the pages that devmap_load(9F) or devmap_unload(9F)
 *	name
 * @handle: the pages of the handle
 * @off: user offset in bytes; any byte of the first page
 * @len: length in bytes; 0 means to the end of the handle
 * @out: the pages from the one with @off through the one with the last byte
 *
 * @off and @len both 0 name the whole handle, wherever it starts.
 *
 * Return: 0, or -EINVAL if any part lies outside of the handle.
 */
int devmap_span_select(const struct devmap_span *handle, offset_t off,
		       size_t len, struct devmap_span *out)
{
	unsigned long first, last;

	if (!off && !len) {
		*out = *handle;
		return 0;
	}

	if (off < 0 || len > (u64)(S64_MAX - off))
		return -EINVAL;

	first = off >> PAGE_SHIFT;
	if (!devmap_span_has(handle, first))
		return -EINVAL;

	if (len)
		last = (u64)(off + (offset_t)len - 1) >> PAGE_SHIFT;
	else
		last = devmap_span_end(handle) - 1;
	if (!devmap_span_has(handle, last))
		return -EINVAL;

	out->first = first;
	out->nr = last - first + 1;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_span_select);

/**
 * devmap_span_cut() - what unmapping a gap does to a handle
 * @handle: the pages of the handle
 * @gap: the pages that are no longer mapped
 * @hole: the part of @gap that lies in @handle
 * @below: what is left of @handle below the hole; nr is 0 if nothing is
 * @above: what is left of @handle above the hole; nr is 0 if nothing is
 *
 * Return: which row of the table in devmap_unmap(9E) applies.
 */
enum devmap_cut devmap_span_cut(const struct devmap_span *handle,
				const struct devmap_span *gap,
				struct devmap_span *hole,
				struct devmap_span *below,
				struct devmap_span *above)
{
	if (!devmap_span_intersect(handle, gap, hole))
		return DEVMAP_CUT_NONE;

	below->first = handle->first;
	below->nr = hole->first - handle->first;
	above->first = devmap_span_end(hole);
	above->nr = devmap_span_end(handle) - above->first;

	if (below->nr && above->nr)
		return DEVMAP_CUT_MIDDLE;
	if (below->nr)
		return DEVMAP_CUT_TAIL;
	if (above->nr)
		return DEVMAP_CUT_HEAD;
	return DEVMAP_CUT_WHOLE;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_span_cut);

/**
 * devmap_span_from_bytes() - the pages of one mmap(2)
 * @off: user offset in bytes, a page multiple
 * @len: length in bytes, a page multiple
 * @out: the same in pages
 *
 * Return: 0, or -ENXIO if there is no offset_t for the end: the DDI could not
 * name the range.
 */
int devmap_span_from_bytes(u64 off, u64 len, struct devmap_span *out)
{
	if (!len || off > S64_MAX || len > S64_MAX - off)
		return -ENXIO;

	out->first = off >> PAGE_SHIFT;
	out->nr = len >> PAGE_SHIFT;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_span_from_bytes);

/**
 * devmap_check_maplen() - whether devmap(9E) accepted a length it may accept
 * @len: bytes it was offered
 * @maplen: bytes it took, as it says
 * @setup_len: bytes it passed to its one successful setup call; 0 if none
 *
 * Return: 0 or -EINVAL.
 */
int devmap_check_maplen(size_t len, size_t maplen, size_t setup_len)
{
	if (!maplen || maplen > len || !PAGE_ALIGNED(maplen))
		return -EINVAL;
	if (setup_len < maplen)
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_check_maplen);

/**
 * devmap_check_target() - whether a range lies inside of what it maps
 * @off: byte offset into the target, must be page aligned
 * @len: bytes; rounded up to pages
 * @size: size of the target in bytes; rounded up to pages
 *
 * Return: 0 or -EINVAL.
 */
int devmap_check_target(offset_t off, size_t len, u64 size)
{
	u64 end = PAGE_ALIGN(size);

	if (off < 0 || !PAGE_ALIGNED(off) || !len || end < size)
		return -EINVAL;
	if (len > end || off > end - PAGE_ALIGN(len))
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_check_target);
