// SPDX-License-Identifier: GPL-2.0
/*
 * guide: the context-management driver of the guide to writing device drivers,
 * whole, for a device without hardware.
 *
 * The device has two ranges, told apart by the user offset:
 *
 *	0x40000000	registers, which hold one context at a time
 *	0x40100000	plain memory, the same for everybody
 *
 * One table of callbacks serves both: guide_access() looks at the offset and
 * either asks for the context or just loads the page.
 *
 * A MAP_PRIVATE mapping of the registers has a context of its own, which starts
 * zeroed; a child of fork(2) gets a copy. All MAP_SHARED mappings of an instance
 * have one context together.
 *
 * Properties: ctx-timeout, milliseconds that a context is kept at least.
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
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/list.h>
#include <sys/modctl.h>
#include <sys/cmn_err.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

#include "guide_io.h"

/*
 * A context: the registers as some mappings see them. It has at least one
 * mapping, or it is the instance's shared one.
 */
typedef struct guide_ctx {
	list_t		gc_mappings;	/* guide_map_t */
	caddr_t		gc_saved;	/* while not in the device */
	int		gc_locks;	/* DEVMAP_LOCK without DEVMAP_UNLOCK */
} guide_ctx_t;

/* One instance. */
typedef struct guide_state {
	dev_info_t	*gs_dip;
	kmutex_t	gs_lock;	/* protects all that follows */
	caddr_t		gs_regs;	/* the device's registers */
	ddi_umem_cookie_t gs_regs_cookie;
	ddi_umem_cookie_t gs_plain_cookie;
	guide_ctx_t	*gs_shared;	/* of all MAP_SHARED mappings */
	guide_ctx_t	*gs_current;	/* in the device, or NULL */
	int		gs_switches;
	clock_t		gs_timeout;	/* ticks; constant */
} guide_state_t;

/* Private data of a handle of the registers. */
typedef struct guide_map {
	list_node_t	gm_node;	/* in gc_mappings; gs_lock */
	guide_state_t	*gm_state;
	guide_ctx_t	*gm_ctx;
	devmap_cookie_t	gm_dhp;
} guide_map_t;

static void *guide_statep;

static guide_state_t *
guide_of(dev_t dev)
{
	return (ddi_get_soft_state(guide_statep, (int)getminor(dev)));
}

static int
guide_is_ctx(offset_t off)
{
	return (off >= GUIDE_OFF_CTX && off < GUIDE_OFF_CTX + GUIDE_CTX_SIZE);
}

static int
guide_is_plain(offset_t off)
{
	return (off >= GUIDE_OFF_PLAIN &&
	    off < GUIDE_OFF_PLAIN + GUIDE_PLAIN_SIZE);
}

/*
 * Contexts
 */

static guide_ctx_t *
guide_ctx_create(void)
{
	guide_ctx_t *ctx = kmem_zalloc(sizeof (*ctx), KM_SLEEP);

	list_create(&ctx->gc_mappings, sizeof (guide_map_t),
	    offsetof(guide_map_t, gm_node));
	ctx->gc_saved = kmem_zalloc(GUIDE_CTX_SIZE, KM_SLEEP);
	return (ctx);
}

static void
guide_ctx_destroy(guide_state_t *gsp, guide_ctx_t *ctx)
{
	ASSERT(list_is_empty(&ctx->gc_mappings));

	if (gsp->gs_current == ctx)
		gsp->gs_current = NULL;
	list_destroy(&ctx->gc_mappings);
	kmem_free(ctx->gc_saved, GUIDE_CTX_SIZE);
	kmem_free(ctx, sizeof (*ctx));
}

static guide_map_t *
guide_map_create(guide_state_t *gsp, guide_ctx_t *ctx, devmap_cookie_t dhp)
{
	guide_map_t *gmp = kmem_zalloc(sizeof (*gmp), KM_SLEEP);

	ASSERT(MUTEX_HELD(&gsp->gs_lock));

	gmp->gm_state = gsp;
	gmp->gm_ctx = ctx;
	gmp->gm_dhp = dhp;
	list_insert_tail(&ctx->gc_mappings, gmp);
	return (gmp);
}

/* From here on nobody gets at the registers as this context. */
static int
guide_unload(guide_state_t *gsp, guide_ctx_t *ctx)
{
	guide_map_t *gmp;
	int err;

	ASSERT(MUTEX_HELD(&gsp->gs_lock));

	for (gmp = list_head(&ctx->gc_mappings); gmp != NULL;
	    gmp = list_next(&ctx->gc_mappings, gmp)) {
		if ((err = devmap_unload(gmp->gm_dhp, 0, 0)) != 0)
			return (err);
	}
	return (0);
}

/*
 * Takes the old context out of the device, when nobody can write to it any more,
 * and brings the new one in, while nobody can look yet.
 */
static int
guide_switch(guide_state_t *gsp, guide_ctx_t *ctx)
{
	guide_ctx_t *old = gsp->gs_current;
	int err;

	if (old != NULL) {
		if ((err = guide_unload(gsp, old)) != 0)
			return (err);
		bcopy(gsp->gs_regs, old->gc_saved, GUIDE_CTX_SIZE);
	}
	bcopy(ctx->gc_saved, gsp->gs_regs, GUIDE_CTX_SIZE);
	gsp->gs_current = ctx;
	gsp->gs_switches++;
	return (0);
}

/*
 * devmap_contextmgt(9E). While a range of the old context is locked, it stays:
 * the access is tried again later if nothing is loaded.
 */
static int
guide_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    uint_t type, uint_t rw)
{
	guide_map_t *gmp = pvtp;
	guide_state_t *gsp = gmp->gm_state;
	guide_ctx_t *ctx = gmp->gm_ctx;
	guide_ctx_t *old;
	int err = 0;

	mutex_enter(&gsp->gs_lock);
	old = gsp->gs_current;
	if (old != ctx) {
		if (old != NULL && old->gc_locks != 0) {
			mutex_exit(&gsp->gs_lock);
			return (type == DEVMAP_LOCK ? EAGAIN : 0);
		}
		err = guide_switch(gsp, ctx);
	}
	if (err == 0)
		err = devmap_load(dhp, off, len, type, rw);
	if (err == 0 && type == DEVMAP_LOCK)
		ctx->gc_locks++;
	mutex_exit(&gsp->gs_lock);
	return (err);
}

/*
 * devmap_callback_ctl(9S)
 */

static int
guide_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off,
    size_t len, void **pvtp)
{
	guide_state_t *gsp = guide_of(dev);
	guide_ctx_t *ctx;

	if (guide_is_plain(off))
		return (0);

	mutex_enter(&gsp->gs_lock);
	if (flags & MAP_PRIVATE)
		ctx = guide_ctx_create();
	else
		ctx = gsp->gs_shared;
	*pvtp = guide_map_create(gsp, ctx, dhp);
	mutex_exit(&gsp->gs_lock);

	devmap_set_ctx_timeout(dhp, gsp->gs_timeout);
	return (0);
}

static int
guide_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    uint_t type, uint_t rw)
{
	guide_map_t *gmp = pvtp;

	if (guide_is_ctx(off)) {
		if (off + len > GUIDE_OFF_CTX + GUIDE_CTX_SIZE)
			return (-1);
		if (type == DEVMAP_UNLOCK) {
			mutex_enter(&gmp->gm_state->gs_lock);
			gmp->gm_ctx->gc_locks--;
			mutex_exit(&gmp->gm_state->gs_lock);
			return (0);
		}
		return (devmap_do_ctxmgt(dhp, pvtp, off, len, type, rw,
		    guide_contextmgt));
	}
	if (guide_is_plain(off)) {
		if (off + len > GUIDE_OFF_PLAIN + GUIDE_PLAIN_SIZE)
			return (-1);
		return (devmap_default_access(dhp, pvtp, off, len, type, rw));
	}
	return (-1);
}

/*
 * The copy of a context is that of the moment. If it is in the device, the
 * parent's other threads must not write to it meanwhile.
 */
static guide_ctx_t *
guide_ctx_copy(guide_state_t *gsp, guide_ctx_t *ctx)
{
	guide_ctx_t *copy;
	caddr_t from = ctx->gc_saved;

	if (gsp->gs_current == ctx) {
		if (guide_unload(gsp, ctx) != 0)
			return (NULL);
		from = gsp->gs_regs;
	}
	copy = guide_ctx_create();
	bcopy(from, copy->gc_saved, GUIDE_CTX_SIZE);
	return (copy);
}

static int
guide_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
    void **new_pvtp)
{
	guide_map_t *gmp = pvtp;
	guide_state_t *gsp;
	guide_ctx_t *ctx;
	int err = 0;

	if (gmp == NULL)
		return (0);

	gsp = gmp->gm_state;
	mutex_enter(&gsp->gs_lock);
	ctx = gmp->gm_ctx;
	if (ctx != gsp->gs_shared)
		ctx = guide_ctx_copy(gsp, ctx);
	if (ctx != NULL)
		*new_pvtp = guide_map_create(gsp, ctx, new_dhp);
	else
		err = EAGAIN;
	mutex_exit(&gsp->gs_lock);
	return (err);
}

static void
guide_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    devmap_cookie_t new_dhp1, void **new_pvtp1,
    devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	guide_map_t *gmp = pvtp;
	guide_state_t *gsp;
	guide_ctx_t *ctx;

	if (gmp == NULL)
		return;

	gsp = gmp->gm_state;
	ctx = gmp->gm_ctx;
	mutex_enter(&gsp->gs_lock);
	if (new_dhp1 != NULL)
		*new_pvtp1 = guide_map_create(gsp, ctx, new_dhp1);
	if (new_dhp2 != NULL)
		*new_pvtp2 = guide_map_create(gsp, ctx, new_dhp2);
	list_remove(&ctx->gc_mappings, gmp);
	if (list_is_empty(&ctx->gc_mappings) && ctx != gsp->gs_shared)
		guide_ctx_destroy(gsp, ctx);
	mutex_exit(&gsp->gs_lock);
	kmem_free(gmp, sizeof (*gmp));
}

static struct devmap_callback_ctl guide_callbacks = {
	DEVMAP_OPS_REV,
	guide_map,
	guide_access,
	guide_dup,
	guide_unmap
};

/*
 * cb_ops(9S)
 */

/* devmap(9E): a handle lies in one of the ranges, never in both. */
static int
guide_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	guide_state_t *gsp = guide_of(dev);
	ddi_umem_cookie_t cookie;
	offset_t start;
	int err;

	if (gsp == NULL)
		return (ENXIO);

	if (guide_is_ctx(off)) {
		start = GUIDE_OFF_CTX;
		len = MIN(len, GUIDE_CTX_SIZE - (off - start));
		cookie = gsp->gs_regs_cookie;
	} else if (guide_is_plain(off)) {
		start = GUIDE_OFF_PLAIN;
		len = MIN(len, GUIDE_PLAIN_SIZE - (off - start));
		cookie = gsp->gs_plain_cookie;
	} else {
		return (EINVAL);
	}

	len = ptob(btopr(len));
	err = devmap_umem_setup(dhp, gsp->gs_dip, &guide_callbacks, cookie,
	    off - start, len, PROT_ALL, DEVMAP_DEFAULTS, NULL);
	if (err != 0)
		return (err);

	*maplen = len;
	return (0);
}

static int
guide_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	if (otyp != OTYP_CHR)
		return (EINVAL);
	return (guide_of(*devp) == NULL ? ENXIO : 0);
}

static int
guide_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	return (0);
}

static int
guide_ioctl(dev_t dev, int cmd, intptr_t arg, int mode, cred_t *credp,
    int *rvalp)
{
	guide_state_t *gsp = guide_of(dev);

	switch (cmd) {
	case GUIDE_SWITCHES:
		mutex_enter(&gsp->gs_lock);
		*rvalp = gsp->gs_switches;
		mutex_exit(&gsp->gs_lock);
		return (0);
	default:
		return (ENOTTY);
	}
}

static struct cb_ops guide_cb_ops = {
	guide_open,
	guide_close,
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	nodev,			/* read */
	nodev,			/* write */
	guide_ioctl,
	guide_devmap,
	nodev,			/* mmap */
	ddi_devmap_segmap,
	nochpoll,
	ddi_prop_op,
	NULL,			/* streamtab */
	D_NEW | D_MP | D_DEVMAP
};

/*
 * dev_ops(9S)
 */

static int
guide_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **resultp)
{
	guide_state_t *gsp;

	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if ((gsp = guide_of((dev_t)arg)) == NULL)
			return (DDI_FAILURE);
		*resultp = gsp->gs_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*resultp = (void *)(uintptr_t)getminor((dev_t)arg);
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

static void
guide_free(dev_info_t *dip)
{
	int instance = ddi_get_instance(dip);
	guide_state_t *gsp = ddi_get_soft_state(guide_statep, instance);

	ddi_remove_minor_node(dip, NULL);
	if (gsp->gs_shared != NULL)
		guide_ctx_destroy(gsp, gsp->gs_shared);
	if (gsp->gs_plain_cookie != NULL)
		ddi_umem_free(gsp->gs_plain_cookie);
	if (gsp->gs_regs_cookie != NULL)
		ddi_umem_free(gsp->gs_regs_cookie);
	mutex_destroy(&gsp->gs_lock);
	ddi_soft_state_free(guide_statep, instance);
}

static int
guide_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	guide_state_t *gsp;
	int ms;

	if (cmd != DDI_ATTACH)
		return (DDI_FAILURE);
	if (ddi_soft_state_zalloc(guide_statep, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);

	gsp = ddi_get_soft_state(guide_statep, instance);
	gsp->gs_dip = dip;
	mutex_init(&gsp->gs_lock, NULL, MUTEX_DRIVER, NULL);
	ms = ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS,
	    "ctx-timeout", 0);
	gsp->gs_timeout = ms > 0 ? drv_usectohz(ms * 1000L) : 0;

	gsp->gs_regs = ddi_umem_alloc(GUIDE_CTX_SIZE, DDI_UMEM_SLEEP,
	    &gsp->gs_regs_cookie);
	if (gsp->gs_regs == NULL || ddi_umem_alloc(GUIDE_PLAIN_SIZE,
	    DDI_UMEM_SLEEP, &gsp->gs_plain_cookie) == NULL)
		goto fail;
	gsp->gs_shared = guide_ctx_create();

	if (ddi_create_minor_node(dip, "regs", S_IFCHR, instance, DDI_PSEUDO,
	    0) != DDI_SUCCESS)
		goto fail;
	ddi_report_dev(dip);
	return (DDI_SUCCESS);

fail:
	cmn_err(CE_WARN, "guide%d: cannot attach", instance);
	guide_free(dip);
	return (DDI_FAILURE);
}

static int
guide_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	guide_free(dip);
	return (DDI_SUCCESS);
}

static struct dev_ops guide_dev_ops = {
	DEVO_REV,
	0,
	guide_getinfo,
	nulldev,		/* identify */
	nulldev,		/* probe */
	guide_attach,
	guide_detach,
	nodev,			/* reset */
	&guide_cb_ops,
	NULL,			/* bus_ops */
	nulldev,		/* power */
	ddi_quiesce_not_needed
};

/*
 * The module
 */

static struct modldrv guide_modldrv = {
	&mod_driverops,
	"context management, as the guide has it",
	&guide_dev_ops
};

static struct modlinkage guide_modlinkage = {
	MODREV_1,
	{ &guide_modldrv, NULL }
};

int
_init(void)
{
	int err;

	err = ddi_soft_state_init(&guide_statep, sizeof (guide_state_t), 1);
	if (err != 0)
		return (err);
	if ((err = mod_install(&guide_modlinkage)) != 0)
		ddi_soft_state_fini(&guide_statep);
	return (err);
}

int
_fini(void)
{
	int err;

	if ((err = mod_remove(&guide_modlinkage)) == 0)
		ddi_soft_state_fini(&guide_statep);
	return (err);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&guide_modlinkage, modinfop));
}
