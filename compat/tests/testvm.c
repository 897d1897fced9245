// SPDX-License-Identifier: GPL-2.0
/*
 * Address spaces for suites: see testvm.h.
 *
 * What kunit_attach_mm() does, but for more than one address space, and such that
 * a case can end one.
 */

#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "testdev.h"
#include "testvm.h"

#ifdef DEVMAP_HAVE_KUNIT_VM_MMAP

static void attach(struct testvm *vm)
{
	/* If the case dies, exit_mm() drops this reference. */
	mmget(vm->mm);
	kthread_use_mm(vm->mm);
	vm->attached = true;
}

static void detach(struct testvm *vm)
{
	vm->attached = false;
	kthread_unuse_mm(vm->mm);
	mmput(vm->mm);
}

static void put_mm(void *arg)
{
	struct testvm *vm = arg;

	/* The thread has ended with it, and kthread_use_mm() has counted it. */
	if (vm->attached)
		mmdrop(vm->mm);
	mmput(vm->mm);
}

/**
 * testvm_create() - make a process
 * @test: the case; its thread is that process if it has been none before
 *
 * The process exits with the case. In kernels where a module cannot make an
 * address space, the case is skipped.
 *
 * Return: the process.
 */
struct testvm *testvm_create(struct kunit *test)
{
	struct testvm *vm = kunit_kzalloc(test, sizeof(*vm), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vm);
	vm->test = test;
	vm->mm = mm_alloc();
	KUNIT_ASSERT_NOT_NULL(test, vm->mm);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_mm, vm));
	vm->mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(vm->mm, &current->signal->rlim[RLIMIT_STACK]);
	if (!current->mm)
		attach(vm);
	return vm;
}

/**
 * testvm_switch() - go on as another process
 * @from: the one that the thread of the case is
 * @to: the one that it becomes
 */
void testvm_switch(struct testvm *from, struct testvm *to)
{
	detach(from);
	attach(to);
}

/**
 * testvm_exit() - end a process; the thread of the case is none then
 * @vm: the one that it is
 */
void testvm_exit(struct testvm *vm)
{
	detach(vm);
	kunit_release_action(vm->test, put_mm, vm);
}

#else

struct testvm *testvm_create(struct kunit *test)
{
	kunit_skip(test, "no address spaces for modules");
	return NULL;
}

void testvm_switch(struct testvm *from, struct testvm *to)
{
}

void testvm_exit(struct testvm *vm)
{
}

#endif

/**
 * testvm_map() - mmap(2) of the device, for reading and writing
 * @td: the device
 * @first: first page
 * @nr: number of pages
 * @flags: MAP_SHARED or MAP_PRIVATE
 *
 * Return: address or -errno.
 */
unsigned long testvm_map(struct testdev *td, unsigned long first,
			 unsigned long nr, unsigned long flags)
{
	return vm_mmap(td->file, 0, nr << PAGE_SHIFT, PROT_READ | PROT_WRITE,
		       flags, first << PAGE_SHIFT);
}

/**
 * testvm_vma() - the VMA at an address; nobody else changes the address space
 * @addr: the address
 *
 * Return: the VMA or NULL.
 */
struct vm_area_struct *testvm_vma(unsigned long addr)
{
	struct vm_area_struct *vma;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, addr);
	mmap_read_unlock(current->mm);
	return vma && vma->vm_start <= addr ? vma : NULL;
}

int testvm_read(unsigned long addr, u64 *value)
{
	return get_user(*value, (u64 __user *)addr);
}

int testvm_write(unsigned long addr, u64 value)
{
	return put_user(value, (u64 __user *)addr);
}
