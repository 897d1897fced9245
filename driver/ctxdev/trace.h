/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: contexts on their way between the device and memory. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM devmap_ctxdev

#if !defined(_CTXDEV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _CTXDEV_TRACE_H

#include <linux/tracepoint.h>

/* @value is the first register: enough to tell contexts apart. */
DECLARE_EVENT_CLASS(ctxdev_class,
		    TP_PROTO(int instance, u64 context, u64 value),
		    TP_ARGS(instance, context, value),
		    TP_STRUCT__entry(__field(int, instance)
				     __field(u64, context)
				     __field(u64, value)
				     __field(pid_t, pid)),
		    TP_fast_assign(__entry->instance = instance;
				   __entry->context = context;
				   __entry->value = value;
				   __entry->pid = current->tgid;),
		    TP_printk("instance=%d pid=%d context=%llu value=0x%llx",
			      __entry->instance, __entry->pid,
			      __entry->context, __entry->value)
);

/* The registers were saved in the context */
DEFINE_EVENT(ctxdev_class, ctxdev_save,
	     TP_PROTO(int instance, u64 context, u64 value),
	     TP_ARGS(instance, context, value));

/* The registers were restored from the context */
DEFINE_EVENT(ctxdev_class, ctxdev_restore,
	     TP_PROTO(int instance, u64 context, u64 value),
	     TP_ARGS(instance, context, value));

#endif /* _CTXDEV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
