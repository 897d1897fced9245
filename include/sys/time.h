/* SPDX-License-Identifier: GPL-2.0 */
/* Times: seconds and nanoseconds, and how often the machine ticks. */
#ifndef _DEVMAP_SYS_TIME_H
#define _DEVMAP_SYS_TIME_H

#include <sys/types.h>
#include <sys/param.h>

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

struct timeval {
	time_t tv_sec;
	long tv_usec;
};

typedef struct timespec timespec_t;
typedef struct timespec timestruc_t;

#define SEC		1
#define MILLISEC	1000
#define MICROSEC	1000000
#define NANOSEC		1000000000LL

#define NSEC2MSEC(n)	((n) / (NANOSEC / MILLISEC))
#define MSEC2NSEC(m)	((hrtime_t)(m) * (NANOSEC / MILLISEC))
#define NSEC2USEC(n)	((n) / (NANOSEC / MICROSEC))
#define USEC2NSEC(u)	((hrtime_t)(u) * (NANOSEC / MICROSEC))
#define NSEC2SEC(n)	((n) / NANOSEC)
#define SEC2NSEC(s)	((hrtime_t)(s) * NANOSEC)

#define TICK_TO_SEC(t)	((t) / hz)
#define SEC_TO_TICK(s)	((s) * hz)
#define TICK_TO_MSEC(t)	((t) * MILLISEC / hz)
#define MSEC_TO_TICK(m)	((clock_t)(m) * hz / MILLISEC)
#define TICK_TO_USEC(t)	((t) * MICROSEC / hz)
#define USEC_TO_TICK(u)	((clock_t)(u) * hz / MICROSEC)
#define TICK_TO_NSEC(t)	((hrtime_t)(t) * (NANOSEC / hz))
#define NSEC_TO_TICK(n)	((n) / (NANOSEC / hz))

#define gethrtime	devmap_ddi_gethrtime
#define gethrestime	devmap_ddi_gethrestime
#define gethrestime_sec	devmap_ddi_gethrestime_sec

hrtime_t gethrtime(void);
void gethrestime(timespec_t *ts);
time_t gethrestime_sec(void);

#endif /* _DEVMAP_SYS_TIME_H */
