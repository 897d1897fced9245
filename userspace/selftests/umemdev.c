// SPDX-License-Identifier: GPL-2.0
/*
 * driver/umemdev: one buffer that is read, written, polled and mapped; and what
 * becomes of all that when the device goes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "common.h"
#include "pci.h"
#include "peer.h"
#include "../../driver/umemdev/umemdev_io.h"

#define NODE	"/dev/umemdev@0:buffer"
#define DRIVER	"/sys/bus/platform/drivers/umemdev-pseudo/"
#define SIZE	(16 * P)
#define RW	(PROT_READ | PROT_WRITE)

FIXTURE(umemdev) {
	struct objects base;
	int fd;
};

static int node_open(int flags)
{
	int fd = open(NODE, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(umemdev)
{
	ASSERT_EQ(0, objects_read(&self->base));
	self->fd = node_open(O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN_PARENT(umemdev)
{
	EXPECT_EQ(0, objects_settle(&self->base));
}

static int wait_for_change(int fd)
{
	int n = ioctl(fd, UMEMDEV_WAIT);

	return n < 0 ? -errno : n;
}

static int piece(int fd, int cmd, unsigned long off, void *data,
		 unsigned long len)
{
	struct umemdev_piece up = {
		.up_offset = off, .up_len = len, .up_data = data,
	};

	return ioctl(fd, cmd, &up) ? -errno : 0;
}

static u32 value_at(const void *addr)
{
	u32 value = ~0U;

	touch_read(addr, &value);
	return value;
}

/*
 * read(2) and write(2)
 */

TEST_F(umemdev, read_and_write)
{
	char text[16] = "";
	struct iovec iov[3] = {
		{ text, 2 }, { text + 2, 0 }, { text + 2, 5 },
	};

	EXPECT_EQ(7, pwrite(self->fd, "abcdefg", 7, P - 3));
	EXPECT_EQ(7, pread(self->fd, text, 7, P - 3));
	EXPECT_STREQ("abcdefg", text);
	memset(text, 0, sizeof(text));
	EXPECT_EQ(7, preadv(self->fd, iov, 3, P - 3));
	EXPECT_STREQ("abcdefg", text);

	EXPECT_EQ(3, lseek(self->fd, 3, SEEK_SET));
	EXPECT_EQ(2, write(self->fd, "xy", 2));
	EXPECT_EQ(5, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(2, read(self->fd, text, 2));
	EXPECT_EQ(7, lseek(self->fd, 0, SEEK_CUR));
}

TEST_F(umemdev, the_end_of_the_buffer)
{
	char text[8];

	EXPECT_EQ(SIZE, ioctl(self->fd, UMEMDEV_SIZE));
	EXPECT_EQ(SIZE, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(0, read(self->fd, text, 8));
	EXPECT_EQ(-1, write(self->fd, text, 8));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(SIZE - 3, lseek(self->fd, -3, SEEK_END));
	EXPECT_EQ(3, write(self->fd, "12345678", 8));
	EXPECT_EQ(3, pread(self->fd, text, 8, SIZE - 3));
	EXPECT_EQ(0, memcmp(text, "123", 3));
}

TEST_F(umemdev, bad_memory)
{
	char *two = mmap(NULL, 2 * P, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, two);
	ASSERT_EQ(0, munmap(two + P, P));
	EXPECT_EQ(-1, pread(self->fd, two + P, 4, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pwrite(self->fd, two + P, 4, 0));
	EXPECT_EQ(EFAULT, errno);
	/* Half of it: as on Solaris, an error and not half of a success. */
	EXPECT_EQ(-1, pread(self->fd, two + P - 4, 8, 0));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(umemdev, permissions)
{
	int r = node_open(O_RDONLY), w = node_open(O_WRONLY);
	u32 value = 1;

	ASSERT_LE(0, r);
	ASSERT_LE(0, w);
	EXPECT_EQ(-1, write(r, &value, 4));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-1, read(w, &value, 4));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(-EBADF, piece(r, UMEMDEV_PUT, 0, &value, 4));
	EXPECT_EQ(0, piece(w, UMEMDEV_PUT, 0, &value, 4));
	EXPECT_EQ(-EACCES, dev_map(r, 0, P, RW, MAP_SHARED));
	EXPECT_LT(0, dev_map(r, 0, P, PROT_READ, MAP_SHARED));
	close(r);
	close(w);
}

/*
 * ioctl(2)
 */

TEST_F(umemdev, pieces)
{
	char text[8] = "";

	EXPECT_EQ(0, piece(self->fd, UMEMDEV_PUT, SIZE - 6, "hello", 6));
	EXPECT_EQ(0, piece(self->fd, UMEMDEV_GET, SIZE - 6, text, 6));
	EXPECT_STREQ("hello", text);
	EXPECT_EQ(0, piece(self->fd, UMEMDEV_GET, SIZE, text, 0));
	EXPECT_EQ(-EINVAL, piece(self->fd, UMEMDEV_GET, SIZE - 6, text, 7));
	EXPECT_EQ(-EINVAL, piece(self->fd, UMEMDEV_GET, SIZE + 1, text, 0));
	EXPECT_EQ(-EINVAL, piece(self->fd, UMEMDEV_GET, 8, text, -8UL));
	EXPECT_EQ(-EFAULT, piece(self->fd, UMEMDEV_GET, 0, NULL, 4));
	EXPECT_EQ(-EFAULT, piece(self->fd, UMEMDEV_PUT, 0, NULL, 4));
	EXPECT_EQ(-1, ioctl(self->fd, UMEMDEV_GET, 8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, UMEMDEV_IOC(99)));
	EXPECT_EQ(ENOTTY, errno);
}

/* A kernel address is not what a program may pass, and FKIOCTL nothing it has. */
TEST_F(umemdev, kernel_addresses)
{
	unsigned long kernel = 0xffff888000000000;
	u32 value = 0;

	EXPECT_EQ(-EFAULT, piece(self->fd, UMEMDEV_GET, 0, (void *)kernel, 4));
	EXPECT_EQ(-EFAULT, piece(self->fd, UMEMDEV_PUT, 0, (void *)kernel, 4));
	EXPECT_EQ(-1, ioctl(self->fd, UMEMDEV_GET, kernel));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, piece(self->fd, UMEMDEV_GET, 0, &value, 4));
}

/* A program of 32 bits, whose structure is another one. */
TEST_F(umemdev, compat)
{
	char text[8] = "";
	int status;
	pid_t pid;

	EXPECT_EQ(4, pwrite(self->fd, "from", 4, 2 * P));
	pid = fork();
	if (!pid) {
		execl("/test/umemdev32_helper", "umemdev32_helper", NODE, NULL);
		_exit(126);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(4, pread(self->fd, text, 4, 3 * P));
	EXPECT_STREQ("back", text);
}

/*
 * mmap(2)
 */

TEST_F(umemdev, all_ways_lead_to_one_buffer)
{
	char *a = dev_mmap(self->fd, 0, SIZE), *b;
	struct peer peer;
	u32 value = 0x77;

	ASSERT_NE(NULL, a);
	b = (char *)dev_map(self->fd, P, P, RW, MAP_PRIVATE);
	ASSERT_LT(0, (long)b);
	ASSERT_EQ(0, peer_start(&peer));

	EXPECT_EQ(4, pwrite(self->fd, &value, 4, P));
	EXPECT_EQ(0x77, value_at(a + P));
	EXPECT_EQ(0x77, value_at(b));
	EXPECT_EQ(0, touch_write(b + 4, 0x78));
	EXPECT_EQ(4, pread(self->fd, &value, 4, P + 4));
	EXPECT_EQ(0x78, value);
	EXPECT_EQ(0, peer_write(&peer, (long)b + 8, 0x79));
	EXPECT_EQ(0, piece(self->fd, UMEMDEV_GET, P + 8, &value, 4));
	EXPECT_EQ(0x79, value);
	EXPECT_EQ(0, peer_stop(&peer));
}

TEST_F(umemdev, nothing_else_can_be_mapped)
{
	EXPECT_EQ(-ENXIO, dev_map(self->fd, SIZE, P, RW, MAP_SHARED));
	EXPECT_EQ(-ENXIO, dev_map(self->fd, SIZE - P, 2 * P, RW, MAP_SHARED));
	EXPECT_EQ(0, msync(dev_mmap(self->fd, 0, P), P, MS_SYNC));
}

/* The device is open as long as it is mapped. */
TEST_F(umemdev, mapping_outlives_the_descriptor)
{
	struct objects now;
	void *addr;
	int fd;

	fd = node_open(O_RDWR);
	ASSERT_LE(0, fd);
	addr = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, addr);
	close(fd);
	EXPECT_EQ(0, touch_write(addr, 5));
	EXPECT_EQ(4, pwrite(self->fd, "\6\0\0\0", 4, 0));
	EXPECT_EQ(6, value_at(addr));
	ASSERT_EQ(0, munmap(addr, P));
	ASSERT_EQ(0, objects_read(&now));
	EXPECT_EQ(self->base.segments, now.segments);
}

/*
 * Waiting
 */

/* Each descriptor is a clone that knows what it has seen. */
TEST_F(umemdev, clones)
{
	int other = node_open(O_RDWR | O_NONBLOCK), late;

	ASSERT_LE(0, other);
	EXPECT_EQ(-EAGAIN, wait_for_change(other));
	EXPECT_EQ(1, write(self->fd, "x", 1));
	EXPECT_EQ(0, ioctl(self->fd, UMEMDEV_KICK));
	late = node_open(O_RDWR | O_NONBLOCK);
	ASSERT_LE(0, late);
	EXPECT_EQ(2, wait_for_change(self->fd));
	EXPECT_EQ(2, wait_for_change(other));
	EXPECT_EQ(-EAGAIN, wait_for_change(other));
	EXPECT_EQ(-EAGAIN, wait_for_change(late));
	EXPECT_EQ(0, ioctl(other, UMEMDEV_KICK));
	EXPECT_EQ(1, wait_for_change(self->fd));
	EXPECT_EQ(1, wait_for_change(late));
	close(late);
	close(other);
}

TEST_F(umemdev, clones_come_back)
{
	int fd[8], i, round;

	for (round = 0; round < 300; round++) {
		for (i = 0; i < 8; i++) {
			fd[i] = node_open(O_RDWR);
			ASSERT_LE(0, fd[i]);
		}
		for (i = 0; i < 8; i++)
			close(fd[(i + round) % 8]);
	}
}

struct waiter {
	pthread_t thread;
	int fd;
	int result;
	short revents;
	atomic_int done;
};

static void *wait_in_thread(void *arg)
{
	struct waiter *waiter = arg;

	waiter->result = wait_for_change(waiter->fd);
	waiter->done = 1;
	return NULL;
}

static void *poll_in_thread(void *arg)
{
	struct waiter *waiter = arg;
	struct pollfd p = { .fd = waiter->fd, .events = POLLIN };

	waiter->result = poll(&p, 1, 20000);
	waiter->revents = p.revents;
	waiter->done = 1;
	return NULL;
}

TEST_F(umemdev, waits_for_a_change)
{
	struct waiter waiter = { .fd = self->fd };

	ASSERT_EQ(0, pthread_create(&waiter.thread, NULL, wait_in_thread,
				    &waiter));
	sleep_ms(200);
	EXPECT_EQ(0, waiter.done);
	EXPECT_EQ(0, ioctl(self->fd, UMEMDEV_KICK));
	ASSERT_EQ(0, pthread_join(waiter.thread, NULL));
	EXPECT_EQ(1, waiter.result);
}

static atomic_int caught;

static void on_usr1(int __attribute__((unused)) sig)
{
	caught++;
}

/* A signal ends the wait, or restarts it, as its handler wants. */
TEST_F(umemdev, signals)
{
	struct sigaction action = { .sa_handler = on_usr1 };
	struct waiter waiter = { .fd = self->fd };

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, pthread_create(&waiter.thread, NULL, wait_in_thread,
				    &waiter));
	sleep_ms(200);
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	ASSERT_EQ(0, pthread_join(waiter.thread, NULL));
	EXPECT_EQ(-EINTR, waiter.result);
	EXPECT_EQ(1, caught);

	action.sa_flags = SA_RESTART;
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	waiter.done = 0;
	ASSERT_EQ(0, pthread_create(&waiter.thread, NULL, wait_in_thread,
				    &waiter));
	sleep_ms(200);
	ASSERT_EQ(0, pthread_kill(waiter.thread, SIGUSR1));
	sleep_ms(200);
	EXPECT_EQ(2, caught);
	EXPECT_EQ(0, waiter.done);
	EXPECT_EQ(0, ioctl(self->fd, UMEMDEV_KICK));
	ASSERT_EQ(0, pthread_join(waiter.thread, NULL));
	EXPECT_EQ(1, waiter.result);
}

/*
 * poll(2) and its relatives
 */

static short poll_now(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

TEST_F(umemdev, poll)
{
	struct waiter waiter = { .fd = self->fd };

	EXPECT_EQ(POLLOUT, poll_now(self->fd, POLLIN | POLLOUT));
	EXPECT_EQ(0, poll_now(self->fd, POLLIN | POLLRDNORM));
	ASSERT_EQ(0, pthread_create(&waiter.thread, NULL, poll_in_thread,
				    &waiter));
	sleep_ms(200);
	EXPECT_EQ(0, waiter.done);
	EXPECT_EQ(1, write(self->fd, "x", 1));
	ASSERT_EQ(0, pthread_join(waiter.thread, NULL));
	EXPECT_EQ(1, waiter.result);
	EXPECT_EQ(POLLIN, waiter.revents);

	EXPECT_EQ(POLLIN, poll_now(self->fd, POLLIN));
	EXPECT_EQ(1, wait_for_change(self->fd));
	EXPECT_EQ(0, poll_now(self->fd, POLLIN));
}

TEST_F(umemdev, select)
{
	struct timeval now = {};
	fd_set in, out;

	FD_ZERO(&in);
	FD_SET(self->fd, &in);
	out = in;
	EXPECT_EQ(1, select(self->fd + 1, &in, &out, NULL, &now));
	EXPECT_FALSE(FD_ISSET(self->fd, &in));
	EXPECT_TRUE(FD_ISSET(self->fd, &out));
}

static int epoll_wait_ms(int ep, int ms)
{
	struct epoll_event event;
	int n = epoll_wait(ep, &event, 1, ms);

	return n == 1 ? event.events : n;
}

/*
 * epoll registers once, while the driver has much to report, and still hears of
 * all that comes later.
 */
TEST_F(umemdev, epoll)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ep = epoll_create1(0), i;

	ASSERT_LE(0, ep);
	EXPECT_EQ(1, write(self->fd, "x", 1));
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &event));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(EPOLLIN, epoll_wait_ms(ep, 5000));
		EXPECT_EQ(EPOLLIN, epoll_wait_ms(ep, 0));
		EXPECT_EQ(1, wait_for_change(self->fd));
		EXPECT_EQ(0, epoll_wait_ms(ep, 0));
		EXPECT_EQ(1, write(self->fd, "x", 1));
	}
	close(ep);
}

TEST_F(umemdev, epoll_edges)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int ep = epoll_create1(0), i;

	ASSERT_LE(0, ep);
	EXPECT_EQ(1, write(self->fd, "x", 1));
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &event));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(EPOLLIN, epoll_wait_ms(ep, 5000));
		EXPECT_EQ(0, epoll_wait_ms(ep, 0));
		EXPECT_EQ(1, write(self->fd, "x", 1));
	}
	close(ep);
}

/* Closing what others poll. */
TEST_F(umemdev, epoll_and_close)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ep = epoll_create1(0), i, fd;

	ASSERT_LE(0, ep);
	for (i = 0; i < 100; i++) {
		fd = node_open(O_RDWR);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event));
		EXPECT_EQ(0, ioctl(self->fd, UMEMDEV_KICK));
		EXPECT_EQ(EPOLLIN, epoll_wait_ms(ep, 5000));
		close(fd);
		EXPECT_EQ(0, ioctl(self->fd, UMEMDEV_KICK));
		EXPECT_EQ(0, epoll_wait_ms(ep, 0));
	}
	close(ep);
}

/*
 * The device goes
 */

static int unbind(void)
{
	return file_write(DRIVER "unbind", "umemdev-pseudo.0");
}

static int bind_again(void)
{
	return file_write(DRIVER "bind", "umemdev-pseudo.0");
}

static void expect_shell(struct __test_metadata *_metadata, int fd)
{
	char c;

	EXPECT_EQ(-1, read(fd, &c, 1));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-1, write(fd, &c, 1));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-1, ioctl(fd, UMEMDEV_SIZE));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-ENXIO, dev_map(fd, 0, P, RW, MAP_SHARED));
	EXPECT_EQ(POLLERR | POLLHUP, poll_now(fd, POLLIN | POLLOUT));
}

TEST_F(umemdev, unbind_and_bind)
{
	struct stat before, after;
	void *old, *new;
	int fd, other;

	ASSERT_EQ(0, stat(NODE, &before));
	other = node_open(O_RDWR);
	ASSERT_LE(0, other);
	old = dev_mmap(self->fd, 0, 2 * P);
	ASSERT_NE(NULL, old);
	EXPECT_EQ(0, touch_write(old, 1));

	ASSERT_EQ(0, unbind());
	EXPECT_EQ(-ENOENT, node_open(O_RDWR));
	expect_shell(_metadata, self->fd);
	EXPECT_EQ(SIGBUS, touch_read(old, NULL));
	EXPECT_EQ(SIGBUS, touch_read(old + P, NULL));
	close(other);

	/* The next life of the device has the same name and number. */
	ASSERT_EQ(0, bind_again());
	ASSERT_EQ(0, stat(NODE, &after));
	EXPECT_EQ(before.st_rdev, after.st_rdev);
	fd = node_open(O_RDWR);
	ASSERT_LE(0, fd);
	new = dev_mmap(fd, 0, P);
	ASSERT_NE(NULL, new);
	EXPECT_EQ(0, value_at(new));
	EXPECT_EQ(0, touch_write(new, 7));
	expect_shell(_metadata, self->fd);
	EXPECT_EQ(SIGBUS, touch_read(old, NULL));
	ASSERT_EQ(0, munmap(old, P));
	EXPECT_EQ(7, value_at(new));
	close(fd);
}

/* Who sleeps in the driver, or polls, comes out. */
TEST_F(umemdev, unbind_wakes_all)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct waiter waiter = { .fd = self->fd }, poller = { .fd = self->fd };
	int ep = epoll_create1(0);
	u64 start;

	ASSERT_LE(0, ep);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &event));
	ASSERT_EQ(0, pthread_create(&waiter.thread, NULL, wait_in_thread,
				    &waiter));
	ASSERT_EQ(0, pthread_create(&poller.thread, NULL, poll_in_thread,
				    &poller));
	EXPECT_EQ(0, epoll_wait_ms(ep, 300));
	EXPECT_EQ(0, waiter.done);
	EXPECT_EQ(0, poller.done);

	start = now_ns();
	ASSERT_EQ(0, unbind());
	ASSERT_EQ(0, pthread_join(waiter.thread, NULL));
	ASSERT_EQ(0, pthread_join(poller.thread, NULL));
	EXPECT_GT(5000000000ULL, now_ns() - start);
	EXPECT_EQ(-ENXIO, waiter.result);
	EXPECT_EQ(1, poller.result);
	EXPECT_EQ(POLLERR | POLLHUP, poller.revents);
	EXPECT_EQ(EPOLLERR | EPOLLHUP, epoll_wait_ms(ep, 0));
	ASSERT_EQ(0, bind_again());
	close(ep);
}

#define RACERS	4

static void *race(void *arg)
{
	struct waiter *racer = arg;
	char text[64] = "";
	int fd, i;

	while (!racer->done) {
		fd = node_open(O_RDWR | O_NONBLOCK);
		if (fd < 0)
			continue;
		for (i = 0; i < 20; i++) {
			long addr = dev_map(fd, 0, 2 * P, RW, MAP_SHARED);

			if (addr > 0) {
				touch_write((void *)addr, i);
				munmap((void *)addr, 2 * P);
			}
			pread(fd, text, sizeof(text), 0);
			pwrite(fd, text, sizeof(text), 0);
			wait_for_change(fd);
			poll_now(fd, POLLIN);
		}
		close(fd);
	}
	return NULL;
}

TEST_F_TIMEOUT(umemdev, unbind_races, 120)
{
	struct waiter racers[RACERS] = {};
	int i;

	for (i = 0; i < RACERS; i++)
		ASSERT_EQ(0, pthread_create(&racers[i].thread, NULL, race,
					    &racers[i]));
	for (i = 0; i < 40; i++) {
		sleep_ms(20);
		ASSERT_EQ(0, unbind());
		expect_shell(_metadata, self->fd);
		ASSERT_EQ(0, bind_again());
		close(self->fd);
		self->fd = node_open(O_RDWR);
		ASSERT_LE(0, self->fd);
	}
	for (i = 0; i < RACERS; i++) {
		racers[i].done = 1;
		ASSERT_EQ(0, pthread_join(racers[i].thread, NULL));
	}
}

TEST_HARNESS_MAIN
