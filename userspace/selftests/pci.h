/* SPDX-License-Identifier: GPL-2.0 */
/* PCI devices and their drivers in sysfs, and what the kernel says of them. */
#ifndef _SELFTESTS_PCI_H
#define _SELFTESTS_PCI_H

#include <stdbool.h>

#include "common.h"

/**
 * struct pci - a device
 * @address: as "0000:00:04.0"
 * @driver: the driver that was bound to it when it was found, or ""
 */
struct pci {
	char address[20];
	char driver[40];
};

int pci_find(struct pci *pci, unsigned int vendor, unsigned int device);
bool pci_bound(const struct pci *pci);
int pci_unbind(const struct pci *pci);
int pci_bind(const struct pci *pci);
int pci_enable(const struct pci *pci, bool on);
int pci_remove(const struct pci *pci);
int pci_come_back(const struct pci *pci);
int pci_make_busy(const struct pci *pci, int bar);
int pci_make_free(void);

/* The kernel's log, from now on. */
int klog_open(void);
bool klog_has(int fd, const char *text);

int objects_settle(const struct objects *base);

#endif /* _SELFTESTS_PCI_H */
