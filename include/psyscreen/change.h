/**
 * @file change.h
 * Reliable change between two testings, and clinical significance.
 *
 * Every method answers one question: given the first score, which second score is expected
 * of someone who did not change, and with what standard error?  The index is
 * (second - expected)/error.  The methods disagree (of 409 people 16 to 45 "changed", by
 * method), so a report names its method and where its reliability comes from.
 */
#ifndef PSYSCREEN_CHANGE_H
#define PSYSCREEN_CHANGE_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A group tested twice, as psy_change_describe() finds it or a manual prints it. */
typedef struct psy_change_group {
    size_t n; /**< people; 0: not known (Crawford-Howell needs it) */
    double mean_pre, mean_post;
    double sd_pre, sd_post;  /**< n - 1 below */
    double r;                /**< correlation of both testings */
    double reliability;      /**< what the errors are made of: set to r, or replace it by alpha */
    double sd_difference;    /**< standard deviation of post - pre */
    double intercept, slope; /**< regression of post on pre */
    double see;              /**< its standard error of estimate, n - 2 below */
} psy_change_group;

/**
 * Describe two testings of one group.  Should be a stable group: what changed in it counts
 * as error.
 *
 * @param pre, post shape (n_rows,); rows with NaN in either are left out
 * @param n_rows    people
 * @param out       everything; `reliability` = r
 * @retval PSY_E_NUMERIC  fewer than 3 pairs, or one testing does not vary
 * @retval PSY_E_ARGUMENT
 *
 * Time O(rows).  Test: tests/reference/f_change.
 */
PSY_API psy_status psy_change_describe(const double *pre, const double *post, size_t n_rows,
                                       psy_change_group *out, psy_error *error);

/** The methods.  s1, s2: standard deviations; m1, m2: means; r: reliability. Frozen. */
typedef enum psy_change_method {
    /** x1; sqrt 2 s1 sqrt(1 - r).  Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59 */
    PSY_CHANGE_JACOBSON_TRUAX = 0,
    /** x1; sqrt(s1^2 (1 - r) + s2^2 (1 - r)).  Iverson (2001), Arch. Clin. Neuropsychol. 16 */
    PSY_CHANGE_IVERSON = 1,
    /** x1 + m2 - m1 (practice); error of Jacobson-Truax.  Chelune et al. (1993) */
    PSY_CHANGE_CHELUNE = 2,
    /** x1 + m2 - m1; standard deviation of the differences.  Temkin's side of the dispute in
     * J. Int. Neuropsychol. Soc. 10 (2004) */
    PSY_CHANGE_CHELUNE_DIFFERENCES = 3,
    /** m1 + r (x1 - m1) (Kelley); s1 sqrt(1 - r); mark is 2.  Speer (1992), J. Consult. Clin.
     * Psychol. 60, 402-408 */
    PSY_CHANGE_EDWARDS_NUNNALLY = 4,
    /** b0 + b1 x1; standard error of estimate */
    PSY_CHANGE_REGRESSION = 5,
    /** m2 + r12 s2/s1 (x1 - m1); s2 sqrt(1 - r12^2), from a manual that prints no regression */
    PSY_CHANGE_REGRESSION_SIMPLE = 6,
    /** b0 + b1 x1; see sqrt(1 + 1/n + (x1 - m1)^2/SSx): t with n - 2 degrees of freedom.
     * Crawford & Howell (1998), J. Clin. Exp. Neuropsychol. 20, 755-762 */
    PSY_CHANGE_CRAWFORD_HOWELL = 7
} psy_change_method;

/**
 * Indices of change.
 *
 * @param group    the stable group
 * @param method   of psy_change_method
 * @param pre,post shape (n_rows,); NaN gives NaN
 * @param n_rows   people
 * @param out      shape (n_rows,); usual mark: |index| >= 1.96 (Edwards-Nunnally: 2;
 *                 Crawford-Howell: a quantile of t, see distribution.h)
 * @retval PSY_E_ARGUMENT  reliability (r for REGRESSION_SIMPLE) outside [0, 1), a standard
 *                         deviation or error not above 0, or n below 3 where it is needed
 *
 * Time O(rows).  Test: tests/reference/f_change (R, 409 people, to 1e-12).
 */
PSY_API psy_status psy_change_index(const psy_change_group *group, psy_change_method method,
                                    const double *pre, const double *post, size_t n_rows,
                                    double *out, psy_error *error);

/** What is expected of one first score. */
typedef struct psy_change_limits {
    double expected;   /**< second score of someone who did not change */
    double error;      /**< its standard error */
    double lo, hi;     /**< expected -+ critical error */
    double low_score;  /**< largest whole second score that is a reliable fall */
    double high_score; /**< smallest whole second score that is a reliable rise; both NaN beyond
                          1e12 */
} psy_change_limits;

/**
 * The second scores that would be reliable change, for one first score.
 *
 * @param critical mark of the index, above 0, e.g. 1.96; a change is reliable when
 *                 |index| >= critical
 * @param out      the limits; high_score - pre is the **smallest reliable change in whole
 *                 points** (for 6.004 it is 7; a difference of 6 is none)
 * @retval PSY_E_ARGUMENT  as psy_change_index(), or `pre` is not finite
 *
 * Test: tests/reference/f_change, tests/unit/stats/test_change.c.
 */
PSY_API psy_status psy_change_limits_of(const psy_change_group *group, psy_change_method method,
                                        double pre, double critical, psy_change_limits *out,
                                        psy_error *error);

/** Cut-offs between a dysfunctional and a functional population. */
typedef struct psy_change_cutoffs {
    double a; /**< two standard deviations from the dysfunctional mean, towards health */
    double b; /**< two standard deviations from the functional mean, towards illness */
    double c; /**< (s_f m_d + s_d m_f)/(s_f + s_d): as likely in one as in the other */
} psy_change_cutoffs;

/**
 * Cut-offs a, b and c of clinical significance.
 *
 * @param mean_ill, sd_ill   dysfunctional population; sd above 0
 * @param mean_well, sd_well functional population; sd above 0
 * @retval PSY_E_ARGUMENT  not finite, sd not above 0, or equal means (no direction)
 *
 * Which side is worse follows from the means.  c where both populations are known, a or b
 * where only one is.  Source: Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59, 12-19.
 * Test: tests/reference/f_change.
 */
PSY_API psy_status psy_change_cutoffs_of(double mean_ill, double sd_ill, double mean_well,
                                         double sd_well, psy_change_cutoffs *out, psy_error *error);

/** What became of a person. Values are frozen. */
typedef enum psy_change_class {
    PSY_CHANGE_UNKNOWN = 0,     /**< a score or the index is missing */
    PSY_CHANGE_RECOVERED = 1,   /**< reliably better, and crossed the cut-off */
    PSY_CHANGE_IMPROVED = 2,    /**< reliably better */
    PSY_CHANGE_UNCHANGED = 3,   /**< neither */
    PSY_CHANGE_DETERIORATED = 4 /**< reliably worse */
} psy_change_class;

/**
 * Class of each person.
 *
 * @param index      shape (n_rows,), of psy_change_index()
 * @param pre, post  shape (n_rows,)
 * @param n_rows     people
 * @param cutoff     recovered: from its bad side (not on it) to its good side or on it
 * @param critical   mark of the index, above 0; |index| >= critical is reliable
 * @param worse_high not 0: high scores are worse
 * @param out        shape (n_rows,), of psy_change_class
 * @retval PSY_E_ARGUMENT
 *
 * Source and test as psy_change_cutoffs_of().
 */
PSY_API psy_status psy_change_classify(const double *index, const double *pre, const double *post,
                                       size_t n_rows, double cutoff, double critical,
                                       int worse_high, uint8_t *out, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
