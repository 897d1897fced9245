/* SPDX-License-Identifier: GPL-2.0 */
/* What the suites of the DDI have in common. Before any header of Solaris. */
#ifndef _DEVMAP_TESTS_DDI_H
#define _DEVMAP_TESTS_DDI_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "../ddi/misuse.h"

/* Long enough for anything to have happened. */
#define A_WHILE_MS	50

/*
 * Runs a statement that breaks a rule: it is told in a debug build, and does no
 * harm in any.
 */
#define EXPECT_MISUSE(test, statement) do {				\
	unsigned int before = devmap_misuse_count();			\
									\
	statement;							\
	if (IS_ENABLED(CONFIG_DEVMAP_DEBUG))				\
		KUNIT_EXPECT_EQ(test, devmap_misuse_count(), before + 1);\
} while (0)

#define EXPECT_NO_MISUSE(test, statement) do {				\
	unsigned int before = devmap_misuse_count();			\
									\
	statement;							\
	KUNIT_EXPECT_EQ(test, devmap_misuse_count(), before);		\
} while (0)

/**
 * struct helper - a thread that runs a function
 * @func: the function
 * @arg: its argument
 * @task: the thread
 * @done: @func has returned
 */
struct helper {
	void (*func)(void *arg);
	void *arg;
	struct task_struct *task;
	struct completion done;
};

void helper_start(struct kunit *test, struct helper *helper,
		  void (*func)(void *arg), void *arg);
bool helper_is_done(struct helper *helper);
void helper_wait(struct kunit *test, struct helper *helper);
void helper_run(struct kunit *test, void (*func)(void *arg), void *arg);

#endif /* _DEVMAP_TESTS_DDI_H */
