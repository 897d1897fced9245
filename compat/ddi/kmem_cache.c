// SPDX-License-Identifier: GPL-2.0
/*
 * Objects of one size: kmem_cache_create(9F).
 *
 * An object is made when it is allocated and unmade when it is freed. A driver
 * cannot tell that from Solaris, where objects stay made in between; it costs the
 * time that Solaris saves. What Linux calls a cache would bring nothing here:
 * kmem_alloc(9F) has such for all usual sizes.
 */
#define _KERNEL

#include <linux/atomic.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "misuse.h"

#include <sys/kmem.h>

/**
 * struct devmap_ddi_kmem_cache - what a kmem_cache_t is
 * @size: to allocate for an object; constant
 * @constructor: constant; may be NULL
 * @destructor: constant; may be NULL
 * @private: for both; constant
 * @nr: objects that are allocated
 */
struct devmap_ddi_kmem_cache {
	size_t size;
	int (*constructor)(void *buf, void *private, int flag);
	void (*destructor)(void *buf, void *private);
	void *private;
	atomic_long_t nr;
};

/* What is a power of two, kmem_alloc(9F) aligns to its size. */
static size_t size_of(size_t bufsize, size_t align)
{
	if (align <= ARCH_KMALLOC_MINALIGN)
		return bufsize;
	return roundup_pow_of_two(max(bufsize, align));
}

/**
 * kmem_cache_create() - make a cache of objects
 * @name: ignored
 * @bufsize: bytes of an object
 * @align: of an object, not more than a page; a power of two, or 0
 * @constructor: makes an object of memory; 0, or -1 if it could not, which only an
 *	allocation with KM_NOSLEEP may see. NULL: there is nothing to do
 * @destructor: unmakes an object. NULL: there is nothing to do
 * @reclaim: ignored: no memory lies idle here
 * @private: for @constructor and @destructor
 * @vmp: NULL
 * @cflags: ignored
 *
 * kmem_cache_create(9F).
 *
 * Context: Process context; may sleep.
 * Return: the cache.
 */
kmem_cache_t *kmem_cache_create(char *name, size_t bufsize, size_t align,
				int (*constructor)(void *buf, void *private,
						   int flag),
				void (*destructor)(void *buf, void *private),
				void (*reclaim)(void *private), void *private,
				void *vmp, int cflags)
{
	kmem_cache_t *cp = kmem_zalloc(sizeof(*cp), KM_SLEEP);

	if (align && !is_power_of_2(align))
		devmap_misuse("kmem_cache_create(9F)",
			      "the alignment is no power of two");
	cp->size = size_of(bufsize, align);
	cp->constructor = constructor;
	cp->destructor = destructor;
	cp->private = private;
	return cp;
}
EXPORT_SYMBOL_GPL(kmem_cache_create);

/**
 * kmem_cache_destroy() - the last that is done with a cache
 * @cp: the cache; all its objects are freed
 *
 * kmem_cache_destroy(9F).
 *
 * Context: Process context; may sleep.
 */
void kmem_cache_destroy(kmem_cache_t *cp)
{
	long nr = atomic_long_read(&cp->nr);

	if (nr) {
		devmap_misuse("kmem_cache_destroy(9F)",
			      "%ld objects are not freed", nr);
		return;
	}
	kmem_free(cp, sizeof(*cp));
}
EXPORT_SYMBOL_GPL(kmem_cache_destroy);

/**
 * kmem_cache_alloc() - allocate an object
 * @cp: the cache
 * @flag: as for kmem_alloc()
 *
 * kmem_cache_alloc(9F).
 *
 * Context: Process context; any context with KM_NOSLEEP, if the constructor may
 * be called there.
 * Return: the object; NULL if there is no memory and KM_NOSLEEP is set.
 */
void *kmem_cache_alloc(kmem_cache_t *cp, int flag)
{
	void *buf = kmem_alloc(cp->size, flag);

	if (!buf)
		return NULL;
	if (cp->constructor && cp->constructor(buf, cp->private, flag)) {
		kmem_free(buf, cp->size);
		return NULL;
	}
	atomic_long_inc(&cp->nr);
	return buf;
}
EXPORT_SYMBOL_GPL(kmem_cache_alloc);

/**
 * kmem_cache_free() - free an object
 * @cp: the cache
 * @buf: the object
 *
 * kmem_cache_free(9F).
 *
 * Context: Process context.
 */
void kmem_cache_free(kmem_cache_t *cp, void *buf)
{
	if (!buf)
		return;
	if (cp->destructor)
		cp->destructor(buf, cp->private);
	atomic_long_dec(&cp->nr);
	kmem_free(buf, cp->size);
}
EXPORT_SYMBOL_GPL(kmem_cache_free);
