/*
 * shrinkage.c -- the variance between groups, and means shrunk by it.
 *
 * REML by Fisher scoring: with w = 1/(v + tau^2) the projection P has trace W1 - W2/W1, and a
 * step is (y'PPy - tr P)/tr PP.  A step below zero is halved, so the way stays inside.
 */
#include "base/fail.h"

#include <psyscreen/shrinkage.h>

#include <math.h>
#include <stdbool.h>

enum { MOST_STEPS = 1000 };

typedef struct weights { /* sums over groups with w = 1/(v + tau^2) */
    double w1, w2, w3, mean, q1, q2;
} weights;

static weights weigh(const double *means, const double *variances, size_t n, double tau2)
{
    weights sums = {0};
    double weighted = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2);
        sums.w1 += w;
        sums.w2 += w * w;
        sums.w3 += w * w * w;
        weighted += w * means[i];
    }
    sums.mean = weighted / sums.w1;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2), far = means[i] - sums.mean;
        sums.q1 += w * far * far;
        sums.q2 += w * w * far * far;
    }
    return sums;
}

static bool reml(const double *means, const double *variances, size_t n, double *tau2)
{
    double at = *tau2;
    for (int i = 0; i < MOST_STEPS; i++) {
        const weights s = weigh(means, variances, n, at);
        const double trace = s.w1 - s.w2 / s.w1;
        const double of_square = s.w2 - 2 * s.w3 / s.w1 + (s.w2 / s.w1) * (s.w2 / s.w1);
        double step = (s.q2 - trace) / of_square;
        if (at == 0 && step <= 0) {
            *tau2 = 0;
            return true;
        }
        while (at + step < 0)
            step /= 2;
        const double before = at;
        at += step;
        /* On its way to 0 it halves for ever; beneath 1e-14 of a sampling variance it is 0. */
        if (at * s.w1 < 1e-14 * (double)n)
            at = 0;
        if (fabs(at - before) <= 1e-14 * at) {
            *tau2 = at;
            return isfinite(at);
        }
    }
    return false;
}

psy_status psy_shrink(psy_shrinkage_method method, const double *means, const double *variances,
                      size_t n, psy_shrinkage *out, double *lambda, double *shrunk, double *errors,
                      psy_error *error)
{
    if (n < 2 || (unsigned)method > PSY_SHRINKAGE_DL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "shrinkage needs at least 2 groups and a method that exists");
    for (size_t i = 0; i < n; i++)
        if (!isfinite(means[i]) || !isfinite(variances[i]) || !(variances[i] > 0))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "group %zu has no finite mean with a variance above 0", i + 1);
    const weights fixed = weigh(means, variances, n, 0);
    double tau2 = (fixed.q1 - (double)(n - 1)) / (fixed.w1 - fixed.w2 / fixed.w1);
    tau2 = tau2 > 0 ? tau2 : 0;
    if (method == PSY_SHRINKAGE_REML && !reml(means, variances, n, &tau2))
        return psyi_fail(error, PSY_E_NUMERIC, NULL,
                         "the variance between %zu groups does not converge", n);
    const weights at = weigh(means, variances, n, tau2);
    *out = (psy_shrinkage){.tau2 = tau2, .mu = at.mean, .q = fixed.q1};
    for (size_t i = 0; i < n; i++) {
        const double share = tau2 / (tau2 + variances[i]), rest = 1 - share;
        if (lambda != NULL)
            lambda[i] = share;
        if (errors != NULL)
            errors[i] = sqrt(share * variances[i] + rest * rest / at.w1);
        if (shrunk != NULL)
            shrunk[i] = share * means[i] + rest * at.mean;
    }
    return PSY_OK;
}
