// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the registers, put away and brought back with DMST_F_CONTENT: all of a
 * umem, or of real registers, which are large, a word of every DMST_WORD_STEP.
 */

#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "device.h"

#define MEMORY_BAR	2

static void __iomem *word(const struct st_words *words, unsigned int i)
{
	return words->addr + (size_t)i * DMST_WORD_STEP;
}

/**
 * st_words_map() - prepare for a region of real registers
 * @dev: the device, locked
 * @region: its region, of any kind; registers must be the memory of ivshmem
 *
 * Return: 0 or -errno.
 */
int st_words_map(struct st_device *dev, const struct dmst_region *region)
{
	struct pci_dev *pdev = st_pci_ivshmem();
	struct st_words *words = &dev->words;

	lockdep_assert_held(&dev->lock);

	st_words_unmap(dev);
	if (region->kind != DMST_REGS || !(region->flags & DMST_F_CONTENT))
		return 0;
	if (region->device != DMST_PCI_IVSHMEM || !pdev ||
	    region->len > pci_resource_len(pdev, MEMORY_BAR))
		return -ENXIO;
	words->addr = pci_iomap(pdev, MEMORY_BAR, region->len);
	if (!words->addr)
		return -ENOMEM;
	words->nr = DIV_ROUND_UP(region->len, DMST_WORD_STEP);
	return 0;
}

/**
 * st_words_unmap() - undo st_words_map()
 * @dev: the device, locked
 */
void st_words_unmap(struct st_device *dev)
{
	lockdep_assert_held(&dev->lock);

	if (!dev->words.nr)
		return;
	dev->words.nr = 0;
	iounmap(dev->words.addr);
}

/**
 * st_content_size() - what a context needs
 * @dev: the device, locked
 * @region: what is mapped
 *
 * Return: bytes; 0 if contexts have no content.
 */
size_t st_content_size(struct st_device *dev, const struct dmst_region *region)
{
	const struct st_umem *umem = &dev->umem[region->umem];

	if (!(region->flags & DMST_F_CONTENT))
		return 0;
	if (region->kind == DMST_REGS)
		return dev->words.nr * sizeof(u32);
	return umem->addr ? umem->size : 0;
}

/**
 * st_content_save() - put away what is in the registers
 * @dev: the device, locked
 * @region: what is mapped
 * @to: st_content_size() bytes, or NULL
 */
void st_content_save(struct st_device *dev, const struct dmst_region *region,
		     u32 *to)
{
	unsigned int i;

	if (!to)
		return;
	if (region->kind != DMST_REGS) {
		memcpy(to, dev->umem[region->umem].addr,
		       st_content_size(dev, region));
		return;
	}
	for (i = 0; i < dev->words.nr; i++)
		to[i] = readl(word(&dev->words, i));
}

/**
 * st_content_restore() - bring it back
 * @dev: the device, locked
 * @region: what is mapped
 * @from: of st_content_save(), or NULL
 */
void st_content_restore(struct st_device *dev, const struct dmst_region *region,
			const u32 *from)
{
	unsigned int i;

	if (!from)
		return;
	if (region->kind != DMST_REGS) {
		memcpy(dev->umem[region->umem].addr, from,
		       st_content_size(dev, region));
		return;
	}
	for (i = 0; i < dev->words.nr; i++)
		writel(from[i], word(&dev->words, i));
}
