// SPDX-License-Identifier: GPL-2.0
/* Live objects in debugfs: see stats.h. */

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "../linux/kunit.h"
#include "stats.h"

atomic_long_t devmap_stats[DEVMAP_STAT_NR];
EXPORT_SYMBOL_IF_KUNIT(devmap_stats);

static const char * const stat_names[DEVMAP_STAT_NR] = {
	[DEVMAP_STAT_INSTANCES] = "instances",
	[DEVMAP_STAT_WINDOWS] = "windows",
	[DEVMAP_STAT_SEGMENTS] = "segments",
	[DEVMAP_STAT_HANDLES] = "handles",
	[DEVMAP_STAT_COOKIES] = "cookies",
};

static struct dentry *stats_dir;

static int objects_show(struct seq_file *m, void *unused)
{
	int i;

	for (i = 0; i < DEVMAP_STAT_NR; i++)
		seq_printf(m, "%s %ld\n", stat_names[i],
			   atomic_long_read(&devmap_stats[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(objects);

void devmap_stats_init(void)
{
	stats_dir = debugfs_create_dir("devmap", NULL);
	debugfs_create_file("objects", 0444, stats_dir, NULL, &objects_fops);
}

void devmap_stats_exit(void)
{
	debugfs_remove_recursive(stats_dir);
}
