// SPDX-License-Identifier: GPL-2.0
/* Between user memory and the kernel's: ddi_copyin(9F), copyin(9F). */
#define _KERNEL

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <sys/file.h>
#include <sys/sunddi.h>

/**
 * copyin() - copy from user memory
 * @uaddr: from there, in user memory
 * @kaddr: to there
 * @count: bytes
 *
 * copyin(9F).
 *
 * Context: Process context of the user; may sleep.
 * Return: 0, or -1 if not all of it can be read.
 */
int copyin(const void *uaddr, void *kaddr, size_t count)
{
	return copy_from_user(kaddr, (const void __user *)uaddr, count) ? -1 :
									 0;
}
EXPORT_SYMBOL_GPL(copyin);

/**
 * copyout() - copy to user memory
 * @kaddr: from there
 * @uaddr: to there, in user memory
 * @count: bytes
 *
 * copyout(9F).
 *
 * Context: Process context of the user; may sleep.
 * Return: 0, or -1 if not all of it can be written.
 */
int copyout(const void *kaddr, void *uaddr, size_t count)
{
	return copy_to_user((void __user *)uaddr, kaddr, count) ? -1 : 0;
}
EXPORT_SYMBOL_GPL(copyout);

/**
 * xcopyin() - copy from user memory
 * @uaddr: from there, in user memory
 * @kaddr: to there
 * @count: bytes
 *
 * No manual page: copyin() with another result.
 *
 * Context: As copyin().
 * Return: 0 or EFAULT.
 */
int xcopyin(const void *uaddr, void *kaddr, size_t count)
{
	return copyin(uaddr, kaddr, count) ? EFAULT : 0;
}
EXPORT_SYMBOL_GPL(xcopyin);

/**
 * xcopyout() - copy to user memory
 * @kaddr: from there
 * @uaddr: to there, in user memory
 * @count: bytes
 *
 * No manual page: copyout() with another result.
 *
 * Context: As copyout().
 * Return: 0 or EFAULT.
 */
int xcopyout(const void *kaddr, void *uaddr, size_t count)
{
	return copyout(kaddr, uaddr, count) ? EFAULT : 0;
}
EXPORT_SYMBOL_GPL(xcopyout);

/**
 * copyinstr() - copy a string from user memory
 * @uaddr: from there, in user memory
 * @kaddr: to there
 * @maxlength: bytes at @kaddr
 * @lencopied: set to the bytes copied, with the 0 at the end; may be NULL
 *
 * No manual page.
 *
 * Context: As copyin().
 * Return: 0; EFAULT; ENAMETOOLONG if there is no end in the first @maxlength
 * bytes, which are copied all the same.
 */
int copyinstr(const char *uaddr, char *kaddr, size_t maxlength,
	      size_t *lencopied)
{
	long len;

	if (!maxlength)
		return ENAMETOOLONG;
	len = strncpy_from_user(kaddr, (const char __user *)uaddr, maxlength);
	if (len < 0)
		return EFAULT;
	if (lencopied)
		*lencopied = len + (len < maxlength);
	return len < maxlength ? 0 : ENAMETOOLONG;
}
EXPORT_SYMBOL_GPL(copyinstr);

/**
 * copyoutstr() - copy a string to user memory
 * @kaddr: from there
 * @uaddr: to there, in user memory
 * @maxlength: bytes at @uaddr
 * @lencopied: set to the bytes copied, with the 0 at the end; may be NULL
 *
 * No manual page.
 *
 * Context: As copyin().
 * Return: 0; EFAULT; ENAMETOOLONG if it is longer than @maxlength bytes, of which
 * so many are copied all the same.
 */
int copyoutstr(const char *kaddr, char *uaddr, size_t maxlength,
	       size_t *lencopied)
{
	size_t len = strnlen(kaddr, maxlength), all = len + (len < maxlength);

	if (copyout(kaddr, uaddr, all))
		return EFAULT;
	if (lencopied)
		*lencopied = all;
	return len < maxlength ? 0 : ENAMETOOLONG;
}
EXPORT_SYMBOL_GPL(copyoutstr);

/**
 * ddi_copyin() - copy what an argument of ioctl(9E) points to
 * @buf: from there
 * @driverbuf: to there
 * @cn: bytes
 * @flags: mode argument of ioctl(9E): with FKIOCTL, @buf is in kernel memory
 *
 * ddi_copyin(9F).
 *
 * Context: As copyin(); any context with FKIOCTL.
 * Return: 0, or -1 if not all of it can be read.
 */
int ddi_copyin(const void *buf, void *driverbuf, size_t cn, int flags)
{
	if (!(flags & FKIOCTL))
		return copyin(buf, driverbuf, cn);
	memmove(driverbuf, buf, cn);
	return 0;
}
EXPORT_SYMBOL_GPL(ddi_copyin);

/**
 * ddi_copyout() - copy to what an argument of ioctl(9E) points to
 * @driverbuf: from there
 * @buf: to there
 * @cn: bytes
 * @flags: mode argument of ioctl(9E): with FKIOCTL, @buf is in kernel memory
 *
 * ddi_copyout(9F).
 *
 * Context: As copyout(); any context with FKIOCTL.
 * Return: 0, or -1 if not all of it can be written.
 */
int ddi_copyout(const void *driverbuf, void *buf, size_t cn, int flags)
{
	if (!(flags & FKIOCTL))
		return copyout(driverbuf, buf, cn);
	memmove(buf, driverbuf, cn);
	return 0;
}
EXPORT_SYMBOL_GPL(ddi_copyout);
