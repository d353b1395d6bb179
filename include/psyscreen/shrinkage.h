/**
 * @file shrinkage.h
 * Shrinking the means of small groups towards what all groups have in common.
 *
 * A group mean m_g with sampling variance v_g is one draw around a common mean with variance
 * tau^2 between groups.  Its best guess is lambda m_g + (1 - lambda) mu, with lambda =
 * tau^2/(tau^2 + v_g) and mu the mean weighted by 1/(v_g + tau^2).
 */
#ifndef PSYSCREEN_SHRINKAGE_H
#define PSYSCREEN_SHRINKAGE_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How tau^2 is estimated. Frozen. */
typedef enum psy_shrinkage_method {
    /** Restricted maximum likelihood by Fisher scoring.  Viechtbauer (2005), J. Educ. Behav.
     * Stat. 30, 261-293 */
    PSY_SHRINKAGE_REML = 0,
    /** Moments.  DerSimonian & Laird (1986), Control. Clin. Trials 7, 177-188 */
    PSY_SHRINKAGE_DL = 1
} psy_shrinkage_method;

/** What all groups have in common. */
typedef struct psy_shrinkage {
    double tau2; /**< variance between groups, 0 or above */
    double mu;   /**< common mean */
    double q;    /**< heterogeneity: sum of (m_g - m)^2/v_g around the mean weighted by 1/v_g */
} psy_shrinkage;

/**
 * Shrink group means.
 *
 * @param method    how tau^2 is found
 * @param means     shape (n,)
 * @param variances shape (n,), sampling variances s^2/n_g, above 0
 * @param n         groups, at least 2
 * @param out       what they have in common
 * @param lambda    shape (n,), share of a group's own mean; may be NULL
 * @param shrunk    shape (n,), the shrunk means; may be NULL
 * @param errors    shape (n,), their standard errors, sqrt(lambda v + (1 - lambda)^2 var mu);
 *                  may be NULL
 * @retval PSY_E_ARGUMENT  fewer than 2 groups, a value that is not finite, a variance not above 0
 * @retval PSY_E_NUMERIC   REML does not converge
 *
 * Groups are summed in the order given: the same order gives the same bits.  Thread-safe, no
 * memory.  Time O(n) a step.  Source of the prediction: Robinson (1991), Stat. Sci. 6, 15-32.
 * Test: tests/reference/b_norms (metafor).
 */
PSY_API psy_status psy_shrink(psy_shrinkage_method method, const double *means,
                              const double *variances, size_t n, psy_shrinkage *out, double *lambda,
                              double *shrunk, double *errors, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
