/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What a test program and the device of the older interface (devmap_olddev.ko)
 * say to each other. /dev/devmap_oldN is a driver with segmap(9E), mmap(9E) and
 * ddi_mapdev_ctl(9S); it records every call of them.
 */
#ifndef _DEVMAP_OLDDEV_H
#define _DEVMAP_OLDDEV_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define OLD_PAGES	64	/* pages a device can have */
#define OLD_LOG		4096	/* records the device keeps */
#define OLD_UNKNOWN	0xffffffff	/* a pointer the device never gave out */
#define OLD_RUNNING	(-4096)	/* ret of a call that has not returned yet */
#define OLD_NO_MODEL	0xffffffff	/* DDI_FAILURE of ddi_mmap_get_model() */

/* What a record is about. */
enum old_op {
	OLD_OP_SEGMAP,		/* segmap(9E) */
	OLD_OP_MMAP,		/* mmap(9E) */
	OLD_OP_DEVMAP,		/* devmap(9E) */
	OLD_OP_MAP,		/* devmap_map(9E) */
	OLD_OP_UNMAP,		/* devmap_unmap(9E) */
	OLD_OP_ACCESS,		/* mapdev_access(9E) */
	OLD_OP_DUP,		/* mapdev_dup(9E) */
	OLD_OP_FREE,		/* mapdev_free(9E) */
	OLD_OP_INTERCEPT,	/* ddi_mapdev_intercept(9F) by the device */
	OLD_OP_NOINTERCEPT,	/* ddi_mapdev_nointercept(9F) by the device */
	OLD_OPS
};

#define OLD_LOG_ALL	((1u << OLD_OPS) - 1)
/* The callbacks of ddi_mapdev(9F). */
#define OLD_LOG_EVENTS \
	(1u << OLD_OP_ACCESS | 1u << OLD_OP_DUP | 1u << OLD_OP_FREE)

/*
 * One call. Handles of ddi_mapdev(9F) and private data are named by numbers that
 * count up from 1 since the last reset; 0 stands for NULL.
 */
struct old_record {
	__u64 seq;	/* position; calls are ordered by their beginning */
	__u64 off;
	__u64 len;
	__u64 addr;	/* SEGMAP: *addrp at the end */
	__u32 op;
	__u32 handle;
	__u32 priv;	/* private data passed to the call */
	__s32 ret;	/* returned value; MMAP: page of the device's memory */
	__u32 new_handle; /* DUP */
	__u32 new_priv;	/* DUP: what was stored in *new_devprivate */
	__u32 dev;	/* device number, in the kernel's encoding */
	__u32 model;	/* DEVMAP: the argument; else ddi_mmap_get_model() */
	__u32 convert;	/* DEVMAP, MMAP: ddi_model_convert_from(model) */
	__u32 prot;	/* SEGMAP, MMAP */
	__u32 maxprot;	/* SEGMAP */
	__u32 flags;	/* SEGMAP, MAP */
	__s32 pid;	/* of the process in which it happened */
	__u32 pad;
};

/* The device's segmap(9E). */
enum old_segmap {
	OLD_SEGMAP_NULL,	/* it has none */
	OLD_SEGMAP_IS_DDI,	/* it is ddi_segmap() */
	OLD_SEGMAP_DDI,		/* calls ddi_segmap() */
	OLD_SEGMAP_SETUP,	/* calls ddi_segmap_setup() */
	OLD_SEGMAP_MAPDEV,	/* calls ddi_mapdev() */
	OLD_SEGMAP_DEVMAP,	/* calls devmap_setup() */
	OLD_SEGMAP_NOTHING,	/* calls nothing */
};

/* What the device's mapdev_access(9E) does. */
enum old_access {
	OLD_ACCESS_LOAD,	/* nointercept of the offset and @load_len */
	OLD_ACCESS_SEED,	/* the example of ddi_mapdev_intercept(9F) */
	OLD_ACCESS_SWITCH,	/* the same for mappings of many pages */
	OLD_ACCESS_NOTHING,	/* returns 0 */
};

/* Flags of a script: what is unusual about the device. */
#define OLD_F_NO_MMAP	0x0001 /* it has no mmap(9E) */
#define OLD_F_DEVMAP	0x0002 /* it has a devmap(9E) */
#define OLD_F_D_DEVMAP	0x0004 /* its cb_flag says so */
#define OLD_F_OFF	0x0008 /* segmap(9E) maps from @segmap_off on */
#define OLD_F_TWICE	0x0010 /* segmap(9E) makes its call twice */
#define OLD_F_RET	0x0020 /* segmap(9E) returns @segmap_ret */
#define OLD_F_NO_CTL	0x0040 /* ddi_mapdev_ctl: a NULL pointer */
#define OLD_F_NO_ACCESS	0x0080 /* ... without mapdev_access */
#define OLD_F_NO_FREE	0x0100 /* ... without mapdev_free */
#define OLD_F_NO_DUP	0x0200 /* ... without mapdev_dup */
#define OLD_F_REV	0x0400 /* ... with mapdev_rev @rev */
#define OLD_F_SHORT	0x0800 /* segmap(9E) maps a page less */
#define OLD_F_LOAD_OFF	0x1000 /* nointercept from @load_off on */

struct old_script {
	__u32 segmap;	/* enum old_segmap */
	__u32 access;	/* enum old_access */
	__u32 flags;	/* OLD_F_ */
	__u32 log_mask;	/* 1 << enum old_op */
	__s32 segmap_ret;
	__s32 rev;
	__s64 segmap_off;
	__s64 load_off;
	__s64 load_len;
	__u64 base;	/* user offset of the first page */
	__u32 less_maxprot; /* segmap(9E) takes it out of maxprot */
	__u32 deny_prot; /* mmap(9E) refuses these */
	__u32 nr_pages;
	__s32 page[OLD_PAGES]; /* pages of memory that mmap(9E) names, or -1 */
	__u32 load_other; /* a handle that is let go entirely, too */
};

struct old_io {
	__u32 page;
	__u32 value;
	__u32 write;	/* to the memory */
};

/* A call outside of a callback. */
struct old_range {
	__u32 handle;
	__s32 ret;	/* out */
	__s64 off;
	__s64 len;
};

/* The @nth call of @op from now on returns @ret: DEVMAP, ACCESS, DUP. */
struct old_fail {
	__u32 op;
	__u32 nth;	/* 1 is the next one, 0 withdraws */
	__s32 ret;
};

/* Moves records to user space and forgets them. */
struct old_log {
	__u64 buf;	/* struct old_record [] */
	__u32 nr;	/* in: room; out: records */
	__u32 lost;	/* out: records there was no room for */
};

struct old_info {
	__u32 privs;	/* objects that stand for private data */
	__u32 files;
	__u32 bad;	/* calls that made no sense */
	__u32 model;	/* ddi_mmap_get_model() */
	__u64 switches;	/* of the context */
	__u64 calls[OLD_OPS];
};

#define OLD_IOC		0xd6
/* Forgets script, records, numbers and memory; EBUSY while private data lives. */
#define OLD_RESET	_IO(OLD_IOC, 0)
#define OLD_SCRIPT	_IOW(OLD_IOC, 1, struct old_script)
#define OLD_IO		_IOWR(OLD_IOC, 2, struct old_io)
#define OLD_INTERCEPT	_IOWR(OLD_IOC, 3, struct old_range)
#define OLD_NOINTERCEPT	_IOWR(OLD_IOC, 4, struct old_range)
#define OLD_ACC_ATTR	_IOWR(OLD_IOC, 5, struct old_range)
#define OLD_FAIL	_IOW(OLD_IOC, 6, struct old_fail)
#define OLD_READ_LOG	_IOWR(OLD_IOC, 7, struct old_log)
#define OLD_INFO	_IOR(OLD_IOC, 8, struct old_info)

#endif /* _DEVMAP_OLDDEV_H */
