/* SPDX-License-Identifier: GPL-2.0 */
/* Doubly linked lists: list_create(9F). */
#ifndef _DEVMAP_SYS_LIST_H
#define _DEVMAP_SYS_LIST_H

#include <sys/types.h>

/* Before the structures, which have members of these names. */
#define list_create	devmap_ddi_list_create
#define list_destroy	devmap_ddi_list_destroy
#define list_insert_after	devmap_ddi_list_insert_after
#define list_insert_before	devmap_ddi_list_insert_before
#define list_insert_head	devmap_ddi_list_insert_head
#define list_insert_tail	devmap_ddi_list_insert_tail
#define list_remove	devmap_ddi_list_remove
#define list_remove_head	devmap_ddi_list_remove_head
#define list_remove_tail	devmap_ddi_list_remove_tail
#define list_head	devmap_ddi_list_head
#define list_tail	devmap_ddi_list_tail
#define list_next	devmap_ddi_list_next
#define list_prev	devmap_ddi_list_prev
#define list_move_tail	devmap_ddi_list_move_tail
#define list_link_init	devmap_ddi_list_link_init
#define list_link_replace	devmap_ddi_list_link_replace
#define list_link_active	devmap_ddi_list_link_active
#define list_is_empty	devmap_ddi_list_is_empty

/**
 * struct list_node - member of what can be put on a list
 * @list_next: the next one, or the list; NULL on no list
 * @list_prev: the previous one, or the list; NULL on no list
 *
 * As all of a list, protected by what its owner protects the list with.
 */
typedef struct list_node {
	struct list_node *list_next;
	struct list_node *list_prev;
} list_node_t;

/**
 * struct list - a list
 * @list_size: bytes of what is on it
 * @list_offset: of the list_node in that
 * @list_head: before the first and after the last
 */
typedef struct list {
	size_t list_size;
	size_t list_offset;
	struct list_node list_head;
} list_t;

void list_create(list_t *list, size_t size, size_t offset);
void list_destroy(list_t *list);
void list_insert_after(list_t *list, void *object, void *nobject);
void list_insert_before(list_t *list, void *object, void *nobject);
void list_insert_head(list_t *list, void *object);
void list_insert_tail(list_t *list, void *object);
void list_remove(list_t *list, void *object);
void *list_remove_head(list_t *list);
void *list_remove_tail(list_t *list);
void *list_head(list_t *list);
void *list_tail(list_t *list);
void *list_next(list_t *list, void *object);
void *list_prev(list_t *list, void *object);
void list_move_tail(list_t *dst, list_t *src);
void list_link_init(list_node_t *node);
void list_link_replace(list_node_t *lold, list_node_t *lnew);
int list_link_active(list_node_t *node);
int list_is_empty(list_t *list);

#endif /* _DEVMAP_SYS_LIST_H */
