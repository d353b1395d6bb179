/*
 * incomplete_gamma.c -- P(a, x) and Q(a, x).
 *
 * Not GSL's: gsl_sf_gamma_inc_Q gives up its asymptotic series and calls the error handler
 * for a above some 1e6.  The factor x^a e^-x / Gamma(a) comes from a deviance, as in
 * incomplete_beta.c; below the mean the power series (Abramowitz & Stegun 6.5.29), above it
 * the continued fraction (6.5.31) by the method of Lentz.
 */
#include "math/special.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define TINY       1e-290
#define PI         3.14159265358979323846
#define MOST_TERMS 400000

/* Sum of x^n / ((a + 1) ... (a + n)), for x below a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < MOST_TERMS && term > sum * (DBL_EPSILON / 4); n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* 1/(x + 1 - a - 1(1 - a)/(x + 3 - a - ...)), for x above a + 1. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, f = d;
    for (int n = 1; n < MOST_TERMS; n++) {
        const double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        c = b + numerator / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        f *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return f;
}

psyi_tails psyi_gamma_tails(double a, double x)
{
    const double factor = sqrt(a / (2 * PI)) / gsl_sf_gammastar(a) * exp(-psyi_deviance(a, x));
    if (x < a + 1) {
        const double lower = factor > 0 ? fmin(1, factor / a * gamma_series(a, x)) : 0;
        return (psyi_tails){lower, 1 - lower};
    }
    const double upper = factor > 0 ? fmin(1, factor * gamma_fraction(a, x)) : 0;
    return (psyi_tails){1 - upper, upper};
}
