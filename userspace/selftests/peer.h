/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Another process that does what the test tells it, one thing at a time. It is
 * forked from the test, with the mappings that the test has at that moment.
 */
#ifndef _SELFTESTS_PEER_H
#define _SELFTESTS_PEER_H

#include <stdint.h>
#include <sys/types.h>

#include "common.h"

struct peer {
	pid_t pid;
	int sock;
};

int peer_start(struct peer *peer);
int peer_stop(struct peer *peer);
int fork_is_refused(void);

/* Each returns what the call does in the other process; -errno on error. */
long peer_map(struct peer *peer, int fd, u64 off, size_t len, int prot,
	      int flags);
long peer_unmap(struct peer *peer, long addr, size_t len);
int peer_read(struct peer *peer, long addr, u32 *value);
int peer_write(struct peer *peer, long addr, u32 value);
long peer_fork_and_wait(struct peer *peer);
long peer_exec(struct peer *peer);

/* The same in two steps; only the second waits. */
int peer_send_read(struct peer *peer, long addr);
int peer_send_write(struct peer *peer, long addr, u32 value);
long peer_answer(struct peer *peer, u32 *value);
int peer_answered(struct peer *peer, int ms);

#endif /* _SELFTESTS_PEER_H */
