/* SPDX-License-Identifier: GPL-2.0 */
/* The device of the older interface, as a test program sees it. */
#ifndef _SELFTESTS_OLDDEV_H
#define _SELFTESTS_OLDDEV_H

#include "common.h"
#include "kmod/devmap_olddev.h"

#define DDI_MODEL_NONE	0
#define DDI_MODEL_ILP32	0x00100000

int old_begin(struct objects *base);
int old_end(const struct objects *base);
int old_open(int nr, int flags);
struct old_script old_script(enum old_segmap segmap, unsigned int nr_pages);
int old_set(int fd, const struct old_script *script);
int old_poke(int fd, unsigned int page, uint32_t value);
uint32_t old_peek(int fd, unsigned int page);
int old_intercept(int fd, uint32_t handle, int64_t off, int64_t len);
int old_nointercept(int fd, uint32_t handle, int64_t off, int64_t len);
int old_acc_attr(int fd, uint32_t handle, int64_t off, int64_t len);
int old_fail(int fd, enum old_op op, uint32_t nth, int ret);
int old_info(int fd, struct old_info *info);
int old_wait_calls(int fd, enum old_op op, uint64_t nr);
int old_nothing_left(void);
int old_clear(int fd);
int old_check(int fd, const char *where, int line,
	      const struct old_record *want, size_t nr);

/*
 * The whole record since the last look has to be what is listed, and no more;
 * without a list it has to be empty.
 */
#define EXPECT_OLD(fd, ...) do {					\
	const struct old_record want_[] = { __VA_ARGS__ };		\
									\
	EXPECT_EQ(0, old_check(fd, __func__, __LINE__, want_,		\
			       ARRAY_SIZE(want_)));				\
} while (0)

#define EXPECT_NO_OLD(fd) \
	EXPECT_EQ(0, old_check(fd, __func__, __LINE__, NULL, 0))

/*
 * Records. What differs from the usual is added: .pid = ..., .ret = ... All entry
 * points but mmap(9E) find that there is no model to ask for. Private data has the
 * number of its handle.
 */
#define O_SEGMAP(o, l, p, m, f, a, ...)	((struct old_record){		\
	.op = OLD_OP_SEGMAP, .off = (o), .len = (l), .prot = (p),	\
	.maxprot = (m), .flags = (f), .addr = (a),			\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_MMAP(o, p, page, ...) \
	O_MMAP_OF(DDI_MODEL_LP64, DDI_MODEL_NONE, o, p, page, ##__VA_ARGS__)
#define O_MMAP32(o, p, page, ...) \
	O_MMAP_OF(DDI_MODEL_ILP32, DDI_MODEL_ILP32, o, p, page, ##__VA_ARGS__)
#define O_MMAP_OF(mo, c, o, p, page, ...) ((struct old_record){		\
	.op = OLD_OP_MMAP, .off = (o), .prot = (p), .ret = (page),	\
	.model = (mo), .convert = (c), ##__VA_ARGS__ })
#define O_DEVMAP(o, l, ...) \
	O_DEVMAP_OF(DDI_MODEL_LP64, DDI_MODEL_NONE, o, l, ##__VA_ARGS__)
#define O_DEVMAP32(o, l, ...) \
	O_DEVMAP_OF(DDI_MODEL_ILP32, DDI_MODEL_ILP32, o, l, ##__VA_ARGS__)
#define O_DEVMAP_OF(mo, c, o, l, ...)	((struct old_record){		\
	.op = OLD_OP_DEVMAP, .off = (o), .len = (l),			\
	.model = (mo), .convert = (c), ##__VA_ARGS__ })
#define O_MAP(f, o, l, ...)		((struct old_record){		\
	.op = OLD_OP_MAP, .flags = (f), .off = (o), .len = (l),		\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_UNMAP(o, l, ...)		((struct old_record){		\
	.op = OLD_OP_UNMAP, .off = (o), .len = (l),			\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_ACCESS(h, o, ...)		((struct old_record){		\
	.op = OLD_OP_ACCESS, .handle = (h), .off = (o),	\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_DUP(h, n, ...)		((struct old_record){		\
	.op = OLD_OP_DUP, .handle = (h), .new_handle = (n),		\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_FREE(h, ...)			((struct old_record){		\
	.op = OLD_OP_FREE, .handle = (h),				\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_INTERCEPT(h, o, l, ...)	((struct old_record){		\
	.op = OLD_OP_INTERCEPT, .handle = (h), .off = (o), .len = (l),	\
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })
#define O_NOINTERCEPT(h, o, l, ...)	((struct old_record){		\
	.op = OLD_OP_NOINTERCEPT, .handle = (h), .off = (o), .len = (l), \
	.model = OLD_NO_MODEL, ##__VA_ARGS__ })

#endif /* _SELFTESTS_OLDDEV_H */
