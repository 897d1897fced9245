// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults: from the faulting address to the driver's devmap_access(9E).
 *
 * A valid page gets its translation back without the driver. For any other
 * page the driver is called, which loads it from within the call
 * (devmap_load(), load.c): a translation is inserted under the driver's own
 * lock, or another process' unload could come between.
 */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <sys/ddidevmap.h>
#include <vm/faultcode.h>
#include <trace/events/devmap.h>

#include "../linux/huge_mm.h"
#include "../linux/mm.h"
#include "ctxmgt.h"
#include "fault.h"
#include "frame.h"
#include "handle.h"
#include "huge.h"
#include "instance.h"
#include "load.h"
#include "pagetable.h"
#include "prot.h"
#include "segdev.h"
#include "segment.h"

/**
 * struct fault_wait - what a fault has to wait for, once it holds no lock
 * @needed: it has to; if not, nothing else is set
 * @ctx: for a turn of this arbiter; NULL: a tick, as the driver wants a retry
 * @id: of the handle
 * @timeout: of the handle
 * @dev: of the mapping, for the trace
 */
struct fault_wait {
	bool needed;
	struct devmap_ctx *ctx;
	u64 id;
	clock_t timeout;
	dev_t dev;
};

static uint_t direction(const struct vm_fault *vmf)
{
	if (vmf->flags & FAULT_FLAG_WRITE)
		return DEVMAP_WRITE;
	if (vmf->flags & FAULT_FLAG_INSTRUCTION)
		return DEVMAP_EXEC;
	return DEVMAP_READ;
}

static vm_fault_t result_of(int err, const struct devmap_frame *frame)
{
	if (!err)
		return VM_FAULT_NOPAGE;
	if (frame->noprot)
		return VM_FAULT_SIGSEGV;
	return frame->nomem ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
}

/*
 * What a driver's devmap_access(9E) returned is a fault code, and Solaris has a signal
 * for each: SIGBUS where the device failed; none where a signal has interrupted it, as
 * there is one, and the touch is made again after its handler; SIGSEGV for all else,
 * with -1 and other numbers that are no fault codes. An access of the kernel's own is not
 * made again by a signal, and would try for ever.
 */
static vm_fault_t result_of_driver(int code, const struct devmap_frame *frame,
				   const struct vm_fault *vmf)
{
	if (!code || frame->noprot || frame->nomem)
		return result_of(code, frame);

	switch (FC_CODE(code)) {
	case FC_HWERR:
	case FC_ALIGN:
	case FC_NOSUPPORT:
		return VM_FAULT_SIGBUS;
	case FC_OBJERR:
		return FC_ERRNO(code) == EINTR &&
		       (vmf->flags & FAULT_FLAG_USER) ? VM_FAULT_NOPAGE :
							VM_FAULT_SIGBUS;
	default:
		return VM_FAULT_SIGSEGV;
	}
}

/* The layer's own function need not find out from a frame why it was called. */
static int access(struct devmap_handle *h, struct devmap_frame *frame,
		  const struct devmap_span *touched, uint_t rw)
{
	int err;

	if (h->ops.devmap_access == devmap_default_access)
		return devmap_load_touched(h, frame, touched, rw);

	devmap_frame_push(frame);
	err = h->ops.devmap_access(h, h->pvtp, devmap_span_off(touched),
				   devmap_span_len(touched), DEVMAP_ACCESS, rw);
	devmap_frame_pop(frame);
	return err;
}

static vm_fault_t call_driver(struct devmap_handle *h,
			      struct devmap_frame *frame,
			      const struct devmap_span *touched, uint_t rw,
			      const struct vm_fault *vmf,
			      struct fault_wait *wait)
{
	clock_t timeout = READ_ONCE(h->timeout);
	int err;

	if (!devmap_ctx_try(h->ctx, h->id, timeout)) {
		*wait = (struct fault_wait){
			.needed = true, .ctx = h->ctx, .id = h->id,
			.timeout = timeout, .dev = frame->seg->dev,
		};
		return VM_FAULT_NOPAGE;
	}

	err = access(h, frame, touched, rw);
	trace_devmap_access(frame->seg, h, devmap_span_off(touched),
			    devmap_span_len(touched), DEVMAP_ACCESS, rw, err);
	devmap_ctx_pass(h->ctx, h->id);

	if (err || frame->loaded)
		return result_of_driver(err, frame, vmf);
	/* Another thread may have had the page loaded meanwhile. */
	if (!devmap_pt_reload(h, frame->page, frame->vma, &err))
		*wait = (struct fault_wait){ .needed = true };
	return result_of(err, frame);
}

static bool looks_valid(const struct devmap_handle *h, unsigned long page)
{
	const struct devmap_extent *extent = h->extent;

	/*
	 * Without the page lock: whoever loads the page just now inserts it as
	 * well.
	 */
	return data_race(devmap_valid_test(&extent->valid,
					   page - extent->span.first));
}

static vm_fault_t reloaded(struct devmap_handle *h, struct devmap_frame *frame,
			   uint_t rw, int err)
{
	trace_devmap_refault(frame->seg, h, frame->page, rw, err);
	frame->nomem = err == -ENOMEM;
	frame->noprot = err == -EACCES;
	return result_of(err, frame);
}

/* Inserts what is valid already, without the driver. */
static bool refault(struct devmap_handle *h, struct devmap_frame *frame,
		    uint_t rw, vm_fault_t *ret)
{
	int err;

	if (!looks_valid(h, frame->page) ||
	    !devmap_pt_reload(h, frame->page, frame->vma, &err))
		return false;
	*ret = reloaded(h, frame, rw, err);
	return true;
}

/* The same for a large translation, if it can be one. */
static bool refault_huge(struct devmap_handle *h, struct devmap_frame *frame,
			 uint_t rw, vm_fault_t *ret)
{
	int err;

	switch (devmap_pt_reload_huge(h, frame->page, frame->huge, &err)) {
	case DEVMAP_HUGE_INVALID:
		return false;
	case DEVMAP_HUGE_VALID:
		*ret = reloaded(h, frame, rw, err);
		return true;
	default:
		*ret = VM_FAULT_FALLBACK;
		return true;
	}
}

static vm_fault_t fault_in_segment(struct devmap_segment *seg,
				   struct vm_fault *vmf,
				   const struct devmap_huge *huge,
				   struct fault_wait *wait)
{
	struct devmap_frame frame = {
		.mm = vmf->vma->vm_mm,
		.vma = vmf->vma,
		.seg = seg,
		.page = devmap_segment_page(seg, vmf->pgoff),
		.huge = huge,
	};
	struct devmap_span page = { .first = frame.page, .nr = 1 };
	const struct devmap_span *touched = huge ? &huge->block : &page;
	struct devmap_handle *h;
	uint_t rw = direction(vmf);
	vm_fault_t ret;
	int err;

	lockdep_assert_held_read(&seg->lock);

	h = devmap_handles_find(&seg->handles, frame.page);
	if (!h)
		return VM_FAULT_SIGBUS;

	if (huge ? refault_huge(h, &frame, rw, &ret) :
		   refault(h, &frame, rw, &ret))
		return ret;

	if (h->ops.devmap_access)
		return call_driver(h, &frame, touched, rw, vmf, wait);

	if (h->segdev &&
	    devmap_segdev_refresh(h, frame.page,
				  devmap_prot_now(vmf->vma->vm_flags)))
		return VM_FAULT_SIGBUS;
	err = devmap_load_touched(h, &frame, touched, rw);
	return result_of(err, &frame);
}

/*
 * Waits without the fault's lock and has the fault tried again. Where Linux
 * does not permit that (a second try, or a caller that must not wait), the
 * access faults anew, which permits it.
 */
static vm_fault_t wait_and_retry(struct vm_fault *vmf, dev_info_t *dip,
				 const struct fault_wait *wait)
{
	unsigned int flags = vmf->flags;
	unsigned int state = TASK_KILLABLE;
	int err = 0;

	if (!fault_flag_allow_retry_first(flags)) {
		/* A futex(2) would try for ever, and look at no signal. */
		if (fatal_signal_pending(current) ||
		    (current->flags & PF_EXITING))
			return VM_FAULT_SIGBUS;
		cond_resched();
		return VM_FAULT_NOPAGE;
	}
	if (flags & FAULT_FLAG_RETRY_NOWAIT)
		return VM_FAULT_RETRY;
	/* A fault of the kernel's own does not end at a signal. */
	if ((flags & FAULT_FLAG_INTERRUPTIBLE) && (flags & FAULT_FLAG_USER))
		state = TASK_INTERRUPTIBLE;

	devmap_instance_get(dip);
	devmap_unlock_fault(vmf);
	if (wait->ctx) {
		unsigned long start = jiffies;

		err = devmap_ctx_wait(wait->ctx, wait->id, wait->timeout,
				      state);
		trace_devmap_ctxmgt_waited(wait->dev, wait->id,
					   jiffies - start, err);
	} else {
		__set_current_state(state);
		schedule_timeout(1);
	}
	devmap_instance_put(dip);
	return VM_FAULT_RETRY;
}

static vm_fault_t handle_fault(struct vm_fault *vmf,
			       const struct devmap_huge *huge)
{
	struct devmap_segment *seg = vmf->vma->vm_private_data;
	dev_info_t *dip = seg->win->dip;
	struct fault_wait wait;
	vm_fault_t ret;

	/* What x86 checks for data only before it calls a fault handler. */
	if ((vmf->flags & FAULT_FLAG_INSTRUCTION) &&
	    !(vmf->vma->vm_flags & VM_EXEC))
		return VM_FAULT_SIGSEGV;

	wait.needed = false;
	/* Somebody may be in the driver with it, unmapping, for as long as that takes. */
	if (down_read_killable(&seg->lock))
		return VM_FAULT_SIGBUS;
	if (unlikely(READ_ONCE(dip->gone)))
		ret = VM_FAULT_SIGBUS;
	else
		ret = fault_in_segment(seg, vmf, huge, &wait);
	up_read(&seg->lock);

	return unlikely(wait.needed) ? wait_and_retry(vmf, dip, &wait) : ret;
}

/**
 * devmap_fault() - the fault handler of all mappings
 * @vmf: the fault
 *
 * Context: mmap_lock held for reading: Linux guarantees that to a fault handler
 * whose vm_operations_struct has no map_pages.
 * Return: VM_FAULT_NOPAGE when the access can be tried again; VM_FAULT_RETRY
 * with the lock dropped; VM_FAULT_SIGSEGV, VM_FAULT_SIGBUS, VM_FAULT_OOM.
 */
vm_fault_t devmap_fault(struct vm_fault *vmf)
{
	/* A VMA of a child that is not to be. */
	if (!vmf->vma->vm_private_data)
		return VM_FAULT_SIGBUS;
	return handle_fault(vmf, NULL);
}

/**
 * devmap_huge_fault() - asked before devmap_fault() where no page is mapped near by
 * @vmf: the fault
 * @size: the entry that Linux would have
 *
 * Where such an entry can be, the driver is called for all of its pages.
 *
 * Context: mmap_lock held for reading, or only the lock of the VMA: then Linux is
 * told to come back with the former, as it does itself before devmap_fault().
 * Return: as devmap_fault(); VM_FAULT_FALLBACK for the next smaller entry, or a page.
 */
vm_fault_t devmap_huge_fault(struct vm_fault *vmf, DEVMAP_FAULT_SIZE size)
{
	struct devmap_segment *seg = vmf->vma->vm_private_data;
	unsigned int order = devmap_fault_order(size);
	struct devmap_huge huge;

	if (!seg || !devmap_huge_supported(order, false) ||
	    !devmap_huge_begin(&huge, seg, vmf, order))
		return VM_FAULT_FALLBACK;
	if (!devmap_fault_has_mmap_lock(vmf)) {
		devmap_unlock_fault(vmf);
		return VM_FAULT_RETRY;
	}
	return handle_fault(vmf, &huge);
}
