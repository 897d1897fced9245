/* SPDX-License-Identifier: GPL-2.0 */
/* Solaris DDI: the functions of the devmap family, with their manual pages. */
#ifndef _DEVMAP_SYS_SUNDDI_H
#define _DEVMAP_SYS_SUNDDI_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/ddidevmap.h>
#include <sys/ddidmareq.h>
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

#endif /* _DEVMAP_SYS_SUNDDI_H */
