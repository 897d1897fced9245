/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/sched/mm.h>, as it differs between kernels. The DEVMAP_HAVE_ macros come
 * from compat/linux/Makefile.probe.
 */
#ifndef _DEVMAP_LINUX_SCHED_MM_H
#define _DEVMAP_LINUX_SCHED_MM_H

#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

/* An address for a new mapping of the current process, as if without a file. */
static inline unsigned long devmap_mm_unmapped_area(struct file *file,
						    unsigned long addr,
						    unsigned long len,
						    unsigned long pgoff,
						    unsigned long flags)
{
#if defined(DEVMAP_HAVE_MM_GET_UNMAPPED_AREA_MM)
	return mm_get_unmapped_area(current->mm, file, addr, len, pgoff, flags);
#elif defined(DEVMAP_HAVE_MM_GET_UNMAPPED_AREA)
	return mm_get_unmapped_area(file, addr, len, pgoff, flags);
#else
	return current->mm->get_unmapped_area(file, addr, len, pgoff, flags);
#endif
}

#endif /* _DEVMAP_LINUX_SCHED_MM_H */
