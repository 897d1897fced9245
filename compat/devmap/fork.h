/* SPDX-License-Identifier: GPL-2.0 */
/* Making fork(2) fail. */
#ifndef _DEVMAP_FORK_H
#define _DEVMAP_FORK_H

#include <linux/types.h>

struct mm_struct;

void devmap_fork_refuse(struct mm_struct *mm);
bool devmap_fork_refused(const struct mm_struct *mm);

#endif /* _DEVMAP_FORK_H */
