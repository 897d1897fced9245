/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames: what the current task is doing for the layer while one of the
 * driver's functions runs. The DDI passes no such thing around: devmap_load()
 * gets a handle and must know whether it runs below a fault of that handle's
 * process; devmap_setup() gets a device number and must know the VMA.
 */
#ifndef _DEVMAP_FRAME_H
#define _DEVMAP_FRAME_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <sys/types.h>

struct devmap_handle;
struct devmap_huge;
struct devmap_segment;
struct task_struct;

#define DEVMAP_FRAME_BITS	6	/* tasks that hash alike share a lock */

/**
 * struct devmap_frame - on the stack of the task it describes
 * @node: in a table of all frames; its lock
 * @outer: the next one that is found without that lock; see frame.c
 * @task: the task
 * @mm: the address space whose mmap_lock the task holds
 * @vma: the VMA that is being made or that faulted; NULL if none in particular
 * @dip: mmap and @entry: the instance
 * @seg: mmap: the segment that devmap_setup() made; access: the one that
 *	faulted
 * @page: access: the page that was touched
 * @huge: access: the large translation that the fault may have; NULL: none
 * @loaded: access: @page was loaded
 * @nomem: access: a load failed for lack of memory
 * @model: mmap(9E): data model of the process that called mmap(2)
 * @noprot: access: a load failed as the VMA allows more than the driver does
 * @entry: any other entry point of a driver in Solaris style; only @dip and @own count
 * @own: the driver's own business, such as attach(9E), whoever had it run
 *
 * All but @node belong to the task alone.
 */
struct devmap_frame {
	struct hlist_node node;
	struct devmap_frame *outer;
	struct task_struct *task;
	struct mm_struct *mm;
	struct vm_area_struct *vma;
	struct dev_info *dip;
	struct devmap_segment *seg;
	unsigned long page;
	const struct devmap_huge *huge;
	uint_t model;
	bool loaded;
	bool nomem;
	bool noprot;
	bool entry;
	bool own;
};

void devmap_frame_push(struct devmap_frame *frame);
void devmap_frame_pop(struct devmap_frame *frame);
void devmap_frame_push_own(struct devmap_frame *frame);
gfp_t devmap_frame_gfp_account(void);
struct devmap_frame *devmap_frame_of_mmap(void);
struct devmap_frame *devmap_frame_of_access(struct mm_struct *mm);
uint_t devmap_frame_model(void);
bool devmap_frame_is_gone(void);
void devmap_frame_wake(struct dev_info *dip);

#endif /* _DEVMAP_FRAME_H */
