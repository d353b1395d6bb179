/*
 * plan_fit.c -- which norm of a plan has the item parameters that person fit (l_z) asks for.
 */
#include "definition/plan_build.h"
#include "definition/validity_policy.h"

/* The instrument's norm of kind irt, else the one the plan brings along. */
static const psyi_norm *parameters_of(const struct psy_plan *plan, unsigned use)
{
    const struct psy_instrument *const instrument = plan->uses[use].instrument;
    for (size_t i = 0; i < instrument->n_norms; i++)
        if (instrument->norms[i]->kind == PSYI_NORM_IRT)
            return instrument->norms[i];
    for (size_t i = 0; i < plan->n_locals; i++)
        if (plan->locals[i].use == use && plan->locals[i].given != NULL &&
            plan->locals[i].given->kind == PSYI_NORM_IRT)
            return plan->locals[i].given;
    return NULL;
}

void psyi_plan_fit(psyi_plan_build *build, const psyi_node *node,
                   struct psyi_validity_policy *policy)
{
    const struct psy_plan *const plan = build->plan;
    bool any = false;
    if (!policy->on[PSYI_SIGN_LZ] && !policy->on[PSYI_SIGN_LZ_STAR])
        return;
    const psyi_norm **const fit = psyi_loader_alloc(build->loader, plan->n_uses, sizeof *fit);
    if (fit == NULL)
        return;
    for (unsigned use = 0; use < plan->n_uses; use++) {
        fit[use] = parameters_of(plan, use);
        any = any || fit[use] != NULL;
    }
    policy->fit = fit;
    if (!any)
        psyi_problem(build->loader, node, PSYI_PROBLEM_VALUE,
                     "`l_z` and `l_z_star` need item parameters: no use has a norm of kind irt");
}
