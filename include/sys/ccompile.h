/* SPDX-License-Identifier: GPL-2.0 */
/* What the compiler can do: __unused is in <sys/types.h>. */
#ifndef _DEVMAP_SYS_CCOMPILE_H
#define _DEVMAP_SYS_CCOMPILE_H

#include <sys/types.h>

#endif /* _DEVMAP_SYS_CCOMPILE_H */
