// SPDX-License-Identifier: GPL-2.0
/*
 * The trace for people: one line for each touch that the layer or the driver
 * had to do something about, and what all of them add up to.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"

#define MAX_CONTEXTS	64
#define MAX_SWITCHES	(ROUNDS * NR_PLAYERS * 4)

/**
 * struct event - a line of the trace
 * @when: seconds
 * @pid: the task
 * @name: of the event
 * @args: key=value, separated by spaces
 */
struct event {
	double when;
	pid_t pid;
	const char *name;
	const char *args;
};

/* What has been done about a touch, in the order in which it must be done. */
enum step {
	STEP_NONE,
	STEP_UNLOADED,
	STEP_SAVED,
	STEP_RESTORED,
	STEP_LOADED,
	STEP_OUT_OF_ORDER,
};

/**
 * struct touch - what a player is just doing
 * @since: seconds; 0 before the first event of it
 * @step: the last one
 * @from: the context that had the device, 0 for none
 * @saved: its first register
 * @to: the context that got the device, 0 if it had it already
 * @restored: its first register
 */
struct touch {
	double since;
	enum step step;
	unsigned long from;
	__u64 saved;
	unsigned long to;
	__u64 restored;
};

/**
 * struct context - what the trace has told of a context of the driver
 * @owner: who it was restored for, or NULL
 * @value: its first register when it was saved last
 */
struct context {
	const struct player *owner;
	__u64 value;
};

/**
 * struct state - of the timeline, as it goes through the trace
 * @dev: the device
 * @players: its users
 * @touches: one for each player
 * @contexts: by their number
 * @totals: so far
 * @times: of the switches
 * @start: of the trace, in seconds
 * @lines: left to print
 */
struct state {
	const struct device *dev;
	const struct player *players;
	struct touch touches[NR_PLAYERS];
	struct context contexts[MAX_CONTEXTS];
	struct totals *totals;
	double times[MAX_SWITCHES];
	double start;
	unsigned int lines;
};

static const char *arg(const struct event *ev, const char *key)
{
	size_t len = strlen(key);
	const char *p = ev->args;

	while (p) {
		if (!strncmp(p, key, len) && p[len] == '=')
			return p + len + 1;
		p = strchr(p, ' ');
		if (p)
			p++;
	}
	return "";
}

static __u64 number(const struct event *ev, const char *key)
{
	return strtoull(arg(ev, key), NULL, 0);
}

static unsigned int page_of(const struct event *ev)
{
	return number(ev, "off") / getpagesize();
}

static struct context *context(struct state *s, unsigned long id)
{
	return &s->contexts[id % MAX_CONTEXTS];
}

static char owner(struct state *s, unsigned long id)
{
	return context(s, id)->owner ? context(s, id)->owner->name : '?';
}

/* "A:12" is the 12th value that A has written. */
static const char *value_text(const struct state *s, char who, __u64 value,
			      char *buf, size_t size)
{
	int i;

	for (i = 0; i < NR_PLAYERS; i++) {
		if (s->players[i].tag == TAG_OF(value))
			who = s->players[i].name;
	}
	snprintf(buf, size, "%c:%llu", who,
		 (unsigned long long)COUNT_OF(value));
	return buf;
}

static void line(struct state *s, const struct event *ev,
		 const struct player *who, const char *did, const char *where,
		 const char *what, double took)
{
	if (!s->lines)
		return;
	s->lines--;
	printf("%9.3f  %c  %-6s %-9s  ", (ev->when - s->start) * 1e3, who->name,
	       did, where);
	if (took >= 0)
		printf("%-61s %6.3f\n", what, took * 1e3);
	else
		printf("%s\n", what);
}

static void line_of_touch(struct state *s, const struct event *ev,
			  const struct player *who, const char *what,
			  double took)
{
	bool writes = !strncmp(arg(ev, "rw"), "write", 5);
	char where[32];

	snprintf(where, sizeof(where), "page %u", page_of(ev));
	line(s, ev, who, writes ? "writes" : "reads", where, what, took);
}

static void line_of_access(struct state *s, const struct event *ev,
			   const struct player *who, const struct touch *t)
{
	char what[128], saved[32], restored[32];
	char from = owner(s, t->from);

	value_text(s, from, t->saved, saved, sizeof(saved));
	value_text(s, who->name, t->restored, restored, sizeof(restored));
	if (page_of(ev) >= s->dev->pages)
		snprintf(what, sizeof(what), "no context needed: loaded");
	else if (!t->to)
		snprintf(what, sizeof(what), "has the context: loaded");
	else if (!t->from)
		snprintf(what, sizeof(what),
			 "nobody has the device: restored %s, loaded %c",
			 restored, who->name);
	else
		snprintf(what, sizeof(what),
			 "%c loses it: %s %c, saved %s; restored %s, loaded %c",
			 from, t->step == STEP_LOADED ? "unloaded" : "NOT FIRST unloaded",
			 from, saved, restored, who->name);
	line_of_touch(s, ev, who, what, t->since ? ev->when - t->since : -1);
}

static void line_of_map(struct state *s, const struct event *ev,
			const struct player *who)
{
	unsigned int first = page_of(ev);
	unsigned int last = first + number(ev, "len") / getpagesize() - 1;
	char where[32];

	if (first < last)
		snprintf(where, sizeof(where), "pages %u-%u", first, last);
	else
		snprintf(where, sizeof(where), "page %u", first);
	line(s, ev, who, "maps", where,
	     first >= s->dev->pages ? "status page, no contexts: all see the same" :
				      "registers, MAP_PRIVATE: a context of its own",
	     -1);
}

/* Steps come in order; one that is left out or too late spoils the touch. */
static void step(struct touch *t, enum step next)
{
	bool first = t->step == STEP_NONE &&
		     (next == STEP_RESTORED || next == STEP_LOADED);
	bool again = t->step == next && next != STEP_SAVED;

	if (t->step == STEP_NONE && next == STEP_UNLOADED)
		t->step = next;
	else if (first || again || next == t->step + 1)
		t->step = next;
	else
		t->step = STEP_OUT_OF_ORDER;
}

static void saved(struct state *s, const struct event *ev, struct touch *t)
{
	step(t, STEP_SAVED);
	t->from = number(ev, "context");
	t->saved = number(ev, "value");
	context(s, t->from)->value = t->saved;
}

static void restored(struct state *s, const struct event *ev, struct touch *t,
		     const struct player *who)
{
	step(t, STEP_RESTORED);
	t->to = number(ev, "context");
	t->restored = number(ev, "value");
	context(s, t->to)->owner = who;
	if (context(s, t->to)->value != t->restored)
		s->totals->altered++;
}

static void accessed(struct state *s, const struct event *ev, struct touch *t,
		     const struct player *who)
{
	struct totals *sum = s->totals;

	sum->calls++;
	if (t->to) {
		if (sum->switches < MAX_SWITCHES && t->since)
			s->times[sum->switches] = ev->when - t->since;
		sum->switches++;
		if (t->step == STEP_LOADED)
			sum->in_order++;
	}
	line_of_access(s, ev, who, t);
	memset(t, 0, sizeof(*t));
}

static void faulted(struct state *s, const struct event *ev, struct touch *t,
		    const struct player *who)
{
	unsigned long address = number(ev, "address");

	if (address < who->start || address >= who->end)
		return;
	s->totals->faults++;
	memset(t, 0, sizeof(*t));
	t->since = ev->when;
}

static void handle(struct state *s, const struct event *ev)
{
	const struct player *who = s->players;
	struct touch *t = s->touches;

	while (who < s->players + NR_PLAYERS && who->pid != ev->pid) {
		who++;
		t++;
	}
	if (who == s->players + NR_PLAYERS)
		return;

	if (!strcmp(ev->name, "page_fault_user")) {
		faulted(s, ev, t, who);
		return;
	}
	if (!s->start)
		s->start = ev->when;
	if (!strcmp(ev->name, "devmap_map")) {
		line_of_map(s, ev, who);
	} else if (!strcmp(ev->name, "devmap_unload")) {
		step(t, STEP_UNLOADED);
	} else if (!strcmp(ev->name, "ctxdev_save")) {
		saved(s, ev, t);
	} else if (!strcmp(ev->name, "ctxdev_restore")) {
		restored(s, ev, t, who);
	} else if (!strcmp(ev->name, "devmap_load")) {
		step(t, STEP_LOADED);
	} else if (!strcmp(ev->name, "devmap_access")) {
		accessed(s, ev, t, who);
	} else if (!strcmp(ev->name, "devmap_refault")) {
		s->totals->refaults++;
		line_of_touch(s, ev, who,
			      "still valid: loaded without asking the driver",
			      t->since ? ev->when - t->since : -1);
		memset(t, 0, sizeof(*t));
	}
}

/* "  demo-A-77    [001] .....    12.345678: devmap_access: dev=..." */
static bool parse(char *text, struct event *ev)
{
	char *bracket = strstr(text, " ["), *end, *p;

	if (*text == '#' || !bracket)
		return false;

	*bracket = '\0';
	p = text + strlen(text);
	while (p > text && p[-1] == ' ')
		*--p = '\0';
	p = strrchr(text, '-');
	if (!p)
		return false;
	ev->pid = atoi(p + 1);

	p = strchr(bracket + 2, ']');
	end = p ? strstr(p, ": ") : NULL;
	if (!end)
		return false;
	*end = '\0';
	p = strrchr(p, ' ');
	if (!p)
		return false;
	ev->when = strtod(p, NULL);

	ev->name = end + 2;
	end = strstr(end + 2, ": ");
	if (!end)
		return false;
	*end = '\0';
	ev->args = end + 2;
	return true;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sum_up_times(struct state *s)
{
	struct totals *sum = s->totals;
	size_t nr = sum->switches;

	if (!nr || nr > MAX_SWITCHES)
		return;
	qsort(s->times, nr, sizeof(*s->times), compare);
	sum->fastest = s->times[0];
	sum->median = s->times[nr / 2];
	sum->slowest = s->times[nr - 1];
}

/* Prints the beginning of a trace, which it destroys; adds up all of it. */
void timeline(char *text, const struct device *dev,
	      const struct player *players, struct totals *totals)
{
	static struct state s;
	char *next, *end;
	struct event ev;

	s = (struct state){
		.dev = dev, .players = players, .totals = totals,
		.lines = TIMELINE_LINES,
	};
	printf("%9s  %-19s  %-61s %6s\n", "ms", "process",
	       "what had to be done about it", "took");
	for (next = text; *next; next = end + 1) {
		end = strchr(next, '\n');
		if (!end)
			break;
		*end = '\0';
		if (parse(next, &ev))
			handle(&s, &ev);
	}
	sum_up_times(&s);
}
