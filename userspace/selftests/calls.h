/* SPDX-License-Identifier: GPL-2.0 */
/* What else the test device calls of the layer, and looks at mappings with. */
#ifndef _SELFTESTS_CALLS_H
#define _SELFTESTS_CALLS_H

#include <sys/types.h>

#include "common.h"

/* As the DDI's headers have them, which are the kernel's. */
#define DEVMAP_LOCK	2
#define DEVMAP_UNLOCK	3
#define DDI_UMEM_TRASH	0x04
#define DDI_UMEMLOCK_READ	0x01
#define DDI_UMEMLOCK_WRITE	0x02
#define DDI_UMEMLOCK_LONGTERM	0x04

#define RW	(PROT_READ | PROT_WRITE)

/* Each returns what the layer returned, or -errno of the ioctl. */
int dev_remap(int fd, uint32_t handle, const struct dmst_target *to);
int dev_remap_umem(int fd, uint32_t handle, uint32_t umem, int64_t target,
		   uint64_t len);
int dev_lock(int fd, uint32_t handle, int64_t off, uint64_t len, uint32_t rw);
int dev_unlock(int fd, uint32_t handle, int64_t off, uint64_t len, uint32_t rw);
int dev_umem_lock(int fd, uint32_t nr, uint32_t flags, void *addr, size_t len);
int dev_umem_lock_by(int fd, const struct dmst_umem_lock *how);

/* 0, or -errno. */
int dev_umem_flag(int fd, unsigned int nr, uint64_t size, uint32_t flag);
int dev_umem_free(int fd, unsigned int nr);

struct dmst_target umem_target(uint32_t umem, int64_t target, uint64_t len);
struct dmst_target invalid_target(uint64_t len);
int number_umem(int fd, unsigned int nr, unsigned int pages, uint32_t first);
struct dmst_pte dev_pte(int fd, const void *addr);
/* Of a translation of 2 MiB; 0: the kernel has none of device memory. */
unsigned int large_order(void);
long status_kb(const char *name);

/*
 * /proc/PID/mem. Bytes, or -errno. Of another process only for who traces it; that
 * process goes on, but whoever traces it has to pass signals on.
 */
int trace_begin(pid_t pid);
int mem_open(pid_t pid);
ssize_t mem_read(int mem, const void *addr, void *buf, size_t len);
ssize_t mem_write(int mem, void *addr, const void *buf, size_t len);

/* Records of the calls above; as in common.h. */
#define R_REMAP(h, k, n, o, l, m, f, ...) ((struct dmst_record){	\
	.op = DMST_OP_REMAP, .handle = (h), .type = (k), .out = (n),	\
	.off = (o), .len = (l), .prot = (m), .flags = (f), ##__VA_ARGS__ })
#define R_REMAP_UMEM(h, n, o, l, ...) \
	R_REMAP(h, DMST_UMEM, n, o, l, PROT_ALL, 0, ##__VA_ARGS__)
#define R_DEVLOCK(h, o, l, d, ...)	((struct dmst_record){		\
	.op = DMST_OP_LOCK, .handle = (h), .off = (o), .len = (l),	\
	.rw = (d), ##__VA_ARGS__ })
#define R_DEVUNLOCK(h, o, l, d, ...)	((struct dmst_record){		\
	.op = DMST_OP_UNLOCK, .handle = (h), .off = (o), .len = (l),	\
	.rw = (d), ##__VA_ARGS__ })
#define R_SOFTLOCK(h, p, o, l, d, ...) \
	R_ACCESS(h, p, o, l, d, .type = DEVMAP_LOCK, ##__VA_ARGS__)
#define R_SOFTUNLOCK(h, p, o, l, d, ...) \
	R_ACCESS(h, p, o, l, d, .type = DEVMAP_UNLOCK, ##__VA_ARGS__)

#endif /* _SELFTESTS_CALLS_H */
