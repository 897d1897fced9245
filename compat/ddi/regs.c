// SPDX-License-Identifier: GPL-2.0
/* Register sets for the driver itself: ddi_regs_map_setup(9F) and relatives. */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "../devmap/claim.h"
#include "../devmap/instance.h"
#include "../devmap/regs.h"
#include "../linux/kunit.h"
#include "access.h"
#include "misuse.h"

#include <sys/sunddi.h>
#include <devmap/ddi_hw.h>

/* What a driver adds configuration space offsets to: nobody's address. */
#define CONFIG_BASE	((void __iomem *)0x1000)

/* Outside of the claims' lock. */
static DEFINE_MUTEX(accs_lock);
static LIST_HEAD(accs);		/* struct devmap_acc; accs_lock */

/*
 * The order is a hint, and a stricter one than was allowed is right; but the
 * processor may not be able to map for us in one way what it has mapped for users
 * in another.
 */
static void __iomem *map_memory(const struct resource *set, u64 offset,
				size_t len, const ddi_device_acc_attr_t *attr)
{
	unsigned int order = attr ? attr->devacc_attr_dataorder :
				    DDI_STRICTORDER_ACC;
	phys_addr_t phys = set->start + offset;
	void __iomem *io = NULL;

	if (!(set->flags & IORESOURCE_PREFETCH))
		order = DDI_STRICTORDER_ACC;
	if (order >= DDI_LOADCACHING_OK_ACC)
		io = (__force void __iomem *)memremap(phys, len, MEMREMAP_WB);
	if (!io && order >= DDI_MERGING_OK_ACC)
		io = ioremap_wc(phys, len);
	return io ?: ioremap(phys, len);
}

static void __iomem *map_ports(const struct resource *set, u64 offset,
			       size_t len)
{
#ifdef CONFIG_HAS_IOPORT_MAP
	return ioport_map(set->start + offset, len);
#else
	return NULL;
#endif
}

static void unmap(enum devmap_acc_kind kind, void __iomem *base)
{
	if (kind == DEVMAP_ACC_MEMORY)
		memunmap((__force void *)base);
#ifdef CONFIG_HAS_IOPORT_MAP
	if (kind == DEVMAP_ACC_PORTS)
		ioport_unmap(base);
#endif
}

/* The range that a driver means, inside of a set of @size bytes. */
static int select_range(struct devmap_acc *acc, uint_t rnumber, u64 size,
			offset_t offset, offset_t len)
{
	if (offset < 0 || len < 0 || offset >= size ||
	    len > size - offset) {
		dev_err(acc->dip->dev,
			"devmap: 0x%llx bytes at 0x%llx are beyond the end of register set %u, which has 0x%llx\n",
			len, offset, rnumber, size);
		return -EINVAL;
	}
	acc->offset = offset;
	acc->len = len ?: size - offset;
	return 0;
}

static int map_set(struct devmap_acc *acc, uint_t rnumber, offset_t offset,
		   offset_t len, const ddi_device_acc_attr_t *attr)
{
	const struct resource *set = devmap_regs_find(acc->dip, rnumber);
	struct devmap_claim *claim;

	lockdep_assert_held(&accs_lock);

	if (!set || set->flags & IORESOURCE_UNSET) {
		dev_err(acc->dip->dev, "devmap: register set %u %s\n", rnumber,
			set ? "has no address" : "does not exist");
		return -EINVAL;
	}
	if (select_range(acc, rnumber, resource_size(set), offset, len))
		return -EINVAL;

	claim = devmap_claim_get(acc->dip, rnumber, set);
	if (IS_ERR(claim))
		return PTR_ERR(claim);

	if (resource_type(set) == IORESOURCE_IO) {
		acc->kind = DEVMAP_ACC_PORTS;
		acc->base = map_ports(set, acc->offset, acc->len);
	} else {
		acc->kind = DEVMAP_ACC_MEMORY;
		acc->base = map_memory(set, acc->offset, acc->len, attr);
	}
	if (!acc->base) {
		devmap_claim_put(claim);
		dev_err(acc->dip->dev,
			"devmap: register set %u cannot be mapped as the driver wants it; users may have it in another way\n",
			rnumber);
		return -EBUSY;
	}
	acc->claim = claim;
	return 0;
}

static int map_config(struct devmap_acc *acc, uint_t rnumber, offset_t offset,
		      offset_t len)
{
	struct pci_dev *pdev = to_pci_dev(acc->dip->dev);

	if (select_range(acc, rnumber, pdev->cfg_size, offset, len))
		return -EINVAL;
	acc->kind = DEVMAP_ACC_CONFIG;
	acc->base = CONFIG_BASE;
	return 0;
}

static int map(struct devmap_acc *acc, uint_t rnumber, offset_t offset,
	       offset_t len, const ddi_device_acc_attr_t *attr)
{
	int err;

	mutex_lock(&accs_lock);
	if (!device_is_registered(acc->dip->dev))
		err = -ENODEV;
	else if (devmap_regs_is_config(acc->dip, rnumber))
		err = map_config(acc, rnumber, offset, len);
	else
		err = map_set(acc, rnumber, offset, len, attr);
	if (!err)
		list_add(&acc->node, &accs);
	mutex_unlock(&accs_lock);
	return err;
}

static void acc_free(struct devmap_acc *acc)
{
	devmap_instance_put(acc->dip);
	kfree(acc);
}

/*
 * The handle stays, but leads nowhere any more. Its accesses may be on their way
 * in any context.
 */
static void acc_shut(struct devmap_acc *acc)
{
	enum devmap_acc_kind kind = acc->kind;

	lockdep_assert_held(&accs_lock);

	if (kind == DEVMAP_ACC_NONE)
		return;
	WRITE_ONCE(acc->kind, DEVMAP_ACC_NONE);
	synchronize_rcu();
	unmap(kind, acc->base);
	if (acc->claim)
		devmap_claim_put(acc->claim);
}

/**
 * devmap_regs_leave() - an instance loses its hardware
 * @dip: the instance
 * @detached: the driver has detached it and has no use for handles any more;
 *	otherwise they read as all ones from now on
 *
 * Context: Process context, may sleep.
 */
void devmap_regs_leave(dev_info_t *dip, bool detached)
{
	struct devmap_acc *acc, *next;

	mutex_lock(&accs_lock);
	list_for_each_entry_safe(acc, next, &accs, node) {
		if (acc->dip != dip)
			continue;
		acc_shut(acc);
		if (!detached)
			continue;
		devmap_misuse("ddi_regs_map_free(9F)",
			      "%s was detached without it",
			      dev_name(dip->dev));
		list_del(&acc->node);
		acc_free(acc);
	}
	mutex_unlock(&accs_lock);
	devmap_claims_end(dip);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_regs_leave);

/**
 * ddi_regs_map_setup() - map a register set for the driver
 * @dip: the device
 * @rnumber: number of the register set; on PCI, 0 is configuration space and 1
 *	the first BAR that is implemented
 * @addrp: set to what register offsets are added to
 * @offset: first byte of the set to map
 * @len: bytes; 0: to the end of the set
 * @accattrp: byte order of the device and the order of accesses; NULL is taken
 *	for DDI_NEVERSWAP_ACC, DDI_STRICTORDER_ACC
 * @handlep: set to the handle
 *
 * ddi_regs_map_setup(9F). Port space and configuration space can be mapped like
 * memory, and be accessed through the handle only.
 *
 * Context: Process context, may sleep.
 * Return: DDI_SUCCESS; DDI_REGS_ACC_CONFLICT if another driver has the set, or users
 * have mapped it in a way that rules out this one; DDI_FAILURE: no such set, a
 * range that is not in it, wrong attributes, no memory, or the device has gone. The
 * kernel's log has the reason.
 */
int ddi_regs_map_setup(dev_info_t *dip, uint_t rnumber, caddr_t *addrp,
		       offset_t offset, offset_t len,
		       const ddi_device_acc_attr_t *accattrp,
		       ddi_acc_handle_t *handlep)
{
	struct devmap_acc *acc;
	int err;

	if (!dip || !dip->dev)
		return DDI_FAILURE;

	acc = kzalloc(sizeof(*acc), GFP_KERNEL);
	if (!acc)
		return DDI_FAILURE;

	acc->dip = devmap_instance_get(dip);
	err = devmap_acc_set_attr(acc, accattrp);
	if (err)
		dev_err(dip->dev, "devmap: register set %u: wrong access attributes\n",
			rnumber);
	else
		err = map(acc, rnumber, offset, len, accattrp);
	if (err) {
		acc_free(acc);
		return err == -EBUSY ? DDI_REGS_ACC_CONFLICT : DDI_FAILURE;
	}

	*addrp = (__force caddr_t)acc->base;
	*handlep = acc;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_regs_map_setup);

static void map_free(struct devmap_acc *acc)
{
	mutex_lock(&accs_lock);
	acc_shut(acc);
	list_del(&acc->node);
	mutex_unlock(&accs_lock);
	acc_free(acc);
}

/**
 * ddi_regs_map_free() - undo ddi_regs_map_setup()
 * @handlep: the handle; set to NULL
 *
 * ddi_regs_map_free(9F).
 *
 * Context: Process context, may sleep.
 */
void ddi_regs_map_free(ddi_acc_handle_t *handlep)
{
	if (!*handlep) {
		devmap_misuse("ddi_regs_map_free(9F)", "no handle");
		return;
	}
	map_free(*handlep);
	*handlep = NULL;
}
EXPORT_SYMBOL_GPL(ddi_regs_map_free);

/**
 * ddi_map_regs() - map registers without a handle
 * @dip: the device
 * @rnumber: number of the register set, which has to be memory
 * @kaddrp: set to a kernel address
 * @offset: first byte of the set to map
 * @len: bytes; 0: to the end of the set
 *
 * ddi_map_regs(9F), obsolete. The driver dereferences the address, and a device
 * that goes takes it along.
 *
 * Context: Process context, may sleep.
 * Return: DDI_SUCCESS, or as ddi_regs_map_setup().
 */
int ddi_map_regs(dev_info_t *dip, uint_t rnumber, caddr_t *kaddrp, off_t offset,
		 off_t len)
{
	ddi_acc_handle_t handle;
	caddr_t addr;
	int result;

	result = ddi_regs_map_setup(dip, rnumber, &addr, offset, len, NULL,
				    &handle);
	if (result != DDI_SUCCESS)
		return result;
	if (handle->kind != DEVMAP_ACC_MEMORY) {
		dev_err(dip->dev, "devmap: register set %u is not memory, and cannot be accessed without a handle\n",
			rnumber);
		ddi_regs_map_free(&handle);
		return DDI_FAILURE;
	}
	*kaddrp = addr;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_map_regs);

static struct devmap_acc *acc_at(dev_info_t *dip, caddr_t addr)
{
	struct devmap_acc *acc, *found = NULL;

	mutex_lock(&accs_lock);
	list_for_each_entry(acc, &accs, node) {
		if (acc->dip == dip && (__force caddr_t)acc->base == addr) {
			found = acc;
			break;
		}
	}
	mutex_unlock(&accs_lock);
	return found;
}

/**
 * ddi_unmap_regs() - undo ddi_map_regs()
 * @dip: the device
 * @rnumber: as for ddi_map_regs()
 * @kaddrp: what it set; set to NULL
 * @offset: as for ddi_map_regs()
 * @len: as for ddi_map_regs()
 *
 * ddi_unmap_regs(9F), obsolete.
 *
 * Context: Process context, may sleep.
 */
void ddi_unmap_regs(dev_info_t *dip, uint_t rnumber, caddr_t *kaddrp,
		    off_t offset, off_t len)
{
	struct devmap_acc *acc = acc_at(dip, *kaddrp);

	if (!acc) {
		devmap_misuse("ddi_unmap_regs(9F)", "no such mapping");
		return;
	}
	map_free(acc);
	*kaddrp = NULL;
}
EXPORT_SYMBOL_GPL(ddi_unmap_regs);

/**
 * ddi_dev_nregs() - how many register sets a device has
 * @dip: the device
 * @resultp: set to the number
 *
 * ddi_dev_nregs(9F). On PCI, configuration space counts.
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE if it has none.
 */
int ddi_dev_nregs(dev_info_t *dip, int *resultp)
{
	uint_t nr = devmap_regs_count(dip);

	if (!nr)
		return DDI_FAILURE;
	*resultp = nr;
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_dev_nregs);

/**
 * ddi_dev_regsize() - the size of a register set
 * @dip: the device
 * @rnumber: number of the register set
 * @resultp: set to the size in bytes
 *
 * ddi_dev_regsize(9F).
 *
 * Context: Any.
 * Return: DDI_SUCCESS, or DDI_FAILURE if there is no such set.
 */
int ddi_dev_regsize(dev_info_t *dip, uint_t rnumber, off_t *resultp)
{
	const struct resource *set = devmap_regs_find(dip, rnumber);

	if (devmap_regs_is_config(dip, rnumber)) {
		*resultp = to_pci_dev(dip->dev)->cfg_size;
		return DDI_SUCCESS;
	}
	if (!set)
		return DDI_FAILURE;
	*resultp = resource_size(set);
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_dev_regsize);
