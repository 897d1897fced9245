// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_bench.ko: the layer and what it is measured against, side by side on the
 * memory of one device. Only for "make bench".
 */

#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "../../../compat/linux/mm.h"
#include "bench.h"

#define IVSHMEM_VENDOR	0x1af4
#define IVSHMEM_DEVICE	0x1110
#define MEMORY_BAR	2

struct bench_memory bench_memory;

bool bench_may_map(struct vm_area_struct *vma)
{
	return vma->vm_pgoff < bench_memory.pages &&
	       vma_pages(vma) <= bench_memory.pages - vma->vm_pgoff;
}

void bench_set_flags(struct vm_area_struct *vma)
{
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	devmap_vm_flags_mod(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND |
			    VM_DONTDUMP | VM_WIPEONFORK, 0);
}

static struct miscdevice devices[] = {
	{ .name = "devmap_bench", .fops = &bench_layer_fops },
	{ .name = "devmap_bench_p1", .fops = &bench_p1_fops },
	{ .name = "devmap_bench_p2", .fops = &bench_p2_fops },
	{ .name = "devmap_bench_p3", .fops = &bench_p3_fops },
};

static void deregister(int nr)
{
	while (nr--)
		misc_deregister(&devices[nr]);
}

static int register_all(void)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		devices[i].minor = MISC_DYNAMIC_MINOR;
		err = misc_register(&devices[i]);
		if (err) {
			deregister(i);
			return err;
		}
	}
	return 0;
}

static int __init bench_init(void)
{
	struct pci_dev *pdev = pci_get_device(IVSHMEM_VENDOR, IVSHMEM_DEVICE,
					      NULL);
	int err;

	if (!pdev)
		return -ENODEV;
	err = pci_enable_device(pdev);
	if (err)
		goto err_put;

	bench_memory.pdev = pdev;
	bench_memory.pfn = PHYS_PFN(pci_resource_start(pdev, MEMORY_BAR));
	bench_memory.pages = pci_resource_len(pdev, MEMORY_BAR) >> PAGE_SHIFT;
	err = bench_layer_init();
	if (err)
		goto err_disable;
	err = register_all();
	if (err)
		goto err_layer;
	return 0;

err_layer:
	bench_layer_exit();
err_disable:
	pci_disable_device(pdev);
err_put:
	pci_dev_put(pdev);
	return err;
}

static void __exit bench_exit(void)
{
	deregister(ARRAY_SIZE(devices));
	bench_layer_exit();
	pci_disable_device(bench_memory.pdev);
	pci_dev_put(bench_memory.pdev);
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_DESCRIPTION("The devmap layer and its yardsticks");
MODULE_LICENSE("GPL");
