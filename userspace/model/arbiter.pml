/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arbiter, compat/devmap/ctxmgt.c: who may switch contexts, who sleeps, and who
 * wakes whom. All handles have a timeout; the names are those of the code.
 *
 * Time is two flags that may come true at any moment. A task that sleeps is woken
 * by another, or by itself if it watches the clock; one that does neither for ever
 * is a deadlock.
 *
 * Checked: no deadlock; context callbacks of one handle at a time; no switch
 * before the time of the holder is up; no access of type DEVMAP_ACCESS in the
 * driver while one of type DEVMAP_LOCK is.
 *
 * -DLOCK, -DSIGNAL, -DTIMES=n: what runs. -DWRONG_...: a mistake that has to be
 * found. The script "check" has the list of both.
 */

#define TASKS	3
#define NONE	9

#ifndef TIMES
#define TIMES	1
#endif

/* Tasks 1 and 2 are threads of one process: they share a handle. */
#define ID(t)	(1 + ((t) + 1) / 2)

byte holder;		/* 0: nobody yet */
bool up;		/* the holder has had its time */
byte turn;		/* 0: nobody's */
bool turn_up;		/* it has been kept for long enough */
byte running;
byte inflight;
bool locked;

/* The queue, and of each task: is it awake, does it watch the clock. */
byte queue[TASKS] = NONE;
byte queued;
bool awake[TASKS];
bool timed[TASKS];
bool inside[TASKS];

byte done;

#define FIRST	(queued -> queue[0] : NONE)
#define MAY_GO(t) \
	(turn -> turn == ID(t) : \
	 (!holder || (holder == ID(t) && !up) || \
	  ((locked || !queued || ID(queue[0]) == ID(t)) && up)))
#define WATCHES(t)	(locked -> inside[t] : queue[0] == t)
#define READY(t)	(MAY_GO(t) && (inside[t] || !locked))

/* may_go() lets a turn lapse that nobody came for. */
inline lapse()
{
	if
	:: turn && !running && turn_up -> turn = 0
	:: else
	fi
}

inline wake_ready()
{
	d_step {
		i = 0;
		do
		:: i < queued ->
			if
			:: i == 0 || ID(queue[i]) == holder ||
			   ID(queue[i]) == turn || (locked && inside[queue[i]]) ->
				awake[queue[i]] = true
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	}
}

inline enqueue(t)
{
	d_step { queue[queued] = t; queued++ }
}

inline dequeue(t)
{
	d_step {
		i = 0;
		do
		:: queue[i] != t -> i++
		:: else -> break
		od;
		do
		:: i + 1 < queued -> queue[i] = queue[i + 1]; i++
		:: else -> break
		od;
		queued--;
		queue[queued] = NONE;
		i = 0
	}
}

inline keep_turn(t)
{
	d_step {
		if
		:: turn != ID(t) -> turn = ID(t); turn_up = false
		:: else
		fi
	}
}

inline enter(t)
{
	assert(!running || turn == ID(t));	/* one handle */
	turn = ID(t);
	running++
}

/* devmap_ctx_leave() */
inline leave(t)
{
	if
	:: holder != ID(t) ->
		assert(!holder || up);		/* its time */
		holder = ID(t);
		up = false
	:: else
	fi;
	running--;
	if
	:: !running -> turn = 0
	:: else
	fi;
#ifndef WRONG_LEAVE_WAKES_NONE
	wake_ready();
#endif
	skip
}

/* devmap_ctx_pass() */
inline pass(t)
{
	inside[t] = false;
	inflight--;
	if
	:: turn == ID(t) && !running -> turn = 0; wake_ready()
	:: else
	fi
}

inline go_on(t)
{
	if
	:: inside[t] -> enter(t)
	:: else -> keep_turn(t)
	fi
}

inline wait_until(t)
{
	atomic {
		lapse();
		if
		:: READY(t) -> go_on(t); goto got
		:: else -> enqueue(t)
		fi
	};
	do
	:: atomic {
		lapse();
		if
		:: READY(t) ->
			dequeue(t);
			wake_next();
			go_on(t);
			goto got
#ifdef SIGNAL
		:: t == 0 && !inside[t] ->
			dequeue(t);
			wake_next();
			goto killed
#endif
		:: else ->
			awake[t] = false;
			timed[t] = WATCHES(t) && !(turn && running)
		fi
	   };
	   atomic { awake[t] || timed[t] -> timed[t] = false }
	od
}

inline wake_next()
{
#ifndef WRONG_NEXT_NOT_WOKEN
	wake_ready()
#else
	skip
#endif
}

/* Faults, each with the context callback. */
proctype fault(byte t)
{
	byte times = TIMES, i;

	do
	:: !times -> break
	:: else ->
		/* devmap_ctx_try() */
		atomic {
			lapse();
			if
			:: READY(t) -> inflight++; keep_turn(t); inside[t] = true
			:: else
			fi
		};
		/* devmap_ctx_wait(), or in the driver devmap_ctx_enter() */
		wait_until(t);
got:
		if
		:: !inside[t] ->
			/* The fault comes again, or goes elsewhere with its turn. */
#ifdef SIGNAL
			if
			:: t == 0 -> break
			:: true
			fi
#else
			skip
#endif
		:: else ->
			skip;	/* devmap_contextmgt(9E) */
			atomic { leave(t) };
			atomic { pass(t) };
			times--
		fi
	od;
killed:
	done++
}

/* All that wait look again. */
inline set_locked(v)
{
	d_step {
		locked = v;
#ifdef WRONG_UNLOCK_WAKES_NONE
		i = (v -> 0 : queued);
#else
		i = 0;
#endif
		do
		:: i < queued -> awake[queue[i]] = true; i++
		:: else -> break
		od;
		i = 0
	}
}

/* devmap_ctx_lock() and devmap_ctx_unlock(): sleeps a tick at a time. */
proctype locker()
{
	byte i;
	bool mine = false;

	do
	:: atomic {
		if
		:: !mine && !locked -> mine = true; set_locked(true)
		:: else
		fi;
		if
#ifdef WRONG_LOCK_DOES_NOT_WAIT
		:: mine -> break
#else
		:: mine && !inflight -> break
#endif
		:: else
		fi
	   }
	:: true -> goto out	/* -EAGAIN */
	od;
	assert(!inflight);	/* alone */
	skip;			/* devmap_access(9E), DEVMAP_LOCK */
	assert(!inflight);	/* alone, still */
out:
	if
	:: mine -> atomic { set_locked(false) }
	:: else
	fi;
	done++
}

#ifdef LOCK
#define ALL	(TASKS + 1)
#else
#define ALL	TASKS
#endif

proctype clock()
{
end:
	do
	:: atomic { !up && holder -> up = true }
	:: atomic { !turn_up && turn && !running -> turn_up = true }
	:: atomic { done == ALL -> break }
	od
}

init
{
	atomic {
		run fault(0);
		run fault(1);
		run fault(2);
#ifdef LOCK
		run locker();
#endif
		run clock()
	}
}
