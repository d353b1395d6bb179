/* hidden_dive.h -- a search over whole numbers, for what programs leave open.
 *
 * Depth first: an unknown is given a value, all others are narrowed by it, and so on, of bounded
 * length. */
#ifndef PSYSCREEN_STATS_HIDDEN_DIVE_H
#define PSYSCREEN_STATS_HIDDEN_DIVE_H

#include "stats/hidden_walk.h"

typedef struct psyi_dive {
    psyi_walk *of; /* the group */
    const psy_allocator *allocator;
    unsigned most; /* nodes of one search */
    unsigned nodes;
    int64_t *distance; /* [n]: of the table that was found */
    int64_t *rooms;    /* bounds, two arrays of [hidden->n] a level, of which the group's are set */
    size_t rooms_size; /* as many numbers; levels come when they are reached, and stay */
    uint64_t *due,
        *later; /* bits of rows that are to be looked at in this round, and in the next */
    size_t words;
    uint32_t *changed; /* [unknowns of the longest row] */
    bool no_memory;
} psyi_dive;

/* `of` must outlive it; `distance` is in the arena.  false without memory. */
bool psyi_dive_make(psyi_dive *dive, psyi_arena *arena, psyi_walk *of, unsigned most);
void psyi_dive_done(psyi_dive *dive);
/* A table in which unknown `x` of the whole system lies between two values: 1 found, its distances
 * stand in dive->distance; 0 there is none; -1 given up, or without memory (no_memory). */
int psyi_dive_seek(psyi_dive *dive, uint32_t x, int64_t from, int64_t to);

#endif
