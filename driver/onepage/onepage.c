// SPDX-License-Identifier: GPL-2.0
/*
 * onepage: a device context that is one page in length, with the older interface:
 * ddi_mapdev(9F), ddi_mapdev_intercept(9F).
 *
 * The device is a page of memory. Every mapping of it has a context of its own,
 * whatever its flags, which starts zeroed; a child of fork(2) gets a copy. The
 * page has one offset, 0.
 */

#include <sys/types.h>
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/open.h>
#include <sys/stat.h>
#include <sys/cred.h>
#include <sys/mman.h>
#include <sys/conf.h>
#include <sys/devops.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/modctl.h>
#include <sys/cmn_err.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include <vm/as.h>
#include <vm/hat.h>

struct op_mapping;

/* One instance. */
struct op_softc {
	dev_info_t	*dip;
	caddr_t		page;		/* the device */
	ddi_umem_cookie_t cookie;
	kmutex_t	lock;		/* protects current and contexts */
	struct op_mapping *current;	/* whose context is in the device */
};

/* A mapping and its context. */
struct op_mapping {
	struct op_softc	*sc;
	ddi_mapdev_handle_t handle;
	caddr_t		saved;		/* while not in the device */
};

static void *op_state;

static struct op_softc *
op_softc(dev_t dev)
{
	return (ddi_get_soft_state(op_state, (int)getminor(dev)));
}

static struct op_mapping *
op_mapping_create(struct op_softc *sc)
{
	struct op_mapping *mp = kmem_zalloc(sizeof (*mp), KM_SLEEP);

	mp->sc = sc;
	mp->saved = kmem_zalloc(PAGESIZE, KM_SLEEP);
	return (mp);
}

static void
op_mapping_destroy(struct op_mapping *mp)
{
	kmem_free(mp->saved, PAGESIZE);
	kmem_free(mp, sizeof (*mp));
}

/*
 * mapdev_access(9E): intercept the mapping that has the device, switch contexts,
 * let the one that was touched proceed.
 */
static int
op_mapdev_access(ddi_mapdev_handle_t handle, void *devprivate, off_t offset)
{
	struct op_mapping *mp = devprivate;
	struct op_softc *sc = mp->sc;
	struct op_mapping *old;
	int err = 0;

	mutex_enter(&sc->lock);
	mp->handle = handle;
	old = sc->current;
	if (old != mp) {
		if (old != NULL)
			err = ddi_mapdev_intercept(old->handle, offset, 0);
		if (err == 0) {
			if (old != NULL)
				bcopy(sc->page, old->saved, PAGESIZE);
			bcopy(mp->saved, sc->page, PAGESIZE);
			sc->current = mp;
		}
	}
	if (err == 0)
		err = ddi_mapdev_nointercept(handle, offset, 0);
	mutex_exit(&sc->lock);
	return (err);
}

/* mapdev_free(9E) */
static void
op_mapdev_free(ddi_mapdev_handle_t handle, void *devprivate)
{
	struct op_mapping *mp = devprivate;
	struct op_softc *sc = mp->sc;

	mutex_enter(&sc->lock);
	if (sc->current == mp)
		sc->current = NULL;
	mutex_exit(&sc->lock);
	op_mapping_destroy(mp);
}

/* mapdev_dup(9E) */
static int
op_mapdev_dup(ddi_mapdev_handle_t handle, void *devprivate,
    ddi_mapdev_handle_t new_handle, void **new_devprivate)
{
	struct op_mapping *mp = devprivate;
	struct op_softc *sc = mp->sc;
	struct op_mapping *copy = op_mapping_create(sc);
	int err = 0;

	mutex_enter(&sc->lock);
	if (sc->current == mp) {
		/* Other threads of the parent must not write to it now. */
		err = ddi_mapdev_intercept(handle, 0, 0);
		bcopy(sc->page, copy->saved, PAGESIZE);
	} else {
		bcopy(mp->saved, copy->saved, PAGESIZE);
	}
	mutex_exit(&sc->lock);
	if (err != 0) {
		op_mapping_destroy(copy);
		return (err);
	}

	copy->handle = new_handle;
	*new_devprivate = copy;
	return (0);
}

static struct ddi_mapdev_ctl op_mapdev_ctl = {
	MAPDEV_REV,
	op_mapdev_access,
	op_mapdev_free,
	op_mapdev_dup
};

/* segmap(9E) */
static int
op_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp, off_t len,
    unsigned int prot, unsigned int maxprot, unsigned int flags, cred_t *credp)
{
	struct op_softc *sc = op_softc(dev);
	struct op_mapping *mp;
	int err;

	if (sc == NULL)
		return (ENXIO);
	if (off != 0 || len != PAGESIZE)
		return (EINVAL);

	mp = op_mapping_create(sc);
	err = ddi_mapdev(dev, off, asp, addrp, len, prot, maxprot, flags,
	    credp, &op_mapdev_ctl, &mp->handle, mp);
	if (err != 0)
		op_mapping_destroy(mp);
	return (err);
}

/* mmap(9E): the page frame */
static int
op_mmap(dev_t dev, off_t off, int prot)
{
	struct op_softc *sc = op_softc(dev);

	if (sc == NULL || off != 0)
		return (-1);
	return (hat_getkpfnum(sc->page));
}

static int
op_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	return (op_softc(*devp) == NULL ? ENXIO : 0);
}

static struct cb_ops op_cb_ops = {
	op_open,
	nulldev,		/* close */
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	nodev,			/* read */
	nodev,			/* write */
	nodev,			/* ioctl */
	nodev,			/* devmap */
	op_mmap,
	op_segmap,
	nochpoll,
	ddi_prop_op,
	0,			/* streamtab */
	D_NEW | D_MP
};

/*ARGSUSED*/
static int
op_info(dev_info_t *dip, ddi_info_cmd_t infocmd, void *arg, void **result)
{
	struct op_softc *sc = op_softc((dev_t)arg);

	switch (infocmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if (sc == NULL)
			return (DDI_FAILURE);
		*result = sc->dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*result = (void *)getminor((dev_t)arg);
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

static int
op_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	struct op_softc *sc;

	if (cmd != DDI_ATTACH ||
	    ddi_soft_state_zalloc(op_state, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);

	sc = ddi_get_soft_state(op_state, instance);
	sc->dip = dip;
	mutex_init(&sc->lock, "onepage", MUTEX_DRIVER, NULL);
	sc->page = ddi_umem_alloc(PAGESIZE, DDI_UMEM_SLEEP, &sc->cookie);
	if (sc->page == NULL)
		goto fail;
	if (ddi_create_minor_node(dip, "page", S_IFCHR, instance, DDI_PSEUDO,
	    0) != DDI_SUCCESS)
		goto fail_page;
	ddi_report_dev(dip);
	return (DDI_SUCCESS);

fail_page:
	ddi_umem_free(sc->cookie);
fail:
	mutex_destroy(&sc->lock);
	ddi_soft_state_free(op_state, instance);
	return (DDI_FAILURE);
}

static int
op_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	struct op_softc *sc = ddi_get_soft_state(op_state, instance);

	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	ddi_remove_minor_node(dip, NULL);
	ddi_umem_free(sc->cookie);
	mutex_destroy(&sc->lock);
	ddi_soft_state_free(op_state, instance);
	return (DDI_SUCCESS);
}

static struct dev_ops op_dev_ops = {
	DEVO_REV,
	0,
	op_info,
	nulldev,		/* identify */
	nulldev,		/* probe */
	op_attach,
	op_detach,
	nodev,			/* reset */
	&op_cb_ops,
	(struct bus_ops *)0
};

static struct modldrv modldrv = {
	&mod_driverops,
	"one page of context",
	&op_dev_ops
};

static struct modlinkage modlinkage = {
	MODREV_1, (void *)&modldrv, NULL
};

int
_init()
{
	int err;

	if ((err = ddi_soft_state_init(&op_state, sizeof (struct op_softc),
	    1)) != 0)
		return (err);
	if ((err = mod_install(&modlinkage)) != 0)
		ddi_soft_state_fini(&op_state);
	return (err);
}

int
_fini()
{
	int err;

	if ((err = mod_remove(&modlinkage)) == 0)
		ddi_soft_state_fini(&op_state);
	return (err);
}

int
_info(modinfop)
	struct modinfo *modinfop;
{
	return (mod_info(&modlinkage, modinfop));
}
