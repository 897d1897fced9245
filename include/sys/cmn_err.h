/* SPDX-License-Identifier: GPL-2.0 */
/* Messages: cmn_err(9F). */
#ifndef _DEVMAP_SYS_CMN_ERR_H
#define _DEVMAP_SYS_CMN_ERR_H

#include <linux/stdarg.h>
#include <sys/types.h>

/* level argument */
#define CE_CONT		0	/* goes on with the last message, no newline */
#define CE_NOTE		1
#define CE_WARN		2
#define CE_PANIC	3
#define CE_IGNORE	4

#undef panic

#define cmn_err	devmap_ddi_cmn_err
#define vcmn_err	devmap_ddi_vcmn_err
#define panic	devmap_ddi_panic

void cmn_err(int level, const char *fmt, ...);
void vcmn_err(int level, const char *fmt, va_list ap);
void panic(const char *fmt, ...);

#endif /* _DEVMAP_SYS_CMN_ERR_H */
