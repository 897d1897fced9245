// SPDX-License-Identifier: GPL-2.0
/*
 * Making fork(2) fail.
 *
 * A driver may refuse a fork, devmap_dup(9E), and there may be no memory for the
 * child's handles. But what Linux calls for each VMA of the child returns nothing.
 *
 * The last thing that fork does with the child's address space is to take a
 * reference on the module of its binary format, where the parent's was copied
 * from. If that module is being removed, the fork is ENOMEM, and the child's
 * address space is taken down as by exit(2), with every VMA closed. So this is
 * what a child gets that must not be: a binary format whose module is going.
 */

#include <linux/binfmts.h>
#include <linux/mm_types.h>
#include <linux/module.h>

#include "../linux/kunit.h"
#include "fork.h"

static struct module going = {
	.state = MODULE_STATE_GOING,
	.name = "devmap_fork",
};

static struct linux_binfmt refused = { .module = &going };

/**
 * devmap_fork_refuse() - have the fork(2) that makes an address space fail
 * @mm: the child's address space, from the open of one of its VMAs
 *
 * The error will be ENOMEM. No process ever runs in @mm; its VMAs are closed, by
 * the parent, before fork(2) returns.
 *
 * Context: mmap_lock of @mm held for writing, and nobody else has it.
 */
void devmap_fork_refuse(struct mm_struct *mm)
{
	mm->binfmt = &refused;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_fork_refuse);

/**
 * devmap_fork_refused() - whether devmap_fork_refuse() was called
 * @mm: the child's address space
 *
 * Return: true if it will not live.
 */
bool devmap_fork_refused(const struct mm_struct *mm)
{
	return mm->binfmt == &refused;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_fork_refused);
