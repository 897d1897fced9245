/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: every call of a driver's callback and of the functions that
 * change translations, and every fault that needed no driver. Offsets are user
 * offsets in bytes; a handle is named by a number of its own.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM devmap

#if !defined(_TRACE_DEVMAP_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DEVMAP_H

#include <linux/kdev_t.h>
#include <linux/tracepoint.h>

#include "../../../compat/devmap/handle.h"
#include "../../../compat/devmap/segment.h"

#define devmap_show_type(type)						\
	__print_symbolic(type, { 0, "access" }, { 1, "prot" },		\
			 { 2, "lock" }, { 3, "unlock" })

#define devmap_show_rw(rw)						\
	__print_symbolic(rw, { 0, "other" }, { 1, "read" },		\
			 { 2, "write" }, { 3, "exec" }, { 4, "create" })

/* A range of a handle, accessed in some way: most of the events. */
DECLARE_EVENT_CLASS(devmap_access_class,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 unsigned int type, unsigned int rw, int ret),
	TP_ARGS(seg, h, off, len, type, rw, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(size_t, len)
		__field(unsigned int, type)
		__field(unsigned int, rw)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = off;
		__entry->len = len;
		__entry->type = type;
		__entry->rw = rw;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx type=%s rw=%s ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len,
		  devmap_show_type(__entry->type), devmap_show_rw(__entry->rw),
		  __entry->ret)
);

/* devmap_access(9E) has returned */
DEFINE_EVENT(devmap_access_class, devmap_access,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 unsigned int type, unsigned int rw, int ret),
	TP_ARGS(seg, h, off, len, type, rw, ret));

/* devmap_contextmgt(9E) has returned */
DEFINE_EVENT(devmap_access_class, devmap_ctxmgt_leave,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 unsigned int type, unsigned int rw, int ret),
	TP_ARGS(seg, h, off, len, type, rw, ret));

/* devmap_load(9F), or the layer in its place */
DEFINE_EVENT(devmap_access_class, devmap_load,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 unsigned int type, unsigned int rw, int ret),
	TP_ARGS(seg, h, off, len, type, rw, ret));

/* devmap_contextmgt(9E) is about to be called */
TRACE_EVENT(devmap_ctxmgt_enter,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 unsigned int type, unsigned int rw),
	TP_ARGS(seg, h, off, len, type, rw),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(size_t, len)
		__field(unsigned int, type)
		__field(unsigned int, rw)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = off;
		__entry->len = len;
		__entry->type = type;
		__entry->rw = rw;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx type=%s rw=%s",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len,
		  devmap_show_type(__entry->type), devmap_show_rw(__entry->rw))
);

/* A fault has waited for its turn to get the context */
TRACE_EVENT(devmap_ctxmgt_waited,
	TP_PROTO(dev_t dev, u64 handle, unsigned long ticks, int ret),
	TP_ARGS(dev, handle, ticks, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(unsigned long, ticks)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = dev;
		__entry->handle = handle;
		__entry->ticks = ticks;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu ticks=%lu ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->ticks, __entry->ret)
);

/* devmap_unload(9F) */
TRACE_EVENT(devmap_unload,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, long long off, size_t len,
		 int ret),
	TP_ARGS(seg, h, off, len, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(size_t, len)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = off;
		__entry->len = len;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len, __entry->ret)
);

/* devmap_devmem_remap() or devmap_umem_remap() */
TRACE_EVENT(devmap_remap,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, size_t len, int ret),
	TP_ARGS(seg, h, len, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(size_t, len)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->len = len;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu len=0x%zx ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->len, __entry->ret)
);

/* A fault on a page that was valid: served without the driver */
TRACE_EVENT(devmap_refault,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, unsigned long page,
		 unsigned int rw, int ret),
	TP_ARGS(seg, h, page, rw, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(unsigned int, rw)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = (long long)page << PAGE_SHIFT;
		__entry->rw = rw;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%lx type=access rw=%s ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, PAGE_SIZE,
		  devmap_show_rw(__entry->rw), __entry->ret)
);

/* devmap_map(9E) has returned */
TRACE_EVENT(devmap_map,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, unsigned int flags, int ret),
	TP_ARGS(seg, h, flags, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(size_t, len)
		__field(unsigned int, flags)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = devmap_span_off(&h->span);
		__entry->len = devmap_span_len(&h->span);
		__entry->flags = flags;
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx flags=%s ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len,
		  __print_symbolic(__entry->flags, { 1, "shared" },
				   { 2, "private" }),
		  __entry->ret)
);

/* devmap_dup(9E) has returned; pid is the parent's */
TRACE_EVENT(devmap_dup,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h,
		 const struct devmap_handle *child, int ret),
	TP_ARGS(seg, h, child, ret),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(u64, child)
		__field(long long, off)
		__field(size_t, len)
		__field(int, ret)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->child = child->id;
		__entry->off = devmap_span_off(&h->span);
		__entry->len = devmap_span_len(&h->span);
		__entry->ret = ret;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx child=%llu ret=%d",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len, __entry->child,
		  __entry->ret)
);

/* devmap_unmap(9E) is about to be called */
TRACE_EVENT(devmap_unmap,
	TP_PROTO(const struct devmap_segment *seg,
		 const struct devmap_handle *h, const struct devmap_span *hole,
		 const struct devmap_handle *below,
		 const struct devmap_handle *above),
	TP_ARGS(seg, h, hole, below, above),
	TP_STRUCT__entry(
		__field(dev_t, dev)
		__field(u64, handle)
		__field(long long, off)
		__field(size_t, len)
		__field(bool, below)
		__field(bool, above)
		__field(pid_t, pid)
	),
	TP_fast_assign(
		__entry->dev = seg->dev;
		__entry->handle = h->id;
		__entry->off = devmap_span_off(hole);
		__entry->len = devmap_span_len(hole);
		__entry->below = below;
		__entry->above = above;
		__entry->pid = current->tgid;
	),
	TP_printk("dev=%u:%u pid=%d handle=%llu off=0x%llx len=0x%zx left=%s",
		  MAJOR(__entry->dev), MINOR(__entry->dev), __entry->pid,
		  __entry->handle, __entry->off, __entry->len,
		  __entry->below ? (__entry->above ? "both" : "below") :
				   (__entry->above ? "above" : "nothing"))
);

#endif /* _TRACE_DEVMAP_H */

#include <trace/define_trace.h>
