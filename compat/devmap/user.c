// SPDX-License-Identifier: GPL-2.0
/* Mappings of a user: see user.h. */

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

#include "user.h"

/* As many as Linux lets a process have VMAs, by default. */
static unsigned long mappings_max = 65530;
module_param(mappings_max, ulong, 0644);
MODULE_PARM_DESC(mappings_max, "mappings that a user may have, without CAP_SYS_RESOURCE; copies by fork(2) count");

/**
 * struct devmap_user - a user who has mappings
 * @node: in @users; its lock
 * @uid: who; constant
 * @mappings: how many; the lock of @users
 */
struct devmap_user {
	struct hlist_node node;
	kuid_t uid;
	unsigned long mappings;
};

/* Protects the table and what is in it; leaf. */
static DEFINE_SPINLOCK(users_lock);
static DEFINE_HASHTABLE(users, 6);

/* One mapping more of @uid; @spare is used if it is the first. */
static struct devmap_user *count_one(kuid_t uid, struct devmap_user **spare)
{
	struct devmap_user *user;

	spin_lock(&users_lock);
	hash_for_each_possible(users, user, node, __kuid_val(uid)) {
		if (uid_eq(user->uid, uid))
			goto found;
	}
	user = *spare;
	*spare = NULL;
	user->uid = uid;
	user->mappings = 0;
	hash_add(users, &user->node, __kuid_val(uid));
found:
	user->mappings++;
	spin_unlock(&users_lock);
	return user;
}

static bool is_too_many(const struct devmap_user *user)
{
	return READ_ONCE(user->mappings) > READ_ONCE(mappings_max) &&
	       !capable(CAP_SYS_RESOURCE);
}

/**
 * devmap_user_charge() - a mapping of the current user is about to be made
 *
 * Context: May sleep.
 * Return: the user, for devmap_user_uncharge(); or an error pointer: -EAGAIN if that
 * would be more than the parameter mappings_max, -ENOMEM.
 */
struct devmap_user *devmap_user_charge(void)
{
	struct devmap_user *spare = kmalloc(sizeof(*spare), GFP_KERNEL_ACCOUNT);
	kuid_t uid = current_uid();
	struct devmap_user *user;

	if (!spare)
		return ERR_PTR(-ENOMEM);

	user = count_one(uid, &spare);
	kfree(spare);
	if (!is_too_many(user))
		return user;

	pr_warn_ratelimited("devmap: user %u has %lu mappings of devices and gets no more: mappings_max\n",
			    __kuid_val(uid), READ_ONCE(user->mappings) - 1);
	devmap_user_uncharge(user);
	return ERR_PTR(-EAGAIN);
}

/**
 * devmap_user_uncharge() - undo devmap_user_charge()
 * @user: who
 *
 * Context: Any process context.
 */
void devmap_user_uncharge(struct devmap_user *user)
{
	bool last;

	spin_lock(&users_lock);
	last = !--user->mappings;
	if (last)
		hash_del(&user->node);
	spin_unlock(&users_lock);
	if (last)
		kfree(user);
}
