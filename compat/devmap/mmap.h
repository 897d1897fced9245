/* SPDX-License-Identifier: GPL-2.0 */
/* Making a segment, for the schemes that a driver can be mapped by. */
#ifndef _DEVMAP_MMAP_H
#define _DEVMAP_MMAP_H

#include <sys/dditypes.h>
#include <sys/types.h>

struct devmap_segment;
struct vm_area_struct;

/**
 * struct devmap_request - the arguments of segmap(9E)
 * @dev: device number
 * @off: user offset in bytes
 * @addrp: set to the address; may be NULL
 * @len: bytes
 * @prot: PROT_ bits asked for
 * @maxprot: PROT_ bits that may be had
 * @flags: MAP_SHARED or MAP_PRIVATE
 */
struct devmap_request {
	dev_t dev;
	offset_t off;
	caddr_t *addrp;
	size_t len;
	uint_t prot;
	uint_t maxprot;
	uint_t flags;
};

int devmap_make_segment(const struct devmap_request *req,
			int (*add)(struct devmap_segment *seg, void *arg),
			void *arg);
int devmap_mmap_dev(dev_info_t *dip, struct vm_area_struct *vma, dev_t dev);

#endif /* _DEVMAP_MMAP_H */
