# SPDX-License-Identifier: GPL-2.0
"""What "make check", "make check-ci" and "make check-all" are: which tests run on which
kernels. kernels.list says of each kernel when it is used.

Environment: see check.
"""

import fnmatch
import os
import subprocess
import sys

VM = os.path.dirname(os.path.realpath(__file__))
TOP = os.path.dirname(os.path.dirname(VM))
TESTS = os.environ.get('TESTS', '').split()
SETS = os.environ.get('SETS', 'check').split()
ALL = 'all' in SETS
# With ALL, programs do ten times as much, and get ten times as long for it.
LONGER = 10 if ALL else 1

# What runs on a kernel, by the word in kernels.list and the set: "kunit" stands for a
# kernel of which "make check", a newcomer's command, has the KUnit tests only.
PARTS = {
    ('check', 'check'): {'rig', 'kunit', 'programs'},
    ('check', 'ci'): {'make'},
    ('kunit', 'check'): {'kunit'},
    ('kunit', 'ci'): {'rig', 'programs'},
    ('ci', 'ci'): {'rig', 'kunit', 'programs'},
}
# All of them. "make" is what people build and install with, which takes builds of
# everything; "rig" the rest of the rig.
EVERY = {'rig', 'make', 'kunit', 'programs'}
# Where the rig is tested: a kernel of each kind. "make" on the first of them.
RIG = ('debian-6.1', 'debug-6.12', 'kcsan-6.12')

# Kernels that have checkers share the programs in continuous integration, which
# takes half of the time, but for those that tests.list has for "every" kernel: what they
# test differs between these.
SHARES = ('debug-6.12', 'locks-7.3')


def share(kernel, programs):
    """Those of the programs that are to run on a kernel."""
    if ALL or TESTS or os.environ.get('KERNELS') or kernel not in SHARES:
        return programs
    turn = SHARES.index(kernel)
    return [program for number, program in enumerate(programs)
            if program.every or number % len(SHARES) == turn]


# What needs no kernel, and the sets that it is part of.
HOST = {
    'unit': {'check', 'all'},
    'unit-fuzz': {'check', 'all'},
    'model': {'check', 'all'},
    'lint': {'ci', 'all'},
    'kunit-tree': {'all'},
}


def tool(name):
    """The path of a script of this folder."""
    return os.path.join(VM, name)


def wanted(name, group=None):
    """Do TESTS ask for this test, by its name or its group?"""
    return not TESTS or group in TESTS or \
        any(fnmatch.fnmatch(name, pattern) for pattern in TESTS)


def suite_wanted(suite):
    """Is this suite, which needs no kernel, to be run? If it is named, in any set."""
    return suite in TESTS or wanted(suite, 'host') and bool(HOST[suite] & set(SETS))


def needs_no_kernel():
    """Is that all that is asked for?"""
    return bool(TESTS) and set(TESTS) <= set(HOST) | {'host'}


def parts(when):
    """Which parts run on a kernel with this word in kernels.list."""
    if ALL and when in ('check', 'kunit', 'ci', 'all'):
        return EVERY
    found = set()
    for name in SETS:
        found |= PARTS.get((when, name), set())
    return found


def kernels():
    """The kernels, and which parts run on each: KERNELS, or those of the sets."""
    listing = subprocess.run([tool('kernel'), 'list'], stdout=subprocess.PIPE, check=True,
                             text=True).stdout
    known = {}
    for line in listing.splitlines():
        name, release, when = line.split()
        known[name] = (when, release != '-')
    chosen = os.environ.get('KERNELS', '').split()
    for name in chosen:
        if name not in known:
            sys.exit(f'check: error: no kernel {name}; there are: {" ".join(known)}')
    if needs_no_kernel():
        return {}
    # Here, or to be fetched or built?
    here = {name: there for name, (_, there) in known.items()}
    plan = {name: EVERY for name in chosen} if chosen else \
        {name: parts(when) for name, (when, _) in known.items()}
    return {name: (what, here[name]) for name, what in plan.items() if what}
