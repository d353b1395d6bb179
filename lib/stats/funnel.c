/*
 * funnel.c -- schools beside what is expected of them.
 */
#include <psyscreen/comparison.h>

#include "base/fail.h"
#include "base/memory.h"

#include <psyscreen/distribution.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lower tails of the limits: 95 % and 99.8 %. */
static const double tails[2] = {0.025, 0.001};

static bool is_usable(const psy_funnel_point *point)
{
    return point->people > 0 && point->expected > 0 && point->expected < (double)point->people;
}

/* The smallest whole r with P(R <= r) >= p, less what it is too much. */
static double exact_limit(double people, double share, double p)
{
    double low = 0, high = people; /* P(R <= high) >= p */
    while (low < high) {
        const double middle = floor((low + high) / 2);
        if (psy_binomial_p(middle, people, share) >= p)
            high = middle;
        else
            low = middle + 1;
    }
    const double upto = psy_binomial_p(low, people, share);
    const double below = low > 0 ? psy_binomial_p(low - 1, people, share) : 0;
    return low - (upto > below ? (upto - p) / (upto - below) : 0);
}

/* Where a school lies, where it is expected, and the standard error, on the scale. */
static void place(const psy_funnel_point *point, psy_funnel_scale scale, double *at,
                  double *expected, double *se)
{
    const double n = (double)point->people, share = point->expected / n;
    const double seen = (double)point->observed / n;
    if (scale == PSY_FUNNEL_ARCSINE) {
        *at = asin(sqrt(seen));
        *expected = asin(sqrt(share));
        *se = 0.5 / sqrt(n);
    } else {
        *at = seen;
        *expected = share;
        *se = sqrt(share * (1 - share) / n);
    }
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* R's type 7. */
static double quantile(const double *sorted, size_t n, double p)
{
    const double h = (double)(n - 1) * p;
    const size_t at = (size_t)floor(h);
    return at + 1 < n ? sorted[at] + (h - (double)at) * (sorted[at + 1] - sorted[at]) : sorted[at];
}

/* phi of winsorised z; sorts it. */
static double dispersion(double *z, size_t n, double winsorised)
{
    qsort(z, n, sizeof *z, compare);
    const double low = quantile(z, n, winsorised), high = quantile(z, n, 1 - winsorised);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double one = fmin(fmax(z[i], low), high);
        sum += one * one;
    }
    return sum / (double)n;
}

/* A share on the scale back to a share; the scale ends where shares do. */
static double share_at(double value, psy_funnel_scale scale)
{
    const double quarter = asin(1);
    if (scale == PSY_FUNNEL_PLAIN)
        return fmin(fmax(value, 0), 1);
    const double inside = fmin(fmax(value, 0), quarter);
    return sin(inside) * sin(inside);
}

static void set_limits(psy_funnel_point *point, psy_funnel_scale scale, const psy_funnel *all)
{
    double at, expected, se;
    place(point, scale, &at, &expected, &se);
    const double n = (double)point->people;
    const double wide = sqrt(se * se + all->tau * all->tau);
    const double times = all->target / point->expected; /* counts to the standardised rate */
    point->rate = (double)point->observed * times;
    point->z = (at - expected) / se;
    point->z_adjusted = (at - expected) / wide;
    for (size_t i = 0; i < 2; i++) {
        const double z = psy_normal_quantile(1 - tails[i]);
        point->exact_low[i] = fmax(0, exact_limit(n, point->expected / n, tails[i])) * times;
        point->exact_high[i] = exact_limit(n, point->expected / n, 1 - tails[i]) * times;
        point->low[i] = share_at(expected - z * wide, scale) * n * times;
        point->high[i] = share_at(expected + z * wide, scale) * n * times;
    }
}

static void leave_out(psy_funnel_point *point)
{
    point->rate = point->z = point->z_adjusted = NAN;
    for (size_t i = 0; i < 2; i++)
        point->exact_low[i] = point->exact_high[i] = point->low[i] = point->high[i] = NAN;
}

psy_status psy_funnel_of(psy_funnel_point *points, size_t n_points, psy_funnel_scale scale,
                         double winsorised, psy_funnel *out, const psy_allocator *allocator,
                         psy_error *error)
{
    if (points == NULL || out == NULL || !(winsorised >= 0) || !(winsorised <= 0.5) ||
        (scale != PSY_FUNNEL_PLAIN && scale != PSY_FUNNEL_ARCSINE))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a funnel needs schools, a scale and a share to winsorise of 0 to 0.5");
    psy_funnel all = {0};
    double observed = 0, people = 0, weights = 0, squares = 0;
    double *const z = psyi_alloc(allocator, n_points + 1, sizeof *z);
    if (z == NULL)
        return psyi_fail_memory(error, "a funnel");
    psy_status status = PSY_OK;
    for (size_t i = 0; i < n_points && status == PSY_OK; i++) {
        double at, expected, se;
        if (points[i].observed > points[i].people)
            status = psyi_fail(error, PSY_E_ARGUMENT, NULL,
                               "school %zu has more than all its pupils", i);
        if (!is_usable(&points[i]))
            continue;
        place(&points[i], scale, &at, &expected, &se);
        z[all.n_used++] = (at - expected) / se;
        weights += 1 / (se * se);
        squares += 1 / (se * se * se * se);
        observed += (double)points[i].observed;
        people += (double)points[i].people;
    }
    if (status == PSY_OK && all.n_used < 2)
        status = psyi_fail(error, PSY_E_NUMERIC, NULL, "a funnel needs two schools");
    if (status == PSY_OK) {
        const double n = (double)all.n_used;
        all.target = observed / people;
        all.phi = dispersion(z, all.n_used, winsorised);
        all.tau = sqrt(fmax(0, (n * all.phi - (n - 1)) / (weights - squares / weights)));
        for (size_t i = 0; i < n_points; i++)
            if (is_usable(&points[i]))
                set_limits(&points[i], scale, &all);
            else
                leave_out(&points[i]);
        *out = all;
    }
    psyi_free(allocator, z);
    return status;
}
