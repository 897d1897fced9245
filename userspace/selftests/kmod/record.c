// SPDX-License-Identifier: GPL-2.0
/* Records of calls, and failures on demand. */

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

/**
 * st_record() - note that a call begins
 * @dev: the device
 * @rec: what is known of it; time and caller are filled in
 *
 * Return: for st_record_done().
 */
u64 st_record(struct st_device *dev, struct dmst_record *rec)
{
	bool wanted = READ_ONCE(dev->script.log_mask) & (1u << rec->op);

	rec->ret = DMST_RUNNING;
	rec->pid = current->tgid;
	rec->tid = current->pid;
	rec->begin = ktime_get_ns();
	rec->begin_ticks = get_jiffies_64();

	spin_lock(&dev->record_lock);
	dev->calls[rec->op]++;
	rec->seq = dev->seq++;
	if (wanted && dev->nr_records < DMST_LOG)
		dev->record[dev->nr_records++] = *rec;
	else if (wanted)
		dev->lost++;
	spin_unlock(&dev->record_lock);
	return rec->seq;
}

/**
 * st_record_done() - note that a call returns
 * @dev: the device
 * @seq: from st_record()
 * @rec: the complete record
 *
 * Nothing happens if the record has been read meanwhile.
 */
void st_record_done(struct st_device *dev, u64 seq,
		    const struct dmst_record *rec)
{
	u64 now = ktime_get_ns(), ticks = get_jiffies_64();
	u32 i;

	spin_lock(&dev->record_lock);
	for (i = dev->nr_records; i > 0; i--) {
		struct dmst_record *to = &dev->record[i - 1];

		if (to->seq == seq) {
			*to = *rec;
			to->seq = seq;
			to->end = now;
			to->end_ticks = ticks;
			break;
		}
		if (to->seq < seq)
			break;
	}
	spin_unlock(&dev->record_lock);
}

/**
 * st_injected() - the value that a call has to fail with
 * @dev: the device
 * @op: the entry point; each call counts
 *
 * Return: that value, or 0.
 */
int st_injected(struct st_device *dev, enum dmst_op op)
{
	struct dmst_fail *fail = &dev->fail[op];
	int ret = 0;

	spin_lock(&dev->record_lock);
	if (fail->nth && !--fail->nth)
		ret = fail->ret;
	spin_unlock(&dev->record_lock);
	return ret;
}

/**
 * st_record_reset() - forget all records and failures to come
 * @dev: the device
 */
void st_record_reset(struct st_device *dev)
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
 * st_record_read() - DMST_READ_LOG
 * @dev: the device
 * @arg: struct dmst_log of the caller
 *
 * Return: 0 or -errno.
 */
long st_record_read(struct st_device *dev, struct dmst_log __user *arg)
{
	struct dmst_record *copy;
	struct dmst_log log;
	long err = 0;

	if (copy_from_user(&log, arg, sizeof(log)))
		return -EFAULT;
	copy = kvcalloc(DMST_LOG, sizeof(*copy), GFP_KERNEL);
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
