/* SPDX-License-Identifier: GPL-2.0 */
/* Drivers' tables as they are written in the world, for ops_kunit.c. */
#ifndef _DEVMAP_TESTS_STYLES_H
#define _DEVMAP_TESTS_STYLES_H

#include <sys/conf.h>
#include <sys/modctl.h>

/**
 * struct style - a way to write the tables
 * @name: for messages
 * @dev_ops: the table
 * @linkage: modlinkage(9S), or NULL: as others
 * @cb: what open, close, read, write, ioctl, devmap, mmap, segmap, chpoll, prop_op
 *	must become: 'D' the driver's own, '0' something that returns 0, '-' nothing;
 *	NULL: there is no cb_ops(9S)
 * @dev: the same of getinfo, probe, attach, detach, quiesce; 'X' for a probe that
 *	fails
 */
struct style {
	const char *name;
	struct dev_ops *dev_ops;
	struct modlinkage *linkage;
	const char *cb;
	const char *dev;
};

extern const struct style styles[];
extern const int nr_styles;

/* The entry points of 'D', in the order of cb and dev. */
extern void *const style_cb[];
extern void *const style_dev[];

/* Tables that must be refused, up to one without a name. */
extern const struct style bad_styles[];

/* What a source means that is compiled as drivers in Solaris style are. */
int style_char(void);
size_t style_tail(void *buf);
void *style_soft_state(void *state, dev_t dev, int item);

#endif /* _DEVMAP_TESTS_STYLES_H */
