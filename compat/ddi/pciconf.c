// SPDX-License-Identifier: GPL-2.0
/* Configuration space: pci_config_setup(9F), pci_config_get8(9F). */

#include <linux/instruction_pointer.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "../devmap/instance.h"
#include "access.h"

#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

/* @offset is that in what the handle maps. The caller is under RCU. */
u64 devmap_acc_config_get(const struct devmap_acc *acc, size_t offset,
			  unsigned int size)
{
	struct pci_dev *pdev = to_pci_dev(acc->dip->dev);
	u32 low = ~0, high = ~0;
	u16 word = ~0;
	u8 byte = ~0;

	offset += acc->offset;
	switch (size) {
	case 1:
		pci_read_config_byte(pdev, offset, &byte);
		return byte;
	case 2:
		pci_read_config_word(pdev, offset, &word);
		return word;
	case 4:
		pci_read_config_dword(pdev, offset, &low);
		return low;
	default:
		pci_read_config_dword(pdev, offset, &low);
		pci_read_config_dword(pdev, offset + 4, &high);
		return low | (u64)high << 32;
	}
}

void devmap_acc_config_put(const struct devmap_acc *acc, size_t offset,
			   u64 value, unsigned int size)
{
	struct pci_dev *pdev = to_pci_dev(acc->dip->dev);

	offset += acc->offset;
	switch (size) {
	case 1:
		pci_write_config_byte(pdev, offset, value);
		return;
	case 2:
		pci_write_config_word(pdev, offset, value);
		return;
	case 4:
		pci_write_config_dword(pdev, offset, value);
		return;
	default:
		pci_write_config_dword(pdev, offset, lower_32_bits(value));
		pci_write_config_dword(pdev, offset + 4, upper_32_bits(value));
	}
}

/**
 * pci_config_setup() - get a handle on a device's configuration space
 * @dip: the device
 * @handlep: set to the handle
 *
 * pci_config_setup(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int pci_config_setup(dev_info_t *dip, ddi_acc_handle_t *handlep)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
		.devacc_attr_endian_flags = DDI_STRUCTURE_LE_ACC,
		.devacc_attr_dataorder = DDI_STRICTORDER_ACC,
	};
	caddr_t base;

	/* Other buses have a set 0 too. */
	if (!dip || !dip->dev || !dev_is_pci(dip->dev))
		return DDI_FAILURE;
	return ddi_regs_map_setup(dip, 0, &base, 0, 0, &attr, handlep);
}
EXPORT_SYMBOL_GPL(pci_config_setup);

/**
 * pci_config_teardown() - give a handle back
 * @handlep: the handle; set to NULL
 *
 * pci_config_teardown(9F).
 *
 * Context: Process context, may sleep.
 */
void pci_config_teardown(ddi_acc_handle_t *handlep)
{
	ddi_regs_map_free(handlep);
}
EXPORT_SYMBOL_GPL(pci_config_teardown);

static void *config_addr(const struct devmap_acc *acc, off_t offset)
{
	return acc ? (__force void *)acc->base + offset : NULL;
}

/**
 * pci_config_get8() - read 8 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 *
 * pci_config_get8(9F).
 *
 * Context: Any.
 * Return: the value; all ones if there is none.
 */
u8 pci_config_get8(ddi_acc_handle_t handle, off_t offset)
{
	return devmap_acc_get(handle, config_addr(handle, offset), 1,
			      _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_get8);

/**
 * pci_config_get16() - read 16 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 *
 * pci_config_get16(9F).
 *
 * Context: Any.
 * Return: the value; all ones if there is none.
 */
u16 pci_config_get16(ddi_acc_handle_t handle, off_t offset)
{
	return devmap_acc_get(handle, config_addr(handle, offset), 2,
			      _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_get16);

/**
 * pci_config_get32() - read 32 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 *
 * pci_config_get32(9F).
 *
 * Context: Any.
 * Return: the value; all ones if there is none.
 */
u32 pci_config_get32(ddi_acc_handle_t handle, off_t offset)
{
	return devmap_acc_get(handle, config_addr(handle, offset), 4,
			      _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_get32);

/**
 * pci_config_get64() - read 64 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 *
 * pci_config_get64(9F). Two accesses: the lower half, then the upper one.
 *
 * Context: Any.
 * Return: the value; all ones if there is none.
 */
u64 pci_config_get64(ddi_acc_handle_t handle, off_t offset)
{
	return devmap_acc_get(handle, config_addr(handle, offset), 8,
			      _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_get64);

/**
 * pci_config_put8() - write 8 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 * @value: the value
 *
 * pci_config_put8(9F).
 *
 * Context: Any.
 */
void pci_config_put8(ddi_acc_handle_t handle, off_t offset, u8 value)
{
	devmap_acc_put(handle, config_addr(handle, offset), value, 1,
		       _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_put8);

/**
 * pci_config_put16() - write 16 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 * @value: the value
 *
 * pci_config_put16(9F).
 *
 * Context: Any.
 */
void pci_config_put16(ddi_acc_handle_t handle, off_t offset, u16 value)
{
	devmap_acc_put(handle, config_addr(handle, offset), value, 2,
		       _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_put16);

/**
 * pci_config_put32() - write 32 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 * @value: the value
 *
 * pci_config_put32(9F).
 *
 * Context: Any.
 */
void pci_config_put32(ddi_acc_handle_t handle, off_t offset, u32 value)
{
	devmap_acc_put(handle, config_addr(handle, offset), value, 4,
		       _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_put32);

/**
 * pci_config_put64() - write 64 bits of configuration space
 * @handle: of pci_config_setup()
 * @offset: of the first byte
 * @value: the value
 *
 * pci_config_put64(9F). Two accesses: the lower half, then the upper one.
 *
 * Context: Any.
 */
void pci_config_put64(ddi_acc_handle_t handle, off_t offset, u64 value)
{
	devmap_acc_put(handle, config_addr(handle, offset), value, 8,
		       _RET_IP_);
}
EXPORT_SYMBOL_GPL(pci_config_put64);
