// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables: the only file that has translations inserted (entries.c and huge.c
 * write them) or zapped.
 *
 * Inserting needs the mmap_lock of the address space (the VMA lock would do,
 * the reverse map's lock would not: it lets page tables be freed meanwhile).
 * Zapping needs the VMA to stay linked, for which i_mmap_rwsem is enough. So a
 * page is loaded only by its own process, and unloaded by anybody, without the
 * other's mmap_lock.
 *
 * Both happen under the page lock, together with the change of the valid set: a
 * translation exists only for a valid page.
 */

#include <linux/fs.h>
#include <linux/interval_tree_generic.h>
#include <linux/mm.h>

#include "../linux/mm.h"
#include "entries.h"
#include "handle.h"
#include "huge.h"
#include "instance.h"
#include "pagetable.h"
#include "prot.h"
#include "segment.h"
#include "stats.h"

static unsigned long vma_first_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static unsigned long vma_final_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

/* The walk of the reverse map, which the kernel does not export. */
INTERVAL_TREE_DEFINE(struct vm_area_struct, shared.rb, unsigned long,
		     shared.rb_subtree_last, vma_first_pgoff, vma_final_pgoff,
		     static inline, devmap_rmap)

static struct address_space *mapping_of(const struct devmap_segment *seg)
{
	return seg->win->dip->inode->i_mapping;
}

/* The VMAs of fork relatives are in the same window. */
static bool shows(const struct vm_area_struct *vma,
		  const struct devmap_segment *seg)
{
	return vma->vm_private_data == seg;
}

static struct vm_area_struct *skip_others(struct vm_area_struct *vma,
					  const struct devmap_segment *seg,
					  unsigned long first,
					  unsigned long last)
{
	while (vma && !shows(vma, seg))
		vma = devmap_rmap_iter_next(vma, first, last);
	return vma;
}

/*
 * The walk goes over the VMAs of @seg that are in the reverse map and show a
 * page of @first to @last: by page offset, where that is equal by age.
 */
static struct vm_area_struct *first_linked(const struct devmap_segment *seg,
					   unsigned long first,
					   unsigned long last)
{
	return skip_others(devmap_rmap_iter_first(&mapping_of(seg)->i_mmap,
						  first, last),
			   seg, first, last);
}

static struct vm_area_struct *next_linked(struct vm_area_struct *vma,
					  const struct devmap_segment *seg,
					  unsigned long first,
					  unsigned long last)
{
	return skip_others(devmap_rmap_iter_next(vma, first, last), seg, first,
			   last);
}

static unsigned long first_pgoff(const struct devmap_segment *seg,
				 const struct devmap_span *span)
{
	return devmap_segment_pgoff(seg, span->first);
}

static unsigned long last_pgoff(const struct devmap_segment *seg,
				const struct devmap_span *span)
{
	return first_pgoff(seg, span) + span->nr - 1;
}

/* The pages of the segment that a VMA shows. */
static struct devmap_span span_of_vma(const struct devmap_segment *seg,
				      struct vm_area_struct *vma)
{
	return (struct devmap_span){
		.first = devmap_segment_page(seg, vma->vm_pgoff),
		.nr = vma_pages(vma),
	};
}

static bool shows_page(struct vm_area_struct *vma,
		       const struct devmap_segment *seg, unsigned long page)
{
	struct devmap_span span = span_of_vma(seg, vma);

	return shows(vma, seg) && devmap_span_has(&span, page);
}

static unsigned long address_of(const struct devmap_segment *seg,
				struct vm_area_struct *vma, unsigned long page)
{
	struct devmap_span span = span_of_vma(seg, vma);

	return vma->vm_start + ((page - span.first) << PAGE_SHIFT);
}

/*
 * The first VMA of @seg that shows any page of @span. One that
 * munmap(2) has detached is still linked for a while; inserting there would
 * outlive its page tables. Under mmap_lock, find_vma() tells them apart, and
 * what it finds stays until mmap_lock is dropped.
 */
static struct vm_area_struct *attached_vma(struct devmap_segment *seg,
					   const struct devmap_span *span)
{
	struct address_space *mapping = mapping_of(seg);
	unsigned long first = first_pgoff(seg, span);
	unsigned long last = last_pgoff(seg, span);
	struct vm_area_struct *vma, *found = NULL;

	mmap_assert_locked(seg->mm);

	i_mmap_lock_read(mapping);
	for (vma = first_linked(seg, first, last); vma;
	     vma = next_linked(vma, seg, first, last)) {
		if (find_vma(seg->mm, vma->vm_start) == vma) {
			found = vma;
			break;
		}
	}
	i_mmap_unlock_read(mapping);
	return found;
}

/*
 * With @some, pages that have no frame are left out. @huge: of a fault in @vma that
 * asks for a large translation, or NULL.
 */
static int insert_in_vma(struct devmap_handle *h,
			 const struct devmap_span *span,
			 struct vm_area_struct *vma, bool some,
			 const struct devmap_huge *huge)
{
	unsigned long addr = address_of(h->seg, vma, span->first);

	lockdep_assert_held(&h->extent->lock);

	/* A remap may have left less than mprotect(2) was granted before. */
	if (devmap_prot_exceeds(devmap_prot_now(vma->vm_flags), h->maxprot))
		return -EACCES;
	/* What nobody may access has no entries; with PROT_NONE x86 may refuse. */
	if (!vma_is_accessible(vma))
		return 0;

	if (huge || h->extent->huge)
		return devmap_huge_set(h, span, vma, addr, huge);
	return devmap_entries_set(vma, addr, &h->target,
				  span->first - h->target_first, span->nr,
				  some);
}

/*
 * @hint: a VMA of this address space that is known to be attached, or NULL. @huge:
 * of its fault, or NULL.
 */
static int insert(struct devmap_handle *h, const struct devmap_span *span,
		  struct vm_area_struct *hint, const struct devmap_huge *huge)
{
	struct devmap_segment *seg = h->seg;
	struct devmap_span rest = *span, part, piece;
	struct vm_area_struct *vma;
	int err;

	lockdep_assert_held(&h->extent->lock);

	while (rest.nr) {
		if (hint && shows_page(hint, seg, rest.first))
			vma = hint;
		else
			vma = attached_vma(seg, &rest);
		if (!vma)
			return 0;

		part = span_of_vma(seg, vma);
		devmap_span_intersect(&rest, &part, &piece);
		err = insert_in_vma(h, &piece, vma, true,
				    vma == hint ? huge : NULL);
		/* Elsewhere a touch finds out that the VMA allows too much. */
		if (err && (err != -EACCES || vma == hint))
			return err;

		rest.nr = devmap_span_end(&rest) - devmap_span_end(&piece);
		rest.first = devmap_span_end(&piece);
	}
	return 0;
}

/* In page offsets, as VMAs count: a third of a context switch is here. */
static void zap(struct devmap_segment *seg, const struct devmap_span *span)
{
	unsigned long first = first_pgoff(seg, span), low;
	unsigned long last = last_pgoff(seg, span), high;
	struct address_space *mapping = mapping_of(seg);
	struct vm_area_struct *vma;
	unsigned long start, end;

	i_mmap_lock_read(mapping);
	for (vma = first_linked(seg, first, last); vma;
	     vma = next_linked(vma, seg, first, last)) {
		low = max(first, vma_first_pgoff(vma));
		high = min(last, vma_final_pgoff(vma));
		start = vma->vm_start +
			((low - vma_first_pgoff(vma)) << PAGE_SHIFT);
		end = start + ((high - low + 1) << PAGE_SHIFT);
		if (unlikely(READ_ONCE(seg->gigantic)))
			devmap_huge_widen(vma, &start, &end);
		devmap_zap(vma, start, end - start);
	}
	i_mmap_unlock_read(mapping);
}

/* Takes @span out of the valid set; what of it was valid goes to @was. */
static bool invalidate(struct devmap_handle *h, const struct devmap_span *span,
		       struct devmap_span *was)
{
	struct devmap_extent *extent = h->extent;
	unsigned long low, high;

	lockdep_assert_held(&extent->lock);

	/* Drivers unload, to be safe, what they have not loaded. */
	if (!extent->valid.any)
		return false;
	if (!devmap_valid_clear(&extent->valid,
				span->first - extent->span.first, span->nr,
				&low, &high))
		return false;

	was->first = extent->span.first + low;
	was->nr = high - low + 1;
	return true;
}

/**
 * devmap_pt_unload() - make pages invalid; page lock held
 * @h: the handle
 * @span: pages of it
 *
 * When this returns, no CPU has a translation of the pages, and only
 * devmap_pt_load() can bring one back. Walks no page table if none of the
 * pages was valid.
 *
 * A translation that another CPU is removing at the same time, without having
 * flushed its TLB yet, is covered too: zapping notices the other one in the
 * same mm and flushes, and a VMA leaves the address_space only when its TLB
 * flush is done.
 *
 * Context: Any address space; may sleep.
 */
void devmap_pt_unload(struct devmap_handle *h, const struct devmap_span *span)
{
	struct devmap_span was;

	if (invalidate(h, span, &was))
		zap(h->seg, &was);
}

/**
 * devmap_pt_forget() - make pages invalid that no VMA shows any more
 * @h: the handle
 * @span: pages of it
 */
void devmap_pt_forget(struct devmap_handle *h, const struct devmap_span *span)
{
	struct devmap_span was;

	mutex_lock(&h->extent->lock);
	invalidate(h, span, &was);
	mutex_unlock(&h->extent->lock);
}

/**
 * devmap_pt_wipe() - remove what fork(2) may have copied into a child's VMA
 * @vma: the child's VMA, which is being opened
 *
 * VM_WIPEONFORK keeps the kernel from copying. But for a while there were kernels
 * that copied first and opened then.
 *
 * Context: mmap_lock of the child held for writing.
 */
void devmap_pt_wipe(struct vm_area_struct *vma)
{
	devmap_zap(vma, vma->vm_start, vma->vm_end - vma->vm_start);
}

/**
 * devmap_pt_flatten() - remove entries of PUD_SIZE before VMAs are changed
 * @seg: the segment
 *
 * Linux takes them for page tables when it splits or moves a VMA, and for absent
 * when it gives access back that mprotect(2) had taken away. What was valid stays so.
 *
 * Context: mmap_lock of the segment's address space held for writing, so that no
 * fault inserts another.
 */
void devmap_pt_flatten(struct devmap_segment *seg)
{
	mmap_assert_write_locked(seg->mm);

	if (!READ_ONCE(seg->gigantic))
		return;
	zap(seg, &seg->span);
	WRITE_ONCE(seg->gigantic, false);
}

/**
 * devmap_pt_revoke() - remove all translations of an instance
 * @dip: the instance; no fault inserts any more
 *
 * Context: May sleep.
 */
void devmap_pt_revoke(struct dev_info *dip)
{
	unmap_mapping_range(dip->inode->i_mapping, 0, 0, 1);
}

/**
 * devmap_pt_load() - make pages valid and insert their translations; page lock
 *	held
 * @h: the handle; its target is not DEVMAP_TARGET_NONE
 * @span: pages of it
 * @vma: the VMA whose fault this is, of the address space of @h; NULL if none
 * @huge: what large translation that fault asks for; NULL if none
 *
 * Context: mmap_lock of the address space held; may sleep.
 * Return: 0; -EACCES or -EFAULT, with the pages invalid; -ENOMEM, with the pages
 * invalid or, if the valid set could not grow, as they were.
 */
int devmap_pt_load(struct devmap_handle *h, const struct devmap_span *span,
		   struct vm_area_struct *vma, const struct devmap_huge *huge)
{
	struct devmap_extent *extent = h->extent;
	int err;

	lockdep_assert_held(&extent->lock);

	err = devmap_valid_set(&extent->valid,
			       span->first - extent->span.first, span->nr);
	if (err)
		return err;

	err = insert(h, span, vma, huge);
	if (err)
		devmap_pt_unload(h, span);
	return err;
}

/**
 * devmap_pt_load_page() - devmap_pt_load() for the page that faulted
 * @h: the handle; its target is not DEVMAP_TARGET_NONE
 * @page: page of it
 * @vma: the VMA that faulted, which shows the page
 *
 * Context: mmap_lock of the address space held; may sleep.
 * Return: as devmap_pt_load().
 */
int devmap_pt_load_page(struct devmap_handle *h, unsigned long page,
			struct vm_area_struct *vma)
{
	struct devmap_span span = { .first = page, .nr = 1 };
	struct devmap_extent *extent = h->extent;
	int err;

	lockdep_assert_held(&extent->lock);

	err = devmap_valid_set_page(&extent->valid, page - extent->span.first);
	if (err)
		return err;

	err = insert_in_vma(h, &span, vma, true, NULL);
	if (err)
		devmap_pt_unload(h, &span);
	return err;
}

/**
 * devmap_pt_reload() - insert the translation of a page if it is valid
 * @h: the handle
 * @page: page of it
 * @vma: the VMA that faulted
 * @err: 0 or -errno of the insertion, if the page is valid
 *
 * Linux drops translations behind the driver's back (mprotect, mremap, ...);
 * that is no event of the DDI.
 *
 * Return: true if the page is valid.
 */
bool devmap_pt_reload(struct devmap_handle *h, unsigned long page,
		      struct vm_area_struct *vma, int *err)
{
	struct devmap_extent *extent = h->extent;
	struct devmap_span span = { .first = page, .nr = 1 };
	bool valid;

	mutex_lock(&extent->lock);
	valid = devmap_valid_test(&extent->valid, page - extent->span.first);
	if (valid)
		*err = insert_in_vma(h, &span, vma, false, NULL);
	mutex_unlock(&extent->lock);
	return valid;
}

/**
 * devmap_pt_reload_huge() - insert a large translation if all its pages are valid
 * @h: the handle that has the page that was touched
 * @page: that page
 * @huge: the translation
 * @err: 0 or -errno of the insertion, if all pages are valid
 *
 * Return: DEVMAP_HUGE_NOT if it has to be done page by page; DEVMAP_HUGE_VALID;
 * DEVMAP_HUGE_INVALID if @page is not valid.
 */
enum devmap_huge_state devmap_pt_reload_huge(struct devmap_handle *h,
					     unsigned long page,
					     const struct devmap_huge *huge,
					     int *err)
{
	struct devmap_extent *extent = h->extent;
	unsigned long first = extent->span.first;
	enum devmap_huge_state state = DEVMAP_HUGE_NOT;

	mutex_lock(&extent->lock);
	if (devmap_huge_fits(h, huge)) {
		if (!devmap_valid_test(&extent->valid, page - first))
			state = DEVMAP_HUGE_INVALID;
		else if (devmap_valid_test_all(&extent->valid,
					       huge->block.first - first,
					       huge->block.nr))
			state = DEVMAP_HUGE_VALID;
	}
	if (state == DEVMAP_HUGE_VALID)
		*err = insert_in_vma(h, &huge->block, huge->vmf->vma, false,
				     huge);
	mutex_unlock(&extent->lock);
	return state;
}

/**
 * devmap_pt_shown() - the first run of pages that VMAs of a segment show
 * @seg: the segment
 * @span: pages to look at
 * @shown: the first of them that are shown, as many as are adjacent in one VMA
 *
 * Context: mmap_lock held, maybe for reading only.
 * Return: false if none is.
 */
bool devmap_pt_shown(struct devmap_segment *seg, const struct devmap_span *span,
		     struct devmap_span *shown)
{
	struct address_space *mapping = mapping_of(seg);
	unsigned long first = first_pgoff(seg, span);
	unsigned long last = last_pgoff(seg, span);
	struct vm_area_struct *vma;
	struct devmap_span part;
	bool found = false;

	i_mmap_lock_read(mapping);
	for (vma = first_linked(seg, first, last); vma;
	     vma = next_linked(vma, seg, first, last)) {
		part = span_of_vma(seg, vma);
		found = devmap_span_intersect(span, &part, shown);
		if (found)
			break;
	}
	i_mmap_unlock_read(mapping);
	return found;
}
