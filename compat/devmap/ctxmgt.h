/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arbiter of accesses: who may switch contexts now, where a driver has set
 * a time that a context is kept at least (devmap_set_ctx_timeout(9F)); and that
 * an access of type DEVMAP_LOCK runs alone.
 */
#ifndef _DEVMAP_CTXMGT_H
#define _DEVMAP_CTXMGT_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <sys/ddidevmap.h>

struct devmap_handle;

typedef int (*devmap_access_fn)(devmap_cookie_t dhp, void *pvtp, offset_t off,
				size_t len, uint_t type, uint_t rw);

/**
 * struct devmap_ctx - one per instance and devmap_access function
 * @node: in &dev_info.ctxs; &dev_info.ctx_lock
 * @access: the function; constant
 * @lock: protects the rest; leaf
 * @holder: id of the handle that got the context last, 0 before the first
 * @until: monotonic time in ns from which on another may have it; jiffies may
 *	lag behind
 * @turn: id of the handle whose turn it is to get it, 0 if nobody's
 * @running: tasks that run the context callback of @turn
 * @turn_until: jiffies until which @turn is kept while nobody runs
 * @waiters: struct ctx_waiter, in the order they are served
 * @inflight: accesses of type DEVMAP_ACCESS that are in the driver
 * @locked: one of type DEVMAP_LOCK is in the driver, or waits for @inflight to
 *	become 0
 * @yielding: after one of type DEVMAP_LOCK: no other, until a fault got in...
 * @yield_until: ... or this jiffies
 * @gone: the instance is out of service: nobody waits any more; set once
 * @lock_wait: where those of type DEVMAP_LOCK wait; has a lock of its own
 */
struct devmap_ctx {
	struct list_head node;
	devmap_access_fn access;
	spinlock_t lock;
	u64 holder;
	u64 until;
	u64 turn;
	unsigned int running;
	unsigned long turn_until;
	struct list_head waiters;
	unsigned int inflight;
	bool locked;
	bool yielding;
	unsigned long yield_until;
	bool gone;
	wait_queue_head_t lock_wait;
};

struct devmap_ctx *devmap_ctx_get(dev_info_t *dip, devmap_access_fn access);
void devmap_ctx_end(dev_info_t *dip);
void devmap_ctx_free_all(dev_info_t *dip);
void devmap_ctx_init(struct devmap_ctx *ctx, devmap_access_fn access);

bool devmap_ctx_try(struct devmap_ctx *ctx, u64 id, clock_t timeout);
int devmap_ctx_wait(struct devmap_ctx *ctx, u64 id, clock_t timeout,
		    unsigned int state);
int devmap_ctx_enter(struct devmap_ctx *ctx, u64 id, clock_t timeout);
void devmap_ctx_leave(struct devmap_ctx *ctx, u64 id, clock_t timeout,
		      bool got);
void devmap_ctx_pass(struct devmap_ctx *ctx, u64 id);
int devmap_ctx_lock(struct devmap_ctx *ctx);
void devmap_ctx_unlock(struct devmap_ctx *ctx);

#endif /* _DEVMAP_CTXMGT_H */
