/**
 * @file validity.h
 * Careless and invalid responding: indices over plain arrays of answers.
 *
 * Every function fills arrays of shape (n_rows,) that the caller owns; what cannot be
 * computed is NaN (or 0 for counts) with a reason in `state`.  **"No variance" is evidence,
 * not a clean bill**: whoever draws a straight line has no even-odd consistency, and a
 * program that reads NaN as "not flagged" lets exactly him through.
 *
 * An index says how unusual a sheet is, not whether a child was careless: misfit is more
 * frequent among the distressed (Conijn et al. 2015, 2019), single cut-offs flag a third of
 * attentive people (psychometric synonyms below .22: 35 %).  So combine families of
 * indices, and never let one lower a warning.
 *
 * Results are identical, bit for bit, for any number of threads.
 */
#ifndef PSYSCREEN_VALIDITY_H
#define PSYSCREEN_VALIDITY_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Answers of many people to the same items, as columns.  Each function says which answers
 * it wants: *as given* (raw codes, before reversal) or *as scored* (after it), and whether
 * the order of the columns matters.
 */
typedef struct psy_answer_grid {
    uint32_t version;   /**< PSY_ANSWER_GRID_VERSION */
    uint32_t n_threads; /**< 0: one per core */
    size_t n_items;     /**< columns, 1 to 4096 */
    size_t n_rows;      /**< people; 0 is fine */
    /** n_items pointers, each of shape (n_rows,); 0 to 127, any negative value: missing */
    const int8_t *const *items;
    const psy_allocator *allocator; /**< for work space; NULL: malloc */
} psy_answer_grid;
#define PSY_ANSWER_GRID_VERSION 1u

/** Why an index has a value or not.  Values are frozen. */
typedef enum psy_index_state {
    PSY_INDEX_DEFINED = 0,
    PSY_INDEX_NO_VARIANCE = 1, /**< the answers do not vary: itself evidence */
    PSY_INDEX_BLANKS = 2,      /**< an answer it cannot do without is missing */
    PSY_INDEX_TOO_FEW = 3      /**< too few answers, items or pairs */
} psy_index_state;

/** What a missing answer is to a run.  Values are frozen. */
typedef enum psy_run_blanks {
    PSY_BLANKS_END_RUNS = 0, /**< it ends a run and is none itself */
    PSY_BLANKS_ARE_RUNS = 1, /**< each is a run of 1, as R's rle has it */
    PSY_BLANKS_SKIPPED = 2   /**< it is not there: the run goes on behind it */
} psy_run_blanks;

/**
 * Longest and mean run of identical answers.
 *
 * @param grid    answers as given, columns in the order shown to the respondent; items in
 *                one response format
 * @param blanks  what missing answers are
 * @param longest shape (n_rows,), in items; may be NULL.  0 where there is no run
 * @param mean    shape (n_rows,), in items; may be NULL.  NaN where there is no run
 * @param state   shape (n_rows,); may be NULL.  TOO_FEW where there is no run
 * @retval PSY_E_ARGUMENT  the grid is not as documented (so everywhere in this header)
 * @retval PSY_E_NOMEM     (so everywhere in this header)
 *
 * Published marks: half of the items (Curran 2016); a scree per option (Johnson 2005).  Runs
 * mean little over fewer than 20 items or where none is reversed.  Time O(rows items).
 * Source: Johnson, J. A. (2005), J. Res. Pers. 39, 103-129.  Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_runs(const psy_answer_grid *grid, psy_run_blanks blanks,
                                     uint32_t *longest, double *mean, uint8_t *state,
                                     psy_error *error);

/**
 * Longest repeating pattern of period 2 to 5 (1 2 1 2 ..., 1 2 3 1 2 3 ...).
 *
 * A stretch of period p is a longest row of consecutive items in which every answer equals
 * the one p items before; it counts from 2 p items on and when its answers are not all the
 * same (that is a run).  Reported is the longest, of equals the one of the smallest period,
 * of these the first.  A missing answer ends a stretch.
 *
 * @param grid   answers as given, in the order shown
 * @param length shape (n_rows,), in items; 0 without a pattern
 * @param period shape (n_rows,), 2 to 5; 0 without a pattern; may be NULL
 *
 * Time O(rows items).  Convention of this library; test: tests/unit/validity/test_runs.c.
 */
PSY_API psy_status psy_validity_patterns(const psy_answer_grid *grid, uint32_t *length,
                                         uint8_t *period, psy_error *error);

/**
 * Intra-individual response variability: the standard deviation (n - 1) of a person's answers.
 *
 * @param grid  answers as given; missing ones are left out; items in one response format
 * @param out   shape (n_rows,), in codes; a straight line gives 0, which is defined
 * @param state shape (n_rows,); may be NULL.  TOO_FEW with fewer than 2 answers
 *
 * No general mark: the lowest tenth (Dunn et al. 2018); also very high values are unusual.
 * Time O(rows items).  Source: Dunn, Heggestad, Shanock & Theilgard (2018), J. Bus. Psychol.
 * 33, 105-121.  Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_irv(const psy_answer_grid *grid, double *out, uint8_t *state,
                                    psy_error *error);

/**
 * Even-odd consistency: r between the means of the even and of the odd items of each scale,
 * stepped up as 2r/(1 + r), not below -1.  **High is consistent** (the R package careless
 * prints the negative since 1.2.0).
 *
 * @param grid     answers as scored (reversed where keyed), in the order of presentation
 * @param scale_of shape (n_items,), scale of each item, 0 to n_scales - 1; PSY_NO_SCALE: none
 * @param n_scales number of scales
 * @param out      shape (n_rows,), -1 to 1
 * @param state    shape (n_rows,); may be NULL.  TOO_FEW with fewer than 3 scales that have
 *                 an answer in both halves; NO_VARIANCE where a half is the same in all
 *
 * Within a scale the first, third, ... item are odd; means are over the answered items.
 * Published mark: below .30 (flags 12 % of attentive people).  Time O(rows items).
 * Source: Jackson, D. N. (1977), Jackson Vocational Interest Survey manual; Johnson (2005).
 * Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_even_odd(const psy_answer_grid *grid, const uint32_t *scale_of,
                                         size_t n_scales, double *out, uint8_t *state,
                                         psy_error *error);
/** In `scale_of`: the item belongs to no scale. */
#define PSY_NO_SCALE UINT32_MAX

/** How psy_validity_mahalanobis() treats an item that others determine. Values are frozen. */
typedef enum psy_dependent_items {
    PSY_DEPENDENT_REFUSED = 0, /**< PSY_E_NUMERIC, and the message names the item */
    PSY_DEPENDENT_DROPPED = 1  /**< left out, in item order; see `used` and `rank` */
} psy_dependent_items;

/**
 * Mahalanobis distance D2 = (x - m)' S^-1 (x - m) from the mean of the complete rows.
 *
 * @param grid      answers, given or scored (D2 is the same)
 * @param dependent what to do with a constant item or one that is a linear combination of
 *                  items before it.  There is never a silent pseudo-inverse
 * @param d2        shape (n_rows,); NaN for rows with a missing answer
 * @param p         shape (n_rows,), P(chi-square of `rank` degrees of freedom > D2); may be NULL
 * @param state     shape (n_rows,); may be NULL.  BLANKS for rows with a missing answer,
 *                  TOO_FEW for all others when fewer than 2 are complete or nothing varies
 * @param used      shape (n_items,), 1: the item took part; may be NULL
 * @param rank      items that took part; may be NULL
 * @retval PSY_E_NUMERIC  S is singular and `dependent` refuses
 *
 * S has n - 1 below it and comes from exact integer sums.  Published mark: p < .001; answers
 * are not normal, so that more than that are flagged (3.3 % of a real sample).
 * Time O(rows items^2).  Source: Mahalanobis (1936); Meade & Craig (2012), Psychol. Methods
 * 17, 437-455.  Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_mahalanobis(const psy_answer_grid *grid,
                                            psy_dependent_items dependent, double *d2, double *p,
                                            uint8_t *state, uint8_t *used, size_t *rank,
                                            psy_error *error);

/** Two items, by index; `first` < `second`. */
typedef struct psy_item_pair {
    size_t first, second;
} psy_item_pair;

/**
 * The pairs of items whose answers correlate beyond a limit in this sample (psychometric
 * synonyms and antonyms).
 *
 * @param grid     answers as given; r over the rows that answered both items
 * @param limit    above 0: pairs with r > limit (synonyms); below 0: pairs with r < limit
 * @param pairs    receives up to `room` pairs, ordered by first, then second; NULL with room 0
 * @param room     places in `pairs`
 * @param n_pairs  number of pairs there are, which may be more than `room`
 *
 * Usual: above .60, below -.60; what passes is often few (6 pairs of 300 at .50 in a 25-item
 * inventory), and an index over few pairs flags a third of everybody.
 * Time O(rows items^2).  Source: Meade & Craig (2012); Curran (2016), J. Exp. Soc. Psychol.
 * 66, 4-19.  Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_find_pairs(const psy_answer_grid *grid, double limit,
                                           psy_item_pair *pairs, size_t room, size_t *n_pairs,
                                           psy_error *error);

/**
 * Within-person correlation over pairs of items (synonyms: high is consistent; antonyms: low).
 *
 * @param grid    answers as given
 * @param pairs   shape (n_pairs,); the first of each against the second
 * @param out     shape (n_rows,), -1 to 1
 * @param state   shape (n_rows,); may be NULL.  TOO_FEW with fewer than 3 pairs answered on
 *                both sides, NO_VARIANCE where either side is constant
 *
 * Nothing is resampled: a row that has no r has none (the R package careless draws at random
 * unless told not to).  Time O(rows pairs).  Source and test as psy_validity_find_pairs().
 */
PSY_API psy_status psy_validity_pairs(const psy_answer_grid *grid, const psy_item_pair *pairs,
                                      size_t n_pairs, double *out, uint8_t *state,
                                      psy_error *error);

/**
 * Person-total correlation: r between a person's answers and the item means of all other
 * complete rows.
 *
 * @param grid  answers as given, or as scored: say which with the result
 * @param out   shape (n_rows,), -1 to 1
 * @param state shape (n_rows,); may be NULL.  BLANKS for rows with a missing answer,
 *              NO_VARIANCE where the answers or the means do not vary, TOO_FEW with fewer
 *              than 2 items or 2 complete rows
 *
 * Published mark: below 0.  Computed in integers, rounded once.  Time O(rows items).
 * Source: Donlon & Fischer (1968), Educ. Psychol. Meas. 28, 105-113.
 * Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_person_total(const psy_answer_grid *grid, double *out,
                                             uint8_t *state, psy_error *error);

/**
 * Guttman errors over item steps.
 *
 * The steps "item j is at least s" are ordered by how many complete rows take them, most
 * first, ties by item, then step; an error is a pair of steps of which the more popular one
 * is not taken and the less popular one is.
 *
 * @param grid    answers as scored, 0 to highest[j]
 * @param highest shape (n_items,), largest score of each item, 0 to 127; 1: right or wrong
 * @param errors  shape (n_rows,)
 * @param u3      shape (n_rows,), U3 (van der Flier; polytomous: Emons): from 0, the likeliest
 *                pattern of its total, to 1, the unlikeliest; may be NULL.  Steps that all or
 *                none took have no weight and are left out
 * @param state   shape (n_rows,), of the errors; may be NULL.  BLANKS for rows with a missing
 *                answer (errors 0)
 * @param u3_state shape (n_rows,); may be NULL, as when u3 is.  BLANKS; or NO_VARIANCE where
 *                the total allows one pattern only (all lowest, all highest)
 * @retval PSY_E_ARGUMENT  an answer is above highest[j]
 * @retval PSY_E_LIMIT     U3 over more than 16384 steps
 *
 * No general mark: the upper percentile of the wave.  Time O(rows steps), for U3 also
 * O(steps^2).  Sources: Guttman (1944); Emons (2008), Appl. Psychol. Meas. 32, 224-247; van der
 * Flier (1982), J. Cross-Cult. Psychol. 13, 267-298.  Tests: tests/reference/e_careless
 * (errors, equal to PerFit's Gpoly), tests/unit/validity/test_item_steps.c (U3 against all
 * patterns of a total).
 */
PSY_API psy_status psy_validity_guttman(const psy_answer_grid *grid, const uint8_t *highest,
                                        uint32_t *errors, double *u3, uint8_t *state,
                                        uint8_t *u3_state, psy_error *error);

/**
 * Graded response model of a set of items: P(score >= s) = 1/(1 + exp(-(a theta + d_s))).
 * With highest 1 it is the two-parameter logistic model.  In another notation d = -a b.
 */
typedef struct psy_graded_items {
    size_t n_items;
    const uint8_t *highest; /**< shape (n_items,), largest score, 1 to 63 */
    const double *a;        /**< shape (n_items,), slopes, finite, not 0 */
    const double *d;        /**< item after item its highest[j] intercepts, falling */
} psy_graded_items;

/**
 * Person fit under a graded response model: l_z and l*_z.
 *
 * l_z = (l - E l)/sqrt(V l) with l the log-likelihood of the answers, at theta = EAP (normal
 * prior, 121 points from -6 to 6).  Its spread shrinks because theta is estimated, which
 * makes it conservative; l*_z corrects for that (Snijders 2001; several categories: Sinharay
 * 2016) and is taken at the posterior mode, for which the correction holds.
 *
 * @param grid    answers as scored, 0 to highest[j]
 * @param model   its n_items must be the grid's
 * @param theta   shape (n_rows,), the EAP; may be NULL
 * @param lz      shape (n_rows,); low is misfit; may be NULL
 * @param lz_star shape (n_rows,); may be NULL
 * @param state   shape (n_rows,); may be NULL.  BLANKS for rows with a missing answer
 * @retval PSY_E_ARGUMENT  the model is not as documented, or an answer is above highest[j]
 *
 * Usual mark: below -1.64.  Time O(rows items 121).
 * Sources: Drasgow, Levine & Williams (1985), Br. J. Math. Stat. Psychol. 38, 67-86; Snijders
 * (2001), Psychometrika 66, 331-342; Sinharay (2016), Psychometrika 81, 992-1013.
 * Tests: tests/reference/e_careless (l_z; equal to mirt's Zh), tests/unit/validity/
 * test_person_fit.c (l*_z against the dichotomous formula, and its variance by simulation).
 */
PSY_API psy_status psy_validity_person_fit(const psy_answer_grid *grid,
                                           const psy_graded_items *model, double *theta, double *lz,
                                           double *lz_star, uint8_t *state, psy_error *error);

/**
 * How many answers there are, and how many at the lowest and highest code.
 *
 * A sheet with at_lowest = answered > 0 is at the *floor*, with at_highest = answered at the
 * *ceiling*.  The floor of a one-directional symptom scale is a note, never evidence: a third
 * of complete PHQ-9 sheets of a national sample is all zero.
 *
 * @param grid       answers as scored
 * @param lowest     shape (n_items,), smallest code of each item; NULL: 0 for all
 * @param highest    shape (n_items,), largest code of each item
 * @param answered   shape (n_rows,); n_items minus it are blank; may be NULL
 * @param at_lowest  shape (n_rows,); may be NULL
 * @param at_highest shape (n_rows,); may be NULL
 *
 * Time O(rows items).  Test: tests/unit/validity/test_sheet_counts.c.
 */
PSY_API psy_status psy_validity_counts(const psy_answer_grid *grid, const uint8_t *lowest,
                                       const uint8_t *highest, uint32_t *answered,
                                       uint32_t *at_lowest, uint32_t *at_highest, psy_error *error);

/**
 * Infrequency and attention items: how many were answered as no attentive person answers.
 *
 * @param grid    answers as given, these items only
 * @param good_lo shape (n_items,), smallest code that passes
 * @param good_hi shape (n_items,), largest code that passes ("choose 4": 4 and 4)
 * @param failed  shape (n_rows,)
 * @param asked   shape (n_rows,), items answered at all; a blank neither passes nor fails;
 *                may be NULL
 *
 * Usual mark: 2 of 4 or more.  Time O(rows items).  Source: Huang, Bowling, Liu & Li (2015),
 * J. Bus. Psychol. 30, 299-311.  Test: tests/unit/validity/test_sheet_counts.c.
 */
PSY_API psy_status psy_validity_infrequency(const psy_answer_grid *grid, const uint8_t *good_lo,
                                            const uint8_t *good_hi, uint32_t *failed,
                                            uint32_t *asked, psy_error *error);

/**
 * Response time.
 *
 * @param seconds  shape (n_rows,), time on the page or sheet; NaN, 0 or less, infinite: unknown
 * @param n_items  shape (n_rows,), items shown to each
 * @param n_rows   people
 * @param per_item shape (n_rows,), seconds per item shown; may be NULL
 * @param relative shape (n_rows,), median time of all / own time (2: twice as fast as the
 *                 median); may be NULL.  The median is over the known times
 * @param state    shape (n_rows,); may be NULL.  BLANKS where unknown, TOO_FEW with no item
 *
 * Usual marks: below 2 s an item (Huang et al. 2012; children read more slowly and screens
 * differ), relative speed 2 or more (Leiner 2019).  Time O(rows log rows).
 * Source: Huang et al. (2012), J. Bus. Psychol. 27, 99-114.  Test: tests/reference/e_careless.
 */
PSY_API psy_status psy_validity_time(const double *seconds, const uint32_t *n_items, size_t n_rows,
                                     double *per_item, double *relative, uint8_t *state,
                                     const psy_allocator *allocator, psy_error *error);

/**
 * The most similar other sheet of the same class.
 *
 * @param grid       answers as given
 * @param class_of   shape (n_rows,), any numbers; rows of one number are compared
 * @param min_common fewest items that both must have answered (0: half of the items, rounded up)
 * @param same       shape (n_rows,), largest share of equal answers among those both gave;
 *                   may be NULL.  NaN where there is no sheet to compare with
 * @param twin       shape (n_rows,), row of that sheet, the first of equals; PSY_NO_ROW; may
 *                   be NULL
 * @param state      shape (n_rows,); may be NULL.  NO_VARIANCE for a sheet whose answers are all
 *                   the same: it is compared with nobody, since many honest sheets are alike
 *                   (all zero); TOO_FEW where no other sheet has enough in common
 * @retval PSY_E_LIMIT  a class has more than 20000 sheets
 *
 * Pairs of 1 mean copied or twice submitted sheets, or short scales: over a few items with few
 * codes equal sheets arise by chance.  Time O(sum of squared class sizes, items).
 * Source: Kuriakose & Robbins (2016), Stat. J. IAOS 32, 283-291 (percent match); test:
 * tests/unit/validity/test_near_copies.c.
 */
PSY_API psy_status psy_validity_near_copies(const psy_answer_grid *grid, const uint32_t *class_of,
                                            uint32_t min_common, double *same, size_t *twin,
                                            uint8_t *state, psy_error *error);
/** In `twin`: there is none. */
#define PSY_NO_ROW SIZE_MAX

/**
 * Bursts of submissions: the largest number of sheets that one group handed in within any
 * `window` seconds (both ends included) around this sheet, itself counted.
 *
 * @param submitted shape (n_rows,), seconds since any moment; PSY_NO_TIME: unknown
 * @param group_of  shape (n_rows,), device, address or class; NULL: all one group
 * @param n_rows    people
 * @param window    seconds, 0 or more
 * @param count     shape (n_rows,), at least 1; 0 where the time is unknown
 *
 * A class that sits together hands in together: compare groups with each other.
 * Time O(rows log rows).  Convention of this library; test: tests/unit/validity/test_bursts.c.
 */
PSY_API psy_status psy_validity_bursts(const int64_t *submitted, const uint32_t *group_of,
                                       size_t n_rows, int64_t window, uint32_t *count,
                                       const psy_allocator *allocator, psy_error *error);
/** In `submitted`: not known. */
#define PSY_NO_TIME INT64_MIN

#ifdef __cplusplus
}
#endif
#endif
