/**
 * @file keycheck.h
 * Does the scoring key fit the data? Items that run against their scale.
 *
 * Nothing is changed and no score is computed: what comes out is a table to be read beside
 * the manual and the form that was handed out.
 */
#ifndef PSYSCREEN_KEYCHECK_H
#define PSYSCREEN_KEYCHECK_H

#include <psyscreen/allocator.h>
#include <psyscreen/answers.h>
#include <psyscreen/catalog.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/stream.h>
#include <psyscreen/table.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of a key check; zero means the default everywhere. */
typedef struct psy_keycheck_options {
    uint32_t version;               /**< PSY_KEYCHECK_OPTIONS_VERSION */
    double level;                   /**< of the intervals, in (0, 1); 0: 0.95 */
    const char *encoding;           /**< of a CSV file; NULL: must be valid UTF-8 */
    const psy_allocator *allocator; /**< NULL: malloc */
} psy_keycheck_options;
#define PSY_KEYCHECK_OPTIONS_VERSION 1u

/**
 * Hold the key of every scale that adds up items (sum or mean, two items or more) against
 * answers.
 *
 * One row for each item of each scale:
 * `scale`, `item` (texts) · `reversed` (does the key turn it) · `n` (rows that answered the
 * item and another one of the scale: the fewest of any pair) · `item_rest_r` (correlation of
 * the item score with the sum of the others, from pairwise covariances) · `low`, `high` (its
 * interval by Fisher's z) · `loading` (on the first principal component of the correlations,
 * which points where most items point) · `verdict`:
 *
 * - `fits`
 * - `against`: looks mis-keyed, a warning `key_against`. Its loading is negative, and turned
 *   round it would correlate with the rest, all turned to the component, by more than
 *   min(1.645/sqrt(n - 3), a quarter of the median of the items): so it is not just a weak
 *   item that noise put on the wrong side
 * - `weak`: no more than noise on either side (the interval holds 0)
 * - `unclear`: more than a third of the items run against the others, or the scale has two
 *   items that disagree; nobody can say which are right. One warning `key_unclear` a scale
 * - `few`: less than 30 rows, or `constant`: nothing varies. Nothing is said about the key
 *
 * @param out       receives the table, the caller's; untouched on failure
 * @param answers   answers of one instrument, as given (the key turns them here)
 * @param options   NULL: defaults
 * @param findings  receives the warnings; may be NULL
 * @retval PSY_E_ARGUMENT  a level outside (0, 1), or options of a later version
 * @retval PSY_E_NOMEM
 *
 * Time O(rows items^2) a scale; deterministic.
 *
 * Sources: corrected item-total correlation, Cureton (1966), Psychometrika 31, 93-96; its
 * interval, Fisher (1921), Metron 1, 3-32; reversal by the sign of the first component, as
 * the R package psych has it (Revelle). The threshold is ours: with alpha of .7 and 200
 * persons a flipped item of 5 to 20 is found, and a right one left alone, in more than 99 %.
 * Test: tests/unit/stats/test_keycheck.c measures both.
 */
PSY_API psy_status psy_keycheck(psy_table **out, const psy_answers *answers,
                                const psy_keycheck_options *options, psy_findings *findings,
                                psy_error *error);

/**
 * The same for a CSV whose answers stand in columns `<instrument>_<item>`.
 *
 * @param use     "ID[@EDITION][:VARIANT]"
 * @param path    the file; NULL: `source` is read
 * @param source  where else the bytes come from; may be NULL
 * @retval PSY_E_NOT_FOUND  no such instrument or variant
 * @retval PSY_E_DATA       the file cannot be read as told, or a needed column is missing
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * Other parameters as above; findings about the file are added to them.
 */
PSY_API psy_status psy_keycheck_csv(psy_table **out, const psy_catalog *catalog, const char *use,
                                    const char *path, const psy_source *source,
                                    const psy_keycheck_options *options, psy_findings *findings,
                                    psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
