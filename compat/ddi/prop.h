/* SPDX-License-Identifier: GPL-2.0 */
/* Properties of instances. */
#ifndef _DEVMAP_DDI_PROP_H
#define _DEVMAP_DDI_PROP_H

#include <linux/list.h>
#include <sys/types.h>

struct device;

/* What a value is made of. */
enum ddi_prop_type {
	DDI_PROP_RAW,		/* of ddi_prop_create(9F): the driver knows */
	DDI_PROP_BOOLEAN,	/* of length 0 */
	DDI_PROP_INT,
	DDI_PROP_INT64,
	DDI_PROP_STRING,	/* one or more, each with its terminator */
	DDI_PROP_BYTE,
	DDI_PROP_HIDDEN,	/* of ddi_prop_undefine(9F) */
};

/**
 * struct ddi_prop - a property
 * @node: in &ddi_driver.conf or &ddi_instance.props
 * @instance: number of the instance that has it, negative: all have
 * @dev: device number it belongs to, or DDI_DEV_T_NONE
 * @type: what @data is made of
 * @len: bytes of @data
 * @data: the value
 * @name: behind the value
 *
 * Constant but for @node, which has the lock of its list.
 */
struct ddi_prop {
	struct list_head node;
	int instance;
	dev_t dev;
	enum ddi_prop_type type;
	size_t len;
	const char *name;
	u8 data[] __aligned(8);
};

struct ddi_prop *devmap_ddi_prop_alloc(const char *name,
				       enum ddi_prop_type type,
				       const void *data, size_t len);
int devmap_ddi_conf_parse(struct list_head *conf, const char *text);
int devmap_ddi_conf_read(struct list_head *conf, const char *path);
void devmap_ddi_props_free(struct list_head *props);
struct ddi_prop *devmap_ddi_fw_prop(struct device *dev, const char *name,
				    enum ddi_prop_type want, bool parents);

#endif /* _DEVMAP_DDI_PROP_H */
