/* published_before.h -- a run over a directory from which something was handed out already. */
#ifndef PSYSCREEN_SCREENING_PUBLISHED_BEFORE_H
#define PSYSCREEN_SCREENING_PUBLISHED_BEFORE_H

#include "cohort/results.h"

#include <psyscreen/findings.h>

/* Compare with the results that stand in `directory`, of the same plan and wave: a finding
 * (`published_before`) where so few students of a school have another status or tier that two
 * district workbooks, subtracted, tell about them alone; and where an earlier run has found so few, until
 * enough have.  Results that cannot be read are none. */
psy_status psyi_published_check(psyi_results *results, const char *directory,
                                psy_findings *findings, psy_error *error);

#endif
