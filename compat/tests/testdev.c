// SPDX-License-Identifier: GPL-2.0
/* A device without hardware: see testdev.h. */

#include <linux/anon_inodes.h>
#include <linux/atomic.h>
#include <linux/devmap.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/interval_tree_generic.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <sys/conf.h>
#include <sys/mman.h>

#include "../devmap/ctxmgt.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "testdev.h"

#define PATIENCE	(30 * HZ)

/* What the entry points that get no data of the driver's work on. */
static struct testdev *the_device;

long testdev_stat(enum devmap_stat stat)
{
	return atomic_long_read(&devmap_stats[stat]);
}

/**
 * testdev_note() - add to the list of calls
 * @td: the device
 * @format: as of printf()
 */
void testdev_note(struct testdev *td, const char *format, ...)
{
	va_list args;

	if (td->used)
		td->used += scnprintf(td->log + td->used,
				      sizeof(td->log) - td->used, "; ");
	va_start(args, format);
	td->used += vscnprintf(td->log + td->used, sizeof(td->log) - td->used,
			       format, args);
	va_end(args);
}

void testdev_forget(struct testdev *td)
{
	td->used = 0;
	td->log[0] = '\0';
}

/* "12+3" */
static void note_range(struct testdev *td, const char *what, offset_t off,
		       size_t len)
{
	testdev_note(td, "%s %llu+%zu", what, off >> PAGE_SHIFT,
		     len >> PAGE_SHIFT);
}

/* Goes on in the line of the last note. */
static void note_more(struct testdev *td, const char *what, unsigned long value)
{
	td->used += scnprintf(td->log + td->used, sizeof(td->log) - td->used,
			      " %s%lu", what, value);
}

static bool refuses(struct testdev *td, enum testdev_entry entry)
{
	return ++td->nr_calls[entry] == td->refuse_at[entry];
}

static void *new_pvtp(struct testdev *td)
{
	td->nr_pvtp++;
	return (void *)td->nr_pvtp;
}

static int entry_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
		     size_t len, void **pvtp)
{
	struct testdev *td = the_device;

	note_range(td, flags == MAP_PRIVATE ? "private" : "map", off, len);
	td->last = dhp;
	if (refuses(td, TESTDEV_MAP)) {
		note_more(td, "!", td->refusal);
		return td->refusal;
	}
	*pvtp = new_pvtp(td);
	note_more(td, "=", td->nr_pvtp);
	return 0;
}

static int entry_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
			size_t len, uint_t type, uint_t rw)
{
	static const char * const types[] = {
		[DEVMAP_ACCESS] = "access",
		[DEVMAP_LOCK] = "lock",
		[DEVMAP_UNLOCK] = "unlock",
	};
	struct testdev *td = the_device;

	note_range(td, types[type], off, len);
	td->used += scnprintf(td->log + td->used, sizeof(td->log) - td->used,
			      rw == DEVMAP_WRITE ? " w" :
			      rw == DEVMAP_EXEC ? " x" : " r");
	note_more(td, "#", (unsigned long)pvtp);
	td->last = dhp;
	if (refuses(td, TESTDEV_ACCESS)) {
		note_more(td, "!", td->refusal);
		return td->refusal;
	}
	return td->access(td, dhp, off, len, type, rw);
}

static int entry_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		     void **new_pvtp_p)
{
	struct testdev *td = the_device;
	struct devmap_handle *h = dhp, *new = new_dhp;

	KUNIT_EXPECT_NULL(td->test, *new_pvtp_p);
	note_range(td, "dup", devmap_span_off(&new->span),
		   devmap_span_len(&new->span));
	note_more(td, "#", (unsigned long)pvtp);
	KUNIT_EXPECT_EQ(td->test, h->span.first, new->span.first);
	td->last = new;
	if (refuses(td, TESTDEV_DUP)) {
		note_more(td, "!", td->refusal);
		return td->refusal;
	}
	*new_pvtp_p = new_pvtp(td);
	note_more(td, "=", td->nr_pvtp);
	return 0;
}

static void entry_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off,
			size_t len, devmap_cookie_t new_dhp1, void **new_pvtp1,
			devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct testdev *td = the_device;
	struct devmap_handle *h = dhp;

	note_range(td, "unmap", off, len);
	note_more(td, "#", (unsigned long)pvtp);
	KUNIT_EXPECT_EQ(td->test, !new_dhp1, !new_pvtp1);
	KUNIT_EXPECT_EQ(td->test, !new_dhp2, !new_pvtp2);
	if (new_dhp1) {
		KUNIT_EXPECT_PTR_EQ(td->test, new_dhp1, dhp);
		KUNIT_EXPECT_NULL(td->test, *new_pvtp1);
		*new_pvtp1 = new_pvtp(td);
		note_more(td, "low=", td->nr_pvtp);
	}
	if (new_dhp2) {
		/* The upper part has the old handle, unless the lower has. */
		KUNIT_EXPECT_EQ(td->test, new_dhp2 == dhp, !new_dhp1);
		KUNIT_EXPECT_NULL(td->test, *new_pvtp2);
		*new_pvtp2 = new_pvtp(td);
		note_more(td, "high=", td->nr_pvtp);
	}
	td->last = h;
	if (td->before_unmapped)
		td->before_unmapped(td, h);
}

/**
 * testdev_devmap() - devmap(9E)
 * @dev: passed to nobody
 * @dhp: the handle
 * @off: user offset
 * @len: bytes that are left
 * @maplen: bytes set up
 * @model: not looked at
 *
 * Return: 0, or what &testdev.refusal says.
 */
int testdev_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		   size_t *maplen, uint_t model)
{
	struct testdev *td = the_device;
	int err;

	note_range(td, "devmap", off, len);
	if (refuses(td, TESTDEV_DEVMAP))
		return td->refusal;

	if (td->piece)
		len = min(len, td->piece << PAGE_SHIFT);
	*maplen = td->maplen ?: len;
	if (td->no_setup)
		return 0;
	err = devmap_umem_setup(dhp, td->dip, &td->ctl, td->cookie, off, len,
				td->maxprot, td->flags, NULL);
	KUNIT_EXPECT_EQ(td->test, err, 0);
	return err;
}

static int entry_mmap(dev_t dev, off_t off, int prot)
{
	struct testdev *td = the_device;

	testdev_note(td, "mmap %lu %s", (unsigned long)off >> PAGE_SHIFT,
		     prot & PROT_WRITE ? "w" : "r");
	if (refuses(td, TESTDEV_MMAP) ||
	    td->noframe & BIT_ULL(off >> PAGE_SHIFT))
		return -1;
	return vmalloc_to_pfn(td->memory + off);
}

static struct devmap_dev_ops testdev_ops;

static const struct devmap_callback_ctl all_callbacks = {
	.devmap_rev = DEVMAP_OPS_REV,
	.devmap_map = entry_map,
	.devmap_access = entry_access,
	.devmap_dup = entry_dup,
	.devmap_unmap = entry_unmap,
};

static int default_access(struct testdev *td, struct devmap_handle *h,
			  offset_t off, size_t len, uint_t type, uint_t rw)
{
	if (type == DEVMAP_UNLOCK)
		return 0;
	return devmap_default_access(h, NULL, off, len, type, rw);
}

static int testdev_fmmap(struct file *file, struct vm_area_struct *vma)
{
	struct testdev *td = file->private_data;

	return devmap_mmap(td->dip, vma);
}

static int testdev_frelease(struct inode *inode, struct file *file)
{
	struct testdev *td = file->private_data;

	devmap_release(td->dip, file);
	complete(&td->released);
	return 0;
}

static const struct file_operations testdev_fops = {
	.owner = THIS_MODULE,
	.mmap = testdev_fmmap,
	.release = testdev_frelease,
};

/* Its address spaces are gone by now, or are about to: a case may have died. */
static void close_file(void *arg)
{
	struct testdev *td = arg;

	fput(td->file);
	td->file = NULL;
	KUNIT_EXPECT_TRUE(td->test,
			  wait_for_completion_timeout(&td->released, PATIENCE));
	flush_delayed_fput();
}

/**
 * testdev_open() - make &testdev.file
 * @td: the device
 */
void testdev_open(struct testdev *td)
{
	struct file *file = anon_inode_getfile("[devmap_kunit]", &testdev_fops,
					       td, O_RDWR);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(td->test, file);
	td->file = file;
	KUNIT_ASSERT_EQ(td->test, 0, devmap_open(td->dip, file));
	KUNIT_ASSERT_EQ(td->test, 0,
			kunit_add_action_or_reset(td->test, close_file, td));
}

static void take_down(void *arg)
{
	struct testdev *td = arg;
	int i;

	if (!td->gone)
		devmap_dev_destroy(td->dip);
	ddi_umem_free(td->cookie);
	for (i = 0; i < DEVMAP_STAT_NR; i++)
		KUNIT_EXPECT_EQ_MSG(td->test, testdev_stat(i), td->before[i],
				    "objects of kind %d are left", i);
	the_device = NULL;
}

/**
 * testdev_destroy() - take the device out of service before the case ends
 * @td: the device
 */
void testdev_destroy(struct testdev *td)
{
	td->gone = true;
	devmap_dev_destroy(td->dip);
}

/**
 * testdev_create() - make a device for a case
 * @test: the case
 *
 * It is gone when the case is over; then nothing may be left of the layer's
 * objects that was not there before.
 *
 * Return: the device.
 */
struct testdev *testdev_create(struct kunit *test)
{
	struct testdev *td = kunit_kzalloc(test, sizeof(*td), GFP_KERNEL);
	unsigned long i;

	KUNIT_ASSERT_NOT_NULL(test, td);
	td->test = test;
	td->mm = kunit_kzalloc(test, sizeof(*td->mm), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, td->mm);
	td->ctl = all_callbacks;
	td->maxprot = PROT_READ | PROT_WRITE;
	td->flags = DEVMAP_ALLOW_REMAP;
	td->access = default_access;
	td->refusal = ENXIO;
	init_completion(&td->released);
	for (i = 0; i < DEVMAP_STAT_NR; i++)
		td->before[i] = testdev_stat(i);

	testdev_ops = (struct devmap_dev_ops){
		.devmap = testdev_devmap,
		.mmap = entry_mmap,
		.flag = D_DEVMAP,
	};
	td->ops = &testdev_ops;
	td->dip = devmap_dev_create(NULL, 0, &testdev_ops);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, td->dip);
	the_device = td;
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, take_down, td));

	td->memory = ddi_umem_alloc(TESTDEV_PAGES * PAGE_SIZE, DDI_UMEM_SLEEP,
				    &td->cookie);
	for (i = 0; i < TESTDEV_PAGES; i++)
		*(u64 *)(td->memory + i * PAGE_SIZE) = i;
	test->priv = td;
	return td;
}

static void destroy_segment(void *seg)
{
	devmap_segment_destroy(seg);
}

/**
 * testdev_segment() - a segment of an address space that is none
 * @td: the device
 * @first: its first page
 * @nr: its number of pages
 *
 * Return: the segment, without handles; freed when the case is over.
 */
struct devmap_segment *testdev_segment(struct testdev *td, unsigned long first,
				       unsigned long nr)
{
	struct devmap_segment *seg;

	seg = devmap_segment_create(td->dip, td->mm, 0,
				    &TESTDEV_SPAN(first, nr));
	KUNIT_ASSERT_NOT_NULL(td->test, seg);
	KUNIT_ASSERT_EQ(td->test, 0,
			kunit_add_action_or_reset(td->test, destroy_segment,
						  seg));
	return seg;
}

/**
 * testdev_segment_gone() - the code under test has freed a segment
 * @td: the device
 * @seg: of testdev_segment()
 */
void testdev_segment_gone(struct testdev *td, struct devmap_segment *seg)
{
	kunit_remove_action(td->test, destroy_segment, seg);
}

/**
 * testdev_handle() - a handle of a segment, as if devmap(9E) had set it up
 * @td: the device
 * @seg: the segment
 * @first: its first page
 * @nr: its number of pages
 *
 * Return: the handle; freed with the segment.
 */
struct devmap_handle *testdev_handle(struct testdev *td,
				     struct devmap_segment *seg,
				     unsigned long first, unsigned long nr)
{
	struct devmap_handle *h = devmap_handle_alloc();
	int err;

	KUNIT_ASSERT_NOT_NULL(td->test, h);
	err = devmap_handle_init(h, seg, &TESTDEV_SPAN(first, nr));
	if (err)
		devmap_handle_free(h);
	KUNIT_ASSERT_EQ(td->test, err, 0);

	h->seg = seg;
	devmap_handles_insert(&seg->handles, h);
	KUNIT_ASSERT_EQ(td->test, 0,
			devmap_umem_setup(h, td->dip, &td->ctl, td->cookie,
					  devmap_span_off(&h->span),
					  devmap_span_len(&h->span),
					  td->maxprot, td->flags, NULL));
	h->live = true;
	return h;
}

static unsigned long vma_first_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static unsigned long vma_final_pgoff(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

INTERVAL_TREE_DEFINE(struct vm_area_struct, shared.rb, unsigned long,
		     shared.rb_subtree_last, vma_first_pgoff, vma_final_pgoff,
		     static inline, testdev_rmap)

static void unlink_vma(void *arg)
{
	struct vm_area_struct *vma = arg;
	struct address_space *mapping = the_device->dip->inode->i_mapping;

	i_mmap_lock_write(mapping);
	testdev_rmap_remove(vma, &mapping->i_mmap);
	i_mmap_unlock_write(mapping);
}

/**
 * testdev_link() - make a VMA known to the reverse map, as mmap(2) and fork(2) do
 * @td: the device
 * @vma: the VMA
 */
void testdev_link(struct testdev *td, struct vm_area_struct *vma)
{
	struct address_space *mapping = td->dip->inode->i_mapping;

	i_mmap_lock_write(mapping);
	testdev_rmap_insert(vma, &mapping->i_mmap);
	i_mmap_unlock_write(mapping);
	KUNIT_ASSERT_EQ(td->test, 0,
			kunit_add_action_or_reset(td->test, unlink_vma, vma));
}

/**
 * testdev_show() - a VMA that is in the reverse map, but in no address space
 * @td: the device
 * @seg: the segment that it shows pages of
 * @first: first page
 * @nr: number of pages
 *
 * Return: the VMA.
 */
struct vm_area_struct *testdev_show(struct testdev *td,
				    struct devmap_segment *seg,
				    unsigned long first, unsigned long nr)
{
	struct vm_area_struct *vma;

	vma = kunit_kzalloc(td->test, sizeof(*vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(td->test, vma);
	vma->vm_mm = seg->mm;
	vma->vm_start = 0x10000000 + (first << PAGE_SHIFT);
	vma->vm_end = vma->vm_start + (nr << PAGE_SHIFT);
	vma->vm_pgoff = devmap_segment_pgoff(seg, first);
	vma->vm_private_data = seg;
	testdev_link(td, vma);
	return vma;
}

/**
 * testdev_hide() - undo testdev_show() and testdev_link()
 * @td: the device
 * @vma: the VMA
 */
void testdev_hide(struct testdev *td, struct vm_area_struct *vma)
{
	kunit_release_action(td->test, unlink_vma, vma);
}
