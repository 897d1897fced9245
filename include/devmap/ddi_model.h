/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver model's part of <sys/sunddi.h>, which is what drivers include:
 * stubs, instances, minor nodes, soft state, properties, polling.
 *
 * Functions are exported under names of the layer's own, and renamed here.
 */
#ifndef _DEVMAP_DDI_MODEL_H
#define _DEVMAP_DDI_MODEL_H

#include <sys/types.h>
#include <sys/dditypes.h>
#include <sys/ddipropdefs.h>
#include <sys/devops.h>

struct pollhead;

/* flag of ddi_create_minor_node(9F) */
#define CLONE_DEV		1	/* STREAMS: refused */
#define PRIVONLY_DEV		0x10	/* root only, whatever the glue's mode */

/* node_type of ddi_create_minor_node(9F): all are the same to Linux */
#define DDI_PSEUDO		"ddi_pseudo"
#define DDI_NT_SERIAL		"ddi_serial"
#define DDI_NT_BLOCK		"ddi_block"
#define DDI_NT_NET		"ddi_network"
#define DDI_NT_DISPLAY		"ddi_display"
#define DDI_NT_TAPE		"ddi_tape"
#define DDI_NT_AUDIO		"ddi_audio"
#define DDI_NT_NEXUS		"ddi_ctl:devctl"
#define DDI_NT_MOUSE		"ddi_mouse"
#define DDI_NT_KEYBOARD		"ddi_keyboard"
#define DDI_NT_PARALLEL		"ddi_parallel"
#define DDI_NT_PRINTER		"ddi_printer"
#define DDI_NT_UGEN		"ddi_generic:usb"

#define DDI_MAJOR_T_UNKNOWN	((major_t)0)
#define DDI_MAJOR_T_NONE	((major_t)-1)

/* Device numbers of properties: of none in particular; whichever it is */
#define DDI_DEV_T_NONE		((dev_t)-1)
#define DDI_DEV_T_ANY		((dev_t)-2)

/*
 * nodev(9F), nulldev(9F), nochpoll(9F). Without arguments, the first two fit
 * (nearly) any slot. The layer knows them by their address and calls none.
 */
#define nodev			devmap_ddi_nodev
#define nulldev			devmap_ddi_nulldev
#define nochpoll		devmap_ddi_nochpoll
#define ddi_quiesce_not_needed	devmap_ddi_quiesce_not_needed
#define ddi_quiesce_not_supported devmap_ddi_quiesce_not_supported
#ifdef _KERNEL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
extern __typeof__(int ()) nodev, nulldev;
#pragma GCC diagnostic pop
#else
int nodev(void);
int nulldev(void);
#endif
int nochpoll(dev_t dev, short events, int anyyet, short *reventsp,
	     struct pollhead **phpp);
int ddi_quiesce_not_needed(dev_info_t *dip);
int ddi_quiesce_not_supported(dev_info_t *dip);

/* Instances: ddi_get_instance(9F) and so on */
#define ddi_get_instance	devmap_ddi_get_instance
#define ddi_get_name		devmap_ddi_get_name
#define ddi_binding_name	devmap_ddi_binding_name
#define ddi_node_name		devmap_ddi_node_name
#define ddi_driver_name		devmap_ddi_driver_name
#define ddi_get_name_addr	devmap_ddi_get_name_addr
#define ddi_pathname		devmap_ddi_pathname
#define ddi_get_parent		devmap_ddi_get_parent
#define ddi_root_node		devmap_ddi_root_node
#define ddi_get_nodeid		devmap_ddi_get_nodeid
#define ddi_get_driver_private	devmap_ddi_get_driver_private
#define ddi_set_driver_private	devmap_ddi_set_driver_private
#define ddi_driver_major	devmap_ddi_driver_major
#define ddi_name_to_major	devmap_ddi_name_to_major
#define ddi_major_to_name	devmap_ddi_major_to_name
#define ddi_report_dev		devmap_ddi_report_dev
#define ddi_dev_is_sid		devmap_ddi_dev_is_sid
#define ddi_slaveonly		devmap_ddi_slaveonly
int ddi_get_instance(dev_info_t *dip);
char *ddi_get_name(dev_info_t *dip);
char *ddi_binding_name(dev_info_t *dip);
char *ddi_node_name(dev_info_t *dip);
const char *ddi_driver_name(dev_info_t *dip);
char *ddi_get_name_addr(dev_info_t *dip);
char *ddi_pathname(dev_info_t *dip, char *path);
dev_info_t *ddi_get_parent(dev_info_t *dip);
dev_info_t *ddi_root_node(void);
int ddi_get_nodeid(dev_info_t *dip);
void *ddi_get_driver_private(dev_info_t *dip);
void ddi_set_driver_private(dev_info_t *dip, void *data);
major_t ddi_driver_major(dev_info_t *dip);
major_t ddi_name_to_major(char *name);
char *ddi_major_to_name(major_t major);
void ddi_report_dev(dev_info_t *dip);
int ddi_dev_is_sid(dev_info_t *dip);
int ddi_slaveonly(dev_info_t *dip);

/* ddi_create_minor_node(9F) */
#define ddi_create_minor_node	devmap_ddi_create_minor_node
#define ddi_remove_minor_node	devmap_ddi_remove_minor_node
int ddi_create_minor_node(dev_info_t *dip, const char *name, int spec_type,
			  minor_t minor_num, const char *node_type, int flag);
void ddi_remove_minor_node(dev_info_t *dip, const char *name);

/* ddi_soft_state(9F) */
#define ddi_soft_state_init	devmap_ddi_soft_state_init
#define ddi_soft_state_fini	devmap_ddi_soft_state_fini
#define ddi_soft_state_zalloc	devmap_ddi_soft_state_zalloc
#define ddi_get_soft_state	devmap_ddi_get_soft_state
#define ddi_soft_state_free	devmap_ddi_soft_state_free
int ddi_soft_state_init(void **state_p, size_t size, size_t n_items);
void ddi_soft_state_fini(void **state_p);
int ddi_soft_state_zalloc(void *state, int item);
void *ddi_get_soft_state(void *state, int item);
void ddi_soft_state_free(void *state, int item);

#ifdef __sun
/*
 * Solaris has the minor number in the low 32 bits of a dev_t, of which an int is what is
 * left, and drivers rely on it. Nothing else of this type has more than these bits.
 */
#undef ddi_get_soft_state
#define ddi_get_soft_state(state, item) ({				\
	__auto_type item_ = (item);					\
									\
	devmap_ddi_get_soft_state(state,				\
		__builtin_types_compatible_p(__typeof__(item_), dev_t) ? \
			(int)(item_ & 0xfffff) : (int)item_);		\
})
#endif

/* ddi_prop_op(9F) */
#define ddi_prop_op		devmap_ddi_prop_op
#define ddi_getprop		devmap_ddi_getprop
#define ddi_getlongprop		devmap_ddi_getlongprop
#define ddi_getlongprop_buf	devmap_ddi_getlongprop_buf
#define ddi_getproplen		devmap_ddi_getproplen
int ddi_prop_op(dev_t dev, dev_info_t *dip, ddi_prop_op_t prop_op,
		int mod_flags, char *name, caddr_t valuep, int *lengthp);
int ddi_getprop(dev_t dev, dev_info_t *dip, int flags, char *name,
		int defvalue);
int ddi_getlongprop(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int *lengthp);
int ddi_getlongprop_buf(dev_t dev, dev_info_t *dip, int flags, char *name,
			caddr_t valuep, int *lengthp);
int ddi_getproplen(dev_t dev, dev_info_t *dip, int flags, char *name,
		   int *lengthp);

/* ddi_prop_create(9F) */
#define ddi_prop_create		devmap_ddi_prop_create
#define ddi_prop_modify		devmap_ddi_prop_modify
#define ddi_prop_remove		devmap_ddi_prop_remove
#define ddi_prop_remove_all	devmap_ddi_prop_remove_all
#define ddi_prop_undefine	devmap_ddi_prop_undefine
int ddi_prop_create(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int length);
int ddi_prop_modify(dev_t dev, dev_info_t *dip, int flags, char *name,
		    caddr_t valuep, int length);
int ddi_prop_remove(dev_t dev, dev_info_t *dip, char *name);
void ddi_prop_remove_all(dev_info_t *dip);
int ddi_prop_undefine(dev_t dev, dev_info_t *dip, int flags, char *name);

/* ddi_prop_exists(9F), ddi_prop_get_int(9F) */
#define ddi_prop_exists		devmap_ddi_prop_exists
#define ddi_prop_get_int	devmap_ddi_prop_get_int
#define ddi_prop_get_int64	devmap_ddi_prop_get_int64
int ddi_prop_exists(dev_t match_dev, dev_info_t *dip, uint_t flags, char *name);
int ddi_prop_get_int(dev_t match_dev, dev_info_t *dip, uint_t flags,
		     char *name, int defvalue);
s64 ddi_prop_get_int64(dev_t match_dev, dev_info_t *dip, uint_t flags,
		       char *name, s64 defvalue);

/* ddi_prop_lookup(9F) */
#define ddi_prop_lookup_int_array devmap_ddi_prop_lookup_int_array
#define ddi_prop_lookup_int64_array devmap_ddi_prop_lookup_int64_array
#define ddi_prop_lookup_string	devmap_ddi_prop_lookup_string
#define ddi_prop_lookup_string_array devmap_ddi_prop_lookup_string_array
#define ddi_prop_lookup_byte_array devmap_ddi_prop_lookup_byte_array
#define ddi_prop_free		devmap_ddi_prop_free
int ddi_prop_lookup_int_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
			      char *name, int **datap, uint_t *nelementsp);
int ddi_prop_lookup_int64_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
				char *name, s64 **datap, uint_t *nelementsp);
int ddi_prop_lookup_string(dev_t match_dev, dev_info_t *dip, uint_t flags,
			   char *name, char **datap);
int ddi_prop_lookup_string_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
				 char *name, char ***datap, uint_t *nelementsp);
int ddi_prop_lookup_byte_array(dev_t match_dev, dev_info_t *dip, uint_t flags,
			       char *name, uchar_t **datap, uint_t *nelementsp);
void ddi_prop_free(void *datap);

/* ddi_prop_update(9F) */
#define ddi_prop_update_int	devmap_ddi_prop_update_int
#define ddi_prop_update_int64	devmap_ddi_prop_update_int64
#define ddi_prop_update_int_array devmap_ddi_prop_update_int_array
#define ddi_prop_update_int64_array devmap_ddi_prop_update_int64_array
#define ddi_prop_update_string	devmap_ddi_prop_update_string
#define ddi_prop_update_string_array devmap_ddi_prop_update_string_array
#define ddi_prop_update_byte_array devmap_ddi_prop_update_byte_array
int ddi_prop_update_int(dev_t dev, dev_info_t *dip, char *name, int data);
int ddi_prop_update_int64(dev_t dev, dev_info_t *dip, char *name, s64 data);
int ddi_prop_update_int_array(dev_t dev, dev_info_t *dip, char *name,
			      int *data, uint_t nelements);
int ddi_prop_update_int64_array(dev_t dev, dev_info_t *dip, char *name,
				s64 *data, uint_t nelements);
int ddi_prop_update_string(dev_t dev, dev_info_t *dip, char *name, char *data);
int ddi_prop_update_string_array(dev_t dev, dev_info_t *dip, char *name,
				 char **data, uint_t nelements);
int ddi_prop_update_byte_array(dev_t dev, dev_info_t *dip, char *name,
			       uchar_t *data, uint_t nelements);

/* pollwakeup(9F) */
#define pollwakeup		devmap_ddi_pollwakeup
#define pollhead_clean		devmap_ddi_pollhead_clean
void pollwakeup(struct pollhead *php, short event);
void pollhead_clean(struct pollhead *php);

#endif /* _DEVMAP_DDI_MODEL_H */
