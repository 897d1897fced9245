// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_cmn_err: cmn_err(9F), ASSERT(9F), and how mistakes are told. */
#define _KERNEL

#include <linux/printk.h>
#include <linux/string.h>

#include "../ddi/cmn_err.h"
#include "ddi.h"

#include <sys/cmn_err.h>
#include <sys/debug.h>

struct message_case {
	const char *name;
	int level;
	const char *fmt;
	bool go_on;
	const char *linux_level;
	const char *text;
	bool line;
	bool stop;
};

static const struct message_case message_cases[] = {
	{ "continue", CE_CONT, "x", false, KERN_INFO, "x" },
	{ "continue a line", CE_CONT, "x", true, KERN_CONT, "x" },
	{ "continue, verbose", CE_CONT, "?x", false, KERN_DEBUG, "x" },
	{ "continue, log", CE_CONT, "!x", false, KERN_INFO, "x" },
	{ "continue a line, log", CE_CONT, "!x", true, KERN_CONT, "x" },
	{ "note", CE_NOTE, "x", false, KERN_NOTICE, "x", true },
	{ "note after a part", CE_NOTE, "x", true, KERN_NOTICE, "x", true },
	{ "note, log", CE_NOTE, "!x", false, KERN_NOTICE, "x", true },
	{ "note, console", CE_NOTE, "^x", false, KERN_NOTICE, "x", true },
	{ "note, verbose", CE_NOTE, "?x", false, KERN_DEBUG, "x", true },
	{ "warning", CE_WARN, "x", false, KERN_WARNING, "x", true },
	{ "warning, log", CE_WARN, "!x", false, KERN_WARNING, "x", true },
	{ "only the first", CE_WARN, "!^x", false, KERN_WARNING, "^x", true },
	{ "not in the middle", CE_WARN, "x!", false, KERN_WARNING, "x!", true },
	{ "panic", CE_PANIC, "!x", false, KERN_EMERG, "x", true, true },
	{ "ignore", CE_IGNORE, "x", false, NULL, "x", true },
	{ "unknown", 77, "x", false, NULL, "x", true },
	{ "nothing", CE_NOTE, "", false, KERN_NOTICE, "", true },
};

KUNIT_ARRAY_PARAM_DESC(message, message_cases, name);

static void level_and_prefix(struct kunit *test)
{
	const struct message_case *c = test->param_value;
	struct devmap_message msg = devmap_message(c->level, c->fmt, c->go_on);

	if (c->linux_level)
		KUNIT_EXPECT_STREQ(test, msg.level, c->linux_level);
	else
		KUNIT_EXPECT_NULL(test, msg.level);
	KUNIT_EXPECT_STREQ(test, msg.text, c->text);
	KUNIT_EXPECT_EQ(test, msg.line, c->line);
	KUNIT_EXPECT_EQ(test, msg.stop, c->stop);
}

/* For eyes; and nothing bad happens on the way. */
static void messages_are_printed(struct kunit *test)
{
	char long_text[600];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = 0;
	cmn_err(CE_NOTE, "!devmap_kunit: %d %s", 1, "note");
	cmn_err(CE_CONT, "devmap_kunit: one ");
	cmn_err(CE_CONT, "line of %d ", 3);
	cmn_err(CE_CONT, "parts\n");
	cmn_err(CE_CONT, "?devmap_kunit: another line\n");
	cmn_err(CE_NOTE, "devmap_kunit: one newline, not two\n");
	cmn_err(CE_IGNORE, "devmap_kunit: nobody sees this");
	cmn_err(CE_CONT, "%s", "");
	cmn_err(CE_NOTE, "devmap_kunit: %s", long_text);
	cmn_err(CE_NOTE, "devmap_kunit: status %b", 5, "\20\1A\2B\3C");
}

static int fails(void)
{
	return 0;
}

static void assert_tells_and_goes_on(struct kunit *test)
{
	unsigned int before = devmap_misuse_told();
	int i;

	for (i = 0; i < 3; i++)
		ASSERT(fails());
	KUNIT_EXPECT_EQ(test, devmap_misuse_told(),
			before + IS_ENABLED(CONFIG_DEVMAP_DEBUG));
	ASSERT(!fails());
	ASSERT3U(1, ==, 1);
	ASSERT3S(-1, <, 1);
	ASSERT3P(test, ==, test);
	ASSERT0(0);
	IMPLY(0, 0);
	EQUIV(1, 2);
	VERIFY(1);
	VERIFY3U(1, <, 2);
	VERIFY0(0);
	KUNIT_EXPECT_EQ(test, devmap_misuse_told(),
			before + IS_ENABLED(CONFIG_DEVMAP_DEBUG));
}

static void mistake(int number)
{
	devmap_misuse_at("mistake(9F)", 1000 + number, "number %d", number);
}

/* One who makes a mistake makes it a thousand times. */
static void same_mistake_is_told_once(struct kunit *test)
{
	unsigned int found = devmap_misuse_count();
	unsigned int told = devmap_misuse_told();
	int i;

	for (i = 0; i < 10; i++)
		mistake(1);
	KUNIT_EXPECT_EQ(test, devmap_misuse_count(), found + 10);
	KUNIT_EXPECT_EQ(test, devmap_misuse_told(), told + 1);
	mistake(2);
	KUNIT_EXPECT_EQ(test, devmap_misuse_told(), told + 2);
	devmap_misuse_at("other(9F)", 1001, "elsewhere");
	KUNIT_EXPECT_EQ(test, devmap_misuse_told(), told + 3);
}

static struct kunit_case cmn_err_cases[] = {
	KUNIT_CASE_PARAM(level_and_prefix, message_gen_params),
	KUNIT_CASE(messages_are_printed),
	KUNIT_CASE(assert_tells_and_goes_on),
	KUNIT_CASE(same_mistake_is_told_once),
	{}
};

static struct kunit_suite cmn_err_suite = {
	.name = "devmap_cmn_err",
	.test_cases = cmn_err_cases,
};

kunit_test_suite(cmn_err_suite);
