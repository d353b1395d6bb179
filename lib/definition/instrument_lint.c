/*
 * instrument_lint.c -- what is well formed in an instrument but cannot be right.
 */
#include "definition/load.h"

psy_status psyi_instrument_lint(const psy_instrument *instrument, psy_findings *findings,
                                psy_error *error)
{
    (void)instrument;
    (void)findings;
    (void)error;
    return PSY_OK;
}
