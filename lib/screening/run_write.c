/*
 * run_write.c -- the second half of a screening: its files.
 *
 * Nothing is written before it is certain that the directory is this run's and that nobody's
 * work is overwritten.  run.json comes last: where it stands, the run is complete.
 */
#include "screening/run_steps.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/shelf.h"
#include "cohort/published_file.h"
#include "report/school_findings.h"
#include "screening/published_before.h"
#include "table/collect.h"

#include <string.h>

static psy_status write_findings(const void *what, const psy_sink *sink, psy_error *error)
{
    return psy_findings_write_csv(((const psyi_run *)what)->findings, sink, error);
}

static psy_status write_manifest(const void *what, const psy_sink *sink, psy_error *error)
{
    const psyi_run *const r = what;
    return psyi_report_manifest(r->results, r->outputs.files, r->outputs.n_files, r->findings, sink,
                                error);
}

/* What the threads keep between two workbooks, together. */
#define KEPT_BETWEEN ((size_t)2 << 20)

/* With a budget, what is free is needed elsewhere. */
static psy_status write_outputs(psyi_run *r, psyi_journal *journal, psy_error *error)
{
    if (r->spill != NULL)
        return psyi_outputs_write(&r->outputs, journal, &r->options, error);
    psyi_shelf *const shelf = psyi_shelf_new(KEPT_BETWEEN, r->allocator);
    if (shelf == NULL)
        return psyi_fail_memory(error, "outputs");
    r->results->books = psyi_shelf_allocator(shelf);
    const psy_status status = psyi_outputs_write(&r->outputs, journal, &r->options, error);
    r->results->books = NULL;
    psyi_shelf_free(shelf);
    return status;
}

static psy_status write_files(psyi_run *r, psyi_journal *journal, psy_error *error)
{
    psyi_outputs *const outputs = &r->outputs;
    char digest[65];
    psy_status status = psyi_outputs_untouched(outputs, journal, error);
    if (status == PSY_OK)
        status = psyi_outputs_prepare(outputs, error);
    if (status == PSY_OK)
        status = psyi_journal_begin(journal, error);
    if (status == PSY_OK)
        status = write_outputs(r, journal, error);
    if (status != PSY_OK)
        return status;
    /* The last thing that is not a word about this run: a run killed before it has released
     * nothing, and counts again. */
    status = psyi_released_write(&r->released, outputs, error);
    if (status != PSY_OK)
        return status;
    psyi_output_file *const last = &outputs->files[outputs->n_files];
    last->name = psyi_arena_copy(&outputs->arena, "findings.csv");
    if (last->name == NULL)
        return psyi_fail_memory(error, "outputs");
    status = psyi_output_stream(outputs, last->name, write_findings, r, last->digest, error);
    if (status == PSY_OK) {
        outputs->n_files++;
        status = psyi_journal_add(journal, &(psyi_journal_entry){last->name, last->digest, NULL},
                                  true, error);
    }
    if (status == PSY_OK)
        status = psyi_output_stream(outputs, "run.json", write_manifest, r, digest, error);
    return status;
}

/* The passwords that were named; before the findings are sorted. */
static psy_status read_passwords(psyi_run *r, psy_error *error)
{
    const char *const path = r->options.passwords;
    if (path == NULL && !r->options.no_workbooks && !psyi_run_is_sealed(r) &&
        psyi_report_has_sealed(r->results)) {
        const psy_finding finding = {.file = "schools/_sealed.xlsx",
                                     .rule = "sealed_plain",
                                     .severity = PSY_WARNING,
                                     .remedy = "run with --passwords or --new-passwords"};
        return psyi_find(r->findings, &finding, error,
                         "the list of critical answers without consent can be opened by anybody "
                         "who gets the file");
    }
    if (path == NULL || r->options.no_workbooks)
        return PSY_OK;
    psy_status status = psyi_passwords_read(&r->passwords, path, r->allocator, r->findings, error);
    r->outputs.passwords = r->passwords;
    return status == PSY_OK ? psyi_outputs_have_passwords(&r->outputs, path, error) : status;
}

/* New ones only once it is certain that the directory is this run's, and a place in memory. */
static psy_status prepare_sealing(psyi_run *r, psy_error *error)
{
    const char *const path = r->options.new_passwords;
    if (!psyi_run_is_sealed(r) || r->options.no_workbooks)
        return PSY_OK;
    psy_status status = psyi_private_place_make(&r->place, r->options.tmpdir, r->allocator, error);
    r->outputs.place = r->place.path;
    if (status != PSY_OK || path == NULL)
        return status;
    status = psyi_outputs_make_passwords(&r->outputs, path, error);
    if (status == PSY_OK)
        status = psyi_passwords_read(&r->passwords, path, r->allocator, r->findings, error);
    r->outputs.passwords = r->passwords;
    return status;
}

static psy_status tell_all_hidden(const psyi_run *r, psy_error *error)
{
    const psy_finding finding = {
        .file = "district.xlsx",
        .rule = "all_hidden",
        .severity = PSY_NOTE,
        .remedy = "read the workbooks of the schools; publish figures of more pupils together"};
    return !psyi_release_says_nothing(r->results)
               ? PSY_OK
               : psyi_find(r->findings, &finding, error,
                           "every count of what came out is hidden: with so few pupils any of them "
                           "would tell about somebody; who was to take part and who did is there");
}

static psy_status tell_held(const psyi_run *r, psy_error *error)
{
    size_t n_rows = 0, n_numbers = 0;
    psyi_release_held(r->results, &n_rows, &n_numbers);
    const psy_finding finding = {
        .file = "district.xlsx",
        .rule = "published_difference",
        .severity = PSY_WARNING,
        .remedy = "hand out this workbook only where more is needed than the earlier one says, or "
                  "run again when more have been tested"};
    return n_rows == 0 ? PSY_OK
                       : psyi_find(r->findings, &finding, error,
                                   "%zu line%s of the tables differ%s from an earlier publication; "
                                   "%zu number%s shown then %s hidden now, or the files "
                                   "together would tell about few students",
                                   n_rows, psyi_s(n_rows), n_rows == 1 ? "s" : "", n_numbers,
                                   psyi_s(n_numbers), psyi_one_many(n_numbers, "is", "are"));
}

/* The tables of all files, and what is to be said of them. */
static psy_status make_tables(void *context, psy_error *error)
{
    psyi_run *const r = context;
    return psyi_release_share(r->results, &r->shared, error);
}

static bool has_news(const void *context)
{
    const psyi_run *const r = context;
    size_t n_rows, n_numbers;
    psyi_release_held(r->results, &n_rows, &n_numbers);
    return n_rows > 0 || psyi_release_says_nothing(r->results);
}

static psy_status tell_tables(psyi_run *r, psy_error *error)
{
    const psy_status status = tell_held(r, error);
    return status == PSY_OK ? tell_all_hidden(r, error) : status;
}

/* Of two rosters called alike one may have all the findings: it is called by more of its path. */
static psy_status name_files(const psyi_run *r, psy_error *error)
{
    const psyi_results *const results = r->results;
    const psyi_intake *const intake = results->intake;
    const psyi_roster *const roster = results->roster;
    const size_t n_rosters = roster != NULL ? roster->n_files : 0, n = intake->n_files + n_rosters;
    const char **const paths = psyi_alloc(r->allocator, n, sizeof *paths);
    for (size_t i = 0; paths != NULL && i < n; i++)
        paths[i] = i < n_rosters ? roster->files[i].name : intake->files[i - n_rosters].name;
    const psy_status status = paths != NULL
                                  ? psyi_findings_short_names(r->findings, paths, n, error)
                                  : psyi_fail_memory(error, "findings");
    psyi_free(r->allocator, (void *)paths);
    return status;
}

/* Workbooks quote findings: while they are written there are no new ones. */
static psy_status freeze_findings(psyi_run *r, psy_error *error)
{
    const psy_status status = name_files(r, error);
    if (status == PSY_OK)
        psy_findings_sort(r->findings);
    r->outputs.findings = r->findings;
    return status == PSY_OK && !r->options.no_workbooks
               ? psyi_findings_by_school(r->results, r->findings, error)
               : status;
}

static psy_status tell_late(void *context, psy_error *error)
{
    const psy_status status = tell_tables(context, error);
    return status == PSY_OK ? freeze_findings(context, error) : status;
}

/* Beside workbooks, where more than one thread writes them.  A budget is for what is needed at
 * once; and where a file that was read is called like the district's workbook, names are made
 * short when all findings are there. */
static bool made_beside(const psyi_run *r)
{
    if (r->spill != NULL || r->options.n_threads == 1)
        return false;
    static const char name[] = "district.xlsx";
    const size_t n = psy_findings_count(r->findings);
    for (size_t i = 0; i < n; i++) {
        const char *const file = psy_findings_get(r->findings, i).file;
        const size_t length = file != NULL ? strlen(file) : 0;
        if (length >= sizeof name - 1 && strcmp(file + length - (sizeof name - 1), name) == 0)
            return false;
    }
    return true;
}

static psy_status share_release(psyi_run *r, psy_error *error)
{
    psy_status status = psyi_published_of_these(r->results, error);
    if (status != PSY_OK || !psyi_outputs_share(&r->outputs))
        return status;
    r->tables = (psyi_tables_task){make_tables, has_news, tell_late, r};
    if (made_beside(r)) {
        r->outputs.tables = &r->tables;
        return PSY_OK;
    }
    status = make_tables(r, error);
    return status == PSY_OK ? tell_tables(r, error) : status;
}

psy_status psyi_run_write(psyi_run *r, psy_error *error)
{
    psyi_journal *journal;
    psyi_spill_ease(r->spill);
    uint32_t roles = r->options.roles | r->plan->roles;
    psy_status status =
        roles == 0 ? psyi_roles_there(r->plan, r->directory, &roles, r->allocator, error) : PSY_OK;
    if (status == PSY_OK)
        status =
            psyi_outputs_plan(&r->outputs, r->results, !r->options.no_workbooks, roles,
                              r->options.what_if, r->directory, r->allocator, r->findings, error);
    if (status == PSY_OK)
        status = read_passwords(r, error);
    if (status == PSY_OK && !r->options.no_workbooks)
        status = psyi_published_check(r->results, r->directory, r->findings, error);
    if (status == PSY_OK)
        status = share_release(r, error);
    if (status == PSY_OK)
        status = freeze_findings(r, error);
    if (status == PSY_OK)
        status = psyi_directory_make_all(r->directory, r->allocator, error);
    if (status == PSY_OK)
        status = psyi_journal_open(&journal, r->directory, r->fingerprint, r->exactly,
                                   r->options.force, r->allocator, error);
    if (status == PSY_OK) {
        psyi_journal_tell(journal, r->results->few_changed, r->results->n_few_changed);
        status = prepare_sealing(r, error);
        if (status == PSY_OK)
            status = write_files(r, journal, error);
        if (status == PSY_OK)
            status = psyi_journal_close(journal, r->outputs.files, r->outputs.n_files, r->findings,
                                        error);
        else
            psyi_journal_leave(journal);
    }
    psyi_release_unshare(r->results, r->shared);
    r->written = psyi_run_now();
    return status;
}
