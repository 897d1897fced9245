/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The protocol of fault, load and unload, with munmap, fork and exit beside it: who
 * holds which lock, when a page is valid, when its translation exists. It follows
 * Documentation/locking.rst; the names are those of compat/devmap.
 *
 * A device has one context. Two processes map it, each with one handle of two
 * pages, each page in a VMA of its own; a third address space is the first one's
 * child. Every page is loaded with its neighbour, as drivers do.
 *
 * Checked in every state:
 *	a page that has a translation is valid, while nobody has its page lock;
 *	page tables that have been freed are not touched;
 *	whoever gets at the device without a fault finds its own context;
 *	and that no state is the end but that in which all are done (no deadlock).
 *
 * -DUNMAP, -DFORK, -DREVOKE, -DDROP, -DTOUCHES=n: what runs. -DWRONG_...: a mistake
 * that has to be found. The script "check" has the list of both.
 */

#define SPACES	3
#define PAGES	2
#define NOBODY	SPACES
#define CHILD	2

#ifndef TOUCHES
#define TOUCHES	1
#endif

/* A kernel rwsem: a writer that waits keeps new readers out. */
typedef rwsem {
	byte readers;
	bool writer;
	byte waiting
}

rwsem mm[SPACES];	/* mmap_lock */
rwsem seg[SPACES];	/* segment lock */
rwsem im;		/* i_mmap_rwsem of the instance */
bool page_lock[SPACES];
bool drv;		/* the driver's mutex */

/* Of page @n of address space @p: index 2 * p + n */
bool attached[6];	/* find_vma() finds its VMA */
bool linked[6];		/* the VMA is in the reverse map */
bool tables[6];		/* it has page tables */
bool pte[6];		/* it has a translation */
bool valid[6];
bool has[6];		/* it belongs to a handle */

byte hw = NOBODY;	/* whose context the device has: the driver's */

/* The arbiter */
byte holder = NOBODY;
bool expired;		/* the holder has had its time */
byte turn = NOBODY;
byte running;

/* What runs besides a thread in each of the two processes. */
#ifdef UNMAP
#define WITH_UNMAP	1
#else
#define WITH_UNMAP	0
#endif
#ifdef FORK
#define WITH_FORK	2
#else
#define WITH_FORK	0
#endif
#ifdef REVOKE
#define WITH_REVOKE	1
#else
#define WITH_REVOKE	0
#endif
#ifdef DROP
#define WITH_DROP	1
#else
#define WITH_DROP	0
#endif
#define THREADS		(2 + WITH_UNMAP + WITH_FORK + WITH_REVOKE + WITH_DROP)

byte done;		/* how many have ended */
bool child_ends;	/* its only thread has */

#define AT(p, n)	(2 * (p) + (n))
#define CLEAN(i)	(!pte[i] || valid[i])
#define MAY_GO(p)	((turn == (p)) || (turn == NOBODY && \
			 (holder == NOBODY || expired || holder == (p))))

inline down_read(s)
{
	atomic { !s.writer && !s.waiting -> s.readers++ }
}

inline up_read(s)
{
	s.readers--
}

inline down_write(s)
{
	s.waiting++;
	atomic { !s.writer && !s.readers -> s.writer = true; s.waiting-- }
}

inline up_write(s)
{
	s.writer = false
}

inline downgrade(s)
{
	atomic { s.writer = false; s.readers++ }
}

inline lock(l)
{
	atomic { !l -> l = true }
}

inline unlock(l)
{
	l = false
}

/* Inserting: mmap_lock is held; a VMA that munmap has detached is left out. */
inline insert(p, n)
{
	if
#ifdef WRONG_DETACHED
	:: linked[AT(p, n)] ->
#else
	:: attached[AT(p, n)] ->
#endif
		assert(tables[AT(p, n)]);	/* inserted into freed tables */
		pte[AT(p, n)] = true
	:: else
	fi
}

/* Zapping: i_mmap_rwsem is held. */
inline zap_page(p, n)
{
	if
	:: linked[AT(p, n)] ->
#ifdef WRONG_NO_RMAP_LOCK
		skip;	/* on the way from the VMA to its tables */
#endif
		assert(tables[AT(p, n)]);	/* zapped freed tables */
		pte[AT(p, n)] = false
	:: else
	fi
}

inline zap(p)
{
#ifndef WRONG_NO_RMAP_LOCK
	down_read(im);
#endif
	zap_page(p, 0);
	zap_page(p, 1);
#ifndef WRONG_NO_RMAP_LOCK
	up_read(im)
#endif
}

/* devmap_unload() of the whole handle, by anybody. */
inline unload(p)
{
#ifdef WRONG_WAIT_MMAP_LOCK
	down_read(mm[p]);
#endif
#ifdef WRONG_WAIT_SEGMENT
	down_read(seg[p]);
#endif
	lock(page_lock[p]);
#ifdef WRONG_ZAP_UNLOCKED
	d_step { valid[AT(p, 0)] = false; valid[AT(p, 1)] = false };
	unlock(page_lock[p]);
	zap(p);
#else
	if
	:: valid[AT(p, 0)] || valid[AT(p, 1)] ->
		d_step { valid[AT(p, 0)] = false; valid[AT(p, 1)] = false };
		zap(p)
	:: else
	fi;
	/* What the promise is about. */
	assert(!pte[AT(p, 0)] && !pte[AT(p, 1)]);	/* unload returns */
	unlock(page_lock[p]);
#endif
#ifdef WRONG_WAIT_SEGMENT
	up_read(seg[p]);
#endif
#ifdef WRONG_WAIT_MMAP_LOCK
	up_read(mm[p]);
#endif
	skip
}

/* devmap_load() of the whole handle, in a fault of @p. */
inline load(p)
{
	lock(page_lock[p]);
	d_step { valid[AT(p, 0)] = has[AT(p, 0)]; valid[AT(p, 1)] = has[AT(p, 1)] };
#ifndef WRONG_INSERT_LATE
	insert(p, 0);
	insert(p, 1);
#endif
	unlock(page_lock[p])
}

/* The driver's devmap_contextmgt. */
inline switch_to(p)
{
	lock(drv);
	if
	:: hw != p ->
		if
		:: hw != NOBODY -> unload(hw)
		:: else
		fi;
		hw = p
	:: else
	fi;
	load(p);
	unlock(drv)
}

/* Runs the context callback; the fault's locks are held. */
inline call_driver(p)
{
	/* If another one was faster since, this waits with the locks held. */
	atomic { MAY_GO(p) -> turn = p; running++ };
	switch_to(p);
	atomic {
		if
		:: holder != p -> holder = p; expired = false
		:: else
		fi;
		running--;
		if
		:: !running -> turn = NOBODY
		:: else
		fi
	}
}

/* A thread that gets at a page, a few times. */
proctype toucher(byte p; byte n)
{
	byte times = TOUCHES;

	do
	:: !times -> break
	:: else ->
again:
		atomic {
			if
			:: pte[AT(p, n)] ->
#ifndef NO_STAMP
				assert(hw == p);	/* its own context */
#endif
				times--;
				goto next
			:: else
			fi
		};
		down_read(mm[p]);
		if
		:: !attached[AT(p, n)] ->
			up_read(mm[p]);		/* SIGSEGV */
			break
		:: else
		fi;
		down_read(seg[p]);
		lock(page_lock[p]);
		if
		:: valid[AT(p, n)] ->
#ifdef WRONG_TEST_UNLOCKED
			unlock(page_lock[p]);
			insert(p, n)
#else
			insert(p, n);
			unlock(page_lock[p])
#endif
		:: else ->
			unlock(page_lock[p]);
			if
			:: atomic { MAY_GO(p) -> turn = p };
				call_driver(p)
			:: atomic { !MAY_GO(p) -> skip };
				/* Waits without locks; the turn is kept. */
				up_read(seg[p]);
				up_read(mm[p]);
				atomic { MAY_GO(p) -> turn = p };
				goto again
			fi;
#ifdef WRONG_INSERT_LATE
			insert(p, 0);
			insert(p, 1)
#endif
		fi;
		up_read(seg[p]);
		up_read(mm[p]);
		goto again;
next:
		skip
	od;
	if
	:: p == CHILD -> child_ends = true
	:: else
	fi;
	done++
}

/* The end of a page of @p; mmap_lock is held, for reading at least. */
inline tear_down(p, n)
{
	pte[AT(p, n)] = false;
	down_write(im);
	linked[AT(p, n)] = false;
	up_write(im);
	assert(!pte[AT(p, n)]);		/* inserted behind munmap's back */
	tables[AT(p, n)] = false
}

/* devmap_unmap: the driver forgets the pages it is told. */
inline tell_unmapped(p)
{
	lock(drv);
	if
	:: true -> unload(p)
	:: true
	fi;
	if
	:: hw == p && !attached[AT(p, 0)] && !attached[AT(p, 1)] -> hw = NOBODY
	:: else
	fi;
	unlock(drv)
}

/* close() of the VMA; all that no VMA shows any more is told. */
inline close(p)
{
	down_write(seg[p]);
	lock(page_lock[p]);
	d_step {
		valid[AT(p, 0)] = valid[AT(p, 0)] && linked[AT(p, 0)];
		valid[AT(p, 1)] = valid[AT(p, 1)] && linked[AT(p, 1)]
	};
#ifndef WRONG_TELL_LOCKED
	unlock(page_lock[p]);
#endif
	tell_unmapped(p);
#ifdef WRONG_TELL_LOCKED
	unlock(page_lock[p]);
#endif
	d_step {
		has[AT(p, 0)] = linked[AT(p, 0)];
		has[AT(p, 1)] = linked[AT(p, 1)]
	};
	up_write(seg[p])
}

/* munmap(2) of page 1, while other threads use page 0. */
proctype unmapper(byte p)
{
	down_write(mm[p]);
	attached[AT(p, 1)] = false;
	downgrade(mm[p]);
	tear_down(p, 1);
	close(p);
	up_read(mm[p]);
	done++
}

/* exit(2), when its last thread is gone. */
inline exit_mm(p)
{
	down_write(mm[p]);
	d_step { attached[AT(p, 0)] = false; attached[AT(p, 1)] = false };
	tear_down(p, 0);
	tear_down(p, 1);
	close(p);
	up_write(mm[p])
}

inline copy_vma(n)
{
	if
	:: attached[AT(0, n)] ->
		d_step {
#ifdef WRONG_COPY
			pte[AT(CHILD, n)] = pte[AT(0, n)];
#endif
			attached[AT(CHILD, n)] = true;
			linked[AT(CHILD, n)] = true;
			tables[AT(CHILD, n)] = true;
			has[AT(CHILD, n)] = true
		}
	:: else
	fi
}

/* fork(2) of the first process; then the child's whole life. */
proctype forker()
{
	down_write(mm[0]);
	down_write(mm[CHILD]);
	copy_vma(0);
	copy_vma(1);
	down_write(seg[0]);
	lock(drv);
	/* devmap_dup: the driver may want the parent to be told apart. */
	if
	:: hw == 0 -> unload(0)
	:: true
	fi;
	unlock(drv);
	up_write(seg[0]);
	up_write(mm[CHILD]);
	up_write(mm[0]);

	run toucher(CHILD, 0);
	/* The last thread's end is the end of the process. */
	child_ends;
	exit_mm(CHILD);
	done++
}

/* The driver takes the device away from whoever has it: an ioctl, a timer. */
proctype revoker()
{
	lock(drv);
	if
	:: hw != NOBODY -> unload(hw); hw = NOBODY
	:: else
	fi;
	unlock(drv);
	done++
}

/* The kernel removes a translation for reasons of its own (mprotect, mremap). */
proctype dropper()
{
	pte[AT(0, 0)] = false;
	done++
}

/* Time: the holder's is up; a turn that nobody comes for lapses. */
proctype clock()
{
end:
	do
	:: atomic { !expired && holder != NOBODY -> expired = true }
	:: atomic { turn != NOBODY && !running -> turn = NOBODY }
	:: atomic { done == THREADS -> break }
	od
}

/* Looks once, at any time. */
proctype monitor()
{
	byte p;

	atomic {
		select(p : 0 .. SPACES - 1);
		assert(page_lock[p] ||
		       (CLEAN(AT(p, 0)) && CLEAN(AT(p, 1))))	/* valid bit */
	}
}

init
{
	atomic {
		byte i;

		for (i : 0 .. 3) {
			attached[i] = true;
			linked[i] = true;
			tables[i] = true;
			has[i] = true
		}
		run toucher(0, 0);
		run toucher(1, 0);
#ifdef UNMAP
		run unmapper(0);
#endif
#ifdef FORK
		run forker();
#endif
#ifdef REVOKE
		run revoker();
#endif
#ifdef DROP
		run dropper();
#endif
		run clock();
		run monitor()
	}
}
