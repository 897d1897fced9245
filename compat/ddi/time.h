/* SPDX-License-Identifier: GPL-2.0 */
/* Ticks, as Linux' schedule_timeout() wants them. */
#ifndef _DEVMAP_DDI_TIME_H
#define _DEVMAP_DDI_TIME_H

long devmap_ticks(long ticks);
long devmap_ticks_until(long lbolt);

#endif /* _DEVMAP_DDI_TIME_H */
