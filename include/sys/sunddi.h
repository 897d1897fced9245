/* SPDX-License-Identifier: GPL-2.0 */
/* Solaris DDI: the functions of the devmap family, with their manual pages. */
#ifndef _DEVMAP_SYS_SUNDDI_H
#define _DEVMAP_SYS_SUNDDI_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/ddidevmap.h>
#include <sys/ddidmareq.h>
#include <sys/devops.h>
#include <sys/mman.h>
#include <sys/model.h>

#define DDI_SUCCESS		0
#define DDI_FAILURE		(-1)
#define DDI_NOT_WELL_FORMED	(-2)
#define DDI_EAGAIN		(-3)
#define DDI_EINVAL		(-4)
#define DDI_ENOTSUP		(-5)
#define DDI_EPENDING		(-6)
#define DDI_ENOMEM		1
#define DDI_EBUSY		2
#define DDI_ETRANSPORT		3
#define DDI_ECONTEXT		4

/* devmap_setup(9F) */
int devmap_setup(dev_t dev, offset_t off, ddi_as_handle_t as, caddr_t *addrp,
		 size_t len, uint_t prot, uint_t maxprot, uint_t flags,
		 struct cred *cred);
int ddi_devmap_segmap(dev_t dev, off_t off, ddi_as_handle_t as,
		      caddr_t *addrp, off_t len, uint_t prot, uint_t maxprot,
		      uint_t flags, struct cred *cred);

/* devmap_devmem_setup(9F) */
int devmap_devmem_setup(devmap_cookie_t dhp, dev_info_t *dip,
			struct devmap_callback_ctl *callbackops,
			uint_t rnumber, offset_t roff, size_t len,
			uint_t maxprot, uint_t flags,
			ddi_device_acc_attr_t *accattrp);
int devmap_umem_setup(devmap_cookie_t dhp, dev_info_t *dip,
		      struct devmap_callback_ctl *callbackops,
		      ddi_umem_cookie_t cookie, offset_t koff, size_t len,
		      uint_t maxprot, uint_t flags,
		      ddi_device_acc_attr_t *accattrp);

/* no manual page */
int devmap_devmem_remap(devmap_cookie_t dhp, dev_info_t *dip, uint_t rnumber,
			offset_t roff, size_t len, uint_t maxprot, uint_t flags,
			ddi_device_acc_attr_t *accattrp);
int devmap_umem_remap(devmap_cookie_t dhp, dev_info_t *dip,
		      ddi_umem_cookie_t cookie, offset_t off, size_t len,
		      uint_t maxprot, uint_t flags,
		      ddi_device_acc_attr_t *accattrp);

/* devmap_unload(9F) */
int devmap_load(devmap_cookie_t dhp, offset_t off, size_t len, uint_t type,
		uint_t rw);
int devmap_unload(devmap_cookie_t dhp, offset_t off, size_t len);

/* devmap_default_access(9F) */
int devmap_default_access(devmap_cookie_t dhp, void *pvtp, offset_t off,
			  size_t len, uint_t type, uint_t rw);

/* devmap_do_ctxmgt(9F), devmap_set_ctx_timeout(9F) */
int devmap_do_ctxmgt(devmap_cookie_t dhp, void *pvtp, offset_t off,
		     size_t len, uint_t type, uint_t rw,
		     int (*ctxmgt)(devmap_cookie_t dhp, void *pvtp,
				   offset_t off, size_t len, uint_t type,
				   uint_t rw));
void devmap_set_ctx_timeout(devmap_cookie_t dhp, clock_t ticks);

/* ddi_umem_alloc(9F) */
void *ddi_umem_alloc(size_t size, int flag, ddi_umem_cookie_t *cookiep);
void ddi_umem_free(ddi_umem_cookie_t cookie);

/* ddi_umem_lock(9F) */
int ddi_umem_lock(caddr_t addr, size_t len, int flags,
		  ddi_umem_cookie_t *cookiep);
void ddi_umem_unlock(ddi_umem_cookie_t cookie);

/* ddi_segmap(9F), ddi_segmap_setup(9F), ddi_mmap_get_model(9F) */
int ddi_segmap(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *credp);
int ddi_segmap_setup(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
		     off_t len, uint_t prot, uint_t maxprot, uint_t flags,
		     cred_t *credp, ddi_device_acc_attr_t *accattrp,
		     uint_t rnumber);
uint_t ddi_mmap_get_model(void);

/* ddi_model_convert_from(9F) */
static inline uint_t ddi_model_convert_from(uint_t model)
{
	return (model & DDI_MODEL_MASK) == DDI_MODEL_NATIVE ? DDI_MODEL_NONE :
							      DDI_MODEL_ILP32;
}

/* ddi_mapdev(9F), ddi_mapdev_intercept(9F), ddi_mapdev_set_device_acc_attr(9F) */
int ddi_mapdev(dev_t dev, off_t offset, struct as *asp, caddr_t *addrp,
	       off_t len, uint_t prot, uint_t maxprot, uint_t flags,
	       cred_t *cred, struct ddi_mapdev_ctl *ctl,
	       ddi_mapdev_handle_t *handlep, void *devprivate);
int ddi_mapdev_intercept(ddi_mapdev_handle_t handle, off_t offset, off_t len);
int ddi_mapdev_nointercept(ddi_mapdev_handle_t handle, off_t offset, off_t len);
int ddi_mapdev_set_device_acc_attr(ddi_mapdev_handle_t mapping_handle,
				   off_t offset, off_t len,
				   ddi_device_acc_attr_t *accattrp,
				   uint_t rnumber);

#ifdef _KERNEL

#include <sys/cmn_err.h>
#include <sys/cred.h>
#include <sys/ddi.h>
#include <sys/debug.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/poll.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/uio.h>

/* ddi_copyin(9F), ddi_copyout(9F) */
#define ddi_copyin		devmap_ddi_ddi_copyin
#define ddi_copyout		devmap_ddi_ddi_copyout

int ddi_copyin(const void *buf, void *driverbuf, size_t cn, int flags);
int ddi_copyout(const void *driverbuf, void *buf, size_t cn, int flags);

/* ddi_get_lbolt(9F), ddi_get_time(9F) */
#define ddi_get_lbolt		devmap_ddi_get_lbolt
#define ddi_get_lbolt64		devmap_ddi_get_lbolt64
#define ddi_get_time		devmap_ddi_get_time

clock_t ddi_get_lbolt(void);
int64_t ddi_get_lbolt64(void);
time_t ddi_get_time(void);

/* ddi_get_pid(9F), ddi_can_receive_sig(9F) */
#define ddi_get_pid		devmap_ddi_get_pid
#define ddi_can_receive_sig	devmap_ddi_can_receive_sig

pid_t ddi_get_pid(void);
boolean_t ddi_can_receive_sig(void);

/* ddi_strtol(9F), ddi_ffs(9F), ddi_strdup() */
#define ddi_strtol		devmap_ddi_strtol
#define ddi_strtoul		devmap_ddi_strtoul
#define ddi_strtoll		devmap_ddi_strtoll
#define ddi_strtoull		devmap_ddi_strtoull
#define ddi_ffs			devmap_ddi_ffs
#define ddi_fls			devmap_ddi_fls
#define ddi_strdup		devmap_ddi_strdup
#define strfree			devmap_ddi_strfree

int ddi_strtol(const char *str, char **nptr, int base, long *result);
int ddi_strtoul(const char *str, char **nptr, int base, unsigned long *result);
int ddi_strtoll(const char *str, char **nptr, int base, longlong_t *result);
int ddi_strtoull(const char *str, char **nptr, int base,
		 u_longlong_t *result);
int ddi_ffs(long mask);
int ddi_fls(long mask);
char *ddi_strdup(const char *str, int flag);
void strfree(char *str);

/* ddi_btop(9F): of the page size that the device's bus has, the machine's. */
static inline ulong_t ddi_btop(dev_info_t *dip, ulong_t bytes)
{
	return btop(bytes);
}

static inline ulong_t ddi_btopr(dev_info_t *dip, ulong_t bytes)
{
	return btopr(bytes);
}

static inline ulong_t ddi_ptob(dev_info_t *dip, ulong_t pages)
{
	return ptob(pages);
}

#include <devmap/ddi_model.h>
#include <devmap/ddi_hw.h>

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_SUNDDI_H */
