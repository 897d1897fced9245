// SPDX-License-Identifier: GPL-2.0
/* Properties that drivers create: ddi_prop_create(9F), ddi_prop_update(9F). */

#include <linux/export.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sys/sunddi.h>

#include "instance.h"
#include "prop.h"

static struct ddi_prop *find_exact(struct ddi_instance *inst, dev_t dev,
				   const char *name)
{
	struct ddi_prop *prop;

	list_for_each_entry(prop, &inst->props, node) {
		if (prop->dev == dev && !strcmp(prop->name, name))
			return prop;
	}
	return NULL;
}

static void drop(struct ddi_prop *prop)
{
	list_del(&prop->node);
	kfree(prop);
}

/* Puts a property in the place of one of the same name, if there is one. */
static int set_prop(dev_t dev, dev_info_t *dip, const char *name,
		    enum ddi_prop_type type, const void *data, size_t len,
		    bool must_exist)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);
	struct ddi_prop *prop, *old;
	bool wanted;

	if (!inst || !name || !*name || dev == DDI_DEV_T_ANY ||
	    (len && !data))
		return DDI_PROP_INVAL_ARG;

	prop = devmap_ddi_prop_alloc(name, type, data, len);
	if (!prop)
		return DDI_PROP_NO_MEMORY;
	prop->dev = dev;

	down_write(&inst->prop_lock);
	old = find_exact(inst, dev, name);
	wanted = old || !must_exist;
	if (wanted)
		list_add(&prop->node, &inst->props);
	if (old)
		drop(old);
	up_write(&inst->prop_lock);

	if (wanted)
		return DDI_PROP_SUCCESS;
	kfree(prop);
	return DDI_PROP_NOT_FOUND;
}

static enum ddi_prop_type type_of_length(int length)
{
	return length ? DDI_PROP_RAW : DDI_PROP_BOOLEAN;
}

/**
 * ddi_prop_create() - create or replace a property
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @flags: ignored
 * @name: its name
 * @valuep: the value
 * @length: its bytes; 0: a boolean
 *
 * ddi_prop_create(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_create(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int length)
{
	if (length < 0)
		return DDI_PROP_INVAL_ARG;
	return set_prop(dev, dip, name, type_of_length(length), valuep, length,
			false);
}
EXPORT_SYMBOL_GPL(ddi_prop_create);

/**
 * ddi_prop_modify() - replace a property
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @flags: ignored
 * @name: its name
 * @valuep: the value
 * @length: its bytes; 0: a boolean
 *
 * ddi_prop_modify(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NOT_FOUND, DDI_PROP_NO_MEMORY or
 * DDI_PROP_INVAL_ARG.
 */
int ddi_prop_modify(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int length)
{
	if (length < 0)
		return DDI_PROP_INVAL_ARG;
	return set_prop(dev, dip, name, type_of_length(length), valuep, length,
			true);
}
EXPORT_SYMBOL_GPL(ddi_prop_modify);

/**
 * ddi_prop_undefine() - hide a property, also what the system has
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @flags: ignored
 * @name: its name
 *
 * ddi_prop_undefine(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_undefine(dev_t dev, dev_info_t *dip, int flags, char *name)
{
	return set_prop(dev, dip, name, DDI_PROP_HIDDEN, NULL, 0, false);
}
EXPORT_SYMBOL_GPL(ddi_prop_undefine);

/**
 * ddi_prop_remove() - remove a property that the driver has created
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: its name
 *
 * ddi_prop_remove(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or DDI_PROP_NOT_FOUND.
 */
int ddi_prop_remove(dev_t dev, dev_info_t *dip, char *name)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);
	struct ddi_prop *prop;

	if (!inst || !name)
		return DDI_PROP_NOT_FOUND;

	down_write(&inst->prop_lock);
	prop = find_exact(inst, dev, name);
	if (prop)
		drop(prop);
	up_write(&inst->prop_lock);
	return prop ? DDI_PROP_SUCCESS : DDI_PROP_NOT_FOUND;
}
EXPORT_SYMBOL_GPL(ddi_prop_remove);

/**
 * ddi_prop_remove_all() - remove all that the driver has created
 * @dip: the instance
 *
 * ddi_prop_remove_all(9F).
 *
 * Context: Process context, may sleep.
 */
void ddi_prop_remove_all(dev_info_t *dip)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);

	if (!inst)
		return;

	down_write(&inst->prop_lock);
	devmap_ddi_props_free(&inst->props);
	up_write(&inst->prop_lock);
}
EXPORT_SYMBOL_GPL(ddi_prop_remove_all);

/**
 * ddi_prop_update_int() - create or replace an integer
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: its name
 * @data: the value
 *
 * ddi_prop_update_int(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_int(dev_t dev, dev_info_t *dip, char *name, int data)
{
	return ddi_prop_update_int_array(dev, dip, name, &data, 1);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_int);

/**
 * ddi_prop_update_int64() - create or replace an integer of 64 bits
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: its name
 * @data: the value
 *
 * ddi_prop_update_int64(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_int64(dev_t dev, dev_info_t *dip, char *name, s64 data)
{
	return ddi_prop_update_int64_array(dev, dip, name, &data, 1);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_int64);

/**
 * ddi_prop_update_int_array() - create or replace integers
 * @dev: device number they belong to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: name of the property
 * @data: the values
 * @nelements: how many
 *
 * ddi_prop_update_int_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_int_array(dev_t dev, dev_info_t *dip, char *name,
			      int *data, uint_t nelements)
{
	return set_prop(dev, dip, name, DDI_PROP_INT, data,
			nelements * sizeof(*data), false);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_int_array);

/**
 * ddi_prop_update_int64_array() - create or replace integers of 64 bits
 * @dev: device number they belong to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: name of the property
 * @data: the values
 * @nelements: how many
 *
 * ddi_prop_update_int64_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_int64_array(dev_t dev, dev_info_t *dip, char *name,
				s64 *data, uint_t nelements)
{
	return set_prop(dev, dip, name, DDI_PROP_INT64, data,
			nelements * sizeof(*data), false);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_int64_array);

/**
 * ddi_prop_update_byte_array() - create or replace bytes
 * @dev: device number they belong to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: name of the property
 * @data: the values
 * @nelements: how many
 *
 * ddi_prop_update_byte_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_byte_array(dev_t dev, dev_info_t *dip, char *name,
			       uchar_t *data, uint_t nelements)
{
	return set_prop(dev, dip, name, DDI_PROP_BYTE, data, nelements, false);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_byte_array);

/**
 * ddi_prop_update_string() - create or replace a string
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: its name
 * @data: the value
 *
 * ddi_prop_update_string(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_string(dev_t dev, dev_info_t *dip, char *name, char *data)
{
	return ddi_prop_update_string_array(dev, dip, name, &data, 1);
}
EXPORT_SYMBOL_GPL(ddi_prop_update_string);

/**
 * ddi_prop_update_string_array() - create or replace strings
 * @dev: device number they belong to, or DDI_DEV_T_NONE
 * @dip: the instance
 * @name: name of the property
 * @data: the values
 * @nelements: how many
 *
 * ddi_prop_update_string_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS, DDI_PROP_NO_MEMORY or DDI_PROP_INVAL_ARG.
 */
int ddi_prop_update_string_array(dev_t dev, dev_info_t *dip, char *name,
				 char **data, uint_t nelements)
{
	size_t len = 0, size;
	char *text, *to;
	uint_t i;
	int err;

	if (!data)
		return DDI_PROP_INVAL_ARG;
	for (i = 0; i < nelements; i++) {
		if (!data[i])
			return DDI_PROP_INVAL_ARG;
		len += strlen(data[i]) + 1;
	}

	text = kmalloc(len, GFP_KERNEL);
	if (!text)
		return DDI_PROP_NO_MEMORY;
	to = text;
	for (i = 0; i < nelements; i++) {
		size = strlen(data[i]) + 1;
		memcpy(to, data[i], size);
		to += size;
	}

	err = set_prop(dev, dip, name, DDI_PROP_STRING, text, len, false);
	kfree(text);
	return err;
}
EXPORT_SYMBOL_GPL(ddi_prop_update_string_array);
