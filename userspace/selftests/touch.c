// SPDX-License-Identifier: GPL-2.0
/* Memory accesses that may end in a signal, and time. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

static __thread sigjmp_buf back;
static __thread int armed;

static void on_signal(int sig)
{
	if (armed)
		siglongjmp(back, sig);
	/* An access that was not expected to fail: die of it. */
	signal(sig, SIG_DFL);
}

__attribute__((constructor)) static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* Each returns 0, or the signal that the access ended in. */

int touch_read(const void *addr, u32 *value)
{
	int sig = sigsetjmp(back, 1);
	u32 got;

	if (!sig) {
		armed = 1;
		got = __atomic_load_n((const u32 *)addr, __ATOMIC_SEQ_CST);
		if (value)
			*value = got;
	}
	armed = 0;
	return sig;
}

int touch_write(void *addr, u32 value)
{
	int sig = sigsetjmp(back, 1);

	if (!sig) {
		armed = 1;
		__atomic_store_n((u32 *)addr, value, __ATOMIC_RELEASE);
	}
	armed = 0;
	return sig;
}

/* There has to be a function at @addr. */
int touch_exec(void *addr)
{
	int sig = sigsetjmp(back, 1);

	if (!sig) {
		armed = 1;
		((void (*)(void))addr)();
	}
	armed = 0;
	return sig;
}

int touch(void *addr, int direction)
{
	if (direction == DDI_WRITE)
		return touch_write(addr, 0x5eed);
	if (direction == DDI_EXEC)
		return touch_exec(addr);
	return touch_read(addr, NULL);
}

u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

void sleep_ms(unsigned int ms)
{
	struct timespec ts = {
		.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L,
	};

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* A remark in the test's output. */
void tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("# ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}
