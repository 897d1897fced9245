// SPDX-License-Identifier: GPL-2.0
/* Soft state: ddi_soft_state(9F). */

#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <sys/sunddi.h>

#include <devmap/ddi_model.h>

#include "../devmap/frame.h"
#include "misuse.h"

/**
 * struct ddi_soft_state - what a driver's state pointer points to
 * @size: of an item; constant
 * @items: by number; locks itself, read under RCU
 */
struct ddi_soft_state {
	size_t size;
	struct xarray items;
};

/**
 * ddi_soft_state_init() - make an empty set of items
 * @state_p: set to it
 * @size: bytes of an item
 * @n_items: ignored: the set grows as needed
 *
 * ddi_soft_state_init(9F).
 *
 * Context: Process context, may sleep.
 * Return: 0 or EINVAL.
 */
int ddi_soft_state_init(void **state_p, size_t size, size_t n_items)
{
	struct ddi_soft_state *ss;

	if (!state_p || !size)
		return EINVAL;

	ss = kzalloc(sizeof(*ss), GFP_KERNEL | __GFP_NOFAIL);
	ss->size = size;
	xa_init(&ss->items);
	*state_p = ss;
	return 0;
}
EXPORT_SYMBOL_GPL(ddi_soft_state_init);

/**
 * ddi_soft_state_fini() - free a set and what is left in it
 * @state_p: where ddi_soft_state_init() put it; set to NULL
 *
 * ddi_soft_state_fini(9F).
 *
 * Context: Process context, may sleep; nobody uses the set.
 */
void ddi_soft_state_fini(void **state_p)
{
	struct ddi_soft_state *ss;
	unsigned long item;
	void *data;

	if (!state_p || !*state_p)
		return;

	ss = *state_p;
	*state_p = NULL;
	xa_for_each(&ss->items, item, data)
		kvfree(data);
	xa_destroy(&ss->items);
	kfree(ss);
}
EXPORT_SYMBOL_GPL(ddi_soft_state_fini);

/**
 * ddi_soft_state_zalloc() - add an item, zeroed
 * @state: the set
 * @item: its number, not negative
 *
 * ddi_soft_state_zalloc(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_SUCCESS or DDI_FAILURE: no such set, a number in use.
 */
int ddi_soft_state_zalloc(void *state, int item)
{
	gfp_t gfp = GFP_KERNEL | devmap_frame_gfp_account();
	struct ddi_soft_state *ss = state;
	void *data;

	if (!ss || item < 0)
		return DDI_FAILURE;

	data = kvzalloc(ss->size, gfp);
	if (!data)
		return DDI_FAILURE;
	if (xa_insert(&ss->items, item, data, gfp)) {
		kvfree(data);
		return DDI_FAILURE;
	}
	return DDI_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_soft_state_zalloc);

/**
 * ddi_get_soft_state() - find an item
 * @state: the set
 * @item: its number
 *
 * ddi_get_soft_state(9F).
 *
 * Context: Any.
 * Return: the item, or NULL.
 */
void *ddi_get_soft_state(void *state, int item)
{
	struct ddi_soft_state *ss = state;

	return ss && item >= 0 ? xa_load(&ss->items, item) : NULL;
}
EXPORT_SYMBOL_GPL(ddi_get_soft_state);

static void tell_missing(int item, unsigned long ip)
{
	devmap_misuse_at("ddi_soft_state_free(9F)", ip,
			 "item %d is not there: freed twice?", item);
}

/**
 * ddi_soft_state_free() - free an item
 * @state: the set
 * @item: its number; nothing is done if there is none
 *
 * ddi_soft_state_free(9F).
 *
 * Context: Process context, may sleep.
 */
void ddi_soft_state_free(void *state, int item)
{
	struct ddi_soft_state *ss = state;
	void *data = ss && item >= 0 ? xa_erase(&ss->items, item) : NULL;

	if (!data && IS_ENABLED(CONFIG_DEVMAP_DEBUG))
		tell_missing(item, _RET_IP_);
	kvfree(data);
}
EXPORT_SYMBOL_GPL(ddi_soft_state_free);
