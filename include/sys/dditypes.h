/* SPDX-License-Identifier: GPL-2.0 */
/* Opaque DDI objects and ddi_device_acc_attr(9S). */
#ifndef _DEVMAP_SYS_DDITYPES_H
#define _DEVMAP_SYS_DDITYPES_H

#include <sys/types.h>

/* One instance of a device. Only the layer knows what is inside. */
typedef struct dev_info dev_info_t;

/* Registers that are mapped for the driver. Likewise. */
typedef struct devmap_acc *ddi_acc_handle_t;

/* devacc_attr_version */
#define DDI_DEVICE_ATTR_V0	0x0001
#define DDI_DEVICE_ATTR_V1	0x0002

/* devacc_attr_endian_flags */
#define DDI_NEVERSWAP_ACC	0x00
#define DDI_STRUCTURE_LE_ACC	0x01
#define DDI_STRUCTURE_BE_ACC	0x02

/* devacc_attr_dataorder */
#define DDI_STRICTORDER_ACC	0x00
#define DDI_UNORDERED_OK_ACC	0x01
#define DDI_MERGING_OK_ACC	0x02
#define DDI_LOADCACHING_OK_ACC	0x03
#define DDI_STORECACHING_OK_ACC	0x04

/* devacc_attr_access */
#define DDI_DEFAULT_ACC		0x01
#define DDI_FLAGERR_ACC		0x02
#define DDI_CAUTIOUS_ACC	0x03

/* dev_datasz of ddi_device_copy(9F): bytes */
#define DDI_DATA_SZ01_ACC	1
#define DDI_DATA_SZ02_ACC	2
#define DDI_DATA_SZ04_ACC	4
#define DDI_DATA_SZ08_ACC	8

/**
 * struct ddi_device_acc_attr - how a device wants to be accessed
 * @devacc_attr_version: DDI_DEVICE_ATTR_V0 or DDI_DEVICE_ATTR_V1
 * @devacc_attr_endian_flags: byte order of the device
 * @devacc_attr_dataorder: how far accesses may be reordered
 * @devacc_attr_access: what happens on a faulty access (V1 only)
 *
 * ddi_device_acc_attr(9S). A user mapping ignores all of it: the order is
 * decided by the IOMEM_DATA flags of devmap_devmem_setup(9F), and the byte
 * order of a user's own loads and stores is his own affair.
 */
typedef struct ddi_device_acc_attr {
	ushort_t devacc_attr_version;
	uchar_t devacc_attr_endian_flags;
	uchar_t devacc_attr_dataorder;
	uchar_t devacc_attr_access;
} ddi_device_acc_attr_t;

#endif /* _DEVMAP_SYS_DDITYPES_H */
