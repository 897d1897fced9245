# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts of this folder share: messages, the cache folder, locks.

vm_dir=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
top_dir=$(dirname "$(dirname "$vm_dir")")
me=${0##*/}

: "${top_dir:?}"

# stdout is for results (paths), so everything for people goes to stderr.
say()
{
	printf '%s: %s\n' "$me" "$*" >&2
}

die()
{
	printf '%s: error: %s\n' "$me" "$*" >&2
	exit 1
}

# Kernels, sources and build folders live here and never in the checkout.
cache_dir=${DEVMAP_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/devmap-linux}
mkdir -p "$cache_dir"/{kernels,lock,tmp} 2>/dev/null ||
	die "cannot write the cache folder $cache_dir (set DEVMAP_CACHE to another one)"
cache_dir=$(readlink -f "$cache_dir")
export DEVMAP_CACHE=$cache_dir

# lock NAME: hold a lock until this process ends, so that two runs which want
# the same thing do the work once.
lock()
{
	local fd

	exec {fd}>"$cache_dir/lock/$1"
	flock -n "$fd" && return
	say "waiting for another run that is busy with $1"
	flock "$fd"
}

# work_dir NAME: a fresh folder inside the cache, to be renamed into place when
# complete.  The caller holds the lock NAME: whatever is there is left over from
# a run that was cut short.
work_dir()
{
	rm -rf "${cache_dir:?}/tmp/${1:?}"
	mkdir -p "$cache_dir/tmp/$1"
	printf '%s\n' "$cache_dir/tmp/$1"
}

# kernel_field NAME COLUMN: a column (1..) of kernels.list; 6 is "the rest".
kernel_field()
{
	awk -v name="$1" -v col="$2" '
		/^#/ || !NF || $1 != name { next }
		{
			found = 1
			if (col < 6)
				print $col
			else {
				for (i = col; i <= NF; i++)
					printf "%s%s", (i > col ? " " : ""), $i
				print ""
			}
		}
		END { exit !found }' "$vm_dir/kernels.list"
}

kernel_names()
{
	awk '!/^#/ && NF { print $1 }' "$vm_dir/kernels.list"
}
