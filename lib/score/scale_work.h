/* scale_work.h -- one scale over one tile: what its parts of the code share. */
#ifndef PSYSCREEN_SCORE_SCALE_WORK_H
#define PSYSCREEN_SCORE_SCALE_WORK_H

#include "score/compiled.h"

typedef struct psyi_scale_work {
    psyi_tile *tile;
    unsigned index;
    const psyi_scale_plan *plan;
    psyi_score *cell; /* of the first lane */
    uint8_t *status;
    psyi_mask here; /* given, and the scale is for this informant */
    psyi_mask trouble;
    uint16_t sums[PSYI_LANES], missing[PSYI_LANES], absent[PSYI_LANES], valued[PSYI_LANES];
} psyi_scale_work;

/* What the lane could be, for sheets with a blank: its score is open. */
void psyi_set_bounds(psyi_scale_work *w, unsigned lane, psyi_bounds bounds);
/* The lane has no score; why, and what it could have been. */
void psyi_not_scored(psyi_scale_work *w, unsigned lane, int why, psyi_bounds bounds);
/* A value at last; `bounds` when they may differ from it, or NULL. */
void psyi_scored(psyi_scale_work *w, unsigned lane, psyi_ratio value, bool estimated,
                 const psyi_bounds *bounds);
void psyi_set_base(const psyi_scale_work *w, unsigned lane, psyi_ratio value);
/* How many of the items have no score, are absent, got a gate's value. */
void psyi_count_gaps(psyi_scale_work *w, const uint16_t *items, size_t n_items);
/* sum_score.c */
void psyi_score_sums(psyi_scale_work *w);

#endif
