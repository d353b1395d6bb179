/*
 * conventions.c -- the conventions of standard scores, each under its own name.
 *
 * Shares are compared with cuts in integers where the cuts are whole percents; the cuts of
 * the sten by percentage are normal probabilities, which no share of a group can equal
 * except 1/2.
 */
#include <psyscreen/distribution.h>
#include <psyscreen/standard_score.h>

#include "norm/rank_scores.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

double psy_standard_z(double x, double mean, double sd)
{
    return sd > 0 ? (x - mean) / sd : NAN;
}

double psy_standard_t(double z)
{
    return 50 + 10 * z;
}

double psy_standard_iq(double z)
{
    return 100 + 15 * z;
}

static int32_t within(double value, int32_t highest)
{
    if (isnan(value))
        return 0;
    return value < 1 ? 1 : value > highest ? highest : (int32_t)value;
}

int32_t psy_stanine_linear(double z)
{
    return within(floor(2 * z + 5.5), 9);
}

int32_t psy_sten_linear(double z)
{
    return within(floor(2 * z + 6), 10);
}

static bool counts_fit(uint64_t below, uint64_t equal, uint64_t n)
{
    return n > 0 && below <= n && equal <= n - below;
}

int32_t psy_stanine_percent(uint64_t below, uint64_t equal, uint64_t n)
{
    static const unsigned percent[] = {4, 11, 23, 40, 60, 77, 89, 96};
    if (!counts_fit(below, equal, n))
        return 0;
    int32_t class = 1;
    for (size_t i = 0; i < sizeof percent / sizeof *percent; i++)
        class += psyi_share_above(below, equal, n, percent[i]);
    return class;
}

int32_t psy_sten_percent(uint64_t below, uint64_t equal, uint64_t n)
{
    if (!counts_fit(below, equal, n))
        return 0;
    int32_t class = 1;
    const double share = ((double)below + (double)equal / 2) / (double)n;
    for (int i = -4; i <= 4; i++)
        class += i == 0 ? psyi_share_above(below, equal, n, 50) : share > psy_normal_p(i / 2.0);
    return class;
}

double psy_percentile_rank(psy_percentile_kind kind, uint64_t below, uint64_t equal, uint64_t n)
{
    if (!counts_fit(below, equal, n))
        return NAN;
    double rank = (double)below;
    if (kind == PSY_PERCENTILE_MID)
        rank += (double)equal / 2;
    else if (kind == PSY_PERCENTILE_AT_OR_BELOW)
        rank += (double)equal;
    return 100 * rank / (double)n;
}

void psy_percentile_text(double percentile, char out[8])
{
    out[0] = '\0';
    if (!(percentile >= 0 && percentile <= 100))
        return;
    if (percentile < 1)
        snprintf(out, 8, "<1");
    else if (percentile > 99)
        snprintf(out, 8, ">99");
    else {
        /* Tenths half up, written by digits: no locale has a word in it. */
        const unsigned tenths = (unsigned)floor(percentile * 10 + 0.5);
        snprintf(out, 8, tenths % 10 == 0 ? "%u" : "%u.%u", tenths / 10, tenths % 10);
    }
}

double psy_normal_score(psy_rank_method method, uint64_t below, uint64_t equal, uint64_t n)
{
    static const double offset[] = {3.0 / 8, 1.0 / 3, 0, 1.0 / 2};
    if (!counts_fit(below, equal, n) || equal == 0 || (unsigned)method > PSY_RANK_RANKIT)
        return NAN;
    const double a = offset[method];
    const double rank = (double)below + ((double)equal + 1) / 2;
    return psy_normal_quantile((rank - a) / ((double)n + 1 - 2 * a));
}

double psy_normal_score_in(psy_rank_method method, const double *scores, const uint64_t *counts,
                           size_t n_scores, double at, int32_t *clamped)
{
    uint64_t n = 0, below = 0, below_low = 0;
    size_t low = SIZE_MAX, high = SIZE_MAX; /* observed neighbours */
    for (size_t i = 0; i < n_scores; i++)
        n += counts[i];
    if (clamped != NULL)
        *clamped = 0;
    if (n == 0 || isnan(at))
        return NAN;
    for (size_t i = 0; i < n_scores && high == SIZE_MAX; i++) {
        if (counts[i] == 0)
            continue;
        if (scores[i] >= at) {
            high = i;
        } else {
            low = i;
            below_low = below;
            below += counts[i];
        }
    }
    const bool inside = high != SIZE_MAX && (low != SIZE_MAX || scores[high] == at);
    if (clamped != NULL)
        *clamped = !inside;
    const double z_high = high != SIZE_MAX ? psy_normal_score(method, below, counts[high], n) : NAN;
    if (high != SIZE_MAX && (low == SIZE_MAX || scores[high] == at))
        return z_high;
    const double z_low = psy_normal_score(method, below_low, counts[low], n);
    if (high == SIZE_MAX)
        return z_low;
    return z_low + (z_high - z_low) * ((at - scores[low]) / (scores[high] - scores[low]));
}

double psy_between_ages(const double *midpoints, const double *values, size_t n, double age)
{
    if (n == 0 || isnan(age))
        return NAN;
    if (age <= midpoints[0])
        return values[0];
    for (size_t i = 1; i < n; i++)
        if (age <= midpoints[i]) {
            const double share = (age - midpoints[i - 1]) / (midpoints[i] - midpoints[i - 1]);
            /* At a midpoint its own band alone counts, also where a neighbour has no norm. */
            return share == 1 ? values[i] : values[i - 1] + (values[i] - values[i - 1]) * share;
        }
    return values[n - 1];
}
