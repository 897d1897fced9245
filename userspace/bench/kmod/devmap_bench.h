/* SPDX-License-Identifier: GPL-2.0 */
/* What the devices of devmap_bench.ko have in common, for programs too. */
#ifndef _DEVMAP_BENCH_H
#define _DEVMAP_BENCH_H

#include <linux/ioctl.h>

/*
 * All of them map the memory of one PCI device (QEMU's ivshmem-plain, BAR 2),
 * so that nothing differs but the way to the translation:
 *
 *	/dev/devmap_bench	the layer
 *	/dev/devmap_bench_p1	the usual driver
 *	/dev/devmap_bench_p2	the best one for just this purpose
 *	/dev/devmap_bench_p3	remap_pfn_range() at mmap, no faults
 */

/* How a file's later mappings behave: the argument of BENCH_MODE. */
enum bench_mode {
	BENCH_PLAIN,	/* nobody is asked (the layer: no callback) */
	BENCH_DEFAULT,	/* the layer: devmap_default_access() */
	BENCH_CONTEXT,	/* one context: whoever touches it takes it */
	BENCH_WIDE,	/* as BENCH_CONTEXT, and one touch loads the whole mapping */
};

/* With one of these: translations of more than a page where they fit; ours only. */
#define BENCH_LARGE	0x4

#define BENCH_IOC	'B'
#define BENCH_MODE	_IO(BENCH_IOC, 1)
/* Drops all translations of the device, as the kernel might; ours only. */
#define BENCH_DROP	_IO(BENCH_IOC, 2)
/* Cycles of one devmap_unload() of the newest mapping; ours only. */
#define BENCH_UNLOAD	_IOR(BENCH_IOC, 3, unsigned long long)
/* devmap_set_ctx_timeout() of the newest mapping, in ticks; ours only. */
#define BENCH_TIMEOUT	_IO(BENCH_IOC, 4)

#endif /* _DEVMAP_BENCH_H */
