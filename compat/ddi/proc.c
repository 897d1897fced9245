// SPDX-License-Identifier: GPL-2.0
/* Processes: ddi_get_pid(9F), drv_getparm(9F), proc_signal(9F), curproc. */
#define _KERNEL

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

#include <sys/sunddi.h>
#include <sys/proc.h>

/*
 * curproc->p_as is the mm of the task, as struct as * is an mm everywhere in the
 * layer. p_as is a macro, see <sys/proc.h>: the task as an array of pointers, at
 * this place. Drivers read it; they have no business to write there.
 */
const unsigned int devmap_as_index = offsetof(struct task_struct, mm) /
				     sizeof(struct as *);
EXPORT_SYMBOL_GPL(devmap_as_index);

/**
 * devmap_curproc() - the process that is running: curproc
 *
 * A process is its first thread, which is there as long as any other. But it may
 * have ended before the others, and has no address space then. curproc->p_as is
 * what drivers want to know, so the current thread stands for the process in that
 * case.
 *
 * Context: Process context.
 * Return: the process.
 */
proc_t *devmap_curproc(void)
{
	struct task_struct *leader = current->group_leader;

	BUILD_BUG_ON(offsetof(struct task_struct, mm) % sizeof(struct as *));
	BUILD_BUG_ON(offsetof(struct proc, devmap_as));

	if (READ_ONCE(leader->mm) || !current->mm)
		return (proc_t *)leader;
	return (proc_t *)current;
}
EXPORT_SYMBOL_GPL(devmap_curproc);

/**
 * devmap_curthread() - the thread that is running: curthread
 *
 * Context: Process context.
 * Return: the thread.
 */
kthread_t *devmap_curthread(void)
{
	return (kthread_t *)current;
}
EXPORT_SYMBOL_GPL(devmap_curthread);

/**
 * ddi_get_pid() - the process that is running
 *
 * ddi_get_pid(9F).
 *
 * Context: Process context.
 * Return: its id, as the system's first process sees it.
 */
pid_t ddi_get_pid(void)
{
	return task_tgid_nr(current);
}
EXPORT_SYMBOL_GPL(ddi_get_pid);

/**
 * ddi_can_receive_sig() - could a signal interrupt the caller?
 *
 * ddi_can_receive_sig(9F).
 *
 * Context: Any.
 * Return: B_FALSE in a thread of the kernel, and in a process that exits: no signal ends
 * the close(9E) that comes of that.
 */
boolean_t ddi_can_receive_sig(void)
{
	return in_task() && !(current->flags & (PF_KTHREAD | PF_EXITING));
}
EXPORT_SYMBOL_GPL(ddi_can_receive_sig);

/**
 * drv_getparm() - some value of the system's or the process'
 * @parm: LBOLT: ticks; TIME: seconds since 1970; PPGRP, PPID, PSID: ids of the
 *	process group, the process and the session; UCRED: credentials; UPROCP:
 *	the process
 * @valuep: set to the value, of the type that it has
 *
 * drv_getparm(9F).
 *
 * Context: Process context; any for LBOLT and TIME.
 * Return: 0, or -1 for an unknown @parm.
 */
int drv_getparm(uint_t parm, void *valuep)
{
	switch (parm) {
	case LBOLT:
		*(clock_t *)valuep = ddi_get_lbolt();
		return 0;
	case TIME:
		*(time_t *)valuep = ddi_get_time();
		return 0;
	case PPGRP:
		*(pid_t *)valuep = task_pgrp_nr(current);
		return 0;
	case PPID:
		*(pid_t *)valuep = ddi_get_pid();
		return 0;
	case PSID:
		*(pid_t *)valuep = task_session_nr_ns(current, &init_pid_ns);
		return 0;
	case UCRED:
		*(cred_t **)valuep = ddi_get_cred();
		return 0;
	case UPROCP:
		*(proc_t **)valuep = curproc;
		return 0;
	default:
		return -1;
	}
}
EXPORT_SYMBOL_GPL(drv_getparm);

/**
 * proc_ref() - remember the process that is running
 *
 * proc_ref(9F).
 *
 * Context: Process context.
 * Return: for proc_signal() and proc_unref().
 */
void *proc_ref(void)
{
	return get_pid(task_tgid(current));
}
EXPORT_SYMBOL_GPL(proc_ref);

/**
 * proc_unref() - forget a process
 * @pref: of proc_ref()
 *
 * proc_unref(9F).
 *
 * Context: Any.
 */
void proc_unref(void *pref)
{
	put_pid(pref);
}
EXPORT_SYMBOL_GPL(proc_unref);

/**
 * proc_signal() - send a signal to a process
 * @pref: of proc_ref()
 * @sig: the signal
 *
 * proc_signal(9F).
 *
 * Context: Any.
 * Return: 0, or -1 if there is no such process any more.
 */
int proc_signal(void *pref, int sig)
{
	return kill_pid(pref, sig, 1) ? -1 : 0;
}
EXPORT_SYMBOL_GPL(proc_signal);
