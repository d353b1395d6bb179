/* reason_table.h -- why each student has the tier he has, as a table. */
#ifndef PSYSCREEN_COHORT_REASON_TABLE_H
#define PSYSCREEN_COHORT_REASON_TABLE_H

#include "cohort/results.h"

#include <psyscreen/table.h>

/* The columns are those of psy_screening_options.reasons; students without consent are not in
 * it. */
psy_status psyi_reason_table(psy_table **out, const psyi_results *results,
                             const psy_allocator *allocator, psy_error *error);

#endif
