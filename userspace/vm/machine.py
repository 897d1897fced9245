# SPDX-License-Identifier: GPL-2.0
"""Run tests in virtual machines, and on this one: commands that print KTAP, KUnit, and
the test programs."""

import os
import re
import subprocess
import tempfile
import threading
import time

import ktap
from plan import ALL, LONGER, TESTS, tool
from programs import TIMEOUT
from report import say

KUNIT_TIMEOUT = 600
# The kernels that are built here have checkers, and are slow; one with PREEMPT_RT is,
# as it changes tasks at every lock that somebody waits for, which costs most in an
# emulated machine.
SLOW = set()
# Modules for a test program besides devmap, unless tests.list says "module=NAME".
MODULES = ['devmap_ctxdev', 'devmap_selftest', 'devmap_olddev']

# For userspace/vm/coverage: where the modules are built, and where the counts go.
COVERAGE = os.environ.get('COVERAGE')
COVERAGE_BUILD = os.environ.get('COVERAGE_BUILD')
GCOV_DUMP = """#!/bin/sh
cd /sys/kernel/debug/gcov || exit
find . -name '*.gcda' | while read -r file; do
	mkdir -p "/tmp/gcov/${file%/*}"
	cat "$file" >"/tmp/gcov/$file"
done
tar -C /tmp/gcov -cz . | base64
"""

# Print each suite's results after a line that names it.
KUNIT_COMMAND = '''
for file in /sys/kernel/debug/kunit/*/results; do
	[ -e "$file" ] || continue
	suite=${file%/results}
	echo "@@ ${suite##*/}"
	cat "$file"
done
'''


def output_of(*command):
    """stdout of a command; None if it fails. What it has to say goes to the screen."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, errors='replace') as process:
        def listen():
            for line in process.stderr:
                say(line.rstrip('\n'))

        listener = threading.Thread(target=listen)
        listener.start()
        text = process.stdout.read().strip()
        listener.join()
    return text if process.returncode == 0 else None


def effort(kernel):
    """How much programs are to do of what they repeat, in percent: see effort.c."""
    if kernel in SLOW:
        return 20 * LONGER
    return (100 if ALL or TESTS else 50) * LONGER


def judge(results, status):
    """What the exit status adds to the results."""
    # kselftest's exit statuses: 1 goes with failures in the KTAP, 4 with skips.
    if status and not (status == 1 and results.failed) and \
       not (status == 4 and results.skipped and not results.passed):
        reason = {124: 'time limit', 125: 'see the kernel log'}.get(status)
        results.failed.append(f'exit status {status}' + (f' ({reason})' if reason else ''))
    return results


def run_ktap(command, parse=ktap.parse):
    """Run a command that prints KTAP; its results, time and whole output."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, errors='replace') as process:
        out, err = process.communicate()
    results = judge(parse(out), process.returncode)
    return results, time.monotonic() - start, f'{out}{err}'


def suites_in(module):
    """How many KUnit suites a module carries: pointers in a section of its own."""
    text = subprocess.run(['readelf', '-SW', module], stdout=subprocess.PIPE, check=True,
                          text=True).stdout
    match = re.search(r'\.kunit_test_suites\s+PROGBITS\s+\w+\s+\w+\s+(\w+)', text)
    return int(match[1], 16) // 8 if match else 0


def parse_kunit(text):
    """Results of KUNIT_COMMAND: one KTAP document for each suite."""
    results = ktap.Results()
    for part in re.split(r'^@@ ', text, flags=re.M)[1:]:
        suite, _, body = part.partition('\n')
        found = ktap.parse(body)
        results.passed += [f'{suite}: {name}' for name in found.passed]
        results.failed += [f'{suite}: {name}' for name in found.failed]
        results.skipped += [(f'{suite}: {name}', why) for name, why in found.skipped]
    return results


def check_kunit(table, kernel, modules):
    """The KUnit tests, on a kernel that has KUnit."""
    module = os.path.join(modules, 'devmap_kunit.ko')
    if not os.path.exists(module):
        table.fail(kernel, 'kunit', 'devmap_kunit.ko was not built')
        return

    def parse(text):
        results = parse_kunit(text)
        ran = len(re.findall(r'^@@ ', text, flags=re.M))
        due = suites_in(module)
        if not ran or ran != due:
            results.failed.append(f'{due} suites in devmap_kunit.ko, {ran} ran')
        return results

    command = KUNIT_COMMAND
    if COVERAGE:
        command += "echo '@@gcov'\n" + GCOV_DUMP
    results, seconds, report = run_ktap(
        [tool('run'), '--kernel', kernel, '--timeout', str(KUNIT_TIMEOUT),
         '--device', 'edu', '--device', 'pci-testdev',
         '--module', os.path.join(modules, 'devmap.ko'), '--module', module,
         '--', 'sh', '-c', command], parse)
    report, _, counts = report.partition('@@gcov\n')
    if COVERAGE:
        keep_counts('kunit', re.match(r'[A-Za-z0-9+/=\n]*', counts)[0])
    table.record(kernel, 'kunit', results, seconds, report)


def keep_counts(name, counts):
    """What GCOV_DUMP has printed, for userspace/vm/coverage."""
    with open(os.path.join(COVERAGE, name + '.b64'), 'w', encoding='ascii') as file:
        file.write(counts)


def check_batch(kernel, modules, programs, table):
    """Test programs in one virtual machine; after a crash, the rest in another."""
    tries = 2
    while programs:
        ran = run_batch(table, kernel, modules, programs, tries)
        tries = tries if ran else tries - 1
        programs = [program for program in programs if program not in ran]


def run_batch(table, kernel, modules, programs, tries):
    """Boot once and run programs; those that have a verdict now. A machine that did not
    come to its first program, when nothing of ours had run, gets another try."""
    first = programs[0]
    command = [tool('run'), '--kernel', kernel, '--env', f'EFFORT={effort(kernel)}']
    if first.append:
        command += ['--append', first.append]
    for device in first.devices:
        command += ['--device', device]
    if first.ram:
        command += ['--qemu', f'-object memory-backend-ram,id=ram,size={first.ram} '
                              '-device ivshmem-plain,memdev=ram']
    with tempfile.TemporaryDirectory(prefix='shm.', dir=os.path.dirname(first.path)) as folder:
        memories = [os.path.join(folder, f'shm{n}') for n, _ in enumerate(first.memories)]
        for file, size in zip(memories, first.memories):
            subprocess.run(['truncate', '-s', size, file], check=True)
            command += ['--shm', file]
        # What the host's part of the test does before and after the machine runs.
        host = [first.path]
        if memories and subprocess.run(host + ['--host-prepare'] + memories,
                                       check=False).returncode:
            table.fail(kernel, first.name, 'the shared memory cannot be prepared')
            return programs
        out = os.path.join(folder, 'each')
        command += ['--each', out]
        for file in {file for program in programs for file in [program.path] + program.files}:
            command += ['--file', file]
        command.append('--')
        for program in programs:
            names = [name.partition(',') for name in ['devmap'] + (program.modules or MODULES)]
            files = [os.path.join(modules, f'{name}.ko{comma}{parameters}')
                     for name, comma, parameters in names]
            command.append(' '.join([program.name, str(program.timeout)] + files))
        if COVERAGE:
            dump = os.path.join(folder, 'gcov-dump')
            with open(dump, 'w', encoding='ascii') as file:
                file.write(GCOV_DUMP)
            os.chmod(dump, 0o755)
            command[command.index('--'):command.index('--')] = ['--file', dump]
            command.append(f'gcov-dump {TIMEOUT}')
        start = time.monotonic()
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             stdin=subprocess.DEVNULL, check=False, text=True, errors='replace')
        ran = []
        if COVERAGE and os.path.exists(os.path.join(out, 'gcov-dump', 'status')):
            with open(os.path.join(out, 'gcov-dump', 'output'), encoding='ascii') as file:
                keep_counts(first.name, file.read())
        for program in programs:
            found = read_verdict(os.path.join(out, program.name))
            if not found:
                continue
            results, report, seconds = found
            if memories:
                verified, _, more = run_ktap(host + ['--host-verify'] + memories)
                results.add(verified)
                report += more
            table.record(kernel, program.name, results, seconds, report)
            ran.append(program)
        if not ran and tries > 1:
            say(f'{kernel}: the machine does not start, once more\n{run.stdout}')
        elif not ran:
            table.record(kernel, first.name, ktap.Results(failed=['the machine does not start']),
                         time.monotonic() - start, run.stdout)
            ran = [first]
        return ran


def read_verdict(folder):
    """What "run --each" says of a program: results, output, seconds; None if it did
    not come to run."""
    texts = {}
    for name in ('status', 'output', 'errors', 'verdict'):
        try:
            with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
                texts[name] = file.read()
        except OSError:
            return None
    seconds = re.search(r'^seconds (\d+)', texts['verdict'], re.M)
    return (judge(ktap.parse(texts['output']), int(texts['status'])),
            texts['output'] + texts['errors'], int(seconds[1]) if seconds else 0)
