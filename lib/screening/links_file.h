/* links_file.h -- the table of changed student numbers that a plan names. */
#ifndef PSYSCREEN_SCREENING_LINKS_FILE_H
#define PSYSCREEN_SCREENING_LINKS_FILE_H

#include "intake/records.h"

#include <psyscreen/plan.h>

/* Read it into roster->links, where the plan names one and there is a roster. */
psy_status psyi_links_read(const psy_plan *plan, psyi_roster *roster,
                           const psy_allocator *allocator, psy_findings *findings,
                           psy_error *error);

#endif
