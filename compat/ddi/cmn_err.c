// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: cmn_err(9F).
 *
 * The words "NOTICE:" and "WARNING:" that Solaris puts in front are levels on
 * Linux. So is what goes to the console; a driver cannot choose.
 */
#define _KERNEL

#include <linux/bug.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../linux/kunit.h"
#include "cmn_err.h"
#include "misuse.h"

/* Before the name gets another meaning. */
static void __noreturn linux_panic(const char *text)
{
	panic("%s", text);
}

#include <sys/cmn_err.h>
#include <sys/debug.h>
#include <sys/systm.h>

/*
 * The task whose last message, of level CE_CONT, had no newline yet. Only
 * compared; when two tasks print at a time, a line may be broken.
 */
static struct task_struct *unfinished;

/**
 * devmap_message() - what a message becomes
 * @level: CE_CONT and so on
 * @fmt: its format
 * @go_on: CE_CONT: the line before is not finished
 *
 * Return: the message. Text that begins with a question mark is for those who
 * want to know everything.
 */
struct devmap_message devmap_message(int level, const char *fmt, bool go_on)
{
	struct devmap_message msg = { .text = fmt, .line = level != CE_CONT };
	bool verbose = *fmt == '?';

	if (*fmt == '!' || *fmt == '^' || *fmt == '?')
		msg.text++;

	switch (level) {
	case CE_CONT:
		msg.level = go_on ? KERN_CONT : verbose ? KERN_DEBUG : KERN_INFO;
		break;
	case CE_NOTE:
		msg.level = verbose ? KERN_DEBUG : KERN_NOTICE;
		break;
	case CE_WARN:
		msg.level = KERN_WARNING;
		break;
	case CE_PANIC:
		msg.level = KERN_EMERG;
		msg.stop = true;
		break;
	default:
		break;
	}
	return msg;
}
EXPORT_SYMBOL_IF_KUNIT(devmap_message);

/**
 * vcmn_err() - print a message
 * @level: as for cmn_err()
 * @fmt: as for cmn_err()
 * @ap: what to format
 *
 * vcmn_err(9F).
 *
 * Context: Any.
 */
void vcmn_err(int level, const char *fmt, va_list ap)
{
	bool go_on = READ_ONCE(unfinished) == current;
	struct devmap_message msg = devmap_message(level, fmt, go_on);
	char text[512];
	size_t len;

	if (!msg.level)
		return;
	vsnprintf(text, sizeof(text), msg.text, ap);
	len = strlen(text);
	if (msg.line && len && text[len - 1] == '\n')
		text[len - 1] = 0;
	if (msg.stop)
		linux_panic(text);

	printk("%s%s%s", msg.level, text, msg.line ? "\n" : "");
	if (!msg.line && len && text[len - 1] != '\n')
		WRITE_ONCE(unfinished, current);
	else if (go_on)
		WRITE_ONCE(unfinished, NULL);
}
EXPORT_SYMBOL_GPL(vcmn_err);

/**
 * cmn_err() - print a message
 * @level: CE_NOTE; CE_WARN; CE_CONT: without a newline at its end, or to go on
 *	with a message like that; CE_PANIC: the machine stops; CE_IGNORE: nothing
 *	is said
 * @fmt: the format, see vsnprintf(). A question mark at its beginning: only for
 *	those who want to know everything. An exclamation mark or a caret, which
 *	choose between log and console, are left out
 *
 * cmn_err(9F). The text is cut after 511 characters.
 *
 * Context: Any.
 */
void cmn_err(int level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vcmn_err(level, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(cmn_err);

/**
 * panic() - stop the machine
 * @fmt: the format of what is printed before
 *
 * No manual page: as cmn_err() with CE_PANIC.
 *
 * Context: Any.
 */
void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vcmn_err(CE_PANIC, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(panic);

/**
 * assfail() - an ASSERT(9F) does not hold
 * @condition: of the ASSERT()
 * @file: where it is
 * @line: where it is
 *
 * Says so once, and goes on: what a driver's author thought impossible is no
 * reason to lose data of others.
 *
 * Context: Any.
 * Return: 1
 */
int assfail(const char *condition, const char *file, int line)
{
	if (devmap_misuse_is_new("ASSERT(9F)", _RET_IP_))
		pr_warn("devmap: assertion failed: %s, file: %s, line: %d\n",
			condition, file, line);
	return 1;
}
EXPORT_SYMBOL_GPL(assfail);

/**
 * verfail() - a VERIFY() does not hold
 * @condition: of the VERIFY()
 * @file: where it is
 * @line: where it is
 *
 * Context: Any.
 * Return: never.
 */
int verfail(const char *condition, const char *file, int line)
{
	pr_emerg("devmap: verification failed: %s, file: %s, line: %d\n",
		 condition, file, line);
	BUG();
}
EXPORT_SYMBOL_GPL(verfail);
