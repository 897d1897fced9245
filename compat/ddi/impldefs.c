// SPDX-License-Identifier: GPL-2.0
/*
 * What <sys/ddi_impldefs.h> tells drivers of handles and cookies must be so. The
 * header has a structure of cookies that is only the beginning of the layer's
 * own, under the same name.
 */

#include <linux/build_bug.h>
#include <linux/stddef.h>

#include "../devmap/handle.h"
#include "../devmap/umem.h"

#define ddi_umem_cookie	public_cookie
#include <sys/ddi_impldefs.h>
#undef ddi_umem_cookie

#define SAME(public, private, member, other)				\
	static_assert(offsetof(public, member) ==			\
		      offsetof(private, other) &&			\
		      sizeof_field(public, member) ==			\
		      sizeof_field(private, other))

SAME(devmap_handle_t, struct devmap_handle, dh_seg, dh_seg);
SAME(devmap_handle_t, struct devmap_handle, dh_uoff, dh_uoff);
SAME(devmap_handle_t, struct devmap_handle, dh_len, dh_len);
SAME(devmap_handle_t, struct devmap_handle, dh_pvtp, pvtp);
SAME(devmap_handle_t, struct devmap_handle, dh_cookie, dh_cookie);

SAME(struct public_cookie, struct ddi_umem_cookie, cvaddr, cvaddr);
SAME(struct public_cookie, struct ddi_umem_cookie, size, size);
SAME(struct public_cookie, struct ddi_umem_cookie, type, type);
