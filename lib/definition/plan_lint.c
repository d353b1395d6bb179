/*
 * plan_lint.c -- what is well formed in a plan but cannot be right.
 */
#include "definition/load.h"

psy_status psyi_plan_lint(const psy_plan *plan, psy_findings *findings, psy_error *error)
{
    (void)plan;
    (void)findings;
    (void)error;
    return PSY_OK;
}
