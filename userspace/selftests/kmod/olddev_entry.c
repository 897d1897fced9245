// SPDX-License-Identifier: GPL-2.0
/* segmap(9E), mmap(9E) and devmap(9E), as the script wants them. */

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <sys/conf.h>

#include "olddev.h"

/*
 * The page of the device's memory that an offset stands for, or -1. A device
 * has OLD_PAGES pages at most, from some offset on.
 */
static s32 page_at(const struct old_device *dev, u64 off, uint_t prot)
{
	u64 page = (off - dev->script.base) >> PAGE_SHIFT;

	lockdep_assert_held(&old_lock);

	if (off < dev->script.base || page >= dev->script.nr_pages ||
	    (prot & dev->script.deny_prot))
		return -1;
	return dev->script.page[page];
}

/* mmap(9E) */
static int old_mmap(dev_t devno, off_t off, int prot)
{
	struct old_device *dev = old_device_of(devno);
	struct old_record rec = {
		.op = OLD_OP_MMAP, .dev = devno, .off = off, .prot = prot,
		.convert = ddi_model_convert_from(ddi_mmap_get_model()),
	};
	int pfn = -1;
	u64 seq;

	if (!dev)
		return -1;

	mutex_lock(&old_lock);
	seq = old_record(dev, &rec);
	rec.ret = page_at(dev, off, prot);
	if (rec.ret >= 0)
		pfn = vmalloc_to_pfn(dev->memory +
				     ((size_t)rec.ret << PAGE_SHIFT));
	old_record_done(dev, seq, &rec);
	mutex_unlock(&old_lock);
	return pfn;
}

static int map_cb(devmap_cookie_t dhp, dev_t devno, uint_t flags, offset_t off,
		  size_t len, void **pvtp)
{
	struct old_device *dev = old_device_of(devno);
	struct old_record rec = {
		.op = OLD_OP_MAP, .dev = devno, .off = off, .len = len,
		.flags = flags,
	};
	u64 seq;

	mutex_lock(&old_lock);
	seq = old_record(dev, &rec);
	rec.ret = 0;
	old_record_done(dev, seq, &rec);
	mutex_unlock(&old_lock);
	*pvtp = dev;
	return 0;
}

static void unmap_cb(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		     devmap_cookie_t new_dhp1, void **new_pvtp1,
		     devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	struct old_device *dev = pvtp;
	struct old_record rec = {
		.op = OLD_OP_UNMAP, .off = off, .len = len,
	};
	u64 seq;

	mutex_lock(&old_lock);
	seq = old_record(dev, &rec);
	rec.ret = 0;
	old_record_done(dev, seq, &rec);
	mutex_unlock(&old_lock);
	if (new_dhp1)
		*new_pvtp1 = dev;
	if (new_dhp2)
		*new_pvtp2 = dev;
}

/* devmap(9E): the whole memory in one handle. */
static int old_devmap(dev_t devno, devmap_cookie_t dhp, offset_t off,
		      size_t len, size_t *maplen, uint_t model)
{
	struct devmap_callback_ctl ops = {
		.devmap_rev = DEVMAP_OPS_REV,
		.devmap_map = map_cb,
		.devmap_access = devmap_default_access,
		.devmap_unmap = unmap_cb,
	};
	struct old_device *dev = old_device_of(devno);
	struct old_record rec = {
		.op = OLD_OP_DEVMAP, .dev = devno, .off = off, .len = len,
		.model = model, .convert = ddi_model_convert_from(model),
	};
	u64 seq;

	if (!dev)
		return ENXIO;

	mutex_lock(&old_lock);
	seq = old_record(dev, &rec);
	rec.ret = old_injected(dev, OLD_OP_DEVMAP);
	if (!rec.ret)
		rec.ret = devmap_umem_setup(dhp, dev->dip, &ops, dev->cookie,
					    off - dev->script.base, len,
					    PROT_ALL, 0, NULL);
	old_record_done(dev, seq, &rec);
	mutex_unlock(&old_lock);
	*maplen = len;
	return rec.ret;
}

/**
 * struct segmap_args - arguments of segmap(9E)
 * @devno: devno
 * @off: off
 * @asp: asp
 * @addrp: addrp
 * @len: len
 * @prot: prot
 * @maxprot: maxprot
 * @flags: flags
 * @credp: cred_p
 */
struct segmap_args {
	dev_t devno;
	off_t off;
	struct as *asp;
	caddr_t *addrp;
	off_t len;
	uint_t prot;
	uint_t maxprot;
	uint_t flags;
	cred_t *credp;
};

static int make_mapping(struct old_device *dev, const struct old_script *script,
			const struct segmap_args *a)
{
	switch (script->segmap) {
	case OLD_SEGMAP_DDI:
		return ddi_segmap(a->devno, a->off, a->asp, a->addrp, a->len,
				  a->prot, a->maxprot, a->flags, a->credp);
	case OLD_SEGMAP_SETUP:
		return ddi_segmap_setup(a->devno, a->off, a->asp, a->addrp,
					a->len, a->prot, a->maxprot, a->flags,
					a->credp, NULL, 0);
	case OLD_SEGMAP_MAPDEV:
		return old_mapdev(script, dev, a->devno, a->off, a->asp,
				  a->addrp, a->len, a->prot, a->maxprot,
				  a->flags, a->credp);
	case OLD_SEGMAP_DEVMAP:
		return devmap_setup(a->devno, a->off, a->asp, a->addrp, a->len,
				    a->prot, a->maxprot, a->flags, a->credp);
	}
	return 0;
}

static int do_segmap(struct old_device *dev, const struct old_script *script,
		     struct segmap_args *a)
{
	int err;

	if (script->flags & OLD_F_OFF)
		a->off = script->segmap_off;
	if (script->flags & OLD_F_SHORT)
		a->len -= PAGE_SIZE;
	a->maxprot &= ~script->less_maxprot;

	err = make_mapping(dev, script, a);
	/* Only the first one can be had. */
	if (!err && (script->flags & OLD_F_TWICE) &&
	    make_mapping(dev, script, a) != EINVAL)
		atomic_inc(&old_bad);
	return err;
}

/* segmap(9E) */
static int old_segmap(dev_t devno, off_t off, struct as *asp, caddr_t *addrp,
		      off_t len, unsigned int prot, unsigned int maxprot,
		      unsigned int flags, cred_t *credp)
{
	struct old_device *dev = old_device_of(devno);
	struct segmap_args a = {
		.devno = devno, .off = off, .asp = asp, .addrp = addrp,
		.len = len, .prot = prot, .maxprot = maxprot, .flags = flags,
		.credp = credp,
	};
	struct old_record rec = {
		.op = OLD_OP_SEGMAP, .dev = devno, .off = off, .len = len,
		.prot = prot, .maxprot = maxprot, .flags = flags,
	};
	struct old_script *script;
	u64 seq;

	script = kmalloc(sizeof(*script), GFP_KERNEL);
	if (!dev || !script) {
		kfree(script);
		return ENXIO;
	}

	mutex_lock(&old_lock);
	*script = dev->script;
	mutex_unlock(&old_lock);

	seq = old_record(dev, &rec);
	rec.ret = do_segmap(dev, script, &a);
	if (script->flags & OLD_F_RET)
		rec.ret = script->segmap_ret;
	rec.addr = (uintptr_t)*addrp;
	old_record_done(dev, seq, &rec);
	kfree(script);
	return rec.ret;
}

/**
 * old_fill_ops() - the entry points that the script asks for
 * @dev: the device; old_lock is held, and nobody maps it
 */
void old_fill_ops(struct old_device *dev)
{
	const struct old_script *script = &dev->script;

	lockdep_assert_held(&old_lock);

	dev->ops = (struct devmap_dev_ops){};
	if (!(script->flags & OLD_F_NO_MMAP))
		dev->ops.mmap = old_mmap;
	if (script->flags & OLD_F_DEVMAP)
		dev->ops.devmap = old_devmap;
	if (script->flags & OLD_F_D_DEVMAP)
		dev->ops.flag = D_DEVMAP;
	if (script->segmap == OLD_SEGMAP_IS_DDI)
		dev->ops.segmap = ddi_segmap;
	else if (script->segmap != OLD_SEGMAP_NULL)
		dev->ops.segmap = old_segmap;
}
