/**
 * @file irt.h
 * Item response theory with given parameters: the trait of each answer pattern or sum.
 *
 * Graded response model: P(score >= s) = 1/(1 + exp(-(a theta + d_s))), s = 1 .. highest, with
 * d falling; with one d per item it is the two-parameter logistic model.  (Slope-intercept
 * form; d = -a b where a manual prints difficulties b.)  The trait is standard normal in the
 * reference group, so that T = 50 + 10 theta.
 *
 * Sources: Samejima, F. (1969), Psychometrika Monograph 17; Bock, R. D. & Mislevy, R. J.
 * (1982), Appl. Psychol. Meas. 6, 431-444 (EAP); Lord, F. M. & Wingersky, M. S. (1984), ibid.
 * 8, 453-461, and Thissen, D. et al. (1995), ibid. 19, 39-49 (sums); Warm, T. A. (1989),
 * Psychometrika 54, 427-450 (WLE).  Test: tests/reference/c_irt.
 */
#ifndef PSYSCREEN_IRT_H
#define PSYSCREEN_IRT_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Items with their parameters and the grid of quadrature. Immutable; may be shared. */
typedef struct psy_irt psy_irt;

/** Equally spaced points from lo to hi, weighted by the normal density; the weights add to 1. */
typedef struct psy_irt_grid {
    double lo, hi;
    size_t n;
} psy_irt_grid;

/**
 * Take up item parameters.
 *
 * @param out     receives the model, the caller's
 * @param a       shape (n_items,), discriminations, above 0
 * @param d       all intercepts, item after item: highest[0] of the first item, ...; falling
 *                within an item
 * @param highest shape (n_items,): highest score of each item, 1 to 63
 * @param n_items 1 to 1000
 * @param grid    NULL: 121 points from -6 to 6; else lo < hi and 11 to 2001 points.  A published
 *                table is reproduced only with its own grid
 * @param allocator NULL: malloc
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 */
PSY_API psy_status psy_irt_new(psy_irt **out, const double *a, const double *d,
                               const uint32_t *highest, size_t n_items, const psy_irt_grid *grid,
                               const psy_allocator *allocator, psy_error *error);
/** NULL is fine. */
PSY_API void psy_irt_free(psy_irt *irt);

/** How the trait is estimated. Frozen. */
typedef enum psy_irt_method {
    PSY_IRT_EAP = 0, /**< posterior mean; error: posterior standard deviation */
    PSY_IRT_MAP = 1, /**< posterior mode; error: 1/sqrt(I + 1), I the expected information */
    PSY_IRT_WLE = 2, /**< Warm's weighted likelihood; error: 1/sqrt(I) */
    /** maximum likelihood; error 1/sqrt(I).  All-lowest gives -infinity, all-highest infinity,
     * both with a NaN error: not for printing. */
    PSY_IRT_ML = 3
} psy_irt_method;

/**
 * The trait of answer patterns; missing answers are left out.
 *
 * @param scores shape (n_rows, n_items), row after row: item scores 0 .. highest, or NaN
 * @param theta  shape (n_rows,); NaN where nothing was answered: not scored, although EAP
 *               would be the mean of the reference group
 * @param error_of_theta shape (n_rows,), standard errors; may be NULL
 * @retval PSY_E_ARGUMENT  a score that its item does not have
 * @retval PSY_E_NOMEM
 *
 * The order of items does not matter beyond the last bits.  Thread-safe.
 */
PSY_API psy_status psy_irt_score(const psy_irt *irt, psy_irt_method method, const double *scores,
                                 size_t n_rows, double *theta, double *error_of_theta,
                                 psy_error *error);
/** The number of sum scores: 1 + the sum of the highest scores. */
PSY_API size_t psy_irt_n_sums(const psy_irt *irt);
/**
 * The table from sum score to trait (EAPsum).  It speaks of complete sheets only.
 *
 * @param theta, errors shape (n_sums,): posterior mean and standard deviation given the sum
 * @param share  shape (n_sums,): how often each sum is expected in the reference group; adds
 *               to 1
 * Each may be NULL.
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_irt_sums(const psy_irt *irt, double *theta, double *errors, double *share,
                                psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
