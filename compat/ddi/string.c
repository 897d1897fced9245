// SPDX-License-Identifier: GPL-2.0
/*
 * Memory and strings: bcopy(9F), string(9F), ddi_ffs(9F).
 *
 * By the compiler's builtins, as the plain names mean these functions here.
 */
#define _KERNEL

#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/string.h>

#include <sys/kmem.h>
#include <sys/sunddi.h>

/**
 * bcopy() - copy memory
 * @from: from there
 * @to: to there; may overlap
 * @bcount: bytes
 *
 * bcopy(9F).
 */
void bcopy(const void *from, void *to, size_t bcount)
{
	memmove(to, from, bcount);
}
EXPORT_SYMBOL_GPL(bcopy);

/**
 * bzero() - clear memory
 * @addr: the memory
 * @bytes: how many
 *
 * bzero(9F).
 */
void bzero(void *addr, size_t bytes)
{
	memset(addr, 0, bytes);
}
EXPORT_SYMBOL_GPL(bzero);

/**
 * bcmp() - compare memory
 * @s1: the one
 * @s2: the other
 * @len: bytes
 *
 * bcmp(9F).
 *
 * Return: 0 if they are equal.
 */
int bcmp(const void *s1, const void *s2, size_t len)
{
	return memcmp(s1, s2, len) != 0;
}
EXPORT_SYMBOL_GPL(bcmp);

/**
 * strlen() - length of a string
 * @s: the string
 *
 * strlen(9F).
 *
 * Return: bytes before the 0.
 */
size_t strlen(const char *s)
{
	return __builtin_strlen(s);
}
EXPORT_SYMBOL_GPL(strlen);

/**
 * strnlen() - length of a string, up to a limit
 * @s: the string
 * @n: the limit
 *
 * strnlen(9F).
 *
 * Return: bytes before the 0; @n if there is none.
 */
size_t strnlen(const char *s, size_t n)
{
	const char *end = memchr(s, 0, n);

	return end ? end - s : n;
}
EXPORT_SYMBOL_GPL(strnlen);

/**
 * strcmp() - compare strings
 * @s1: the one
 * @s2: the other
 *
 * strcmp(9F).
 *
 * Return: less than, equal to or greater than 0, as @s1 is to @s2.
 */
int strcmp(const char *s1, const char *s2)
{
	return __builtin_strcmp(s1, s2);
}
EXPORT_SYMBOL_GPL(strcmp);

/**
 * strncmp() - compare the beginnings of strings
 * @s1: the one
 * @s2: the other
 * @n: bytes
 *
 * strncmp(9F).
 *
 * Return: as strcmp().
 */
int strncmp(const char *s1, const char *s2, size_t n)
{
	return __builtin_strncmp(s1, s2, n);
}
EXPORT_SYMBOL_GPL(strncmp);

/**
 * strcasecmp() - compare strings without regard to case
 * @s1: the one
 * @s2: the other
 *
 * strcasecmp(9F).
 *
 * Return: as strcmp().
 */
int strcasecmp(const char *s1, const char *s2)
{
	return __builtin_strcasecmp(s1, s2);
}
EXPORT_SYMBOL_GPL(strcasecmp);

/**
 * strncasecmp() - compare the beginnings of strings without regard to case
 * @s1: the one
 * @s2: the other
 * @n: bytes
 *
 * strncasecmp(9F).
 *
 * Return: as strcmp().
 */
int strncasecmp(const char *s1, const char *s2, size_t n)
{
	return __builtin_strncasecmp(s1, s2, n);
}
EXPORT_SYMBOL_GPL(strncasecmp);

/**
 * strchr() - find a character
 * @str: the string
 * @chr: the character; may be the 0 at the end
 *
 * strchr(9F).
 *
 * Return: the first one, or NULL.
 */
char *strchr(const char *str, int chr)
{
	return __builtin_strchr(str, chr);
}
EXPORT_SYMBOL_GPL(strchr);

/**
 * strrchr() - find a character from the end
 * @str: the string
 * @chr: the character; may be the 0 at the end
 *
 * strrchr(9F).
 *
 * Return: the last one, or NULL.
 */
char *strrchr(const char *str, int chr)
{
	return __builtin_strrchr(str, chr);
}
EXPORT_SYMBOL_GPL(strrchr);

/**
 * strstr() - find a string in a string
 * @s1: where to look
 * @s2: what for
 *
 * strstr(9F).
 *
 * Return: the first one, or NULL.
 */
char *strstr(const char *s1, const char *s2)
{
	return __builtin_strstr(s1, s2);
}
EXPORT_SYMBOL_GPL(strstr);

/**
 * strspn() - length of a beginning that consists of some characters
 * @s1: the string
 * @s2: the characters
 *
 * strspn(9F).
 *
 * Return: bytes.
 */
size_t strspn(const char *s1, const char *s2)
{
	return __builtin_strspn(s1, s2);
}
EXPORT_SYMBOL_GPL(strspn);

/**
 * strcspn() - length of a beginning without some characters
 * @s1: the string
 * @s2: the characters
 *
 * strcspn(9F).
 *
 * Return: bytes.
 */
size_t strcspn(const char *s1, const char *s2)
{
	return __builtin_strcspn(s1, s2);
}
EXPORT_SYMBOL_GPL(strcspn);

/**
 * strcpy() - copy a string
 * @dst: to there
 * @src: from there
 *
 * strcpy(9F).
 *
 * Return: @dst.
 */
char *strcpy(char *dst, const char *src)
{
	return memcpy(dst, src, strlen(src) + 1);
}
EXPORT_SYMBOL_GPL(strcpy);

/**
 * strncpy() - copy up to a number of characters
 * @dst: to there; filled up with zeroes, but not ended with one if @src is longer
 * @src: from there
 * @n: bytes of @dst
 *
 * strncpy(9F).
 *
 * Return: @dst.
 */
char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}
EXPORT_SYMBOL_GPL(strncpy);

/**
 * strlcpy() - copy a string, or as much of it as there is room for
 * @dst: to there; always ended with a 0 if there is any room
 * @src: from there
 * @dstsize: bytes of @dst
 *
 * strlcpy(9F).
 *
 * Return: length of @src.
 */
size_t strlcpy(char *dst, const char *src, size_t dstsize)
{
	size_t len = strlen(src), copied;

	if (dstsize) {
		copied = min(len, dstsize - 1);
		memcpy(dst, src, copied);
		dst[copied] = 0;
	}
	return len;
}
EXPORT_SYMBOL_GPL(strlcpy);

/**
 * strcat() - append a string
 * @dst: to that one
 * @src: this one
 *
 * strcat(9F).
 *
 * Return: @dst.
 */
char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}
EXPORT_SYMBOL_GPL(strcat);

/**
 * strlcat() - append a string, or as much of it as there is room for
 * @dst: to that one
 * @src: this one
 * @dstsize: bytes of @dst
 *
 * strlcat(9F).
 *
 * Return: length of both together.
 */
size_t strlcat(char *dst, const char *src, size_t dstsize)
{
	size_t len = strnlen(dst, dstsize);

	return len + strlcpy(dst + len, src, dstsize - len);
}
EXPORT_SYMBOL_GPL(strlcat);

/**
 * ddi_strdup() - copy a string into memory of its own
 * @str: the string
 * @flag: as for kmem_alloc()
 *
 * No manual page.
 *
 * Context: As kmem_alloc().
 * Return: the copy, for strfree(); NULL if there is no memory.
 */
char *ddi_strdup(const char *str, int flag)
{
	char *copy = kmem_alloc(strlen(str) + 1, flag);

	return copy ? strcpy(copy, str) : NULL;
}
EXPORT_SYMBOL_GPL(ddi_strdup);

/**
 * strfree() - free a string
 * @str: one of ddi_strdup(), as long as it was
 *
 * No manual page.
 *
 * Context: As kmem_free().
 */
void strfree(char *str)
{
	kmem_free(str, strlen(str) + 1);
}
EXPORT_SYMBOL_GPL(strfree);

/**
 * ddi_ffs() - find the lowest bit that is set
 * @mask: the bits
 *
 * ddi_ffs(9F).
 *
 * Return: its number, counted from 1; 0 if none is set.
 */
int ddi_ffs(long mask)
{
	return mask ? __ffs(mask) + 1 : 0;
}
EXPORT_SYMBOL_GPL(ddi_ffs);

/**
 * ddi_fls() - find the highest bit that is set
 * @mask: the bits
 *
 * ddi_fls(9F).
 *
 * Return: its number, counted from 1; 0 if none is set.
 */
int ddi_fls(long mask)
{
	return mask ? __fls(mask) + 1 : 0;
}
EXPORT_SYMBOL_GPL(ddi_fls);
