// SPDX-License-Identifier: GPL-2.0
/* PCI devices: see pci.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pci.h"

#define DEVICES_DIR	"/sys/bus/pci/devices"
#define BUSY		"/sys/module/devmap_busy/parameters/bar"
#define PATIENCE_MS	20000

static unsigned int sysfs_hex(const char *dir, const char *name)
{
	unsigned int value = 0;
	char path[200];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%x", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static void driver_of(const struct pci *pci, char *driver, size_t size)
{
	char path[200], link[200];
	ssize_t n;

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/driver", pci->address);
	n = readlink(path, link, sizeof(link) - 1);
	link[n < 0 ? 0 : n] = '\0';
	snprintf(driver, size, "%s", n < 0 ? "" : basename(link));
}

/* The first device with these ids. */
int pci_find(struct pci *pci, unsigned int vendor, unsigned int device)
{
	glob_t found;
	size_t i;
	int err = -1;

	if (glob(DEVICES_DIR "/*", 0, NULL, &found))
		return -1;
	for (i = 0; i < found.gl_pathc && err; i++) {
		if (sysfs_hex(found.gl_pathv[i], "vendor") != vendor ||
		    sysfs_hex(found.gl_pathv[i], "device") != device)
			continue;
		snprintf(pci->address, sizeof(pci->address), "%s",
			 basename(found.gl_pathv[i]));
		driver_of(pci, pci->driver, sizeof(pci->driver));
		err = 0;
	}
	globfree(&found);
	if (err)
		tell("no PCI device %04x:%04x", vendor, device);
	return err;
}

bool pci_bound(const struct pci *pci)
{
	char driver[40];

	driver_of(pci, driver, sizeof(driver));
	return driver[0];
}

static int tell_driver(const struct pci *pci, const char *what)
{
	char path[200];

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s/%s", pci->driver,
		 what);
	return file_write(path, pci->address);
}

int pci_unbind(const struct pci *pci)
{
	return tell_driver(pci, "unbind");
}

/* What the driver's probe returns, if it is an error. */
int pci_bind(const struct pci *pci)
{
	return tell_driver(pci, "bind");
}

/* Without a driver: then it finds that done. */
int pci_enable(const struct pci *pci, bool on)
{
	char path[200];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/enable", pci->address);
	return file_write(path, on ? "1" : "0");
}

int pci_remove(const struct pci *pci)
{
	char path[200];

	snprintf(path, sizeof(path), DEVICES_DIR "/%s/remove", pci->address);
	return file_write(path, "1");
}

/*
 * A removed device comes back, and is given to its driver once more: the examples take
 * none by themselves.
 */
int pci_come_back(const struct pci *pci)
{
	char path[200];
	int err;

	err = file_write("/sys/bus/pci/rescan", "1");
	if (err)
		return err;
	if (pci_bound(pci))
		return -EBUSY;
	snprintf(path, sizeof(path), DEVICES_DIR "/%s/driver_override", pci->address);
	err = file_write(path, pci->driver);
	if (err)
		return err;
	return file_write("/sys/bus/pci/drivers_probe", pci->address);
}

/* Has devmap_busy.ko take a BAR of a device without a driver. */
int pci_make_busy(const struct pci *pci, int bar)
{
	char text[40];

	snprintf(text, sizeof(text), "%s %d", pci->address, bar);
	return file_write(BUSY, text);
}

int pci_make_free(void)
{
	return file_write(BUSY, "\n");
}

int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* Whether one of the messages since the last look has all words of @text. */
bool klog_has(int fd, const char *text)
{
	char message[2000], words[200], *word, *save;
	bool found = false, all;
	ssize_t n;

	for (;;) {
		n = read(fd, message, sizeof(message) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return found;
		message[n] = '\0';
		snprintf(words, sizeof(words), "%s", text);
		all = true;
		for (word = strtok_r(words, " ", &save); word;
		     word = strtok_r(NULL, " ", &save))
			all &= !!strstr(message, word);
		found |= all;
	}
}

/* The objects of the layer are soon as many as @base says. */
int objects_settle(const struct objects *base)
{
	struct objects now = {};
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms += 10) {
		if (objects_read(&now))
			return -1;
		if (!memcmp(&now, base, sizeof(now)))
			return 0;
		sleep_ms(10);
	}
	tell("left: %ld instances, %ld windows, %ld segments, %ld handles, %ld cookies",
	     now.instances - base->instances, now.windows - base->windows,
	     now.segments - base->segments, now.handles - base->handles,
	     now.cookies - base->cookies);
	return -1;
}
