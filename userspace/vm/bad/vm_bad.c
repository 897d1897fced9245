// SPDX-License-Identifier: GPL-2.0
/*
 * A module that does one thing wrong, for the self-test of the test rig.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "warn, oops, taint, refuse, stuck, lockdep, kasan, leak or race");

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);

static void __init take_in_order(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static void __init read_freed(void)
{
	char *p = kzalloc(64, GFP_KERNEL);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	pr_info("freed: %d\n", READ_ONCE(*p));
}

static int racy;

static void race(struct work_struct *work)
{
	int i;

	for (i = 0; i < 1000000; i++) {
		racy++;
		barrier();
	}
}

static DECLARE_WORK(race_work, race);

static int __init vm_bad_init(void)
{
	int i;

	if (!strcmp(what, "warn")) {
		WARN_ON(1);
	} else if (!strcmp(what, "oops")) {
		WRITE_ONCE(*(int *)8, 1);
	} else if (!strcmp(what, "taint")) {
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	} else if (!strcmp(what, "refuse")) {
		return -EINVAL;
	} else if (!strcmp(what, "stuck")) {
		__module_get(THIS_MODULE);
	} else if (!strcmp(what, "lockdep")) {
		take_in_order(&lock_a, &lock_b);
		take_in_order(&lock_b, &lock_a);
	} else if (!strcmp(what, "kasan")) {
		read_freed();
	} else if (!strcmp(what, "race")) {
		queue_work(system_unbound_wq, &race_work);
		race(NULL);
		flush_work(&race_work);
	} else if (!strcmp(what, "leak")) {
		/* Several, as a stale pointer on a stack may save one. */
		for (i = 0; i < 16; i++) {
			void *p = kmalloc(128, GFP_KERNEL);

			OPTIMIZER_HIDE_VAR(p);
		}
	}
	return 0;
}
module_init(vm_bad_init);

static void __exit vm_bad_exit(void)
{
}
module_exit(vm_bad_exit);

MODULE_DESCRIPTION("Deliberate mistakes for the test rig");
MODULE_LICENSE("GPL");
