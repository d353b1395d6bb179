/*
 * plan_scales.c -- what is known of a scale before the first sheet.
 *
 * The sum of the bytes of a sheet and its number of blanks are small numbers, so everything
 * that follows from them (the printed score, and later its band and standard scores) is
 * looked up.  Only sheets with items that do not apply are computed one by one.
 */
#include "score/compiled.h"

#include <string.h>

/* With more distinct sums than this each sheet is computed by itself; so are incomplete
 * sheets where the table for all allowed blanks would be larger than the second. */
#define LARGEST_TABLE  4096
#define LARGEST_LEVELS 32768

static bool by_sum(const psyi_scale *scale)
{
    return scale->score == PSYI_SCORE_SUM || scale->score == PSYI_SCORE_MEAN;
}

static void ranges(const psyi_scorer *scorer, psyi_scale_plan *plan, int64_t *largest)
{
    const psyi_scale *const scale = plan->scale;
    int32_t widest = 0;
    *largest = 0;
    plan->uniform = true;
    for (size_t i = 0; i < scale->n_items; i++) {
        const unsigned index = scale->items[i];
        const psyi_item *const item = &scorer->instrument->items[index];
        if (scorer->items[index].way == PSYI_ITEM_WIDE) {
            plan->wide = true;
            continue;
        }
        int32_t high = item->high;
        for (size_t s = 0; s < scorer->n_skips; s++) {
            const psyi_gate *const gate = &scorer->instrument->gates[scorer->skips[s].gate];
            if (scorer->skips[s].item == index && gate->has_value && gate->value > high)
                high = gate->value;
        }
        if (i == 0) {
            plan->item_low = item->low;
            plan->item_high = item->high;
        }
        plan->uniform =
            plan->uniform && item->low == plan->item_low && item->high == plan->item_high;
        widest = high - scorer->base > widest ? high - scorer->base : widest;
        *largest += high - scorer->base;
    }
    plan->flush = widest > 0 ? 255 / (size_t)widest : 255;
    plan->wide = plan->wide || *largest > UINT16_MAX;
}

/* The score of a sheet with `blank` blanks whose other bytes add up to `sum`. */
static psyi_ratio score_of(const psyi_scorer *scorer, const psyi_scale *scale, int32_t shift,
                           int64_t sum, unsigned blank)
{
    const int64_t known = (int64_t)scale->n_items - blank;
    const psyi_ratio total = {sum + known * ((int64_t)scorer->base - shift), 1};
    return psyi_finish_score(scale, total, (unsigned)known, (unsigned)scale->n_items, blank);
}

static bool make_tables(psyi_scorer *scorer, psyi_scale_plan *plan, int64_t largest)
{
    const psyi_scale *const scale = plan->scale;
    if (plan->wide || largest >= LARGEST_TABLE || scale->n_items == 0)
        return true;
    const size_t n_sums = (size_t)largest + 1;
    /* A sheet without any answer has no score, whatever is allowed. */
    size_t levels = 1 + (plan->allowed < scale->n_items ? plan->allowed : scale->n_items - 1);
    if (levels * n_sums > LARGEST_LEVELS)
        levels = 1;
    const size_t n = levels * n_sums;
    psyi_score *const table = psyi_arena_alloc(&scorer->arena, n, sizeof *table);
    psyi_ratio *const base = psyi_arena_alloc(&scorer->arena, n, sizeof *base);
    if (table == NULL || base == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const unsigned blank = (unsigned)(i / n_sums);
        const int64_t sum = (int64_t)(i % n_sums);
        const psyi_ratio value = score_of(scorer, scale, scorer->variant->shift, sum, blank);
        if (!psyi_score_pack(value, &table[i]))
            return true; /* some do not fit: each is looked at by itself */
        table[i].answered = (uint16_t)(scale->n_items - blank);
        base[i] = scorer->shifted ? score_of(scorer, plan->base, 0, sum, blank) : value;
    }
    plan->table = table;
    plan->base_table = base;
    plan->falling =
        psyi_ratio_compare(psyi_score_ratio(table[0]), psyi_score_ratio(table[n_sums - 1])) > 0;
    plan->n_sums = n_sums;
    plan->n_table = n;
    return true;
}

/* Composites and expressions: every integer of the range, for bands and norms. */
static bool make_values(psyi_scorer *scorer, psyi_scale_plan *plan)
{
    const psyi_scale *const scale = plan->scale;
    if (scorer->shifted || scale->low.den != 1 || scale->high.den != 1 ||
        scale->low.num < INT32_MIN || scale->high.num > INT32_MAX ||
        scale->high.num - scale->low.num >= LARGEST_TABLE || scale->high.num < scale->low.num)
        return true;
    const size_t n = (size_t)(scale->high.num - scale->low.num) + 1;
    psyi_score *const table = psyi_arena_alloc(&scorer->arena, n, sizeof *table);
    psyi_ratio *const base = psyi_arena_alloc(&scorer->arena, n, sizeof *base);
    if (table == NULL || base == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        base[i] = (psyi_ratio){scale->low.num + (int64_t)i, 1};
        table[i] = (psyi_score){.num = (int32_t)base[i].num, .den = 1};
    }
    plan->by_value = true;
    plan->value_low = (int32_t)scale->low.num;
    plan->table = table;
    plan->base_table = base;
    plan->n_table = n;
    return true;
}

bool psyi_plan_scales(psyi_scorer *scorer)
{
    scorer->scale = psyi_arena_alloc(&scorer->arena, scorer->n_scales, sizeof *scorer->scale);
    if (scorer->scale == NULL)
        return false;
    for (size_t s = 0; s < scorer->n_scales; s++) {
        psyi_scale_plan *const plan = &scorer->scale[s];
        int64_t largest;
        plan->scale = &scorer->scales[s];
        plan->allowed = plan->scale->missing == PSYI_MISSING_NONE ? 0 : plan->scale->allow;
        plan->base = scorer->variant->shift == 0 ? plan->scale : &scorer->instrument->scales[s];
        ranges(scorer, plan, &largest);
        if (!by_sum(plan->scale)) {
            plan->flush = 255; /* only blanks are counted */
            if (!make_values(scorer, plan))
                return false;
            continue;
        }
        if (!make_tables(scorer, plan, largest))
            return false;
    }
    return true;
}
