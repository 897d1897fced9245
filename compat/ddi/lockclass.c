// SPDX-License-Identifier: GPL-2.0
/* Classes of locks where the layer is no module: see lockclass.h. */

#include "lockclass.h"

#ifndef MODULE

#include <linux/hash.h>
#include <linux/kernel.h>

#define CLASS_BITS	7

/**
 * devmap_lock_class() - the class of the locks that are made at some place
 * @place: address of code
 *
 * The code of the kernel itself does not count as an object for lockdep. Places
 * that share a class there may lead it astray, but seldom.
 *
 * Return: the class.
 */
struct lock_class_key *devmap_lock_class(unsigned long place)
{
	static struct lock_class_key classes[1 << CLASS_BITS];

	if (core_kernel_text(place))
		return &classes[hash_long(place, CLASS_BITS)];
	return (struct lock_class_key *)place;
}

#endif
