/* case_marks.h -- what keeps a standard score of a case from being exact. */
#ifndef PSYSCREEN_TIER_CASE_MARKS_H
#define PSYSCREEN_TIER_CASE_MARKS_H

#include "tier/rulebook.h"

/* Bits of psyi_norm_mark for a STANDARD or LOCAL column of the case; 0 for other columns and
 * where there is no standard score. */
uint8_t psyi_case_marks(const psyi_cases *cases, size_t item, uint32_t column);
/* Of all standard scores of one norm of a scale: `norm` counts the norms of the instrument,
 * then (from n_norms on) those of the plan. */
uint8_t psyi_case_norm_marks(const psyi_cases *cases, size_t item, unsigned use, unsigned scale,
                             size_t norm);
/* Can any score of that norm ever carry a mark?  The same for all students of a plan. */
bool psyi_norm_markable(const psy_plan *plan, unsigned use, size_t norm);

#endif
