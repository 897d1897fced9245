/* SPDX-License-Identifier: GPL-2.0 */
/* Credentials: ddi_cred(9F), drv_priv(9F). A cred_t is what Linux calls so. */
#ifndef _DEVMAP_SYS_CRED_H
#define _DEVMAP_SYS_CRED_H

#include <sys/types.h>

#define kcred	devmap_ddi_kcred
extern cred_t *kcred;

#define crgetuid	devmap_ddi_crgetuid
#define crgetruid	devmap_ddi_crgetruid
#define crgetsuid	devmap_ddi_crgetsuid
#define crgetgid	devmap_ddi_crgetgid
#define crgetrgid	devmap_ddi_crgetrgid
#define crgetsgid	devmap_ddi_crgetsgid
#define crgetzoneid	devmap_ddi_crgetzoneid
#define crhold	devmap_ddi_crhold
#define crfree	devmap_ddi_crfree
#define ddi_get_cred	devmap_ddi_get_cred
#define drv_priv	devmap_ddi_drv_priv

uid_t crgetuid(const cred_t *cr);
uid_t crgetruid(const cred_t *cr);
uid_t crgetsuid(const cred_t *cr);
gid_t crgetgid(const cred_t *cr);
gid_t crgetrgid(const cred_t *cr);
gid_t crgetsgid(const cred_t *cr);
zoneid_t crgetzoneid(const cred_t *cr);
void crhold(cred_t *cr);
void crfree(cred_t *cr);
cred_t *ddi_get_cred(void);
int drv_priv(cred_t *cr);

#define CRED()	ddi_get_cred()

#endif /* _DEVMAP_SYS_CRED_H */
