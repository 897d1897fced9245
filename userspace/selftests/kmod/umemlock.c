// SPDX-License-Identifier: GPL-2.0
/* Memory of processes as umem: ddi_umem_lock(9F) and umem_lockmemory(). */

#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <sys/esunddi.h>

#include "device.h"

/**
 * st_umem_release() - give umem back, by the call that is due for it
 * @umem: the umem; becomes empty. The device is locked
 */
void st_umem_release(struct st_umem *umem)
{
	if (umem->locked)
		ddi_umem_unlock(umem->cookie);
	else
		ddi_umem_free(umem->cookie);
	*umem = (struct st_umem){};
}

static void cleanup(ddi_umem_cookie_t *cookie)
{
	WARN_ON(1);
}

static int lock_memory(struct dmst_umem_lock *req, ddi_umem_cookie_t *cookie)
{
	caddr_t addr = (caddr_t)(unsigned long)req->addr;
	struct umem_callback_ops ops = {
		.cbo_umem_callback_version = req->version,
		.cbo_umem_lock_cleanup = cleanup,
	};
	struct task_struct *task = NULL;
	int err;

	if (!req->longer)
		return ddi_umem_lock(addr, req->len, req->flags, cookie);

	if (req->pid) {
		struct pid *pid = find_get_pid(req->pid);

		task = get_pid_task(pid, PIDTYPE_PID);
		put_pid(pid);
		if (!task)
			return ESRCH;
	}
	err = umem_lockmemory(addr, req->len, req->flags, cookie,
			      req->version ? &ops : NULL, (proc_t *)task);
	if (task)
		put_task_struct(task);
	return err;
}

/**
 * st_umem_lock_ioctl() - DMST_UMEM_LOCK
 * @dev: the device
 * @arg: of the caller
 *
 * Return: 0 or -errno; what the call returned is in @arg.
 */
long st_umem_lock_ioctl(struct st_device *dev,
			struct dmst_umem_lock __user *arg)
{
	struct dmst_umem_lock req;
	struct st_umem new = { .locked = true };
	struct st_umem *umem;
	long err = 0;

	if (copy_from_user(&req, arg, sizeof(req)))
		return -EFAULT;
	if (req.nr >= DMST_UMEMS)
		return -EINVAL;

	/* On failure the layer has to clear it. */
	new.cookie = dev;
	new.size = req.len;
	req.ret = lock_memory(&req, &new.cookie);
	if (req.ret && req.ret != ESRCH && new.cookie)
		err = -EIO;

	if (!req.ret) {
		mutex_lock(&dev->lock);
		umem = &dev->umem[req.nr];
		if (umem->cookie)
			err = -EBUSY;
		else
			*umem = new;
		mutex_unlock(&dev->lock);
		if (err)
			ddi_umem_unlock(new.cookie);
	}
	if (!err && copy_to_user(arg, &req, sizeof(req)))
		err = -EFAULT;
	return err;
}
