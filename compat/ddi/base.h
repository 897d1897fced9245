/* SPDX-License-Identifier: GPL-2.0 */
/* What the module has to do for what Solaris has for everybody. */
#ifndef _DEVMAP_DDI_BASE_H
#define _DEVMAP_DDI_BASE_H

int devmap_base_init(void);
void devmap_base_exit(void);

int devmap_callout_init(void);
void devmap_callout_exit(void);
int devmap_cred_init(void);
void devmap_cred_exit(void);

#endif /* _DEVMAP_DDI_BASE_H */
