/* SPDX-License-Identifier: GPL-2.0 */
/* Properties: what is asked for, flags and results. See ddi_prop_lookup(9F). */
#ifndef _DEVMAP_SYS_DDIPROPDEFS_H
#define _DEVMAP_SYS_DDIPROPDEFS_H

/* What prop_op(9E) is to do */
typedef enum {
	PROP_LEN = 0,			/* the length */
	PROP_LEN_AND_VAL_BUF = 1,	/* both, the value into a buffer */
	PROP_LEN_AND_VAL_ALLOC = 2,	/* both, the value allocated */
	PROP_EXISTS = 3,
} ddi_prop_op_t;

/* Flags */
#define DDI_PROP_DONTPASS	0x0001	/* not from parents of the device */
#define DDI_PROP_CANSLEEP	0x0002
#define DDI_PROP_SYSTEM_DEF	0x0004
#define DDI_PROP_NOTPROM	0x0008	/* not from firmware */
#define DDI_PROP_DONTSLEEP	0x0010
#define DDI_PROP_PASS		0x0000

/* Results */
#define DDI_PROP_SUCCESS	0
#define DDI_PROP_NOT_FOUND	1
#define DDI_PROP_UNDEFINED	2	/* hidden by ddi_prop_undefine(9F) */
#define DDI_PROP_NO_MEMORY	3
#define DDI_PROP_INVAL_ARG	4
#define DDI_PROP_BUF_TOO_SMALL	5
#define DDI_PROP_CANNOT_DECODE	6
#define DDI_PROP_CANNOT_ENCODE	7
#define DDI_PROP_END_OF_DATA	8

#endif /* _DEVMAP_SYS_DDIPROPDEFS_H */
