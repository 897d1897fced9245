/* SPDX-License-Identifier: GPL-2.0 */
/* fuzz: processes that do what they are told, and the model of what comes of it. */
#ifndef _SELFTESTS_FUZZ_H
#define _SELFTESTS_FUZZ_H

#include <sys/types.h>

#include "common.h"

#define WORKERS		4
#define ARENA		0x100000000000UL	/* where they map devices */
#define ARENA_PAGES	96
#define DEV_PAGES	24
#define DEVS		3	/* two of the scriptable kind, one old one */
#define OLD		2	/* the number of that one */
#define WORDS		3	/* of a page that are looked at */

#define MAX_MAPS	4000
#define MAX_HANDLES	2000
#define MAX_CTXS	4000
#define MAX_DUE		2000

/* fuzz_worker.c */

enum work {
	W_MMAP, W_MUNMAP, W_MPROTECT, W_MREMAP, W_MADVISE, W_READ, W_WRITE,
	W_FORK, W_EXIT,
};

struct cmd {
	enum work work;
	u64 arg[6];
};

struct reply {
	long ret;	/* as of the system call; -errno */
	u32 value;
};

struct worker {
	pid_t pid;	/* 0: none */
	int pidfd;
};

extern struct worker workers[WORKERS];

int workers_begin(void);
void workers_end(void);
int worker_first(void);
struct reply worker_do(int nr, enum work work, u64 a, u64 b, u64 c, u64 d,
		       u64 e, u64 f);
int worker_fork(int nr, int slot);
int worker_gone(int nr);

/* fuzz_model.c */

/* A page of a worker's arena. @vma: pages of one VMA have the same. */
struct page {
	int map;	/* -1: not mapped */
	int page;	/* of the device */
	int vma;
	int prot;
	bool random;	/* MADV_RANDOM */
	bool kept;	/* MADV_KEEPONFORK */
	bool left;	/* MADV_DONTFORK */
};

/* An mmap(2) in one process. */
struct map {
	int dev;
	int worker;
};

struct handle {
	u32 nr;		/* the device's names */
	u32 pvtp;
	int map;
	int first;
	int pages;
	int ctx;	/* -1: the device has none */
	bool valid[DEV_PAGES];
};

struct ctx {
	int handles;
	u32 value[DEV_PAGES][WORDS];
};

/* How a device is scripted. */
struct conf {
	bool ctx;	/* it has contexts */
	bool called;	/* it has a devmap_access */
	bool rest;	/* loads to the end of the handle */
	bool unloads;	/* in dup and unmap */
	int chunk;	/* pages of a handle at most; 0: no limit */
};

struct dev {
	int fd;
	struct conf conf;
	int current;	/* whose context it has, or -1 */
	u32 value[DEV_PAGES][WORDS];
};

/* What the driver has to hear. */
struct due {
	int op;		/* DMST_OP_ACCESS, DMST_OP_UNMAP, DMST_OP_DUP */
	int dev;
	u32 handle;	/* not for UNMAP */
	int map;	/* for UNMAP */
	int first;
	int pages;
	u32 type;
	u32 rw;
};

struct model {
	struct page page[WORKERS][ARENA_PAGES];
	struct map map[MAX_MAPS];
	int nr_maps;
	struct handle handle[MAX_HANDLES];
	int nr_handles;
	struct ctx ctx[MAX_CTXS];
	int nr_ctxs;
	struct dev dev[DEVS];
	int next_vma;
	struct due due[MAX_DUE];
	int nr_due;
	int making;	/* the map that mmap(2) makes, or -1 */
	int child;	/* the worker that fork(2) makes, or -1 */
	bool any;	/* a fork that fails: what is told is told again */
	int child_map[MAX_MAPS];
};

extern struct model m;

void model_reset(void);
int map_new(int dev, int worker);
struct handle *handle_at(int map, int page);
u32 *value_at(int worker, int page, int word);
bool split_at(int worker, int page);
void due_access(struct handle *h, int first, int pages, u32 type, u32 rw);
void model_load(struct handle *h, int first, int pages);
void due_gaps(int map);
void due_close(int worker, int from, int to, bool *closed);
int log_apply(bool failed);
int wrong(const char *format, ...) __printf(1, 2);

#endif /* _SELFTESTS_FUZZ_H */
