/* SPDX-License-Identifier: GPL-2.0 */
/* All that driver threads synchronise with. */
#ifndef _DEVMAP_SYS_KSYNCH_H
#define _DEVMAP_SYS_KSYNCH_H

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/mutex.h>
#include <sys/rwlock.h>
#include <sys/semaphore.h>

#endif /* _DEVMAP_SYS_KSYNCH_H */
