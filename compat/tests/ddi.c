// SPDX-License-Identifier: GPL-2.0
/* Threads for the suites of the DDI: see ddi.h. */

#include <linux/err.h>
#include <linux/jiffies.h>

#include "ddi.h"

#define PATIENCE	(30 * HZ)

static int helper_main(void *data)
{
	struct helper *helper = data;

	helper->func(helper->arg);
	/* The thread is its own to end, so that its task can be signalled. */
	kthread_complete_and_exit(&helper->done, 0);
}

static void put_helper_task(void *task)
{
	put_task_struct(task);
}

/* The helper may be on the stack of a test that waits for it. */
void helper_start(struct kunit *test, struct helper *helper,
		  void (*func)(void *arg), void *arg)
{
	helper->func = func;
	helper->arg = arg;
	init_completion(&helper->done);
	helper->task = kthread_create(helper_main, helper, "devmap_kunit");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, helper->task);
	get_task_struct(helper->task);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_helper_task,
						  helper->task));
	wake_up_process(helper->task);
}

bool helper_is_done(struct helper *helper)
{
	return completion_done(&helper->done);
}

void helper_wait(struct kunit *test, struct helper *helper)
{
	/* One that hangs has the stack of the test: no way to go on. */
	if (wait_for_completion_timeout(&helper->done, PATIENCE))
		return;
	KUNIT_FAIL(test, "a thread hangs");
	wait_for_completion(&helper->done);
}

/* For what must not be the current task's doing. */
void helper_run(struct kunit *test, void (*func)(void *arg), void *arg)
{
	struct helper helper;

	helper_start(test, &helper, func, arg);
	helper_wait(test, &helper);
}
