// SPDX-License-Identifier: GPL-2.0
/* Records of calls, and failures on demand. */

#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "olddev.h"

/**
 * old_record() - note that a call begins
 * @dev: the device
 * @rec: what is known of it; caller and, if unset, data model are filled in
 *
 * Return: for old_record_done().
 */
u64 old_record(struct old_device *dev, struct old_record *rec)
{
	bool wanted = READ_ONCE(dev->script.log_mask) & (1u << rec->op);

	rec->ret = OLD_RUNNING;
	rec->pid = current->tgid;
	if (rec->op != OLD_OP_DEVMAP)
		rec->model = ddi_mmap_get_model();

	spin_lock(&dev->record_lock);
	dev->calls[rec->op]++;
	rec->seq = dev->seq++;
	if (wanted && dev->nr_records < OLD_LOG)
		dev->record[dev->nr_records++] = *rec;
	else if (wanted)
		dev->lost++;
	spin_unlock(&dev->record_lock);
	return rec->seq;
}

/**
 * old_record_done() - note that a call returns
 * @dev: the device
 * @seq: from old_record()
 * @rec: the complete record
 *
 * Nothing happens if the record has been read meanwhile.
 */
void old_record_done(struct old_device *dev, u64 seq,
		     const struct old_record *rec)
{
	u32 i;

	spin_lock(&dev->record_lock);
	for (i = dev->nr_records; i > 0; i--) {
		struct old_record *to = &dev->record[i - 1];

		if (to->seq == seq) {
			*to = *rec;
			to->seq = seq;
		}
		if (to->seq <= seq)
			break;
	}
	spin_unlock(&dev->record_lock);
}

/**
 * old_injected() - the value that a call has to fail with
 * @dev: the device
 * @op: the entry point; each call counts
 *
 * Return: that value, or 0.
 */
int old_injected(struct old_device *dev, enum old_op op)
{
	struct old_fail *fail = &dev->fail[op];
	int ret = 0;

	spin_lock(&dev->record_lock);
	if (fail->nth && !--fail->nth)
		ret = fail->ret;
	spin_unlock(&dev->record_lock);
	return ret;
}

/**
 * old_record_reset() - forget all records and failures to come
 * @dev: the device
 */
void old_record_reset(struct old_device *dev)
{
	spin_lock(&dev->record_lock);
	dev->seq = 1;
	dev->nr_records = 0;
	dev->lost = 0;
	memset(dev->calls, 0, sizeof(dev->calls));
	memset(dev->fail, 0, sizeof(dev->fail));
	spin_unlock(&dev->record_lock);
}

/**
 * old_record_read() - OLD_READ_LOG
 * @dev: the device
 * @arg: struct old_log of the caller
 *
 * Return: 0 or -errno.
 */
long old_record_read(struct old_device *dev, struct old_log __user *arg)
{
	struct old_record *copy;
	struct old_log log;
	long err = 0;

	if (copy_from_user(&log, arg, sizeof(log)))
		return -EFAULT;
	copy = kvcalloc(OLD_LOG, sizeof(*copy), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	spin_lock(&dev->record_lock);
	if (log.nr < dev->nr_records) {
		err = -ENOSPC;
	} else {
		memcpy(copy, dev->record, dev->nr_records * sizeof(*copy));
		log.nr = dev->nr_records;
		log.lost = dev->lost;
		dev->nr_records = 0;
		dev->lost = 0;
	}
	spin_unlock(&dev->record_lock);

	if (!err && (copy_to_user(u64_to_user_ptr(log.buf), copy,
				  log.nr * sizeof(*copy)) ||
		     copy_to_user(arg, &log, sizeof(log))))
		err = -EFAULT;
	kvfree(copy);
	return err;
}
