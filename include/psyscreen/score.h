/**
 * @file score.h
 * Scoring instruments over answers, without a plan.
 */
#ifndef PSYSCREEN_SCORE_H
#define PSYSCREEN_SCORE_H

#include <psyscreen/allocator.h>
#include <psyscreen/answers.h>
#include <psyscreen/catalog.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/stream.h>
#include <psyscreen/table.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of scoring; zero means the default everywhere. */
typedef struct psy_score_options {
    uint32_t version;               /**< PSY_SCORE_OPTIONS_VERSION */
    uint32_t n_threads;             /**< 0: one per core */
    const char *variant;            /**< coding variant; NULL: the instrument's first */
    const char *population;         /**< cut-off set of `.band`; NULL: the first */
    const psy_allocator *allocator; /**< NULL: malloc */
    const char *encoding;           /**< of a CSV file, "gb18030"; NULL: must be valid UTF-8 */
} psy_score_options;
#define PSY_SCORE_OPTIONS_VERSION 1u

/**
 * Score answers held in memory.
 *
 * The table has one row a sheet and the columns `<instrument>.<scale>` (double),
 * `<instrument>.<scale>.band` (text), `.band@<population>` of further cut-off sets,
 * `<instrument>.<scale>.answered` (int64) for each scale, then `<instrument>.<flag>` (bool;
 * missing = undecided), then `<instrument>.<scale>.<metric>@<norm>` (double).
 */
PSY_API psy_status psy_score_answers(psy_table **out, const psy_answers *answers,
                                     const psy_score_options *options, psy_findings *findings,
                                     psy_error *error);

/**
 * Score a CSV file with generated column names (`phq9_1`, `psqi_q1_bed`, ...), as
 * `psyscreen score --instrument` does.
 *
 * @param uses   "ID[@EDITION][:VARIANT]", one an entry
 * @param keep   columns of the file handed through in front, as text
 * @param path   the file; NULL reads `source`
 * @retval PSY_E_DATA       a needed column is missing, the encoding is unknown, ...
 * @retval PSY_E_NOT_FOUND  no such instrument
 */
PSY_API psy_status psy_score_csv(psy_table **out, const psy_catalog *catalog,
                                 const char *const *uses, size_t n_uses,
                                 const char *const *keep, size_t n_keep, const char *path,
                                 const psy_source *source, const psy_score_options *options,
                                 psy_findings *findings, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
