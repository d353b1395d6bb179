/* release_stages.h -- what the tables of schools and of grades say of each other. */
#ifndef PSYSCREEN_REPORT_RELEASE_STAGES_H
#define PSYSCREEN_REPORT_RELEASE_STAGES_H

#include "report/release.h"
#include "report/release_cells.h"

/* The schools of a stage, which 学校汇总 names, have the grades of that stage: both add up to one
 * number, stage by stage and not only in the district.  `part_cells` ([part * schools + place])
 * may be NULL. */
void psyi_release_stages(psyi_report *report, const psyi_release *release,
                         const uint32_t *school_cells, const uint32_t *grade_cells,
                         const uint32_t *part_cells, psyi_release_cells *cells);

#endif
