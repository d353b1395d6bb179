/*
 * incomplete_beta.c -- I_x(a, b) and its inverse.
 *
 * Not GSL's: gsl_cdf_beta_Pinv and gsl_cdf_fdist_Pinv answer NaN for the sizes of a district
 * (a = 5000, b = 55000), and the factor x^a (1-x)^b / B(a, b) taken by logarithms loses five
 * digits there.  Here the factor comes from deviances (Loader, C., 2000, Fast and accurate
 * computation of binomial probabilities), which do not cancel, times a continued fraction
 * (Abramowitz & Stegun 26.5.8) by the method of Lentz.
 */
#include "math/special.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <math.h>

#define SMALLEST 1e-4
#define LARGEST  1e8
#define TINY     1e-290
#define PI       3.14159265358979323846
/* The fraction needs about the square root of the larger parameter; this is many times it. */
#define MOST_TERMS 200000

bool psyi_beta_domain(double a, double b)
{
    return a >= SMALLEST && a <= LARGEST && b >= SMALLEST && b <= LARGEST;
}

double psyi_deviance(double x, double m)
{
    const double e = (m - x) / x;
    /* Far from each other nothing cancels, and GSL's series is not needed. */
    if (e > 1 || e < -0.5)
        return x * log(x / m) + (m - x);
    return -x * gsl_sf_log_1plusx_mx(e);
}

/* x^a y^b / B(a, b) */
static double beta_factor(double x, double y, double a, double b)
{
    const double n = a + b;
    const double surprise = psyi_deviance(a, n * x) + psyi_deviance(b, n * y);
    const double gammas = gsl_sf_gammastar(n) / (gsl_sf_gammastar(a) * gsl_sf_gammastar(b));
    return sqrt(a / n * b / (2 * PI)) * gammas * exp(-surprise);
}

/* The continued fraction, for x below the mean. */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double f = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        const double twice = 2.0 * m;
        const double even = m * (b - m) * x / ((a + twice - 1) * (a + twice));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        f *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + twice) * (a + twice + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        f *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return f;
}

psyi_tails psyi_beta_tails(double x, double y, double a, double b)
{
    if (x <= 0)
        return (psyi_tails){0, 1};
    if (y <= 0)
        return (psyi_tails){1, 0};
    const double factor = beta_factor(x, y, a, b);
    if (x * (a + b + 2) < a + 1) {
        const double lower = factor > 0 ? factor * beta_fraction(x, a, b) / a : 0;
        return (psyi_tails){lower, 1 - lower};
    }
    const double upper = factor > 0 ? factor * beta_fraction(y, b, a) / b : 0;
    return (psyi_tails){1 - upper, upper};
}

/* The root of I_x(a, b) = p for a root of at most 1/2.  Newton on the smaller tail, halved
 * (in ratio, far down) whenever it leaves the bracket. */
static double solve_lower_half(psyi_tails p, double a, double b)
{
    const bool by_lower = p.lower <= p.upper;
    const double wanted = by_lower ? p.lower : p.upper;
    double lo = 0, hi = 0.5, x = fmin(0.5, a / (a + b));
    for (int i = 0; i < 2000; i++) {
        const psyi_tails at = psyi_beta_tails(x, 1 - x, a, b);
        const double excess = by_lower ? at.lower - wanted : wanted - at.upper;
        if (excess == 0)
            return x;
        if (excess < 0)
            lo = x;
        else
            hi = x;
        const double slope = beta_factor(x, 1 - x, a, b) / (x * (1 - x));
        double next = x - excess / slope;
        /* Towards 0 the function is a power of x, and Newton on its logarithm is exact. */
        if (by_lower && at.lower > 0 && at.lower < 0.25)
            next = x * exp(-log(at.lower / wanted) * at.lower / (slope * x));
        if (!(next > lo && next < hi))
            next = lo > 0 && hi > 4 * lo ? sqrt(lo) * sqrt(hi) : lo > 0 ? (lo + hi) / 2 : hi / 16;
        if (fabs(next - x) <= DBL_EPSILON * x || !(next > 0))
            return next;
        x = next;
    }
    return x;
}

psyi_tails psyi_beta_solve(psyi_tails p, double a, double b)
{
    if (p.lower <= 0)
        return (psyi_tails){0, 1};
    if (p.upper <= 0)
        return (psyi_tails){1, 0};
    const psyi_tails middle = psyi_beta_tails(0.5, 0.5, a, b);
    const bool lower_half = p.lower <= p.upper ? p.lower <= middle.lower : p.upper >= middle.upper;
    if (lower_half) {
        const double x = solve_lower_half(p, a, b);
        return (psyi_tails){x, 1 - x};
    }
    const double y = solve_lower_half((psyi_tails){p.upper, p.lower}, b, a);
    return (psyi_tails){1 - y, y};
}
