// SPDX-License-Identifier: GPL-2.0
/*
 * Formats: sprintf(9F), and what cmn_err(9F) prints.
 *
 * Linux' conversions are nearly those of Solaris. But Linux looks at the letters
 * behind a %p, which may be plain text to a driver, and does not know %b. So each
 * conversion goes to Linux on its own.
 */
#define _KERNEL

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/string.h>

/* Before the names get another meaning. */
static int __printf(3, 4)
linux_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

#include <sys/systm.h>

/**
 * struct output - where the text goes
 * @buf: there
 * @size: bytes of @buf
 * @len: bytes that the text has so far, also those that did not fit
 */
struct output {
	char *buf;
	size_t size;
	size_t len;
};

static char *room(const struct output *out)
{
	return out->len < out->size ? out->buf + out->len : NULL;
}

static size_t left(const struct output *out)
{
	return out->len < out->size ? out->size - out->len : 0;
}

static void put_char(struct output *out, char c)
{
	/* The last byte is for the 0. */
	if (left(out) > 1)
		*room(out) = c;
	out->len++;
}

/**
 * struct conversion - what is between a % and the letter that ends it
 * @spec: as Linux takes it, with the numbers in the place of asterisks
 * @len: bytes of @spec
 * @longs: -2 for char, -1 for short, 0 for int, 1 for long, 2 for long long
 */
struct conversion {
	char spec[40];
	size_t len;
	int longs;
};

static void spec_char(struct conversion *conv, char c)
{
	/* Nobody needs more; room for two letters and the 0 is left. */
	if (conv->len < sizeof(conv->spec) - 4)
		conv->spec[conv->len++] = c;
}

static void spec_number(struct conversion *conv, int number)
{
	char digits[12], *c;

	linux_snprintf(digits, sizeof(digits), "%d", number);
	for (c = digits; *c; c++)
		spec_char(conv, *c);
}

/* Flags, width, precision and length. */
static const char *parse_spec(struct conversion *conv, const char *fmt,
			      va_list *args)
{
	conv->len = 0;
	conv->longs = 0;
	spec_char(conv, '%');
	for (; *fmt; fmt++) {
		switch (*fmt) {
		case '*':
			spec_number(conv, va_arg(*args, int));
			break;
		case 'h':
			conv->longs--;
			break;
		case 'l':
			conv->longs++;
			break;
		case 'j':
		case 'L':
		case 'q':
			conv->longs = 2;
			break;
		case 't':
		case 'z':
			conv->longs = 1;
			break;
		default:
			if (!isdigit(*fmt) && !strchr("-+ #.", *fmt))
				return fmt;
			spec_char(conv, *fmt);
		}
	}
	return fmt;
}

static void put_number(struct output *out, struct conversion *conv, char c,
		       va_list *args)
{
	bool is_signed = c == 'd' || c == 'i';
	long long number;

	if (conv->longs >= 2)
		number = va_arg(*args, long long);
	else if (conv->longs == 1)
		number = is_signed ? va_arg(*args, long) :
				     (long long)va_arg(*args, unsigned long);
	else
		number = is_signed ? va_arg(*args, int) :
				     (long long)va_arg(*args, unsigned int);
	if (conv->longs == -1)
		number = is_signed ? (short)number : (unsigned short)number;
	if (conv->longs <= -2)
		number = is_signed ? (signed char)number :
				     (unsigned char)number;

	conv->spec[conv->len++] = 'l';
	conv->spec[conv->len++] = 'l';
	conv->spec[conv->len++] = c;
	conv->spec[conv->len] = 0;
	out->len += linux_snprintf(room(out), left(out), conv->spec, number);
}

/*
 * %b: a number and names for its bits, as in "\20\1READY\2BUSY": the base, then
 * the number of a bit, counted from 1, and its name.
 */
static void put_bits(struct output *out, unsigned int bits, const char *names)
{
	const char *fmt = *names == 8 ? "%o" : *names == 10 ? "%d" : "%x";
	char before = '<';

	out->len += linux_snprintf(room(out), left(out), fmt, bits);
	if (*names)
		names++;
	while (*names) {
		unsigned int bit = *names++;
		bool set = bit <= 32 && (bits & (1U << (bit - 1)));

		if (set)
			put_char(out, before);
		for (; *names > 32; names++)
			if (set)
				put_char(out, *names);
		if (set)
			before = ',';
	}
	if (before == ',')
		put_char(out, '>');
}

static void put_conversion(struct output *out, struct conversion *conv, char c,
			   va_list *args)
{
	const char *names;
	unsigned int bits;

	conv->spec[conv->len] = c;
	conv->spec[conv->len + 1] = 0;
	switch (c) {
	case 'D':
	case 'O':
	case 'U':
		conv->longs = max(conv->longs, 1);
		put_number(out, conv, tolower(c), args);
		break;
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
		put_number(out, conv, c, args);
		break;
	case 'b':
		bits = va_arg(*args, unsigned int);
		names = va_arg(*args, const char *);
		put_bits(out, bits, names);
		break;
	case 'c':
		out->len += linux_snprintf(room(out), left(out), conv->spec,
					   va_arg(*args, int));
		break;
	case 'p':
	case 's':
		out->len += linux_snprintf(room(out), left(out), conv->spec,
					   va_arg(*args, void *));
		break;
	case '%':
		put_char(out, c);
		break;
	default:
		out->len += linux_snprintf(room(out), left(out), "%s",
					   conv->spec);
	}
}

/**
 * vsnprintf() - format into memory of known size
 * @buf: where to; always ended with a 0 if there is any room
 * @n: bytes of @buf
 * @fmt: the format
 * @ap: what to format
 *
 * vsnprintf(9F). %p shows addresses as far as Linux does.
 *
 * Context: Any.
 * Return: length of the whole text.
 */
size_t vsnprintf(char *buf, size_t n, const char *fmt, va_list ap)
{
	struct output out = { .buf = buf, .size = n };
	struct conversion conv;
	va_list args;

	va_copy(args, ap);
	while (*fmt) {
		if (*fmt != '%') {
			put_char(&out, *fmt++);
			continue;
		}
		fmt = parse_spec(&conv, fmt + 1, &args);
		if (!*fmt)
			break;
		put_conversion(&out, &conv, *fmt++, &args);
	}
	va_end(args);

	if (n)
		buf[min(out.len, n - 1)] = 0;
	return out.len;
}
EXPORT_SYMBOL_GPL(vsnprintf);

/**
 * snprintf() - format into memory of known size
 * @buf: as for vsnprintf()
 * @n: as for vsnprintf()
 * @fmt: the format
 *
 * snprintf(9F).
 *
 * Context: Any.
 * Return: as vsnprintf().
 */
size_t snprintf(char *buf, size_t n, const char *fmt, ...)
{
	va_list args;
	size_t len;

	va_start(args, fmt);
	len = vsnprintf(buf, n, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL_GPL(snprintf);

/**
 * vsprintf() - format into memory of unknown size
 * @buf: where to
 * @fmt: the format
 * @ap: what to format
 *
 * vsprintf(9F).
 *
 * Context: Any.
 * Return: @buf.
 */
char *vsprintf(char *buf, const char *fmt, va_list ap)
{
	vsnprintf(buf, INT_MAX, fmt, ap);
	return buf;
}
EXPORT_SYMBOL_GPL(vsprintf);

/**
 * sprintf() - format into memory of unknown size
 * @buf: where to
 * @fmt: the format
 *
 * sprintf(9F).
 *
 * Context: Any.
 * Return: @buf.
 */
char *sprintf(char *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsprintf(buf, fmt, args);
	va_end(args);
	return buf;
}
EXPORT_SYMBOL_GPL(sprintf);
