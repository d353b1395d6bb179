/**
 * @file interval.h
 * Intervals around a score, which say what they are about.
 *
 * Three different intervals are printed under the one name "confidence interval".  The
 * standard error of measurement around the observed score speaks about observed scores given
 * the true one; Kelley's estimate speaks about the true score; the prediction interval about
 * the observed score of a second testing.  For T = 65, reliability .85, 95 %: 57.4 to 72.6,
 * 55.8 to 69.8, 52.4 to 73.1.  A report names the one it prints, psy_interval_name().
 *
 * Sources: Dudek, F. J. (1979), Psychol. Bull. 86, 335-337; Kelley, T. L. (1947),
 * Fundamentals of statistics.  Test: tests/reference/b_norms.
 */
#ifndef PSYSCREEN_INTERVAL_H
#define PSYSCREEN_INTERVAL_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an interval is about. Frozen. */
typedef enum psy_interval_kind {
    /** x -+ z s sqrt(1 - r): observed scores of somebody whose true score is x */
    PSY_INTERVAL_OBSERVED = 0,
    /** m + r (x - m) -+ z s sqrt(r (1 - r)): the true score (Kelley) */
    PSY_INTERVAL_TRUE = 1,
    /** m + r (x - m) -+ z s sqrt(1 - r^2): the score of a second testing */
    PSY_INTERVAL_RETEST = 2
} psy_interval_kind;

/** One interval. */
typedef struct psy_interval {
    double centre; /**< the score, or its regression towards the mean */
    double error;  /**< the standard error that the interval is made of */
    double lo, hi;
} psy_interval;

/**
 * The interval of one score.
 *
 * @param kind        what it is to be about
 * @param x           the observed score
 * @param mean        mean of the person's norm group; OBSERVED does not use it
 * @param sd          standard deviation of that group, not below 0
 * @param reliability in [0, 1]
 * @param level       two-sided, in (0, 1): 0.95
 * @param out         the interval; all NaN when x is NaN
 * @param error       may be NULL
 * @retval PSY_E_ARGUMENT  reliability or level outside its range, sd below 0, a kind that is
 *                         none, or a number that is not finite
 *
 * Thread-safe.  Time O(1).
 */
PSY_API psy_status psy_interval_of(psy_interval_kind kind, double x, double mean, double sd,
                                   double reliability, double level, psy_interval *out,
                                   psy_error *error);
/** What the interval is, in "en" or "zh", for the place where it is printed; static text. */
PSY_API const char *psy_interval_name(psy_interval_kind kind, const char *language);

#ifdef __cplusplus
}
#endif
#endif
