/* SPDX-License-Identifier: GPL-2.0 */
/* poll(2) and its relatives. */
#ifndef _DEVMAP_DDI_CHPOLL_H
#define _DEVMAP_DDI_CHPOLL_H

#include <linux/poll.h>

struct ddi_file;
struct ddi_instance;

__poll_t devmap_ddi_poll(struct file *file, poll_table *wait);
void devmap_ddi_poll_release(struct ddi_file *f);
void devmap_ddi_poll_end(struct ddi_instance *inst);

#endif /* _DEVMAP_DDI_CHPOLL_H */
