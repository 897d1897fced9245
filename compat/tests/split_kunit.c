// SPDX-License-Identifier: GPL-2.0
/*
 * Suites devmap_split and devmap_fork: what mmap(2), munmap(2), exit(2) and fork(2)
 * do to handles. The first three are real. A module cannot fork a process, so
 * there the child's VMAs are made here, as dup_mmap() makes them: copied, opened,
 * and linked into the reverse map.
 */

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/string.h>
#include <sys/ddidevmap.h>
#include <sys/mman.h>
#include <sys/sunddi.h>

#include "../devmap/fork.h"
#include "../devmap/handle.h"
#include "../devmap/instance.h"
#include "../devmap/segment.h"
#include "../linux/mm.h"
#include "testdev.h"
#include "testvm.h"

/**
 * struct split_fixture - what the cases start with
 * @td: the device
 * @vm: a process, which the case is
 * @addr: where it has mapped the pages 10 to 19, as private data number 1; all
 *	are loaded
 * @h: the handle
 * @seg: its segment
 */
struct split_fixture {
	struct testdev *td;
	struct testvm *vm;
	unsigned long addr;
	struct devmap_handle *h;
	struct devmap_segment *seg;
};

static void read_page(struct split_fixture *f, unsigned long page)
{
	testvm_expect_read(f->td->test, f->addr, page - 10, page);
}

static void map(struct split_fixture *f)
{
	unsigned long page;

	f->addr = testvm_map(f->td, 10, 10, MAP_SHARED);
	KUNIT_ASSERT_FALSE(f->td->test, IS_ERR_VALUE(f->addr));
	f->h = f->td->last;
	f->seg = f->h->seg;
	for (page = 10; page < 20; page++)
		read_page(f, page);
	testdev_forget(f->td);
}

static int split_init(struct kunit *test)
{
	struct split_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->td = testdev_create(test);
	testdev_open(f->td);
	f->vm = testvm_create(test);
	test->priv = f;
	return 0;
}

static void mmap_makes_one_vma(struct kunit *test)
{
	const unsigned long flags = VM_PFNMAP | VM_IO | VM_DONTEXPAND |
				    VM_DONTDUMP | VM_WIPEONFORK | VM_SHARED |
				    VM_READ | VM_WRITE;
	struct split_fixture *f = test->priv;
	struct vm_area_struct *vma;

	map(f);
	vma = testvm_vma(f->addr);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	KUNIT_EXPECT_EQ(test, vma->vm_flags & flags, flags);
	KUNIT_EXPECT_EQ(test, vma->vm_flags & VM_EXEC, 0);
	KUNIT_EXPECT_PTR_EQ(test, vma->vm_private_data, (void *)f->seg);
	KUNIT_EXPECT_EQ(test, vma->vm_pgoff, f->seg->win->base);
	KUNIT_EXPECT_EQ(test, f->seg->nr_vmas, 1);
	KUNIT_EXPECT_PTR_EQ(test, f->seg->mm, f->vm->mm);
	KUNIT_EXPECT_EQ(test, f->seg->prot & PROT_ALL, PROT_READ | PROT_WRITE |
						       PROT_USER);
}

static void mmap_asks_until_it_has_all(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	f->td->piece = 4;
	f->addr = testvm_map(f->td, 10, 10, MAP_SHARED);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(f->addr));
	testdev_expect(f->td,
		       "devmap 10+10; devmap 14+6; devmap 18+2; map 10+4 =1; map 14+4 =2; map 18+2 =3");
}

static void mmap_says_private(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct vm_area_struct *vma;

	f->addr = testvm_map(f->td, 10, 10, MAP_PRIVATE);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(f->addr));
	testdev_expect(f->td, "devmap 10+10; private 10+10 =1");
	vma = testvm_vma(f->addr);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	/* To Linux it is shared: nothing is copied on write. */
	KUNIT_EXPECT_TRUE(test, vma->vm_flags & VM_SHARED);
	KUNIT_EXPECT_EQ(test, 0, testvm_write(f->addr, 4711));
	KUNIT_EXPECT_EQ(test, *(u64 *)(f->td->memory + 10 * PAGE_SIZE), 4711);
}

static void mmap_that_fails_leaves_nothing(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	long segments = testdev_stat(DEVMAP_STAT_SEGMENTS);

	f->td->piece = 4;
	f->td->refuse_at[TESTDEV_MAP] = 2;
	KUNIT_EXPECT_EQ(test, (long)testvm_map(f->td, 10, 10, MAP_SHARED),
			-ENXIO);
	testdev_expect(f->td,
		       "devmap 10+10; devmap 14+6; devmap 18+2; map 10+4 =1; map 14+4 !6; unmap 10+4 #1");
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments);
}

/**
 * struct munmap_case - a hole in the pages 10 to 19
 * @name: of the case
 * @hole: its pages
 * @calls: what the driver hears
 * @at_exit: what it hears in the end
 * @vmas: how many are left
 */
struct munmap_case {
	const char *name;
	struct devmap_span hole;
	const char *calls;
	const char *at_exit;
	unsigned int vmas;
};

static const struct munmap_case munmap_cases[] = {
	{ "head", { 10, 3 }, "unmap 10+3 #1 high=2", "unmap 13+7 #2", 1 },
	{ "tail", { 18, 2 }, "unmap 18+2 #1 low=2", "unmap 10+8 #2", 1 },
	{ "middle", { 12, 3 }, "unmap 12+3 #1 low=2 high=3",
	  "unmap 10+2 #2; unmap 15+5 #3", 2 },
	{ "one page", { 11, 1 }, "unmap 11+1 #1 low=2 high=3",
	  "unmap 10+1 #2; unmap 12+8 #3", 2 },
	{ "all but the first", { 11, 9 }, "unmap 11+9 #1 low=2",
	  "unmap 10+1 #2", 1 },
	{ "all but the last", { 10, 9 }, "unmap 10+9 #1 high=2",
	  "unmap 19+1 #2", 1 },
};

KUNIT_ARRAY_PARAM_DESC(munmap, munmap_cases, name);

static void expect_hole(struct kunit *test, const struct munmap_case *c,
			bool fault)
{
	struct split_fixture *f = test->priv;
	unsigned long page;

	for (page = 10; page < 20; page++) {
		if (!devmap_span_has(&c->hole, page))
			read_page(f, page);
		else if (fault)
			testvm_expect_fault(test, f->addr, page - 10);
		else
			testvm_expect_read(test, f->addr, page - 10, 0);
	}
}

/* What is left keeps its translations: no access is told. */
static void munmap_cuts_hole(struct kunit *test)
{
	const struct munmap_case *c = test->param_value;
	struct split_fixture *f = test->priv;

	map(f);
	KUNIT_ASSERT_EQ(test, 0,
			vm_munmap(f->addr + ((c->hole.first - 10) << PAGE_SHIFT),
				  devmap_span_len(&c->hole)));
	testdev_expect(f->td, c->calls);
	KUNIT_EXPECT_EQ(test, f->seg->nr_vmas, c->vmas);
	KUNIT_EXPECT_LE(test, f->seg->nr_spares, c->vmas);
	expect_hole(test, c, true);
	testdev_expect(f->td, "");
	testvm_exit(f->vm);
	testdev_expect(f->td, c->at_exit);
}

static void mmap_over_it_cuts_hole(struct kunit *test)
{
	const struct munmap_case *c = test->param_value;
	struct split_fixture *f = test->priv;
	unsigned long addr;

	map(f);
	addr = f->addr + ((c->hole.first - 10) << PAGE_SHIFT);
	KUNIT_ASSERT_EQ(test, addr,
			vm_mmap(NULL, addr, devmap_span_len(&c->hole),
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0));
	testdev_expect(f->td, c->calls);
	expect_hole(test, c, false);
	testvm_exit(f->vm);
	testdev_expect(f->td, c->at_exit);
}

static void munmap_of_all_is_whole_form(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	long segments = testdev_stat(DEVMAP_STAT_SEGMENTS);

	map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, 10 * PAGE_SIZE));
	testdev_expect(f->td, "unmap 10+10 #1");
	KUNIT_EXPECT_EQ(test, testdev_stat(DEVMAP_STAT_SEGMENTS), segments);
	testvm_expect_fault(test, f->addr, 0);
}

static void exit_is_whole_form(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	f->td->piece = 6;
	map(f);
	testvm_exit(f->vm);
	testdev_expect(f->td, "unmap 10+6 #1; unmap 16+4 #2");
}

/* Pieces that mprotect(2), say, has left go as one. */
static void munmap_of_pieces_is_told_at_once(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	unsigned long page;

	map(f);
	for (page = 11; page < 19; page += 3)
		KUNIT_ASSERT_EQ(test, 0,
				vm_munmap(f->addr + ((page - 10) << PAGE_SHIFT),
					  PAGE_SIZE));
	testdev_expect(f->td,
		       "unmap 11+1 #1 low=2 high=3; unmap 14+1 #3 low=4 high=5; unmap 17+1 #5 low=6 high=7");
	KUNIT_EXPECT_EQ(test, f->seg->nr_vmas, 4);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, 10 * PAGE_SIZE));
	testdev_expect(f->td,
		       "unmap 10+1 #2; unmap 12+2 #4; unmap 15+2 #6; unmap 18+2 #7");
}

static void remnants_are_unloaded_on_their_own(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, 0, devmap_unload(f->h, 0, 0));
	read_page(f, 15);
	testdev_expect(f->td, "");
	read_page(f, 11);
	testdev_expect(f->td, "access 11+1 r #2");
	KUNIT_EXPECT_NE(test, 0, devmap_unload(f->h, 15 * PAGE_SIZE, 1));
}

static int may_protect(struct split_fixture *f, unsigned long first,
		       unsigned long nr, unsigned long newflags)
{
	struct vm_area_struct *vma = testvm_vma(f->addr);
	unsigned long start = f->addr + ((first - 10) << PAGE_SHIFT);
	int err;

	mmap_write_lock(current->mm);
	err = vma->vm_ops->mprotect(vma, start, start + (nr << PAGE_SHIFT),
				    newflags);
	mmap_write_unlock(current->mm);
	return err;
}

static void mprotect_is_limited_by_each_handle(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	f->td->piece = 5;
	map(f);
	/* The last handle of mmap(2) allows less from now on. */
	f->h->maxprot = PROT_READ;
	KUNIT_EXPECT_EQ(test, 0, may_protect(f, 10, 10, VM_READ));
	KUNIT_EXPECT_EQ(test, 0, may_protect(f, 10, 5, VM_READ | VM_WRITE));
	KUNIT_EXPECT_EQ(test, -EACCES,
			may_protect(f, 15, 1, VM_READ | VM_WRITE));
	KUNIT_EXPECT_EQ(test, -EACCES,
			may_protect(f, 14, 2, VM_READ | VM_WRITE));
	KUNIT_EXPECT_EQ(test, -EACCES, may_protect(f, 10, 5, VM_EXEC));
}

static void mprotect_of_old_scheme_asks_mmap(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	f->td->ops->flag = 0;
	f->addr = testvm_map(f->td, 10, 10, MAP_SHARED);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(f->addr));
	testdev_forget(f->td);
	KUNIT_EXPECT_EQ(test, 0, may_protect(f, 11, 2, VM_READ | VM_WRITE));
	testdev_expect(f->td, "");
	KUNIT_EXPECT_EQ(test, 0, may_protect(f, 11, 2, VM_READ | VM_EXEC));
	testdev_expect(f->td, "mmap 11 r; mmap 12 r");
	f->td->noframe = BIT_ULL(12);
	KUNIT_EXPECT_EQ(test, -EACCES, may_protect(f, 11, 2, VM_EXEC));
}

static void locked_handle_is_not_split(struct kunit *test)
{
	struct split_fixture *f = test->priv;

	map(f);
	KUNIT_ASSERT_EQ(test, 0, devmap_lock(f->h, 0, 0, DEVMAP_READ));
	testdev_expect(f->td, "lock 10+10 r #1");
	KUNIT_EXPECT_EQ(test, -EAGAIN, vm_munmap(f->addr + 2 * PAGE_SIZE,
						 3 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EAGAIN, may_protect(f, 10, 10, VM_READ));
	testdev_expect(f->td, "");
	KUNIT_ASSERT_EQ(test, 0, devmap_unlock(f->h, 0, 0, DEVMAP_READ));
	testdev_expect(f->td, "unlock 10+10 r #1");
	KUNIT_EXPECT_EQ(test, 0, may_protect(f, 10, 10, VM_READ));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testdev_expect(f->td, "unmap 12+3 #1 low=2 high=3");
}

static struct kunit_case split_cases[] = {
	KUNIT_CASE(mmap_makes_one_vma),
	KUNIT_CASE(mmap_asks_until_it_has_all),
	KUNIT_CASE(mmap_says_private),
	KUNIT_CASE(mmap_that_fails_leaves_nothing),
	KUNIT_CASE_PARAM(munmap_cuts_hole, munmap_gen_params),
	KUNIT_CASE_PARAM(mmap_over_it_cuts_hole, munmap_gen_params),
	KUNIT_CASE(munmap_of_all_is_whole_form),
	KUNIT_CASE(exit_is_whole_form),
	KUNIT_CASE(munmap_of_pieces_is_told_at_once),
	KUNIT_CASE(remnants_are_unloaded_on_their_own),
	KUNIT_CASE(mprotect_is_limited_by_each_handle),
	KUNIT_CASE(mprotect_of_old_scheme_asks_mmap),
	KUNIT_CASE(locked_handle_is_not_split),
	{}
};

static struct kunit_suite split_suite = {
	.name = "devmap_split",
	.init = split_init,
	.test_cases = split_cases,
};

/* Opens a copy of the VMA at an address in a child; not yet linked. */
static struct vm_area_struct *dup_vma(struct split_fixture *f,
				      struct testvm *child, unsigned long addr)
{
	struct vm_area_struct *old = testvm_vma(addr), *vma;

	KUNIT_ASSERT_NOT_NULL(f->td->test, old);
	vma = kunit_kzalloc(f->td->test, sizeof(*vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(f->td->test, vma);
	memcpy(vma, old, sizeof(*vma));
	vma->vm_mm = child->mm;
	mmap_write_lock(current->mm);
	mmap_write_lock_nested(child->mm, SINGLE_DEPTH_NESTING);
	/* As after madvise(MADV_KEEPONFORK). */
	devmap_vm_flags_mod(vma, 0, VM_WIPEONFORK);
	vma->vm_ops->open(vma);
	mmap_write_unlock(child->mm);
	mmap_write_unlock(current->mm);
	testdev_link(f->td, vma);
	return vma;
}

static void close_vma(struct split_fixture *f, struct vm_area_struct *vma)
{
	testdev_hide(f->td, vma);
	mmap_write_lock(vma->vm_mm);
	vma->vm_ops->close(vma);
	mmap_write_unlock(vma->vm_mm);
}

static struct devmap_handle *handle_of(struct vm_area_struct *vma)
{
	struct devmap_segment *seg = vma->vm_private_data;

	return devmap_handles_first(&seg->handles);
}

static void fork_makes_segment_for_child(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	struct devmap_segment *seg;
	struct vm_area_struct *vma;

	map(f);
	vma = dup_vma(f, child, f->addr);
	testdev_expect(f->td, "dup 10+10 #1 =2");
	seg = vma->vm_private_data;
	KUNIT_EXPECT_PTR_NE(test, seg, f->seg);
	KUNIT_EXPECT_PTR_EQ(test, seg->mm, child->mm);
	KUNIT_EXPECT_PTR_EQ(test, seg->win, f->seg->win);
	KUNIT_EXPECT_EQ(test, seg->nr_vmas, 1);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 0);
	KUNIT_EXPECT_EQ(test, f->seg->nr_vmas, 1);
	KUNIT_EXPECT_TRUE(test, vma->vm_flags & VM_WIPEONFORK);
	KUNIT_EXPECT_FALSE(test, devmap_fork_refused(child->mm));
	close_vma(f, vma);
	testdev_expect(f->td, "unmap 10+10 #2");
}

static void fork_leaves_parent_alone(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	struct vm_area_struct *vma;
	unsigned long page;

	map(f);
	vma = dup_vma(f, child, f->addr);
	testdev_forget(f->td);
	for (page = 10; page < 20; page++) {
		KUNIT_EXPECT_FALSE(test,
				   devmap_valid_test(&handle_of(vma)->extent->valid,
						     page - 10));
		read_page(f, page);
	}
	testdev_expect(f->td, "");
	close_vma(f, vma);
	testdev_forget(f->td);
	read_page(f, 10);
	testdev_expect(f->td, "");
}

static void fork_of_pieces_is_told_once(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	struct vm_area_struct *low, *high;
	struct devmap_segment *seg;

	map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testdev_forget(f->td);
	low = dup_vma(f, child, f->addr);
	testdev_expect(f->td, "dup 10+2 #2 =4; dup 15+5 #3 =5");
	high = dup_vma(f, child, f->addr + 5 * PAGE_SIZE);
	testdev_expect(f->td, "");
	seg = low->vm_private_data;
	KUNIT_EXPECT_PTR_EQ(test, high->vm_private_data, (void *)seg);
	KUNIT_EXPECT_EQ(test, seg->nr_vmas, 2);
	KUNIT_EXPECT_EQ(test, seg->nr_spares, 1);
	close_vma(f, low);
	testdev_expect(f->td, "unmap 10+2 #4");
	close_vma(f, high);
	testdev_expect(f->td, "unmap 15+5 #5");
}

static void fork_is_refused(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	struct vm_area_struct *low, *high;

	map(f);
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr + 2 * PAGE_SIZE,
					   3 * PAGE_SIZE));
	testdev_forget(f->td);
	f->td->refuse_at[TESTDEV_DUP] = 2;
	low = dup_vma(f, child, f->addr);
	testdev_expect(f->td, "dup 10+2 #2 =4; dup 15+5 #3 !6");
	KUNIT_EXPECT_TRUE(test, devmap_fork_refused(child->mm));
	/* The kernel goes on; the driver must not hear of it. */
	high = dup_vma(f, child, f->addr + 5 * PAGE_SIZE);
	testdev_expect(f->td, "");
	KUNIT_EXPECT_NULL(test, high->vm_private_data);
	close_vma(f, high);
	testdev_expect(f->td, "");
	close_vma(f, low);
	testdev_expect(f->td, "unmap 10+2 #4");
	read_page(f, 15);
	testdev_expect(f->td, "");
	/* It is no format that somebody could look up. */
	child->mm->binfmt = NULL;
}

static void vma_without_segment_is_inert(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	const struct vm_operations_struct *ops;
	struct vm_fault vmf = {};
	struct vm_area_struct *vma;

	map(f);
	f->td->refuse_at[TESTDEV_DUP] = 1;
	vma = dup_vma(f, child, f->addr);
	close_vma(f, vma);
	testdev_forget(f->td);

	ops = vma->vm_ops;
	vma->vm_private_data = NULL;
	*(struct vm_area_struct **)&vmf.vma = vma;
	KUNIT_EXPECT_TRUE(test, ops->fault(&vmf) == VM_FAULT_SIGBUS);
	KUNIT_EXPECT_EQ(test, 0, ops->may_split(vma, vma->vm_start + PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0, ops->mprotect(vma, vma->vm_start, vma->vm_end,
					       VM_READ));
	ops->open(vma);
	ops->close(vma);
	testdev_expect(f->td, "");
	child->mm->binfmt = NULL;
}

static void child_splits_for_itself(struct kunit *test)
{
	struct split_fixture *f = test->priv;
	struct testvm *child = testvm_create(test);
	struct vm_area_struct *vma;

	map(f);
	vma = dup_vma(f, child, f->addr);
	testdev_forget(f->td);
	/* The parent unmaps what the child still shows. */
	KUNIT_ASSERT_EQ(test, 0, vm_munmap(f->addr, 10 * PAGE_SIZE));
	testdev_expect(f->td, "unmap 10+10 #1");
	KUNIT_EXPECT_EQ(test, handle_of(vma)->span.nr, 10);
	close_vma(f, vma);
	testdev_expect(f->td, "unmap 10+10 #2");
}

static struct kunit_case fork_cases[] = {
	KUNIT_CASE(fork_makes_segment_for_child),
	KUNIT_CASE(fork_leaves_parent_alone),
	KUNIT_CASE(fork_of_pieces_is_told_once),
	KUNIT_CASE(fork_is_refused),
	KUNIT_CASE(vma_without_segment_is_inert),
	KUNIT_CASE(child_splits_for_itself),
	{}
};

static struct kunit_suite fork_suite = {
	.name = "devmap_fork",
	.init = split_init,
	.test_cases = fork_cases,
};

kunit_test_suites(&split_suite, &fork_suite);
