// SPDX-License-Identifier: GPL-2.0
/* Who has which register set: see claim.h. */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "claim.h"
#include "instance.h"

/**
 * struct devmap_claim - a register set that an instance has
 * @node: in the list of all; claims_lock
 * @dip: the instance, not counted: devmap_claims_end() ends it; constant
 * @rnumber: the set; constant
 * @set: where it is; constant
 * @name: what /proc/iomem says; constant
 * @handles: that use it; claims_lock
 * @users: it was mapped for users, and stays until the instance goes;
 *	claims_lock
 */
struct devmap_claim {
	struct list_head node;
	dev_info_t *dip;
	uint_t rnumber;
	struct resource set;
	char *name;
	unsigned int handles;
	bool users;
};

/* Leaf but for the resource tree's; taken with mmap_lock held. */
static DEFINE_MUTEX(claims_lock);
static LIST_HEAD(claims);	/* struct devmap_claim; claims_lock */

static struct devmap_claim *claim_find(dev_info_t *dip, uint_t rnumber)
{
	struct devmap_claim *claim;

	lockdep_assert_held(&claims_lock);

	list_for_each_entry(claim, &claims, node) {
		if (claim->dip == dip && claim->rnumber == rnumber)
			return claim;
	}
	return NULL;
}

static bool request(const struct devmap_claim *claim)
{
	resource_size_t start = claim->set.start;
	resource_size_t size = resource_size(&claim->set);

	return resource_type(&claim->set) == IORESOURCE_IO ?
		       !!request_region(start, size, claim->name) :
		       !!request_mem_region(start, size, claim->name);
}

static void release(const struct devmap_claim *claim)
{
	resource_size_t start = claim->set.start;
	resource_size_t size = resource_size(&claim->set);

	if (resource_type(&claim->set) == IORESOURCE_IO)
		release_region(start, size);
	else
		release_mem_region(start, size);
}

static void claim_free(struct devmap_claim *claim)
{
	kfree(claim->name);
	kfree(claim);
}

static struct devmap_claim *claim_make(dev_info_t *dip, uint_t rnumber,
				       const struct resource *set)
{
	struct devmap_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL);

	if (!claim)
		return ERR_PTR(-ENOMEM);

	claim->dip = dip;
	claim->rnumber = rnumber;
	claim->set = *set;
	claim->name = kasprintf(GFP_KERNEL, "devmap: %s",
				dev_driver_string(dip->dev));
	if (!claim->name) {
		claim_free(claim);
		return ERR_PTR(-ENOMEM);
	}
	if (!request(claim)) {
		claim_free(claim);
		return ERR_PTR(-EBUSY);
	}
	return claim;
}

static struct devmap_claim *claim_find_or_make(dev_info_t *dip, uint_t rnumber,
					       const struct resource *set)
{
	struct devmap_claim *claim = claim_find(dip, rnumber);

	if (claim)
		return claim;

	claim = claim_make(dip, rnumber, set);
	if (!IS_ERR(claim))
		list_add(&claim->node, &claims);
	else if (PTR_ERR(claim) == -EBUSY)
		dev_err_ratelimited(dip->dev,
				    "devmap: register set %u (%pR) is in use by another driver; /proc/%s tells which\n",
				    rnumber, set,
				    resource_type(set) == IORESOURCE_IO ?
					    "ioports" : "iomem");
	return claim;
}

static void claim_drop(struct devmap_claim *claim)
{
	lockdep_assert_held(&claims_lock);

	if (claim->handles || claim->users)
		return;
	release(claim);
	list_del(&claim->node);
	claim_free(claim);
}

/**
 * devmap_claim_get() - claim a register set for a handle of the driver's
 * @dip: the instance
 * @rnumber: the set
 * @set: where it is
 *
 * Context: Process context, may sleep.
 * Return: the claim, or an error pointer: -EBUSY if somebody else has the set,
 * which the kernel's log says; -ENOMEM.
 */
struct devmap_claim *devmap_claim_get(dev_info_t *dip, uint_t rnumber,
				      const struct resource *set)
{
	struct devmap_claim *claim;

	mutex_lock(&claims_lock);
	claim = claim_find_or_make(dip, rnumber, set);
	if (!IS_ERR(claim))
		claim->handles++;
	mutex_unlock(&claims_lock);
	return claim;
}

/**
 * devmap_claim_put() - undo devmap_claim_get()
 * @claim: the claim
 *
 * Context: Process context, may sleep.
 */
void devmap_claim_put(struct devmap_claim *claim)
{
	mutex_lock(&claims_lock);
	claim->handles--;
	claim_drop(claim);
	mutex_unlock(&claims_lock);
}

/**
 * devmap_claim_for_users() - claim a register set that users map
 * @dip: the instance
 * @rnumber: the set
 * @set: where it is
 *
 * Context: Process context, may sleep.
 * Return: 0, or as devmap_claim_get().
 */
int devmap_claim_for_users(dev_info_t *dip, uint_t rnumber,
			   const struct resource *set)
{
	struct devmap_claim *claim;
	int err = 0;

	if (!dip->ddi)
		return 0;

	mutex_lock(&claims_lock);
	claim = claim_find_or_make(dip, rnumber, set);
	if (IS_ERR(claim))
		err = PTR_ERR(claim);
	else
		claim->users = true;
	mutex_unlock(&claims_lock);
	return err;
}

/**
 * devmap_claims_end() - an instance loses its hardware
 * @dip: the instance; nobody maps anything of it any more
 *
 * Context: Process context, may sleep.
 */
void devmap_claims_end(dev_info_t *dip)
{
	struct devmap_claim *claim, *next;

	mutex_lock(&claims_lock);
	list_for_each_entry_safe(claim, next, &claims, node) {
		if (claim->dip != dip)
			continue;
		claim->users = false;
		claim_drop(claim);
	}
	mutex_unlock(&claims_lock);
}
