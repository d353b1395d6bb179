/*
 * screening_run.c -- a whole screening: read, judge, write.
 *
 * Nothing is written before everything is read and judged.
 */
#include "screening/run_steps.h"

#include "base/fail.h"
#include "base/file.h"
#include "cohort/reason_table.h"
#include "screening/key_file.h"
#include "screening/memory_budget.h"
#include "screening/read_inputs.h"
#include "table/collect.h"

#include <stddef.h>
#include <string.h>

/* Whoever gets the directory must not get with it what opens or names it. */
static psy_status check_apart(const psyi_run *r, const char *path, const char *what,
                              psy_error *error)
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
static psy_status check_secrets(const psyi_run *r, psy_error *error)
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

static void summarise(const psyi_run *r, psy_screening_summary *out)
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
static psy_status find_passwords(psyi_run *r, psy_error *error)
{
    if (r->options.passwords != NULL || r->options.new_passwords != NULL ||
        r->plan->passwords == NULL)
        return PSY_OK;
    r->passwords_path = psyi_path_beside(r->plan, r->plan->passwords, r->allocator);
    r->options.passwords = r->passwords_path;
    return r->passwords_path != NULL ? PSY_OK : psyi_fail_memory(error, "passwords");
}

static psy_status run_all(psyi_run *r, psy_error *error)
{
    psy_status status = find_passwords(r, error);
    if (status == PSY_OK)
        status = check_secrets(r, error);
    if (status == PSY_OK) /* before half an hour of scoring, not behind it */
        status = psyi_directory_can_be(r->directory, r->allocator, error);
    if (status == PSY_OK && !r->options.no_workbooks)
        status = psyi_roles_check(r->plan, r->options.roles | r->plan->roles, error);
    if (status == PSY_OK)
        status = psyi_run_judge(r, error);
    if (status == PSY_OK)
        status = psyi_watch_tell(&r->watch, "write", 0, 0, error);
    if (status == PSY_OK)
        status = psyi_run_write(r, error);
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

psy_status psy_screening_run(const psy_plan *plan, const char *const *rosters, size_t n_rosters,
                             const char *const *responses, size_t n_responses,
                             const char *directory, const psy_screening_options *options,
                             psy_findings *findings, psy_screening_summary *summary,
                             psy_error *error)
{
    if (plan == NULL || directory == NULL || responses == NULL || n_responses == 0)
        return psyi_fail(
            error, PSY_E_ARGUMENT, NULL,
            "a screening needs a plan, a directory and at least one file of responses");
    psyi_run r = {.plan = plan,
                  .rosters = rosters,
                  .n_rosters = n_rosters,
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
