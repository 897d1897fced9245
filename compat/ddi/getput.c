// SPDX-License-Identifier: GPL-2.0
/* One register: ddi_get8(9F), ddi_put8(9F). */

#include <linux/instruction_pointer.h>
#include <linux/module.h>

#include "access.h"

#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

/**
 * ddi_get8() - read 8 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 *
 * ddi_get8(9F).
 *
 * Context: Any.
 * Return: the value, in the processor's byte order; all ones if the device has
 * gone.
 */
u8 ddi_get8(ddi_acc_handle_t handle, u8 *dev_addr)
{
	return devmap_acc_get(handle, dev_addr, sizeof(*dev_addr), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_get8);

/**
 * ddi_get16() - read 16 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 *
 * ddi_get16(9F).
 *
 * Context: Any.
 * Return: the value, in the processor's byte order; all ones if the device has
 * gone.
 */
u16 ddi_get16(ddi_acc_handle_t handle, u16 *dev_addr)
{
	return devmap_acc_get(handle, dev_addr, sizeof(*dev_addr), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_get16);

/**
 * ddi_get32() - read 32 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 *
 * ddi_get32(9F).
 *
 * Context: Any.
 * Return: the value, in the processor's byte order; all ones if the device has
 * gone.
 */
u32 ddi_get32(ddi_acc_handle_t handle, u32 *dev_addr)
{
	return devmap_acc_get(handle, dev_addr, sizeof(*dev_addr), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_get32);

/**
 * ddi_get64() - read 64 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 *
 * ddi_get64(9F).
 *
 * Context: Any.
 * Return: the value, in the processor's byte order; all ones if the device has
 * gone.
 */
u64 ddi_get64(ddi_acc_handle_t handle, u64 *dev_addr)
{
	return devmap_acc_get(handle, dev_addr, sizeof(*dev_addr), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_get64);

/**
 * ddi_put8() - write 8 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 * @value: in the processor's byte order
 *
 * ddi_put8(9F).
 *
 * Context: Any.
 */
void ddi_put8(ddi_acc_handle_t handle, u8 *dev_addr, u8 value)
{
	devmap_acc_put(handle, dev_addr, value, sizeof(value), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_put8);

/**
 * ddi_put16() - write 16 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 * @value: in the processor's byte order
 *
 * ddi_put16(9F).
 *
 * Context: Any.
 */
void ddi_put16(ddi_acc_handle_t handle, u16 *dev_addr, u16 value)
{
	devmap_acc_put(handle, dev_addr, value, sizeof(value), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_put16);

/**
 * ddi_put32() - write 32 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 * @value: in the processor's byte order
 *
 * ddi_put32(9F).
 *
 * Context: Any.
 */
void ddi_put32(ddi_acc_handle_t handle, u32 *dev_addr, u32 value)
{
	devmap_acc_put(handle, dev_addr, value, sizeof(value), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_put32);

/**
 * ddi_put64() - write 64 bits of a register
 * @handle: of ddi_regs_map_setup()
 * @dev_addr: what that returned, plus the register's offset
 * @value: in the processor's byte order
 *
 * ddi_put64(9F).
 *
 * Context: Any.
 */
void ddi_put64(ddi_acc_handle_t handle, u64 *dev_addr, u64 value)
{
	devmap_acc_put(handle, dev_addr, value, sizeof(value), _RET_IP_);
}
EXPORT_SYMBOL_GPL(ddi_put64);

/**
 * ddi_check_acc_handle() - whether what a handle maps can be used
 * @handle: the handle
 *
 * ddi_check_acc_handle(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS; DDI_FAILURE once the device has gone, and for NULL.
 */
int ddi_check_acc_handle(ddi_acc_handle_t handle)
{
	return handle && READ_ONCE(handle->kind) != DEVMAP_ACC_NONE ?
		       DDI_SUCCESS : DDI_FAILURE;
}
EXPORT_SYMBOL_GPL(ddi_check_acc_handle);
