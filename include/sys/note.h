/* SPDX-License-Identifier: GPL-2.0 */
/* Notes for lock_lint(1), which nobody reads here. */
#ifndef _DEVMAP_SYS_NOTE_H
#define _DEVMAP_SYS_NOTE_H

#undef NOTE
#undef _NOTE

#define NOTE(text)
#define _NOTE(text)

#endif /* _DEVMAP_SYS_NOTE_H */
