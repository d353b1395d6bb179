/*
 * scale_score.c -- the score of every scale for 64 sheets.
 *
 * Complete sheets are looked up by the sum of their bytes.  The others are computed one by
 * one, exactly: what may be missing, proration, steps, and, since a rule may be decided
 * whatever a blank item would have been, the lowest and highest score it could still become.
 */
#include "score/compiled.h"

#include <string.h>

typedef struct work {
    psyi_tile *tile;
    unsigned index;
    const psyi_scale_plan *plan;
    psyi_score *cell;  /* of the first lane */
    uint8_t *status;
    psyi_mask here;    /* given, and the scale is for this informant */
    psyi_mask trouble;
    uint16_t sums[PSYI_LANES], missing[PSYI_LANES], absent[PSYI_LANES], valued[PSYI_LANES];
} work;

static void set_bounds(work *w, unsigned lane, psyi_bounds bounds)
{
    w->tile->bounds[w->index * PSYI_LANES + lane] = bounds;
}

static psyi_bounds exactly(const psyi_score *cell)
{
    return (psyi_bounds){cell->num, cell->num, cell->den, cell->den};
}

static void not_scored(work *w, unsigned lane, int why, psyi_bounds bounds)
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
    set_bounds(w, lane, bounds);
}

/* A value at last; `bounds` when they may differ from it. */
static void scored(work *w, unsigned lane, psyi_ratio value, bool estimated,
                   const psyi_bounds *bounds)
{
    psyi_tile *const tile = w->tile;
    const psyi_mask bit = (psyi_mask)1 << lane;
    if (!psyi_score_pack(value, &w->cell[lane])) {
        w->trouble |= bit;
        not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
        return;
    }
    tile->known[w->index] |= bit;
    w->status[lane] = estimated ? PSYI_PRORATED : PSYI_SCORED;
    if (estimated)
        tile->estimated[w->index] |= bit;
    /* Open bounds of a value that is known add nothing to it. */
    set_bounds(w, lane, bounds != NULL && bounds->low_den != 0 ? *bounds : exactly(&w->cell[lane]));
}

static void set_base(const work *w, unsigned lane, psyi_ratio value)
{
    if (w->tile->scorer->shifted)
        w->tile->base_score[w->index * PSYI_LANES + lane] = value;
}

/* How many of the items have no score, are absent, got a gate's value. */
static void count_gaps(work *w, const uint16_t *items, size_t n_items)
{
    const psyi_tile *const tile = w->tile;
    tile->scorer->kernels->sum(tile->bytes, items, n_items, w->plan->flush, w->sums, w->missing);
    if (!tile->gaps)
        return;
    psyi_count_lanes(tile->absent, items, n_items, w->absent);
    psyi_count_lanes(tile->valued, items, n_items, w->valued);
}

/* ---- sums and means ------------------------------------------------------------------- */

static psyi_ratio wide_sum(const work *w, unsigned lane)
{
    const psyi_tile *const tile = w->tile;
    const psyi_scorer *const scorer = tile->scorer;
    psyi_ratio sum = {0, 1};
    for (size_t i = 0; i < w->plan->scale->n_items; i++) {
        const unsigned item = w->plan->scale->items[i];
        const uint8_t byte = tile->bytes[(size_t)item * PSYI_LANES + lane];
        if (byte == PSYI_NO_SCORE)
            continue;
        const psyi_item_plan *const plan = &scorer->items[item];
        const int64_t value = plan->way == PSYI_ITEM_WIDE
                                  ? tile->wide[(size_t)plan->wide * PSYI_LANES + lane]
                                  : (int64_t)scorer->base + byte;
        sum = psyi_ratio_add(sum, psyi_ratio_make(value, scorer->instrument->items[item].scale));
    }
    return sum;
}

/* What the blank items of the scale could add at least and at most. */
static void blank_range(const work *w, unsigned lane, unsigned blank, psyi_ratio *low,
                        psyi_ratio *high)
{
    const psyi_tile *const tile = w->tile;
    if (w->plan->uniform && !w->plan->wide) {
        *low = (psyi_ratio){(int64_t)blank * w->plan->item_low, 1};
        *high = (psyi_ratio){(int64_t)blank * w->plan->item_high, 1};
        return;
    }
    *low = *high = (psyi_ratio){0, 1};
    for (size_t i = 0; i < w->plan->scale->n_items; i++) {
        const unsigned index = w->plan->scale->items[i];
        const psyi_item *const item = &tile->scorer->instrument->items[index];
        if ((tile->blank[index] >> lane & 1) == 0)
            continue;
        *low = psyi_ratio_add(*low, psyi_ratio_make(item->low, item->scale));
        *high = psyi_ratio_add(*high, psyi_ratio_make(item->high, item->scale));
    }
}

static psyi_ratio less_shift(psyi_ratio sum, int32_t shift, unsigned n)
{
    return psyi_ratio_sub(sum, (psyi_ratio){(int64_t)shift * n, 1});
}

static void sum_lane(work *w, unsigned lane)
{
    const psyi_tile *const tile = w->tile;
    const psyi_scorer *const scorer = tile->scorer;
    const psyi_scale *const scale = w->plan->scale;
    const int32_t shift = scorer->variant->shift;
    const unsigned n_items = (unsigned)scale->n_items;
    const unsigned missing = w->missing[lane];
    const unsigned absent = tile->gaps ? w->absent[lane] : 0;
    const unsigned valued = tile->gaps ? w->valued[lane] : 0;
    const unsigned known = n_items - missing, applies = n_items - absent;
    const unsigned blank = missing - absent;
    w->cell[lane].answered = (uint16_t)(known - valued);
    if (applies == 0) {
        not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
        return;
    }
    const psyi_ratio sum =
        w->plan->wide ? wide_sum(w, lane)
                      : (psyi_ratio){(int64_t)w->sums[lane] + (int64_t)known * scorer->base, 1};
    const bool is_void = (tile->form_void >> lane & 1) != 0;
    psyi_bounds bounds = {0};
    if (blank > 0 || is_void) {
        psyi_ratio low, high;
        blank_range(w, lane, blank, &low, &high);
        low = less_shift(psyi_ratio_add(sum, low), shift, applies);
        high = less_shift(psyi_ratio_add(sum, high), shift, applies);
        bounds = psyi_bounds_pack(psyi_finish_score(scale, low, applies, applies, 0),
                                  psyi_finish_score(scale, high, applies, applies, 0));
    }
    if (blank > w->plan->allowed || known == 0 || is_void) {
        not_scored(w, lane, PSYI_WHY_BLANK, bounds);
        return;
    }
    scored(w, lane,
           psyi_finish_score(scale, less_shift(sum, shift, known), known, applies, blank),
           blank > 0 && scale->missing != PSYI_MISSING_ZERO, blank > 0 ? &bounds : NULL);
    set_base(w, lane, psyi_finish_score(w->plan->base, sum, known, applies, blank));
}

/* Complete sheets: everything is in the table. */
static void look_up(work *w, psyi_mask lanes)
{
    psyi_tile *const tile = w->tile;
    const psyi_score *const table = w->plan->table;
    uint32_t *const index = &tile->index[w->index * PSYI_LANES];
    if (lanes == ~(psyi_mask)0) {
        for (size_t lane = 0; lane < PSYI_LANES; lane++)
            w->cell[lane] = table[w->sums[lane]];
        memset(w->status, PSYI_SCORED, PSYI_LANES);
    } else {
        PSYI_EACH_LANE(lane, lanes)
        {
            w->cell[lane] = table[w->sums[lane]];
            w->status[lane] = PSYI_SCORED;
        }
    }
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        index[lane] = w->sums[lane];
    tile->indexed[w->index] = lanes;
    tile->known[w->index] |= lanes;
    PSYI_EACH_LANE(lane, lanes & tile->partial)
    {
        tile->low_index[w->index * PSYI_LANES + lane] = w->sums[lane];
        tile->high_index[w->index * PSYI_LANES + lane] = w->sums[lane];
        set_bounds(w, lane, exactly(&w->cell[lane]));
    }
    tile->bound_indexed[w->index] = lanes & tile->partial;
    if (tile->scorer->shifted)
        PSYI_EACH_LANE(lane, lanes)
        {
            set_base(w, lane, w->plan->base_table[w->sums[lane]]);
        }
}

/* What the blank items of a scale with a table add to the sum of its bytes. */
static void blank_bytes(const work *w, unsigned lane, unsigned blank, uint32_t *low,
                        uint32_t *high)
{
    const psyi_tile *const tile = w->tile;
    const int32_t base = tile->scorer->base;
    *low = *high = w->sums[lane];
    if (w->plan->uniform) {
        *low += blank * (uint32_t)(w->plan->item_low - base);
        *high += blank * (uint32_t)(w->plan->item_high - base);
        return;
    }
    for (size_t i = 0; i < w->plan->scale->n_items; i++) {
        const unsigned index = w->plan->scale->items[i];
        if ((tile->blank[index] >> lane & 1) == 0)
            continue;
        *low += (uint32_t)(tile->scorer->instrument->items[index].low - base);
        *high += (uint32_t)(tile->scorer->instrument->items[index].high - base);
    }
}

/* A sheet with blanks but nothing else that is missing; false when the table has not got it. */
static bool look_up_incomplete(work *w, unsigned lane)
{
    psyi_tile *const tile = w->tile;
    const psyi_scale_plan *const plan = w->plan;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const unsigned blank = w->missing[lane];
    const unsigned levels = plan->n_sums > 0 ? (unsigned)(plan->n_table / plan->n_sums) : 0;
    const bool has_score = blank <= plan->allowed && blank < plan->scale->n_items &&
                           (tile->form_void & bit) == 0;
    if (levels == 0 || w->absent[lane] != 0 || w->valued[lane] != 0 ||
        (has_score && blank >= levels))
        return false;
    uint32_t low, high;
    const size_t at = w->index * PSYI_LANES + lane;
    blank_bytes(w, lane, blank, &low, &high);
    const psyi_score *const from = &plan->table[low], *const to = &plan->table[high];
    const psyi_bounds bounds = plan->falling
                                   ? (psyi_bounds){to->num, from->num, to->den, from->den}
                                   : (psyi_bounds){from->num, to->num, from->den, to->den};
    tile->low_index[at] = low;
    tile->high_index[at] = high;
    tile->bound_indexed[w->index] |= bit;
    if (!has_score) {
        w->cell[lane].answered = (uint16_t)(plan->scale->n_items - blank);
        not_scored(w, lane, PSYI_WHY_BLANK, bounds);
        return true;
    }
    const uint32_t index = (uint32_t)(blank * plan->n_sums + w->sums[lane]);
    const bool estimated = plan->scale->missing != PSYI_MISSING_ZERO;
    w->cell[lane] = plan->table[index];
    w->status[lane] = estimated ? PSYI_PRORATED : PSYI_SCORED;
    tile->index[at] = index;
    tile->indexed[w->index] |= bit;
    tile->known[w->index] |= bit;
    tile->estimated[w->index] |= estimated ? bit : 0;
    set_bounds(w, lane, bounds);
    set_base(w, lane, plan->base_table[index]);
    return true;
}

static void score_sums(work *w)
{
    const psyi_tile *const tile = w->tile;
    count_gaps(w, w->plan->scale->items, w->plan->scale->n_items);
    psyi_mask whole = w->here;
    if (tile->gaps)
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            if (w->missing[lane] != 0 || w->valued[lane] != 0)
                whole &= ~((psyi_mask)1 << lane);
    whole = w->plan->table != NULL ? whole & ~tile->form_void : 0;
    look_up(w, whole);
    PSYI_EACH_LANE(lane, w->here & ~whole)
    {
        if (!tile->gaps || !look_up_incomplete(w, lane))
            sum_lane(w, lane);
    }
}

/* ---- composites ----------------------------------------------------------------------- */

static void count_answered(work *w)
{
    const psyi_tile *const tile = w->tile;
    const psyi_scale *const scale = w->plan->scale;
    if (tile->gaps)
        count_gaps(w, scale->items, scale->n_items);
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        w->cell[lane].answered = (uint16_t)(
            scale->n_items - (tile->gaps ? w->missing[lane] + w->valued[lane] : 0u));
}

static psyi_bounds add_bounds(const work *w, unsigned lane)
{
    const psyi_scale *const scale = w->plan->scale;
    psyi_ratio low = {0, 1}, high = {0, 1};
    for (size_t p = 0; p < scale->n_parts; p++) {
        const psyi_bounds *const part = &w->tile->bounds[scale->parts[p] * PSYI_LANES + lane];
        if (part->low_den == 0)
            return psyi_bounds_why(PSYI_WHY_BLANK);
        low = psyi_ratio_add(low, (psyi_ratio){part->low_num, part->low_den});
        high = psyi_ratio_add(high, (psyi_ratio){part->high_num, part->high_den});
    }
    return psyi_bounds_pack(psyi_apply_steps(scale, low), psyi_apply_steps(scale, high));
}

static psyi_ratio add_parts(const work *w, unsigned lane)
{
    const psyi_scale *const scale = w->plan->scale;
    psyi_ratio sum = {0, 1};
    for (size_t p = 0; p < scale->n_parts; p++) {
        const psyi_score part = *psyi_scores_cell(
            w->tile->scores, scale->parts[p], w->tile->tile * PSYI_LANES + lane);
        if (part.den == 1 && sum.den == 1)
            sum.num += part.num;
        else
            sum = psyi_ratio_add(sum, psyi_score_ratio(part));
    }
    return psyi_apply_steps(scale, sum);
}

static void score_parts(work *w)
{
    psyi_tile *const tile = w->tile;
    const psyi_scale *const scale = w->plan->scale;
    psyi_mask known = w->here, absent = w->here, other = 0, estimated = 0;
    for (size_t p = 0; p < scale->n_parts; p++) {
        const unsigned part = scale->parts[p];
        known &= tile->known[part];
        absent &= tile->why_absent[part];
        other |= tile->why_other[part] | tile->why_absent[part];
        estimated |= tile->estimated[part];
    }
    count_answered(w);
    PSYI_EACH_LANE(lane, w->here)
    {
        const psyi_mask bit = (psyi_mask)1 << lane;
        const bool blanks = (tile->partial & bit) != 0;
        if ((known & bit) != 0) {
            psyi_bounds bounds;
            if (blanks)
                bounds = add_bounds(w, lane);
            scored(w, lane, add_parts(w, lane), (estimated & bit) != 0,
                   blanks ? &bounds : NULL);
            if (tile->scorer->shifted) {
                psyi_ratio base = {0, 1};
                for (size_t p = 0; p < scale->n_parts; p++)
                    base = psyi_ratio_add(base,
                                          tile->base_score[scale->parts[p] * PSYI_LANES + lane]);
                set_base(w, lane, psyi_apply_steps(w->plan->base, base));
            }
        } else if ((absent & bit) != 0) {
            not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
        } else if ((other & bit) != 0) {
            not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
        } else {
            not_scored(w, lane, PSYI_WHY_BLANK, add_bounds(w, lane));
        }
    }
}

/* ---- expressions ---------------------------------------------------------------------- */

static void expression_lane(work *w, unsigned lane)
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
        not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
        return;
    }
    psyi_bounds bounds = psyi_bounds_why(PSYI_WHY_BLANK);
    if ((numbers->bounded & bit) != 0)
        bounds = psyi_bounds_pack(psyi_apply_steps(scale, numbers->low[lane]),
                                  psyi_apply_steps(scale, numbers->high[lane]));
    if (is_known && blank <= scale->allow && (tile->form_void & bit) == 0) {
        const psyi_ratio value = psyi_apply_steps(scale, numbers->value[lane]);
        scored(w, lane, value, false, &bounds);
        set_base(w, lane, value);
    } else if (blank > scale->allow || (numbers->blank & bit) != 0 ||
               (tile->form_void & bit) != 0) {
        not_scored(w, lane, PSYI_WHY_BLANK, bounds);
    } else {
        not_scored(w, lane, PSYI_WHY_OTHER, psyi_bounds_why(PSYI_WHY_OTHER));
    }
}

static void score_expression(work *w)
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
}

/* ---- all ------------------------------------------------------------------------------ */

/* Lanes whose informant the scale is for; the others are told why they have no score. */
static void admit(work *w)
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
        not_scored(w, lane, why, psyi_bounds_why(why));
    }
}

/* Lanes without this scale; while the informant is unknown the answers still count. */
static void clear_others(work *w)
{
    const psyi_tile *const tile = w->tile;
    const size_t n_items = w->plan->scale->n_items;
    const psyi_mask unknown = tile->why_other[w->index] & ~w->here;
    if (unknown != 0)
        count_gaps(w, w->plan->scale->items, n_items);
    PSYI_EACH_LANE(lane, ~w->here)
    {
        w->cell[lane] = (psyi_score){0};
        if ((unknown >> lane & 1) != 0)
            w->cell[lane].answered = (uint16_t)(
                n_items - w->missing[lane] - (tile->gaps ? w->valued[lane] : 0u));
    }
}

void psyi_tile_scale(psyi_tile *tile, unsigned scale)
{
    psyi_scores *const scores = tile->scores;
    const size_t at = scale * scores->n_lanes + tile->tile * PSYI_LANES;
    work w;
    w.tile = tile;
    w.index = scale;
    w.plan = &tile->scorer->scale[scale];
    w.cell = &scores->score[at];
    w.status = &scores->status[at];
    w.trouble = 0;
    tile->known[scale] = tile->indexed[scale] = tile->estimated[scale] = 0;
    tile->bound_indexed[scale] = 0;
    tile->why_blank[scale] = tile->why_other[scale] = tile->why_absent[scale] = 0;
    memset(w.cell, 0, PSYI_LANES * sizeof *w.cell);
    memset(w.status, PSYI_NOT_GIVEN, PSYI_LANES);
    admit(&w);
    switch (w.plan->scale->score) {
    case PSYI_SCORE_SUM:
    case PSYI_SCORE_MEAN:
        score_sums(&w);
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
    psyi_tile_event(tile, PSYI_EVENT_TROUBLE, scale, w.trouble);
}
