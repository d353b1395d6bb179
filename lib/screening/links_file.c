/*
 * links_file.c -- the table of changed student numbers, beside the plan.
 */
#include "screening/links_file.h"

#include "base/fail.h"
#include "screening/key_file.h"

psy_status psyi_links_read(const psy_plan *plan, psyi_roster *roster,
                           const psy_allocator *allocator, psy_findings *findings,
                           psy_error *error)
{
    const psyi_input *const input = &plan->links;
    if (!input->present || roster == NULL)
        return PSY_OK;
    char *const path = psyi_path_beside(plan, input->file, allocator);
    if (path == NULL)
        return psyi_fail_memory(error, "a path");
    const psy_status status = psyi_students_read(&roster->links, input, "inputs/links", path, NULL,
                                                 allocator, findings, error);
    psyi_free(allocator, path);
    return status;
}
