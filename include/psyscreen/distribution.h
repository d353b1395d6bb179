/**
 * @file distribution.h
 * Probabilities and quantiles of the distributions that the other headers speak of.
 *
 * All functions are pure: they take no memory, keep no state, may be called from any thread
 * and answer NaN for an argument outside their domain or NaN itself.  Quantiles are found on
 * the distribution function by Newton steps inside a bracket, so that they are finite
 * wherever the answer is.  Relative error below 1e-12 for parameters from 0.1 to 1e6.
 *
 * Sources: Abramowitz & Stegun (1964), Handbook of mathematical functions, 6.5 and 26.5;
 * Loader, C. (2000), Fast and accurate computation of binomial probabilities.
 * Test: tests/reference/h_gsl, 287 values of R and SciPy.
 */
#ifndef PSYSCREEN_DISTRIBUTION_H
#define PSYSCREEN_DISTRIBUTION_H

#include <psyscreen/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** P(Z <= z) of the standard normal distribution. */
PSY_API double psy_normal_p(double z);
/** P(Z > z), without the loss of 1 - P. */
PSY_API double psy_normal_q(double z);
/** The z with P(Z <= z) = p; p in [0, 1], where 0 and 1 give minus and plus infinity. */
PSY_API double psy_normal_quantile(double p);

/** P(X > x) of the chi-square distribution; x >= 0, degrees of freedom in [2e-4, 2e8]. */
PSY_API double psy_chisq_q(double x, double df);
/** The x with P(X > x) = q; q in (0, 1], degrees of freedom in [2e-4, 2e8]. */
PSY_API double psy_chisq_upper_quantile(double q, double df);

/** P(X <= x) of the beta distribution; x in [0, 1], a and b in [1e-4, 1e8]. */
PSY_API double psy_beta_p(double x, double a, double b);
/** The x with P(X <= x) = p; p in [0, 1], a and b in [1e-4, 1e8]. */
PSY_API double psy_beta_quantile(double p, double a, double b);

/** P(X <= x) of the F distribution; x >= 0, degrees of freedom in [2e-4, 2e8]. */
PSY_API double psy_f_p(double x, double df1, double df2);
/** The x with P(X <= x) = p; p in [0, 1], degrees of freedom in [2e-4, 2e8]. */
PSY_API double psy_f_quantile(double p, double df1, double df2);

/** P(T <= t) of Student's t distribution; degrees of freedom in [2e-4, 2e8]. */
PSY_API double psy_t_p(double t, double df);
/** The t with P(T <= t) = p; p in [0, 1]; 0 and 1 give minus and plus infinity. */
PSY_API double psy_t_quantile(double p, double df);

/**
 * P(X <= k) for n trials of probability p; p in [0, 1], n at most 1e8.  k and n are whole
 * numbers (NaN otherwise); k < 0 gives 0 and k >= n gives 1.
 */
PSY_API double psy_binomial_p(double k, double n, double p);

#ifdef __cplusplus
}
#endif
#endif
