/* SPDX-License-Identifier: GPL-2.0 */
/*
 * devmap_insider.ko: a driver in Solaris style that looks inside handles and
 * cookies, as a few drivers do, and refuses what is not of the process that is
 * running. Buffer of INSIDER_PAGES pages at offset 0; one process at a time.
 */
#ifndef _DEVMAP_INSIDER_H
#define _DEVMAP_INSIDER_H

#define INSIDER_PAGES	16

/**
 * struct insider_look - what devmap_access(9E) saw the last time
 * @calls: how often it was called since the device was opened
 * @off: of the page that was touched
 * @uoff: dh_uoff of its handle
 * @len: dh_len of its handle
 * @same_as: its address space was that of curproc
 * @same_pvtp: dh_pvtp was the private data
 * @same_cookie: dh_cookie was the buffer's
 * @size: of the buffer, as its cookie says
 * @kept: what the buffer's first word was, read through its cookie
 */
struct insider_look {
	unsigned int calls;
	unsigned long long off;
	unsigned long long uoff;
	unsigned long long len;
	int same_as;
	int same_pvtp;
	int same_cookie;
	unsigned long long size;
	unsigned int kept;
};

#define INSIDER_LOOK	1	/* struct insider_look */

#endif /* _DEVMAP_INSIDER_H */
