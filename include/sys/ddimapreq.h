/* SPDX-License-Identifier: GPL-2.0 */
/* Errors of mapping requests. */
#ifndef _DEVMAP_SYS_DDIMAPREQ_H
#define _DEVMAP_SYS_DDIMAPREQ_H

#define DDI_ME_GENERIC		(-1)
#define DDI_ME_UNIMPLEMENTED	(-2)
#define DDI_ME_NORESOURCES	(-3)
#define DDI_ME_UNSUPPORTED	(-4)
#define DDI_ME_REGSPEC_RANGE	(-5)
#define DDI_ME_RNUMBER_RANGE	(-6)
#define DDI_ME_INVAL		(-7)

#endif /* _DEVMAP_SYS_DDIMAPREQ_H */
