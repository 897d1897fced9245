// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers' tables as they are written in the world. That this compiles is half of
 * the test; ops_kunit.c is the other half.
 */
#include <sys/types.h>
#include <sys/conf.h>
#include <sys/devops.h>
#include <sys/errno.h>
#include <sys/modctl.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

#include "styles.h"

/* Declared as K&R had it. */
static int xx_open(), xx_close(), xx_read(), xx_write(), xx_ioctl();
static int xx_devmap(), xx_mmap(), xx_segmap();
static int xx_getinfo(), xx_probe(), xx_attach(), xx_detach();
static int xx_prop_op(dev_t, dev_info_t *, ddi_prop_op_t, int, char *, caddr_t,
    int *);
static int xx_chpoll(dev_t, short, int, short *, struct pollhead **);
static int xx_quiesce(dev_info_t *);

/* By position, full. */
static struct cb_ops full_cb_ops = {
	xx_open, xx_close, nodev, nodev, nodev, xx_read, xx_write, xx_ioctl,
	xx_devmap, xx_mmap, xx_segmap, xx_chpoll, xx_prop_op, NULL,
	D_NEW | D_MP | D_DEVMAP | D_64BIT, CB_REV, nodev, nodev
};

static struct dev_ops full_dev_ops = {
	DEVO_REV, 0, xx_getinfo, nulldev, xx_probe, xx_attach, xx_detach,
	nodev, &full_cb_ops, (struct bus_ops *)NULL, nulldev, xx_quiesce
};

static struct modldrv full_modldrv = {
	&mod_driverops, "full", &full_dev_ops
};

static struct modlinkage full_modlinkage = {
	MODREV_1, { &full_modldrv, NULL, NULL, NULL }
};

/* By position, ending where old drivers end, and no inner braces. */
static struct cb_ops short_cb_ops = {
	xx_open,
	xx_close,
	nulldev,		/* not a block driver */
	nulldev,
	nulldev,
	nodev,
	nodev,
	xx_ioctl,
	xx_devmap,
	nodev,
	NULL,
	nochpoll,
	ddi_prop_op,
	0,
	D_MP
};

static struct dev_ops short_dev_ops = {
	DEVO_REV,
	0,
	xx_getinfo,
	nulldev,
	nulldev,
	xx_attach,
	xx_detach,
	nodev,
	&short_cb_ops,
	0
};

static struct modldrv short_modldrv = { &mod_driverops, "short", &short_dev_ops };

static struct modlinkage short_modlinkage = {
	MODREV_1, (void *)&short_modldrv, 0
};

/* With names, in both ways there are, and gaps. */
static struct cb_ops named_cb_ops = {
	.cb_flag = D_MP,
	.cb_open = xx_open,
	.cb_segmap = ddi_devmap_segmap,
};

static struct dev_ops named_dev_ops = {
	devo_attach:	xx_attach,
	devo_cb_ops:	&named_cb_ops,
	devo_rev:	DEVO_REV,
};

static struct modldrv named_modldrv = {
	.drv_modops = &mod_driverops,
	.drv_dev_ops = &named_dev_ops,
};

static struct modlinkage named_modlinkage = {
	.ml_rev = MODREV_1,
	.ml_linkage = { [0] = &named_modldrv },
};

/* Nothing, everywhere. */
static struct cb_ops nodev_cb_ops = {
	nodev, nodev, nodev, nodev, nodev, nodev, nodev, nodev, nodev, nodev,
	nodev, nodev, nodev, NULL, D_MP, CB_REV, nodev, nodev
};

static struct dev_ops nodev_dev_ops = {
	DEVO_REV, 0, nodev, nodev, nodev, xx_attach, nodev, nodev,
	&nodev_cb_ops, NULL, nodev, nodev
};

/* The other nothing. */
static struct cb_ops nulldev_cb_ops = {
	nulldev, nulldev, nulldev, nulldev, nulldev, nulldev, nulldev, nulldev,
	nulldev, nulldev, nulldev, nulldev, nulldev, NULL, D_MP
};

static struct dev_ops nulldev_dev_ops = {
	DEVO_REV, 0, nulldev, nulldev, nulldev, nulldev, nulldev, nulldev,
	&nulldev_cb_ops, NULL, nulldev, nulldev
};

/* In slots that are not its own, with casts and without. */
static struct cb_ops nochpoll_cb_ops = {
	(int (*)())nochpoll, nochpoll, nochpoll, nochpoll, nochpoll, nochpoll,
	nochpoll, nochpoll, nochpoll, nochpoll, nochpoll, nochpoll, nochpoll,
	NULL, D_MP
};

static struct dev_ops nochpoll_dev_ops = {
	DEVO_REV, 0, nochpoll, nochpoll, nochpoll, xx_attach, nochpoll,
	nochpoll, &nochpoll_cb_ops, NULL, nochpoll, nochpoll
};

/* A driver without users. */
static struct dev_ops userless_dev_ops = {
	3, 0, xx_getinfo, nulldev, nulldev, xx_attach, xx_detach, nodev,
	NULL, NULL, NULL, ddi_quiesce_not_needed
};

static struct modlmisc modlmisc = { &mod_miscops, "misc" };
static struct modlinkage misc_modlinkage = { MODREV_1, &modlmisc, NULL };

const struct style styles[] = {
	{ "full", &full_dev_ops, &full_modlinkage, "DDDDDDDDDD", "DDDDD" },
	{ "short", &short_dev_ops, &short_modlinkage, "DD--DD---P", "D-DD-" },
	{ "named", &named_dev_ops, &named_modlinkage, "D------S--", "--D--" },
	{ "nodev", &nodev_dev_ops, NULL, "----------", "-XD--" },
	{ "nulldev", &nulldev_dev_ops, NULL, "00000---0-", "--00-" },
	{ "nochpoll", &nochpoll_dev_ops, NULL, "----------", "-XD--" },
	{ "userless", &userless_dev_ops, NULL, NULL, "D-DDQ" },
	{ "misc", NULL, &misc_modlinkage },
};

const int nr_styles = sizeof (styles) / sizeof (styles[0]);

void *const style_cb[] = {
	xx_open, xx_close, xx_read, xx_write, xx_ioctl, xx_devmap, xx_mmap,
	xx_segmap, xx_chpoll, xx_prop_op
};

void *const style_dev[] = {
	xx_getinfo, xx_probe, xx_attach, xx_detach, xx_quiesce
};

/*
 * What must be refused
 */

static struct cb_ops unsafe_cb_ops = {
	xx_open, xx_close, nodev, nodev, nodev, nodev, nodev, nodev, nodev,
	nodev, nodev, nochpoll, ddi_prop_op, NULL, D_NEW
};

static struct cb_ops streams_cb_ops = {
	xx_open, xx_close, nodev, nodev, nodev, nodev, nodev, nodev, nodev,
	nodev, nodev, nochpoll, ddi_prop_op,
	(struct streamtab *)&unsafe_cb_ops, D_MP
};

static struct cb_ops future_cb_ops = {
	xx_open, xx_close, nodev, nodev, nodev, nodev, nodev, nodev, nodev,
	nodev, nodev, nochpoll, ddi_prop_op, NULL, D_MP, CB_REV + 1
};

#define	BAD_DEV_OPS(name, rev, attach, cb, bus)				\
	static struct dev_ops name = {					\
		rev, 0, xx_getinfo, nulldev, nulldev, attach, xx_detach, \
		nodev, cb, bus						\
	}

BAD_DEV_OPS(unsafe_dev_ops, DEVO_REV, xx_attach, &unsafe_cb_ops, NULL);
BAD_DEV_OPS(streams_dev_ops, DEVO_REV, xx_attach, &streams_cb_ops, NULL);
BAD_DEV_OPS(future_dev_ops, DEVO_REV, xx_attach, &future_cb_ops, NULL);
BAD_DEV_OPS(rev_dev_ops, DEVO_REV + 1, xx_attach, &full_cb_ops, NULL);
BAD_DEV_OPS(zero_dev_ops, 0, xx_attach, &full_cb_ops, NULL);
BAD_DEV_OPS(nexus_dev_ops, DEVO_REV, xx_attach, &full_cb_ops,
    (struct bus_ops *)&full_cb_ops);
BAD_DEV_OPS(attachless_dev_ops, DEVO_REV, nodev, &full_cb_ops, NULL);

static struct modlinkage rev_modlinkage = { 2, &full_modldrv, NULL };
static struct modlinkage empty_modlinkage = { MODREV_1, NULL };
static struct modlinkage two_modlinkage = {
	MODREV_1, &full_modldrv, &short_modldrv, NULL
};
static struct mod_ops other_modops;
static struct modldrv other_modldrv = { &other_modops, "x", &full_dev_ops };
static struct modlinkage other_modlinkage = { MODREV_1, &other_modldrv, NULL };

const struct style bad_styles[] = {
	{ "without D_MP", &unsafe_dev_ops },
	{ "STREAMS", &streams_dev_ops },
	{ "cb_rev of the future", &future_dev_ops },
	{ "devo_rev of the future", &rev_dev_ops },
	{ "devo_rev 0", &zero_dev_ops },
	{ "nexus", &nexus_dev_ops },
	{ "without attach", &attachless_dev_ops },
	{ "ml_rev", NULL, &rev_modlinkage },
	{ "no linkage", NULL, &empty_modlinkage },
	{ "two drivers", NULL, &two_modlinkage },
	{ "another kind of module", NULL, &other_modlinkage },
	{ NULL }
};

/*
 * The entry points are only looked at.
 */

/*ARGSUSED*/
static int
xx_open(devp, flag, otyp, credp)
	dev_t *devp;
	int flag;
	int otyp;
	cred_t *credp;
{
	return (EIO);
}

static int
xx_close(dev_t dev, int flag, int otyp, cred_t *credp)
{
	return (EIO);
}

static int
xx_read(dev_t dev, struct uio *uiop, cred_t *credp)
{
	return (EIO);
}

static int
xx_write(dev_t dev, struct uio *uiop, cred_t *credp)
{
	return (EIO);
}

static int
xx_ioctl(dev_t dev, int cmd, intptr_t arg, int mode, cred_t *credp, int *rvalp)
{
	return (EIO);
}

static int
xx_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
    size_t *maplen, uint_t model)
{
	return (EIO);
}

static int
xx_mmap(dev_t dev, off_t off, int prot)
{
	return (-1);
}

static int
xx_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp, off_t len,
    unsigned int prot, unsigned int maxprot, unsigned int flags, cred_t *credp)
{
	return (EIO);
}

static int
xx_chpoll(dev_t dev, short events, int anyyet, short *reventsp,
    struct pollhead **phpp)
{
	return (EIO);
}

static int
xx_prop_op(dev_t dev, dev_info_t *dip, ddi_prop_op_t prop_op, int mod_flags,
    char *name, caddr_t valuep, int *lengthp)
{
	return (DDI_PROP_NOT_FOUND);
}

static int
xx_getinfo(dev_info_t *dip, ddi_info_cmd_t infocmd, void *arg, void **result)
{
	return (DDI_FAILURE);
}

static int
xx_probe(dev_info_t *dip)
{
	return (DDI_PROBE_SUCCESS);
}

static int
xx_attach(dev_info_t *dip, ddi_attach_cmd_t cmd)
{
	return (DDI_FAILURE);
}

static int
xx_detach(dev_info_t *dip, ddi_detach_cmd_t cmd)
{
	return (DDI_FAILURE);
}

static int
xx_quiesce(dev_info_t *dip)
{
	return (DDI_SUCCESS);
}

/* A tail that is longer than it says, as DDI programs have had it for ever. */
struct xx_tail {
	int	xt_len;
	char	xt_data[1];
};

int
style_char(void)
{
	volatile char c = (char)0xff;

	return (c);
}

/* How long the compiler takes the tail to be. */
size_t
style_tail(void *buf)
{
	struct xx_tail *xt = buf;

	return (__builtin_object_size(xt->xt_data, 1));
}

/* By a device number, if @item is negative. */
void *
style_soft_state(void *state, dev_t dev, int item)
{
	if (item < 0)
		return (ddi_get_soft_state(state, dev));
	return (ddi_get_soft_state(state, item));
}
