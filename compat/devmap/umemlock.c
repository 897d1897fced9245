// SPDX-License-Identifier: GPL-2.0
/* Locking a user's pages so that they can be mapped: ddi_umem_lock(9F). */

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <sys/esunddi.h>
#include <sys/sunddi.h>

#include "../linux/kunit.h"
#include "../linux/mm.h"
#include "stats.h"
#include "umem.h"

static struct workqueue_struct *release_wq;

static unsigned long nr_pages(const struct ddi_umem_cookie *cookie)
{
	return cookie->size >> PAGE_SHIFT;
}

static void release_locked(struct work_struct *work)
{
	struct ddi_umem_cookie *cookie =
		container_of(work, struct ddi_umem_cookie, release);

	unpin_user_pages_dirty_lock(cookie->pages, nr_pages(cookie),
				    cookie->dirty);
	account_locked_vm(cookie->mm, nr_pages(cookie), false);
	mmdrop(cookie->mm);
	kvfree(cookie->pages);
	kfree(cookie);
	devmap_stat_dec(DEVMAP_STAT_COOKIES);
}

/**
 * devmap_umem_release_locked() - the last reference on locked pages is gone
 * @cookie: the cookie
 *
 * Context: Any.
 */
void devmap_umem_release_locked(struct ddi_umem_cookie *cookie)
{
	queue_work(release_wq, &cookie->release);
}

int devmap_umemlock_init(void)
{
	release_wq = alloc_workqueue("devmap_umem", WQ_UNBOUND, 0);
	return release_wq ? 0 : -ENOMEM;
}

void devmap_umemlock_exit(void)
{
	destroy_workqueue(release_wq);
}

/* Whether one VMA of the range may be locked; 0 or an errno. */
static int check_vma(const struct vm_area_struct *vma, int flags)
{
	if (vma->vm_flags & (VM_IO | VM_PFNMAP))
		return EFAULT;
	if ((flags & DDI_UMEMLOCK_READ) && !(vma->vm_flags & VM_READ))
		return EACCES;
	if ((flags & DDI_UMEMLOCK_WRITE) && !(vma->vm_flags & VM_WRITE))
		return EACCES;
	/* Pages of a file must stay free for its file system to write back. */
	if ((flags & DDI_UMEMLOCK_LONGTERM) && vma->vm_file &&
	    (vma->vm_flags & VM_MAYSHARE) &&
	    S_ISREG(file_inode(vma->vm_file)->i_mode) &&
	    !IS_PRIVATE(file_inode(vma->vm_file)))
		return EFAULT;
	return 0;
}

/*
 * Pins what of the range one VMA shows, from page @done on; returns the number of
 * pages or -errno. Of a private mapping the process' own pages are pinned, also
 * for reading: otherwise its next write would go to another page (before 6.2).
 */
static long pin_in_vma(struct ddi_umem_cookie *cookie,
		       const struct vm_area_struct *vma, unsigned long done,
		       int flags)
{
	unsigned long start = (unsigned long)cookie->cvaddr +
			      (done << PAGE_SHIFT);
	unsigned long nr = min((vma->vm_end - start) >> PAGE_SHIFT,
			       nr_pages(cookie) - done);
	unsigned int gup = FOLL_LONGTERM;

	if (flags & DDI_UMEMLOCK_WRITE)
		gup |= FOLL_WRITE;
	else if (!(vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		gup |= FOLL_WRITE | FOLL_FORCE;

	return devmap_pin_pages(cookie->mm, start, nr, gup,
				cookie->pages + done);
}

/**
 * devmap_umemlock_errno() - why pages could not be pinned
 * @pinned: what pin_user_pages() returned instead of a number of pages
 *
 * Return: an errno of ddi_umem_lock(9F); EAGAIN if it may be otherwise next time.
 */
int devmap_umemlock_errno(long pinned)
{
	switch (pinned) {
	case -ENOMEM:
		return ENOMEM;
	case 0:
	case -EAGAIN:
	case -EBUSY:
	case -EINTR:
		return EAGAIN;
	default:
		return EFAULT;
	}
}
EXPORT_SYMBOL_IF_KUNIT(devmap_umemlock_errno);

/* 0 or an errno; @done pages are pinned. */
static int pin_range(struct ddi_umem_cookie *cookie, int flags,
		     unsigned long *done)
{
	struct vm_area_struct *vma;
	unsigned long addr;
	long pinned;
	int err;

	mmap_assert_locked(cookie->mm);

	while (*done < nr_pages(cookie)) {
		addr = (unsigned long)cookie->cvaddr + (*done << PAGE_SHIFT);
		vma = find_vma(cookie->mm, addr);
		if (!vma || vma->vm_start > addr)
			return EFAULT;
		err = check_vma(vma, flags);
		if (err)
			return err;

		pinned = pin_in_vma(cookie, vma, *done, flags);
		if (pinned <= 0)
			return devmap_umemlock_errno(pinned);
		*done += pinned;
	}
	return 0;
}

/* 0 or an errno, with no page pinned. */
static int pin(struct ddi_umem_cookie *cookie, int flags)
{
	unsigned long done = 0;
	int err;

	mmap_read_lock(cookie->mm);
	err = pin_range(cookie, flags, &done);
	mmap_read_unlock(cookie->mm);

	if (err && done)
		unpin_user_pages(cookie->pages, done);
	return err;
}

static struct ddi_umem_cookie *locked_cookie(caddr_t addr, size_t len,
					     int flags, struct mm_struct *mm)
{
	struct ddi_umem_cookie *cookie = kzalloc(sizeof(*cookie),
						 GFP_KERNEL_ACCOUNT);

	if (!cookie)
		return NULL;

	cookie->pages = kvcalloc(len >> PAGE_SHIFT, sizeof(*cookie->pages),
				 GFP_KERNEL_ACCOUNT);
	if (!cookie->pages) {
		kfree(cookie);
		return NULL;
	}

	cookie->cvaddr = addr;
	cookie->size = len;
	cookie->type = UMEM_LOCKED;
	cookie->dirty = flags & DDI_UMEMLOCK_WRITE;
	cookie->mm = mm;
	INIT_WORK(&cookie->release, release_locked);
	refcount_set(&cookie->refs, 1);
	return cookie;
}

static int lock_pages(caddr_t addr, size_t len, int flags, struct mm_struct *mm,
		      ddi_umem_cookie_t *cookiep)
{
	struct ddi_umem_cookie *cookie;
	int err;

	if (account_locked_vm(mm, len >> PAGE_SHIFT, true))
		return ENOMEM;

	cookie = locked_cookie(addr, len, flags, mm);
	err = cookie ? pin(cookie, flags) : ENOMEM;
	if (err) {
		account_locked_vm(mm, len >> PAGE_SHIFT, false);
		if (cookie)
			kvfree(cookie->pages);
		kfree(cookie);
		return err;
	}

	mmgrab(mm);
	devmap_stat_inc(DEVMAP_STAT_COOKIES);
	*cookiep = cookie;
	return 0;
}

static bool range_ok(caddr_t addr, size_t len)
{
	return len && PAGE_ALIGNED(addr) && PAGE_ALIGNED(len) &&
	       len >> PAGE_SHIFT <= INT_MAX / sizeof(struct page *) &&
	       (unsigned long)addr + len > (unsigned long)addr;
}

/**
 * umem_lockmemory() - lock pages of a process, for as long as it takes
 * @addr: user address, page aligned
 * @size: bytes, a page multiple
 * @flags: DDI_UMEMLOCK_READ, DDI_UMEMLOCK_WRITE or both, and
 *	DDI_UMEMLOCK_LONGTERM
 * @cookie: set to a cookie for devmap_umem_setup(9F), or NULL on failure
 * @ops_vector: checked; its function is never called, as Linux keeps pinned
 *	pages until they are unpinned. May be NULL
 * @procp: the process; NULL for the current one
 *
 * There is no manual page. Pages count as locked memory of the process, against
 * the RLIMIT_MEMLOCK of the caller.
 *
 * Context: Process context, may sleep; not from devmap(9E), segmap(9E) or a
 * callback, where mmap_lock is held.
 * Return: 0 or an errno: EINVAL for arguments; EFAULT where nothing is mapped,
 * or something that cannot be locked: device memory, and with
 * DDI_UMEMLOCK_LONGTERM a shared mapping of a regular file; EACCES; ENOMEM;
 * EAGAIN.
 */
int umem_lockmemory(caddr_t addr, size_t size, int flags,
		    ddi_umem_cookie_t *cookie,
		    struct umem_callback_ops *ops_vector, proc_t *procp)
{
	const int rw = DDI_UMEMLOCK_READ | DDI_UMEMLOCK_WRITE;
	struct mm_struct *mm;
	int err;

	*cookie = NULL;
	if (!range_ok(addr, size) || !(flags & rw) ||
	    (flags & ~(rw | DDI_UMEMLOCK_LONGTERM)))
		return EINVAL;
	if (ops_vector && ops_vector->cbo_umem_callback_version !=
				  UMEM_CALLBACK_VERSION)
		return EINVAL;

	mm = get_task_mm(procp ? (struct task_struct *)procp : current);
	if (!mm)
		return EFAULT;
	err = lock_pages(addr, size, flags, mm, cookie);
	mmput(mm);
	return err;
}
EXPORT_SYMBOL_GPL(umem_lockmemory);

/**
 * ddi_umem_lock() - lock pages of the current process
 * @addr: user address, page aligned
 * @len: bytes, a page multiple
 * @flags: DDI_UMEMLOCK_READ, DDI_UMEMLOCK_WRITE or both
 * @cookiep: set to a cookie for devmap_umem_setup(9F), or NULL on failure
 *
 * ddi_umem_lock(9F). Unlike on Solaris the process may fork and exec meanwhile:
 * the cookie keeps the pages it has.
 *
 * Context: Process context, may sleep.
 * Return: 0 or an errno, as umem_lockmemory().
 */
int ddi_umem_lock(caddr_t addr, size_t len, int flags,
		  ddi_umem_cookie_t *cookiep)
{
	if (flags & DDI_UMEMLOCK_LONGTERM) {
		*cookiep = NULL;
		return EINVAL;
	}
	return umem_lockmemory(addr, len, flags, cookiep, NULL, NULL);
}
EXPORT_SYMBOL_GPL(ddi_umem_lock);

/**
 * ddi_umem_unlock() - unlock pages of ddi_umem_lock() or umem_lockmemory()
 * @cookie: their cookie
 *
 * ddi_umem_unlock(9F), in ddi_umem_lock(9F). Where others have the pages mapped,
 * they stay locked until the last of them has unmapped them.
 *
 * Context: Any; the pages are unlocked a little later.
 */
void ddi_umem_unlock(ddi_umem_cookie_t cookie)
{
	devmap_umem_put(cookie);
}
EXPORT_SYMBOL_GPL(ddi_umem_unlock);
