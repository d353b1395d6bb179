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

/* ---- making groups ---- */

/* The finest groups as they are met, each known by its first student; `sorted` holds their numbers
 * in order.  Students are passed once, in their own order: sorting a million of them would jump
 * through all that is known of them. */
typedef struct finding {
    psyi_report *report;
    psyi_compare_items *compare;
    uint32_t *firsts, *sorted;
    psyi_counts *counts;
    size_t n, room;
} finding;

static bool grow(finding *f)
{
    psyi_arena *const arena = &f->report->arena;
    const size_t room = f->room == 0 ? 64 : 2 * f->room;
    uint32_t *const firsts = psyi_arena_alloc(arena, room, sizeof *firsts);
    uint32_t *const sorted = psyi_arena_alloc(arena, room, sizeof *sorted);
    psyi_counts *const counts = psyi_arena_alloc(arena, room, sizeof *counts);
    if (firsts == NULL || sorted == NULL || counts == NULL)
        return false;
    if (f->n > 0) {
        memcpy(firsts, f->firsts, f->n * sizeof *firsts);
        memcpy(sorted, f->sorted, f->n * sizeof *sorted);
        memcpy(counts, f->counts, f->n * sizeof *counts);
    }
    f->firsts = firsts;
    f->sorted = sorted;
    f->counts = counts;
    f->room = room;
    return true;
}

/* The number of a student's group, a new one where he is the first of it; f->n without memory. */
static size_t find_group(finding *f, uint32_t student)
{
    const psyi_results *const results = f->report->results;
    size_t low = 0, high = f->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = f->compare(results, f->firsts[f->sorted[middle]], student);
        if (order == 0)
            return f->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (f->n == f->room && !grow(f))
        return f->n;
    memmove(&f->sorted[low + 1], &f->sorted[low], (f->n - low) * sizeof *f->sorted);
    f->firsts[f->n] = student;
    f->sorted[low] = (uint32_t)f->n;
    memset(&f->counts[f->n], 0, sizeof f->counts[f->n]);
    return f->n++;
}

/* Every student's group by its number, and what the groups count. */
static bool find_groups(finding *f, uint32_t *group_of)
{
    const psyi_report *const report = f->report;
    for (size_t i = 0; i < report->n; i++) {
        const uint32_t student = (uint32_t)(report->first + i);
        psyi_spill_pass(report->results->allocator, i);
        const size_t group = find_group(f, student);
        if (group == f->n)
            return false;
        psyi_counts one;
        psyi_count(report->results, student, 1, NULL, NULL, &one);
        psyi_counts_add(&f->counts[group], &one);
        group_of[i] = (uint32_t)group;
    }
    return true;
}

/* The groups in order, behind those of a grade the whole grade, everybody last; `place` and `grade`
 * receive where a group, and the whole of its grade, has come to stand. */
static void put_in_order(const finding *f, bool by_sex, uint32_t *place, uint32_t *grade,
                         psyi_groups *out)
{
    const psyi_results *const results = f->report->results;
    psyi_counts everybody;
    memset(&everybody, 0, sizeof everybody);
    for (size_t from = 0; from < f->n;) {
        const int16_t of = student_of(results, f->firsts[f->sorted[from]])->grade;
        psyi_group whole = {.grade = of, .sex = PSYI_ANY, .whole = 1, .class_text = ""};
        size_t to = from;
        for (; to < f->n; to++) {
            const uint32_t group = f->sorted[to];
            const psyi_student *const first = student_of(results, f->firsts[group]);
            if (first->grade != of)
                break;
            place[group] = (uint32_t)out->n;
            out->groups[out->n++] = (psyi_group){.grade = of,
                                                 .sex = by_sex ? first->sex : PSYI_ANY,
                                                 .class_text = by_sex ? "" : first->class_text,
                                                 .counts = f->counts[group]};
            psyi_counts_add(&whole.counts, &f->counts[group]);
        }
        for (; from < to; from++)
            grade[f->sorted[from]] = (uint32_t)out->n;
        psyi_counts_add(&everybody, &whole.counts);
        out->groups[out->n++] = whole;
    }
    out->groups[out->n++] =
        (psyi_group){.sex = PSYI_ANY, .whole = 2, .class_text = "", .counts = everybody};
}

static bool make_groups(psyi_report *report, psyi_compare_items *compare, bool by_sex,
                        psyi_groups *out)
{
    finding f = {.report = report, .compare = compare};
    psyi_arena *const arena = &report->arena;
    out->n = 0;
    out->group_of = psyi_arena_alloc(arena, report->n + 1, sizeof *out->group_of);
    out->grade_of = psyi_arena_alloc(arena, report->n + 1, sizeof *out->grade_of);
    bool done = out->group_of != NULL && out->grade_of != NULL && find_groups(&f, out->group_of);
    uint32_t *const place = done ? psyi_arena_alloc(arena, f.n + 1, sizeof *place) : NULL;
    uint32_t *const grade = done ? psyi_arena_alloc(arena, f.n + 1, sizeof *grade) : NULL;
    /* At most as many grades as groups. */
    out->groups = done ? psyi_arena_alloc(arena, 2 * f.n + 1, sizeof *out->groups) : NULL;
    done = place != NULL && grade != NULL && out->groups != NULL;
    if (!done) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: groups of students");
        return false;
    }
    put_in_order(&f, by_sex, place, grade, out);
    for (size_t i = 0; i < report->n; i++) {
        psyi_spill_pass(report->results->allocator, i);
        out->grade_of[i] = grade[out->group_of[i]];
        out->group_of[i] = place[out->group_of[i]];
    }
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
