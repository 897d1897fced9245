// SPDX-License-Identifier: GPL-2.0
/*
 * edu: many processes on the one register of QEMU's "edu" device.
 *
 * The register at offset 4 stores what is written and returns its complement.
 * Every mapping has a value of its own in it, 0 at first; a child of fork(2)
 * starts with its parent's. The device has room for one, so the value is saved
 * when another mapping touches the register, and restored at the next touch.
 *
 * The user offset is that in the device's register set. The registers are in its
 * first page, which has contexts; the rest is empty and has none.
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
#include <sys/modctl.h>
#include <sys/cmn_err.h>
#include <sys/pci.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

/* Set 0 is configuration space, so the first base address register is 1. */
#define	EDU_RNUMBER	1

#define	EDU_VENID	0x1234
#define	EDU_DEVID	0x11e8

#define	EDU_REG_ID	0x00
#define	EDU_REG_LIVE	0x04
#define	EDU_ID_M	0x0000ffff
#define	EDU_ID		0x000000ed

typedef struct edu_ctx edu_ctx_t;

/* One instance. */
typedef struct edu_state {
	dev_info_t	*es_dip;
	ddi_acc_handle_t es_handle;	/* on the registers; constant */
	caddr_t		es_regs;	/* the registers; constant */
	clock_t		es_timeout;	/* ticks; constant */
	kmutex_t	es_lock;	/* protects what follows, and a switch */
	edu_ctx_t	*es_current;	/* in the device, or NULL */
} edu_state_t;

/* Private data of a handle of the first page: what it has in the register. */
struct edu_ctx {
	edu_state_t	*ec_state;
	devmap_cookie_t	ec_dhp;
	uint32_t	ec_value;	/* while not in the device; es_lock */
};

static ddi_device_acc_attr_t edu_attr = {
	DDI_DEVICE_ATTR_V0,
	DDI_STRUCTURE_LE_ACC,
	DDI_STRICTORDER_ACC
};

static void *edu_statep;

static edu_state_t *
edu_of(dev_t dev)
{
	return (ddi_get_soft_state(edu_statep, (int)getminor(dev)));
}

static uint32_t
edu_get(edu_state_t *esp, int reg)
{
	return (ddi_get32(esp->es_handle, (uint32_t *)(esp->es_regs + reg)));
}

static void
edu_put(edu_state_t *esp, int reg, uint32_t value)
{
	ddi_put32(esp->es_handle, (uint32_t *)(esp->es_regs + reg), value);
}

/*
 * Contexts
 */

/* Unload, and only then save: a store in between would be lost. */
static int
edu_switch_out(edu_state_t *esp)
{
	edu_ctx_t *ctx = esp->es_current;
	int err;

	ASSERT(MUTEX_HELD(&esp->es_lock));

	if (ctx == NULL)
		return (0);
	if ((err = devmap_unload(ctx->ec_dhp, 0, 0)) != 0)
		return (err);

	ctx->ec_value = ~edu_get(esp, EDU_REG_LIVE);
	esp->es_current = NULL;
	return (0);
}

/*
 * devmap_contextmgt(9E). Restore, and only then load: or others' values would be
 * seen.
 */
static int
edu_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    uint_t type, uint_t rw)
{
	edu_ctx_t *ctx = pvtp;
	edu_state_t *esp = ctx->ec_state;
	int err = 0;

	mutex_enter(&esp->es_lock);
	if (esp->es_current != ctx && (err = edu_switch_out(esp)) == 0) {
		edu_put(esp, EDU_REG_LIVE, ctx->ec_value);
		esp->es_current = ctx;
	}
	if (err == 0)
		err = devmap_load(dhp, off, len, type, rw);
	mutex_exit(&esp->es_lock);
	return (err);
}

/*
 * devmap_callback_ctl(9S)
 */

static int
edu_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off, size_t len,
    void **pvtp)
{
	edu_state_t *esp = edu_of(dev);
	edu_ctx_t *ctx = kmem_zalloc(sizeof (*ctx), KM_SLEEP);

	ctx->ec_state = esp;
	ctx->ec_dhp = dhp;
	devmap_set_ctx_timeout(dhp, esp->es_timeout);
	*pvtp = ctx;
	return (0);
}

static int
edu_access(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    uint_t type, uint_t rw)
{
	return (devmap_do_ctxmgt(dhp, pvtp, off, len, type, rw,
	    edu_contextmgt));
}

static int
edu_dup(devmap_cookie_t dhp, void *pvtp, devmap_cookie_t new_dhp,
    void **new_pvtp)
{
	edu_ctx_t *ctx = pvtp;
	edu_state_t *esp = ctx->ec_state;
	edu_ctx_t *copy;
	int err = 0;

	copy = kmem_zalloc(sizeof (*copy), KM_SLEEP);
	copy->ec_state = esp;
	copy->ec_dhp = new_dhp;

	mutex_enter(&esp->es_lock);
	if (esp->es_current == ctx)
		err = edu_switch_out(esp);
	copy->ec_value = ctx->ec_value;
	mutex_exit(&esp->es_lock);

	if (err != 0) {
		kmem_free(copy, sizeof (*copy));
		return (err);
	}
	*new_pvtp = copy;
	return (0);
}

/* One page cannot be unmapped in part: nothing is ever left of it. */
static void
edu_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    devmap_cookie_t new_dhp1, void **new_pvtp1,
    devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	edu_ctx_t *ctx = pvtp;
	edu_state_t *esp = ctx->ec_state;

	ASSERT(new_dhp1 == NULL && new_dhp2 == NULL);

	mutex_enter(&esp->es_lock);
	if (esp->es_current == ctx)
		esp->es_current = NULL;
	mutex_exit(&esp->es_lock);
	kmem_free(ctx, sizeof (*ctx));
}

static struct devmap_callback_ctl edu_callbacks = {
	DEVMAP_OPS_REV,
	edu_map,
	edu_access,
	edu_dup,
	edu_unmap
};

/*
 * cb_ops(9S)
 */

static int
edu_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	edu_state_t *esp = edu_of(dev);
	struct devmap_callback_ctl *callbacks = NULL;

	if (esp == NULL)
		return (ENXIO);

	if (off == 0) {
		callbacks = &edu_callbacks;
		len = ptob(1);
	}
	if (devmap_devmem_setup(dhp, esp->es_dip, callbacks, EDU_RNUMBER, off,
	    len, PROT_READ | PROT_WRITE | PROT_USER, DEVMAP_DEFAULTS,
	    &edu_attr) != 0)
		return (ENXIO);

	*maplen = len;
	return (0);
}

static int
edu_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	if (otyp != OTYP_CHR)
		return (EINVAL);
	return (edu_of(*devp) == NULL ? ENXIO : 0);
}

static int
edu_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	return (0);
}

static struct cb_ops edu_cb_ops = {
	edu_open,
	edu_close,
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	nodev,			/* read */
	nodev,			/* write */
	nodev,			/* ioctl */
	edu_devmap,
	nodev,			/* mmap */
	ddi_devmap_segmap,
	nochpoll,
	ddi_prop_op,
	NULL,			/* streamtab */
	D_NEW | D_MP | D_DEVMAP | D_HOTPLUG
};

/*
 * dev_ops(9S)
 */

static int
edu_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **resultp)
{
	edu_state_t *esp;

	switch (cmd) {
	case DDI_INFO_DEVT2DEVINFO:
		if ((esp = edu_of((dev_t)arg)) == NULL)
			return (DDI_FAILURE);
		*resultp = esp->es_dip;
		return (DDI_SUCCESS);
	case DDI_INFO_DEVT2INSTANCE:
		*resultp = (void *)(uintptr_t)getminor((dev_t)arg);
		return (DDI_SUCCESS);
	default:
		return (DDI_FAILURE);
	}
}

static int
edu_probe(dev_info_t *dip)
{
	ddi_acc_handle_t config;
	int result = DDI_PROBE_FAILURE;

	if (pci_config_setup(dip, &config) != DDI_SUCCESS)
		return (DDI_PROBE_FAILURE);
	if (pci_config_get16(config, PCI_CONF_VENID) == EDU_VENID &&
	    pci_config_get16(config, PCI_CONF_DEVID) == EDU_DEVID)
		result = DDI_PROBE_SUCCESS;
	pci_config_teardown(&config);
	return (result);
}

static void
edu_free(dev_info_t *dip)
{
	int instance = ddi_get_instance(dip);
	edu_state_t *esp = ddi_get_soft_state(edu_statep, instance);

	ddi_remove_minor_node(dip, NULL);
	if (esp->es_handle != NULL)
		ddi_regs_map_free(&esp->es_handle);
	mutex_destroy(&esp->es_lock);
	ddi_soft_state_free(edu_statep, instance);
}

static int
edu_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int instance = ddi_get_instance(dip);
	edu_state_t *esp;
	int ms;

	if (cmd != DDI_ATTACH)
		return (DDI_FAILURE);
	if (ddi_soft_state_zalloc(edu_statep, instance) != DDI_SUCCESS)
		return (DDI_FAILURE);

	esp = ddi_get_soft_state(edu_statep, instance);
	esp->es_dip = dip;
	mutex_init(&esp->es_lock, NULL, MUTEX_DRIVER, NULL);
	ms = ddi_prop_get_int(DDI_DEV_T_ANY, dip, DDI_PROP_DONTPASS,
	    "ctx-timeout", 0);
	esp->es_timeout = ms > 0 ? drv_usectohz(ms * 1000L) : 0;

	if (ddi_regs_map_setup(dip, EDU_RNUMBER, &esp->es_regs, 0, 0,
	    &edu_attr, &esp->es_handle) != DDI_SUCCESS) {
		cmn_err(CE_WARN, "edu%d: cannot map the registers", instance);
		goto fail;
	}
	if ((edu_get(esp, EDU_REG_ID) & EDU_ID_M) != EDU_ID) {
		cmn_err(CE_WARN, "edu%d: wrong identification", instance);
		goto fail;
	}
	if (ddi_create_minor_node(dip, "regs", S_IFCHR, instance, DDI_PSEUDO,
	    0) != DDI_SUCCESS)
		goto fail;
	ddi_report_dev(dip);
	return (DDI_SUCCESS);

fail:
	edu_free(dip);
	return (DDI_FAILURE);
}

static int
edu_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	edu_free(dip);
	return (DDI_SUCCESS);
}

static struct dev_ops edu_dev_ops = {
	DEVO_REV,
	0,
	edu_getinfo,
	nulldev,		/* identify */
	edu_probe,
	edu_attach,
	edu_detach,
	nodev,			/* reset */
	&edu_cb_ops,
	NULL,			/* bus_ops */
	nulldev,		/* power */
	ddi_quiesce_not_needed
};

/*
 * The module
 */

static struct modldrv edu_modldrv = {
	&mod_driverops,
	"QEMU edu",
	&edu_dev_ops
};

static struct modlinkage edu_modlinkage = {
	MODREV_1,
	{ &edu_modldrv, NULL }
};

int
_init(void)
{
	int err;

	err = ddi_soft_state_init(&edu_statep, sizeof (edu_state_t), 1);
	if (err != 0)
		return (err);
	if ((err = mod_install(&edu_modlinkage)) != 0)
		ddi_soft_state_fini(&edu_statep);
	return (err);
}

int
_fini(void)
{
	int err;

	if ((err = mod_remove(&edu_modlinkage)) == 0)
		ddi_soft_state_fini(&edu_statep);
	return (err);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&edu_modlinkage, modinfop));
}
