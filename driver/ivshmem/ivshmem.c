// SPDX-License-Identifier: GPL-2.0
/*
 * ivshmem: the memory that a virtual machine shares with its host, or with other
 * machines. QEMU's device "ivshmem-plain".
 *
 * BAR 2 is the memory: RAM of the host, so it is mapped cached, unless the
 * property says otherwise; where that cannot be had, Linux maps it uncached. There
 * are no contexts and hence no callbacks: what is mapped is mapped.
 *
 * The user offset is that in the memory. read(2) and write(2) at a position do the
 * same for those who do not want to map it.
 *
 * Properties: cache, which is 0 for uncached, 1 for write combining, 2 for cached.
 */

#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/open.h>
#include <sys/stat.h>
#include <sys/cred.h>
#include <sys/uio.h>
#include <sys/mman.h>
#include <sys/conf.h>
#include <sys/kmem.h>
#include <sys/modctl.h>
#include <sys/cmn_err.h>
#include <sys/pci.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

/* Set 0 is configuration space; 1 is BAR 0, the registers. */
#define	IVSHMEM_RNUMBER_MIN	1

/* read(2) and write(2) map this much of the memory at a time. */
#define	IVSHMEM_WINDOW		((offset_t)ptob(16))

typedef struct ivshmem_state {
	dev_info_t	*is_dip;
	uint_t		is_rnumber;	/* of the memory; constant */
	off_t		is_size;	/* of the memory; constant */
	uint_t		is_cache;	/* IOMEM_DATA_; constant */
} ivshmem_state_t;

static ddi_device_acc_attr_t ivshmem_attr = {
	DDI_DEVICE_ATTR_V0,
	DDI_NEVERSWAP_ACC,
	DDI_STORECACHING_OK_ACC
};

static void *ivshmem_statep;

static ivshmem_state_t *
ivshmem_of(dev_t dev)
{
	return (ddi_get_soft_state(ivshmem_statep, (int)getminor(dev)));
}

/*
 * cb_ops(9S)
 */

static int
ivshmem_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	ivshmem_state_t *isp = ivshmem_of(dev);

	if (isp == NULL)
		return (ENXIO);
	if (devmap_devmem_setup(dhp, isp->is_dip, NULL, isp->is_rnumber, off,
	    len, PROT_ALL, isp->is_cache, &ivshmem_attr) != 0)
		return (ENXIO);

	*maplen = len;
	return (0);
}

/*
 * As much as lies in one window: the device may be larger than what can be mapped
 * for the kernel at once.
 */
static int
ivshmem_move(ivshmem_state_t *isp, struct uio *uiop, enum uio_rw rw)
{
	offset_t off = uiop->uio_loffset;
	offset_t start = P2ALIGN(off, IVSHMEM_WINDOW);
	offset_t end = MIN(start + IVSHMEM_WINDOW, isp->is_size);
	size_t len = MIN(uiop->uio_resid, end - off);
	ddi_acc_handle_t handle;
	caddr_t addr, buf;
	int err;

	if (ddi_regs_map_setup(isp->is_dip, isp->is_rnumber, &addr, start,
	    end - start, &ivshmem_attr, &handle) != DDI_SUCCESS)
		return (EIO);

	buf = kmem_alloc(len, KM_SLEEP);
	if (rw == UIO_READ) {
		ddi_rep_get8(handle, (uint8_t *)buf,
		    (uint8_t *)(addr + (off - start)), len, DDI_DEV_AUTOINCR);
		err = uiomove(buf, len, rw, uiop);
	} else if ((err = uiomove(buf, len, rw, uiop)) == 0) {
		ddi_rep_put8(handle, (uint8_t *)buf,
		    (uint8_t *)(addr + (off - start)), len, DDI_DEV_AUTOINCR);
	}
	kmem_free(buf, len);
	ddi_regs_map_free(&handle);
	return (err);
}

static int
ivshmem_rdwr(dev_t dev, struct uio *uiop, enum uio_rw rw)
{
	ivshmem_state_t *isp = ivshmem_of(dev);
	int err = 0;

	if (isp == NULL)
		return (ENXIO);
	if (uiop->uio_loffset < 0)
		return (EINVAL);
	if (rw == UIO_WRITE && uiop->uio_loffset >= isp->is_size &&
	    uiop->uio_resid != 0)
		return (ENOSPC);

	while (err == 0 && uiop->uio_resid != 0 &&
	    uiop->uio_loffset < isp->is_size)
		err = ivshmem_move(isp, uiop, rw);
	return (err);
}

static int
ivshmem_read(dev_t dev, struct uio *uiop, cred_t *credp)
{
	return (ivshmem_rdwr(dev, uiop, UIO_READ));
}

static int
ivshmem_write(dev_t dev, struct uio *uiop, cred_t *credp)
{
	return (ivshmem_rdwr(dev, uiop, UIO_WRITE));
}

static int
ivshmem_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	if (otyp != OTYP_CHR)
		return (EINVAL);
	return (ivshmem_of(*devp) == NULL ? ENXIO : 0);
}

static int
ivshmem_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	return (0);
}

static struct cb_ops ivshmem_cb_ops = {
	ivshmem_open,
	ivshmem_close,
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	ivshmem_read,
	ivshmem_write,
	nodev,			/* ioctl */
	ivshmem_devmap,
	nodev,			/* mmap */
	NULL,			/* segmap: the system's */
	nochpoll,
	ddi_prop_op,
	NULL,			/* streamtab */
	D_NEW | D_MP | D_DEVMAP | D_64BIT | D_HOTPLUG,
	CB_REV
};

/*
 * dev_ops(9S)
 */

static int
ivshmem_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg,
    void **resultp)
{
	ivshmem_state_t *isp;

	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if ((isp = ivshmem_of((dev_t)arg)) == NULL)
			return (DDI_FAILURE);
		*resultp = isp->is_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*resultp = (void *)(uintptr_t)getminor((dev_t)arg);
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

/*
 * The memory is the last register set: between the registers and it there may be
 * one for interrupts, which ivshmem-plain has not.
 */
static int
ivshmem_find_memory(ivshmem_state_t *isp)
{
	int nregs;

	if (ddi_dev_nregs(isp->is_dip, &nregs) != DDI_SUCCESS ||
	    nregs <= IVSHMEM_RNUMBER_MIN + 1)
		return (DDI_FAILURE);
	isp->is_rnumber = nregs - 1;
	return (ddi_dev_regsize(isp->is_dip, isp->is_rnumber, &isp->is_size));
}

static uint_t
ivshmem_cache(dev_info_t *dip)
{
	switch (ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS, "cache",
	    2)) {
	case 0:
		return (IOMEM_DATA_UNCACHED);
	case 1:
		return (IOMEM_DATA_UC_WR_COMBINE);
	default:
		return (IOMEM_DATA_CACHED);
	}
}

static void
ivshmem_free(dev_info_t *dip)
{
	ddi_remove_minor_node(dip, NULL);
	ddi_soft_state_free(ivshmem_statep, ddi_get_instance(dip));
}

static int
ivshmem_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	ivshmem_state_t *isp;

	if (cmd != DDI_ATTACH)
		return (DDI_FAILURE);
	if (ddi_soft_state_zalloc(ivshmem_statep, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);

	isp = ddi_get_soft_state(ivshmem_statep, instance);
	isp->is_dip = dip;
	isp->is_cache = ivshmem_cache(dip);
	if (ivshmem_find_memory(isp) != DDI_SUCCESS) {
		cmn_err(CE_WARN, "ivshmem%d: no memory to share", instance);
		goto fail;
	}
	if (ddi_create_minor_node(dip, "memory", S_IFCHR, instance, DDI_PSEUDO,
	    0) != DDI_SUCCESS)
		goto fail;
	cmn_err(CE_CONT, "?ivshmem%d: %ld MiB\n", instance,
	    (long)(isp->is_size >> 20));
	ddi_report_dev(dip);
	return (DDI_SUCCESS);

fail:
	ivshmem_free(dip);
	return (DDI_FAILURE);
}

static int
ivshmem_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	ivshmem_free(dip);
	return (DDI_SUCCESS);
}

static struct dev_ops ivshmem_dev_ops = {
	DEVO_REV,
	0,
	ivshmem_getinfo,
	nulldev,		/* identify */
	nulldev,		/* probe */
	ivshmem_attach,
	ivshmem_detach,
	nodev,			/* reset */
	&ivshmem_cb_ops,
	NULL,			/* bus_ops */
	nulldev,		/* power */
	ddi_quiesce_not_needed
};

/*
 * The module
 */

static struct modldrv ivshmem_modldrv = {
	&mod_driverops,
	"shared memory of virtual machines",
	&ivshmem_dev_ops
};

static struct modlinkage ivshmem_modlinkage = {
	MODREV_1,
	{ &ivshmem_modldrv, NULL }
};

int
_init(void)
{
	int err;

	err = ddi_soft_state_init(&ivshmem_statep, sizeof (ivshmem_state_t), 1);
	if (err != 0)
		return (err);
	if ((err = mod_install(&ivshmem_modlinkage)) != 0)
		ddi_soft_state_fini(&ivshmem_statep);
	return (err);
}

int
_fini(void)
{
	int err;

	if ((err = mod_remove(&ivshmem_modlinkage)) == 0)
		ddi_soft_state_fini(&ivshmem_statep);
	return (err);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&ivshmem_modlinkage, modinfop));
}
