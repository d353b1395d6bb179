/* release_school.h -- what the file of one school hides because of the district's workbook. */
#ifndef PSYSCREEN_REPORT_RELEASE_SCHOOL_H
#define PSYSCREEN_REPORT_RELEASE_SCHOOL_H

#include "report/release.h"
#include "report/release_cells.h"

/* Ties cells of `own` (the tables of `school` by grade and sex, and its sums) to what `all`, the
 * tables of the district, shows and hides. */
void psyi_release_of_school(const psyi_release *all, const psyi_release *own, size_t school,
                            const uint32_t *school_cells, const uint32_t *grade_cells,
                            psyi_release_cells *cells);

#endif
