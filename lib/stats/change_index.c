/*
 * change_index.c -- reliable change: an expectation, an error, their index and its limits.
 */
#include "base/fail.h"

#include <psyscreen/change.h>

#include <math.h>
#include <stdbool.h>

#define MOST_POINTS 1e12

psy_status psy_change_describe(const double *pre, const double *post, size_t n_rows,
                               psy_change_group *out, psy_error *error)
{
    if (n_rows > 0 && (pre == NULL || post == NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "scores missing");
    if (out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the group");
    psy_change_group g = {0};
    for (size_t row = 0; row < n_rows; row++) {
        if (isnan(pre[row]) || isnan(post[row]))
            continue;
        g.mean_pre += pre[row];
        g.mean_post += post[row];
        g.n++;
    }
    if (g.n < 3)
        return psyi_fail(error, PSY_E_NUMERIC, NULL,
                         "both scores are known of %zu: expected at least 3", g.n);
    const double n = (double)g.n;
    g.mean_pre /= n;
    g.mean_post /= n;
    double xx = 0, yy = 0, xy = 0, dd = 0, residual = 0;
    for (size_t row = 0; row < n_rows; row++) {
        if (isnan(pre[row]) || isnan(post[row]))
            continue;
        const double x = pre[row] - g.mean_pre, y = post[row] - g.mean_post;
        xx += x * x;
        yy += y * y;
        xy += x * y;
        dd += (y - x) * (y - x);
    }
    if (!(xx > 0) || !(yy > 0) || isinf(xx) || isinf(yy))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "a testing does not vary");
    g.slope = xy / xx;
    g.intercept = g.mean_post - g.slope * g.mean_pre;
    /* From the residuals: yy - xy^2/xx would lose them where both testings nearly agree. */
    for (size_t row = 0; row < n_rows; row++) {
        if (isnan(pre[row]) || isnan(post[row]))
            continue;
        const double e = post[row] - g.mean_post - g.slope * (pre[row] - g.mean_pre);
        residual += e * e;
    }
    g.sd_pre = sqrt(xx / (n - 1));
    g.sd_post = sqrt(yy / (n - 1));
    g.r = fmax(-1, fmin(1, xy / (sqrt(xx) * sqrt(yy))));
    g.reliability = g.r;
    g.sd_difference = sqrt(dd / (n - 1));
    g.see = sqrt(residual / (n - 2));
    *out = g;
    return PSY_OK;
}

static bool positive(double x)
{
    return x > 0 && isfinite(x);
}

static bool by_regression(psy_change_method method)
{
    return method == PSY_CHANGE_REGRESSION || method == PSY_CHANGE_CRAWFORD_HOWELL;
}

static psy_status check_group(const psy_change_group *g, psy_change_method method, psy_error *error)
{
    if (g == NULL || (int)method < 0 || (int)method > PSY_CHANGE_CRAWFORD_HOWELL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no group, or no method %d", (int)method);
    if (!isfinite(g->mean_pre) || !isfinite(g->mean_post))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the group has no means");
    if (by_regression(method)) {
        const bool needs_n = method == PSY_CHANGE_CRAWFORD_HOWELL;
        if (!positive(g->see) || !isfinite(g->slope) || !isfinite(g->intercept) ||
            (needs_n && (g->n < 3 || !positive(g->sd_pre))))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "regression with slope %g and error %g over %zu people", g->slope,
                             g->see, g->n);
        return PSY_OK;
    }
    if (method == PSY_CHANGE_CHELUNE_DIFFERENCES) {
        if (!positive(g->sd_difference))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "standard deviation of the differences is %g", g->sd_difference);
        return PSY_OK;
    }
    const bool simple = method == PSY_CHANGE_REGRESSION_SIMPLE;
    const double r = simple ? g->r : g->reliability;
    if (!(r >= 0 && r < 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "reliability is %g: expected at least 0 and below 1", r);
    const bool both = simple || method == PSY_CHANGE_IVERSON;
    if (!positive(g->sd_pre) || (both && !positive(g->sd_post)))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "standard deviations are %g and %g",
                         g->sd_pre, g->sd_post);
    return PSY_OK;
}

/* `g` has passed check_group(). */
static void expect(const psy_change_group *g, psy_change_method method, double pre,
                   double *expected, double *se)
{
    const double noise = 1 - g->reliability;
    switch (method) {
    case PSY_CHANGE_JACOBSON_TRUAX:
        *expected = pre;
        *se = sqrt(2) * g->sd_pre * sqrt(noise);
        return;
    case PSY_CHANGE_IVERSON:
        *expected = pre;
        *se = sqrt(g->sd_pre * g->sd_pre * noise + g->sd_post * g->sd_post * noise);
        return;
    case PSY_CHANGE_CHELUNE:
        *expected = pre + (g->mean_post - g->mean_pre);
        *se = sqrt(2) * g->sd_pre * sqrt(noise);
        return;
    case PSY_CHANGE_CHELUNE_DIFFERENCES:
        *expected = pre + (g->mean_post - g->mean_pre);
        *se = g->sd_difference;
        return;
    case PSY_CHANGE_EDWARDS_NUNNALLY:
        *expected = g->mean_pre + g->reliability * (pre - g->mean_pre);
        *se = g->sd_pre * sqrt(noise);
        return;
    case PSY_CHANGE_REGRESSION_SIMPLE:
        *expected = g->mean_post + g->r * g->sd_post / g->sd_pre * (pre - g->mean_pre);
        *se = g->sd_post * sqrt(1 - g->r * g->r);
        return;
    case PSY_CHANGE_REGRESSION:
    case PSY_CHANGE_CRAWFORD_HOWELL:
        break;
    }
    *expected = g->intercept + g->slope * pre;
    *se = g->see;
    if (method == PSY_CHANGE_CRAWFORD_HOWELL) {
        const double n = (double)g->n, d = pre - g->mean_pre;
        *se *= sqrt(1 + 1 / n + d * d / ((n - 1) * g->sd_pre * g->sd_pre));
    }
}

static double index_of(const psy_change_group *g, psy_change_method method, double pre, double post)
{
    double expected, se;
    expect(g, method, pre, &expected, &se);
    return (post - expected) / se;
}

psy_status psy_change_index(const psy_change_group *group, psy_change_method method,
                            const double *pre, const double *post, size_t n_rows, double *out,
                            psy_error *error)
{
    const psy_status status = check_group(group, method, error);
    if (status != PSY_OK)
        return status;
    if (n_rows > 0 && (pre == NULL || post == NULL || out == NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "scores or place missing");
    for (size_t row = 0; row < n_rows; row++)
        out[row] = index_of(group, method, pre[row], post[row]);
    return PSY_OK;
}

psy_status psy_change_limits_of(const psy_change_group *group, psy_change_method method, double pre,
                                double critical, psy_change_limits *out, psy_error *error)
{
    const psy_status status = check_group(group, method, error);
    if (status != PSY_OK)
        return status;
    if (!isfinite(pre) || !positive(critical) || out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "first score %g, mark %g: expected a number and more than 0", pre,
                         critical);
    psy_change_limits limits;
    expect(group, method, pre, &limits.expected, &limits.error);
    limits.lo = limits.expected - critical * limits.error;
    limits.hi = limits.expected + critical * limits.error;
    limits.low_score = limits.high_score = NAN;
    /* Beyond that, neighbouring doubles are no whole points apart. */
    if (!(fabs(limits.lo) < MOST_POINTS && fabs(limits.hi) < MOST_POINTS)) {
        *out = limits;
        return PSY_OK;
    }
    /* The index has the last word where rounding put the limit on its other side. */
    limits.high_score = ceil(limits.hi) - 1;
    while (index_of(group, method, pre, limits.high_score) < critical)
        limits.high_score++;
    limits.low_score = floor(limits.lo) + 1;
    while (index_of(group, method, pre, limits.low_score) > -critical)
        limits.low_score--;
    *out = limits;
    return PSY_OK;
}
