// SPDX-License-Identifier: GPL-2.0
/*
 * The driver model: who is told of open(2) and close(2), minor nodes, getinfo(9E),
 * properties, and how instances and modules come and go. The device is
 * kmod/dditest.c, which remembers how it was called.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "common.h"
#include "pci.h"
#include "kmod/devmap_dditest.h"

#define NODE(inst, name)	"/dev/dditest@" #inst ":" name
#define DRIVER	"/sys/bus/platform/drivers/dditest-pseudo/"
#define RW	(PROT_READ | PROT_WRITE)

/* From <sys/file.h>, which is the kernel's; libc has some with Linux's values. */
#undef FNDELAY
#undef FAPPEND
#undef FNONBLOCK
#define FREAD		0x01
#define FWRITE		0x02
#define FNDELAY		0x04
#define FAPPEND		0x08
#define FNONBLOCK	0x80
#define FEXCL		0x400
#define FLP64		0x200000

FIXTURE(model) {
	struct objects base;
	int ctl;	/* of instance 1, for what happens to instance 0 */
};

static int node_open(const char *node, int flags)
{
	int fd = open(node, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int script(int ctl, const struct dditest_script *script)
{
	return ioctl(ctl, DDITEST_SCRIPT, script) ? -errno : 0;
}

static int log_clear_all(int ctl)
{
	struct dditest_log log;

	return ioctl(ctl, DDITEST_GET_LOG, &log);
}

FIXTURE_SETUP(model)
{
	struct dditest_script nothing = {};

	ASSERT_EQ(0, objects_read(&self->base));
	self->ctl = node_open(NODE(1, "b"), O_RDWR);
	ASSERT_LE(0, self->ctl);
	ASSERT_EQ(0, script(self->ctl, &nothing));
	ASSERT_EQ(0, log_clear_all(self->ctl));
}

FIXTURE_TEARDOWN_PARENT(model)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static int check(int ctl, const char *where, int line,
		 const struct dditest_record *want, u32 nr)
{
	struct dditest_log log = {};
	u32 i;
	int bad;

	if (ioctl(ctl, DDITEST_GET_LOG, &log))
		return -errno;
	bad = log.nr != nr ||
	      memcmp(log.record, want, nr * sizeof(*want));
	if (!bad)
		return 0;

	tell("%s, line %d: %u calls, not %u:", where, line, log.nr, nr);
	for (i = 0; i < log.nr && i < DDITEST_RECORDS; i++)
		tell("  op %u minor %u flag 0x%x ret %d", log.record[i].op,
		     log.record[i].minor, log.record[i].flag,
		     log.record[i].ret);
	return -1;
}

#define EXPECT_CALLS(ctl, ...) do {					\
	const struct dditest_record want_[] = { __VA_ARGS__ };		\
									\
	EXPECT_EQ(0, check(ctl, __func__, __LINE__, want_,		\
			   ARRAY_SIZE(want_)));				\
} while (0)

#define EXPECT_NO_CALLS(ctl) \
	EXPECT_EQ(0, check(ctl, __func__, __LINE__, NULL, 0))

#define OPEN(m, ...)	{ DDITEST_OPEN, m, FREAD | FWRITE, ##__VA_ARGS__ }
#define CLOSE(m)	{ DDITEST_CLOSE, m, FREAD | FWRITE, 0 }

static int wait_sleepers(int ctl, int nr)
{
	int ms;

	for (ms = 0; ms < 20000; ms++) {
		if (ioctl(ctl, DDITEST_SLEEPERS) == nr)
			return 0;
		sleep_ms(1);
	}
	tell("%d sleepers, not %d", ioctl(ctl, DDITEST_SLEEPERS), nr);
	return -1;
}

static int unbind(void)
{
	return file_write(DRIVER "unbind", "dditest-pseudo.0");
}

static int bind_again(void)
{
	return file_write(DRIVER "bind", "dditest-pseudo.0");
}

/*
 * Nodes
 */

static mode_t mode_of(const char *node)
{
	struct stat st;

	return stat(node, &st) || !S_ISCHR(st.st_mode) ? 0 : st.st_mode & 07777;
}

TEST_F(model, nodes)
{
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
	EXPECT_EQ(0600, mode_of(NODE(0, "b")));
	EXPECT_EQ(0644, mode_of(NODE(1, "a")));
	EXPECT_EQ(0, mode_of(NODE(2, "a")));
	EXPECT_EQ(0, mode_of(NODE(1, "late")));

	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_NODE));
	EXPECT_EQ(0644, mode_of(NODE(1, "late")));
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_NODE));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_UNNODE));
	EXPECT_EQ(0, mode_of(NODE(1, "late")));
}

static dev_t dev_of(const char *node)
{
	struct stat st;

	return stat(node, &st) ? 0 : st.st_rdev;
}

/* Of a number without a node, the driver says whose it is. */
TEST_F(model, getinfo)
{
	dev_t dev = dev_of(NODE(0, "a"));
	int fd;

	ASSERT_EQ(0, minor(dev));
	ASSERT_EQ(0, mknod("/tmp/known", S_IFCHR | 0600,
			   makedev(major(dev), 7)));
	ASSERT_EQ(0, mknod("/tmp/unknown", S_IFCHR | 0600,
			   makedev(major(dev), 6)));
	ASSERT_EQ(0, mknod("/tmp/far", S_IFCHR | 0600,
			   makedev(major(dev), 16 * 99 + 7)));
	fd = node_open("/tmp/known", O_RDWR);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_EQ(-ENXIO, node_open("/tmp/unknown", O_RDWR));
	EXPECT_EQ(-ENXIO, node_open("/tmp/far", O_RDWR));
	EXPECT_CALLS(self->ctl,
		     { DDITEST_GETINFO, 7, 1, 0 }, OPEN(7), CLOSE(7),
		     { DDITEST_GETINFO, 6, 1, -1 },
		     { DDITEST_GETINFO, 16 * 99 + 7, 1, 0 });
	unlink("/tmp/known");
	unlink("/tmp/unknown");
	unlink("/tmp/far");
}

/*
 * Opening and closing
 */

TEST_F(model, last_close_of_a_number)
{
	int a[3], b, i;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		a[i] = node_open(NODE(0, "a"), O_RDWR);
		ASSERT_LE(0, a[i]);
	}
	b = node_open(NODE(0, "b"), O_RDWR);
	ASSERT_LE(0, b);
	EXPECT_CALLS(self->ctl, OPEN(0), OPEN(0), OPEN(0), OPEN(1));

	close(a[1]);
	close(b);
	EXPECT_CALLS(self->ctl, CLOSE(1));
	close(a[0]);
	/* Descriptors of fork(2) and dup(2) are one file. */
	pid = fork();
	if (!pid)
		_exit(0);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	close(dup(a[2]));
	EXPECT_NO_CALLS(self->ctl);
	close(a[2]);
	EXPECT_CALLS(self->ctl, CLOSE(0));
}

TEST_F(model, mapping_counts)
{
	int fd = node_open(NODE(0, "a"), O_RDWR);
	void *addr;

	ASSERT_LE(0, fd);
	addr = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, addr);
	close(fd);
	EXPECT_CALLS(self->ctl, OPEN(0),
		     { DDITEST_SEGMAP, 0, MAP_SHARED, 0 },
		     { DDITEST_DEVMAP, 0, 0, 0 });
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_CALLS(self->ctl, { DDITEST_UNMAP, 0, 0, 0 }, CLOSE(0));
}

TEST_F(model, flags)
{
	int fd;

	fd = node_open(NODE(0, "a"), O_RDONLY | O_NONBLOCK);
	EXPECT_LE(0, fd);
	close(fd);
	fd = node_open(NODE(0, "a"), O_WRONLY | O_EXCL | O_APPEND);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_CALLS(self->ctl,
		     { DDITEST_OPEN, 0, FREAD | FNDELAY | FNONBLOCK, 0 },
		     { DDITEST_CLOSE, 0, FREAD | FNDELAY | FNONBLOCK, 0 },
		     { DDITEST_OPEN, 0, FWRITE | FEXCL | FAPPEND, 0 },
		     { DDITEST_CLOSE, 0, FWRITE | FAPPEND, 0 });
}

TEST_F(model, open_fails)
{
	struct dditest_script fail = { .open_ret = EDOM };
	struct dditest_script silly = { .open_ret = -1 }, nothing = {};

	ASSERT_EQ(0, script(self->ctl, &fail));
	EXPECT_EQ(-EDOM, node_open(NODE(0, "a"), O_RDWR));
	ASSERT_EQ(0, script(self->ctl, &silly));
	EXPECT_EQ(-EINVAL, node_open(NODE(0, "a"), O_RDWR));
	ASSERT_EQ(0, script(self->ctl, &nothing));
	EXPECT_CALLS(self->ctl, OPEN(0, EDOM), OPEN(0, -1));
}

TEST_F(model, clones)
{
	int fd[3], i;
	void *addr;

	for (i = 0; i < 3; i++) {
		fd[i] = node_open(NODE(0, "clone"), O_RDWR);
		ASSERT_LE(0, fd[i]);
	}
	EXPECT_CALLS(self->ctl, OPEN(2), OPEN(2), OPEN(2));

	/* Every entry point gets the clone's number. */
	EXPECT_EQ(5, ioctl(fd[1], DDITEST_DO_ECHO, 5));
	addr = dev_mmap(fd[2], 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_CALLS(self->ctl,
		     { DDITEST_ECHO, 9, FREAD | FWRITE | FLP64, 5 },
		     { DDITEST_SEGMAP, 10, MAP_SHARED, 0 },
		     { DDITEST_DEVMAP, 10, 0, 0 });

	close(fd[1]);
	EXPECT_CALLS(self->ctl, CLOSE(9));
	fd[1] = node_open(NODE(0, "clone"), O_RDWR);
	ASSERT_LE(0, fd[1]);
	EXPECT_EQ(0, ioctl(fd[1], DDITEST_DO_ECHO, 0));
	EXPECT_CALLS(self->ctl, OPEN(2),
		     { DDITEST_ECHO, 9, FREAD | FWRITE | FLP64, 0 });
	for (i = 0; i < 3; i++)
		close(fd[i]);
	EXPECT_CALLS(self->ctl, CLOSE(8), CLOSE(9));
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_CALLS(self->ctl, { DDITEST_UNMAP, 10, 0, 0 }, CLOSE(10));
}

struct opener {
	pthread_t thread;
	const char *node;
	int fd;
	atomic_int done;
};

static void *open_in_thread(void *arg)
{
	struct opener *opener = arg;

	opener->fd = node_open(opener->node, O_RDWR);
	opener->done = 1;
	return NULL;
}

static void *close_in_thread(void *arg)
{
	struct opener *opener = arg;

	close(opener->fd);
	opener->done = 1;
	return NULL;
}

/* Start a thread that sleeps in the driver, as @how says, before this returns. */
static int start(int ctl, const struct dditest_script *how,
		 void *(*run)(void *), struct opener *opener)
{
	return script(ctl, how) ?:
	       -pthread_create(&opener->thread, NULL, run, opener) ?:
	       wait_sleepers(ctl, 1);
}

/* An open that is on its way counts, as it makes close(9E) unnecessary. */
TEST_F(model, pending_open_succeeds)
{
	struct dditest_script sleep = { .open_sleeps = 1 };
	struct opener opener = { .node = NODE(0, "a") };
	int fd = node_open(NODE(0, "a"), O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, start(self->ctl, &sleep, open_in_thread, &opener));
	EXPECT_CALLS(self->ctl, OPEN(0));
	close(fd);
	EXPECT_NO_CALLS(self->ctl);
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	ASSERT_LE(0, opener.fd);
	EXPECT_CALLS(self->ctl, OPEN(0));
	close(opener.fd);
	EXPECT_CALLS(self->ctl, CLOSE(0));
}

TEST_F(model, pending_open_fails)
{
	struct dditest_script sleep = { .open_sleeps = 1, .open_ret = EDOM };
	struct opener opener = { .node = NODE(0, "a") };
	int fd = node_open(NODE(0, "a"), O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, start(self->ctl, &sleep, open_in_thread, &opener));
	close(fd);
	EXPECT_CALLS(self->ctl, OPEN(0));
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	EXPECT_EQ(-EDOM, opener.fd);
	EXPECT_CALLS(self->ctl, OPEN(0, EDOM), CLOSE(0));
}

/* A failure alone is no reason for close(9E); nor is it for a clone's node. */
TEST_F(model, pending_clone)
{
	struct dditest_script sleep = { .open_sleeps = 1 };
	struct opener opener = { .node = NODE(0, "clone") };
	int fd = node_open(NODE(0, "clone"), O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, start(self->ctl, &sleep, open_in_thread, &opener));
	close(fd);
	EXPECT_CALLS(self->ctl, OPEN(2), CLOSE(8));
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	EXPECT_CALLS(self->ctl, OPEN(2));
	close(opener.fd);
	EXPECT_CALLS(self->ctl, CLOSE(8));
}

static void on_usr1(int __attribute__((unused)) sig)
{
}

/* Nobody opens a number while its close(9E) runs. */
TEST_F(model, open_waits_for_close)
{
	struct dditest_script sleep = { .close_sleeps = 1 };
	struct sigaction action = { .sa_handler = on_usr1 };
	struct opener closer = {}, opener = { .node = NODE(0, "a") };
	struct opener killed = { .node = NODE(0, "a") };
	int other;

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	closer.fd = node_open(NODE(0, "a"), O_RDWR);
	ASSERT_LE(0, closer.fd);
	ASSERT_EQ(0, start(self->ctl, &sleep, close_in_thread, &closer));
	ASSERT_EQ(0, pthread_create(&opener.thread, NULL, open_in_thread,
				    &opener));
	ASSERT_EQ(0, pthread_create(&killed.thread, NULL, open_in_thread,
				    &killed));
	sleep_ms(200);
	EXPECT_EQ(0, opener.done);
	EXPECT_CALLS(self->ctl, OPEN(0), CLOSE(0));

	/* Other numbers do not wait, and signals end it. */
	other = node_open(NODE(0, "b"), O_RDWR);
	EXPECT_LE(0, other);
	close(other);
	EXPECT_CALLS(self->ctl, OPEN(1), CLOSE(1));
	ASSERT_EQ(0, pthread_kill(killed.thread, SIGUSR1));
	ASSERT_EQ(0, pthread_join(killed.thread, NULL));
	EXPECT_EQ(-EINTR, killed.fd);

	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(closer.thread, NULL));
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	ASSERT_LE(0, opener.fd);
	EXPECT_CALLS(self->ctl, OPEN(0));
	close(opener.fd);
	EXPECT_CALLS(self->ctl, CLOSE(0));
}

/* A clone may take up a number while it is closed, and go before that is over. */
TEST_F(model, clone_of_a_closing_number)
{
	struct dditest_script sleep = { .close_sleeps = 1 };
	struct opener closer = {};
	int fd;

	closer.fd = node_open(NODE(0, "clone"), O_RDWR);
	ASSERT_LE(0, closer.fd);
	ASSERT_EQ(0, start(self->ctl, &sleep, close_in_thread, &closer));
	EXPECT_CALLS(self->ctl, OPEN(2), CLOSE(8));
	fd = node_open(NODE(0, "clone"), O_RDWR);
	ASSERT_LE(0, fd);
	close(fd);
	/* It is not closed twice at a time. */
	EXPECT_CALLS(self->ctl, OPEN(2));
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(closer.thread, NULL));
	EXPECT_CALLS(self->ctl, CLOSE(8));

	/* The number is as good as new. */
	fd = node_open(NODE(0, "clone"), O_RDWR);
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_CALLS(self->ctl, OPEN(2), CLOSE(8));
}

/* Some drivers name their pollhead only once there is nothing to report any more. */
TEST_F(model, epoll_of_what_is_ready)
{
	struct epoll_event event = { .events = EPOLLIN }, got;
	int i, ep = epoll_create1(0), fd = node_open(NODE(0, "a"), O_RDWR);

	ASSERT_LE(0, ep);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DDITEST_READY, 1L));
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(1, epoll_wait(ep, &got, 1, 5000));
		EXPECT_EQ(EPOLLIN, got.events);
		EXPECT_EQ(0, ioctl(fd, DDITEST_READY, 0L));
		EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
		EXPECT_EQ(0, ioctl(fd, DDITEST_READY, 1L));
	}
	EXPECT_EQ(0, ioctl(fd, DDITEST_READY, 0L));
	close(ep);
	close(fd);
	EXPECT_EQ(0, log_clear_all(self->ctl));
}

/* Bits that have other meanings on Solaris, and such as a driver is not asked for. */
TEST_F(model, poll_bits)
{
	static const struct {
		short asked, driver, answer;
	} cases[] = {
		{ POLLIN, POLLIN, POLLIN },
		{ POLLOUT, POLLOUT, POLLOUT },
		{ POLLWRNORM, POLLOUT, POLLWRNORM },
		{ POLLOUT | POLLWRNORM, POLLOUT, POLLOUT | POLLWRNORM },
		{ POLLIN | POLLWRNORM | POLLERR | POLLHUP, POLLIN | POLLOUT,
		  POLLIN | POLLWRNORM },
	};
	int fd = node_open(NODE(0, "a"), O_RDWR);
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, DDITEST_READY, 1L));
	ASSERT_EQ(0, log_clear_all(self->ctl));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pollfd pfd = { .fd = fd, .events = cases[i].asked };

		/* No wait, so that it is asked once. */
		EXPECT_EQ(1, poll(&pfd, 1, 0));
		EXPECT_EQ(cases[i].answer, pfd.revents);
		EXPECT_CALLS(self->ctl, { DDITEST_POLL, 0, cases[i].driver, 0 });
	}
	EXPECT_EQ(0, ioctl(fd, DDITEST_READY, 0L));
	close(fd);
	EXPECT_EQ(0, log_clear_all(self->ctl));
}

/* A driver that drains in close(9E) must know that no signal will end that. */
TEST_F(model, close_by_exit_has_no_signals)
{
	int status, fd = node_open(NODE(0, "a"), O_RDWR);
	pid_t pid;

	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_EQ(1, ioctl(self->ctl, DDITEST_CLOSER));
	pid = fork();
	if (!pid)
		_exit(node_open(NODE(0, "a"), O_RDWR) < 0);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, ioctl(self->ctl, DDITEST_CLOSER));
	EXPECT_EQ(0, log_clear_all(self->ctl));
}

static void *open_as_somebody(void *arg)
{
	struct opener *opener = arg;

	/* Of this thread alone. */
	if (syscall(SYS_setresuid, 1234, 1234, -1))
		return NULL;
	opener->fd = node_open(opener->node, O_RDWR);
	return NULL;
}

/* A file is its opener's, whoever uses it. */
TEST_F(model, credentials)
{
	struct opener opener = { .node = NODE(0, "a") };
	void *addr;

	ASSERT_EQ(0, chmod(NODE(0, "a"), 0666));
	ASSERT_EQ(0, pthread_create(&opener.thread, NULL, open_as_somebody,
				    &opener));
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	ASSERT_EQ(0, chmod(NODE(0, "a"), 0644));
	ASSERT_LT(0, opener.fd);
	EXPECT_EQ(0, write(opener.fd, "x", 1));
	EXPECT_EQ(1234, ioctl(self->ctl, DDITEST_WHO, DDITEST_WRITE));
	addr = dev_mmap(opener.fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(1234, ioctl(self->ctl, DDITEST_WHO, DDITEST_SEGMAP));
	EXPECT_EQ(0, munmap(addr, P));
	close(opener.fd);
	EXPECT_EQ(1234, ioctl(self->ctl, DDITEST_WHO, DDITEST_CLOSE));
	EXPECT_EQ(0, log_clear_all(self->ctl));
}

/*
 * What an instance knows of itself
 */

TEST_F(model, known)
{
	char line[128];
	struct dditest_known k = {};
	int log = klog_open();

	ASSERT_LE(0, log);
	ASSERT_EQ(0, ioctl(self->ctl, DDITEST_KNOWN, &k));
	EXPECT_STREQ("dditest", k.driver);
	EXPECT_STREQ("dditest", k.name);
	EXPECT_STREQ("dditest", k.binding);
	EXPECT_STREQ("dditest", k.node);
	EXPECT_STREQ("dditest-pseudo.1", k.addr);
	EXPECT_STREQ("/pseudo/dditest@dditest-pseudo.1", k.path);
	EXPECT_STREQ("pseudo", k.parent);
	EXPECT_STREQ("/pseudo", k.parent_path);
	EXPECT_STREQ("rootnex", k.root);
	EXPECT_STREQ("/", k.root_path);
	EXPECT_EQ(1, k.instance);
	/* Without hardware. */
	EXPECT_EQ(-1, k.nodeid);
	EXPECT_EQ(-1, k.sid);
	EXPECT_EQ(-1, k.slaveonly);
	EXPECT_EQ(major(dev_of(NODE(1, "a"))), k.major);
	EXPECT_EQ(k.major, k.major_of_name);
	EXPECT_STREQ("dditest", k.major_name);
	EXPECT_EQ(-1, (int)k.major_of_parent);
	EXPECT_EQ(-1, (int)k.major_of_none);
	EXPECT_EQ(0, k.oddities);
	snprintf(line, sizeof(line), "%s: devmap: dditest1: test of the driver model",
		 k.addr);
	EXPECT_TRUE(klog_has(log, line));
	close(log);
}

/*
 * Entry points
 */

TEST_F(model, ioctl_results)
{
	EXPECT_EQ(0x7fffffff, ioctl(self->ctl, DDITEST_DO_ECHO, 0x7fffffff));
	EXPECT_EQ(-5000, ioctl(self->ctl, DDITEST_DO_ECHO, -5000));
	EXPECT_EQ(12345, ioctl(self->ctl, DDITEST_FAIL, 0));
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_FAIL, ENOSPC));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_FAIL, -1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_FAIL, 100000));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_IOC(99)));
	EXPECT_EQ(ENOTTY, errno);
	/* EINTR without a signal. */
	EXPECT_EQ(-1, ioctl(self->ctl, DDITEST_FAIL, EINTR));
	EXPECT_EQ(EINTR, errno);
}

/* nodev() fails, nulldev() does nothing, nochpoll() is an error. */
TEST_F(model, stubs)
{
	char c;

	EXPECT_EQ(-1, read(self->ctl, &c, 1));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(0, write(self->ctl, &c, 1));
}

/*
 * Instances come and go
 */

TEST_F(model, unbind_in_order)
{
	int a = node_open(NODE(0, "a"), O_RDWR);
	int clone = node_open(NODE(0, "clone"), O_RDONLY);
	void *addr;

	ASSERT_LE(0, a);
	ASSERT_LE(0, clone);
	addr = dev_mmap(a, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(0, touch_write(addr, 1));
	close(a);
	ASSERT_EQ(0, log_clear_all(self->ctl));

	ASSERT_EQ(0, unbind());
	EXPECT_CALLS(self->ctl,
		     { DDITEST_UNMAP, 0, 0, 0 },
		     CLOSE(0),
		     { DDITEST_CLOSE, 8, FREAD, 0 },
		     { DDITEST_DETACH, 0, 0, 0 });
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	EXPECT_EQ(SIGBUS, touch_read(addr, NULL));
	EXPECT_EQ(-1, ioctl(clone, DDITEST_DO_ECHO, 1));
	EXPECT_EQ(ENXIO, errno);
	close(clone);
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_NO_CALLS(self->ctl);

	ASSERT_EQ(0, bind_again());
	EXPECT_CALLS(self->ctl,
		     { DDITEST_PROBE, 0, 0, 0 },
		     { DDITEST_ATTACH, 0, 0, 0 });
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
}

static void *hang_in_thread(void *arg)
{
	struct opener *hanger = arg;

	ioctl(hanger->fd, DDITEST_HANG);
	hanger->done = 1;
	return NULL;
}

static void *unbind_in_thread(void *arg)
{
	struct opener *unbinder = arg;

	unbinder->fd = unbind();
	unbinder->done = 1;
	return NULL;
}

/* Who cannot be woken is waited for; who comes later does not get in. */
TEST_F(model, unbind_waits_for_the_deaf)
{
	struct opener hanger = {}, unbinder = {};
	int other = node_open(NODE(0, "b"), O_RDWR), ms;
	struct dditest_script nothing = {};

	ASSERT_LE(0, other);
	hanger.fd = node_open(NODE(0, "a"), O_RDWR);
	ASSERT_LE(0, hanger.fd);
	ASSERT_EQ(0, start(self->ctl, &nothing, hang_in_thread, &hanger));
	ASSERT_EQ(0, log_clear_all(self->ctl));
	ASSERT_EQ(0, pthread_create(&unbinder.thread, NULL, unbind_in_thread,
				    &unbinder));
	for (ms = 0; ms < 5000; ms++) {
		if (ioctl(other, DDITEST_DO_ECHO, 0) < 0)
			break;
		sleep_ms(1);
	}
	EXPECT_EQ(ENXIO, errno);
	sleep_ms(100);
	EXPECT_EQ(0, unbinder.done);
	ASSERT_EQ(0, ioctl(self->ctl, DDITEST_WAKE));
	ASSERT_EQ(0, pthread_join(hanger.thread, NULL));
	ASSERT_EQ(0, pthread_join(unbinder.thread, NULL));
	EXPECT_EQ(0, unbinder.fd);
	close(hanger.fd);
	close(other);
	ASSERT_EQ(0, bind_again());
}

/* Those who wait for open(9E) or close(9E) of others come out, too. */
TEST_F(model, unbind_wakes_openers)
{
	struct dditest_script sleep = { .open_sleeps = 1, .open_sig = 1 };
	struct opener opener = { .node = NODE(0, "a") };

	ASSERT_EQ(0, start(self->ctl, &sleep, open_in_thread, &opener));
	ASSERT_EQ(0, unbind());
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	EXPECT_EQ(-ENXIO, opener.fd);
	EXPECT_CALLS(self->ctl, OPEN(0, EINTR), { DDITEST_DETACH, 0, 0, 0 });
	ASSERT_EQ(0, bind_again());
}

TEST_F(model, detach_refuses)
{
	struct dditest_script refuse = { .detach_refuses = 2 };
	int ms, bound = -1;

	ASSERT_EQ(0, script(self->ctl, &refuse));
	ASSERT_EQ(0, unbind());
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	EXPECT_CALLS(self->ctl, { DDITEST_DETACH, 0, 0, -1 });
	/* The instance is there, and the device cannot become another one. */
	EXPECT_EQ(-EBUSY, bind_again());
	EXPECT_EQ(-ENOENT, node_open(NODE(0, "a"), O_RDWR));

	for (ms = 0; ms < 20000 && bound; ms += 100) {
		sleep_ms(100);
		bound = bind_again();
	}
	EXPECT_EQ(0, bound);
	EXPECT_LE(1000, ms);
	EXPECT_CALLS(self->ctl,
		     { DDITEST_DETACH, 0, 0, -1 },
		     { DDITEST_DETACH, 0, 0, 0 },
		     { DDITEST_PROBE, 0, 0, 0 },
		     { DDITEST_ATTACH, 0, 0, 0 });
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
}

TEST_F(model, attach_fails)
{
	struct dditest_script fail = { .attach_ret = -1 }, nothing = {};

	ASSERT_EQ(0, unbind());
	ASSERT_EQ(0, script(self->ctl, &fail));
	EXPECT_EQ(-ENXIO, bind_again());
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	EXPECT_CALLS(self->ctl, { DDITEST_DETACH, 0, 0, 0 },
		     { DDITEST_PROBE, 0, 0, 0 },
		     { DDITEST_ATTACH, 0, 0, -1 });

	/* What it had made is gone: the numbers can be had again. */
	ASSERT_EQ(0, script(self->ctl, &nothing));
	ASSERT_EQ(0, bind_again());
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
}

TEST_F(model, probe_fails)
{
	struct dditest_script fail = { .probe_ret = ENXIO };
	struct dditest_script sure = { .probe_ret = 2 };

	ASSERT_EQ(0, unbind());
	ASSERT_EQ(0, script(self->ctl, &fail));
	EXPECT_EQ(-ENODEV, bind_again());
	EXPECT_CALLS(self->ctl, { DDITEST_DETACH, 0, 0, 0 },
		     { DDITEST_PROBE, 0, 0, ENXIO });
	ASSERT_EQ(0, script(self->ctl, &sure));
	EXPECT_EQ(0, bind_again());
	EXPECT_CALLS(self->ctl, { DDITEST_PROBE, 0, 0, 2 },
		     { DDITEST_ATTACH, 0, 0, 0 });
}

/*
 * The module
 */

static int insmod(const char *params)
{
	glob_t found;
	int fd, err;

	if (glob("/modules/*/devmap_dditest.ko", 0, NULL, &found))
		return -ENOENT;
	fd = open(found.gl_pathv[0], O_RDONLY);
	globfree(&found);
	err = syscall(SYS_finit_module, fd, params, 0) ? -errno : 0;
	close(fd);
	return err;
}

static int rmmod(void)
{
	return syscall(SYS_delete_module, "devmap_dditest", O_NONBLOCK) ?
	       -errno : 0;
}

FIXTURE(module) {
	struct objects base;
};

FIXTURE_SETUP(module)
{
	ASSERT_EQ(0, objects_read(&self->base));
}

FIXTURE_TEARDOWN_PARENT(module)
{
	if (access(DRIVER, F_OK))
		EXPECT_EQ(0, insmod(""));
	EXPECT_EQ(0, objects_settle(&self->base));
}

TEST_F(module, stays_while_something_is_open)
{
	int fd = node_open(NODE(0, "a"), O_RDWR);
	void *addr;

	ASSERT_LE(0, fd);
	addr = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, addr);
	EXPECT_EQ(-EWOULDBLOCK, rmmod());
	close(fd);
	EXPECT_EQ(-EWOULDBLOCK, rmmod());
	EXPECT_EQ(0, touch_write(addr, 1));
	ASSERT_EQ(0, munmap(addr, P));
	EXPECT_EQ(0, rmmod());
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	EXPECT_EQ(0, mode_of(NODE(1, "a")));
}

/* A shell is open, too. */
TEST_F(module, stays_while_a_shell_is_open)
{
	int fd = node_open(NODE(0, "a"), O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, unbind());
	EXPECT_EQ(-EWOULDBLOCK, rmmod());
	EXPECT_EQ(-1, ioctl(fd, DDITEST_DO_ECHO, 0));
	close(fd);
	EXPECT_EQ(0, rmmod());
}

TEST_F(module, stays_while_detach_refuses)
{
	struct dditest_script refuse = { .detach_refuses = 2 };
	int ctl = node_open(NODE(1, "b"), O_RDWR), ms, err = -1;

	ASSERT_LE(0, ctl);
	ASSERT_EQ(0, script(ctl, &refuse));
	ASSERT_EQ(0, unbind());
	close(ctl);
	EXPECT_EQ(-EWOULDBLOCK, rmmod());
	for (ms = 0; ms < 20000 && err; ms += 100) {
		sleep_ms(100);
		err = rmmod();
	}
	EXPECT_EQ(0, err);
	EXPECT_LE(1000, ms);
}

/* When it goes in any case, detach(9E) is waited for. */
TEST_F(module, waits_for_detach)
{
	struct dditest_script refuse = { .detach_refuses = 2 };
	int ctl = node_open(NODE(1, "b"), O_RDWR);
	u64 start;

	ASSERT_LE(0, ctl);
	ASSERT_EQ(0, script(ctl, &refuse));
	close(ctl);
	start = now_ns();
	EXPECT_EQ(0, rmmod());
	EXPECT_LE(1900000000ULL, now_ns() - start);
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
}

static void *rmmod_in_thread(void *arg)
{
	struct opener *remover = arg;

	remover->fd = rmmod();
	remover->done = 1;
	return NULL;
}

/* A driver may want to be told by a program that it can go, which takes a node. */
TEST_F(module, waits_for_goodbye)
{
	struct dditest_script refuse = { .detach_refuses = -1 }, agree = {};
	int ctl = node_open(NODE(1, "b"), O_RDWR), a;
	struct opener remover = {};

	ASSERT_LE(0, ctl);
	ASSERT_EQ(0, script(ctl, &refuse));
	close(ctl);
	ASSERT_EQ(0, pthread_create(&remover.thread, NULL, rmmod_in_thread,
				    &remover));
	sleep_ms(1500);
	EXPECT_EQ(0, remover.done);

	/* As good as ever, and kept for as long as it is open. */
	a = node_open(NODE(0, "a"), O_RDWR);
	ctl = node_open(NODE(1, "b"), O_RDWR);
	ASSERT_LE(0, a);
	ASSERT_LE(0, ctl);
	EXPECT_EQ(5, ioctl(a, DDITEST_DO_ECHO, 5));
	ASSERT_EQ(0, script(ctl, &agree));
	close(ctl);
	sleep_ms(1500);
	EXPECT_EQ(0, remover.done);
	EXPECT_EQ(6, ioctl(a, DDITEST_DO_ECHO, 6));
	close(a);
	ASSERT_EQ(0, pthread_join(remover.thread, NULL));
	EXPECT_EQ(0, remover.fd);
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
}

/* As on Solaris, _fini may refuse as long as there are instances. */
TEST_F(module, fini_comes_after_detach)
{
	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod("how=11"));
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
	EXPECT_EQ(0, rmmod());
}

TEST_F(module, waits_for_fini)
{
	u64 start;

	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod("how=2"));
	start = now_ns();
	EXPECT_EQ(0, rmmod());
	EXPECT_LE(1900000000ULL, now_ns() - start);
}

TEST_F(module, init_fails)
{
	ASSERT_EQ(0, rmmod());
	EXPECT_EQ(-EDOM, insmod("how=1"));
	EXPECT_EQ(-EINVAL, insmod("how=3"));
	EXPECT_EQ(-EOPNOTSUPP, insmod("how=4"));
	EXPECT_EQ(-EINVAL, insmod("how=5"));
	EXPECT_EQ(-EXDEV, insmod("how=7"));
	EXPECT_EQ(-EBUSY, insmod("how=8"));
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	EXPECT_EQ(0, insmod(""));
	EXPECT_EQ(0, rmmod());
}

/* What mod_install(9F) has made goes in any case, and the log says why. */
TEST_F(module, forgets_mod_remove)
{
	int log = klog_open();

	ASSERT_LE(0, log);
	ASSERT_EQ(0, rmmod());
	EXPECT_EQ(-EXDEV, insmod("how=9 instances=0"));
	EXPECT_TRUE(klog_has(log, "devmap_dditest: _init(9E) without mod_remove(9F)"));
	EXPECT_EQ(0, insmod("how=10 instances=0"));
	EXPECT_EQ(0, rmmod());
	EXPECT_TRUE(klog_has(log, "devmap_dditest: _fini(9E) without mod_remove(9F)"));
	/* The name and the numbers can be had again. */
	EXPECT_EQ(0, insmod(""));
	EXPECT_EQ(0644, mode_of(NODE(0, "a")));
	EXPECT_EQ(0, rmmod());
	close(log);
}

TEST_F(module, instances)
{
	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod("instances=3"));
	EXPECT_EQ(0644, mode_of(NODE(2, "a")));
	EXPECT_EQ(0, mode_of(NODE(3, "a")));
	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod("instances=0"));
	EXPECT_EQ(0, mode_of(NODE(0, "a")));
	ASSERT_EQ(0, rmmod());
	EXPECT_EQ(-EINVAL, insmod("instances=100000"));
}

static struct dditest_prop prop(int fd, const char *name, int type)
{
	struct dditest_prop prop = { .type = type };

	snprintf(prop.name, sizeof(prop.name), "%s", name);
	if (ioctl(fd, DDITEST_PROP, &prop))
		prop.ret = -errno;
	return prop;
}

#define PROPS	"props=speed=9600;names=left,right;1:speed=0x20;both=admin;" \
		"debug;big=0x100000000,1;0:only=5;quoted=\"7\""

TEST_F(module, properties)
{
	struct dditest_prop p;
	int fd, other;

	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod(PROPS));
	fd = node_open(NODE(0, "a"), O_RDWR);
	other = node_open(NODE(1, "a"), O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_LE(0, other);
	EXPECT_EQ(9600, prop(fd, "speed", 'i').value);
	EXPECT_EQ(0x20, prop(other, "speed", 'i').value);
	EXPECT_EQ(9600, prop(fd, "speed", 'l').value);
	EXPECT_EQ(5, prop(fd, "only", 'i').value);
	EXPECT_EQ(-99, prop(other, "only", 'i').value);
	EXPECT_EQ(0, prop(other, "only", 'b').value);
	EXPECT_EQ(1, prop(fd, "debug", 'i').value);
	EXPECT_EQ(1, prop(fd, "debug", 'b').value);
	EXPECT_EQ(0x100000000, prop(fd, "big", 'l').value);
	EXPECT_EQ(-99, prop(fd, "big", 'i').value);

	p = prop(fd, "names", 'S');
	EXPECT_EQ(0, p.ret);
	EXPECT_EQ(2, p.nr);
	EXPECT_STREQ("right", p.text);
	p = prop(fd, "names", 's');
	EXPECT_EQ(0, p.ret);
	EXPECT_STREQ("left", p.text);
	p = prop(fd, "names", 'r');
	EXPECT_EQ(0, p.ret);
	EXPECT_EQ(sizeof("left\0right"), p.nr);
	EXPECT_EQ(0, memcmp(p.text, "left\0right", p.nr));
	EXPECT_EQ(6, prop(fd, "names", 'I').ret);
	p = prop(fd, "quoted", 's');
	EXPECT_EQ(0, p.ret);
	EXPECT_STREQ("7", p.text);

	/* What the driver has made, which goes before the administrator's. */
	EXPECT_EQ(11, prop(fd, "made", 'i').value);
	p = prop(fd, "both", 's');
	EXPECT_EQ(0, p.ret);
	EXPECT_STREQ("driver", p.text);
	EXPECT_EQ(1, prop(fd, "none", 's').ret);
	close(fd);
	close(other);
}

#define PROPS_FILE	"/tmp/props"

/* A parameter is not longer than 1024 characters; a file is. */
TEST_F(module, properties_of_a_file)
{
	FILE *file = fopen(PROPS_FILE, "w");
	struct dditest_prop p;
	int i, fd;

	ASSERT_NE(NULL, file);
	fputs("# not a property\n  # nor this\nspeed=9600;more=5\n"
	      "text=\"one;two\nlines\"\n\nmany=", file);
	for (i = 0; i < 1000; i++)
		fprintf(file, "%d,", i);
	fputs("1000", file);
	ASSERT_EQ(0, fclose(file));
	ASSERT_EQ(0, rmmod());
	ASSERT_EQ(0, insmod("props=@" PROPS_FILE));
	fd = node_open(NODE(0, "a"), O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(9600, prop(fd, "speed", 'i').value);
	EXPECT_EQ(5, prop(fd, "more", 'i').value);
	p = prop(fd, "text", 's');
	EXPECT_STREQ("one;two;lines", p.text);
	p = prop(fd, "many", 'I');
	EXPECT_EQ(1001, p.nr);
	EXPECT_EQ(0, p.value);
	close(fd);
	ASSERT_EQ(0, rmmod());
	EXPECT_EQ(-ENOENT, insmod("props=@/tmp/nowhere"));
	EXPECT_EQ(0, unlink(PROPS_FILE));
}

TEST_F(module, bad_properties)
{
	ASSERT_EQ(0, rmmod());
	EXPECT_EQ(-EINVAL, insmod("props==5"));
	EXPECT_EQ(-EINVAL, insmod("props=x:speed=5"));
	EXPECT_EQ(-EINVAL, insmod("props=-1:speed=5"));
	EXPECT_EQ(0, insmod("props=;;speed=5;"));
	EXPECT_EQ(0, rmmod());
}

/* Files that are opened and closed while the module comes and goes. */
static void *open_all_the_time(void *arg)
{
	struct opener *opener = arg;
	int fd, i;

	for (i = 0; !opener->done; i++) {
		fd = node_open(NODE(0, "a"), O_RDWR);
		if (fd >= 0)
			close(fd);
		/* Let the other have it, however few CPUs there are. */
		if (!(i % 8))
			sleep_ms(1);
	}
	return NULL;
}

TEST_F_TIMEOUT(module, race, 120)
{
	time_t end = time(NULL) + 60;
	struct opener opener = {};
	int removed = 0, refused = 0;

	ASSERT_EQ(0, pthread_create(&opener.thread, NULL, open_all_the_time,
				    &opener));
	while ((removed < 50 || refused < 50) && time(NULL) < end) {
		if (rmmod()) {
			refused++;
			continue;
		}
		removed++;
		ASSERT_EQ(0, insmod(""));
	}
	opener.done = 1;
	ASSERT_EQ(0, pthread_join(opener.thread, NULL));
	/* It was seen both ways. */
	EXPECT_LT(0, removed);
	EXPECT_LT(0, refused);
	while (rmmod())
		sleep_ms(1);
}

TEST_HARNESS_MAIN
