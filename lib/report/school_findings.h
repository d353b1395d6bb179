/* school_findings.h -- which findings each school's workbook has to look at. */
#ifndef PSYSCREEN_REPORT_SCHOOL_FINDINGS_H
#define PSYSCREEN_REPORT_SCHOOL_FINDINGS_H

#include "cohort/results.h"

#include <psyscreen/findings.h>

/* Deals the findings out to the schools they may be about and sets results->finding_schools; to be
 * called when there are no new ones and they are in their last order. */
psy_status psyi_findings_by_school(psyi_results *results, const psy_findings *findings,
                                   psy_error *error);
/* Indices of those that may be about the school, ascending, *n of them: all that are and a few
 * that only seem so.  NULL: nobody dealt them out, and any may be. */
const uint32_t *psyi_findings_of_school(const psyi_results *results, size_t school, size_t *n);

#endif
