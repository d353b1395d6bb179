/*
 * report_fixture.c -- the run of report_fixture.h.
 */
#include "report_fixture.h"

#include <stdio.h>
#include <string.h>

static bool fail_with(const char *what, const psy_error *error)
{
    fprintf(stderr, "%s: %s:%u: %s %s\n", what, error->where.source, error->where.line, error->path,
            error->message);
    return false;
}

bool report_fixture_make(report_fixture *fixture, const char *directory, const char *data)
{
    psy_error error = {0};
    char plan[1024], roster[1024], responses[1024];
    snprintf(plan, sizeof plan, "%s/rep_plan.yaml", directory);
    snprintf(roster, sizeof roster, "%s/roster.csv", data);
    snprintf(responses, sizeof responses, "%s/responses.csv", data);
    memset(fixture, 0, sizeof *fixture);
    if (psy_findings_new(&fixture->findings, NULL, &error) != PSY_OK ||
        psy_catalog_open(&fixture->catalog, &directory, 1, NULL, &error) != PSY_OK)
        return fail_with("catalogue", &error);
    if (psy_plan_load_file(&fixture->plan, plan, fixture->catalog, NULL, fixture->findings,
                           &error) != PSY_OK)
        return fail_with("plan", &error);
    psyi_roster *students = NULL;
    if (psyi_roster_read(&students, &fixture->plan->roster, roster, NULL, NULL, fixture->findings,
                         &error) != PSY_OK)
        return fail_with("roster", &error);
    const psyi_intake_options options = {.input = &fixture->plan->responses,
                                         .uses = fixture->plan->uses,
                                         .n_uses = fixture->plan->n_uses};
    const char *const path = responses;
    psyi_intake *intake = NULL;
    if (psyi_intake_read(&intake, &options, &path, NULL, 1, NULL, fixture->findings, &error) !=
        PSY_OK) {
        psyi_roster_free(students);
        return fail_with("responses", &error);
    }
    if (psyi_cohort_run(&fixture->results, fixture->plan, intake, students, NULL, 0, 1, NULL,
                        fixture->findings, &error) != PSY_OK)
        return fail_with("cohort", &error);
    psy_findings_sort(fixture->findings);
    return true;
}

void report_fixture_free(report_fixture *fixture)
{
    psyi_results_free(fixture->results);
    psy_plan_free(fixture->plan);
    psy_catalog_free(fixture->catalog);
    psy_findings_free(fixture->findings);
    memset(fixture, 0, sizeof *fixture);
}
