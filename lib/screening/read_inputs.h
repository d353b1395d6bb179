/* read_inputs.h -- the files of a screening, as its plan describes them. */
#ifndef PSYSCREEN_SCREENING_READ_INPUTS_H
#define PSYSCREEN_SCREENING_READ_INPUTS_H

#include "intake/records.h"

#include <psyscreen/plan.h>

/* All responses into one intake, and all rosters into one, where there is any (else *roster is
 * NULL). On failure neither is the caller's. */
psy_status psyi_read_inputs(const psy_plan *plan, const char *const *rosters, size_t n_rosters,
                            const char *const *responses, size_t n_responses, unsigned n_threads,
                            const psyi_watch *watch, const psy_allocator *allocator,
                            psy_findings *findings, psyi_intake **intake, psyi_roster **roster,
                            psy_error *error);

#endif
