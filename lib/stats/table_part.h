/* table_part.h -- the part of tables in which a group of hidden cells stands. */
#ifndef PSYSCREEN_STATS_TABLE_PART_H
#define PSYSCREEN_STATS_TABLE_PART_H

#include "base/memory.h"
#include "stats/companion.h"

/* Every sum and order with one of the group, and all cells of these; everything in the order of the
 * whole.  Where all hidden cells of these sums and orders are of the group, an audit of the part
 * finds of it what an audit of the whole finds. */
typedef struct psyi_table_part {
    psy_tables tables;
    uint32_t *cell; /* [tables.n_cells]: which cell of the whole */
} psyi_table_part;

/* Room for making parts, one after another. */
typedef struct psyi_part_room {
    const psyi_companions *of; /* for what stands in which sum and order */
    uint8_t *seen_sum, *seen_order, *seen_cell;
    uint32_t *sums, *orders, *cells;
    uint32_t *number; /* [cells]: in the part at hand */
} psyi_part_room;

/* From the arena; false without memory. */
bool psyi_part_room_make(psyi_part_room *to, const psyi_companions *of, psyi_arena *arena);
/* The part of these cells, from the arena; NULL without memory. */
psyi_table_part *psyi_table_part_make(psyi_part_room *room, const uint32_t *cells, size_t n,
                                      psyi_arena *arena);

#endif
