/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What a test program and the scriptable test device (devmap_selftest.ko) say
 * to each other. /dev/devmap_selftestN does with mappings what its script says
 * and records every call of its entry points.
 */
#ifndef _DEVMAP_SELFTEST_H
#define _DEVMAP_SELFTEST_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define DMST_REGIONS	8	/* regions of a script */
#define DMST_UMEMS	4	/* ddi_umem_alloc() buffers of a device */
#define DMST_LOG	4096	/* records the device keeps */
#define DMST_UNKNOWN	0xffffffff	/* a pointer the device never gave out */
#define DMST_RUNNING	(-4096)	/* ret of a call that has not returned yet */

/* What a record is about. */
enum dmst_op {
	DMST_OP_SEGMAP,		/* segmap(9E) */
	DMST_OP_DEVMAP,		/* devmap(9E) */
	DMST_OP_SETUP,		/* a setup call made from there */
	DMST_OP_MAP,		/* devmap_map(9E) */
	DMST_OP_ACCESS,		/* devmap_access(9E) */
	DMST_OP_CTX,		/* devmap_contextmgt(9E) */
	DMST_OP_DUP,		/* devmap_dup(9E) */
	DMST_OP_UNMAP,		/* devmap_unmap(9E) */
	DMST_OP_LOAD,		/* devmap_load(9F) by the device */
	DMST_OP_UNLOAD,		/* devmap_unload(9F) by the device */
	DMST_OP_CLOSE,		/* the last reference to an open file went */
	DMST_OP_REMAP,		/* devmap_umem_remap() or its relative by the device */
	DMST_OP_LOCK,		/* devmap_lock() by the device */
	DMST_OP_UNLOCK,		/* devmap_unlock() by the device */
	DMST_OPS
};

/* Records are kept of all but these unless a script asks for them. */
#define DMST_LOG_DEFAULT \
	(((1u << DMST_OPS) - 1) & ~(1u << DMST_OP_SETUP | 1u << DMST_OP_CLOSE))

/*
 * One call. Handles and private data are named by numbers that count up from 1
 * since the last reset; 0 stands for NULL.
 */
struct dmst_record {
	__u64 seq;	/* position; calls are ordered by their beginning */
	__u64 begin;	/* nanoseconds, monotonic */
	__u64 end;	/* same, when the call returned */
	__u64 begin_ticks; /* the same in clock ticks since some time */
	__u64 end_ticks;
	__u32 op;
	__u32 handle;
	__u32 pvtp;	/* private data of the handle */
	__s32 ret;	/* returned value */
	__u64 off;
	__u64 len;
	__u64 out;	/* DEVMAP: *maplen; SEGMAP: *addrp; REMAP: umem, set */
	__u32 dev;	/* device number, in the kernel's encoding */
	__u32 type;	/* ACCESS, CTX, LOAD: type; DEVMAP: model; REMAP: kind */
	__u32 rw;	/* ACCESS, CTX, LOAD: rw; SEGMAP: maxprot */
	__u32 flags;	/* MAP, SEGMAP: flags */
	__u32 prot;	/* SEGMAP: prot */
	__u32 new1;	/* UNMAP: new_dhp1; DUP: new_dhp */
	__u32 new2;	/* UNMAP: new_dhp2 */
	__u32 npv1;	/* what was stored in *new_pvtp1, *new_pvtp, *pvtp */
	__u32 npv2;	/* what was stored in *new_pvtp2 */
	__u32 ptrs;	/* UNMAP: bit 0, 1: new_pvtp1, 2 was not NULL */
	__s32 pid;	/* of the process in which it happened */
	__s32 tid;	/* of the thread */
};

/* What a region of the device's logical memory is made of. */
enum dmst_kind {
	DMST_UMEM,
	DMST_REGS,
	DMST_NONE,	/* no setup call is made */
};

/* What the device's devmap_access(9E) does. */
enum dmst_access {
	DMST_ACCESS_DEFAULT,	/* devmap_default_access() */
	DMST_ACCESS_CTXMGT,	/* devmap_do_ctxmgt() */
	DMST_ACCESS_CTXMGT_NULL, /* devmap_do_ctxmgt() without a function */
	DMST_ACCESS_LOAD,	/* devmap_load() of load_off, load_len */
	DMST_ACCESS_RETRY,	/* nothing for @retries times, then load */
	DMST_ACCESS_ERROR,	/* nothing, and return access_ret */
	DMST_ACCESS_SLEEP,	/* wait for DMST_WAKE or a signal, then load */
	DMST_ACCESS_OTHER,	/* load_off, load_len of handle load_handle, too */
	DMST_ACCESS_REMAP,	/* remap the handle, then load */
	DMST_ACCESS_PARTS,	/* devmap_do_ctxmgt() from load_off on */
};

/* Callbacks that a region has. */
#define DMST_CB_MAP		0x1
#define DMST_CB_ACCESS		0x2
#define DMST_CB_DUP		0x4
#define DMST_CB_UNMAP		0x8
#define DMST_CB_ALL		0xf
#define DMST_CB_TABLE		0x10 /* a table, even without callbacks */
#define DMST_CB_ACCESS_B	0x20 /* a second devmap_access function */
#define DMST_CB_ACCESS_DEFAULT	0x40 /* devmap_default_access itself */

/* Flags of a region: what is unusual about it. */
#define DMST_F_MAPLEN		0x1 /* *maplen is @maplen */
#define DMST_F_SETUP_LEN	0x2 /* the setup call gets @setup_len */
#define DMST_F_REV		0x4 /* devmap_rev is @rev */
#define DMST_F_TWICE		0x8 /* the setup call is made twice */
#define DMST_F_IGNORE		0x10 /* devmap(9E) = 0 if it fails */
#define DMST_F_FREE		0x20 /* the umem is freed after it */
#define DMST_F_NO_ACCATTR	0x40 /* accattrp is NULL */
#define DMST_F_ALIAS		0x80 /* every handle maps from @target on */
#define DMST_F_TIMEOUT		0x100 /* devmap_map sets @timeout */
#define DMST_F_LOAD_REST	0x200 /* contextmgt loads with length 0 */
#define DMST_F_UNLOAD		0x400 /* dup and unmap unload the handle */
#define DMST_F_CONTENT		0x800 /* contextmgt switches the content, see below */
#define DMST_F_SLEEP_UNMAP	0x1000 /* unmap waits for DMST_WAKE first */
#define DMST_F_LINGER		0x2000 /* unmap waits for DMST_WAKE at its end */
#define DMST_F_UNLOAD_ALL	0x4000 /* dup and unmap unload all handles */

#define DMST_F_REMAP		0x100000 /* dup remaps the child's handle */

/* Of the content of register sets so much counts: a word, at every ... */
#define DMST_WORD_STEP		0x200000UL

/* Whose register sets: PCI devices of the virtual machine. */
enum dmst_pci {
	DMST_PCI_EDU,
	DMST_PCI_BOCHS,		/* bochs-display: has memory */
	DMST_PCI_TESTDEV,	/* pci-testdev: has ports */
	DMST_PCI_I6300ESB,	/* i6300esb: registers that fill no page */
	DMST_PCI_IVSHMEM,	/* ivshmem-plain: memory of any size */
	DMST_PCI_DEVICES,
	DMST_PLATFORM = 16	/* no PCI device: pages of EDU's registers */
};

/* What a handle is remapped to: the arguments of the call. */
struct dmst_target {
	__u32 kind;	/* enum dmst_kind */
	__u32 umem;	/* number of the umem; not allocated: NULL cookie */
	__u32 rnumber;
	__u32 device;	/* enum dmst_pci */
	__u32 maxprot;
	__u32 flags;
	__s64 target;
	__u64 len;
};

struct dmst_region {
	__u64 off;	/* first user offset */
	__u64 len;	/* bytes */
	__u64 chunk;	/* handles begin at multiples of this; 0: no limit */
	__s64 target;	/* offset in the umem or in the register set */
	__u32 kind;	/* enum dmst_kind */
	__u32 umem;	/* number of the umem; not allocated: NULL cookie */
	__u32 rnumber;	/* number of the register set */
	__u32 callbacks; /* DMST_CB_; 0: a NULL table */
	__u32 access;	/* enum dmst_access */
	__u32 flags;	/* DMST_F_ */
	__u32 maxprot;	/* of the setup call */
	__u32 setup_flags; /* of the setup call */
	__s32 rev;
	__s32 access_ret;
	__u64 maplen;
	__u64 setup_len;
	__s64 load_off;
	__u64 load_len;
	__u32 load_handle;
	__u32 retries;
	__s64 timeout;	/* clock ticks */
	struct dmst_target remap; /* DMST_ACCESS_REMAP, DMST_F_REMAP */
	__u32 device;	/* enum dmst_pci, for DMST_REGS */
	__u32 pad;
};

/* The device's segmap(9E). */
enum dmst_segmap {
	DMST_SEGMAP_NULL,
	DMST_SEGMAP_DDI,	/* it is ddi_devmap_segmap() */
	DMST_SEGMAP_OWN,	/* calls ddi_devmap_segmap() */
	DMST_SEGMAP_SETUP,	/* calls devmap_setup() with @segmap_off */
	DMST_SEGMAP_ERROR,	/* returns @segmap_ret */
	DMST_SEGMAP_NOTHING,	/* returns 0 */
	DMST_SEGMAP_TWICE,	/* calls devmap_setup() twice */
	DMST_SEGMAP_LATE,	/* returns @segmap_ret after devmap_setup() */
	DMST_SEGMAP_MAXPROT,	/* takes @segmap_ret out of maxprot */
	DMST_SEGMAP_MOVE,	/* wants the mapping at @segmap_off */
};

struct dmst_script {
	__u32 segmap;	/* enum dmst_segmap */
	__s32 segmap_ret;
	__u64 segmap_off;
	__u32 no_devmap; /* the device has no devmap(9E) */
	__u32 log_mask;	/* 1 << enum dmst_op */
	__u32 nr_regions;
	__u32 pad;
	struct dmst_region region[DMST_REGIONS];
};

struct dmst_umem {
	__u32 nr;
	__u32 flag;	/* of ddi_umem_alloc() */
	__u64 size;
};

struct dmst_umem_io {
	__u32 nr;
	__u32 write;	/* to the umem */
	__u64 off;
	__u64 len;	/* at most DMST_IO_MAX */
	__u64 buf;	/* in user space */
};

#define DMST_IO_MAX	4096

/* A devmap_load(9F) or devmap_unload(9F) outside of a callback. */
struct dmst_range {
	__u32 handle;
	__s32 ret;	/* out */
	__s64 off;
	__u64 len;
};

struct dmst_timeout {
	__u32 handle;
	__u32 pad;
	__s64 ticks;
};

/* The @nth call of @op from now on returns @ret: DEVMAP, MAP, ACCESS, CTX, DUP. */
struct dmst_fail {
	__u32 op;
	__u32 nth;	/* 1 is the next one, 0 withdraws */
	__s32 ret;
	__u32 pad;
};

/* Moves records to user space and forgets them. */
struct dmst_log {
	__u64 buf;	/* struct dmst_record [] */
	__u32 nr;	/* in: room; out: records */
	__u32 lost;	/* out: records there was no room for */
};

struct dmst_info {
	__u32 hz;	/* clock ticks per second */
	__u32 minor;
	__u64 regs_size; /* of the PCI device's first BAR; 0: no device */
	__u32 live;	/* objects that stand for private data */
	__u32 contexts;
	__u32 handles;	/* the device knows of */
	__u32 files;
	__u32 sleepers;	/* that wait for DMST_WAKE */
	__u32 bad;	/* calls that made no sense */
	__u64 calls[DMST_OPS];
};

struct dmst_remap {
	__u32 handle;
	__s32 ret;	/* out */
	struct dmst_target to;
};

/* A devmap_lock() or devmap_unlock(). */
struct dmst_lock {
	__u32 handle;	/* 0: NULL */
	__u32 rw;
	__s64 off;
	__u64 len;
	__s32 ret;	/* out */
	__u32 pad;
};

/* Locked memory of a process becomes umem @nr. */
struct dmst_umem_lock {
	__u32 nr;
	__u32 flags;
	__u64 addr;
	__u64 len;
	__u32 longer;	/* by umem_lockmemory(), not by ddi_umem_lock() */
	__s32 version;	/* of the callback vector; 0: none */
	__s32 pid;	/* whose memory; 0: the caller's */
	__s32 ret;	/* out */
};

/* What the caller's page table says of an address. */
struct dmst_pte {
	__u64 addr;	/* in */
	__u64 pfn;
	__u32 present;
	__u32 cache;	/* IOMEM_DATA_; 0: another kind, or not known */
	__u32 write;
	__u32 order;	/* the entry is for 2^order pages; @pfn is of @addr */
};

/* A call that is not made from an entry point. */
enum dmst_what {
	DMST_CALL_UMEM_SETUP,	/* devmap_umem_setup() of the handle */
	DMST_CALL_DEVMEM_SETUP,	/* devmap_devmem_setup() of the handle */
	DMST_CALL_SETUP,	/* devmap_setup() */
	DMST_CALL_UNLOAD,	/* devmap_unload() by a thread of the kernel */
	DMST_CALL_TIMEOUT,	/* @off ticks, set in a hard interrupt */
	DMST_CALL_ALLOC,	/* DDI_UMEM_NOSLEEP in a hard interrupt */
	DMST_CALL_FREE,		/* of umem, locked or not, in a hard interrupt */
	DMST_CALL_UMEM_SETUP_IRQ, /* devmap_umem_setup() in a hard interrupt */
	DMST_CALL_DEVMEM_SETUP_IRQ, /* devmap_devmem_setup() likewise */
};

struct dmst_call {
	__u32 what;	/* enum dmst_what */
	__u32 handle;	/* 0: NULL */
	__u32 umem;
	__s32 ret;	/* out */
	__s64 off;
	__u64 len;
	__u64 addr;
	__u32 in_irq;	/* out: it was made in a hard interrupt */
	__u32 no_mm;	/* out: it was made without an address space */
};

#define DMST_IOC	0xd5
/* Forgets script, records, numbers and umem; EBUSY while private data lives. */
#define DMST_RESET	_IO(DMST_IOC, 0)
#define DMST_SCRIPT	_IOW(DMST_IOC, 1, struct dmst_script)
#define DMST_ALLOC	_IOW(DMST_IOC, 2, struct dmst_umem)
#define DMST_FREE	_IO(DMST_IOC, 3)	/* argument: number of the umem */
#define DMST_IO		_IOW(DMST_IOC, 4, struct dmst_umem_io)
#define DMST_LOAD	_IOWR(DMST_IOC, 5, struct dmst_range)
#define DMST_UNLOAD	_IOWR(DMST_IOC, 6, struct dmst_range)
#define DMST_TIMEOUT	_IOW(DMST_IOC, 7, struct dmst_timeout)
#define DMST_FAIL	_IOW(DMST_IOC, 8, struct dmst_fail)
#define DMST_WAKE	_IO(DMST_IOC, 9)	/* argument: how many sleepers */
#define DMST_READ_LOG	_IOWR(DMST_IOC, 10, struct dmst_log)
#define DMST_INFO	_IOR(DMST_IOC, 11, struct dmst_info)
/* Unloads all handles of the device that have private data, oldest first. */
#define DMST_UNLOAD_ALL	_IO(DMST_IOC, 12)
/* Takes the instance out of service; files opened later have a new one. */
#define DMST_GONE	_IO(DMST_IOC, 40)
#define DMST_REMAP	_IOWR(DMST_IOC, 32, struct dmst_remap)
#define DMST_LOCK	_IOWR(DMST_IOC, 33, struct dmst_lock)
#define DMST_UNLOCK	_IOWR(DMST_IOC, 34, struct dmst_lock)
#define DMST_UMEM_LOCK	_IOWR(DMST_IOC, 35, struct dmst_umem_lock)
#define DMST_PTE	_IOWR(DMST_IOC, 36, struct dmst_pte)
#define DMST_CALL	_IOWR(DMST_IOC, 37, struct dmst_call)
#define DMST_MOVE	_IO(DMST_IOC, 38) /* region 0's umem: content and mappings */

#endif /* _DEVMAP_SELFTEST_H */
