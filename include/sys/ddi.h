/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device driver interface, the part common to all Unix systems: sizes in
 * pages and device numbers.
 */
#ifndef _DEVMAP_SYS_DDI_H
#define _DEVMAP_SYS_DDI_H

#include <sys/types.h>
#include <sys/param.h>
#include <sys/sysmacros.h>

/* btop(9F): bytes to whole pages, rounded down. */
static inline ulong_t btop(ulong_t bytes)
{
	return bytes >> PAGE_SHIFT;
}

/* btopr(9F): bytes to pages, rounded up. */
static inline ulong_t btopr(ulong_t bytes)
{
	return (bytes >> PAGE_SHIFT) + !!(bytes & (PAGE_SIZE - 1));
}

/* ptob(9F): pages to bytes. */
static inline ulong_t ptob(ulong_t pages)
{
	return pages << PAGE_SHIFT;
}

#ifdef _KERNEL

#include <sys/cmn_err.h>
#include <sys/cred.h>
#include <sys/debug.h>
#include <sys/errno.h>
#include <sys/kmem.h>
#include <sys/ksynch.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/time.h>
#include <sys/uio.h>

/* parm argument of drv_getparm(9F) */
#define TIME		1
#define PPGRP		2
#define LBOLT		3
#define PPID		6
#define PSID		7
#define UCRED		8
#define UPROCP		9

#define drv_getparm	devmap_ddi_drv_getparm
#define drv_hztousec	devmap_ddi_drv_hztousec
#define drv_usectohz	devmap_ddi_drv_usectohz
#define drv_usecwait	devmap_ddi_drv_usecwait
#define delay		devmap_ddi_delay
#define delay_sig	devmap_ddi_delay_sig

int drv_getparm(uint_t parm, void *valuep);
clock_t drv_hztousec(clock_t ticks);
clock_t drv_usectohz(clock_t usecs);
void drv_usecwait(clock_t usecs);
void delay(clock_t ticks);
int delay_sig(clock_t ticks);

#undef max
#undef min

static inline int max(int a, int b)
{
	return a < b ? b : a;
}

static inline int min(int a, int b)
{
	return a < b ? a : b;
}

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_DDI_H */
