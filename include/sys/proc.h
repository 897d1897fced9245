/* SPDX-License-Identifier: GPL-2.0 */
/* Processes. */
#ifndef _DEVMAP_SYS_PROC_H
#define _DEVMAP_SYS_PROC_H

#include <sys/types.h>
#include <sys/signal.h>

struct as;

/**
 * struct proc - a process: what Linux calls a task
 * @devmap_none: nothing
 * @devmap_as: the task, as an array of pointers
 */
struct proc {
	struct { } devmap_none;
	struct as *devmap_as[];
};

/*
 * curproc->p_as, the address space of the process that is running, is what
 * drivers compare with that of a mapping. It is a member of Linux' task, and only the
 * layer knows which.
 */
#define devmap_as_index	devmap_ddi_as_index
extern const unsigned int devmap_as_index;

#define p_as		devmap_as[devmap_as_index]

#define devmap_curproc	devmap_ddi_devmap_curproc
#define devmap_curthread	devmap_ddi_devmap_curthread
#define proc_ref	devmap_ddi_proc_ref
#define proc_unref	devmap_ddi_proc_unref
#define proc_signal	devmap_ddi_proc_signal

proc_t *devmap_curproc(void);
kthread_t *devmap_curthread(void);
void *proc_ref(void);
void proc_unref(void *pref);
int proc_signal(void *pref, int sig);

#define curproc			devmap_curproc()
#define curthread		devmap_curthread()

#endif /* _DEVMAP_SYS_PROC_H */
