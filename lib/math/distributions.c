/*
 * distributions.c -- distribution functions, behind domain checks.
 *
 * GSL aborts the program from its error handler unless the application replaced it, so every
 * argument it could object to is answered here before it is asked, and its incomplete gamma
 * and beta functions, which get there from good arguments too, are not used: see
 * incomplete_gamma.c and incomplete_beta.c.
 */
#include "math/special.h"

#include <psyscreen/distribution.h>

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

#define LEAST_DF    2e-4
#define MOST_DF     2e8
#define MOST_TRIALS 1e8

double psy_normal_p(double z)
{
    return isnan(z) ? NAN : gsl_cdf_ugaussian_P(z);
}

double psy_normal_q(double z)
{
    return isnan(z) ? NAN : gsl_cdf_ugaussian_Q(z);
}

double psy_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? -INFINITY : INFINITY;
    return gsl_cdf_ugaussian_Pinv(p);
}

double psy_chisq_q(double x, double df)
{
    if (!(x >= 0) || !(df >= LEAST_DF && df <= MOST_DF))
        return NAN;
    if (x == 0)
        return 1;
    return isinf(x) ? 0 : psyi_gamma_tails(df / 2, x / 2).upper;
}

double psy_chisq_upper_quantile(double q, double df)
{
    if (!(q > 0 && q <= 1) || !(df >= LEAST_DF && df <= MOST_DF))
        return NAN;
    if (q == 1)
        return 0;
    double lo = 0, hi = df;
    for (int i = 0; i < 2000 && psy_chisq_q(hi, df) > q; i++) {
        lo = hi;
        hi *= 2;
    }
    /* Halve, in ratio while the ends are far apart, until no double lies between. */
    for (int i = 0; i < 4000; i++) {
        const double x = lo == 0 && hi > DBL_MIN * 1024 ? hi / 1024
                         : lo > 0 && hi > 4 * lo        ? sqrt(lo) * sqrt(hi)
                                                        : lo + (hi - lo) / 2;
        if (!(x > lo && x < hi))
            break;
        if (psy_chisq_q(x, df) > q)
            lo = x;
        else
            hi = x;
    }
    return hi;
}

double psy_beta_p(double x, double a, double b)
{
    if (!(x >= 0 && x <= 1) || !psyi_beta_domain(a, b))
        return NAN;
    return psyi_beta_tails(x, 1 - x, a, b).lower;
}

double psy_beta_quantile(double p, double a, double b)
{
    if (!(p >= 0 && p <= 1) || !psyi_beta_domain(a, b))
        return NAN;
    return psyi_beta_solve((psyi_tails){p, 1 - p}, a, b).lower;
}

double psy_f_p(double x, double df1, double df2)
{
    if (!(x >= 0) || !psyi_beta_domain(df1 / 2, df2 / 2))
        return NAN;
    if (isinf(x))
        return 1;
    const double ratio = df1 / df2 * x;
    return psyi_beta_tails(ratio / (1 + ratio), 1 / (1 + ratio), df1 / 2, df2 / 2).lower;
}

double psy_f_quantile(double p, double df1, double df2)
{
    if (!(p >= 0 && p <= 1) || !psyi_beta_domain(df1 / 2, df2 / 2))
        return NAN;
    const psyi_tails x = psyi_beta_solve((psyi_tails){p, 1 - p}, df1 / 2, df2 / 2);
    return df2 / df1 * (x.lower / x.upper);
}

double psy_t_p(double t, double df)
{
    if (isnan(t) || !psyi_beta_domain(df / 2, 0.5))
        return NAN;
    if (isinf(t))
        return t > 0 ? 1 : 0;
    /* t^2 / (df + t^2) without overflow */
    const double ratio = t / sqrt(df) * (t / sqrt(df));
    const double x = isinf(ratio) ? 1 : ratio / (1 + ratio);
    const double beyond = psyi_beta_tails(x, 1 / (1 + ratio), 0.5, df / 2).upper / 2;
    return t > 0 ? 1 - beyond : beyond;
}

double psy_t_quantile(double p, double df)
{
    if (!(p >= 0 && p <= 1) || !psyi_beta_domain(df / 2, 0.5))
        return NAN;
    const double beyond = p < 0.5 ? 2 * p : 2 * (1 - p);
    const psyi_tails x = psyi_beta_solve((psyi_tails){1 - beyond, beyond}, 0.5, df / 2);
    const double t = sqrt(df * (x.lower / x.upper));
    return p < 0.5 ? -t : t;
}

double psy_binomial_p(double k, double n, double p)
{
    if (!(p >= 0 && p <= 1) || !(n >= 0 && n <= MOST_TRIALS) || isnan(k) || floor(n) != n ||
        floor(k) != k)
        return NAN;
    if (k < 0)
        return 0;
    if (k >= n)
        return 1;
    return psyi_beta_tails(p, 1 - p, k + 1, n - k).upper;
}
