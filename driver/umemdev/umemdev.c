// SPDX-License-Identifier: GPL-2.0
/*
 * umemdev: a buffer in kernel memory that programs can read, write, poll and map.
 *
 * Whichever way it is written to, readers of all kinds see it. write(2) and the
 * ioctls tell those who wait for changes; who writes to a mapping tells them with
 * an ioctl.
 *
 * Every open(2) gets a minor number of its own (a clone), with which goes what
 * this descriptor has seen. The minor number of a clone has the instance in its
 * low byte.
 *
 * Properties: pages, the size of the buffer (default 16).
 */

#include <sys/types.h>
#include <sys/types32.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/open.h>
#include <sys/stat.h>
#include <sys/cred.h>
#include <sys/uio.h>
#include <sys/poll.h>
#include <sys/model.h>
#include <sys/conf.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/cmn_err.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

#include "umemdev_io.h"

#define	UD_INSTANCE(dev)	((int)(getminor(dev) & 0xff))
#define	UD_CLONE(dev)		((int)(getminor(dev) >> 8))
#define	UD_MINOR(inst, clone)	((minor_t)((clone) << 8 | (inst)))

#define	UD_MAX_INSTANCES	256
#define	UD_MAX_CLONES		1024
#define	UD_MAX_PAGES		65536

/* struct umemdev_piece of a 32-bit program */
struct umemdev_piece32 {
	uint32_t	up_offset;
	uint32_t	up_len;
	caddr32_t	up_data;
};

/* An open descriptor. */
typedef struct ud_clone {
	uint_t		uc_seen;	/* changes; us_lock */
	struct pollhead	uc_pollhead;
} ud_clone_t;

/* One instance. */
typedef struct ud_state {
	dev_info_t	*us_dip;
	caddr_t		us_buf;
	size_t		us_size;	/* constant */
	ddi_umem_cookie_t us_cookie;
	kmutex_t	us_lock;	/* protects what follows */
	kcondvar_t	us_cv;
	uint_t		us_changes;	/* how often it has changed */
	ud_clone_t	*us_clones[UD_MAX_CLONES];
} ud_state_t;

static void *ud_statep;

static ud_state_t *
ud_state_of(dev_t dev)
{
	return (ddi_get_soft_state(ud_statep, UD_INSTANCE(dev)));
}

/* Clone 0 is the node itself. */
static ud_clone_t *
ud_clone_of(ud_state_t *usp, dev_t dev)
{
	int clone = UD_CLONE(dev);

	return (clone < UD_MAX_CLONES ? usp->us_clones[clone] : NULL);
}

/* Tells all who wait or poll. */
static void
ud_changed(ud_state_t *usp)
{
	int i;

	mutex_enter(&usp->us_lock);
	usp->us_changes++;
	cv_broadcast(&usp->us_cv);
	for (i = 1; i < UD_MAX_CLONES; i++) {
		if (usp->us_clones[i] != NULL)
			pollwakeup(&usp->us_clones[i]->uc_pollhead,
			    POLLIN | POLLRDNORM);
	}
	mutex_exit(&usp->us_lock);
}

static int
ud_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	ud_state_t *usp = ud_state_of(*devp);
	ud_clone_t *ucp;
	int i;

	if (usp == NULL)
		return (ENXIO);
	if (otyp != OTYP_CHR || UD_CLONE(*devp) != 0)
		return (EINVAL);

	ucp = kmem_zalloc(sizeof (*ucp), KM_SLEEP);
	mutex_enter(&usp->us_lock);
	for (i = 1; i < UD_MAX_CLONES; i++) {
		if (usp->us_clones[i] == NULL)
			break;
	}
	if (i == UD_MAX_CLONES) {
		mutex_exit(&usp->us_lock);
		kmem_free(ucp, sizeof (*ucp));
		return (EAGAIN);
	}
	ucp->uc_seen = usp->us_changes;
	usp->us_clones[i] = ucp;
	mutex_exit(&usp->us_lock);

	*devp = makedevice(getmajor(*devp), UD_MINOR(UD_INSTANCE(*devp), i));
	return (0);
}

static int
ud_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	ud_state_t *usp = ud_state_of(dev);
	ud_clone_t *ucp;

	mutex_enter(&usp->us_lock);
	ucp = ud_clone_of(usp, dev);
	usp->us_clones[UD_CLONE(dev)] = NULL;
	mutex_exit(&usp->us_lock);
	kmem_free(ucp, sizeof (*ucp));
	return (0);
}

/* How much of a request lies in the buffer. */
static size_t
ud_clip(ud_state_t *usp, offset_t off, size_t len)
{
	if (off < 0 || off >= usp->us_size)
		return (0);
	return (MIN(len, usp->us_size - off));
}

static int
ud_read(dev_t dev, struct uio *uiop, cred_t *credp)
{
	ud_state_t *usp = ud_state_of(dev);
	size_t len = ud_clip(usp, uiop->uio_loffset, uiop->uio_resid);

	return (len == 0 ? 0 : uiomove(usp->us_buf + uiop->uio_loffset, len,
	    UIO_READ, uiop));
}

static int
ud_write(dev_t dev, struct uio *uiop, cred_t *credp)
{
	ud_state_t *usp = ud_state_of(dev);
	size_t len = ud_clip(usp, uiop->uio_loffset, uiop->uio_resid);
	int err;

	if (len == 0)
		return (uiop->uio_resid == 0 ? 0 : ENOSPC);
	err = uiomove(usp->us_buf + uiop->uio_loffset, len, UIO_WRITE, uiop);
	ud_changed(usp);
	return (err);
}

/* Reads the structure in the program's own data model. */
static int
ud_copyin_piece(intptr_t arg, int mode, struct umemdev_piece *up)
{
	struct umemdev_piece32 up32;

	switch (ddi_model_convert_from(mode & FMODELS)) {
	case DDI_MODEL_ILP32:
		if (ddi_copyin((void *)arg, &up32, sizeof (up32), mode) != 0)
			return (EFAULT);
		up->up_offset = up32.up_offset;
		up->up_len = up32.up_len;
		up->up_data = (void *)(uintptr_t)up32.up_data;
		return (0);
	case DDI_MODEL_NONE:
		if (ddi_copyin((void *)arg, up, sizeof (*up), mode) != 0)
			return (EFAULT);
		return (0);
	default:
		return (EINVAL);
	}
}

static int
ud_copy_piece(ud_state_t *usp, int cmd, intptr_t arg, int mode)
{
	struct umemdev_piece up;
	int err;

	if ((err = ud_copyin_piece(arg, mode, &up)) != 0)
		return (err);
	if (up.up_offset > usp->us_size ||
	    up.up_len > usp->us_size - up.up_offset)
		return (EINVAL);

	if (cmd == UMEMDEV_GET)
		return (ddi_copyout(usp->us_buf + up.up_offset, up.up_data,
		    up.up_len, mode) != 0 ? EFAULT : 0);

	if (!(mode & FWRITE))
		return (EBADF);
	err = ddi_copyin(up.up_data, usp->us_buf + up.up_offset, up.up_len,
	    mode);
	ud_changed(usp);
	return (err != 0 ? EFAULT : 0);
}

static int
ud_wait(ud_state_t *usp, dev_t dev, int mode, int *rvalp)
{
	ud_clone_t *ucp;
	int err = 0;

	mutex_enter(&usp->us_lock);
	ucp = ud_clone_of(usp, dev);
	while (err == 0 && ucp->uc_seen == usp->us_changes) {
		if (mode & (FNDELAY | FNONBLOCK))
			err = EAGAIN;
		else if (cv_wait_sig(&usp->us_cv, &usp->us_lock) == 0)
			err = EINTR;
	}
	if (err == 0) {
		*rvalp = (int)(usp->us_changes - ucp->uc_seen);
		ucp->uc_seen = usp->us_changes;
	}
	mutex_exit(&usp->us_lock);
	return (err);
}

static int
ud_ioctl(dev_t dev, int cmd, intptr_t arg, int mode, cred_t *credp, int *rvalp)
{
	ud_state_t *usp = ud_state_of(dev);

	switch (cmd) {
	case UMEMDEV_SIZE:
		*rvalp = (int)usp->us_size;
		return (0);
	case UMEMDEV_GET:
	case UMEMDEV_PUT:
		return (ud_copy_piece(usp, cmd, arg, mode));
	case UMEMDEV_KICK:
		ud_changed(usp);
		return (0);
	case UMEMDEV_WAIT:
		return (ud_wait(usp, dev, mode, rvalp));
	default:
		return (ENOTTY);
	}
}

static int
ud_chpoll(dev_t dev, short events, int anyyet, short *reventsp,
    struct pollhead **phpp)
{
	ud_state_t *usp = ud_state_of(dev);
	short revents = POLLOUT | POLLWRNORM;
	ud_clone_t *ucp;

	mutex_enter(&usp->us_lock);
	ucp = ud_clone_of(usp, dev);
	if (ucp->uc_seen != usp->us_changes)
		revents |= POLLIN | POLLRDNORM;
	mutex_exit(&usp->us_lock);

	*reventsp = revents & events;
	if (*reventsp == 0 && !anyyet)
		*phpp = &ucp->uc_pollhead;
	return (0);
}

/* All handles are plain: mappings share the buffer, private ones too. */
static struct devmap_callback_ctl ud_callbacks = {
	DEVMAP_OPS_REV,
	NULL,
	devmap_default_access,
	NULL,
	NULL
};

static int
ud_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	ud_state_t *usp = ud_state_of(dev);
	int err;

	if (off < 0 || off >= usp->us_size || len > usp->us_size - off)
		return (EINVAL);
	err = devmap_umem_setup(dhp, usp->us_dip, &ud_callbacks,
	    usp->us_cookie, off, len, PROT_ALL, DEVMAP_DEFAULTS, NULL);
	*maplen = len;
	return (err);
}

/* The system asks for the size of a character device by this property. */
static int
ud_prop_op(dev_t dev, dev_info_t *dip, ddi_prop_op_t prop_op, int mod_flags,
    char *name, caddr_t valuep, int *lengthp)
{
	ud_state_t *usp = ddi_get_soft_state(ud_statep, ddi_get_instance(dip));

	if (usp != NULL && strcmp(name, "Size") == 0 &&
	    ddi_prop_update_int64(DDI_DEV_T_NONE, dip, "Size",
	    (int64_t)usp->us_size) != DDI_PROP_SUCCESS)
		return (DDI_PROP_NO_MEMORY);
	return (ddi_prop_op(dev, dip, prop_op, mod_flags, name, valuep,
	    lengthp));
}

static struct cb_ops ud_cb_ops = {
	.cb_open = ud_open,
	.cb_close = ud_close,
	.cb_strategy = nodev,
	.cb_print = nodev,
	.cb_dump = nodev,
	.cb_read = ud_read,
	.cb_write = ud_write,
	.cb_ioctl = ud_ioctl,
	.cb_devmap = ud_devmap,
	.cb_mmap = nodev,
	.cb_segmap = ddi_devmap_segmap,
	.cb_chpoll = ud_chpoll,
	.cb_prop_op = ud_prop_op,
	.cb_str = NULL,
	.cb_flag = D_NEW | D_MP | D_64BIT | D_DEVMAP,
	.cb_rev = CB_REV,
	.cb_aread = nodev,
	.cb_awrite = nodev
};

static int
ud_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **resultp)
{
	ud_state_t *usp = ud_state_of((dev_t)arg);

	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if (usp == NULL)
			return (DDI_FAILURE);
		*resultp = usp->us_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*resultp = (void *)(uintptr_t)UD_INSTANCE((dev_t)arg);
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

static int
ud_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	ud_state_t *usp;
	int pages;

	if (cmd != DDI_ATTACH || instance >= UD_MAX_INSTANCES)
		return (DDI_FAILURE);

	pages = ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS,
	    "pages", 16);
	if (pages < 1 || pages > UD_MAX_PAGES) {
		cmn_err(CE_WARN, "umemdev%d: pages must be 1 to %d", instance,
		    UD_MAX_PAGES);
		return (DDI_FAILURE);
	}
	if (ddi_soft_state_zalloc(ud_statep, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);

	usp = ddi_get_soft_state(ud_statep, instance);
	usp->us_dip = dip;
	usp->us_size = ptob(pages);
	usp->us_buf = ddi_umem_alloc(usp->us_size, DDI_UMEM_SLEEP,
	    &usp->us_cookie);
	if (usp->us_buf == NULL)
		goto fail;
	mutex_init(&usp->us_lock, NULL, MUTEX_DRIVER, NULL);
	cv_init(&usp->us_cv, NULL, CV_DRIVER, NULL);

	if (ddi_create_minor_node(dip, "buffer", S_IFCHR,
	    UD_MINOR(instance, 0), DDI_PSEUDO, 0) != DDI_SUCCESS)
		goto fail_umem;
	ddi_report_dev(dip);
	return (DDI_SUCCESS);

fail_umem:
	cv_destroy(&usp->us_cv);
	mutex_destroy(&usp->us_lock);
	ddi_umem_free(usp->us_cookie);
fail:
	ddi_soft_state_free(ud_statep, instance);
	return (DDI_FAILURE);
}

static int
ud_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	ud_state_t *usp = ddi_get_soft_state(ud_statep, instance);

	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	ddi_prop_remove_all(dip);
	ddi_remove_minor_node(dip, NULL);
	cv_destroy(&usp->us_cv);
	mutex_destroy(&usp->us_lock);
	ddi_umem_free(usp->us_cookie);
	ddi_soft_state_free(ud_statep, instance);
	return (DDI_SUCCESS);
}

static struct dev_ops ud_dev_ops = {
	.devo_rev = DEVO_REV,
	.devo_refcnt = 0,
	.devo_getinfo = ud_getinfo,
	.devo_identify = nulldev,
	.devo_probe = nulldev,
	.devo_attach = ud_attach,
	.devo_detach = ud_detach,
	.devo_reset = nodev,
	.devo_cb_ops = &ud_cb_ops,
	.devo_bus_ops = NULL,
	.devo_power = NULL,
	.devo_quiesce = ddi_quiesce_not_needed
};

static struct modldrv ud_modldrv = {
	.drv_modops = &mod_driverops,
	.drv_linkinfo = "buffer for everybody",
	.drv_dev_ops = &ud_dev_ops
};

static struct modlinkage ud_modlinkage = {
	.ml_rev = MODREV_1,
	.ml_linkage = { &ud_modldrv, NULL }
};

int
_init(void)
{
	int err;

	err = ddi_soft_state_init(&ud_statep, sizeof (ud_state_t), 1);
	if (err != 0)
		return (err);
	if ((err = mod_install(&ud_modlinkage)) != 0)
		ddi_soft_state_fini(&ud_statep);
	return (err);
}

int
_fini(void)
{
	int err;

	if ((err = mod_remove(&ud_modlinkage)) == 0)
		ddi_soft_state_fini(&ud_statep);
	return (err);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&ud_modlinkage, modinfop));
}
