// SPDX-License-Identifier: GPL-2.0
/*
 * poll(2): chpoll(9E), pollwakeup(9F).
 *
 * A driver frees its pollhead without a word, and zeroed memory is one, so there
 * is nothing in it. It is an address: who watches it is in a table here, and who
 * polls waits at the file.
 */

#include <linux/export.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <sys/sunddi.h>

#include "../linux/poll.h"
#include "chardev.h"
#include "chpoll.h"
#include "instance.h"

#define WATCH_BITS	6

/**
 * struct watch_bucket - watches of the pollheads that hash to it
 * @lock: protects @watches
 * @watches: struct ddi_watch
 */
struct watch_bucket {
	spinlock_t lock;
	struct hlist_head watches;
} ____cacheline_aligned_in_smp;

static struct watch_bucket buckets[1 << WATCH_BITS] = {
	[0 ... (1 << WATCH_BITS) - 1] = {
		.lock = __SPIN_LOCK_UNLOCKED(buckets.lock),
	},
};

/**
 * struct ddi_watch - wakeups of a pollhead are for those who poll a file
 * @node: in its bucket, unless pollhead_clean(9F) took it out; bucket lock
 * @link: in &ddi_file.watches; &ddi_instance.files_lock
 * @php: the pollhead; constant
 * @file: the file; constant
 */
struct ddi_watch {
	struct hlist_node node;
	struct list_head link;
	struct pollhead *php;
	struct ddi_file *file;
};

static struct watch_bucket *bucket_of(const struct pollhead *php)
{
	return &buckets[hash_ptr(php, WATCH_BITS)];
}

static struct ddi_watch *find_watch(struct ddi_file *f,
				    const struct pollhead *php)
{
	struct ddi_watch *watch;

	lockdep_assert_held(&f->inst->files_lock);

	list_for_each_entry(watch, &f->watches, link) {
		if (watch->php == php)
			return watch;
	}
	return NULL;
}

/* False if it is in the table already. */
static bool hash_watch(struct ddi_watch *watch)
{
	struct watch_bucket *bucket = bucket_of(watch->php);
	unsigned long flags;
	bool is_new;

	spin_lock_irqsave(&bucket->lock, flags);
	is_new = hlist_unhashed(&watch->node);
	if (is_new)
		hlist_add_head(&watch->node, &bucket->watches);
	spin_unlock_irqrestore(&bucket->lock, flags);
	return is_new;
}

static void free_watch(struct ddi_watch *watch)
{
	struct watch_bucket *bucket = bucket_of(watch->php);
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	hlist_del_init(&watch->node);
	spin_unlock_irqrestore(&bucket->lock, flags);
	kfree(watch);
}

/* 1 if wakeups that came before now were missed, 0 if not, or -ENOMEM. */
static int add_watch(struct ddi_file *f, struct pollhead *php)
{
	struct ddi_watch *watch, *spare;
	int is_new;

	spare = kzalloc(sizeof(*spare), GFP_KERNEL_ACCOUNT);
	if (!spare)
		return -ENOMEM;

	spin_lock(&f->inst->files_lock);
	watch = find_watch(f, php);
	if (!watch) {
		watch = spare;
		spare = NULL;
		watch->php = php;
		watch->file = f;
		list_add(&watch->link, &f->watches);
	}
	is_new = hash_watch(watch);
	spin_unlock(&f->inst->files_lock);
	kfree(spare);
	return is_new;
}

static int call_chpoll(struct ddi_file *f, short events, short *revents,
		       struct pollhead **php)
{
	*revents = 0;
	*php = NULL;
	return f->inst->driver->cb.cb_chpoll(f->dev, events, 0, revents, php);
}

/*
 * What a driver may be asked for. It reports POLLERR, POLLHUP and POLLNVAL unasked. That
 * something can be written is one bit on Solaris, POLLOUT.
 */
static short to_solaris(__poll_t wanted)
{
	if (wanted & EPOLLWRNORM)
		wanted |= EPOLLOUT;
	return mangle_poll(wanted & ~(EPOLLWRNORM | EPOLLERR | EPOLLHUP |
				      EPOLLNVAL));
}

static __poll_t to_linux(short revents)
{
	__poll_t mask = demangle_poll((u16)revents);

	return mask & EPOLLOUT ? mask | EPOLLWRNORM : mask;
}

/*
 * Drivers name their pollhead only if nothing of what was asked for has happened.
 * Linux registers once, whatever has happened, and expects to be woken when it
 * happens again. So they are first asked for nothing. Some do not name it then either
 * if something has happened; they are watched as soon as they do, as epoll(7), which
 * has registered, looks again after each event.
 */
static __poll_t ask(struct ddi_file *f, __poll_t wanted, bool wait)
{
	short events = to_solaris(wanted), revents;
	struct pollhead *php;
	int missed = 0;

	if (wait) {
		call_chpoll(f, 0, &revents, &php);
		if (php && add_watch(f, php) < 0)
			return EPOLLERR;
	}

	if (call_chpoll(f, events, &revents, &php))
		return EPOLLERR;
	if (php)
		missed = add_watch(f, php);
	if (missed < 0 || (missed && call_chpoll(f, events, &revents, &php)))
		return EPOLLERR;
	return to_linux(revents);
}

/**
 * devmap_ddi_poll() - poll of the file_operations
 * @file: a file of a driver in Solaris style
 * @wait: who polls
 *
 * Return: what has happened.
 */
__poll_t devmap_ddi_poll(struct file *file, poll_table *wait)
{
	struct ddi_file *f = file->private_data;
	struct ddi_call call;
	__poll_t mask = EPOLLERR;

	poll_wait(file, &f->pollers, wait);
	if (!devmap_ddi_enter(&call, f->inst))
		return EPOLLERR | EPOLLHUP;
	if (f->inst->driver->cb.cb_chpoll)
		mask = ask(f, poll_requested_events(wait),
			   devmap_poll_waits(wait));
	devmap_ddi_leave(&call);
	return mask;
}

static void free_watches(struct ddi_file *f)
{
	struct ddi_watch *watch, *next;

	list_for_each_entry_safe(watch, next, &f->watches, link)
		free_watch(watch);
	INIT_LIST_HEAD(&f->watches);
}

/**
 * devmap_ddi_poll_release() - a file goes; nobody polls it
 * @f: the file
 */
void devmap_ddi_poll_release(struct ddi_file *f)
{
	spin_lock(&f->inst->files_lock);
	free_watches(f);
	spin_unlock(&f->inst->files_lock);
}

/**
 * devmap_ddi_poll_end() - wake all who poll an instance
 * @inst: the instance, which is out of service
 */
void devmap_ddi_poll_end(struct ddi_instance *inst)
{
	struct ddi_file *f;

	spin_lock(&inst->files_lock);
	list_for_each_entry(f, &inst->files, node)
		wake_up_poll(&f->pollers, EPOLLERR | EPOLLHUP);
	spin_unlock(&inst->files_lock);
}

/* POLLIN and POLLRDNORM are the same to Solaris' drivers, and so on. */
static __poll_t widen(__poll_t events)
{
	if (events & (EPOLLIN | EPOLLRDNORM))
		events |= EPOLLIN | EPOLLRDNORM;
	if (events & (EPOLLOUT | EPOLLWRNORM))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

/**
 * pollwakeup() - wake those who poll
 * @php: the pollhead that chpoll(9E) named
 * @event: what has happened: POLLIN, ...
 *
 * pollwakeup(9F).
 *
 * Context: Any.
 */
void pollwakeup(struct pollhead *php, short event)
{
	struct watch_bucket *bucket = bucket_of(php);
	__poll_t events = widen(demangle_poll((u16)event));
	struct ddi_watch *watch;
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	hlist_for_each_entry(watch, &bucket->watches, node) {
		if (watch->php == php)
			wake_up_poll(&watch->file->pollers, events);
	}
	spin_unlock_irqrestore(&bucket->lock, flags);
}
EXPORT_SYMBOL_GPL(pollwakeup);

/**
 * pollhead_clean() - a pollhead is about to be freed
 * @php: the pollhead
 *
 * pollhead_clean(9F). Not needed here.
 *
 * Context: Any.
 */
void pollhead_clean(struct pollhead *php)
{
	struct watch_bucket *bucket = bucket_of(php);
	struct ddi_watch *watch;
	struct hlist_node *next;
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	hlist_for_each_entry_safe(watch, next, &bucket->watches, node) {
		if (watch->php == php)
			hlist_del_init(&watch->node);
	}
	spin_unlock_irqrestore(&bucket->lock, flags);
}
EXPORT_SYMBOL_GPL(pollhead_clean);
