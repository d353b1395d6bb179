/**
 * @file lms.h
 * The LMS method: z scores by skewness L, median M and coefficient of variation S.
 *
 * z = ((y/M)^L - 1)/(L S), and log(y/M)/S where L is 0.  Written with expm1, because the
 * plain form loses ten digits near L = 0.  y must be above 0: a scale that starts at 0 is
 * moved by 1 before L, M and S are estimated, and again before they are used.
 *
 * Pure functions; any thread; NaN outside the domain (y, M or S not above 0).
 * Sources: Cole, T. J. & Green, P. J. (1992), Stat. Med. 11, 1305-1319; WHO (2006), Child
 * growth standards, note on the computation of centiles and z-scores (the tails).
 * Test: tests/reference/b_norms.
 */
#ifndef PSYSCREEN_LMS_H
#define PSYSCREEN_LMS_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The three curves at one age. */
typedef struct psy_lms {
    double l, m, s;
} psy_lms;

/** z of the measurement y. */
PSY_API double psy_lms_z(const psy_lms *lms, double y);
/**
 * z with the tails of WHO: beyond -3 and 3 it goes on in straight lines, 3 + (y - SD3)/(SD3 -
 * SD2), where SD2 and SD3 are the measurements at z = 2 and 3; mirrored below.  NaN where a
 * measurement that it needs does not exist.
 */
PSY_API double psy_lms_z_who(const psy_lms *lms, double y);
/** The measurement at z: M (1 + L S z)^(1/L); NaN where 1 + L S z is not above 0. */
PSY_API double psy_lms_measurement(const psy_lms *lms, double z);
/**
 * L, M and S at an age between tabulated ones, each interpolated linearly.
 *
 * @param ages  shape (n,), ascending without repeats
 * @param table shape (n,)
 * @return all NaN outside the table: it is never extrapolated
 *
 * Time O(log n).
 */
PSY_API psy_lms psy_lms_at(const double *ages, const psy_lms *table, size_t n, double age);
/**
 * L, M and S of one group by maximum likelihood.
 *
 * @param y      shape (n,), finite and above 0
 * @param n      at least 3 values, of which two differ
 * @param out    the estimates; L is sought in [-10, 10]
 * @param negative_log_likelihood its value there; may be NULL.  The likelihood is flat in L:
 *               compare programs by it, not by L
 * @retval PSY_E_ARGUMENT  a value not above 0 or not finite, or too few
 * @retval PSY_E_NUMERIC   no spread, or the maximum lies at an end of [-10, 10]
 *
 * No memory.  Time O(200 n).  Source: Box, G. E. P. & Cox, D. R. (1964), J. R. Stat. Soc. B
 * 26, 211-252.
 */
PSY_API psy_status psy_lms_fit(const double *y, size_t n, psy_lms *out,
                               double *negative_log_likelihood, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
