/*
 * shrinkage.c -- the variance between groups, and means shrunk by it.
 *
 * REML by Fisher scoring: with w = 1/(v + tau^2) and the projection P a step is
 * (y'PPy - tr P)/tr PP.  The slope y'PPy - tr P is above 0 before the estimate and below 0 after
 * it, so the steps keep between the last two such places, which halving brings together where the
 * steps alone go to and fro for ever.
 */
#include "base/fail.h"

#include <psyscreen/shrinkage.h>

#include <math.h>
#include <stdbool.h>

enum { MOST_STEPS = 10000 };

typedef struct weights {     /* with w = 1/(v + tau^2) */
    double w1, mean, q1, q2; /* sums over groups */
    double trace, trace2;    /* of P and of PP */
} weights;

/* The diagonal of P is w (W - w)/W with W the sum of all w, off it stands -w_i w_j/W.  What is
 * left without one group is a difference, but for the largest: there nothing would be left. */
static void traces(const double *variances, size_t n, double tau2, weights *sums)
{
    double most = 0, rest1 = 0, rest2 = 0;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2);
        const double less = w > most ? most : w; /* of it and the largest until now */
        at = w > most ? i : at;
        most = w > most ? w : most;
        rest1 += less;
        rest2 += less * less;
    }
    const double all = rest1 + most, squares = rest2 + most * most;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2);
        const double others = i == at ? rest1 : all - w, other2 = i == at ? rest2 : squares - w * w;
        sums->trace += w * (others / all);
        sums->trace2 += w / all * (w / all) * (others * others + other2);
    }
}

static weights weigh(const double *means, const double *variances, size_t n, double tau2)
{
    weights sums = {0};
    double weighted = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2);
        sums.w1 += w;
        weighted += w * means[i];
    }
    sums.mean = weighted / sums.w1;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variances[i] + tau2), far = means[i] - sums.mean;
        sums.q1 += w * far * far;
        sums.q2 += w * w * far * far;
    }
    traces(variances, n, tau2, &sums);
    return sums;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-14 * a;
}

static bool reml(const double *means, const double *variances, size_t n, double *tau2)
{
    double at = *tau2, low = -1, high = INFINITY; /* low: the slope was above 0; high: below */
    for (int i = 0; i < MOST_STEPS; i++) {
        const weights s = weigh(means, variances, n, at);
        const double slope = s.q2 - s.trace;
        double step = slope / s.trace2;
        if (at == 0 && slope <= 0) {
            *tau2 = 0;
            return true;
        }
        while (at + step < 0 && isfinite(step))
            step /= 2;
        double next = at + step;
        /* On its way to 0 it halves for ever; beneath 1e-14 of a sampling variance it is 0. */
        if (next * s.w1 < 1e-14 * (double)n)
            next = 0;
        low = slope > 0 ? at : low;
        high = slope > 0 ? high : at;
        const bool slow = i > MOST_STEPS / 2 && low >= 0 && isfinite(high);
        if (slow || (!is_near(next, at) && !(next > low && next < high)))
            next = low > 0 ? low + (high - low) / 2 : high / 2;
        if (is_near(next, at)) {
            *tau2 = next;
            return isfinite(next);
        }
        at = next;
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
    double tau2 = (fixed.q1 - (double)(n - 1)) / fixed.trace;
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
