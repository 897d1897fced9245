// SPDX-License-Identifier: GPL-2.0
/* Credentials: drv_priv(9F), ddi_get_cred(9F), crgetuid(9F). */
#define _KERNEL

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/init_task.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "base.h"

#include <sys/cred.h>

cred_t *kcred;
EXPORT_SYMBOL_GPL(kcred);

/**
 * ddi_get_cred() - credentials of the caller
 *
 * ddi_get_cred(9F).
 *
 * Context: Process context.
 * Return: the credentials; to be held by crhold() for longer than the caller
 * stays in the driver.
 */
cred_t *ddi_get_cred(void)
{
	return (cred_t *)current_cred();
}
EXPORT_SYMBOL_GPL(ddi_get_cred);

/**
 * drv_priv() - may somebody do privileged things to devices?
 * @cr: who
 *
 * drv_priv(9F). That is CAP_SYS_ADMIN on Linux.
 *
 * Context: Process context.
 * Return: 0 or EPERM.
 */
int drv_priv(cred_t *cr)
{
	if (cr == current_cred())
		return capable(CAP_SYS_ADMIN) ? 0 : EPERM;
	return cr->user_ns == &init_user_ns &&
	       cap_raised(cr->cap_effective, CAP_SYS_ADMIN) ? 0 : EPERM;
}
EXPORT_SYMBOL_GPL(drv_priv);

/**
 * crgetuid() - effective user id
 * @cr: the credentials
 *
 * crgetuid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
uid_t crgetuid(const cred_t *cr)
{
	return from_kuid_munged(&init_user_ns, cr->euid);
}
EXPORT_SYMBOL_GPL(crgetuid);

/**
 * crgetruid() - real user id
 * @cr: the credentials
 *
 * crgetruid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
uid_t crgetruid(const cred_t *cr)
{
	return from_kuid_munged(&init_user_ns, cr->uid);
}
EXPORT_SYMBOL_GPL(crgetruid);

/**
 * crgetsuid() - saved user id
 * @cr: the credentials
 *
 * crgetsuid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
uid_t crgetsuid(const cred_t *cr)
{
	return from_kuid_munged(&init_user_ns, cr->suid);
}
EXPORT_SYMBOL_GPL(crgetsuid);

/**
 * crgetgid() - effective group id
 * @cr: the credentials
 *
 * crgetgid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
gid_t crgetgid(const cred_t *cr)
{
	return from_kgid_munged(&init_user_ns, cr->egid);
}
EXPORT_SYMBOL_GPL(crgetgid);

/**
 * crgetrgid() - real group id
 * @cr: the credentials
 *
 * crgetrgid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
gid_t crgetrgid(const cred_t *cr)
{
	return from_kgid_munged(&init_user_ns, cr->gid);
}
EXPORT_SYMBOL_GPL(crgetrgid);

/**
 * crgetsgid() - saved group id
 * @cr: the credentials
 *
 * crgetsgid(9F).
 *
 * Context: Any.
 * Return: the id.
 */
gid_t crgetsgid(const cred_t *cr)
{
	return from_kgid_munged(&init_user_ns, cr->sgid);
}
EXPORT_SYMBOL_GPL(crgetsgid);

/**
 * crgetzoneid() - zone
 * @cr: the credentials
 *
 * crgetzoneid(9F).
 *
 * Context: Any.
 * Return: 0, which is the global zone: there is no other on Linux.
 */
zoneid_t crgetzoneid(const cred_t *cr)
{
	return 0;
}
EXPORT_SYMBOL_GPL(crgetzoneid);

/**
 * crhold() - keep credentials
 * @cr: the credentials
 *
 * No manual page.
 *
 * Context: Any.
 */
void crhold(cred_t *cr)
{
	get_cred(cr);
}
EXPORT_SYMBOL_GPL(crhold);

/**
 * crfree() - do not keep credentials any longer
 * @cr: the credentials
 *
 * No manual page.
 *
 * Context: Any.
 */
void crfree(cred_t *cr)
{
	put_cred(cr);
}
EXPORT_SYMBOL_GPL(crfree);

int devmap_cred_init(void)
{
	kcred = prepare_kernel_cred(&init_task);
	return kcred ? 0 : -ENOMEM;
}

void devmap_cred_exit(void)
{
	put_cred(kcred);
}
