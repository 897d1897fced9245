// SPDX-License-Identifier: GPL-2.0
/* The same, with a header. */

#include <sys/types.h>
#include <sys/scsi/scsi.h>
