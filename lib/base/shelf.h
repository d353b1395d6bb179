/* shelf.h -- large blocks kept for whoever asks next. */
#ifndef PSYSCREEN_BASE_SHELF_H
#define PSYSCREEN_BASE_SHELF_H

#include <psyscreen/allocator.h>

#include <stddef.h>

/* An allocator before another one: blocks of 32 KiB and more that are released stay, up to
 * `most` bytes of them, and are given out again.  What makes the same large things one after the
 * other (workbooks) so writes into pages that are there already. */
typedef struct psyi_shelf psyi_shelf;

/* NULL without memory.  `below` (NULL: malloc) must live longer. */
psyi_shelf *psyi_shelf_new(size_t most, const psy_allocator *below);
/* Any thread may use it; its blocks go before the shelf. */
const psy_allocator *psyi_shelf_allocator(const psyi_shelf *shelf);
/* How many bytes of free blocks it keeps. */
size_t psyi_shelf_kept(psyi_shelf *shelf);
void psyi_shelf_free(psyi_shelf *shelf);

#endif
