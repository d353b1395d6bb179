/* hidden_system.h -- what is known about hidden cells, as rows and bounds.
 *
 * The unknowns are the hidden cells, then one slack for each order between two of them.  All
 * rows hold for the true values, which are the first solution there is. */
#ifndef PSYSCREEN_STATS_HIDDEN_SYSTEM_H
#define PSYSCREEN_STATS_HIDDEN_SYSTEM_H

#include "base/memory.h"

#include <psyscreen/suppression.h>

#include <stdbool.h>

/* Without an upper bound a value may be so much larger: more than any cell asks for. */
#define PSYI_FAR INT64_C(1000000)

typedef struct psyi_term {
    uint32_t unknown;
    int32_t sign; /* 1 or -1 */
} psyi_term;

typedef struct psyi_row {
    psyi_term *terms; /* their sum, with signs, is `value` */
    size_t n;
    int64_t value;
} psyi_row;

typedef struct psyi_hidden {
    psyi_arena arena;
    size_t n_cells, n; /* hidden cells; all unknowns */
    uint32_t *cell;    /* [n_cells]: which cell an unknown is */
    uint32_t *unknown; /* [cells of the tables]: which unknown, or UINT32_MAX */
    int64_t *value, *low, *high;
    psyi_row *rows;
    size_t n_rows;
    uint32_t *group; /* [n]: unknowns of one group hang together; numbered from 0 */
    size_t n_groups;
    uint32_t *member;     /* [n]: the unknowns by group, ascending within one */
    size_t *first_member; /* [n_groups + 1] */
    size_t *first_row;    /* [n_groups + 1]: rows are in the order of groups */
} psyi_hidden;

psy_status psyi_hidden_make(psyi_hidden *out, const psy_tables *tables, const uint8_t *hidden,
                            const psy_allocator *allocator, psy_error *error);
void psyi_hidden_done(psyi_hidden *hidden);
/* What a row leaves to each of its unknowns, if the others keep their bounds.  `changed` ([row->n],
 * or NULL): those whose bounds became narrower.  false: there is no solution. */
bool psyi_hidden_narrow_row(const psyi_row *row, int64_t *low, int64_t *high, uint32_t *changed,
                            size_t *n_changed);
/* Narrow low and high by every row of a group until nothing changes (or PSYI_MOST_PASSES have).
 * false: there is no solution. */
#define PSYI_MOST_PASSES 200
bool psyi_hidden_narrow(const psyi_hidden *hidden, size_t group, int64_t *low, int64_t *high);

/* ---- hidden_search.c ---- */

/* Ends of an unknown as far as they were searched. */
typedef struct psyi_range {
    int64_t seen_low, seen_high; /* values of whole solutions, checked in integers */
    int64_t low, high;           /* proved: no solution lies outside */
    bool gave_up;
} psyi_range;

/* Is there anything in the group to be sought? */
bool psyi_hidden_has_open(const psyi_hidden *hidden, const psy_tables *tables, size_t group,
                          const uint8_t *sure, const psyi_range *ranges);
/* How long to look.  TRIAL: as quick, up to the first cell that is not found safe.  QUICK: what
 * leaks is a leak, however wide its interval is.  SHORT: a short search over whole numbers; what is
 * found safe so, a LONG one finds safe, too. */
typedef enum psyi_thorough {
    PSYI_SEARCH_TRIAL,
    PSYI_SEARCH_QUICK,
    PSYI_SEARCH_SHORT,
    PSYI_SEARCH_LONG
} psyi_thorough;

/* Seek solutions of a group in which each of its unknowns is as far out as `tables` asks for;
 * ranges[n] begin with the true value seen and the narrowed bounds.  Cells that are `sure` (may be
 * NULL) are not sought for. */
psy_status psyi_hidden_search(const psyi_hidden *hidden, const psy_tables *tables, size_t group,
                              const uint8_t *sure, psyi_thorough depth, psyi_range *ranges,
                              const psy_allocator *allocator, psy_error *error);
/* Is the interval that was seen as wide as the cell asks for?  Is it proved that it never will be?
 */
bool psyi_range_is_enough(const psyi_range *range, const psy_cell *cell);
bool psyi_range_is_closed(const psyi_range *range, const psy_cell *cell);
/* What a cell asks for: the ends its interval must have around what was seen. */
void psyi_cell_wants(const psy_cell *cell, int64_t *spread, int64_t *reach);

/* ---- hidden_near.c ---- */

/* The same for a group that is too large to be solved whole: in parts around each cell.  What is
 * found holds for the whole; what is not found is given up. */
psy_status psyi_hidden_search_near(const psyi_hidden *hidden, const psy_tables *tables,
                                   size_t group, const uint8_t *sure, psyi_thorough depth,
                                   psyi_range *ranges, const psy_allocator *allocator,
                                   psy_error *error);

#endif
