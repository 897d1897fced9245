// SPDX-License-Identifier: GPL-2.0
/*
 * The driver model's test device: see devmap_dditest.h.
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
#include <sys/cmn_err.h>
#include <sys/ddidevmap.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

#include "devmap_dditest.h"
#include "dditest_glue.h"

#define	DT_INSTANCE(dev)	((int)(getminor(dev) / 16))
#define	DT_MINOR(inst, n)	((minor_t)((inst) * 16 + (n)))

#define	DT_A		0
#define	DT_B		1
#define	DT_CLONE	2
#define	DT_LATE		6
#define	DT_NODELESS	7
#define	DT_FIRST_CLONE	8

/* How _init is to behave; set in the glue. */
extern int dditest_how;

typedef struct dt_state {
	dev_info_t	*dt_dip;
	ddi_umem_cookie_t dt_cookie;
	int		dt_clones;	/* in use, a bit each; dt_lock */
	void		*dt_hoard;	/* dt_lock */
	size_t		dt_hoarded;	/* dt_lock */
} dt_state_t;

static void *dt_statep;

/* Protects what follows, which is of the whole driver. */
static kmutex_t dt_lock;
static kcondvar_t dt_cv;
static struct dditest_log dt_log;
static struct dditest_script dt_script;
static int dt_sleepers;
static int dt_wakes;
static int dt_fini_refuses;
static int dt_attached;
static int dt_ready;
static struct pollhead dt_pollhead;
static int dt_closer;
static uid_t dt_who[DDITEST_OPS];

static dt_state_t *
dt_state_of(dev_t dev)
{
	return (ddi_get_soft_state(dt_statep, DT_INSTANCE(dev)));
}

static void
dt_record(int op, minor_t minor, int flag, int ret)
{
	struct dditest_record *r;

	ASSERT(MUTEX_HELD(&dt_lock));

	if (dt_log.nr < DDITEST_RECORDS) {
		r = &dt_log.record[dt_log.nr];
		r->op = op;
		r->minor = minor;
		r->flag = flag;
		r->ret = ret;
	}
	dt_log.nr++;
}

/* Sleeps until the next DDITEST_WAKE. */
static int
dt_sleep(int sig)
{
	int wakes = dt_wakes;
	int err = 0;

	dt_sleepers++;
	while (wakes == dt_wakes && err == 0) {
		if (!sig)
			cv_wait(&dt_cv, &dt_lock);
		else if (cv_wait_sig(&dt_cv, &dt_lock) == 0)
			err = EINTR;
	}
	dt_sleepers--;
	return (err);
}

static void
dt_hoard(dt_state_t *dtp, size_t size)
{
	ASSERT(MUTEX_HELD(&dt_lock));

	if (dtp->dt_hoard != NULL)
		kmem_free(dtp->dt_hoard, dtp->dt_hoarded);
	dtp->dt_hoard = size != 0 ? kmem_zalloc(size, KM_SLEEP) : NULL;
	dtp->dt_hoarded = size;
}

/*
 * open(9E), close(9E)
 */

static int
dt_clone(dt_state_t *dtp, dev_t *devp)
{
	int i;

	for (i = 0; i < 8; i++) {
		if ((dtp->dt_clones & (1 << i)) == 0)
			break;
	}
	if (i == 8)
		return (EAGAIN);

	dtp->dt_clones |= 1 << i;
	*devp = makedevice(getmajor(*devp),
	    DT_MINOR(DT_INSTANCE(*devp), DT_FIRST_CLONE + i));
	return (0);
}

static int
dt_open(dev_t *devp, int flag, int otyp, cred_t *credp)
{
	dt_state_t *dtp = dt_state_of(*devp);
	minor_t minor = getminor(*devp);
	int err = 0;

	if (dtp == NULL || otyp != OTYP_CHR)
		return (ENXIO);

	/* The way to the script does not follow it. */
	if (minor == DT_MINOR(1, DT_B))
		return (0);

	mutex_enter(&dt_lock);
	if (dt_script.open_sleeps > 0) {
		dt_script.open_sleeps--;
		err = dt_sleep(dt_script.open_sig);
	}
	if (err == 0)
		err = dt_script.open_ret;
	if (err == 0 && minor % 16 == DT_CLONE)
		err = dt_clone(dtp, devp);
	dt_record(DDITEST_OPEN, minor, flag, err);
	mutex_exit(&dt_lock);
	return (err);
}

static int
dt_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	dt_state_t *dtp = dt_state_of(dev);
	minor_t minor = getminor(dev);

	if (otyp != OTYP_CHR)
		return (EINVAL);
	if (minor == DT_MINOR(1, DT_B))
		return (0);

	mutex_enter(&dt_lock);
	dt_record(DDITEST_CLOSE, minor, flag, 0);
	dt_closer = ddi_can_receive_sig();
	dt_who[DDITEST_CLOSE] = crgetuid(credp);
	/* From here on a clone may have the number, whether we sleep or not. */
	if (minor % 16 >= DT_FIRST_CLONE)
		dtp->dt_clones &= ~(1 << (minor % 16 - DT_FIRST_CLONE));
	if (dt_script.close_sleeps > 0) {
		dt_script.close_sleeps--;
		(void) dt_sleep(0);
	}
	mutex_exit(&dt_lock);
	return (0);
}

/*
 * Mappings: a page
 */

static void
dt_unmap(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
    devmap_cookie_t new_dhp1, void **new_pvtp1,
    devmap_cookie_t new_dhp2, void **new_pvtp2)
{
	mutex_enter(&dt_lock);
	dt_record(DDITEST_UNMAP, (minor_t)(uintptr_t)pvtp, 0, 0);
	mutex_exit(&dt_lock);
}

static int
dt_map(devmap_cookie_t dhp, dev_t dev, uint_t flags, offset_t off, size_t len,
    void **pvtp)
{
	*pvtp = (void *)(uintptr_t)getminor(dev);
	return (0);
}

static int
dt_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	struct devmap_callback_ctl callbacks = {
		DEVMAP_OPS_REV, dt_map, NULL, NULL, dt_unmap
	};
	dt_state_t *dtp = dt_state_of(dev);
	int err;

	err = devmap_umem_setup(dhp, dtp->dt_dip, &callbacks, dtp->dt_cookie,
	    off, len, PROT_ALL, 0, NULL);
	*maplen = len;
	mutex_enter(&dt_lock);
	dt_record(DDITEST_DEVMAP, getminor(dev), 0, err);
	mutex_exit(&dt_lock);
	return (err);
}

static int
dt_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp, off_t len,
    unsigned int prot, unsigned int maxprot, unsigned int flags, cred_t *credp)
{
	mutex_enter(&dt_lock);
	dt_who[DDITEST_SEGMAP] = crgetuid(credp);
	dt_record(DDITEST_SEGMAP, getminor(dev), flags, 0);
	mutex_exit(&dt_lock);
	return (ddi_devmap_segmap(dev, off, asp, addrp, len, prot, maxprot,
	    flags, credp));
}

/*
 * ioctl(9E)
 */

static void
dt_prop_array(dt_state_t *dtp, struct dditest_prop *pp)
{
	char **strings, *string;
	int *ints;

	switch (pp->type) {
	case 's':
		pp->ret = ddi_prop_lookup_string(DDI_DEV_T_ANY, dtp->dt_dip, 0,
		    pp->name, &string);
		if (pp->ret == DDI_PROP_SUCCESS) {
			(void) strlcpy(pp->text, string, sizeof (pp->text));
			ddi_prop_free(string);
		}
		break;
	case 'I':
		pp->ret = ddi_prop_lookup_int_array(DDI_DEV_T_ANY, dtp->dt_dip,
		    0, pp->name, &ints, &pp->nr);
		if (pp->ret == DDI_PROP_SUCCESS) {
			pp->value = ints[0];
			ddi_prop_free(ints);
		}
		break;
	case 'S':
		pp->ret = ddi_prop_lookup_string_array(DDI_DEV_T_ANY,
		    dtp->dt_dip, 0, pp->name, &strings, &pp->nr);
		if (pp->ret == DDI_PROP_SUCCESS) {
			(void) strlcpy(pp->text, strings[pp->nr - 1],
			    sizeof (pp->text));
			ddi_prop_free(strings);
		}
		break;
	}
}

static void
dt_prop(dt_state_t *dtp, struct dditest_prop *pp)
{
	caddr_t value;
	int len;

	pp->name[sizeof (pp->name) - 1] = '\0';
	pp->ret = DDI_PROP_SUCCESS;
	switch (pp->type) {
	case 'i':
		pp->value = ddi_prop_get_int(DDI_DEV_T_ANY, dtp->dt_dip, 0,
		    pp->name, -99);
		break;
	case 'l':
		pp->value = ddi_prop_get_int64(DDI_DEV_T_ANY, dtp->dt_dip, 0,
		    pp->name, -99);
		break;
	case 'b':
		pp->value = ddi_prop_exists(DDI_DEV_T_ANY, dtp->dt_dip, 0,
		    pp->name);
		break;
	case 'r':
		pp->ret = ddi_getlongprop(DDI_DEV_T_ANY, dtp->dt_dip, 0,
		    pp->name, (caddr_t)&value, &len);
		if (pp->ret == DDI_PROP_SUCCESS) {
			pp->nr = len;
			bcopy(value, pp->text, MIN(len, sizeof (pp->text)));
			kmem_free(value, len);
		}
		break;
	default:
		dt_prop_array(dtp, pp);
	}
}

/*
 * The root is the end of the way up, and what is above an instance has no data of
 * the driver's.
 */
static uint32_t
dt_oddities(dt_state_t *dtp)
{
	dev_info_t *parent = ddi_get_parent(dtp->dt_dip);
	dev_info_t *root = ddi_root_node();
	uint32_t odd = 0;

	if (ddi_get_parent(parent) != root)
		odd |= 0x1;
	if (ddi_get_parent(root) != NULL)
		odd |= 0x2;
	if (ddi_get_driver_private(dtp->dt_dip) != dtp)
		odd |= 0x4;
	ddi_set_driver_private(parent, dtp);
	if (ddi_get_driver_private(parent) != NULL)
		odd |= 0x8;
	if (ddi_get_name_addr(parent)[0] != '\0')
		odd |= 0x10;
	if (ddi_dev_is_sid(parent) != DDI_FAILURE)
		odd |= 0x20;
	if (ddi_major_to_name(DDI_MAJOR_T_NONE) != NULL)
		odd |= 0x40;
	if (strcmp(dditest_name(dtp->dt_dip),
	    ddi_get_name_addr(dtp->dt_dip)) != 0)
		odd |= 0x80;
	if (dditest_name(root) != NULL)
		odd |= 0x100;
	ddi_report_dev(parent);
	return (odd);
}

static void
dt_path(dev_info_t *dip, char *to, size_t size)
{
	char *path = kmem_alloc(MAXPATHLEN, KM_SLEEP);

	(void) strlcpy(to, ddi_pathname(dip, path), size);
	kmem_free(path, MAXPATHLEN);
}

static int
dt_known(dt_state_t *dtp, intptr_t arg, int mode)
{
	struct dditest_known *kp = kmem_zalloc(sizeof (*kp), KM_SLEEP);
	dev_info_t *dip = dtp->dt_dip;
	dev_info_t *parent = ddi_get_parent(dip);
	char *name;
	int err;

	(void) strlcpy(kp->driver, ddi_driver_name(dip), sizeof (kp->driver));
	(void) strlcpy(kp->name, ddi_get_name(dip), sizeof (kp->name));
	(void) strlcpy(kp->binding, ddi_binding_name(dip),
	    sizeof (kp->binding));
	(void) strlcpy(kp->node, ddi_node_name(dip), sizeof (kp->node));
	(void) strlcpy(kp->addr, ddi_get_name_addr(dip), sizeof (kp->addr));
	dt_path(dip, kp->path, sizeof (kp->path));
	(void) strlcpy(kp->parent, ddi_driver_name(parent),
	    sizeof (kp->parent));
	dt_path(parent, kp->parent_path, sizeof (kp->parent_path));
	(void) strlcpy(kp->root, ddi_driver_name(ddi_get_parent(parent)),
	    sizeof (kp->root));
	dt_path(ddi_get_parent(parent), kp->root_path, sizeof (kp->root_path));
	kp->instance = ddi_get_instance(dip);
	kp->nodeid = ddi_get_nodeid(dip);
	kp->sid = ddi_dev_is_sid(dip);
	kp->slaveonly = ddi_slaveonly(dip);
	kp->major = ddi_driver_major(dip);
	kp->major_of_name = ddi_name_to_major(kp->driver);
	kp->major_of_parent = ddi_driver_major(parent);
	kp->major_of_none = ddi_name_to_major("nobody");
	name = ddi_major_to_name(kp->major);
	(void) strlcpy(kp->major_name, name != NULL ? name : "",
	    sizeof (kp->major_name));
	kp->oddities = dt_oddities(dtp);
	ddi_report_dev(dip);
	err = ddi_copyout(kp, (void *)arg, sizeof (*kp), mode);
	kmem_free(kp, sizeof (*kp));
	return (err != 0 ? EFAULT : 0);
}

static int
dt_get_log(intptr_t arg, int mode)
{
	struct dditest_log *copy = kmem_alloc(sizeof (*copy), KM_SLEEP);
	int err;

	mutex_enter(&dt_lock);
	*copy = dt_log;
	bzero(&dt_log, sizeof (dt_log));
	mutex_exit(&dt_lock);
	err = ddi_copyout(copy, (void *)arg, sizeof (*copy), mode);
	kmem_free(copy, sizeof (*copy));
	return (err != 0 ? EFAULT : 0);
}

static int
dt_ioctl(dev_t dev, int cmd, intptr_t arg, int mode, cred_t *credp, int *rvalp)
{
	dt_state_t *dtp = dt_state_of(dev);
	struct dditest_script script;
	struct dditest_prop prop;
	int inst = DT_INSTANCE(dev);

	switch (cmd) {
	case DDITEST_GET_LOG:
		return (dt_get_log(arg, mode));
	case DDITEST_SCRIPT:
		if (ddi_copyin((void *)arg, &script, sizeof (script), mode))
			return (EFAULT);
		mutex_enter(&dt_lock);
		dt_script = script;
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_WAKE:
		mutex_enter(&dt_lock);
		dt_wakes++;
		cv_broadcast(&dt_cv);
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_SLEEPERS:
		mutex_enter(&dt_lock);
		*rvalp = dt_sleepers;
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_DO_ECHO:
		*rvalp = (int)arg;
		mutex_enter(&dt_lock);
		dt_record(DDITEST_ECHO, getminor(dev), mode, (int)arg);
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_FAIL:
		*rvalp = 12345;
		return ((int)arg);
	case DDITEST_PROP:
		if (ddi_copyin((void *)arg, &prop, sizeof (prop), mode))
			return (EFAULT);
		dt_prop(dtp, &prop);
		if (ddi_copyout(&prop, (void *)arg, sizeof (prop), mode))
			return (EFAULT);
		return (0);
	case DDITEST_HANG:
		mutex_enter(&dt_lock);
		(void) dt_sleep(0);
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_NODE:
		return (ddi_create_minor_node(dtp->dt_dip, "late", S_IFCHR,
		    DT_MINOR(inst, DT_LATE), DDI_PSEUDO, 0) == DDI_SUCCESS ?
		    0 : EEXIST);
	case DDITEST_UNNODE:
		ddi_remove_minor_node(dtp->dt_dip, "late");
		return (0);
	case DDITEST_KNOWN:
		return (dt_known(dtp, arg, mode));
	case DDITEST_READY:
		mutex_enter(&dt_lock);
		dt_ready = (int)arg;
		mutex_exit(&dt_lock);
		if (arg != 0)
			pollwakeup(&dt_pollhead, POLLIN | POLLWRNORM);
		return (0);
	case DDITEST_CLOSER:
		mutex_enter(&dt_lock);
		*rvalp = dt_closer;
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_WHO:
		if (arg < 0 || arg >= DDITEST_OPS)
			return (EINVAL);
		mutex_enter(&dt_lock);
		*rvalp = (int)dt_who[arg];
		mutex_exit(&dt_lock);
		return (0);
	case DDITEST_HOARD:
		mutex_enter(&dt_lock);
		dt_hoard(dtp, (size_t)arg);
		mutex_exit(&dt_lock);
		return (0);
	default:
		return (ENOTTY);
	}
}

/* Names its pollhead only if it has to say nothing, whatever it is asked. */
static int
dt_chpoll(dev_t dev, short events, int anyyet, short *reventsp,
    struct pollhead **phpp)
{
	mutex_enter(&dt_lock);
	dt_record(DDITEST_POLL, getminor(dev), events, 0);
	*reventsp = 0;
	if (dt_ready)
		*reventsp = events & (POLLIN | POLLWRNORM);
	else if (!anyyet)
		*phpp = &dt_pollhead;
	mutex_exit(&dt_lock);
	return (0);
}

/* Takes nothing, with success. */
static int
dt_write(dev_t dev, struct uio *uiop, cred_t *credp)
{
	mutex_enter(&dt_lock);
	dt_who[DDITEST_WRITE] = crgetuid(credp);
	mutex_exit(&dt_lock);
	return (0);
}

static struct cb_ops dt_cb_ops = {
	dt_open,
	dt_close,
	nodev,			/* strategy */
	nodev,			/* print */
	nodev,			/* dump */
	nodev,			/* read */
	dt_write,
	dt_ioctl,
	dt_devmap,
	nodev,			/* mmap */
	dt_segmap,
	dt_chpoll,
	ddi_prop_op,
	NULL,			/* streamtab */
	D_MP | D_DEVMAP,
	CB_REV,
	nodev,			/* aread */
	nodev			/* awrite */
};

/*
 * dev_ops(9S)
 */

static int
dt_getinfo(dev_info_t *dip, ddi_info_cmd_t cmd, void *arg, void **resultp)
{
	dev_t dev = (dev_t)arg;
	int ret = DDI_FAILURE;

	if (cmd == DDI_INFO_DEVT2INSTANCE &&
	    getminor(dev) % 16 == DT_NODELESS) {
		*resultp = (void *)DT_INSTANCE(dev);
		ret = DDI_SUCCESS;
	}
	mutex_enter(&dt_lock);
	dt_record(DDITEST_GETINFO, getminor(dev), cmd, ret);
	mutex_exit(&dt_lock);
	return (ret);
}

static int
dt_probe(dev_info_t *dip)
{
	int ret;

	mutex_enter(&dt_lock);
	ret = dt_script.probe_ret;
	dt_record(DDITEST_PROBE, DT_MINOR(ddi_get_instance(dip), 0), 0, ret);
	mutex_exit(&dt_lock);
	return (ret);
}

static int
dt_create_nodes(dev_info_t *dip, int inst)
{
	return (ddi_create_minor_node(dip, "a", S_IFCHR, DT_MINOR(inst, DT_A),
	    DDI_PSEUDO, 0) == DDI_SUCCESS &&
	    ddi_create_minor_node(dip, "b", S_IFCHR, DT_MINOR(inst, DT_B),
	    DDI_PSEUDO, PRIVONLY_DEV) == DDI_SUCCESS &&
	    ddi_create_minor_node(dip, "clone", S_IFCHR,
	    DT_MINOR(inst, DT_CLONE), DDI_PSEUDO, 0) == DDI_SUCCESS);
}

static int
dt_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	int inst = ddi_get_instance(dip);
	dt_state_t *dtp;
	int ret = DDI_FAILURE;

	if (cmd != DDI_ATTACH ||
	    ddi_soft_state_zalloc(dt_statep, inst) != DDI_SUCCESS)
		return (DDI_FAILURE);

	dtp = ddi_get_soft_state(dt_statep, inst);
	dtp->dt_dip = dip;
	ddi_set_driver_private(dip, dtp);
	if (ddi_umem_alloc(PAGESIZE, DDI_UMEM_SLEEP, &dtp->dt_cookie) != NULL &&
	    dt_create_nodes(dip, inst))
		ret = DDI_SUCCESS;
	(void) ddi_prop_update_int(DDI_DEV_T_NONE, dip, "made", 11);
	(void) ddi_prop_update_string(DDI_DEV_T_NONE, dip, "both", "driver");

	mutex_enter(&dt_lock);
	if (ret == DDI_SUCCESS)
		ret = dt_script.attach_ret;
	dt_attached += ret == DDI_SUCCESS;
	dt_record(DDITEST_ATTACH, DT_MINOR(inst, 0), cmd, ret);
	mutex_exit(&dt_lock);
	if (ret == DDI_SUCCESS)
		return (ret);

	/* The nodes are left for the system to remove. */
	if (dtp->dt_cookie != NULL)
		ddi_umem_free(dtp->dt_cookie);
	ddi_soft_state_free(dt_statep, inst);
	return (ret);
}

static int
dt_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	dt_state_t *dtp = ddi_get_driver_private(dip);
	int inst = ddi_get_instance(dip);
	int ret = DDI_SUCCESS;

	if (cmd != DDI_DETACH)
		return (DDI_FAILURE);

	mutex_enter(&dt_lock);
	if (dt_script.detach_refuses != 0) {
		dt_script.detach_refuses--;
		ret = DDI_FAILURE;
	}
	dt_attached -= ret == DDI_SUCCESS;
	dt_record(DDITEST_DETACH, DT_MINOR(inst, 0), cmd, ret);
	mutex_exit(&dt_lock);
	if (ret != DDI_SUCCESS)
		return (ret);

	ddi_prop_remove_all(dip);
	ddi_remove_minor_node(dip, NULL);
	ddi_umem_free(dtp->dt_cookie);
	ddi_soft_state_free(dt_statep, inst);
	return (DDI_SUCCESS);
}

static struct dev_ops dt_dev_ops = {
	DEVO_REV,
	0,
	dt_getinfo,
	nulldev,		/* identify */
	dt_probe,
	dt_attach,
	dt_detach,
	nodev,			/* reset */
	&dt_cb_ops,
	NULL,			/* bus_ops */
	NULL,			/* power */
	ddi_quiesce_not_supported
};

static struct modldrv dt_modldrv = {
	&mod_driverops,
	"test of the driver model",
	&dt_dev_ops
};

static struct modlinkage dt_modlinkage = {
	MODREV_1,
	&dt_modldrv,
	NULL
};

static void
dt_fini(void)
{
	cv_destroy(&dt_cv);
	mutex_destroy(&dt_lock);
	ddi_soft_state_fini(&dt_statep);
}

int
_init(void)
{
	int err;

	err = ddi_soft_state_init(&dt_statep, sizeof (dt_state_t), 0);
	if (err != 0)
		return (err);
	mutex_init(&dt_lock, NULL, MUTEX_DRIVER, NULL);
	cv_init(&dt_cv, NULL, CV_DRIVER, NULL);

	switch (dditest_how) {
	case 1:		/* fails before mod_install */
		err = EDOM;
		break;
	case 2:		/* refuses to be unloaded for a while */
		dt_fini_refuses = 2;
		break;
	case 3:		/* a wrong revision */
		dt_modlinkage.ml_rev = 99;
		break;
	case 4:		/* a STREAMS driver */
		dt_cb_ops.cb_str = (struct streamtab *)&dt_log;
		break;
	case 5:		/* not safe for many threads */
		dt_cb_ops.cb_flag = D_NEW;
		break;
	case 6:		/* cannot be detached: refused */
		dt_dev_ops.devo_detach = nodev;
		break;
	}
	/* 11: _fini refuses as long as anything is attached */
	if (err == 0)
		err = mod_install(&dt_modlinkage);
	if (err != 0) {
		dt_fini();
		return (err);
	}

	switch (dditest_how) {
	case 7:		/* fails after mod_install, and cleans up */
		(void) mod_remove(&dt_modlinkage);
		dt_fini();
		return (EXDEV);
	case 8:		/* installs twice */
		err = mod_install(&dt_modlinkage);
		(void) mod_remove(&dt_modlinkage);
		dt_fini();
		return (err);
	case 9:		/* fails after mod_install, and forgets to clean up */
		dt_fini();
		return (EXDEV);
	}
	return (0);
}

int
_fini(void)
{
	int err;

	if (dt_fini_refuses-- > 0)
		return (EBUSY);
	/* Wants all instances to be gone, and waits for ever if none goes. */
	if (dditest_how == 11 && dt_attached > 0)
		return (EBUSY);
	/* Forgets it; to be done without instances, which need what it frees. */
	if (dditest_how == 10) {
		dt_fini();
		return (0);
	}
	if ((err = mod_remove(&dt_modlinkage)) != 0)
		return (err);
	dt_fini();
	return (0);
}

int
_info(struct modinfo *modinfop)
{
	return (mod_info(&dt_modlinkage, modinfop));
}
