/*
 * groups.c -- groups of students and the moments of their scores.
 *
 * Counts come from the cohort, one student at a time, so that every table counts by the
 * same rule.  Moments come from exact histograms, so that they do not depend on order.
 */
#include "report/groups.h"
#include "base/spill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void psyi_counts_add(psyi_counts *to, const psyi_counts *from)
{
    _Static_assert(sizeof(psyi_counts) % sizeof(uint64_t) == 0, "counts are all of one type");
    uint64_t sums[sizeof(psyi_counts) / sizeof(uint64_t)];
    uint64_t more[sizeof(psyi_counts) / sizeof(uint64_t)];
    memcpy(sums, to, sizeof sums);
    memcpy(more, from, sizeof more);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        sums[i] += more[i];
    memcpy(to, sums, sizeof sums);
}

/* ---- groups ---- */

static const psyi_student *student_of(const psyi_results *results, uint32_t student)
{
    return &results->students[student];
}

static int compare_class(const psyi_results *results, uint32_t a, uint32_t b)
{
    const psyi_student *const x = student_of(results, a), *const y = student_of(results, b);
    if (x->grade != y->grade)
        return x->grade < y->grade ? -1 : 1;
    if (x->class_number != y->class_number)
        return x->class_number < y->class_number ? -1 : 1;
    return strcmp(x->class_text, y->class_text);
}

static int compare_sex(const psyi_results *results, uint32_t a, uint32_t b)
{
    const psyi_student *const x = student_of(results, a), *const y = student_of(results, b);
    if (x->grade != y->grade)
        return x->grade < y->grade ? -1 : 1;
    /* Unknown last. */
    const int p = x->sex == PSYI_SEX_UNKNOWN ? 9 : x->sex;
    const int q = y->sex == PSYI_SEX_UNKNOWN ? 9 : y->sex;
    return p - q;
}

/* Stable, with n log n comparisons and no state beside it. */
static void merge_sort(const psyi_results *results, psyi_compare_items *compare, uint32_t *items,
                       uint32_t *room, size_t n)
{
    if (n < 2)
        return;
    const size_t half = n / 2;
    merge_sort(results, compare, items, room, half);
    merge_sort(results, compare, items + half, room, n - half);
    memcpy(room, items, half * sizeof *items);
    size_t left = 0, right = half, at = 0;
    while (left < half && right < n)
        items[at++] =
            compare(results, items[right], room[left]) < 0 ? items[right++] : room[left++];
    while (left < half)
        items[at++] = room[left++];
}

bool psyi_sort(psyi_report *report, psyi_compare_items *compare, uint32_t *items, size_t n)
{
    uint32_t *const room = psyi_arena_alloc(&report->arena, n + 1, sizeof *room);
    if (room == NULL)
        return false;
    merge_sort(report->results, compare, items, room, n);
    return true;
}

static uint32_t *order_by(psyi_report *report, psyi_compare_items *compare)
{
    const size_t n = report->n;
    uint32_t *const order = psyi_arena_alloc(&report->arena, n + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < n; i++)
        order[i] = (uint32_t)(report->first + i);
    return order != NULL && psyi_sort(report, compare, order, n) ? order : NULL;
}

uint32_t *psyi_order_by_class(psyi_report *report)
{
    return order_by(report, compare_class);
}

static void add_student(const psyi_results *results, uint32_t student, psyi_group *group)
{
    psyi_counts one;
    psyi_count(results, student, 1, NULL, NULL, &one);
    psyi_counts_add(&group->counts, &one);
}

static bool make_groups(psyi_report *report, psyi_compare_items *compare, bool by_sex,
                        psyi_groups *out)
{
    const psyi_results *const results = report->results;
    const size_t n = report->n;
    uint32_t *const order = order_by(report, compare);
    out->group_of = psyi_arena_alloc(&report->arena, n + 1, sizeof *out->group_of);
    out->grade_of = psyi_arena_alloc(&report->arena, n + 1, sizeof *out->grade_of);
    if (order == NULL || out->group_of == NULL || out->grade_of == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: groups of students");
        return false;
    }
    size_t n_groups = 1;
    for (size_t i = 0; i < n; i++)
        n_groups += (size_t)(i == 0 || compare(results, order[i - 1], order[i]) != 0) +
                    (size_t)(i == 0 || student_of(results, order[i - 1])->grade !=
                                           student_of(results, order[i])->grade);
    out->groups = psyi_arena_alloc(&report->arena, n_groups, sizeof *out->groups);
    if (out->groups == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: groups of students");
        return false;
    }
    out->n = 0;
    for (size_t from = 0; from < n;) { /* a grade */
        const int16_t grade = student_of(results, order[from])->grade;
        size_t to = from;
        for (; to < n && student_of(results, order[to])->grade == grade; to++) {
            if (to == from || compare(results, order[to - 1], order[to]) != 0) {
                const psyi_student *const first = student_of(results, order[to]);
                out->groups[out->n++] = (psyi_group){.grade = grade,
                                                     .sex = by_sex ? first->sex : PSYI_ANY,
                                                     .class_text = by_sex ? "" : first->class_text};
            }
            out->group_of[order[to] - report->first] = (uint32_t)(out->n - 1);
            add_student(results, order[to], &out->groups[out->n - 1]);
        }
        psyi_group *const whole = &out->groups[out->n];
        *whole = (psyi_group){.grade = grade, .sex = PSYI_ANY, .whole = 1, .class_text = ""};
        for (size_t i = from; i < to; i++)
            out->grade_of[order[i] - report->first] = (uint32_t)out->n;
        for (size_t i = out->n;
             i > 0 && out->groups[i - 1].grade == grade && out->groups[i - 1].whole == 0; i--)
            psyi_counts_add(&whole->counts, &out->groups[i - 1].counts);
        out->n++;
        from = to;
    }
    psyi_group *const all = &out->groups[out->n++];
    *all = (psyi_group){.sex = PSYI_ANY, .whole = 2, .class_text = ""};
    for (size_t i = 0; i + 1 < out->n; i++)
        if (out->groups[i].whole == 1)
            psyi_counts_add(&all->counts, &out->groups[i].counts);
    return true;
}

bool psyi_groups_by_class(psyi_report *report, psyi_groups *groups)
{
    return make_groups(report, compare_class, false, groups);
}

bool psyi_groups_by_sex(psyi_report *report, psyi_groups *groups)
{
    return make_groups(report, compare_sex, true, groups);
}

size_t psyi_groups_parent(const psyi_groups *groups, size_t group)
{
    if (groups->groups[group].whole == 2)
        return SIZE_MAX;
    if (groups->groups[group].whole == 1)
        return groups->n - 1;
    while (groups->groups[group].whole == 0)
        group++;
    return group;
}

/* ---- moments ---- */

bool psyi_scale_cut(const psy_plan *plan, size_t use, size_t scale, psyi_ratio *cut,
                    psyi_compare *compare)
{
    const uint32_t column = psyi_column(PSYI_COLUMN_SCORE, (unsigned)use, (unsigned)scale, 0);
    int rank = 0;
    for (size_t i = 0; i < plan->n_rules; i++) {
        const psyi_comparison *comparisons;
        const size_t n = psyi_program_comparisons(plan->rules[i].when, &comparisons);
        for (size_t j = 0; j < n; j++) {
            const psyi_comparison *const one = &comparisons[j];
            if (one->subject != PSYI_SUBJECT_COLUMN || one->id != column || one->negated ||
                one->compare < PSYI_LT || one->compare > PSYI_GE || plan->rules[i].rank <= rank)
                continue;
            rank = plan->rules[i].rank;
            *cut = one->constant;
            *compare = one->compare;
        }
    }
    return rank > 0;
}

static bool is_high(psyi_ratio value, psyi_ratio cut, psyi_compare compare)
{
    const int order = psyi_ratio_compare(value, cut);
    return compare == PSYI_LT   ? order < 0
           : compare == PSYI_LE ? order <= 0
           : compare == PSYI_GT ? order > 0
                                : order >= 0;
}

/* Smallest score with at least `share` of the people at or below it. */
static double quantile(const psyi_histogram *histogram, double share)
{
    const double wanted = share * (double)histogram->n;
    uint64_t below = 0;
    for (size_t i = 0; i < histogram->n_bins; i++) {
        below += histogram->bins[i].count;
        if ((double)below >= wanted)
            return psyi_ratio_double(histogram->bins[i].score);
    }
    return NAN;
}

static void describe(const psyi_histogram *histogram, psyi_moments *out)
{
    double variance = NAN;
    out->n = histogram->n;
    out->mean = out->sd = out->median = out->p25 = out->p75 = NAN;
    if (histogram->n == 0 || !psyi_histogram_moments(histogram, &out->mean, &variance))
        return;
    out->sd = sqrt(variance);
    out->median = quantile(histogram, 0.5);
    out->p25 = quantile(histogram, 0.25);
    out->p75 = quantile(histogram, 0.75);
}

/* Whole numbers of ordinary size, which nearly all scores are, are counted in place: as many a
 * group as the scale has, for a school has dozens of classes and dozens of scales, and clearing
 * 512 each was a thirtieth of a run. */
#define USUAL_SCORES 512

static size_t usual_scores(const psyi_results *results, size_t use, size_t scale)
{
    const psyi_ratio high = results->scores[use] != NULL
                                ? psyi_scorer_scale(results->scorers[use], scale)->high
                                : PSYI_RATIO_NONE;
    const int64_t most = high.den > 0 ? psyi_ratio_floor(high).num : USUAL_SCORES;
    return most < 0 ? 1 : most < USUAL_SCORES ? (size_t)most + 1 : USUAL_SCORES;
}

static bool fold(psyi_report *report, const psyi_groups *groups, size_t use, size_t scale,
                 psyi_histogram *histograms, uint32_t *usual, size_t n_usual, psyi_moments *moments)
{
    const psyi_results *const results = report->results;
    const psyi_scores *const scores = results->scores[use];
    psyi_ratio cut = PSYI_RATIO_NONE;
    psyi_compare compare = PSYI_GE;
    const bool has_cut = psyi_scale_cut(results->plan, use, scale, &cut, &compare);
    bool done = true;
    size_t end = 0; /* above the highest of the usual */
    for (size_t i = 0; i < report->n && scores != NULL && done; i++) {
        const size_t student = report->first + i;
        const uint8_t status = results->students[student].status;
        uint32_t sheet;
        psyi_spill_pass(results->allocator, i);
        if ((status != PSYI_STATUS_VALID && status != PSYI_STATUS_DOUBTFUL) ||
            !psyi_printable(results, student) ||
            !psyi_score_at(results, student, use, scale, &sheet))
            continue;
        const psyi_ratio value = psyi_scores_value(scores, scale, sheet);
        const size_t group = groups->group_of[i];
        if (value.den == 1 && value.num >= 0 && (uint64_t)value.num < n_usual) {
            usual[group * n_usual + (size_t)value.num]++;
            if ((size_t)value.num >= end)
                end = (size_t)value.num + 1;
        } else if (value.den > 0)
            done = psyi_histogram_add(&histograms[group], value, 1, NULL) == PSY_OK;
        moments[group].high += has_cut && value.den > 0 && is_high(value, cut, compare);
    }
    for (size_t group = 0; group < groups->n && done; group++)
        for (size_t score = 0; score < end && done; score++)
            if (usual[group * n_usual + score] > 0)
                done = psyi_histogram_add(&histograms[group], psyi_ratio_make((int64_t)score, 1),
                                          usual[group * n_usual + score], NULL) == PSY_OK;
    return done;
}

psyi_moments *psyi_groups_moments(psyi_report *report, const psyi_groups *groups, size_t use,
                                  size_t scale)
{
    const psy_allocator *const allocator = report->results->allocator;
    psyi_histogram *const histograms = psyi_alloc(allocator, groups->n, sizeof *histograms);
    const size_t n_usual = usual_scores(report->results, use, scale);
    uint32_t *const usual = psyi_alloc(allocator, groups->n * n_usual, sizeof *usual);
    psyi_moments *const moments = psyi_arena_alloc(&report->arena, groups->n, sizeof *moments);
    bool done = histograms != NULL && usual != NULL && moments != NULL;
    for (size_t i = 0; done && i < groups->n; i++)
        psyi_histogram_init(&histograms[i], allocator);
    const bool made = done;
    done = done && fold(report, groups, use, scale, histograms, usual, n_usual, moments);
    /* Finest groups into their grades, grades into everybody (the last). */
    for (size_t i = 0, grade = 0; done && i < groups->n; i++) {
        if (groups->groups[i].whole == 1) {
            for (; grade < i && done; grade++) {
                done = psyi_histogram_merge(&histograms[i], &histograms[grade], NULL) == PSY_OK;
                moments[i].high += moments[grade].high;
            }
            grade = i + 1;
            done = done &&
                   psyi_histogram_merge(&histograms[groups->n - 1], &histograms[i], NULL) == PSY_OK;
            moments[groups->n - 1].high += moments[i].high;
        }
    }
    for (size_t i = 0; done && i < groups->n; i++)
        describe(&histograms[i], &moments[i]);
    for (size_t i = 0; made && i < groups->n; i++)
        psyi_histogram_done(&histograms[i]);
    psyi_free(allocator, usual);
    psyi_free(allocator, histograms);
    if (!done)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: distributions of scores");
    return done ? moments : NULL;
}
