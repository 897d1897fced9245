/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device without hardware, for suites: it does what a case tells it, and
 * writes down every call of its entry points. One at a time, as cases run one
 * after the other.
 */
#ifndef _DEVMAP_TESTDEV_H
#define _DEVMAP_TESTDEV_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/mm_types.h>
#include <sys/ddidevmap.h>

#include "../devmap/range.h"
#include "../devmap/stats.h"
#include "../linux/kunit.h"

#define TESTDEV_PAGES	64
#define TESTDEV_LOG	2048

#define TESTDEV_SPAN(f, n) ((struct devmap_span){ .first = (f), .nr = (n) })

struct devmap_dev_ops;
struct devmap_handle;
struct devmap_segment;

enum testdev_entry {
	TESTDEV_DEVMAP,
	TESTDEV_MAP,
	TESTDEV_ACCESS,
	TESTDEV_DUP,
	TESTDEV_UNMAP,
	TESTDEV_MMAP,
	TESTDEV_NR_ENTRIES,
};

/**
 * struct testdev - the device; belongs to the thread of the case
 * @test: the case
 * @dip: the instance
 * @ops: entry points; devmap(9E) and mmap(9E), and D_DEVMAP is set, at first
 * @file: open for reading and writing
 * @mm: an address space that is never looked into
 * @memory: what it maps: TESTDEV_PAGES pages, each begins with its number
 * @cookie: of @memory
 * @ctl: callbacks that devmap(9E) names; all of them at first
 * @maxprot: what devmap(9E) allows; all at first
 * @flags: of the set-up; DEVMAP_ALLOW_REMAP at first
 * @piece: pages per devmap(9E) at most; 0: no limit
 * @maplen: what devmap(9E) sets *maplen to; 0: what it has set up
 * @no_setup: devmap(9E) sets nothing up
 * @noframe: bits of pages that mmap(9E) refuses
 * @access: what devmap_access(9E) does; devmap_default_access() at first
 * @before_unmapped: called by devmap_unmap(9E), or NULL
 * @refuse_at: which call of an entry point fails, from 1; 0: none
 * @refusal: what it returns then
 * @nr_calls: how many there were
 * @nr_pvtp: how many private data were given out; they are numbers from 1
 * @last: the handle of the last call
 * @log: the calls since testdev_expect()
 * @used: length of @log
 * @gone: testdev_destroy() was called
 * @released: the last reference on @file is gone
 * @before: objects of the layer before there was a device
 */
struct testdev {
	struct kunit *test;
	dev_info_t *dip;
	struct devmap_dev_ops *ops;
	struct file *file;
	struct mm_struct *mm;
	void *memory;
	ddi_umem_cookie_t cookie;
	struct devmap_callback_ctl ctl;
	uint_t maxprot;
	uint_t flags;
	unsigned long piece;
	size_t maplen;
	bool no_setup;
	u64 noframe;
	int (*access)(struct testdev *td, struct devmap_handle *h,
		      offset_t off, size_t len, uint_t type, uint_t rw);
	void (*before_unmapped)(struct testdev *td, struct devmap_handle *h);
	int refuse_at[TESTDEV_NR_ENTRIES];
	int refusal;
	int nr_calls[TESTDEV_NR_ENTRIES];
	unsigned long nr_pvtp;
	struct devmap_handle *last;
	char log[TESTDEV_LOG];
	size_t used;
	bool gone;
	struct completion released;
	long before[DEVMAP_STAT_NR];
};

struct testdev *testdev_create(struct kunit *test);
void testdev_open(struct testdev *td);
void testdev_destroy(struct testdev *td);
void testdev_note(struct testdev *td, const char *format, ...) __printf(2, 3);
void testdev_forget(struct testdev *td);

struct devmap_segment *testdev_segment(struct testdev *td, unsigned long first,
				       unsigned long nr);
void testdev_segment_gone(struct testdev *td, struct devmap_segment *seg);
struct devmap_handle *testdev_handle(struct testdev *td,
				     struct devmap_segment *seg,
				     unsigned long first, unsigned long nr);
struct vm_area_struct *testdev_show(struct testdev *td,
				    struct devmap_segment *seg,
				    unsigned long first, unsigned long nr);
void testdev_link(struct testdev *td, struct vm_area_struct *vma);
void testdev_hide(struct testdev *td, struct vm_area_struct *vma);

int testdev_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		   size_t *maplen, uint_t model);
long testdev_stat(enum devmap_stat stat);

/* The complete list of calls since the last time, one after the other. */
#define testdev_expect(td, text) do {					\
	struct testdev *testdev_td = (td);				\
									\
	KUNIT_EXPECT_STREQ(testdev_td->test, testdev_td->log, text);	\
	testdev_forget(testdev_td);					\
} while (0)

#endif /* _DEVMAP_TESTDEV_H */
