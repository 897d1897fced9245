// SPDX-License-Identifier: GPL-2.0
/*
 * mmap(2): from the driver's file_operations to a segment with its handles,
 * by way of segmap(9E) and devmap(9E).
 */

#include <linux/cred.h>
#include <linux/compat.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/srcu.h>
#include <sys/conf.h>
#include <sys/sunddi.h>

#include "../linux/mm.h"
#include "frame.h"
#include "handle.h"
#include "instance.h"
#include "mmap.h"
#include "prot.h"
#include "segment.h"
#include "tell.h"
#include "user.h"
#include "vmops.h"

static uint_t model_of_caller(void)
{
	return in_compat_syscall() ? DDI_MODEL_ILP32 : DDI_MODEL_LP64;
}

/*
 * One call of devmap(9E) for the pages of @rest; takes from @rest what the
 * driver accepted.
 */
static int add_handle(struct devmap_segment *seg,
		      const struct devmap_dev_ops *ops,
		      struct devmap_span *rest)
{
	size_t maplen = 0, len = devmap_span_len(rest);
	struct devmap_handle *h;
	struct devmap_span span;
	int err;

	h = devmap_handle_alloc();
	if (!h)
		return -ENOMEM;
	devmap_handle_set_span(h, seg, rest);

	err = -ENXIO;
	if (ops->devmap(seg->dev, h, devmap_span_off(rest), len, &maplen,
			model_of_caller()))
		goto err_free;

	err = devmap_check_maplen(len, maplen, h->setup_len);
	if (err)
		goto err_free;

	/* A private mapping says that it wants a context of its own. */
	err = -EINVAL;
	if (seg->private && !h->ops.devmap_access)
		goto err_free;

	span.first = rest->first;
	span.nr = maplen >> PAGE_SHIFT;
	err = devmap_handle_init(h, seg, &span);
	if (err)
		goto err_free;

	h->live = true;
	devmap_handles_insert(&seg->handles, h);
	rest->first += span.nr;
	rest->nr -= span.nr;
	return 0;

err_free:
	devmap_handle_free(h);
	return err;
}

/* The loop of devmap(9E). */
static int add_handles(struct devmap_segment *seg, void *unused)
{
	const struct devmap_dev_ops *ops = seg->win->dip->ops;
	struct devmap_span rest = seg->span;
	int err = 0;

	while (rest.nr && !err) {
		err = fatal_signal_pending(current) ? -EINTR :
						      add_handle(seg, ops, &rest);
		cond_resched();
	}
	return err;
}

/*
 * The kernel takes a writable private mapping of page frames for one that is
 * copied on write, and must not find such frames in it. There is no copy on
 * write here: the pages are the device's, whoever maps them, and MAP_PRIVATE is
 * a word to the driver. So to the kernel all mappings are shared; and what is
 * not copied must not be written through a descriptor opened for reading.
 */
static int share_with_kernel(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_MAYSHARE)
		return 0;

	if (vma->vm_file->f_mode & FMODE_WRITE) {
		devmap_vm_flags_mod(vma, VM_SHARED | VM_MAYSHARE, 0);
		return 0;
	}
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	devmap_vm_flags_mod(vma, VM_MAYSHARE, VM_MAYWRITE);
	return 0;
}

/*
 * Large entries take the cache attribute from the VMA. It cannot be changed later, so
 * it is that of a handle that shows all of the VMA for good.
 */
static uint_t cache_of(const struct devmap_segment *seg)
{
	const struct devmap_handle *h = devmap_handles_first(&seg->handles);

	if (h && h->target.kind == DEVMAP_TARGET_REGS &&
	    h->span.nr == seg->span.nr && !(h->flags & DEVMAP_ALLOW_REMAP))
		return h->target.cache;
	return IOMEM_DATA_CACHED;
}

static void attach_vma(struct devmap_segment *seg, struct vm_area_struct *vma,
		       uint_t prot, uint_t maxprot)
{
	unsigned long no = VM_READ | VM_WRITE | VM_EXEC;
	unsigned long may = devmap_prot_to_vm(maxprot) << 4;
	const struct devmap_handle *first = devmap_handles_first(&seg->handles);

	BUILD_BUG_ON((VM_READ << 4) != VM_MAYREAD);

	no &= ~devmap_prot_to_vm(prot);
	may = ~may & (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
	/*
	 * fork(2) copies page table entries of page frames unless the VMA says
	 * otherwise; the child must start without any.
	 */
	devmap_vm_flags_mod(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND |
			    VM_DONTDUMP | VM_WIPEONFORK, no | may);
	if (seg->cache != IOMEM_DATA_CACHED)
		vma->vm_page_prot = devmap_target_prot(&first->target,
						       vma->vm_page_prot);
	vma->vm_pgoff = seg->win->base;
	vma->vm_private_data = seg;
	vma->vm_ops = &devmap_vm_ops;
	devmap_segment_add_vma(seg);
}

/**
 * devmap_make_segment() - create the mapping that segmap(9E) was asked for
 * @req: what was asked for
 * @add: adds the handles of a segment, set up
 * @arg: passed to @add
 *
 * Context: From segmap(9E), once.
 * Return: 0 or an errno (positive); EAGAIN if the user has too many mappings.
 */
int devmap_make_segment(const struct devmap_request *req,
			int (*add)(struct devmap_segment *seg, void *arg),
			void *arg)
{
	struct devmap_frame *frame = devmap_frame_of_mmap();
	struct vm_area_struct *vma;
	struct devmap_segment *seg;
	struct devmap_user *user;
	struct devmap_span span;
	int err;

	if (!frame || frame->seg)
		return EINVAL;

	vma = frame->vma;
	if (req->len != vma->vm_end - vma->vm_start || !PAGE_ALIGNED(req->off))
		return EINVAL;
	if (devmap_prot_exceeds(req->prot, req->maxprot))
		return EACCES;
	err = devmap_span_from_bytes(req->off, req->len, &span);
	if (err)
		return -err;

	user = devmap_user_charge();
	if (IS_ERR(user))
		return -PTR_ERR(user);
	seg = devmap_segment_create(frame->dip, vma->vm_mm, req->dev, &span);
	if (!seg) {
		devmap_user_uncharge(user);
		return ENOMEM;
	}
	seg->user = user;
	seg->prot = req->prot & devmap_prot_now(vma->vm_flags);
	seg->private = (req->flags & MAP_TYPE) == MAP_PRIVATE;
	seg->model = model_of_caller();
	seg->seg.s_base = (caddr_t)vma->vm_start;

	err = add(seg, arg);
	seg->cache = cache_of(seg);
	if (!err)
		err = devmap_tell_map(seg);
	if (err) {
		devmap_segment_destroy(seg);
		return -err;
	}

	attach_vma(seg, vma, req->prot, req->maxprot);
	frame->seg = seg;
	if (req->addrp)
		*req->addrp = (caddr_t)vma->vm_start;
	return 0;
}

/**
 * devmap_setup() - create the mapping that segmap(9E) was asked for
 * @dev: device number; devmap(9E) gets it
 * @off: user offset in bytes, a page multiple; need not be the one that
 *	mmap(2) named
 * @as: ignored: mappings are made in the caller's address space
 * @addrp: set to the address, which Linux has chosen already
 * @len: bytes, as segmap(9E) received it
 * @prot: bits of mmap(2), PROT_READ and so on; those that the user did not ask for
 *        are not added
 * @maxprot: the most that mprotect(2) may give
 * @flags: MAP_SHARED or MAP_PRIVATE
 * @cred: ignored
 *
 * devmap_setup(9F).
 *
 * Context: From segmap(9E), once.
 * Return: 0 or an errno: EINVAL without devmap(9E) or outside of segmap(9E),
 * EACCES if @prot exceeds @maxprot, ENXIO if the driver refuses, ENOMEM.
 */
int devmap_setup(dev_t dev, offset_t off, ddi_as_handle_t as, caddr_t *addrp,
		 size_t len, uint_t prot, uint_t maxprot, uint_t flags,
		 struct cred *cred)
{
	struct devmap_frame *frame = devmap_frame_of_mmap();
	const struct devmap_request req = {
		.dev = dev, .off = off, .addrp = addrp, .len = len,
		.prot = prot, .maxprot = maxprot, .flags = flags,
	};

	if (!frame || !frame->dip->ops->devmap)
		return EINVAL;
	return devmap_make_segment(&req, add_handles, NULL);
}
EXPORT_SYMBOL_GPL(devmap_setup);

/**
 * ddi_devmap_segmap() - devmap_setup() with the types of segmap(9E)
 * @dev: as for devmap_setup()
 * @off: as for devmap_setup()
 * @as: as for devmap_setup()
 * @addrp: as for devmap_setup()
 * @len: as for devmap_setup()
 * @prot: as for devmap_setup()
 * @maxprot: as for devmap_setup()
 * @flags: as for devmap_setup()
 * @cred: as for devmap_setup()
 *
 * ddi_devmap_segmap(9F), in devmap_setup(9F). May be the driver's segmap(9E).
 *
 * Return: 0 or an errno, as devmap_setup().
 */
int ddi_devmap_segmap(dev_t dev, off_t off, ddi_as_handle_t as,
		      caddr_t *addrp, off_t len, uint_t prot, uint_t maxprot,
		      uint_t flags, struct cred *cred)
{
	return devmap_setup(dev, off, as, addrp, len, prot, maxprot, flags,
			    cred);
}
EXPORT_SYMBOL_GPL(ddi_devmap_segmap);

typedef int (*segmap_fn)(dev_t dev, off_t off, struct as *asp, caddr_t *addrp,
			 off_t len, unsigned int prot, unsigned int maxprot,
			 unsigned int flags, cred_t *credp);

/* Which of the schemes a driver is mapped by. */
static segmap_fn segmap_of(const struct devmap_dev_ops *ops)
{
	if (ops->segmap)
		return ops->segmap;
	if ((ops->flag & D_DEVMAP) || !ops->mmap)
		return ddi_devmap_segmap;
	return ddi_segmap;
}

static int call_segmap(struct devmap_frame *frame, dev_t dev, uint_t flags)
{
	struct vm_area_struct *vma = frame->vma;
	caddr_t addr = (caddr_t)vma->vm_start;

	return segmap_of(frame->dip->ops)
		(dev, (off_t)vma->vm_pgoff << PAGE_SHIFT,
		 (struct as *)vma->vm_mm, &addr,
		 vma->vm_end - vma->vm_start, devmap_prot_now(vma->vm_flags),
		 devmap_prot_max(vma->vm_flags), flags,
		 (struct cred *)vma->vm_file->f_cred);
}

static int map_with_frame(struct devmap_frame *frame, dev_t dev)
{
	uint_t flags = frame->vma->vm_flags & VM_MAYSHARE ? MAP_SHARED :
							    MAP_PRIVATE;
	int err;

	err = share_with_kernel(frame->vma);
	if (err)
		return err;

	err = call_segmap(frame, dev, flags);
	if (err)
		return err > 0 && err <= MAX_ERRNO ? -err : -EINVAL;
	return frame->seg ? 0 : -EINVAL;
}

/**
 * devmap_mmap_dev() - map an instance through a device number
 * @dip: the instance
 * @vma: as mmap received it; its file went through devmap_open()
 * @dev: what open(9E) left: not always the number of the file's device node
 *
 * Context: As devmap_mmap().
 * Return: as devmap_mmap().
 */
int devmap_mmap_dev(dev_info_t *dip, struct vm_area_struct *vma, dev_t dev)
{
	struct devmap_frame frame = {
		.mm = vma->vm_mm, .vma = vma, .dip = dip,
	};
	int idx, err = -ENXIO;

	idx = srcu_read_lock(&dip->srcu);
	if (!READ_ONCE(dip->gone)) {
		devmap_frame_push(&frame);
		err = map_with_frame(&frame, dev);
		devmap_frame_pop(&frame);
	}
	if (err && frame.seg) {
		vma->vm_ops = NULL;
		vma->vm_private_data = NULL;
		devmap_tell_all_unmapped(frame.seg);
		devmap_segment_destroy(frame.seg);
	}
	srcu_read_unlock(&dip->srcu, idx);
	return err;
}

/**
 * devmap_mmap() - map an instance
 * @dip: the instance
 * @vma: as mmap received it; its file went through devmap_open()
 *
 * Calls segmap(9E), or does what that would do, and through it devmap(9E) and
 * devmap_map(9E).
 *
 * Context: From the mmap function of the driver's file_operations.
 * Return: 0 or -errno for that to return. On failure nothing is left, and every
 * handle for which devmap_map(9E) succeeded was told devmap_unmap(9E).
 */
int devmap_mmap(dev_info_t *dip, struct vm_area_struct *vma)
{
	return devmap_mmap_dev(dip, vma, file_inode(vma->vm_file)->i_rdev);
}
EXPORT_SYMBOL_GPL(devmap_mmap);
