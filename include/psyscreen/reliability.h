/**
 * @file reliability.h
 * Reliability of a scale in a sample: alpha, split halves, lambda 6, omega, standard error.
 *
 * Items are columns of doubles, scored (reversed where keyed), NaN where missing.
 */
#ifndef PSYSCREEN_RELIABILITY_H
#define PSYSCREEN_RELIABILITY_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which rows count where answers are missing. Values are frozen. */
typedef enum psy_missing_rows {
    PSY_ROWS_LISTWISE = 0, /**< rows that answered all items */
    PSY_ROWS_PAIRWISE = 1  /**< for each pair of items, rows that answered both */
} psy_missing_rows;

/**
 * Covariance matrix of items, n - 1 below it.
 *
 * @param items   n_items columns of shape (n_rows,); NaN missing, infinite refused
 * @param n_items 1 to 1024
 * @param n_rows  people
 * @param rows    policy for missing answers; means of a pair are over its own rows.  A
 *                pairwise matrix may be indefinite
 * @param out     n_items x n_items, row-major; NaN where fewer than 2 rows count
 * @param n_used  listwise: rows used; pairwise: the fewest of any pair; may be NULL
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * Two passes (means, then products), in row order.  Time O(rows items^2).
 */
PSY_API psy_status psy_covariance(const double *const *items, size_t n_items, size_t n_rows,
                                  psy_missing_rows rows, double *out, size_t *n_used,
                                  const psy_allocator *allocator, psy_error *error);

/** Options of psy_reliability_estimate(); zero means the default everywhere. */
typedef struct psy_reliability_options {
    uint32_t version;               /**< PSY_RELIABILITY_OPTIONS_VERSION */
    psy_missing_rows rows;          /**< 0: listwise */
    double level;                   /**< of the interval, in (0, 1); 0: 0.95 */
    const psy_allocator *allocator; /**< NULL: malloc */
} psy_reliability_options;
#define PSY_RELIABILITY_OPTIONS_VERSION 1u

/**
 * Reliability of the sum of the items.  k items with variance, S their covariance matrix,
 * R their correlations.  NaN where undefined, as said.
 */
typedef struct psy_reliability {
    size_t n_items;      /**< k: items that vary; constant ones are left out (see the items) */
    size_t n_constant;   /**< items left out */
    size_t n_rows;       /**< rows given */
    size_t n_complete;   /**< rows that answered all items given */
    size_t n_used;       /**< listwise: n_complete; pairwise: the fewest of any pair */
    uint32_t few_rows;   /**< 1: n_used <= k, estimates are unstable */
    uint32_t indefinite; /**< 1: S is singular or (pairwise) indefinite; lambda6 is NaN */
    double alpha;        /**< k/(k - 1) (1 - trace S / sum S); negative is printed as it is */
    double alpha_lo, alpha_hi; /**< Feldt interval, with n_used persons */
    /** k r/(1 + (k - 1) r), r the mean of the correlations, each over the rows of its pair; NaN:
     * the divisor is not above 0 */
    double alpha_standardised;
    /** the same with S scaled to unit diagonal, as the R package psych has it; differs only
     * pairwise */
    double alpha_standardised_from_covariance;
    double mean_r;         /**< mean correlation, from S scaled to unit diagonal */
    double lambda6;        /**< Guttman's: 1 - sum of (1 - smc) / sum R, R from S */
    double r_halves;       /**< correlation of first, third, ... with second, fourth, ... item */
    double spearman_brown; /**< 2 r/(1 + r); NaN: r is -1 */
    double horst;          /**< step-up of halves of unequal length */
    double rulon;          /**< 4 cov(halves) / var(sum); Flanagan, Guttman's lambda 4 */
    double mean_total;     /**< of the sum of the k items: sum of the item means */
    double sd_total;       /**< sqrt(sum S) */
    double sem;            /**< sd_total sqrt(1 - alpha), in points of the sum; NaN: alpha > 1 */
} psy_reliability;

/** One item within its scale. */
typedef struct psy_reliability_item {
    size_t n;          /**< answers that count */
    uint32_t constant; /**< 1: no variance (or fewer than 2 answers): not part of anything */
    double mean, sd;
    double alpha_if_dropped; /**< alpha of the others; NaN with fewer than 2 of them */
    double item_rest_r;      /**< with the sum of the others, from S */
    /** with the mean of the answered items (item included), over rows that answered it;
     * listwise the correlation with the sum */
    double item_total_r;
} psy_reliability_item;

/**
 * Reliability of a scale.
 *
 * @param items     n_items columns of shape (n_rows,), scored; NaN missing
 * @param n_items   2 to 1024
 * @param n_rows    people
 * @param options   NULL: defaults
 * @param out       the scale
 * @param out_items shape (n_items,), or NULL
 * @retval PSY_E_NUMERIC  fewer than 2 items vary, or fewer than 2 rows count, or a pair has
 *                        fewer than 2 rows, or the items cancel (their sum does not vary)
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * Time O(rows items^2).  Sources: Cronbach (1951), Psychometrika 16, 297-334; Feldt (1965),
 * Psychometrika 30, 357-370; Guttman (1945), Psychometrika 10, 255-282; Horst (1951),
 * Psychometrika 16, 189-202; Rulon (1939), Harv. Educ. Rev. 9, 99-103.
 * Tests: tests/reference/d_reliability (R package psych and others, to 1e-12),
 * tests/reference/psych_live (against R where it is installed).
 */
PSY_API psy_status psy_reliability_estimate(const double *const *items, size_t n_items,
                                            size_t n_rows, const psy_reliability_options *options,
                                            psy_reliability *out, psy_reliability_item *out_items,
                                            psy_error *error);

/**
 * Feldt's interval of alpha: 1 - (1 - alpha) F, with the upper and lower F of n - 1 and
 * (n - 1)(k - 1) degrees of freedom.
 *
 * @param alpha   the estimate, at most 1
 * @param n       persons, 2 or more
 * @param k       items, 2 or more
 * @param level   in (0, 1), e.g. 0.95
 * @param lo, hi  the limits
 * @retval PSY_E_ARGUMENT
 *
 * Source: Feldt (1965); Feldt, Woodruff & Salih (1987), Appl. Psychol. Meas. 11, 93-103.
 * Test: tests/reference/d_reliability.
 */
PSY_API psy_status psy_alpha_interval(double alpha, size_t n, size_t k, double level, double *lo,
                                      double *hi, psy_error *error);

/** How psy_factor_fit() measures misfit. Values are frozen. */
typedef enum psy_factor_method {
    PSY_FACTOR_ML = 0,    /**< maximum likelihood: log det + trace */
    PSY_FACTOR_MINRES = 1 /**< least squares of the off-diagonal residual correlations */
} psy_factor_method;

/**
 * One common factor: S = l l' + diag(u).
 *
 * @param covariance n_items x n_items, row-major, symmetric, positive definite for ML
 * @param n_items    3 to 512
 * @param method     the measure
 * @param loadings   shape (n_items,), in units of the items (unit variance of the factor), of
 *                   positive sum
 * @param unique     shape (n_items,), u, never below 0.005 of the item's variance
 * @param at_bound   items held at that bound (a Heywood case: do not print omega); may be NULL
 * @retval PSY_E_NUMERIC  the matrix is not positive definite, a variance is not above 0, or
 *                        no minimum was found
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * ML by Fisher scoring to a gradient of 1e-11; minres loading by loading until none moves by
 * more than 1e-14.
 * The divisor of S (n or n - 1) scales loadings, not omega.  Time O(items^3) a step.
 * Sources: Joreskog (1967), Psychometrika 32, 443-482; Harman & Jones (1966), Psychometrika
 * 31, 351-368.  Test: tests/reference/d_reliability (lavaan, to its
 * tolerance).
 */
PSY_API psy_status psy_factor_fit(const double *covariance, size_t n_items,
                                  psy_factor_method method, double *loadings, double *unique,
                                  size_t *at_bound, const psy_allocator *allocator,
                                  psy_error *error);

/**
 * Omega total of one factor, (sum l)^2 / denominator.
 *
 * @param loadings   shape (n_items,)
 * @param unique     shape (n_items,), 0 or more; NULL when `observed` is given
 * @param n_items    1 or more
 * @param observed   observed variance of the sum as denominator; NaN: the model's own,
 *                   (sum l)^2 + sum u.  The two differ (.724 and .726 in the test): say which
 * @param out        omega
 * @retval PSY_E_NUMERIC  the denominator is not above 0
 * @retval PSY_E_ARGUMENT
 *
 * Source: McDonald, R. P. (1999), Test theory.  Test: tests/reference/d_reliability.
 */
PSY_API psy_status psy_omega_total(const double *loadings, const double *unique, size_t n_items,
                                   double observed, double *out, psy_error *error);

/** Omegas of a bifactor model with given loadings. */
typedef struct psy_omega_bifactor_result {
    double total;        /**< share of variance of all factors */
    double hierarchical; /**< share of the general factor alone */
    double ecv;          /**< explained common variance of the general factor */
} psy_omega_bifactor_result;

/**
 * Omega of a bifactor model whose loadings were published (from one's own data they depend
 * on the rotation, so they are not estimated here).
 *
 * @param general   shape (n_items,), standardised loadings on the general factor
 * @param group     shape (n_items,), loadings on the item's own group factor
 * @param group_of  shape (n_items,), 0 to n_groups - 1
 * @param n_items   1 or more
 * @param n_groups  1 or more
 * @param out       the scale; uniqueness is 1 - general^2 - group^2
 * @param subscales shape (n_groups,), hierarchical omega of each group; NaN for an empty one;
 *                  may be NULL
 * @retval PSY_E_NUMERIC  a uniqueness is negative, or there is no variance
 * @retval PSY_E_ARGUMENT
 *
 * Source: Zinbarg, Revelle, Yovel & Li (2005), Psychometrika 70, 123-133.
 * Test: tests/reference/d_reliability.
 */
PSY_API psy_status psy_omega_bifactor(const double *general, const double *group,
                                      const uint32_t *group_of, size_t n_items, size_t n_groups,
                                      psy_omega_bifactor_result *out, double *subscales,
                                      psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
