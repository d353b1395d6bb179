/*
 * quality_run.c -- the report of a wave: everything up to the judgement, then its tables.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "cohort/cohort.h"
#include "report/report.h"
#include "screening/key_file.h"
#include "screening/quality_tables.h"
#include "screening/read_inputs.h"
#include "stats/wave_report.h"

#include <psyscreen/quality.h>

#include <math.h>
#include <string.h>

enum { FEW = 100 };

static psy_status judge(psyi_results **out, const psy_plan *plan, const char *const *rosters,
                        size_t n_rosters, const char *const *responses, size_t n_responses,
                        unsigned n_threads, const psy_allocator *allocator, psy_findings *findings,
                        psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    bool with_key = false;
    psyi_intake *intake = NULL;
    psyi_roster *roster = NULL;
    psy_status status = psyi_key_read(plan, key, &with_key, allocator, findings, error);
    if (status == PSY_OK)
        status = psyi_read_inputs(plan, rosters, n_rosters, responses, n_responses, n_threads, NULL,
                                  allocator, findings, &intake, &roster, error);
    if (status == PSY_OK)
        status = psyi_cohort_run(out, plan, intake, roster, with_key ? key : NULL,
                                 with_key ? sizeof key : 0, n_threads, allocator, findings, error);
    psyi_wipe(key, sizeof key);
    return status;
}

/* ---- plausibility ---- */

enum { C_CHECK, C_USE, C_OBSERVED, C_LOW, C_HIGH, C_VERDICT, C_REMEDY, C_SOURCE, C_COLUMNS };

static psy_status make_checks(const psyi_results *results, psy_table **out, psy_error *error)
{
    static const psyi_wave_column columns[C_COLUMNS] = {
        {"check", PSY_COLUMN_TEXT},  {"use", PSY_COLUMN_TEXT},    {"observed", PSY_COLUMN_DOUBLE},
        {"low", PSY_COLUMN_DOUBLE},  {"high", PSY_COLUMN_DOUBLE}, {"verdict", PSY_COLUMN_TEXT},
        {"remedy", PSY_COLUMN_TEXT}, {"source", PSY_COLUMN_TEXT}};
    static const char *const verdicts[] = {"none", "in_range", "outside", "coding_error"};
    const psy_allocator *const allocator = results->allocator;
    const size_t most = psyi_plausible_most(results);
    psyi_plausible *const found = psyi_alloc(allocator, most + 1, sizeof *found);
    psyi_wave_cell *const cells = psyi_alloc(allocator, (most + 1) * C_COLUMNS, sizeof *cells);
    psy_status status = PSY_OK;
    if (found == NULL || cells == NULL)
        status = psyi_fail_memory(error, "checks");
    const size_t n = status == PSY_OK ? psyi_plausible_all(results, found) : 0;
    for (size_t i = 0; i < n; i++) {
        psyi_wave_cell *const row = cells + i * C_COLUMNS;
        row[C_CHECK].text = found[i].name.en;
        row[C_USE].text = found[i].use != NULL ? found[i].use : "";
        row[C_OBSERVED].number = found[i].value;
        row[C_LOW].number = found[i].low;
        row[C_HIGH].number = found[i].high;
        row[C_VERDICT].text = verdicts[found[i].verdict];
        row[C_REMEDY].text = found[i].remedy.en;
        row[C_SOURCE].text = found[i].source;
    }
    if (status == PSY_OK)
        status = psyi_wave_table(out, columns, C_COLUMNS, cells, n, allocator, error);
    psyi_free(allocator, found);
    psyi_free(allocator, cells);
    return status;
}

/* ---- the report ---- */

static psy_status make_tables(psy_quality *quality, const psyi_results *results,
                              const psyi_wave_options *options, psy_findings *findings,
                              psy_error *error)
{
    psy_status status = psyi_wave_scales(results, options, &quality->tables[PSY_QUALITY_SCALES],
                                         &quality->tables[PSY_QUALITY_ITEMS], findings, error);
    if (status == PSY_OK)
        status =
            psyi_wave_validity(results, options, &quality->tables[PSY_QUALITY_VALIDITY], error);
    if (status == PSY_OK)
        status = make_checks(results, &quality->tables[PSY_QUALITY_CHECKS], error);
    return status;
}

static psy_status remember(psy_quality *quality, const psyi_results *results, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    psyi_counts counts;
    psyi_count(results, 0, results->n_students, NULL, NULL, &counts);
    quality->plan = psyi_arena_copy(&quality->arena, plan->id);
    quality->wave = psyi_arena_copy(&quality->arena, plan->wave != NULL ? plan->wave : "");
    quality->fingerprint = psyi_arena_copy(&quality->arena, plan->fingerprint);
    quality->due = counts.due;
    quality->tested = counts.tested;
    quality->valid = counts.valid;
    quality->small_cell = plan->small_cell;
    quality->has_policy = plan->policy != NULL;
    return quality->plan != NULL && quality->wave != NULL && quality->fingerprint != NULL
               ? PSY_OK
               : psyi_fail_memory(error, "a report");
}

static psy_status check_options(const psy_quality_options *options, psyi_wave_options *out,
                                const psy_allocator **allocator, psy_error *error)
{
    *out = (psyi_wave_options){
        .level = .95, .few = FEW, .by = PSY_QUALITY_BY_STAGE | PSY_QUALITY_BY_SEX};
    *allocator = NULL;
    if (options == NULL)
        return PSY_OK;
    if (options->version > PSY_QUALITY_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u are newer than this library", options->version);
    if (!(options->level >= 0 && options->level < 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the level of an interval is between 0 and 1");
    if (options->rows != PSY_ROWS_LISTWISE && options->rows != PSY_ROWS_PAIRWISE)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no policy %d for missing answers",
                         (int)options->rows);
    out->rows = options->rows;
    out->level = options->level > 0 ? options->level : out->level;
    out->few = options->few > 0 ? options->few : out->few;
    out->by = options->by != 0 ? options->by : out->by;
    out->n_threads = options->n_threads;
    *allocator = options->allocator;
    return PSY_OK;
}

psy_status psy_quality_run(psy_quality **out, const psy_plan *plan, const char *const *rosters,
                           size_t n_rosters, const char *const *responses, size_t n_responses,
                           const psy_quality_options *options, psy_findings *findings,
                           psy_error *error)
{
    psyi_wave_options how;
    const psy_allocator *allocator;
    if (plan == NULL || responses == NULL || n_responses == 0 || out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a quality report needs a plan and at least one file of responses");
    psy_status status = check_options(options, &how, &allocator, error);
    if (status != PSY_OK)
        return status;
    psyi_results *results = NULL;
    psy_quality *const quality = psyi_alloc(allocator, 1, sizeof *quality);
    if (quality == NULL)
        return psyi_fail_memory(error, "a report");
    quality->allocator = allocator;
    quality->level = how.level;
    quality->rows = how.rows;
    quality->few = how.few;
    psyi_arena_init(&quality->arena, allocator);
    status = judge(&results, plan, rosters, n_rosters, responses, n_responses, how.n_threads,
                   allocator, findings, error);
    if (status == PSY_OK)
        status = make_tables(quality, results, &how, findings, error);
    if (status == PSY_OK)
        status = remember(quality, results, error);
    psyi_results_free(results);
    if (status != PSY_OK)
        psy_quality_free(quality);
    else
        *out = quality;
    return status;
}

void psy_quality_free(psy_quality *quality)
{
    if (quality == NULL)
        return;
    for (size_t part = 0; part < PSY_QUALITY_PARTS; part++)
        psy_table_free(quality->tables[part]);
    psyi_arena_done(&quality->arena);
    psyi_free(quality->allocator, quality);
}

const psy_table *psy_quality_table(const psy_quality *quality, psy_quality_part part)
{
    return (unsigned)part < PSY_QUALITY_PARTS ? quality->tables[part] : NULL;
}

psy_table *psy_quality_take(psy_quality *quality, psy_quality_part part)
{
    if ((unsigned)part >= PSY_QUALITY_PARTS)
        return NULL;
    psy_table *const table = quality->tables[part];
    quality->tables[part] = NULL;
    return table;
}
