/* SPDX-License-Identifier: GPL-2.0 */
/* What the driver model's test device has of Linux: see dditest_glue.c. */
#ifndef _DDITEST_GLUE_H
#define _DDITEST_GLUE_H

#include <sys/dditypes.h>

/* What Linux calls a device; NULL: it is none of Linux'. */
const char *dditest_name(dev_info_t *dip);

#endif /* _DDITEST_GLUE_H */
