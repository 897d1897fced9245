// SPDX-License-Identifier: GPL-2.0
/* The same, with a function that the driver declares itself. */

#include <sys/types.h>
#include <sys/ddi.h>
#include <sys/sunddi.h>
#include <sys/modctl.h>

extern int kstat_create(char *name);

int
_init(void)
{
	return (kstat_create("bad"));
}

int
_fini(void)
{
	return (0);
}
