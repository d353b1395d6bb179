/* release_cells.h -- collecting the cells of all tables of a file that leaves the schools. */
#ifndef PSYSCREEN_REPORT_RELEASE_CELLS_H
#define PSYSCREEN_REPORT_RELEASE_CELLS_H

#include "base/memory.h"

#include <psyscreen/suppression.h>

#include <stdbool.h>

#define PSYI_NO_CELL UINT32_MAX
/* What hides at which price: parts before sums, sums before the sums of all. */
enum { PSYI_PRICE_ASIDE, PSYI_PRICE_PART, PSYI_PRICE_SUM, PSYI_PRICE_ALL };

typedef struct psyi_release_cells {
    const psy_allocator *allocator;
    psyi_arena arena;
    uint64_t least; /* counts below it are small; 0: nothing is hidden */
    psy_cell *cells;
    uint8_t *hidden;
    psy_sum *sums;
    psy_order *orders;
    size_t n_cells, n_sums, n_orders;
    size_t room_cells, room_hidden, room_sums, room_orders;
    size_t n_primary;
    bool held;   /* cells are hidden as they were in an earlier publication */
    bool failed; /* no memory */
} psyi_release_cells;

void psyi_release_cells_init(psyi_release_cells *to, uint64_t least,
                             const psy_allocator *allocator);
void psyi_release_cells_done(psyi_release_cells *to);

/* A number of people out of `base`, which everybody knows.  Hidden for its own sake: all of a
 * base that is small, a small number; with `both_ways` also what leaves few or nobody out
 * (then the others, or all, are known by it). */
uint32_t psyi_release_count(psyi_release_cells *to, uint64_t value, uint64_t base, bool both_ways,
                            uint8_t price);
/* Would it be hidden for its own sake? */
bool psyi_release_is_small(const psyi_release_cells *to, uint64_t value, uint64_t base,
                           bool both_ways);
/* Nobody of few: the count of everybody who was found, when it is 0. */
void psyi_release_none_of_few(psyi_release_cells *to, uint32_t cell, uint64_t base);
/* Some other number that is known to lie between two ends; hidden for its own sake: at least
 * half of the way between them must stay possible. */
uint32_t psyi_release_value(psyi_release_cells *to, int64_t value, int64_t low, int64_t high,
                            bool hide, uint8_t price);
/* A number between two ends that no table prints: it is hidden as it is, and may be known. */
uint32_t psyi_release_unprinted(psyi_release_cells *to, int64_t value, int64_t low, int64_t high);
/* Shown in any case. */
uint32_t psyi_release_fixed(psyi_release_cells *to, uint64_t value);
/* cells[0] is the sum of the others; fewer than two: nothing. */
void psyi_release_sum(psyi_release_cells *to, const uint32_t *cells, size_t n);
void psyi_release_order(psyi_release_cells *to, uint32_t part, uint32_t whole);
/* Two numbers that are the same, as far as a reader can see: hidden together. */
void psyi_release_same(psyi_release_cells *to, uint32_t a, uint32_t b);

/* A number that is shown as 0 says that its parts are: what was hidden of these for its own sake is
 * not any more. */
void psyi_release_none_of_all(psyi_release_cells *to);

/* Hide it, whatever it is, unless it may never be; true: it was not yet. */
bool psyi_release_hide(psyi_release_cells *to, uint32_t cell);

/* Hide what must be hidden with them, then audit what is left: PSY_E_INTERNAL on a leak.  Tables of
 * a handful, in which everything that may be hidden is, pass: they show nothing that could leak. */
psy_status psyi_release_cells_close(psyi_release_cells *to, psy_error *error);
bool psyi_release_hidden(const psyi_release_cells *from, uint32_t cell);
/* Is there nothing left that may be hidden? */
bool psyi_release_all_hidden(const psyi_release_cells *from);

#endif
