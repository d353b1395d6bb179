/*
 * group_moments.c -- the moments of scores in groups of students.
 *
 * They come from exact histograms, so that they do not depend on order.
 */
#include "report/groups.h"

#include "base/spill.h"

#include <math.h>

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

/* The sheet of each of the report's students that distributions count, or PSYI_NO_SHEET: of those
 * in V (or doubtful) who may be printed.  Dozens of scales of a use ask for the same. */
static const uint32_t *counted_sheets(psyi_report *report, size_t use)
{
    const psyi_results *const results = report->results;
    if (report->counted != NULL && report->counted_use == use)
        return report->counted;
    if (report->counted == NULL)
        report->counted = psyi_arena_alloc(&report->arena, report->n + 1, sizeof *report->counted);
    if (report->counted == NULL)
        return NULL;
    report->counted_use = use;
    for (size_t i = 0; i < report->n; i++) {
        const size_t student = report->first + i;
        const uint8_t status = results->students[student].status;
        psyi_spill_pass(results->allocator, i);
        report->counted[i] = (status == PSYI_STATUS_VALID || status == PSYI_STATUS_DOUBTFUL) &&
                                     psyi_printable(results, student)
                                 ? psyi_selected(results, student, use)
                                 : PSYI_NO_SHEET;
    }
    return report->counted;
}

static bool fold(psyi_report *report, const psyi_groups *groups, size_t use, size_t scale,
                 psyi_histogram *histograms, uint32_t *usual, size_t n_usual, psyi_moments *moments)
{
    const psyi_results *const results = report->results;
    const psyi_scores *const scores = results->scores[use];
    const uint32_t *const sheets = scores != NULL ? counted_sheets(report, use) : NULL;
    psyi_ratio cut = PSYI_RATIO_NONE;
    psyi_compare compare = PSYI_GE;
    const bool has_cut = psyi_scale_cut(results->plan, use, scale, &cut, &compare);
    bool done = scores == NULL || sheets != NULL;
    for (size_t i = 0; i < report->n && scores != NULL && done; i++) {
        const uint32_t sheet = sheets[i];
        psyi_spill_pass(results->allocator, i);
        if (sheet == PSYI_NO_SHEET ||
            scores->status[psyi_scale_at(scores, scale, sheet)] < PSYI_SCORED)
            continue;
        const psyi_ratio value = psyi_scores_value(scores, scale, sheet);
        const size_t group = groups->group_of[i];
        if (value.den == 1 && value.num >= 0 && (uint64_t)value.num < n_usual)
            usual[group * n_usual + (size_t)value.num]++;
        else if (value.den > 0)
            done = psyi_histogram_add(&histograms[group], value, 1, NULL) == PSY_OK;
        moments[group].high += has_cut && value.den > 0 && is_high(value, cut, compare);
    }
    return done;
}

typedef struct distributions { /* of groups, beside each other */
    psyi_histogram *histograms;
    uint32_t *usual;
    size_t n_usual;
    psyi_moments *moments;
} distributions;

/* What is known of group `from` is true of the whole `to` as well. */
static bool sum_up(const distributions *of, size_t to, size_t from)
{
    const size_t n = of->n_usual;
    for (size_t score = 0; score < n; score++)
        of->usual[to * n + score] += of->usual[from * n + score];
    of->moments[to].high += of->moments[from].high;
    return psyi_histogram_merge(&of->histograms[to], &of->histograms[from], NULL) == PSY_OK;
}

/* Finest groups into their grades, grades into everybody (the last). */
static bool sum_up_all(const psyi_groups *groups, const distributions *of)
{
    bool done = true;
    for (size_t i = 0, first = 0; done && i < groups->n; i++) {
        if (groups->groups[i].whole != 1)
            continue;
        for (; first < i && done; first++)
            done = sum_up(of, i, first);
        first = i + 1;
        done = done && sum_up(of, groups->n - 1, i);
    }
    return done;
}

static bool add_usual(const distributions *of, size_t group)
{
    const uint32_t *const counts = of->usual + group * of->n_usual;
    bool done = true;
    for (size_t score = 0; score < of->n_usual && done; score++)
        if (counts[score] > 0)
            done = psyi_histogram_add(&of->histograms[group], (psyi_ratio){(int64_t)score, 1},
                                      counts[score], NULL) == PSY_OK;
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
    const distributions all = {histograms, usual, n_usual, moments};
    done = done && fold(report, groups, use, scale, histograms, usual, n_usual, moments) &&
           sum_up_all(groups, &all);
    for (size_t i = 0; done && i < groups->n; i++) {
        done = add_usual(&all, i);
        describe(&histograms[i], &moments[i]);
    }
    for (size_t i = 0; made && i < groups->n; i++)
        psyi_histogram_done(&histograms[i]);
    psyi_free(allocator, usual);
    psyi_free(allocator, histograms);
    if (!done)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: distributions of scores");
    return done ? moments : NULL;
}
