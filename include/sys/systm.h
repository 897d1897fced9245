/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Strings, copying between kernel and user memory, timeouts, and other odds and
 * ends that the kernel has for everybody.
 */
#ifndef _DEVMAP_SYS_SYSTM_H
#define _DEVMAP_SYS_SYSTM_H

#include <linux/stdarg.h>
#include <sys/param.h>
#include <sys/types.h>

/* Macros on Linux, on some machines. */
#undef memchr
#undef memcmp
#undef memcpy
#undef memmove
#undef memset
#undef bcmp
#undef bcopy
#undef bzero
#undef strcat
#undef strchr
#undef strcmp
#undef strncmp
#undef strcasecmp
#undef strncasecmp
#undef strcpy
#undef strncpy
#undef strlcat
#undef strlcpy
#undef strlen
#undef strnlen
#undef strrchr
#undef strstr
#undef strspn
#undef strcspn
#undef sprintf
#undef snprintf
#undef vsprintf
#undef vsnprintf
#undef stoi
#undef numtos

/* Those that the compiler itself may call have the names of the C library. */
void *memchr(const void *s, int c, size_t n);
int memcmp(const void *s1, const void *s2, size_t n);
void *memcpy(void *s1, const void *s2, size_t n);
void *memmove(void *s1, const void *s2, size_t n);
void *memset(void *s, int c, size_t n);

#define bcmp	devmap_ddi_bcmp
#define bcopy	devmap_ddi_bcopy
#define bzero	devmap_ddi_bzero
#define strcat	devmap_ddi_strcat
#define strchr	devmap_ddi_strchr
#define strcmp	devmap_ddi_strcmp
#define strncmp	devmap_ddi_strncmp
#define strcasecmp	devmap_ddi_strcasecmp
#define strncasecmp	devmap_ddi_strncasecmp
#define strcpy	devmap_ddi_strcpy
#define strncpy	devmap_ddi_strncpy
#define strlcat	devmap_ddi_strlcat
#define strlcpy	devmap_ddi_strlcpy
#define strlen	devmap_ddi_strlen
#define strnlen	devmap_ddi_strnlen
#define strrchr	devmap_ddi_strrchr
#define strstr	devmap_ddi_strstr
#define strspn	devmap_ddi_strspn
#define strcspn	devmap_ddi_strcspn
#define sprintf	devmap_ddi_sprintf
#define snprintf	devmap_ddi_snprintf
#define vsprintf	devmap_ddi_vsprintf
#define vsnprintf	devmap_ddi_vsnprintf
#define stoi	devmap_ddi_stoi
#define numtos	devmap_ddi_numtos

int bcmp(const void *s1, const void *s2, size_t len);
void bcopy(const void *from, void *to, size_t bcount);
void bzero(void *addr, size_t bytes);
char *strcat(char *dst, const char *src);
char *strchr(const char *str, int chr);
int strcmp(const char *s1, const char *s2);
int strncmp(const char *s1, const char *s2, size_t n);
int strcasecmp(const char *s1, const char *s2);
int strncasecmp(const char *s1, const char *s2, size_t n);
char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
size_t strlcat(char *dst, const char *src, size_t dstsize);
size_t strlcpy(char *dst, const char *src, size_t dstsize);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
char *strrchr(const char *str, int chr);
char *strstr(const char *s1, const char *s2);
size_t strspn(const char *s1, const char *s2);
size_t strcspn(const char *s1, const char *s2);
char *sprintf(char *buf, const char *fmt, ...);
size_t snprintf(char *buf, size_t n, const char *fmt, ...);
char *vsprintf(char *buf, const char *fmt, va_list ap);
size_t vsnprintf(char *buf, size_t n, const char *fmt, va_list ap);
int stoi(char **str);
void numtos(unsigned long num, char *s);

#define copyin	devmap_ddi_copyin
#define copyout	devmap_ddi_copyout
#define xcopyin	devmap_ddi_xcopyin
#define xcopyout	devmap_ddi_xcopyout
#define copyinstr	devmap_ddi_copyinstr
#define copyoutstr	devmap_ddi_copyoutstr

int copyin(const void *uaddr, void *kaddr, size_t count);
int copyout(const void *kaddr, void *uaddr, size_t count);
int xcopyin(const void *uaddr, void *kaddr, size_t count);
int xcopyout(const void *kaddr, void *uaddr, size_t count);
int copyinstr(const char *uaddr, char *kaddr, size_t maxlength,
	      size_t *lencopied);
int copyoutstr(const char *kaddr, char *uaddr, size_t maxlength,
	       size_t *lencopied);

/* Of timeout(9F). */
typedef void *timeout_id_t;

#define timeout	devmap_ddi_timeout
#define untimeout	devmap_ddi_untimeout

timeout_id_t timeout(void (*func)(void *arg), void *arg, clock_t ticks);
clock_t untimeout(timeout_id_t id);

#endif /* _DEVMAP_SYS_SYSTM_H */
