/*
 * sum_score.c -- sums and means of items.
 *
 * Complete sheets are looked up by the sum of their bytes, sheets with blanks by that and
 * the number of blanks, and so are the lowest and highest score they could still become.
 * Sheets with items that do not apply, and scales too large for a table, are computed one
 * by one; both ways give the same, exactly.
 */
#include "score/scale_work.h"

#include <string.h>

static psyi_ratio wide_sum(const psyi_scale_work *w, unsigned lane)
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
static void blank_range(const psyi_scale_work *w, unsigned lane, unsigned blank, psyi_ratio *low,
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

static void sum_lane(psyi_scale_work *w, unsigned lane)
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
        psyi_not_scored(w, lane, PSYI_WHY_ABSENT, psyi_bounds_why(PSYI_WHY_ABSENT));
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
        psyi_not_scored(w, lane, PSYI_WHY_BLANK, bounds);
        return;
    }
    psyi_scored(w, lane,
                psyi_finish_score(scale, less_shift(sum, shift, known), known, applies, blank),
                blank > 0 && scale->missing != PSYI_MISSING_ZERO, blank > 0 ? &bounds : NULL);
    psyi_set_base(w, lane, psyi_finish_score(w->plan->base, sum, known, applies, blank));
}

/* Complete sheets: everything is in the table. */
static void look_up(psyi_scale_work *w, psyi_mask lanes)
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
    if (tile->scorer->shifted)
        PSYI_EACH_LANE(lane, lanes)
        {
            psyi_set_base(w, lane, w->plan->base_table[w->sums[lane]]);
        }
}

/* What the blank items of a scale with a table add to the sum of its bytes. */
static void blank_bytes(const psyi_scale_work *w, unsigned lane, unsigned blank, uint32_t *low,
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
static bool look_up_incomplete(psyi_scale_work *w, unsigned lane)
{
    psyi_tile *const tile = w->tile;
    const psyi_scale_plan *const plan = w->plan;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const unsigned blank = w->missing[lane];
    const unsigned levels = plan->n_sums > 0 ? (unsigned)(plan->n_table / plan->n_sums) : 0;
    const bool has_score =
        blank <= plan->allowed && blank < plan->scale->n_items && (tile->form_void & bit) == 0;
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
        psyi_not_scored(w, lane, PSYI_WHY_BLANK, bounds);
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
    psyi_set_bounds(w, lane, bounds);
    psyi_set_base(w, lane, plan->base_table[index]);
    return true;
}

void psyi_score_sums(psyi_scale_work *w)
{
    const psyi_tile *const tile = w->tile;
    psyi_count_gaps(w, w->plan->scale->items, w->plan->scale->n_items);
    psyi_mask whole = w->here;
    if (tile->gaps) {
        uint8_t gap[PSYI_LANES];
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            gap[lane] = (w->missing[lane] | w->valued[lane]) != 0;
        whole &= ~psyi_mask_from(gap, 1);
    }
    whole = w->plan->table != NULL ? whole & ~tile->form_void : 0;
    look_up(w, whole);
    PSYI_EACH_LANE(lane, w->here & ~whole)
    {
        if (!tile->gaps || !look_up_incomplete(w, lane))
            sum_lane(w, lane);
    }
}
