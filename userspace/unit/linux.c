// SPDX-License-Identifier: GPL-2.0
/*
 * What Linux does to VMAs, in the order in which it does it; and before each
 * close(), what the driver has to hear.
 */

#include <linux/devmap.h>

#include "../../compat/devmap/fault.h"
#include "../../compat/devmap/fork.h"
#include "../../compat/devmap/handle.h"
#include "../../compat/devmap/segment.h"
#include "world.h"

#define MAX_VMAS	60

static struct address_space *mapping(void)
{
	return linux_mapping();
}

struct address_space *linux_mapping(void)
{
	static struct address_space as;

	return &as;
}

static struct inode inode = { .i_rdev = 7 };
static struct file file = { .f_mode = FMODE_WRITE, .f_inode = &inode };

static unsigned long *pte_of(struct mm_struct *mm, unsigned long addr)
{
	return &mm->pte[addr >> PAGE_SHIFT];
}

static void zap(struct vm_area_struct *vma)
{
	memset(pte_of(vma->vm_mm, vma->vm_start), 0,
	       vma_pages(vma) * sizeof(*vma->vm_mm->pte));
}

/* The reverse map: by page offset, then by age. */
static void rmap_link(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &mapping()->i_mmap.first;

	down_write(&mapping()->rwsem);
	while (*link && (*link)->vm_pgoff <= vma->vm_pgoff)
		link = &(*link)->rmap_next;
	vma->rmap_next = *link;
	*link = vma;
	vma->rmap = mapping();
	up_write(&mapping()->rwsem);
}

static void rmap_unlink(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &mapping()->i_mmap.first;

	down_write(&mapping()->rwsem);
	while (*link != vma)
		link = &(*link)->rmap_next;
	*link = vma->rmap_next;
	vma->rmap = NULL;
	up_write(&mapping()->rwsem);
}

static void mm_link(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &vma->vm_mm->vmas;

	while (*link && (*link)->vm_start < vma->vm_start)
		link = &(*link)->next;
	vma->next = *link;
	*link = vma;
}

static void mm_unlink(struct vm_area_struct *vma)
{
	struct vm_area_struct **link = &vma->vm_mm->vmas;

	while (*link != vma)
		link = &(*link)->next;
	*link = vma->next;
}

/* Pages of a mapping that a VMA in the reverse map shows. */
void shown_pages(int map, u8 *shown)
{
	struct vm_area_struct *vma;

	memset(shown, 0, SEGMENT_MAX);
	for (vma = mapping()->i_mmap.first; vma; vma = vma->rmap_next) {
		if (vma->unit_map == map && vma->vm_private_data)
			memset(shown + vma->unit_page - w.maps[map].first, 1,
			       vma_pages(vma));
	}
}

bool linux_is_full(void)
{
	struct vm_area_struct *vma;
	int nr = 0;

	for (vma = mapping()->i_mmap.first; vma; vma = vma->rmap_next)
		nr++;
	return nr > MAX_VMAS || w.nr_records > MAX_RECORDS / 4 ||
	       w.nr_maps > MAX_MAPS / 2;
}

static void close_vma(struct vm_area_struct *vma)
{
	if (!vma->vm_private_data)
		return;
	expect_gaps(vma->unit_map);
	vma->vm_ops->close(vma);
	expect_no_more();
}

static struct mm_struct *some_mm(void)
{
	struct mm_struct *mm = w.mm[pick(MMS)];

	return mm ?: w.mm[0];
}

static struct vm_area_struct *some_vma(struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	int nr = 0;

	for (vma = mm->vmas; vma; vma = vma->next)
		nr++;
	if (!nr)
		return NULL;
	nr = pick(nr);
	for (vma = mm->vmas; nr--; vma = vma->next)
		;
	return vma;
}

/* An address with room for some pages, or 0. */
static unsigned long some_room(struct mm_struct *mm, unsigned long pages)
{
	unsigned long start = (1 + pick(UNIT_PAGES - pages - 1)) << PAGE_SHIFT;
	struct vm_area_struct *vma;

	for (vma = mm->vmas; vma; vma = vma->next) {
		if (vma->vm_start < start + (pages << PAGE_SHIFT) &&
		    start < vma->vm_end)
			return 0;
	}
	return start;
}

/* Now and then an allocation fails. */
static void maybe_fail(void)
{
	unit_fail_alloc = pick(12) ? 0 : 1 + pick(8);
}

void linux_mmap(void)
{
	struct mm_struct *mm = some_mm();
	unsigned long pages = 1 + (pick(3) ? pick(8) : pick(SEGMENT_MAX));
	unsigned long start = some_room(mm, pages), first;
	struct vm_area_struct *vma;
	unsigned int i;
	int err;

	if (!start)
		return;
	first = pick(4) ? pick(100) : (1UL << 51) - 2 - pages;
	vma = calloc(1, sizeof(*vma));
	vma->vm_start = start;
	vma->vm_end = start + (pages << PAGE_SHIFT);
	vma->vm_mm = mm;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE |
			VM_MAYEXEC | (pick(4) ? VM_SHARED | VM_MAYSHARE : 0);
	vma->vm_pgoff = first;
	vma->vm_file = &file;
	vma->unit_page = first;
	vma->unit_map = map_new(mm, first, pages);
	unit_says("mmap map %d: %lu+%lu at 0x%lx", vma->unit_map, first, pages,
		  start);

	w.making = vma->unit_map;
	w.any_due = true;
	maybe_fail();
	down_write(&mm->mmap_lock);
	err = devmap_mmap(&unit_dip, vma);
	unit_fail_alloc = 0;
	if (!err) {
		check(vma->vm_flags & VM_WIPEONFORK);
		check(vma->vm_flags & VM_SHARED);
		rmap_link(vma);
		mm_link(vma);
	}
	up_write(&mm->mmap_lock);
	w.any_due = false;
	w.making = -1;
	if (err) {
		for (i = 0; i < w.nr_records; i++)
			check(w.records[i]->map != vma->unit_map);
		free(vma);
	}
}

/* mmap_lock held for writing. */
static int split(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *new;
	unsigned long below = (addr - vma->vm_start) >> PAGE_SHIFT;

	if (vma->vm_ops->may_split(vma, addr))
		return -ENOMEM;
	new = malloc(sizeof(*new));
	*new = *vma;
	new->vm_start = addr;
	new->vm_pgoff += below;
	new->unit_page += below;
	new->rmap = NULL;
	vma->vm_ops->open(new);
	/* Kernels before 6.3 find out here that there is no memory. */
	if (!pick(20)) {
		close_vma(new);
		free(new);
		return -ENOMEM;
	}
	rmap_unlink(vma);
	vma->vm_end = addr;
	rmap_link(vma);
	rmap_link(new);
	mm_link(new);
	counts.splits++;
	return 0;
}

/* As another thread or process, while locks allow it. */
static void meanwhile(struct mm_struct *mm)
{
	if (!pick(4))
		driver_call();
	if (!pick(4) && mm)
		linux_touch(mm);
}

/* mmap_lock held for writing; with @mm reading is enough in the end. */
static void unmap_region(struct mm_struct *mm, unsigned long start,
			 unsigned long end, bool downgrade)
{
	struct vm_area_struct *vma, *next, *list = NULL, **tail = &list;

	for (vma = mm->vmas; vma; vma = next) {
		next = vma->next;
		if (vma->vm_start < start || vma->vm_end > end)
			continue;
		mm_unlink(vma);
		vma->next = NULL;
		*tail = vma;
		tail = &vma->next;
	}
	if (downgrade) {
		mm->mmap_lock.held = 1;
		meanwhile(mm);
	}
	for (vma = list; vma; vma = vma->next)
		zap(vma);
	meanwhile(downgrade ? mm : NULL);
	for (vma = list; vma; vma = vma->next) {
		unsigned long addr;

		/* Page tables are freed now: nothing may have come back. */
		for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE)
			check(!*pte_of(mm, addr));
		rmap_unlink(vma);
	}
	meanwhile(downgrade ? mm : NULL);
	for (vma = list; vma; vma = next) {
		next = vma->next;
		close_vma(vma);
		free(vma);
	}
}

static int split_at(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	return vma && vma->vm_start < addr ? split(vma, addr) : 0;
}

static int unmap(struct mm_struct *mm, unsigned long start, unsigned long end,
		 bool downgrade)
{
	int err;

	maybe_fail();
	err = split_at(mm, start) ?: split_at(mm, end);
	unit_fail_alloc = 0;
	if (err) {
		counts.nomem++;
		return err;
	}
	unmap_region(mm, start, end, downgrade);
	return 0;
}

static void some_range(const struct vm_area_struct *vma, unsigned long *start,
		       unsigned long *end)
{
	*start = vma->vm_start + (pick(vma_pages(vma)) << PAGE_SHIFT);
	*end = *start + ((1 + pick((vma->vm_end - *start) >> PAGE_SHIFT)) <<
			 PAGE_SHIFT);
}

void linux_munmap(void)
{
	struct mm_struct *mm = some_mm();
	struct vm_area_struct *vma = some_vma(mm);
	unsigned long start, end;

	if (!vma)
		return;
	some_range(vma, &start, &end);
	if (!pick(3))
		end = min(end + (pick(100) << PAGE_SHIFT), UNIT_PAGES * PAGE_SIZE);
	if (!pick(3)) {
		start = vma->vm_start;
		end = vma->vm_end;
	}
	unit_says("munmap 0x%lx..0x%lx", start, end);
	down_write(&mm->mmap_lock);
	unmap(mm, start, end, pick(2));
	mm->mmap_lock.held = 0;
}

/* mprotect(2) of a part leaves this. */
void linux_split(void)
{
	struct mm_struct *mm = some_mm();
	struct vm_area_struct *vma = some_vma(mm);
	unsigned long start, end;

	if (!vma)
		return;
	some_range(vma, &start, &end);
	unit_says("mprotect 0x%lx..0x%lx", start, end);
	down_write(&mm->mmap_lock);
	maybe_fail();
	if (!vma->vm_ops->mprotect(vma, start, end, vma->vm_flags) &&
	    !split_at(mm, start))
		split_at(mm, end);
	unit_fail_alloc = 0;
	up_write(&mm->mmap_lock);
}

static void move_ptes(struct mm_struct *mm, unsigned long from,
		      unsigned long to, unsigned long pages)
{
	for (; pages--; from += PAGE_SIZE, to += PAGE_SIZE) {
		*pte_of(mm, to) = *pte_of(mm, from);
		*pte_of(mm, from) = 0;
	}
}

/* mmap_lock held for writing. */
static void move(struct vm_area_struct *vma, unsigned long start,
		 unsigned long end, unsigned long to)
{
	unsigned long pages = (end - start) >> PAGE_SHIFT;
	unsigned long below = (start - vma->vm_start) >> PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *new;

	if ((start != vma->vm_start && vma->vm_ops->may_split(vma, start)) ||
	    (end != vma->vm_end && vma->vm_ops->may_split(vma, end)))
		return;
	new = malloc(sizeof(*new));
	*new = *vma;
	new->vm_start = to;
	new->vm_end = to + (pages << PAGE_SHIFT);
	new->vm_pgoff += below;
	new->unit_page += below;
	new->rmap = NULL;
	vma->vm_ops->open(new);
	rmap_link(new);
	mm_link(new);
	move_ptes(mm, start, to, pages);
	counts.moves++;
	meanwhile(NULL);
	if (!pick(12)) {
		/* No page table: back again. */
		move_ptes(mm, to, start, pages);
		unmap_region(mm, to, new->vm_end, false);
		return;
	}
	/* This may fail as well: then there are two that show the pages. */
	unmap(mm, start, end, false);
}

void linux_move(void)
{
	struct mm_struct *mm = some_mm();
	struct vm_area_struct *vma = some_vma(mm);
	unsigned long start, end, to;

	if (!vma)
		return;
	some_range(vma, &start, &end);
	to = some_room(mm, (end - start) >> PAGE_SHIFT);
	if (!to)
		return;
	unit_says("mremap 0x%lx..0x%lx to 0x%lx", start, end, to);
	down_write(&mm->mmap_lock);
	maybe_fail();
	move(vma, start, end, to);
	unit_fail_alloc = 0;
	up_write(&mm->mmap_lock);
}

/* The child's maps, by the parent's number. */
static int child_map[MAX_MAPS];

static void open_in_child(struct vm_area_struct *vma, struct mm_struct *child)
{
	int *map = &child_map[vma->unit_map], from = vma->unit_map;

	w.making = -1;
	maybe_fail();
	vma->vm_ops->open(vma);
	unit_fail_alloc = 0;
	check(vma->vm_flags & VM_WIPEONFORK);
	if (w.making >= 0)
		w.maps[w.making].mm = child;
	if (*map < 0)
		*map = w.making;
	else
		check(w.making < 0);	/* devmap_dup(9E) but once */
	w.making = -1;
	if (!vma->vm_private_data) {
		check(devmap_fork_refused(child));
		return;
	}
	/* Of what has no handle any more there is nothing to tell. */
	if (*map < 0)
		*map = map_new(child, w.maps[from].first, w.maps[from].nr);
	vma->unit_map = *map;
}

static void copy_vma_to(struct vm_area_struct *old, struct mm_struct *child)
{
	struct vm_area_struct *new = malloc(sizeof(*new));
	bool first_copy = pick(2);

	*new = *old;
	new->vm_mm = child;
	new->rmap = NULL;
	if (!pick(6))
		new->vm_flags &= ~VM_WIPEONFORK;	/* MADV_KEEPONFORK */
	rmap_link(new);
	mm_link(new);
	/* Copying of page tables comes before open or, since 6.6, after it. */
	if (first_copy && !(new->vm_flags & VM_WIPEONFORK))
		memcpy(pte_of(child, new->vm_start),
		       pte_of(old->vm_mm, old->vm_start),
		       vma_pages(new) * sizeof(*child->pte));
	if (new->vm_private_data)
		open_in_child(new, child);
	if (!first_copy && !(new->vm_flags & VM_WIPEONFORK))
		memcpy(pte_of(child, new->vm_start),
		       pte_of(old->vm_mm, old->vm_start),
		       vma_pages(new) * sizeof(*child->pte));
}

void linux_fork(void)
{
	struct mm_struct *mm = some_mm(), *child;
	struct vm_area_struct *vma;
	unsigned int slot;
	bool fails = !pick(10);
	int i;

	for (slot = 0; slot < MMS && w.mm[slot]; slot++)
		;
	if (slot == MMS)
		return;

	unit_says("fork");
	child = calloc(1, sizeof(*child));
	for (i = 0; i < MAX_MAPS; i++)
		child_map[i] = -1;
	down_write(&mm->mmap_lock);
	down_write(&child->mmap_lock);
	for (vma = mm->vmas; vma && !(fails && !pick(3)); vma = vma->next)
		copy_vma_to(vma, child);
	up_write(&child->mmap_lock);
	up_write(&mm->mmap_lock);
	counts.forks++;
	if (fails || devmap_fork_refused(child)) {
		counts.nomem++;
		linux_exit(child);
	} else {
		w.mm[slot] = child;
	}
}

void linux_exit(struct mm_struct *mm)
{
	unit_says("exit");
	down_write(&mm->mmap_lock);
	unmap_region(mm, 0, ~0UL, false);
	mm->mmap_lock.held = 0;
	free(mm);
}

static void check_result(struct vm_area_struct *vma, unsigned long addr,
			 struct record *r, bool was_valid, vm_fault_t ret)
{
	unsigned long page = vma->unit_page +
			     ((addr - vma->vm_start) >> PAGE_SHIFT);
	bool there = *pte_of(vma->vm_mm, addr);
	bool valid = r && r->valid[page - w.maps[r->map].first];

	check(there || ret != 0);
	check(!there || valid);
	if (w.gone || !r) {
		check(ret == VM_FAULT_SIGBUS && !w.accesses && !there);
		return;
	}
	if (w.nomem || ret == VM_FAULT_OOM)
		return;
	if (was_valid) {
		check(ret == VM_FAULT_NOPAGE && there && !w.accesses);
		return;
	}
	if (!r->called) {
		check(ret == (r->target ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS));
		check(there == r->target);
		return;
	}
	check(w.accesses <= 1);
	if (w.accesses && w.access_ret)
		check(ret == (w.access_ret < 0 ? VM_FAULT_SIGSEGV :
						 VM_FAULT_SIGBUS));
	else
		check(ret == VM_FAULT_NOPAGE || ret == VM_FAULT_RETRY);
	/* A driver that has loaded the page is not called for it again. */
	if (valid && ret == VM_FAULT_RETRY)
		check(!w.accesses);
}

void linux_touch(struct mm_struct *mm)
{
	static const unsigned int some_flags[] = {
		0, FAULT_FLAG_ALLOW_RETRY, FAULT_FLAG_ALLOW_RETRY,
		FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_TRIED,
		FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_RETRY_NOWAIT,
		FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_INTERRUPTIBLE |
		FAULT_FLAG_USER,
	};
	struct vm_area_struct *vma = some_vma(mm);
	int held = mm->mmap_lock.held;
	struct vm_fault vmf = {};
	unsigned long page;
	bool was_valid;
	struct record *r;
	vm_fault_t ret;

	if (!vma || held < 0)
		return;
	page = pick(vma_pages(vma));
	vmf.vma = vma;
	vmf.address = vma->vm_start + (page << PAGE_SHIFT);
	vmf.pgoff = vma->vm_pgoff + page;
	vmf.flags = some_flags[pick(ARRAY_SIZE(some_flags))] |
		    (pick(2) ? FAULT_FLAG_WRITE : 0);
	counts.touches++;
	if (*pte_of(mm, vmf.address))
		return;

	r = vma->vm_private_data ?
		record_at(vma->unit_map, vma->unit_page + page) : NULL;
	was_valid = r && r->valid[vma->unit_page + page - w.maps[r->map].first];
	unit_says("touch map %d page %lu at 0x%lx%s", vma->unit_map,
		  vma->unit_page + page, vmf.address,
		  was_valid ? ", valid" : "");
	w.faulting = mm;
	w.held = held;
	w.accesses = 0;
	w.access_ret = 0;
	w.nomem = false;
	maybe_fail();
	down_read(&mm->mmap_lock);
	ret = devmap_fault(&vmf);
	unit_fail_alloc = 0;
	w.faulting = NULL;
	if (ret == VM_FAULT_RETRY && !(vmf.flags & FAULT_FLAG_RETRY_NOWAIT))
		check(mm->mmap_lock.held == held);
	else
		up_read(&mm->mmap_lock);
	/* Without a driver the layer loads the page itself. */
	if (r && !r->called && !was_valid && !w.gone)
		r->valid[vma->unit_page + page - w.maps[r->map].first] =
			ret == VM_FAULT_NOPAGE;
	check_result(vma, vmf.address, r, was_valid, ret);
}

/* Translations go for reasons of the kernel's own. */
void linux_drop(void)
{
	struct mm_struct *mm = some_mm();
	struct vm_area_struct *vma = some_vma(mm);

	if (vma)
		zap(vma);
}
