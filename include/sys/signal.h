/* SPDX-License-Identifier: GPL-2.0 */
/* Signals that drivers send to programs, with the numbers of Linux. */
#ifndef _DEVMAP_SYS_SIGNAL_H
#define _DEVMAP_SYS_SIGNAL_H

/*
 * Linux' own header brings half of the kernel along on some machines. These are
 * the same on all machines but a few that have no devmap.
 */
#undef SIGHUP
#undef SIGINT
#undef SIGQUIT
#undef SIGABRT
#undef SIGBUS
#undef SIGKILL
#undef SIGUSR1
#undef SIGSEGV
#undef SIGUSR2
#undef SIGPIPE
#undef SIGALRM
#undef SIGTERM
#undef SIGIO
#undef SIGPOLL

#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGABRT		6
#define SIGBUS		7
#define SIGKILL		9
#define SIGUSR1		10
#define SIGSEGV		11
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGIO		29
#define SIGPOLL		SIGIO

#endif /* _DEVMAP_SYS_SIGNAL_H */
