# SPDX-License-Identifier: GPL-2.0
"""A small parser of KTAP, as kselftest, KUnit and the rig's self-test print it.

Only leaves count: a line "ok 1 suite" that closes a nested block is the sum of
results already counted.  What does not add up (a plan that does not match the
results, no plan, no results, a sum that contradicts its parts) is a failure of
its own, so that a test which dies half way cannot pass.
"""

import re
from dataclasses import dataclass, field

PLAN = re.compile(r'^( *)1\.\.(\d+)(?:\s*#\s*SKIP\b\s*(.*))?\s*$', re.I)
RESULT = re.compile(r'^( *)(ok|not ok)\s+(\d+)\s*(?:- )?(.*?)\s*$')
SKIP = re.compile(r'(?:^|\s)#\s*SKIP\b\s*(.*)$', re.I)
BAIL = re.compile(r'^ *Bail out!\s*(.*)$')


@dataclass
class Results:
    """Names, and for skipped tests (name, reason)."""
    passed: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    skipped: list = field(default_factory=list)

    def add(self, other):
        """Take in the results of another run."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def summary(self):
        """'3 passed, 0 failed', and ', 1 skipped' if there are any."""
        text = f'{len(self.passed)} passed, {len(self.failed)} failed'
        if self.skipped:
            text += f', {len(self.skipped)} skipped'
        return text


@dataclass
class Level:
    """A block of results at one depth of indentation."""
    indent: int
    plan: int = None
    seen: int = 0
    failed: int = 0


def parse(text):
    """Return the Results of a KTAP document."""
    res = Results()
    levels = [Level(0)]

    def complain(what):
        res.failed.append(what)

    def close(level, name):
        # Only KUnit's lists of parameters come without a plan, never the whole.
        if level.plan is not None and level.plan != level.seen:
            complain(f'{name}: planned {level.plan} tests, saw {level.seen}')
        if level.plan is None and level.indent == 0:
            complain(f'{name}: no plan')

    def at(indent):
        """The level of this depth; deeper ones stay for their closing line."""
        if indent > levels[-1].indent:
            levels.append(Level(indent))
        for level in levels:
            if level.indent == indent:
                return level
        levels[-1].indent = indent
        return levels[-1]

    for line in text.splitlines():
        match = PLAN.match(line)
        if match:
            level = at(len(match[1]))
            if level.plan is not None:
                complain(f'a second plan: {line.strip()}')
            level.plan = int(match[2])
            if level.plan == 0 and match[3] is not None:
                res.skipped.append(('everything', match[3]))
                level.plan = level.seen = 0
            continue
        match = BAIL.match(line)
        if match:
            complain(f'bailed out: {match[1]}')
            continue
        match = RESULT.match(line)
        if not match:
            continue

        indent, good, name = len(match[1]), match[2] == 'ok', match[4]
        inner = [level for level in levels if level.indent > indent]
        parts_failed = 0
        for level in inner:
            close(level, name)
            parts_failed += level.failed
        if inner:
            del levels[-len(inner):]
        level = at(indent)
        level.seen += 1
        if int(match[3]) != level.seen:
            complain(f'{name}: result {match[3]} comes as number {level.seen}')
        skip = SKIP.search(name)
        if skip:
            name = SKIP.sub('', name)
        if not good:
            level.failed += 1
        if any(part.seen for part in inner):
            if not good and not parts_failed:
                complain(f'{name}: failed, though no part of it did')
            if good and parts_failed:
                complain(f'{name}: passed, though {parts_failed} of its parts failed')
        elif not good:
            res.failed.append(name)
        elif skip:
            res.skipped.append((name, skip[1]))
        else:
            res.passed.append(name)

    for level in levels[1:]:
        close(level, 'a block that was cut off')
    close(levels[0], 'the whole')
    return res


EXAMPLES = (
    # what, text, passed, failed, skipped
    ('two that pass', '1..2\nok 1 a\nok 2 b\n', 2, 0, 0),
    ('one of each', '1..3\nok 1 a\nnot ok 2 b\nok 3 c # SKIP no device\n', 1, 1, 1),
    ('died before the third', '1..3\nok 1 a\nok 2 b\n', 2, 1, 0),
    ('no plan', 'ok 1 a\n', 1, 1, 0),
    ('nothing at all', '', 0, 1, 0),
    ('a number twice', '1..2\nok 1 a\nok 1 a\n', 2, 1, 0),
    ('everything skipped', '1..0 # SKIP not root\n', 0, 0, 1),
    ('bailed out', '1..1\nok 1 a\nBail out! broken\n', 1, 1, 0),
    ('other lines', 'noise\n1..1\n# not ok 2 comment\nok 1 a\n', 1, 0, 0),
    ('failed while skipping', '1..1\nnot ok 1 a # SKIP still failed\n', 0, 1, 0),
    ('parameters, which have no plan',
     'KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n'
     '    ok 1 a\n        # Subtest: p\n        ok 1 x\n        ok 2 y\n'
     '    ok 2 p\nok 1 s\n', 3, 0, 0),
    ('a failure inside', '1..1\n    1..2\n    ok 1 a\n    not ok 2 b\nnot ok 1 s\n', 1, 1, 0),
    ('a failure inside, denied', '1..1\n    1..2\n    ok 1 a\n    not ok 2 b\nok 1 s\n',
     1, 2, 0),
    ('died inside', '1..1\n    1..2\n    ok 1 a\n', 1, 2, 0),
    ('a failure of no part', '1..1\n    1..1\n    ok 1 a\nnot ok 1 s\n', 1, 1, 0),
)


def check_examples():
    """The parser's own test, in KTAP."""
    print(f'KTAP version 1\n1..{len(EXAMPLES)}')
    bad = 0
    for number, (what, text, *due) in enumerate(EXAMPLES, 1):
        res = parse(text)
        got = [len(res.passed), len(res.failed), len(res.skipped)]
        bad += got != due
        print(f'{"ok" if got == due else "not ok"} {number} KTAP parser: {what}')
        if got != due:
            print(f'# expected {due}, got {got}: {res}')
    return bad


if __name__ == '__main__':
    raise SystemExit(1 if check_examples() else 0)
