/* release_shared.h -- the district's tables made once, before any file is written: what the file
 * of one school may show depends on what the district's workbook shows of it. */
#ifndef PSYSCREEN_REPORT_RELEASE_SHARED_H
#define PSYSCREEN_REPORT_RELEASE_SHARED_H

#include "cohort/results.h"

typedef struct psyi_shared_release psyi_shared_release;

/* Counts, hides, audits, and sets results->shared; PSY_E_INTERNAL on a leak. */
psy_status psyi_release_share(psyi_results *results, psyi_shared_release **out, psy_error *error);
/* Frees it, and takes it away from the results; NULL is allowed. */
void psyi_release_unshare(psyi_results *results, psyi_shared_release *shared);

#endif
