/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic on user offsets. A span counts pages; the DDI counts bytes. No
 * lock, no allocation, no mm types: it builds in user space as well.
 */
#ifndef _DEVMAP_RANGE_H
#define _DEVMAP_RANGE_H

#include <linux/types.h>
#include <sys/types.h>

/**
 * struct devmap_span - a range of pages of a device's logical memory
 * @first: first page, counted from user offset 0
 * @nr: number of pages
 */
struct devmap_span {
	unsigned long first;
	unsigned long nr;
};

static inline unsigned long devmap_span_end(const struct devmap_span *span)
{
	return span->first + span->nr;
}

static inline bool devmap_span_has(const struct devmap_span *span,
				   unsigned long page)
{
	return page - span->first < span->nr;
}

static inline offset_t devmap_span_off(const struct devmap_span *span)
{
	return (offset_t)span->first << PAGE_SHIFT;
}

static inline size_t devmap_span_len(const struct devmap_span *span)
{
	return (size_t)span->nr << PAGE_SHIFT;
}

/* What is left of a handle when a hole is cut into it. */
enum devmap_cut {
	DEVMAP_CUT_NONE,	/* the hole misses the handle */
	DEVMAP_CUT_WHOLE,
	DEVMAP_CUT_HEAD,
	DEVMAP_CUT_TAIL,
	DEVMAP_CUT_MIDDLE,
};

bool devmap_span_intersect(const struct devmap_span *a,
			   const struct devmap_span *b,
			   struct devmap_span *out);
int devmap_span_select(const struct devmap_span *handle, offset_t off,
		       size_t len, struct devmap_span *out);
enum devmap_cut devmap_span_cut(const struct devmap_span *handle,
				const struct devmap_span *gap,
				struct devmap_span *hole,
				struct devmap_span *below,
				struct devmap_span *above);
int devmap_span_from_bytes(u64 off, u64 len, struct devmap_span *out);
int devmap_check_maplen(size_t len, size_t maplen, size_t setup_len);
int devmap_check_target(offset_t off, size_t len, u64 size);

#endif /* _DEVMAP_RANGE_H */
