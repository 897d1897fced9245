// SPDX-License-Identifier: GPL-2.0
/*
 * Doubly linked lists: list_create(9F). They differ from those of Linux in that
 * they are told where the link is in what they hold.
 */
#define _KERNEL

#include <linux/module.h>

#include "misuse.h"

#include <sys/list.h>

static struct list_node *node_of(const list_t *list, const void *object)
{
	return (struct list_node *)((char *)object + list->list_offset);
}

/* NULL for the place before the first and after the last. */
static void *object_of(const list_t *list, struct list_node *node)
{
	if (node == &list->list_head)
		return NULL;
	return (char *)node - list->list_offset;
}

static void insert(struct list_node *node, struct list_node *before)
{
	node->list_prev = before->list_prev;
	node->list_next = before;
	before->list_prev->list_next = node;
	before->list_prev = node;
}

static void del(struct list_node *node)
{
	node->list_prev->list_next = node->list_next;
	node->list_next->list_prev = node->list_prev;
	node->list_next = NULL;
	node->list_prev = NULL;
}

/* An object on a list, put on another one, would tear both. */
static bool may_insert(struct list_node *node, const char *function,
		       unsigned long ip)
{
	if (!IS_ENABLED(CONFIG_DEVMAP_DEBUG) || !list_link_active(node))
		return true;
	devmap_misuse_at(function, ip,
			 "the object is on a list, or its link is not zeroed");
	return false;
}

/**
 * list_create() - initialise a list
 * @list: the list
 * @size: bytes of the objects that will be on it
 * @offset: of the list_node_t in them
 *
 * list_create(9F). As for all functions of lists, the caller keeps others out.
 *
 * Context: Any.
 */
void list_create(list_t *list, size_t size, size_t offset)
{
	list->list_size = size;
	list->list_offset = offset;
	list->list_head.list_next = &list->list_head;
	list->list_head.list_prev = &list->list_head;
}
EXPORT_SYMBOL_GPL(list_create);

/**
 * list_destroy() - the last that is done with a list
 * @list: the list; empty
 *
 * list_destroy(9F).
 *
 * Context: Any.
 */
void list_destroy(list_t *list)
{
	if (!list_is_empty(list))
		devmap_misuse("list_destroy(9F)", "not empty");
	list->list_head.list_next = NULL;
	list->list_head.list_prev = NULL;
}
EXPORT_SYMBOL_GPL(list_destroy);

/**
 * list_insert_after() - put an object behind another one
 * @list: the list
 * @object: on the list; NULL: behind none, which is at the head
 * @nobject: the new one
 *
 * list_insert_after(9F).
 *
 * Context: Any.
 */
void list_insert_after(list_t *list, void *object, void *nobject)
{
	struct list_node *node = node_of(list, nobject);
	struct list_node *after = object ? node_of(list, object) :
					   &list->list_head;

	if (may_insert(node, "list_insert_after(9F)", _RET_IP_))
		insert(node, after->list_next);
}
EXPORT_SYMBOL_GPL(list_insert_after);

/**
 * list_insert_before() - put an object in front of another one
 * @list: the list
 * @object: on the list; NULL: in front of none, which is at the tail
 * @nobject: the new one
 *
 * list_insert_before(9F).
 *
 * Context: Any.
 */
void list_insert_before(list_t *list, void *object, void *nobject)
{
	struct list_node *node = node_of(list, nobject);

	if (may_insert(node, "list_insert_before(9F)", _RET_IP_))
		insert(node, object ? node_of(list, object) :
				      &list->list_head);
}
EXPORT_SYMBOL_GPL(list_insert_before);

/**
 * list_insert_head() - put an object at the head
 * @list: the list
 * @object: the object
 *
 * list_insert_head(9F).
 *
 * Context: Any.
 */
void list_insert_head(list_t *list, void *object)
{
	struct list_node *node = node_of(list, object);

	if (may_insert(node, "list_insert_head(9F)", _RET_IP_))
		insert(node, list->list_head.list_next);
}
EXPORT_SYMBOL_GPL(list_insert_head);

/**
 * list_insert_tail() - put an object at the tail
 * @list: the list
 * @object: the object
 *
 * list_insert_tail(9F).
 *
 * Context: Any.
 */
void list_insert_tail(list_t *list, void *object)
{
	struct list_node *node = node_of(list, object);

	if (may_insert(node, "list_insert_tail(9F)", _RET_IP_))
		insert(node, &list->list_head);
}
EXPORT_SYMBOL_GPL(list_insert_tail);

/**
 * list_remove() - take an object off its list
 * @list: the list
 * @object: the object
 *
 * list_remove(9F).
 *
 * Context: Any.
 */
void list_remove(list_t *list, void *object)
{
	struct list_node *node = node_of(list, object);

	if (unlikely(!list_link_active(node))) {
		devmap_misuse("list_remove(9F)", "the object is on no list");
		return;
	}
	del(node);
}
EXPORT_SYMBOL_GPL(list_remove);

/**
 * list_remove_head() - take the first object off a list
 * @list: the list
 *
 * list_remove_head(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_remove_head(list_t *list)
{
	void *object = list_head(list);

	if (object)
		del(node_of(list, object));
	return object;
}
EXPORT_SYMBOL_GPL(list_remove_head);

/**
 * list_remove_tail() - take the last object off a list
 * @list: the list
 *
 * list_remove_tail(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_remove_tail(list_t *list)
{
	void *object = list_tail(list);

	if (object)
		del(node_of(list, object));
	return object;
}
EXPORT_SYMBOL_GPL(list_remove_tail);

/**
 * list_head() - the first object
 * @list: the list
 *
 * list_head(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_head(list_t *list)
{
	return object_of(list, list->list_head.list_next);
}
EXPORT_SYMBOL_GPL(list_head);

/**
 * list_tail() - the last object
 * @list: the list
 *
 * list_tail(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_tail(list_t *list)
{
	return object_of(list, list->list_head.list_prev);
}
EXPORT_SYMBOL_GPL(list_tail);

/**
 * list_next() - the object behind another one
 * @list: the list
 * @object: on the list
 *
 * list_next(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_next(list_t *list, void *object)
{
	return object_of(list, node_of(list, object)->list_next);
}
EXPORT_SYMBOL_GPL(list_next);

/**
 * list_prev() - the object in front of another one
 * @list: the list
 * @object: on the list
 *
 * list_prev(9F).
 *
 * Context: Any.
 * Return: the object, or NULL if there is none.
 */
void *list_prev(list_t *list, void *object)
{
	return object_of(list, node_of(list, object)->list_prev);
}
EXPORT_SYMBOL_GPL(list_prev);

/**
 * list_move_tail() - put all of one list behind another one
 * @dst: gets the objects
 * @src: becomes empty
 *
 * list_move_tail(9F).
 *
 * Context: Any.
 */
void list_move_tail(list_t *dst, list_t *src)
{
	struct list_node *first = src->list_head.list_next;
	struct list_node *last = src->list_head.list_prev;

	if (list_is_empty(src))
		return;

	first->list_prev = dst->list_head.list_prev;
	dst->list_head.list_prev->list_next = first;
	last->list_next = &dst->list_head;
	dst->list_head.list_prev = last;
	src->list_head.list_next = &src->list_head;
	src->list_head.list_prev = &src->list_head;
}
EXPORT_SYMBOL_GPL(list_move_tail);

/**
 * list_link_init() - make a link that is on no list
 * @node: the link; one that is all zero is that already
 *
 * list_link_init(9F).
 *
 * Context: Any.
 */
void list_link_init(list_node_t *node)
{
	node->list_next = NULL;
	node->list_prev = NULL;
}
EXPORT_SYMBOL_GPL(list_link_init);

/**
 * list_link_replace() - put an object in the place of another one
 * @lold: link of the one that is on a list, and no longer
 * @lnew: link of the one that is on no list
 *
 * list_link_replace(9F).
 *
 * Context: Any.
 */
void list_link_replace(list_node_t *lold, list_node_t *lnew)
{
	lnew->list_next = lold->list_next;
	lnew->list_prev = lold->list_prev;
	lnew->list_next->list_prev = lnew;
	lnew->list_prev->list_next = lnew;
	list_link_init(lold);
}
EXPORT_SYMBOL_GPL(list_link_replace);

/**
 * list_link_active() - is an object on a list?
 * @node: its link
 *
 * list_link_active(9F).
 *
 * Context: Any.
 * Return: not 0 if it is.
 */
int list_link_active(list_node_t *node)
{
	return !!node->list_next;
}
EXPORT_SYMBOL_GPL(list_link_active);

/**
 * list_is_empty() - is there nothing on a list?
 * @list: the list
 *
 * list_is_empty(9F).
 *
 * Context: Any.
 * Return: not 0 if it is empty.
 */
int list_is_empty(list_t *list)
{
	return list->list_head.list_next == &list->list_head;
}
EXPORT_SYMBOL_GPL(list_is_empty);
