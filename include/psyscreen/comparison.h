/**
 * @file comparison.h
 * Shares and their uncertainty: of a group, of pupils who sit together in schools, and of
 * schools beside each other.
 *
 * Schools differ by chance, by who sits in them, and by more than both.  So a share has an
 * interval, an interval over several schools allows for their differences, and schools are
 * shown in a funnel: each beside the share expected of its own pupils, with limits that allow
 * for the usual differences between schools.  There is no ranking; a school outside the limits
 * is a question, not an answer.
 *
 * Missing: a number that cannot be computed is NaN.  No function keeps anything; any thread.
 */
#ifndef PSYSCREEN_COMPARISON_H
#define PSYSCREEN_COMPARISON_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Wilson's interval of a share: `k` of `n`.  Both may be fractions (an effective number of people).
 * Within [0, 1]; exactly 0 and 1 at the ends where k is 0 or n.
 *
 * Source: Wilson (1927), J. Am. Stat. Assoc. 22:209-212.
 *
 * @param level  e.g. 0.95
 * @retval PSY_E_ARGUMENT  not 0 <= k <= n, n > 0, 0 < level < 1
 */
PSY_API psy_status psy_share_interval(double k, double n, double level, double *low, double *high,
                                      psy_error *error);

/** How much pupils of one school are alike in a yes or no. */
typedef struct psy_clustering {
    size_t n_clusters;     /**< with somebody in them */
    double people;         /**< N */
    double share;          /**< of all */
    double icc;            /**< ICC(1) by analysis of variance; may be below 0 */
    double design_effect;  /**< 1 + (sum n^2/sum n - 1) icc, not below 1 */
    double effective;      /**< N/design_effect */
    double low, high;      /**< Wilson's interval of the share with `effective` people */
} psy_clustering;

/**
 * The clustering of a yes or no, and the interval of the whole that allows for it.
 *
 * Source: Donner & Koval (1980), Biometrics 36:19-25 (ICC by analysis of variance, unequal
 * sizes); Kish (1965), Survey sampling (design effect).
 *
 * @param k, n        shape (n_clusters,): so many of so many; clusters with n = 0 are left out
 * @param level       of the interval
 * @retval PSY_E_NUMERIC  fewer than 2 clusters, or no cluster with 2 people
 */
PSY_API psy_status psy_clustering_of(const uint64_t *k, const uint64_t *n, size_t n_clusters,
                                     double level, psy_clustering *out, psy_error *error);

/** A school in a funnel. */
typedef struct psy_funnel_point {
    uint64_t observed, people; /**< in: so many of so many */
    double expected; /**< in: how many of them are expected, e.g. standardised by grade and sex;
                          0 < expected < people */
    /* out */
    double rate;        /**< observed/expected times the target */
    double z;           /**< (observed - expected)/standard error of the binomial, on the scale */
    double z_adjusted;  /**< the same allowing for the usual differences between schools */
    /** Exact binomial limits of `rate`, 95 % and 99.8 %, interpolated between counts. */
    double exact_low[2], exact_high[2];
    /** Limits that allow for overdispersion (additive), 95 % and 99.8 %; within [0, ...). */
    double low[2], high[2];
} psy_funnel_point;

/** The scale on which schools are compared. */
typedef enum psy_funnel_scale {
    PSY_FUNNEL_PLAIN = 0,  /**< shares as they are */
    PSY_FUNNEL_ARCSINE = 1 /**< asin(sqrt(share)): steadier for small shares and schools */
} psy_funnel_scale;

/** What all schools together say. */
typedef struct psy_funnel {
    size_t n_used;     /**< schools that were usable */
    double target;     /**< observed/people of all */
    double phi;        /**< mean of the squared z, winsorised: above 1 is overdispersion */
    double tau;        /**< standard deviation between schools on the scale, 0 without */
} psy_funnel;

/**
 * A funnel of schools.
 *
 * z is winsorised (the outermost `winsorised` of each end is set to that quantile, R's type 7), phi
 * is its mean square, tau^2 = max(0, (S phi - (S - 1))/(sum w - sum w^2/sum w)) with w = 1/s^2: additive
 * overdispersion.  Exact limits: the smallest count r with P(R <= r) >= p, less the fraction
 * (P(R <= r) - p)/P(R = r).
 *
 * Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202 (funnels, interpolated limits,
 * winsorising, tau); Spiegelhalter (2005), Qual. Saf. Health Care 14:347-351.
 *
 * @param points      schools; in with observed, people, expected.  Schools nobody can judge
 *                    (people 0, expected 0 or all) get NaN and are left out
 * @param winsorised  share at each end, 0 to 0.5; 0.1 is usual
 * @retval PSY_E_NUMERIC   fewer than 2 usable schools
 * @retval PSY_E_ARGUMENT  observed > people, or a share out of range
 */
PSY_API psy_status psy_funnel_of(psy_funnel_point *points, size_t n_points, psy_funnel_scale scale,
                                 double winsorised, psy_funnel *out,
                                 const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
