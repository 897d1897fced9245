// SPDX-License-Identifier: GPL-2.0
/* Kernel memory: kmem_alloc(9F). */
#define _KERNEL

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include "../devmap/frame.h"
#include "misuse.h"

#include <sys/kmem.h>

/*
 * In debug builds: the size of everything that is allocated, by address. In a
 * table and not in the memory itself, as drivers rely on its alignment.
 */
static DEFINE_XARRAY(sizes);
static atomic_t nr_unknown = ATOMIC_INIT(0);

/* No two allocations are that close. */
static unsigned long index_of(const void *buf)
{
	return (unsigned long)buf / ARCH_KMALLOC_MINALIGN;
}

static void remember(const void *buf, size_t size, gfp_t gfp)
{
	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG) || !buf)
		return;
	if (xa_err(xa_store(&sizes, index_of(buf), xa_mk_value(size), gfp)))
		atomic_inc(&nr_unknown);
}

/* Says whether @buf may be freed. */
static bool forget(const void *buf, size_t size, unsigned long ip)
{
	void *entry;

	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		return true;

	entry = xa_erase(&sizes, index_of(buf));
	if (!entry) {
		if (atomic_read(&nr_unknown))
			return true;
		devmap_misuse_at("kmem_free(9F)", ip,
				 "freed twice, or not from kmem_alloc(9F)");
		return false;
	}
	if (xa_to_value(entry) != size)
		devmap_misuse_at("kmem_free(9F)", ip,
				 "%zu bytes freed, %lu allocated", size,
				 xa_to_value(entry));
	return true;
}

static void *alloc(size_t size, int flag, gfp_t gfp)
{
	void *buf;

	if (!size)
		return NULL;

	gfp |= devmap_frame_gfp_account();
	if (flag & KM_NOSLEEP) {
		gfp |= GFP_NOWAIT | __GFP_NOWARN;
		buf = size > KMALLOC_MAX_SIZE ? NULL : kmalloc(size, gfp);
	} else {
		gfp |= GFP_KERNEL | __GFP_NOFAIL;
		/* kvmalloc() refuses, with a splat, what vmalloc() may have. */
		buf = size > INT_MAX ? __vmalloc(size, gfp) :
				       kvmalloc(size, gfp);
	}
	remember(buf, size, gfp & ~__GFP_ZERO);
	return buf;
}

/**
 * kmem_alloc() - allocate kernel memory
 * @size: bytes
 * @flag: KM_SLEEP: waits until there is memory, and cannot fail; KM_NOSLEEP
 *
 * kmem_alloc(9F). Aligned for any type. A page or more that is a power of two is
 * aligned to its size, as far as pages.
 *
 * Context: Process context; any context with KM_NOSLEEP.
 * Return: the memory, with anything in it. NULL if @size is 0, or if there is no
 * memory and KM_NOSLEEP is set.
 */
void *kmem_alloc(size_t size, int flag)
{
	return alloc(size, flag, 0);
}
EXPORT_SYMBOL_GPL(kmem_alloc);

/**
 * kmem_zalloc() - allocate kernel memory and clear it
 * @size: as for kmem_alloc()
 * @flag: as for kmem_alloc()
 *
 * kmem_zalloc(9F).
 *
 * Context: As for kmem_alloc().
 * Return: as for kmem_alloc(), all of it zero.
 */
void *kmem_zalloc(size_t size, int flag)
{
	return alloc(size, flag, __GFP_ZERO);
}
EXPORT_SYMBOL_GPL(kmem_zalloc);

/**
 * kmem_free() - free memory of kmem_alloc() or kmem_zalloc()
 * @buf: the memory; NULL if @size is 0
 * @size: the size that it was allocated with
 *
 * kmem_free(9F).
 *
 * Context: Process context.
 */
void kmem_free(void *buf, size_t size)
{
	if (!buf) {
		if (size)
			devmap_misuse("kmem_free(9F)", "%zu bytes at NULL",
				      size);
		return;
	}
	if (forget(buf, size, _RET_IP_))
		kvfree(buf);
}
EXPORT_SYMBOL_GPL(kmem_free);
