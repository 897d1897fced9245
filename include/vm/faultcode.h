/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault codes: what devmap_load(9F), devmap_unload(9F), devmap_do_ctxmgt(9F)
 * and devmap_default_access(9F) return. Drivers compare with 0 and pass the
 * value upward.
 */
#ifndef _DEVMAP_VM_FAULTCODE_H
#define _DEVMAP_VM_FAULTCODE_H

typedef int faultcode_t;

#define FC_HWERR	0x1
#define FC_ALIGN	0x2
#define FC_OBJERR	0x3
#define FC_PROT		0x4
#define FC_NOMAP	0x5
#define FC_NOSUPPORT	0x6

#define FC_MAKE_ERR(e)	(((e) << 8) | FC_OBJERR)
#define FC_CODE(fc)	((fc) & 0xff)
#define FC_ERRNO(fc)	((unsigned int)(fc) >> 8)

#endif /* _DEVMAP_VM_FAULTCODE_H */
