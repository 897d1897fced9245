/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A mapping of each kind there is, for tests that do the same to all of them: a
 * device of 16 pages, whose page i begins with SCHEME_VALUE + i, but for registers.
 */
#ifndef _SELFTESTS_SCHEME_H
#define _SELFTESTS_SCHEME_H

#include "common.h"

enum scheme {
	SCHEME_PLAIN,		/* umem without callbacks */
	SCHEME_UMEM,		/* umem in handles of four pages */
	SCHEME_CONTEXTS,	/* umem in one handle, with contexts */
	SCHEME_REGS,		/* registers, reserved for write combining */
	SCHEME_MAPDEV,		/* ddi_mapdev(9F) */
	SCHEME_SEGMAP,		/* ddi_segmap(9F) */
};

#define SCHEME_PAGES	16
#define SCHEME_VALUE	0x5c00

struct scheme_dev {
	enum scheme scheme;
	int fd;
};

int scheme_open(struct scheme_dev *dev, enum scheme scheme);
void *scheme_map(const struct scheme_dev *dev, unsigned int first,
		 unsigned int nr);
int scheme_look(const struct scheme_dev *dev, const void *addr,
		unsigned int page);
int scheme_calls(const struct scheme_dev *dev, u64 *access, u64 *unmap);
int scheme_idle(const struct scheme_dev *dev, const struct objects *base);

#endif /* _SELFTESTS_SCHEME_H */
