// SPDX-License-Identifier: GPL-2.0
/*
 * Looking whether there is something at an address: ddi_peek(9F), ddi_poke(9F).
 *
 * What is not mapped is found out. A PCI device that does not answer is not: the
 * host bridge says all ones for it.
 */

#include <linux/module.h>
#include <linux/uaccess.h>

#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

/**
 * ddi_peek8() - read 8 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @val_p: set to what is there; may be NULL
 *
 * ddi_peek8(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE with nothing changed.
 */
int ddi_peek8(dev_info_t *dip, s8 *addr, s8 *val_p)
{
	s8 value;

	if (copy_from_kernel_nofault(&value, addr, sizeof(value)))
		return DDI_FAILURE;
	if (val_p)
		*val_p = value;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_peek8);

/**
 * ddi_peek16() - read 16 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @val_p: set to what is there; may be NULL
 *
 * ddi_peek16(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE with nothing changed.
 */
int ddi_peek16(dev_info_t *dip, s16 *addr, s16 *val_p)
{
	s16 value;

	if (copy_from_kernel_nofault(&value, addr, sizeof(value)))
		return DDI_FAILURE;
	if (val_p)
		*val_p = value;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_peek16);

/**
 * ddi_peek32() - read 32 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @val_p: set to what is there; may be NULL
 *
 * ddi_peek32(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE with nothing changed.
 */
int ddi_peek32(dev_info_t *dip, s32 *addr, s32 *val_p)
{
	s32 value;

	if (copy_from_kernel_nofault(&value, addr, sizeof(value)))
		return DDI_FAILURE;
	if (val_p)
		*val_p = value;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_peek32);

/**
 * ddi_peek64() - read 64 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @val_p: set to what is there; may be NULL
 *
 * ddi_peek64(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE with nothing changed.
 */
int ddi_peek64(dev_info_t *dip, s64 *addr, s64 *val_p)
{
	s64 value;

	if (copy_from_kernel_nofault(&value, addr, sizeof(value)))
		return DDI_FAILURE;
	if (val_p)
		*val_p = value;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_peek64);

static bool is_kernel_addr(const void *addr)
{
	return (unsigned long)addr >= TASK_SIZE_MAX;
}

/**
 * ddi_poke8() - write 8 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @value: what to write
 *
 * ddi_poke8(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int ddi_poke8(dev_info_t *dip, s8 *addr, s8 value)
{
	if (!is_kernel_addr(addr))
		return DDI_FAILURE;

	pagefault_disable();
	__put_kernel_nofault(addr, &value, s8, fault);
	pagefault_enable();
	return DDI_SUCCESS;

fault:
	pagefault_enable();
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_poke8);

/**
 * ddi_poke16() - write 16 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @value: what to write
 *
 * ddi_poke16(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int ddi_poke16(dev_info_t *dip, s16 *addr, s16 value)
{
	if (!is_kernel_addr(addr))
		return DDI_FAILURE;

	pagefault_disable();
	__put_kernel_nofault(addr, &value, s16, fault);
	pagefault_enable();
	return DDI_SUCCESS;

fault:
	pagefault_enable();
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_poke16);

/**
 * ddi_poke32() - write 32 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @value: what to write
 *
 * ddi_poke32(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int ddi_poke32(dev_info_t *dip, s32 *addr, s32 value)
{
	if (!is_kernel_addr(addr))
		return DDI_FAILURE;

	pagefault_disable();
	__put_kernel_nofault(addr, &value, s32, fault);
	pagefault_enable();
	return DDI_SUCCESS;

fault:
	pagefault_enable();
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_poke32);

/**
 * ddi_poke64() - write 64 bits, if they are there
 * @dip: the device; ignored
 * @addr: kernel address: of ddi_regs_map_setup(), or nobody's
 * @value: what to write
 *
 * ddi_poke64(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS or DDI_FAILURE.
 */
int ddi_poke64(dev_info_t *dip, s64 *addr, s64 value)
{
	if (!is_kernel_addr(addr))
		return DDI_FAILURE;

	pagefault_disable();
	__put_kernel_nofault(addr, &value, s64, fault);
	pagefault_enable();
	return DDI_SUCCESS;

fault:
	pagefault_enable();
	return DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_poke64);
