#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# fuzz, while others map, fork and use memory up: with the same arguments.

stress-ng --quiet --temp-path /tmp --mmap 1 --mmap-bytes 32M --vm 1 --vm-bytes 64M --fork 1 &
others=$!
fuzz "$@"
status=$?
# Or it was no more than fuzz alone.
if ! kill "$others"; then
	echo "Bail out! stress-ng has ended"
	status=1
fi
wait "$others"
exit $status
