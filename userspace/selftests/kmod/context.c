// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of the layer from where they do not belong, and from where a driver may
 * make them besides its entry points: a hard interrupt, a thread of the kernel.
 */

#include <linux/irq_work.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "device.h"

/* One call on its way to the interrupt or thread that makes it. */
struct call {
	struct st_device *dev;
	struct irq_work irq;
	struct work_struct work;
	struct dmst_call *req;
	devmap_cookie_t dhp;
	struct st_umem umem;
};

static int call_umem_setup(const struct call *call)
{
	struct devmap_callback_ctl ops = { .devmap_rev = DEVMAP_OPS_REV };

	return devmap_umem_setup(call->dhp, call->dev->dip, &ops,
				 call->dev->umem[call->req->umem].cookie,
				 call->req->off, call->req->len, PROT_ALL,
				 DEVMAP_ALLOW_REMAP, NULL);
}

static int call_devmem_setup(const struct call *call)
{
	return devmap_devmem_setup(call->dhp, call->dev->dip, NULL, 1,
				   call->req->off, call->req->len, PROT_ALL,
				   DEVMAP_DEFAULTS, NULL);
}

static void in_interrupt_context(struct irq_work *irq)
{
	struct call *call = container_of(irq, struct call, irq);

	call->req->in_irq = !!in_hardirq();
	switch (call->req->what) {
	case DMST_CALL_ALLOC:
		/* On failure the layer has to clear it. */
		call->umem.cookie = call;
		call->umem.size = PAGE_ALIGN(call->req->len);
		call->umem.addr = ddi_umem_alloc(call->req->len,
						 DDI_UMEM_NOSLEEP,
						 &call->umem.cookie);
		break;
	case DMST_CALL_FREE:
		st_umem_release(&call->umem);
		break;
	case DMST_CALL_TIMEOUT:
		devmap_set_ctx_timeout(call->dhp, call->req->off);
		break;
	case DMST_CALL_UMEM_SETUP_IRQ:
		call->req->ret = call_umem_setup(call);
		break;
	case DMST_CALL_DEVMEM_SETUP_IRQ:
		call->req->ret = call_devmem_setup(call);
		break;
	}
}

static void in_a_thread(struct work_struct *work)
{
	struct call *call = container_of(work, struct call, work);

	call->req->no_mm = !current->mm;
	call->req->ret = devmap_unload(call->dhp, call->req->off,
				       call->req->len);
}

static void interrupt(struct call *call)
{
	init_irq_work(&call->irq, in_interrupt_context);
	irq_work_queue(&call->irq);
	irq_work_sync(&call->irq);
}

/* As segmap(9E) would call it, for a page of the caller. */
static int call_setup(struct st_device *dev, struct call *call)
{
	caddr_t addr = (caddr_t)(unsigned long)call->req->addr;

	return devmap_setup(MKDEV(MISC_MAJOR, dev->misc.minor), call->req->off,
			    (struct as *)current->mm, &addr, call->req->len,
			    PROT_READ | PROT_USER, PROT_ALL, MAP_SHARED,
			    (struct cred *)current_cred());
}

static int make_call(struct st_device *dev, struct call *call)
{
	struct st_umem *umem = &dev->umem[call->req->umem];

	lockdep_assert_held(&dev->lock);

	switch (call->req->what) {
	case DMST_CALL_UMEM_SETUP:
		call->req->ret = call_umem_setup(call);
		return 0;
	case DMST_CALL_DEVMEM_SETUP:
		call->req->ret = call_devmem_setup(call);
		return 0;
	case DMST_CALL_SETUP:
		call->req->ret = call_setup(dev, call);
		return 0;
	case DMST_CALL_UNLOAD:
		INIT_WORK_ONSTACK(&call->work, in_a_thread);
		schedule_work(&call->work);
		flush_work(&call->work);
		destroy_work_on_stack(&call->work);
		return 0;
	case DMST_CALL_TIMEOUT:
	case DMST_CALL_UMEM_SETUP_IRQ:
	case DMST_CALL_DEVMEM_SETUP_IRQ:
		interrupt(call);
		return 0;
	case DMST_CALL_FREE:
		if (!umem->cookie)
			return -ENOENT;
		call->umem = *umem;
		*umem = (struct st_umem){};
		interrupt(call);
		return 0;
	case DMST_CALL_ALLOC:
		if (umem->cookie)
			return -EBUSY;
		interrupt(call);
		if (!call->umem.addr)
			return call->umem.cookie ? -EIO : -ENOMEM;
		*umem = call->umem;
		return 0;
	}
	return -EINVAL;
}

/**
 * st_call_ioctl() - DMST_CALL
 * @dev: the device
 * @arg: of the caller
 *
 * Return: 0 or -errno; what the call returned is in @arg.
 */
long st_call_ioctl(struct st_device *dev, struct dmst_call __user *arg)
{
	struct dmst_call req;
	struct call call = { .dev = dev, .req = &req };
	struct st_handle *h;
	long err = -ENOENT;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (req.umem >= DMST_UMEMS)
		return -EINVAL;

	/* The mutex keeps the handle: devmap_unmap takes it. */
	mutex_lock(&dev->lock);
	h = req.handle ? st_handle_by_nr(dev, req.handle) : NULL;
	if (h)
		call.dhp = h->dhp;
	if (h || !req.handle)
		err = make_call(dev, &call);
	mutex_unlock(&dev->lock);

	if (!err && copy_to_user(arg, &req, sizeof(req)))
		err = -EFAULT;
	return err;
}
