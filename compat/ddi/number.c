// SPDX-License-Identifier: GPL-2.0
/* Numbers in strings: ddi_strtol(9F), stoi(9F), numtos(9F). */
#define _KERNEL

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>

#include <sys/sunddi.h>

/* The value of a digit, or 36. */
static unsigned int digit(char c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c) && isascii(c))
		return tolower(c) - 'a' + 10;
	return 36;
}

static bool is_hex(const char *s)
{
	return s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit(s[2]) < 16;
}

/* White space, a sign, a prefix, digits: 0, EINVAL or ERANGE. */
static int parse(const char *str, char **nptr, unsigned int base,
		 u_longlong_t *value, bool *negative)
{
	const char *s = str;
	bool range = false;

	if (nptr)
		*nptr = (char *)str;
	if (base == 1 || base > 36)
		return EINVAL;

	while (isspace(*s))
		s++;
	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if ((base == 0 || base == 16) && is_hex(s)) {
		base = 16;
		s += 2;
	} else if (base == 0) {
		base = *s == '0' ? 8 : 10;
	}
	if (digit(*s) >= base)
		return EINVAL;

	for (*value = 0; digit(*s) < base; s++)
		range |= __builtin_mul_overflow(*value, base, value) ||
			 __builtin_add_overflow(*value, digit(*s), value);
	if (nptr)
		*nptr = (char *)s;
	return range ? ERANGE : 0;
}

/**
 * ddi_strtoll() - the number in a string
 * @str: the string
 * @nptr: set to what follows the number; may be NULL
 * @base: 2 to 36; 0: as in C
 * @result: set to the number, if there is one that fits
 *
 * ddi_strtoll(9F).
 *
 * Context: Any.
 * Return: 0; EINVAL if there is no number or no such base; ERANGE if it does not
 * fit.
 */
int ddi_strtoll(const char *str, char **nptr, int base, longlong_t *result)
{
	u_longlong_t value;
	bool negative;
	int err = parse(str, nptr, base, &value, &negative);

	if (err)
		return err;
	if (value > (u_longlong_t)LLONG_MAX + negative)
		return ERANGE;
	*result = negative ? -value : value;
	return 0;
}
EXPORT_SYMBOL_GPL(ddi_strtoll);

/**
 * ddi_strtoull() - the number in a string, without a sign
 * @str: as for ddi_strtoll(); a minus sign negates, as in C
 * @nptr: as for ddi_strtoll()
 * @base: as for ddi_strtoll()
 * @result: as for ddi_strtoll()
 *
 * ddi_strtoull(9F).
 *
 * Context: Any.
 * Return: as ddi_strtoll().
 */
int ddi_strtoull(const char *str, char **nptr, int base, u_longlong_t *result)
{
	u_longlong_t value;
	bool negative;
	int err = parse(str, nptr, base, &value, &negative);

	if (!err)
		*result = negative ? -value : value;
	return err;
}
EXPORT_SYMBOL_GPL(ddi_strtoull);

/**
 * ddi_strtol() - the number in a string
 * @str: as for ddi_strtoll()
 * @nptr: as for ddi_strtoll()
 * @base: as for ddi_strtoll()
 * @result: as for ddi_strtoll()
 *
 * ddi_strtol(9F).
 *
 * Context: Any.
 * Return: as ddi_strtoll().
 */
int ddi_strtol(const char *str, char **nptr, int base, long *result)
{
	longlong_t value;
	int err = ddi_strtoll(str, nptr, base, &value);

	if (!err && value != (long)value)
		err = ERANGE;
	if (!err)
		*result = value;
	return err;
}
EXPORT_SYMBOL_GPL(ddi_strtol);

/**
 * ddi_strtoul() - the number in a string, without a sign
 * @str: as for ddi_strtoull()
 * @nptr: as for ddi_strtoll()
 * @base: as for ddi_strtoll()
 * @result: as for ddi_strtoll()
 *
 * ddi_strtoul(9F).
 *
 * Context: Any.
 * Return: as ddi_strtoll().
 */
int ddi_strtoul(const char *str, char **nptr, int base, unsigned long *result)
{
	u_longlong_t value;
	int err = ddi_strtoull(str, nptr, base, &value);

	if (!err)
		*result = value;
	return err;
}
EXPORT_SYMBOL_GPL(ddi_strtoul);

/**
 * stoi() - the decimal number at the beginning of a string
 * @str: the string; set to what follows the number
 *
 * stoi(9F).
 *
 * Context: Any.
 * Return: the number; 0 if there is none.
 */
int stoi(char **str)
{
	unsigned int value = 0;

	while (isdigit(**str))
		value = value * 10 + *(*str)++ - '0';
	return value;
}
EXPORT_SYMBOL_GPL(stoi);

/**
 * numtos() - a number in decimal
 * @num: the number
 * @s: where to; needs 21 bytes
 *
 * numtos(9F).
 *
 * Context: Any.
 */
void numtos(unsigned long num, char *s)
{
	sprintf(s, "%lu", num);
}
EXPORT_SYMBOL_GPL(numtos);
