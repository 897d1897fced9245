// SPDX-License-Identifier: GPL-2.0
/* mmap(2) of the device: segmap(9E) and devmap(9E) as the script wants them. */

#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "device.h"

/**
 * st_segmap() - segmap(9E)
 * @devno: as the layer passes it
 * @off: as the layer passes it
 * @asp: as the layer passes it
 * @addrp: as the layer passes it
 * @len: as the layer passes it
 * @prot: as the layer passes it
 * @maxprot: as the layer passes it
 * @flags: as the layer passes it
 * @credp: as the layer passes it
 *
 * Return: 0 or an errno.
 */
int st_segmap(dev_t devno, off_t off, struct as *asp, caddr_t *addrp, off_t len,
	      unsigned int prot, unsigned int maxprot, unsigned int flags,
	      cred_t *credp)
{
	struct st_device *dev = st_device_of(devno);
	struct dmst_record rec = {
		.op = DMST_OP_SEGMAP, .dev = devno, .off = off, .len = len,
		.prot = prot, .rw = maxprot, .flags = flags,
	};
	uint_t less = 0;
	u64 seq;
	int err;

	if (!dev)
		return ENXIO;

	/* Two of them are equal exactly if the address spaces are. */
	if (asp != (struct as *)current->mm)
		atomic_inc(&dev->bad);

	seq = st_record(dev, &rec);
	switch (dev->script.segmap) {
	case DMST_SEGMAP_ERROR:
		err = dev->script.segmap_ret;
		break;
	case DMST_SEGMAP_NOTHING:
		err = 0;
		break;
	case DMST_SEGMAP_SETUP:
		err = devmap_setup(devno, dev->script.segmap_off, asp, addrp,
				   len, prot, maxprot, flags, credp);
		break;
	case DMST_SEGMAP_MOVE:
		*addrp = (caddr_t)(unsigned long)dev->script.segmap_off;
		err = devmap_setup(devno, off, asp, addrp, len, prot, maxprot,
				   flags, credp);
		break;
	case DMST_SEGMAP_TWICE:
		err = devmap_setup(devno, off, asp, addrp, len, prot, maxprot,
				   flags, credp);
		if (!err && devmap_setup(devno, off, asp, addrp, len, prot,
					 maxprot, flags, credp) != EINVAL)
			atomic_inc(&dev->bad);
		break;
	default:
		if (dev->script.segmap == DMST_SEGMAP_MAXPROT)
			less = dev->script.segmap_ret;
		err = ddi_devmap_segmap(devno, off, asp, addrp, len, prot,
					maxprot & ~less, flags, credp);
		if (!err && dev->script.segmap == DMST_SEGMAP_LATE)
			err = dev->script.segmap_ret;
	}
	rec.out = (uintptr_t)*addrp;
	rec.ret = err;
	st_record_done(dev, seq, &rec);
	return err;
}

static const struct dmst_region *region_at(const struct st_device *dev,
					   offset_t off)
{
	u32 i;

	lockdep_assert_held(&dev->lock);

	for (i = 0; i < dev->script.nr_regions; i++) {
		const struct dmst_region *region = &dev->script.region[i];

		if (off >= (offset_t)region->off &&
		    off - region->off < region->len)
			return region;
	}
	return NULL;
}

static int call_setup(struct st_device *dev, devmap_cookie_t dhp,
		      const struct dmst_region *region, offset_t target,
		      size_t len)
{
	ddi_device_acc_attr_t attr = {
		.devacc_attr_version = DDI_DEVICE_ATTR_V0,
		.devacc_attr_endian_flags = DDI_NEVERSWAP_ACC,
		.devacc_attr_dataorder = DDI_STRICTORDER_ACC,
	};
	ddi_device_acc_attr_t *attrp = &attr;
	struct dmst_record rec = {
		.op = DMST_OP_SETUP, .handle = st_handle_nr(dhp),
		.off = target, .len = len, .flags = region->setup_flags,
		.prot = region->maxprot,
	};
	struct devmap_callback_ctl ops;
	u64 seq = st_record(dev, &rec);

	st_fill_callbacks(region, &ops);
	if (region->flags & DMST_F_NO_ACCATTR)
		attrp = NULL;

	if (region->kind == DMST_REGS)
		rec.ret = devmap_devmem_setup(dhp, st_pci_dip(dev, region->device),
					      region->callbacks ? &ops : NULL,
					      region->rnumber, target, len,
					      region->maxprot,
					      region->setup_flags, attrp);
	else
		rec.ret = devmap_umem_setup(dhp, dev->dip,
					    region->callbacks ? &ops : NULL,
					    dev->umem[region->umem].cookie,
					    target, len, region->maxprot,
					    region->setup_flags, attrp);

	/* The table was copied: what is on the stack counts no more. */
	memzero_explicit(&ops, sizeof(ops));
	memzero_explicit(&attr, sizeof(attr));
	st_record_done(dev, seq, &rec);
	return rec.ret;
}

static size_t length_of_handle(const struct dmst_region *region, u64 off,
			       size_t len)
{
	u64 in = off - region->off;

	len = min_t(u64, len, region->len - in);
	if (region->chunk)
		len = min_t(u64, len, region->chunk - in % region->chunk);
	return len;
}

static int set_up(struct st_device *dev, devmap_cookie_t dhp,
		  const struct dmst_region *region, u64 off, size_t *maplen)
{
	size_t len = region->flags & DMST_F_SETUP_LEN ? region->setup_len :
							*maplen;
	offset_t target = region->target;
	int err = 0;

	lockdep_assert_held(&dev->lock);

	if (!(region->flags & DMST_F_ALIAS))
		target += off - region->off;
	if (region->kind != DMST_NONE)
		err = call_setup(dev, dhp, region, target, len);
	if (!err && (region->flags & DMST_F_TWICE))
		err = call_setup(dev, dhp, region, target, len);
	if (region->flags & DMST_F_FREE)
		st_umem_release(&dev->umem[region->umem]);
	if (region->flags & DMST_F_MAPLEN)
		*maplen = region->maplen;
	return region->flags & DMST_F_IGNORE ? 0 : err;
}

/**
 * st_devmap() - devmap(9E)
 * @devno: as the layer passes it
 * @dhp: as the layer passes it
 * @off: as the layer passes it
 * @len: as the layer passes it
 * @maplen: set to what the script says
 * @model: as the layer passes it
 *
 * Return: 0, or what the driver refuses with.
 */
int st_devmap(dev_t devno, devmap_cookie_t dhp, offset_t off, size_t len,
	      size_t *maplen, uint_t model)
{
	struct st_device *dev = st_device_of(devno);
	struct dmst_record rec = {
		.op = DMST_OP_DEVMAP, .dev = devno, .off = off, .len = len,
		.type = model,
	};
	const struct dmst_region *region;
	struct st_handle *h;
	u64 seq;

	if (!dev)
		return ENXIO;

	mutex_lock(&dev->lock);
	region = region_at(dev, off);
	h = st_handle_add(dev, dhp, region);
	h->usable = !(h->region.callbacks & DMST_CB_MAP);
	rec.handle = h->nr;
	seq = st_record(dev, &rec);

	rec.ret = EINVAL;
	if (region) {
		*maplen = length_of_handle(region, off, len);
		rec.ret = set_up(dev, dhp, region, off, maplen);
		rec.out = *maplen;
	}
	if (!rec.ret)
		rec.ret = st_injected(dev, DMST_OP_DEVMAP);
	st_record_done(dev, seq, &rec);
	mutex_unlock(&dev->lock);
	return rec.ret;
}
