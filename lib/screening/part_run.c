/*
 * part_run.c -- a part of a screening: folded into its wave, or run and written.
 *
 * The same steps as in run_judge.c and run_write.c, over records that come through sources; what
 * the part cannot know of the others is put in from the wave.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "cohort/carried.h"
#include "cohort/cohort.h"
#include "cohort/previous_wave.h"
#include "cohort/reason_table.h"
#include "cohort/wave_parts.h"
#include "intake/external.h"
#include "report/report.h"
#include "report/school_findings.h"
#include "screening/key_file.h"
#include "screening/links_file.h"
#include "screening/outputs.h"
#include "screening/read_inputs.h"
#include "screening/released.h"
#include "table/collect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct part_run {
    const psy_plan *plan;
    const psy_screening_part *part;
    psyi_wave_link link;
    psy_screening_options options;
    const psy_allocator *allocator;
    psy_findings *findings;
    psyi_results *results;
    psyi_released released; /* of an earlier release; read where a part is run, not counted */
} part_run;

/* An input as the plan describes it, but for how the text is written. */
static psyi_input plain_input(const psyi_input *declared)
{
    psyi_input input = *declared;
    input.encoding = "utf-8";
    input.encoding_else = NULL;
    input.separator = ',';
    input.header_row = 1;
    input.sheet = NULL;
    return input;
}

static psy_status read_part(const part_run *r, psyi_intake **intake, psyi_roster **roster,
                            psy_error *error)
{
    const psyi_input responses = plain_input(&r->plan->responses);
    const psyi_input list = plain_input(&r->plan->roster);
    const psyi_intake_options options = {
        .input = &responses, .uses = r->plan->uses, .n_uses = r->plan->n_uses};
    *intake = NULL;
    *roster = NULL;
    psy_status status = psyi_intake_read(intake, &options, NULL, r->part->responses,
                                         r->part->n_responses, r->allocator, r->findings, error);
    for (size_t i = 0; i < r->part->n_rosters && status == PSY_OK; i++)
        status = psyi_students_read(roster, &list, "inputs/roster", NULL, &r->part->rosters[i],
                                    r->allocator, r->findings, error);
    if (status == PSY_OK)
        status = psyi_links_read(r->plan, *roster, r->allocator, r->findings, error);
    if (status == PSY_OK)
        status = psyi_wave_files(&r->link, *intake, *roster, error);
    if (status != PSY_OK) {
        psyi_intake_free(*intake);
        psyi_roster_free(*roster);
    }
    return status;
}

/* Norms frozen at an earlier release judge here as they do in a run in one piece. */
static psy_status open_released(part_run *r, psy_error *error)
{
    const char *const directory = r->options.released;
    char *const manifest = psyi_path_join(r->allocator, directory, "run.json");
    if (manifest == NULL)
        return psyi_fail_memory(error, "norms");
    const bool there = psyi_file_exists(manifest);
    psyi_free(r->allocator, manifest);
    if (!there)
        return psyi_fail(error, PSY_E_DATA, NULL,
                         "'%s' holds no results of an earlier release: it has no run.json",
                         directory);
    return psyi_released_open(&r->released, r->plan, directory, r->allocator, r->findings, error);
}

/* Whole files, for a share. */
static psy_status read_all(const part_run *r, psyi_intake **intake, psyi_roster **roster,
                           psy_error *error)
{
    return psyi_read_inputs(r->plan, r->part->roster_paths, r->part->n_rosters,
                            r->part->response_paths, r->part->n_responses, r->options.n_threads,
                            NULL, r->allocator, r->findings, intake, roster, error);
}

/* What a part cannot place may be an entry of another part's school: only the whole run says so. */
static psy_status read_entries(part_run *r, psy_error *error)
{
    psy_findings *unsaid;
    psy_status status = psy_findings_new(&unsaid, r->allocator, error);
    if (status != PSY_OK)
        return status;
    status = psyi_carried_read(r->results, r->options.entries, unsaid, error);
    psy_findings_free(unsaid);
    return status;
}

static psy_status judge_part(part_run *r, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    bool with_key = false;
    psyi_outside_inputs outside = {.watch = NULL};
    psyi_intake *intake;
    psyi_roster *roster;
    psy_status status = psyi_key_read(r->plan, key, &with_key, r->allocator, r->findings, error);
    if (status == PSY_OK)
        status =
            psyi_outside_read(&outside, r->plan, &r->options, r->allocator, r->findings, error);
    if (status == PSY_OK && r->link.given != NULL && r->options.released != NULL)
        status = open_released(r, error);
    else if (status == PSY_OK && r->part->run != NULL)
        status = psyi_released_open(&r->released, r->plan, r->part->run, r->allocator, r->findings,
                                    error);
    outside.released = (const psyi_norm *const *)r->released.norms;
    if (status == PSY_OK)
        status = (r->link.n_shares > 0 ? read_all : read_part)(r, &intake, &roster, error);
    if (status == PSY_OK) {
        intake->link = &r->link;
        status = psyi_cohort_run_with(&r->results, r->plan, intake, roster, &outside,
                                      with_key ? key : NULL, with_key ? sizeof key : 0,
                                      r->options.n_threads, r->allocator, r->findings, error);
        if (status == PSY_OK && r->options.capacity > 0)
            r->results->capacity = r->options.capacity;
        if (status == PSY_OK && r->options.entries != NULL)
            status = read_entries(r, error);
        if (status == PSY_OK) {
            r->results->reference_writer = r->options.reference_writer;
            r->results->fast = r->options.fast;
        }
    } else {
        psyi_previous_free(outside.previous);
        psyi_external_free(outside.external);
    }
    psyi_wipe(key, sizeof key);
    return status;
}

static psy_status open_part(part_run *r, const psy_screening_options *options, psy_error *error)
{
    const psy_screening_part *const part = r->part;
    const bool shared = part != NULL && part->n_shares > 0;
    if (part == NULL || part->n_responses == 0 ||
        (shared ? (const void *)part->response_paths : (const void *)part->responses) == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a part needs its files of responses");
    if (part->n_rosters > 0 &&
        (shared ? (const void *)part->roster_paths : (const void *)part->rosters) == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a part needs all of its rosters");
    if (shared && part->share >= part->n_shares)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "there is no share %u of %u (the first is 0)",
                         (unsigned)part->share, (unsigned)part->n_shares);
    if (!shared && psyi_wave_undivided(r->plan) != NULL)
        return psyi_fail(error, PSY_E_UNSUPPORTED, NULL,
                         "records cannot be divided into parts, because of %s: run shares, or in "
                         "one piece",
                         psyi_wave_undivided(r->plan));
    r->link.share = part->share;
    r->link.n_shares = part->n_shares;
    psy_status status = psyi_options_check(options, &r->options, error);
    if (status == PSY_OK && (r->options.passwords != NULL || r->options.new_passwords != NULL ||
                             r->options.mapping != NULL))
        return psyi_fail(error, PSY_E_UNSUPPORTED, NULL,
                         "a part writes neither encrypted workbooks nor a mapping of pseudonyms");
    r->allocator = r->options.allocator;
    /* Never silently in plain. */
    if (status == PSY_OK && (r->options.passwords != NULL || r->options.new_passwords != NULL ||
                             r->options.mapping != NULL || r->plan->passwords != NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a part of a wave writes neither encrypted workbooks nor a mapping: run "
                         "the wave whole, or take the passwords out of the plan");
    return status == PSY_OK ? psy_findings_new(&r->findings, r->allocator, error) : status;
}

static void close_part(part_run *r)
{
    psyi_results_free(r->results);
    psyi_released_close(&r->released);
    psy_findings_free(r->findings);
}

psy_status psy_wave_fold(psy_wave *wave, const psy_screening_part *part,
                         const psy_screening_options *options, psy_error *error)
{
    if (wave == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no wave to fold into");
    part_run r = {.plan = wave->plan, .part = part, .link = {.counts = wave}};
    psy_status status = open_part(&r, options, error);
    if (status == PSY_OK)
        status = judge_part(&r, error);
    close_part(&r);
    return status;
}

/* ---- writing ---- */

static const psy_findings *quoted(const part_run *r)
{
    return r->part->findings != NULL ? r->part->findings : r->findings;
}

static bool is_here(const psyi_results *results, size_t school)
{
    return results->elsewhere == NULL || !results->elsewhere[school];
}

/* Made under another name, and put into place when it is whole. */
static psy_status write_school(const part_run *r, size_t school, const char *directory,
                               const char *name, psy_error *error)
{
    psyi_arena arena;
    psyi_arena_init(&arena, r->allocator);
    const char *const path = psyi_arena_format(&arena, "%s/schools/%s.xlsx", directory, name);
    const char *const draft =
        psyi_arena_format(&arena, "%s/schools/.%s.%ld.part", directory, name, (long)getpid());
    psy_status status = path == NULL || draft == NULL
                            ? psyi_fail_memory(error, "outputs")
                            : psyi_report_school(r->results, school, draft, quoted(r), error);
    if (status == PSY_OK && rename(draft, path) != 0)
        status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", path, errno);
    if (status != PSY_OK && draft != NULL)
        unlink(draft);
    psyi_arena_done(&arena);
    return status;
}

static psy_status write_workbooks(const part_run *r, const char *directory, psy_error *error)
{
    psyi_arena arena;
    const char **names;
    psyi_arena_init(&arena, r->allocator);
    const char *const schools = psyi_arena_format(&arena, "%s/schools", directory);
    psy_status status =
        schools == NULL ? psyi_fail_memory(error, "outputs") : psyi_directory_make(schools, error);
    if (status == PSY_OK)
        status = psyi_school_names(r->results, &arena, &names, r->findings, error);
    /* Workbooks quote findings: from here on there are no new ones. */
    psy_findings_sort(r->findings);
    if (status == PSY_OK)
        status = psyi_findings_by_school(r->results, quoted(r), error);
    for (size_t s = 0; s < r->results->n_schools && status == PSY_OK; s++)
        if (is_here(r->results, s))
            status = write_school(r, s, directory, names[s], error);
    psyi_arena_done(&arena);
    return status;
}

static psy_status tell_schools(const part_run *r,
                               int (*told)(void *context, const char *school, const char *lines,
                                           size_t length),
                               void *context, psy_error *error)
{
    const psyi_results *const results = r->results;
    psyi_buffer lines;
    psyi_buffer_init(&lines, r->allocator);
    psy_status status = PSY_OK;
    for (size_t i = 0; i <= results->n_schools && status == PSY_OK; i++) {
        const psyi_school *const school = i > 0 ? &results->schools[i - 1] : NULL;
        if (school != NULL && !is_here(results, i - 1))
            continue;
        psyi_buffer_clear(&lines);
        status = psyi_report_score_lines(results, school != NULL ? school->first_student : 0,
                                         school != NULL ? school->n_students : 0, school == NULL,
                                         &lines, error);
        if (status == PSY_OK && told(context, school != NULL ? school->code : NULL,
                                     lines.data != NULL ? lines.data : "", lines.length) != 0)
            status = psyi_fail(error, PSY_E_CANCELLED, NULL, "stopped at a school");
    }
    psyi_buffer_done(&lines);
    return status;
}

psy_status psy_screening_run_part(const psy_plan *plan, const psy_wave *wave,
                                  const psy_screening_part *part, const char *directory,
                                  int (*told)(void *context, const char *school, const char *lines,
                                              size_t length),
                                  void *context, const psy_screening_options *options,
                                  psy_findings *findings, psy_error *error)
{
    if (plan == NULL || wave == NULL || strcmp(wave->plan->fingerprint, plan->fingerprint) != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a part is run with the wave of its plan");
    part_run r = {.plan = plan, .part = part, .link = {.given = wave}};
    psy_status status = open_part(&r, options, error);
    if (status != PSY_OK)
        return status;
    status = judge_part(&r, error);
    if (status == PSY_OK && directory != NULL && !r.options.no_workbooks)
        status = write_workbooks(&r, directory, error);
    if (status == PSY_OK && told != NULL)
        status = tell_schools(&r, told, context, error);
    if (status == PSY_OK && r.options.reasons != NULL)
        status = psyi_reason_table(r.options.reasons, r.results, r.allocator, error);
    if (findings != NULL) {
        psy_findings_sort(r.findings);
        const psy_status merged =
            psyi_findings_merge(findings, r.findings, status == PSY_OK ? error : NULL);
        status = status == PSY_OK ? merged : status;
    }
    close_part(&r);
    return status;
}
