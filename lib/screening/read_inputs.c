/*
 * read_inputs.c -- the files of a screening: responses, roster, earlier numbers of students.
 */
#include "screening/read_inputs.h"
#include "base/fail.h"
#include "screening/links_file.h"

psy_status psyi_read_inputs(const psy_plan *plan, const char *roster_path,
                            const char *const *responses, size_t n_responses, unsigned n_threads,
                            const psyi_watch *watch, const psy_allocator *allocator,
                            psy_findings *findings, psyi_intake **intake, psyi_roster **roster,
                            psy_error *error)
{
    const psyi_intake_options options = {.input = &plan->responses,
                                         .uses = plan->uses,
                                         .n_uses = plan->n_uses,
                                         .n_threads = n_threads,
                                         .watch = watch,
                                         .n_files = n_responses + (roster_path != NULL)};
    *roster = NULL;
    psy_status status = psyi_intake_read(intake, &options, responses, NULL, n_responses, allocator,
                                         findings, error);
    if (status == PSY_OK && roster_path != NULL) {
        status = psyi_watch_tell(watch, "read", n_responses, options.n_files, error);
        if (status == PSY_OK)
            status = psyi_roster_read(roster, &plan->roster, roster_path, NULL, allocator, findings,
                                      error);
        if (status == PSY_OK &&
            (status = psyi_links_read(plan, *roster, allocator, findings, error)) != PSY_OK)
            psyi_roster_free(*roster);
        if (status != PSY_OK)
            psyi_intake_free(*intake);
    }
    return status;
}
