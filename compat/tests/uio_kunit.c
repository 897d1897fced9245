// SPDX-License-Identifier: GPL-2.0
/* Suite devmap_uio: uiomove(9F) and its kin, and uios of Linux' iov_iters. */
#define _KERNEL

#include <linux/bvec.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "../ddi/uio.h"
#include "ddi.h"

#include <sys/uio.h>

#define NR_PIECES	20
#define ROOM		256

/**
 * struct pieces - what a test has
 * @uio: of @iov
 * @iov: pieces of @memory
 * @memory: everything is between guards
 * @data: a driver's
 */
struct pieces {
	struct uio uio;
	iovec_t iov[NR_PIECES];
	unsigned char memory[ROOM];
	unsigned char data[ROOM];
};

static int uio_suite_init(struct kunit *test)
{
	struct pieces *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (i = 0; i < ROOM; i++)
		p->data[i] = i + 1;
	test->priv = p;
	return 0;
}

/* Pieces of these lengths, one after the other with a gap of one byte. */
static void make_uio(struct pieces *p, const size_t *len, int nr)
{
	char *at = p->memory;
	int i;

	memset(p->memory, 0, sizeof(p->memory));
	p->uio = (struct uio){
		.uio_iov = p->iov,
		.uio_iovcnt = nr,
		.uio_loffset = 1000,
		.uio_segflg = UIO_SYSSPACE,
	};
	for (i = 0; i < nr; i++) {
		p->iov[i] = (iovec_t){ at, len[i] };
		p->uio.uio_resid += len[i];
		at += len[i] + 1;
	}
}

#define MAKE_UIO(p, ...) do {						\
	static const size_t len[] = { __VA_ARGS__ };			\
									\
	make_uio(p, len, ARRAY_SIZE(len));				\
} while (0)

static void read_fills_pieces_in_order(struct kunit *test)
{
	static const unsigned char want[] = { 1, 2, 3, 0, 4, 0, 0, 5, 6, 7, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 3, 1, 0, 3);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 7, UIO_READ, &p->uio));
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 0);
	KUNIT_EXPECT_EQ(test, p->uio.uio_loffset, 1007);
	KUNIT_EXPECT_EQ(test, p->uio.uio_offset, 1007);
}

static void write_empties_pieces_in_order(struct kunit *test)
{
	static const unsigned char want[] = { 10, 11, 12, 14, 16, 17, 18, 8 };
	struct pieces *p = test->priv;
	int i;

	MAKE_UIO(p, 3, 1, 3);
	for (i = 0; i < 10; i++)
		p->memory[i] = 10 + i;
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 7, UIO_WRITE, &p->uio));
	KUNIT_EXPECT_MEMEQ(test, p->data, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 0);
}

static void part_is_taken_off(struct kunit *test)
{
	static const unsigned char want[] = { 1, 2, 3, 4, 0, 5, 0, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 4, 3);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 2, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 5);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data + 2, 3, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 2);
	KUNIT_EXPECT_EQ(test, p->uio.uio_loffset, 1005);
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));
}

static void more_than_there_is(struct kunit *test)
{
	static const unsigned char want[] = { 1, 2, 3, 4, 0, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 4);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 100, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 0);
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 1, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_loffset, 1004);
}

/* A driver may have shortened it on purpose. */
static void resid_is_a_limit(struct kunit *test)
{
	static const unsigned char want[] = { 1, 2, 0, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 4, 4);
	p->uio.uio_resid = 2;
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 8, UIO_READ, &p->uio));
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 0);
}

static void single_characters(struct kunit *test)
{
	static const unsigned char want[] = { 'a', 0, 0xff, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 1, 1);
	KUNIT_EXPECT_EQ(test, 0, ureadc('a', &p->uio));
	KUNIT_EXPECT_EQ(test, 0, ureadc(0xff, &p->uio));
	KUNIT_EXPECT_EQ(test, EFAULT, ureadc('c', &p->uio));
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));

	MAKE_UIO(p, 1, 0, 1);
	p->memory[0] = 'x';
	p->memory[3] = 0xfe;
	KUNIT_EXPECT_EQ(test, 'x', uwritec(&p->uio));
	KUNIT_EXPECT_EQ(test, 0xfe, uwritec(&p->uio));
	KUNIT_EXPECT_EQ(test, -1, uwritec(&p->uio));
}

static void skipping(struct kunit *test)
{
	static const unsigned char want[] = { 0, 0, 0, 0, 1, 0 };
	struct pieces *p = test->priv;

	MAKE_UIO(p, 2, 2);
	uioskip(&p->uio, 3);
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 1);
	KUNIT_EXPECT_EQ(test, p->uio.uio_loffset, 1003);
	uioskip(&p->uio, 2);
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 1);
	KUNIT_EXPECT_EQ(test, 0, ureadc(1, &p->uio));
	KUNIT_EXPECT_MEMEQ(test, p->memory, want, sizeof(want));
}

static unsigned long user_pages(struct kunit *test, int nr)
{
	unsigned long addr;

	addr = kunit_vm_mmap(test, NULL, 0, nr * PAGE_SIZE,
			     PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_LT(test, addr, TASK_SIZE);
	return addr;
}

static void user_memory(struct kunit *test)
{
	struct pieces *p = test->priv;
	unsigned long user = user_pages(test, 1);
	char back[8];

	MAKE_UIO(p, 3, 5);
	p->uio.uio_segflg = UIO_USERSPACE;
	p->iov[0].iov_base = (caddr_t)user;
	p->iov[1].iov_base = (caddr_t)user + 100;
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 8, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(back, (void __user *)user, 3));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(back + 3,
						(void __user *)user + 100, 5));
	KUNIT_EXPECT_MEMEQ(test, back, p->data, 8);

	MAKE_UIO(p, 3, 5);
	p->uio.uio_segflg = UIO_USERSPACE;
	p->iov[0].iov_base = (caddr_t)user;
	p->iov[1].iov_base = (caddr_t)user + 100;
	KUNIT_EXPECT_EQ(test, 0, uiomove(back, 8, UIO_WRITE, &p->uio));
	KUNIT_EXPECT_MEMEQ(test, back, p->data, 8);
}

static void fault_stops_in_the_middle(struct kunit *test)
{
	struct pieces *p = test->priv;
	unsigned long user = user_pages(test, 2);

	KUNIT_ASSERT_EQ(test, 0, vm_munmap(user + PAGE_SIZE, PAGE_SIZE));
	MAKE_UIO(p, 8, 8);
	p->uio.uio_segflg = UIO_USERSPACE;
	p->iov[0].iov_base = (caddr_t)user;
	p->iov[1].iov_base = (caddr_t)user + PAGE_SIZE - 3;
	KUNIT_EXPECT_EQ(test, EFAULT,
			uiomove(p->data, 16, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 5);
	KUNIT_EXPECT_EQ(test, p->uio.uio_loffset, 1011);
}

static void kernel_memory_is_none_of_the_users(struct kunit *test)
{
	struct pieces *p = test->priv;

	user_pages(test, 1);
	MAKE_UIO(p, 8);
	p->uio.uio_segflg = UIO_USERSPACE;
	KUNIT_EXPECT_EQ(test, EFAULT, uiomove(p->data, 8, UIO_READ, &p->uio));
	KUNIT_EXPECT_EQ(test, p->uio.uio_resid, 8);
	KUNIT_EXPECT_NULL(test, memchr_inv(p->memory, 0, ROOM));
}

static void iter_of_kernel_pieces(struct kunit *test)
{
	struct pieces *p = test->priv;
	struct kvec *kvec = kunit_kcalloc(test, NR_PIECES, sizeof(*kvec),
					  GFP_KERNEL);
	struct devmap_uio *du = kunit_kzalloc(test, sizeof(*du), GFP_KERNEL);
	struct iov_iter iter;
	size_t all = 0;
	int nr, i;

	KUNIT_ASSERT_NOT_NULL(test, kvec);
	KUNIT_ASSERT_NOT_NULL(test, du);
	for (nr = 1; nr <= NR_PIECES; nr++) {
		/* Every third piece is empty. */
		all = 0;
		memset(p->memory, 0, ROOM);
		for (i = 0; i < nr; i++) {
			kvec[i].iov_base = p->memory + all;
			kvec[i].iov_len = i % 3 == 2 ? 0 : i + 1;
			all += kvec[i].iov_len;
		}
		iov_iter_kvec(&iter, READ, kvec, nr, all);
		KUNIT_ASSERT_EQ(test, 0, devmap_uio_init(du, &iter, 4096, 1));
		KUNIT_EXPECT_EQ(test, du->uio.uio_segflg, UIO_SYSSPACE);
		KUNIT_EXPECT_EQ(test, du->uio.uio_loffset, 4096);
		KUNIT_EXPECT_EQ(test, du->uio.uio_resid, all);
		KUNIT_EXPECT_EQ(test, du->uio.uio_fmode, 1);
		KUNIT_EXPECT_EQ(test, du->uio.uio_iovcnt, nr - nr / 3);

		KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, all - 1, UIO_READ,
						 &du->uio));
		KUNIT_EXPECT_EQ(test, all - 1, devmap_uio_finish(du));
		KUNIT_EXPECT_EQ(test, 1, iov_iter_count(&iter));
		KUNIT_EXPECT_MEMEQ(test, p->memory, p->data, all - 1);
		KUNIT_EXPECT_EQ(test, p->memory[all - 1], 0);
	}
}

static void iter_that_has_begun(struct kunit *test)
{
	struct pieces *p = test->priv;
	struct kvec kvec[2] = {
		{ p->memory, 10 },
		{ p->memory + 10, 10 },
	};
	struct devmap_uio du;
	struct iov_iter iter;

	iov_iter_kvec(&iter, READ, kvec, 2, 20);
	iov_iter_advance(&iter, 7);
	iov_iter_truncate(&iter, 8);
	KUNIT_ASSERT_EQ(test, 0, devmap_uio_init(&du, &iter, 0, 1));
	KUNIT_EXPECT_EQ(test, du.uio.uio_resid, 8);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 20, UIO_READ, &du.uio));
	KUNIT_EXPECT_EQ(test, 8, devmap_uio_finish(&du));
	KUNIT_EXPECT_EQ(test, 0, iov_iter_count(&iter));
	KUNIT_EXPECT_NULL(test, memchr_inv(p->memory, 0, 7));
	KUNIT_EXPECT_MEMEQ(test, p->memory + 7, p->data, 8);
	KUNIT_EXPECT_NULL(test, memchr_inv(p->memory + 15, 0, ROOM - 15));
}

static void iter_of_user_memory(struct kunit *test)
{
	struct pieces *p = test->priv;
	unsigned long user = user_pages(test, 1);
	struct devmap_uio du;
	struct iov_iter iter;
	char back[8];

	iov_iter_ubuf(&iter, READ, (void __user *)user, 8);
	KUNIT_ASSERT_EQ(test, 0, devmap_uio_init(&du, &iter, 0, 1));
	KUNIT_EXPECT_EQ(test, du.uio.uio_segflg, UIO_USERSPACE);
	KUNIT_EXPECT_EQ(test, 0, uiomove(p->data, 8, UIO_READ, &du.uio));
	KUNIT_EXPECT_EQ(test, 8, devmap_uio_finish(&du));
	KUNIT_EXPECT_EQ(test, 0, copy_from_user(back, (void __user *)user, 8));
	KUNIT_EXPECT_MEMEQ(test, back, p->data, 8);
}

static void iter_without_addresses(struct kunit *test)
{
	struct devmap_uio du;
	struct iov_iter iter;
	struct bio_vec bvec = { };

	iov_iter_bvec(&iter, READ, &bvec, 1, 0);
	KUNIT_EXPECT_EQ(test, -EINVAL, devmap_uio_init(&du, &iter, 0, 1));
}

static void drivers_resid_is_not_believed(struct kunit *test)
{
	struct pieces *p = test->priv;
	struct kvec kvec = { p->memory, 10 };
	struct devmap_uio du;
	struct iov_iter iter;

	iov_iter_kvec(&iter, READ, &kvec, 1, 10);
	KUNIT_ASSERT_EQ(test, 0, devmap_uio_init(&du, &iter, 0, 1));
	du.uio.uio_resid = 11;
	KUNIT_EXPECT_EQ(test, 0, devmap_uio_finish(&du));
	KUNIT_ASSERT_EQ(test, 0, devmap_uio_init(&du, &iter, 0, 1));
	du.uio.uio_resid = -1;
	KUNIT_EXPECT_EQ(test, 0, devmap_uio_finish(&du));
	KUNIT_EXPECT_EQ(test, 10, iov_iter_count(&iter));
}

static struct kunit_case uio_cases[] = {
	KUNIT_CASE(read_fills_pieces_in_order),
	KUNIT_CASE(write_empties_pieces_in_order),
	KUNIT_CASE(part_is_taken_off),
	KUNIT_CASE(more_than_there_is),
	KUNIT_CASE(resid_is_a_limit),
	KUNIT_CASE(single_characters),
	KUNIT_CASE(skipping),
	KUNIT_CASE(user_memory),
	KUNIT_CASE(fault_stops_in_the_middle),
	KUNIT_CASE(kernel_memory_is_none_of_the_users),
	KUNIT_CASE(iter_of_kernel_pieces),
	KUNIT_CASE(iter_that_has_begun),
	KUNIT_CASE(iter_of_user_memory),
	KUNIT_CASE(iter_without_addresses),
	KUNIT_CASE(drivers_resid_is_not_believed),
	{}
};

static struct kunit_suite uio_suite = {
	.name = "devmap_uio",
	.init = uio_suite_init,
	.test_cases = uio_cases,
};

kunit_test_suite(uio_suite);
