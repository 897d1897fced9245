// SPDX-License-Identifier: GPL-2.0
/* Kernel memory that can be mapped: see umem.h. */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../linux/kunit.h"
#include "frame.h"
#include "stats.h"
#include "umem.h"

struct ddi_umem_cookie *devmap_umem_get(struct ddi_umem_cookie *cookie)
{
	refcount_inc(&cookie->refs);
	return cookie;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_umem_get);

static void umem_free_pages(struct ddi_umem_cookie *cookie)
{
	if (cookie->type == UMEM_TRASH) {
		vunmap(cookie->cvaddr);
		__free_page(cookie->pages[0]);
		kfree(cookie->pages);
	} else if (cookie->contiguous) {
		free_pages_exact(cookie->cvaddr, PAGE_ALIGN(cookie->size));
	} else {
		vfree(cookie->cvaddr);
	}
}

/**
 * devmap_umem_put() - give back a reference; the last one frees the memory
 * @cookie: the memory
 *
 * Context: Any, but process context for DDI_UMEM_TRASH; vfree() defers itself
 * where it must.
 */
void devmap_umem_put(struct ddi_umem_cookie *cookie)
{
	if (!refcount_dec_and_test(&cookie->refs))
		return;

	if (cookie->type == UMEM_LOCKED) {
		devmap_umem_release_locked(cookie);
		return;
	}
	umem_free_pages(cookie);
	kfree(cookie);
	devmap_stat_dec(DEVMAP_STAT_COOKIES);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_umem_put);

/**
 * devmap_umem_maxprot() - the most that may be allowed on a mapping
 * @cookie: the memory; may be NULL
 * @maxprot: the most that the driver allows
 *
 * Pages that were locked for reading may be somebody else's to write: those of
 * a file, or the zero page.
 *
 * Return: @maxprot, without PROT_WRITE for such pages.
 */
uint_t devmap_umem_maxprot(const struct ddi_umem_cookie *cookie, uint_t maxprot)
{
	if (cookie && cookie->type == UMEM_LOCKED && !cookie->dirty)
		return maxprot & ~PROT_WRITE;
	return maxprot;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_umem_maxprot);

/**
 * devmap_umem_pfn() - the page frame behind a page of umem
 * @cookie: the memory
 * @page: counted from its start
 *
 * Return: the page frame number.
 */
unsigned long devmap_umem_pfn(const struct ddi_umem_cookie *cookie,
			      unsigned long page)
{
	const void *addr = cookie->cvaddr + (page << PAGE_SHIFT);

	if (cookie->type == UMEM_TRASH)
		return page_to_pfn(cookie->pages[0]);
	if (cookie->type == UMEM_LOCKED)
		return page_to_pfn(cookie->pages[page]);
	if (cookie->contiguous)
		return page_to_pfn(virt_to_page(addr));
	return vmalloc_to_pfn(addr);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_umem_pfn);

/*
 * The trash page, seen at every page of the buffer, from the kernel as well:
 * for mappings that must go somewhere when their device is gone.
 */
static void *umem_alloc_trash(struct ddi_umem_cookie *cookie, gfp_t gfp)
{
	unsigned long i, nr = PAGE_ALIGN(cookie->size) >> PAGE_SHIFT;
	struct page **all;

	cookie->pages = kmalloc(sizeof(*cookie->pages),
				gfp | __GFP_NOFAIL);
	cookie->pages[0] = alloc_page(gfp | __GFP_ZERO | __GFP_NOFAIL);
	all = kvmalloc_array(nr, sizeof(*all), gfp | __GFP_NOFAIL);
	for (i = 0; i < nr; i++)
		all[i] = cookie->pages[0];
	/* This cannot be told that it must not fail. */
	while (!(cookie->cvaddr = vmap(all, nr, VM_MAP, PAGE_KERNEL)))
		schedule_timeout_uninterruptible(1);
	kvfree(all);
	return cookie->cvaddr;
}

/*
 * DDI_UMEM_SLEEP cannot fail, so drivers do not check; __GFP_NOFAIL waits for
 * memory as Solaris does. More than the machine has would wait forever.
 */
static void *umem_alloc_pages(struct ddi_umem_cookie *cookie, gfp_t gfp)
{
	size_t size = PAGE_ALIGN(cookie->size);

	if (cookie->type == UMEM_TRASH)
		return umem_alloc_trash(cookie, gfp);
	if (cookie->contiguous)
		cookie->cvaddr = alloc_pages_exact(size, gfp | __GFP_ZERO);
	else
		cookie->cvaddr = __vmalloc(size, gfp | __GFP_ZERO |
						 __GFP_NOFAIL);
	return cookie->cvaddr;
}

static uint_t umem_type(int flag)
{
	if (flag & DDI_UMEM_TRASH)
		return UMEM_TRASH;
	return flag & DDI_UMEM_PAGEABLE ? KMEM_PAGEABLE : KMEM_NON_PAGEABLE;
}

/**
 * ddi_umem_alloc() - allocate kernel memory that can be mapped
 * @size: bytes, rounded up to pages
 * @flag: DDI_UMEM_SLEEP or DDI_UMEM_NOSLEEP; DDI_UMEM_PAGEABLE, which makes no
 *	difference on Linux: kernel memory is never paged; DDI_UMEM_TRASH, not
 *	with the two others: one page that appears at every page of the buffer
 * @cookiep: set to a cookie for devmap_umem_setup(9F), or NULL on failure
 *
 * ddi_umem_alloc(9F). The memory is zeroed and page aligned. DDI_UMEM_NOSLEEP
 * gives physically contiguous memory and is for small buffers.
 *
 * Context: Process context; any context with DDI_UMEM_NOSLEEP.
 * Return: the memory. NULL if @size is 0 or more than the machine has, for an
 * unknown flag, or if there is no memory and DDI_UMEM_NOSLEEP is set.
 */
void *ddi_umem_alloc(size_t size, int flag, ddi_umem_cookie_t *cookiep)
{
	const int known = DDI_UMEM_NOSLEEP | DDI_UMEM_PAGEABLE | DDI_UMEM_TRASH;
	bool nosleep = flag & DDI_UMEM_NOSLEEP;
	gfp_t gfp = devmap_frame_gfp_account() |
		    (nosleep ? GFP_NOWAIT | __GFP_NOWARN : GFP_KERNEL);
	struct ddi_umem_cookie *cookie;

	*cookiep = NULL;
	if (!size || (flag & ~known) || size > totalram_pages() << PAGE_SHIFT)
		return NULL;
	if ((flag & DDI_UMEM_TRASH) && flag != DDI_UMEM_TRASH)
		return NULL;

	cookie = kzalloc(sizeof(*cookie), gfp | (nosleep ? 0 : __GFP_NOFAIL));
	if (!cookie)
		return NULL;

	cookie->size = size;
	cookie->type = umem_type(flag);
	cookie->contiguous = nosleep;
	refcount_set(&cookie->refs, 1);
	if (!umem_alloc_pages(cookie, gfp)) {
		kfree(cookie);
		return NULL;
	}

	devmap_stat_inc(DEVMAP_STAT_COOKIES);
	*cookiep = cookie;
	return cookie->cvaddr;
}
EXPORT_SYMBOL_GPL(ddi_umem_alloc);

/**
 * ddi_umem_free() - free memory of ddi_umem_alloc()
 * @cookie: its cookie; NULL is ignored
 *
 * ddi_umem_free(9F). Where users still have the memory mapped, it lives until
 * the last of them has unmapped it.
 *
 * Context: Any; process context for DDI_UMEM_TRASH.
 */
void ddi_umem_free(ddi_umem_cookie_t cookie)
{
	if (cookie)
		devmap_umem_put(cookie);
}
EXPORT_SYMBOL_GPL(ddi_umem_free);
