/* SPDX-License-Identifier: GPL-2.0 */
/* Variable arguments: va_list, va_start(). */
#ifndef _DEVMAP_SYS_VARARGS_H
#define _DEVMAP_SYS_VARARGS_H

#include <linux/stdarg.h>

#endif /* _DEVMAP_SYS_VARARGS_H */
