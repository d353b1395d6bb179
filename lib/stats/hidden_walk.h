/* hidden_walk.h -- whole tables found by repairing one: the cheap way, tried first.
 *
 * One unknown of the true table is moved; rows that no longer add up are mended by moving
 * others, the one that mends most first.  What it finds is a table of whole numbers that
 * agrees with all that is shown; that it finds none says nothing. */
#ifndef PSYSCREEN_STATS_HIDDEN_WALK_H
#define PSYSCREEN_STATS_HIDDEN_WALK_H

#include "stats/hidden_system.h"

typedef struct psyi_walk {
    const psyi_hidden *hidden;
    size_t n, n_rows;
    const uint32_t *unknown;  /* [n]: of the whole system */
    const psyi_row **rows;    /* of the group */
    const uint32_t *column;   /* unknown of the system -> of the group */
    uint32_t *first, *row_of; /* rows of an unknown: row_of[first[j]] .. row_of[first[j + 1] - 1] */
    int8_t *sign;             /* beside row_of */
    uint32_t *start, *member; /* unknowns of a row: member[start[i]] .. member[start[i + 1] - 1] */
    int8_t *term;             /* beside member: its sign */
    int64_t *least, *most;    /* [n]: bounds of the distance */
    int64_t *distance;        /* [n]: from the true value */
    int64_t *off;             /* [n_rows]: by how much a row does not add up */
    int64_t *sum;             /* [n_rows]: scratch */
    uint32_t *wrong, *place;  /* rows that do not, and where in that list (or UINT32_MAX) */
    uint32_t *moved;          /* [n]: the step at which it was moved last, 0 never */
    size_t n_wrong;
} psyi_walk;

/* In how many rows of the group an unknown stands. */
static inline uint32_t psyi_walk_rows(const psyi_walk *walk, size_t unknown)
{
    return walk->first[unknown + 1] - walk->first[unknown];
}

/* `unknown`, `column` and `rows` must outlive the walk; false without memory. */
bool psyi_walk_make(psyi_walk *walk, psyi_arena *arena, const psyi_hidden *hidden,
                    const uint32_t *unknown, const uint32_t *column, size_t n,
                    const psyi_row **rows, size_t n_rows);
/* Do these distances from the true values satisfy every row and bound?  (Exact.) */
bool psyi_walk_is_table(psyi_walk *walk, const int64_t *distance);
/* A table in which unknown `aim` of the group is `by` from its true value: then its distances
 * stand in walk->distance.  The same call always takes the same way. */
bool psyi_walk_to(psyi_walk *walk, size_t aim, int64_t by, unsigned attempts);
/* The same, beginning near `start` ([n] distances, not whole), not at the true table. */
bool psyi_walk_from(psyi_walk *walk, const double *start, size_t aim, int64_t by,
                    unsigned attempts);

#endif
