/* SPDX-License-Identifier: GPL-2.0 */
/* What there is: the data models are in <sys/isa_defs.h>. */
#ifndef _DEVMAP_SYS_FEATURE_TESTS_H
#define _DEVMAP_SYS_FEATURE_TESTS_H

#include <sys/isa_defs.h>

#endif /* _DEVMAP_SYS_FEATURE_TESTS_H */
