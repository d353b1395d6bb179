/*
 * model_apply.c -- standard scores of norms that compute, and between age groups.
 *
 * A model gives a double, which is rounded once to the metric's decimals; nothing reads the
 * unrounded value.  Between age groups everything is a ratio of integers until then.
 */
#include "norm/apply.h"
#include "norm/local_round.h"

#include <psyscreen/distribution.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <string.h>

psyi_ratio psyi_norm_age(const psyi_norm *norm, int completed_years, int completed_months)
{
    if (completed_months > 0)
        return psyi_ratio_make(completed_months, 12);
    if (completed_years < 0)
        return PSYI_RATIO_NONE;
    return norm->middle_of_year ? psyi_ratio_make(2 * completed_years + 1, 2)
                                : psyi_ratio_make(completed_years, 1);
}

bool psyi_norm_asks_age(const psyi_norm *norm)
{
    return norm->between_ages || norm->kind == PSYI_NORM_LMS || norm->kind == PSYI_NORM_REGRESSION;
}

psyi_ratio psyi_z_standard(const psyi_norm *norm, psyi_metric metric, double z)
{
    int64_t centre, unit;
    if (isnan(z))
        return PSYI_RATIO_NONE;
    if (metric == PSYI_METRIC_PERCENTILE)
        return psyi_percentile_within(
            psyi_round_double(100 * psy_normal_p(z), norm->decimals[metric], norm->rounding),
            norm->decimals[metric]);
    if (!psyi_metric_line(metric, &centre, &unit))
        return PSYI_RATIO_NONE;
    /* Of a model z 40 is as far beyond its range as z 400. */
    const double value = (double)centre + (double)unit * fmax(-40, fmin(40, z));
    return psyi_metric_within(metric,
                              psyi_round_double(value, norm->decimals[metric],
                                                psyi_metric_rounding(metric, norm->rounding)));
}

static double lms_z(const psyi_norm *norm, const psyi_norm_model *model, double raw, double age)
{
    const psy_lms at = psy_lms_at(model->ages, model->lms, model->n, age);
    const double y = raw + norm->shift;
    return norm->who_tails ? psy_lms_z_who(&at, y) : psy_lms_z(&at, y);
}

static double sum_z(const psyi_norm *norm, const psyi_norm_model *model, psyi_ratio raw)
{
    const psyi_ratio sum = psyi_ratio_sub(raw, norm->raw_range[0]);
    if (norm->by_pattern || sum.den != 1 || sum.num < 0 || (size_t)sum.num >= model->n_sums)
        return NAN;
    return model->sums[sum.num];
}

psyi_ratio psyi_model_standard(const psyi_norm *norm, const psyi_norm_group *group,
                               psyi_metric metric, psyi_ratio raw, psyi_ratio age)
{
    const psyi_norm_model *const model = group->model;
    const double x = psyi_ratio_double(raw), years = psyi_ratio_double(age);
    double z = NAN;
    if (norm->kind == PSYI_NORM_LMS)
        z = lms_z(norm, model, x, years);
    else if (norm->kind == PSYI_NORM_IRT)
        z = sum_z(norm, model, raw);
    else if (x >= model->regression.raw_lo && x <= model->regression.raw_hi)
        z = (psy_regression_standard(&model->regression, x, years, NULL) - 50) / 10;
    return psyi_z_standard(norm, metric, z);
}

/* ---- between age groups ----------------------------------------------------------------- */

/* Do two groups differ by age alone? */
static bool beside(const psyi_norm_group *a, const psyi_norm_group *b)
{
    return strcmp(a->scale, b->scale) == 0 && a->who.informants == b->who.informants &&
           a->who.sexes == b->who.sexes && a->who.stages == b->who.stages &&
           a->who.grade_low == b->who.grade_low && a->who.grade_high == b->who.grade_high;
}

/* The middle of ages 8..9, which is 9: from the eighth birthday to the tenth. */
static psyi_ratio middle_of(const psyi_norm_group *group)
{
    if (group->who.months_high != 0)
        return psyi_ratio_make(group->who.months_low + group->who.months_high + 1, 24);
    return psyi_ratio_make(group->who.age_low + group->who.age_high + 1, 2);
}

psyi_ratio psyi_between_groups(const psyi_norm *norm, const psyi_norm_group *own,
                               psyi_ratio (*value)(const psyi_norm *, const psyi_norm_group *,
                                                   psyi_metric, psyi_ratio),
                               psyi_metric metric, psyi_ratio raw, psyi_ratio age)
{
    /* The groups whose middles lie around the age; one alone beyond the first or last. */
    const psyi_norm_group *low = NULL, *high = NULL;
    if (age.den <= 0)
        return PSYI_RATIO_NONE;
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const other = &norm->groups[i];
        if (!beside(own, other))
            continue;
        if (psyi_ratio_compare(middle_of(other), age) <= 0) {
            if (low == NULL || psyi_ratio_compare(middle_of(other), middle_of(low)) > 0)
                low = other;
        } else if (high == NULL || psyi_ratio_compare(middle_of(other), middle_of(high)) < 0) {
            high = other;
        }
    }
    if (low == NULL || high == NULL || psyi_ratio_compare(middle_of(low), age) == 0)
        return value(norm, low != NULL ? low : high, metric, raw);
    const psyi_ratio share = psyi_ratio_div(psyi_ratio_sub(age, middle_of(low)),
                                            psyi_ratio_sub(middle_of(high), middle_of(low)));
    const psyi_ratio a = value(norm, low, metric, raw), b = value(norm, high, metric, raw);
    if (a.den <= 0 || b.den <= 0)
        return PSYI_RATIO_NONE;
    return psyi_ratio_add(a, psyi_ratio_mul(psyi_ratio_sub(b, a), share));
}
