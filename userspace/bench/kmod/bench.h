/* SPDX-License-Identifier: GPL-2.0 */
/* devmap_bench.ko: what its files use of each other. */
#ifndef _BENCH_H
#define _BENCH_H

#include <linux/fs.h>
#include <linux/types.h>

#include "devmap_bench.h"

struct pci_dev;

/**
 * struct bench_memory - the memory that all devices map
 * @pdev: whose; constant
 * @pfn: its first page frame; constant
 * @pages: how many; constant
 */
struct bench_memory {
	struct pci_dev *pdev;
	unsigned long pfn;
	unsigned long pages;
};

extern struct bench_memory bench_memory;

/* Whether pages from @pgoff on can be mapped by @vma. */
bool bench_may_map(struct vm_area_struct *vma);
void bench_set_flags(struct vm_area_struct *vma);

extern const struct file_operations bench_p1_fops;
extern const struct file_operations bench_p2_fops;
extern const struct file_operations bench_p3_fops;
extern const struct file_operations bench_layer_fops;

int bench_layer_init(void);
void bench_layer_exit(void);

#endif /* _BENCH_H */
