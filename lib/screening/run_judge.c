/*
 * run_judge.c -- the first half of a screening: what was given is read and judged.
 *
 * The clock is read for the summary only.
 */
#include "screening/run_steps.h"

#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "cohort/carried.h"
#include "cohort/cohort.h"
#include "cohort/previous_wave.h"
#include "cohort/process_counts.h"
#include "cohort/published_file.h"
#include "intake/external.h"
#include "screening/key_file.h"
#include "screening/read_inputs.h"
#include "table/collect.h"

#include <psyscreen/version.h>

#include <string.h>
#include <time.h>

bool psyi_run_is_sealed(const psyi_run *r)
{
    return r->options.passwords != NULL || r->options.new_passwords != NULL;
}

double psyi_run_now(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
        return 0;
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int tell(void *context, const char *phase, uint64_t done, uint64_t total)
{
    const psyi_run *const r = context;
    const psy_progress progress = {.phase = phase, .done = done, .total = total};
    return r->options.progress == NULL
               ? 0
               : r->options.progress(r->options.progress_context, &progress);
}

/* Which run this is: by what it depends on (the manifest says the same), and down to the
 * words of the plan and the key, which change workbooks and ids but not the manifest. */
static psy_status fingerprints(psyi_run *r, const unsigned char *key, size_t key_length,
                               psy_error *error)
{
    const psyi_results *const results = r->results;
    psyi_known_files inputs;
    psyi_known_init(&inputs, r->allocator);
    bool good = true;
    for (size_t i = 0; i < results->intake->n_files; i++)
        good = good && psyi_known_add(&inputs, "responses", results->intake->files[i].digest);
    for (size_t i = 0; results->roster != NULL && i < results->roster->n_files; i++)
        good = good && psyi_known_add(&inputs, "roster", results->roster->files[i].digest);
    if (results->roster != NULL && results->roster->links != NULL)
        good = good && psyi_known_add(&inputs, "links", results->roster->links->files[0].digest);
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
                           (unsigned)results->capacity, psyi_run_is_sealed(r) ? "encrypted\n" : "");
        psyi_buffer_add(&text, r->plan->text, r->plan->text_length);
        if (text.failed || !psyi_sha256_bytes(text.data, text.length, r->exactly))
            status = psyi_fail_memory(error, "fingerprint");
        psyi_buffer_done(&text);
    }
    psyi_known_done(&inputs);
    return status;
}

/* Who was absent and who has not consented is then not known. */
static psy_status tell_no_roster(const psyi_run *r, psy_error *error)
{
    if (r->n_rosters > 0 || !r->plan->roster.present)
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
static psy_status read_planned(const psyi_run *r, const char *name, psy_error *error)
{
    char *const path = psyi_path_beside(r->plan, name, r->allocator);
    const psy_status status = path != NULL ? psyi_published_read(r->results, path, error)
                                           : psyi_fail_memory(error, "an earlier publication");
    psyi_free(r->allocator, path);
    return status;
}

static psy_status read_published(const psyi_run *r, psy_error *error)
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

psy_status psyi_run_judge(psyi_run *r, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    bool with_key = false;
    psyi_intake *intake;
    psyi_roster *roster;
    psyi_outside_inputs outside = {.watch = NULL};
    r->began = psyi_run_now();
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
        status = psyi_read_inputs(r->plan, r->rosters, r->n_rosters, r->responses, r->n_responses,
                                  r->options.n_threads, &r->watch, r->allocator, r->findings,
                                  &intake, &roster, error);
    r->read = psyi_run_now();
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
    r->judged = psyi_run_now();
    psyi_wipe(key, sizeof key);
    return status;
}
