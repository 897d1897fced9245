// SPDX-License-Identifier: GPL-2.0
/*
 * Properties from the module parameter props=, which is to an administrator of
 * Linux what driver.conf(5) is to one of Solaris:
 *
 *	props="speed=9600;name=\"x\",y;1:speed=19200;debug"
 *
 * Numbers make an array of int, or of int64_t if one is too large; anything else
 * strings; no value a boolean. "1:" is for instance 1 only. Between quotes nothing
 * separates.
 *
 * A parameter has 1024 characters at most, so "@" and the path of a file will do as well,
 * in which a line ends as a semicolon does, and one that begins with "#" is a comment.
 */

#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kernel_read_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <sys/sunddi.h>

#include <devmap/ddi_model.h>

#include "../linux/kunit.h"
#include "prop.h"

/**
 * devmap_ddi_prop_alloc() - make a property, in no list yet
 * @name: its name
 * @type: what @data is made of
 * @data: the value; NULL: left zeroed
 * @len: its bytes
 *
 * Return: the property, of no device number and all instances; or NULL.
 */
struct ddi_prop *devmap_ddi_prop_alloc(const char *name,
				       enum ddi_prop_type type,
				       const void *data, size_t len)
{
	size_t name_size = strlen(name) + 1;
	struct ddi_prop *prop;

	if (len > INT_MAX)
		return NULL;
	prop = kzalloc(sizeof(*prop) + len + name_size, GFP_KERNEL);
	if (!prop)
		return NULL;

	INIT_LIST_HEAD(&prop->node);
	prop->instance = -1;
	prop->dev = DDI_DEV_T_NONE;
	prop->type = type;
	prop->len = len;
	prop->name = memcpy(prop->data + len, name, name_size);
	if (data)
		memcpy(prop->data, data, len);
	return prop;
}

/**
 * devmap_ddi_props_free() - free all properties of a list
 * @props: the list, which nobody uses
 */
void devmap_ddi_props_free(struct list_head *props)
{
	struct ddi_prop *prop, *next;

	list_for_each_entry_safe(prop, next, props, node)
		kfree(prop);
	INIT_LIST_HEAD(props);
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ddi_props_free);

/* What is longer is no list of properties. */
#define FILE_MAX	0x100000

/* As strsep(), but what is between quotes stays together. */
static char *next_word(char **rest, char separator)
{
	char *word = *rest, *end;
	bool quoted = false;

	if (!word)
		return NULL;
	for (end = word; *end && (quoted || *end != separator); end++)
		quoted ^= *end == '"';
	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	return word;
}

/* A value as a number: what fits in 32 bits with or without a sign is an int. */
static bool parse_number(const char *text, s64 *value)
{
	u64 big;

	if (!kstrtos64(text, 0, value))
		return true;
	if (kstrtou64(text, 0, &big))
		return false;
	*value = big;
	return true;
}

static bool is_int(s64 value)
{
	return value >= INT_MIN && value <= (s64)U32_MAX;
}

static unsigned int count_values(const char *text)
{
	unsigned int nr = 1;

	while ((text = strchr(text, ','))) {
		text++;
		nr++;
	}
	return nr;
}

static struct ddi_prop *make_ints(const char *name, const s64 *values,
				  unsigned int nr)
{
	struct ddi_prop *prop;
	unsigned int i;
	int *ints;

	prop = devmap_ddi_prop_alloc(name, DDI_PROP_INT, NULL,
				     nr * sizeof(*ints));
	if (!prop)
		return NULL;

	ints = (int *)prop->data;
	for (i = 0; i < nr; i++)
		ints[i] = values[i];
	return prop;
}

/* NULL with *is_numeric unset: there is something else among the values. */
static struct ddi_prop *make_numbers(const char *name, char *text,
				     bool *is_numeric)
{
	unsigned int nr = count_values(text), i = 0;
	bool small = true;
	struct ddi_prop *prop = NULL;
	char *copy, *rest, *word;
	s64 *values;

	*is_numeric = true;
	copy = kstrdup(text, GFP_KERNEL);
	values = kcalloc(nr, sizeof(*values), GFP_KERNEL);
	if (!copy || !values)
		goto out;

	rest = copy;
	while (*is_numeric && (word = next_word(&rest, ','))) {
		*is_numeric = parse_number(word, &values[i]);
		small = small && is_int(values[i++]);
	}
	if (!*is_numeric)
		goto out;
	prop = small ? make_ints(name, values, nr) :
		       devmap_ddi_prop_alloc(name, DDI_PROP_INT64, values,
					     nr * sizeof(*values));
out:
	kfree(values);
	kfree(copy);
	return prop;
}

/* Quotes make a string of a number, and are taken off. */
static struct ddi_prop *make_strings(const char *name, char *text)
{
	struct ddi_prop *prop;
	char *to, *word;
	size_t len;

	prop = devmap_ddi_prop_alloc(name, DDI_PROP_STRING, NULL,
				     strlen(text) + 1);
	if (!prop)
		return NULL;

	to = (char *)prop->data;
	while ((word = next_word(&text, ','))) {
		len = strlen(word);
		if (len >= 2 && word[0] == '"' && word[len - 1] == '"') {
			word++;
			len -= 2;
		}
		memcpy(to, word, len);
		to += len;
		*to++ = '\0';
	}
	prop->len = to - (char *)prop->data;
	return prop;
}

static struct ddi_prop *make_values(const char *name, char *text)
{
	struct ddi_prop *prop;
	bool is_numeric;

	if (!text)
		return devmap_ddi_prop_alloc(name, DDI_PROP_BOOLEAN, NULL, 0);

	prop = make_numbers(name, text, &is_numeric);
	return is_numeric ? prop : make_strings(name, text);
}

static bool is_good_name(const char *name)
{
	if (!*name)
		return false;
	while (isgraph(*name) && !strchr("\"=:;", *name))
		name++;
	return !*name;
}

static int parse_one(struct list_head *conf, char *text)
{
	struct ddi_prop *prop;
	int instance = -1;
	char *name, *colon;

	name = strsep(&text, "=");
	colon = strchr(name, ':');
	if (colon) {
		*colon = '\0';
		if (kstrtoint(name, 10, &instance) || instance < 0)
			return -EINVAL;
		name = colon + 1;
	}
	if (!is_good_name(name))
		return -EINVAL;

	prop = make_values(name, text);
	if (!prop)
		return -ENOMEM;
	prop->instance = instance;
	list_add_tail(&prop->node, conf);
	return 0;
}

/**
 * devmap_ddi_conf_parse() - make properties of the parameter props=
 * @conf: where to put them
 * @text: the parameter
 *
 * Return: 0 or a negative errno: -EINVAL, -ENOMEM; properties may be left then.
 */
int devmap_ddi_conf_parse(struct list_head *conf, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy, *rest, *word;
	int err = 0;

	copy = kvmalloc(size, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	rest = memcpy(copy, text, size);
	while (!err && (word = next_word(&rest, ';'))) {
		word = strim(word);
		if (*word)
			err = parse_one(conf, word);
	}
	kvfree(copy);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_ddi_conf_parse);

/* Makes of the lines of a file what devmap_ddi_conf_parse() understands. */
static void join_lines(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (*skip_spaces(line) == '#')
			memset(line, ' ', strlen(line));
		/* strsep() has put an end there. */
		if (text)
			text[-1] = ';';
	}
}

/**
 * devmap_ddi_conf_read() - make properties of a file
 * @conf: where to put them
 * @path: the file
 *
 * Context: Process context; the file is looked for where the process has its root.
 * Return: 0 or a negative errno: also that of reading it.
 */
int devmap_ddi_conf_read(struct list_head *conf, const char *path)
{
	void *data = NULL;
	ssize_t len;
	char *text;
	int err;

	/* Firmware is what security modules know that is nearest to it. */
	len = kernel_read_file_from_path(path, 0, &data, FILE_MAX, NULL,
					 READING_FIRMWARE);
	if (len < 0)
		return len;

	err = -ENOMEM;
	text = kvmalloc(len + 1, GFP_KERNEL);
	if (text) {
		memcpy(text, data, len);
		text[len] = '\0';
		join_lines(text);
		err = devmap_ddi_conf_parse(conf, text);
	}
	kvfree(text);
	vfree(data);
	return err;
}
