// SPDX-License-Identifier: GPL-2.0
/* The parts of the kernel of kernel.h that are more than a line. */

#include "kernel.h"
#include "../../compat/devmap/huge.h"

long unit_fail_alloc;
struct task_struct unit_task;

void ida_init(struct ida *ida)
{
	*ida = (struct ida){};
}

void ida_destroy(struct ida *ida)
{
	free(ida->ids);
	ida_init(ida);
}

static bool ida_has(const struct ida *ida, u32 id, unsigned int *at)
{
	unsigned int i;

	for (i = 0; i < ida->nr; i++) {
		*at = i;
		if (ida->ids[i] == id)
			return true;
	}
	return false;
}

int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	unsigned int at;
	u32 id = 0;

	if (unit_fail_alloc && !--unit_fail_alloc)
		return -ENOMEM;
	while (ida_has(ida, id, &at)) {
		if (id++ == max)
			return -ENOMEM;
	}
	ida->ids = realloc(ida->ids, (ida->nr + 1) * sizeof(*ida->ids));
	ida->ids[ida->nr++] = id;
	return id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	unsigned int at;

	check(ida_has(ida, id, &at));
	ida->ids[at] = ida->ids[--ida->nr];
}

void rb_add(struct rb_node *node, struct rb_root *root,
	    bool (*less)(struct rb_node *a, const struct rb_node *b))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	*node = (struct rb_node){ .rb_parent = parent };
	*link = node;
}

static struct rb_node *leftmost(struct rb_node *node)
{
	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

/* Puts @by, which may be NULL, where @node is. */
static void rb_replace(struct rb_root *root, struct rb_node *node,
		       struct rb_node *by)
{
	struct rb_node *parent = node->rb_parent;

	if (!parent)
		root->rb_node = by;
	else if (parent->rb_left == node)
		parent->rb_left = by;
	else
		parent->rb_right = by;
	if (by)
		by->rb_parent = parent;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *next;

	if (!node->rb_left || !node->rb_right) {
		rb_replace(root, node, node->rb_left ?: node->rb_right);
		return;
	}
	next = leftmost(node->rb_right);
	if (next->rb_parent != node) {
		rb_replace(root, next, next->rb_right);
		next->rb_right = node->rb_right;
		next->rb_right->rb_parent = next;
	}
	rb_replace(root, node, next);
	next->rb_left = node->rb_left;
	next->rb_left->rb_parent = next;
}

struct rb_node *rb_find(const void *key, const struct rb_root *root,
			int (*cmp)(const void *key, const struct rb_node *node))
{
	struct rb_node *node = root->rb_node;
	int c;

	while (node) {
		c = cmp(key, node);
		if (!c)
			return node;
		node = c < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return leftmost(root->rb_node);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	if (node->rb_right)
		return leftmost(node->rb_right);
	while (node->rb_parent && node == node->rb_parent->rb_right)
		node = node->rb_parent;
	return node->rb_parent;
}

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = mm->vmas;

	mmap_assert_locked(mm);
	while (vma && vma->vm_end <= addr)
		vma = vma->next;
	return vma;
}

void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static void check_mapped(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	mmap_assert_locked(mm);
	check(vma && addr >= vma->vm_start && PAGE_ALIGNED(addr));
	check(vma->vm_flags & VM_PFNMAP);
}

/* An entry that is there already stays, as in the kernel. */
vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr,
			       unsigned long pfn, pgprot_t prot)
{
	pte_t *pte = &vma->vm_mm->pte[addr >> PAGE_SHIFT];

	check_mapped(vma->vm_mm, addr);
	check(find_vma(vma->vm_mm, addr) == vma);
	if (unit_fail_alloc && !--unit_fail_alloc)
		return VM_FAULT_OOM;
	if (!*pte)
		*pte = pfn;
	return VM_FAULT_NOPAGE;
}

int apply_to_page_range(struct mm_struct *mm, unsigned long addr,
			unsigned long size,
			int (*fn)(pte_t *pte, unsigned long addr, void *data),
			void *data)
{
	unsigned long end = addr + size;
	int err = 0;

	check(size);
	for (; addr < end && !err; addr += PAGE_SIZE) {
		check_mapped(mm, addr);
		if (unit_fail_alloc && !--unit_fail_alloc)
			return -ENOMEM;
		err = fn(&mm->pte[addr >> PAGE_SHIFT], addr, data);
	}
	return err;
}

void zap_vma_ptes(struct vm_area_struct *vma, unsigned long addr,
		  unsigned long size)
{
	check(vma->rmap);
	check(vma->rmap->rwsem.held || vma->vm_mm->mmap_lock.held);
	check(addr >= vma->vm_start && addr + size <= vma->vm_end && size);
	check(vma->vm_flags & VM_PFNMAP);
	memset(&vma->vm_mm->pte[addr >> PAGE_SHIFT], 0,
	       (size >> PAGE_SHIFT) * sizeof(*vma->vm_mm->pte));
}

void unmap_mapping_range(struct address_space *mapping, loff_t off, loff_t len,
			 int even_cows)
{
	struct vm_area_struct *vma;

	check(!off && !len);
	for (vma = mapping->i_mmap.first; vma; vma = vma->rmap_next)
		memset(&vma->vm_mm->pte[vma->vm_start >> PAGE_SHIFT], 0,
		       vma_pages(vma) * sizeof(*vma->vm_mm->pte));
}

/* huge.c: large translations are not part of this world. */
bool devmap_huge_begin(struct devmap_huge *huge,
		       const struct devmap_segment *seg, struct vm_fault *vmf,
		       unsigned int order)
{
	return false;
}

bool devmap_huge_fits(const struct devmap_handle *h,
		      const struct devmap_huge *huge)
{
	return false;
}

int devmap_huge_set(struct devmap_handle *h, const struct devmap_span *span,
		    struct vm_area_struct *vma, unsigned long addr,
		    const struct devmap_huge *huge)
{
	check(false);
	return -EFAULT;
}

void devmap_huge_widen(struct vm_area_struct *vma, unsigned long *start,
		       unsigned long *end)
{
	check(false);
}
