// SPDX-License-Identifier: GPL-2.0
/*
 * The bookkeeping of the layer, from mmap(2) to exit(2), against a model: what
 * is mapped (as linux.c knows it), what is valid (as the driver knows it), and
 * what the driver hears. After every call everything is compared.
 */

#include <linux/devmap.h>

#include "../../compat/devmap/handle.h"
#include "../../compat/devmap/instance.h"
#include "../../compat/devmap/pagetable.h"
#include "../../compat/devmap/segment.h"
#include "../../compat/devmap/stats.h"
#include "world.h"

struct world w;
struct counts counts;
struct dev_info unit_dip;

struct record *record_of(devmap_cookie_t dhp)
{
	unsigned int i;

	for (i = 0; dhp && i < w.nr_records; i++) {
		if (w.records[i]->dhp == dhp)
			return w.records[i];
	}
	return NULL;
}

struct record *record_at(int map, unsigned long page)
{
	unsigned int i;

	for (i = 0; i < w.nr_records; i++) {
		struct record *r = w.records[i];

		if (r->map == map && page - r->first < r->nr)
			return r;
	}
	return NULL;
}

struct record *record_new(devmap_cookie_t dhp, int map, unsigned long first,
			  unsigned long nr)
{
	struct record *r = calloc(1, sizeof(*r));

	check(w.nr_records < MAX_RECORDS);
	r->dhp = dhp;
	w.next_pvtp++;
	r->pvtp = (void *)w.next_pvtp;
	r->map = map;
	r->first = first;
	r->nr = nr;
	w.records[w.nr_records++] = r;
	return r;
}

void record_free(struct record *r)
{
	unsigned int i;

	for (i = 0; w.records[i] != r; i++)
		;
	w.records[i] = w.records[--w.nr_records];
	free(r);
}

int map_new(struct mm_struct *mm, unsigned long first, unsigned long nr)
{
	check(w.nr_maps < MAX_MAPS);
	w.maps[w.nr_maps] = (struct map){ .mm = mm, .first = first, .nr = nr };
	return w.nr_maps++;
}

/* Pages of handles that no VMA shows: devmap_unmap(9E) is due for each run. */
void expect_gaps(int map)
{
	unsigned long first = w.maps[map].first, i;
	struct record *r, *last = NULL;
	u8 shown[SEGMENT_MAX];
	struct run *run = NULL;

	w.nr_due = 0;
	w.next_due = 0;
	if (w.gone)
		return;
	shown_pages(map, shown);
	for (i = 0; i < w.maps[map].nr; i++) {
		r = record_at(map, first + i);
		if (shown[i] || r != last)
			run = NULL;
		last = r;
		if (shown[i] || !r)
			continue;
		if (!run) {
			check(w.nr_due < MAX_DUE);
			run = &w.due[w.nr_due++];
			*run = (struct run){ .map = map, .first = first + i };
		}
		run->nr++;
	}
}

void expect_no_more(void)
{
	check(w.next_due == w.nr_due);
	w.nr_due = 0;
	w.next_due = 0;
}

static void check_record(const struct record *r)
{
	const struct devmap_handle *h = r->dhp;
	unsigned long i, page;

	check(h->span.first == r->first && h->span.nr == r->nr);
	check(h->pvtp == r->pvtp && !h->cutter);
	check(devmap_handles_find(&h->seg->handles, r->first) == h);
	check(h->seg->mm == w.maps[r->map].mm);
	for (i = 0; i < r->nr; i++) {
		page = r->first + i;
		check(devmap_valid_test(&h->extent->valid,
					page - h->extent->span.first) ==
		      r->valid[page - w.maps[r->map].first]);
	}
}

/* Translations exist for valid pages only, and lead to the right frames. */
static void check_vma(const struct vm_area_struct *vma, u8 *in_vma)
{
	unsigned long i, n = vma->vm_start >> PAGE_SHIFT;
	const struct devmap_segment *seg = vma->vm_private_data;
	const struct devmap_handle *h;
	struct record *r;

	for (i = 0; i < vma_pages(vma); i++) {
		unsigned long page = vma->unit_page + i, index;

		in_vma[n + i] = 1;
		r = seg ? record_at(vma->unit_map, page) : NULL;
		h = seg ? devmap_handles_find(&seg->handles, page) : NULL;
		check(!h == !r && (!h || h == r->dhp));
		if (!vma->vm_mm->pte[n + i])
			continue;
		check(r);
		index = page - w.maps[r->map].first;
		check(r->valid[index]);
		check(vma->vm_mm->pte[n + i] == r->frame[index]);
	}
}

static void check_mm(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	u8 in_vma[UNIT_PAGES] = {};
	int i;

	check(!mm->mmap_lock.held);
	for (vma = mm->vmas; vma; vma = vma->next)
		check_vma(vma, in_vma);
	for (i = 0; i < UNIT_PAGES; i++)
		check(in_vma[i] || !mm->pte[i]);
}

void check_world(void)
{
	unsigned int i;

	for (i = 0; i < w.nr_records; i++)
		check_record(w.records[i]);
	for (i = 0; i < MMS; i++) {
		if (w.mm[i])
			check_mm(w.mm[i]);
	}
	check(!unit_dip.srcu.readers && !unit_dip.segs_lock.held);
}

/* As devmap_dev_destroy() does it. */
static void device_goes(void)
{
	unit_says("the device goes");
	unit_dip.gone = true;
	devmap_pt_revoke(&unit_dip);
	w.any_due = true;
	devmap_segments_unmap(&unit_dip);
	w.any_due = false;
	w.gone = true;
	check(!w.nr_records);
}

static void exit_some(struct mm_struct *mm)
{
	unsigned int slot;

	if (!mm || mm == w.mm[0])
		return;
	for (slot = 0; w.mm[slot] != mm; slot++)
		;
	w.mm[slot] = NULL;
	linux_exit(mm);
}

static void one_call(void)
{
	struct mm_struct *mm = w.mm[pick(MMS)];
	unsigned int call = pick(32);

	counts.calls++;
	/* What makes it less. */
	if (linux_is_full())
		call = 28 + pick(4);

	switch (call) {
	case 0 ... 2:
		linux_mmap();
		break;
	case 3 ... 12:
		linux_touch(mm ?: w.mm[0]);
		break;
	case 13 ... 16:
		driver_call();
		break;
	case 17 ... 19:
		linux_split();
		break;
	case 20 ... 22:
		linux_move();
		break;
	case 23 ... 24:
		linux_drop();
		break;
	case 25 ... 26:
		linux_fork();
		break;
	case 27 ... 30:
		linux_munmap();
		break;
	default:
		exit_some(mm);
	}
}

static void world_begin(void)
{
	static struct inode inode;

	memset(&w, 0, sizeof(w));
	memset(&unit_dip, 0, sizeof(unit_dip));
	w.making = -1;
	w.copied = -1;
	inode.i_mapping = linux_mapping();
	unit_dip.ops = &unit_ops;
	unit_dip.inode = &inode;
	devmap_windows_init(&unit_dip.windows);
	INIT_LIST_HEAD(&unit_dip.segs);
	w.mm[0] = calloc(1, sizeof(struct mm_struct));
	unit_task.mm = w.mm[0];
}

/* Nothing is left when all processes have ended. */
static void world_end(void)
{
	unsigned int i;

	for (i = 0; i < MMS; i++) {
		if (w.mm[i])
			linux_exit(w.mm[i]);
	}
	check(!w.nr_records && !w.targets && !w.instances && !w.mappings);
	check(unit_dip.segs.next == &unit_dip.segs);
	check(!unit_dip.inode->i_mapping->i_mmap.first);
	for (i = 0; i < DEVMAP_WINDOW_CLASSES; i++)
		check(!unit_dip.windows.class[i].nr);
	for (i = 0; i < DEVMAP_STAT_NR; i++)
		check(!devmap_stats[i].n);
	devmap_windows_destroy(&unit_dip.windows);
}

void world_run(unsigned int steps)
{
	world_begin();
	while (steps-- && !pick_over()) {
		one_call();
		check_world();
	}
	if (!pick(8)) {
		device_goes();
		check_world();
		for (steps = pick(20); steps; steps--) {
			one_call();
			check_world();
		}
	}
	world_end();
}

void world_report(void)
{
	printf("# %lu calls: %lu touches, %lu accesses, %lu loads, %lu unloads, %lu remaps\n",
	       counts.calls, counts.touches, counts.accesses, counts.loads,
	       counts.unloads, counts.remaps);
	printf("# %lu splits, %lu moves, %lu forks, %lu refused, %lu without memory\n",
	       counts.splits, counts.moves, counts.forks, counts.refused,
	       counts.nomem);
	printf("# %lu unmaps told, %lu of them of parts\n", counts.told,
	       counts.cuts);
}
