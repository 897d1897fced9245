// SPDX-License-Identifier: GPL-2.0
/* Many registers: ddi_rep_get8(9F), ddi_device_copy(9F). */

#include <linux/instruction_pointer.h>
#include <linux/module.h>

#include "access.h"

#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

/**
 * ddi_rep_get8() - read 8 bits many times
 * @handle: as for ddi_get8()
 * @host_addr: where the values go
 * @dev_addr: as for ddi_get8()
 * @repcount: how many
 * @flags: DDI_DEV_AUTOINCR: of registers that follow each other, or
 *	DDI_DEV_NO_AUTOINCR: of one
 *
 * ddi_rep_get8(9F).
 *
 * Context: Any.
 */
void ddi_rep_get8(ddi_acc_handle_t handle, u8 *host_addr, u8 *dev_addr,
		  size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		*host_addr++ = devmap_acc_get(handle, dev_addr,
					      sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_get8);

/**
 * ddi_rep_get16() - read 16 bits many times
 * @handle: as for ddi_get16()
 * @host_addr: where the values go
 * @dev_addr: as for ddi_get16()
 * @repcount: how many
 * @flags: DDI_DEV_AUTOINCR: of registers that follow each other, or
 *	DDI_DEV_NO_AUTOINCR: of one
 *
 * ddi_rep_get16(9F).
 *
 * Context: Any.
 */
void ddi_rep_get16(ddi_acc_handle_t handle, u16 *host_addr, u16 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		*host_addr++ = devmap_acc_get(handle, dev_addr,
					      sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_get16);

/**
 * ddi_rep_get32() - read 32 bits many times
 * @handle: as for ddi_get32()
 * @host_addr: where the values go
 * @dev_addr: as for ddi_get32()
 * @repcount: how many
 * @flags: DDI_DEV_AUTOINCR: of registers that follow each other, or
 *	DDI_DEV_NO_AUTOINCR: of one
 *
 * ddi_rep_get32(9F).
 *
 * Context: Any.
 */
void ddi_rep_get32(ddi_acc_handle_t handle, u32 *host_addr, u32 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		*host_addr++ = devmap_acc_get(handle, dev_addr,
					      sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_get32);

/**
 * ddi_rep_get64() - read 64 bits many times
 * @handle: as for ddi_get64()
 * @host_addr: where the values go
 * @dev_addr: as for ddi_get64()
 * @repcount: how many
 * @flags: DDI_DEV_AUTOINCR: of registers that follow each other, or
 *	DDI_DEV_NO_AUTOINCR: of one
 *
 * ddi_rep_get64(9F).
 *
 * Context: Any.
 */
void ddi_rep_get64(ddi_acc_handle_t handle, u64 *host_addr, u64 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		*host_addr++ = devmap_acc_get(handle, dev_addr,
					      sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_get64);

/**
 * ddi_rep_put8() - write 8 bits many times
 * @handle: as for ddi_put8()
 * @host_addr: where the values are
 * @dev_addr: as for ddi_put8()
 * @repcount: how many
 * @flags: as for ddi_rep_get8()
 *
 * ddi_rep_put8(9F).
 *
 * Context: Any.
 */
void ddi_rep_put8(ddi_acc_handle_t handle, u8 *host_addr, u8 *dev_addr,
		  size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		devmap_acc_put(handle, dev_addr, *host_addr++,
			       sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_put8);

/**
 * ddi_rep_put16() - write 16 bits many times
 * @handle: as for ddi_put16()
 * @host_addr: where the values are
 * @dev_addr: as for ddi_put16()
 * @repcount: how many
 * @flags: as for ddi_rep_get16()
 *
 * ddi_rep_put16(9F).
 *
 * Context: Any.
 */
void ddi_rep_put16(ddi_acc_handle_t handle, u16 *host_addr, u16 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		devmap_acc_put(handle, dev_addr, *host_addr++,
			       sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_put16);

/**
 * ddi_rep_put32() - write 32 bits many times
 * @handle: as for ddi_put32()
 * @host_addr: where the values are
 * @dev_addr: as for ddi_put32()
 * @repcount: how many
 * @flags: as for ddi_rep_get32()
 *
 * ddi_rep_put32(9F).
 *
 * Context: Any.
 */
void ddi_rep_put32(ddi_acc_handle_t handle, u32 *host_addr, u32 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		devmap_acc_put(handle, dev_addr, *host_addr++,
			       sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_put32);

/**
 * ddi_rep_put64() - write 64 bits many times
 * @handle: as for ddi_put64()
 * @host_addr: where the values are
 * @dev_addr: as for ddi_put64()
 * @repcount: how many
 * @flags: as for ddi_rep_get64()
 *
 * ddi_rep_put64(9F).
 *
 * Context: Any.
 */
void ddi_rep_put64(ddi_acc_handle_t handle, u64 *host_addr, u64 *dev_addr,
		   size_t repcount, uint_t flags)
{
	for (; repcount; repcount--) {
		devmap_acc_put(handle, dev_addr, *host_addr++,
			       sizeof(*dev_addr), _RET_IP_);
		dev_addr += flags & DDI_DEV_AUTOINCR;
	}
}
EXPORT_SYMBOL_GPL(ddi_rep_put64);

static bool is_width(uint_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/**
 * ddi_device_copy() - copy from one device to another
 * @src_handle: of the one
 * @src_addr: address in it
 * @src_advcnt: units of @dev_datasz to go on by after each access; may be 0 or
 *	negative
 * @dest_handle: of the other
 * @dest_addr: address in it
 * @dest_advcnt: as @src_advcnt
 * @bytecount: bytes; a multiple of @dev_datasz
 * @dev_datasz: bytes of each access: DDI_DATA_SZ01_ACC to DDI_DATA_SZ08_ACC
 *
 * ddi_device_copy(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS; DDI_FAILURE for a wrong @bytecount or @dev_datasz.
 */
int ddi_device_copy(ddi_acc_handle_t src_handle, caddr_t src_addr,
		    ssize_t src_advcnt, ddi_acc_handle_t dest_handle,
		    caddr_t dest_addr, ssize_t dest_advcnt, size_t bytecount,
		    uint_t dev_datasz)
{
	size_t done;
	u64 value;

	if (!is_width(dev_datasz) || bytecount % dev_datasz)
		return DDI_FAILURE;

	for (done = 0; done < bytecount; done += dev_datasz) {
		value = devmap_acc_get(src_handle, src_addr, dev_datasz,
				       _RET_IP_);
		devmap_acc_put(dest_handle, dest_addr, value, dev_datasz,
			       _RET_IP_);
		src_addr += src_advcnt * (ssize_t)dev_datasz;
		dest_addr += dest_advcnt * (ssize_t)dev_datasz;
	}
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_device_copy);

/**
 * ddi_device_zero() - write zeroes
 * @handle: handle
 * @dev_addr: address
 * @bytecount: bytes; a multiple of @dev_datasz
 * @dev_advcnt: units of @dev_datasz to go on by after each access
 * @dev_datasz: bytes of each access
 *
 * ddi_device_zero(9F).
 *
 * Context: Any.
 * Return: as ddi_device_copy().
 */
int ddi_device_zero(ddi_acc_handle_t handle, caddr_t dev_addr, size_t bytecount,
		    ssize_t dev_advcnt, uint_t dev_datasz)
{
	size_t done;

	if (!is_width(dev_datasz) || bytecount % dev_datasz)
		return DDI_FAILURE;

	for (done = 0; done < bytecount; done += dev_datasz) {
		devmap_acc_put(handle, dev_addr, 0, dev_datasz, _RET_IP_);
		dev_addr += dev_advcnt * (ssize_t)dev_datasz;
	}
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_device_zero);
