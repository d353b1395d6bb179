/*
 * norm_apply.c -- published norms: whose row it is, and the standard score it gives.
 *
 * Outside the table there is no norm, never the nearest row; nor does a row apply that asks
 * for something nobody knows about the person.  All arithmetic is exact and rounded once.
 */
#include "norm/apply.h"
#include "norm/local_round.h"

#include <string.h>

psyi_fit psyi_who_fit(const psyi_who *who, psyi_informant informant, psyi_sex sex, int grade,
                      int age)
{
    bool unknown = false;
    if (who->informants != 0) {
        if (informant == PSYI_INFORMANT_UNKNOWN)
            unknown = true;
        else if ((who->informants >> informant & 1) == 0)
            return PSYI_FIT_NO;
    }
    if (who->sexes != 0) {
        if (sex == PSYI_SEX_UNKNOWN)
            unknown = true;
        else if ((who->sexes >> sex & 1) == 0)
            return PSYI_FIT_NO;
    }
    const psyi_stage stage = psyi_stage_of(grade);
    if (who->stages != 0) {
        if (stage == PSYI_STAGE_UNKNOWN)
            unknown = true;
        else if ((who->stages >> stage & 1) == 0)
            return PSYI_FIT_NO;
    }
    if (who->grade_low != 0 || who->grade_high != 0) {
        if (stage == PSYI_STAGE_UNKNOWN)
            unknown = true;
        else if (grade < who->grade_low || grade > who->grade_high)
            return PSYI_FIT_NO;
    }
    if (who->age_low != -1 || who->age_high != -1) {
        if (age < 0)
            unknown = true;
        else if (age < who->age_low || age > who->age_high)
            return PSYI_FIT_NO;
    }
    return unknown ? PSYI_FIT_UNKNOWN : PSYI_FIT_YES;
}

/* Of whom only the completed years are known, the months of a whole year are possible. */
static psyi_fit fit_months(const psyi_who *who, int age, int months)
{
    const int low = months > 0 ? months : 12 * age, high = months > 0 ? months : 12 * age + 11;
    if (months <= 0 && age < 0)
        return PSYI_FIT_UNKNOWN;
    return low > who->months_high || high < who->months_low     ? PSYI_FIT_NO
           : low >= who->months_low && high <= who->months_high ? PSYI_FIT_YES
                                                                : PSYI_FIT_UNKNOWN;
}

psyi_fit psyi_norm_fit(const psyi_who *who, psyi_informant informant, psyi_sex sex, int grade,
                       int age, int months)
{
    const psyi_fit fit = psyi_who_fit(who, informant, sex, grade, age);
    if (who->months_high == 0 || fit == PSYI_FIT_NO)
        return fit;
    const psyi_fit by_months = fit_months(who, age, months);
    return by_months == PSYI_FIT_YES ? fit : by_months;
}

const psyi_norm_group *psyi_norm_group_for(const psyi_norm *norm, const char *scale,
                                           psyi_informant informant, psyi_sex sex, int grade,
                                           int age, int months)
{
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const group = &norm->groups[i];
        if (strcmp(group->scale, scale) == 0 &&
            psyi_norm_fit(&group->who, informant, sex, grade, age, months) == PSYI_FIT_YES)
            return group;
    }
    return NULL;
}

/* First cell whose raw score is not below `raw`. */
static size_t find_cell(const psyi_norm_group *group, psyi_ratio raw)
{
    size_t low = 0, high = group->n_cells;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (psyi_ratio_compare(group->cells[middle].raw, raw) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_cell(const psyi_norm_group *group, size_t cell, psyi_ratio raw)
{
    return cell < group->n_cells && psyi_ratio_compare(group->cells[cell].raw, raw) == 0;
}

/* What the group says of a raw score, before it is rounded. */
static psyi_ratio exact_value(const psyi_norm *norm, const psyi_norm_group *group,
                              psyi_metric metric, psyi_ratio raw)
{
    if (norm->kind == PSYI_NORM_TABLE) {
        const size_t at = find_cell(group, raw);
        return is_cell(group, at, raw) ? group->cells[at].standard : PSYI_RATIO_NONE;
    }
    int64_t centre, unit;
    if (!psyi_metric_line(metric, &centre, &unit) || group->sd.den <= 0 || group->sd.num <= 0)
        return PSYI_RATIO_NONE;
    const psyi_ratio z = psyi_ratio_div(psyi_ratio_sub(raw, group->mean), group->sd);
    return psyi_ratio_add((psyi_ratio){centre, 1}, psyi_ratio_mul((psyi_ratio){unit, 1}, z));
}

/* The observed neighbour of a cell that nobody counted in, or SIZE_MAX. */
static size_t observed(const psyi_norm_group *group, size_t from, int step)
{
    for (size_t i = from; i < group->n_cells; i += (size_t)step)
        if (group->cells[i].count > 0)
            return i;
    return SIZE_MAX;
}

static psyi_rank_place place_of(const psyi_norm_group *group, psyi_ratio raw)
{
    psyi_rank_place place = {0};
    const size_t at = find_cell(group, raw);
    const bool there = is_cell(group, at, raw);
    for (size_t i = 0; i < group->n_cells; i++) {
        place.below += i < at ? group->cells[i].count : 0;
        place.n += group->cells[i].count;
    }
    place.equal = there ? group->cells[at].count : 0;
    const size_t low = observed(group, at - 1, -1), high = observed(group, at + there, 1);
    if (low != SIZE_MAX) {
        place.low = group->cells[low].raw;
        place.low_count = group->cells[low].count;
        place.low_below = place.below - place.low_count;
    }
    if (high != SIZE_MAX) {
        place.high = group->cells[high].raw;
        place.high_count = group->cells[high].count;
    }
    return place;
}

static uint64_t count_all(const psyi_norm_group *group)
{
    uint64_t n = 0;
    for (size_t i = 0; i < group->n_cells; i++)
        n += group->cells[i].count;
    return n;
}

static psyi_ratio from_counts(const psyi_norm *norm, const psyi_norm_group *group,
                              psyi_metric metric, psyi_ratio raw)
{
    int64_t centre, unit;
    /* By itself a group of counts judges only where it is large enough; pooling and shrinking
     * need all groups (local_set.h). */
    if (group->n_cells < 2 || (norm->local.present && count_all(group) < norm->local.rule.min_n))
        return PSYI_RATIO_NONE;
    if (!psyi_metric_line(metric, &centre, &unit)) {
        const psyi_rank_place place = place_of(group, raw);
        return psyi_rank_standard(&place, metric, raw, norm->decimals[metric], norm->rounding);
    }
    psyi_group_sums sums;
    psyi_sums_start(&sums, group->cells[0].raw);
    for (size_t i = 0; i < group->n_cells; i++)
        psyi_sums_add(&sums, group->cells[i].raw, group->cells[i].count);
    psyi_sums_finish(&sums);
    return psyi_metric_within(metric,
                              psyi_sums_standard(&sums, raw, centre, unit, norm->decimals[metric],
                                                 psyi_metric_rounding(metric, norm->rounding)));
}

psyi_ratio psyi_norm_standard(const psyi_norm *norm, const psyi_norm_group *group,
                              psyi_metric metric, psyi_ratio raw)
{
    return psyi_norm_standard_at(norm, group, metric, raw, PSYI_RATIO_NONE);
}

psyi_ratio psyi_norm_standard_at(const psyi_norm *norm, const psyi_norm_group *group,
                                 psyi_metric metric, psyi_ratio raw, psyi_ratio age)
{
    if (group == NULL || raw.den <= 0 || metric >= PSYI_METRICS ||
        (norm->metrics >> metric & 1) == 0)
        return PSYI_RATIO_NONE;
    if (norm->kind >= PSYI_NORM_LMS)
        return psyi_model_standard(norm, group, metric, raw, age);
    if (norm->kind == PSYI_NORM_HISTOGRAM)
        return from_counts(norm, group, metric, raw);
    const psyi_ratio value = norm->between_ages
                                 ? psyi_between_groups(norm, group, exact_value, metric, raw, age)
                                 : exact_value(norm, group, metric, raw);
    return psyi_metric_within(metric,
                              psyi_round_ratio(value, norm->decimals[metric],
                                               psyi_metric_rounding(metric, norm->rounding)));
}

bool psyi_norm_range(const psyi_norm *norm, const psyi_norm_group *group, psyi_metric metric,
                     psyi_ratio low, psyi_ratio high, bool integer, psyi_ratio age,
                     psyi_ratio *least, psyi_ratio *greatest)
{
    *least = psyi_norm_standard_at(norm, group, metric, low, age);
    *greatest = psyi_norm_standard_at(norm, group, metric, high, age);
    if (least->den <= 0 || greatest->den <= 0)
        return false;
    if (norm->kind != PSYI_NORM_TABLE)
        return true; /* rising with the raw score */
    if (psyi_ratio_compare(low, high) == 0)
        return true;
    if (norm->between_ages)
        return false; /* gaps of two tables */
    /* So does a table, or it does not load; but it may have gaps. */
    const size_t first = find_cell(group, low), last = find_cell(group, high);
    if (!integer || low.den != 1 || high.den != 1 || (int64_t)(last - first) != high.num - low.num)
        return false;
    for (size_t i = first; i <= last; i++)
        if (group->cells[i].raw.den != 1)
            return false;
    return true;
}
