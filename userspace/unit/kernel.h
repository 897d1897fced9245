/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as the layer's arithmetic and bookkeeping need, in one
 * file: the Makefile makes a <linux/NAME.h> of it for every name that is
 * included. Everything is as simple as can be, and checks its callers: a lock
 * taken twice or not held, a count that wraps, a translation inserted into a VMA
 * that is not attached, each ends the program.
 *
 * The C library's headers are out of reach: <sys/types.h> is Solaris' here.
 */
#ifndef _UNIT_KERNEL_H
#define _UNIT_KERNEL_H

/* Types */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;
typedef _Bool bool;
typedef unsigned long size_t;
typedef long ssize_t;
typedef unsigned long uintptr_t;
typedef long off_t;
typedef long long loff_t;
typedef long clock_t;
typedef u32 dev_t;
typedef char *caddr_t;
typedef long daddr_t;
typedef u64 phys_addr_t;
typedef unsigned int gfp_t;
typedef unsigned int vm_fault_t;

#define true		1
#define false		0
#define NULL		((void *)0)
#define INT_MAX		0x7fffffff
#define U64_MAX		(~0ULL)
#define S64_MAX		((s64)(U64_MAX >> 1))
#define S64_MIN		(-S64_MAX - 1)
#define ULONG_MAX	(~0UL)
#define LONG_MAX	((long)(ULONG_MAX >> 1))
#define SIZE_MAX	(~0UL)
#define BITS_PER_LONG	64

#define EPERM		1
#define ENOENT		2
#define EINTR		4
#define EIO		5
#define ENXIO		6
#define EAGAIN		11
#define ENOMEM		12
#define EACCES		13
#define EFAULT		14
#define EBUSY		16
#define EINVAL		22
#define MAX_ERRNO	4095

#define __user
#define __iomem
#define __force
#define __acquires(x)
#define ____cacheline_aligned_in_smp
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define IS_ENABLED(c)	0
#define _RET_IP_	0UL
#define __always_inline inline
#define likely(x)	(x)
#define unlikely(x)	(x)
#define offsetof(t, m)	__builtin_offsetof(t, m)
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
#define IS_ERR(p)	((unsigned long)(p) >= -4095UL)
#define PTR_ERR(p)	((long)(p))
#define ERR_PTR(e)	((void *)(long)(e))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))
#define READ_ONCE(x)	(x)
#define WRITE_ONCE(x, v) ((void)((x) = (v)))
#define BUILD_BUG_ON(c)	_Static_assert(!(c), #c)
#define EXPORT_SYMBOL_GPL(s)
#define EXPORT_SYMBOL_IF_KUNIT(s)
#define module_param(name, type, mode)
#define MODULE_PARM_DESC(name, text)

/* The C library */

int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *p, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *calloc(size_t n, size_t size);
void *malloc(size_t size);
void *realloc(void *p, size_t size);
void free(void *p);
void abort(void) __attribute__((noreturn));

/* Complaints: main.c tells which seed and step, and ends. */
void unit_die(const char *file, int line, const char *what)
	__attribute__((noreturn));

#define check(c)	do { if (!(c)) unit_die(__FILE__, __LINE__, #c); } while (0)
#define WARN_ON_ONCE(c)	({ bool __c = !!(c); check(!__c); __c; })
#define WARN_ON(c)	WARN_ON_ONCE(c)
#define pr_warn_ratelimited(...) ((void)0)

/* Numbers */

#define min(a, b)	({ __auto_type __a = (a); __auto_type __b = (b); \
			   __a < __b ? __a : __b; })
#define max(a, b)	({ __auto_type __a = (a); __auto_type __b = (b); \
			   __a > __b ? __a : __b; })
#define min_t(t, a, b)	min((t)(a), (t)(b))
#define max_t(t, a, b)	max((t)(a), (t)(b))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define BIT(n)		(1UL << (n))

static inline unsigned int hweight32(u32 w)
{
	return __builtin_popcount(w);
}

static inline unsigned long order_base_2(unsigned long n)
{
	return n > 1 ? BITS_PER_LONG - __builtin_clzl(n - 1) : 0;
}

/* Bitmaps, a bit at a time */

#define GENMASK(h, l)	(~0UL << (l) & ~0UL >> (BITS_PER_LONG - 1 - (h)))
#define __ffs(x)	((unsigned long)__builtin_ctzl(x))
#define __fls(x)	(BITS_PER_LONG - 1UL - __builtin_clzl(x))
#define smp_load_acquire(p)	(*(p))
#define smp_store_release(p, v)	((void)(*(p) = (v)))
#define data_race(x)	(x)

static inline void __set_bit(unsigned long n, unsigned long *map)
{
	map[n / BITS_PER_LONG] |= 1UL << n % BITS_PER_LONG;
}

static inline bool test_bit(unsigned long n, const unsigned long *map)
{
	return map[n / BITS_PER_LONG] >> (n % BITS_PER_LONG) & 1;
}

static inline void bitmap_set(unsigned long *map, unsigned long start,
			      unsigned long nr)
{
	for (; nr; nr--, start++)
		map[start / BITS_PER_LONG] |= BIT(start % BITS_PER_LONG);
}

static inline void bitmap_clear(unsigned long *map, unsigned long start,
				unsigned long nr)
{
	for (; nr; nr--, start++)
		map[start / BITS_PER_LONG] &= ~BIT(start % BITS_PER_LONG);
}

static inline unsigned long find_next_zero_bit(const unsigned long *map,
					       unsigned long end,
					       unsigned long start)
{
	while (start < end && test_bit(start, map))
		start++;
	return start;
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long end,
					  unsigned long start)
{
	while (start < end && !test_bit(start, map))
		start++;
	return start;
}

static inline unsigned long find_last_bit(const unsigned long *map,
					  unsigned long end)
{
	unsigned long n = end;

	while (n-- > 0) {
		if (test_bit(n, map))
			return n;
	}
	return end;
}

/* Memory: unit_fail_alloc is how many allocations are left until one fails. */

#define GFP_KERNEL	0
#define GFP_KERNEL_ACCOUNT 0
#define __GFP_ACCOUNT	0
#define __GFP_NOWARN	0

extern long unit_fail_alloc;

static inline void *unit_alloc(size_t n, size_t size)
{
	if (unit_fail_alloc && !--unit_fail_alloc)
		return NULL;
	return calloc(n, size);
}

#define kzalloc(size, gfp)	unit_alloc(1, size)
#define kmalloc(size, gfp)	unit_alloc(1, size)
#define kvcalloc(n, size, gfp)	unit_alloc(n, size)
#define kfree(p)		free((void *)(p))
#define kvfree(p)		free((void *)(p))
#define bitmap_zalloc(n, gfp) \
	((unsigned long *)unit_alloc(DIV_ROUND_UP(n, BITS_PER_LONG), sizeof(long)))
#define bitmap_free(map)	free(map)

/* Numbers in use */

struct ida {
	u32 *ids;
	unsigned int nr;
};

void ida_init(struct ida *ida);
void ida_destroy(struct ida *ida);
int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);

/* Lists */

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
	node->next = head->next;
	node->prev = head;
	head->next->prev = node;
	head->next = node;
}

static inline void list_del(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
}

static inline void list_del_init(struct list_head *node)
{
	list_del(node);
	INIT_LIST_HEAD(node);
}

#define LIST_HEAD(name)	struct list_head name = { &(name), &(name) }

static inline void list_move_tail(struct list_head *node,
				  struct list_head *head)
{
	list_del(node);
	list_add(node, head->prev);
}

static inline void list_splice(struct list_head *from, struct list_head *head)
{
	while (from->prev != from) {
		struct list_head *last = from->prev;

		list_del(last);
		list_add(last, head);
	}
}

#define list_first_entry_or_null(head, t, m) \
	((head)->next == (head) ? NULL : container_of((head)->next, t, m))

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

static inline void hlist_add_head(struct hlist_node *node,
				  struct hlist_head *head)
{
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
}

static inline void hlist_del(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
}

#define hlist_entry_safe(p, t, m) \
	({ struct hlist_node *__p = (p); __p ? container_of(__p, t, m) : NULL; })
#define hlist_for_each_entry(pos, head, m) \
	for (pos = hlist_entry_safe((head)->first, typeof(*pos), m); pos; \
	     pos = hlist_entry_safe(pos->m.next, typeof(*pos), m))

#define hash_ptr(p, bits)	((uintptr_t)(p) >> 4 & ((1 << (bits)) - 1))

/* Trees, which need not be balanced */

struct rb_node {
	struct rb_node *rb_parent, *rb_left, *rb_right;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT		((struct rb_root){})
#define rb_entry(p, t, m) container_of(p, t, m)

void rb_add(struct rb_node *node, struct rb_root *root,
	    bool (*less)(struct rb_node *a, const struct rb_node *b));
void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_find(const void *key, const struct rb_root *root,
			int (*cmp)(const void *key, const struct rb_node *node));
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);

/* Locks: there is one thread, so a lock that is taken is a deadlock. */

typedef struct {
	int held;
} spinlock_t;

struct mutex {
	int held;
};

struct rw_semaphore {
	int held;	/* -1: for writing */
};

#define __SPIN_LOCK_UNLOCKED(x)	{ 0 }

#define spin_lock_init(l)	((void)((l)->held = 0))
#define spin_lock(l)		do { check(!(l)->held); (l)->held = 1; } while (0)
#define spin_unlock(l)		do { check((l)->held == 1); (l)->held = 0; } while (0)
#define mutex_init(l)		spin_lock_init(l)
#define mutex_lock(l)		spin_lock(l)
#define mutex_unlock(l)		spin_unlock(l)
#define mutex_destroy(l)	check(!(l)->held)

#define init_rwsem(l)		((void)((l)->held = 0))
#define down_write(l)		do { check(!(l)->held); (l)->held = -1; } while (0)
#define up_write(l)		do { check((l)->held == -1); (l)->held = 0; } while (0)
#define down_read(l)		do { check((l)->held >= 0); (l)->held++; } while (0)
#define down_read_killable(l)	({ down_read(l); 0; })
#define up_read(l)		do { check((l)->held > 0); (l)->held--; } while (0)

#define lockdep_assert_held(l)		check((l)->held)
#define lockdep_assert_held_write(l)	check((l)->held == -1)
#define lockdep_assert_held_read(l)	check((l)->held > 0)

struct srcu_struct {
	int readers;
};

#define srcu_read_lock(s)	((s)->readers++)
#define srcu_read_unlock(s, i)	do { (void)(i); check((s)->readers-- > 0); } while (0)

typedef struct {
	int n;
} refcount_t;

#define refcount_set(r, v)	((void)((r)->n = (v)))
#define refcount_inc(r)		do { check((r)->n > 0); (r)->n++; } while (0)
#define refcount_dec_and_test(r) ({ check((r)->n > 0); !--(r)->n; })

struct kref {
	refcount_t refcount;
};

typedef struct {
	long n;
} atomic64_t, atomic_long_t;

#define ATOMIC64_INIT(v)	{ v }
#define atomic64_inc_return(a)	(++(a)->n)
#define atomic_long_inc(a)	((void)(a)->n++)
#define atomic_long_dec(a)	((void)(a)->n--)
#define atomic_long_read(a)	((a)->n)

typedef struct {
	int unused;
} wait_queue_head_t;

struct work_struct {
	int unused;
};

/* Modules */

#define MODULE_STATE_GOING	2

struct module {
	int state;
	char name[56];
};

/* Tasks */

struct mm_struct;
struct page;

struct task_struct {
	struct mm_struct *mm;
	unsigned int __state;
	unsigned int flags;
};

extern struct task_struct unit_task;

#define current			(&unit_task)
#define in_task()		true
#define PF_EXITING		4
#define TASK_INTERRUPTIBLE	1
#define TASK_KILLABLE		2
#define HZ			250
#define jiffies			0UL

#define fatal_signal_pending(t)	false
#define cond_resched()		((void)0)
#define wake_up_process(t)	((void)(t))
#define wake_up_state(t, s)	((void)(t), (void)(s))
#define smp_mb()		((void)0)
#define schedule_timeout(t)	((void)(t))
#define __set_current_state(s)	((void)(s))
#define in_compat_syscall()	false
#define current_cred()		NULL

/* Memory management */

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PMD_SHIFT	21
#define PUD_SHIFT	30
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(n)	(((n) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGNED(n)	(!((n) & (PAGE_SIZE - 1)))

#define PROT_NONE	0
#define PROT_READ	1
#define PROT_WRITE	2
#define PROT_EXEC	4
#define MAP_SHARED	1
#define MAP_PRIVATE	2
#define MAP_TYPE	15

#define VM_READ		0x1UL
#define VM_WRITE	0x2UL
#define VM_EXEC		0x4UL
#define VM_SHARED	0x8UL
#define VM_MAYREAD	0x10UL
#define VM_MAYWRITE	0x20UL
#define VM_MAYEXEC	0x40UL
#define VM_MAYSHARE	0x80UL
#define VM_PFNMAP	0x400UL
#define VM_IO		0x4000UL
#define VM_DONTEXPAND	0x40000UL
#define VM_WIPEONFORK	0x2000000UL
#define VM_DONTDUMP	0x4000000UL

#define VM_FAULT_OOM	0x1
#define VM_FAULT_FALLBACK 0x800
#define VM_FAULT_SIGBUS	0x2
#define VM_FAULT_SIGSEGV 0x40
#define VM_FAULT_NOPAGE	0x100
#define VM_FAULT_RETRY	0x400

#define FAULT_FLAG_WRITE	0x1
#define FAULT_FLAG_ALLOW_RETRY	0x4
#define FAULT_FLAG_RETRY_NOWAIT	0x8
#define FAULT_FLAG_TRIED	0x20
#define FAULT_FLAG_USER		0x40
#define FAULT_FLAG_INSTRUCTION	0x100
#define FAULT_FLAG_INTERRUPTIBLE 0x200

#define FMODE_WRITE	0x2U

typedef struct {
	unsigned long pgprot;
} pgprot_t;

#define pgprot_val(p)	((p).pgprot)
#define pgprot_noncached(p)	(p)
#define pgprot_decrypted(p)	(p)
#define pfn_valid(pfn)	true
#define page_is_ram(pfn)	true

#define PHYS_PFN(a)	((unsigned long)((a) >> PAGE_SHIFT))

/* An entry is a page frame and nothing else; 0: none. */
typedef unsigned long pte_t;

#define ptep_get(p)		(*(p))
#define pte_none(e)		(!(e))
#define pte_same(a, b)		((a) == (b))
#define pte_mkspecial(e)	(e)
#define pte_mkclean(e)		(e)
#define pte_pgprot(e)		((pgprot_t){ (e) })
#define pfn_pte(n, p)		((void)(p), (n))
#define set_pte_at(mm, addr, p, e)	((void)(mm), (void)(addr), (void)(*(p) = (e)))

struct vm_area_struct;

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned int flags;
	unsigned long pgoff;
	unsigned long address;
};

/* Like Linux before 6.12, it never asks for a large one. */
enum page_entry_size { PE_SIZE_PTE };

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	int (*mprotect)(struct vm_area_struct *vma, unsigned long start,
			unsigned long end, unsigned long newflags);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf, enum page_entry_size size);
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf,
		      int len, int write);
};

/* The reverse map: a list, by vm_pgoff, where that is equal by age. */
struct rb_root_cached {
	struct vm_area_struct *first;
};

struct address_space {
	struct rb_root_cached i_mmap;
	struct rw_semaphore rwsem;
};

struct inode {
	struct address_space *i_mapping;
	dev_t i_rdev;
};

struct file {
	const void *f_cred;
	unsigned int f_mode;
	struct inode *f_inode;
};

#define file_inode(f)		((f)->f_inode)
#define i_mmap_lock_read(m)	down_read(&(m)->rwsem)
#define i_mmap_unlock_read(m)	up_read(&(m)->rwsem)

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	unsigned long vm_pgoff;
	const struct vm_operations_struct *vm_ops;
	struct file *vm_file;
	void *vm_private_data;

	struct vm_area_struct *next;	/* of the address space */
	struct vm_area_struct *rmap_next;
	struct address_space *rmap;	/* NULL: not linked */
	unsigned long unit_page;	/* the model's: first page it shows */
	int unit_map;			/* the model's: of which mapping */
};

#define UNIT_PAGES	1024	/* of an address space */

struct linux_binfmt {
	struct module *module;
};

struct mm_struct {
	struct linux_binfmt *binfmt;
	struct vm_area_struct *vmas;	/* by address */
	struct rw_semaphore mmap_lock;
	pte_t pte[UNIT_PAGES];
};

#define mmap_assert_locked(mm)	check((mm)->mmap_lock.held)
#define mmap_assert_write_locked(mm) mmap_assert_locked(mm)

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline bool vma_is_accessible(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
}

static inline bool fault_flag_allow_retry_first(unsigned int flags)
{
	return (flags & FAULT_FLAG_ALLOW_RETRY) && !(flags & FAULT_FLAG_TRIED);
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
			       unsigned long pfn, pgprot_t prot);
int apply_to_page_range(struct mm_struct *mm, unsigned long addr,
			unsigned long size,
			int (*fn)(pte_t *pte, unsigned long addr, void *data),
			void *data);
void zap_vma_ptes(struct vm_area_struct *vma, unsigned long addr,
		  unsigned long size);
void unmap_mapping_range(struct address_space *mapping, loff_t off, loff_t len,
			 int even_cows);
void mmap_read_unlock(struct mm_struct *mm);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start,
			   unsigned long nr, unsigned int flags,
			   struct page **pages, int *locked);

/* What <linux/interval_tree_generic.h> makes of the reverse map. */
#define INTERVAL_TREE_DEFINE(t, rb, nt, last, start, final, how, prefix)	\
how t *prefix##_from(t *node, nt lo, nt hi)					\
{										\
	while (node && (start(node) > hi || final(node) < lo))			\
		node = node->rmap_next;						\
	return node;								\
}										\
how t *prefix##_iter_first(struct rb_root_cached *root, nt lo, nt hi)		\
{										\
	return prefix##_from(root->first, lo, hi);				\
}										\
how t *prefix##_iter_next(t *node, nt lo, nt hi)				\
{										\
	return prefix##_from(node->rmap_next, lo, hi);				\
}

/* Trace events are nothing here. */

#define trace_devmap_access(...)	((void)0)
#define trace_devmap_load(...)		((void)0)
#define trace_devmap_unload(...)	((void)0)
#define trace_devmap_remap(...)		((void)0)
#define trace_devmap_refault(...)	((void)0)
#define trace_devmap_map(...)		((void)0)
#define trace_devmap_dup(...)		((void)0)
#define trace_devmap_unmap(...)		((void)0)
#define trace_devmap_ctxmgt_waited(dev, id, ticks, err) \
	((void)(ticks), (void)(err))

#endif /* _UNIT_KERNEL_H */
