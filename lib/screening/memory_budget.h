/* memory_budget.h -- where a run keeps what its memory budget has no room for. */
#ifndef PSYSCREEN_SCREENING_MEMORY_BUDGET_H
#define PSYSCREEN_SCREENING_MEMORY_BUDGET_H

#include "base/spill.h"

#include <psyscreen/plan.h>
#include <psyscreen/screening.h>

/* *out is NULL where no budget is asked for.  PSY_E_ARGUMENT for one below a MiB; PSY_E_OUTPUT
 * where passwords ask for a tmpfs and there is none. */
psy_status psyi_memory_open(psyi_spill **out, const psy_screening_options *options,
                            const psy_plan *plan, const char *directory, psy_error *error);

#endif
