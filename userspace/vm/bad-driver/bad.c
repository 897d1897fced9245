// SPDX-License-Identifier: GPL-2.0
/* A driver that wants what is not provided, for the self-test of "make driver". */

#include <sys/types.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>

struct bad {
	ddi_dma_handle_t dma;
};

int
bad_intr(dev_info_t *dip)
{
	int nintrs;

	if (ddi_intr_get_nintrs(dip, DDI_INTR_TYPE_FIXED, &nintrs) != 0)
		return (-1);
	return (ddi_intr_get_nintrs(dip, 0, &nintrs));
}
