/* SPDX-License-Identifier: GPL-2.0 */
/* devmap_selftest.ko: its objects and what its files use of each other. */
#ifndef _DEVMAP_SELFTEST_DEVICE_H
#define _DEVMAP_SELFTEST_DEVICE_H

#include <linux/atomic.h>
#include <linux/devmap.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "devmap_selftest.h"

struct pci_dev;

/**
 * struct st_handle - a devmap_cookie_t that the device has seen
 * @node: in the table of all handles, by @dhp; table's lock
 * @dhp: the cookie; constant
 * @dev: the device it belongs to; constant
 * @nr: its number in records; constant
 * @usable: devmap_load() and devmap_unload() may be called with it; @dev->lock
 * @moves: &st_device.moves when it was last remapped for that; @dev->lock
 * @retries: calls of devmap_access that will still do nothing
 * @region: the region it was made from; constant
 *
 * The layer does not tell when a handle goes that has no devmap_unmap, or whose
 * mmap(2) fails. Such an entry stays until the cookie comes again or the device
 * is reset; tests do not name it.
 */
struct st_handle {
	struct hlist_node node;
	devmap_cookie_t dhp;
	struct st_device *dev;
	u32 nr;
	bool usable;
	u32 moves;
	atomic_t retries;
	struct dmst_region region;
};

/**
 * struct st_context - what the "hardware" is switched between
 * @privs: struct st_priv, the mappings that share it; device lock
 * @save: content of the registers while another context is in them, or NULL;
 *	device lock
 */
struct st_context {
	struct list_head privs;
	u32 *save;
};

/**
 * struct st_priv - private data of a handle, as a driver keeps it
 * @node: in the table of all private data, by address; table's lock
 * @in_context: in &st_context.privs; device lock
 * @context: its context; constant
 * @dev: its device; constant
 * @dhp: its handle; constant
 * @off: user offset of the handle; constant
 * @len: bytes of the handle; constant
 * @nr: its number in records; constant
 * @disowned: no devmap_unmap will free it: the next reset does; device lock
 */
struct st_priv {
	struct hlist_node node;
	struct list_head in_context;
	struct st_context *context;
	struct st_device *dev;
	devmap_cookie_t dhp;
	offset_t off;
	size_t len;
	u32 nr;
	bool disowned;
};

/**
 * struct st_umem - memory of ddi_umem_alloc(9F)
 * @cookie: NULL if there is none
 * @addr: kernel address
 * @size: bytes
 * @locked: of ddi_umem_lock(9F), and no kernel address
 *
 * Protected by the device lock.
 */
struct st_umem {
	ddi_umem_cookie_t cookie;
	void *addr;
	size_t size;
	bool locked;
};

/**
 * struct st_words - registers whose content is switched
 * @addr: kernel address of the first
 * @nr: how many, DMST_WORD_STEP bytes apart; 0: none, and nothing else is set
 *
 * Protected by the device lock.
 */
struct st_words {
	void __iomem *addr;
	unsigned int nr;
};

/**
 * struct st_device - one /dev/devmap_selftestN
 * @misc: the Linux device
 * @name: of it; constant
 * @dip: the layer's instance for files that are opened; @lock
 * @ops: entry points the layer sees; change only by DMST_SCRIPT, while nobody
 *	maps the device
 * @lock: the driver's own mutex: held by every callback but devmap_access and
 *	around every devmap_unload(), as drivers do
 * @script: what to do; @lock
 * @umem: memory to map; @lock
 * @words: registers to switch; @lock
 * @current_context: whose content is in the registers, or NULL; @lock
 * @moves: calls of DMST_MOVE; @lock
 * @next_handle: number of the next handle; @lock
 * @next_priv: number of the next private data; @lock
 * @live: private data objects that a devmap_unmap is due for
 * @contexts: contexts
 * @files: open files
 * @sleepers: tasks that wait for DMST_WAKE
 * @bad: calls that made no sense
 * @wait: where they sleep
 * @wakes: how many may go; @wait.lock
 * @record_lock: protects all below; leaf
 * @seq: number of the next record
 * @nr_records: how many are in @record
 * @lost: how many found no room
 * @calls: calls of each entry point since the last reset
 * @fail: failures to come
 * @record: the records
 */
struct st_device {
	struct miscdevice misc;
	char name[28];
	dev_info_t *dip;
	struct devmap_dev_ops ops;

	struct mutex lock;
	struct dmst_script script;
	struct st_umem umem[DMST_UMEMS];
	struct st_words words;
	struct st_context *current_context;
	u32 moves;
	u32 next_handle;
	u32 next_priv;

	atomic_t live;
	atomic_t contexts;
	atomic_t files;
	atomic_t sleepers;
	atomic_t bad;

	wait_queue_head_t wait;
	unsigned int wakes;

	spinlock_t record_lock;
	u64 seq;
	u32 nr_records;
	u32 lost;
	u64 calls[DMST_OPS];
	struct dmst_fail fail[DMST_OPS];
	struct dmst_record *record;
};

/* main.c */
struct st_device *st_device_of(dev_t dev);

/* record.c */
u64 st_record(struct st_device *dev, struct dmst_record *rec);
void st_record_done(struct st_device *dev, u64 seq,
		    const struct dmst_record *rec);
int st_injected(struct st_device *dev, enum dmst_op op);
void st_record_reset(struct st_device *dev);
long st_record_read(struct st_device *dev, struct dmst_log __user *arg);

/* objects.c */
struct st_handle *st_handle_add(struct st_device *dev, devmap_cookie_t dhp,
				const struct dmst_region *region);
struct st_handle *st_handle_find(devmap_cookie_t dhp);
struct st_handle *st_handle_by_nr(struct st_device *dev, u32 nr);
void st_handle_del(struct st_handle *h);
void st_handles_forget(struct st_device *dev);
unsigned int st_handles_count(struct st_device *dev);
u32 st_handle_nr(devmap_cookie_t dhp);
struct st_priv *st_priv_new(struct st_device *dev, devmap_cookie_t dhp,
			    offset_t off, size_t len, struct st_context *ctx);
void st_priv_free(struct st_priv *priv);
void st_priv_disown(struct st_priv *priv);
void st_privs_forget(struct st_device *dev);
struct st_priv *st_priv_of(void *pvtp);
u32 st_priv_nr(void *pvtp);
struct st_context *st_context_new(struct st_device *dev, size_t size);
struct st_priv *st_priv_next(struct st_device *dev, u32 nr);
void st_unload_all(struct st_device *dev);

/* callbacks.c */
int st_load(struct st_device *dev, devmap_cookie_t dhp, offset_t off,
	    size_t len, uint_t type, uint_t rw);
int st_unload(struct st_device *dev, devmap_cookie_t dhp, offset_t off,
	      size_t len);
int st_contextmgt(devmap_cookie_t dhp, void *pvtp, offset_t off, size_t len,
		  uint_t type, uint_t rw);
void st_fill_callbacks(const struct dmst_region *region,
		       struct devmap_callback_ctl *ops);

/* content.c */
int st_words_map(struct st_device *dev, const struct dmst_region *region);
void st_words_unmap(struct st_device *dev);
size_t st_content_size(struct st_device *dev, const struct dmst_region *region);
void st_content_save(struct st_device *dev, const struct dmst_region *region,
		     u32 *to);
void st_content_restore(struct st_device *dev, const struct dmst_region *region,
			const u32 *from);

/* mapping.c */
int st_segmap(dev_t dev, off_t off, struct as *asp, caddr_t *addrp, off_t len,
	      unsigned int prot, unsigned int maxprot, unsigned int flags,
	      cred_t *credp);
int st_devmap(dev_t dev, devmap_cookie_t dhp, offset_t off, size_t len,
	      size_t *maplen, uint_t model);

/* remap.c */
int st_remap(struct st_device *dev, devmap_cookie_t dhp,
	     const struct dmst_target *to);
long st_remap_ioctl(struct st_device *dev, struct dmst_remap __user *arg);
int st_follow_move(struct st_handle *h, const struct st_priv *priv);
long st_move(struct st_device *dev, unsigned long to);

/* lock.c */
long st_lock_ioctl(struct st_device *dev, struct dmst_lock __user *arg,
		   bool lock);

/* umemlock.c */
void st_umem_release(struct st_umem *umem);
long st_umem_lock_ioctl(struct st_device *dev,
			struct dmst_umem_lock __user *arg);

/* pci.c */
void st_pci_init(void);
void st_pci_exit(void);
dev_info_t *st_pci_dip(struct st_device *dev, u32 nr);
struct pci_dev *st_pci_ivshmem(void);

/* platform.c */
void st_platform_init(struct pci_dev *edu);
void st_platform_exit(void);
dev_info_t *st_platform_dip(void);

/* context.c */
long st_call_ioctl(struct st_device *dev, struct dmst_call __user *arg);

/* pte.c */
long st_pte_ioctl(struct dmst_pte __user *arg);

#endif /* _DEVMAP_SELFTEST_DEVICE_H */
