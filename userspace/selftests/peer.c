// SPDX-License-Identifier: GPL-2.0
/* A process to command: see peer.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "peer.h"

enum { PEER_MAP, PEER_UNMAP, PEER_READ, PEER_WRITE, PEER_FORK, PEER_EXEC };

struct request {
	int what;
	int fd;
	int prot;
	int flags;
	u64 off;
	size_t len;
	long addr;
	u32 value;
};

struct answer {
	long ret;
	u32 value;
};

static long fork_and_wait(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status ? -EIO : pid;
}

static void obey(const struct request *req, struct answer *answer)
{
	void *addr = (void *)req->addr;

	switch (req->what) {
	case PEER_MAP:
		answer->ret = dev_map(req->fd, req->off, req->len, req->prot,
				      req->flags);
		break;
	case PEER_UNMAP:
		answer->ret = munmap(addr, req->len) ? -errno : 0;
		break;
	case PEER_READ:
		answer->ret = touch_read(addr, &answer->value);
		break;
	case PEER_WRITE:
		answer->ret = touch_write(addr, req->value);
		break;
	case PEER_FORK:
		answer->ret = fork_and_wait();
		break;
	case PEER_EXEC:
		execl("/bin/true", "true", NULL);
		answer->ret = -errno;
		break;
	}
}

static void serve(int sock)
{
	struct request req;
	struct answer answer;

	while (read(sock, &req, sizeof(req)) == sizeof(req)) {
		answer = (struct answer){};
		obey(&req, &answer);
		if (write(sock, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

/*
 * Sockets that lead to peers. A peer ends when its socket is closed, so no
 * other peer may have it, too.
 */
static int open_socks[16] = { [0 ... 15] = -1 };

static void note_sock(int old, int new)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(open_socks); i++) {
		if (open_socks[i] == old) {
			open_socks[i] = new;
			return;
		}
	}
}

static void close_socks(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(open_socks); i++) {
		if (open_socks[i] >= 0)
			close(open_socks[i]);
		open_socks[i] = -1;
	}
}

int peer_start(struct peer *peer)
{
	int socks[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socks))
		return -1;
	peer->pid = fork();
	if (!peer->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(socks[0]);
		close_socks();
		serve(socks[1]);
	}
	close(socks[1]);
	if (peer->pid < 0) {
		close(socks[0]);
		return -1;
	}
	note_sock(-1, socks[0]);
	peer->sock = socks[0];
	return 0;
}

/* Has it exit; returns its wait status. */
int peer_stop(struct peer *peer)
{
	int status = -1;

	note_sock(peer->sock, -1);
	close(peer->sock);
	if (waitpid(peer->pid, &status, 0) != peer->pid)
		return -1;
	return status;
}

static int send_request(struct peer *peer, const struct request *req)
{
	return write(peer->sock, req, sizeof(*req)) == sizeof(*req) ? 0 : -1;
}

/* -EPIPE: it is no longer there. */
long peer_answer(struct peer *peer, u32 *value)
{
	struct answer answer;

	if (read(peer->sock, &answer, sizeof(answer)) != sizeof(answer))
		return -EPIPE;
	if (value)
		*value = answer.value;
	return answer.ret;
}

/* Waits for up to @ms; 1 if peer_answer() would not wait. */
int peer_answered(struct peer *peer, int ms)
{
	struct pollfd fds = { .fd = peer->sock, .events = POLLIN };

	return poll(&fds, 1, ms);
}

static long call(struct peer *peer, const struct request *req, u32 *value)
{
	if (send_request(peer, req))
		return -EPIPE;
	return peer_answer(peer, value);
}

long peer_map(struct peer *peer, int fd, u64 off, size_t len, int prot,
	      int flags)
{
	struct request req = {
		.what = PEER_MAP, .fd = fd, .off = off, .len = len,
		.prot = prot, .flags = flags,
	};

	return call(peer, &req, NULL);
}

long peer_unmap(struct peer *peer, long addr, size_t len)
{
	struct request req = { .what = PEER_UNMAP, .addr = addr, .len = len };

	return call(peer, &req, NULL);
}

int peer_send_read(struct peer *peer, long addr)
{
	struct request req = { .what = PEER_READ, .addr = addr };

	return send_request(peer, &req);
}

int peer_send_write(struct peer *peer, long addr, u32 value)
{
	struct request req = {
		.what = PEER_WRITE, .addr = addr, .value = value,
	};

	return send_request(peer, &req);
}

int peer_read(struct peer *peer, long addr, u32 *value)
{
	if (peer_send_read(peer, addr))
		return -EPIPE;
	return peer_answer(peer, value);
}

int peer_write(struct peer *peer, long addr, u32 value)
{
	if (peer_send_write(peer, addr, value))
		return -EPIPE;
	return peer_answer(peer, NULL);
}

/* 0 if there is no child, and errno says so as it has to. */
int fork_is_refused(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid > 0) {
		tell("there is a child, %d", pid);
		waitpid(pid, NULL, 0);
		return -1;
	}
	if (errno != ENOMEM || waitpid(-1, NULL, 0) != -1 || errno != ECHILD) {
		tell("fork or wait: %s", strerror(errno));
		return -1;
	}
	return 0;
}

/* Forks a child that exits at once; returns its pid. */
long peer_fork_and_wait(struct peer *peer)
{
	struct request req = { .what = PEER_FORK };

	return call(peer, &req, NULL);
}

/* Becomes another program, which ends: -EPIPE if all is well. */
long peer_exec(struct peer *peer)
{
	struct request req = { .what = PEER_EXEC };

	return call(peer, &req, NULL);
}
