/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who has which register set. Solaris' drivers claim nothing, so a set is claimed
 * for the instance when it is first mapped, for the driver or for users:
 * /proc/iomem shows who has it, and a driver does not get what another one has.
 *
 * A driver that uses the native front door has claimed its device itself.
 */
#ifndef _DEVMAP_CLAIM_H
#define _DEVMAP_CLAIM_H

#include <sys/dditypes.h>

struct devmap_claim;
struct resource;

struct devmap_claim *devmap_claim_get(dev_info_t *dip, uint_t rnumber,
				      const struct resource *set);
void devmap_claim_put(struct devmap_claim *claim);
int devmap_claim_for_users(dev_info_t *dip, uint_t rnumber,
			   const struct resource *set);
void devmap_claims_end(dev_info_t *dip);

#endif /* _DEVMAP_CLAIM_H */
