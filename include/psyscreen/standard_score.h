/**
 * @file standard_score.h
 * Standard scores of one score against one reference group, each by its published convention.
 *
 * Conventions disagree where it matters: linear and percentile stanines put 18 % of the cells
 * of a table of small groups into different classes, and two normal scores of one rank can be
 * 2.7 T apart.  So there is no stanine() here, only functions that name their rule, and
 * nothing is rounded: rounding happens once, where a value is printed.
 *
 * All functions are pure, may be called from any thread, and answer NaN (0 for a class)
 * where there is no answer: an argument is NaN, the group has no spread, or nobody is in it.
 * Time O(1).  Test: tests/reference/b_norms (R, 12 groups, two scales).
 */
#ifndef PSYSCREEN_STANDARD_SCORE_H
#define PSYSCREEN_STANDARD_SCORE_H

#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** (x - mean)/sd; NaN unless sd is above 0. */
PSY_API double psy_standard_z(double x, double mean, double sd);
/** 50 + 10 z.  Source: McCall, W. A. (1922), How to measure in education. */
PSY_API double psy_standard_t(double z);
/** 100 + 15 z, the metric of deviation quotients. */
PSY_API double psy_standard_iq(double z);
/** Linear stanine: 2z + 5 rounded half up, within 1 to 9; 0 for NaN. */
PSY_API int32_t psy_stanine_linear(double z);
/** Linear sten: floor(2z + 6), within 1 to 10; 0 for NaN. */
PSY_API int32_t psy_sten_linear(double z);
/**
 * Stanine by percentage: the classes hold 4, 7, 12, 17, 20, 17, 12, 7 and 4 %.
 *
 * @param below scores below this one, @param equal scores equal to it, @param n all scores
 * @return 1 to 9 from the mid-rank share (below + equal/2)/n, where a share equal to a cut
 *         belongs to the class beneath; decided in integers.  0: n is 0 or counts exceed it.
 */
PSY_API int32_t psy_stanine_percent(uint64_t below, uint64_t equal, uint64_t n);
/** Sten by percentage: cuts at the normal probabilities of -2, -1.5, ..., 2; otherwise as
 * psy_stanine_percent(). */
PSY_API int32_t psy_sten_percent(uint64_t below, uint64_t equal, uint64_t n);

/** How a percentile counts ties. Frozen. */
typedef enum psy_percentile_kind {
    PSY_PERCENTILE_MID = 0,        /**< 100 (below + equal/2)/n; what psyscreen prints */
    PSY_PERCENTILE_BELOW = 1,      /**< 100 below/n */
    PSY_PERCENTILE_AT_OR_BELOW = 2 /**< 100 (below + equal)/n */
} psy_percentile_kind;
/** Percentile rank in 0 to 100; NaN when n is 0 or the counts exceed it. */
PSY_API double psy_percentile_rank(psy_percentile_kind kind, uint64_t below, uint64_t equal,
                                   uint64_t n);
/**
 * The text of a percentile for people: one decimal, and never 0 or 100, which nobody can be.
 *
 * @param percentile 0 to 100
 * @param out        receives "<1" below 1, ">99" above 99, "46.6" between; "" for NaN or a
 *                   number outside; always NUL-terminated within 8 bytes
 */
PSY_API void psy_percentile_text(double percentile, char out[8]);

/** Where a rank lies among n: p = (rank - a)/(n + 1 - 2a). Frozen. */
typedef enum psy_rank_method {
    PSY_RANK_BLOM = 0,    /**< a = 3/8.  Blom (1958), Statistical estimates */
    PSY_RANK_TUKEY = 1,   /**< a = 1/3.  Tukey (1962), Ann. Math. Stat. 33 */
    PSY_RANK_WAERDEN = 2, /**< a = 0.  van der Waerden (1952), Indag. Math. 14 */
    PSY_RANK_RANKIT = 3   /**< a = 1/2: the mid-rank percentile itself.  Bliss (1967) */
} psy_rank_method;
/**
 * z of the normal score of a rank: the normal quantile of p at the mean rank of the tied,
 * below + (equal + 1)/2.
 *
 * @return NaN when equal is 0: a rank is defined for observed scores only; see
 *         psy_normal_score_in() for gaps
 */
PSY_API double psy_normal_score(psy_rank_method method, uint64_t below, uint64_t equal, uint64_t n);
/**
 * The same out of a whole table of scores, gaps included.
 *
 * Between two observed scores z is interpolated linearly in the score; below the lowest and
 * above the highest observed score it stays at theirs: a normal score is never extrapolated.
 *
 * @param scores shape (n_scores,), ascending without repeats
 * @param counts shape (n_scores,); 0 is no observation
 * @param at     the score asked for
 * @param clamped receives 1 where `at` lies outside the observed scores, else 0; may be NULL
 * @return NaN when nobody was observed or `at` is NaN
 *
 * Time O(n_scores).
 */
PSY_API double psy_normal_score_in(psy_rank_method method, const double *scores,
                                   const uint64_t *counts, size_t n_scores, double at,
                                   int32_t *clamped);

/**
 * A value between age bands: linear between the midpoints of neighbouring bands, constant
 * before the first and after the last midpoint (clamped, never extrapolated).
 *
 * @param midpoints shape (n,), ascending without repeats
 * @param values    shape (n,): the same person's standard score by each band
 * @param age       in the unit of the midpoints
 * @return NaN when n is 0, age is NaN, or a value that counts is NaN
 *
 * Time O(n).
 */
PSY_API double psy_between_ages(const double *midpoints, const double *values, size_t n,
                                double age);

#ifdef __cplusplus
}
#endif
#endif
