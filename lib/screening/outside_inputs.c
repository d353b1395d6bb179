/*
 * outside_inputs.c -- what a run reads besides this wave's questionnaires.
 */
#include "base/fail.h"
#include "cohort/previous_wave.h"
#include "intake/external.h"
#include "screening/key_file.h"
#include "screening/outputs.h"

psy_status psyi_outside_read(psyi_outside_inputs *out, const psy_plan *plan,
                             const psy_screening_options *options, const psy_allocator *allocator,
                             psy_findings *findings, psy_error *error)
{
    const psy_location where = psyi_location(plan->file, 0, 0, 0);
    char *path = NULL;
    psy_status status = PSY_OK;
    if (options->external != NULL && !plan->external.present)
        return psyi_fail(error, PSY_E_DATA, &where,
                         "the plan does not say how reports from outside are read: declare "
                         "inputs: {external: {columns: ..., codes: ...}}");
    if (options->previous == NULL && plan->previous != NULL) {
        path = psyi_path_beside(plan, plan->previous, allocator);
        if (path == NULL)
            return psyi_fail_memory(error, "the wave before");
    }
    const char *const previous = path != NULL ? path : options->previous;
    if (previous != NULL)
        status = psyi_previous_read(&out->previous, plan, previous, allocator, findings, error);
    if (status == PSY_OK && options->external != NULL)
        status = psyi_external_read(&out->external, plan, options->external, NULL, allocator,
                                    findings, error);
    psyi_free(allocator, path);
    if (status != PSY_OK) {
        psyi_previous_free(out->previous);
        *out = (psyi_outside_inputs){.watch = NULL};
    }
    return status;
}
