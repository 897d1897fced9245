/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test programs share: the test device, touching memory that may
 * answer with a signal, and comparing the record of callbacks.
 *
 * Nothing here needs kselftest_harness.h, which only fits into one file of a
 * program: functions tell what is wrong on stderr and return non-zero.
 */
#ifndef _SELFTESTS_COMMON_H
#define _SELFTESTS_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kselftest.h"

#include "kmod/devmap_selftest.h"

typedef __u32 u32;
typedef __u64 u64;

#define P		0x1000UL	/* the page size */
#define DEVICES		2
#define SOME_ERROR	0x7fffffff	/* as ret of a record: anything but 0 */

/* Handles in the order of their creation. */
enum { A = 1, B, C, D, E, F, G, H };

/* From the DDI's headers, which are the kernel's. */
#define DDI_MODEL_LP64	0x00200000
#define PROT_USER	0x8
#define PROT_ALL	0xf
#define DDI_READ	1
#define DDI_WRITE	2
#define DDI_EXEC	3
#define DEVMAP_OPS_REV	1
#define DEVMAP_MAPPING_INVALID	0x01
#define DEVMAP_ALLOW_REMAP	0x02
#define DEVMAP_USE_PAGESIZE	0x04
#define IOMEM_DATA_CACHED	0x10000
#define IOMEM_DATA_UC_WR_COMBINE 0x20000
#define IOMEM_DATA_UNCACHED	0x40000
#define DDI_UMEM_NOSLEEP	0x01
#define DDI_UMEM_PAGEABLE	0x02

/**
 * struct objects - live objects of the layer, from debugfs
 */
struct objects {
	long instances;
	long windows;
	long segments;
	long handles;
	long cookies;
};

/* effort.c: how often to do it */
unsigned long effort(unsigned long n);

/* file.c: files of the kernel */
int file_write(const char *path, const char *text);

/* device.c: the test device */
int test_begin(struct objects *base);
int test_end(const struct objects *base);
int objects_read(struct objects *objects);
int dev_open(int nr, int flags);
u32 dev_number(int fd);
int dev_info(int fd, struct dmst_info *info);
int dev_script(int fd, const struct dmst_script *script);
int dev_regions(int fd, const struct dmst_region *regions, size_t nr);
struct dmst_region dev_region(u64 off, u64 len);
int dev_plain(int fd, enum dmst_access access, u64 chunk);
int dev_umem(int fd, unsigned int nr, u64 size);
int dev_poke(int fd, unsigned int nr, u64 off, u32 value);
u32 dev_peek(int fd, unsigned int nr, u64 off);
int dev_unload(int fd, u32 handle, int64_t off, u64 len);
int dev_load(int fd, u32 handle, int64_t off, u64 len);
int dev_fail(int fd, enum dmst_op op, u32 nth, int ret);
int dev_timeout(int fd, u32 handle, int64_t ticks);
int dev_wait_calls(int fd, enum dmst_op op, u64 nr);
int dev_wait_sleepers(int fd, u32 nr);
long dev_map(int fd, u64 off, size_t len, int prot, int flags);
void *dev_mmap(int fd, u64 off, size_t len);

/* record.c: the device's record of callbacks */
ssize_t log_read(int fd, struct dmst_record *records, size_t nr);
int log_clear(int fd);
int log_check(int fd, const char *where, int line,
	      const struct dmst_record *want, size_t nr);

/* touch.c: memory accesses that may end in a signal */
int touch_read(const void *addr, u32 *value);
int touch_write(void *addr, u32 value);
int touch_exec(void *addr);
int touch(void *addr, int direction);
u64 now_ns(void);
void sleep_ms(unsigned int ms);
void tell(const char *format, ...) __printf(1, 2);

/*
 * The whole record since the last look has to be what is listed, and no more;
 * without a list it has to be empty.
 */
#define EXPECT_LOG(fd, ...) do {					\
	const struct dmst_record want_[] = { __VA_ARGS__ };		\
									\
	EXPECT_EQ(0, log_check(fd, __func__, __LINE__, want_,		\
			       ARRAY_SIZE(want_)));			\
} while (0)

#define EXPECT_NO_LOG(fd) \
	EXPECT_EQ(0, log_check(fd, __func__, __LINE__, NULL, 0))

/* Records. What differs from the usual is added: .pid = ..., .ret = ... */
#define R_SEGMAP(o, l, p, m, f, a, ...)	((struct dmst_record){		\
	.op = DMST_OP_SEGMAP, .off = (o), .len = (l), .prot = (p),	\
	.rw = (m), .flags = (f), .out = (a), ##__VA_ARGS__ })
#define R_DEVMAP(h, o, l, m, ...)	((struct dmst_record){		\
	.op = DMST_OP_DEVMAP, .handle = (h), .off = (o), .len = (l),	\
	.out = (m), .type = DDI_MODEL_LP64, ##__VA_ARGS__ })
#define R_SETUP(h, o, l, m, f, ...)	((struct dmst_record){		\
	.op = DMST_OP_SETUP, .handle = (h), .off = (o), .len = (l),	\
	.prot = (m), .flags = (f), ##__VA_ARGS__ })
#define R_MAP(h, f, o, l, np, ...)	((struct dmst_record){		\
	.op = DMST_OP_MAP, .handle = (h), .flags = (f), .off = (o),	\
	.len = (l), .npv1 = (np), ##__VA_ARGS__ })
#define R_ACCESS(h, p, o, l, d, ...)	((struct dmst_record){		\
	.op = DMST_OP_ACCESS, .handle = (h), .pvtp = (p), .off = (o),	\
	.len = (l), .rw = (d), ##__VA_ARGS__ })
#define R_CTX(h, p, o, l, d, ...)	((struct dmst_record){		\
	.op = DMST_OP_CTX, .handle = (h), .pvtp = (p), .off = (o),	\
	.len = (l), .rw = (d), ##__VA_ARGS__ })
#define R_LOAD(h, o, l, d, ...)		((struct dmst_record){		\
	.op = DMST_OP_LOAD, .handle = (h), .off = (o), .len = (l),	\
	.rw = (d), ##__VA_ARGS__ })
#define R_UNLOAD(h, o, l, ...)		((struct dmst_record){		\
	.op = DMST_OP_UNLOAD, .handle = (h), .off = (o), .len = (l),	\
	##__VA_ARGS__ })
#define R_DUP(h, p, n, np, ...)		((struct dmst_record){		\
	.op = DMST_OP_DUP, .handle = (h), .pvtp = (p), .new1 = (n),	\
	.npv1 = (np), ##__VA_ARGS__ })
#define R_UNMAP(h, p, o, l, n1, np1, n2, np2, ...) ((struct dmst_record){ \
	.op = DMST_OP_UNMAP, .handle = (h), .pvtp = (p), .off = (o),	\
	.len = (l), .new1 = (n1), .npv1 = (np1), .new2 = (n2),		\
	.npv2 = (np2), ##__VA_ARGS__ })
#define R_UNMAP_ALL(h, p, o, l, ...) \
	R_UNMAP(h, p, o, l, 0, 0, 0, 0, ##__VA_ARGS__)
#define R_CLOSE(...) ((struct dmst_record){ .op = DMST_OP_CLOSE, ##__VA_ARGS__ })

#endif /* _SELFTESTS_COMMON_H */
