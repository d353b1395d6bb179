/*
 * steps.c -- from a sum of item scores to the printed score, exactly.
 *
 * Proration, then the definition's steps in their order; nothing is rounded but where a step
 * says so.  The compact cell holds 32 over 16 bits, which no questionnaire score passes; one
 * that does is no score, and its bounds are open.
 */
#include "score/compiled.h"

psyi_ratio psyi_apply_steps(const psyi_scale *scale, psyi_ratio value)
{
    for (size_t i = 0; i < scale->n_steps; i++) {
        const psyi_step *const step = &scale->steps[i];
        switch (step->kind) {
        case PSYI_STEP_MULTIPLY:
            value = psyi_ratio_mul(value, step->by);
            break;
        case PSYI_STEP_ADD:
            value = psyi_ratio_add(value, step->by);
            break;
        case PSYI_STEP_FLOOR:
            value = psyi_ratio_floor(value);
            break;
        case PSYI_STEP_CEIL:
            value = psyi_ratio_ceil(value);
            break;
        case PSYI_STEP_ROUND:
            value = psyi_ratio_round_to(value, step->decimals);
            break;
        }
    }
    return value;
}

psyi_ratio psyi_finish_score(const psyi_scale *scale, psyi_ratio sum, unsigned known,
                             unsigned applies, unsigned blank)
{
    psyi_ratio value = sum;
    const bool by_person = blank > 0 && scale->missing != PSYI_MISSING_ZERO;
    if (scale->score == PSYI_SCORE_MEAN)
        value = psyi_ratio_div(value, (psyi_ratio){by_person ? known : applies, 1});
    else if (by_person)
        value =
            psyi_ratio_div(psyi_ratio_mul(value, (psyi_ratio){applies, 1}), (psyi_ratio){known, 1});
    return psyi_apply_steps(scale, value);
}

bool psyi_score_pack(psyi_ratio value, psyi_score *out)
{
    if (value.den <= 0 || value.den > UINT16_MAX || value.num < INT32_MIN || value.num > INT32_MAX)
        return false;
    out->num = (int32_t)value.num;
    out->den = (uint16_t)value.den;
    return true;
}

psyi_bounds psyi_bounds_why(int why)
{
    return (psyi_bounds){.low_num = why};
}

psyi_bounds psyi_bounds_pack(psyi_ratio low, psyi_ratio high)
{
    psyi_score a = {0}, b = {0};
    if (!psyi_score_pack(low, &a) || !psyi_score_pack(high, &b))
        return psyi_bounds_why(PSYI_WHY_BLANK);
    if (psyi_ratio_compare(low, high) > 0) { /* a step that multiplies by less than 0 */
        const psyi_score swap = a;
        a = b;
        b = swap;
    }
    return (psyi_bounds){a.num, b.num, a.den, b.den};
}
