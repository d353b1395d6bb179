/*
 * scale_score.c -- the score of every scale for 64 sheets: who has one, composites and
 * expressions.
 *
 * A rule may be decided whatever a blank item would have been, so a sheet with blanks keeps
 * the lowest and highest score it could still become beside the score it has, or has not.
 */
#include "score/scale_work.h"

#include <string.h>

void psyi_set_bounds(psyi_scale_work *w, unsigned lane, psyi_bounds bounds)
{
    psyi_tile *const tile = w->tile;
    tile->bounds[w->index * PSYI_LANES + lane] = bounds;
    tile->open[w->index] |= tile->partial & (psyi_mask)1 << lane;
}

/* Where an integer stands in the table of values. */
static bool place_of(const psyi_scale_plan *plan, int64_t num, unsigned den, uint32_t *out)
{
    const int64_t at = num - plan->value_low;
    if (den != 1 || at < 0 || (uint64_t)at >= plan->n_table)
        return false;
    *out = (uint32_t)at;
    return true;
}

static void index_bounds(psyi_scale_work *w, unsigned lane, const psyi_bounds *bounds)
{
    psyi_tile *const tile = w->tile;
    const size_t at = w->index * PSYI_LANES + lane;
    if (place_of(w->plan, bounds->low_num, bounds->low_den, &tile->low_index[at]) &&
        place_of(w->plan, bounds->high_num, bounds->high_den, &tile->high_index[at]))
        tile->bound_indexed[w->index] |= (psyi_mask)1 << lane;
}

static psyi_bounds exactly(const psyi_score *cell)
{
    return (psyi_bounds){cell->num, cell->num, cell->den, cell->den};
}

void psyi_not_scored(psyi_scale_work *w, unsigned lane, int why, psyi_bounds bounds)
{
    psyi_tile *const tile = w->tile;
    const psyi_mask bit = (psyi_mask)1 << lane;
    w->status[lane] = why == PSYI_WHY_ABSENT ? PSYI_NOT_GIVEN : PSYI_NOT_SCORED;
    w->cell[lane].num = 0;
    w->cell[lane].den = 0;
    if (why == PSYI_WHY_BLANK)
        tile->why_blank[w->index] |= bit;
    else if (why == PSYI_WHY_OTHER)
        tile->why_other[w->index] |= bit;
    else
        tile->why_absent[w->index] |= bit;
    if (why != PSYI_WHY_BLANK)
        return;
    psyi_set_bounds(w, lane, bounds);
    if (w->plan->by_value && (tile->partial & bit) != 0)
        index_bounds(w, lane, &bounds);
}

void psyi_scored(psyi_scale_work *w, unsigned lane, psyi_ratio value, bool estimated,
                 const psyi_bounds *bounds)
{
    psyi_tile *const tile = w->tile;
    const psyi_mask bit = (psyi_mask)1 << lane;
    if (!psyi_score_pack(value, &w->cell[lane])) {
        w->trouble |= bit;
        psyi_not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
        return;
    }
    tile->known[w->index] |= bit;
    w->status[lane] = estimated ? PSYI_PRORATED : PSYI_SCORED;
    if (estimated)
        tile->estimated[w->index] |= bit;
    const psyi_score *const cell = &w->cell[lane];
    if (w->plan->by_value &&
        place_of(w->plan, cell->num, cell->den, &tile->index[w->index * PSYI_LANES + lane]))
        tile->indexed[w->index] |= bit;
    /* Unknown bounds of a value that is known add nothing to it. */
    if (bounds == NULL || bounds->low_den == 0)
        return;
    psyi_set_bounds(w, lane, *bounds);
    if (w->plan->by_value && (tile->partial & bit) != 0)
        index_bounds(w, lane, bounds);
}

void psyi_set_base(const psyi_scale_work *w, unsigned lane, psyi_ratio value)
{
    if (w->tile->scorer->shifted)
        w->tile->base_score[w->index * PSYI_LANES + lane] = value;
}

void psyi_count_gaps(psyi_scale_work *w, const uint16_t *items, size_t n_items)
{
    const psyi_tile *const tile = w->tile;
    tile->scorer->kernels->sum(tile->bytes, items, n_items, w->plan->flush, w->sums, w->missing);
    if (!tile->gaps)
        return;
    psyi_count_lanes(tile->absent, items, n_items, w->absent);
    psyi_count_lanes(tile->valued, items, n_items, w->valued);
}

/* ---- composites ----------------------------------------------------------------------- */

static void count_answered(psyi_scale_work *w)
{
    const psyi_tile *const tile = w->tile;
    const psyi_scale *const scale = w->plan->scale;
    if (tile->gaps)
        psyi_count_gaps(w, scale->items, scale->n_items);
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        w->cell[lane].answered =
            (uint16_t)(scale->n_items - (tile->gaps ? w->missing[lane] + w->valued[lane] : 0u));
}

/* What a part of this lane could be; of what is not open, what it is. */
static psyi_bounds bounds_of_part(const psyi_scale_work *w, unsigned part, unsigned lane)
{
    const psyi_tile *const tile = w->tile;
    if ((tile->open[part] >> lane & 1) != 0)
        return tile->bounds[part * PSYI_LANES + lane];
    return exactly(&tile->score[part * PSYI_LANES + lane]);
}

static psyi_bounds add_bounds(const psyi_scale_work *w, unsigned lane)
{
    const psyi_scale *const scale = w->plan->scale;
    psyi_ratio low = {0, 1}, high = {0, 1};
    for (size_t p = 0; p < scale->n_parts; p++) {
        const psyi_bounds part = bounds_of_part(w, scale->parts[p], lane);
        if (part.low_den == 0)
            return psyi_bounds_why(PSYI_WHY_BLANK);
        low = psyi_ratio_add(low, (psyi_ratio){part.low_num, part.low_den});
        high = psyi_ratio_add(high, (psyi_ratio){part.high_num, part.high_den});
    }
    return psyi_bounds_pack(psyi_apply_steps(scale, low), psyi_apply_steps(scale, high));
}

static psyi_ratio add_parts(const psyi_scale_work *w, unsigned lane)
{
    const psyi_scale *const scale = w->plan->scale;
    psyi_ratio sum = {0, 1};
    for (size_t p = 0; p < scale->n_parts; p++) {
        const psyi_score part = w->tile->score[scale->parts[p] * PSYI_LANES + lane];
        if (part.den == 1 && sum.den == 1)
            sum.num += part.num;
        else
            sum = psyi_ratio_add(sum, psyi_score_ratio(part));
    }
    return psyi_apply_steps(scale, sum);
}

static void score_parts(psyi_scale_work *w)
{
    psyi_tile *const tile = w->tile;
    const psyi_scale *const scale = w->plan->scale;
    psyi_mask known = w->here, absent = w->here, other = 0, estimated = 0, open = 0;
    for (size_t p = 0; p < scale->n_parts; p++) {
        const unsigned part = scale->parts[p];
        known &= tile->known[part];
        absent &= tile->why_absent[part];
        other |= tile->why_other[part] | tile->why_absent[part];
        estimated |= tile->estimated[part];
        open |= tile->open[part];
    }
    count_answered(w);
    PSYI_EACH_LANE(lane, w->here)
    {
        const psyi_mask bit = (psyi_mask)1 << lane;
        const bool is_open = (open & bit) != 0;
        if ((known & bit) != 0) {
            psyi_bounds bounds;
            if (is_open)
                bounds = add_bounds(w, lane);
            psyi_scored(w, lane, add_parts(w, lane), (estimated & bit) != 0,
                        is_open ? &bounds : NULL);
            if (tile->scorer->shifted) {
                psyi_ratio base = {0, 1};
                for (size_t p = 0; p < scale->n_parts; p++)
                    base =
                        psyi_ratio_add(base, tile->base_score[scale->parts[p] * PSYI_LANES + lane]);
                psyi_set_base(w, lane, psyi_apply_steps(w->plan->base, base));
            }
        } else if ((absent & bit) != 0) {
            psyi_not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
        } else if ((other & bit) != 0) {
            psyi_not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
        } else {
            psyi_not_scored(w, lane, PSYI_WHY_BLANK, add_bounds(w, lane));
        }
    }
}

/* ---- expressions ---------------------------------------------------------------------- */

/* Bounds that say nothing but the score are none. */
static void close_exact(psyi_scale_work *w, unsigned lane)
{
    psyi_tile *const tile = w->tile;
    const psyi_bounds *const bounds = &tile->bounds[w->index * PSYI_LANES + lane];
    const psyi_score *const cell = &w->cell[lane];
    const psyi_mask bit = (psyi_mask)1 << lane;
    if ((tile->open[w->index] & tile->known[w->index] & bit) != 0 && bounds->low_num == cell->num &&
        bounds->high_num == cell->num && bounds->low_den == cell->den &&
        bounds->high_den == cell->den)
        tile->open[w->index] &= ~bit;
}

static void expression_lane(psyi_scale_work *w, unsigned lane)
{
    const psyi_tile *const tile = w->tile;
    const psyi_scale *const scale = w->plan->scale;
    const psyi_numbers *const numbers = &tile->numbers;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const unsigned missing = tile->gaps ? w->missing[lane] : 0;
    const unsigned absent = tile->gaps ? w->absent[lane] : 0;
    const unsigned blank = missing - absent;
    const bool is_known = (numbers->known & bit) != 0;
    if ((numbers->absent & bit) != 0 ||
        (!is_known && scale->n_items > 0 && absent == scale->n_items)) {
        psyi_not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
        return;
    }
    psyi_bounds bounds = psyi_bounds_why(PSYI_WHY_BLANK);
    if ((numbers->bounded & bit) != 0)
        bounds = psyi_bounds_pack(psyi_apply_steps(scale, numbers->low[lane]),
                                  psyi_apply_steps(scale, numbers->high[lane]));
    if (is_known && blank <= scale->allow && (tile->form_void & bit) == 0) {
        const psyi_ratio value = psyi_apply_steps(scale, numbers->value[lane]);
        psyi_scored(w, lane, value, false, &bounds);
        close_exact(w, lane);
    } else if (blank > scale->allow || (numbers->blank & bit) != 0 ||
               (tile->form_void & bit) != 0) {
        psyi_not_scored(w, lane, PSYI_WHY_BLANK, bounds);
    } else {
        psyi_not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
    }
}

/* The formula of the default variant over scores of the default variant: a variant may have
 * another formula, and the scores a formula reads are printed in the variant's metric. */
static void base_expression(psyi_scale_work *w)
{
    psyi_tile *const tile = w->tile;
    const psyi_scale *const base = w->plan->base;
    psyi_mask trouble = 0; /* told of the printed score already */
    tile->canonical = true;
    psyi_program_number(base->program, &tile->block, tile->workspace, &tile->numbers, &trouble);
    tile->canonical = false;
    PSYI_EACH_LANE(lane, w->here)
    {
        const bool known = (tile->numbers.known >> lane & 1) != 0;
        psyi_set_base(w, lane,
                      known ? psyi_apply_steps(base, tile->numbers.value[lane]) : PSYI_RATIO_NONE);
    }
}

static void score_expression(psyi_scale_work *w)
{
    psyi_tile *const tile = w->tile;
    psyi_program_number(w->plan->scale->program, &tile->block, tile->workspace, &tile->numbers,
                        &w->trouble);
    w->trouble &= w->here;
    count_answered(w);
    PSYI_EACH_LANE(lane, w->here)
    {
        expression_lane(w, lane);
    }
    if (tile->scorer->shifted)
        base_expression(w);
}

/* ---- all ------------------------------------------------------------------------------ */

/* Lanes whose informant the scale is for; the others are told why they have no score. */
static void admit(psyi_scale_work *w)
{
    psyi_tile *const tile = w->tile;
    const uint8_t informants = w->plan->scale->informants;
    w->here = tile->given;
    if (informants == 0)
        return;
    PSYI_EACH_LANE(lane, tile->given)
    {
        const uint8_t informant = tile->person[lane].informant;
        if (informant != PSYI_INFORMANT_UNKNOWN && (informants >> informant & 1) != 0)
            continue;
        w->here &= ~((psyi_mask)1 << lane);
        const int why = informant == PSYI_INFORMANT_UNKNOWN ? PSYI_WHY_OTHER : PSYI_WHY_ABSENT;
        psyi_not_scored(w, lane, why, psyi_bounds_why(why));
    }
}

/* Lanes without this scale; while the informant is unknown the answers still count. */
static void clear_others(psyi_scale_work *w)
{
    const psyi_tile *const tile = w->tile;
    const size_t n_items = w->plan->scale->n_items;
    const psyi_mask unknown = tile->why_other[w->index] & ~w->here;
    if (unknown != 0)
        psyi_count_gaps(w, w->plan->scale->items, n_items);
    PSYI_EACH_LANE(lane, ~w->here)
    {
        w->cell[lane] = (psyi_score){0};
        if ((unknown >> lane & 1) != 0)
            w->cell[lane].answered =
                (uint16_t)(n_items - w->missing[lane] - (tile->gaps ? w->valued[lane] : 0u));
    }
}

/* Items of a pattern that the scale does not read may be blank where the score is whole. */
static void open_patterns(psyi_scale_work *w)
{
    psyi_tile *const tile = w->tile;
    PSYI_EACH_LANE(lane, tile->given & tile->partial & ~tile->open[w->index])
    {
        const bool known = (tile->known[w->index] >> lane & 1) != 0;
        const bool absent = (tile->why_absent[w->index] >> lane & 1) != 0;
        psyi_set_bounds(w, lane,
                        known ? exactly(&w->cell[lane])
                              : psyi_bounds_why(absent ? PSYI_WHY_ABSENT : PSYI_WHY_OTHER));
    }
}

void psyi_tile_scale(psyi_tile *tile, unsigned scale)
{
    psyi_scores *const scores = tile->scores;
    const size_t at = psyi_scale_at(scores, scale, tile->tile * PSYI_LANES);
    psyi_scale_work w;
    w.tile = tile;
    w.index = scale;
    w.plan = &tile->scorer->scale[scale];
    w.cell = &tile->score[scale * PSYI_LANES];
    w.status = &scores->status[at];
    w.trouble = 0;
    tile->known[scale] = tile->indexed[scale] = tile->estimated[scale] = 0;
    tile->bound_indexed[scale] = tile->open[scale] = 0;
    tile->why_blank[scale] = tile->why_other[scale] = tile->why_absent[scale] = 0;
    memset(w.cell, 0, PSYI_LANES * sizeof *w.cell);
    memset(w.status, PSYI_NOT_GIVEN, PSYI_LANES);
    admit(&w);
    switch (w.plan->scale->score) {
    case PSYI_SCORE_SUM:
    case PSYI_SCORE_MEAN:
        psyi_score_sums(&w);
        break;
    case PSYI_SCORE_PARTS:
        score_parts(&w);
        break;
    case PSYI_SCORE_EXPRESSION:
        score_expression(&w);
        break;
    }
    if (w.here != ~(psyi_mask)0)
        clear_others(&w);
    if (w.plan->by_pattern)
        open_patterns(&w);
    psyi_tile_event(tile, PSYI_EVENT_TROUBLE, scale, w.trouble);
}
