/**
 * @file quality.h
 * The psychometric report of a wave: how the scales worked, and how the sheets were filled in.
 *
 * The plan and the files of a screening go in; tables and a readable report come out.
 * Nothing is decided about a child here, and no row names one.
 */
#ifndef PSYSCREEN_QUALITY_H
#define PSYSCREEN_QUALITY_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/plan.h>
#include <psyscreen/reliability.h>
#include <psyscreen/stream.h>
#include <psyscreen/table.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Groups in which scales are looked at besides everybody; a bit mask.  Values are frozen. */
typedef enum psy_quality_by {
    PSY_QUALITY_BY_STAGE = 1,
    PSY_QUALITY_BY_GRADE = 2,
    PSY_QUALITY_BY_SEX = 4,
    PSY_QUALITY_BY_NOTHING = 8
} psy_quality_by;

/** Options of a report; zero means the default everywhere. */
typedef struct psy_quality_options {
    uint32_t version;               /**< PSY_QUALITY_OPTIONS_VERSION */
    uint32_t n_threads;             /**< 0: one per core */
    uint32_t by;                    /**< psy_quality_by; 0: stage and sex */
    uint32_t few;                   /**< groups of fewer are marked `few`; 0: 100 */
    psy_missing_rows rows;          /**< of reliability; 0: complete sheets only */
    double level;                   /**< of intervals, in (0, 1); 0: 0.95 */
    const psy_allocator *allocator; /**< NULL: malloc */
} psy_quality_options;
#define PSY_QUALITY_OPTIONS_VERSION 1u

/** The tables of a report.  Values are frozen. */
typedef enum psy_quality_part {
    /**
     * One row for each use, scale and group: `use`, `scale`, `group` (all, stage=junior,
     * grade=7, sex=female) · `n` (sheets that count) · `scored`, `not_scored` · `mean`, `sd`
     * (n - 1) of the printed score · `floor`, `ceiling` (shares of scored sheets at the
     * lowest and highest possible score) · of the sum of the items, for scales that add up
     * at least two: `items` (that vary), `complete` (sheets that answered all), `alpha`,
     * `alpha_lo`, `alpha_hi` (Feldt), `alpha_std`, `mean_r`, `spearman_brown` (odd and even
     * items), `lambda6`, `omega` (one factor by maximum likelihood; by minres where that has
     * no minimum; denominator of the model), `sem` (sd of the sum times sqrt(1 - alpha)),
     * `reliable_change` (smallest whole change of the sum that is reliable: 1.96 sqrt 2 `sem`,
     * Jacobson & Truax 1991) ·
     * `notes`, joined by ';': `few`, `suppressed` (fewer than the plan's small_cell: nothing
     * is printed), `pairwise`, `constant_items`, `few_rows` (no more persons than items),
     * `indefinite`, `negative_alpha`, `minres`, `heywood` (no omega), `no_factor`,
     * `no_reliability`, `many_items` (above 512: no omega; above 1,024: no reliability)
     */
    PSY_QUALITY_SCALES = 0,
    /**
     * One row for each item of each such scale, over everybody: `use`, `scale`, `item` · `n`
     * (answered) · `missing` (share) · `mean`, `sd` (item score) · `item_rest_r`,
     * `alpha_dropped`, `loading` (standardised, one factor) · `key` (fits, against, weak,
     * unclear, few, constant: keycheck.h)
     */
    PSY_QUALITY_ITEMS = 1,
    /**
     * How the indices of careless answering lie: `use`, `sign` · `n` (defined), `no_variance`,
     * `undefined` · `p01`, `p05`, `p25`, `p50`, `p75`, `p95`, `p99` (inverse of the empirical
     * distribution, no interpolation) · `mark` · `fired` (sheets of students, notes and
     * families included) · `share` of the sheets looked at.  Rows of `use` "" are about students:
     * families
     * (`family:time`), `status:valid` and so on
     */
    PSY_QUALITY_VALIDITY = 2,
    /**
     * Do the numbers look like those of other surveys of pupils (docs/validity.md): `check`,
     * `use` · `observed`, `low`, `high` · `verdict` (in_range, outside, coding_error, none) ·
     * `remedy`, `source`
     */
    PSY_QUALITY_CHECKS = 3,
    PSY_QUALITY_PARTS = 4
} psy_quality_part;

typedef struct psy_quality psy_quality;

/**
 * Look at a wave.
 *
 * @param out        receives the report, the caller's; untouched on failure
 * @param plan       the plan
 * @param rosters    paths, as of psy_screening_run()
 * @param n_rosters  their number; 0: there is none
 * @param responses  paths of response files
 * @param options    NULL: defaults
 * @param findings   receives what was noticed about the files and keys; may be NULL
 * @retval PSY_E_DATA      an input cannot be read as declared
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM
 *
 * Who counts: students who consent and whose sheet of the use is chosen and not set aside
 * (invalid, retest).  The same tables for any order of rows and any number of threads.
 * Time: a screening without workbooks, and O(students items^2) a scale and group.
 * Sources of the formulas: reliability.h, validity.h, keycheck.h.
 * Test: tests/unit/screening/test_quality.c, tests/reference/wave_quality (R).
 */
PSY_API psy_status psy_quality_run(psy_quality **out, const psy_plan *plan,
                                   const char *const *rosters, size_t n_rosters,
                                   const char *const *responses, size_t n_responses,
                                   const psy_quality_options *options, psy_findings *findings,
                                   psy_error *error);
PSY_API void psy_quality_free(psy_quality *quality);
/** A table of the report, which keeps it. */
PSY_API const psy_table *psy_quality_table(const psy_quality *quality, psy_quality_part part);
/** The same, handed over: the caller frees it, and the report has it no longer (NULL). */
PSY_API psy_table *psy_quality_take(psy_quality *quality, psy_quality_part part);
/**
 * The report to be read: Markdown, UTF-8, with the conventions and what to be careful about.
 *
 * @param language "en" or "zh"
 * @retval PSY_E_ARGUMENT  another language, or a table was taken away
 * @retval PSY_E_OUTPUT PSY_E_NOMEM
 */
PSY_API psy_status psy_quality_write(const psy_quality *quality, const char *language,
                                     const psy_sink *sink, psy_error *error);
/**
 * Write scales.csv, items.csv, validity.csv, checks.csv, quality.en.md and quality.zh.md into
 * a directory, made if it is not there.  Each file appears complete or not at all.
 *
 * @retval PSY_E_OUTPUT  a file could not be written
 * @retval PSY_E_ARGUMENT PSY_E_NOMEM as psy_quality_write()
 */
PSY_API psy_status psy_quality_save(const psy_quality *quality, const char *directory,
                                    psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
