// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_string: bcopy(9F), string(9F), sprintf(9F), ddi_strtol(9F). */
#define _KERNEL

#include <linux/limits.h>
#include <linux/string.h>

#include "ddi.h"

#include <sys/kmem.h>
#include <sys/sunddi.h>

/* Not with strcmp(), which means ours here. */
static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

#define EXPECT_TEXT(test, got, want) do {				\
	const char *text = got;						\
									\
	KUNIT_EXPECT_TRUE_MSG(test, same(text, want), "\"%s\"", text);	\
} while (0)

static void memory(struct kunit *test)
{
	char buf[8] = "abcdefg";

	bcopy(buf, buf + 1, 6);
	EXPECT_TEXT(test, buf, "aabcdef");
	bcopy(buf + 1, buf, 6);
	EXPECT_TEXT(test, buf, "abcdeff");
	KUNIT_EXPECT_EQ(test, 0, bcmp(buf, "abcdefx", 6));
	KUNIT_EXPECT_NE(test, 0, bcmp(buf, "abcdefx", 7));
	KUNIT_EXPECT_EQ(test, 0, bcmp("a", "b", 0));
	bzero(buf + 1, 6);
	KUNIT_EXPECT_EQ(test, buf[0], 'a');
	KUNIT_EXPECT_NULL(test, memchr_inv(buf + 1, 0, 7));
}

static void lengths(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, strlen(""), 0);
	KUNIT_EXPECT_EQ(test, strlen("abc"), 3);
	KUNIT_EXPECT_EQ(test, strnlen("abc", 2), 2);
	KUNIT_EXPECT_EQ(test, strnlen("abc", 3), 3);
	KUNIT_EXPECT_EQ(test, strnlen("abc", 100), 3);
	KUNIT_EXPECT_EQ(test, strspn("aabbc", "ab"), 4);
	KUNIT_EXPECT_EQ(test, strcspn("aabbc", "cx"), 4);
}

static void comparing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, strcmp("abc", "abc"), 0);
	KUNIT_EXPECT_LT(test, strcmp("abc", "abd"), 0);
	KUNIT_EXPECT_GT(test, strcmp("abc", "ab"), 0);
	KUNIT_EXPECT_EQ(test, strncmp("abc", "abd", 2), 0);
	KUNIT_EXPECT_LT(test, strncmp("abc", "abd", 3), 0);
	KUNIT_EXPECT_EQ(test, strcasecmp("aBc", "AbC"), 0);
	KUNIT_EXPECT_LT(test, strcasecmp("aBc", "AbD"), 0);
	KUNIT_EXPECT_EQ(test, strncasecmp("aBc", "Abd", 2), 0);
}

static void finding(struct kunit *test)
{
	const char *s = "abcabc";

	KUNIT_EXPECT_PTR_EQ(test, strchr(s, 'b'), (char *)s + 1);
	KUNIT_EXPECT_PTR_EQ(test, strrchr(s, 'b'), (char *)s + 4);
	KUNIT_EXPECT_PTR_EQ(test, strchr(s, 0), (char *)s + 6);
	KUNIT_EXPECT_NULL(test, strchr(s, 'x'));
	KUNIT_EXPECT_NULL(test, strrchr(s, 'x'));
	KUNIT_EXPECT_PTR_EQ(test, strstr(s, "ca"), (char *)s + 2);
	KUNIT_EXPECT_NULL(test, strstr(s, "cb"));
}

static void copying(struct kunit *test)
{
	char buf[8];

	KUNIT_EXPECT_PTR_EQ(test, strcpy(buf, "abc"), &buf[0]);
	EXPECT_TEXT(test, buf, "abc");
	KUNIT_EXPECT_PTR_EQ(test, strcat(buf, "de"), &buf[0]);
	EXPECT_TEXT(test, buf, "abcde");

	memset(buf, 'x', sizeof(buf));
	KUNIT_EXPECT_PTR_EQ(test, strncpy(buf, "abcdef", 3), &buf[0]);
	KUNIT_EXPECT_MEMEQ(test, buf, "abcxxxxx", 8);
	strncpy(buf, "a", 4);
	KUNIT_EXPECT_MEMEQ(test, buf, "a\0\0\0xxxx", 8);

	memset(buf, 'x', sizeof(buf));
	KUNIT_EXPECT_EQ(test, strlcpy(buf, "abcdef", 4), 6);
	KUNIT_EXPECT_MEMEQ(test, buf, "abc\0xxxx", 8);
	KUNIT_EXPECT_EQ(test, strlcpy(buf, "xyz", 0), 3);
	KUNIT_EXPECT_MEMEQ(test, buf, "abc\0xxxx", 8);
	KUNIT_EXPECT_EQ(test, strlcat(buf, "def", 6), 6);
	EXPECT_TEXT(test, buf, "abcde");
	KUNIT_EXPECT_EQ(test, strlcat(buf, "def", 3), 6);
	EXPECT_TEXT(test, buf, "abcde");
	KUNIT_EXPECT_EQ(test, strlcat(buf, "fg", 8), 7);
	EXPECT_TEXT(test, buf, "abcdefg");
}

static void duplicating(struct kunit *test)
{
	char *copy = ddi_strdup("abc", KM_SLEEP);

	EXPECT_TEXT(test, copy, "abc");
	EXPECT_NO_MISUSE(test, strfree(copy));
}

static void bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ddi_ffs(0), 0);
	KUNIT_EXPECT_EQ(test, ddi_ffs(1), 1);
	KUNIT_EXPECT_EQ(test, ddi_ffs(0x30), 5);
	KUNIT_EXPECT_EQ(test, ddi_ffs(LONG_MIN), 64);
	KUNIT_EXPECT_EQ(test, ddi_fls(0), 0);
	KUNIT_EXPECT_EQ(test, ddi_fls(1), 1);
	KUNIT_EXPECT_EQ(test, ddi_fls(0x30), 6);
	KUNIT_EXPECT_EQ(test, ddi_fls(-1), 64);
}

struct number_case {
	const char *text;
	int base;
	int err;
	long value;
	int len;	/* of what was read */
};

static const struct number_case number_cases[] = {
	{ "0", 10, 0, 0, 1 },
	{ "123", 10, 0, 123, 3 },
	{ "123", 0, 0, 123, 3 },
	{ "0123", 0, 0, 0123, 4 },
	{ "0x1fg", 0, 0, 0x1f, 4 },
	{ "0X1F", 16, 0, 0x1f, 4 },
	{ "1f", 16, 0, 0x1f, 2 },
	{ "0x", 16, 0, 0, 1 },
	{ "0x", 0, 0, 0, 1 },
	{ "08", 0, 0, 0, 1 },
	{ "101", 2, 0, 5, 3 },
	{ "102", 2, 0, 2, 2 },
	{ "zZ", 36, 0, 35 * 36 + 35, 2 },
	{ " \t-5 ", 10, 0, -5, 4 },
	{ "+5", 10, 0, 5, 2 },
	{ "-", 10, EINVAL },
	{ "+-5", 10, EINVAL },
	{ "", 10, EINVAL },
	{ "x", 10, EINVAL },
	{ " ", 0, EINVAL },
	{ "1", 1, EINVAL },
	{ "1", 37, EINVAL },
	{ "1", -1, EINVAL },
	{ "9223372036854775807", 10, 0, LONG_MAX, 19 },
	{ "-9223372036854775808", 10, 0, LONG_MIN, 20 },
	{ "9223372036854775808", 10, ERANGE, 0, 19 },
	{ "-9223372036854775809", 10, ERANGE, 0, 20 },
	{ "99999999999999999999999x", 10, ERANGE, 0, 23 },
};

KUNIT_ARRAY_PARAM_DESC(number, number_cases, text);

static void numbers(struct kunit *test)
{
	const struct number_case *c = test->param_value;
	longlong_t long_value = 77;
	long value = 77;
	char *end = NULL;

	KUNIT_EXPECT_EQ(test, ddi_strtol(c->text, &end, c->base, &value),
			c->err);
	KUNIT_EXPECT_EQ(test, value, c->err ? 77 : c->value);
	KUNIT_EXPECT_PTR_EQ(test, end, (char *)c->text + c->len);
	KUNIT_EXPECT_EQ(test, ddi_strtoll(c->text, NULL, c->base, &long_value),
			c->err);
	KUNIT_EXPECT_EQ(test, long_value, c->err ? 77 : c->value);
}

static void unsigned_numbers(struct kunit *test)
{
	u_longlong_t long_value = 77;
	unsigned long value = 77;
	char *end;

	KUNIT_EXPECT_EQ(test, 0, ddi_strtoul("18446744073709551615", &end, 10,
					     &value));
	KUNIT_EXPECT_EQ(test, value, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, *end, 0);
	KUNIT_EXPECT_EQ(test, 0, ddi_strtoul("-1", NULL, 10, &value));
	KUNIT_EXPECT_EQ(test, value, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, ERANGE, ddi_strtoul("18446744073709551616", &end,
						  10, &value));
	KUNIT_EXPECT_EQ(test, ERANGE,
			ddi_strtoull("0x10000000000000000", &end, 0,
				     &long_value));
	KUNIT_EXPECT_EQ(test, long_value, 77);
	KUNIT_EXPECT_EQ(test, 0, ddi_strtoull("0xffffffffffffffff", &end, 0,
					      &long_value));
	KUNIT_EXPECT_EQ(test, long_value, ULLONG_MAX);
}

static void old_numbers(struct kunit *test)
{
	char *s = "123abc", buf[24];

	KUNIT_EXPECT_EQ(test, stoi(&s), 123);
	EXPECT_TEXT(test, s, "abc");
	KUNIT_EXPECT_EQ(test, stoi(&s), 0);
	EXPECT_TEXT(test, s, "abc");
	numtos(ULONG_MAX, buf);
	EXPECT_TEXT(test, buf, "18446744073709551615");
}

#define EXPECT_FORMAT(test, want, ...) do {				\
	char buf[80];							\
	size_t len = snprintf(buf, sizeof(buf), __VA_ARGS__);		\
									\
	EXPECT_TEXT(test, buf, want);					\
	KUNIT_EXPECT_EQ(test, len, sizeof(want) - 1);			\
} while (0)

static void formats_of_numbers(struct kunit *test)
{
	EXPECT_FORMAT(test, "", "%s", "");
	EXPECT_FORMAT(test, "plain", "plain");
	EXPECT_FORMAT(test, "-1 4294967295 ffffffff FFFFFFFF 37777777777",
		      "%d %u %x %X %o", -1, -1, -1, -1, -1);
	EXPECT_FORMAT(test, "-1 18446744073709551615 ffffffffffffffff",
		      "%ld %lu %lx", -1L, -1L, -1L);
	EXPECT_FORMAT(test, "-2 18446744073709551614 -2", "%lld %llu %jd",
		      -2LL, -2LL, -2LL);
	EXPECT_FORMAT(test, "-1 65535 -1 255", "%hd %hu %hhd %hhu", 0x1ffff,
		      0x1ffff, 0x1ff, 0x1ff);
	EXPECT_FORMAT(test, "12345678901 -1 17", "%zu %zd %tx",
		      (size_t)12345678901, (ssize_t)-1, (ptrdiff_t)0x17);
	EXPECT_FORMAT(test, "-5 5 11", "%D %U %O", -5L, 5L, 9L);
	EXPECT_FORMAT(test, "-7", "%i", -7);
}

static void formats_with_width(struct kunit *test)
{
	EXPECT_FORMAT(test, "[   42][42   ][00042][+42][0x2a]",
		      "[%5d][%-5d][%05d][%+d][%#x]", 42, 42, 42, 42, 42);
	EXPECT_FORMAT(test, "[   42][42   ][  abc][ab]", "[%*d][%*d][%*s][%.*s]",
		      5, 42, -5, 42, 5, "abc", 2, "abc");
	EXPECT_FORMAT(test, "[  ab][a]", "[%4.2s][%.1s]", "abc", "abc");
	EXPECT_FORMAT(test, "x100%", "%c%d%%", 'x', 100);
	EXPECT_FORMAT(test, "(null)", "%s", (char *)NULL);
	/* Absurd, but no harm. */
	EXPECT_FORMAT(test, "1", "%--------------------------------------d", 1);
}

static void formats_of_bits(struct kunit *test)
{
	EXPECT_FORMAT(test, "3<ONE,TWO>", "%b", 3, "\20\1ONE\2TWO\3THREE");
	EXPECT_FORMAT(test, "4<THREE>!", "%b!", 4, "\20\1ONE\2TWO\3THREE");
	EXPECT_FORMAT(test, "0", "%b", 0, "\20\1ONE");
	EXPECT_FORMAT(test, "17<A>", "%b", 15, "\10\1A\40B");
	EXPECT_FORMAT(test, "80000000<B>", "%b", 0x80000000, "\20\1A\40B");
	EXPECT_FORMAT(test, "1 7", "%b %d", 1, "", 7);
}

/* Letters behind a pointer are text; Linux would print a symbol here. */
static void pointers_end_with_their_letter(struct kunit *test)
{
	char buf[80];
	size_t len = snprintf(buf, sizeof(buf), "%pSays", test);

	KUNIT_ASSERT_GT(test, len, 4);
	EXPECT_TEXT(test, buf + len - 4, "Says");
	len = snprintf(buf, sizeof(buf), "%pe", test);
	EXPECT_TEXT(test, buf + len - 1, "e");
}

static void unknown_formats_are_text(struct kunit *test)
{
	EXPECT_FORMAT(test, "%y 5", "%y %d", 5);
	EXPECT_FORMAT(test, "100", "100%");
	EXPECT_FORMAT(test, "100", "100%-5l");
}

static void formats_are_cut(struct kunit *test)
{
	char buf[8];

	memset(buf, 'x', sizeof(buf));
	KUNIT_EXPECT_EQ(test, snprintf(buf, 4, "%s%d", "ab", 12345), 7);
	KUNIT_EXPECT_MEMEQ(test, buf, "ab1\0xxxx", 8);
	KUNIT_EXPECT_EQ(test, snprintf(buf, 4, "abcdef"), 6);
	KUNIT_EXPECT_MEMEQ(test, buf, "abc\0xxxx", 8);
	KUNIT_EXPECT_EQ(test, snprintf(buf, 1, "abc"), 3);
	KUNIT_EXPECT_MEMEQ(test, buf, "\0bc\0xxxx", 8);
	KUNIT_EXPECT_EQ(test, snprintf(NULL, 0, "%d%b", 12, 1, "\20\1A"), 6);
	KUNIT_EXPECT_EQ(test, snprintf(buf, 5, "%b", 1, "\20\1ABC"), 6);
	KUNIT_EXPECT_MEMEQ(test, buf, "1<AB\0xxx", 8);
}

static void sprintf_returns_its_memory(struct kunit *test)
{
	char buf[16];

	KUNIT_EXPECT_PTR_EQ(test, sprintf(buf, "%s%d", "xx", 3), &buf[0]);
	EXPECT_TEXT(test, buf, "xx3");
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(memory),
	KUNIT_CASE(lengths),
	KUNIT_CASE(comparing),
	KUNIT_CASE(finding),
	KUNIT_CASE(copying),
	KUNIT_CASE(duplicating),
	KUNIT_CASE(bits),
	KUNIT_CASE_PARAM(numbers, number_gen_params),
	KUNIT_CASE(unsigned_numbers),
	KUNIT_CASE(old_numbers),
	KUNIT_CASE(formats_of_numbers),
	KUNIT_CASE(formats_with_width),
	KUNIT_CASE(formats_of_bits),
	KUNIT_CASE(pointers_end_with_their_letter),
	KUNIT_CASE(unknown_formats_are_text),
	KUNIT_CASE(formats_are_cut),
	KUNIT_CASE(sprintf_returns_its_memory),
	{}
};

static struct kunit_suite string_suite = {
	.name = "devmap_string",
	.test_cases = string_cases,
};

kunit_test_suite(string_suite);
