/* SPDX-License-Identifier: GPL-2.0 */
/* What a handle maps: pages of a register set, pages of umem, or nothing. */
#ifndef _DEVMAP_TARGET_H
#define _DEVMAP_TARGET_H

#include <linux/mm_types.h>
#include <sys/ddidevmap.h>

struct ddi_umem_cookie;
struct devmap_wc;

enum devmap_target_kind {
	DEVMAP_TARGET_NONE,	/* DEVMAP_MAPPING_INVALID: a touch is SIGBUS */
	DEVMAP_TARGET_REGS,
	DEVMAP_TARGET_UMEM,
};

/**
 * struct devmap_target - what the first page of an extent maps, and on
 * @kind: which of the members below count
 * @phys: DEVMAP_TARGET_REGS: physical address, page aligned
 * @wc: DEVMAP_TARGET_REGS: reservation for write combining, or NULL
 * @cache: DEVMAP_TARGET_REGS: one bit of IOMEM_DATA_MASK
 * @cookie: DEVMAP_TARGET_UMEM: the memory, on which the target has a reference
 * @page: DEVMAP_TARGET_UMEM: first page of it
 *
 * No lock of its own: the page lock of struct devmap_extent protects it once
 * the handle is visible.
 */
struct devmap_target {
	enum devmap_target_kind kind;
	union {
		struct {
			phys_addr_t phys;
			struct devmap_wc *wc;
			uint_t cache;
		};
		struct {
			struct ddi_umem_cookie *cookie;
			unsigned long page;
		};
	};
};

int devmap_target_regs(struct devmap_target *target, dev_info_t *dip,
		       uint_t rnumber, offset_t roff, size_t len, uint_t flags);
int devmap_target_umem(struct devmap_target *target,
		       struct ddi_umem_cookie *cookie, offset_t koff,
		       size_t len, uint_t flags);
void devmap_target_copy(struct devmap_target *to,
			const struct devmap_target *from);
void devmap_target_put(struct devmap_target *target);
unsigned long devmap_target_pfn(const struct devmap_target *target,
				unsigned long page);
pgprot_t devmap_target_prot(const struct devmap_target *target,
			    pgprot_t prot);

#endif /* _DEVMAP_TARGET_H */
