/* SPDX-License-Identifier: GPL-2.0 */
/* The driver model as devmap.ko's main file sees it. */
#ifndef _DEVMAP_DDI_MODEL_INTERNAL_H
#define _DEVMAP_DDI_MODEL_INTERNAL_H

int devmap_ddi_attach_init(void);
void devmap_ddi_attach_exit(void);
int devmap_ddi_minor_init(void);
void devmap_ddi_minor_exit(void);

#endif /* _DEVMAP_DDI_MODEL_INTERNAL_H */
