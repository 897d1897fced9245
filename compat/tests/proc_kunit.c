// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_proc: processes, credentials, page frames of kernel memory. */
#define _KERNEL

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/vmalloc.h>

#include "ddi.h"

#include <sys/proc.h>
#include <sys/sunddi.h>
#include <vm/hat.h>

/**
 * struct seen - what a thread sees of itself
 * @proc: its process
 * @thread: itself
 * @as: its address space
 * @pid: its id
 */
struct seen {
	proc_t *proc;
	kthread_t *thread;
	struct as *as;
	pid_t pid;
};

static void look(void *arg)
{
	struct seen *seen = arg;

	seen->proc = curproc;
	seen->thread = curthread;
	seen->as = curproc->p_as;
	seen->pid = ddi_get_pid();
}

static void kernel_threads(struct kunit *test)
{
	struct seen one = { }, other = { };
	struct helper helper;

	look(&one);
	helper_start(test, &helper, look, &other);
	helper_wait(test, &helper);
	KUNIT_EXPECT_PTR_EQ(test, (void *)one.thread, (void *)current);
	KUNIT_EXPECT_PTR_EQ(test, (void *)other.thread, (void *)helper.task);
	KUNIT_EXPECT_PTR_NE(test, one.proc, other.proc);
	KUNIT_EXPECT_EQ(test, one.pid, task_pid_nr(current));
	KUNIT_EXPECT_EQ(test, other.pid, task_pid_nr(helper.task));
	KUNIT_EXPECT_NULL(test, other.as);
}

static void address_space_is_the_mm(struct kunit *test)
{
	struct seen seen = { };

	/* Gives this thread one. */
	kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ,
		      MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NOT_NULL(test, current->mm);
	look(&seen);
	KUNIT_EXPECT_PTR_EQ(test, (void *)seen.as, (void *)current->mm);
}

static void parameters(struct kunit *test)
{
	clock_t ticks = 0;
	time_t seconds = 0;
	pid_t pid = 0;
	cred_t *cred = NULL;
	proc_t *proc = NULL;

	KUNIT_EXPECT_EQ(test, 0, drv_getparm(LBOLT, &ticks));
	KUNIT_EXPECT_LE(test, ticks, ddi_get_lbolt());
	KUNIT_EXPECT_GT(test, ticks, 0);
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(TIME, &seconds));
	KUNIT_EXPECT_LE(test, seconds, ddi_get_time());
	KUNIT_EXPECT_GT(test, seconds, 0);
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(PPID, &pid));
	KUNIT_EXPECT_EQ(test, pid, ddi_get_pid());
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(UCRED, &cred));
	KUNIT_EXPECT_PTR_EQ(test, (const void *)cred,
			    (const void *)current_cred());
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(UPROCP, &proc));
	KUNIT_EXPECT_PTR_EQ(test, proc, curproc);
	pid = 77;
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(PPGRP, &pid));
	KUNIT_EXPECT_EQ(test, pid, task_pgrp_nr(current));
	KUNIT_EXPECT_EQ(test, 0, drv_getparm(PSID, &pid));
	KUNIT_EXPECT_EQ(test, -1, drv_getparm(1000, &pid));
}

static void wait_for_signal(void *arg)
{
	void **ref = arg;

	allow_signal(SIGUSR2);
	WRITE_ONCE(*ref, proc_ref());
	delay_sig(1000 * hz);
}

static bool is_there(struct pid *pid)
{
	bool there;

	rcu_read_lock();
	there = pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return there;
}

static void signals_to_processes(struct kunit *test)
{
	struct helper helper;
	void *ref = NULL;

	helper_start(test, &helper, wait_for_signal, &ref);
	while (!READ_ONCE(ref))
		usleep_range(1000, 2000);
	KUNIT_EXPECT_EQ(test, 0, proc_signal(ref, SIGUSR2));
	helper_wait(test, &helper);
	while (is_there(ref))
		usleep_range(1000, 2000);
	KUNIT_EXPECT_EQ(test, -1, proc_signal(ref, SIGUSR2));
	proc_unref(ref);
}

static void credentials(struct kunit *test)
{
	struct cred *cred = prepare_creds();

	KUNIT_ASSERT_NOT_NULL(test, cred);
	cred->uid = KUIDT_INIT(1);
	cred->euid = KUIDT_INIT(2);
	cred->suid = KUIDT_INIT(3);
	cred->gid = KGIDT_INIT(4);
	cred->egid = KGIDT_INIT(5);
	cred->sgid = KGIDT_INIT(6);
	KUNIT_EXPECT_EQ(test, crgetruid(cred), 1);
	KUNIT_EXPECT_EQ(test, crgetuid(cred), 2);
	KUNIT_EXPECT_EQ(test, crgetsuid(cred), 3);
	KUNIT_EXPECT_EQ(test, crgetrgid(cred), 4);
	KUNIT_EXPECT_EQ(test, crgetgid(cred), 5);
	KUNIT_EXPECT_EQ(test, crgetsgid(cred), 6);
	KUNIT_EXPECT_EQ(test, crgetzoneid(cred), 0);
	abort_creds(cred);
}

static void privileges(struct kunit *test)
{
	struct cred *cred = prepare_creds();
	const struct cred *old;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	KUNIT_EXPECT_EQ(test, 0, drv_priv(kcred));
	KUNIT_EXPECT_EQ(test, crgetuid(kcred), 0);
	KUNIT_EXPECT_EQ(test, 0, drv_priv(ddi_get_cred()));

	/* As somebody else's, and as one's own. */
	cap_clear(cred->cap_effective);
	KUNIT_EXPECT_EQ(test, EPERM, drv_priv(cred));
	old = override_creds(cred);
	KUNIT_EXPECT_PTR_EQ(test, CRED(), cred);
	KUNIT_EXPECT_EQ(test, EPERM, drv_priv(CRED()));
	KUNIT_EXPECT_EQ(test, 0, drv_priv(kcred));
	revert_creds(old);

	crhold(cred);
	crfree(cred);
	abort_creds(cred);
}

static void signals_can_be_received(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ddi_can_receive_sig(), B_FALSE);
}

static void page_frames(struct kunit *test)
{
	char *low = kmem_alloc(PAGE_SIZE, KM_SLEEP);
	char *high = vmalloc(2 * PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, hat_getkpfnum(low), page_to_pfn(virt_to_page(low)));
	KUNIT_EXPECT_EQ(test, hat_getpfnum(NULL, low), hat_getkpfnum(low));
	if (high)
		KUNIT_EXPECT_EQ(test, hat_getkpfnum(high + PAGE_SIZE),
				vmalloc_to_pfn(high + PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, hat_getkpfnum((caddr_t)PAGE_SIZE), PFN_INVALID);
	vfree(high);
	kmem_free(low, PAGE_SIZE);
}

static struct kunit_case proc_cases[] = {
	KUNIT_CASE(kernel_threads),
	KUNIT_CASE(address_space_is_the_mm),
	KUNIT_CASE(parameters),
	KUNIT_CASE(signals_to_processes),
	KUNIT_CASE(credentials),
	KUNIT_CASE(privileges),
	KUNIT_CASE(signals_can_be_received),
	KUNIT_CASE(page_frames),
	{}
};

static struct kunit_suite proc_suite = {
	.name = "devmap_proc",
	.test_cases = proc_cases,
};

kunit_test_suite(proc_suite);
