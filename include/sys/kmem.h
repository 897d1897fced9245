/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel memory: kmem_alloc(9F). */
#ifndef _DEVMAP_SYS_KMEM_H
#define _DEVMAP_SYS_KMEM_H

#include <sys/types.h>

/* flag argument: KM_SLEEP cannot fail */
#define KM_SLEEP	0x0000
#define KM_NOSLEEP	0x0001
#define KM_PANIC	0x0002
#define KM_PUSHPAGE	0x0004
#define KM_NORMALPRI	0x0008
#define KM_NOSLEEP_LAZY	(KM_NOSLEEP | KM_NORMALPRI)

#define kmem_alloc	devmap_ddi_kmem_alloc
#define kmem_zalloc	devmap_ddi_kmem_zalloc
#define kmem_free	devmap_ddi_kmem_free

void *kmem_alloc(size_t size, int flag);
void *kmem_zalloc(size_t size, int flag);
void kmem_free(void *buf, size_t size);

/* Objects of one size. The name of Linux' structure stays its own. */
typedef struct devmap_ddi_kmem_cache kmem_cache_t;

#undef kmem_cache_alloc
#undef kmem_cache_create

#define kmem_cache_create	devmap_ddi_kmem_cache_create
#define kmem_cache_destroy	devmap_ddi_kmem_cache_destroy
#define kmem_cache_alloc	devmap_ddi_kmem_cache_alloc
#define kmem_cache_free		devmap_ddi_kmem_cache_free

kmem_cache_t *kmem_cache_create(char *name, size_t bufsize, size_t align,
				int (*constructor)(void *buf, void *private,
						   int flag),
				void (*destructor)(void *buf, void *private),
				void (*reclaim)(void *private), void *private,
				void *vmp, int cflags);
void kmem_cache_destroy(kmem_cache_t *cp);
void *kmem_cache_alloc(kmem_cache_t *cp, int flag);
void kmem_cache_free(kmem_cache_t *cp, void *buf);

#endif /* _DEVMAP_SYS_KMEM_H */
