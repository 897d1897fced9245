// SPDX-License-Identifier: GPL-2.0
/* Processes that do system calls as they are told: see fuzz.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define PATIENCE_MS	60000

struct worker workers[WORKERS];
/* Made before anybody forks: end 0 is the generator's, 1 the worker's. */
static int sock[WORKERS][2];

static long result(long ret)
{
	return ret == -1 ? -errno : ret;
}

static void serve(int nr);

static long do_fork(int slot)
{
	pid_t pid = fork();

	if (pid)
		return result(pid);
	serve(slot);
	_exit(0);
}

static struct reply work(const struct cmd *cmd)
{
	const u64 *a = cmd->arg;
	struct reply reply = {};
	void *addr = (void *)a[0];

	switch (cmd->work) {
	case W_MMAP:
		reply.ret = result(syscall(SYS_mmap, addr, a[1], a[2], a[3],
					   a[4], a[5]));
		break;
	case W_MUNMAP:
		reply.ret = result(munmap(addr, a[1]));
		break;
	case W_MPROTECT:
		reply.ret = result(mprotect(addr, a[1], a[2]));
		break;
	case W_MREMAP:
		reply.ret = result(syscall(SYS_mremap, addr, a[1], a[2], a[3],
					   a[4]));
		break;
	case W_MADVISE:
		reply.ret = result(madvise(addr, a[1], a[2]));
		break;
	case W_READ:
		reply.ret = touch_read(addr, &reply.value);
		break;
	case W_WRITE:
		reply.ret = touch_write(addr, a[1]);
		break;
	case W_FORK:
		reply.ret = do_fork(a[0]);
		break;
	case W_EXIT:
		_exit(0);
	}
	return reply;
}

static void serve(int nr)
{
	struct reply reply;
	struct cmd cmd;
	ssize_t n;

	for (;;) {
		n = recv(sock[nr][1], &cmd, sizeof(cmd), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof(cmd))
			_exit(1);
		reply = work(&cmd);
		if (send(sock[nr][1], &reply, sizeof(reply), 0) != sizeof(reply))
			_exit(1);
	}
}

static int adopt(int nr, pid_t pid)
{
	workers[nr].pid = pid;
	workers[nr].pidfd = syscall(SYS_pidfd_open, pid, 0);
	return workers[nr].pidfd < 0 ? -1 : 0;
}

/* The first worker, which has nothing mapped. */
int worker_first(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		/* Their children have nobody who waits for them. */
		signal(SIGCHLD, SIG_IGN);
		serve(0);
	}
	return adopt(0, pid);
}

int workers_begin(void)
{
	int i;

	for (i = 0; i < WORKERS; i++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sock[i]))
			return -1;
	}
	return worker_first();
}

/* Waits until all that a process had is gone with it. */
int worker_gone(int nr)
{
	struct pollfd poll_fd = {
		.fd = workers[nr].pidfd, .events = POLLIN,
	};
	int ret = poll(&poll_fd, 1, PATIENCE_MS);

	close(workers[nr].pidfd);
	waitpid(workers[nr].pid, NULL, WNOHANG);
	workers[nr].pid = 0;
	return ret == 1 ? 0 : -1;
}

void workers_end(void)
{
	int i;

	for (i = 0; i < WORKERS; i++) {
		if (workers[i].pid) {
			kill(workers[i].pid, SIGKILL);
			worker_gone(i);
		}
		close(sock[i][0]);
		close(sock[i][1]);
	}
}

struct reply worker_do(int nr, enum work work, u64 a, u64 b, u64 c, u64 d,
		       u64 e, u64 f)
{
	struct cmd cmd = { .work = work, .arg = { a, b, c, d, e, f } };
	struct pollfd poll_fd = { .fd = sock[nr][0], .events = POLLIN };
	struct reply reply = { .ret = -ETIMEDOUT };

	send(sock[nr][0], &cmd, sizeof(cmd), 0);
	if (work == W_EXIT)
		return (struct reply){};
	if (poll(&poll_fd, 1, PATIENCE_MS) == 1)
		recv(sock[nr][0], &reply, sizeof(reply), 0);
	return reply;
}

/* What fork(2) returned. */
int worker_fork(int nr, int slot)
{
	struct reply reply = worker_do(nr, W_FORK, slot, 0, 0, 0, 0, 0);

	if (reply.ret > 0 && adopt(slot, reply.ret))
		return -ESRCH;
	return reply.ret;
}
