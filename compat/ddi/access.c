// SPDX-License-Identifier: GPL-2.0
/*
 * Access to registers through a handle: what ddi_get8(9F), pci_config_get8(9F) and
 * so on are made of.
 *
 * Linux' accessors take a device to be little endian, as PCI is. That is what
 * DDI_STRUCTURE_LE_ACC says; the other two are made of it.
 */

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/swab.h>

#include "../linux/kunit.h"
#include "access.h"
#include "misuse.h"

#include <sys/sunddi.h>

/**
 * devmap_acc_set_attr() - have a handle do what a driver says of its device
 * @acc: the handle
 * @attr: what it says; NULL: its bytes are in the order of the processor's
 *
 * Return: 0, or -EINVAL for attributes that there are not.
 */
int devmap_acc_set_attr(struct devmap_acc *acc,
			const ddi_device_acc_attr_t *attr)
{
	unsigned int order = attr ? attr->devacc_attr_endian_flags :
				    DDI_NEVERSWAP_ACC;

	if (attr && attr->devacc_attr_version != DDI_DEVICE_ATTR_V0 &&
	    attr->devacc_attr_version != DDI_DEVICE_ATTR_V1)
		return -EINVAL;

	switch (order) {
	case DDI_NEVERSWAP_ACC:
		acc->swap = IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);
		return 0;
	case DDI_STRUCTURE_LE_ACC:
		acc->swap = false;
		return 0;
	case DDI_STRUCTURE_BE_ACC:
		acc->swap = true;
		return 0;
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL_IF_KUNIT(devmap_acc_set_attr);

static u64 swap_bytes(u64 value, unsigned int size)
{
	switch (size) {
	case 1:
		return value;
	case 2:
		return swab16(value);
	case 4:
		return swab32(value);
	default:
		return swab64(value);
	}
}

static u64 io_get(const struct devmap_acc *acc, size_t offset,
		  unsigned int size)
{
	void __iomem *io = acc->base + offset;

	switch (size) {
	case 1:
		return ioread8(io);
	case 2:
		return ioread16(io);
	case 4:
		return ioread32(io);
	default:
		if (acc->kind == DEVMAP_ACC_MEMORY)
			return readq(io);
		/* Ports have 32 bits. */
		return ioread32(io) | (u64)ioread32(io + 4) << 32;
	}
}

static void io_put(const struct devmap_acc *acc, size_t offset, u64 value,
		   unsigned int size)
{
	void __iomem *io = acc->base + offset;

	switch (size) {
	case 1:
		iowrite8(value, io);
		return;
	case 2:
		iowrite16(value, io);
		return;
	case 4:
		iowrite32(value, io);
		return;
	default:
		if (acc->kind == DEVMAP_ACC_MEMORY) {
			writeq(value, io);
			return;
		}
		iowrite32(lower_32_bits(value), io);
		iowrite32(upper_32_bits(value), io + 4);
	}
}

/* Where an address is in what the handle maps; -1 if it is not there. */
static ssize_t offset_of(const struct devmap_acc *acc, const void *addr,
			 unsigned int size, unsigned long ip)
{
	size_t offset;

	if (!acc) {
		if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
			devmap_misuse_at("ddi_get8(9F)", ip, "no handle");
		return -1;
	}

	offset = addr - (__force const void *)acc->base;
	if (offset < acc->len && size <= acc->len - offset)
		return offset;
	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		devmap_misuse_at("ddi_get8(9F)", ip,
				 "%u bytes at offset %zd are not in the %zu bytes that the handle maps",
				 size, offset, acc->len);
	return -1;
}

/**
 * devmap_acc_get() - read a register
 * @acc: the handle
 * @addr: what the driver calls the register
 * @size: 1, 2, 4 or 8 bytes
 * @ip: who asks
 *
 * Context: Any.
 * Return: what is in it; all ones, as from a bus without the device, if the
 * device has gone or the register is not in what @acc maps.
 */
u64 devmap_acc_get(struct devmap_acc *acc, const void *addr, unsigned int size,
		   unsigned long ip)
{
	ssize_t offset = offset_of(acc, addr, size, ip);
	u64 value = ~0ULL;

	if (offset < 0)
		return value;

	rcu_read_lock();
	switch (READ_ONCE(acc->kind)) {
	case DEVMAP_ACC_NONE:
		break;
	case DEVMAP_ACC_CONFIG:
		value = devmap_acc_config_get(acc, offset, size);
		break;
	default:
		value = io_get(acc, offset, size);
	}
	rcu_read_unlock();
	return acc->swap ? swap_bytes(value, size) : value;
}

/**
 * devmap_acc_put() - write a register
 * @acc: the handle
 * @addr: what the driver calls the register
 * @value: what to write; nothing is if devmap_acc_get() would not read
 * @size: 1, 2, 4 or 8 bytes
 * @ip: who asks
 *
 * Context: Any.
 */
void devmap_acc_put(struct devmap_acc *acc, void *addr, u64 value,
		    unsigned int size, unsigned long ip)
{
	ssize_t offset = offset_of(acc, addr, size, ip);

	if (offset < 0)
		return;
	if (acc->swap)
		value = swap_bytes(value, size);

	rcu_read_lock();
	switch (READ_ONCE(acc->kind)) {
	case DEVMAP_ACC_NONE:
		break;
	case DEVMAP_ACC_CONFIG:
		devmap_acc_config_put(acc, offset, value, size);
		break;
	default:
		io_put(acc, offset, value, size);
	}
	rcu_read_unlock();
}
