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

bool psyi_histogram_moments(const psyi_histogram *histogram, double *mean, double *variance)
{
    psyi_group_sums sums;
    sum_up(histogram, &sums);
    *mean = psyi_sums_mean(&sums);
    *variance = psyi_sums_variance(&sums);
    return histogram->n >= 1 && !isnan(*mean);
}

static psyi_ratio standard_of(const psyi_histogram *histogram, const psyi_group_sums *sums,
                              psyi_metric metric, psyi_ratio score)
{
    int64_t centre, unit;
    if (psyi_metric_line(metric, &centre, &unit))
        return psyi_sums_standard(sums, score, centre, unit, psyi_metric_decimals(metric),
                                  PSYI_ROUND_HALF_UP);
    /* A group without spread has ranks but no norm: the same rule for every metric. */
    if (metric != PSYI_METRIC_PERCENTILE || histogram->n_bins < 2 || score.den <= 0)
        return PSYI_RATIO_NONE;
    const size_t at = find_bin(histogram, score);
    uint64_t below = 0;
    for (size_t i = 0; i < at; i++)
        below += histogram->bins[i].count;
    return psyi_mid_rank(below, holds(histogram, at, score) ? histogram->bins[at].count : 0,
                         histogram->n, psyi_metric_decimals(metric), PSYI_ROUND_HALF_UP);
}

psyi_ratio psyi_histogram_standard(const psyi_histogram *histogram, psyi_metric metric,
                                   psyi_ratio score)
{
    psyi_group_sums sums = {.failed = true};
    if (metric != PSYI_METRIC_PERCENTILE)
        sum_up(histogram, &sums);
    return standard_of(histogram, &sums, metric, psyi_ratio_make(score.num, score.den));
}

void psyi_histogram_table(const psyi_histogram *histogram, psyi_metric metric, psyi_ratio *out)
{
    psyi_group_sums sums = {.failed = true};
    if (metric != PSYI_METRIC_PERCENTILE) {
        sum_up(histogram, &sums);
        for (size_t i = 0; i < histogram->n_bins; i++)
            out[i] = standard_of(histogram, &sums, metric, histogram->bins[i].score);
        return;
    }
    uint64_t below = 0;
    for (size_t i = 0; i < histogram->n_bins; i++) {
        out[i] = histogram->n_bins < 2
                     ? PSYI_RATIO_NONE
                     : psyi_mid_rank(below, histogram->bins[i].count, histogram->n,
                                     psyi_metric_decimals(metric), PSYI_ROUND_HALF_UP);
        below += histogram->bins[i].count;
    }
}
