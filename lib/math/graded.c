/*
 * graded.c -- category probabilities of the graded response model, without cancellation.
 *
 * P(score) is the difference of two logistic functions at u = a theta + d[score - 1] and
 * v = a theta + d[score].  Written as s(u) s(-v) (1 - exp(v - u)) it keeps its digits where
 * the two are nearly equal, its logarithm is a sum, and the last factor does not depend on
 * theta.
 */
#include "math/graded.h"

#include <math.h>

static double logistic(double x)
{
    const double e = exp(-fabs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

double psyi_graded_log_gap(double d, double next_d)
{
    return log(-expm1(next_d - d));
}

void psyi_graded_categories(const psyi_graded *item, double theta, psyi_category *out)
{
    /* P(score >= s), P(score < s) and their logarithms, from category to category */
    double above = 1, log_above = 0;
    for (size_t s = 0; s <= item->highest; s++) {
        double beyond = 0, log_below = 0, log_beyond = 0;
        if (s < item->highest) {
            const double v = item->a * theta + item->d[s];
            const double e = exp(-fabs(v)), rest = log1p(e);
            beyond = v >= 0 ? 1 / (1 + e) : e / (1 + e);
            log_beyond = v >= 0 ? -rest : v - rest;
            log_below = v >= 0 ? -v - rest : -rest;
        }
        out[s].log_p = log_above + log_below;
        if (s > 0 && s < item->highest)
            out[s].log_p += item->log_gap[s - 1];
        out[s].p = exp(out[s].log_p);
        out[s].slope = item->a * (1 - above - beyond);
        above = beyond;
        log_above = log_beyond;
    }
}

void psyi_graded_derivatives(const psyi_graded *item, size_t score, double theta, double *slope,
                             double *bend)
{
    double above = 1, beyond = 0;
    if (score > 0)
        above = logistic(item->a * theta + item->d[score - 1]);
    if (score < item->highest)
        beyond = logistic(item->a * theta + item->d[score]);
    *slope += item->a * (1 - above - beyond);
    *bend -= item->a * item->a * (above * (1 - above) + beyond * (1 - beyond));
}
