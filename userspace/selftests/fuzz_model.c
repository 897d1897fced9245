// SPDX-License-Identifier: GPL-2.0
/*
 * What is mapped where, what is valid, what has which value: see fuzz.h. It knows
 * what Linux does to VMAs and what the manual pages say, nothing of the layer.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct model m;

void model_reset(void)
{
	int i, j;

	memset(&m, 0, sizeof(m));
	m.making = -1;
	m.child = -1;
	for (i = 0; i < WORKERS; i++) {
		for (j = 0; j < ARENA_PAGES; j++)
			m.page[i][j].map = -1;
	}
	for (i = 0; i < DEVS; i++)
		m.dev[i].current = -1;
}

int map_new(int dev, int worker)
{
	m.map[m.nr_maps] = (struct map){ .dev = dev, .worker = worker };
	return m.nr_maps++;
}

struct handle *handle_at(int map, int page)
{
	int i;

	for (i = 0; i < m.nr_handles; i++) {
		struct handle *h = &m.handle[i];

		if (h->map == map && page >= h->first &&
		    page < h->first + h->pages)
			return h;
	}
	return NULL;
}

static struct handle *handle_by_nr(int dev, u32 nr)
{
	int i;

	for (i = 0; i < m.nr_handles; i++) {
		if (m.handle[i].nr == nr && m.map[m.handle[i].map].dev == dev)
			return &m.handle[i];
	}
	return NULL;
}

static struct handle *handle_new(int map, u32 nr, u32 pvtp, int first,
				 int pages)
{
	struct handle *h = &m.handle[m.nr_handles++];

	*h = (struct handle){
		.nr = nr, .pvtp = pvtp, .map = map, .first = first,
		.pages = pages, .ctx = -1,
	};
	return h;
}

static void ctx_put(int ctx)
{
	int i;

	if (ctx < 0 || --m.ctx[ctx].handles)
		return;
	for (i = 0; i < DEVS; i++) {
		if (m.dev[i].current == ctx)
			m.dev[i].current = -1;
	}
}

static void handle_free(struct handle *h)
{
	ctx_put(h->ctx);
	*h = m.handle[--m.nr_handles];
}

/* What a page of a process shows. Nobody asks for one that has none. */
u32 *value_at(int worker, int page, int word)
{
	const struct page *p = &m.page[worker][page];
	int dev = m.map[p->map].dev;
	struct handle *h;

	if (!m.dev[dev].conf.ctx)
		return &m.dev[dev].value[p->page][word];
	h = handle_at(p->map, p->page);
	return &m.ctx[h->ctx].value[p->page][word];
}

/* A VMA begins at @page from now on. */
bool split_at(int worker, int page)
{
	struct page *p = m.page[worker];
	int i, old;

	if (page <= 0 || page >= ARENA_PAGES || p[page].map < 0 ||
	    p[page - 1].map < 0 || p[page].vma != p[page - 1].vma)
		return false;
	old = p[page].vma;
	m.next_vma++;
	for (i = page; i < ARENA_PAGES && p[i].map >= 0 && p[i].vma == old; i++)
		p[i].vma = m.next_vma;
	return true;
}

static struct due *due_new(void)
{
	if (m.nr_due >= MAX_DUE)
		abort();
	m.due[m.nr_due] = (struct due){};
	return &m.due[m.nr_due++];
}

void due_access(struct handle *h, int first, int pages, u32 type, u32 rw)
{
	*due_new() = (struct due){
		.op = DMST_OP_ACCESS, .dev = m.map[h->map].dev,
		.handle = h->nr, .first = first, .pages = pages, .type = type,
		.rw = rw,
	};
}

/* The driver's devmap_access succeeds. */
void model_load(struct handle *h, int first, int pages)
{
	struct dev *dev = &m.dev[m.map[h->map].dev];
	int i;

	if (dev->conf.ctx && dev->current != h->ctx) {
		for (i = 0; i < m.nr_handles; i++) {
			if (m.handle[i].ctx == dev->current && dev->current >= 0)
				memset(m.handle[i].valid, 0, DEV_PAGES);
		}
		dev->current = h->ctx;
	}
	if (dev->conf.ctx && dev->conf.rest)
		pages = h->first + h->pages - first;
	memset(h->valid + first, true, pages);
}

static void shown(int map, bool *pages)
{
	const struct page *p = m.page[m.map[map].worker];
	int i;

	memset(pages, 0, DEV_PAGES);
	for (i = 0; i < ARENA_PAGES; i++) {
		if (p[i].map == map)
			pages[p[i].page] = true;
	}
}

/* VMAs of a map are closed: all that shows no more is told, in order. */
void due_gaps(int map)
{
	struct handle *h, *last = NULL;
	bool pages[DEV_PAGES];
	struct due *due = NULL;
	int i;

	shown(map, pages);
	for (i = 0; i < DEV_PAGES; i++) {
		h = handle_at(map, i);
		if (pages[i] || h != last)
			due = NULL;
		last = h;
		if (pages[i] || !h)
			continue;
		if (!due) {
			due = due_new();
			*due = (struct due){
				.op = DMST_OP_UNMAP, .dev = m.map[map].dev,
				.map = map, .first = i,
			};
		}
		due->pages++;
	}
}

/* Pages of a worker are unmapped: their maps, in the order of closing. */
void due_close(int worker, int from, int to, bool *closed)
{
	int order[ARENA_PAGES], nr = 0, i;
	struct page *p = m.page[worker];

	split_at(worker, from);
	split_at(worker, to);
	for (i = from; i < to; i++) {
		if (p[i].map < 0)
			continue;
		if (!closed[p[i].map]) {
			closed[p[i].map] = true;
			order[nr++] = p[i].map;
		}
		p[i].map = -1;
	}
	for (i = 0; i < nr; i++) {
		if (m.map[order[i]].dev != OLD)
			due_gaps(order[i]);
	}
}

static int apply_map(int dev, const struct dmst_record *r)
{
	struct handle *h;

	if (m.making < 0 || m.map[m.making].dev != dev)
		return wrong("a devmap_map that nobody asked for");
	if (r->ret)
		return 0;
	h = handle_new(m.making, r->handle, r->npv1, r->off / P, r->len / P);
	if (m.dev[dev].conf.ctx) {
		h->ctx = m.nr_ctxs++;
		m.ctx[h->ctx].handles = 1;
	}
	return 0;
}

static int apply_dup(int dev, const struct dmst_record *r, const struct due *due)
{
	struct handle *from = handle_by_nr(dev, r->handle), *h;
	int *map;

	if (!from || from->pvtp != r->pvtp || due->handle != r->handle)
		return wrong("dup of handle %u, not %u", r->handle, due->handle);
	if (m.dev[dev].conf.unloads)
		memset(from->valid, 0, DEV_PAGES);
	if (r->ret)
		return 0;
	map = &m.child_map[from->map];
	if (*map < 0)
		*map = map_new(dev, m.child);
	h = handle_new(*map, r->new1, r->npv1, from->first, from->pages);
	if (m.dev[dev].conf.ctx) {
		h->ctx = m.nr_ctxs++;
		m.ctx[h->ctx] = m.ctx[from->ctx];
		m.ctx[h->ctx].handles = 1;
	}
	return 0;
}

/* The table of devmap_unmap(9E). */
static int apply_unmap(int dev, const struct dmst_record *r,
		       const struct due *due)
{
	struct handle *h = handle_by_nr(dev, r->handle), *upper;
	int first = r->off / P, pages = r->len / P, end = first + pages;
	bool low, high;
	int h_end;

	if (!h || h->pvtp != r->pvtp || !pages || first < h->first ||
	    end > h->first + h->pages)
		return wrong("unmap of handle %u: %d+%d", r->handle, first,
			     pages);
	if (due && (due->map != h->map || due->first != first ||
		    due->pages != pages))
		return wrong("unmap of %d+%d of map %d, not %d+%d of map %d",
			     first, pages, h->map, due->first, due->pages,
			     due->map);
	h_end = h->first + h->pages;
	low = first > h->first;
	high = end < h_end;
	if (r->new1 != (low ? h->nr : 0) || !!r->new2 != high ||
	    (high && !low && r->new2 != h->nr) ||
	    (high && low && r->new2 == h->nr) ||
	    r->ptrs != (low ? 1 : 0) + (high ? 2 : 0))
		return wrong("unmap of handle %u %d+%d: %d+%d: new handles %u %u, ptrs %u",
			     h->nr, h->first, h->pages, first, pages, r->new1,
			     r->new2, r->ptrs);
	memset(h->valid + first, 0, pages);
	if (!low && !high) {
		handle_free(h);
		return 0;
	}
	if (low && high) {
		upper = handle_new(h->map, r->new2, r->npv2, end, h_end - end);
		upper->ctx = h->ctx;
		if (h->ctx >= 0)
			m.ctx[h->ctx].handles++;
		memcpy(upper->valid, h->valid, DEV_PAGES);
	}
	h->pvtp = low ? r->npv1 : r->npv2;
	h->first = low ? h->first : end;
	h->pages = low ? first - h->first : h_end - end;
	return 0;
}

static int apply_access(const struct dmst_record *r, const struct due *due)
{
	if (due->handle != r->handle || due->first != (int)(r->off / P) ||
	    due->pages != (int)(r->len / P) || due->type != r->type ||
	    due->rw != r->rw)
		return wrong("access of %u %llu+%llu type %u rw %u, not of %u %d+%d type %u rw %u",
			     r->handle, (unsigned long long)r->off / P,
			     (unsigned long long)r->len / P, r->type, r->rw,
			     due->handle, due->first, due->pages, due->type,
			     due->rw);
	return 0;
}

static int apply(int dev, const struct dmst_record *r, bool *used)
{
	static const char * const names[] = {
		[DMST_OP_ACCESS] = "access", [DMST_OP_DUP] = "dup",
		[DMST_OP_UNMAP] = "unmap",
	};
	const struct due *due = NULL;
	int i;

	if (r->ret == DMST_RUNNING)
		return wrong("a call has not returned");
	if (r->op == DMST_OP_MAP)
		return apply_map(dev, r);
	for (i = 0; i < m.nr_due && !due; i++) {
		if (!used[i] && m.due[i].dev == dev && m.due[i].op == (int)r->op) {
			due = &m.due[i];
			used[i] = true;
		}
	}
	if (r->op == DMST_OP_UNMAP && m.any)
		return apply_unmap(dev, r, NULL);
	if (!due)
		return wrong("an %s that is not due: handle %u, %llu+%llu",
			     names[r->op], r->handle,
			     (unsigned long long)r->off / P,
			     (unsigned long long)r->len / P);
	if (r->op == DMST_OP_DUP)
		return apply_dup(dev, r, due);
	if (r->op == DMST_OP_UNMAP)
		return apply_unmap(dev, r, due);
	return apply_access(r, due);
}

/* What the devices have recorded has to be what is due; @failed: or less. */
int log_apply(bool failed)
{
	static struct dmst_record records[DMST_LOG];
	bool used[MAX_DUE] = {};
	ssize_t nr, i;
	int dev, bad = 0;

	for (dev = 0; dev < OLD && !bad; dev++) {
		if (m.dev[dev].fd < 0)
			continue;
		nr = log_read(m.dev[dev].fd, records, DMST_LOG);
		if (nr < 0)
			return -1;
		for (i = 0; i < nr && !bad; i++)
			bad = apply(dev, &records[i], used);
	}
	for (i = 0; i < m.nr_due && !failed && !bad; i++) {
		if (!used[i])
			bad = wrong("not told: op %d, map %d, handle %u, %d+%d",
				    m.due[i].op, m.due[i].map, m.due[i].handle,
				    m.due[i].first, m.due[i].pages);
	}
	m.nr_due = 0;
	return bad;
}
