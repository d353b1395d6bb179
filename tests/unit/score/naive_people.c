/*
 * naive_people.c -- the plainest way from scores to standard scores, bands and flags.
 */
#include "naive.h"
#include "norm/apply.h"
#include "test_support.h"

#include <string.h>

static void standard_bounds(naive_sheet *sheet, size_t index, const psyi_norm *norm,
                            const psyi_norm_group *group)
{
    const psyi_standard *const standard = &sheet->instrument->standards[index];
    const naive_score *const score = &sheet->scores[standard->scale];
    psyi_ratio *const low = &sheet->standard_low[index], *const high = &sheet->standard_high[index];
    const psyi_metric metric = (psyi_metric)standard->metric;
    if (norm->kind == PSYI_NORM_TABLE &&
        (!naive_scales(sheet)[standard->scale].integer || score->low.den != 1 ||
         score->high.den != 1) &&
        psyi_ratio_compare(score->low, score->high) != 0)
        return;
    psyi_ratio least = psyi_norm_standard(norm, group, metric, score->low);
    psyi_ratio most = psyi_norm_standard(norm, group, metric, score->high);
    for (int64_t raw = score->low.num; norm->kind == PSYI_NORM_TABLE && raw <= score->high.num;
         raw++) {
        const psyi_ratio value =
            psyi_norm_standard(norm, group, metric, psyi_ratio_make(raw, score->low.den));
        if (value.den == 0)
            return;
    }
    if (least.den == 0 || most.den == 0)
        return;
    *low = least;
    *high = most;
}

void naive_standard(naive_sheet *sheet, size_t index)
{
    const psyi_standard *const standard = &sheet->instrument->standards[index];
    const psyi_person *const p = &sheet->person;
    const naive_score *const score = &sheet->scores[standard->scale];
    sheet->standards[index] = sheet->standard_low[index] = sheet->standard_high[index] =
        PSYI_RATIO_NONE;
    if (standard->norm == PSYI_NO_INDEX)
        return;
    const psyi_norm *const norm = sheet->instrument->norms[standard->norm];
    const psyi_norm_group *const group = psyi_norm_group_for(
        norm, sheet->instrument->scales[standard->scale].id, (psyi_informant)p->informant,
        (psyi_sex)p->sex, p->grade, p->age, p->months);
    const bool shifted = sheet->instrument->variants[sheet->variant].shift != 0;
    if (score->bounded && !shifted && group != NULL)
        standard_bounds(sheet, index, norm, group);
    if (score->why != NAIVE_THERE)
        return;
    sheet->standards[index] =
        psyi_norm_standard(norm, group, (psyi_metric)standard->metric,
                           shifted ? sheet->canonical[standard->scale] : score->value);
}

static int band_in(const psyi_scale *scale, const psyi_band_set *set, psyi_ratio value)
{
    const char *const *ids;
    const size_t n = psyi_scale_bands(scale, set->population, &ids);
    const psyi_band *hit = NULL;
    for (size_t i = 0; i < set->n_bands; i++) {
        const psyi_band *const band = &set->bands[i];
        const int order = band->bottom ? 1 : psyi_ratio_compare(value, band->from);
        if (order > 0 || (order == 0 && !band->above))
            hit = band;
    }
    for (size_t i = 0; hit != NULL && i < n; i++)
        if (strcmp(ids[i], hit->id) == 0)
            return (int)i;
    return -1;
}

static psyi_fit fits(const naive_sheet *sheet, const psyi_band_set *set)
{
    const psyi_person *const p = &sheet->person;
    return psyi_who_fit(&set->who, (psyi_informant)p->informant, (psyi_sex)p->sex, p->grade,
                        p->age);
}

static bool same_levels(const psyi_band_set *a, const psyi_band_set *b)
{
    bool same = a->n_bands == b->n_bands && a->standard == b->standard;
    for (size_t k = 1; same && k < a->n_bands; k++)
        same = strcmp(a->bands[k].id, b->bands[k].id) == 0 &&
               psyi_ratio_compare(a->bands[k].from, b->bands[k].from) == 0 &&
               a->bands[k].above == b->bands[k].above;
    return same;
}

/* The first set that fits; none when an earlier one might, and says otherwise. */
static const psyi_band_set *choose_set(const naive_sheet *sheet, const psyi_scale *scale,
                                       size_t population)
{
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        if (set->population != population || fits(sheet, set) != PSYI_FIT_YES)
            continue;
        for (size_t j = 0; j < i; j++)
            if (scale->band_sets[j].population == population &&
                fits(sheet, &scale->band_sets[j]) == PSYI_FIT_UNKNOWN &&
                !same_levels(&scale->band_sets[j], set))
                return NULL;
        return set;
    }
    return NULL;
}

void naive_band(naive_sheet *sheet, size_t index, size_t population)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    const naive_score *const score = &sheet->scores[index];
    const size_t at = index * NAIVE_POPULATIONS + population;
    const psyi_band_set *const set = choose_set(sheet, scale, population);
    sheet->bands[at] = sheet->band_low[at] = sheet->band_high[at] = -1;
    if (set == NULL)
        return;
    psyi_ratio value = score->value;
    if (set->standard != PSYI_NO_INDEX)
        value = sheet->standards[set->standard];
    sheet->bands[at] = value.den > 0 ? band_in(scale, set, value) : -1;
    psyi_ratio least = score->low, most = score->high;
    if (set->standard != PSYI_NO_INDEX) {
        least = sheet->standard_low[set->standard];
        most = sheet->standard_high[set->standard];
    }
    if (!score->bounded || least.den == 0 || most.den == 0)
        return;
    const int low = band_in(scale, set, least), high = band_in(scale, set, most);
    sheet->band_low[at] = low < high ? low : high;
    sheet->band_high[at] = low < high ? high : low;
}

void naive_flag(naive_sheet *sheet, size_t index)
{
    const psy_instrument *const instrument = sheet->instrument;
    const psyi_flag *const flag = &instrument->flags[index];
    int *const out = &sheet->flags[index];
    sheet->flag_soft[index] = false;
    if (flag->when != NULL) {
        psyi_truths truths;
        const psyi_block block = naive_block(sheet);
        psyi_program_truth(flag->when, &block, sheet->workspace, &truths, NULL);
        *out = (truths.yes & 1) != 0      ? 1
               : (truths.no & 1) != 0     ? 0
               : (truths.absent & 1) != 0 ? -2
                                          : -1;
        sheet->flag_soft[index] =
            (*out == 1 && (truths.maybe_no & 1) != 0) || (*out == 0 && (truths.maybe_yes & 1) != 0);
        return;
    }
    int64_t answered = 0, carried = 0;
    bool blank = false;
    for (size_t i = 0; i < instrument->n_items; i++) {
        const naive_state state = sheet->items[i].state;
        if (!instrument->items[i].scored)
            continue;
        answered += state == NAIVE_ANSWERED;
        carried += state == NAIVE_ANSWERED || state == NAIVE_BLANK;
    }
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        blank = blank || sheet->items[instrument->critical_items[i]].state == NAIVE_BLANK;
    *out = blank && carried > 0 &&
           psyi_ratio_compare(psyi_ratio_make(answered, carried), instrument->critical_share) >= 0;
}
