/*
 * bands.c -- the band of every score, in every population of cut-offs.
 *
 * Which set decides for whom is in plan_people.c; where none does, the band is empty.  For
 * open scores the lowest and highest band that could still come out is kept as well.
 */
#include "score/compiled.h"

#include <string.h>

static void set_bounds(psyi_tile *tile, unsigned band, unsigned lane, uint8_t low, uint8_t high)
{
    uint8_t *const bounds = &tile->band_bounds[(band * PSYI_LANES + lane) * 2];
    const bool known = low != PSYI_NO_BAND && high != PSYI_NO_BAND;
    /* Band indices run from best to worst, scores of a low-is-worse scale the other way. */
    bounds[0] = !known ? PSYI_NO_BAND : low < high ? low : high;
    bounds[1] = !known ? PSYI_OPEN_BLANK : low < high ? high : low;
}

static void set_open(psyi_tile *tile, unsigned band, unsigned lane, int why)
{
    uint8_t *const bounds = &tile->band_bounds[(band * PSYI_LANES + lane) * 2];
    bounds[0] = PSYI_NO_BAND;
    bounds[1] = (uint8_t)why;
}

static void bound_by_standard(psyi_tile *tile, unsigned band, unsigned lane,
                              const psyi_set_plan *set)
{
    const unsigned standard = set->set->standard;
    const int32_t ten = tile->scorer->standard[standard].ten;
    const int32_t *const from = &tile->standard_bounds[(standard * PSYI_LANES + lane) * 2];
    if (from[0] == PSYI_NO_STANDARD)
        set_open(tile, band, lane, (int)from[1]);
    else
        set_bounds(tile, band, lane, psyi_band_of(set, psyi_ratio_make(from[0], ten)),
                   psyi_band_of(set, psyi_ratio_make(from[1], ten)));
}

static void bound(psyi_tile *tile, unsigned band, unsigned lane, const psyi_set_plan *set)
{
    const unsigned scale = tile->scorer->band[band].scale;
    const psyi_bounds *const raw = &tile->bounds[scale * PSYI_LANES + lane];
    if (set == NULL) {
        set_open(tile, band, lane, PSYI_OPEN_OTHER);
    } else if (set->set->standard != PSYI_NO_INDEX) {
        bound_by_standard(tile, band, lane, set);
    } else if (set->table != NULL && (tile->bound_indexed[scale] >> lane & 1) != 0) {
        const size_t at = scale * PSYI_LANES + lane;
        set_bounds(tile, band, lane, set->table[tile->low_index[at]],
                   set->table[tile->high_index[at]]);
    } else if (raw->low_den == 0) {
        set_open(tile, band, lane,
                 (raw->low_num & PSYI_WHY_BLANK) != 0 ? PSYI_OPEN_BLANK : PSYI_OPEN_OTHER);
    } else {
        set_bounds(tile, band, lane, psyi_band_of(set, (psyi_ratio){raw->low_num, raw->low_den}),
                   psyi_band_of(set, (psyi_ratio){raw->high_num, raw->high_den}));
    }
}

static uint8_t band_of(const psyi_tile *tile, const psyi_set_plan *set, unsigned scale,
                       unsigned lane)
{
    if (set->set->standard == PSYI_NO_INDEX)
        return psyi_band_of(set, psyi_score_ratio(tile->score[scale * PSYI_LANES + lane]));
    const unsigned standard = set->set->standard;
    const int32_t value = tile->standard[standard * PSYI_LANES + lane];
    return value == PSYI_NO_STANDARD
               ? PSYI_NO_BAND
               : psyi_band_of(set, psyi_ratio_make(value, tile->scorer->standard[standard].ten));
}

void psyi_tile_band(psyi_tile *tile, unsigned band)
{
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_band_plan *const plan = &scorer->band[band];
    psyi_scores *const scores = tile->scores;
    uint8_t *const cell = &scores->band[psyi_band_at(scores, band, tile->tile * PSYI_LANES)];
    const uint32_t *const index = &tile->index[plan->scale * PSYI_LANES];
    const psyi_mask known = tile->known[plan->scale];
    PSYI_EACH_LANE(lane, tile->given)
    {
        const psyi_mask bit = (psyi_mask)1 << lane;
        const int which = plan->set_of != NULL
                              ? plan->set_of[tile->class_of[lane]]
                              : psyi_band_set_for(scorer, plan, &tile->person[lane]);
        const psyi_set_plan *const set = which < 0 ? NULL : &plan->sets[which];
        if ((tile->open[plan->scale] & bit) != 0)
            bound(tile, band, lane, set);
        if (set == NULL || (known & bit) == 0)
            continue;
        if (set->table != NULL && (tile->indexed[plan->scale] & bit) != 0)
            cell[lane] = set->table[index[lane]];
        else
            cell[lane] = band_of(tile, set, plan->scale, lane);
    }
}
