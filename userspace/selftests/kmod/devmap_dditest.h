/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devmap_dditest: a driver in Solaris style that does as it is told and remembers
 * how it was called. The record and the script are those of the whole driver, so
 * one instance can tell what became of another.
 *
 * Minor nodes of instance i: "a" (number 16 i), "b" (16 i + 1, for root only) and
 * "clone" (16 i + 2), whose open gives a number from 16 i + 8 on. The number 16 i + 7
 * has no node. Node "b" of instance 1 is for control: opening and closing it is
 * neither scripted nor remembered.
 */
#ifndef _DEVMAP_DDITEST_H
#define _DEVMAP_DDITEST_H

#include <linux/types.h>

enum dditest_op {
	DDITEST_ATTACH,
	DDITEST_DETACH,
	DDITEST_OPEN,
	DDITEST_CLOSE,
	DDITEST_ECHO,
	DDITEST_SEGMAP,
	DDITEST_DEVMAP,
	DDITEST_UNMAP,
	DDITEST_GETINFO,
	DDITEST_PROBE,
	DDITEST_INIT,
	DDITEST_POLL,
	DDITEST_WRITE,
	DDITEST_OPS,
};

/**
 * struct dditest_record - a call
 * @op: which
 * @minor: minor number; attach, detach, probe: of the instance's first
 * @flag: open, close: the flags; echo: the mode; poll: the events
 * @ret: what it returned
 */
struct dditest_record {
	__u32 op;
	__u32 minor;
	__u32 flag;
	__s32 ret;
};

#define DDITEST_RECORDS	64

/**
 * struct dditest_log - the record since the last look
 * @nr: calls
 * @record: the calls
 */
struct dditest_log {
	__u32 nr;
	struct dditest_record record[DDITEST_RECORDS];
};

/**
 * struct dditest_script - what the next calls are to do
 * @open_ret: open(9E) returns this
 * @open_sleeps: calls of open(9E) that sleep until DDITEST_WAKE
 * @close_sleeps: calls of close(9E) that do
 * @open_sig: sleeping calls can be interrupted
 * @detach_refuses: calls of detach(9E) that refuse; negative: all
 * @attach_ret: attach(9E) returns this
 * @probe_ret: probe(9E) returns this
 */
struct dditest_script {
	__s32 open_ret;
	__s32 open_sleeps;
	__s32 close_sleeps;
	__s32 open_sig;
	__s32 detach_refuses;
	__s32 attach_ret;
	__s32 probe_ret;
};

/**
 * struct dditest_prop - a property, as the driver sees it
 * @name: its name
 * @type: 'i' int, 'l' int64_t, 's' string, 'I' ints, 'S' strings, 'b' exists,
 *	'r' raw
 * @ret: DDI_PROP_SUCCESS or another result
 * @nr: elements, or length
 * @value: the integer, or the first
 * @text: the string, or the last; what is raw
 */
struct dditest_prop {
	char name[32];
	__s32 type;
	__s32 ret;
	__u32 nr;
	__s64 value;
	char text[64];
};

/**
 * struct dditest_known - what a driver may know of an instance of it
 * @driver: ddi_driver_name()
 * @name: ddi_get_name()
 * @binding: ddi_binding_name()
 * @node: ddi_node_name()
 * @addr: ddi_get_name_addr()
 * @path: ddi_pathname()
 * @parent: ddi_driver_name() of its parent
 * @parent_path: ddi_pathname() of its parent
 * @root: ddi_driver_name() of its parent's parent
 * @root_path: ddi_pathname() of that
 * @major_name: ddi_major_to_name() of its major number
 * @instance: ddi_get_instance()
 * @nodeid: ddi_get_nodeid()
 * @sid: ddi_dev_is_sid()
 * @slaveonly: ddi_slaveonly()
 * @major: ddi_driver_major()
 * @major_of_name: ddi_name_to_major() of its name
 * @major_of_parent: ddi_driver_major() of its parent
 * @major_of_none: ddi_name_to_major() of a name that no driver has
 * @oddities: what is not as it should be, a bit each; see dt_oddities()
 */
struct dditest_known {
	char driver[32];
	char name[32];
	char binding[32];
	char node[32];
	char addr[64];
	char path[128];
	char parent[32];
	char parent_path[64];
	char root[32];
	char root_path[64];
	char major_name[32];
	__s32 instance;
	__s32 nodeid;
	__s32 sid;
	__s32 slaveonly;
	__u32 major;
	__u32 major_of_name;
	__u32 major_of_parent;
	__u32 major_of_none;
	__u32 oddities;
};

/* As Solaris' drivers number theirs. */
#define DDITEST_IOC(n)	(('T' << 8) | (n))
#define DDITEST_GET_LOG	DDITEST_IOC(1)	/* struct dditest_log */
#define DDITEST_SCRIPT	DDITEST_IOC(2)	/* struct dditest_script */
#define DDITEST_WAKE	DDITEST_IOC(3)	/* all that sleep */
#define DDITEST_SLEEPERS DDITEST_IOC(4)	/* returns how many sleep */
#define DDITEST_DO_ECHO	DDITEST_IOC(5)	/* returns the argument; in the record */
#define DDITEST_FAIL	DDITEST_IOC(6)	/* returns the argument as error */
#define DDITEST_PROP	DDITEST_IOC(7)	/* struct dditest_prop */
#define DDITEST_HANG	DDITEST_IOC(8)	/* sleeps until DDITEST_WAKE, deaf */
#define DDITEST_NODE	DDITEST_IOC(9)	/* makes node "late", number 16 i + 6 */
#define DDITEST_UNNODE	DDITEST_IOC(10)	/* removes it */
#define DDITEST_KNOWN	DDITEST_IOC(11)	/* struct dditest_known */
#define DDITEST_READY	DDITEST_IOC(13)	/* for poll(2): POLLIN and POLLWRNORM, or nothing */
#define DDITEST_CLOSER	DDITEST_IOC(14)	/* ddi_can_receive_sig() in the last close(9E) */
#define DDITEST_WHO	DDITEST_IOC(15)	/* the user of the last call of enum dditest_op */
#define DDITEST_HOARD	DDITEST_IOC(12)	/* keeps so many bytes, in the place of others */

#endif /* _DEVMAP_DDITEST_H */
