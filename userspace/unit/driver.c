// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that does what drivers may do, and knows what it may expect; and in
 * the place of files that are not part of this build, the least they can do.
 */

#include <linux/devmap.h>
#include <sys/conf.h>
#include <sys/mman.h>
#include <vm/faultcode.h>

#include "../../compat/devmap/ctxmgt.h"
#include "../../compat/devmap/fork.h"
#include "../../compat/devmap/handle.h"
#include "../../compat/devmap/instance.h"
#include "../../compat/devmap/segdev.h"
#include "../../compat/devmap/segment.h"
#include "../../compat/devmap/softlock.h"
#include "../../compat/devmap/stats.h"
#include "../../compat/devmap/umem.h"
#include "world.h"

typedef __int128 s128;

#define FRAME0	0x100000UL	/* of the one umem there is */

/* In the place of target.c: frames in order, and a count of references. */

int devmap_target_umem(struct devmap_target *target,
		       struct ddi_umem_cookie *cookie, offset_t koff,
		       size_t len, uint_t flags)
{
	*target = (struct devmap_target){ .kind = DEVMAP_TARGET_NONE };
	if (devmap_check_target(koff, len, cookie->size))
		return -EINVAL;
	if (flags & DEVMAP_MAPPING_INVALID)
		return 0;
	target->kind = DEVMAP_TARGET_UMEM;
	target->page = koff >> PAGE_SHIFT;
	w.targets++;
	return 0;
}

int devmap_target_regs(struct devmap_target *target, dev_info_t *dip,
		       uint_t rnumber, offset_t roff, size_t len, uint_t flags)
{
	return -EINVAL;
}

void devmap_target_copy(struct devmap_target *to,
			const struct devmap_target *from)
{
	*to = *from;
	w.targets += to->kind != DEVMAP_TARGET_NONE;
}

int devmap_target_unshare(struct devmap_target *target)
{
	return 0;
}

void devmap_target_put(struct devmap_target *target)
{
	w.targets -= target->kind != DEVMAP_TARGET_NONE;
	check(w.targets >= 0);
	target->kind = DEVMAP_TARGET_NONE;
}

unsigned long devmap_target_pfn(const struct devmap_target *target,
				unsigned long page)
{
	check(target->kind == DEVMAP_TARGET_UMEM);
	return FRAME0 + target->page + page;
}

pgprot_t devmap_target_prot(const struct devmap_target *target, pgprot_t prot)
{
	return prot;
}

uint_t devmap_umem_maxprot(const struct ddi_umem_cookie *cookie, uint_t maxprot)
{
	return maxprot;
}

/* In the place of user.c: nobody ever has too many. */

struct devmap_user *devmap_user_charge(void)
{
	w.mappings++;
	return (struct devmap_user *)&w;
}

void devmap_user_uncharge(struct devmap_user *user)
{
	check(user == (struct devmap_user *)&w && w.mappings > 0);
	w.mappings--;
}

/* In the place of the arbiter: now and then it has a fault wait. */

static struct devmap_ctx arbiter;

struct devmap_ctx *devmap_ctx_get(dev_info_t *dip, devmap_access_fn access)
{
	return &arbiter;
}

bool devmap_ctx_try(struct devmap_ctx *ctx, u64 id, clock_t timeout)
{
	check(ctx == &arbiter);
	return pick(10);
}

int devmap_ctx_wait(struct devmap_ctx *ctx, u64 id, clock_t timeout,
		    unsigned int state)
{
	check(w.faulting->mmap_lock.held == w.held);
	return 0;
}

void devmap_ctx_pass(struct devmap_ctx *ctx, u64 id)
{
}

int devmap_segdev_refresh(struct devmap_handle *h, unsigned long page,
			  uint_t prot)
{
	return -EIO;
}

int devmap_segdev_may_have(struct devmap_handle *h,
			   const struct devmap_span *span, uint_t prot)
{
	return 0;
}

int devmap_vm_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write)
{
	return -EIO;
}

int ddi_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp, off_t len,
	       uint_t prot, uint_t maxprot, uint_t flags, cred_t *credp)
{
	return ENXIO;
}

dev_info_t *devmap_instance_get(dev_info_t *dip)
{
	w.instances++;
	return dip;
}

void devmap_instance_put(dev_info_t *dip)
{
	check(w.instances-- > 0);
}

atomic_long_t devmap_stats[DEVMAP_STAT_NR];

/* The driver itself. */

static struct ddi_umem_cookie umem = { .size = 4096 * PAGE_SIZE };

static u8 *valid_at(struct record *r, unsigned long page)
{
	return &r->valid[page - w.maps[r->map].first];
}

static u32 *frame_at(struct record *r, unsigned long page)
{
	return &r->frame[page - w.maps[r->map].first];
}

static void set_frames(struct record *r, unsigned long first, unsigned long nr,
		       offset_t koff)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		*frame_at(r, first + i) = FRAME0 + (koff >> PAGE_SHIFT) + i;
		*valid_at(r, first + i) = 0;
	}
}

static void set_valid(struct record *r, unsigned long first, unsigned long nr,
		      u8 to)
{
	unsigned long i;

	for (i = 0; i < nr; i++)
		*valid_at(r, first + i) = to;
}

/*
 * A range in bytes, mostly one of the handle; its pages by arithmetic of our
 * own. False if it does not lie in the handle.
 */
static bool some_bytes(const struct record *r, offset_t *off, size_t *len,
		       unsigned long *first, unsigned long *nr)
{
	s128 begin = (s128)r->first << PAGE_SHIFT;
	s128 bytes = (s128)r->nr << PAGE_SHIFT, from, to;

	*off = begin + (s64)pick(r->nr) * 4096 + (pick(3) ? 0 : pick(4096));
	*len = pick(3) ? (1 + pick(r->nr)) * 4096 : pick(2 * 4096);
	if (!pick(4)) {
		*off = 0;
		*len = 0;
	}
	if (!pick(12))
		*off = begin + (pick(2) ? -1 : bytes);

	from = *off;
	to = *len ? (s128)*off + *len : begin + bytes;
	if (!*off && !*len)
		from = begin;
	*first = from >> PAGE_SHIFT;
	*nr = ((to + 4095) >> PAGE_SHIFT) - *first;
	return from >= begin && from < begin + bytes && to <= begin + bytes;
}

static struct record *some_record(void)
{
	if (!w.nr_records)
		return NULL;
	return w.records[pick(w.nr_records)];
}

static void unload(struct record *r)
{
	unsigned long first, nr;
	offset_t off;
	size_t len;
	bool good = some_bytes(r, &off, &len, &first, &nr);

	unit_says("  it unloads map %d handle %lu+%lu: 0x%llx 0x%lx", r->map,
		  r->first, r->nr, off, len);
	check(!devmap_unload(r->dhp, off, len) == good);
	if (good)
		set_valid(r, first, nr, 0);
	counts.unloads++;
}

/* @first, @nr: what the driver knows that the handle has. */
static void remap(struct record *r, unsigned long first, unsigned long nr)
{
	offset_t koff = (offset_t)pick(1000) << PAGE_SHIFT;
	size_t len = (nr - !pick(4) + pick(2)) << PAGE_SHIFT;
	uint_t flags = pick(4) ? 0 : DEVMAP_MAPPING_INVALID;
	bool good = len >> PAGE_SHIFT >= nr;

	unit_says("  it remaps map %d handle %lu+%lu to %llu+%lu", r->map, first,
		  nr, koff >> PAGE_SHIFT, len >> PAGE_SHIFT);
	check(!devmap_umem_remap(r->dhp, NULL, &umem, koff, len, PROT_ALL,
				 flags, NULL) == good);
	if (!good)
		return;
	r->target = !flags;
	set_frames(r, first, nr, koff);
	counts.remaps++;
}

/* What a driver may do at any time, in any process. */
void driver_call(void)
{
	struct record *r = some_record();

	if (!r)
		return;
	/* fork(2) has copied the targets of all handles before the first dup. */
	if (pick(8) || r->map == w.copied)
		unload(r);
	else
		remap(r, r->first, r->nr);
}

static void load(struct record *r)
{
	unsigned long first, nr;
	offset_t off;
	size_t len;
	bool good = some_bytes(r, &off, &len, &first, &nr);
	int err;

	unit_says("  it loads map %d handle %lu+%lu: 0x%llx 0x%lx", r->map,
		  r->first, r->nr, off, len);
	if (w.maps[r->map].mm != w.faulting || !r->target)
		good = false;
	err = devmap_load(r->dhp, off, len, DEVMAP_ACCESS, DEVMAP_READ);
	if (good && err) {
		check(FC_ERRNO(err) == ENOMEM && !unit_fail_alloc);
		w.nomem = true;
		set_valid(r, first, nr, 0);
		return;
	}
	check(!err == good);
	if (good)
		set_valid(r, first, nr, 1);
	counts.loads++;
}

static void load_page(struct record *r, offset_t off)
{
	int err = devmap_load(r->dhp, off, PAGE_SIZE, DEVMAP_ACCESS,
			      DEVMAP_READ);

	check(!r->target == (FC_ERRNO(err) == ENXIO));
	if (err && FC_ERRNO(err) == ENOMEM)
		w.nomem = true;
	else
		check(!err == r->target);
	set_valid(r, off >> PAGE_SHIFT, 1, !err);
	counts.loads++;
	if (err)
		w.access_ret = err;
}

static int cb_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     uint_t type, uint_t rw)
{
	struct record *r = record_of(dhp), *other;
	unsigned int todo = pick(4);

	check(r && r->pvtp == pvtp && r->called);
	check(len == PAGE_SIZE && !(off & (PAGE_SIZE - 1)));
	check(type == DEVMAP_ACCESS);
	check((unsigned long)(off >> PAGE_SHIFT) - r->first < r->nr);
	check(w.maps[r->map].mm == w.faulting);
	w.accesses++;
	w.access_ret = 0;
	counts.accesses++;

	/* Another context goes, this one comes. */
	while (todo--)
		driver_call();
	other = some_record();
	if (!pick(5) && other)
		load(other);
	switch (pick(8)) {
	case 0:
		w.access_ret = -1;
		break;
	case 1:
		break;
	case 2:
		load(r);
		break;
	default:
		load_page(r, off);
	}
	if (!pick(6))
		driver_call();
	return w.access_ret;
}

static int cb_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
		  size_t len, void **pvtp)
{
	const struct devmap_handle *h = dhp;
	struct record *r;

	check(w.making >= 0);
	if (!pick(30)) {
		counts.refused++;
		return ENXIO;
	}
	r = record_new(dhp, w.making, off >> PAGE_SHIFT, len >> PAGE_SHIFT);
	*pvtp = r->pvtp;
	r->called = h->ops.devmap_access;
	r->target = h->target.kind != DEVMAP_TARGET_NONE;
	/* What devmap(9E) has passed to the setup call, which has no dhp yet. */
	set_frames(r, r->first, r->nr,
		   (offset_t)h->target.page << PAGE_SHIFT);
	return 0;
}

static int cb_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
		  void **new_pvtp)
{
	const struct devmap_handle *child = new_dhp;
	struct record *r = record_of(dhp), *new;

	check(r && r->pvtp == pvtp && !*new_pvtp);
	/* A child that is not to be is nothing to the driver. */
	check(!devmap_fork_refused(child->seg->mm));
	if (w.making < 0)
		w.making = map_new(w.maps[r->map].mm, w.maps[r->map].first,
				   w.maps[r->map].nr);
	if (!pick(30)) {
		counts.refused++;
		return ENXIO;
	}
	new = record_new(new_dhp, w.making, r->first, r->nr);
	new->target = r->target;
	new->called = r->called;
	memcpy(new->frame, r->frame, sizeof(r->frame));
	*new_pvtp = new->pvtp;
	w.copied = r->map;
	if (!pick(4))
		driver_call();
	w.copied = -1;
	return 0;
}

/* The table of devmap_unmap(9E). */
static void check_new_handles(const struct record *r, bool low, bool high,
			      devmap_cookie_t new1, void **pv1,
			      devmap_cookie_t new2, void **pv2)
{
	check(!!new1 == low && !!new2 == high);
	check(!!pv1 == low && !!pv2 == high);
	if (low)
		check(new1 == r->dhp);
	else if (high)
		check(new2 == r->dhp);
	if (low && high)
		check(new2 != r->dhp && !record_of(new2));
}

static void cb_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     devmap_cookie_t new1, void **pv1, devmap_cookie_t new2,
		     void **pv2)
{
	struct record *r = record_of(dhp), *upper;
	unsigned long first = off >> PAGE_SHIFT, nr = len >> PAGE_SHIFT;
	unsigned long end = first + nr, r_end;
	bool low, high, target;
	unsigned int todo;

	check(r && r->pvtp == pvtp && nr);
	unit_says("  told map %d handle %lu+%lu: %lu+%lu", r->map, r->first,
		  r->nr, first, nr);
	check(first - r->first < r->nr && nr <= r->first + r->nr - first);
	if (!w.any_due) {
		check(w.next_due < w.nr_due);
		check(w.due[w.next_due].map == r->map &&
		      w.due[w.next_due].first == first &&
		      w.due[w.next_due].nr == nr);
		w.next_due++;
	}
	r_end = r->first + r->nr;
	low = first > r->first;
	high = end < r_end;
	check_new_handles(r, low, high, new1, pv1, new2, pv2);
	counts.told++;
	counts.cuts += low || high;

	/* Others know the handle by its old range for as long as this runs. */
	set_valid(r, first, nr, 0);
	target = r->target;
	for (todo = pick(6); todo > 3; todo--)
		unload(pick(2) ? r : (some_record() ?: r));
	if ((low || high) && !pick(6)) {
		if (low)
			remap(r, r->first, first - r->first);
		else
			remap(r, end, r_end - end);
	}

	if (low && high) {
		upper = record_new(new2, r->map, end, r_end - end);
		upper->target = target;
		upper->called = r->called;
		memcpy(upper->valid, r->valid, sizeof(r->valid));
		memcpy(upper->frame, r->frame, sizeof(r->frame));
		*pv2 = upper->pvtp;
	}
	if (!low && !high) {
		record_free(r);
		return;
	}
	/* The private data may be another one from now on. */
	if (pick(2))
		r->pvtp = (void *)(w.next_pvtp += 1);
	*(low ? pv1 : pv2) = r->pvtp;
	r->first = low ? r->first : end;
	r->nr = low ? first - r->first : r_end - end;
}

static int do_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
		     size_t *maplen, uint_t model)
{
	const struct devmap_handle *h = dhp;
	struct devmap_callback_ctl ops = {
		.devmap_rev = DEVMAP_OPS_REV,
		.devmap_map = cb_map,
		.devmap_dup = cb_dup,
		.devmap_unmap = cb_unmap,
	};
	unsigned long pages = len >> PAGE_SHIFT;

	if (!pick(40)) {
		counts.refused++;
		return ENXIO;
	}
	if (h->seg->private || pick(5))
		ops.devmap_access = cb_access;
	if (pick(2))
		pages = 1 + pick(pages);
	*maplen = pages << PAGE_SHIFT;
	return devmap_umem_setup(dhp, NULL, &ops, &umem,
				 (offset_t)pick(1000) << PAGE_SHIFT, *maplen,
				 PROT_ALL, DEVMAP_ALLOW_REMAP |
				 (pick(20) ? 0 : DEVMAP_MAPPING_INVALID), NULL);
}

/* One that changes its mind after all has been set up. */
static int do_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp,
		     off_t len, unsigned int prot, unsigned int maxprot,
		     unsigned int flags, cred_t *credp)
{
	int err = ddi_devmap_segmap(dev, off, asp, addrp, len, prot, maxprot,
				    flags, credp);

	if (err || pick(30))
		return err;
	counts.refused++;
	return ENXIO;
}

const struct devmap_dev_ops unit_ops = {
	.segmap = do_segmap,
	.devmap = do_devmap,
	.flag = D_DEVMAP,
};
