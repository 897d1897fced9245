// SPDX-License-Identifier: GPL-2.0
/* Kernel memory that can be mapped: see umem.h. */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <sys/sunddi.h>

#include "stats.h"
#include "umem.h"

struct ddi_umem_cookie *devmap_umem_get(struct ddi_umem_cookie *cookie)
{
	refcount_inc(&cookie->refs);
	return cookie;
}

static void umem_free_pages(struct ddi_umem_cookie *cookie)
{
	if (cookie->contiguous)
		free_pages_exact(cookie->cvaddr, PAGE_ALIGN(cookie->size));
	else
		vfree(cookie->cvaddr);
}

/**
 * devmap_umem_put() - give back a reference; the last one frees the memory
 * @cookie: the memory
 *
 * Context: Any; vfree() defers itself where it must.
 */
void devmap_umem_put(struct ddi_umem_cookie *cookie)
{
	if (!refcount_dec_and_test(&cookie->refs))
		return;

	umem_free_pages(cookie);
	kfree(cookie);
	devmap_stat_dec(DEVMAP_STAT_COOKIES);
}

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

	if (cookie->contiguous)
		return page_to_pfn(virt_to_page(addr));
	return vmalloc_to_pfn(addr);
}

/*
 * DDI_UMEM_SLEEP cannot fail, so drivers do not check; __GFP_NOFAIL waits for
 * memory as Solaris does. More than the machine has would wait forever.
 */
static void *umem_alloc_pages(size_t size, bool nosleep)
{
	if (size > totalram_pages() << PAGE_SHIFT)
		return NULL;
	if (nosleep)
		return alloc_pages_exact(PAGE_ALIGN(size),
					 GFP_NOWAIT | __GFP_ZERO | __GFP_NOWARN);
	return __vmalloc(PAGE_ALIGN(size),
			 GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
}

/**
 * ddi_umem_alloc() - allocate kernel memory that can be mapped
 * @size: bytes, rounded up to pages
 * @flag: DDI_UMEM_SLEEP or DDI_UMEM_NOSLEEP, and DDI_UMEM_PAGEABLE, which makes
 *	no difference on Linux: kernel memory is never paged
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
	bool nosleep = flag & DDI_UMEM_NOSLEEP;
	struct ddi_umem_cookie *cookie;

	*cookiep = NULL;
	if (!size || (flag & ~(DDI_UMEM_NOSLEEP | DDI_UMEM_PAGEABLE)))
		return NULL;

	cookie = kzalloc(sizeof(*cookie),
			 nosleep ? GFP_NOWAIT | __GFP_NOWARN :
				   GFP_KERNEL | __GFP_NOFAIL);
	if (!cookie)
		return NULL;

	cookie->size = size;
	cookie->contiguous = nosleep;
	refcount_set(&cookie->refs, 1);
	cookie->cvaddr = umem_alloc_pages(size, nosleep);
	if (!cookie->cvaddr) {
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
 * Context: Any.
 */
void ddi_umem_free(ddi_umem_cookie_t cookie)
{
	if (cookie)
		devmap_umem_put(cookie);
}
EXPORT_SYMBOL_GPL(ddi_umem_free);
