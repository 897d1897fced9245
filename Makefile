# SPDX-License-Identifier: GPL-2.0
#
# One Makefile for kbuild, in a kernel tree (drivers/devmap/) and with M=, and
# for people: `make help` lists what they can ask for.

ifneq ($(KERNELRELEASE),)

ifneq ($(KBUILD_EXTMOD),)
export CONFIG_DEVMAP ?= m
export CONFIG_DEVMAP_CTXDEV ?= m
export CONFIG_DEVMAP_EDU_NATIVE ?= m
export CONFIG_DEVMAP_EXAMPLES ?= m
export CONFIG_DEVMAP_EXAMPLES_PCI ?= m
export CONFIG_DEVMAP_SELFTEST ?= m
export CONFIG_DEVMAP_BENCH ?= m
endif

obj-$(CONFIG_DEVMAP) += compat/ driver/ userspace/selftests/kmod/ \
	userspace/bench/kmod/

else

include userspace/Makefile.people

endif
