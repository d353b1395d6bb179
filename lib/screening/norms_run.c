/*
 * norms_run.c -- local norms of a wave, without its workbooks.
 */
#include "screening/run_steps.h"

#include "base/fail.h"
#include "norm/public_norms.h"
#include "screening/read_inputs.h"
#include "table/collect.h"

#include <psyscreen/local_norms.h>

size_t psy_norms_build_count(const psy_plan *plan)
{
    return plan->n_locals;
}

static psy_status count_norms(psyi_run *r, psy_norms **made, psy_error *error)
{
    psy_status status = psyi_run_judge(r, error);
    for (size_t i = 0; i < r->plan->n_locals && status == PSY_OK; i++) {
        psyi_norm *norm = NULL;
        status = psyi_counts_of(&norm, r->results, i, false, r->allocator, error);
        if (status == PSY_OK && norm != NULL)
            status = psyi_norms_wrap(&made[i], norm, r->allocator, error);
    }
    return status;
}

psy_status psy_norms_build(psy_norms **out, const psy_plan *plan, const char *const *rosters,
                           size_t n_rosters, const char *const *responses, size_t n_responses,
                           const psy_screening_options *options, psy_findings *findings,
                           psy_error *error)
{
    if (plan == NULL || responses == NULL || n_responses == 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "norms are built from a plan and at least one file of responses");
    psyi_run r = {.plan = plan,
                  .rosters = rosters,
                  .n_rosters = n_rosters,
                  .responses = responses,
                  .n_responses = n_responses};
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
