# SPDX-License-Identifier: GPL-2.0
"""What people see of "check": messages, progress on a terminal, the table of results,
and where the time went."""

import json
import os
import shutil
import sys
import threading
import time

import ktap

VERBOSE = os.environ.get('VERBOSE', '') not in ('', '0')


def clock(seconds):
    """Minutes and seconds."""
    return f'{int(seconds) // 60}:{int(seconds) % 60:02}'


class Screen:
    """Lines for people and, on a terminal, one below them that says how far it is."""

    def __init__(self):
        self.lock = threading.RLock()
        self.status = ''
        self.terminal = sys.stdout.isatty()

    def clear(self):
        """Remove the status line. The caller holds the lock."""
        if self.status:
            sys.stdout.write('\r\033[K')

    def say(self, text=''):
        """A line, at once."""
        with self.lock:
            self.clear()
            sys.stdout.write(f'{text}\n{self.status}')
            sys.stdout.flush()

    def show(self, status):
        """Another status line; none if it is empty."""
        if not self.terminal:
            return
        with self.lock:
            self.clear()
            width = shutil.get_terminal_size().columns - 1
            self.status = status[:max(width, 0)]
            sys.stdout.write(self.status)
            sys.stdout.flush()


SCREEN = Screen()
say = SCREEN.say


class Table:
    """All results, by kernel and suite."""

    def __init__(self):
        self.rows = {}
        self.seconds = {}
        self.lock = threading.Lock()

    def record(self, kernel, suite, results, seconds, report=''):
        """Take results in and tell how the suite went."""
        with self.lock:
            self.rows.setdefault(suite, {}).setdefault(kernel, ktap.Results()).add(results)
            self.seconds[f'{kernel}: {suite}'] = seconds
        lines = [f'{"FAILED" if results.failed else "ok":7}{kernel:12} {suite:24} '
                 f'{results.summary()} ({seconds:.0f} s)']
        lines += [f'         skipped: {name}: {reason or "no reason given"}'
                  for name, reason in results.skipped]
        lines += [f'         failed: {name}' for name in results.failed]
        if (results.failed or VERBOSE) and report:
            lines += [f'    | {line}' for line in report.splitlines()]
        say('\n'.join(lines))

    def fail(self, kernel, suite, what):
        """Record a failure that is not a test's own."""
        self.record(kernel, suite, ktap.Results(failed=[what]), 0)

    def total(self):
        """All results in one."""
        total = ktap.Results()
        for row in self.rows.values():
            for results in row.values():
                total.add(results)
        return total

    def show(self):
        """The table: a row for each suite, a column for each kernel."""
        kernels = []
        for row in self.rows.values():
            kernels += [kernel for kernel in row if kernel not in kernels]
        kernels.sort(key=lambda name: (name == 'host', name))
        say()
        say(f'{"passed/failed/skipped":26}' + ''.join(f'{name:>16}' for name in kernels))
        for suite, row in self.rows.items():
            cells = []
            for kernel in kernels:
                res = row.get(kernel)
                cells.append('-' if res is None else
                             f'{len(res.passed)}/{len(res.failed)}/{len(res.skipped)}')
            say(f'{suite:26}' + ''.join(f'{cell:>16}' for cell in cells))
        say()


class Progress:
    """Which steps there are, how long each takes, and how long the rest will.

    What a step took the last time is kept in the cache; the first time a guess serves.
    """

    def __init__(self, folder, side_by_side):
        self.file = os.path.join(folder, 'seconds.json')
        self.side_by_side = side_by_side
        self.lock = threading.Lock()
        self.start = time.monotonic()
        # By name: what is expected (to do), since when it runs, what it took.
        self.due = {}
        self.running = {}
        self.took = {}
        self.kinds = {}
        try:
            with open(self.file, encoding='utf-8') as text:
                self.before = json.load(text)
        except (OSError, ValueError):
            self.before = {}
        if SCREEN.terminal:
            threading.Thread(target=self.tick, daemon=True).start()

    def tick(self):
        """Once a second."""
        while True:
            SCREEN.show(self.status())
            time.sleep(1)

    def add(self, kind, name, guess):
        """A step is due, which takes that long."""
        with self.lock:
            self.kinds[name] = kind
            self.due[name] = guess

    def expect(self, name, start, guess):
        """Steps are due that are not known yet: what starts with @start took so long
        before."""
        with self.lock:
            before = sum(seconds for step, seconds in self.before.items()
                         if step.startswith(start))
            self.due[name] = before or guess

    def known(self, name):
        """Now they are known, and added."""
        with self.lock:
            self.due.pop(name, None)

    def begin(self, name):
        """It begins."""
        with self.lock:
            self.running[name] = time.monotonic()

    def end(self, name, seconds=None):
        """It is over, and took that long: unless told, since it began."""
        with self.lock:
            begun = self.running.pop(name, None)
            self.took[name] = seconds if seconds is not None else time.monotonic() - begun

    def status(self):
        """How far it is, in a line."""
        now = time.monotonic()
        with self.lock:
            if not self.due:
                return ''
            expected = sum(self.due[name] for name in self.took if name in self.due)
            really = sum(seconds for name, seconds in self.took.items() if name in self.due)
            pace = min(max((really + 60) / (expected + 60), 0.3), 5)
            left = [max(due * pace - (now - self.running.get(name, now)), 2)
                    for name, due in self.due.items() if name not in self.took]
            share = 100 * expected / max(sum(self.due.values()), 1)
            most = max([sum(left) / self.side_by_side] + left)
            return (f'{len(self.took)} of {len(self.due)} steps, {share:.0f} %, '
                    f'{clock(now - self.start)} gone, about {clock(most)} left'
                    + (f': {", ".join(sorted(self.running))}' if self.running else ''))

    def finish(self, parts):
        """Say where the time went, and keep it for the next run; also of @parts of steps."""
        SCREEN.show('')
        with self.lock:
            sums = {}
            for name, seconds in self.took.items():
                kind = self.kinds.get(name, name)
                sums[kind] = sums.get(kind, 0) + seconds
            self.due = {}
            kept = {**self.before, **self.took, **parts}
        say(f'where the time went (minutes of work, {self.side_by_side} steps side by side):')
        for kind, seconds in sorted(sums.items(), key=lambda item: -item[1]):
            if seconds >= 1:
                say(f'  {clock(seconds):>6}  {kind}')
        say(f'  {clock(time.monotonic() - self.start):>6}  from the beginning to the end')
        say()
        temporary = f'{self.file}.{os.getpid()}'
        with open(temporary, 'w', encoding='utf-8') as text:
            json.dump({name: round(seconds, 1) for name, seconds in kept.items()}, text)
        os.replace(temporary, self.file)
