/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a handle maps: pages of a register set, pages of umem, page frames,
 * or nothing.
 */
#ifndef _DEVMAP_TARGET_H
#define _DEVMAP_TARGET_H

#include <linux/mm_types.h>
#include <sys/ddidevmap.h>

struct ddi_umem_cookie;
struct devmap_frames;

enum devmap_target_kind {
	DEVMAP_TARGET_NONE,	/* DEVMAP_MAPPING_INVALID: a touch is SIGBUS */
	DEVMAP_TARGET_REGS,
	DEVMAP_TARGET_UMEM,
	DEVMAP_TARGET_FRAMES,	/* of mmap(9E), in no order */
};

/**
 * struct devmap_target - what the first page of an extent maps, and on
 * @kind: which of the members below count
 * @phys: DEVMAP_TARGET_REGS: physical address, page aligned
 * @nr: DEVMAP_TARGET_REGS: pages, which have @cache as long as the target is there
 * @cache: DEVMAP_TARGET_REGS: one bit of IOMEM_DATA_MASK
 * @asked: DEVMAP_TARGET_REGS: page protection of a VMA; 0: none
 * @given: DEVMAP_TARGET_REGS: the entries that the kernel has made for it
 * @cookie: DEVMAP_TARGET_UMEM: the memory, on which the target has a reference
 * @page: DEVMAP_TARGET_UMEM: first page of it
 * @frames: DEVMAP_TARGET_FRAMES: shared by all copies of the target
 *
 * No lock of its own: the page lock of struct devmap_extent protects it once
 * the handle is visible.
 */
struct devmap_target {
	enum devmap_target_kind kind;
	union {
		struct {
			phys_addr_t phys;
			unsigned long nr;
			uint_t cache;
			pgprot_t asked;
			pgprot_t given;
		};
		struct {
			struct ddi_umem_cookie *cookie;
			unsigned long page;
		};
		struct devmap_frames *frames;
	};
};

#define DEVMAP_NO_FRAME	(~0UL)

int devmap_target_regs(struct devmap_target *target, dev_info_t *dip,
		       uint_t rnumber, offset_t roff, size_t len, uint_t flags);
int devmap_target_umem(struct devmap_target *target,
		       struct ddi_umem_cookie *cookie, offset_t koff,
		       size_t len, uint_t flags);
int devmap_target_frames(struct devmap_target *target, unsigned long nr);
void devmap_target_set_frame(struct devmap_target *target, unsigned long page,
			     unsigned long pfn);
void devmap_target_copy(struct devmap_target *to,
			const struct devmap_target *from);
int devmap_target_unshare(struct devmap_target *target);
void devmap_target_put(struct devmap_target *target);
unsigned long devmap_target_pfn(const struct devmap_target *target,
				unsigned long page);
int devmap_target_access(const struct devmap_target *target, unsigned long page,
			 unsigned int offset, void *buf, unsigned int len,
			 bool write);
pgprot_t devmap_target_prot(const struct devmap_target *target,
			    pgprot_t prot);

#endif /* _DEVMAP_TARGET_H */
