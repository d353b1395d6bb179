/**
 * @file regression_norm.h
 * Regression-based continuous norms: a raw score as a polynomial of norm score and age.
 *
 * The coefficients come from the program that fitted them (cNORM and its like); here they are
 * evaluated, inverted and checked.  A high R^2 is no acceptance test: a model with R^2 .994
 * gave older children with more ability fewer points.  So a model is used only after
 * psy_regression_check() found it rising over the whole published range.
 *
 * Pure functions; any thread; no memory.
 * Sources: Lenhard, A., Lenhard, W. & Gary, S. (2019), PLoS ONE 14, e0222279; Lenhard et al.
 * (2018), Assessment 25, 112-125.  Test: tests/reference/b_cnorm.
 */
#ifndef PSYSCREEN_REGRESSION_NORM_H
#define PSYSCREEN_REGRESSION_NORM_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** coefficient * L^power_l * A^power_a; the constant term has both powers 0. */
typedef struct psy_regression_term {
    uint32_t power_l, power_a; /**< 0 to 9 */
    double coefficient;
} psy_regression_term;

/** A model and the range it was published for. */
typedef struct psy_regression_norm {
    const psy_regression_term *terms;
    size_t n_terms;
    double norm_lo, norm_hi; /**< norm scores it speaks of, T 25 to 75 */
    double raw_lo, raw_hi;   /**< lowest and highest raw score */
    double age_lo, age_hi;   /**< ages it speaks of */
} psy_regression_norm;

/** Expected raw score at norm score l and age, before it is cut to the raw range. */
PSY_API double psy_regression_raw(const psy_regression_norm *norm, double l, double age);
/** Its derivative by the norm score. */
PSY_API double psy_regression_slope(const psy_regression_norm *norm, double l, double age);
/**
 * The norm score of a raw score: where the curve of this age meets it, seeking from the
 * middle of the norm range (T 50) upwards for a raw score above the curve there and downwards
 * for one below.
 *
 * @param clipped receives -1 where the raw score lies beneath the range and the answer is
 *                norm_lo, 1 above it (norm_hi), else 0; may be NULL
 * @return NaN when raw or age is NaN or the age lies outside the model's
 *
 * Time O(terms * 100).
 */
PSY_API double psy_regression_standard(const psy_regression_norm *norm, double raw, double age,
                                       int32_t *clipped);

/** Where a model falls. */
typedef struct psy_regression_fall {
    double age;              /**< at this age */
    double from, to;         /**< between these norm scores */
    double raw_from, raw_to; /**< the expected raw score goes down like this */
} psy_regression_fall;
/**
 * Does the expected raw score, cut to the raw range, rise with the norm score everywhere?
 *
 * Looked at on a grid of `norm_steps` by `age_steps` intervals over both ranges.
 *
 * @param fall the first place where it falls by more than 1e-9 of the raw range; may be NULL
 * @retval PSY_OK          it rises everywhere
 * @retval PSY_E_NUMERIC   it falls, at *fall
 * @retval PSY_E_ARGUMENT  an empty or backward range, a power above 9, a coefficient that is not
 *                         finite, steps outside 1 to 10000
 *
 * Time O(norm_steps * age_steps * terms).
 */
PSY_API psy_status psy_regression_check(const psy_regression_norm *norm, uint32_t norm_steps,
                                        uint32_t age_steps, psy_regression_fall *fall,
                                        psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
