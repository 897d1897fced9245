// SPDX-License-Identifier: GPL-2.0
/*
 * devmap_busy.ko: has BARs of PCI devices that no driver is bound to, as a driver
 * does that was there before the PCI core (a frame buffer of the firmware's).
 *
 *	echo "0000:00:04.0 0" >/sys/module/devmap_busy/parameters/bar
 *	echo >/sys/module/devmap_busy/parameters/bar
 */

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>

static DEFINE_MUTEX(busy_lock); /* protects the two below */
static struct pci_dev *busy_pdev;
static int busy_bar;

static void let_go(void)
{
	lockdep_assert_held(&busy_lock);

	if (!busy_pdev)
		return;
	pci_release_region(busy_pdev, busy_bar);
	pci_dev_put(busy_pdev);
	busy_pdev = NULL;
}

static int take(unsigned int domain, unsigned int bus, unsigned int devfn,
		int bar)
{
	struct pci_dev *pdev;
	int err;

	lockdep_assert_held(&busy_lock);

	pdev = pci_get_domain_bus_and_slot(domain, bus, devfn);
	if (!pdev)
		return -ENODEV;
	err = pci_request_region(pdev, bar, KBUILD_MODNAME);
	if (err) {
		pci_dev_put(pdev);
		return err;
	}

	busy_pdev = pdev;
	busy_bar = bar;
	return 0;
}

static int set_bar(const char *text, const struct kernel_param *param)
{
	unsigned int domain, bus, slot, func;
	int bar, err = 0;

	mutex_lock(&busy_lock);
	let_go();
	if (sscanf(text, "%x:%x:%x.%x %d", &domain, &bus, &slot, &func,
		   &bar) == 5)
		err = bar < 0 || bar >= PCI_STD_NUM_BARS ? -EINVAL :
		      take(domain, bus, PCI_DEVFN(slot, func), bar);
	mutex_unlock(&busy_lock);
	return err;
}

static const struct kernel_param_ops bar_ops = { .set = set_bar };

module_param_cb(bar, &bar_ops, NULL, 0200);
MODULE_PARM_DESC(bar, "address of a PCI device and number of a BAR; or nothing");

static int __init busy_init(void)
{
	return 0;
}
module_init(busy_init);

static void __exit busy_exit(void)
{
	mutex_lock(&busy_lock);
	let_go();
	mutex_unlock(&busy_lock);
}
module_exit(busy_exit);

MODULE_DESCRIPTION("Has BARs that the tests want others not to get");
MODULE_LICENSE("GPL");
