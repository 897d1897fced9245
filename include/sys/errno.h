/* SPDX-License-Identifier: GPL-2.0 */
/* The DDI returns positive errno values; the numbers are Linux'. */
#ifndef _DEVMAP_SYS_ERRNO_H
#define _DEVMAP_SYS_ERRNO_H

#include <linux/errno.h>

/* What user space calls ENOTSUP on Linux; the kernel has no such name. */
#ifndef ENOTSUP
#define ENOTSUP		EOPNOTSUPP
#endif

#endif /* _DEVMAP_SYS_ERRNO_H */
