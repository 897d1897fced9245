/* SPDX-License-Identifier: GPL-2.0 */
/* Byte order: byteorder(9F). */
#ifndef _DEVMAP_SYS_BYTEORDER_H
#define _DEVMAP_SYS_BYTEORDER_H

#include <sys/isa_defs.h>
#include <sys/types.h>

#undef htonl
#undef htonll
#undef htons
#undef ntohl
#undef ntohll
#undef ntohs

#define BSWAP_8(x)	((uint8_t)(x))
#define BSWAP_16(x)	((uint16_t)__builtin_bswap16(x))
#define BSWAP_32(x)	((uint32_t)__builtin_bswap32(x))
#define BSWAP_64(x)	((uint64_t)__builtin_bswap64(x))

#ifdef _LITTLE_ENDIAN
#define LE_8(x)		((uint8_t)(x))
#define LE_16(x)	((uint16_t)(x))
#define LE_32(x)	((uint32_t)(x))
#define LE_64(x)	((uint64_t)(x))
#define BE_8(x)		BSWAP_8(x)
#define BE_16(x)	BSWAP_16(x)
#define BE_32(x)	BSWAP_32(x)
#define BE_64(x)	BSWAP_64(x)
#else
#define LE_8(x)		BSWAP_8(x)
#define LE_16(x)	BSWAP_16(x)
#define LE_32(x)	BSWAP_32(x)
#define LE_64(x)	BSWAP_64(x)
#define BE_8(x)		((uint8_t)(x))
#define BE_16(x)	((uint16_t)(x))
#define BE_32(x)	((uint32_t)(x))
#define BE_64(x)	((uint64_t)(x))
#endif

#define htons(x)	BE_16(x)
#define ntohs(x)	BE_16(x)
#define htonl(x)	BE_32(x)
#define ntohl(x)	BE_32(x)
#define htonll(x)	BE_64(x)
#define ntohll(x)	BE_64(x)

#endif /* _DEVMAP_SYS_BYTEORDER_H */
