/*
 * shifted.c -- moving one score of a block, and what a cut on a score is.
 */
#include "tier/shifted.h"

void psyi_shift(psyi_numbers *numbers, unsigned lane, psyi_ratio by)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    if ((numbers->known & bit) != 0)
        numbers->value[lane] = psyi_ratio_add(numbers->value[lane], by);
    if ((numbers->bounded & bit) != 0) {
        numbers->low[lane] = psyi_ratio_add(numbers->low[lane], by);
        numbers->high[lane] = psyi_ratio_add(numbers->high[lane], by);
    }
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const psyi_shifted *const shifted = context;
    if (column == shifted->column)
        *out = *shifted->numbers;
    else
        shifted->base.number(shifted->base.context, column, out);
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    const psyi_shifted *const shifted = context;
    shifted->base.truth(shifted->base.context, column, out);
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_shifted *const shifted = context;
    shifted->base.token(shifted->base.context, column, out);
}

static void item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    const psyi_shifted *const shifted = context;
    shifted->base.item(shifted->base.context, which, answer, out);
}

psyi_block psyi_shifted_values(const psyi_shifted *shifted)
{
    return (psyi_block){
        .context = shifted, .number = number, .truth = truth, .token = token, .item = item};
}

/* ---- cuts ---- */

static const psyi_scale *scale_of(const psyi_rulebook *book, const psyi_comparison *comparison)
{
    return psyi_use_scale(book->plan, psyi_column_use(comparison->id),
                          psyi_column_index(comparison->id));
}

bool psyi_is_cut(const psyi_rulebook *book, const psyi_comparison *comparison)
{
    if (comparison->subject != PSYI_SUBJECT_COLUMN || comparison->negated ||
        comparison->token != NULL || comparison->constant.den == 0 ||
        psyi_column_kind_of(comparison->id) != PSYI_COLUMN_SCORE)
        return false;
    const bool worse_low = scale_of(book, comparison)->worse_low;
    switch (comparison->compare) {
    case PSYI_GE:
    case PSYI_GT:
        return !worse_low;
    case PSYI_LE:
    case PSYI_LT:
        return worse_low;
    case PSYI_IN:
        return worse_low ? comparison->upper.den != 0 : true;
    default:
        return false;
    }
}

psyi_ratio psyi_distance(const psyi_rulebook *book, const psyi_comparison *comparison,
                         psyi_ratio score)
{
    const psyi_scale *const scale = scale_of(book, comparison);
    const psyi_ratio cut = comparison->compare == PSYI_IN && scale->worse_low
                               ? comparison->upper
                               : comparison->constant;
    psyi_ratio distance =
        scale->worse_low ? psyi_ratio_sub(score, cut) : psyi_ratio_sub(cut, score);
    const bool strict = comparison->compare == PSYI_GT || comparison->compare == PSYI_LT;
    if (strict && distance.den != 0 && psyi_scale_is_whole(scale))
        distance = psyi_ratio_add(psyi_ratio_floor(distance), psyi_ratio_make(1, 1));
    return distance;
}

double psyi_sem(const psy_plan *plan, unsigned use, unsigned scale, bool *stated)
{
    const psyi_precision *const precision = psyi_plan_precision(plan, use, scale);
    const psyi_scale *const about = psyi_use_scale(plan, use, scale);
    const psyi_ratio width = psyi_ratio_sub(about->high, about->low);
    *stated = precision != NULL;
    if (precision != NULL)
        return precision->sem;
    return width.den != 0 && width.num > 0 ? psyi_ratio_double(width) / 10 : 0;
}
