// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic against models that count every page or reckon in 128 bits.
 * Numbers come from around the edges.
 */

#include <linux/mm.h>
#include <linux/slab.h>
#include <sys/ddidevmap.h>
#include <sys/mman.h>

#include "../../compat/devmap/prot.h"
#include "../../compat/devmap/range.h"
#include "../../compat/devmap/valid.h"
#include "../../compat/devmap/window.h"
#include "unit.h"

typedef __int128 s128;

#define P	((s64)PAGE_SIZE)

static u64 pick64(void)
{
	return (u64)pick(1 << 16) << 48 | (u64)pick(1 << 16) << 32 |
	       (u64)pick(1 << 16) << 16 | pick(1 << 16);
}

/* Somewhere, but mostly within three of an edge. */
static u64 near_edge(void)
{
	static const u64 edges[] = {
		0, PAGE_SIZE, 2 * PAGE_SIZE, 5 * PAGE_SIZE, 1ULL << 31,
		1ULL << 32, S64_MAX - 3 * PAGE_SIZE + 1, S64_MAX - PAGE_SIZE + 1,
		S64_MAX, 1ULL << 63, -3 * PAGE_SIZE, -PAGE_SIZE, U64_MAX,
	};

	if (!pick(8))
		return pick64();
	return edges[pick(ARRAY_SIZE(edges))] + pick(7) - 3;
}

/* A legal handle: every byte of it has an offset_t, and the next one, too. */
static struct devmap_span some_handle(void)
{
	struct devmap_span h = { .nr = 1 + pick(5) };

	switch (pick(4)) {
	case 0:
		break;
	case 1:
		h.first = (1UL << 51) - 1 - h.nr;
		break;
	default:
		h.first = pick(8);
	}
	return h;
}

void arith_span_select(void)
{
	struct devmap_span h = some_handle(), out = {};
	s64 off = near_edge();
	u64 len = near_edge();
	s128 lo, hi, begin = (s128)h.first * P, end = begin + (s128)h.nr * P;
	bool good;

	/* Offsets near the handle, which few of the edges are. */
	if (pick(4))
		off = h.first * P + (s64)pick(8) * P - P + pick(3) - 1;
	if (pick(4))
		len = pick(8) * PAGE_SIZE + pick(3);

	lo = off;
	hi = len ? lo + len : end;
	good = lo >= 0 && lo >= begin && lo < end && hi > lo && hi <= end;
	if (!off && !len) {
		good = true;
		lo = begin;
		hi = end;
	}

	unit_says("select: handle %lu+%lu off %lld len %llu", h.first, h.nr,
		  off, len);
	check(devmap_span_select(&h, off, len, &out) == (good ? 0 : -EINVAL));
	if (!good)
		return;
	check(out.first == (u64)(lo / P));
	check(out.first + out.nr == (u64)((hi + P - 1) / P));
}

#define PAGES	24

static void mark(u8 *pages, const struct devmap_span *span, u8 bit)
{
	unsigned long i;

	for (i = span->first; i < span->first + span->nr; i++)
		pages[i] |= bit;
}

void arith_span_cut(void)
{
	struct devmap_span h, gap, hole = {}, below = {}, above = {}, both;
	u8 pages[PAGES] = {};
	enum devmap_cut cut;
	unsigned int i, nr = 0, nr_both = 0, low = 0, high = 0, runs = 0;

	h.first = pick(PAGES);
	h.nr = 1 + pick(PAGES - h.first);
	gap.first = pick(PAGES);
	gap.nr = pick(PAGES - gap.first + 1);
	mark(pages, &h, 1);
	mark(pages, &gap, 2);
	for (i = 0; i < PAGES; i++) {
		nr_both += pages[i] == 3;
		nr += pages[i] == 1;
		low += pages[i] == 1 && i < gap.first;
		high += pages[i] == 1 && i > gap.first;
		runs += pages[i] == 1 && (!i || pages[i - 1] != 1);
		check(devmap_span_has(&h, i) == (pages[i] & 1));
	}

	unit_says("cut: handle %lu+%lu gap %lu+%lu", h.first, h.nr, gap.first,
		  gap.nr);
	check(devmap_span_intersect(&h, &gap, &both) == !!nr_both);
	check(!nr_both || both.nr == nr_both);
	cut = devmap_span_cut(&h, &gap, &hole, &below, &above);
	check((cut == DEVMAP_CUT_NONE) == !nr_both);
	if (cut == DEVMAP_CUT_NONE)
		return;

	check(hole.nr == nr_both && below.nr == low && above.nr == high);
	check(below.nr + above.nr == nr);
	check((cut == DEVMAP_CUT_WHOLE) == !nr);
	check((cut == DEVMAP_CUT_MIDDLE) == (runs == 2));
	check((cut == DEVMAP_CUT_TAIL) == (runs == 1 && low));
	check((cut == DEVMAP_CUT_HEAD) == (runs == 1 && high));
	memset(pages, 0, sizeof(pages));
	mark(pages, &hole, 1);
	mark(pages, &below, 2);
	mark(pages, &above, 4);
	for (i = 0; i < PAGES; i++)
		check(pages[i] == (devmap_span_has(&hole, i) ? 1 :
				   !devmap_span_has(&h, i) ? 0 :
				   i < hole.first ? 2 : 4));
}

/* Lengths of mmap(2), of setup calls, of what is mapped. */
void arith_span_bytes(void)
{
	u64 a = near_edge(), b = near_edge(), c = near_edge();
	struct devmap_span out = {};
	s128 pages, size;
	bool good;

	unit_says("bytes: %llu %llu %llu", a, b, c);
	good = b && (s128)a + b <= S64_MAX;
	check(devmap_span_from_bytes(a, b, &out) == (good ? 0 : -ENXIO));
	check(!good || (out.first == a / PAGE_SIZE && out.nr == b / PAGE_SIZE));

	good = b && b <= a && !(b % PAGE_SIZE) && c >= b;
	check(devmap_check_maplen(a, b, c) == (good ? 0 : -EINVAL));

	/* Sizes that cannot be rounded up in 64 bits are no sizes. */
	pages = ((s128)b + P - 1) / P;
	size = ((s128)c + P - 1) / P;
	good = (s64)a >= 0 && !(a % PAGE_SIZE) && b && size * P <= U64_MAX &&
	       (s128)a + pages * P <= size * P;
	check(devmap_check_target(a, b, c) == (good ? 0 : -EINVAL));
}

void arith_prot(void)
{
	unsigned long flags = pick(1 << 8);
	u32 prot = pick(16), maxprot = pick(16), setup, cache, nr;
	bool cacheable = pick(2), good;
	int i;

	unit_says("prot: flags 0x%lx prot %u max %u", flags, prot, maxprot);
	for (i = 0; i < 3; i++) {
		/* Read, write and execute have equal bits in each of these. */
		check((devmap_prot_now(flags) >> i & 1) == (flags >> i & 1));
		check((devmap_prot_max(flags) >> i & 1) == (flags >> (4 + i) & 1));
		check((devmap_prot_to_vm(prot) >> i & 1) == (prot >> i & 1));
	}
	check(devmap_prot_now(flags) >> 3 == 1 &&
	      devmap_prot_max(flags) >> 3 == 1);
	check(!(devmap_prot_to_vm(prot) >> 3));
	check(devmap_prot_exceeds(prot, maxprot) ==
	      (((prot | maxprot) & 7) != (maxprot & 7)));

	setup = pick(8);
	cache = pick(16);
	nr = (cache & 1) + (cache >> 1 & 1) + (cache >> 2 & 1);
	good = (!(setup & DEVMAP_MAPPING_INVALID) ||
		setup & DEVMAP_ALLOW_REMAP) &&
	       !(cache & 8) && (cacheable ? nr <= 1 : !nr);
	unit_says("flags: 0x%x, cacheable %d", setup | cache << 16, cacheable);
	check(devmap_check_flags(setup | cache << 16, cacheable) ==
	      (good ? 0 : -EINVAL));
}

static unsigned long some_size(void)
{
	static const unsigned long sizes[] = {
		1, 2, 63, 64, 65, 200, DEVMAP_VALID_CHUNK - 1,
		DEVMAP_VALID_CHUNK, DEVMAP_VALID_CHUNK + 1,
		2 * DEVMAP_VALID_CHUNK + 100,
	};

	return sizes[pick(ARRAY_SIZE(sizes))];
}

/* A range in a set of @size pages, of any order of magnitude. */
static void some_range(unsigned long size, unsigned long *first,
		       unsigned long *nr)
{
	*first = pick(2) ? pick(size) : min(size - 1, 64UL * pick(4));
	*nr = 1 + pick(min(size - *first, 1UL << pick(16)));
}

static void valid_clear(struct devmap_valid *valid, u8 *model,
			unsigned long first, unsigned long nr)
{
	unsigned long low = ~0UL, high = ~0UL, model_low = ~0UL;
	unsigned long model_high = ~0UL, i;
	bool any;

	for (i = first; i < first + nr; i++) {
		if (!model[i])
			continue;
		if (model_low == ~0UL)
			model_low = i;
		model_high = i;
		model[i] = 0;
	}
	any = devmap_valid_clear(valid, first, nr, &low, &high);
	check(any == (model_low != ~0UL));
	check(low == model_low && high == model_high);
}

static void valid_set(struct devmap_valid *valid, u8 *model,
		      unsigned long first, unsigned long nr)
{
	int err;

	unit_fail_alloc = pick(8) ? 0 : 1 + pick(3);
	err = devmap_valid_set(valid, first, nr);
	unit_fail_alloc = 0;
	if (err)
		check(err == -ENOMEM && valid->nr > BITS_PER_LONG);
	else
		memset(model + first, 1, nr);
}

void arith_valid(void)
{
	unsigned long size = some_size(), first, nr, i;
	struct devmap_valid valid;
	unsigned int steps = 1 + pick(24);
	u8 *model;

	devmap_valid_init(&valid, size);
	model = calloc(size, 1);

	while (steps--) {
		some_range(size, &first, &nr);
		unit_says("valid: of %lu, %lu+%lu", size, first, nr);
		if (pick(2))
			valid_set(&valid, model, first, nr);
		else
			valid_clear(&valid, model, first, nr);
	}
	for (i = 0; i < size; i++)
		check(devmap_valid_test(&valid, i) == model[i]);

	devmap_valid_destroy(&valid);
	free(model);
}

#define WINDOWS	12

struct window {
	unsigned long base, nr, size;	/* nr 0: none; size: rounded up */
};

static void window_get(struct devmap_windows *windows, struct window *used,
		       struct window *new)
{
	unsigned long nr = pick(2) ? 1 + pick(20) : (1UL << pick(47)) + pick(3);
	unsigned int i, of_size = 0;
	unsigned long size = 1, room = 1UL << DEVMAP_WINDOW_SHIFT;
	bool inject = !pick(16);
	int err;

	while (size < nr)
		size *= 2;
	for (i = 0; i < WINDOWS; i++)
		of_size += used[i].nr && used[i].size == size;

	unit_says("windows: %lu pages, %u such", nr, of_size);
	unit_fail_alloc = inject;
	err = devmap_windows_get(windows, nr, &new->base);
	unit_fail_alloc = 0;
	check(!err || err == -ENOMEM);
	check(!err == (!inject && of_size < room / size));
	if (err)
		return;

	/* All of it can be said in bytes of loff_t. */
	check(!(new->base % size));
	check(((s128)new->base + nr) * P <= (s128)S64_MAX + 1);
	for (i = 0; i < WINDOWS; i++)
		check(!used[i].nr || new->base + nr <= used[i].base ||
		      new->base >= used[i].base + used[i].nr);
	new->nr = nr;
	new->size = size;
}

static void window_put(struct devmap_windows *windows, struct window *used)
{
	devmap_windows_put(windows, used->base);
	used->nr = 0;
}

void arith_windows(void)
{
	struct window used[WINDOWS] = {};
	struct devmap_windows windows;
	unsigned int steps = 1 + pick(60), i;

	devmap_windows_init(&windows);
	while (steps--) {
		i = pick(WINDOWS);
		if (used[i].nr)
			window_put(&windows, &used[i]);
		else
			window_get(&windows, used, &used[i]);
	}
	for (i = 0; i < WINDOWS; i++) {
		if (used[i].nr)
			window_put(&windows, &used[i]);
	}
	for (i = 0; i < DEVMAP_WINDOW_CLASSES; i++)
		check(!windows.class[i].nr);
	devmap_windows_destroy(&windows);
}
