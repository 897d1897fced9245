# SPDX-License-Identifier: GPL-2.0
"""The test programs of userspace/selftests: what tests.list says of each."""

import hashlib
import os
import subprocess
import sys

from plan import ALL, LONGER, TESTS, TOP, wanted
from report import say

# Seconds for a test program unless tests.list says "timeout=N".
TIMEOUT = 300
# How many test programs share a boot: few enough that all processors have work to
# the end, and that little is run again after a crash.
SHARE = 6


class Program:
    """A test program: a line of tests.list."""

    def __init__(self, folder, name, words):
        self.name = name
        self.path = os.path.join(folder, name)
        self.timeout = TIMEOUT * LONGER
        self.devices = ['edu']
        self.files = []
        self.modules = []
        self.memories = []
        self.append = ''
        self.ram = ''
        self.only_all = False
        self.every = False
        for word in words:
            key, _, value = word.partition('=')
            if key == 'timeout':
                self.timeout = int(value) * LONGER
            elif key == 'device':
                self.devices.append(value)
            elif key == 'file':
                self.files.append(os.path.join(folder, value))
            elif key == 'module':
                self.modules.append(value)
            elif key == 'append':
                self.append = value
            elif word == 'when=all':
                self.only_all = True
            elif word == 'every':
                self.every = True
            elif key == 'ram':
                self.ram = value
            elif key == 'shm':
                self.memories.append(value)
            else:
                sys.exit(f'check: error: tests.list: {name}: what is "{word}"?')

    def machine(self):
        """What programs that share a machine have in common; None if it cannot be
        shared, as the host's part of the test looks at it when it has ended."""
        return None if self.memories else (self.append, self.ram, *self.devices)

    def wanted(self):
        """Is it to be run?"""
        return wanted(self.name, 'selftests') and \
            (ALL or not self.only_all or self.name in TESTS)


def build(table, source):
    """Build the test programs with the kernel sources' harness; a list of Program."""
    if source is None:
        table.fail('host', 'selftests', 'the kernel sources cannot be had')
        return []
    key = hashlib.sha256((TOP + '\n').encode()).hexdigest()[:12]
    cache = os.path.dirname(os.path.dirname(source))
    out = os.path.join(cache, 'build', 'selftests', key)
    os.makedirs(out, exist_ok=True)
    # A list from an earlier build must not stand in for one that failed.
    listing = os.path.join(out, 'tests.list')
    if os.path.exists(listing):
        os.remove(listing)
    env = {key: value for key, value in os.environ.items()
           if key not in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'MAKEOVERRIDES')}
    make = subprocess.run(
        ['make', '-j', str(os.cpu_count()), '-C', os.path.join(TOP, 'userspace', 'selftests'),
         f'OUT={out}', f'KSELFTEST_DIR={source}/tools/testing/selftests'],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, env=env, check=False)
    if make.returncode or not os.path.exists(listing):
        say(make.stdout)
        table.fail('host', 'selftests', 'the test programs do not build')
        return []

    found = []
    with open(listing, encoding='utf-8') as lines:
        for line in lines:
            words = line.split('#')[0].split()
            if words:
                found.append(Program(out, words[0], words[1:]))
    if not found:
        table.fail('host', 'selftests', 'tests.list names no test programs')
    due = []
    for program in found:
        if not program.wanted():
            continue
        if os.access(program.path, os.X_OK):
            due.append(program)
        else:
            table.fail('host', program.name, 'named in tests.list, but not built')
    return due


def batches(programs):
    """Lists of programs that can share a machine, the slow ones first."""
    kinds = {}
    for program in sorted(programs, key=lambda program: -program.timeout):
        kinds.setdefault(program.machine(), []).append(program)
    for machine, members in kinds.items():
        count = 1 if machine is None else SHARE
        # Of equal size, each with its share of slow ones.
        parts = -(-len(members) // count)
        for start in range(parts):
            yield members[start::parts]
