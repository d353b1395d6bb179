/**
 * @file moments.h
 * Moments that do not depend on the order of the data: exact sums, rounded once.
 *
 * Adding doubles in another order, or merging parts, gives other last bits (73 different sums
 * of one list in 100 orders); a norm that changes with the order in which schools arrive
 * cannot be reproduced.  Here all sums are integers.
 *
 * Pure functions; any thread; no memory.  Test: tests/reference/h_merge (rational arithmetic).
 */
#ifndef PSYSCREEN_MOMENTS_H
#define PSYSCREEN_MOMENTS_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Moments of one sample; each the double nearest to the exact value but where marked. */
typedef struct psy_moments {
    size_t n; /**< values that are not NaN */
    double sum, mean;
    double m2, m3, m4; /**< sums of powers of the deviations from the mean */
    double variance;   /**< m2/(n - 1); NaN for n < 2 */
    double sd;         /**< its square root, within one unit of the last place */
    /** (m3/n)/(m2/n)^1.5 and (m4/n)/(m2/n)^2 - 3, to 1e-15; NaN without spread */
    double skewness, kurtosis;
} psy_moments;

/**
 * @param x    shape (n,); NaN is missing
 * @param out  everything; NaN where undefined
 * @retval PSY_E_ARGUMENT  an infinite value
 * @retval PSY_E_LIMIT     largest and smallest bit of the values lie more than 300 bits apart
 *
 * Time O(n).
 */
PSY_API psy_status psy_moments_of(const double *x, size_t n, psy_moments *out, psy_error *error);

/** Two samples of the same people. */
typedef struct psy_joint_moments {
    size_t n;          /**< pairs without NaN */
    double c;          /**< sum of the products of both deviations */
    double covariance; /**< c/(n - 1); NaN for n < 2 */
    double r;          /**< correlation, to 1e-15; NaN without spread */
} psy_joint_moments;
/** As psy_moments_of(), of the pairs in which neither is NaN. */
PSY_API psy_status psy_joint_moments_of(const double *x, const double *y, size_t n,
                                        psy_joint_moments *out, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
