/*
 * public_score.c -- scoring without a plan: answers in memory, or a file with generated
 * column names.
 *
 * One instrument after the other is compiled, run and appended to the table; nothing is kept
 * between calls.
 */
#include "answers/memory_answers.h"
#include "base/fail.h"
#include "intake/records.h"
#include "score/named_use.h"
#include "score/score_table.h"

#include <psyscreen/score.h>

#include <string.h>

typedef struct job {
    const psy_score_options *options;
    const psy_allocator *allocator;
    psy_table *table;
    const psyi_person *people;
    const psyi_score_places *places;
    psy_findings *findings;
    psy_error *error;
} job;

static psy_status check_options(const psy_score_options *options, psy_error *error)
{
    if (options != NULL && options->version > PSY_SCORE_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u; this library knows version %u",
                         (unsigned)options->version, PSY_SCORE_OPTIONS_VERSION);
    return PSY_OK;
}

/* Compile, run and append one instrument. */
static psy_status score_one(job *j, const psyi_sheets *sheets, unsigned variant,
                            const char *population)
{
    psyi_scorer *scorer = NULL;
    psyi_scores *scores = NULL;
    psyi_events events = {0};
    psy_status status;
    const unsigned n_threads = j->options == NULL ? 0 : j->options->n_threads;
    if ((status = psyi_scorer_new(&scorer, sheets->instrument, variant, population, j->allocator,
                                  j->error)) != PSY_OK ||
        (status = psyi_scores_new(&scores, scorer, sheets, j->allocator, j->error)) != PSY_OK ||
        (status = psyi_scores_run_all(scores, j->people, n_threads, &events, j->error)) !=
            PSY_OK ||
        (status = psyi_score_table(j->table, scores, j->error)) != PSY_OK)
        goto done;
    status = psyi_score_findings(scores, j->people, &events, j->places, j->findings, j->error);
done:
    psyi_free(j->allocator, events.events);
    psyi_scores_free(scores);
    psyi_scorer_free(scorer);
    return status;
}

/* ---- answers in memory ---------------------------------------------------------------- */

static const char *no_file(const void *context, size_t row)
{
    (void)context;
    (void)row;
    return NULL;
}

static uint64_t row_number(const void *context, size_t row)
{
    (void)context;
    return row + 1;
}

psy_status psy_score_answers(psy_table **out, const psy_answers *answers,
                             const psy_score_options *options, psy_findings *findings,
                             psy_error *error)
{
    unsigned variant = 0;
    psy_status status = check_options(options, error);
    if (status != PSY_OK)
        return status;
    if (options != NULL && options->variant != NULL)
        status = psyi_named_variant(answers->instrument, options->variant, &variant, error);
    else
        variant = answers->variant;
    if (status != PSY_OK)
        return status;
    const psyi_score_places places = {no_file, row_number, NULL};
    job j = {.options = options,
             .allocator = options == NULL ? NULL : options->allocator,
             .places = &places,
             .findings = findings,
             .error = error};
    const size_t n = answers->sheets->n_sheets;
    psyi_person *const people = psyi_alloc(j.allocator, n, sizeof *people);
    if (people == NULL)
        return psyi_fail_memory(error, "persons");
    for (size_t row = 0; row < n; row++)
        people[row] = (psyi_person){.sex = answers->sex[row],
                                    .informant = answers->informant[row],
                                    .grade = answers->grade[row],
                                    .age = answers->age[row]};
    j.people = people;
    /* Without a plan a row is a sheet, also where nothing was answered (as in a file). */
    psyi_sheets sheets = *answers->sheets;
    sheets.given = psyi_alloc(j.allocator, sheets.n_tiles, sizeof *sheets.given);
    if (sheets.given == NULL)
        status = psyi_fail_memory(error, "answers");
    for (size_t row = 0; row < n && status == PSY_OK; row++)
        psyi_sheets_mark(&sheets, row);
    if (status == PSY_OK)
        status = psy_table_new(&j.table, n, j.allocator, error);
    if (status == PSY_OK)
        status = score_one(&j, &sheets, variant, options == NULL ? NULL : options->population);
    psyi_free(j.allocator, sheets.given);
    psyi_free(j.allocator, people);
    if (status != PSY_OK) {
        psy_table_free(j.table);
        return status;
    }
    *out = j.table;
    return PSY_OK;
}

/* ---- a file --------------------------------------------------------------------------- */

static bool has_population(const psyi_use *use, const char *population)
{
    const psyi_variant *const variant = &use->instrument->variants[use->variant];
    const psyi_scale *const scales =
        variant->scales != NULL ? variant->scales : use->instrument->scales;
    for (size_t s = 0; s < use->instrument->n_scales; s++)
        for (size_t p = 0; p < scales[s].n_populations; p++)
            if (strcmp(scales[s].populations[p], population) == 0)
                return true;
    return false;
}

static psy_status read_uses(psyi_use *uses, const char *const *texts, size_t n_uses,
                            const psy_catalog *catalog, const psy_score_options *options,
                            psyi_arena *arena, psy_error *error)
{
    const char *const population = options == NULL ? NULL : options->population;
    bool found = population == NULL;
    for (size_t i = 0; i < n_uses; i++) {
        const psy_status status = psyi_named_use(&uses[i], texts[i], catalog,
                                           options == NULL ? NULL : options->variant, arena,
                                           error);
        if (status != PSY_OK)
            return status;
        for (size_t k = 0; k < i; k++)
            if (strcmp(uses[k].id, uses[i].id) == 0)
                return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                                 "%s is named twice; its columns would be the same",
                                 uses[i].id);
        /* Of several instruments, those that have this set of cut-offs use it. */
        if (population != NULL && has_population(&uses[i], population)) {
            uses[i].population = population;
            found = true;
        }
    }
    if (!found)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "no instrument here has cut-offs called '%s'",
                         population);
    return PSY_OK;
}

static const char *file_of(const void *context, size_t row)
{
    const psyi_intake *const intake = context;
    return intake->files[intake->records[row].file].name;
}

static uint64_t line_of(const void *context, size_t row)
{
    const psyi_intake *const intake = context;
    return intake->records[row].row;
}

static psy_status add_kept(psy_table *table, const psyi_intake *intake, psy_error *error)
{
    for (size_t k = 0; k < intake->n_kept; k++) {
        size_t column;
        psy_status status = psy_table_add_column(table, intake->kept_names[k], PSY_COLUMN_TEXT,
                                                 &column, error);
        for (size_t row = 0; row < intake->n_records && status == PSY_OK; row++) {
            const char *const *const kept = intake->records[row].kept;
            if (kept != NULL && kept[k] != NULL && kept[k][0] != '\0')
                status = psy_table_set_text(table, column, row, kept[k], strlen(kept[k]), error);
        }
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

static psy_status score_intake(job *j, const psyi_intake *intake, const psyi_use *uses)
{
    const size_t n = intake->n_records;
    psyi_person *const people = psyi_alloc(j->allocator, n, sizeof *people);
    if (people == NULL)
        return psyi_fail_memory(j->error, "persons");
    for (size_t row = 0; row < n; row++) {
        const psyi_record *const record = &intake->records[row];
        people[row] = (psyi_person){.sex = record->sex,
                                    .informant = record->informant,
                                    .grade = record->grade,
                                    .age = record->age};
    }
    j->people = people;
    psy_status status = psy_table_new(&j->table, n, j->allocator, j->error);
    if (status == PSY_OK)
        status = add_kept(j->table, intake, j->error);
    for (size_t i = 0; i < intake->n_uses && status == PSY_OK; i++)
        status = score_one(j, intake->sheets[i], uses[i].variant, uses[i].population);
    psyi_free(j->allocator, people);
    return status;
}

psy_status psy_score_csv(psy_table **out, const psy_catalog *catalog, const char *const *uses,
                         size_t n_uses, const char *const *keep, size_t n_keep, const char *path,
                         const psy_source *source, const psy_score_options *options,
                         psy_findings *findings, psy_error *error)
{
    psy_status status = check_options(options, error);
    if (status != PSY_OK)
        return status;
    if (n_uses == 0 || n_uses > PSYI_MAX_USES)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "1 to %d instruments can be scored, not %zu",
                         PSYI_MAX_USES, n_uses);
    if (path == NULL && source == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "neither a file nor a source to read");
    job j = {.options = options,
             .allocator = options == NULL ? NULL : options->allocator,
             .findings = findings,
             .error = error};
    psyi_arena arena;
    psyi_arena_init(&arena, j.allocator);
    psyi_intake *intake = NULL;
    psyi_use *const made = psyi_arena_alloc(&arena, n_uses, sizeof *made);
    if (made == NULL) {
        status = psyi_fail_memory(error, "the instruments");
        goto done;
    }
    status = read_uses(made, uses, n_uses, catalog, options, &arena, error);
    if (status != PSY_OK)
        goto done;
    const psyi_intake_options how = {.uses = made,
                                     .n_uses = n_uses,
                                     .generated_names = true,
                                     .encoding = options != NULL ? options->encoding : NULL,
                                     .n_threads = options != NULL ? options->n_threads : 0,
                                     .keep = keep,
                                     .n_keep = n_keep};
    status = psyi_intake_read(&intake, &how, path == NULL ? NULL : &path,
                              path == NULL ? source : NULL, 1, j.allocator, findings, error);
    if (status != PSY_OK)
        goto done;
    /* Without a plan a row is a sheet of every instrument, also where nothing was answered. */
    for (size_t use = 0; use < n_uses; use++)
        for (size_t record = 0; record < intake->n_records; record++)
            psyi_sheets_mark(intake->sheets[use], record);
    const psyi_score_places places = {file_of, line_of, intake};
    j.places = &places;
    status = score_intake(&j, intake, made);
    if (status == PSY_OK) {
        *out = j.table;
        j.table = NULL;
    }
done:
    psy_table_free(j.table);
    psyi_intake_free(intake);
    psyi_arena_done(&arena);
    return status;
}
