/*
 * run.c -- a whole screening: read, judge, write.
 *
 * Nothing is written before everything is read and judged, and nothing before it is certain
 * that the directory is this run's and that nobody's work is overwritten.  run.json comes
 * last: where it stands, the run is complete.  The clock is read for the summary only.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/shelf.h"
#include "cohort/carried.h"
#include "cohort/cohort.h"
#include "cohort/previous_wave.h"
#include "cohort/process_counts.h"
#include "cohort/published_file.h"
#include "cohort/reason_table.h"
#include "intake/external.h"
#include "norm/public_norms.h"
#include "report/release_shared.h"
#include "report/school_findings.h"
#include "screening/key_file.h"
#include "screening/memory_budget.h"
#include "screening/outputs.h"
#include "screening/private_place.h"
#include "screening/published_before.h"
#include "screening/read_inputs.h"
#include "screening/released.h"
#include "table/collect.h"

#include <psyscreen/local_norms.h>
#include <psyscreen/screening.h>
#include <psyscreen/version.h>

#include <stddef.h>
#include <string.h>
#include <time.h>

typedef struct run {
    const psy_plan *plan;
    const char *roster;
    const char *const *responses;
    size_t n_responses;
    const char *directory;
    psy_screening_options options;
    const psy_allocator *allocator;
    psy_findings *findings;
    psyi_results *results;
    psyi_outputs outputs;
    psyi_tables_task tables;
    psyi_shared_release *shared; /* the tables, once they are made */
    psyi_released released;
    psyi_passwords *passwords;
    psyi_private_place place;
    psyi_spill *spill;    /* NULL: no budget */
    char *passwords_path; /* the plan's, beside the plan */
    char fingerprint[65], exactly[65];
    psyi_watch watch;
    double began, read, judged, written;
} run;

static double now(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int tell(void *context, const char *phase, uint64_t done, uint64_t total)
{
    const run *const r = context;
    const psy_progress progress = {.phase = phase, .done = done, .total = total};
    return r->options.progress == NULL
               ? 0
               : r->options.progress(r->options.progress_context, &progress);
}

/* ---- read ---- */

static bool is_sealed(const run *r)
{
    return r->options.passwords != NULL || r->options.new_passwords != NULL;
}

/* Which run this is: by what it depends on (the manifest says the same), and down to the
 * words of the plan and the key, which change workbooks and ids but not the manifest. */
static psy_status fingerprints(run *r, const unsigned char *key, size_t key_length,
                               psy_error *error)
{
    const psyi_results *const results = r->results;
    psyi_known_files inputs;
    psyi_known_init(&inputs, r->allocator);
    bool good = true;
    for (size_t i = 0; i < results->intake->n_files; i++)
        good = good && psyi_known_add(&inputs, "responses", results->intake->files[i].digest);
    if (results->roster != NULL)
        good = good && psyi_known_add(&inputs, "roster", results->roster->file.digest);
    if (results->roster != NULL && results->roster->links != NULL)
        good = good && psyi_known_add(&inputs, "links", results->roster->links->file.digest);
    if (results->external != NULL)
        good = good && psyi_known_add(&inputs, "external", results->external->file.digest);
    if (results->previous != NULL)
        good = good && psyi_known_add(&inputs, "previous", results->previous->digest);
    if (results->process != NULL)
        good = good && psyi_known_add(&inputs, "counts", results->process->digest);
    if (results->carried != NULL)
        good = good && psyi_known_add(&inputs, "entries", results->carried->digest);
    for (const psyi_published *of = results->published; of != NULL; of = of->next)
        good = good && psyi_known_add(&inputs, "published", of->digest);
    psy_status status = good ? psyi_run_fingerprint(psy_version(), r->plan->fingerprint, &inputs,
                                                    r->fingerprint, error)
                             : psyi_fail_memory(error, "fingerprint");
    char mark[27] = "";
    if (status == PSY_OK && key_length > 0)
        status = psyi_pseudonym(key, key_length, r->plan->id, "", mark, error);
    if (status == PSY_OK) {
        psyi_buffer text;
        psyi_buffer_init(&text, r->allocator);
        psyi_buffer_format(&text, "%s\n%s\n%u\n%s", r->fingerprint, mark,
                           (unsigned)results->capacity, is_sealed(r) ? "encrypted\n" : "");
        psyi_buffer_add(&text, r->plan->text, r->plan->text_length);
        if (text.failed || !psyi_sha256_bytes(text.data, text.length, r->exactly))
            status = psyi_fail_memory(error, "fingerprint");
        psyi_buffer_done(&text);
    }
    psyi_known_done(&inputs);
    return status;
}

/* Who was absent and who has not consented is then not known. */
static psy_status tell_no_roster(const run *r, psy_error *error)
{
    if (r->roster != NULL || !r->plan->roster.present)
        return PSY_OK;
    const psy_finding finding = {.file = r->plan->file,
                                 .field = "roster",
                                 .rule = "no_roster",
                                 .severity = PSY_WARNING,
                                 .remedy = "give the roster"};
    return psyi_find(r->findings, &finding, error,
                     "the plan describes a roster, but none was given: nobody is known to be "
                     "absent, and consent only where the sheets say it");
}

/* The plan's files stand beside the plan. */
static psy_status read_planned(const run *r, const char *name, psy_error *error)
{
    char *const path = psyi_path_beside(r->plan, name, r->allocator);
    const psy_status status = path != NULL ? psyi_published_read(r->results, path, error)
                                           : psyi_fail_memory(error, "an earlier publication");
    psyi_free(r->allocator, path);
    return status;
}

static psy_status read_published(const run *r, psy_error *error)
{
    const psy_screening_options *const o = &r->options;
    psy_status status = PSY_OK;
    if (o->previous_publication != NULL)
        status = psyi_published_read(r->results, o->previous_publication, error);
    for (size_t i = 0; i < o->n_previous_publications && status == PSY_OK; i++)
        status = psyi_published_read(r->results, o->previous_publications[i], error);
    if (o->previous_publication != NULL || o->n_previous_publications > 0)
        return status;
    for (size_t i = 0; i < r->plan->n_published && status == PSY_OK; i++)
        status = read_planned(r, r->plan->published[i], error);
    return status;
}

static psy_status judge(run *r, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    bool with_key = false;
    psyi_intake *intake;
    psyi_roster *roster;
    psyi_outside_inputs outside = {.watch = NULL};
    r->began = now();
    r->watch = (psyi_watch){tell, r};
    psy_status status = tell_no_roster(r, error);
    if (status == PSY_OK)
        status = psyi_key_read(r->plan, key, &with_key, r->allocator, r->findings, error);
    if (status == PSY_OK && r->directory != NULL)
        status = psyi_released_open(&r->released, r->plan, r->directory, r->allocator, r->findings,
                                    error);
    if (status == PSY_OK)
        status =
            psyi_outside_read(&outside, r->plan, &r->options, r->allocator, r->findings, error);
    if (status == PSY_OK)
        status =
            psyi_read_inputs(r->plan, r->roster, r->responses, r->n_responses, r->options.n_threads,
                             &r->watch, r->allocator, r->findings, &intake, &roster, error);
    r->read = now();
    outside.watch = &r->watch;
    outside.released = (const psyi_norm *const *)r->released.norms;
    if (status == PSY_OK) {
        status = psyi_cohort_run_with(&r->results, r->plan, intake, roster, &outside,
                                      with_key ? key : NULL, with_key ? sizeof key : 0,
                                      r->options.n_threads, r->allocator, r->findings, error);
        if (status == PSY_OK && r->options.capacity > 0)
            r->results->capacity = r->options.capacity;
    } else {
        psyi_previous_free(outside.previous);
        psyi_external_free(outside.external);
    }
    if (status == PSY_OK && r->options.counts != NULL)
        status = psyi_process_read(r->results, r->options.counts, r->findings, error);
    if (status == PSY_OK && r->options.entries != NULL)
        status = psyi_carried_read(r->results, r->options.entries, r->findings, error);
    if (status == PSY_OK)
        status = read_published(r, error);
    if (status == PSY_OK)
        status = fingerprints(r, key, with_key ? sizeof key : 0, error);
    if (status == PSY_OK) {
        r->results->reference_writer = r->options.reference_writer;
        r->results->fast = r->options.fast;
        r->results->drafts = true;
    }
    r->judged = now();
    psyi_wipe(key, sizeof key);
    return status;
}

/* ---- write ---- */

static psy_status write_findings(const void *what, const psy_sink *sink, psy_error *error)
{
    return psy_findings_write_csv(((const run *)what)->findings, sink, error);
}

static psy_status write_manifest(const void *what, const psy_sink *sink, psy_error *error)
{
    const run *const r = what;
    return psyi_report_manifest(r->results, r->outputs.files, r->outputs.n_files, r->findings, sink,
                                error);
}

/* What the threads keep between two workbooks, together. */
#define KEPT_BETWEEN ((size_t)2 << 20)

/* With a budget, what is free is needed elsewhere. */
static psy_status write_outputs(run *r, psyi_journal *journal, psy_error *error)
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

static psy_status write_files(run *r, psyi_journal *journal, psy_error *error)
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
static psy_status read_passwords(run *r, psy_error *error)
{
    const char *const path = r->options.passwords;
    if (path == NULL && !r->options.no_workbooks && !is_sealed(r) &&
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
static psy_status prepare_sealing(run *r, psy_error *error)
{
    const char *const path = r->options.new_passwords;
    if (!is_sealed(r) || r->options.no_workbooks)
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

/* Whoever gets the directory must not get with it what opens or names it. */
static psy_status check_apart(const run *r, const char *path, const char *what, psy_error *error)
{
    const size_t length = strlen(r->directory);
    if (path != NULL && length > 0 && strncmp(path, r->directory, length) == 0 &&
        (path[length] == '/' || r->directory[length - 1] == '/'))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "%s must not lie in '%s', beside the results: name a file elsewhere", what,
                         r->directory);
    return PSY_OK;
}

/* Before anything is read: what the secrets of a run ask for. */
static psy_status check_secrets(const run *r, psy_error *error)
{
    if (r->options.passwords != NULL && r->options.new_passwords != NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "passwords are either read from a file or made: not both");
    psy_status status = check_apart(r, r->options.passwords, "the passwords", error);
    if (status == PSY_OK)
        status = check_apart(r, r->options.new_passwords, "the passwords", error);
    if (status == PSY_OK)
        status = check_apart(r, r->options.mapping, "the mapping of pseudonyms", error);
    if (status != PSY_OK || r->options.mapping == NULL)
        return status;
    if (r->plan->identity_stated && !r->plan->pseudonym)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the plan prints plain ids: there is no mapping to write");
    if (psyi_file_exists(r->options.mapping))
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "'%s' is there already, and is not overwritten: choose another name, or "
                         "move it away first",
                         r->options.mapping);
    return PSY_OK;
}

static psy_status tell_all_hidden(const run *r, psy_error *error)
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

static psy_status tell_held(const run *r, psy_error *error)
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
    run *const r = context;
    return psyi_release_share(r->results, &r->shared, error);
}

static bool has_news(const void *context)
{
    const run *const r = context;
    size_t n_rows, n_numbers;
    psyi_release_held(r->results, &n_rows, &n_numbers);
    return n_rows > 0 || psyi_release_says_nothing(r->results);
}

static psy_status tell_tables(run *r, psy_error *error)
{
    const psy_status status = tell_held(r, error);
    return status == PSY_OK ? tell_all_hidden(r, error) : status;
}

/* Workbooks quote findings: while they are written there are no new ones. */
static psy_status freeze_findings(run *r, psy_error *error)
{
    const psy_status status = psyi_findings_short_names(r->findings, error);
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
static bool made_beside(const run *r)
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

static psy_status share_release(run *r, psy_error *error)
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

static psy_status write_all(run *r, psy_error *error)
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
    r->written = now();
    return status;
}

/* ---- the whole ---- */

static void summarise(const run *r, psy_screening_summary *out)
{
    psyi_counts counts;
    psyi_count(r->results, 0, r->results->n_students, NULL, NULL, &counts);
    *out = (psy_screening_summary){
        .target = counts.target,
        .exempt = counts.exempt,
        .due = counts.due,
        .tested = counts.tested,
        .valid = counts.valid,
        .records = counts.records,
        .unmatched = counts.unmatched,
        .duplicates = counts.duplicates,
        .schools = r->results->n_schools,
        .workbooks = r->outputs.n_workbooks,
        .urgent = counts.urgent,
        .review = counts.review,
        .critical_unanswered = counts.critical_unanswered,
        .not_judged = counts.not_judged,
        .seconds_read = r->read - r->began,
        .seconds_score = r->judged - r->read,
        .seconds_write = r->written - r->judged,
    };
    memcpy(out->status, counts.status, sizeof counts.status);
    memcpy(out->tier, counts.tier, sizeof counts.tier);
}

/* The plan's file stands beside the plan; what the caller says comes before it. */
static psy_status find_passwords(run *r, psy_error *error)
{
    if (r->options.passwords != NULL || r->options.new_passwords != NULL ||
        r->plan->passwords == NULL)
        return PSY_OK;
    r->passwords_path = psyi_path_beside(r->plan, r->plan->passwords, r->allocator);
    r->options.passwords = r->passwords_path;
    return r->passwords_path != NULL ? PSY_OK : psyi_fail_memory(error, "passwords");
}

static psy_status run_all(run *r, psy_error *error)
{
    psy_status status = find_passwords(r, error);
    if (status == PSY_OK)
        status = check_secrets(r, error);
    if (status == PSY_OK) /* before half an hour of scoring, not behind it */
        status = psyi_directory_can_be(r->directory, r->allocator, error);
    if (status == PSY_OK)
        status = judge(r, error);
    if (status == PSY_OK)
        status = psyi_watch_tell(&r->watch, "write", 0, 0, error);
    if (status == PSY_OK)
        status = write_all(r, error);
    if (status == PSY_OK && r->options.reasons != NULL)
        status = psyi_reason_table(r->options.reasons, r->results, r->options.allocator, error);
    if (status == PSY_OK && r->options.mapping != NULL)
        status = psyi_report_mapping(r->results, r->options.mapping, error);
    return status;
}

psy_status psyi_options_check(const psy_screening_options *options, psy_screening_options *out,
                              psy_error *error)
{
    const uint32_t version = options != NULL ? options->version : PSY_SCREENING_OPTIONS_VERSION;
    *out = (psy_screening_options){.version = version};
    if (version > PSY_SCREENING_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u are newer than this library", version);
    /* A caller that was compiled with an earlier version has a shorter structure. */
    if (options != NULL)
        memcpy(out, options,
               version < 2   ? offsetof(psy_screening_options, roles)
               : version < 3 ? offsetof(psy_screening_options, reference_writer)
               : version < 4 ? offsetof(psy_screening_options, passwords)
               : version < 5 ? offsetof(psy_screening_options, memory)
               : version < 6 ? offsetof(psy_screening_options, schools)
               : version < 7 ? offsetof(psy_screening_options, entries)
               : version < 8 ? offsetof(psy_screening_options, previous_publication)
               : version < 9 ? offsetof(psy_screening_options, previous_publications)
                             : sizeof *out);
    for (size_t i = 0; i < out->n_previous_publications; i++)
        if (out->previous_publications == NULL || out->previous_publications[i] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "an earlier publication without a path");
    return PSY_OK;
}

psy_status psy_screening_run(const psy_plan *plan, const char *roster, const char *const *responses,
                             size_t n_responses, const char *directory,
                             const psy_screening_options *options, psy_findings *findings,
                             psy_screening_summary *summary, psy_error *error)
{
    if (plan == NULL || directory == NULL || responses == NULL || n_responses == 0)
        return psyi_fail(
            error, PSY_E_ARGUMENT, NULL,
            "a screening needs a plan, a directory and at least one file of responses");
    run r = {.plan = plan,
             .roster = roster,
             .responses = responses,
             .n_responses = n_responses,
             .directory = directory};
    psy_status status = psyi_options_check(options, &r.options, error);
    if (status != PSY_OK)
        return status;
    status = psyi_memory_open(&r.spill, &r.options, plan, directory, error);
    if (status != PSY_OK)
        return status;
    r.allocator = r.spill != NULL ? psyi_spill_allocator(r.spill) : r.options.allocator;
    /* A list of its own: the caller's may hold findings about the plan, findings.csv not. */
    status = psy_findings_new(&r.findings, r.allocator, error);
    if (status == PSY_OK)
        status = run_all(&r, error);
    status = psyi_spill_explain(r.spill, status, error);
    if (status == PSY_OK && summary != NULL)
        summarise(&r, summary);
    if (findings != NULL)
        psy_findings_sort(r.findings);
    /* All that lies in the file of a budget goes before the findings: they may take it with them.
     */
    psyi_private_place_remove(&r.place);
    psyi_passwords_free(r.passwords);
    psyi_free(r.allocator, r.passwords_path);
    psyi_outputs_done(&r.outputs);
    psyi_results_free(r.results);
    psyi_released_close(&r.released);
    if (findings != NULL && r.findings != NULL) {
        const psy_status taken =
            psyi_findings_take(findings, &r.findings, &r.spill, status == PSY_OK ? error : NULL);
        if (status == PSY_OK)
            status = taken;
    }
    psy_findings_free(r.findings);
    psyi_spill_close(r.spill);
    return status;
}

/* ---- norms of a wave without its workbooks ---- */

size_t psy_norms_build_count(const psy_plan *plan)
{
    return plan->n_locals;
}

static psy_status count_norms(run *r, psy_norms **made, psy_error *error)
{
    psy_status status = judge(r, error);
    for (size_t i = 0; i < r->plan->n_locals && status == PSY_OK; i++) {
        psyi_norm *norm = NULL;
        status = psyi_counts_of(&norm, r->results, i, false, r->allocator, error);
        if (status == PSY_OK && norm != NULL)
            status = psyi_norms_wrap(&made[i], norm, r->allocator, error);
    }
    return status;
}

psy_status psy_norms_build(psy_norms **out, const psy_plan *plan, const char *roster,
                           const char *const *responses, size_t n_responses,
                           const psy_screening_options *options, psy_findings *findings,
                           psy_error *error)
{
    if (plan == NULL || responses == NULL || n_responses == 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "norms are built from a plan and at least one file of responses");
    run r = {.plan = plan, .roster = roster, .responses = responses, .n_responses = n_responses};
    psy_status status = psyi_options_check(options, &r.options, error);
    if (status != PSY_OK)
        return status;
    r.allocator = r.options.allocator;
    psy_norms **const made = psyi_alloc(r.allocator, plan->n_locals, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "norms");
    status = psy_findings_new(&r.findings, r.allocator, error);
    if (status == PSY_OK)
        status = count_norms(&r, made, error);
    if (r.findings != NULL && findings != NULL) {
        psy_findings_sort(r.findings);
        const psy_status merged =
            psyi_findings_merge(findings, r.findings, status == PSY_OK ? error : NULL);
        status = status == PSY_OK ? merged : status;
    }
    for (size_t i = 0; i < plan->n_locals; i++) {
        if (status == PSY_OK)
            out[i] = made[i];
        else
            psy_norms_free(made[i]);
    }
    psyi_free(r.allocator, made);
    psyi_results_free(r.results);
    psy_findings_free(r.findings);
    return status;
}
