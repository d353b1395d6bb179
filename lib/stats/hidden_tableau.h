/* hidden_tableau.h -- the simplex method with bounds, from the true table as far as it goes.
 *
 * The unknowns are distances from the true values, so that all of them are 0 to begin with and the
 * terms of every row add up to 0.  Beside each distance its nearest whole number is kept, and
 * whether these make a table. */
#ifndef PSYSCREEN_STATS_HIDDEN_TABLEAU_H
#define PSYSCREEN_STATS_HIDDEN_TABLEAU_H

#include "stats/hidden_walk.h"

typedef struct psyi_tableau {
    const psyi_walk *of; /* the group: its unknowns, its rows, and who stands where */
    size_t n, n_rows;    /* as many */
    /* row i says that basic[i] is minus the sum of rate * others */
    double *rate;    /* [n_basic * n] */
    uint64_t *there; /* [n_basic * words]: bits of columns that may not be 0 */
    size_t words;
    size_t n_basic;
    uint32_t *basic;
    uint32_t *row_of; /* [n]: or UINT32_MAX */
    uint32_t *some;   /* [n]: scratch, where a row is not empty */
    uint32_t *hit;    /* [n_rows]: rows that are not 0 in the column at hand */
    size_t n_hit;
    double *at, *low, *high; /* [n] */
    /* `at` in whole numbers, kept while it moves: a step moves few unknowns of a thousand, and to
     * look at all of them after each was a third of a search. */
    int64_t *near;   /* [n]: the nearest whole number */
    uint8_t *state;  /* [n] */
    size_t n_bad;    /* unknowns that are not whole, or outside their bounds */
    int64_t *sum;    /* [n_rows] */
    size_t n_off;    /* rows that do not add up */
    uint32_t *moved; /* [n_moved]: moved since psyi_tableau_seen */
    size_t n_moved;
    unsigned pivots;
    bool built; /* only when somebody steps */
} psyi_tableau;

/* `of` must outlive the tableau; `ranges` have the bounds of the whole system's unknowns.  false
 * without memory. */
bool psyi_tableau_make(psyi_tableau *tableau, psyi_arena *arena, const psyi_walk *of,
                       const psyi_range *ranges);
/* Before the steps of one way.  It begins where the last one ended; after many pivots all is
 * computed anew, and it begins at the true table. */
void psyi_tableau_begin(psyi_tableau *tableau);
/* A step that moves unknown `aim` of the group up (way 1) or down (-1): its length, below 0 when
 * none leads on.  `first`: of the unknowns that help, the first, not the one that helps most, so
 * that steps of no length do not go in a circle. */
double psyi_tableau_step(psyi_tableau *tableau, size_t aim, double way, bool first);
/* Are the nearest whole numbers a table?  (Exact.)  Then `moved` are those that moved since the
 * last call of _seen. */
bool psyi_tableau_is_table(const psyi_tableau *tableau);
void psyi_tableau_seen(psyi_tableau *tableau);

#endif
