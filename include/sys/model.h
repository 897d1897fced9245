/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data models of processes: the last argument of devmap(9E), and structures that
 * a 32-bit process lays out differently: STRUCT_DECL(9F).
 */
#ifndef _DEVMAP_SYS_MODEL_H
#define _DEVMAP_SYS_MODEL_H

#include <sys/types.h>

#define DDI_MODEL_MASK		0x0FF00000
#define DDI_MODEL_ILP32		0x00100000
#define DDI_MODEL_LP64		0x00200000
#ifdef CONFIG_64BIT
#define DDI_MODEL_NATIVE	DDI_MODEL_LP64
#else
#define DDI_MODEL_NATIVE	DDI_MODEL_ILP32
#endif
#define DDI_MODEL_NONE		0

#ifdef _KERNEL

#include <sys/types32.h>

#define DATAMODEL_MASK		DDI_MODEL_MASK
#define DATAMODEL_ILP32		DDI_MODEL_ILP32
#define DATAMODEL_LP64		DDI_MODEL_LP64
#define DATAMODEL_NATIVE	DDI_MODEL_NATIVE
#define DATAMODEL_NONE		DDI_MODEL_NONE

/*
 * A handle is a pointer to a struct @name or a struct @name32, and which of both
 * it is. STRUCT_DECL makes one with room for either.
 *
 * The conditional operator would warn of pointers to different types, hence
 * void pointers; of a member, the address and the value are taken of either
 * structure, so a member must exist in both.
 */
#define STRUCT_HANDLE(name, handle)					\
	struct {							\
		model_t model;						\
		union {							\
			struct name *native;				\
			struct name##32 *ilp32;				\
		} ptr;							\
	} handle = { .model = DDI_MODEL_NONE }

#define STRUCT_DECL(name, handle)					\
	struct {							\
		model_t model;						\
		union {							\
			struct name *native;				\
			struct name##32 *ilp32;				\
		} ptr;							\
		union {							\
			struct name native;				\
			struct name##32 ilp32;				\
		} buf;							\
	} handle = { .model = DDI_MODEL_NONE }

#define DEVMAP_STRUCT_IS_32(umodel)					\
	(((umodel) & DDI_MODEL_MASK) == DDI_MODEL_ILP32 &&		\
	 DDI_MODEL_NATIVE != DDI_MODEL_ILP32)

#define STRUCT_INIT(handle, umodel)					\
	((handle).model = (umodel),					\
	 (handle).ptr.native = &(handle).buf.native,			\
	 (void)__builtin_memset(&(handle).buf, 0, sizeof((handle).buf)))

#define STRUCT_SET_HANDLE(handle, umodel, addr)				\
	((handle).model = (umodel), (handle).ptr.native = (void *)(addr))

#define STRUCT_SIZE(handle)						\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 sizeof(*(handle).ptr.ilp32) : sizeof(*(handle).ptr.native))

#define STRUCT_BUF(handle)		((handle).ptr.native)

#define STRUCT_FADDR(handle, field)					\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 (void *)&(handle).ptr.ilp32->field :				\
	 (void *)&(handle).ptr.native->field)

#define STRUCT_FGET(handle, field)					\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 (handle).ptr.ilp32->field : (handle).ptr.native->field)

#define STRUCT_FGETP(handle, field)					\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 (void *)(uintptr_t)(handle).ptr.ilp32->field :			\
	 (void *)(handle).ptr.native->field)

#define STRUCT_FSET(handle, field, value)				\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 (void)((handle).ptr.ilp32->field = (value)) :			\
	 (void)((handle).ptr.native->field = (value)))

#define STRUCT_FSETP(handle, field, value)				\
	(DEVMAP_STRUCT_IS_32((handle).model) ?				\
	 (void)((handle).ptr.ilp32->field =				\
		(caddr32_t)(uintptr_t)(value)) :			\
	 (void)((handle).ptr.native->field = (void *)(value)))

#define SIZEOF_STRUCT(name, umodel)					\
	(DEVMAP_STRUCT_IS_32(umodel) ?					\
	 sizeof(struct name##32) : sizeof(struct name))

#define SIZEOF_PTR(umodel)						\
	(DEVMAP_STRUCT_IS_32(umodel) ?					\
	 sizeof(caddr32_t) : sizeof(caddr_t))

#endif /* _KERNEL */

#endif /* _DEVMAP_SYS_MODEL_H */
