/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <sys/sunddi.h> has for drivers only, second part: register sets, access
 * to them, configuration space.
 */
#ifndef _DEVMAP_DDI_HW_H
#define _DEVMAP_DDI_HW_H

#include <sys/types.h>
#include <sys/dditypes.h>

#endif /* _DEVMAP_DDI_HW_H */
