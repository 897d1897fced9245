// SPDX-License-Identifier: GPL-2.0
/*
 * A driver in Solaris style that looks inside handles and cookies: see
 * devmap_insider.h.
 */

#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/open.h>
#include <sys/stat.h>
#include <sys/cred.h>
#include <sys/conf.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/proc.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/ddi_impldefs.h>
#include <sys/sunddi.h>
#include <vm/as.h>
#include <vm/seg.h>

#include "devmap_insider.h"

static dev_info_t *in_dip;
static ddi_umem_cookie_t in_cookie;

/* Protects in_look. */
static kmutex_t in_lock;
static struct insider_look in_look;

static int
in_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off, size_t len,
    void **pvtp)
{
	*pvtp = dhp;
	return (0);
}

static int
in_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    uint_t type, uint_t rw)
{
	devmap_handle_t *dh = (devmap_handle_t *)dhp;
	struct ddi_umem_cookie *cp = (struct ddi_umem_cookie *)dh->dh_cookie;
	int same_as = dh->dh_seg->s_as == curproc->p_as;

	mutex_enter(&in_lock);
	in_look.calls++;
	in_look.off = off;
	in_look.uoff = dh->dh_uoff;
	in_look.len = dh->dh_len;
	in_look.same_as = same_as;
	in_look.same_pvtp = dh->dh_pvtp == pvtp;
	in_look.same_cookie = dh->dh_cookie == in_cookie;
	in_look.size = cp->size;
	in_look.kept = *(uint_t *)cp->cvaddr;
	mutex_exit(&in_lock);

	if (!same_as)
		return (-1);
	return (devmap_load(dhp, off, len, type, rw));
}

static int
in_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
    void **new_pvtp)
{
	*new_pvtp = new_dhp;
	return (0);
}

static void
in_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    devmap_cookie_t new_dhp1, void **new_pvtp1, devmap_cookie_t new_dhp2,
    void **new_pvtp2)
{
	if (new_dhp1 != NULL)
		*new_pvtp1 = new_dhp1;
	if (new_dhp2 != NULL)
		*new_pvtp2 = new_dhp2;
}

static struct devmap_callback_ctl in_callbacks = {
	DEVMAP_OPS_REV,
	in_map,
	in_access,
	in_dup,
	in_unmap,
};

static int
in_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	devmap_handle_t *dh = (devmap_handle_t *)dhp;

	/* It knows already what it is asked for. */
	if (dh->dh_uoff != off || dh->dh_len != len || dh->dh_cookie != NULL)
		return (EINVAL);
	len = ptob(btopr(len));
	if (devmap_umem_setup(dhp, in_dip, &in_callbacks, in_cookie, off, len,
	    PROT_ALL, DEVMAP_DEFAULTS, NULL) != 0)
		return (ENXIO);
	if (dh->dh_cookie != in_cookie)
		return (EINVAL);
	*maplen = len;
	return (0);
}

static int
in_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	mutex_enter(&in_lock);
	bzero(&in_look, sizeof (in_look));
	mutex_exit(&in_lock);
	return (0);
}

static int
in_ioctl(dev_t dev, int cmd, intptr_t arg, int mode, cred_t *credp,
    int *rvalp)
{
	struct insider_look look;

	if (cmd != INSIDER_LOOK)
		return (ENOTTY);
	mutex_enter(&in_lock);
	look = in_look;
	mutex_exit(&in_lock);
	if (ddi_copyout(&look, (void *)arg, sizeof (look), mode) != 0)
		return (EFAULT);
	return (0);
}

static int
in_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	uint_t *word;

	if (cmd != DDI_ATTACH || in_dip != NULL)
		return (DDI_FAILURE);
	word = ddi_umem_alloc(ptob(INSIDER_PAGES), DDI_UMEM_SLEEP, &in_cookie);
	if (word == NULL)
		return (DDI_FAILURE);
	*word = 0x1d51de;
	if (ddi_create_minor_node(dip, "mem", S_IFCHR, 0, DDI_PSEUDO, 0) !=
	    DDI_SUCCESS) {
		ddi_umem_free(in_cookie);
		return (DDI_FAILURE);
	}
	in_dip = dip;
	return (DDI_SUCCESS);
}

static int
in_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);
	ddi_remove_minor_node(dip, NULL);
	ddi_umem_free(in_cookie);
	in_dip = NULL;
	return (DDI_SUCCESS);
}

static int
in_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **resultp)
{
	if (cmd == DDI_INFO_DEVT2DEVINFO)
		*resultp = in_dip;
	else
		*resultp = NULL;
	return (DDI_SUCCESS);
}

static struct cb_ops in_cb_ops = {
	in_open,
	nulldev,		/* close */
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	nodev,			/* read */
	nodev,			/* write */
	in_ioctl,
	in_devmap,
	nodev,			/* mmap */
	NULL,			/* segmap */
	nochpoll,
	ddi_prop_op,
	NULL,			/* streamtab */
	D_NEW | D_MP | D_DEVMAP
};

static struct dev_ops in_dev_ops = {
	DEVO_REV,
	0,
	in_getinfo,
	nulldev,		/* identify */
	nulldev,		/* probe */
	in_attach,
	in_detach,
	nodev,			/* reset */
	&in_cb_ops,
	NULL,
	NULL
};

static struct modldrv in_modldrv = {
	&mod_driverops,
	"looks inside devmap handles",
	&in_dev_ops
};

static struct modlinkage in_modlinkage = {
	MODREV_1,
	&in_modldrv,
	NULL
};

int
_init(void)
{
	int err;

	mutex_init(&in_lock, NULL, MUTEX_DRIVER, NULL);
	err = mod_install(&in_modlinkage);
	if (err != 0)
		mutex_destroy(&in_lock);
	return (err);
}

int
_fini(void)
{
	int err = mod_remove(&in_modlinkage);

	if (err == 0)
		mutex_destroy(&in_lock);
	return (err);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&in_modlinkage, modinfop));
}
