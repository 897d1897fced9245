// SPDX-License-Identifier: GPL-2.0
/* A mapping of each kind there is: see scheme.h. */
#define _GNU_SOURCE
#include <fcntl.h>

#include "common.h"
#include "olddev.h"
#include "scheme.h"

/* Of the registers; those at the beginning are in use elsewhere. */
#define REGS_AT	0x10000

static bool is_old(enum scheme scheme)
{
	return scheme == SCHEME_MAPDEV || scheme == SCHEME_SEGMAP;
}

static int open_old(enum scheme scheme)
{
	struct old_script script = old_script(scheme == SCHEME_MAPDEV ?
					      OLD_SEGMAP_MAPDEV :
					      OLD_SEGMAP_IS_DDI, SCHEME_PAGES);
	int fd = old_open(0, O_RDWR);
	unsigned int i;

	script.log_mask = 0;
	if (fd < 0 || old_set(fd, &script))
		return -1;
	for (i = 0; i < SCHEME_PAGES; i++) {
		if (old_poke(fd, i, SCHEME_VALUE + i))
			return -1;
	}
	return fd;
}

static int open_new(enum scheme scheme)
{
	struct dmst_script script = { .nr_regions = 1 };
	struct dmst_region *region = &script.region[0];
	int fd = dev_open(0, O_RDWR);
	unsigned int i;

	*region = dev_region(0, SCHEME_PAGES * P);
	region->chunk = 4 * P;
	if (scheme == SCHEME_PLAIN)
		region->callbacks = 0;
	if (scheme == SCHEME_CONTEXTS) {
		region->access = DMST_ACCESS_CTXMGT;
		region->chunk = 0;
	}
	if (scheme == SCHEME_REGS) {
		region->kind = DMST_REGS;
		region->rnumber = 1;
		region->target = REGS_AT;
		region->setup_flags = IOMEM_DATA_UC_WR_COMBINE;
	}
	if (fd < 0 || dev_umem(fd, 0, SCHEME_PAGES * P) ||
	    dev_script(fd, &script))
		return -1;
	for (i = 0; i < SCHEME_PAGES; i++) {
		if (dev_poke(fd, 0, i * P, SCHEME_VALUE + i))
			return -1;
	}
	return fd;
}

/* No records are kept. Returns 0 or -1. */
int scheme_open(struct scheme_dev *dev, enum scheme scheme)
{
	dev->scheme = scheme;
	dev->fd = is_old(scheme) ? open_old(scheme) : open_new(scheme);
	return dev->fd < 0 ? -1 : 0;
}

/* The address, or NULL. */
void *scheme_map(const struct scheme_dev *dev, unsigned int first,
		 unsigned int nr)
{
	return dev_mmap(dev->fd, first * P, nr * P);
}

/*
 * Reads a page of a mapping: 0, the signal that this ended in, or -1 for another
 * content than the device's.
 */
int scheme_look(const struct scheme_dev *dev, const void *addr,
		unsigned int page)
{
	u32 value = 0, want = SCHEME_VALUE + page;
	int sig = touch_read(addr, &value);

	if (!sig && value != want && dev->scheme != SCHEME_REGS) {
		tell("page %u reads 0x%x, not 0x%x", page, value, want);
		return -1;
	}
	return sig;
}

/*
 * How often the driver was told of a touch and of an unmapping so far; with
 * ddi_mapdev(9F) the latter is the end of the last part.
 */
int scheme_calls(const struct scheme_dev *dev, u64 *access, u64 *unmap)
{
	struct dmst_info info;
	struct old_info old;

	if (is_old(dev->scheme)) {
		if (old_info(dev->fd, &old))
			return -1;
		*access = old.calls[OLD_OP_ACCESS];
		*unmap = old.calls[OLD_OP_FREE];
		return 0;
	}
	if (dev_info(dev->fd, &info))
		return -1;
	*access = info.calls[DMST_OP_ACCESS];
	*unmap = info.calls[DMST_OP_UNMAP];
	return 0;
}

/* 0 if nothing is mapped and the driver knows that. */
int scheme_idle(const struct scheme_dev *dev, const struct objects *base)
{
	struct dmst_info info = {};
	struct old_info old = {};
	struct objects now;
	long live;

	if (objects_read(&now) ||
	    (is_old(dev->scheme) ? old_info(dev->fd, &old) :
				   dev_info(dev->fd, &info)))
		return -1;
	live = is_old(dev->scheme) ? old.privs : info.live;
	if (!live && now.handles == base->handles &&
	    now.segments == base->segments && now.windows == base->windows)
		return 0;
	tell("%ld windows, %ld segments, %ld handles, %ld private data left",
	     now.windows - base->windows, now.segments - base->segments,
	     now.handles - base->handles, live);
	return -1;
}
