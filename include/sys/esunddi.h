/* SPDX-License-Identifier: GPL-2.0 */
/* Private relatives of the DDI that drivers use all the same. */
#ifndef _DEVMAP_SYS_ESUNDDI_H
#define _DEVMAP_SYS_ESUNDDI_H

#include <sys/types.h>
#include <sys/ddidevmap.h>

/* A process: what Linux calls a task. */
struct proc;
typedef struct proc proc_t;

int umem_lockmemory(caddr_t addr, size_t size, int flags,
		    ddi_umem_cookie_t *cookie,
		    struct umem_callback_ops *ops_vector, proc_t *procp);

#endif /* _DEVMAP_SYS_ESUNDDI_H */
