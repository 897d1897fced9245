// SPDX-License-Identifier: GPL-2.0
/*
 * Random system calls on mappings of the devices, in up to four processes, one call
 * at a time: what each returns, every value that is read, and every callback that
 * the driver hears is compared with a model.
 *
 *	fuzz [SEED [OPERATIONS [TEST]]]
 *
 * EFFORT=1000 in the environment makes it 100,000 operations. A failure prints what was
 * done and the arguments that repeat it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "fuzz.h"
#include "olddev.h"

#define SEED		20261121
#define OPERATIONS	10000	/* of all tests together */
#define EPOCH		250	/* operations after which all begins anew */

static const int word_at[WORDS] = { 0, 2048, 4092 };

static u64 state;

/* xorshift64* */
static unsigned int pick(unsigned int n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dULL >> 32) % n;
}

/* What was done in this epoch. */
static char done[EPOCH * 2][100];
static int nr_done;

static void __printf(1, 2) say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (nr_done < EPOCH * 2)
		vsnprintf(done[nr_done++], sizeof(*done), format, args);
	va_end(args);
}

int wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("# ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return -1;
}

static u64 addr_of(int page)
{
	return ARENA + page * P;
}

static int some_worker(void)
{
	int nr = pick(WORKERS);

	while (!workers[nr].pid)
		nr = (nr + 1) % WORKERS;
	return nr;
}

/* A page that is mapped, if there is one; otherwise any. */
static int some_page(int worker)
{
	int page = pick(ARENA_PAGES), i;

	for (i = 0; i < ARENA_PAGES; i++) {
		if (m.page[worker][(page + i) % ARENA_PAGES].map >= 0)
			return (page + i) % ARENA_PAGES;
	}
	return page;
}

/* How many pages from @page on are mapped; with @vma, by the same VMA. */
static int run_length(int worker, int page, bool vma)
{
	const struct page *p = m.page[worker];
	int n = 0;

	while (page + n < ARENA_PAGES && p[page + n].map >= 0 &&
	       (!vma || p[page + n].vma == p[page].vma))
		n++;
	return n;
}

static int map(void)
{
	static const int prots[] = {
		PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ,
		PROT_NONE,
	};
	int worker = some_worker(), dev = pick(DEVS), pages, first, at, i;
	int prot = prots[pick(4)], flags = MAP_SHARED, err = 0;
	bool closed[MAX_MAPS] = {}, fails = false, over = false;
	struct reply reply;

	if (m.dev[dev].fd < 0)
		return 0;
	pages = 1 + pick(pick(3) ? 5 : DEV_PAGES);
	first = pick(DEV_PAGES - pages + 1);
	at = pick(ARENA_PAGES - pages + 1);
	if (dev != OLD && m.dev[dev].conf.called && pick(2))
		flags = MAP_PRIVATE;
	for (i = 0; i < pages; i++)
		over |= m.page[worker][at + i].map >= 0;
	/* What the device refuses: what was there is gone, or not (6.12). */
	if (!over && dev != OLD && !pick(12)) {
		fails = true;
		dev_fail(m.dev[dev].fd, pick(2) ? DMST_OP_MAP : DMST_OP_DEVMAP,
			 1, ENXIO);
	}
	say("worker %d: mmap dev %d %d+%d at %d prot %d flags %d%s", worker, dev,
	    first, pages, at, prot, flags, fails ? ", refused" : "");

	due_close(worker, at, at + pages, closed);
	m.making = map_new(dev, worker);
	m.any = fails;
	reply = worker_do(worker, W_MMAP, addr_of(at), pages * P, prot,
			  flags | MAP_FIXED, m.dev[dev].fd, first * P);
	if (fails ? reply.ret != -ENXIO : reply.ret != (long)addr_of(at))
		return wrong("mmap: %ld", reply.ret);
	m.next_vma++;
	for (i = 0; i < pages && !fails; i++)
		m.page[worker][at + i] = (struct page){
			.map = m.making, .page = first + i, .vma = m.next_vma,
			.prot = prot,
		};
	err = log_apply(false);
	for (i = first; i < first + pages && !err && dev != OLD; i++) {
		if (!handle_at(m.making, i) != fails)
			err = wrong("page %d has %s handle", i,
				    fails ? "a" : "no");
	}
	m.making = -1;
	m.any = false;
	return err;
}

static int unmap(void)
{
	int worker = some_worker(), at = some_page(worker);
	int n = 1 + pick(pick(3) ? 4 : ARENA_PAGES - at);
	bool closed[MAX_MAPS] = {};
	struct reply reply;

	if (n > ARENA_PAGES - at)
		n = ARENA_PAGES - at;
	say("worker %d: munmap %d+%d", worker, at, n);
	due_close(worker, at, at + n, closed);
	if (pick(3)) {
		reply = worker_do(worker, W_MUNMAP, addr_of(at), n * P, 0, 0, 0,
				  0);
		return reply.ret ? wrong("munmap: %ld", reply.ret) :
				   log_apply(false);
	}
	/* Something else comes there instead. */
	reply = worker_do(worker, W_MMAP, addr_of(at), n * P, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (reply.ret != (long)addr_of(at))
		return wrong("mmap of nothing: %ld", reply.ret);
	reply = worker_do(worker, W_MUNMAP, addr_of(at), n * P, 0, 0, 0, 0);
	return reply.ret ? wrong("munmap: %ld", reply.ret) : log_apply(false);
}

/* A call that splits VMAs where flags of theirs change. */
enum change { CHANGE_PROT, CHANGE_RANDOM, CHANGE_KEEP, CHANGE_LEAVE };

static bool changes(const struct page *p, enum change what, int to)
{
	switch (what) {
	case CHANGE_PROT:
		return p->prot != to;
	case CHANGE_RANDOM:
		return p->random != to;
	case CHANGE_KEEP:
		return !p->kept;
	default:
		return !p->left;
	}
}

static void change_pages(int worker, int at, int n, enum change what, int to)
{
	struct page *p = m.page[worker];
	int i;

	for (i = at; i < at + n; i++) {
		if (!changes(&p[i], what, to))
			continue;
		if (i == at || p[i].vma != p[i - 1].vma)
			split_at(worker, i);
		if (i == at + n - 1)
			split_at(worker, i + 1);
	}
	for (i = at; i < at + n; i++) {
		if (what == CHANGE_PROT)
			p[i].prot = to;
		if (what == CHANGE_RANDOM)
			p[i].random = to;
		if (what == CHANGE_KEEP)
			p[i].kept = true;
		if (what == CHANGE_LEAVE)
			p[i].left = true;
	}
}

static int change(void)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE,
	};
	int worker = some_worker(), at = some_page(worker), to = pick(2), n;
	enum change what = pick(2) ? CHANGE_PROT : pick(20) ? 1 + pick(2) :
							      CHANGE_LEAVE;
	struct reply reply;

	n = run_length(worker, at, false);
	if (!n)
		return 0;
	n = 1 + pick(n);
	if (what == CHANGE_PROT) {
		to = prots[pick(4)];
		say("worker %d: mprotect %d+%d %d", worker, at, n, to);
		reply = worker_do(worker, W_MPROTECT, addr_of(at), n * P, to, 0,
				  0, 0);
	} else {
		int advice = what == CHANGE_KEEP ? MADV_KEEPONFORK :
			     what == CHANGE_LEAVE ? MADV_DONTFORK :
			     to ? MADV_RANDOM : MADV_NORMAL;

		say("worker %d: madvise %d+%d %d", worker, at, n, advice);
		reply = worker_do(worker, W_MADVISE, addr_of(at), n * P, advice,
				  0, 0, 0);
	}
	if (reply.ret)
		return wrong("it returned %ld", reply.ret);
	change_pages(worker, at, n, what, to);
	return log_apply(false);
}

/* Page frames are not Linux' own to drop. */
static int drop(void)
{
	int worker = some_worker(), at = some_page(worker);
	struct reply reply;

	if (!run_length(worker, at, false))
		return 0;
	say("worker %d: madvise %d+1 %d", worker, at, MADV_DONTNEED);
	reply = worker_do(worker, W_MADVISE, addr_of(at), P, MADV_DONTNEED, 0, 0,
			  0);
	return reply.ret != -EINVAL ? wrong("it returned %ld", reply.ret) :
				      log_apply(false);
}

static int move(void)
{
	int worker = some_worker(), at = some_page(worker), n, to, i, map;
	struct page *p = m.page[worker], moved[ARENA_PAGES];
	bool closed[MAX_MAPS] = {};
	struct reply reply;

	n = run_length(worker, at, true);
	if (!n)
		return 0;
	n = 1 + pick(n);
	to = pick(ARENA_PAGES - n + 1);
	if (to < at + n && at < to + n)
		return 0;
	say("worker %d: mremap %d+%d to %d", worker, at, n, to);
	due_close(worker, to, to + n, closed);
	reply = worker_do(worker, W_MREMAP, addr_of(at), n * P, n * P,
			  MREMAP_MAYMOVE | MREMAP_FIXED, addr_of(to), 0);
	if (reply.ret != (long)addr_of(to))
		return wrong("mremap: %ld", reply.ret);

	split_at(worker, at);
	split_at(worker, at + n);
	map = p[at].map;
	memcpy(moved, p + at, n * sizeof(*p));
	m.next_vma++;
	for (i = 0; i < n; i++) {
		p[at + i].map = -1;
		p[to + i] = moved[i];
		p[to + i].vma = m.next_vma;
	}
	/* It is a close as well, of what may show more than there is. */
	if (m.map[map].dev != OLD && !closed[map])
		due_gaps(map);
	return log_apply(false);
}

/* mremap(2) to less. */
static int shrink(void)
{
	int worker = some_worker(), at = some_page(worker), n, less;
	bool closed[MAX_MAPS] = {};
	struct reply reply;

	n = run_length(worker, at, true);
	if (n < 2)
		return 0;
	less = 1 + pick(n - 1);
	say("worker %d: mremap %d+%d to %d pages", worker, at, n, less);
	due_close(worker, at + less, at + n, closed);
	reply = worker_do(worker, W_MREMAP, addr_of(at), n * P, less * P, 0, 0,
			  0);
	if (reply.ret != (long)addr_of(at))
		return wrong("mremap: %ld", reply.ret);
	return log_apply(false);
}

/* What an access of a page comes to: a signal, and then no value; or 0. */
static int due_touch(int worker, int page, bool write)
{
	const struct page *p = &m.page[worker][page];
	struct handle *h;
	struct dev *dev;

	if (p->map < 0 || !(p->prot & (write ? PROT_WRITE : PROT_READ)))
		return SIGSEGV;
	dev = &m.dev[m.map[p->map].dev];
	if (m.map[p->map].dev == OLD)
		return 0;
	h = handle_at(p->map, p->page);
	if (!h)
		return wrong("no handle");
	if (!dev->conf.called || h->valid[p->page])
		return 0;
	due_access(h, p->page, 1, 0, write ? DDI_WRITE : DDI_READ);
	if (!pick(25)) {
		dev_fail(dev->fd, DMST_OP_ACCESS, 1, -1);
		return SIGSEGV;
	}
	model_load(h, p->page, 1);
	return 0;
}

static int touch_page(int worker, int page)
{
	int word = pick(WORDS), sig;
	u32 value = pick(1 << 30);
	struct reply reply;
	bool write = pick(2);

	sig = due_touch(worker, page, write);
	say("worker %d: %s page %d word %d%s", worker, write ? "write" : "read",
	    page, word, sig ? ", a signal" : "");
	reply = worker_do(worker, write ? W_WRITE : W_READ,
			  addr_of(page) + word_at[word], value, 0, 0, 0, 0);
	if (reply.ret != sig)
		return wrong("signal %ld, not %d", reply.ret, sig);
	if (!sig && write)
		*value_at(worker, page, word) = value;
	if (!sig && !write && reply.value != *value_at(worker, page, word))
		return wrong("0x%x was read, not 0x%x", reply.value,
			     *value_at(worker, page, word));
	return log_apply(false);
}

static int touch_some(void)
{
	int worker = some_worker();

	return touch_page(worker, pick(20) ? some_page(worker) :
					     pick(ARENA_PAGES));
}

/*
 * An access from outside of @len bytes, which may lie in two pages. Returns how
 * many can be had.
 */
static int due_outside(int worker, int page, int offset, int len, bool write)
{
	const struct page *p = m.page[worker];
	u32 rw = write ? DDI_WRITE : DDI_READ;
	int got = 0, n, pages;
	struct handle *h;

	while (got < len) {
		int at = page + (offset + got) / (int)P;
		int in = (offset + got) % (int)P;

		if (at >= ARENA_PAGES || p[at].map < 0 ||
		    !(p[at].prot & (write ? PROT_WRITE : PROT_READ)))
			break;
		/* To the end of the VMA, and of the handle. */
		n = run_length(worker, at, true) * (int)P - in;
		if (n > len - got)
			n = len - got;
		h = m.map[p[at].map].dev == OLD ? NULL :
			handle_at(p[at].map, p[at].page);
		if (h && n > (h->first + h->pages - p[at].page) * (int)P - in)
			n = (h->first + h->pages - p[at].page) * (int)P - in;
		if (h && m.dev[m.map[h->map].dev].conf.called) {
			pages = (in + n + (int)P - 1) / (int)P;
			due_access(h, p[at].page, pages, DEVMAP_LOCK, rw);
			due_access(h, p[at].page, pages, DEVMAP_UNLOCK, rw);
			model_load(h, p[at].page, pages);
			model_load(h, p[at].page, pages);
		}
		got += n;
	}
	return got;
}

/* Of the words in a buffer, those that were had. */
static int check_words(int worker, int page, int word, const u32 *buf, int got,
		       bool write)
{
	int i;

	for (i = 0; i < got / 4; i++) {
		/* The last word of a page, and the first one of the next. */
		u32 *value = value_at(worker, page + i, i ? 0 : word);

		if (write)
			*value = buf[i];
		else if (*value != buf[i])
			return wrong("0x%x was read, not 0x%x", buf[i], *value);
	}
	return 0;
}

static int outside(void)
{
	int worker = some_worker(), page = some_page(worker), word = pick(WORDS);
	int len = word == WORDS - 1 && pick(2) ? 8 : 4, mem, got, err;
	u32 buf[2] = { pick(1 << 30), pick(1 << 30) };
	u64 addr = addr_of(page) + word_at[word];
	pid_t pid = workers[worker].pid;
	bool write = pick(2);
	ssize_t n;

	say("worker %d: %s by /proc page %d word %d, %d bytes", worker,
	    write ? "write" : "read", page, word, len);
	got = due_outside(worker, page, word_at[word], len, write);
	mem = mem_open(pid);
	if (mem < 0)
		return -1;
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) ||
	    waitpid(pid, NULL, __WALL) != pid)
		return wrong("ptrace: %s", strerror(errno));
	n = write ? mem_write(mem, (void *)addr, buf, len) :
		    mem_read(mem, (void *)addr, buf, len);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	close(mem);
	if (n != (got ?: -EIO))
		return wrong("%zd bytes, not %d", n, got);
	err = check_words(worker, page, word, buf, got, write);
	return err ?: log_apply(false);
}

/* ptrace(2) moves eight bytes: here the last word of a page and what follows. */
static int trace(void)
{
	int worker = some_worker(), page = some_page(worker), got, err;
	u64 addr = addr_of(page) + word_at[WORDS - 1];
	u32 buf[2] = { pick(1 << 30), pick(1 << 30) };
	pid_t pid = workers[worker].pid;
	bool write = pick(2);
	long data, ret;

	say("worker %d: %s by ptrace page %d", worker, write ? "write" : "read",
	    page);
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) ||
	    waitpid(pid, NULL, __WALL) != pid)
		return wrong("ptrace: %s", strerror(errno));
	got = due_outside(worker, page, word_at[WORDS - 1], 8, write);
	memcpy(&data, buf, 8);
	errno = 0;
	if (write) {
		ret = ptrace(PTRACE_POKEDATA, pid, (void *)addr, (void *)data);
	} else {
		data = ptrace(PTRACE_PEEKDATA, pid, (void *)addr, NULL);
		ret = errno ? -1 : 0;
		memcpy(buf, &data, 8);
	}
	err = ret ? errno : 0;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	if (err != (got == 8 ? 0 : EIO))
		return wrong("errno %d, where %d bytes can be had", err, got);
	err = got == 8 || write ?
		check_words(worker, page, WORDS - 1, buf, got, write) : 0;
	return err ?: log_apply(false);
}

/* devmap_unload(9F) of any handle; or a devmap_load(9F), which must not work. */
static int unload(void)
{
	struct handle *h;
	int first, pages, ret;
	long long off, begin;
	bool good, load = !pick(8);
	size_t len;

	if (!m.nr_handles)
		return 0;
	h = &m.handle[pick(m.nr_handles)];
	begin = h->first * (long long)P;
	off = begin + pick(h->pages) * (long long)P + (pick(2) ? 0 : pick(P));
	len = pick(2) ? (1 + pick(h->pages)) * P : pick(2 * P);
	if (!pick(4)) {
		off = 0;
		len = 0;
	}
	if (!pick(10))
		off = pick(2) ? begin - 1 : begin + h->pages * (long long)P;

	first = off / (long long)P;
	pages = len ? (off + (long long)len - 1) / (long long)P - first + 1 :
		      h->first + h->pages - first;
	good = off >= begin && first < h->first + h->pages &&
	       first + pages <= h->first + h->pages;
	if (!off && !len) {
		good = true;
		first = h->first;
		pages = h->pages;
	}
	say("%s handle %u 0x%llx 0x%zx", load ? "load" : "unload", h->nr, off,
	    len);
	ret = load ? dev_load(m.dev[m.map[h->map].dev].fd, h->nr, off, len) :
		     dev_unload(m.dev[m.map[h->map].dev].fd, h->nr, off, len);
	if (load ? !ret : !ret != good)
		return wrong("it returned %d", ret);
	if (good && !load)
		memset(h->valid + first, 0, pages);
	return log_apply(false);
}

static int unload_all(void)
{
	int dev = pick(OLD), i;

	if (m.dev[dev].fd < 0)
		return 0;
	say("unload all of dev %d", dev);
	if (ioctl(m.dev[dev].fd, DMST_UNLOAD_ALL))
		return wrong("it failed");
	for (i = 0; i < m.nr_handles; i++) {
		if (m.map[m.handle[i].map].dev == dev)
			memset(m.handle[i].valid, 0, DEV_PAGES);
	}
	return log_apply(false);
}

/* devmap_dup(9E) of every handle of which the child gets a page. */
static int due_dup(int worker)
{
	bool seen[MAX_MAPS] = {};
	int i, page, nr = 0;

	for (i = 0; i < ARENA_PAGES; i++) {
		const struct page *p = &m.page[worker][i];
		struct handle *h, *last = NULL;

		if (p->map < 0 || p->left || seen[p->map] ||
		    m.map[p->map].dev == OLD)
			continue;
		seen[p->map] = true;
		for (page = 0; page < DEV_PAGES; page++) {
			h = handle_at(p->map, page);
			if (!h || h == last)
				continue;
			last = h;
			m.due[m.nr_due++] = (struct due){
				.op = DMST_OP_DUP, .dev = m.map[p->map].dev,
				.handle = h->nr,
			};
			nr++;
		}
	}
	return nr;
}

static void inherit(int worker, int child)
{
	int i, *map;

	for (i = 0; i < ARENA_PAGES; i++) {
		struct page *p = &m.page[child][i];

		*p = m.page[worker][i];
		if (p->map < 0 || p->left) {
			p->map = -1;
			continue;
		}
		map = &m.child_map[p->map];
		if (*map < 0)
			*map = map_new(m.map[p->map].dev, child);
		p->map = *map;
		p->kept = false;
	}
}

/* A page that has a translation, most probably; or -1. */
static int loaded_page(int worker)
{
	int start = pick(ARENA_PAGES), i;

	for (i = 0; i < ARENA_PAGES; i++) {
		const struct page *p;
		struct handle *h;

		p = &m.page[worker][(start + i) % ARENA_PAGES];
		if (p->map < 0 || m.map[p->map].dev == OLD)
			continue;
		h = handle_at(p->map, p->page);
		if (h && h->valid[p->page])
			return (start + i) % ARENA_PAGES;
	}
	return -1;
}

static int fork_some(void)
{
	int worker = some_worker(), child, i, ret, nr, dev = pick(OLD);
	int probe = pick(3) ? loaded_page(worker) : -1;
	bool fails;

	for (child = 0; child < WORKERS && workers[child].pid; child++)
		;
	if (child == WORKERS)
		return 0;
	for (i = 0; i < MAX_MAPS; i++)
		m.child_map[i] = -1;
	/* What the parent has must be nothing to the child, whatever it asks for. */
	if (probe >= 0 && pick(2)) {
		say("worker %d: madvise %d+1 %d", worker, probe,
		    MADV_KEEPONFORK);
		if (worker_do(worker, W_MADVISE, addr_of(probe), P,
			      MADV_KEEPONFORK, 0, 0, 0).ret)
			return wrong("it failed");
		change_pages(worker, probe, 1, CHANGE_KEEP, 0);
	}
	m.child = child;
	nr = due_dup(worker);
	fails = nr && !pick(6) && m.due[0].dev == dev;
	if (fails)
		dev_fail(m.dev[dev].fd, DMST_OP_DUP, 1, ENXIO);
	say("worker %d: fork %d%s", worker, child, fails ? ", refused" : "");

	ret = worker_fork(worker, child);
	m.any = fails;
	if (fails ? ret != -ENOMEM : ret <= 0)
		return wrong("fork: %d", ret);
	if (log_apply(fails))
		return -1;
	m.any = false;
	m.child = -1;
	if (!fails) {
		inherit(worker, child);
		return probe < 0 ? 0 : touch_page(child, probe);
	}
	for (i = 0; i < m.nr_handles; i++) {
		if (m.map[m.handle[i].map].worker == child)
			return wrong("handle %u of a child that is not",
				     m.handle[i].nr);
	}
	return 0;
}

static int end_worker(int worker, bool killed)
{
	bool closed[MAX_MAPS] = {};

	say("worker %d: %s", worker, killed ? "killed" : "exit");
	due_close(worker, 0, ARENA_PAGES, closed);
	if (killed)
		kill(workers[worker].pid, SIGKILL);
	else
		worker_do(worker, W_EXIT, 0, 0, 0, 0, 0, 0);
	if (worker_gone(worker))
		return wrong("worker %d does not end", worker);
	return log_apply(false);
}

static int exit_some(void)
{
	int worker = some_worker(), i, nr = 0;

	for (i = 0; i < WORKERS; i++)
		nr += !!workers[i].pid;
	if (nr < 2)
		return 0;
	return end_worker(worker, pick(2));
}

static const struct {
	int (*fn)(void);
	int weight;
} operations[] = {
	{ map, 10 }, { unmap, 9 }, { change, 12 }, { drop, 1 }, { move, 8 },
	{ shrink, 2 }, { touch_some, 40 }, { outside, 8 }, { trace, 2 },
	{ unload, 12 }, { unload_all, 1 }, { fork_some, 4 }, { exit_some, 3 },
};

static int one_operation(void)
{
	unsigned int i;
	int nr = 0;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		nr += operations[i].weight;
	nr = pick(nr);
	for (i = 0; nr >= operations[i].weight; i++)
		nr -= operations[i].weight;
	return operations[i].fn();
}

static struct conf some_conf(bool ctx)
{
	struct conf conf = {
		.ctx = ctx, .called = ctx || pick(2), .unloads = !pick(3),
		.chunk = pick(2) ? 0 : 1 + pick(6),
	};

	conf.rest = ctx && !pick(3);
	return conf;
}

static int set_up(int nr, bool ctx)
{
	struct dmst_script script = {
		.nr_regions = 1,
		.log_mask = 1u << DMST_OP_MAP | 1u << DMST_OP_ACCESS |
			    1u << DMST_OP_DUP | 1u << DMST_OP_UNMAP,
		.region = { dev_region(0, DEV_PAGES * P) },
	};
	struct dmst_region *region = &script.region[0];
	struct dev *dev = &m.dev[nr];

	dev->fd = dev_open(nr, O_RDWR);
	if (dev->fd < 0)
		return -1;
	dev->conf = some_conf(ctx);
	region->chunk = dev->conf.chunk * P;
	if (ctx) {
		region->access = DMST_ACCESS_CTXMGT;
		region->flags = DMST_F_CONTENT;
	}
	if (!dev->conf.called)
		region->callbacks &= ~DMST_CB_ACCESS;
	if (dev->conf.rest)
		region->flags |= DMST_F_LOAD_REST;
	if (dev->conf.unloads)
		region->flags |= DMST_F_UNLOAD;
	say("dev %d: %s, chunk %d%s%s", nr, ctx ? "contexts" :
	    dev->conf.called ? "called" : "not called", dev->conf.chunk,
	    dev->conf.rest ? ", loads the rest" : "",
	    dev->conf.unloads ? ", unloads" : "");
	return dev_umem(dev->fd, 0, DEV_PAGES * P) ?:
	       dev_script(dev->fd, &script);
}

static int set_up_old(void)
{
	static const enum old_segmap kinds[] = {
		OLD_SEGMAP_NULL, OLD_SEGMAP_DDI, OLD_SEGMAP_SETUP,
		OLD_SEGMAP_MAPDEV, OLD_SEGMAP_MAPDEV,
	};
	struct old_script script = old_script(kinds[pick(5)], DEV_PAGES);

	script.log_mask = 0;
	m.dev[OLD].fd = old_open(0, O_RDWR);
	say("old device: segmap %u", script.segmap);
	return m.dev[OLD].fd < 0 ? -1 : old_set(m.dev[OLD].fd, &script);
}

/* What is in the memory itself. */
static int check_memory(void)
{
	int dev, page, word;

	for (dev = 0; dev < OLD; dev++) {
		if (m.dev[dev].fd < 0 || m.dev[dev].conf.ctx)
			continue;
		for (page = 0; page < DEV_PAGES; page++) {
			for (word = 0; word < WORDS; word++) {
				if (dev_peek(m.dev[dev].fd, 0, page * P +
					     word_at[word]) !=
				    m.dev[dev].value[page][word])
					return wrong("dev %d page %d word %d",
						     dev, page, word);
			}
		}
	}
	return 0;
}

enum test { CONTEXTS, MEMORY, MIXED, TESTS };

static int begin(enum test test)
{
	int err = 0;

	model_reset();
	m.dev[0].fd = -1;
	m.dev[1].fd = -1;
	m.dev[OLD].fd = -1;
	if (test != MEMORY)
		err = set_up(0, true);
	if (!err)
		err = set_up(1, test == CONTEXTS);
	if (!err && test != CONTEXTS)
		err = set_up_old();
	return err ?: workers_begin();
}

static int end(int err)
{
	int i;

	for (i = 0; i < WORKERS && !err; i++) {
		if (workers[i].pid)
			err = end_worker(i, false);
	}
	workers_end();
	if (!err)
		err = check_memory();
	if (!err && m.nr_handles)
		err = wrong("%d handles are left", m.nr_handles);
	for (i = 0; i < DEVS; i++) {
		if (m.dev[i].fd >= 0)
			close(m.dev[i].fd);
	}
	return err;
}

static int epoch(enum test test, u64 seed, int nr)
{
	struct objects base;
	int err, i;

	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	nr_done = 0;
	err = old_begin(&base) ?: begin(test);
	for (i = 0; i < nr && !err; i++)
		err = one_operation();
	err = end(err);
	if (old_end(&base))
		err = -1;
	if (!err)
		return 0;

	for (i = 0; i < nr_done; i++)
		tell("%s", done[i]);
	tell("again: fuzz %llu %d %d", (unsigned long long)seed, nr, test);
	return err;
}

int main(int argc, char **argv)
{
	static const char * const names[] = { "contexts", "memory", "mixed" };
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : SEED, i;
	int left = effort(OPERATIONS), nr, err;
	int only = argc > 3 ? atoi(argv[3]) : TESTS, test;

	if (argc > 2)
		left = atoi(argv[2]);
	if (only == TESTS)
		left = (left + TESTS - 1) / TESTS;
	ksft_print_header();
	ksft_set_plan(only == TESTS ? TESTS : 1);
	tell("seed %llu", (unsigned long long)seed);
	for (test = 0; test < TESTS; test++) {
		if (only != TESTS && only != test)
			continue;
		err = 0;
		for (nr = left, i = 0; nr > 0 && !err; nr -= EPOCH, i++)
			err = epoch(test, seed + i, nr < EPOCH ? nr : EPOCH);
		ksft_test_result(!err, "%s: %d operations\n", names[test], left);
	}
	ksft_finished();
}
