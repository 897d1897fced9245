/* SPDX-License-Identifier: GPL-2.0 */
/* devmap_load(9F) for the layer's own use. */
#ifndef _DEVMAP_LOAD_H
#define _DEVMAP_LOAD_H

#include <sys/types.h>

struct devmap_frame;
struct devmap_handle;
struct devmap_span;

int devmap_load_touched(struct devmap_handle *h, struct devmap_frame *frame,
			const struct devmap_span *touched, uint_t rw);

#endif /* _DEVMAP_LOAD_H */
