/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many mappings a user has. What they cost is charged to a memory control group, but
 * not every system has such, and what a driver keeps for each may be scarcer than memory.
 */
#ifndef _DEVMAP_USER_H
#define _DEVMAP_USER_H

struct devmap_user;

struct devmap_user *devmap_user_charge(void);
void devmap_user_uncharge(struct devmap_user *user);

#endif /* _DEVMAP_USER_H */
