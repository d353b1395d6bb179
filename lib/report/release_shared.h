/* release_shared.h -- the district's tables made once, before any file is written: what the file
 * of one school may show depends on what the district's workbook shows of it. */
#ifndef PSYSCREEN_REPORT_RELEASE_SHARED_H
#define PSYSCREEN_REPORT_RELEASE_SHARED_H

#include "cohort/results.h"

typedef struct psyi_shared_release psyi_shared_release;

/* Counts, hides, audits, and sets results->shared; PSY_E_INTERNAL on a leak. */
psy_status psyi_release_share(psyi_results *results, psyi_shared_release **out, psy_error *error);
/* The same of one school, or of the district where it is shared already; nothing is set.  Its
 * report has the tables. */
psy_status psyi_release_aside(const psyi_results *results, size_t school, psyi_shared_release **out,
                              psy_error *error);
struct psyi_report *psyi_release_report(psyi_shared_release *aside);
void psyi_release_put_away(const psyi_results *results, psyi_shared_release *aside);
/* Of shared tables: in how many rows something differs from an earlier publication, and how many
 * numbers are hidden for it. */
void psyi_release_held(const psyi_results *results, size_t *n_rows, size_t *n_numbers);
/* Of shared tables: is every number hidden that may be? */
bool psyi_release_says_nothing(const psyi_results *results);
/* Frees it, and takes it away from the results; NULL is allowed. */
void psyi_release_unshare(psyi_results *results, psyi_shared_release *shared);

#endif
