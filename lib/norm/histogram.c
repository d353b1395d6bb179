/*
 * histogram.c -- counts of exact scores; everything about a local group comes from them.
 *
 * Adding is integer addition on sorted bins, so a group is the same whatever the order in
 * which schools were folded into it.
 */
#include "base/fail.h"
#include "norm/apply.h"
#include "norm/local_round.h"

#include <math.h>
#include <string.h>

void psyi_histogram_init(psyi_histogram *histogram, const psy_allocator *allocator)
{
    *histogram = (psyi_histogram){.allocator = allocator};
}

void psyi_histogram_done(psyi_histogram *histogram)
{
    psyi_free(histogram->allocator, histogram->bins);
    psyi_histogram_init(histogram, histogram->allocator);
}

/* First bin not below `score`. */
static size_t find_bin(const psyi_histogram *histogram, psyi_ratio score)
{
    size_t low = 0, high = histogram->n_bins;
    /* Scores that are counted in ascending order go behind the last. */
    if (high > 0 && psyi_ratio_compare(histogram->bins[high - 1].score, score) < 0)
        return high;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (psyi_ratio_compare(histogram->bins[middle].score, score) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool holds(const psyi_histogram *histogram, size_t bin, psyi_ratio score)
{
    return bin < histogram->n_bins && histogram->bins[bin].score.num == score.num &&
           histogram->bins[bin].score.den == score.den;
}

psy_status psyi_histogram_add(psyi_histogram *histogram, psyi_ratio score, uint64_t count,
                              psy_error *error)
{
    if (count == 0)
        return PSY_OK;
    score = psyi_ratio_make(score.num, score.den);
    if (score.den <= 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a histogram takes scores, not gaps");
    if (histogram->n + count < count)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "a histogram counts at most 2^64 - 1");
    const size_t at = find_bin(histogram, score);
    if (!holds(histogram, at, score)) {
        void *bins = histogram->bins;
        if (!psyi_grow(histogram->allocator, &bins, &histogram->capacity, histogram->n_bins + 1,
                       sizeof *histogram->bins))
            return psyi_fail_memory(error, "a histogram");
        histogram->bins = bins;
        memmove(&histogram->bins[at + 1], &histogram->bins[at],
                (histogram->n_bins - at) * sizeof *histogram->bins);
        histogram->bins[at] = (psyi_histogram_bin){.score = score};
        histogram->n_bins++;
    }
    histogram->bins[at].count += count;
    histogram->n += count;
    return PSY_OK;
}

psy_status psyi_histogram_merge(psyi_histogram *to, const psyi_histogram *from, psy_error *error)
{
    for (size_t i = 0; i < from->n_bins; i++) {
        const psy_status status =
            psyi_histogram_add(to, from->bins[i].score, from->bins[i].count, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

static void sum_up(const psyi_histogram *histogram, psyi_group_sums *sums)
{
    psyi_sums_start(sums, histogram->n_bins > 0 ? histogram->bins[0].score : (psyi_ratio){0, 1});
    for (size_t i = 0; i < histogram->n_bins; i++)
        psyi_sums_add(sums, histogram->bins[i].score, histogram->bins[i].count);
    psyi_sums_finish(sums);
}

/* Integers above it need not be doubles. */
#define EXACT_DOUBLE (UINT64_C(1) << 53)
#define MOST_COMMON  4096 /* of denominators, below */

/* Nearly all groups: whatever is divided is an integer below 2^53, so that one division of
 * doubles gives what psyi_big_quotient does, the double nearest to the ratio.  (Classes and
 * grades of every school times every scale: wide integers were a tenth of a run.)  false, and
 * nothing told, where something is larger. */
static bool quick_moments(const psyi_histogram *histogram, double *mean, double *variance)
{
    if (histogram->n_bins == 0 || histogram->n >= UINT32_MAX)
        return false;
    int64_t common = 1;
    for (size_t i = 0; i < histogram->n_bins; i++) {
        const psyi_ratio score = histogram->bins[i].score;
        if (score.den > MOST_COMMON || score.num > INT32_MAX || score.num < INT32_MIN)
            return false;
        if (common % score.den != 0)
            common *= score.den / psyi_common_divisor(score.den, common);
        if (common > MOST_COMMON)
            return false;
    }
    const int64_t offset = psyi_ratio_floor(histogram->bins[0].score).num;
    uint64_t sum = 0;
    psyi_u128 squares = 0;
    for (size_t i = 0; i < histogram->n_bins; i++) {
        const psyi_ratio score = histogram->bins[i].score;
        const uint64_t far =
            (uint64_t)((score.num - offset * score.den) * (common / score.den)); /* >= 0 */
        if (far > UINT32_MAX)
            return false;
        sum += far * histogram->bins[i].count; /* 2^32 times fewer than 2^32 of them in all */
        squares += (psyi_u128)(far * far) * histogram->bins[i].count;
    }
    const uint64_t n = histogram->n;
    const psyi_u128 spread = squares * n - (psyi_u128)sum * sum;
    const psyi_u128 below = (psyi_u128)((uint64_t)common * (uint64_t)common) * (n * (n - 1));
    if (sum > EXACT_DOUBLE || spread > EXACT_DOUBLE || below > EXACT_DOUBLE)
        return false;
    /* `below` keeps n * common beneath 2^27 (one score alone: 2^12), and scores have 31 bits. */
    const int64_t all = (int64_t)((uint64_t)common * n), total = offset * all + (int64_t)sum;
    if (total > (int64_t)EXACT_DOUBLE || total < -(int64_t)EXACT_DOUBLE)
        return false;
    *mean = (double)total / (double)all;
    *variance = n < 2 ? NAN : (double)(uint64_t)spread / (double)(uint64_t)below;
    return true;
}

bool psyi_histogram_moments(const psyi_histogram *histogram, double *mean, double *variance)
{
    if (quick_moments(histogram, mean, variance))
        return true;
    psyi_group_sums sums;
    sum_up(histogram, &sums);
    *mean = psyi_sums_mean(&sums);
    *variance = psyi_sums_variance(&sums);
    return histogram->n >= 1 && !isnan(*mean);
}

/* Where a score stands that belongs to bin `at` or before it, `below` counts beneath. */
static psyi_rank_place place_of(const psyi_histogram *histogram, size_t at, uint64_t below,
                                psyi_ratio score)
{
    psyi_rank_place place = {.below = below, .n = histogram->n};
    if (holds(histogram, at, score))
        place.equal = histogram->bins[at].count;
    if (at > 0) {
        place.low = histogram->bins[at - 1].score;
        place.low_count = histogram->bins[at - 1].count;
        place.low_below = below - place.low_count;
    }
    if (at < histogram->n_bins) {
        place.high = histogram->bins[at].score;
        place.high_count = histogram->bins[at].count;
    }
    return place;
}

static psyi_ratio on_the_line(const psyi_group_sums *sums, psyi_metric metric, psyi_ratio score)
{
    int64_t centre, unit;
    if (!psyi_metric_line(metric, &centre, &unit))
        return PSYI_RATIO_NONE;
    return psyi_metric_within(
        metric, psyi_sums_standard(sums, score, centre, unit, psyi_metric_decimals(metric),
                                   psyi_metric_rounding(metric, PSYI_ROUND_HALF_UP)));
}

static bool is_rank(psyi_metric metric)
{
    return (PSYI_RANK_METRICS >> metric & 1u) != 0;
}

psyi_ratio psyi_histogram_standard(const psyi_histogram *histogram, psyi_metric metric,
                                   psyi_ratio score)
{
    score = psyi_ratio_make(score.num, score.den);
    if (!is_rank(metric)) {
        psyi_group_sums sums;
        sum_up(histogram, &sums);
        return on_the_line(&sums, metric, score);
    }
    /* A group without spread has ranks but no norm: the same rule for every metric. */
    if (histogram->n_bins < 2 || score.den <= 0)
        return PSYI_RATIO_NONE;
    const size_t at = find_bin(histogram, score);
    uint64_t below = 0;
    for (size_t i = 0; i < at; i++)
        below += histogram->bins[i].count;
    const psyi_rank_place place = place_of(histogram, at, below, score);
    return psyi_rank_standard(&place, metric, score, psyi_metric_decimals(metric),
                              PSYI_ROUND_HALF_UP);
}

void psyi_histogram_table(const psyi_histogram *histogram, psyi_metric metric, psyi_ratio *out)
{
    psyi_group_sums sums = {.failed = true};
    const bool ranks = is_rank(metric);
    if (!ranks)
        sum_up(histogram, &sums);
    uint64_t below = 0;
    for (size_t i = 0; i < histogram->n_bins; i++) {
        const psyi_ratio score = histogram->bins[i].score;
        const psyi_rank_place place = place_of(histogram, i, below, score);
        out[i] = !ranks ? on_the_line(&sums, metric, score)
                 : histogram->n_bins < 2
                     ? PSYI_RATIO_NONE
                     : psyi_rank_standard(&place, metric, score, psyi_metric_decimals(metric),
                                          PSYI_ROUND_HALF_UP);
        below += histogram->bins[i].count;
    }
}
