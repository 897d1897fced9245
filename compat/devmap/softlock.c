// SPDX-License-Identifier: GPL-2.0
/* Accesses by software: see softlock.h. */

#include <linux/devmap.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/srcu.h>
#include <sys/mman.h>
#include <trace/events/devmap.h>

#include "ctxmgt.h"
#include "frame.h"
#include "handle.h"
#include "instance.h"
#include "prot.h"
#include "segdev.h"
#include "segment.h"
#include "softlock.h"
#include "vmops.h"

static int call_driver(struct devmap_handle *h, const struct devmap_span *span,
		       struct vm_area_struct *vma, uint_t type, uint_t rw)
{
	struct devmap_frame frame = {
		.mm = h->seg->mm, .vma = vma, .seg = h->seg,
		.page = span->first,
	};
	offset_t off = devmap_span_off(span);
	size_t len = devmap_span_len(span);
	int err;

	devmap_frame_push(&frame);
	err = h->ops.devmap_access(h, h->pvtp, off, len, type, rw);
	devmap_frame_pop(&frame);
	trace_devmap_access(h->seg, h, off, len, type, rw, err);
	return err;
}

/*
 * While an access of type DEVMAP_LOCK is in the driver, or software uses what it
 * locked, no access of type DEVMAP_ACCESS is, of the same instance and function.
 */
static int keep_others_out(struct devmap_handle *h)
{
	return h->ops.devmap_access ? devmap_ctx_lock(h->ctx) : 0;
}

static void let_others_in(struct devmap_handle *h)
{
	if (h->ops.devmap_access)
		devmap_ctx_unlock(h->ctx);
}

/* mmap_lock of the handle's address space and segment lock held. */
static int softlock(struct devmap_handle *h, const struct devmap_span *span,
		    struct vm_area_struct *vma, uint_t rw)
{
	lockdep_assert_held(&h->seg->lock);

	if (h->ops.devmap_access &&
	    call_driver(h, span, vma, DEVMAP_LOCK, rw))
		return -EIO;
	return 0;
}

static void softunlock(struct devmap_handle *h, const struct devmap_span *span,
		       struct vm_area_struct *vma, uint_t rw)
{
	lockdep_assert_held(&h->seg->lock);

	if (h->ops.devmap_access)
		call_driver(h, span, vma, DEVMAP_UNLOCK, rw);
}

/*
 * Copies within one page. Under the page lock a valid page stays what it is: the
 * process' own context. Memory without contexts need not be loaded.
 */
static int copy_in_page(struct devmap_handle *h, unsigned long page,
			unsigned int offset, void *buf, unsigned int len,
			bool write)
{
	struct devmap_extent *extent = h->extent;
	int err = -EIO;

	mutex_lock(&extent->lock);
	if (h->target.kind == DEVMAP_TARGET_NONE)
		goto out;
	if (devmap_prot_exceeds(write ? PROT_WRITE : PROT_READ, h->maxprot)) {
		err = -EACCES;
		goto out;
	}
	if (h->ops.devmap_access &&
	    !devmap_valid_test(&extent->valid, page - extent->span.first))
		goto out;
	err = devmap_target_access(&h->target, page - h->target_first, offset,
				   buf, len, write);
out:
	mutex_unlock(&extent->lock);
	return err;
}

/* All of the bytes lie in @span, which lies in @h; @prot is the VMA's. */
static int copy_range(struct devmap_handle *h, const struct devmap_span *span,
		      unsigned int offset, void *buf, int len, bool write,
		      uint_t prot)
{
	unsigned long page = span->first;
	int done = 0, err = 0;

	while (done < len && !err) {
		unsigned int n = min_t(unsigned int, len - done,
				       PAGE_SIZE - offset);

		/* The old scheme asks mmap(9E) at every access. */
		if (h->segdev && devmap_segdev_refresh(h, page, prot))
			return done ?: -EIO;
		err = copy_in_page(h, page++, offset, buf + done, n, write);
		if (!err)
			done += n;
		offset = 0;
	}
	return done ?: err;
}

/* The part of an access that lies in the handle where it begins. */
static int access_handle(struct devmap_segment *seg, struct vm_area_struct *vma,
			 unsigned long addr, void *buf, int len, bool write)
{
	unsigned int offset = offset_in_page(addr);
	uint_t rw = write ? DEVMAP_WRITE : DEVMAP_READ;
	struct devmap_handle *h;
	struct devmap_span span;
	int err;

	span.first = devmap_segment_page(seg, vma->vm_pgoff +
					 ((addr - vma->vm_start) >> PAGE_SHIFT));
	h = devmap_handles_find(&seg->handles, span.first);
	if (!h)
		return -EIO;

	span.nr = min(PFN_UP(offset + len), devmap_span_end(&h->span) - span.first);
	len = min_t(u64, len, devmap_span_len(&span) - offset);

	err = keep_others_out(h);
	if (err)
		return err;
	err = softlock(h, &span, vma, rw);
	if (!err) {
		err = copy_range(h, &span, offset, buf, len, write,
				 devmap_prot_now(vma->vm_flags));
		softunlock(h, &span, vma, rw);
	}
	let_others_in(h);
	return err;
}

/* Has the current process attached to one that has this address space? */
static bool is_traced_by_current(const struct mm_struct *mm)
{
	struct task_struct *p, *t, *tracer;
	bool traced = false;

	rcu_read_lock();
	for_each_process_thread(p, t) {
		if (READ_ONCE(t->mm) != mm)
			continue;
		tracer = ptrace_parent(t);
		if (tracer && same_thread_group(tracer, current)) {
			traced = true;
			goto out;
		}
	}
out:
	rcu_read_unlock();
	return traced;
}

/*
 * An access by software calls the driver, which may sleep, and switches contexts.
 * Linux comes here for ps(1) too: /proc/PID/cmdline is where the process says that its
 * arguments are, and anybody may read it. Neither is anybody to wait for a driver
 * who did not ask for that, nor may anybody switch another user's contexts: only
 * the process itself does, and who has attached to it with ptrace(2).
 */
static bool may_look(const struct mm_struct *mm)
{
	return current->mm == mm || is_traced_by_current(mm);
}

/**
 * devmap_vm_access() - access a mapping on behalf of ptrace(2) or /proc/PID/mem
 * @vma: the VMA
 * @addr: user address
 * @buf: kernel memory
 * @len: bytes; those behind the end of @vma are left out
 * @write: to the mapping
 *
 * A debugger sees what the process would see: its own context, which is
 * switched in for that as for any access.
 *
 * Context: mmap_lock of the VMA's address space held.
 * Return: bytes copied, or -errno if none: -EACCES beyond the protection of the
 * mapping; -EIO, also for a process that has not attached to the VMA's.
 */
int devmap_vm_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write)
{
	struct devmap_segment *seg = vma->vm_private_data;
	int idx, n, done = 0, err = -EIO;
	dev_info_t *dip;

	if (!seg)
		return -EIO;
	if (!(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -EACCES;

	if (!may_look(vma->vm_mm))
		return -EIO;

	len = min_t(unsigned long, len, vma->vm_end - addr);
	dip = seg->win->dip;
	idx = srcu_read_lock(&dip->srcu);
	while (done < len && !READ_ONCE(dip->gone)) {
		n = down_read_killable(&seg->lock);
		if (!n) {
			n = access_handle(seg, vma, addr + done, buf + done,
					  len - done, write);
			up_read(&seg->lock);
		}
		if (n <= 0) {
			err = n ?: -EIO;
			break;
		}
		done += n;
	}
	srcu_read_unlock(&dip->srcu, idx);
	return done ?: err;
}

static bool has_handle(const struct devmap_segment *seg,
		       const struct devmap_handle *wanted)
{
	struct devmap_handle *h;

	lockdep_assert_held(&seg->lock);

	for (h = devmap_handles_first(&seg->handles); h;
	     h = devmap_handles_next(h)) {
		if (h == wanted)
			return true;
	}
	return false;
}

/*
 * The segment that has a handle, locked. Nothing keeps the process from
 * unmapping the handle before we come here, so it is looked for among those that
 * are mapped and not looked into.
 */
static struct devmap_segment *lock_segment_of(struct mm_struct *mm,
					      const struct devmap_handle *h)
{
	struct vm_area_struct *vma;
	unsigned long addr = 0;

	mmap_assert_locked(mm);

	while ((vma = find_vma(mm, addr))) {
		struct devmap_segment *seg = vma->vm_private_data;

		if (vma->vm_ops == &devmap_vm_ops && seg) {
			down_read(&seg->lock);
			if (has_handle(seg, h))
				return seg;
			up_read(&seg->lock);
		}
		addr = vma->vm_end;
	}
	return NULL;
}

static int call_in_segment(struct devmap_segment *seg, struct devmap_handle *h,
			   offset_t off, size_t len, uint_t rw,
			   int (*fn)(struct devmap_handle *h,
				     const struct devmap_span *span, uint_t rw))
{
	dev_info_t *dip = seg->win->dip;
	struct devmap_span span;
	int idx, err = -EINVAL;

	/* Inside the segment lock here; no side of it that waits is outside. */
	idx = srcu_read_lock(&dip->srcu);
	if (READ_ONCE(dip->gone))
		err = -ENXIO;
	else if (!devmap_span_select(&h->extent->span, off, len, &span) &&
		 devmap_span_intersect(&h->span, &span, &span))
		err = fn(h, &span, rw);
	srcu_read_unlock(&dip->srcu, idx);
	return err;
}

/* Calls @fn with the locks that a callback of @h runs under. */
static int with_locks(struct devmap_handle *h, offset_t off, size_t len,
		      uint_t rw, int (*fn)(struct devmap_handle *h,
					   const struct devmap_span *span,
					   uint_t rw))
{
	struct mm_struct *mm = current->mm;
	struct devmap_segment *seg;
	int err = -EINVAL;

	if (!mm)
		return err;

	mmap_read_lock(mm);
	seg = lock_segment_of(mm, h);
	if (seg) {
		err = call_in_segment(seg, h, off, len, rw, fn);
		up_read(&seg->lock);
	}
	mmap_read_unlock(mm);
	return err;
}

static int lock_range(struct devmap_handle *h, const struct devmap_span *span,
		      uint_t rw)
{
	int err = keep_others_out(h);

	if (err)
		return err;
	err = softlock(h, span, NULL, rw);
	let_others_in(h);
	if (!err) {
		mutex_lock(&h->extent->lock);
		h->nr_locks++;
		mutex_unlock(&h->extent->lock);
	}
	return err;
}

static int unlock_range(struct devmap_handle *h, const struct devmap_span *span,
			uint_t rw)
{
	bool locked;

	mutex_lock(&h->extent->lock);
	locked = h->nr_locks;
	h->nr_locks -= locked;
	mutex_unlock(&h->extent->lock);
	if (!locked)
		return -EINVAL;

	softunlock(h, span, NULL, rw);
	return 0;
}

/**
 * devmap_lock() - have a range of a handle loaded and kept for an access by
 *	software
 * @dhp: a handle of the current process
 * @off: user offset in bytes, as for devmap_load()
 * @len: bytes, as for devmap_load()
 * @rw: DEVMAP_READ or DEVMAP_WRITE
 *
 * Calls devmap_access(9E) with DEVMAP_LOCK. Until devmap_unlock(), mprotect(2)
 * of the handle, and a munmap(2) that splits a VMA inside of it, fail with
 * EAGAIN. A munmap(2) that ends where the handle or the VMA does Linux does not
 * let a driver refuse; what is left of the handle stays locked, and is unlocked
 * by its own handle. That another context is not switched in meanwhile is up to
 * the driver.
 *
 * Context: Process context, outside of all callbacks, with no lock held that
 * they take.
 * Return: 0, or an errno (positive): EINVAL for a handle that the current process
 * has not (any more) or a range that is not in it, EIO if the driver fails, EINTR, EAGAIN, ENXIO.
 */
int devmap_lock(devmap_cookie_t dhp, offset_t off, size_t len, uint_t rw)
{
	return dhp ? -with_locks(dhp, off, len, rw, lock_range) : EINVAL;
}
EXPORT_SYMBOL_GPL(devmap_lock);

/**
 * devmap_unlock() - undo devmap_lock()
 * @dhp: as for devmap_lock()
 * @off: likewise
 * @len: likewise
 * @rw: likewise
 *
 * Calls devmap_access(9E) with DEVMAP_UNLOCK.
 *
 * Return: 0 or an errno (positive).
 */
int devmap_unlock(devmap_cookie_t dhp, offset_t off, size_t len, uint_t rw)
{
	return dhp ? -with_locks(dhp, off, len, rw, unlock_range) : EINVAL;
}
EXPORT_SYMBOL_GPL(devmap_unlock);
