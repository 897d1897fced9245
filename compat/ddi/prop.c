// SPDX-License-Identifier: GPL-2.0
/*
 * Properties: ddi_prop_op(9F), ddi_prop_lookup(9F), ddi_prop_update(9F).
 *
 * What the driver has created hides what the administrator says (props=), which hides
 * what the system has.
 */

#include <linux/export.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sys/kmem.h>
#include <sys/sunddi.h>

#include "instance.h"
#include "prop.h"

/*
 * Searching
 */

static bool dev_matches(const struct ddi_prop *prop, dev_t dev)
{
	return dev == DDI_DEV_T_ANY || prop->dev == DDI_DEV_T_NONE ||
	       prop->dev == dev;
}

static struct ddi_prop *copy_of(const struct ddi_prop *prop)
{
	return devmap_ddi_prop_alloc(prop->name, prop->type, prop->data,
				     prop->len);
}

static const struct ddi_prop *find_conf(const struct ddi_instance *inst,
					const char *name)
{
	const struct ddi_prop *prop, *found = NULL;

	/* That of the instance goes before that of all. */
	list_for_each_entry(prop, &inst->driver->conf, node) {
		if (strcmp(prop->name, name))
			continue;
		if (prop->instance == inst->number)
			return prop;
		if (prop->instance < 0)
			found = prop;
	}
	return found;
}

static const struct ddi_prop *find_own(const struct ddi_instance *inst,
				       dev_t dev, const char *name)
{
	const struct ddi_prop *prop;

	list_for_each_entry(prop, &inst->props, node) {
		if (dev_matches(prop, dev) && !strcmp(prop->name, name))
			return prop;
	}
	return NULL;
}

/*
 * A copy of a property, to be freed with kfree(). Returns DDI_PROP_SUCCESS,
 * DDI_PROP_NOT_FOUND, DDI_PROP_UNDEFINED or DDI_PROP_NO_MEMORY.
 */
static int find_prop(dev_t dev, dev_info_t *dip, uint_t flags,
		     const char *name, enum ddi_prop_type want,
		     struct ddi_prop **copy)
{
	struct ddi_instance *inst = devmap_ddi_of(dip);
	const struct ddi_prop *prop;

	*copy = NULL;
	if (!inst || !name || !*name)
		return DDI_PROP_NOT_FOUND;

	down_read(&inst->prop_lock);
	prop = find_own(inst, dev, name) ?: find_conf(inst, name);
	if (prop)
		*copy = copy_of(prop);
	up_read(&inst->prop_lock);

	if (prop && !*copy)
		return DDI_PROP_NO_MEMORY;
	if (*copy && (*copy)->type == DDI_PROP_HIDDEN) {
		kfree(*copy);
		*copy = NULL;
		return DDI_PROP_UNDEFINED;
	}
	if (!*copy && !(flags & DDI_PROP_NOTPROM))
		*copy = devmap_ddi_fw_prop(dip->dev, name, want,
					   !(flags & DDI_PROP_DONTPASS));
	return *copy ? DDI_PROP_SUCCESS : DDI_PROP_NOT_FOUND;
}

/* Elements of @size bytes each that a value consists of; 0: it does not. */
static uint_t elements_of(const struct ddi_prop *prop, enum ddi_prop_type want,
			  size_t size)
{
	if (prop->type != want && prop->type != DDI_PROP_RAW &&
	    want != DDI_PROP_BYTE)
		return 0;
	return prop->len % size ? 0 : prop->len / size;
}

/* The strings of a value; 0: there are none, or the last has no end. */
static uint_t strings_of(const struct ddi_prop *prop)
{
	const char *text = (const char *)prop->data;
	uint_t nr = 0;
	size_t i;

	if ((prop->type != DDI_PROP_STRING && prop->type != DDI_PROP_RAW) ||
	    !prop->len || text[prop->len - 1])
		return 0;
	for (i = 0; i < prop->len; i++)
		nr += !text[i];
	return nr;
}

/**
 * ddi_prop_exists() - is there such a property?
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 *
 * ddi_prop_exists(9F).
 *
 * Context: Process context, may sleep.
 * Return: 1 or 0.
 */
int ddi_prop_exists(dev_t match_dev, dev_info_t *dip, uint_t flags, char *name)
{
	struct ddi_prop *prop;
	int err;

	err = find_prop(match_dev, dip, flags, name, DDI_PROP_RAW, &prop);
	kfree(prop);
	return err == DDI_PROP_SUCCESS;
}
EXPORT_SYMBOL_GPL(ddi_prop_exists);

/**
 * ddi_prop_get_int() - an integer
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @defvalue: what to return if there is none
 *
 * ddi_prop_get_int(9F).
 *
 * Context: Process context, may sleep.
 * Return: the value; 1 for a boolean property; or @defvalue.
 */
int ddi_prop_get_int(dev_t match_dev, dev_info_t *dip, uint_t flags,
		     char *name, int defvalue)
{
	struct ddi_prop *prop;
	int value = defvalue;

	find_prop(match_dev, dip, flags, name, DDI_PROP_INT, &prop);
	if (prop && prop->type == DDI_PROP_BOOLEAN)
		value = 1;
	else if (prop && elements_of(prop, DDI_PROP_INT, sizeof(value)))
		value = *(int *)prop->data;
	kfree(prop);
	return value;
}
EXPORT_SYMBOL_GPL(ddi_prop_get_int);

/**
 * ddi_prop_get_int64() - an integer of 64 bits
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @defvalue: what to return if there is none
 *
 * ddi_prop_get_int64(9F). A value of 32 bits will do.
 *
 * Context: Process context, may sleep.
 * Return: the value, or @defvalue.
 */
s64 ddi_prop_get_int64(dev_t match_dev, dev_info_t *dip, uint_t flags,
		       char *name, s64 defvalue)
{
	struct ddi_prop *prop;
	s64 value = defvalue;

	find_prop(match_dev, dip, flags, name, DDI_PROP_INT64, &prop);
	if (prop && prop->type == DDI_PROP_INT &&
	    elements_of(prop, DDI_PROP_INT, sizeof(int)))
		value = *(int *)prop->data;
	else if (prop && elements_of(prop, DDI_PROP_INT64, sizeof(value)))
		value = *(s64 *)prop->data;
	kfree(prop);
	return value;
}
EXPORT_SYMBOL_GPL(ddi_prop_get_int64);

static int lookup_array(dev_t dev, dev_info_t *dip, uint_t flags,
			const char *name, enum ddi_prop_type want, size_t size,
			void **datap, uint_t *nelementsp)
{
	struct ddi_prop *prop;
	uint_t nr;
	int err;

	err = find_prop(dev, dip, flags, name, want, &prop);
	if (err)
		return err;

	err = DDI_PROP_CANNOT_DECODE;
	nr = elements_of(prop, want, size);
	if (nr) {
		*datap = kmemdup(prop->data, prop->len, GFP_KERNEL);
		*nelementsp = nr;
		err = *datap ? DDI_PROP_SUCCESS : DDI_PROP_NO_MEMORY;
	}
	kfree(prop);
	return err;
}

/**
 * ddi_prop_lookup_int_array() - integers
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @datap: set to the values; for ddi_prop_free()
 * @nelementsp: set to how many
 *
 * ddi_prop_lookup_int_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_lookup_int_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
			      char *name, int **datap, uint_t *nelementsp)
{
	return lookup_array(match_dev, dip, flags, name, DDI_PROP_INT,
			    sizeof(**datap), (void **)datap, nelementsp);
}
EXPORT_SYMBOL_GPL(ddi_prop_lookup_int_array);

/**
 * ddi_prop_lookup_int64_array() - integers of 64 bits
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @datap: set to the values; for ddi_prop_free()
 * @nelementsp: set to how many
 *
 * ddi_prop_lookup_int64_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_lookup_int64_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
				char *name, s64 **datap, uint_t *nelementsp)
{
	return lookup_array(match_dev, dip, flags, name, DDI_PROP_INT64,
			    sizeof(**datap), (void **)datap, nelementsp);
}
EXPORT_SYMBOL_GPL(ddi_prop_lookup_int64_array);

/**
 * ddi_prop_lookup_byte_array() - bytes, of a property of any type
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @datap: set to the values; for ddi_prop_free()
 * @nelementsp: set to how many
 *
 * ddi_prop_lookup_byte_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_lookup_byte_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
			       char *name, uchar_t **datap, uint_t *nelementsp)
{
	return lookup_array(match_dev, dip, flags, name, DDI_PROP_BYTE,
			    sizeof(**datap), (void **)datap, nelementsp);
}
EXPORT_SYMBOL_GPL(ddi_prop_lookup_byte_array);

/**
 * ddi_prop_lookup_string() - a string, the first if there are several
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @datap: set to the string; for ddi_prop_free()
 *
 * ddi_prop_lookup_string(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_lookup_string(dev_t match_dev, dev_info_t *dip, uint_t flags,
			   char *name, char **datap)
{
	struct ddi_prop *prop;
	int err;

	err = find_prop(match_dev, dip, flags, name, DDI_PROP_STRING, &prop);
	if (err)
		return err;

	err = DDI_PROP_CANNOT_DECODE;
	if (strings_of(prop)) {
		*datap = kstrdup((char *)prop->data, GFP_KERNEL);
		err = *datap ? DDI_PROP_SUCCESS : DDI_PROP_NO_MEMORY;
	}
	kfree(prop);
	return err;
}
EXPORT_SYMBOL_GPL(ddi_prop_lookup_string);

/* Pointers and what they point to in one piece, for ddi_prop_free(). */
static char **split_strings(const struct ddi_prop *prop, uint_t nr)
{
	char **strings, *text;
	uint_t i;

	strings = kmalloc(nr * sizeof(*strings) + prop->len, GFP_KERNEL);
	if (!strings)
		return NULL;

	text = memcpy(strings + nr, prop->data, prop->len);
	for (i = 0; i < nr; i++) {
		strings[i] = text;
		text += strlen(text) + 1;
	}
	return strings;
}

/**
 * ddi_prop_lookup_string_array() - strings
 * @match_dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @datap: set to an array of pointers to them; for ddi_prop_free()
 * @nelementsp: set to how many
 *
 * ddi_prop_lookup_string_array(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_lookup_string_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
				 char *name, char ***datap, uint_t *nelementsp)
{
	struct ddi_prop *prop;
	uint_t nr;
	int err;

	err = find_prop(match_dev, dip, flags, name, DDI_PROP_STRING, &prop);
	if (err)
		return err;

	err = DDI_PROP_CANNOT_DECODE;
	nr = strings_of(prop);
	if (nr) {
		*datap = split_strings(prop, nr);
		*nelementsp = nr;
		err = *datap ? DDI_PROP_SUCCESS : DDI_PROP_NO_MEMORY;
	}
	kfree(prop);
	return err;
}
EXPORT_SYMBOL_GPL(ddi_prop_lookup_string_array);

/**
 * ddi_prop_free() - free what a ddi_prop_lookup function returned
 * @datap: it
 *
 * ddi_prop_free(9F).
 *
 * Context: Process context.
 */
void ddi_prop_free(void *datap)
{
	kfree(datap);
}
EXPORT_SYMBOL_GPL(ddi_prop_free);

/*
 * The older functions, which know lengths and no types
 */

static int hand_out(const struct ddi_prop *prop, ddi_prop_op_t prop_op,
		    caddr_t valuep, int room)
{
	void *buf;

	if (prop_op == PROP_LEN || prop_op == PROP_EXISTS)
		return DDI_PROP_SUCCESS;
	if (!valuep)
		return DDI_PROP_INVAL_ARG;

	if (prop_op == PROP_LEN_AND_VAL_BUF) {
		if (room < 0 || prop->len > room)
			return DDI_PROP_BUF_TOO_SMALL;
		memcpy(valuep, prop->data, prop->len);
		return DDI_PROP_SUCCESS;
	}

	/* The driver frees it with kmem_free(9F). */
	buf = prop->len ? devmap_ddi_kmem_alloc(prop->len, 0) : NULL;
	if (buf)
		memcpy(buf, prop->data, prop->len);
	*(void **)valuep = buf;
	return DDI_PROP_SUCCESS;
}

/**
 * ddi_prop_op() - length and value of a property
 * @dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @prop_op: what is wanted
 * @mod_flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @valuep: PROP_LEN_AND_VAL_BUF: where the value goes; PROP_LEN_AND_VAL_ALLOC:
 *	set to the value, for kmem_free(9F)
 * @lengthp: PROP_LEN_AND_VAL_BUF: room at @valuep; set to the length
 *
 * ddi_prop_op(9F). May be the driver's prop_op(9E).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_prop_op(dev_t dev, dev_info_t *dip, ddi_prop_op_t prop_op,
		int mod_flags, char *name, caddr_t valuep, int *lengthp)
{
	struct ddi_prop *prop;
	int err, room;

	err = find_prop(dev, dip, mod_flags, name, DDI_PROP_RAW, &prop);
	if (err)
		return err;

	room = lengthp ? *lengthp : -1;
	err = hand_out(prop, prop_op, valuep, room);
	if (lengthp)
		*lengthp = prop->len;
	kfree(prop);
	return err;
}
EXPORT_SYMBOL_GPL(ddi_prop_op);

/**
 * ddi_getprop() - an integer or boolean
 * @dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @defvalue: what to return if there is none
 *
 * ddi_getprop(9F).
 *
 * Context: Process context, may sleep.
 * Return: the value; 1 for a boolean property; or @defvalue.
 */
int ddi_getprop(dev_t dev, dev_info_t *dip, int flags, char *name,
		int defvalue)
{
	return ddi_prop_get_int(dev, dip, flags, name, defvalue);
}
EXPORT_SYMBOL_GPL(ddi_getprop);

/**
 * ddi_getlongprop() - a value, allocated
 * @dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @valuep: address of a pointer, which is set to the value; for kmem_free(9F)
 * @lengthp: set to its length
 *
 * ddi_getlongprop(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_getlongprop(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int *lengthp)
{
	return ddi_prop_op(dev, dip, PROP_LEN_AND_VAL_ALLOC, flags, name,
			   valuep, lengthp);
}
EXPORT_SYMBOL_GPL(ddi_getlongprop);

/**
 * ddi_getlongprop_buf() - a value, into a buffer
 * @dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @valuep: the buffer
 * @lengthp: its size; set to the length of the value
 *
 * ddi_getlongprop_buf(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_getlongprop_buf(dev_t dev, dev_info_t *dip, int flags, char *name,
			caddr_t valuep, int *lengthp)
{
	return ddi_prop_op(dev, dip, PROP_LEN_AND_VAL_BUF, flags, name, valuep,
			   lengthp);
}
EXPORT_SYMBOL_GPL(ddi_getlongprop_buf);

/**
 * ddi_getproplen() - length of a value
 * @dev: device number, or DDI_DEV_T_ANY
 * @dip: the instance
 * @flags: DDI_PROP_DONTPASS, DDI_PROP_NOTPROM
 * @name: its name
 * @lengthp: set to the length
 *
 * ddi_getproplen(9F).
 *
 * Context: Process context, may sleep.
 * Return: DDI_PROP_SUCCESS or another result.
 */
int ddi_getproplen(dev_t dev, dev_info_t *dip, int flags, char *name,
		   int *lengthp)
{
	return ddi_prop_op(dev, dip, PROP_LEN, flags, name, NULL, lengthp);
}
EXPORT_SYMBOL_GPL(ddi_getproplen);
